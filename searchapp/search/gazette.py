"""Put together a document that the gazette prints in several of its issues, one file each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final, NamedTuple

from searchapp.article import CONTINUED, Article, Citation, Document, Relation
from searchapp.engine import Engine
from searchapp.fields import OWN_DOCUMENT
from searchapp.outline import pack, split
from searchapp.query import Query

_MOST: Final = 60  # parts of one document; the longest that anybody prints has some twenty
_HALF_A_YEAR: Final = 600  # issues of the gazette
_A_YEAR: Final = 10_000
_MENTIONS: Final = "Công báo"
# "(Xem tiếp Công báo số 125 + 126)" at the end of a part.
_GOES_ON: Final = re.compile(r"\(Xem tiếp Công báo (?:từ )?số\s*(?P<issues>\d{1,4}(?:\s*\+\s*\d{1,4})*)")


class Parts(NamedTuple):
    """The parts of a document in their order, and the issues of the gazette whose parts are not held."""

    articles: tuple[Article, ...] = ()
    missing: tuple[str, ...] = ()


def parts(engine: Engine, document: Document) -> Parts:
    """Return the parts of a document; none where one file holds all of it, or one alone and nothing tells of others."""
    if not document.article:
        return Parts()
    first = engine.articles([document.article])
    if not first or not _is_part(first[0]):
        return Parts()
    own = engine.search(Query(filters={OWN_DOCUMENT: (document.slug,)}, size=_MOST)).matches
    keys = [match.article.key for match in own if match.article.key != document.article]
    rest = (article for article in engine.articles(keys) if CONTINUED.search(article.title))
    found = _in_order([*first, *rest])
    return Parts(tuple(found), tuple(dict.fromkeys(_missing(found))))


def joined(shown: Article, held: Parts) -> Article:
    """Return the first part with the texts of the others behind its own; any other article as it is."""
    if len(held.articles) < 2 or held.articles[0].key != shown.key or shown.ocr:
        return shown
    starts, length = [], 0
    for part in held.articles:
        starts.append(length)
        length += len(part.text) + 1
    text = "\n".join(part.text for part in held.articles)
    citations: list[Citation] = []
    relations: list[Relation] = []
    for part, start in zip(held.articles, starts, strict=True):
        # The title and the bases of the first part stand behind the whole text.
        further = len(text) - len(part.text)
        kept = [c for c in part.citations if c.start < len(part.text) or part is shown or part.key == shown.key]
        moved = {c.start: c.start + (start if c.start < len(part.text) else further) for c in kept}
        citations += (replace(c, start=moved[c.start], end=c.end + moved[c.start] - c.start) for c in kept)
        relations += (r for one in part.relations if (r := _moved(one, moved, start)))
    return replace(
        shown, text=text, outline=pack(split(text)), relations=tuple(relations),
        citations=tuple(sorted(citations, key=lambda c: c.start)),
    )  # fmt: skip


def held_at(shown: Article, held: Parts, place: int) -> tuple[Article, int]:
    """Return the part that holds a place in the text of all parts, and the place in this part."""
    if len(held.articles) < 2 or held.articles[0].key != shown.key or shown.ocr:
        return shown, place
    start = 0
    for part in held.articles:
        if place <= start + len(part.text):
            return part, place - start
        start += len(part.text) + 1
    return shown, place


def whole(engine: Engine, shown: Article, document: Document | None) -> tuple[Article, Parts]:
    """Return the article to show, all of its document where that stands in several issues; and the parts of this."""
    if document is None or not _is_part(shown):
        return shown, Parts()
    held = parts(engine, document)
    return joined(shown, held), held


def text(engine: Engine, document: Document) -> Article | None:
    """Return the article with all of a document's text that is held; None where none of it is."""
    first = next(iter(engine.articles([document.article])), None) if document.article else None
    return whole(engine, first, document)[0] if first else None


def _is_part(article: Article) -> bool:
    """Tell whether an article is a part of what the gazette prints in several issues."""
    return _MENTIONS in article.title or _GOES_ON.search(article.text) is not None


def _moved(relation: Relation, moved: dict[int, int], start: int) -> Relation | None:
    ends = [moved.get(at, -1) if at >= 0 else at for at in (relation.doer, relation.target)]
    if any(end < 0 <= at for end, at in zip(ends, (relation.doer, relation.target), strict=True)):
        return None
    return replace(relation, doer=ends[0], target=ends[1], start=relation.start + start, end=relation.end + start)


def _in_order(articles: Sequence[Article]) -> list[Article]:
    issues = [issue for one in articles if (issue := _continues(one))]
    turn = bool(issues) and max(issues) - min(issues) > _HALF_A_YEAR  # its issues begin anew with the year

    def place(one: Article) -> tuple[int, str]:
        issue = _continues(one)
        return issue + (_A_YEAR if turn and 0 < issue < _HALF_A_YEAR else 0), one.key

    return sorted(articles, key=place)


def _continues(article: Article) -> int:
    """Return the issue that a part continues, 0 for the first part."""
    found = CONTINUED.search(article.title)
    return _first(found["issues"]) if found else 0


def _missing(articles: Sequence[Article]) -> Iterator[str]:
    """Yield the issues whose parts are not held: "Công báo số 125 + 126" after a part that no other one continues."""
    first = CONTINUED.search(articles[0].title)
    if first:
        yield first["issues"]
    for part, after in pairwise(articles):
        goes_on, continues = _GOES_ON.search(part.text), CONTINUED.search(after.title)
        # A part continues the issue of the part before it, which comes before the issue in which that goes on.
        if goes_on and continues and _is_later(continues["issues"], goes_on["issues"]):
            yield goes_on["issues"]
            yield continues["issues"]
    if last := _GOES_ON.search(articles[-1].text):
        yield last["issues"]


def _is_later(one: str, other: str) -> bool:
    """Tell whether an issue is another one or comes after it; far lower numbers are of the next year."""
    ahead = _first(one) - _first(other)
    return 0 <= ahead < _HALF_A_YEAR or ahead < -_HALF_A_YEAR


def _first(issues: str) -> int:
    return int(re.split(r"\D", issues.strip(), maxsplit=1)[0])
