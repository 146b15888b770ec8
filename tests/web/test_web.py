"""The pages over the sample corpus: what they show, what they refuse, what every answer carries."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from searchapp.citations.find.vocabulary import HEADINGS, TYPE_NAMES, type_label, type_slug
from searchapp.config import Settings
from searchapp.dates import parse_date
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.errors import CorruptIndexError, NoIndexError
from searchapp.ingest import reindex
from searchapp.query import Query
from searchapp.results import Answer, Bucket, Page
from searchapp.text.normalize import fold, slug
from searchapp.web import blueprint, create_app
from searchapp.web.data import openapi
from searchapp.web.links import LANGS, Links
from searchapp.web.pages.article_text import safe_url
from searchapp.web.pages.timeline import Event, draw
from searchapp.web.provenance import Almanac
from searchapp.web.texts import TABLE, date, names, number, say

PACKAGE = Path(__file__).parents[2] / "searchapp"
MAX_PAGE_BYTES = 60_000


@pytest.fixture(scope="module")
def client(sample_settings: Settings, sample_engine: Callable[[], Engine]) -> FlaskClient:
    return create_app(sample_settings, sample_engine).test_client()


@pytest.fixture(scope="module")
def sample(sample_engine: Callable[[], Engine]) -> dict[str, str]:
    """One article of each kind of address."""
    engine = sample_engine()
    document = next(d for d in engine.documents("05-NQ/TU") if d.date == "2021-09-15")
    found = engine.search(Query(filters={"document": (document.slug,)}, sort="newest")).matches[0].article
    return {"article": found.key, "document": document.slug, "day": found.date, "title": found.title}


class Reading(HTMLParser):
    """What the tests want to know of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str, **wanted: str) -> list[dict[str, Any]]:
        return [a for t, a in self.tags if t == tag and all(a.get(k) == v for k, v in wanted.items())]


def read(client: FlaskClient, url: str, status: int = 200) -> Reading:
    answer = client.get(url)
    assert answer.status_code == status, (url, answer.status_code)
    return Reading(answer.text)


PAGES = [
    "/",
    "/tim-kiem",
    "/tim-kiem?q=nghị quyết",
    "/tim-kiem?q=05-NQ/TU",
    "/tim-kiem?q=zzzqqq&nam=2021",
    "/tim-kiem?q=nghi quyet&lang=en&so=50",
    "/bai/{article}?q=phục hồi",
    "/van-ban/{document}",
    "/ngay/{day}",
    "/ngay/2021-10",
    "/chu-de",
    "/chu-de/dan-van",
    "/do-phu",
    "/so-sanh?q=nghị quyết",
    "/da-luu",
    "/xuat?q=nghị quyết",
    "/xuat?lang=en",
    "/gioi-thieu",
    "/gioi-thieu?lang=en",
]


@pytest.mark.parametrize("url", PAGES)
def test_every_page_is_whole_small_and_safe(client: FlaskClient, sample: dict[str, str], url: str) -> None:
    answer = client.get(url.format(**sample), follow_redirects=True)
    page = Reading(answer.text)
    sent = client.get(url.format(**sample), follow_redirects=True, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200 and len(sent.data) < MAX_PAGE_BYTES / 2
    assert len(page.all("h1")) == 1 and len(page.all("main", id="main")) == 1
    assert page.all("html")[0]["lang"] in ("vi", "en")
    assert not [a for _, a in page.tags if "style" in a or any(name.startswith("on") for name in a)]
    data = "application/ld+json"  # never run, so no policy forbids it
    assert all(a.get("src") for a in page.all("script") if a.get("type") != data) and not page.all("style")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy and "frame-ancestors 'none'" in policy and "default-src 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "Set-Cookie" not in answer.headers and "Cookie" not in answer.headers.get("Vary", "")
    robots = [a["content"] for a in page.all("meta", name="robots")]
    closed = {"/tim-kiem": ["noindex,follow"], "/so-sanh": ["noindex,follow"], "/da-luu": ["noindex"]}
    assert robots == closed.get(urlsplit(url).path, [])


def test_a_page_with_its_style_and_scripts_is_small(client: FlaskClient) -> None:
    files = [file for file in (PACKAGE / "web" / "static").iterdir() if file.suffix in (".js", ".css", ".svg")]
    urls = ["/tim-kiem?q=nghị quyết&so=50", *(f"/static/{file.name}" for file in files)]
    sizes = {url: len(client.get(url, headers={"Accept-Encoding": "gzip"}).data) for url in urls}
    assert len(files) >= 8 and sum(sizes.values()) < MAX_PAGE_BYTES, sizes


@pytest.mark.parametrize("lang", ["", "lang=en"])
def test_every_link_of_the_site_leads_somewhere(client: FlaskClient, sample: dict[str, str], lang: str) -> None:
    seen: set[str] = set()
    for url in PAGES:
        at = url if not lang or lang in url else f"{url}{'&' if '?' in url else '?'}{lang}"
        page = Reading(client.get(at.format(**sample), follow_redirects=True).text)
        for tag in ("a", "link"):
            for attributes in page.all(tag):
                href = str(attributes.get("href", ""))
                if href.startswith("/") and len(seen) < 400:
                    seen.add(href.split("#")[0])
    broken = [url for url in sorted(seen) if client.get(url).status_code not in (200, 301, 302)]
    assert broken == [] and len(seen) > 100
    assert [url for url in seen if url.count("?") > 1 or f"{lang or '?'}/" in url] == []


@pytest.mark.parametrize("url", ["/tim-kiem?q=nghị quyết", "/bai/{article}/x", "/van-ban/{document}", "/ngay/2021-10"])
def test_names_on_english_pages_are_said_to_be_vietnamese(
    client: FlaskClient, sample: dict[str, str], url: str
) -> None:
    at = f"{url}{'&' if '?' in url else '?'}lang=en".format(**sample)
    html = client.get(at, follow_redirects=True).text
    main = re.sub(r"<fieldset.*?</fieldset>", "", html[html.index("<main") : html.index("</main>")], flags=re.DOTALL)
    names = "Báo Sông Sài Gòn|Trang tin Đảng bộ Thành phố|Thành ủy TPHCM"
    said = re.findall(rf"<(?:span|dd)([^>]*)>(?:{names})<", main)
    assert said and set(said) == {' lang="vi"'}
    assert " · Thành ủy TPHCM · " not in html[html.index("<main") :]
    assert 'class="brand" lang="vi"' in html


def test_home_says_what_there_is(client: FlaskClient, sample_engine: Callable[[], Engine]) -> None:
    page, stats = read(client, "/"), sample_engine().stats()
    assert f"{stats.articles} bài viết" in page.text and stats.first[:4] in page.text
    assert len([a for a in page.all("a") if str(a["href"]).startswith("/chu-de/")]) >= 6
    assert len([a for a in page.all("a") if str(a["href"]).startswith("/bai/")]) >= 5
    assert len([a for a in page.all("a") if str(a["href"]).startswith("/van-ban/")]) >= 5


def test_home_features_what_the_newest_month_cites_unless_somebody_chose(
    client: FlaskClient, sample: dict[str, str], sample_settings: Settings, sample_engine: Callable[[], Engine]
) -> None:
    html = client.get("/").text
    month = Almanac.of(sample_engine()).days[-1][:7]
    shown = html[html.index("Văn bản nổi bật") : html.index("Mới nhất")]
    listed = re.findall(r'href="/van-ban/([^"]+)".*?<small>(\d+) bài', shown)
    assert f"{int(month[5:])}/{month[:4]}" in shown and listed
    for document, count in listed:
        asked = {"van_ban": document, "ngay": month}
        assert client.get("/tim-kiem.json", query_string=asked).json["total"] == int(count)
    chosen = create_app(replace(sample_settings, featured=(sample["article"],)), sample_engine).test_client()
    page = chosen.get("/").text
    assert sample["article"] in page[page.index("Tin nổi bật") : page.index("Mới nhất")]
    assert "Văn bản nổi bật" not in page


def test_an_article_says_why_it_has_its_themes(client: FlaskClient) -> None:
    found = client.get("/api/v1/search?q=th%C3%A0nh%20%E1%BB%A7y&so=50").get_json()["results"]
    filed = next(one for one in found if one["themes"])
    page = client.get(filed["url"], follow_redirects=True).text
    told = page.split("Vì sao chủ đề này")[1].split("</details>")[0]
    assert told.count("<b>") == len(filed["themes"])
    assert re.search(r"<q[^>]*>[^<]+</q>", told) or "theo nguồn" in told


@pytest.mark.parametrize(
    "text",
    ["nghị quyết", "nghi quyet", "NGHỊ QUYẾT", "nghị quyết", "nghị quyết  ", "ｎghị quyết"],
    ids=["usual", "no diacritics", "capitals", "NFD", "spaces", "full width"],
)
def test_the_box_keeps_what_was_typed(client: FlaskClient, text: str) -> None:
    answer = client.get("/tim-kiem", query_string={"q": text})
    page = Reading(answer.text)
    assert page.all("input", name="q")[0]["value"] == text
    total = re.search(r"([\d.]+) kết quả cho", page.text)
    assert total and int(total[1].replace(".", "")) > 20


@pytest.mark.parametrize(("first", "second"), [("hòa", "hoà"), ("thủy", "thuỷ"), ("Đảng bộ", "Ðảng bộ"), ("kỹ", "kĩ")])
def test_spellings_find_the_same(client: FlaskClient, first: str, second: str) -> None:
    one, other = (client.get("/tim-kiem.json", query_string={"q": q}).json for q in (first, second))
    assert [r["id"] for r in one["results"]] == [r["id"] for r in other["results"]]
    assert one["total"] == other["total"] > 0


def test_an_empty_query_lists_everything_newest_first(client: FlaskClient) -> None:
    page = read(client, "/tim-kiem?q=")
    dates = [str(a["datetime"]) for a in page.all("time")]
    assert len(dates) >= 10 and dates == sorted(dates, reverse=True)


def test_the_form_without_javascript_asks_what_is_ticked(client: FlaskClient) -> None:
    page = read(client, "/tim-kiem?q=nghị quyết&nam=2021&chu_de=dan-van&sap_xep=moi-nhat&so=20&trang=2")
    ticked = {(a["name"], a["value"]) for a in page.all("input", type="checkbox", form="tim") if "checked" in a}
    assert ticked == {("nam", "2021"), ("chu_de", "dan-van")}
    hidden = {(a["name"], a["value"]) for a in page.all("input", type="hidden")}
    assert hidden == {("sap_xep", "moi-nhat"), ("so", "20")}
    assert {a["name"] for a in page.all("input", form="tim")} >= {"nam", "chu_de", "van_ban", "tu", "den"}


def test_chosen_values_are_chips_that_can_be_given_up(client: FlaskClient) -> None:
    page = read(client, "/tim-kiem?q=nghị quyết&nam=2021&chu_de=dan-van&tu=2021-09-01&den=2021-12-31")
    chips = [str(a["href"]) for a in page.all("a") if "on" in str(a.get("class")).split()]
    kept = [dict(parse_qsl(urlsplit(chip).query)) for chip in chips]
    everything = {"q": "nghị quyết", "nam": "2021", "chu_de": "dan-van", "tu": "2021-09-01", "den": "2021-12-31"}
    assert [set(everything) - set(one) for one in kept] == [{"nam"}, {"chu_de"}, {"tu", "den", "nam"}]
    assert "01/9/2021 – 31/12/2021" in page.text and "Dân vận" in page.text


def test_facet_counts_are_the_totals_they_promise(client: FlaskClient) -> None:
    data = client.get("/tim-kiem.json?q=nghị quyết&nam=2021").json
    for name in ("theme", "document", "date", "source"):
        for value in data["facets"][name]["values"][:3]:
            if not value["selected"] and name != "date":
                assert client.get(value["toggle_url"]).json["total"] == value["count"], (name, value["value"])


def test_a_document_is_answered_by_a_card(client: FlaskClient, sample: dict[str, str]) -> None:
    page = read(client, "/tim-kiem?q=Nghị quyết số 05-NQ/TU ngày 15/9/2021")
    assert page.all("section", **{"class": "card"})
    assert f"/van-ban/{sample['document']}" in [a["href"] for a in page.all("a")]


def test_the_timeline_has_a_table_with_the_same_numbers(client: FlaskClient) -> None:
    page = read(client, "/tim-kiem?q=nghị quyết")
    bars = [a for a in page.all("rect") if "bar" in str(a["class"]).split()]
    assert page.all("svg")[0]["aria-label"] == "Số bài theo năm" and bars
    html = client.get("/tim-kiem?q=nghị quyết").text
    table = html[html.index("<tbody>") : html.index("</tbody>")]
    assert len(re.findall("<tr>", table)) == len(bars)


def test_two_timelines_side_by_side_are_drawn_to_one_scale(client: FlaskClient) -> None:
    html = client.get("/so-sanh?q=nghị quyết&tu=2024-01-01&den=2024-12-31&tu_2=2025-01-01&den_2=2025-12-31").text
    bars = re.findall(r"<title>[^<:]+: (\d+) bài</title>.*?class=\"bar\"[^>]* height=\"([\d.]+)\"", html)
    heights = {float(height) / int(count) for count, height in bars}
    assert len({count for count, _ in bars}) > 1
    assert max(heights) - min(heights) < 0.1
    assert "(+160%)" in html


def test_a_timeline_of_months_begins_with_its_year() -> None:
    def labels(first: str, months: int, lang: Literal["vi", "en"] = "vi") -> list[str]:
        names = [f"{int(first[:4]) + at // 12}-{at % 12 + 1:02}" for at in range(int(first[5:]) - 1, 60)][:months]
        bars = tuple(Bucket(name, 1) for name in names)
        page = Page(query=Query(), generation="", total=months, hits=(), timeline=bars, timeline_step="month")
        line = draw(page, Query(), Links(lang=lang))
        return [bar.label for bar in line.bars if bar.label] if line else []

    assert labels("2021-10", 30) == ["2022", "2023", "2024"]
    assert labels("2021-02", 30) == ["2021", "2022", "2023"]
    assert labels("2021-10", 11) == ["10/2021", "12/2021", "02/2022", "4/2022", "6/2022", "8/2022"]
    assert labels("2021-10", 4, "en") == ["Oct 2021", "Nov", "Dec", "Jan 2022"]


@pytest.mark.parametrize("every", [2, 3, 5, 8])
def test_the_names_of_marks_never_meet(every: int) -> None:
    years = tuple(Bucket(str(year), 1) for year in range(1986, 2026))
    page = Page(query=Query(), generation="", total=40, hits=(), timeline=years)
    events = [Event(f"{year}-06-15", "Đại hội XVIII", "XVIII") for year in range(1987, 2025, every)]
    line = draw(page, Query(), Links(), events)
    assert line and len(line.marks) == len(events)
    for pixels, labels in ((290, [mark.narrow for mark in line.marks]), (600, [mark.wide for mark in line.marks])):
        ends = [0.0]
        for mark, label in zip(line.marks, labels, strict=True):
            width = 100 * (len(label.text) * 6) / pixels
            if label.text:
                start = mark.x - width if label.anchor == "end" else mark.x
                assert start >= ends[-1] and start + width <= 100
                ends.append(start + width)
        assert len(ends) > 4, "some are named"
    assert {mark.narrow.text for mark in line.marks} <= {"XVIII", ""}
    assert line.shortened == ("narrow" if every == 8 else "always")
    assert (line.marks[0].wide.text == "Đại hội XVIII") == (every == 8)


def test_a_page_of_nothing_offers_nothing_to_do_with_it(client: FlaskClient) -> None:
    for nothing in (True, False):
        html = client.get("/tim-kiem", query_string={"q": "zzzqqq" if nothing else "nghị quyết"}).text
        for thing in ("Sắp xếp theo", "Mỗi trang", "So sánh hai giai đoạn", "Tìm trong kết quả này"):
            assert (thing in html) != nothing, thing


def test_what_was_added_to_a_query_is_one_line_with_names_as_they_are_written(client: FlaskClient) -> None:
    html = client.get("/tim-kiem?q=mttq tphcm").text
    assert html.count("Gồm cả") == 1
    assert "Gồm cả: Mặt trận Tổ quốc, Thành phố Hồ Chí Minh, TP Hồ Chí Minh, Thành phố HCM" in html


def test_the_letters_of_an_unknown_number_are_not_offered_with_accents(client: FlaskClient) -> None:
    assert client.get("/tim-kiem?q=nghi quyet").text.count("Chỉ tìm đúng dấu") == 1
    html = client.get("/tim-kiem?q=999-NQ/TU").text
    assert "chưa biết văn bản nào" in html and "Chỉ tìm đúng dấu" not in html


def test_one_article_needs_no_timeline_unless_it_leads_back(client: FlaskClient) -> None:
    asked = {"q": "cầu Đông Giang", "ngay": "2020-05-20"}
    assert client.get("/tim-kiem.json", query_string=asked).json["total"] == 1
    assert 'class="time"' not in client.get("/tim-kiem", query_string=asked).text
    limited = {"q": "cầu Đông Giang", "tu": "2020-05-20", "den": "2020-05-20"}
    assert "Xem toàn bộ thời gian" in client.get("/tim-kiem", query_string=limited).text


def test_a_page_behind_the_last_does_not_call_itself_one_of_them(client: FlaskClient) -> None:
    html = client.get("/tim-kiem?q=nghị quyết&trang=30").text
    assert "Chỉ có" in html and "trang 30" not in html.split("<main", 1)[1]


def test_a_bad_filter_leaves_the_query_in_the_box_and_a_way_on(client: FlaskClient) -> None:
    answer = client.get("/tim-kiem?q=dân vận&tu=2021-13-45")
    assert answer.status_code == 400 and 'value="dân vận"' in answer.text
    assert [a["href"] for a in read(client, "/tim-kiem?q=dân vận&tu=2021-13-45", 400).all("a", **{"class": "button"})]


@pytest.mark.parametrize("text", ["-đại", "tu:2021-13 dân vận", "dân " * 200])
@pytest.mark.parametrize("path", ["/tim-kiem", "/nhung", "/so-sanh"])
def test_a_query_that_is_refused_stays_in_the_box_to_be_mended(client: FlaskClient, path: str, text: str) -> None:
    answer = client.get(path, query_string={"q": text})
    assert answer.status_code == 400 and f'name="q" type="search" value="{text}"' in answer.text
    assert 'class="button"' not in answer.text  # asked again it would be refused again


def test_a_control_sign_in_a_refused_query_is_not_written(client: FlaskClient) -> None:
    assert "\x01" not in client.get("/tim-kiem", query_string={"q": "dân\x01vận"}).text


def test_the_name_of_a_button_holds_the_words_on_it(client: FlaskClient) -> None:
    """Who speaks to a machine says the words that stand on a button."""
    buttons = re.findall(r'<button[^>]*aria-label="([^"]*)"[^>]*>([^<]+)<', client.get("/tim-kiem?q=dân vận").text)
    assert [(name, words) for name, words in buttons if words.strip() not in name] == []


def test_a_day_says_its_weekday_and_a_month_leads_to_months(client: FlaskClient) -> None:
    assert "Thứ Năm · 1 bài" in client.get("/ngay/2021-09-16").text
    assert "Thursday · 1 article" in client.get("/ngay/2021-09-16?lang=en").text
    steps = [a["href"] for a in read(client, "/ngay/2021-10").all("a") if a.get("rel") in ("prev", "next")]
    assert steps == ["/ngay/2021-09", "/ngay/2021-11"]


@pytest.mark.parametrize(
    ("q", "more", "text"),
    [
        ("nghị quyết", "dân vận", 'nghị quyết "dân vận"'),
        ("", "dan van", '"dan van"'),
        ("nghị quyết", "05-NQ/TU", "nghị quyết 05-NQ/TU"),
        ("nghị quyết", "-quận", "nghị quyết -quận"),
        ('"dân vận"', '"đảng bộ"', '"dân vận" "đảng bộ"'),
        ("quận OR phường", "dân vận", '(quận OR phường) "dân vận"'),
        ("ORDER", "dân", 'ORDER "dân"'),
        ("nghị quyết", " ".join(["dân"] * 65), "nghị quyết " + " ".join(["dân"] * 65)),
    ],
)
def test_searching_within_results_is_one_redirect(client: FlaskClient, q: str, more: str, text: str) -> None:
    asked = {"q": q, "trong": more, "nam": "2021", "trang": "2", "so": "20"}
    answer = client.get("/tim-kiem", query_string=asked)
    told = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
    assert answer.status_code == 302 and told == {"q": text, "nam": "2021", "so": "20"}
    assert client.get(answer.headers["Location"]).status_code == 200


def test_results_within_results_are_some_of_them(client: FlaskClient) -> None:
    def keys(**asked: str) -> set[str]:
        data = client.get("/tim-kiem.json", query_string={"so": "50", **asked}).json
        assert data["total"] <= 50
        return {row["id"] for row in data["results"]}

    first = keys(q="dân vận", nam="2021")
    answer = client.get("/tim-kiem", query_string={"q": "dân vận", "nam": "2021", "trong": "cơ sở"})
    inside = keys(**dict(parse_qsl(urlsplit(answer.headers["Location"]).query)))
    assert inside and inside < first


def test_an_empty_search_within_is_no_search(client: FlaskClient) -> None:
    assert client.get("/tim-kiem?q=nghị quyết&trong=").status_code == 200
    assert client.get("/tim-kiem", query_string={"q": "a", "trong": "a\x00"}).status_code == 400
    assert client.get("/tim-kiem", query_string={"q": "a", "trong": "dân " * 80}).status_code == 400


# --- two periods ---


def _days(page: Reading) -> list[dict[str, str | None]]:
    return [field for field in page.all("input") if field.get("name") in ("tu", "den", "tu_2", "den_2")]


@pytest.mark.parametrize(
    ("asked", "spans"),
    [
        ("tu=2021-01-01&den=2021-12-31", [("2020-01-01", "2020-12-31"), ("2021-01-01", "2021-12-31")]),
        ("tu=2020-01-01&den=2021-12-31", [("2018-01-01", "2019-12-31"), ("2020-01-01", "2021-12-31")]),
        ("tu=2020-02-29&den=2020-03-10", [("2019-02-28", "2019-03-10"), ("2020-02-29", "2020-03-10")]),
        ("tu=2021-07-01", [("", "2021-06-30"), ("2021-07-01", "")]),
        ("den=2021-06-30", [("2021-07-01", ""), ("", "2021-06-30")]),
        ("nam=2021", [("2020-01-01", "2020-12-31"), ("2021-01-01", "2021-12-31")]),
        ("tu=2019&den=2019&tu_2=2021&den_2=2021", None),
        ("tu=2019-01-01&den=2019-12-31&tu_2=2021-01-01&den_2=2021-03-31",
         [("2019-01-01", "2019-12-31"), ("2021-01-01", "2021-03-31")]),
        ("tu_2=2021-01-01&den_2=2021-03-31", [("2020-01-01", "2020-03-31"), ("2021-01-01", "2021-03-31")]),
    ],
)  # fmt: skip
def test_two_periods_are_what_they_say(client: FlaskClient, asked: str, spans: list[tuple[str, str]] | None) -> None:
    page = read(client, f"/so-sanh?q=nghị quyết&{asked}")
    fields = {str(a["name"]): parse_date(str(a["value"])) for a in _days(page)}
    shown = [(fields["tu"], fields["den"]), (fields["tu_2"], fields["den_2"])]
    assert shown == (spans or [("2019-01-01", "2019-12-31"), ("2021-01-01", "2021-12-31")])
    for since, until in shown:
        found = client.get("/tim-kiem.json", query_string={"q": "nghị quyết", "tu": since, "den": until}).json
        assert f"{found['total']} bài" in page.text


def test_counts_of_a_comparison_are_the_totals_of_their_links(client: FlaskClient) -> None:
    html = client.get("/so-sanh?q=nghị quyết&tu=2020-01-01&den=2020-12-31&tu_2=2021-01-01&den_2=2021-12-31").text
    cells = re.findall(r'<td><a href="([^"]+)">([\d.]+)</a>', html)
    assert len(cells) > 10
    for url, count in cells[::5]:
        address = url.replace("&amp;", "&").replace("/tim-kiem?", "/tim-kiem.json?")
        assert client.get(address).json["total"] == int(count.replace(".", "")), url


@pytest.mark.parametrize(
    "asked",
    ["q=zzzqqq", "q=", "q=nghị quyết&chu_de=dan-van&lang=en", "q=tu:9/2021 nghị quyết", "tu=0001-01-01&den=0001-02-01"],
)
def test_every_comparison_has_a_page(client: FlaskClient, asked: str) -> None:
    page = read(client, f"/so-sanh?{asked}")
    assert len(_days(page)) == 4 and not page.all("input", type="date")


def test_a_comparison_refuses_dates_that_cannot_be(client: FlaskClient) -> None:
    page = read(client, "/so-sanh?tu_2=2021-12-01&den_2=2021-01-01", 400)
    assert "tu_2" in page.text
    assert "2021-13" in read(client, "/so-sanh?tu_2=2021-13", 400).text


# --- articles, documents, days ---


def test_an_article_can_be_cited_in_three_forms(client: FlaskClient, sample: dict[str, str]) -> None:
    html = client.get(f"/bai/{sample['article']}", follow_redirects=True).text
    section = html[html.index('class="quote"') :]
    assert section.count("data-form") == 3 and "@misc{" in section and sample["title"][:20] in section
    cited = re.findall(r'<a class="cite[^"]*" href="(/van-ban/[^"]+)"', html)
    facts = html[html.index("data-facts") :]
    assert cited and all(f'href="{url}"' in facts for url in cited), "what a hover card tells is on the page"


@pytest.mark.parametrize(
    ("date", "step", "other"),
    [
        ("2021-05-01", -1, ("2020-05-01", 2)),
        ("2021-05-01", 1, ("", 0)),
        ("2021-05-02", -1, ("2020-05-02", 0)),
        ("2020-02-29", 1, ("", 0)),
        ("2021-05", -1, ("2020-05", 7)),
        ("2020-05-01", -1, ("", 0)),
    ],
)
def test_a_year_earlier_and_later(date: str, step: int, other: tuple[str, int]) -> None:
    days = {"2020-05-01": 2, "2021-05-01": 1}
    almanac = Almanac("g", tuple(days), days, {"2020-05": 7, "2021-05": 1}, {}, 0)
    assert almanac.other_year(date, step) == other


def test_an_article_is_shown_with_paragraphs_marks_and_citations(client: FlaskClient, sample: dict[str, str]) -> None:
    url = f"/bai/{sample['article']}"
    moved = client.get(url)
    assert moved.status_code == 301 and moved.headers["Location"].startswith(url + "/")
    answer = client.get(moved.headers["Location"] + "?q=thành phố")
    page = Reading(answer.text)
    assert sample["title"] in page.text
    assert len(page.all("p")) > 4 and len(page.all("mark")) > 0
    cited = [a for a in page.all("a") if str(a.get("class", "")).startswith("cite")]
    assert f"/van-ban/{sample['document']}" in [a["href"] for a in cited]
    assert f"/ngay/{sample['day']}" in [a["href"] for a in page.all("a")]


def test_article_text_is_complete_whatever_is_marked(client: FlaskClient, sample: dict[str, str]) -> None:
    data = client.get(f"/api/v1/articles/{sample['article']}").json["article"]
    for q in ("", "nghị quyết thành ủy", "05-NQ/TU", "a*"):
        html = client.get(f"/bai/{sample['article']}", query_string={"q": q}, follow_redirects=True).text
        text = re.search(r'<div class="text">(.*?)</div>', html, re.DOTALL)
        assert text
        shown = " ".join(Reading(text[1]).text.split())
        assert shown == " ".join(data["text"].split()), q


def test_a_vanished_article_offers_a_search_for_its_title(client: FlaskClient) -> None:
    page = read(client, "/bai/ffffffffffff/cong-tac-dan-van", 404)
    assert "/tim-kiem?q=cong%20tac%20dan%20van" in [a["href"] for a in page.all("a")]


@pytest.mark.parametrize("spelling", ["05-NQ/TU", "05-nq/tu", "5-NQ/TU"])
def test_a_bare_number_opens_the_chooser(client: FlaskClient, spelling: str) -> None:
    answer = client.get(f"/van-ban/{spelling}", follow_redirects=True)
    page = Reading(answer.text)
    assert answer.status_code == 200 and len(page.all("li", **{"class": "card"})) >= 2


def test_a_document_page_lists_what_cites_it(client: FlaskClient, sample: dict[str, str]) -> None:
    page = read(client, f"/van-ban/{sample['document']}")
    data = client.get(f"/van-ban/{sample['document']}.json").json
    assert "15/9/2021" in page.text and data["total"] >= 15
    assert f"cả {data['total']} bài" in page.text
    assert client.get("/tim-kiem.json", query_string={"van_ban": sample["document"]}).json["total"] == data["total"]


@pytest.mark.parametrize(
    "path",
    [
        "/van-ban/khong-co-van-ban",
        "/van-ban/99999-NQ/TU",
        "/ngay/2021-02-30",
        "/ngay/2021",
        "/ngay/x",
        "/chu-de/khong-co",
        "/bai/..%2f..%2fetc",
        "/bai/%00",
        "/khong-co",
        "/bai/" + "x" * 5000,
    ],
)
def test_what_is_not_there_is_404_in_vietnamese(client: FlaskClient, path: str) -> None:
    page = read(client, path, 404)
    assert "Không có trang này" in page.text


def test_the_calendar_links_exactly_the_days_that_have_articles(
    client: FlaskClient, sample_engine: Callable[[], Engine]
) -> None:
    page = read(client, "/ngay/2021-10")
    linked = {str(a["href"]) for a in page.all("a") if re.fullmatch(r"/ngay/2021-10-\d\d", str(a["href"]))}
    counted = {f"/ngay/{day}" for day in Almanac.of(sample_engine()).days if day.startswith("2021-10")}
    assert counted <= linked and len(page.all("th", scope="col")) == 7
    assert client.get("/ngay").headers["Location"].startswith("/ngay/20")


class Counted:
    """An engine of which only the day counts are asked."""

    generation = "g"

    def search(self, query: Query) -> Answer:
        steps = {
            "year": (("2021", 2), ("unknown", 3)),
            "month": (("2021-09", 2), ("unknown", 3)),  # "unknown" is as long as a month
            "day": (("2021-09-15", 2), ("unknown", 3)),
        }
        return Answer(generation="g", total=5, steps=steps)


def test_undated_articles_are_no_month() -> None:
    almanac = Almanac.of(Counted())  # type: ignore[arg-type]
    assert (almanac.months, almanac.days, almanac.undated) == ({"2021-09": 2}, ("2021-09-15",), 3)


def test_days_before_and_after() -> None:
    almanac = Almanac(
        "g",
        ("2020-05-01", "2021-05-01", "2021-09-15"),
        {"2020-05-01": 2, "2021-05-01": 1, "2021-09-15": 4},
        {"2020-05": 2, "2021-05": 1, "2021-09": 4},
        {"2020": 2, "2021": 5},
        3,
    )
    assert (almanac.before("2021-05-01"), almanac.after("2021-05-01")) == ("2020-05-01", "2021-09-15")
    assert (almanac.before("2020-05-01"), almanac.after("2021-09-15")) == ("", "")
    assert (almanac.before("2021-05"), almanac.after("2021-05")) == ("2020-05-01", "2021-09-15")
    assert almanac.same_day("2021-05-01") == (("2020-05-01", 2),)
    weeks = almanac.weeks("2021-09")
    assert weeks[0][:3] == [("", 0), ("", 0), ("2021-09-01", 0)] and ("2021-09-15", 4) in weeks[2]
    assert [(year, total) for year, _, total in almanac.coverage()] == [("2021", 5), ("2020", 2)]
    assert [shade for _, _, shade in almanac.coverage()[0][1]] == [0, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0]


# --- refusals ---


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/tim-kiem?trang=0", 400),
        ("/tim-kiem?trang=%EF%BC%91", 400),
        ("/tim-kiem?so=7", 400),
        ("/tim-kiem?sap_xep=__class__", 400),
        ("/tim-kiem?tu=2020-02-30", 400),
        ("/tim-kiem?q=%ff", 400),
        ("/tim-kiem?q=%ed%a0%80", 400),
        ("/tim-kiem?q=a%00b", 400),
        ("/tim-kiem?q=" + "a" * 600, 400),
        ("/tim-kiem?q=-a", 400),
        ("/tim-kiem?lang=../x", 400),
        ("/?lang=fr", 400),
        ("/tim-kiem?" + "&".join(f"a{n}=1" for n in range(101)), 400),
        ("/tim-kiem?chu_de=" + "x" * 10_000, 414),
        ("/tim-kiem?q=" + "%C4%91" * 5000, 414),
    ],
)
def test_wrong_addresses_are_refused_with_words(client: FlaskClient, url: str, status: int) -> None:
    answer = client.get(url)
    assert answer.status_code == status
    assert len(Reading(answer.text).text.split()) > 20 and answer.headers["Cache-Control"] == "no-store"
    data = client.get(url.replace("/tim-kiem", "/api/v1/search").replace("/?", "/api/v1/search?")).json
    assert data["ok"] is False and data["status"] == status and data["error"]


@pytest.mark.parametrize(
    "q",
    [
        '"',
        "(((",
        ")",
        '"chưa đóng',
        "AND",
        "OR",
        "NOT a",
        "*",
        "a*b",
        "[a TO z]",
        "date:x",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "' OR 1=1 --",
        "%s",
        "😀",
        "\u202e",
        "\u200b",
        " ",
        "(" * 300,
        "NOT " * 60,
        "secret:draft",
        "w~9",
        "phòng, chống",
    ],
)
def test_any_typing_gives_a_page(client: FlaskClient, q: str) -> None:
    answer = client.get("/tim-kiem", query_string={"q": q})
    assert answer.status_code == 200 and "<script>alert" not in answer.text


@pytest.mark.parametrize("url", ["/tim-kiem?q=nghị+quyết&trang=99", "/van-ban?loai=chi-thi&trang=49"])
def test_a_page_beyond_the_last_leads_to_the_first(client: FlaskClient, url: str) -> None:
    page = client.get(url)
    assert page.status_code == 200 and "Chỉ có" in page.text and "Về trang đầu" in page.text
    assert "Không có" not in Reading(page.text).text


@pytest.mark.parametrize("unseen", ["%20", "%E3%80%80", "%E2%80%8B"])
def test_a_query_of_nothing_but_spaces_is_none(client: FlaskClient, unseen: str) -> None:
    assert "cho “" not in client.get(f"/tim-kiem?q={unseen}").text


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("url", ["/", "/tim-kiem", "/bai/x/y", "/api/v1/search"])
def test_pages_are_only_read(client: FlaskClient, method: str, url: str) -> None:
    answer = getattr(client, method)(url)
    assert answer.status_code == 405 and "GET" in answer.headers["Allow"]


def test_a_missing_or_damaged_index_is_503_and_said_by_healthz() -> None:
    for error, words in (
        (NoIndexError("x"), "Chưa có bài nào"),
        (CorruptIndexError("/secret/path"), "Chỉ mục đang bận"),
    ):

        def broken(error: Exception = error) -> Engine:
            raise error

        client = create_app(Settings(), broken).test_client()
        page = client.get("/tim-kiem?q=a")
        assert page.status_code == 503 and words in page.text and "/secret" not in page.text
        assert ('value="a"' in page.text) == isinstance(error, CorruptIndexError)  # to be asked again
        assert page.headers["Retry-After"]
        health = client.get("/healthz")
        assert health.status_code == 503 and health.json["ok"] is False


@pytest.mark.parametrize(
    "path",
    [
        "/robots.txt", "/favicon.ico", "/site.webmanifest", "/opensearch.xml", "/api", "/api/v1/openapi.json",
        "/gioi-thieu", "/gioi-thieu?lang=en", "/da-luu", "/nhung-vao-trang", "/embed/v1/tim-kiem.js",
    ],
)  # fmt: skip
@pytest.mark.parametrize("error", [NoIndexError("x"), CorruptIndexError("x")])
def test_pages_that_need_no_index_answer_without_one(path: str, error: Exception) -> None:
    def broken() -> Engine:
        raise error

    answer = create_app(Settings(), broken).test_client().get(path)
    assert answer.status_code == 200 and answer.data and "Retry-After" not in answer.headers


def test_a_bug_is_a_500_that_tells_nothing(client: FlaskClient) -> None:
    def bug() -> Engine:
        raise RuntimeError("secret detail")

    app = create_app(Settings(), bug)
    answer = app.test_client().get("/tim-kiem?q=a")
    assert answer.status_code == 500 and "secret" not in answer.text and "Có lỗi ở phía chúng tôi" in answer.text


# --- hostile articles ---

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'-alert(1)-'",
    "</title><script>alert(1)</script>",
    "{{ 7*7 }}{% raw %}",
    "<!--",
    "]]>",
    "&lt;b&gt;",
    "<a href=javascript:alert(1)>x</a>",
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("hostile")
    rows = [
        {
            "id": f"x{n}",
            "title": f"Nghị quyết {p}",
            "text": f"Đoạn đầu {p} nghị quyết.\nĐoạn sau {p}.",
            "date": "2021-09-15",
            "section": p,
            "source": p,
            "author": p,
            "url": f"javascript:alert({n})",
            "issuer": p,
            "number": p,
            "signer": p,
            "basis": [p, f"Căn cứ {p} số 15/2020/NĐ-CP"],
        }
        for n, p in enumerate(PAYLOADS)
    ]
    (folder / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    settings = Settings(index=folder / "index", corpus=(folder / "rows.jsonl",))
    reindex(settings.corpus, settings.index, settings, jobs=1)
    yield create_app(settings, open_engine(settings)).test_client()


def test_text_of_articles_never_becomes_markup(hostile: FlaskClient) -> None:
    results = hostile.get("/tim-kiem?q=nghị quyết&so=50")
    urls = [str(a["href"]) for a in Reading(results.text).all("a") if str(a["href"]).startswith("/bai/")]
    assert len(set(urls)) == len(PAYLOADS)
    for url in ["/", "/tim-kiem?q=nghị quyết&so=50", "/ngay/2021-09-15", *urls]:
        page = Reading(hostile.get(url).text)
        assert not page.all("img") and len([a for a in page.all("script") if "src" in a]) == (2 if url in urls else 1)
        assert not [a for _, a in page.tags if any(name.startswith("on") for name in a)]
        assert not [a for a in page.all("a") if str(a.get("href")).strip().lower().startswith("javascript")]


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org/a?b=c#d", True),
        ("http://example.org", True),
        ("HTTPS://EXAMPLE.ORG/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org/x", False),
        ("http:\\\\example.org", False),
        ("https://user:secret@example.org/", False),
        ("https://example.org/\nx", False),
        ("ftp://example.org/", False),
        ("/path", False),
        ("http://[", False),
        ("https://example.org/" + "x" * 3000, False),
        ("", False),
    ],
)
def test_only_plain_web_addresses_become_links(url: str, safe: bool) -> None:
    assert safe_url(url) == (url if safe else "")


# --- caching, mounting, words ---


def test_answers_carry_the_generation_and_are_not_sent_twice(
    client: FlaskClient, sample_engine: Callable[[], Engine]
) -> None:
    first = client.get("/tim-kiem?q=nghị quyết")
    tag = first.headers["ETag"]
    assert sample_engine().generation in tag and first.headers["Cache-Control"] == "public, max-age=60"
    again = client.get("/tim-kiem?q=nghị quyết", headers={"If-None-Match": tag})
    assert again.status_code == 304 and again.data == b""
    other = client.get("/tim-kiem?q=khác", headers={"If-None-Match": tag})
    assert other.status_code == 200


def test_a_new_generation_has_new_tags(sample_settings: Settings, sample_engine: Callable[[], Engine]) -> None:
    class Renamed:
        generation = "another"

        def __getattr__(self, name: str) -> Any:
            return getattr(sample_engine(), name)

    client = create_app(sample_settings, sample_engine).test_client()
    tag = client.get("/").headers["ETag"]
    renamed = create_app(sample_settings, lambda: Renamed()).test_client()  # type: ignore[arg-type, return-value]
    assert renamed.get("/", headers={"If-None-Match": tag}).status_code == 200


def test_static_files_are_kept_by_browsers(client: FlaskClient) -> None:
    page = read(client, "/")
    urls = [str(a["href"]) for a in page.all("link", rel="stylesheet")] + [str(a["src"]) for a in page.all("script")]
    for url in urls:
        answer = client.get(url)
        assert answer.status_code == 200 and "immutable" in answer.headers["Cache-Control"]
        assert len(answer.data) < MAX_PAGE_BYTES / 2


def test_compressed_answers_are_the_same(client: FlaskClient) -> None:
    for url in ("/tim-kiem?q=nghị quyết", "/tim-kiem.json?q=a", "/static/searchapp.css"):
        plain, packed = client.get(url), client.get(url, headers={"Accept-Encoding": "br, gzip;q=0.8"})
        assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
        assert "Accept-Encoding" in packed.headers["Vary"] and int(packed.headers["Content-Length"]) == len(packed.data)
        unpacked = gzip.decompress(packed.data)
        assert re.sub(rb"[\d.,]+", b"", unpacked) == re.sub(rb"[\d.,]+", b"", plain.data)  # but for the time it took
    assert "Content-Encoding" not in client.get("/healthz", headers={"Accept-Encoding": "gzip"}).headers


def test_two_mounts_in_one_site_keep_to_themselves(
    sample_settings: Settings, sample_engine: Callable[[], Engine]
) -> None:
    app = Flask("host")
    app.register_blueprint(blueprint(sample_settings, sample_engine, "first"), url_prefix="/tra-cuu")
    app.register_blueprint(blueprint(sample_settings, sample_engine, "second"), url_prefix="/b/c")
    app.add_url_rule("/", "host", lambda: "host page")
    client = app.test_client()
    assert client.get("/").text == "host page"
    assert client.get("/khong-co").status_code == 404 and "Không có trang này" not in client.get("/khong-co").text
    for prefix in ("/tra-cuu", "/b/c"):
        page = Reading(client.get(f"{prefix}/tim-kiem?q=nghị quyết&lang=en").text)
        hrefs = [str(a["href"]) for tag in ("a", "link") for a in page.all(tag) if not str(a["href"]).startswith("#")]
        assert hrefs and all(href.startswith(prefix + "/") for href in hrefs)
        assert page.all("form")[0]["action"] == f"{prefix}/tim-kiem"
        assert client.get(next(href for href in hrefs if "/bai/" in href)).status_code == 200


def test_english_pages_stay_english(client: FlaskClient, sample: dict[str, str]) -> None:
    page = read(client, "/tim-kiem?q=nghị quyết&nam=2021&lang=en")
    assert "results for" in page.text and "kết quả" not in page.text and "Filters" in page.text
    inner = [str(a["href"]) for a in page.all("a") if str(a["href"]).startswith("/")]
    assert all("lang=en" in href for href in inner if href != page.all("a", hreflang="vi")[0]["href"])
    assert ("lang", "en") in [(a["name"], a["value"]) for a in page.all("input", type="hidden")]
    article = client.get(f"/bai/{sample['article']}?lang=en", follow_redirects=True)
    assert "Related articles" in article.text and "lang=en" in article.request.query_string.decode()


def test_the_page_of_the_api_is_in_the_readers_language(client: FlaskClient) -> None:
    told = {lang: set(_sentences(openapi.routes(lang))) for lang in LANGS}
    assert len(told["vi"]) > 40 and not told["vi"] & told["en"]
    for lang, other in (("vi", "en"), ("en", "vi")):
        page = unescape(client.get(f"/api?lang={lang}").text)
        assert not [one for one in told[lang] if f">{one}<" not in page and f">{one} " not in page]
        assert not [one for one in told[other] if f">{one}<" in page]
    described = client.get("/api/v1/openapi.json?lang=vi").get_json()["paths"]
    assert set(_sentences(described)) == told["en"]  # programmers everywhere read it


def _sentences(told: Any) -> Iterator[str]:
    """Every summary and description in a description of routes."""
    for name, value in told.items() if isinstance(told, dict) else ((None, one) for one in told):
        if name in ("summary", "description"):
            yield value
        elif isinstance(value, (dict, list)):
            yield from _sentences(value)


def test_an_article_leads_to_the_document_that_it_is(client: FlaskClient, sample_engine: Callable[[], Engine]) -> None:
    engine = sample_engine()
    namesakes = engine.documents("05-NQ/TU")
    assert len(namesakes) > 1 and all(one.article for one in namesakes)
    titles = dict(engine.titles())
    for document in namesakes:  # the same number, each its own
        page = read(client, f"/bai/{document.article}/{slug(titles[document.article])}")
        assert [a["href"] for a in page.all("a", **{"class": "num"})] == [f"/van-ban/{document.slug}"]


def test_of_many_years_the_last_are_in_sight(client: FlaskClient) -> None:
    def fieldset(url: str) -> str:
        found = re.search(r'<fieldset class="facet" data-facet="date">.*?</fieldset>', client.get(url).text, re.DOTALL)
        assert found
        return found[0]

    sight, _, rest = fieldset("/tim-kiem").partition("<details>")
    years = [re.findall(r'name="nam" value="([0-9]{4})"', part) for part in (sight, rest)]
    assert years[0] == [str(year) for year in range(2025, 2017, -1)] and years[1] == ["2017", "2016", "2015"]
    assert "<details open>" in fieldset("/tim-kiem?nam=2016")
    assert "<details" not in fieldset("/tim-kiem?q=05-NQ/TU")


def test_a_number_that_means_one_by_its_date_names_the_others(client: FlaskClient, sample: dict[str, str]) -> None:
    page = client.get("/tim-kiem", query_string={"q": "nghị quyết 05-NQ/TU tháng 10/2021"}).text
    card = page[page.index('<section class="card">') : page.index('<ol class="hits"')]
    assert "Lam Giang" in card and f'href="/van-ban/{sample["document"]}"' in card and "Cùng số hiệu" in card
    assert "Cùng số hiệu" not in client.get("/tim-kiem?q=05-NQ/TU").text  # there both are listed


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("nghị quyết 05-NQ/TU tháng 10/2021", "nghị quyết 05-NQ/TU"),
        ("trong tháng 10 năm 2021 nghị quyết 05-NQ/TU", "nghị quyết 05-NQ/TU"),
        ("nghi quyet 05-NQ/TU thang 10 2021", "nghi quyet 05-NQ/TU"),
        ("10-2021 dân vận", "dân vận"),
    ],
)
def test_a_month_among_the_words_is_offered_as_that_of_the_articles(client: FlaskClient, text: str, rest: str) -> None:
    page = client.get("/tim-kiem", query_string={"q": text}).text
    found = re.search(r'Chỉ bài đăng trong tháng 10/2021: <a href="([^"]+)"><b>(.*?)</b></a> \((\d+)\)', page)
    assert found and found[2] == rest
    asked = dict(parse_qsl(urlsplit(unescape(found[1])).query))
    assert asked == {"q": rest, "ngay": "2021-10"}
    assert client.get("/tim-kiem.json", query_string=asked).json["total"] == int(found[3]) > 0
    assert "Chỉ bài đăng" not in client.get(unescape(found[1])).text


@pytest.mark.parametrize(
    "text",
    [
        "nghị quyết ngày 15/10/2021",
        "10/2021",
        "dân vận 13/2021",
        "05-NQ/TU 01/10/2021",
        "zzzqqq 10/2021",
        "nhiệm kỳ 5 2020",
        "2021",
    ],
)
def test_no_month_is_offered_where_none_is_meant(client: FlaskClient, text: str) -> None:
    assert "Chỉ bài đăng" not in client.get("/tim-kiem", query_string={"q": text}).text


def test_a_document_without_a_title_is_called_by_its_type(
    client: FlaskClient, sample_engine: Callable[[], Engine]
) -> None:
    documents = sample_engine().documents()
    symbols = [one.symbol for one in documents]
    untitled = next(d for d in documents if not d.title and d.symbol[:1].isdigit() and symbols.count(d.symbol) == 1)
    called = f"{type_label(type_slug(untitled.type))} {untitled.symbol}"
    page = client.get(f"/van-ban/{untitled.slug}").text
    assert called[:1].isupper() and f"<title>{called} " in page
    assert called in Reading(page[page.index("<h1") : page.index("</h1>")]).text
    card = client.get("/tim-kiem", query_string={"q": untitled.symbol}).text
    assert called in Reading(card[card.index('<section class="card">') :]).text


def test_terms_are_said_as_people_say_them(client: FlaskClient, sample: dict[str, str]) -> None:
    assert "nhiệm kỳ 2020–2025" in read(client, f"/van-ban/{sample['document']}").text
    party = read(client, "/van-ban/trung-uong/nghi-quyet-20-nq-tw/khoa-xii").text
    assert "khóa XII" in party and "nhiệm kỳ XII" not in party


def test_robots_leave_result_pages_alone(client: FlaskClient) -> None:
    assert "Disallow: /tim-kiem" in client.get("/robots.txt").text


@pytest.mark.parametrize(("kind", "address"), [("article", "/bai/{}"), ("document", "/van-ban/{}")])
def test_a_shared_page_tells_its_title_and_what_it_is(
    client: FlaskClient, sample_pages: dict[str, str], kind: str, address: str
) -> None:
    html = client.get(address.format(sample_pages[kind]), follow_redirects=True).text
    told = dict(re.findall(r'<meta (?:name|property)="([a-z:_]+)" content="([^"]*)"', html))
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    assert heading and told["og:title"] == re.sub(r"<[^>]*>", "", heading[1]).strip()
    assert 20 < len(told["description"]) <= 210 and told["og:description"] == told["description"]
    assert told["twitter:card"] == "summary_large_image"


def test_every_text_is_used_and_every_used_text_exists() -> None:
    sources = [*(PACKAGE / "web").rglob("*.py"), *(PACKAGE / "web").rglob("*.html")]
    written = "\n".join(file.read_text(encoding="utf-8") for file in sources if file.parent.name != "texts")
    said = set(re.findall(r"""say\(\s*["']([a-z0-9.-]+)["']\s*[,)]""", written))
    made = re.compile(
        r"(error\.\d{3}(\.text)?|step\.\d|(notice|sort|timeline|why|picture|origin|report|skipped|converted|api\.given)\.[a-z.-]+"
        r"|(relation\.(in|out)|status|history)\.[a-z-]+|follow\.([a-z]+\.)?text|admin\.[a-z.]+|wrong\.[a-z]+)"
    )
    quoted = set(re.findall(r"""["']([a-z0-9.-]+)["']""", written))
    assert said - set(TABLE) == set()
    assert {key for key in TABLE if key not in quoted and not made.fullmatch(key)} == set()


def test_every_code_that_a_search_can_tell_has_a_text() -> None:
    files = (PACKAGE / "search").rglob("*.py")
    source = "".join(file.read_text(encoding="utf-8") for file in files)
    notices = set(re.findall(r'(?:append\(|yield |\[|fromkeys\()\(\s*"([a-z-]+)",', source))
    whys = set(re.findall(r'why\.append\("([a-z-]+)"\)', source))
    assert len(whys) >= 4 and {f"why.{code}" for code in whys} <= set(TABLE)
    assert {"folded", "wider", "also"} <= notices and {f"notice.{code}" for code in notices} <= set(TABLE)


@pytest.mark.parametrize("key", sorted(TABLE))
def test_texts_have_both_languages_with_the_same_places(key: str) -> None:
    texts = TABLE[key]
    assert len(texts) in (2, 3) and all(texts)
    assert len({frozenset(re.findall(r"\{(\w*)\}", text)) for text in texts}) == 1


def test_themes_types_and_statuses_have_english_names(client: FlaskClient) -> None:
    shown = {type_label(slug(name)) for name in (*TYPE_NAMES.values(), *HEADINGS)}
    assert {name for name in shown if not names(name) and name != slug(name)} == set()
    page = client.get("/tim-kiem?q=nghị quyết&lang=en").text
    assert '> <span class="name">Resolution</span>' in page and '<span lang="en">Economic development</span>' in page
    assert ">Phát triển kinh tế<" not in page and ">Phát triển kinh tế<" in client.get("/tim-kiem?q=nghị quyết").text
    assert '> <span class="name">Not known</span>' in client.get("/van-ban?lang=en").text
    themes = client.get("/api/v1/search?q=nghị quyết&lang=en").json["facets"]["theme"]["values"]
    assert "Economic development" in {value["label"] for value in themes}


@pytest.mark.parametrize(
    "asked", ["tu=2021-13-45", "nam=21", "ngay=x", "so=7", "trang=0", "sau=?", "dang_lai=x", "q=%01"]
)
def test_what_is_wrong_is_said_in_the_readers_language(client: FlaskClient, asked: str) -> None:
    english, vietnamese = (client.get(f"/tim-kiem?{asked}&lang={lang}") for lang in ("en", "vi"))
    assert english.status_code == vietnamese.status_code == 400
    said = [Reading(answer.text).text.partition("400")[2][:120] for answer in (english, vietnamese)]
    assert "This request was not understood" in said[0] and not re.search("[ạảãâăơưđ]", said[0].lower())
    assert "Chưa hiểu yêu cầu này" in said[1]


def test_numbers_and_dates_in_the_readers_form() -> None:
    assert (number("vi", 6894), number("en", 6894), number("vi", 12)) == ("6.894", "6,894", "12")
    assert (date("vi", "2021-09-05"), date("en", "2021-09-05")) == ("05/9/2021", "5 September 2021")
    assert (date("vi", "2021-09"), date("en", "2021-09"), date("en", "2021")) == ("9/2021", "September 2021", "2021")
    assert (say("en", "articles", n=1), say("en", "articles", n=1200), say("vi", "articles", n=1200)) == (
        "1 article", "1,200 articles", "1.200 bài"
    )  # fmt: skip


@pytest.mark.parametrize("path", ["/tim-kiem?q=nghị quyết", "/bai/ARTICLE", "/van-ban/DOCUMENT", "/chu-de/dan-van"])
def test_what_is_not_translated_says_its_language(client: FlaskClient, sample: dict[str, str], path: str) -> None:
    path = path.replace("ARTICLE", sample["article"]).replace("DOCUMENT", sample["document"])
    shown = {}
    for lang in ("vi", "en"):
        answer = client.get(f"{path}{'&' if '?' in path else '?'}lang={lang}", follow_redirects=True)
        headings = [(tag, a) for tag, a in Reading(answer.text).tags if tag in ("h1", "h2", "h3", "a", "p")]
        shown[lang] = [tag for tag, a in headings if a.get("lang") == "vi" and not a.get("hreflang")]
    assert not shown["vi"] and len(shown["en"]) > 3


def assert_kept(client: FlaskClient, offers: list[tuple[str, str, str]], text: str) -> None:
    """Offers (address, words, count) ask for this text, and find what they promise."""
    for url, _, count in offers:
        found = client.get(url.replace("/tim-kiem", "/tim-kiem.json")).json
        assert found is not None and found["query"]["q"] == text and str(found["total"]) == count


@pytest.mark.parametrize(
    ("typed", "dropped", "plain"),
    [
        ("tu:2030 giáo dục", "tu:2030", "giáo dục"),
        ("giáo dục hieu-luc:chua", "hieu-luc:chua", "giáo dục"),
        ('nguon:"Báo không có" giáo dục tu:2030', 'nguon:"Báo không có" tu:2030', "giáo dục"),
        ("xyzzyx tu:2030", "", ""),  # nothing is found without the field either
        ("tu:2030", "", ""),  # nothing would be left to ask
        ("xyzzyx giáo", "", ""),
    ],
)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_an_empty_result_by_a_typed_field_offers_the_rest(
    client: FlaskClient, typed: str, dropped: str, plain: str, lang: str
) -> None:
    page = unescape(client.get("/tim-kiem", query_string={"q": typed, "lang": lang}).text)
    offers = re.findall(r'<a class="button" href="([^"]*)">(?:Tìm không có|Search without) “(.*?)”: (\d+) ', page)
    assert [said for _, said, _ in offers] == [dropped] * bool(dropped)
    assert_kept(client, offers, plain)


@pytest.mark.parametrize("typed", ["ubkt xyzzyx phường", "UBKT xyzzyx", "kdc xyzzyx"])
def test_an_abbreviation_that_articles_write_out_is_not_called_missing(client: FlaskClient, typed: str) -> None:
    page = client.get("/tim-kiem", query_string={"q": typed}).text
    said = re.findall(r"(?:Không bài nào có|Tìm không có) ([^<]+)<", page)
    assert said and set(said) == {"“xyzzyx”"}


@pytest.mark.parametrize(
    ("typed", "offers"),
    [
        ("chu-de:dan-van tu:2030", [("tu:2030", "chu-de:dan-van")]),  # the theme alone has articles
        ("chu-de:dan-van chu-de:x nguon:y den:1900", []),  # nothing is left to ask without all of them
        ("dân vận tu:2030 chu-de:dan-van", [("tu:2030", "dân vận chu-de:dan-van")]),
    ],
)
def test_an_empty_result_by_several_fields_offers_each_that_is_in_the_way(
    client: FlaskClient, typed: str, offers: list[tuple[str, str]]
) -> None:
    page = unescape(client.get("/tim-kiem", query_string={"q": typed}).text)
    found = re.findall(r'<a class="button" href="([^"]*)">Tìm không có “(.*?)”: (\d+) ', page)
    assert [said for _, said, _ in found] == [said for said, _ in offers]
    for offer, (_, text) in zip(found, offers, strict=True):
        assert_kept(client, [offer], text)
    for url, said in re.findall(r'href="([^"]*)">(\d+) văn bản có tên hoặc số hiệu như vậy', page):
        assert client.get(url.replace("/van-ban", "/van-ban.json")).json["total"] == int(said)  # a field is no name


@pytest.mark.parametrize(
    ("typed", "same", "told"),
    [
        ('chu-de:"Dân vận"', "chu-de:dan-van", ""),  # as the pages call it
        ("chu-de:DAN-VAN", "chu-de:dan-van", ""),
        ("nguon:TAP-CHI-LY-LUAN-MAU", "", "Ở đây không có nguồn “TAP-CHI-LY-LUAN-MAU”"),
        ("chu-de:khong-co", "", "Ở đây không có chủ đề “khong-co”"),
    ],
)
def test_a_field_takes_the_names_of_the_pages_and_says_what_is_none(
    client: FlaskClient, typed: str, same: str, told: str
) -> None:
    totals = [client.get("/tim-kiem.json", query_string={"q": q}).json["total"] for q in (typed, same or "x" * 9)]
    assert totals[0] == totals[1] and bool(totals[0]) == bool(same)
    page = client.get("/tim-kiem", query_string={"q": typed}).text
    assert told in page and ("Ở đây không có" in page) == bool(told)


def test_a_source_is_found_in_any_case_and_without_accents(client: FlaskClient) -> None:
    facets = client.get("/tim-kiem.json?q=&facets=source").json["facets"]["source"]["values"]
    name, count = facets[0]["value"], facets[0]["count"]
    for typed in (name, name.upper(), fold(name)):
        assert client.get("/tim-kiem.json", query_string={"q": f'nguon:"{typed}"'}).json["total"] == count


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("nghị định 100 nông thôn", "nông thôn"),
        ("nong thon nd 100", "nong thon"),
        ('nghị định 100 "nông thôn" mới', '"nông thôn" mới'),
        ("nghị định 100", ""),  # no words are left
        ("nghị định 100 xyzzyx", ""),  # they find nothing either
    ],
)
def test_an_empty_result_by_a_number_offers_the_words(client: FlaskClient, typed: str, words: str) -> None:
    page = unescape(client.get("/tim-kiem", query_string={"q": typed}).text)
    offers = re.findall(r'<a class="button" href="([^"]*)">Tìm “(.*?)” trong mọi văn bản: (\d+) ', page)
    assert [said for _, said, _ in offers] == [words] * bool(words)
    assert_kept(client, offers, words)


@pytest.mark.parametrize(
    ("typed", "folded"), [("2021", False), ("05", False), ("giao duc", True), ("giao 2021", True), ("nq", False)]
)
def test_digits_are_never_typed_without_accents(client: FlaskClient, typed: str, folded: bool) -> None:
    found = client.get("/tim-kiem.json", query_string={"q": typed}).json
    assert found is not None and found["results"]
    assert any("folded" in row["why"] for row in found["results"]) == folded


BARE = [  # a page · what it says where there is nothing to show · what it leaves out
    ("/chu-de", "vi", ["Chưa có bài nào được xếp chủ đề."], []),
    ("/chu-de", "en", ["No article has a theme yet."], []),
    ("/van-ban", "vi", ["Các bài ở đây chưa nhắc đến văn bản nào."], ["Thử bỏ bớt chữ"]),
    ("/van-ban", "en", ["No article here cites a document yet."], ["Try"]),
    ("/van-ban?q=abc", "vi", ["Không có văn bản nào khớp", "Thử bỏ bớt chữ"], ["chưa nhắc đến văn bản nào"]),
    ("/do-phu", "vi", ["1 bài không rõ ngày"], ['<table class="cover">']),
    ("/tim-kiem?q=giáo", "vi", ["1 kết quả"], ["So sánh hai giai đoạn"]),
    ("/", "vi", ["Bài duy nhất"], ["Văn bản được nhắc nhiều nhất"]),
]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """An archive with one article: without a day, a theme or a document."""
    folder = tmp_path_factory.mktemp("bare")
    (folder / "bai.txt").write_text("Bài duy nhất\n\nMột bài về giáo viên, không nhắc gì khác.\n", encoding="utf-8")
    settings = replace(Settings(), index=folder / "index", corpus=(folder / "bai.txt",))
    reindex(settings.corpus, settings.index, settings, jobs=1)
    return create_app(settings).test_client()


@pytest.mark.parametrize(("path", "lang", "says", "never"), BARE)
def test_pages_of_an_archive_without_days_themes_and_documents(
    bare: FlaskClient, path: str, lang: str, says: list[str], never: list[str]
) -> None:
    page = bare.get(path, query_string=None if lang == "vi" else {"lang": lang}).text
    main = page[page.index("<main") : page.index("</main>")]
    assert [said for said in says if said not in main] == [] and [said for said in never if said in main] == []


@pytest.mark.parametrize(("lang", "says"), [("vi", "<title>Mới nhất về "), ("en", '<title xml:lang="en">Newest on ')])
def test_the_title_of_a_feed_tells_its_language(client: FlaskClient, lang: str, says: str) -> None:
    feed = client.get("/tim-kiem.atom", query_string={"q": "giáo dục", "lang": lang}).text
    assert says in feed and 'xml:lang="vi"' in feed
