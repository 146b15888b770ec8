"""Write HTML that a template would write too slowly: hits, bars, numbers kept on one line, the boxes of a facet.

Browsers break "20-NQ/TW" and "2021-2026" behind the hyphen. A macro for each of a hundred boxes costs a search.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final, Protocol

from markupsafe import Markup, escape

from searchapp.article import Article
from searchapp.results import DocumentLink, Hit, Piece, Value
from searchapp.web import links
from searchapp.web.links import Links
from searchapp.web.pages.timeline import Timeline

LONGEST: Final = 24  # characters; a longer number may have to break on a phone
_WORD: Final = re.compile(rf"(?<!\S)(?=\S{{3,{LONGEST}}}(?!\S))\S+")
_BREAKS: Final = re.compile(r"[-–]|/[^\W\d]")
_MAY_BREAK: Final = re.compile(r"[-–/]")  # 15/9/2021 keeps together by itself
_AROUND: Final = '(“"[.,;:…”)]'
OPEN: Final = '<span class="whole">'
_CLOSE: Final = "</span>"


@lru_cache(1 << 13)
def whole(text: str) -> Markup:
    """Return a text as HTML, each of its numbers in one piece."""
    return pieces((Piece(text),)) if _MAY_BREAK.search(text) else escape(text)


def pieces(listed: Iterable[Piece]) -> Markup:
    """Return pieces of a text as HTML: marks, and a tag around each number to keep it on one line. No mark is cut in
    two.
    """
    full = [piece for piece in listed if piece.text]
    if not any(_MAY_BREAK.search(piece.text) for piece in full):
        return Markup("".join(f"<mark>{_plain(p.text)}</mark>" if p.marked else _plain(p.text) for p in full))
    starts = [0, *accumulate(len(piece.text) for piece in full)]
    text = "".join(piece.text for piece in full)
    # (place, order at this place, tag): closed from within, opened from without.
    tags: list[tuple[int, int, str]] = []
    for at, piece in enumerate(full):
        if piece.marked:
            tags += [(starts[at], 4, "<mark>"), (starts[at + 1], 1, "</mark>")]
    for start, end in _numbers(text):
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        if first == last:
            tags += [(start, 5, OPEN), (end, 0, _CLOSE)]
        elif not (full[first].marked and starts[first] < start) and not (full[last].marked and end < starts[last + 1]):
            tags += [(start, 3, OPEN), (end, 2, _CLOSE)]
    html: list[str] = []
    at = 0
    for where, _, tag in sorted(tags):
        html += (_plain(text[at:where]), tag)
        at = where
    return Markup("".join((*html, _plain(text[at:]))))


def _plain(text: str) -> str:
    """Escape a text like `escape`, without the check for markup."""
    if "&" in text or "<" in text or ">" in text or '"' in text or "'" in text:
        return str(escape(text))
    return text


def _numbers(text: str) -> Iterable[tuple[int, int]]:
    """Yield the places of words that have a digit and a place to break."""
    if not _MAY_BREAK.search(text):
        return
    for found in _WORD.finditer(text):
        word = found[0].lstrip(_AROUND)
        if _BREAKS.search(word) and any(map(str.isdigit, word)):
            yield found.end() - len(word), found.end() - len(word) + len(word.rstrip(_AROUND))


def boxes(
    say: Callable[[str, Value], str], name_of: Callable[[str], str],
    facet: str, values: Sequence[Value], number: Callable[[int], str], form: str, vn: str, headed: bool,
) -> Markup:  # fmt: skip
    """Return the values of a facet without levels.

    say, name_of: a value and a group in the reader's language; vn: the language of those that have no other; headed:
    below their groups' names.
    """
    name, said = links.parameter(facet, "")[0], ""
    html: list[str] = []
    begin = f'<li><label><input type="checkbox" form="{form}" name="{name}" value="'
    for value in values:
        if headed and value.group and value.group != said:
            said = value.group
            group = name_of(said)
            html.append(f'<li class="of"{vn if group == said else ""}>{escape(group)}</li>\n')
        label = say(facet, value)
        tongue = vn if label == value.label else ""
        html.append(
            f'{begin}{_plain(value.value)}"{" checked" if value.selected else ""}> <span class="name"{tongue}>'
            f'{whole(label)}</span> <span class="count">{number(value.count)}</span></label></li>\n'
        )
    return Markup("".join(html))


def dates(
    values: Sequence[Value], say: Callable[[str, Value], str], number: Callable[[int], str], form: str, depth: int = 0
) -> Markup:
    """Return years with the months of a chosen one, and those with their days. say: the label of a value."""
    html: list[str] = []
    for value in values:
        name, written = links.parameter("date", value.value)
        inside = f"<ul>{dates(value.children, say, number, form, depth + 1)}</ul>" if value.children else ""
        inner = ' class="in"' if depth else ""
        html.append(
            f'<li{inner}><label><input type="checkbox" form="{form}" name="{name}" '
            f'value="{escape(written)}"{" checked" if value.selected else ""}> <span class="name">'
            f'{escape(say("date", value))}</span> <span class="count">{number(value.count)}</span></label>\n'
            f"{inside}</li>\n"
        )
    return Markup("".join(html))


_DOCUMENTS: Final = 4  # of a hit
_THEMES: Final = 3


class _Words(Protocol):
    """What a visit says and where it leads (`request.Visit`)."""

    @property
    def links(self) -> Links: ...
    def say(self, key: str, *parts: str, **values: object) -> str: ...
    def number(self, value: int) -> str: ...
    def date(self, iso: str) -> str: ...
    def place(self, article: Article, ident: str, q: str = "") -> str: ...
    def warning(self, slug: str) -> str: ...
    def named(self, label: str) -> Markup: ...


def when(visit: _Words, iso: str) -> Markup:
    """Return a date, or that it is unknown."""
    if not iso:
        return Markup(f"<span>{_plain(visit.say('undated'))}</span>")
    return Markup(f'<time datetime="{_plain(iso)}">{_plain(visit.date(iso))}</time>')


def hit(
    visit: _Words,
    hit: Hit,
    q: str,
    level: int,
    vn: str,
    reprints: Callable[[str], str] | None,
    reasons: Sequence[str],
) -> Markup:
    """Return one hit of a list; reprints: the URL of an article's reprints; reasons: codes of why it was found."""
    article = hit.article
    if hit.provisions:
        url = visit.place(article, hit.provisions[0].id, q)
    else:
        url = visit.links.article(article.key, article.title, q)
    title = pieces(hit.title) or _plain(visit.say("untitled"))
    html = [
        f'<li class="hit">\n<h{level}{vn}><a href="{_plain(url)}">{title}</a></h{level}>\n'
        f'<p class="meta">{when(visit, article.date)}'
    ]
    html += [f"<span{vn}>{_plain(fact)}</span>" for fact in (article.source, article.section) if fact]
    if article.number:
        html.append(f'<span class="num"{vn}>{_plain(article.number)}</span>')
    if hit.reprints and reprints:
        more = visit.say("reprints.more", n=hit.reprints)
        html.append(f'<a href="{_plain(reprints(article.key))}">{_plain(more)}</a>')
    html.append("</p>\n")
    if hit.provisions:
        places = ((visit.place(article, one.id, q), one.label) for one in hit.provisions)
        items = "".join(f'<li><a href="{_plain(url)}">{whole(label)}</a></li>' for url, label in places)
        html.append(f'<ul class="provisions"{vn}>{items}</ul>')
    if hit.snippet:
        html.append(f'<p class="snippet"{vn}>{pieces(hit.snippet)}</p>')
    if hit.documents or hit.themes:
        html.append(f'<ul class="chips"{vn}>\n')
        html += [_chip(visit, document) for document in hit.documents[:_DOCUMENTS]]
        for theme, label in hit.themes[:_THEMES]:
            html.append(
                f'<li><a class="chip" href="{_plain(visit.links.theme(theme))}">{visit.named(label)}</a></li>\n'
            )
        html.append("</ul>\n")
    if reasons:
        said = "; ".join(_plain(visit.say(f"why.{code}")) for code in reasons)
        html.append(f'<p class="why">{_plain(visit.say("why"))}: {said}</p>')
    html.append("</li>\n")
    return Markup("".join(html))


def _chip(visit: _Words, document: DocumentLink) -> str:
    ended = _plain(visit.warning(document.slug))
    title = " · ".join(filter(None, (_plain(document.title), ended)))
    return (
        f'<li><a class="chip doc{" ended" if ended else ""}" href="{_plain(visit.links.document(document.slug))}"'
        f"{f' title={chr(34)}{title}{chr(34)}' if title else ''}>{_plain(document.label)}"
        f"{f' <small>{ended}</small>' if ended else ''}</a></li>\n"
    )


def bars(visit: _Words, line: Timeline) -> Markup:
    """Return the bars of a timeline with their labels."""
    html: list[str] = []
    for bar in line.bars:
        if bar.count:
            said = f"{visit.date(bar.date)}: {visit.say('articles', n=bar.count)}"
            html.append(
                f'<a href="{_plain(bar.url)}" tabindex="{0 if bar.date == line.start else -1}"><title>{_plain(said)}'
                f'</title><rect class="hot" x="{bar.x}%" y="0" width="{bar.width}%" height="{line.height}"/>'
                f'<rect class="bar{" on" if bar.chosen else ""}" x="{bar.x}%" y="{bar.y}" width="{bar.width}%" '
                f'height="{bar.height}" rx="1"/></a>\n'
            )
        if bar.label:
            middle = bar.x + bar.width / 2
            html.append(
                f'<text aria-hidden="true" x="{middle}%" y="{line.height + 14}" text-anchor="middle">'
                f"{_plain(bar.label)}</text>\n"
            )
    return Markup("".join(html))


def counts(visit: _Words, line: Timeline) -> Markup:
    """Return the rows of a timeline's table."""
    return Markup(
        "".join(
            f'<tr><th scope="row"><a href="{_plain(bar.url)}">{_plain(visit.date(bar.date))}</a></th>'
            f"<td>{visit.number(bar.count)}</td></tr>"
            for bar in line.bars
            if bar.count
        )
    )
