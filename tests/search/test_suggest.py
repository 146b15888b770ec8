"""Suggestions while typing, on the sample corpus."""

import gc
import json
import re
import threading
import unicodedata
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.ingest import reindex
from searchapp.search.snapshot import Survey
from searchapp.search.suggest import LIMIT, Typed, _Completions, suggest
from searchapp.web import create_app

Current = Callable[[], Engine]


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("05-nq", "document", "thanh-uy-tphcm/nghi-quyet-05-nq-tu/2020-2025"),
        ("nghị quyết số 05", "document", "thanh-uy-tphcm/nghi-quyet-05-nq-tu/2020-2025"),
        ("nghi quyet 5", "document", "thanh-uy-tphcm/nghi-quyet-05-nq-tu/2020-2025"),
        ("dân v", "theme", "dan-van"),
        ("DAN VAN", "theme", "dan-van"),
        (unicodedata.normalize("NFD", "dân v"), "theme", "dan-van"),
        ("nghị qu", "phrase", "nghị quyết"),
        ("nq 05", "document", "thanh-uy-tphcm/nghi-quyet-05-nq-tu/2020-2025"),
        ("NQ 5", "document", "thanh-uy-tphcm/nghi-quyet-05-nq-tu/2020-2025"),
        ("nđ 30/2020", "document", "chinh-phu/nghi-dinh-30-2020-nd-cp"),
        ("chỉ thị 05", "document", "trung-uong/chi-thi-05-ct-tw/khoa-xii"),
        ("ki", "phrase", "kiểm tra"),  # under way to kiểm, and not yet ky
        ("tài li", "phrase", "tài liệu"),
        ("LI", "phrase", "lịch sử"),
        ("hi", "document", "quoc-hoi/hien-phap-2013"),
    ],
)
def test_a_prefix_in_any_accent_state_finds_what_begins_so(
    sample_engine: Current, typed: str, kind: str, value: str
) -> None:
    found = suggest(sample_engine(), typed, 20)
    assert (kind, value) in [(s.kind, s.value) for s in found]


@pytest.mark.parametrize("typed", ["đảng b", "chính ", "thành p", "dân v", "cán b", "phường ", "nhân d", "hội đ"])
def test_accents_of_finished_syllables_hold(sample_engine: Current, typed: str) -> None:
    """The last syllable may still get its accents; those before it have theirs: "đảng b" is no "đang b"."""
    found = suggest(sample_engine(), typed, 20)
    assert found
    spelt = typed.split()[0]
    for one in found:
        assert one.kind == "document" or spelt in re.findall(r"\w+", one.text.lower()), one


@pytest.mark.parametrize(
    ("typed", "begins"),
    [
        ("đạ", "đạ"),
        ("thà", "thà"),
        ("mặ", "mặ"),
        ("kiể", "kiể"),
        ("đâ", "đ[âấầẩẫậ]"),
        ("toà", "to?[àòa]"),
        ("quy đ", "quy"),
    ],
)
def test_accents_of_the_syllable_under_way_hold(sample_engine: Current, typed: str, begins: str) -> None:
    found = suggest(sample_engine(), typed, 20)
    assert found
    for one in found:
        assert one.kind == "document" or re.search(rf"(?<!\w){begins}", one.text.lower()), one


def test_a_title_is_one_line_and_an_abbreviation_is_written_out(tmp_path: Path) -> None:
    titles = ["Bộ Y tế", "Bộ Y tế", "Ủy ban nhân dân cấp xã"]
    rows = [{"id": f"{n}", "title": title, "text": f"Điều {n}. Chức năng"} for n, title in enumerate(titles)]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    settings = replace(Settings(), index=tmp_path / "index")
    reindex([tmp_path / "rows.jsonl"], settings.index, settings, jobs=1)
    engine = open_engine(settings)()
    assert [found.text for found in suggest(engine, "bo y") if found.kind == "title"] == ["Bộ Y tế"]
    for typed in ("UBND", "ubnd cấp x"):
        assert [found.text for found in suggest(engine, typed)] == ["Ủy ban nhân dân cấp xã"], typed


def test_wrong_accents_still_find_something(sample_engine: Current) -> None:
    assert ("phrase", "nghị quyết") in [(s.kind, s.value) for s in suggest(sample_engine(), "nghĩ qu", 20)]


@pytest.mark.parametrize("typed", ["", "  ", "-", "\u200b", "xyzzyx", "😀"])
def test_nothing_is_suggested_for_nothing(sample_engine: Current, typed: str) -> None:
    assert suggest(sample_engine(), typed) == ()


def test_suggestions_are_few_and_different(sample_engine: Current) -> None:
    for typed in "abcdghiklmnpqtvxy0123456789":
        found = suggest(sample_engine(), typed)
        assert len(found) <= LIMIT
        assert len({(s.kind, s.value) for s in found}) == len(found)


def test_nobody_waits_while_the_suggestions_of_a_large_index_are_read(
    sample_engine: Current, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = sample_engine()
    wanted = suggest(engine, "nghi")
    monkeypatch.setattr("searchapp.search.suggest._COMPLETIONS", Survey("suggestions", _Completions))
    monkeypatch.setattr("searchapp.search.snapshot.AT_ONCE", 0)
    assert {found.kind for found in suggest(engine, "nghi")} == {"document"}, "documents are known at once"
    for thread in threading.enumerate():
        if thread.name == "suggestions":
            thread.join()
    assert suggest(engine, "nghi") == wanted != ()


def test_what_is_known_of_a_generation_goes_with_it(sample_engine: Current) -> None:
    known = _Completions(sample_engine())
    typed = Typed.of("nghi")
    assert known.beginning(typed, LIMIT) == known.beginning(typed, LIMIT) != ()
    gone = weakref.ref(known)
    gc.disable()
    try:
        del known
        assert gone() is None
    finally:
        gc.enable()


def test_every_suggestion_leads_somewhere(sample_settings: Settings) -> None:
    client = create_app(sample_settings).test_client()
    told = client.get("/api/v1/suggest", query_string={"q": "nghi"}).get_json()
    assert told["ok"] is True
    assert {row["kind"] for row in told["suggestions"]} >= {"document", "phrase"}
    for row in told["suggestions"]:
        assert client.get(row["url"], follow_redirects=True).status_code == 200


def test_a_phrase_tells_no_count_that_its_search_would_not_keep(sample_engine: Callable[[], Engine]) -> None:
    found = suggest(sample_engine(), "đại h")
    assert "phrase" in [one.kind for one in found]
    assert {one.count for one in found if one.kind == "phrase"} == {0}
    assert all(one.count for one in found if one.kind == "theme")
