"""Terms of laypeople in a query and the official names of what they mean, one way or both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from searchapp.engine import Engine
from searchapp.query import AllOf, AnyOf, Node, Phrase, Query, Word
from searchapp.search.diacritics import restored
from searchapp.search.variants import runs
from searchapp.text.normalize import has_marks

_ACROSS: Final = 3
"""Articles that must at least have a word across the end of a lay term, for the term not to be meant."""


def with_official_terms(engine: Engine, node: Node, told: list[tuple[str, str]]) -> Node:
    """Return the tree where the laws' word also answers each term of laypeople; two-way terms work back as well.

    A term that no article has as it was typed gives way to its one official name: else the letters of "sổ đỏ" would
    rank what says "sơ đồ". told: gets such terms, each with that name. Words in quotes or behind a minus stay. The
    search for terms goes from the left, the longest first.
    """
    if isinstance(node, AnyOf):
        return AnyOf(tuple(with_official_terms(engine, child, told) for child in node.children))
    children: list[Node] = list(node.children) if isinstance(node, AllOf) else [node]
    said = runs(children)
    found: list[Node] = []
    at = begin = 0
    while at < len(children):
        begin = begin if at and said[at - 1] else at
        term, others = engine.tables.lay.stand_for(said[at])
        if term and not _is_meant(engine, said[begin], at - begin, term):
            term, others = (), []
        is_lay = term and len(others) == 1 and not engine.tables.lay.is_official(term)
        if is_lay and _is_unwritten(engine, said[at][: len(term)]):
            name = Phrase(others[0], any(map(has_marks, others[0])))
            found += [Word(key, has_marks(key), same=(name,)) for key in name.keys]
            told.append((" ".join(term), " ".join(name.keys)))
            at += len(term)
            continue
        also = tuple(Phrase(keys, any(map(has_marks, keys))) for keys in others)
        for place in range(at, at + len(term)):
            word = children[place]
            if isinstance(word, Word):
                found.append(replace(word, also=(*word.also, *(way for way in also if way not in word.also))))
        if not term:
            one = children[at]
            found.append(with_official_terms(engine, one, told) if isinstance(one, (AllOf, AnyOf)) else one)
        at += len(term) or 1
    return found[0] if len(found) == 1 else AllOf(tuple(found))


def _is_unwritten(engine: Engine, typed: Sequence[str]) -> bool:
    """Tell whether no article has these neighbours as they were typed; one without accents is any of its letters."""
    return not engine.search(Query(tree=Phrase(tuple(typed), marked=True), size=0)).total


def _is_meant(engine: Engine, run: Sequence[str], start: int, term: Sequence[str]) -> bool:
    """Tell whether a term that begins at `start` of neighbouring keys is meant.

    It is not where a word reaches across one of its ends that more articles have than the term's own word at that end:
    "ho so de nghi" is hồ sơ đề nghị, no số đề, and "trợ cấp một lần" is no cấp một.
    """
    end = start + len(term)
    spelt = list(run) if any(map(has_marks, run)) else restored(engine, run)
    if len(term) != 2 and spelt[start:end] == list(term):  # two alone may be an accident
        return True
    ends = [(at, inner) for at, inner in ((start, term[:2]), (end, term[-2:])) if 0 < at < len(run)]
    across = ["_".join(spelt[at - 1 : at + 1]) for at, _ in ends]
    inside = ["_".join(inner) for _, inner in ends]
    counts = engine.frequencies({*across, *inside}, stream="w") if ends else {}
    return all(counts[word] < max(_ACROSS, counts[own]) for word, own in zip(across, inside, strict=True))
