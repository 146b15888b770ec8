# ruff: noqa: E501 - tables
"""Any typing gives a page in time; the same question gives the same bytes; nothing leaks; what is removed is gone."""

from __future__ import annotations

import gc
import json
import os
import random
import subprocess
import sys
import time
import unicodedata
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reliability_support import ROWS, SOAK, dump, run, titles, write_corpus, write_rows
from test_catalogue import well_formed
from typing_strategies import WORDS, typed

from searchapp import search as road
from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines.generations import current
from searchapp.engines.generations.live import Live
from searchapp.engines.whoosh import search as cost
from searchapp.engines.whoosh.engine import WhooshEngine
from searchapp.errors import BadQueryError
from searchapp.query import Query
from searchapp.web import create_app

TYPED = 10_000 if SOAK else 600
SECONDS = 2.0 if SOAK else 10.0  # the promise, and what a machine full of other tests may take


@pytest.fixture(scope="module")
def client(sample_settings: Settings, sample_engine: Callable[[], Engine]) -> FlaskClient:
    return create_app(replace(sample_settings, rate_limit=""), sample_engine).test_client()


def test_what_requests_used_of_a_generation_goes_with_it(sample_settings: Settings) -> None:
    """At once, without the collector: where publishes follow each other, each engine left would hold its memory."""
    folder = current(sample_settings.index)
    live = [WhooshEngine(folder)]
    client = create_app(replace(sample_settings, rate_limit=""), lambda: live[0]).test_client()
    found = client.get("/api/v1/search?q=dang").get_json()["results"][0]["url"]
    pages = (
        "/",
        "/tim-kiem?q=nghi+quyet",
        "/tim-kiem?q=05-NQ/TU",
        "/tim-kiem?q=nghij+quyeets",
        "/van-ban",
        "/do-phu",
        found,
    )
    gone = weakref.ref(live[0])
    gc.collect()
    gc.disable()
    try:
        for _ in range(2):
            assert {client.get(page, follow_redirects=True).status_code for page in pages} == {200}
            live[0] = WhooshEngine(folder)
        assert gone() is None
    finally:
        gc.enable()


@pytest.mark.clock
def test_any_typing_gives_an_answer_in_time(
    client: FlaskClient, record_property: Callable[[str, object], None]
) -> None:
    slowest, count = 0.0, 0

    @settings(max_examples=TYPED, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(typed, st.sampled_from(("/tim-kiem", "/api/v1/search", "/api/v1/search")))
    def ask(q: str, path: str) -> None:
        nonlocal slowest, count
        started = time.perf_counter()
        answer = client.get(f"{path}?q={quote(q, errors='surrogatepass')}")
        took = time.perf_counter() - started
        slowest, count = max(slowest, took), count + 1
        assert answer.status_code in (200, 400, 414), q
        assert answer.status_code != 414 or len(quote(q, errors="surrogatepass")) > 7_000
        assert took < SECONDS, q
        if path == "/tim-kiem":
            assert well_formed(answer.text), q
            assert "<script>alert" not in answer.text
        else:
            told = json.loads(answer.text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
            assert told["ok"] is (answer.status_code == 200)

    ask()
    record_property("strings typed", f"{count:,} answered with 200 or 400, the slowest in {slowest * 1000:.0f} ms")


# --- bounded work ---


def test_a_query_above_its_budget_is_refused_before_it_runs(
    sample_engine: Callable[[], Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = sample_engine()
    cheap, dear = Query(text="xyzzy"), Query(text="đảng bộ thành phố nghị quyết")
    read: list[str] = []
    monkeypatch.setattr(cost.check_cost, "__defaults__", (10,))
    page = WhooshEngine._page
    monkeypatch.setattr(WhooshEngine, "_page", lambda *asked: (read.append("page"), page(*asked))[1])
    road.search(engine, cheap)
    read.clear()
    with pytest.raises(BadQueryError, match="quá nhiều dữ liệu"):
        road.search(engine, dear)
    assert read == []


def test_after_the_deadline_a_page_comes_without_marks(
    sample_engine: Callable[[], Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    query = Query(text="đảng bộ thành phố")
    whole = road.search(sample_engine(), query)
    monkeypatch.setattr(road, "DEADLINE", -1.0)
    late = road.search(sample_engine(), query)
    assert [hit.article.key for hit in late.hits] == [hit.article.key for hit in whole.hits]
    assert late.total == whole.total
    assert any(piece.marked for hit in whole.hits for piece in hit.snippet)
    assert not any(piece.marked for hit in late.hits for piece in hit.snippet)
    assert all(hit.snippet for hit in late.hits)


@pytest.mark.clock
def test_the_dearest_queries_stay_within_their_budget(sample_engine: Callable[[], Engine]) -> None:
    """Nobody can ask for more than 64 syllables, 16 a phrase and 200 expansions a prefix; all at once is answered."""
    syllables = [
        "đảng",
        "bộ",
        "thành",
        "phố",
        "nghị",
        "quyết",
        "chỉ",
        "thị",
        "kế",
        "hoạch",
        "thực",
        "hiện",
        "công",
        "tác",
        "nhân",
        "dân",
        "cán",
        "bộ",
    ]
    dear = (
        " ".join(syllables * 4),
        " ".join(f'"{" ".join(syllables[:16])}"' for _ in range(5)),
        " ".join(f"{first}{second}*" for first in "bcdghklmnt" for second in "aeiou"),
        " OR ".join(f"({word} {word}*)" for word in syllables),
        " ".join(f"-{word}" for word in syllables) + " năm",
    )
    for text in dear:
        page = road.search(sample_engine(), Query(text=text[:500]))
        assert page.took_ms < 1000 * SECONDS


# --- one bad document never leaks into another ---

GOOD = st.builds(
    lambda n, words: {"id": f"g{n}", "title": f"Bài {n}", "text": " ".join(words)},
    st.integers(0, 30),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6),
)
BAD = st.sampled_from(
    (
        '{"text": 5}', "{", "[]", '{"text": ""}', '{"id": "x", "title": "alpha"}', '{"text": "alpha", "themes": {"a": 1}}',
        '{"text": "alpha", "id": "' + "x" * 600 + '"}', '{"text": "alpha", "text": "beta"}', '{"text": "alpha", "id": NaN}', "\x00",
        "alpha" * 100,
    )
)  # fmt: skip


@settings(max_examples=100 if SOAK else 12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(st.lists(st.one_of(GOOD, BAD), min_size=1, max_size=12))
def test_bad_rows_leave_no_trace(tmp_path_factory: pytest.TempPathFactory, rows: list[object]) -> None:
    top = tmp_path_factory.mktemp("rows")
    good = {row["id"]: row for row in reversed(rows) if isinstance(row, dict)}
    if not good:
        return
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    clean = [
        line if isinstance(row, dict) and good[row["id"]] is row else "" for row, line in zip(rows, lines, strict=True)
    ]
    for name, content in (("mixed", lines), ("clean", clean)):
        (top / name).mkdir()
        (top / name / "a.jsonl").write_text("\n".join(content) + "\n", encoding="utf-8")
    report = run(top / "one", top / "mixed")
    run(top / "two", top / "clean")
    assert dump(top / "one") == dump(top / "two")
    assert len(report.skipped) + report.copies == len(rows) - len(good), "each is named, or counted as the same again"
    assert all(bad.reason for bad in report.skipped)


# --- the same question, the same bytes ---

ASKED = (
    "import json, sys; from pathlib import Path; from searchapp.config import Settings; from searchapp.web import create_app\n"
    "client = create_app(Settings(index=Path(sys.argv[1]), rate_limit='')).test_client()\n"
    "for q in json.loads(sys.stdin.read()):\n"
    "    told = client.get('/api/v1/search', query_string={'q': q}).json; told.pop('took_ms', None)\n"
    "    print(json.dumps(told, sort_keys=True))\n"
)


def test_the_same_question_gives_the_same_bytes_in_every_process(sample_settings: Settings) -> None:
    chance = random.Random(1)
    queries = [" ".join(chance.choices(WORDS, k=chance.randint(1, 4))) for _ in range(200 if SOAK else 40)]
    times = 5 if SOAK else 2
    command = [sys.executable, "-c", ASKED, str(sample_settings.index)]
    answers = [
        subprocess.run(command, input=json.dumps(queries * times), capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    lines = answers[0].splitlines()
    assert len(lines) == len(queries) * times
    assert all(lines[n :: len(queries)] == [lines[n]] * times for n in range(len(queries)))


# --- one spelling is as good as another ---

SPELLINGS: dict[str, Callable[[str], str]] = {
    "composed": lambda text: unicodedata.normalize("NFC", text),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "full width": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    "zero width": lambda text: text.replace("ị", "ị\u200b"),
    "soft hyphen": lambda text: text.replace("h", "h\u00ad", 1),
    "no-break space": lambda text: text.replace(" ", "\u00a0"),
    "mark at the start": lambda text: f"\ufeff{text}",
    "old tones": lambda text: text.replace("hòa", "hoà").replace("ủy", "uỷ"),
}
SPELT = "nghị quyết hòa bình ủy ban"


@pytest.fixture(scope="module")
def spelt(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    top = tmp_path_factory.mktemp("spelt")
    (top / "corpus").mkdir()
    rows = [{"id": name, "title": "Bài", "text": f"{write(SPELT)}."} for name, write in SPELLINGS.items()]
    write_rows(top / "corpus" / "a.jsonl", *rows)
    run(top / "index", top / "corpus")
    return create_app(Settings(index=top / "index", rate_limit="")).test_client()


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("form", ["{}", '"{}"'], ids=["words", "phrase"])
def test_every_spelling_finds_every_spelling(spelt: FlaskClient, spelling: str, form: str) -> None:
    q = form.format(SPELLINGS[spelling](SPELT))
    told = spelt.get(f"/api/v1/search?q={quote(q)}").json
    found = (
        told["total"]
        if told["total"] == len(SPELLINGS)
        else sum(1 + len(hit.get("reprints") or ()) for hit in told["results"])
    )
    assert found == len(SPELLINGS), told["results"]


# --- removed is gone ---


def test_what_is_removed_is_gone_from_every_answer(tmp_path: Path) -> None:
    corpus, index = write_corpus(tmp_path / "corpus"), tmp_path / "index"
    secret = {
        "id": "mat",
        "title": "Tin mật zephyr",
        "text": "Bài mật nói về zephyr và chuyện riêng.",
        "section": "Mục mật",
    }
    write_rows(corpus / "hang.jsonl", *ROWS, secret)
    run(index, corpus)
    live = Live(index, WhooshEngine, every=0)
    client = create_app(Settings(index=index, rate_limit=""), live).test_client()
    urls = [
        "/tim-kiem?q=zephyr", "/api/v1/search?q=zephyr", "/api/v1/facets?q=", "/tim-kiem.atom?q=zephyr", "/tim-kiem.csv?q=",
        "/api/v1/suggest?q=tin+m", "/opensearch/suggest?q=tin+m", "/tim-kiem?q=zephir", "/tim-kiem?q=", "/sitemap.xml", "/do-phu", "/tim-kiem?q=m%E1%BA%ADt&sap_xep=moi-nhat",
    ]  # fmt: skip
    key = live.engine().search(Query(text="")).matches
    key = next(match.article.key for match in key if match.article.id == "mat")
    assert any("Mục mật" in client.get(url).text for url in urls)
    write_rows(corpus / "hang.jsonl", *ROWS)
    run(index, corpus)
    for number in range(5):
        for url in urls:
            shown = client.get(url).text
            assert "Tin mật" not in shown and "chuyện riêng" not in shown and "Mục mật" not in shown, url
        assert client.get(f"/bai/{key}").status_code == 404
        assert client.get("/api/v1/search?q=zephyr").json["total"] == 0
        for url in ("/api/v1/suggest?q=zep", "/tim-kiem?q=zephir", "/api/v1/search?q=zephir"):
            assert "zephyr" not in client.get(url).text, "no word of it is offered"
        (corpus / "them.txt").write_text(f"Thêm {number}\n\nMột bài thêm.", encoding="utf-8")
        run(index, corpus)


# --- only what was pointed at ---


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_only_what_was_pointed_at_is_read(tmp_path: Path) -> None:
    corpus, index = write_corpus(tmp_path / "corpus"), tmp_path / "index"
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "mat.txt").write_text("Bí mật\n\nChuyện bí mật bên ngoài.", encoding="utf-8")
    (corpus / "link.txt").symlink_to(outside / "mat.txt")
    (corpus / "folder").symlink_to(outside, target_is_directory=True)
    (corpus / "loop").symlink_to(corpus, target_is_directory=True)
    os.mkfifo(corpus / "pipe.txt")
    (corpus / "null.txt").symlink_to("/dev/zero")
    if os.geteuid() == 0:
        os.mknod(corpus / "device.txt", 0o600 | 0o020000, os.makedev(1, 5)) if _may_make_devices(tmp_path) else None
    (corpus / os.fsdecode(b"kh\xf4ng.txt")).write_text("Tên lạ\n\nTên tệp không phải UTF-8.", encoding="utf-8")
    write_rows(corpus / "p.jsonl", {"id": "p", "text": "Một bài.", "path": "../outside/mat.txt"})
    report = run(index, corpus)
    told = str(dump(index))
    assert "bí mật" not in told.lower()
    skipped = {bad.path: bad.reason for bad in report.skipped}
    assert {"link.txt", "folder", "loop", "null.txt"} <= {
        path for path, why in skipped.items() if "symbolic link" in why
    }
    assert "pipe" in skipped["pipe.txt"]
    assert not (corpus / "device.txt").exists() or "device" in skipped["device.txt"]
    assert "Tên lạ" in titles(index) and "Một bài." in told


def _may_make_devices(folder: Path) -> bool:
    try:
        os.mknod(folder / "probe", 0o600 | 0o020000, os.makedev(1, 3))
    except OSError:
        return False
    (folder / "probe").unlink()
    return True


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("SEARCHAPP_TEST_UNPICKLED", raising=False)
    yield
