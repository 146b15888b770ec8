"""From what was typed to what is asked: fields into filters, numbers into documents, limits and notices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from searchapp.article import Document
from searchapp.engine import Engine
from searchapp.errors import BadQueryError
from searchapp.query import AllOf, AnyOf, Node, Not, Number, Phrase, Prefix, Query, Word
from searchapp.search.expand import with_abbreviations
from searchapp.search.parser import parse
from searchapp.text.abbreviations import expansions
from searchapp.text.keyboard import decode
from searchapp.text.normalize import fold, fold_key, has_marks
from searchapp.text.syllables import is_syllable
from searchapp.text.tokens import key as search_key
from searchapp.text.tokens import tokens

MAX_WORDS: Final = 64  # beyond, the rarest are used and the reader is told


@dataclass(frozen=True, slots=True)
class Question:
    """A query ready for an engine, the documents its numbers mean, and notices for the reader (`results.Page`)."""

    query: Query
    documents: tuple[Document, ...] = ()
    notices: tuple[tuple[str, ...], ...] = ()
    only_number: bool = False


def understand(engine: Engine, query: Query) -> Question:
    """Finish a query from a page or command. Raises BadQueryError, in Vietnamese, for what cannot be answered."""
    query = _parsed(query)
    query = replace(query, filters=_filters(engine, query))
    notices: list[tuple[str, ...]] = []
    documents: list[Document] = []
    tree = query.tree
    if tree is not None:
        tree = _transform(tree, lambda number: _number(engine, number, documents, notices))
        query, tree = _repaired(engine, query, tree, notices)
        tree = _rarest(engine, tree, notices)
        notices += _told(tree)
        if not any(_positive(tree)) and not (query.filters or query.since or query.until):
            raise BadQueryError("Cần ít nhất một từ để tìm: câu chỉ có từ loại trừ. Hãy thêm một từ hoặc một bộ lọc.")
    positive = list(_positive(tree)) if tree is not None else []
    only_number = bool(documents) and all(isinstance(node, Number) for node in positive)
    return Question(replace(query, tree=tree), tuple(documents), tuple(notices), only_number)


def _parsed(query: Query) -> Query:
    if query.tree is not None or not query.text:
        return query
    parsed = parse(query.text)
    filters = {**query.filters}
    for name, values in parsed.filters.items():
        filters[name] = (*filters.get(name, ()), *values)
    since = max(query.since, parsed.since)
    until = min(filter(None, (query.until, parsed.until)), default="")
    return replace(query, text=parsed.text, tree=parsed.tree, filters=filters, since=since, until=until)


def _filters(engine: Engine, query: Query) -> dict[str, tuple[str, ...]]:
    """A bare symbol in the document filter means every document that bears it."""
    filters = {name: tuple(dict.fromkeys(values)) for name, values in query.filters.items() if values}
    slugs: list[str] = []
    for value in filters.get("document", ()):
        same = [] if engine.document(value) else engine.documents(value)
        slugs += [document.slug for document in same] or [value]
    if slugs:
        filters["document"] = tuple(dict.fromkeys(slugs))
    return filters


def _number(engine: Engine, number: Number, documents: list[Document], notices: list[tuple[str, ...]]) -> Node:
    """The documents that a number may mean; a number that nobody knows is searched as words."""
    given = [document for slug in number.documents if (document := engine.document(slug)) is not None]
    same = given or engine.documents(number.symbol)
    meant = [document for document in same if _agrees(number, document)] or same
    if not meant:
        words = tuple(Word(token.key) for token in tokens(number.text or number.symbol))
        notices.append(("unknown-number", number.text or number.symbol))
        return AllOf(words)
    documents.extend(meant)
    # An open citation of the bare symbol counts as long as any document with it may be meant.
    symbol = number.symbol if len(meant) == len(same) and not given else ""
    return replace(number, symbol=symbol, documents=tuple(document.slug for document in meant))


def _agrees(number: Number, document: Document) -> bool:
    if number.term and document.term and number.term != document.term:
        return False
    if number.date and document.date and not document.date.startswith(number.date):
        return False
    if number.place:
        return fold(number.place) in fold(f"{document.place} {document.issuer}")
    return not number.issuer or not document.issuer or fold(number.issuer) in fold(document.issuer)


def _repaired(engine: Engine, query: Query, tree: Node, notices: list[tuple[str, ...]]) -> tuple[Query, Node]:
    """Tree and text with raw Telex and VNI read as what was meant."""
    readings: Mapping[str, str] = {}
    if not query.verbatim:
        tree, readings = repaired(engine, tree)
    if readings:
        text = query.text  # with its quotes, which the link to it must keep
        for token in reversed(tokens(text)):
            if token.key in readings:
                text = text[: token.start] + readings[token.key] + text[token.end :]
        query = replace(query, text=text)
        notices.append(("decoded", query.text))
    return query, tree


def _rarest(engine: Engine, tree: Node, notices: list[tuple[str, ...]]) -> Node:
    words = [node for node in _positive(tree) if isinstance(node, Word)]
    if len(words) <= MAX_WORDS:
        return tree
    counts = engine.frequencies({fold_key(word.key) for word in words}, stream="f")
    ranked = sorted({word.key for word in words}, key=lambda key: (counts.get(fold_key(key), 0), key))
    kept = set(ranked[:MAX_WORDS])
    notices.append(("rarest", str(MAX_WORDS)))
    return _without_words(tree, kept) or tree


def _without_words(node: Node, kept: set[str]) -> Node | None:
    if isinstance(node, Word):
        return node if node.key in kept else None
    if isinstance(node, (AllOf, AnyOf)):
        children = tuple(c for c in (_without_words(child, kept) for child in node.children) if c is not None)
        return type(node)(children) if children else None
    return node


def _told(tree: Node) -> Iterator[tuple[str, ...]]:
    positive = list(_positive(tree))
    words = [node for node in positive if isinstance(node, Word)]
    lettered = [word for word in words if is_syllable(fold_key(word.key))]
    if lettered and not any(word.marked for word in words):
        yield ("folded",)
    yield from dict.fromkeys(("also", _spelt(word, phrase)) for word in words for phrase in word.also)


def _spelt(word: Word, phrase: Phrase) -> str:
    """A synonym of a word as a reader knows it: a name with its capitals, an abbreviation in capitals."""
    names = (name for typed in (word.key, word.key.upper()) for name in expansions(typed))
    if known := next((name for name in names if tuple(token.key for token in tokens(name)) == phrase.keys), ""):
        return known
    short = not all(is_syllable(fold_key(key)) for key in phrase.keys)
    return " ".join(key.upper() if short and not is_syllable(fold_key(key)) else key for key in phrase.keys)


def _transform(node: Node, change: Callable[[Number], Node]) -> Node:
    if isinstance(node, Number):
        return change(node)
    if isinstance(node, Not):
        return Not(_transform(node.child, change))
    if isinstance(node, (AllOf, AnyOf)):
        return type(node)(tuple(_transform(child, change) for child in node.children))
    return node


def _positive(node: Node) -> Iterator[Word | Phrase | Prefix | Number]:
    if isinstance(node, (AllOf, AnyOf)):
        for child in node.children:
            yield from _positive(child)
    elif not isinstance(node, Not):
        yield node


FAR_MORE: Final = 50
"""A token that does occur is still decoded beside decoded ones, when its decoded form occurs so many times as often:
"cos" in a query of raw Telex is có, not the cosine."""


def repaired(engine: Engine, tree: Node) -> tuple[Node, dict[str, str]]:
    """The tree with raw Telex and VNI decoded, and what was read as what: {"quyeets": "quyết"}.

    A token is decoded when nobody wrote it and its decoded form is known; numbers and accented words never are.
    """
    words = {key for key in _keys(tree) if key.isascii() and not key.isdigit()}
    readings = {word: search_key(read) for word in words if (read := decode(word)) and has_marks(read)}
    if not readings:
        return tree, {}
    raw = engine.frequencies({fold_key(word) for word in readings}, stream="f")
    meant = engine.frequencies(set(readings.values()), stream="a")
    known = {word: read for word, read in readings.items() if meant.get(read)}
    sure = {word: read for word, read in known.items() if not raw.get(fold_key(word))}
    if sure:
        sure |= {word: read for word, read in known.items() if meant[read] > FAR_MORE * raw.get(fold_key(word), 0)}
    return (_with(tree, sure), sure) if sure else (tree, {})


def plain_words(node: Node) -> list[Word]:
    """The words that are asked for, phrases and what is excluded left out."""
    if isinstance(node, Word):
        return [node]
    if isinstance(node, (AllOf, AnyOf)):
        return [word for child in node.children for word in plain_words(child)]
    return []


def _keys(node: Node) -> Iterator[str]:
    """What is asked for, in phrases too; what stands for something else is meant as it is."""
    if isinstance(node, Word) and not node.also:
        yield node.key
    elif isinstance(node, Phrase):
        yield from node.keys
    elif isinstance(node, (AllOf, AnyOf)):
        for child in node.children:
            yield from _keys(child)


def _with(node: Node, readings: Mapping[str, str]) -> Node:
    if isinstance(node, Word) and node.key in readings:
        return Word(readings[node.key], marked=True)
    if isinstance(node, Phrase) and not readings.keys().isdisjoint(node.keys):
        return Phrase(tuple(readings.get(key, key) for key in node.keys), marked=True)
    if isinstance(node, AllOf):
        return AllOf(tuple(with_abbreviations([_with(child, readings) for child in node.children])))
    if isinstance(node, AnyOf):
        return AnyOf(tuple(_with(child, readings) for child in node.children))
    return Not(node.child) if isinstance(node, Not) else node
