"""The list of documents: narrowed by words and facets, counted, ordered, paged; its page and its data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from searchapp.article import Document
from searchapp.citations.resolve.names import Names
from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.ingest import reindex
from searchapp.query import Query
from searchapp.search.document_list import SIZE, Shelf
from searchapp.web import create_app

DOCUMENTS = [
    Document(
        slug=f"a/{n}", symbol=symbol, type=kind, issuer=issuer, term_id=term, date=date, title=title, aliases=aliases
    )
    for n, (symbol, kind, issuer, term, date, title, aliases) in enumerate(
        [
            ("05-NQ/TU", "NQ", "Thành ủy TPHCM", "tphcm-xi-2020", "2021-09-15", "Phục hồi kinh tế", ()),
            ("57-NQ/TW", "NQ", "Bộ Chính trị", "dang-xiii-2021", "2024-12-22", "Khoa học", ("Nghị quyết 57",)),
            ("05-CT/TW", "CT", "Bộ Chính trị", "dang-xii-2016", "2016-05-15", "Học tập và làm theo Bác", ()),
            ("NQ-ĐH/TW/XIII", "NQ", "Đại hội đại biểu toàn quốc", "dang-xiii-2021", "", "Đại hội XIII", ()),
            ("30/2020/NĐ-CP", "NĐ", "Chính phủ", "", "2020-03-05", "Công tác văn thư", ()),
            ("99-NQ/TW", "NQ", "Bộ Chính trị", "dang-xiii-2021", "2025-01-01", "Chưa ai nhắc", ()),
        ]
    )
]
COUNTS = {f"a/{n}": count for n, count in enumerate((9, 7, 7, 3, 1))}


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf("1", DOCUMENTS, COUNTS)


def symbols(shelf: Shelf, query: Query) -> list[str]:
    return [row.document.symbol for row in shelf.find(query, Names(DOCUMENTS).find(query.text)).rows]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["05-NQ/TU", "57-NQ/TW", "05-CT/TW", "NQ-ĐH/TW/XIII", "30/2020/NĐ-CP"]),
        ("05-NQ/TU", ["05-NQ/TU"]),
        ("5 nq tu", ["05-NQ/TU"]),
        ("nghị quyết số 05", ["05-NQ/TU"]),
        ("5", ["05-NQ/TU", "05-CT/TW"]),
        ("hoc tap", ["05-CT/TW"]),
        ("HỌC TẬP", ["05-CT/TW"]),
        ("bo chinh tri khoa", ["57-NQ/TW"]),
        ("chính ph", ["30/2020/NĐ-CP"]),
        ("nghị định 30", ["30/2020/NĐ-CP"]),
        ("đại hội", ["NQ-ĐH/TW/XIII"]),
        ("chưa ai nhắc", []),
        ("…!?", ["05-NQ/TU", "57-NQ/TW", "05-CT/TW", "NQ-ĐH/TW/XIII", "30/2020/NĐ-CP"]),
    ],
)
def test_documents_are_found_by_words_of_number_title_and_issuer(shelf: Shelf, text: str, found: list[str]) -> None:
    assert symbols(shelf, Query(text=text)) == found


@pytest.mark.parametrize(
    ("text", "found"), [("học tập", ["05-CT/TW"]), ("kinh tế", ["05-NQ/TU"]), ("xyz", ["05-NQ/TU", "05-CT/TW"])]
)
def test_of_several_that_a_number_names_the_other_words_choose(shelf: Shelf, text: str, found: list[str]) -> None:
    listing = shelf.find(Query(text=f"05 {text}"), [DOCUMENTS[0].slug, DOCUMENTS[2].slug])
    assert [row.document.symbol for row in listing.rows] == found


def test_facets_are_counted_with_their_own_choice_lifted(shelf: Shelf) -> None:
    listing = shelf.find(Query(filters={"type": ("nghi-quyet",), "issuer": ("Bộ Chính trị",)}))
    assert [row.document.symbol for row in listing.rows] == ["57-NQ/TW"]
    counted = {view.name: {value.value: value.count for value in view.values} for view in listing.facets}
    assert counted == {
        "type": {"nghi-quyet": 1, "chi-thi": 1},
        "issuer": {"Thành ủy TPHCM": 1, "Bộ Chính trị": 1, "Đại hội đại biểu toàn quốc": 1},
        "term": {"dang-xiii-2021": 1},
        "validity": {"khong-ro": 1},
    }


def test_a_chosen_value_stays_at_zero(shelf: Shelf) -> None:
    listing = shelf.find(Query(text="hoc tap", filters={"type": ("nghi-dinh",)}))
    assert listing.total == 0
    assert ("nghi-dinh", 0, True) in [(v.value, v.count, v.selected) for f in listing.facets for v in f.values]


@pytest.mark.parametrize(
    ("sort", "first", "last"), [("newest", "57-NQ/TW", "NQ-ĐH/TW/XIII"), ("oldest", "05-CT/TW", "NQ-ĐH/TW/XIII")]
)
def test_by_date_the_undated_come_last(shelf: Shelf, sort: str, first: str, last: str) -> None:
    found = symbols(shelf, Query(sort=sort))  # type: ignore[arg-type]
    assert (found[0], found[-1]) == (first, last)


def test_a_long_list_has_pages() -> None:
    many = [Document(slug=str(n), symbol=f"{n}-NQ/TU", type="NQ") for n in range(2 * SIZE + 1)]
    shelf = Shelf("1", many, {one.slug: 1 for one in many})
    listing = shelf.find(Query(page=3))
    assert (len(listing.rows), listing.total, listing.pages) == (1, 2 * SIZE + 1, 3)


def test_every_document_is_counted_however_many_there_are(tmp_path: Path) -> None:
    """An engine lists the most frequent values of a facet only; the shelf holds them all."""
    numbers = range(1, 301)
    texts = [
        " ".join(f"Nghị quyết số {n}-NQ/TU ngày 02/3/2021 của Thành ủy TPHCM." for n in numbers),
        "Nghị quyết số 300-NQ/TU ngày 02/3/2021 của Thành ủy TPHCM.",
    ]
    for at, text in enumerate(texts):
        (tmp_path / f"{at}.md").write_text(f"# Bài {at}\n\n{text}\n", encoding="utf-8")
    settings = Settings(index=tmp_path / "index")
    reindex([tmp_path], settings.index, settings, jobs=1)
    shelf = Shelf.of(open_engine(settings)())
    assert len(shelf) == len(numbers)
    assert [(row.document.symbol, row.count) for row in shelf.find(Query()).rows[:2]] == [
        ("300-NQ/TU", 2),
        ("01-NQ/TU", 1),
    ]


@pytest.fixture(scope="module")
def client(sample_settings: Settings, sample_engine: Callable[[], Engine]) -> FlaskClient:
    return create_app(sample_settings, sample_engine).test_client()


def test_page_and_data_say_the_same(client: FlaskClient) -> None:
    told = client.get("/api/v1/documents?q=05-NQ/TU").get_json()
    assert told["total"] == 2 and all(one["number"] == "05-NQ/TU" for one in told["documents"])
    page = client.get("/van-ban?q=05-NQ/TU").text
    assert "2 văn bản có “05-NQ/TU”" in page
    assert all(f'href="{one["url"]}"' in page for one in told["documents"])
    assert client.get("/van-ban.json?q=05-NQ/TU").get_json()["documents"] == told["documents"]


def test_data_leads_from_page_to_page(client: FlaskClient) -> None:
    url, seen = "/api/v1/documents?loai=nghi-quyet", []
    while url:
        told = client.get(url).get_json()
        seen += [one["id"] for one in told["documents"]]
        url = told["next_url"]
    assert len(seen) == len(set(seen)) == told["total"]


@pytest.mark.parametrize("bad", ["trang=0", "sap_xep=x", "loai=" + "a" * 400])
def test_what_cannot_be_meant_is_told(client: FlaskClient, bad: str) -> None:
    assert client.get(f"/van-ban?{bad}").status_code == 400


def test_only_what_articles_cite_is_listed(client: FlaskClient, sample_engine: Callable[[], Engine]) -> None:
    total = client.get("/api/v1/documents").get_json()["total"]
    assert total < sample_engine().stats().documents
    assert f"{total} văn bản được nhắc" in client.get("/do-phu").text
