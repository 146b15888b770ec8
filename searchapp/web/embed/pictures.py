"""The picture of a shared page (og:image): title, number, date, source and status of an article or a document."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Final

from flask import Response, make_response
from PIL import Image, ImageDraw, ImageFont

from searchapp.article import Article, Document
from searchapp.engine import Engine
from searchapp.web.request import Visit, missing

SIZE: Final = (1200, 630)  # what Facebook, Zalo and others show whole
_EDGE, _BAR = 80, 18  # pixels around the text; the bar at the left
_TITLES: Final = (64, 54, 46, 40)  # sizes of letters, the first that fits
_TITLE_LINES: Final = 5
_SMALL: Final = 30
_HEAD, _FOOT = 76, 534  # where the two small lines stand
_PAPER, _INK, _SOFT, _ACCENT = "#fbfaf7", "#1d2126", "#565e68", "#9f1d1d"
_FONTS: Final = Path(__file__).parent / "fonts"
_KEPT: Final = 128  # pictures, of some 30 kB each
_VERSION: Final = 1
"""Raised with the drawing, so that nobody keeps the picture of before."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What a picture says: above its title, the title, below it, who shows it, and a warning."""

    head: str
    title: str
    foot: str
    site: str
    warning: str = ""

    @property
    def stamp(self) -> str:
        """Changes with everything that is drawn."""
        return hashlib.sha256(f"{_VERSION}{astuple(self)}".encode()).hexdigest()[:12]


def article(visit: Visit, engine: Engine, key: str) -> Response:
    """`/anh/bai/KEY.png`."""
    shown = next(iter(engine.articles([key])), None) or missing()
    return _sent(_of_article(visit, shown))


def document(visit: Visit, engine: Engine, name: str) -> Response:
    """`/anh/van-ban/SLUG.png`."""
    return _sent(_of_document(visit, engine.document(name) or missing()))


def of_article(visit: Visit, shown: Article) -> str:
    """The address of an article's picture; another one when what it says is another."""
    return _address(visit, f"/anh/bai/{shown.key}.png", _of_article(visit, shown))


def of_document(visit: Visit, shown: Document) -> str:
    """The address of a document's picture."""
    return _address(visit, f"/anh/van-ban/{shown.slug}.png", _of_document(visit, shown))


def _address(visit: Visit, path: str, words: _Words) -> str:
    return visit.base() + visit.links.page(path, [("v", words.stamp)])


def _of_article(visit: Visit, shown: Article) -> _Words:
    head = " · ".join(filter(None, (shown.number, shown.issuer, shown.section)))
    foot = " · ".join(filter(None, (visit.date(shown.date) if shown.date else "", shown.source)))
    return _Words(head, shown.title or visit.say("untitled"), foot, visit.site.settings.title)


def _of_document(visit: Visit, shown: Document) -> _Words:
    name = visit.short_name(shown)
    title = shown.title or visit.called(shown)
    issued = f"{visit.say('issued')} {visit.date(shown.date)}" if shown.date else ""
    foot = " · ".join(filter(None, (shown.issuer, issued)))
    head = name if name not in (title, shown.title) else ""
    return _Words(head, title, foot, visit.site.settings.title, visit.warning(shown.slug))


_DRAWN: Final[OrderedDict[str, bytes]] = OrderedDict()
_LOCK: Final = Lock()


def _sent(words: _Words) -> Response:
    with _LOCK:  # one at a time: a burst of requests draws each once, and takes one core
        data = _DRAWN.get(words.stamp)
        if data is None:
            data = _DRAWN[words.stamp] = _drawn(words)
            while len(_DRAWN) > _KEPT:
                _DRAWN.popitem(last=False)
        _DRAWN.move_to_end(words.stamp)
    response = make_response(data)
    response.mimetype = "image/png"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _drawn(words: _Words) -> bytes:
    """The PNG."""
    picture = Image.new("RGB", SIZE, _PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, _BAR, SIZE[1]), fill=_ACCENT)
    width = SIZE[0] - 2 * _EDGE
    small, strong = _font("Regular", _SMALL), _font("SemiBold", _SMALL)
    draw.text((_EDGE, _HEAD), _cut(words.head, strong, width), font=strong, fill=_ACCENT)
    size, lines = _fitting(words.title, width)
    font = _font("SemiBold", size)
    step = round(size * 1.3)
    top = (_HEAD + _FOOT + _SMALL - step * len(lines)) // 2
    for number, line in enumerate(lines):
        draw.text((_EDGE, top + number * step), line, font=font, fill=_INK)
    if words.warning:
        draw.text((_EDGE, _FOOT - 48), _cut(words.warning, strong, width), font=strong, fill=_ACCENT)
    draw.text((SIZE[0] - _EDGE, _FOOT), words.site, font=strong, fill=_INK, anchor="ra")
    draw.text(
        (_EDGE, _FOOT), _cut(words.foot, small, width - strong.getlength(words.site) - 40), font=small, fill=_SOFT
    )
    file = BytesIO()
    picture.quantize(64).save(file, "PNG", optimize=True)  # few colours: a third of the bytes
    return file.getvalue()


def _fitting(title: str, width: int) -> tuple[int, list[str]]:
    """The largest letters that leave a title whole, with its lines; the smallest cut it."""
    for size in _TITLES:
        lines = list(_lines(title, _font("SemiBold", size), width))
        if len(lines) <= _TITLE_LINES - (size > _TITLES[1]):
            return size, lines
    last = " ".join(lines[_TITLE_LINES - 1 :])
    return size, [*lines[: _TITLE_LINES - 1], _cut(last, _font("SemiBold", size), width)]


def _lines(text: str, font: ImageFont.FreeTypeFont, width: float) -> Iterator[str]:
    line = ""
    for word in text[:600].split():
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > width:
            yield line
            longer = word
        line = longer
    if line:
        yield _cut(line, font, width)


def _cut(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """The text as far as there is room, with an ellipsis where it is cut."""
    if font.getlength(text) <= width:
        return text
    words = text[:400]
    while words and font.getlength(f"{words}…") > width:
        words = words[:-1]
    return f"{words.rstrip(' ,;:·')}…"


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONTS / f"NotoSans-{weight}.ttf"), size)
