"""The parts that other sites show of this one: scripts, the frame with results, cards.

A page writes the code to paste. oEmbed (oembed.com, 1.0) names the cards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from flask import Response, make_response, request
from werkzeug.exceptions import NotFound
from werkzeug.exceptions import NotImplemented as NoSuchFormat

from searchapp.article import Article, Document
from searchapp.engine import Engine
from searchapp.errors import BadQueryError
from searchapp.query import STEPS, Query, newest_of_document
from searchapp.results import Piece
from searchapp.search import search
from searchapp.search.highlighter import NONE
from searchapp.search.snippets import snippet
from searchapp.web import links
from searchapp.web.links import Lang, Links, Pairs
from searchapp.web.pages import results
from searchapp.web.request import Visit, missing
from searchapp.web.serving import headers
from searchapp.web.serving.headers import as_json

_SCRIPTS: Final = Path(__file__).parents[1] / "static" / "embed"
PUBLIC: Final = ("tim-kiem.js", "khung.js")
"""Files with a promised address, /embed/v1/NAME; nhung.js belongs to the frame."""
_SCRIPT_AGE: Final = 3600  # seconds; after this a repaired script has reached everybody

SMALL: Final = (600, 180)  # pixels, width and height of a card
_MIDDLE: Final = (600, 260)  # of a card with some text
LARGE: Final = (600, 600)  # of a list of results
LEAST, MOST = 100, 5000  # pixels, the range for a consumer's wish
KEPT: Final = 3600  # seconds for which a consumer may keep a card


def script(name: str) -> Response:
    """Return `/embed/v1/NAME`: a module for pages of any origin. Browsers keep it for an hour, then ask again by its
    tag.
    """
    if name not in PUBLIC:
        raise NotFound
    response = make_response((_SCRIPTS / name).read_bytes())
    response.mimetype = "text/javascript"
    response.headers["Cache-Control"] = f"public, max-age={_SCRIPT_AGE}"
    response.add_etag(weak=True)  # the same for the gzipped form
    response.make_conditional(request)
    return headers.readable_anywhere(response)


def frame(visit: Visit, engine: Engine) -> Response:
    """Return `/nhung`: a small page of results for an `<iframe>`; filters in its address stay, whatever the visitor
    types.
    """
    query = visit.query()
    page = search(engine, query) if query.text or query.filters or query.since or query.until else None
    response = visit.render(
        "frame.html",
        query=query,
        page=page,
        chips=list(results.chips(visit, query, page.facets, visit.links.results)) if page else [],
        hidden=links.parameters(replace(query, text="", page=1, after="")),
        full=visit.links.results(replace(query, page=1)),
        step=lambda by: visit.links.frame(replace(query, page=query.page + by)),
    )
    return framed(visit, response)


def framed(visit: Visit, response: Response) -> Response:
    """Let this site itself and those of `embed_origins` show an answer in a frame."""
    return headers.framable(response, ("'self'", *visit.site.settings.embed_origins))


def paste_page(visit: Visit, engine: Engine | None) -> Response:
    """Return `/nhung-vao-trang`: a page to choose the look of an embedded search, see it and copy the code."""
    chosen = Paste.read(request.args.items(multi=True))
    facets = search(engine, Query(size=1, facets=("theme", "source"), steps=STEPS)).facets if engine else ()
    home = visit.base() + visit.links.prefix
    response = visit.render(
        "embed.html",
        query=Query(),
        chosen=chosen,
        values={facet.name: facet.values for facet in facets},
        written=chosen.code(home, visit.site.settings.title),
        style=chosen.style(),
        usual={"accent": ACCENT, "radius": RADIUS},
        preview=visit.links.page("/nhung", chosen.parameters()),
    )
    return headers.framing(response)


FORMS: Final = ("the", "khung")
"""The element `<tim-kiem>`, or a frame."""
MODES: Final = ("goi-y", "ket-qua", "danh-sach", "dialog")
"""Modes of the element: a box with suggestions, a box with results in place, results alone."""
_SCHEMES: Final = ("", "sang", "toi")
MAX_WORDS: Final = 100
ACCENT, RADIUS = "#9f1d1d", "8"
"""The mode that the element has without a choice."""
_FRAME_HEIGHT: Final = 600  # pixels, until the frame tells its height
LOCKS: Final = {"document": "van-ban", "theme": "chu-de", "source": "nguon"}
"""Facet → attribute of `<tim-kiem>` that locks it; several values are joined by "|"."""
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
_PIXELS: Final = re.compile(r"[0-9]{1,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paste:
    """The choices for the code. query: the locked filters and dates, and for results alone the words."""

    form: str = FORMS[0]
    mode: str = MODES[0]
    lang: Lang = "vi"
    scheme: str = ""
    placeholder: str = ""
    accent: str = ""
    radius: str = ""
    query: Query

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]]) -> Paste:
        """Return the choices in the parameters of the page; raises BadQueryError for meaningless ones."""
        given = list(pairs)
        one = {name: value.strip() for name, value in reversed(given) if value.strip()}
        return cls(
            form=links.read_choice(given, "dang", FORMS),
            mode=links.read_choice(given, "kieu", MODES),
            lang=links.read_choice(given, "ngon_ngu", links.LANGS),
            scheme=links.read_choice(given, "giao_dien", _SCHEMES),
            placeholder=links.read_words(given, "cho_trong", MAX_WORDS),
            accent=_unusual(one.get("mau", "").lower(), ACCENT, _COLOUR),
            radius=_unusual(one.get("bo", ""), RADIUS, _PIXELS),
            query=links.read(given),
        )

    def attributes(self) -> Pairs:
        """Return the attributes of the element, without `api`."""
        pairs = [
            ("mode", "" if self.mode == MODES[0] else self.mode),
            ("lang", "" if self.lang == "vi" else self.lang),
            ("giao-dien", self.scheme),
            ("placeholder", self.placeholder),
            ("q", self.query.text if self.mode == "danh-sach" else ""),
            *((name, "|".join(self.query.filters.get(facet, ()))) for facet, name in LOCKS.items()),
            ("tu", self.query.since),
            ("den", self.query.until),
        ]
        return [(name, value) for name, value in pairs if value]

    def locked(self) -> Pairs:
        """Return the locks as parameters of a result page."""
        kept = {facet: values for facet, values in self.query.filters.items() if facet in LOCKS}
        return links.parameters(Query(filters=kept, since=self.query.since, until=self.query.until))

    def parameters(self) -> Pairs:
        """Return words and locks, as parameters of the frame."""
        return [*([("q", self.query.text)] if self.query.text else []), *self.locked()]

    def code(self, home: str, title: str) -> str:
        """Return the code to paste. home: the address of this site, with its host, without a slash at the end."""
        if self.form == "khung":
            url = home + Links("", self.lang).page("/nhung", self.parameters())
            shown = {"src": url, "title": title, "width": "100%", "height": _FRAME_HEIGHT, "loading": "lazy"}
            return f"<iframe{_written(shown.items())}></iframe>\n{_script(home, 'khung')}"
        fields = "".join(f'<input type="hidden"{_written((("name", n), ("value", v)))}>' for n, v in self.locked())
        label, go = ("Tìm kiếm", "Tìm") if self.lang == "vi" else ("Search", "Search")
        return "\n".join(
            [
                _script(home, "tim-kiem"),
                f"<tim-kiem{_written([('api', home), *self.attributes()])}>",
                f'  <form action="{escape(home)}/tim-kiem" role="search"><label>{label} <input name="q" type="search">'
                f"</label>{fields}<button>{go}</button></form>",
                "</tim-kiem>",
            ]
        )

    def style(self) -> str:
        """Return the rules for the host's style sheet, "" without a choice."""
        radius = f"{self.radius}px" if self.radius else ""
        rules = [("--tim-kiem-accent", self.accent), ("--tim-kiem-radius", radius)]
        told = " ".join(f"{name}: {value};" for name, value in rules if value)
        return f"tim-kiem {{ {told} }}" if told and self.form == "the" else ""


def _unusual(value: str, usual: str, form: re.Pattern[str]) -> str:
    return value if value != usual and form.fullmatch(value) else ""


def _script(home: str, name: str) -> str:
    return f'<script type="module" src="{escape(home)}/embed/v1/{name}.js"></script>'


def _written(attributes: Iterable[tuple[str, object]]) -> str:
    return "".join(f' {name}="{escape(str(value))}"' for name, value in attributes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card. about: one line of facts; author: its author or issuer; page, frame: URLs of the page and of its card."""

    title: str
    about: str
    text: tuple[Piece, ...] = ()
    author: str = ""
    page: str
    frame: str
    size: tuple[int, int] = SMALL


def article_card(visit: Visit, engine: Engine, key: str) -> Response:
    """Return `/nhung/bai/KEY`: an article as a card."""
    return _shown(visit, _of_article(visit, _article(engine, key)))


def document_card(visit: Visit, engine: Engine, name: str) -> Response:
    """Return `/nhung/van-ban/SLUG`: a document as a card."""
    return _shown(visit, _of_document(visit, engine, _document(engine, name)))


def oembed(visit: Visit, engine: Engine) -> Response:
    """Return `/oembed?url=`: the card of an article, a document or a query as JSON. The address of
    another site is 404.
    """
    if request.args.get("format", "json") != "json":
        raise NoSuchFormat  # oEmbed demands 501
    card = _of_address(visit, engine, request.args.get("url", ""))
    width, height = map(_within, ("maxwidth", "maxheight"), card.size)
    settings = visit.site.settings
    home = visit.base()
    told: dict[str, object] = {
        "version": "1.0",
        "type": "rich",
        "title": card.title,
        "author_name": card.author,
        "provider_name": settings.title,
        "provider_url": home + visit.links.page("/"),
        "cache_age": KEPT,
        "width": width,
        "height": height,
        "html": _frame(home, card, width, height) if settings.embed_origins else _quote(home, card),
    }
    return as_json({name: value for name, value in told.items() if value})


def _shown(visit: Visit, card: Card) -> Response:
    return framed(visit, visit.render("frame_card.html", card=card))


def _article(engine: Engine, key: str) -> Article:
    return next(iter(engine.articles([key])), None) or missing()


def _document(engine: Engine, name: str) -> Document:
    return engine.document(name) or missing()


def _of_article(visit: Visit, shown: Article) -> Card:
    date = visit.date(shown.date) if shown.date else ""
    return Card(
        title=shown.title or visit.say("untitled"),
        about=" · ".join(filter(None, (date, shown.source))),
        text=snippet(shown.text, NONE),
        author=shown.author or shown.source,
        page=visit.links.article(shown.key, shown.title),
        frame=visit.links.page(f"/nhung/bai/{shown.key}"),
        size=_MIDDLE,
    )


def _of_document(visit: Visit, engine: Engine, shown: Document) -> Card:
    name = visit.short_name(shown)
    total = engine.search(newest_of_document(shown.slug)).total
    return Card(
        title=f"{name}: {shown.title}" if shown.title and shown.title != name else name,
        about=visit.document_line(shown),
        text=(Piece(visit.say("card.cited", n=total)),),
        author=shown.issuer,
        page=visit.links.document(shown.slug),
        frame=visit.links.page(f"/nhung/van-ban/{shown.slug}"),
    )


def _of_query(visit: Visit, engine: Engine, asked: str) -> Card:
    query = links.read(parse_qsl(asked))
    page = search(engine, query)
    return Card(
        title=results.results_title(visit, query, page),
        about=visit.site.settings.title,
        page=visit.links.results(query),
        frame=visit.links.frame(query),
        size=LARGE,
    )


def _of_address(visit: Visit, engine: Engine, address: str) -> Card:
    """Return the card of one of our own addresses; 404 for every other."""
    if not address:
        raise BadQueryError(
            "Thiếu tham số “url”: hãy gửi địa chỉ của một bài, văn bản hoặc trang kết quả.",
            "Parameter “url” is missing: send the address of an article, a document or a page of results.",
            field="url",
        )
    try:
        parts = urlsplit(address)
    except ValueError:
        missing()
    prefix = visit.links.prefix
    ours = ("", urlsplit(visit.base()).netloc, request.host)
    if parts.netloc not in ours or not parts.path.startswith(prefix + "/"):
        missing()
    kind, _, name = unquote(parts.path.removeprefix(prefix + "/")).partition("/")
    if kind == "bai":
        return _of_article(visit, _article(engine, name.partition("/")[0]))
    if kind == "van-ban":
        return _of_document(visit, engine, _document(engine, name))
    if kind == "tim-kiem" and not name:
        return _of_query(visit, engine, parts.query)
    return missing()


def _within(name: str, size: int) -> int:
    """Return the consumer's size, within the limits of a useful card."""
    text = request.args.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= 5):
        raise BadQueryError(
            f"“{name}” phải là một số điểm ảnh, ví dụ 600.", f"“{name}” is a number of pixels, such as 600.", field=name
        )
    return max(LEAST, min(int(text or size), size, MOST))


def _frame(home: str, card: Card, width: int, height: int) -> str:
    source, title = escape(home + card.frame), escape(card.title)
    return (
        f'<iframe src="{source}" title="{title}" width="{width}" height="{height}" frameborder="0" '
        'loading="lazy" sandbox="allow-scripts allow-same-origin allow-forms allow-popups"></iframe>'
    )


def _quote(home: str, card: Card) -> str:
    """Return the same words as a quotation, where no site may show our frames: a quotation needs no permission."""
    url, title = escape(home + card.page), escape(card.title)
    text = escape("".join(piece.text for piece in card.text))
    told = f"<p>{text}</p>" if text else ""
    head = f'<blockquote cite="{url}"><p><a href="{url}">{title}</a></p>'
    return f"{head}{told}<footer>{escape(card.about)}</footer></blockquote>"
