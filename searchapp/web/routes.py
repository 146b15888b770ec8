"""The routes, as a blueprint that any Flask site can mount: the common part of every answer happens here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from flask import Blueprint, Response, abort, g, make_response, request, url_for
from jinja2 import BaseLoader, ChoiceLoader, DictLoader, PrefixLoader

import searchapp
from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.errors import BadQueryError, IndexProblemError
from searchapp.web import admin, counted, embed, following, links
from searchapp.web.data import api, discovery, downloads, feeds, originals
from searchapp.web.embed import pictures
from searchapp.web.following.letters import CONFIRM, LEAVE
from searchapp.web.pages import articles, compare, documents, results
from searchapp.web.request import Site, Visit
from searchapp.web.serving import access, error_pages, headers, monitoring
from searchapp.web.serving.response_cache import ResponseCache, key_of

View = Callable[..., Response]

DATA: Final = (
    "application/json", "application/atom+xml", "application/feed+json", "application/x-ndjson", "text/csv",
    "text/calendar", discovery.SUGGESTIONS,
)  # fmt: skip
"""Endpoints that scripts of any origin may read."""


_DEFAULTS: Final = "searchapp-default"
_ANY_METHOD: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")

ROUTES: Final[tuple[tuple[str, View], ...]] = (
    ("/", results.home),
    ("/tim-kiem", results.results),
    ("/tim-kiem.json", api.results),
    ("/tim-kiem.atom", feeds.results),
    ("/tim-kiem.feed.json", feeds.search_json),
    ("/tim-kiem.csv", downloads.as_csv),
    ("/tim-kiem.jsonl", downloads.as_lines),
    ("/xuat", downloads.page),
    ("/xuat/vien-dan.csv", downloads.citations_csv),
    ("/so-sanh", compare.comparison),
    ("/bai/<key>", articles.article),
    ("/bai/<key>/<slug>", articles.article),
    ("/goc/<key>", originals.send),
    ("/goc/<key>/anh/<int:number>.jpg", originals.embedded),
    ("/ban-scan/<key>/<int:number>", originals.scanned),
    ("/ban-scan/<key>/<int:number>.jpg", originals.picture),
    ("/van-ban", documents.documents),
    ("/van-ban.json", api.documents),
    ("/van-ban/<path:name>", documents.document),
    ("/van-ban/<path:name>.json", api.document_results),
    ("/van-ban/<path:name>.atom", feeds.document),
    ("/van-ban/<path:name>.feed.json", feeds.document_json),
    ("/van-ban/<path:name>.ics", feeds.document_calendar),
    ("/van-ban/<path:name>/hieu-luc.atom", feeds.document_changes),
    ("/ngay", articles.days),
    ("/ngay/<iso>", articles.day),
    ("/ngay/<iso>.json", api.day_results),
    ("/ngay/<iso>.atom", feeds.day),
    ("/ngay/<iso>.feed.json", feeds.day_json),
    ("/chu-de", results.themes),
    ("/chu-de/<name>", articles.theme),
    ("/chu-de/<name>.json", api.theme_results),
    ("/chu-de/<name>.atom", feeds.theme),
    ("/chu-de/<name>.feed.json", feeds.theme_json),
    ("/dia-ban/<name>", articles.area),
    ("/do-phu", results.coverage),
    ("/gioi-thieu", results.about),
    ("/da-luu", results.saved),
    ("/site.webmanifest", discovery.manifest),
    ("/favicon.ico", discovery.favicon),
    ("/robots.txt", discovery.robots),
    ("/sitemap.xml", discovery.sitemaps),
    ("/sitemap/<kind>-<int(max=9999):number>.xml", discovery.sitemap),
    ("/opensearch.xml", discovery.description),
    ("/opensearch/suggest", discovery.suggestions),
    ("/nhung", embed.frame),
    ("/nhung/bai/<key>", embed.article_card),
    ("/nhung/van-ban/<path:name>", embed.document_card),
    ("/nhung-vao-trang", embed.paste_page),
    ("/anh/bai/<key>.png", pictures.article),
    ("/anh/van-ban/<path:name>.png", pictures.document),
    ("/oembed", embed.oembed),
    ("/api", results.api),
    ("/api/v1/openapi.json", api.description),
    ("/api/v1/search", api.results),
    ("/api/v1/facets", api.facets),
    ("/api/v1/articles/<key>", api.article),
    ("/api/v1/articles/<key>/<provision>", api.provision),
    ("/api/v1/articles/<key>/documents", api.article_documents),
    ("/api/v1/articles/<key>/related", api.article_related),
    ("/api/v1/documents", api.documents),
    ("/api/v1/documents/<path:name>", api.document),
    ("/api/v1/stats", api.stats),
    ("/api/v1/suggest", api.suggest),
)


WITHOUT_INDEX: Final[frozenset[View]] = frozenset(
    {
        results.about, results.saved, results.api, embed.paste_page, discovery.manifest, discovery.favicon,
        discovery.robots, discovery.description, api.description,
    }
)  # fmt: skip
"""Views that answer while no index can: they get None for the engine then."""

CACHED: Final[frozenset[View]] = frozenset(
    {results.home, results.results, results.themes, api.results, api.facets, feeds.results, embed.frame}
)
"""Views whose answers are kept for a minute: many ask them, and the index alone says what they answer."""


def blueprint(
    settings: Settings,
    engine: Callable[[], Engine] | None = None,
    name: str = "searchapp",
    *,
    alone: bool = False,
    reindex: Sequence[str] = (),
) -> Blueprint:
    """Return the whole front end, ready for `app.register_blueprint(…, url_prefix="/tra-cuu")`; docs/python.md shows
    how.

    engine: gives the engine of the live generation, asked once a request. None opens the index of the settings (raises
    SettingsError). name: has to differ where several are mounted. alone: the application has no other pages, so that
    unknown addresses are answered here too.
    """
    here = Path(__file__).parent
    board = Blueprint(name, __name__, static_folder=str(here / "static"), static_url_path="/static")
    board.jinja_loader = templates()  # a cached property
    engine = engine or open_engine(settings)
    cache = ResponseCache(settings.response_cache)
    site = Site(settings, engine, _stamp(settings, here / "static"), counted.opened(settings), cache)
    for number, (rule, view) in enumerate(ROUTES):
        endpoint = "home" if rule == "/" else f"{view.__name__}_{number}"
        board.add_url_rule(rule, endpoint, _bound(site, name, view))
    board.add_url_rule("/embed/v1/<name>", "script", embed.script)
    board.add_url_rule("/api/v1/<path:rest>", "unknown", api.unknown, methods=_ANY_METHOD)
    board.add_url_rule("/look.css", "look", lambda: discovery.stylesheet(site))
    board.add_url_rule("/logo", "logo", lambda: discovery.logo(site))
    board.add_url_rule("/healthz", "health", lambda: monitoring.health(site))
    board.add_url_rule("/readyz", "ready", lambda: monitoring.ready(site))
    board.add_url_rule("/api/v1/health", "health_api", lambda: monitoring.health(site))
    board.add_url_rule(
        "/api/v1/citations", "citations", lambda: api.citations(_visit(site, name, "vi")), methods=["POST"]
    )
    if settings.query_statistics:
        board.add_url_rule("/thong-ke", "beacon", lambda: counted.beacon(_visit(site, name, "vi")), methods=["POST"])
    if settings.alerts.sender:
        board.add_url_rule("/theo-doi", "follow", _unkept(site, name, following.form), methods=["GET"])
        board.add_url_rule("/theo-doi", "ask", _unkept(site, name, following.ask), methods=["POST"])
        for path, view in ((CONFIRM, following.confirm), (LEAVE, following.leave)):
            board.add_url_rule(f"{path}<token>", view.__name__, _unkept(site, name, view), methods=["GET", "POST"])
    if settings.operator_token:
        own = admin.Desk.of(settings, reindex)
        for path, endpoint, page, methods in admin.routes(own):
            board.add_url_rule(path, endpoint, _operated(site, name, own, page), methods=methods)
    error_pages.register(board, lambda: _visit(site, name, _forgiving_lang()), alone=alone)
    (board.before_app_request if alone else board.before_request)(lambda: access.require_token(settings))
    (board.after_app_request if alone else board.after_request)(
        lambda response: _finished(_visit(site, name, "vi"), response)
    )
    return board


@cache
def templates() -> BaseLoader:
    """Return the templates under their names, which a host may take, and once more under _DEFAULTS, which stay ours.

    A process and its children read them once: an upgrade may replace the files under a running server, whose pages know
    only those before.
    """
    folder = Path(__file__).parent / "templates"
    ours = {path.name: path.read_text(encoding="utf-8") for path in sorted((folder / "searchapp").glob("*.html"))}
    named = {f"searchapp/{name}": text for name, text in ours.items()}
    return ChoiceLoader([DictLoader(named), PrefixLoader({_DEFAULTS: DictLoader(ours)})])


def _bound(site: Site, name: str, view: View) -> Callable[..., Response]:
    """Return a view as Flask calls it: language, engine and caching are settled before it runs."""

    def answer(**arguments: Any) -> Response:
        _check_address()
        visit = _visit(site, name, links.read_lang(request.args.items(multi=True)))
        engine = _engine(site, view)
        generation = engine.generation if engine else ""
        tag, private = headers.etag(request, generation, site.stamp), bool(site.settings.read_token)
        known = request.if_none_match
        if known.contains_weak(tag) and not known.star_tag:
            return headers.cacheable(make_response("", 304), tag, private=private)
        place = key_of(request, tag) if view in CACHED else None
        if kept := site.cache.get(place):
            response, g.searched = kept
        else:
            response = view(visit, engine, **arguments)
            if response.status_code != 200:
                return response
            response = headers.compressed(request, response)
            site.cache.put(place, response, g.get("searched"))
        if searched := g.get("searched"):
            counted.searched(site.statistics, searched)
        if known.star_tag:  # "*" means whatever there is: so it must be there
            response.close()
            return headers.cacheable(make_response("", 304), tag, private=private)
        return headers.cacheable(response, tag, private=private)

    return answer


def _engine(site: Site, view: View) -> Engine | None:
    """Return the engine; None where there is none and the view needs none."""
    try:
        engine = site.engine()
        site.has_days = bool(engine.stats().first)
        return engine
    except IndexProblemError:
        if view not in WITHOUT_INDEX:
            raise
        return None


def _unkept(site: Site, name: str, view: View) -> Callable[..., Response]:
    """A view that acts, or shows what is one visitor's: no cache keeps it."""

    def answer(**arguments: Any) -> Response:
        _check_address()
        return view(_visit(site, name, _forgiving_lang()), site.engine(), **arguments)

    return answer


def _operated(site: Site, name: str, own: admin.Desk, view: View) -> Callable[..., Response]:
    """A page of the operator."""

    def answer(**arguments: Any) -> Response:
        _check_address()
        return admin.answered(own, _visit(site, name, _forgiving_lang()), site.engine(), view, arguments)

    return answer


def _visit(site: Site, name: str, lang: links.Lang) -> Visit:
    return Visit(site, lang, links.Links(url_for(f"{name}.home").rstrip("/"), lang))


def _forgiving_lang() -> links.Lang:
    return "en" if request.args.get("lang") == "en" else "vi"


def _check_address() -> None:
    if len(request.full_path) > links.MAX_URL_CHARS or len(request.query_string) > links.MAX_URL_CHARS:
        abort(414)
    try:
        unquote_to_bytes(request.query_string).decode("utf-8")
    except UnicodeDecodeError:
        raise BadQueryError(
            "Địa chỉ có ký tự không phải UTF-8. Hãy gõ lại từ khóa.",
            "The address is not in UTF-8. Type the query again.",
            field="",
        ) from None


def _finished(visit: Visit, response: Response) -> Response:
    if (request.endpoint or "").endswith(".static") and response.status_code == 200:
        # Modules import each other without the stamp, so browsers ask for them again after a minute, by their tag.
        stamped = f"max-age={headers.STATIC_MAX_AGE}, immutable"
        response.headers["Cache-Control"] = (
            f"public, {stamped if 'v' in request.args else f'max-age={headers.MAX_AGE}'}"
        )
    asked = request.method == "OPTIONS"
    data = (
        visit.path().startswith("/api/")
        or ((asked or response.status_code != 200) and error_pages.wants_data(visit))
        or response.mimetype in DATA
    )
    if visit.path().startswith("/api/v1/"):
        headers.described(response, f"{visit.links.prefix}/api/v1/openapi.json")
    if data and not visit.site.settings.read_token:
        headers.readable_anywhere(response)
        if asked:
            methods = api.allowed() if visit.path().startswith("/api/v1/") else response.allow
            headers.preflight(response, methods)
    return headers.secure(headers.compressed(request, response))


def _stamp(settings: Settings, static: Path) -> str:
    """Return a stamp that changes with the release, the settings and every static file: part of
    ETags and static URLs.
    """
    digest = hashlib.sha256(f"{searchapp.__version__} {settings}".encode())
    for file in sorted(static.rglob("*")):
        if file.is_file():
            digest.update(file.read_bytes())
    return digest.hexdigest()[:8]
