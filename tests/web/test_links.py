"""URL ↔ Query: every parameter of the query language both ways, and what is refused."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searchapp.citations.resolve.validity import VALUES
from searchapp.errors import BadQueryError
from searchapp.fields import FACETS
from searchapp.query import Query
from searchapp.web.links import Links, Toggler, between, parameters, read, read_lang, toggled, unfiltered

# Other work on the machine must not fail a test.
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def url_of(query: Query) -> str:
    return Links().results(query)


def query_of(url: str) -> Query:
    return read(parse_qsl(urlsplit(url).query))


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], Query()),
        ([("q", "")], Query()),
        ([("q", "đảng bộ"), ("q", "khác")], Query(text="đảng bộ")),
        ([("q", "Hoà hòa Đ Ð 05")], Query(text="Hoà hòa Đ Ð 05")),
        ([("q", "nghi quyet")], Query(text="nghi quyet")),
        ([("nam", "2022"), ("nam", "2021")], Query(filters={"date": ("2021", "2022")})),
        ([("ngay", "2021-09-15")], Query(filters={"date": ("2021-09-15",)})),
        ([("ngay", "2021-09"), ("ngay", "khong-ro")], Query(filters={"date": ("2021-09", "unknown")})),
        ([("tu", "2021-01-01"), ("den", "2021-12-31")], Query(since="2021-01-01", until="2021-12-31")),
        ([("tu", "15/9/2021")], Query(since="2021-09-15")),
        ([("tu", "2021-02"), ("den", "2024-02")], Query(since="2021-02-01", until="2024-02-29")),
        ([("van_ban", "05-NQ/TU")], Query(filters={"document": ("05-NQ/TU",)})),
        ([("chu_de", "dan-van"), ("chu_de", "an-sinh")], Query(filters={"theme": ("an-sinh", "dan-van")})),
        ([("nhiem_ky", "x"), ("co_quan", "y")], Query(filters={"term": ("x",), "issuer": ("y",)})),
        (
            [("loai", "chi-thi"), ("chuyen_muc", "Thời sự")],
            Query(filters={"type": ("chi-thi",), "section": ("Thời sự",)}),
        ),
        ([("nguon", "Báo A"), ("nguon", "")], Query(filters={"source": ("Báo A",)})),
        ([("sap_xep", "moi-nhat"), ("so", "50"), ("trang", "20")], Query(sort="newest", size=50, page=20)),
        ([("sap_xep", "lien-quan"), ("so", "10"), ("trang", "1")], Query()),
        ([("khong_biet", "1"), ("callback", "alert(1)"), ("next", "javascript:")], Query()),
        ([("sau", "a.b:c-1")], Query(after="a.b:c-1")),
        ([("nguyen_van", "1")], Query(verbatim=True)),
    ],
    ids=str,
)
def test_parameters_mean_what_the_query_language_says(pairs: list[tuple[str, str]], expected: Query) -> None:
    assert read(pairs) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[
            ("trang", v)
            for v in ("0", "-1", "1.0", "1e3", "NaN", "0x10", "１", "٣", "1_0", " 7 ", "+5", "101", "9" * 5000)
        ],
        *[("so", v) for v in ("0", "-1", "1000000000", "None", "15", "１０")],
        *[("nam", v) for v in ("21", "2021-09", "٢٠٢١", "0000", "abcd", "20211")],
        *[("ngay", v) for v in ("2021", "2020-02-30", "15/9/2021", "hôm nay", "2021-9-5")],
        *[("tu", v) for v in ("2020-02-30", "0000-01-01", "x", "31/02/2021", "hôm qua", "1" * 9000)],
        *[("sap_xep", v) for v in ("../../", "__class__", "newest", "MOI-NHAT")],
        *[("chu_de", v) for v in ("a\x00b", "x" * 10_000, "\ud800")],
        *[("sau", v) for v in ("a b", "<script>", "x" * 5000)],
    ],
)
def test_wrong_values_are_refused_in_vietnamese(name: str, value: str) -> None:
    with pytest.raises(BadQueryError) as caught:
        read([(name, value)])
    assert caught.value.field == name
    assert any(letter in str(caught.value) for letter in "ảãàạăắâấđệịợủừốộ")
    assert len(str(caught.value)) < 250  # a huge value is not echoed


def test_refusals_name_what_is_allowed() -> None:
    with pytest.raises(BadQueryError) as caught:
        read([("sap_xep", "date")])
    assert caught.value.allowed == ("lien-quan", "moi-nhat", "cu-nhat")
    assert "moi-nhat" in str(caught.value)


def test_days_in_the_wrong_order_are_not_swapped() -> None:
    with pytest.raises(BadQueryError):
        read([("tu", "2021-12-31"), ("den", "2021-01-01")])


def test_a_hundred_parameters_and_no_more() -> None:
    assert read([("chu_de", f"t{n}") for n in range(100)]).filters["theme"][0] == "t0"
    with pytest.raises(BadQueryError):
        read([("x", "") for _ in range(101)])


@pytest.mark.parametrize(("value", "lang"), [("", "vi"), ("vi", "vi"), ("en", "en")])
def test_language(value: str, lang: str) -> None:
    assert read_lang([("lang", value)]) == lang


@pytest.mark.parametrize("value", ["../x", "EN", "fr", '"><'])
def test_unknown_languages_are_refused(value: str) -> None:
    with pytest.raises(BadQueryError):
        read_lang([("lang", value)])


# Typed text keeps its accents, tones and Unicode form; facet values are anything printable.
_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)
_VALUE = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
_DAY = st.dates(date(1000, 1, 1), date(2100, 1, 1)).map(date.isoformat)
_DATE = st.one_of(_DAY, _DAY.map(lambda day: day[:7]), _DAY.map(lambda day: day[:4]), st.just("unknown"))


@st.composite
def queries(draw: st.DrawFn) -> Query:
    filters = {}
    for facet in draw(st.lists(st.sampled_from(FACETS), unique_by=lambda facet: facet.name, max_size=4)):
        kinds = {"date": _DATE, "validity": st.sampled_from(VALUES)}
        values = draw(st.sets(kinds.get(facet.name, _VALUE), min_size=1, max_size=4))
        filters[facet.name] = tuple(sorted(values))
    first, last = sorted(draw(st.tuples(_DAY, _DAY)))
    size = draw(st.sampled_from([10, 20, 50]))
    return Query(
        text=draw(_TEXT),
        filters=MappingProxyType(filters),
        since=draw(st.sampled_from(["", first])),
        until=draw(st.sampled_from(["", last])),
        sort=draw(st.sampled_from(["relevance", "newest", "oldest"])),
        size=size,
        page=draw(st.integers(1, 1000 // size)),
        after=draw(st.sampled_from(["", "7.25:12"])),
        verbatim=draw(st.booleans()),
    )


@UNTIMED
@given(queries())
def test_a_query_survives_its_url(query: Query) -> None:
    assert read(parameters(query)) == query
    assert query_of(url_of(query)) == query
    assert url_of(query_of(url_of(query))) == url_of(query)


@UNTIMED
@given(queries(), _VALUE)
def test_choosing_twice_is_not_choosing(query: Query, value: str) -> None:
    once = toggled(query, "theme", value)
    assert (value in once.filters.get("theme", ())) != (value in query.filters.get("theme", ()))
    assert toggled(once, "theme", value).filters == query.filters
    assert once.page == 1


def test_urls_are_canonical_and_readable() -> None:
    query = read(
        [("trang", "2"), ("chu_de", "b"), ("chu_de", "a"), ("q", "đảng"), ("den", "2021-12-31"), ("tu", "1/1/2021")]
    )
    expected = "/tim-kiem?q=%C4%91%E1%BA%A3ng&tu=2021-01-01&den=2021-12-31&chu_de=a&chu_de=b&trang=2"
    assert url_of(query) == expected
    assert Links("/tra-cuu", "en").results(query) == "/tra-cuu" + expected + "&lang=en"
    assert url_of(unfiltered(query)) == "/tim-kiem?q=%C4%91%E1%BA%A3ng"
    assert url_of(between(query, "2021-09-01", "")) == "/tim-kiem?q=%C4%91%E1%BA%A3ng&tu=2021-09-01&chu_de=a&chu_de=b"


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Thành ủy ban hành nghị quyết", "/bai/abc/thanh-uy-ban-hanh-nghi-quyet"),
        ("Ðảng, đảng & Đảng", "/bai/abc/dang-dang-dang"),
        ("Hội nghị", "/bai/abc/hoi-nghi"),  # NFD
        ("", "/bai/abc/bai"),
        ("…", "/bai/abc/bai"),
        ("30 năm", "/bai/abc/30-nam"),
    ],
)
def test_articles_have_readable_addresses(title: str, path: str) -> None:
    assert Links().article("abc", title) == path
    assert Links().article("abc", title, "đ").endswith("?q=%C4%91")


def test_other_pages() -> None:
    links = Links("/x")
    assert links.document("thanh-uy-tphcm/nghi-quyet-05-nq-tu/2020-2025") == (
        "/x/van-ban/thanh-uy-tphcm/nghi-quyet-05-nq-tu/2020-2025"
    )
    assert links.day("2021-09-15", "atom") == "/x/ngay/2021-09-15.atom"
    assert links.theme() == "/x/chu-de" and links.theme("dan-van") == "/x/chu-de/dan-van"
    assert links.page("/a b", [("q", "x&y=z")]) == "/x/a%20b?q=x%26y%3Dz"


@pytest.mark.parametrize(
    "filters",
    [{}, {"theme": ("giao-duc", "y-te")}, {"date": ("2021", "2021-09")}, {"source": ("Báo & Đài", "a=b")}],
)
@pytest.mark.parametrize("text", ["", "0-stand-in-0", "chu_de=0-stand-in-0", "giáo dục & y tế"])
@pytest.mark.parametrize("facet", ["theme", "date", "source"])
def test_the_links_of_a_facet_are_those_of_each_value(filters, text, facet) -> None:
    query = Query(text=text, filters=filters, page=3, after="x")
    values = ["a", "giao-duc", "z", "2020", "2021", "2021-09", "2021-10-01", "unknown", "Báo & Đài", "a=b", "+ %", "đ"]
    for link in (Links("/tra-cuu", "en").api, Links("", "vi").results):
        toggler = Toggler(link, query, facet)
        assert [toggler.url(value) for value in values] == [link(toggled(query, facet, value)) for value in values]
