"""Help others find the site: sitemaps, robots, the browser's search field, structured data about a page.

The site's own files are here too: colours, logo, manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from flask import Response, abort, make_response, send_file
from flask.json import dumps

from searchapp.article import Article, Document
from searchapp.citations.find.vocabulary import type_label, type_slug
from searchapp.config.look import LOGO_TYPES
from searchapp.engine import Engine
from searchapp.query import Query
from searchapp.search import search
from searchapp.search.suggest import suggest
from searchapp.web.pages.lifecycle import Life
from searchapp.web.request import Site, Visit, missing
from searchapp.web.serving.headers import as_json

SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
OPENSEARCH: Final = "http://a9.com/-/spec/opensearch/1.1/"
SUGGESTIONS: Final = "application/x-suggestions+json"
MAX_URLS: Final = 10_000
"""The most URLs of one sitemap: a fifth of what sitemaps.org allows, for who asks waits for it."""
_Listed = tuple[Callable[[], str], str]
"""What makes a page's address, and the day of its last change or ""."""
A_DAY: Final = len("2021-09-15")  # the schema of sitemaps takes no months and years
_SHORT_NAME: Final = 16  # letters of a search engine's name (OpenSearch 1.1)

_HOUR = "public, max-age=3600"


def robots(visit: Visit, engine: Engine | None) -> Response:
    """Return robots.txt: result pages are endless; articles, documents, days and themes may be indexed."""
    prefix = visit.links.prefix
    closed = ("/tim-kiem", "/so-sanh", "/api/", "/nhung")
    lines = ["User-agent: *", *(f"Disallow: {prefix}{path}" for path in closed), "Allow: /"]
    lines += [f"Sitemap: {visit.base()}{visit.links.page('/sitemap.xml')}", ""]
    response = make_response("\n".join(lines))
    response.mimetype = "text/plain"
    return response


def sitemaps(visit: Visit, engine: Engine) -> Response:
    """Return the index of all sitemaps; each has changed with the index of articles."""
    root = ElementTree.Element("sitemapindex", {"xmlns": SITEMAP})
    built, here = engine.stats().built, visit.base() + visit.links.prefix
    counts = {"bai": engine.stats().articles}
    for kind, listed in _kinds(visit, engine).items():
        count = counts[kind] if kind in counts else sum(1 for _ in listed())
        for number in range(1, -(-count // MAX_URLS) + 1):
            entry = ElementTree.SubElement(root, "sitemap")
            ElementTree.SubElement(entry, "loc").text = f"{here}/sitemap/{kind}-{number}.xml"
            ElementTree.SubElement(entry, "lastmod").text = built
    return _xml(root)


def sitemap(visit: Visit, engine: Engine, kind: str, number: int) -> Response:
    """Return one sitemap: at most MAX_URLS addresses of articles, documents, days or themes.

    An article and a day state their own date: their text stays as it was. Nobody knows when another page changed.
    """
    listed = _kinds(visit, engine).get(kind)
    chosen = list(islice(listed(), (number - 1) * MAX_URLS, number * MAX_URLS)) if listed and number else []
    if not chosen:
        missing()
    root, here = ElementTree.Element("urlset", {"xmlns": SITEMAP}), visit.base()
    for address, date in chosen:
        entry = ElementTree.SubElement(root, "url")
        ElementTree.SubElement(entry, "loc").text = here + address()
        if len(date) == A_DAY:
            ElementTree.SubElement(entry, "lastmod").text = date
    return _xml(root)


def _kinds(visit: Visit, engine: Engine) -> dict[str, Callable[[], Iterator[_Listed]]]:
    """Return sitemap name → what lists its pages.

    They stand in an order that the articles alone decide, whatever the runs were that brought them.
    """
    links = visit.links
    return {
        "bai": lambda: ((partial(links.article, key, title), date) for key, title, date in sorted(engine.dated())),
        "van-ban": lambda: ((partial(links.document, one), "") for one in sorted(d.slug for d in engine.documents())),
        "ngay": lambda: ((partial(links.day, day), day) for day in visit.site.almanac(engine).days),
        "chu-de": lambda: ((partial(links.theme, one), "") for one in _themes(engine)),
    }


def _themes(engine: Engine) -> list[str]:
    found = search(engine, Query(size=1, facets=("theme",), steps=("year",))).facets
    return [one.value for facet in found for one in facet.values if one.count]


def description(visit: Visit, engine: Engine | None) -> Response:
    """Return the OpenSearch description: a browser adds the site to its search fields by it."""
    root = ElementTree.Element("OpenSearchDescription", {"xmlns": OPENSEARCH})
    title = visit.site.settings.title
    for name, text in (
        ("ShortName", title[:_SHORT_NAME].strip()),
        ("LongName", title[:48]),
        ("Description", visit.say("opensearch.description")),
        ("Language", "vi"),
        ("InputEncoding", "UTF-8"),
        ("OutputEncoding", "UTF-8"),
    ):
        ElementTree.SubElement(root, name).text = text
    here = visit.base() + visit.links.prefix
    for kind, path in (
        ("text/html", "/tim-kiem?q={searchTerms}&trang={startPage?}"),
        ("application/atom+xml", "/tim-kiem.atom?q={searchTerms}"),
        (SUGGESTIONS, "/opensearch/suggest?q={searchTerms}"),
    ):
        extra = {"rel": "suggestions"} if kind == SUGGESTIONS else {}
        ElementTree.SubElement(root, "Url", {"type": kind, **extra, "template": here + path})
    ElementTree.SubElement(root, "Image", {"type": "image/svg+xml"}).text = f"{here}/static/icon.svg"
    response = _xml(root)
    response.mimetype = "application/opensearchdescription+xml"
    return response


def suggestions(visit: Visit, engine: Engine) -> Response:
    """Return suggestions as browsers read them (OpenSearch Suggestions 1.1): [query, completions, descriptions,
    addresses].
    """
    found = suggest(engine, visit.text())
    texts = [one.text for one in found]
    urls = [visit.base() + visit.links.results(Query(text=text)) for text in texts]
    says = [visit.say("articles", n=one.count) if one.count else "" for one in found]
    response = as_json([visit.text(), texts, says, urls])
    response.mimetype = SUGGESTIONS
    return response


def about_article(visit: Visit, shown: Article, cited: Iterable[Document]) -> dict[str, Any]:
    """Return schema.org's NewsArticle, for search engines, with known facts only."""
    told = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": visit.base() + visit.links.article(shown.key, shown.title),
        "headline": shown.title,
        "inLanguage": "vi",
        "datePublished": shown.date,
        "articleSection": shown.section,
        "author": _author(shown),
        "publisher": {"@type": "Organization", "name": shown.source} if shown.source else None,
        "isBasedOn": shown.url,
        "citation": [_legislation(visit, document) for document in cited],
    }
    return {name: value for name, value in told.items() if value}


def _author(shown: Article) -> dict[str, Any] | None:
    if shown.author:
        return {"@type": "Person", "name": shown.author}
    return {"@type": "Organization", "name": shown.issuer} if shown.number and shown.issuer else None


_FORCE: Final = {"con": "InForce", "het": "NotInForce", "chua": "NotInForce", "mot-phan": "PartiallyInForce"}
_CHANGES: Final = {
    "sua-doi": "legislationChanges", "thay-the": "legislationRepeals", "bai-bo": "legislationRepeals",
    "het-hieu-luc": "legislationRepeals", "hop-nhat": "legislationConsolidates", "dinh-chinh": "legislationCorrects",
    "huong-dan": "legislationApplies",
}  # fmt: skip


def about_document(visit: Visit, shown: Document, life: Life | None = None) -> dict[str, Any]:
    """Return schema.org's Legislation; life: whether it holds, and the documents that it changes."""
    told = {"@context": "https://schema.org", **_legislation(visit, shown)}
    if life is None:
        return told
    if life.status.value in _FORCE:
        told["legislationLegalForce"] = f"https://schema.org/{_FORCE[life.status.value]}"
    if life.in_force:
        told["legislationDateOfApplicability"] = life.in_force
    for kind, way, rows in life.groups:
        if way == "out" and kind in _CHANGES:
            named = [
                {"@type": "Legislation", "@id": visit.base() + visit.links.document(r.document.slug)} for r in rows
            ]
            told[_CHANGES[kind]] = [*told.get(_CHANGES[kind], []), *named]
    return told


def _legislation(visit: Visit, shown: Document) -> dict[str, Any]:
    told = {
        "@type": "Legislation",
        "@id": visit.base() + visit.links.document(shown.slug),
        "name": shown.title or visit.short_name(shown),
        "legislationIdentifier": shown.symbol,
        "legislationType": type_label(type_slug(shown.type)) if shown.type else "",
        "legislationDate": shown.date,
        "legislationPassedBy": {"@type": "Organization", "name": shown.issuer} if shown.issuer else None,
        "inLanguage": "vi",
    }
    return {name: value for name, value in told.items() if value}


def _xml(root: ElementTree.Element) -> Response:
    response = make_response(bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)))
    response.mimetype = "application/xml"
    return response


def stylesheet(site: Site) -> Response:
    """Return the colours of `[look]`."""
    response = make_response(site.settings.look.css())
    response.mimetype = "text/css"
    response.headers["Cache-Control"] = _HOUR
    return response


def logo(site: Site) -> Response:
    """Return the logo of `[look]`; 404 without one."""
    file = site.settings.look.logo
    if file is None or not file.is_file():
        abort(404)
    response: Response = send_file(file.resolve(), mimetype=LOGO_TYPES[file.suffix.lower()])
    response.headers["Cache-Control"] = _HOUR
    # An opened svg is a document of its own: nothing in it may run.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


_SIZES: Final = (192, 512)
_FAVICON: Final = Path(__file__).parents[1] / "static" / "icons" / "favicon.ico"


def manifest(visit: Visit, engine: Engine | None) -> Response:
    """`/site.webmanifest`."""
    settings, links = visit.site.settings, visit.links
    icons = [
        {"src": f"{links.prefix}/static/icons/{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
        for size in _SIZES
    ]
    told = {
        "name": settings.title,
        "short_name": settings.title[:24],
        "lang": visit.lang,
        "start_url": links.page("/"),
        "scope": links.prefix + "/",
        "display": "browser",
        "background_color": "#fbfaf7",
        "theme_color": settings.look.accent or "#9f1d1d",
        "icons": icons,
    }
    response = make_response(dumps(told))
    response.mimetype = "application/manifest+json"
    return response


def favicon(visit: Visit, engine: Engine | None) -> Response:
    """`/favicon.ico`, which old browsers ask for without being told."""
    response = make_response(_FAVICON.read_bytes())
    response.mimetype = "image/x-icon"
    return response
