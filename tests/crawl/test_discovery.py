"""What others read of the site: feeds, calendars, sitemaps, the browser's search field, structured data, tables."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from lxml import etree

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.web import create_app
from searchapp.web.data import discovery, downloads
from searchapp.web.data.openapi import RESULT_FIELDS
from searchapp.web.serving import headers

CITY = "/van-ban/thanh-uy-tphcm/nghi-quyet-05-nq-tu/2020-2025"
SUBJECTS = ["/tim-kiem{}?q=nghị+quyết", CITY + "{}", "/chu-de/dan-van{}", "/ngay/2021-10{}"]
BASE = "https://tra-cuu.example.org"


@pytest.fixture(scope="module")
def client(sample_settings: Settings, sample_engine: Callable[[], Engine]) -> FlaskClient:
    return create_app(replace(sample_settings, public_base_url=BASE), sample_engine).test_client()


def get(client: FlaskClient, url: str, kind: str) -> str:
    answer = client.get(url)
    assert (answer.status_code, answer.mimetype) == (200, kind), answer.text[:200]
    return answer.text


@pytest.mark.parametrize("subject", SUBJECTS)
def test_both_feeds_say_the_same_newest_first(client: FlaskClient, subject: str) -> None:
    atom = feedparser.parse(get(client, subject.format(".atom"), "application/atom+xml"))
    told = json.loads(get(client, subject.format(".feed.json"), "application/feed+json"))
    assert not atom.bozo
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert atom.entries
    assert [entry.id for entry in atom.entries] == [item["id"] for item in told["items"]]
    assert [entry.title for entry in atom.entries] == [item["title"] for item in told["items"]]
    dates = [item.get("date_published", "") for item in told["items"]]
    assert dates == sorted(dates, reverse=True)
    assert told["feed_url"].startswith(BASE)
    assert client.get(told["home_page_url"].removeprefix(BASE)).status_code == 200


@pytest.mark.parametrize("kind", [".atom", ".feed.json", ".ics", ".csv"])
def test_nothing_is_sent_twice(client: FlaskClient, kind: str) -> None:
    url = f"{CITY}{kind}" if kind != ".csv" else "/tim-kiem.csv"
    tag = client.get(url).headers["ETag"]
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    "url", ["/chu-de/khong-co.atom", "/chu-de/khong-co.feed.json", "/van-ban/x.ics", "/ngay/2021-13.feed.json"]
)
def test_what_is_not_there_is_404_in_the_one_shape(client: FlaskClient, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 404
    assert answer.get_json()["ok"] is False


def test_a_feed_has_no_control_characters(client: FlaskClient) -> None:
    from searchapp.web.data.feeds import _clean

    assert _clean("a\x00b\x0bc\ufffed\te") == "abcd\te"


def test_the_calendar_has_a_day_for_each_day_with_articles(client: FlaskClient) -> None:
    calendar = Calendar.from_ical(get(client, CITY + ".ics", "text/calendar"))
    events = calendar.walk("VEVENT")
    days = [event["DTSTART"].dt.isoformat() for event in events]
    assert days == sorted(set(days))
    assert "2021-09-16" in days
    assert len({str(event["UID"]) for event in events}) == len(events)
    first = events[0]
    assert re.fullmatch(r"\d+ bài nhắc đến 05-NQ/TU · TPHCM · 2020–2025", str(first["SUMMARY"]))
    found = client.get(str(first["URL"]).removeprefix(BASE).replace("/tim-kiem", "/tim-kiem.json", 1)).get_json()
    assert found["total"] == int(str(first["SUMMARY"]).split()[0])


def test_the_sitemaps_list_every_page_once(client: FlaskClient, sample_engine: Callable[[], Engine]) -> None:
    space = f"{{{discovery.SITEMAP}}}"
    index = ElementTree.fromstring(get(client, "/sitemap.xml", "application/xml"))
    assert [one.tag for one in index] == [f"{space}sitemap"] * len(index)
    assert all(one.findtext(f"{space}lastmod", "")[:4].isdigit() for one in index)
    urls, dated = [], {}
    for one in index:
        part = ElementTree.fromstring(
            get(client, one.findtext(f"{space}loc", "").removeprefix(BASE), "application/xml")
        )
        assert part.tag == f"{space}urlset"
        urls += [url.findtext(f"{space}loc", "") for url in part]
        dated |= {url.findtext(f"{space}loc", ""): url.findtext(f"{space}lastmod") for url in part}
    engine = sample_engine()
    articles = engine.articles([key for key, _ in engine.titles()])
    assert {article.key: article.date or None for article in articles if len(article.date) in (0, 10)} == {
        url.split("/")[4]: dated[url] for url in urls if "/bai/" in url
    }
    assert dated[f"{BASE}/ngay/2021-09-16"] == "2021-09-16"
    assert not any(date for url, date in dated.items() if "/van-ban/" in url or "/chu-de/" in url)
    assert len(urls) == len(set(urls)) > engine.stats().articles + engine.stats().documents
    assert all(url.startswith(BASE + "/") for url in urls)
    for url in urls[::25]:
        assert client.get(url.removeprefix(BASE)).status_code == 200, url


# What sitemaps.org's two schemas and OpenSearch 1.1 say of the elements that we write: names, order, types, lengths.
def _restricted(name: str, base: str, least: int, most: int) -> str:
    lengths = f'<xs:minLength value="{least}"/><xs:maxLength value="{most}"/>'
    return f'<xs:simpleType name="{name}"><xs:restriction base="{base}">{lengths}</xs:restriction></xs:simpleType>'


def _rows(root: str, row: str) -> str:
    cells = '<xs:element name="loc" type="t:loc"/><xs:element name="lastmod" type="t:moment" minOccurs="0"/>'
    each = f"<xs:complexType><xs:all>{cells}</xs:all></xs:complexType>"
    all_of = f'<xs:sequence><xs:element name="{row}" maxOccurs="50000">{each}</xs:element></xs:sequence>'
    return f'<xs:element name="{root}"><xs:complexType>{all_of}</xs:complexType></xs:element>'


TYPES = "".join(
    [
        _restricted("loc", "xs:anyURI", 12, 2048),
        _restricted("short", "xs:string", 1, 16),
        _restricted("long", "xs:string", 0, 48),
        _restricted("told", "xs:string", 1, 1024),
        '<xs:simpleType name="moment"><xs:union memberTypes="xs:date xs:dateTime"/></xs:simpleType>',
    ]
)
INDEX, URLS = _rows("sitemapindex", "sitemap"), _rows("urlset", "url")
SEARCH = """<xs:element name="OpenSearchDescription"><xs:complexType><xs:choice maxOccurs="unbounded">
<xs:element name="ShortName" type="t:short"/><xs:element name="LongName" type="t:long"/>
<xs:element name="Description" type="t:told"/>
<xs:element name="Language" type="xs:language"/><xs:element name="InputEncoding" type="xs:token"/>
<xs:element name="OutputEncoding" type="xs:token"/>
<xs:element name="Url"><xs:complexType><xs:attribute name="type" use="required"/><xs:attribute name="rel"/>
<xs:attribute name="template" use="required"/></xs:complexType></xs:element>
<xs:element name="Image"><xs:complexType><xs:simpleContent><xs:extension base="xs:anyURI"><xs:attribute name="type"/>
</xs:extension></xs:simpleContent></xs:complexType></xs:element>
</xs:choice></xs:complexType></xs:element>"""


@pytest.mark.parametrize(
    ("url", "space", "element"),
    [
        ("/sitemap.xml", discovery.SITEMAP, INDEX),
        *((f"/sitemap/{kind}-1.xml", discovery.SITEMAP, URLS) for kind in ("bai", "van-ban", "ngay", "chu-de")),
        ("/opensearch.xml", discovery.OPENSEARCH, SEARCH),
    ],
)
def test_files_for_robots_and_browsers_follow_their_schemas(
    client: FlaskClient, url: str, space: str, element: str
) -> None:
    schema = etree.XMLSchema(
        etree.fromstring(
            f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{space}" xmlns:t="{space}" '
            f'elementFormDefault="qualified">{TYPES}{element}</xs:schema>'
        )
    )
    schema.assertValid(etree.fromstring(client.get(url).data))
    broken = client.get(url).data.replace(b"loc>", b"lok>").replace(b"ShortName>", b"Shortname>")
    assert not schema.validate(etree.fromstring(broken))


@pytest.mark.parametrize("url", ["/sitemap/bai-2.xml", "/sitemap/bai-0.xml", "/sitemap/khac-1.xml"])
def test_a_sitemap_that_is_not_there(client: FlaskClient, url: str) -> None:
    assert client.get(url).status_code == 404


def test_the_search_description_is_as_opensearch_wants_it(client: FlaskClient) -> None:
    """OpenSearch 1.1, draft 6: elements, lengths, templates."""
    space = f"{{{discovery.OPENSEARCH}}}"
    root = ElementTree.fromstring(get(client, "/opensearch.xml", "application/opensearchdescription+xml"))
    assert root.tag == f"{space}OpenSearchDescription"
    assert 0 < len(root.findtext(f"{space}ShortName", "")) <= 16
    assert 0 < len(root.findtext(f"{space}Description", "")) <= 1024
    urls = {url.attrib["type"]: url.attrib for url in root.iter(f"{space}Url")}
    assert set(urls) == {"text/html", "application/atom+xml", discovery.SUGGESTIONS}
    assert urls[discovery.SUGGESTIONS]["rel"] == "suggestions"
    for attributes in urls.values():
        template = attributes["template"].replace("{startPage?}", "1")
        assert client.get(template.replace("{searchTerms}", "nghị quyết").removeprefix(BASE)).status_code == 200
    assert "/opensearch.xml" in client.get("/").text


def test_suggestions_have_the_form_that_browsers_read(client: FlaskClient) -> None:
    query, texts, says, urls = json.loads(get(client, "/opensearch/suggest?q=dan", discovery.SUGGESTIONS))
    assert query == "dan"
    assert len(texts) == len(says) == len(urls) > 0
    counts = [one["count"] for one in client.get("/api/v1/suggest?q=dan").get_json()["suggestions"]]
    assert [bool(one) for one in says] == [count > 0 for count in counts]  # no count is not "0 bài"
    assert 0 in counts


def structured(client: FlaskClient, url: str) -> Any:
    page = client.get(url, follow_redirects=True).text
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert len(found) == 1
    return json.loads(found[0])


def test_pages_say_what_they_are_about(client: FlaskClient, sample_pages: dict[str, str]) -> None:
    document = structured(client, CITY)
    assert (document["@context"], document["@type"]) == ("https://schema.org", "Legislation")
    assert (document["legislationIdentifier"], document["legislationDate"]) == ("05-NQ/TU", "2021-09-15")
    assert document["@id"] == BASE + CITY
    article = structured(client, f"/bai/{sample_pages['article']}")
    assert article["@type"] == "NewsArticle"
    assert article["datePublished"] == "2021-09-16"
    assert "05-NQ/TU" in [one["legislationIdentifier"] for one in article["citation"]]


@pytest.mark.parametrize("url", ["/tim-kiem.csv", "/tim-kiem.jsonl"])
@pytest.mark.parametrize("query", ["", "?q=nghị+quyết", "?q=05-NQ/TU", "?q=zzzqqq"])
def test_a_result_list_as_a_file(client: FlaskClient, url: str, query: str) -> None:
    total = client.get(f"/tim-kiem.json{query}").get_json()["total"]
    answer = client.get(url + query)
    assert answer.headers["X-Total-Count"] == str(total)
    assert "attachment" in answer.headers["Content-Disposition"]
    if url.endswith("csv"):
        assert answer.text.startswith("\ufeff")
        found = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
        assert answer.text.removeprefix("\ufeff").splitlines()[0] == ",".join(downloads.COLUMNS)
    else:
        found = [json.loads(line) for line in answer.text.splitlines()]
    assert len(found) == len({row["id"] for row in found}) == total
    assert all(row["url"].startswith(f"{BASE}/bai/") for row in found)


def test_a_file_ends_at_its_limit(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "MAX_ROWS", 20)
    monkeypatch.setattr(downloads, "AT_ONCE", 10)
    assert len(client.get("/tim-kiem.jsonl").text.splitlines()) == 20


@pytest.mark.parametrize("fields", ["id", "url,title", "score , id", ",".join(RESULT_FIELDS)])
def test_only_the_fields_that_are_wanted(client: FlaskClient, fields: str) -> None:
    told = client.get("/api/v1/search", query_string={"q": "nghị quyết", "fields": fields}).get_json()
    names = [name.strip() for name in fields.split(",")]
    assert [list(row) for row in told["results"]] == [names] * 10
    following = client.get(told["next_url"]).get_json()
    assert list(following["results"][0]) == names


def test_pages_are_linked_in_the_header(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search", query_string={"q": "nghị quyết", "trang": "2"})
    told = answer.get_json()
    links = answer.headers.getlist("Link")
    assert links[:2] == [f'<{told["next_url"]}>; rel="next"', f'<{told["prev_url"]}>; rel="prev"']
    assert links[2:] == ['</api/v1/openapi.json>; rel="service-desc"; type="application/json"']


@pytest.mark.parametrize("query", ["?fields=id", "?facets=none", "?facets=theme,date&fields=id,title"])
def test_pages_before_and_after_are_asked_in_the_same_way(client: FlaskClient, query: str) -> None:
    first = client.get(f"/api/v1/search{query}").get_json()
    second = client.get(first["next_url"]).get_json()
    again = client.get(second["prev_url"]).get_json()
    assert {**again, "took_ms": 0} == {**first, "took_ms": 0}
    assert again["facets"].keys() == second["facets"].keys()


@pytest.mark.parametrize(
    ("page", "alternates"),
    [
        ("/", ["application/atom+xml", "application/feed+json"]),
        (
            "/tim-kiem?q=dân+vận",
            ["application/atom+xml", "application/feed+json", "application/json", "application/json+oembed"],
        ),
        (
            CITY,
            [
                "application/atom+xml", "application/feed+json", "application/json", "application/json+oembed",
                "text/calendar",
            ],
        ),
        ("/chu-de/dan-van", ["application/atom+xml", "application/feed+json", "application/json"]),
        ("/ngay/2021-10", ["application/atom+xml", "application/feed+json", "application/json"]),
        ("article", ["application/json", "application/json+oembed"]),
        ("/van-ban", ["application/json"]),
    ],
)  # fmt: skip
def test_what_a_page_links_to_is_said_in_headers_too(
    client: FlaskClient, sample_pages: dict[str, str], page: str, alternates: list[str]
) -> None:
    url = f"/bai/{sample_pages['article']}" if page == "article" else page
    answer = client.head(url, follow_redirects=True)
    links = [
        re.fullmatch(r'<(\S+)>; rel="([a-z-]+)"(?:; type="(\S+)")?', one) for one in answer.headers.getlist("Link")
    ]
    found = {(link[2], link[3]): link[1].removeprefix(BASE) for link in links if link}
    assert len(found) == len(links)
    assert sorted(kind for rel, kind in found if rel == "alternate") == alternates
    assert (("canonical", None) in found) == (not page.startswith("/tim-kiem"))
    assert ("search", "application/opensearchdescription+xml") in found
    for (_, kind), address in found.items():
        assert client.get(address).status_code == 200, address
        assert kind is None or client.get(address).mimetype in (kind, "application/json"), address


def test_links_in_headers_stay_within_what_proxies_take(client: FlaskClient) -> None:
    answer = client.get("/tim-kiem", query_string={"q": "đảng bộ " * 60})
    assert answer.status_code == 200
    assert 0 < sum(map(len, answer.headers.getlist("Link"))) <= headers.MAX_LINKS
    assert "application/atom+xml" in answer.text  # of which the head has more


def test_errors_link_to_nothing(client: FlaskClient) -> None:
    assert not client.get("/bai/000000000000").headers.getlist("Link")


def test_the_documents_of_an_article(client: FlaskClient, sample_pages: dict[str, str]) -> None:
    told = client.get(f"/api/v1/articles/{sample_pages['article']}/documents").get_json()["documents"]
    assert CITY in [one["document"]["url"] for one in told]
    assert all(one["times"] > 0 and 0 < one["sure"] <= 1 for one in told)
    assert client.get("/api/v1/articles/000000000000/documents").status_code == 404
