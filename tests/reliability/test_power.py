"""A power cut: what was not synced may be lost, and whatever is lost, the old index or the new one is there, whole.

The model knows two things of each file and folder: what it holds now, and what it held when it was synced last. A cut
at any operation leaves, of each folder, its names of now or of the last sync; of each file, its content of the last
sync, or, where it was never synced as it is now, nothing, half of it or zeros.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from reliability_support import SOAK, run, titles, two_generations, write_corpus

from searchapp.engines import generations
from searchapp.engines.generations import storage
from searchapp.errors import NoIndexError

DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "zeros": lambda data: bytes(len(data)),
}
NAMES = ("synced", "now", "root now", "root synced")


class Disk:
    """What would survive, kept up to date by the calls that make it durable; `cut` writes down a state after a cut."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.contents: dict[int, bytes] = {}
        self.names: dict[int, dict[str, tuple[int, bool]]] = {}
        for path in [root.parent, root, *root.rglob("*")] if root.exists() else [root.parent]:
            self.synced(path)

    def synced(self, path: Path) -> None:
        inode = path.stat().st_ino
        if path.is_dir():
            self.names[inode] = self._listing(path)
        else:
            self.contents[inode] = path.read_bytes()

    def cut(self, names: str, damage: str) -> dict[str, bytes] | None:
        """The files after a cut by their relative names; None where the index folder itself is lost."""
        if not self.root.exists() or self.root.name not in self.names[self.root.parent.stat().st_ino]:
            return None
        now = {path.stat().st_ino: path for path in [self.root, *self.root.rglob("*")]}
        found: dict[str, bytes] = {}
        self._walk(self.root.stat().st_ino, "", names, damage, now, found)
        return found

    def _walk(
        self, folder: int, prefix: str, names: str, damage: str, now: dict[int, Path], found: dict[str, bytes]
    ) -> None:
        root = not prefix
        eager = names == "now" or ((names == "root now") == root and names.startswith("root"))
        listed = self._listing(now[folder]) if eager and folder in now else self.names.get(folder, {})
        for name, (inode, is_folder) in listed.items():
            if is_folder:
                found[f"{prefix}{name}/"] = b""
                self._walk(inode, f"{prefix}{name}/", names, damage, now, found)
                continue
            content = now[inode].read_bytes() if inode in now else b""
            durable = self.contents.get(inode)
            found[f"{prefix}{name}"] = (
                durable if durable is not None and durable == content else DAMAGE[damage](content)
            )
            if inode not in now:
                found[f"{prefix}{name}"] = durable or b""

    @staticmethod
    def _listing(folder: Path) -> dict[str, tuple[int, bool]]:
        return {entry.name: (entry.inode(), entry.is_dir(follow_symlinks=False)) for entry in os.scandir(folder)}


class Watched:
    """Runs work on an index with every durable operation seen, and hands each state after a cut to `judge`."""

    def __init__(
        self, index: Path, patch: pytest.MonkeyPatch, judge: Callable[[dict[str, bytes] | None], None]
    ) -> None:
        self.disk, self.judge = Disk(index), judge
        self.points = 0
        self.states: set[str] = set()
        fsync = os.fsync

        def synced(descriptor: int) -> None:
            self.cut()
            path = Path(f"/proc/self/fd/{descriptor}").readlink()
            fsync(descriptor)
            if path == index.parent or path.is_relative_to(index):
                self.disk.synced(path)

        patch.setattr(os, "fsync", synced)
        for name in ("rename", "replace", "unlink", "rmdir", "mkdir", "link"):
            patch.setattr(os, name, self.before(getattr(os, name)))

    def before(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **options: Any) -> Any:
            self.cut()
            return call(*arguments, **options)

        return called

    def cut(self) -> None:
        self.points += 1
        for names in NAMES:
            for damage in DAMAGE:
                state = self.disk.cut(names, damage)
                digest = hashlib.sha256(repr(sorted((state or {"none": b""}).items())).encode()).hexdigest()
                if digest not in self.states:
                    self.states.add(digest)
                    self.judge(state)


def written(state: dict[str, bytes], folder: Path) -> Path:
    """A state after a cut as a real folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o755)
    for name, content in sorted(state.items()):
        if name.endswith("/"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        else:
            (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def plain() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def answers_after(state: dict[str, bytes] | None, folder: Path) -> frozenset[str]:
    """What an index answers after a cut; nothing where there is none."""
    if state is None:
        return frozenset()
    try:
        told = frozenset(titles(written(state, folder)))
    except NoIndexError:
        return frozenset()
    assert generations.check(generations.current(folder), deep=True) == []
    return told


NEW = {"Bài 2", "Bài 3", "Bài 4", "Bài 5", "Bài thêm", "Bài mới", "Cầu mới", "Chợ mới"}


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc to know what is synced")
@pytest.mark.parametrize("first", [False, True], ids=["next", "first"])
def test_a_power_cut_at_any_moment_leaves_the_old_or_the_new(
    tmp_path: Path, plain: pytest.MonkeyPatch, first: bool, record_property: Callable[[str, object], None]
) -> None:
    if first:
        index, corpus = tmp_path / "index", write_corpus(tmp_path / "corpus")
        old, new = frozenset[str](), {f"Bài {n}" for n in range(1, 6)} | {"Họp dân", "Chợ mới", "Cầu mới"}
    else:
        index, corpus = two_generations(tmp_path), tmp_path / "corpus"
        old, new = frozenset(titles(index)), NEW
        (corpus / "moi.txt").write_text("Bài mới\n\nNội dung bài mới.", encoding="utf-8")
    real = {name: getattr(os, name) for name in ("fsync", "rename", "replace", "unlink", "rmdir", "mkdir", "link")}
    seen: list[frozenset[str]] = []

    def judge(state: dict[str, bytes] | None) -> None:
        with pytest.MonkeyPatch.context() as patch:
            for name, call in real.items():
                patch.setattr(os, name, call)
            seen.append(answers_after(state, tmp_path / "after"))

    watched = Watched(index, plain, judge)
    report = run(index, corpus)
    watched.cut()
    plain.undo()
    assert report.published
    assert set(seen) == {old, frozenset(new)}
    assert seen[-1] == frozenset(new), "what was told as published stays"
    # After the last operation nothing can be lost any more.
    for names in NAMES:
        for damage in DAMAGE:
            assert answers_after(watched.disk.cut(names, damage), tmp_path / "after") == frozenset(new)
    assert watched.points > 40
    record_property("power cuts survived", f"{len(seen)} states at {watched.points} operations")


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc to know what is synced")
def test_the_model_would_notice_a_missing_sync(tmp_path: Path, plain: pytest.MonkeyPatch) -> None:
    index, corpus = two_generations(tmp_path), tmp_path / "corpus"
    old = frozenset(titles(index))
    (corpus / "moi.txt").write_text("Bài mới\n\nNội dung bài mới.", encoding="utf-8")
    disk = Disk(index)
    plain.setattr(storage, "sync", lambda path: None)
    plain.setattr(generations, "sync", lambda path: None)
    run(index, corpus)
    plain.undo()
    outcomes = set()
    for names in NAMES:
        for damage in DAMAGE:
            state = disk.cut(names, damage)
            try:
                outcomes.add(answers_after(state, tmp_path / "after"))
            except (AssertionError, Exception):
                outcomes.add(frozenset({"broken"}))
    assert outcomes - {frozenset(NEW)}, "without syncs the new index is not safe"
    assert old in outcomes or frozenset({"broken"}) in outcomes


@pytest.mark.skipif(not SOAK, reason="the long version: make soak")
def test_a_rollback_survives_a_power_cut(tmp_path: Path, plain: pytest.MonkeyPatch) -> None:
    index = two_generations(tmp_path)
    names = [path.name for path in generations.published(index)]
    disk = Disk(index)
    fsync = os.fsync

    def synced(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        fsync(descriptor)
        disk.synced(path)

    plain.setattr(os, "fsync", synced)
    generations.rollback(index)
    plain.undo()
    for kept in NAMES:
        state = disk.cut(kept, "zeros")
        assert state is not None
        assert generations.current(written(state, tmp_path / "after")).name == names[1]
