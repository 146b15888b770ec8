"""The index folder: what may have happened to it, and what answers then."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from searchapp.engines import generations
from searchapp.engines.generations import manifest


class Folder(NamedTuple):
    """damage: done to an index of two generations. answers: which of them then, 0 the newest; None: refused with `says`."""

    id: str
    damage: Callable[[Path], object]
    answers: int | None = 0
    says: str = ""
    check: int = 0


class Deed:
    """What a pickle could do when it is opened."""

    def __reduce__(self) -> tuple[object, ...]:
        return exec, ("import os; os.environ['SEARCHAPP_TEST_UNPICKLED'] = '1'",)


def live(index: Path) -> Path:
    return generations.published(index)[0]


def on_live(name: str, change: Callable[[Path], object]) -> Callable[[Path], None]:
    def damage(index: Path) -> None:
        change(next(live(index).rglob(name)))

    return damage


def agreed(index: Path) -> None:
    """Make the manifest vouch for the files as they are now: only their content can be refused."""
    folder = live(index)
    known = manifest.read(folder)
    files, _ = manifest.measure(folder)
    manifest.write(
        folder, manifest.Manifest(generation=known.generation, articles=known.articles, built=known.built, files=files)
    )


def pickled_array(index: Path) -> None:
    path = next(live(index).rglob("newest.npy"))
    np.save(path, np.array([Deed()] * 7, object), allow_pickle=True)
    agreed(index)


def pickled_file(index: Path) -> None:
    path = live(index) / "segments.json"
    path.write_bytes(pickle.dumps(Deed()))
    agreed(index)


def stray_pickle(index: Path) -> None:
    (live(index) / "_MAIN_999.toc").write_bytes(pickle.dumps(Deed()))
    (index / "_MAIN_999.toc").write_bytes(pickle.dumps(Deed()))


def other_version(index: Path) -> None:
    for folder in generations.published(index):
        values = json.loads((folder / manifest.NAME).read_text(encoding="utf-8"))
        known = manifest.read(folder)
        manifest.write(
            folder,
            manifest.Manifest(
                generation=folder.name,
                articles=values["articles"],
                built="",
                schema=known.schema + 1,
                files=known.files,
            ),
        )


def linked(index: Path) -> None:
    index.rename(index.with_name("elsewhere"))
    index.symlink_to(index.with_name("elsewhere"))


def linked_file(index: Path) -> None:
    path = live(index) / "documents.jsonl"
    path.rename(index / "documents.jsonl")
    path.symlink_to(index / "documents.jsonl")


def older(index: Path) -> None:
    shutil.copytree(live(index), index / "000001-aaaaaa")


def current(data: bytes) -> Callable[[Path], object]:
    return lambda index: (index / generations.CURRENT).write_bytes(data)


CASES = (
    Folder("I1 pickled array", pickled_array, None, "reindex --full"),
    Folder("I1 pickled table", pickled_file, None, "reindex --full"),
    Folder("I2 list of segments empty", on_live("segments.json", lambda p: p.write_bytes(b"")), answers=1, check=1),
    Folder("I2 list of segments cut", on_live("segments.json", lambda p: p.write_bytes(p.read_bytes()[:-1])), answers=1, check=1),
    Folder("I3 segment empty", on_live("*.removed.npy", lambda p: p.write_bytes(b"")), answers=1, check=1),
    Folder("I3 segment missing", on_live("*.removed.npy", lambda p: p.unlink()), answers=1, check=1),
    Folder("I4 a bit", on_live("ids", lambda p: p.write_bytes(bytes([p.read_bytes()[0] ^ 1]) + p.read_bytes()[1:])), answers=0, check=1),
    Folder("I5 stray files", stray_pickle),
    Folder("I6 manifest missing", on_live(manifest.NAME, lambda p: p.unlink()), answers=1, check=1),
    Folder("I7 another version", other_version, None, "run 'searchapp reindex --full'"),
    Folder("I8 open to others", lambda index: index.chmod(0o777), None, "chmod"),
    Folder("I8 a file open to others", on_live("ids", lambda p: p.chmod(0o666)), None, "chmod"),
    Folder("I8 a link", linked, None, "symbolic link"),
    Folder("I8 a file that is a link", linked_file, None, "symbolic link"),
    Folder("I9 leftovers", lambda index: (index / ".CURRENT-000009-aaaaaa").write_bytes(b"x")),
    Folder("I9 an unfinished build", lambda index: (index / ".build-000009-aaaaaa").mkdir()),
    Folder("I9 one generation more", older),
    Folder("I10 CURRENT empty", current(b""), 0, check=1),
    Folder("I10 CURRENT outside", current(b"../../etc\n"), 0, check=1),
    Folder("I10 CURRENT with lines", current(b"000001-aaaaaa\n\n"), 0, check=1),
    Folder("I10 CURRENT of nobody", current(b"000099-aaaaaa\n"), 0, check=1),
    Folder("I10 CURRENT of bytes", current(bytes(range(256))), 0, check=1),
    Folder("+ CURRENT a folder", lambda index: (index / "CURRENT").unlink() or (index / "CURRENT").mkdir(), 0, check=1),
    Folder("+ names of nobody", lambda index: (index / "000007-XYZ").mkdir()),
    Folder("+ an empty generation", lambda index: (index / "000009-aaaaaa").mkdir(), 1, check=1),
    Folder("+ a manifest of nonsense", on_live(manifest.NAME, lambda p: p.write_bytes(b'{"files": [' + b"[" * 9999)), 1, check=1),
)  # fmt: skip
