"""Tell whether a document holds, with its history and its relations, for a page and the API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from searchapp import graph
from searchapp.article import Article, Document
from searchapp.citations.find.relations import cues
from searchapp.citations.find.relations.cues import PARTLY
from searchapp.citations.resolve.validity import Edge, Status
from searchapp.engine import Engine
from searchapp.results import Piece
from searchapp.search.standing import events
from searchapp.web.request import Visit

_Direction = Literal["out", "in"]

_WAYS: Final[tuple[_Direction, ...]] = ("in", "out")
MOST: Final = 500  # of one kind and direction in an answer of the API
SHOWN: Final = 40  # relations of one kind on a page
_SENTENCE: Final = 320  # letters of a sentence that names no other document
_NAMES: Final = {
    "phu-luc": "Phụ lục", "chuong": "Chương", "muc": "Mục", "mau": "Mẫu số", "phan": "Phần", "bieu": "Biểu",
    "tieu-muc": "Tiểu mục", "danh-muc": "Danh mục",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """An edge with the other document, the sentence that says so (its document marked) and that sentence's article."""

    edge: Edge
    direction: _Direction
    document: Document
    sentence: tuple[Piece, ...]
    article: Article | None


@dataclass(frozen=True, slots=True)
class Life:
    """A document's validity on its page. told: of its status; groups: kind and direction, with their edges."""

    status: Status
    in_force: str
    begins: Told | None
    told: Told | None
    amended: int
    history: tuple[Told, ...]
    groups: tuple[tuple[str, _Direction, tuple[Told, ...]], ...]


def life(visit: Visit, engine: Engine, shown: Document) -> Life:
    """Return the validity of a document on the day of the visit, its history and its relations."""
    standing = visit.site.standing(engine)
    status = standing.status(shown.slug, visit.day())
    starts = standing.force.commencement(shown.slug)
    history = events(standing, shown.slug)
    related = [row for row in relations(visit, engine, shown, SHOWN) if row.edge.kind in cues.KINDS]
    told = tell(engine, shown, [*([status.edge] if status.edge else []), *([starts] if starts else []), *history])
    by_edge = {_name(one.edge): one for one in told}
    groups: dict[tuple[str, _Direction], list[Told]] = {}
    for row in related:
        groups.setdefault((row.edge.kind, row.direction), []).append(row)
    order = [(kind, way) for way in _WAYS for kind in cues.KINDS if (kind, way) in groups]
    return Life(
        status=status,
        in_force=standing.force.in_force(shown.slug),
        begins=by_edge.get(_name(starts)) if starts else None,
        told=by_edge.get(_name(status.edge)) if status.edge else None,
        amended=len({row.document.slug for row in groups.get((cues.AMENDS, "in"), ())}),
        history=tuple(by_edge[_name(edge)] for edge in history if _name(edge) in by_edge),
        groups=tuple((kind, way, tuple(groups[kind, way][:SHOWN])) for kind, way in order),
    )


def relations(visit: Visit, engine: Engine, shown: Document, most: int = MOST) -> list[Told]:
    """Return a document's effects on others, then theirs on it; at most so many of one kind and direction."""
    kept: list[Edge] = []
    for edges in visit.site.standing(engine).force.of(shown.slug):
        seen: Counter[str] = Counter()
        for edge in edges:
            seen[edge.kind] += 1
            if edge.kind != cues.IN_FORCE and seen[edge.kind] <= most:
                kept.append(edge)
    return tell(engine, shown, kept)


def tell(engine: Engine, shown: Document, edges: Sequence[Edge]) -> list[Told]:
    """Return edges of a document with their sentences, each once; edges to an unknown document are left out."""
    keys = list(dict.fromkeys(edge.article for edge in edges if edge.article))
    held = {article.key: article for article in engine.articles(keys)}
    found: dict[tuple[object, ...], Told] = {}
    for edge in edges:
        direction: _Direction = "out" if edge.doer == shown.slug and edge.target != shown.slug else "in"
        other = edge.target if direction == "out" else edge.doer
        document = shown if other == shown.slug else engine.document(other)
        if document is None:
            continue
        article = held.get(edge.article)
        sentence = _sentence(article, edge, other) if article else ()
        found.setdefault(_name(edge), Told(edge, direction, document, sentence, article))
    return list(found.values())


def provision(part: str) -> str:
    """Return a provision as people write it: "5/2/a" → "điểm a khoản 2 Điều 5", "phu-luc-1" → "Phụ lục 1"."""
    if part == PARTLY:
        return ""
    above, _, section = part.rpartition("-muc-")
    if above.startswith(("chuong-", "phan-")):
        return f"Mục {section} {provision(above)}"
    unit, _, number = part.rpartition("-")
    if unit in _NAMES:
        return f"{_NAMES[unit]} {number}"
    article, *below = part.split("/")
    said = [f"{name} {value}" for name, value in zip(("khoản", "điểm", "tiết"), below, strict=False)]
    return " ".join([*reversed(said), f"Điều {article}"])


def provisions(part: Iterable[str]) -> str:
    """Return several provisions in a line; "" where they are not named."""
    return ", ".join(filter(None, map(provision, part)))


def _sentence(article: Article, edge: Edge, other: str) -> tuple[Piece, ...]:
    inside = [c for c in article.citations if edge.start <= c.start and c.end <= edge.end]
    named = next((c for c in inside if c.document == other), inside[0] if inside else None)
    if named is not None:
        return graph.sentence(article, named)
    said = article.whole[edge.start : edge.end]
    return (Piece(said if len(said) <= _SENTENCE else f"{said[:_SENTENCE].rpartition(' ')[0]} …"),)


def _name(edge: Edge) -> tuple[object, ...]:
    return edge.kind, edge.doer, edge.target, edge.part, edge.article, edge.start
