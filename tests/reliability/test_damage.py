"""Damaged, missing and foreign files: reported to the last bit, never served; back to an older generation."""

from __future__ import annotations

import gzip
import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from reliability_support import (
    ROWS,
    SOAK,
    dump,
    edit_array,
    files_of,
    run,
    titles,
    two_generations,
    write_corpus,
    write_rows,
)

from searchapp.cli import cli
from searchapp.config import Settings
from searchapp.engines import generations, open_engine
from searchapp.engines.generations import manifest
from searchapp.engines.generations.live import Live
from searchapp.engines.whoosh import search
from searchapp.engines.whoosh.build.check import examine
from searchapp.engines.whoosh.engine import WhooshEngine
from searchapp.engines.whoosh.store.arrays import ArrayFile
from searchapp.errors import CorruptIndexError, IndexProblemError
from searchapp.fields import Weights
from searchapp.ingest import ledger
from searchapp.query import Query
from searchapp.web import create_app

FLIPS = 200


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_generations(tmp_path_factory.mktemp("damage"))


@pytest.fixture
def index(built: Path, tmp_path: Path) -> Path:
    """A copy to damage; hard links stay links, as on a real disk."""
    shutil.copytree(built, tmp_path / "index")
    for path in files_of(generations.published(tmp_path / "index")[0]):
        other = generations.published(tmp_path / "index")[1] / path.name
        if other.exists() and path.suffix in (".post", ".text", ".facts"):
            path.unlink()
            path.hardlink_to(other)
    return tmp_path / "index"


def searchapp(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, arguments)
    return done.exit_code, done.output


def flips(data: bytes) -> Iterator[int]:
    """Bits to flip: 200 spread over the file, or all of them where it has fewer."""
    bits = len(data) * 8
    return iter(range(0, bits, max(1, bits // FLIPS)))


def kind(path: Path) -> str:
    """Files of one kind are written by the same code: segments by their endings, columns, each table."""
    if path.parent.name == "columns":
        return f"columns{path.suffix}"
    return path.name.partition(".")[2] if path.name.startswith("seg_") else path.name


def reported(index: Path, path: Path) -> bool:
    if path.name == generations.CURRENT:
        return bool(generations.locate(index).problem)
    try:
        return bool(generations.check(index / path.relative_to(index).parts[0], deep=True))
    except IndexProblemError:
        return True


def test_every_flipped_bit_of_every_file_is_reported(
    index: Path, record_property: Callable[[str, object], None]
) -> None:
    live = generations.current(index)
    chosen = files_of(live) if SOAK else list({kind(path): path for path in files_of(live)}.values())
    tried = missed = 0
    for path in [index / generations.CURRENT, *chosen]:
        sound = path.read_bytes()
        for bit in flips(sound):
            broken = bytearray(sound)
            broken[bit // 8] ^= 1 << bit % 8
            path.write_bytes(broken)
            tried += 1
            missed += not reported(index, path)
        path.write_bytes(sound)
    assert len(chosen) >= 15
    assert missed == 0
    assert tried >= 150 * len(chosen)
    record_property("flipped bits reported", f"{tried - missed:,} of {tried:,} in {len(chosen) + 1} files")


def test_a_sound_index_has_nothing_to_report(index: Path) -> None:
    for folder in generations.published(index):
        assert examine(folder) == []
        assert ledger.problems(folder, manifest.read(folder).articles) == []
    code, output = searchapp("check", "--index", str(index))
    assert (code, output.count(": sound"), output.count("(answers)")) == (0, 2, 1)


def post(folder: Path) -> Path:
    return max(folder.glob("*.post"), key=lambda path: path.stat().st_size)


def swapped(values: np.ndarray) -> np.ndarray:
    values[:2] = values[:2][::-1]
    return values


def raised(values: np.ndarray) -> np.ndarray:
    values[len(values) // 2] += 1
    return values


def swap_postings(folder: Path) -> None:
    starts = ArrayFile(post(folder)).array("body_f.starts").astype(int)
    at = int(starts[np.flatnonzero(np.diff(starts) > 1)[0]])

    def change(values: np.ndarray) -> np.ndarray:
        values[[at, at + 1]] = values[[at + 1, at]]
        return values

    edit_array(post(folder), "body_f.documents", change)


def swap_terms(folder: Path) -> None:
    def change(values: np.ndarray) -> np.ndarray:
        first, second, rest = bytes(values)[1:].split(b"\n", 2)
        return np.frombuffer(b"\n" + second + b"\n" + first + b"\n" + rest, np.uint8)

    edit_array(post(folder), "title_a.terms", change)


def array(name: str, change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Path], None]:
    return lambda folder: edit_array(post(folder), name, change)


def table(name: str, change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        values = np.load(folder / name)
        np.save(folder / name, change(values))

    return damage


def words(name: str, old: str, new: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return damage


def other_facts(folder: Path) -> None:
    path = post(folder).with_suffix(".facts")
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b'"b2"', b'"b7"', 1)))


def cut_article(folder: Path) -> None:
    path = post(folder).with_suffix(".text")
    edit_array(path, "articles", lambda values: np.where(np.arange(len(values)) == len(values) // 2, 0, values))


def no_tombstones(folder: Path) -> None:
    listed = json.loads((folder / "segments.json").read_text(encoding="utf-8"))
    listed["deleted"] = {}
    (folder / "segments.json").write_text(json.dumps(listed), encoding="utf-8")


INSIDE: dict[str, tuple[Callable[[Path], None], str]] = {
    "postings out of order": (swap_postings, "do not ascend"),
    "terms out of order": (swap_terms, "after b"),
    "a posting of nobody": (array("body_a.documents", lambda v: v + np.uint16(900)), "not there"),
    "a frequency too high": (array("body_a.frequencies", raised), "differ"),
    "a frequency of none": (array("body_f2.frequencies", lambda v: v * 0), "occurs nowhere"),
    "positions backwards": (array("body_a.positions", lambda v: v[::-1].copy()), "do not ascend"),
    "a list too long": (array("body_f.starts", raised), "body_f"),
    "a list of nothing": (array("body_w.starts", lambda v: v * 0), "without articles"),
    "a length": (array("title_f.lengths", raised), "its length says otherwise"),
    "keys of others": (array("keys.number", swapped), "not of one article"),
    "facts of another": (other_facts, "not of one article"),
    "a stored article": (cut_article, "damaged"),
    "an order": (table("columns/newest.npy", lambda v: v * 0), "the order newest is none"),
    "a date": (table("columns/last.npy", lambda v: v * 0), "ends before it begins"),
    "a code": (table("columns/section.npy", lambda v: v + 900), "a code without a value"),
    "columns of fewer": (table("columns/first.npy", lambda v: v[1:]), "shape"),
    "citations": (table("resolutions.starts.npy", lambda v: v[::-1]), "do not fit"),
    "a document": (words("documents.jsonl", "nghi-quyet-05", "nghi-quyet-06"), "no document"),
    "ids": (words("ids", "b3", "b8"), "not the ids"),
    "evidence": (words("evidence.json", "1]", "0]"), "nobody says"),
    "removed articles return": (no_tombstones, "do not fit"),
    "a segment list": (words("segments.json", "seg_", "geg_"), "geg_"),
}  # fmt: skip


@pytest.mark.parametrize("damage", INSIDE)
def test_what_hashes_would_vouch_for_is_still_examined(index: Path, damage: str) -> None:
    """As if a bug had written it: the manifest is made to agree."""
    change, says = INSIDE[damage]
    folder = generations.published(index)[damage in ("a document", "a date", "ids")]
    for path in files_of(folder):  # no change through a link
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data)
    change(folder)
    lines = examine(folder)
    assert lines
    assert any(says in line for line in lines), lines


def test_a_sample_query_that_is_refused_is_told(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a damaged length of a list makes a cheap word dear."""
    monkeypatch.setattr(search.check_cost, "__defaults__", (0,))
    assert "BadQueryError" in examine(generations.current(index))[-1]


def test_a_ledger_that_does_not_fit_is_told(index: Path) -> None:
    live = generations.current(index)
    assert ledger.problems(live, 99) == [
        f"{live / ledger.NAME}: knows 7 of 99 articles: run 'searchapp reindex --full'"
    ]
    (live / ledger.NAME).write_bytes(b"PK\x03\x04")
    assert "cannot be read" in ledger.problems(live, 7)[0]


DAMAGES = ("empty", "half", "last byte", "zeros", "missing", "a folder", "foreign")


def damaged(path: Path, how: str) -> None:
    data = path.read_bytes()
    path.unlink()
    match how:
        case "empty":
            path.write_bytes(b"")
        case "half":
            path.write_bytes(data[: len(data) // 2])
        case "last byte":
            path.write_bytes(data[:-1])
        case "zeros":
            path.write_bytes(bytes(len(data)))
        case "a folder":
            path.mkdir()
        case "foreign":
            path.write_bytes(b"\x80\x05 another program's file")


@pytest.mark.parametrize("how", DAMAGES)
def test_whatever_happens_to_a_file_the_generation_before_answers(index: Path, how: str) -> None:
    """Every file that the generations do not share. Zeros of the same length show only in the hash."""
    live, before = generations.published(index)
    shared = {path.name for path in files_of(live) if path.stat().st_nlink > 1}
    tried = 0
    for path in files_of(live):
        if path.name in shared or not path.stat().st_size:
            continue
        data, tried = path.read_bytes(), tried + 1
        damaged(path, how)
        if how == "zeros" and path.name != manifest.NAME:
            assert generations.check(live, deep=True), path
        else:
            found = generations.locate(index)
            assert (found.folder, bool(found.problem)) == (before, True), path
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        path.write_bytes(data)
    assert tried > 25
    assert generations.locate(index).problem == ""


def wait_until(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while not (done := true()) and time.monotonic() < end:
        time.sleep(0.02)
    return done


def test_damage_while_serving_is_noticed_and_said_by_healthz(index: Path) -> None:
    live = generations.current(index)
    flip(live / "columns" / "columns.json")
    engine = Live(index, WhooshEngine, every=0)
    client = create_app(Settings(index=index), engine).test_client()
    assert wait_until(lambda: client.get("/healthz").status_code == 503)
    health = client.get("/healthz").json
    assert (health["ok"], health["status"], health["generation"]) == (
        False,
        "degraded",
        generations.published(index)[1].name,
    )
    page = client.get("/tim-kiem?q=b%C3%A0i")
    assert page.status_code == 200
    assert "columns.json" in engine.problem or "content changed" in engine.problem
    assert str(index) not in str(health)
    run(index, write_corpus(index.parent / "corpus"))
    assert client.get("/healthz").json["status"] == "ok"


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("file", "verify"),
    [
        ("columns/columns.json", False),
        ("evidence.json", False),
        ("ids", False),
        ("sources.npz", False),
        (".post", True),
    ],
)
def test_a_reindex_never_builds_on_damage(index: Path, tmp_path: Path, file: str, verify: bool) -> None:
    live = generations.current(index)
    flip(post(live) if file == ".post" else live / file)
    corpus = write_corpus(tmp_path / "corpus")
    report = run(index, corpus, verify=verify)
    assert (report.articles, report.published) == (8, True)
    assert generations.check(generations.current(index), deep=True) == []
    assert examine(generations.current(index)) == []


def test_a_merge_never_vouches_for_damage(index: Path, tmp_path: Path) -> None:
    """A list that is taken into another segment gets a new hash: it must be what it was."""
    corpus = write_corpus(tmp_path / "corpus")
    run(index, corpus)
    for bit in (1, 3):  # in the letters of a term: only the hash can tell
        merged = min(generations.current(index).glob("*.post"), key=lambda path: path.stat().st_size)
        edit_array(merged, "body_f.terms", lambda values, bit=bit: np.where(values == ord("n"), values ^ bit, values))
        write_rows(corpus / "hang.jsonl", *({**row, "text": f"{row['text']} Sửa {bit}."} for row in ROWS))
        run(index, corpus)
        run(tmp_path / "fresh", corpus, full=True)
        assert dump(index) == dump(tmp_path / "fresh")


def test_damage_in_a_file_that_all_share_ends_the_service_with_words(index: Path) -> None:
    shared = next(path for path in files_of(generations.current(index)) if path.stat().st_nlink > 1)
    with shared.open("r+b") as file:
        file.seek(shared.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))
    engine = Live(index, WhooshEngine, every=0)
    client = create_app(Settings(index=index), engine).test_client()
    assert wait_until(lambda: client.get("/healthz").json["status"] == "unavailable")
    answer = client.get("/tim-kiem?q=b%C3%A0i")
    assert answer.status_code == 503 and "Retry-After" in answer.headers
    with pytest.raises(CorruptIndexError, match="reindex --full"):
        engine.engine()


def test_check_names_what_is_damaged_and_rollback_leads_back(index: Path) -> None:
    live, before = generations.published(index)
    old = {*titles(index)}
    (live / "documents.jsonl").write_bytes(b"")
    code, output = searchapp("check", "--index", str(index))
    assert code == 1
    assert "documents.jsonl: 0 bytes instead of" in output
    assert f"{before.name} (answers): sound" in output
    told = json.loads(searchapp("check", "--quick", "--json", "--index", str(index))[1])
    assert told["ok"] is False and [bool(row["problems"]) for row in told["generations"]] == [True, False]
    code, output = searchapp("rollback", "--index", str(index))
    assert code == 0 and before.name in output
    assert generations.locate(index).problem == ""
    assert "Họp dân" in titles(index) and "Họp dân" not in old
    code, _ = searchapp("rollback", "--index", str(index))
    assert code == 1, "there is nothing before the first"


@pytest.mark.parametrize("spoilt", [None, b"", b"foo\n", b"000099-abcdef\n", b"\xff\xfe", "the live one"])
def test_a_reindex_that_finds_nothing_new_mends_what_names_the_live_generation(
    index: Path, built: Path, spoilt: bytes | str | None
) -> None:
    if isinstance(spoilt, str):
        (generations.current(index) / "documents.jsonl").unlink()
    elif spoilt is None:
        (index / "CURRENT").unlink()
    else:
        (index / "CURRENT").write_bytes(spoilt)
    code, output = searchapp("check", "--index", str(index))
    assert code == 1 and output.splitlines()[-1].startswith("what to do: run 'searchapp reindex'"), output
    assert searchapp("reindex", str(built.parent / "corpus"), "--index", str(index))[0] == 0
    assert generations.locate(index).problem == ""
    client = create_app(Settings(index=index)).test_client()
    assert client.get("/healthz").json["status"] == "ok"


def test_check_says_what_to_do_last(index: Path) -> None:
    live, before = generations.published(index)
    (before / "documents.jsonl").unlink()
    output = searchapp("check", "--index", str(index))[1]
    assert f"what to do: nothing now: {live.name} answers" in output.splitlines()[-1]
    with (live / "ids").open("r+b") as file:
        byte = file.read(1)
        file.seek(0)
        file.write(bytes([byte[0] ^ 1]))
    output = searchapp("check", "--index", str(index))[1]
    assert output.splitlines()[-1] == "what to do: run 'searchapp reindex --full'"


def test_check_says_when_nothing_can_answer(index: Path) -> None:
    for folder in generations.published(index):
        (folder / manifest.NAME).unlink()
    code, output = searchapp("check", "--index", str(index))
    assert code == 1 and output.count("damaged") == 2 and "reindex --full" in output


def test_stray_files_are_named_and_never_read(index: Path) -> None:
    (generations.current(index) / "_MAIN_999.toc").write_bytes(b"cos\nsystem\n(S'false'\ntR.")
    code, output = searchapp("check", "--index", str(index))
    assert code == 0 and "_MAIN_999.toc: not of this index, never read" in output
    assert len(titles(index)) == 7


@pytest.mark.parametrize("name", ["columns/newest.npy", "resolutions.npy", "reprints.npy", ".removed.npy"])
def test_no_bit_of_a_header_of_numpy_is_an_unexpected_error(index: Path, tmp_path: Path, name: str) -> None:
    """Before the hash has been taken, opening it says so; a reindex starts anew."""
    live = generations.current(index)
    path = next(live.glob(f"*{name}")) if name[0] == "." else live / name
    sound = path.read_bytes()
    path.unlink()  # no change through a link
    refused = []
    for bit in range(0, 80 * 8, 3):
        broken = bytearray(sound)
        broken[bit // 8] ^= 1 << bit % 8
        path.write_bytes(broken)
        try:
            WhooshEngine(live, Weights())
        except CorruptIndexError:
            refused.append(bytes(broken))
    assert len(refused) > 100
    path.write_bytes(refused[-1])
    assert run(index, write_corpus(tmp_path / "corpus")).published
    assert generations.check(generations.current(index), deep=True) == []


@pytest.mark.skipif(not SOAK, reason="the long version: make soak")
def test_flips_while_serving_are_never_an_unexpected_error(
    index: Path, record_property: Callable[[str, object], None]
) -> None:
    """Without hashes: whatever a flipped bit makes of a file, opening and searching it ends in words, not in a bug."""
    live = generations.current(index)
    tried, unexpected = 0, []
    for path in files_of(live):
        sound = path.read_bytes()
        for bit in flips(sound):
            broken = bytearray(sound)
            broken[bit // 8] ^= 1 << bit % 8
            path.unlink()
            path.write_bytes(broken)
            tried += 1
            try:
                examine(live)
            except Exception as error:
                unexpected.append(f"{path.name}, bit {bit}: {error!r}")
        path.write_bytes(sound)
    record_property("flipped bits examined without hashes", f"{tried:,}, {len(unexpected)} unexpected errors")
    assert unexpected == []


def test_engine_of_a_sound_index_answers(index: Path) -> None:
    assert open_engine(Settings(index=index))().search(Query()).total == 7
