"""Show a page of this site as a card in another: a small page for frames, and oEmbed (oembed.com, 1.0) to name it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from flask import Response, request
from werkzeug.exceptions import NotImplemented as NoSuchFormat

from searchapp.article import Article, Document
from searchapp.engine import Engine
from searchapp.errors import BadQueryError
from searchapp.query import newest_of_document
from searchapp.results import Piece
from searchapp.search import search
from searchapp.search.snippets import NONE, snippet
from searchapp.web import links
from searchapp.web.embed import frames
from searchapp.web.pages import results
from searchapp.web.request import Visit, missing
from searchapp.web.serving.headers import as_json

SMALL: Final = (600, 180)  # pixels, width and height of a card
_MIDDLE: Final = (600, 260)  # of a card with some text
LARGE: Final = (600, 600)  # of a list of results
LEAST, MOST = 100, 5000  # pixels, the range for a consumer's wish
KEPT: Final = 3600  # seconds for which a consumer may keep a card


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


def article(visit: Visit, engine: Engine, key: str) -> Response:
    """Return `/nhung/bai/KEY`: an article as a card."""
    return _shown(visit, _of_article(visit, _article(engine, key)))


def document(visit: Visit, engine: Engine, name: str) -> Response:
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
    return frames.framed(visit, visit.render("frame_card.html", card=card))


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
