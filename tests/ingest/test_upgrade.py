"""Another release, a copy, a thousand publishes: the index goes along, or says what it needs."""

from __future__ import annotations

import gc
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from searchapp.cli import cli
from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import generations, open_engine
from searchapp.engines.generations import manifest
from searchapp.engines.generations.live import Live
from searchapp.engines.generations.storage import WriterLock
from searchapp.engines.whoosh.engine import WhooshEngine
from searchapp.errors import NoIndexError, StaleIndexError
from searchapp.fields import Weights
from searchapp.ingest import reindex
from searchapp.query import Query
from searchapp.web import create_app

HASHING = 2  # files that the thread which hashes a new generation may just have open
PUBLISHES = int(os.environ.get("SEARCHAPP_TEST_PUBLISHES", "12"))


@pytest.fixture
def index(sample_settings: Settings, tmp_path: Path) -> Path:
    """The sample index, copied: that copy is already the restore of a backup."""
    return Path(shutil.copytree(sample_settings.index, tmp_path / "index"))


def republish(index: Path, **manifest_values: int) -> Path:
    """Publish the live generation once more; manifest_values: as another release would have written."""
    base = generations.published(index)[0]
    with WriterLock(index) as lock:
        build = generations.begin(index)
        for name in manifest.names(base):
            generations.carry(base, build, name)
        told = manifest.read(base)
        folder = generations.publish(lock, build, articles=told.articles, context=told.context, base=base)
    if manifest_values:
        manifest.write(folder, replace(manifest.read(folder), **manifest_values))
    return folder


def watching(index: Path) -> Live[Engine]:
    """The engine of the live generation, looked for at every call."""
    return Live(index, lambda folder: WhooshEngine(folder, Weights()), every=0.0)


def answers(engine: Engine) -> list[str]:
    return [match.article.key for match in engine.search(Query(size=20)).matches]


# Backup


def test_a_copied_index_opens_and_answers_the_same(
    sample_settings: Settings, sample_engine: Callable[[], Engine], index: Path
) -> None:
    restored = open_engine(replace(sample_settings, index=index))()
    assert answers(restored) == answers(sample_engine())
    assert generations.check(generations.current(index), deep=True) == []


def test_one_generation_and_current_are_a_whole_index(sample_settings: Settings, index: Path, tmp_path: Path) -> None:
    republish(index)
    live = generations.current(index)
    backup = tmp_path / "backup"
    backup.mkdir()
    shutil.copytree(live, backup / live.name)
    shutil.rmtree(index)  # nothing of it may still be needed, no hard link and no path
    (backup / "CURRENT").write_text(f"{live.name}\n", encoding="ascii")
    settings = replace(sample_settings, index=backup)
    assert open_engine(settings)().stats().articles > 100
    report = reindex(settings.corpus, backup, settings, jobs=1)
    assert report.unchanged == report.articles and not report.published


def test_without_current_the_newest_generation_answers(index: Path) -> None:
    newest = republish(index)
    (index / "CURRENT").unlink()
    assert generations.current(index) == newest


# Another release


@pytest.mark.parametrize("what", ["schema", "analyzer"])
def test_p19_an_index_of_another_release_says_what_it_needs(sample_settings: Settings, index: Path, what: str) -> None:
    republish(index, **{what: 999})
    settings = replace(sample_settings, index=index)
    with pytest.raises(StaleIndexError, match=f"{what} 999.*'searchapp reindex --full'"):
        open_engine(settings)()
    site = create_app(settings).test_client()
    assert site.get("/readyz").status_code == 503 and site.get("/readyz").json["problems"] == ["StaleIndexError"]
    page = site.get("/tim-kiem?q=đảng")
    assert page.status_code == 503 and "Retry-After" in page.headers and "reindex" not in page.text


@pytest.mark.parametrize("what", ["schema", "analyzer"])
def test_p19_a_running_release_answers_while_the_next_one_builds(
    sample_settings: Settings, index: Path, what: str
) -> None:
    """The way to go up without a break: the new release indexes into the same folder, the old one goes on."""
    settings = replace(sample_settings, index=index)
    live = watching(index)
    before = live()
    republish(index, **{what: 999})  # the next release has published
    assert live() is before and "999" in live.problem
    assert answers(live())
    site = create_app(settings, live).test_client()
    assert site.get("/readyz").status_code == 200 and site.get("/healthz").json["status"] == "degraded"
    assert site.get("/tim-kiem?q=đảng").status_code == 200


def test_p19_back_to_the_release_before_is_a_rollback(sample_settings: Settings, index: Path) -> None:
    old = generations.current(index)
    republish(index, analyzer=999)
    assert generations.rollback(index) == old
    assert answers(open_engine(replace(sample_settings, index=index))())


@pytest.mark.parametrize(
    ("spoil", "lang", "code", "says"),
    [
        (False, "en", 0, [" (answers): sound\n", ": sound, of another release\n"]),
        (False, "vi", 0, [" (đang trả lời): tốt\n", ": tốt, của bản phần mềm khác\n"]),
        (True, "en", 1, [" (answers): sound\n", ": damaged, of another release\n"]),
    ],
)
def test_a_sound_generation_of_the_release_before_is_not_called_damaged(
    index: Path, monkeypatch: pytest.MonkeyPatch, spoil: bool, lang: str, code: int, says: list[str]
) -> None:
    old = generations.current(index)
    republish(index)
    manifest.write(old, replace(manifest.read(old), schema=1))
    if spoil:
        (old / next(iter(manifest.read(old).files))).unlink()
    monkeypatch.setenv("SEARCHAPP_LANG", lang)
    done = CliRunner().invoke(cli, ["check", "--index", str(index)])
    assert (done.exit_code, [line for line in says if line not in done.output]) == (code, [])
    with pytest.raises(
        StaleIndexError if not spoil else NoIndexError, match="rollback" if not spoil else "goes on answering"
    ):
        generations.rollback(index)


@pytest.mark.parametrize(
    ("lang", "says"), [("en", "CURRENT: cannot be read (Permission denied)"), ("vi", "CURRENT: không đọc được (")]
)
def test_a_pointer_that_this_user_cannot_read_is_not_called_empty(
    index: Path, monkeypatch: pytest.MonkeyPatch, lang: str, says: str
) -> None:
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == generations.CURRENT:
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    monkeypatch.setenv("SEARCHAPP_LANG", lang)
    assert says in CliRunner().invoke(cli, ["check", "--index", str(index)]).output


def test_p19_a_full_reindex_takes_the_place_of_an_index_of_another_release(tmp_path: Path) -> None:
    source = tmp_path / "bai.jsonl"
    source.write_text(json.dumps({"id": "a", "title": "Đảng bộ", "text": "Nghị quyết 05-NQ/TU."}), encoding="utf-8")
    settings = Settings(index=tmp_path / "index")
    reindex([source], settings.index, settings, jobs=1)
    republish(settings.index, schema=999)
    report = reindex([source], settings.index, settings, jobs=1, full=True)
    assert report.published and answers(open_engine(settings)())


# Many publishes


def test_ft13_descriptors_and_maps_stay_flat_over_many_publishes(index: Path) -> None:
    live = watching(index)
    counts = []
    for _ in range(PUBLISHES):
        republish(index)
        assert answers(live())
        gc.collect()
        counts.append((sum(1 for _ in Path("/proc/self/fd").iterdir()), _mapped(index)))
    assert len(generations.published(index)) == generations.KEPT
    settled = counts[5:]
    assert max(files for files, _ in settled) <= settled[0][0] + HASHING, counts
    assert 0 < max(mapped for _, mapped in settled) <= settled[0][1] * 2, counts  # the generation before may linger


def _mapped(index: Path) -> int:
    """Files of the index that this process maps."""
    lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    return len({line.split(maxsplit=5)[5] for line in lines if f"{index}/" in line})


# Caches


def test_ft18_a_takedown_is_gone_from_caches_within_a_minute(sample_settings: Settings, index: Path) -> None:
    settings = replace(sample_settings, index=index)
    live = watching(index)
    site = create_app(settings, live).test_client()
    for path in ("/tim-kiem?q=đảng", "/tim-kiem.json?q=đảng", "/tim-kiem.atom?q=đảng", "/"):
        first = site.get(path)
        assert int(first.headers["Cache-Control"].rpartition("max-age=")[2]) <= 60
        tag = first.headers["ETag"]
        assert site.get(path, headers={"If-None-Match": tag}).status_code == 304
        republish(index)
        again = site.get(path, headers={"If-None-Match": tag})
        assert again.status_code == 200 and again.headers["ETag"] != tag
