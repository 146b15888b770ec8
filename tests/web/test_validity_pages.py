"""Validity through the real doors: files in; page, API, list, query fields and exports out."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

import searchapp
from searchapp.citations.resolve.validity import Edge, Status
from searchapp.config import Settings
from searchapp.engines import open_engine
from searchapp.export import write_graphml, write_relations
from searchapp.ingest import reindex
from searchapp.search.standing import Standing
from searchapp.web import create_app

_FOUND = importlib.util.spec_from_file_location("statuses", Path(__file__).parents[2] / "benchmarks" / "statuses.py")
assert _FOUND and _FOUND.loader
statuses = importlib.util.module_from_spec(_FOUND)
_FOUND.loader.exec_module(statuses)

ATOM = "{http://www.w3.org/2005/Atom}"

ROWS = [
    {
        "id": "new", "title": "Về công tác văn thư", "number": "50/2025/NĐ-CP", "kind": "Nghị định",
        "date": "2025-03-10", "issuer": "Chính phủ",
        "text": "Điều 1. Phạm vi\nNghị định này quy định về công tác văn thư.\nĐiều 9. Hiệu lực thi hành\n1. Nghị định "
        "này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2025.\n2. Nghị định này thay thế Nghị định số 30/2020/NĐ-CP "
        "ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư.\n3. Bãi bỏ khoản 2 Điều 5 Nghị định số "
        "11/2019/NĐ-CP ngày 01 tháng 2 năm 2019 của Chính phủ về lưu trữ.",
    },
    {
        "id": "old", "title": "Về công tác văn thư", "number": "30/2020/NĐ-CP", "kind": "Nghị định",
        "date": "2020-03-05", "issuer": "Chính phủ",
        "text": "Điều 1. Phạm vi\nNghị định này quy định về công tác văn thư.\nĐiều 38. Hiệu lực thi hành\nNghị định "
        "này có hiệu lực thi hành kể từ ngày ký.",
    },
    {
        "id": "press", "title": "Nghị định mới về lưu trữ", "date": "2024-01-02", "source": "Báo",
        "text": "Nghị định số 77/2024/NĐ-CP thay thế Nghị định số 11/2019/NĐ-CP ngày 01/02/2019 của Chính phủ.",
    },
]  # fmt: skip


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("validity")
    corpus = folder / "corpus"
    corpus.mkdir()
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS)
    (corpus / "rows.jsonl").write_text(lines, encoding="utf-8")
    settings = replace(Settings(), index=folder / "index", corpus=(corpus,))
    reindex(settings.corpus, settings.index, settings, jobs=1)
    return settings


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[FlaskClient]:
    yield create_app(settings, open_engine(settings)).test_client()


def document(client: FlaskClient, number: str, on: str = "2026-01-01") -> dict[str, object]:
    answer = client.get(f"/api/v1/documents/{number.replace('/', '%2F')}?tai_ngay={on}")
    found: dict[str, object] = answer.get_json()["document"]
    return found


@pytest.mark.parametrize(
    ("number", "on", "in_force", "value", "since", "by"),
    [
        ("50/2025/NĐ-CP", "2025-06-30", "2025-07-01", "chua", "2025-07-01", "50/2025/NĐ-CP"),
        ("50/2025/NĐ-CP", "2025-07-01", "2025-07-01", "khong-ro", None, None),
        ("30/2020/NĐ-CP", "2025-07-01", "2020-03-05", "het", "2025-07-01", "50/2025/NĐ-CP"),
        ("30/2020/NĐ-CP", "2024-01-01", "2020-03-05", "khong-ro", None, None),
        ("11/2019/NĐ-CP", "2026-01-01", None, "mot-phan", "2025-07-01", "50/2025/NĐ-CP"),
    ],
)
def test_the_api_tells_the_status_on_a_day(
    client: FlaskClient, number: str, on: str, in_force: str | None, value: str, since: str | None, by: str | None
) -> None:
    told = document(client, number, on)
    status = told["status"]
    assert isinstance(status, dict)
    assert (told["in_force"], status["value"], status["since"], status["on"]) == (in_force, value, since, on)
    assert (status["by"] and status["by"]["number"]) == by


def test_relations_stand_on_both_documents_with_their_sentence(client: FlaskClient) -> None:
    (out,) = [r for r in document(client, "50/2025/NĐ-CP")["relations"] if r["kind"] == "bai-bo"]  # type: ignore[attr-defined]
    (to,) = [r for r in document(client, "11/2019/NĐ-CP")["relations"] if r["kind"] == "bai-bo"]  # type: ignore[attr-defined]
    assert (out["direction"], to["direction"]) == ("out", "in")
    assert (out["document"]["number"], to["document"]["number"]) == ("11/2019/NĐ-CP", "50/2025/NĐ-CP")
    assert out["part"] == to["part"] == ["5/2"]
    assert out["day"] == "2025-07-01" and out["sure"] == 1.0
    assert "Bãi bỏ khoản 2 Điều 5" in "".join(piece["text"] for piece in to["sentence"])


def test_what_happened_to_a_document_can_be_followed(client: FlaskClient) -> None:
    page = "/van-ban/chinh-phu/nghi-dinh-30-2020-nd-cp"
    told = client.get(f"{page}/hieu-luc.atom")
    assert (told.status_code, told.mimetype) == (200, "application/atom+xml")
    feed = ElementTree.fromstring(told.data)
    titles = [one.findtext(f"{ATOM}title") for one in feed.iter(f"{ATOM}entry")]
    assert [title and title.partition(": ")[2] for title in titles] == [
        "Được thay thế bởi 50/2025/NĐ-CP",
        "Có hiệu lực",
    ]
    assert "thay thế Nghị định số 30/2020" in (next(feed.iter(f"{ATOM}summary")).text or "")
    assert f'href="{page}/hieu-luc.atom"' in client.get(page).text
    assert client.get("/van-ban/chinh-phu/nghi-dinh-1-1990-nd-cp/hieu-luc.atom").status_code == 404


def test_no_status_is_claimed_without_a_statement(settings: Settings) -> None:
    engine = open_engine(settings)()
    assert not list(statuses.unproved(engine, 200, "2026-01-01"))
    silent = Status("con", "2026-01-01", "2025-01-01", Edge(kind="thay-the", doer="a", target="b"))
    assert not statuses.proved(silent) and not statuses.proved(Status("het", "2026-01-01"))


def test_a_newspaper_alone_ends_nothing_but_is_told(client: FlaskClient) -> None:
    told = document(client, "11/2019/NĐ-CP")
    kinds = {(r["kind"], r["document"]["number"], r["sure"]) for r in told["relations"]}  # type: ignore[attr-defined]
    assert ("thay-the", "77/2024/NĐ-CP", 0.6) in kinds
    assert told["status"]["value"] == "mot-phan"  # type: ignore[index]


def test_the_page_says_it_with_sentence_and_source(client: FlaskClient) -> None:
    page = client.get("/van-ban/30/2020/NĐ-CP?tai_ngay=2026-01-01", follow_redirects=True).text
    assert "Hết hiệu lực" in page and ["từ", "ngày", "1", "tháng", "7,", "2025"][0] in page
    assert "50/2025/NĐ-CP" in page and 'id="relation-in-thay-the"' in page
    assert "Lịch sử hiệu lực" in page


@pytest.mark.parametrize(
    ("asked", "total"),
    [
        ("hieu-luc:het", 1),
        ("hieu-luc:khong-ro", 1),
        ("sua-doi:11/2019/NĐ-CP", 1),
        ("thay-the:30/2020/NĐ-CP", 1),
        ("thay-the:99/2001/NĐ-CP", 0),
        ("ngay-hieu-luc:2025-07", 1),
        ("ngay-hieu-luc:2020-03-05", 1),
        ("văn thư hieu-luc:het", 1),
    ],
)
def test_query_fields_find_documents_by_what_holds(client: FlaskClient, asked: str, total: int) -> None:
    assert (
        client.get("/api/v1/search", query_string={"q": asked, "tai_ngay": "2026-01-01"}).get_json()["total"] == total
    )


@pytest.mark.parametrize(
    "asked", ["/api/v1/search?hieu_luc=het&tai_ngay=2026-01-01", "/van-ban.json?hieu_luc=het&tai_ngay=2026-01-01"]
)
def test_the_facet_narrows_results_and_the_list(client: FlaskClient, asked: str) -> None:
    told = client.get(asked).get_json()
    assert told["total"] == 1
    values = {value["value"]: value["count"] for value in told["facets"]["validity"]["values"]}
    assert values["het"] == 1 and values["khong-ro"] >= 1


@pytest.mark.parametrize("asked", ["/tim-kiem?hieu_luc=xx", "/tim-kiem?tai_ngay=x", "/tim-kiem?q=hieu-luc:xx"])
def test_what_cannot_be_meant_is_told(client: FlaskClient, asked: str) -> None:
    assert client.get(asked).status_code == 400


def test_the_calendar_has_the_days_on_which_something_happens(client: FlaskClient) -> None:
    calendar = client.get("/van-ban/chinh-phu/nghi-dinh-30-2020-nd-cp.ics").text
    assert "DTSTART;VALUE=DATE:20250701" in calendar and "DTSTART;VALUE=DATE:20200305" in calendar


def test_search_engines_are_told(client: FlaskClient) -> None:
    page = client.get("/van-ban/chinh-phu/nghi-dinh-30-2020-nd-cp?tai_ngay=2026-01-01").text
    assert '"legislationLegalForce": "https://schema.org/NotInForce"' in page


def test_relations_are_exported_with_their_sentence(settings: Settings, tmp_path: Path) -> None:
    engine = open_engine(settings)()
    force = Standing.of(engine).force
    with (tmp_path / "relations.csv").open("w+", encoding="utf-8") as out:
        count = write_relations(engine, force, out)
        out.seek(0)
        rows = list(csv.DictReader(line.lstrip("\ufeff") for line in out))
    assert count == len(rows)
    (row,) = [row for row in rows if row["kind"] == "bai-bo"]
    assert (row["doer_symbol"], row["target_symbol"], row["part"]) == ("50/2025/NĐ-CP", "11/2019/NĐ-CP", "5/2")
    assert row["day"] == "2025-07-01" and "Bãi bỏ khoản 2 Điều 5" in row["sentence"]
    graph = io.StringIO()
    write_graphml(engine, graph, force)
    assert '<data key="edge.relation">thay-the</data>' in graph.getvalue()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("50/2025/NĐ-CP\tbai-bo\t11/2019/NĐ-CP\t\t2025-07-01\tCông báo", ""),
        ("50/2025/NĐ-CP\txoa\t11/2019/NĐ-CP\t\t\tCông báo", "kind"),
        ("50/2025/NĐ-CP\tbai-bo\t11/2019/NĐ-CP\t\t\t", "source"),
        ("50/2025/NĐ-CP\tbai-bo\t1/1900/NĐ-CP\t\t\tCông báo", "must mean one document"),
    ],
)
def test_a_table_of_the_site_corrects_or_says_what_is_wrong(
    settings: Settings, tmp_path: Path, row: str, says: str
) -> None:
    table = tmp_path / "relations.tsv"
    table.write_text("doer\tkind\ttarget\tpart\tday\tsource\n" + row + "\n", encoding="utf-8")
    engine = open_engine(settings)()
    standing = Standing.of(engine, str(table))
    if says:
        (problem,) = standing.problems
        assert says in problem and f"{table}, line 2" in problem
        return
    slug = engine.documents("11/2019/NĐ-CP")[0].slug
    status = standing.status(slug, "2026-01-01")
    assert not standing.problems
    assert (status.value, status.edge and status.edge.source) == ("het", "Công báo")


def test_the_folder_of_tables_may_hold_the_relations(settings: Settings, tmp_path: Path) -> None:
    rows = "# của kho\ndoer\tkind\ttarget\tsource\n50/2025/NĐ-CP\tbai-bo\t11/2019/NĐ-CP\tCông báo số 9\n"
    (tmp_path / "relations.tsv").write_text(rows, encoding="utf-8")
    own = replace(settings, tables=tmp_path)
    engine = open_engine(own)()
    status = Standing.of(engine, *own.relation_tables).status(engine.documents("11/2019/NĐ-CP")[0].slug, "2026-01-01")
    assert (status.value, status.edge and status.edge.source) == ("het", "Công báo số 9")


def test_cards_and_results_warn_of_what_has_certainly_ended(client: FlaskClient) -> None:
    found = client.get("/tim-kiem", query_string={"q": "30/2020/NĐ-CP", "tai_ngay": "2026-01-01"}).text
    assert "Hết hiệu lực từ 01/7/2025" in found
    before = client.get("/tim-kiem", query_string={"q": "30/2020/NĐ-CP", "tai_ngay": "2024-01-01"}).text
    assert "Hết hiệu lực từ" not in before
    assert "Hết hiệu lực từ" not in client.get("/tim-kiem?q=11/2019/NĐ-CP&tai_ngay=2024-06-01").text


@pytest.mark.parametrize(("day", "ended"), [("2026-01-01", True), ("2024-01-01", False)])
def test_the_card_of_a_provision_warns_too(client: FlaskClient, day: str, ended: bool) -> None:
    found = client.get("/tim-kiem", query_string={"q": "điều 38 nghị định 30/2020/NĐ-CP", "tai_ngay": day}).text
    card = found.partition('<section class="card provision">')[2].partition("</section>")[0]
    assert "Điều 38" in card and ("Hết hiệu lực từ 01/7/2025" in card) == ended


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nghị định 11/2019/NĐ-CP", "Hết hiệu lực một phần"),
        ("nghị định về công tác văn thư còn hiệu lực không", "Hết hiệu lực từ 01/7/2025"),
        ("nghi dinh 77/2024/nd-cp con hieu luc khong", "Không rõ còn hiệu lực hay không"),
        ("nghị định 77/2024/NĐ-CP", ""),
    ],
)
def test_a_card_answers_who_asks_whether_a_document_holds(client: FlaskClient, text: str, told: str) -> None:
    found = client.get("/tim-kiem", query_string={"q": text, "tai_ngay": "2025-08-01"}).text
    card = found.partition('class="card')[2].partition("</section>")[0]
    assert "/van-ban/" in card and (told in card if told else "hiệu lực" not in card)


@pytest.mark.parametrize("first", ["/tim-kiem?q=nghị+định+về+công+tác+văn+thư", "/api/v1/search?q=NĐ+về+lưu+trữ", "/"])
def test_the_own_table_of_relations_holds_whoever_asks_first(first: str, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    row = "50/2025/NĐ-CP\tbai-bo\t77/2024/NĐ-CP\t\t2025-07-01\tCông báo"
    (tmp_path / "own.tsv").write_text(f"doer\tkind\ttarget\tpart\tday\tsource\n{row}\n", encoding="utf-8")
    own = Settings(index=tmp_path / "index", corpus=(tmp_path / "a.jsonl",), relations=str(tmp_path / "own.tsv"))
    reindex(own.corpus, own.index, own, jobs=1)
    site = create_app(own, open_engine(own)).test_client()
    assert site.get(first).status_code == 200
    told = site.get("/api/v1/documents/chinh-phu/nghi-dinh-77-2024-nd-cp?tai_ngay=2025-08-01").get_json()
    assert told["document"]["status"]["value"] == "het"


def test_a_row_that_means_two_documents_after_a_reindex_is_told_and_fails_no_page(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    rows = (
        "50/2025/NĐ-CP\tbai-bo\t5/QĐ-UBND\t\t\tCông báo\n50/2025/NĐ-CP\tbai-bo\t77/2024/NĐ-CP\t\t2025-07-01\tCông báo"
    )
    (tmp_path / "own.tsv").write_text(f"doer\tkind\ttarget\tpart\tday\tsource\n{rows}\n", encoding="utf-8")
    (tmp_path / "searchapp.toml").write_text('relations = "own.tsv"\ncorpus = ["a.jsonl"]\n', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "searchapp", "reindex", "--jobs", "1"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(searchapp.__file__).parents[1])},
    )  # fmt: skip
    assert (done.returncode, "line 2: '5/QĐ-UBND' must mean one document" in done.stdout) == (0, True), done
    own = Settings(index=tmp_path / "index", relations=str(tmp_path / "own.tsv"))
    site = create_app(own, open_engine(own)).test_client()
    told = site.get("/api/v1/documents/chinh-phu/nghi-dinh-77-2024-nd-cp?tai_ngay=2025-08-01").get_json()
    assert told["document"]["status"]["value"] == "het"
    assert site.get("/van-ban/chinh-phu/nghi-dinh-77-2024-nd-cp").status_code == 200


@pytest.mark.parametrize(
    ("zone", "moment", "in_force"),
    [
        ("Asia/Ho_Chi_Minh", "2025-06-30T16:59:00+00:00", False),
        ("Asia/Ho_Chi_Minh", "2025-06-30T17:01:00+00:00", True),  # midnight there, whatever the machine's zone is
        ("UTC", "2025-06-30T23:59:00+00:00", False),
        ("America/New_York", "2025-07-01T03:59:00+00:00", False),
        ("America/New_York", "2025-07-01T04:01:00+00:00", True),
    ],
)
def test_today_is_the_day_of_the_archive(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, zone: str, moment: str, in_force: bool
) -> None:
    monkeypatch.setattr("searchapp.dates.datetime", clock(moment))
    site = create_app(replace(settings, timezone=zone)).test_client()
    page = site.get("/api/v1/documents/50%2F2025%2FN%C4%90-CP").get_json()["document"]
    assert (page["status"]["value"] != "chua") == in_force
    assert bool(site.get("/tim-kiem.json?q=văn+thư&hieu_luc=chua").get_json()["total"]) != in_force


def clock(moment: str) -> type[datetime]:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Clock:
            return cls.fromisoformat(moment).astimezone(tz)

    return Clock


def test_a_page_of_yesterday_is_not_taken_from_a_cache(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    site = create_app(settings).test_client()
    monkeypatch.setattr("searchapp.dates.datetime", clock("2025-06-30T12:00:00+00:00"))
    answer = site.get("/tim-kiem?q=văn+thư")
    again = {"If-None-Match": answer.headers["ETag"]}
    assert answer.status_code == 200 and site.get("/tim-kiem?q=văn+thư", headers=again).status_code == 304
    monkeypatch.setattr("searchapp.dates.datetime", clock("2025-06-30T18:00:00+00:00"))
    assert site.get("/tim-kiem?q=văn+thư", headers=again).status_code == 200
