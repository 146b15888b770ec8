"""A naive engine in memory, written from the design and not from the code: what a real engine must answer."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from searchapp import places
from searchapp.article import Article, Document
from searchapp.citations.resolve import provinces
from searchapp.dates import span
from searchapp.engines.units import HELD, Group, group
from searchapp.fields import TEXT_FIELDS, TextField, Weights
from searchapp.places import Places
from searchapp.query import AllOf, AnyOf, Node, Not, Number, Phrase, Prefix, Query, Word
from searchapp.text.normalize import fold_key, has_marks
from searchapp.text.questions import asking
from searchapp.text.tokens import stream, tokens

SLACK = 1e-4  # engines may sum in float32


@cache
def words_of(text: str) -> tuple[str, ...]:
    return tuple(stream(text).words)


@dataclass
class Registry:
    """Documents known beforehand; the citations of the test articles say themselves what they mean."""

    documents: Mapping[str, Document] = field(default_factory=dict)
    places: Places = field(default_factory=places.shipped)

    def resolve(self, facts):
        return facts.citations

    def own(self, facts) -> str:
        return next((slug for slug, one in self.documents.items() if one.article == facts.key), "")


class Held:
    """An article with its token streams: field name → list of (term, position)."""

    def __init__(self, article: Article, registry: Registry) -> None:
        self.article = article
        self.tokens: dict[str, list[tuple[str, int]]] = {}
        for part, text in (("title", article.title), ("body", article.text)):
            cut = stream(text)
            exact = list(zip(cut.keys, cut.positions, strict=True))
            folded = [(fold_key(key), at) for key, at in exact]
            self.tokens[f"{part}_a"], self.tokens[f"{part}_f"] = exact, folded
            self.tokens[f"{part}_f2"] = [
                (f"{x} {y}", at) for (x, at), (y, after) in pairwise(folded) if after == at + 1
            ]
            self.tokens[f"{part}_w"] = [(word, 0) for word in cut.words]
        self.counts = {name: Counter(term for term, _ in tokens) for name, tokens in self.tokens.items()}
        self.places = {name: set(tokens) for name, tokens in self.tokens.items()}
        spoken = [tuple(map(fold_key, word.split("_"))) for part in PARTS for word in self.counts[f"{part}_w"]]
        self.spoken = {pair for word in spoken for pair in pairwise(word)} | set(spoken)
        own = registry.own(article)
        slugs = dict.fromkeys(filter(None, [own, *(citation.document for citation in article.citations)]))
        self.documents = tuple(slugs)
        self.symbols = {article.number, *(citation.key for citation in article.citations)} - {""}
        terms = dict.fromkeys(registry.documents[slug].term_id for slug in slugs if slug in registry.documents)
        issuer = article.issuer or (registry.documents[own].issuer if own else "")
        self.values = {
            "document": self.documents,
            "theme": article.themes,
            "term": tuple(term for term in terms if term),
            "issuer": (issuer,) if issuer else (),
            "type": (article.type,) if article.type else (),
            "section": (article.section,) if article.section else (),
            "source": (article.source,) if article.source else (),
            "area": self.areas(registry, [registry.documents[slug] for slug in slugs if slug in registry.documents]),
        }

    def areas(self, registry: Registry, documents) -> tuple[str, ...]:
        """Provinces of today of the issuer and of the documents."""
        named = provinces(self.article, documents, registry.places)
        return tuple(dict.fromkeys(registry.places.today(name).id for name in named))

    def times(self, name: str, keys: Sequence[str]) -> int:
        """How often the keys stand side by side in a field."""
        places = self.places[name]
        return sum(all((key, at + i) in places for i, key in enumerate(keys)) for _, at in self.tokens[name])


class Oracle:
    """Sets, scores, counts and orders by definition, one article at a time."""

    def __init__(self, articles: Sequence[Article], registry: Registry, weights: Weights | None = None) -> None:
        self.registry = registry
        self.weights = weights or Weights()
        self.held = [Held(article, registry) for article in articles]
        self.lengths = cache(self.lengths)  # asked again for every article
        self.spread = cache(self.spread)
        self.together = cache(self.together)
        self.inside = cache(self.inside)
        self.last: tuple[Query | None, list[Held]] = (None, [])  # each facet asks for the same articles

    # Sets

    def matching(self, query: Query) -> tuple[list[Held], int]:
        """The articles that match before any filter, and the highest step that plain words took."""
        if query.tree is None:
            return self.held, 0
        last, found = self.last
        if last is None or (last.tree, last.step, last.text) != (query.tree, query.step, query.text):
            self.asked, self.text, self.step = query.step, query.text, 0
            keys = self.keys(self.flat(query.tree))
            found = [one for one in self.held if one.article.key in keys]
            self.last = query, found
        return found, self.step

    def keys(self, node: Node, excluded: bool = False) -> set[str]:
        """Keys of the articles that a node holds; what is excluded is taken as it was typed."""
        match node:
            case Word():
                return self.words(((node,),), excluded)
            case Phrase():
                return self.having(lambda one: self.has_phrase(node, one))
            case Prefix(letters=letters):
                begins = lambda part, one: any(term.startswith(letters) for term in one.counts[f"{part}_f"])  # noqa: E731
                return self.having(lambda one: any(begins(part, one) for part in PARTS))
            case Number(symbols=symbols, documents=documents):
                cites = lambda one: {*symbols} & {*one.symbols} or {*documents} & {*one.documents}  # noqa: E731
                return self.having(lambda one: bool(cites(one)))
            case Not(child=child):
                return self.having(lambda one: True) - self.keys(child, True)
            case AnyOf(children=children):
                return set().union(*(self.keys(child, excluded) for child in children))
            case AllOf(children=children):
                found = self.having(lambda one: True)
                if any(isinstance(child, Word) for child in children):
                    found &= self.words(runs_of(children), excluded)
                for child in children:
                    if not isinstance(child, Word):
                        found &= self.keys(child, excluded)
                return found

    def having(self, holds) -> set[str]:
        return {one.article.key for one in self.held if holds(one)}

    def words(self, runs: tuple[tuple[Word, ...], ...], excluded: bool) -> set[str]:
        """The plain words of one conjunction, by the first step of query.md that will do or by the one asked for."""
        cut = group(runs, self)
        exact = self.having(lambda one: self.is_near(cut, one))
        if excluded:
            return exact
        letters = self.having(lambda one: self.is_near(cut.by_letters(), one))
        near, step = (exact, 1) if exact or not letters or self.asked == 1 else (letters, 2)
        if self.asked == 1:
            return self.took(1, near)
        if self.asked == 2:
            return self.took(2, letters)
        if self.asked == 4:
            return self.took(4, self.having(lambda one: self.has_every(cut, one)))
        typed = [word for run in runs for word in run]
        if len(typed) > 12:
            return self.took(3, self.scoring(typed, cut))
        if len(typed) > 1 and (len(near) < 10 or self.asked == 3):
            return self.took(3, near | self.scoring(typed, cut))
        return self.took(self.asked or step, near)

    def took(self, step: int, found: set[str]) -> set[str]:
        self.step = max(self.step, step)
        return found

    def scoring(self, typed: Sequence[Word], cut: Group) -> set[str]:
        asked = Query(tree=AllOf(tuple(typed)), text=self.text)
        scores = {one.article.key: self.score(asked, one) for one in self.held}
        best = max(scores.values(), default=0)
        least = best * (1 / 2 if cut.kinds <= 4 else 1 / 3) * (1 - SLACK)
        return {key for key, score in scores.items() if score >= least and score}

    def is_near(self, cut: Group, one: Held) -> bool:
        return any(self.near_in(part, cut, one) for part in PARTS)

    def near_in(self, part: str, cut: Group, one: Held) -> bool:
        """Whether all units of a group stand within its reach in one part, each adjacent and in order."""
        if len(cut.units) == 1:
            return any(starts(part, way, one) for way in cut.units[0].ways)
        rows = [[(at, at + len(way.keys)) for way in unit.ways for at in starts(part, way, one)] for unit in cut.units]
        for left in sorted(cut.ordered):  # a typed pair the other way round does not count
            before, after = (set(starts(part, cut.units[at].ways[0], one)) for at in (left, left + 1))
            size, other = (len(cut.units[at].ways[0].keys) for at in (left, left + 1))
            wrong = {at for at in before if at - other in after and at + size not in after}
            late = {at for at in after if at + other in before and at - size not in before}
            rows[left] = [row for row in rows[left] if row[0] not in wrong or row[1] - row[0] != size]
            rows[left + 1] = [row for row in rows[left + 1] if row[0] not in late or row[1] - row[0] != other]
        begins = {begin for row in rows for begin, _ in row}
        return any(
            all(any(begin <= at and end <= begin + cut.reach for at, end in row) for row in rows) for begin in begins
        )

    def has_every(self, cut: Group, one: Held) -> bool:
        def has(key: str) -> bool:
            return any(key in one.counts[f"{part}_f"] for part in PARTS)

        return all(
            all(has(fold_key(key)) for key in unit.ways[0].keys)
            or any(self.has_phrase(way, one) for way in unit.ways[1:])
            for unit in cut.units
        )

    # What the cut into units asks of the archive (`units.Archive`)

    def together(self, keys: tuple[str, ...]) -> int:
        return len(self.having(lambda one: any(starts(part, Phrase(keys), one) for part in PARTS)))

    def is_phrase(self, keys: tuple[str, ...]) -> bool:
        return self.together(keys) >= HELD

    def inside(self, pair: tuple[str, ...]) -> int:
        return len(self.having(lambda one: pair in one.spoken))

    def is_word(self, keys: tuple[str, ...]) -> bool:
        return any(keys in one.spoken for one in self.held)

    def has_phrase(self, phrase: Phrase, one: Held) -> bool:
        return any(starts(part, phrase, one) for part in PARTS)

    def flat(self, node: Node) -> Node:
        if isinstance(node, Not):
            return Not(self.flat(node.child))
        if isinstance(node, AnyOf):
            return AnyOf(tuple(self.flat(child) for child in node.children))
        if not isinstance(node, AllOf):
            return node
        children = [self.flat(child) for child in node.children]
        spread = [grand for c in children for grand in (c.children if isinstance(c, AllOf) else (c,))]
        return spread[0] if len(spread) == 1 else AllOf(tuple(spread))

    # Scores

    def score(self, query: Query, one: Held) -> float:
        if query.tree is None or query.sort != "relevance":
            return 0.0
        flat = self.flat(query.tree)
        leaves = list(positive(flat))
        words = [leaf for leaf in leaves if isinstance(leaf, Word)]
        marked = any(word.marked for word in words)
        asks = self.asking(flat)
        total = 0.0
        for each in TEXT_FIELDS:
            worth: dict[tuple[str, ...], float] = {}  # what is said twice counts once

            def say(keys: Sequence[str], share: float, worth: dict[tuple[str, ...], float] = worth) -> None:
                worth[tuple(keys)] = max(share, worth.get(tuple(keys), 0.0))

            weight = self.weights.of(each, accented=marked)
            for leaf in leaves:
                match leaf:
                    case Word(key=key, also=also, same=same):
                        if each.stream == "f" or (each.stream == "a" and marked):
                            only = self.weights.question if id(leaf) in asks else 1.0
                            say([fold_key(key) if each.stream == "f" else key], only)
                        for phrase in (*same, *also):
                            if phrase_keys(phrase)[0][0] == each.stream:
                                say(phrase_keys(phrase)[0][1], self.weights.synonym)
                    case Phrase():
                        for name, keys in phrase_keys(leaf):
                            if name == each.stream:
                                say(keys, 1.0)
                    case Prefix(letters=letters) if each.stream == "f":
                        total += weight * any(term.startswith(letters) for term in one.counts[each.name])
            if each.stream == "f2":
                for x, y in neighbours(flat):
                    only = self.weights.question if id(x) in asks and id(y) in asks else 1.0
                    say([f"{fold_key(x.key)} {fold_key(y.key)}"], only)
            if each.stream == "w" and marked:
                keys = {key for leaf in leaves for key in said(leaf)}
                for word in words_of(query.text):
                    if set(word.split("_")) <= keys:
                        say([word], 1.0)
            total += sum(weight * share * self.earned(each, keys, one) for keys, share in worth.items())
        match self.flat(query.tree):
            case Word(key=key, marked=True):
                total += 100 * any(key in one.counts[f"{part}_a"] for part in PARTS)
        for number in (leaf for leaf in leaves if isinstance(leaf, Number)):
            total += one.article.key in self.keys(number)
            texts = {self.registry.documents[s].article for s in number.documents if s in self.registry.documents}
            total += 10_000 * (one.article.key in texts)
        return total

    def asking(self, flat: Node) -> set[int]:
        """The words of a question that only ask, unless all that stand together do."""
        if not isinstance(flat, AllOf) or len({fold_key(c.key) for c in flat.children if isinstance(c, Word)}) <= 4:
            return set()
        found: set[int] = set()
        run: list[Word] = []
        for child in (*flat.children, None):
            if isinstance(child, Word):
                run.append(child)
                continue
            asks = asking([word.key for word in run])
            found |= {id(word) for word, one in zip(run, asks, strict=True) if one and not all(asks)}
            run = []
        return found

    def earned(self, each: TextField, keys: Sequence[str], one: Held) -> float:
        """BM25 of a term or phrase in one field, as Lucene: idf summed over its terms, lengths quantised."""
        times = one.counts[each.name][keys[0]] if len(keys) == 1 else one.times(each.name, keys)
        if not times:
            return 0.0
        filled, average = self.lengths(each.name)
        k1, b = self.weights.curve(each)
        norm = k1 * (1 - b + b * quantised(len(one.tokens[each.name])) / average)
        worth = sum(idf(self.spread(each.name, key), filled) for key in keys)
        return worth * times / (times + norm)

    def lengths(self, name: str) -> tuple[int, float]:
        """How many articles have a field, and its mean length in them."""
        filled = [len(one.tokens[name]) for one in self.held if one.tokens[name]]
        return len(filled), sum(filled) / len(filled)

    def spread(self, name: str, term: str) -> int:
        """How many articles have a term in a field."""
        return sum(term in one.counts[name] for one in self.held)

    # Reprints

    def folded(self, results: list[tuple[Held, float]]) -> tuple[list[tuple[Held, float]], dict[str, int]]:
        """Of word for word the same texts only the first, and how many others it stands for, by id."""
        listed: dict[object, tuple[Held, float]] = {}
        counts: Counter[object] = Counter()
        for one, score in results:
            text = said_text(one)
            key = text if len(text) >= 8 else one.article.id
            listed.setdefault(key, (one, score))
            counts[key] += 1
        return list(listed.values()), {row[0].article.id: counts[key] - 1 for key, row in listed.items()}

    # Filters, facets, order

    def passes(self, query: Query, one: Held, lifted: str = "") -> bool:
        for name, values in query.filters.items():
            if values and name != lifted and not self.has_value(name, values, one):
                return False
        if query.since or query.until:
            if not one.article.date:
                return False
            first, last = span(one.article.date)
            return (not query.since or last >= query.since) and (not query.until or first <= query.until)
        return True

    def has_value(self, name: str, values: Sequence[str], one: Held) -> bool:
        date = one.article.date
        if name == "date":
            return any(not date if value == "unknown" else date[: len(value)] == value for value in values)
        if name == "reprint":
            chosen = [other for other in self.held if other.article.key in values]
            texts = {said_text(other) for other in chosen if len(said_text(other)) >= 8}
            return one in chosen or said_text(one) in texts
        if name == "document":
            bearing = [s for v in values for s, d in self.registry.documents.items() if d.symbol == v]
            values = [*values, *bearing]
        return bool(set(values) & set(one.values[name]))

    def facet(self, name: str, query: Query) -> dict[str, int]:
        """Every value of a facet that has an article, and the chosen ones."""
        chosen = query.filters.get(name, ())
        found, _ = self.matching(query)
        found = [one for one in found if self.passes(query, one, lifted=name)]
        counts: Counter[str] = Counter(dict.fromkeys(chosen, 0))
        for one in found:
            counts.update(set(self.dates(one, chosen)) if name == "date" else one.values[name])
        if name == "document":
            for value in chosen:
                counts[value] = sum(self.has_value(name, [value], one) for one in found)
        return dict(counts)

    def dates(self, one: Held, chosen: Sequence[str]) -> Iterator[str]:
        date = one.article.date
        yield date[:4] or "unknown"
        if len(date) >= 7 and any(value[:4] == date[:4] for value in chosen):
            yield date[:7]
        if len(date) == 10 and any(value[:7] == date[:7] for value in chosen):
            yield date

    def results(self, query: Query) -> list[tuple[Held, float]]:
        """All results in order with their scores."""
        found, _ = self.matching(query)
        scored = [(one, self.score(query, one)) for one in found if self.passes(query, one)]
        return sorted(scored, key=lambda row: (-row[1], self.place(query, row[0])))

    def place(self, query: Query, one: Held) -> tuple[bool, int, str]:
        """Order among equals: undated last, then by first day, then by id."""
        date = one.article.date
        day = int(span(date)[0].replace("-", "")) if date else 0
        return not date, day if query.sort == "oldest" else -day, one.article.id

    def steps(self, query: Query, step: str) -> list[tuple[str, int]]:
        width = {"year": 4, "month": 7, "day": 10}[step]
        counts = Counter(one.article.date[:width] or "unknown" for one, _ in self.results(query))
        return sorted(counts.items(), key=lambda row: (row[0] == "unknown", row[0]))


PARTS = ("title", "body")


def idf(matching: int, articles: int) -> float:
    return math.log(1 + (articles - matching + 0.5) / (matching + 0.5))


def quantised(length: int) -> int:
    """Lucene keeps four significant bits of what is above 24."""
    if length < 24:
        return length
    rest = length - 24
    shift = max(0, rest.bit_length() - 4)
    return 24 + (rest >> shift << shift)


def said_text(one: Held) -> tuple[str, ...]:
    """The folded syllables of a text without a first line that repeats the title."""
    lines = [line for line in one.article.text.split("\n") if tokens(line)]
    same = lines and [token.key for token in tokens(lines[0])] == [token.key for token in tokens(one.article.title)]
    return tuple(fold_key(token.key) for line in lines[1 if same else 0 :] for token in tokens(line))


def phrase_keys(phrase: Phrase) -> list[tuple[str, list[str]]]:
    """Streams and keys by which a phrase scores; where only some syllables have accents, by its letters too."""
    marked = [phrase.exact or (phrase.marked and has_marks(key)) for key in phrase.keys]
    ways = [("a", list(phrase.keys))] if any(marked) else []
    return ways if all(marked) else [*ways, ("f", [fold_key(key) for key in phrase.keys])]


def starts(part: str, phrase: Phrase, one: Held) -> list[int]:
    """Where a phrase begins: accents hold where they are typed, and only there."""
    exact, folded = one.places[f"{part}_a"], one.places[f"{part}_f"]

    def stands(key: str, at: int) -> bool:
        held = phrase.exact or (phrase.marked and has_marks(key))
        return (key, at) in exact if held else (fold_key(key), at) in folded

    first = fold_key(phrase.keys[0])
    if first not in one.counts[f"{part}_f"]:
        return []
    begins = [at for term, at in one.tokens[f"{part}_f"] if term == first]
    return [at for at in begins if all(stands(key, at + i) for i, key in enumerate(phrase.keys))]


def runs_of(children: Sequence[Node]) -> tuple[tuple[Word, ...], ...]:
    """Plain words that stand side by side."""
    runs: list[list[Word]] = []
    for at, child in enumerate(children):
        if isinstance(child, Word):
            if not at or not isinstance(children[at - 1], Word):
                runs.append([])
            runs[-1].append(child)
    return tuple(map(tuple, runs))


def positive(node: Node) -> Iterator[Node]:
    if isinstance(node, (AllOf, AnyOf)):
        for child in node.children:
            yield from positive(child)
    elif not isinstance(node, Not):
        yield node


def said(leaf: Node) -> tuple[str, ...]:
    return (leaf.key,) if isinstance(leaf, Word) else leaf.keys if isinstance(leaf, Phrase) else ()


def neighbours(node: Node) -> Iterator[tuple[Word, Word]]:
    """Words side by side, positive ones only."""
    if not isinstance(node, (AllOf, AnyOf)):
        return
    children = node.children
    if isinstance(node, AllOf):
        for x, y in pairwise(children):
            if isinstance(x, Word) and isinstance(y, Word):
                yield x, y
    for child in children:
        yield from neighbours(child)
