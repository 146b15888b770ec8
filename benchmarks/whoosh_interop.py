"""Does Whoosh find in our index what we find? The same trees, asked of both: totals, facets, the first ten.

    python benchmarks/whoosh_interop.py ../shared/data/retrieval/phapdien/corpus.jsonl.gz --queries queries.jsonl

The trees (terms, AND, OR, NOT, phrases, prefixes) are made of judged queries, or of titles where none are given. Their
leaves are single syllables and quoted phrases: units, steps and questions of docs/query.md are not Whoosh's. Whoosh
searches with its own queries and collectors on what `searchapp.open(index).whoosh()` gives. Exits with 1 when a total
or a facet differs, or when less than 99 % of the trees have the same first ten.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from whoosh import query as wq
from whoosh.sorting import Count, FieldFacet

from searchapp import config
from searchapp.collection import open_collection
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.engines.plan import MAX_VALUES, phrase_stream
from searchapp.engines.whoosh.interop.scoring import RankedPhrase, RankedPrefix, TrueLengthBM25, best_first
from searchapp.fields import STORED_FACETS, Weights
from searchapp.ingest import reindex
from searchapp.query import UNKNOWN, AllOf, AnyOf, Node, Not, Phrase, Prefix, Query, positive
from searchapp.text.normalize import fold_key, normalize
from searchapp.text.tokens import tokens

ENOUGH: Final = 0.99
FACETS: Final = STORED_FACETS

Made = Callable[[Sequence[str]], Node]


def _term(key: str, marked: bool = False) -> Phrase:
    return Phrase((key,), marked, exact=marked)


KINDS: Final[dict[str, Made]] = {
    "term": lambda k: _term(k[0]),
    "accented term": lambda k: _term(k[0], marked=True),
    "and": lambda k: AllOf(tuple(map(_term, k[:3]))),
    "or": lambda k: AnyOf(tuple(map(_term, k[:2]))),
    "not": lambda k: AllOf((_term(k[0]), Not(_term(k[1])))),
    "phrase": lambda k: Phrase(tuple(k[:2])),
    "accented phrase": lambda k: Phrase(tuple(k[:3]), marked=True, exact=True),
    "prefix": lambda k: Prefix(fold_key(max(k[:4], key=len))[:4]),
    "and of or": lambda k: AllOf((AnyOf((_term(k[0]), _term(k[1]))), _term(k[2], marked=True))),
    "or of and": lambda k: AnyOf((AllOf((_term(k[0]), _term(k[1]))), Phrase(tuple(k[2:4])))),
}
"""Kind → its tree, of at least four different syllables that stand side by side."""


def trees(texts: Iterable[str], count: int) -> Iterator[tuple[str, Node]]:
    """So many trees of all kinds in turn, of different stretches of the texts."""
    kinds = list(KINDS.items())
    stretches = (some for text in texts if (some := _stretch(text)))
    for number, keys in zip(range(count), stretches, strict=False):
        kind, made = kinds[number % len(kinds)]
        yield kind, made(keys)


def _stretch(text: str) -> list[str]:
    """Four neighbours that are different by their letters, from the middle of a text; [] where there are none."""
    keys = [token.key for token in tokens(normalize(text))]
    for start in [*range(len(keys) // 2, len(keys) - 3), *range(len(keys) // 2)]:
        some = keys[start : start + 4]
        if len({fold_key(key) for key in some}) == 4:
            return some
    return []


def as_whoosh(node: Node, *, ranked: bool = False) -> wq.Query:
    """A tree as Whoosh's own query, every leaf in title or body; `ranked` with phrases and prefixes scored as ours."""
    if isinstance(node, Not):
        return wq.Not(as_whoosh(node.child, ranked=ranked))
    if isinstance(node, AllOf):
        return wq.And([as_whoosh(child, ranked=ranked) for child in node.children])
    if isinstance(node, AnyOf):
        return wq.Or([as_whoosh(child, ranked=ranked) for child in node.children])
    return wq.Or([_leaf(node, part, ranked) for part in ("title", "body")])


def _leaf(node: Node, part: str, ranked: bool) -> wq.Query:
    if isinstance(node, Prefix):
        return (RankedPrefix if ranked else wq.Prefix)(f"{part}_f", node.letters)
    assert isinstance(node, Phrase)
    stream, keys = phrase_stream(node)
    name = f"{part}_{stream}"
    return wq.Term(name, keys[0]) if len(keys) == 1 else (RankedPhrase if ranked else wq.Phrase)(name, list(keys))


def first_ten(searcher: Any, tree: Node) -> list[str]:
    """The keys of Whoosh's first ten.

    With us every leaf that is asked for adds to a score, also where its branch does not match: so the leaves rank, and
    the tree filters them.
    """
    leaves = wq.Or([as_whoosh(leaf, ranked=True) for leaf in dict.fromkeys(positive(tree))])
    plain = not any(isinstance(child, AllOf) for child in getattr(tree, "children", ()))
    query, within = (as_whoosh(tree, ranked=True), None) if plain else (leaves, as_whoosh(tree))
    return [hit["key"] for hit in searcher.search(query, limit=10, sortedby=best_first(), filter=within)]


@dataclass(frozen=True, slots=True)
class Compared:
    """What we and Whoosh said to one tree."""

    kind: str
    tree: Node
    totals: tuple[int, int]
    facets: bool
    ranks: bool
    seconds: float

    @property
    def counts(self) -> bool:
        """Whether total and facets are the same."""
        return self.totals[0] == self.totals[1] and self.facets


def compared(engine: Engine, index: Any, asked: Iterable[tuple[str, Node]], weights: Weights) -> Iterator[Compared]:
    """Ask both, through our seam and through Whoosh's searcher."""
    with index.searcher(weighting=TrueLengthBM25(weights)) as searcher:
        for kind, tree in asked:
            ours = engine.search(Query(tree=tree, facets=FACETS, steps=("year",)))
            start = time.perf_counter()
            grouped = {name: FieldFacet(name, allow_overlap=True, maptype=Count) for name in FACETS}
            grouped["date"] = FieldFacet("date", maptype=Count)
            found = searcher.search(as_whoosh(tree), limit=1, sortedby="newest", groupedby=grouped)
            first = [match.article.key for match in ours.matches] == first_ten(searcher, tree)
            seconds = time.perf_counter() - start
            yield Compared(kind, tree, (ours.total, len(found)), _same_facets(ours, found), first, seconds)


def _same_facets(ours: Any, found: Any) -> bool:
    years: Counter[str] = Counter()
    for day, count in found.groups("date").items():
        years[day[:4] or UNKNOWN] += count
    same = dict(ours.steps["year"]) == years
    for name in FACETS:
        theirs, mine = dict(found.groups(name)), dict(ours.facets[name])
        same &= mine == (theirs if len(theirs) <= MAX_VALUES else {value: theirs.get(value) for value in mine})
    return same


def main() -> None:
    """Index, ask, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("corpus", type=Path)
    options.add_argument("--queries", type=Path, help="a file of JSON lines with the field text")
    options.add_argument("--count", type=int, default=400)
    options.add_argument("--index", type=Path, help="ask the index that is there, or keep a new one there")
    given = options.parse_args()
    folder = given.index or Path(tempfile.mkdtemp(prefix="whoosh-")) / "index"
    settings = replace(config.load(environ={}), index=folder, corpus=(given.corpus,))
    if not (folder / "CURRENT").exists():
        reindex(settings.corpus, folder, settings)
    engine = open_engine(settings)()
    texts = list(_texts(given.queries)) if given.queries else [title for _, title in engine.titles()]
    asked = list(trees(texts, given.count))
    with open_collection(None, settings) as collection:
        found = list(compared(engine, collection.whoosh(), asked, settings.weights))
    show(found)
    for one in [one for one in found if not (one.counts and one.ranks)][:10]:
        print(f"differs: {one.kind}: {one.tree}, totals {one.totals}")
    alike = sum(one.ranks for one in found)
    sys.exit(not (found and alike >= ENOUGH * len(found) and all(one.counts for one in found)))


def _texts(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line)["text"] for line in lines)


def show(found: Sequence[Compared]) -> None:
    """One row a kind of tree, and the sum."""
    print(f"{'trees':<18}{'asked':>7}{'same totals, facets':>22}{'same first ten':>17}{'median s':>10}")
    for kind in [*KINDS, "all"]:
        group = [one for one in found if kind in (one.kind, "all")]
        if group:
            counts, firsts = sum(one.counts for one in group), sum(one.ranks for one in group)
            middle = sorted(one.seconds for one in group)[len(group) // 2]
            print(f"{kind:<18}{len(group):>7}{counts:>22}{firsts:>17}{middle:>10.2f}")


if __name__ == "__main__":
    main()
