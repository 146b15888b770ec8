"""What leads on from a query that finds nothing: its words one by one, without some, documents of that name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from searchapp.engine import Engine
from searchapp.query import Leaf, Node, Number, Phrase, Query, Word, positive
from searchapp.results import Page
from searchapp.search import find
from searchapp.search.parser import without_each_field, without_fields
from searchapp.text.normalize import fold_key
from searchapp.web.request import Visit

_MOST_WORDS: Final = 24  # of a longer query nobody reads each word
_MOST_FIELDS: Final = 9  # each costs a search


@dataclass(frozen=True, slots=True)
class _Lost:
    """What leads on from a query that finds nothing.

    words: each with its articles; missing: those that none has; rest: the query without them; documents: how many have
    such a name, asked for by `named`. free: the query without a field that the reader typed, that field, and how many
    articles it finds; all fields together where no single one is in the way. alone: the words beside a document number,
    which without it find `unnumbered` articles.
    """

    words: tuple[tuple[str, int], ...] = ()
    missing: str = ""
    rest: str = ""
    documents: int = 0
    named: Query | None = None
    free: tuple[tuple[str, str, int], ...] = ()
    alone: str = ""
    unnumbered: int = 0
    either: str = ""
    any_of: int = 0


def lost(visit: Visit, engine: Engine, query: Query, page: Page) -> _Lost:
    """Return what a page without results offers; of one with results for most of the words, those that none has."""
    wider = any(notice[0] == "wider" for notice in page.notices)
    if (page.total and not wider) or not query.text:
        return _Lost()
    tree = page.query.tree
    leaves = [leaf for leaf in positive(tree) if isinstance(leaf, Word)] if tree else []
    words = {leaf.key: leaf.marked for leaf in leaves}
    spelt = engine.frequencies({word for word, marked in words.items() if marked}, stream="a")
    letters = engine.frequencies({fold_key(word) for word in words}, stream="f")
    counts = {word: (spelt if marked else letters).get(word, 0) for word, marked in words.items()}
    told = tuple(counts.items()) if 1 < len(counts) <= _MOST_WORDS else ()
    stood_for = {leaf.key for leaf in leaves if leaf.also}  # "blhs" is written out in the articles
    missing = [word for word, n in told if not n and word not in stood_for]
    without = ", ".join(f"“{word}”" for word in missing)
    if page.total:
        return _Lost(missing=without)
    plain, _ = without_fields(query.text)
    named = Query(text=plain)
    # A card above names the documents already.
    asked = plain if page.card is None else ""
    shelf = visit.site.shelf(engine).find(named, [one.slug for one in engine.documents(asked)]).total if asked else 0
    rest = " ".join(word for word, n in told if n) if missing else ""
    alone = _beside_a_number(tree)
    either = _either(tree)
    counted = _counted(engine, query, alone), _counted(engine, query, either)
    return _Lost(told, without, rest, shelf, named, _freed(engine, query), alone, counted[0], either, counted[1])


def _either(tree: Node | None) -> str:
    """Return the numbers of a query with OR between them, where it has several: no article need name them all."""
    numbers = dict.fromkeys(leaf.text for leaf in positive(tree) if isinstance(leaf, Number) and leaf.text)
    return " OR ".join(numbers) if len(numbers) > 1 else ""


def _freed(engine: Engine, query: Query) -> tuple[tuple[str, str, int], ...]:
    """Return the query without a typed field, that field and the count, where something is left to ask and found."""
    ways = list(islice(without_each_field(query.text), _MOST_FIELDS))
    counted = [(text, said, _counted(engine, query, text)) for text, said in ways]
    single, together = (counted[:-1], counted[-1:]) if len(counted) > 1 else (counted, [])
    return tuple(way for way in single if way[2]) or tuple(way for way in together if way[2])


def _beside_a_number(tree: Node | None) -> str:
    """Return the words and phrases of a query that names a document by its number too; "" for any other."""
    leaves = list(positive(tree))
    numbered = any(isinstance(leaf, Number) for leaf in leaves)
    return " ".join(filter(None, map(_typed, leaves))) if numbered else ""


def _typed(leaf: Leaf) -> str:
    """Return a word or a phrase as it is typed, "" for another leaf."""
    if isinstance(leaf, Word):
        return leaf.key
    return f'"{" ".join(leaf.keys)}"' if isinstance(leaf, Phrase) else ""


def _counted(engine: Engine, query: Query, text: str) -> int:
    """Return how many articles another text would find under the same filters."""
    if not text:
        return 0
    return find(engine, replace(query, text=text, size=1, page=1, after="", facets=(), steps=())).answer.total
