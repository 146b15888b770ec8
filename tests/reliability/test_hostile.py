"""Articles that attack: whatever a field says, it is shown as text, in every form a page, a feed or a file has."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import hostile
import pytest
from flask.testing import FlaskClient
from hostile import HOST, PAYLOADS, URLS, WORD
from icalendar import Calendar
from playwright.sync_api import Browser, Page

from searchapp.article import Article
from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.ingest import reindex
from searchapp.query import Query
from searchapp.web import create_app

pytest_plugins = ("browser_support",)  # also where this file is run alone

ATOM = "{http://www.w3.org/2005/Atom}"
EVERY = f"q={WORD}&so=50"

# What our own templates and scripts write; anything else came out of a document.
OWN = re.findall(
    r"\w+",
    """
    a article aside b blockquote body br button caption code dd details div dl dt fieldset figcaption figure footer form
    h1 h2 h3 head header html img input kbd label legend li line link main mark meta nav ol option p path pre rect
    ul defs g marker use script section select small span strong sub summary sup svg table tbody td text th thead time
    title tr
    """,
)

# Where a reader shares a page; behind these stands its own address or title, encoded.
SHARES = ("https://zalo.me/share?url=", "https://www.facebook.com/sharer/sharer.php?u=", "mailto:?subject=")

# Every element and attribute of the page, its shadow roots and templates, that documents could have made.
STRANGERS = """(own) => {
    const found = [], here = location.origin + '/';
    const outside = (address) => !(address || '').startsWith(here) && !(address || '').startsWith('blob:' + here);
    const inspect = (one) => {
        const say = (what) => found.push(what + ': ' + one.outerHTML.slice(0, 200));
        const tag = one.localName;
        if (!own.includes(tag)) say('element');
        if (tag === 'script' && one.type !== 'application/ld+json' && outside(one.src)) say('script');
        if (tag === 'link' && outside(one.href)) say('link');
        if (tag === 'meta' && one.httpEquiv) say('meta');
        if (tag === 'form' && outside(one.action)) say('form');
        const target = one.getAttribute('href');
        const leads = tag === 'a' && target !== null && !SHARES.some((start) => target.startsWith(start));
        if (leads && outside(new URL(target, document.baseURI).href)) say('address');
        for (const {name, value} of one.attributes) {
            if (/^(on.*|srcdoc)$/i.test(name)) say(name);
            const placed = /^((left|top): [\\d.]+px; (left|top): [\\d.]+px|top: [\\d.]+%);$/;
            if (name === 'style' && !placed.test(value)) say(name);
            if (/href|src|action/.test(name) && /^\\s*(javascript|data|vbscript):/i.test(value)) say('scheme');
        }
        if (one.shadowRoot) one.shadowRoot.querySelectorAll('*').forEach(inspect);
        if (one.content instanceof DocumentFragment) one.content.querySelectorAll('*').forEach(inspect);
    };
    document.querySelectorAll('*').forEach(inspect);
    return found;
}""".replace("SHARES", json.dumps(SHARES))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Engine]:
    folder = tmp_path_factory.mktemp("hostile")
    settings = Settings(index=folder / "index")
    report = reindex([hostile.write(folder)], settings.index, settings, jobs=1)
    assert report.articles == len(PAYLOADS) + len(URLS)
    return open_engine(settings)


@pytest.fixture(scope="module")
def client(engine: Callable[[], Engine]) -> FlaskClient:
    return create_app(Settings(), engine).test_client()


@pytest.fixture(scope="module")
def articles(engine: Callable[[], Engine]) -> list[Article]:
    found: list[Article] = []
    for page in (1, 2):
        found += [match.article for match in engine().search(Query(size=50, page=page)).matches]
    return found


def as_stored(text: str) -> str:
    """A text as the door leaves it: one Unicode form, no controls, one line."""
    clean = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return re.sub(r"\s+", " ", "".join(c for c in clean if unicodedata.category(c) != "Cf")).strip()


# In a real browser


@pytest.fixture(scope="module")
def site(engine: Callable[[], Engine]) -> Iterator[str]:
    import threading

    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, create_app(Settings(), engine), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visited(chromium: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Opens pages one after the other in one tab; nothing may speak up, ask elsewhere, open a dialog or a window."""
    from browser_support import Reader  # by then a plugin: pytest rewrites its assertions

    reader = Reader(chromium, site)
    tab = reader.open("/gioi-thieu")
    tab.on("dialog", lambda dialog: (reader.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    tab.on("popup", lambda popup: reader.complaints.append(f"window: {popup.url}"))
    tab.on("framenavigated", lambda frame: frame.url.startswith(site) or reader.complaints.append(f"at {frame.url}"))

    def go(path: str) -> Page:
        tab.goto(site + path)
        assert tab.evaluate(STRANGERS, OWN) == [], path
        return tab

    yield go
    tab.context.close()
    told = [line for line in reader.complaints if "Failed to load resource" not in line]  # a page that is a 404
    assert told == []


@pytest.mark.browser
def test_p12_forty_payloads_in_every_field_are_text_on_every_page(
    visited: Callable[..., Page], articles: list[Article], engine: Callable[[], Engine]
) -> None:
    assert len(PAYLOADS) >= 40
    page = visited(f"/tim-kiem?{EVERY}")
    assert page.locator(".hit").count() == 50
    pages = [
        "/",
        f"/tim-kiem?{EVERY}&trang=2",
        f"/so-sanh?q={WORD}",
        "/do-phu",
        "/chu-de",
        "/ngay/2021-09",
        "/ngay/2021-09-17",
    ]
    own = [document.slug for document in engine().documents() if document.article]
    assert len(own) >= 5  # documents whose title is a payload
    for path in [*pages, *(f"/van-ban/{slug}" for slug in own[::2])]:
        visited(path)
    shown = 0
    for article in articles:
        if article.id.startswith("x"):
            page = visited(f"/bai/{article.key}?q={WORD}")
            assert as_stored(article.title) in as_stored(page.locator("h1").inner_text())
            shown += 1
    assert shown == len(PAYLOADS)


@pytest.mark.browser
def test_p12_forty_payloads_in_the_search_box_are_text(visited: Callable[..., Page], client: FlaskClient) -> None:
    from urllib.parse import quote

    for payload in PAYLOADS:
        path = f"/tim-kiem?q={quote(payload)}"
        if client.get(path).status_code == 200:
            kept = visited(path).locator("input[name=q]").first.input_value()
            assert "".join(kept.split()) == "".join(payload.split())
        else:
            visited(path)
    script, quoted, image = (quote(PAYLOADS[number]) for number in (0, 4, 6))
    for path in (f"/tim-kiem?q=a&trang={script}", f"/tim-kiem?q=a&chu_de={quoted}&nguon={image}", f"/{image}"):
        visited(path)
    for path in (f"/tim-kiem?q=a&tu={image}", f"/van-ban/{image}", f"/chu-de/{script}", f"/ngay/{script}"):
        visited(path)


@pytest.mark.browser
def test_p12_suggestions_results_while_typing_and_cards_are_text(
    visited: Callable[..., Page], articles: list[Article]
) -> None:
    page = visited("/")
    box = page.locator("input[name=q]").first
    for text in ("<script>", "onerror", "<img", "mồi", "bấm"):
        box.fill("")
        box.press_sequentially(text, delay=10)
        page.wait_for_timeout(400)
        assert page.evaluate(STRANGERS, OWN) == []
    page = visited(f"/tim-kiem?q={WORD}")
    page.locator("input[name=q]").first.press_sequentially(" alert", delay=10)
    page.wait_for_timeout(600)
    assert page.evaluate(STRANGERS, OWN) == []
    page = visited(f"/bai/{next(article.key for article in articles if article.author)}")
    page.locator("a.cite").first.hover()
    page.wait_for_timeout(200)
    assert page.evaluate(STRANGERS, OWN) == []


# Links


def test_p21_no_hostile_address_becomes_a_link(client: FlaskClient, articles: list[Article]) -> None:
    for article in articles:
        page = client.get(f"/bai/{article.key}", follow_redirects=True).text
        addresses = re.findall(r'href="([^"]*)"', page)
        assert addresses and not [a for a in addresses if not a.startswith(("/", "#", *SHARES))], addresses
        assert not [a for a in addresses if a.startswith(SHARES) and re.search(r"[<>'\s]|javascript:", a)], addresses
        data = client.get(f"/api/v1/articles/{article.key}").json["article"]
        assert data["source_url"] is None


@pytest.mark.parametrize(
    ("url", "followed"),
    [
        ("https://bao.example.vn/bai?id=7&x=%C4%91", True),
        ("http://bao.example.vn:8080/bài", True),
        ("https://xn--bo-hza.example.vn/", True),
        *((url, False) for url in URLS),
    ],
)
def test_j16_only_plain_web_addresses_are_followed(url: str, followed: bool) -> None:
    from searchapp.web.pages.article_text import safe_url

    shown = safe_url(url)
    if followed:
        assert shown == url
    else:
        assert (
            shown == "" or '"' in url or "<" in url
        )  # quotes and tags are legal signs there; the template escapes them


# Other forms


@pytest.mark.parametrize("path", ["/tim-kiem.json", "/api/v1/search", "/tim-kiem.feed.json"])
def test_json_says_what_was_written_and_is_never_html(client: FlaskClient, articles: list[Article], path: str) -> None:
    answer = client.get(f"{path}?{EVERY}")
    assert answer.mimetype in ("application/json", "application/feed+json")
    assert (
        answer.headers["X-Content-Type-Options"] == "nosniff"
        and "default-src 'none'" in answer.headers["Content-Security-Policy"]
    )
    values = json.loads(answer.text)
    listed = values.get("results", values.get("items"))
    titles = {one["title"] for one in listed}
    assert (
        len(listed) == 50 and len(titles) >= 45 and titles <= {article.title for article in articles}
    )  # as written, nothing escaped


def test_atom_holds_text_only(client: FlaskClient) -> None:
    answer = client.get(f"/tim-kiem.atom?q={WORD}")
    feed = ElementTree.fromstring(answer.data)
    titles = [title.text or "" for title in feed.iter(f"{ATOM}title")]
    assert len(titles) == 51 and any("<script>" in title for title in titles)
    assert not [one for one in feed.iter() if not one.tag.startswith(ATOM) or one.get("type") in ("html", "xhtml")]
    assert not [one.get("href") for one in feed.iter(f"{ATOM}link") if not (one.get("href") or "").startswith("/")]


def test_csv_cells_never_begin_like_a_formula(client: FlaskClient) -> None:
    answer = client.get(f"/tim-kiem.csv?q={WORD}")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == len(PAYLOADS) + len(URLS) + 1 and {len(row) for row in rows} == {len(rows[0])}
    assert [
        cell for row in rows[1:] for cell in row[:-1] if cell.startswith(("=", "+", "-", "@", "\t", "\r", "|"))
    ] == []
    assert any(cell.startswith("'=HYPERLINK") for row in rows for cell in row)
    assert "attachment" in answer.headers["Content-Disposition"] and HOST not in answer.headers["Content-Disposition"]


def test_calendars_hold_no_line_of_a_document(client: FlaskClient, engine: Callable[[], Engine]) -> None:
    slugs = [document.slug for document in engine().documents() if document.article]
    for slug in slugs:
        answer = client.get(f"/van-ban/{slug}.ics")
        calendar = Calendar.from_ical(answer.data)
        names = {name for event in calendar.walk("VEVENT") for name in event}
        assert not {name for name in names if name.startswith("X-")} and b"\nX-EVIL" not in answer.data


def test_structured_data_cannot_leave_its_element(client: FlaskClient, articles: list[Article]) -> None:
    for article in articles[:22]:
        page = client.get(f"/bai/{article.key}", follow_redirects=True).text
        blocks: list[Any] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        assert len(blocks) == 1 and "<" not in blocks[0]
        assert json.loads(blocks[0])["headline"] == article.title


LINK = re.compile(r'<[a-zA-Z0-9/?&=%._:~+-]+>; rel="[a-z-]+"(; type="[a-z/+]+")?')


def test_no_field_reaches_a_header(client: FlaskClient, articles: list[Article]) -> None:
    for article in articles[:22]:
        answer = client.get(f"/bai/{article.key}?q={WORD}", follow_redirects=True)
        # A slug of the title, letters, digits and hyphens, is in the address of the page, and so in what links to it.
        links, others = answer.headers.getlist("Link"), [row for row in answer.headers if row[0] != "Link"]
        assert links and all(LINK.fullmatch(link) for link in links)
        assert "evil" not in str(others).lower() and "Set-Cookie" not in answer.headers
    redirected = client.get(f"/bai/{articles[0].key}?q=a%0d%0aSet-Cookie:x=1")
    assert redirected.status_code in (200, 301) and "Set-Cookie" not in redirected.headers


def test_templates_hold_no_script_style_or_handler() -> None:
    """What the policy forbids is not written either: no inline script, no style, no on… attribute."""
    folder = Path(__file__).parents[2] / "searchapp" / "web" / "templates"
    wrong = re.compile(
        r"<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:|<script(?![^>]*(?:\ssrc=|application/ld\+json))", re.IGNORECASE
    )
    found = {file.name: wrong.findall(file.read_text(encoding="utf-8")) for file in folder.rglob("*.html")}
    assert len(found) > 15 and {name: hits for name, hits in found.items() if hits} == {}
    unsafe = re.compile(r"\|\s*safe\b|Markup\(|autoescape\s+false")
    assert [file.name for file in folder.rglob("*.html") if unsafe.search(file.read_text(encoding="utf-8"))] == []
    scripts = folder.parent / "static"
    sinks = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setTimeout\(\s*[\"']"
    )
    assert [file.name for file in scripts.rglob("*.js") if sinks.search(file.read_text(encoding="utf-8"))] == []
