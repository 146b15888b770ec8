"""Answer a query, perhaps in another reading than the first: `search.find` is the one door."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType

from searchapp.engine import Engine
from searchapp.fields import AREA_BEFORE, FACET_NAMES
from searchapp.query import LETTERS, SCORED, STEPS, AllOf, Leaf, Node, Phrase, Query, Word, mapped
from searchapp.results import Answer, Provision
from searchapp.search import provisions
from searchapp.search.document_list import by_name
from searchapp.search.spelling import suggestion
from searchapp.search.understand import Question, number_alone, understand
from searchapp.search.variants import respelt


@dataclass(frozen=True, slots=True)
class Found:
    """A question as it was answered, perhaps in another reading than the first, and the engine's answer."""

    question: Question
    answer: Answer
    provision: Provision | None = None


def find(engine: Engine, query: Query, *, whole: bool = False) -> Found:
    """Understand and answer a query; where nothing is found, take the first other reading with results.

    This is the one door: pages, API, feeds, downloads, marks in an article, comparison and evaluation use it. Other
    readings are: the document beside a provision, phrases by their letters, phrases as plain words, a likelier
    spelling. The words alone choose it, over the whole archive: no filter changes what a query means. Never when the
    reader asked for the text as typed. whole: count every facet and date step where the query names none.
    Raises BadQueryError for an impossible query.
    """
    if pinned := provisions.asked(engine, query):
        provision, question = pinned
        answer = put(engine, question.query, whole)
        alone = None if answer.total or _found_outside(engine, question.query) else number_alone(question)
        return Found(alone, put(engine, alone.query, whole), provision) if alone else Found(question, answer, provision)
    question = understand(engine, query)
    found = Found(question, put(engine, question.query, whole))
    if named := _asked_about(engine, question):
        return Found(named, put(engine, named.query, whole))
    if found.answer.total or query.verbatim or _found_outside(engine, question.query):
        return found
    for other in _readings(engine, query, question):
        answer = put(engine, other.query, whole)
        if answer.total or _found_outside(engine, other.query):
            return Found(other, answer)
    return found


def _asked_about(engine: Engine, question: Question) -> Question | None:
    """Return the question of a document's name, where hardly an article has its words near those that ask about it.

    "luật đất đai mới nhất" asks for that law; most of its words stand in every text about something new. What articles
    say themselves stays ("văn bản thay thế luật đất đai"), as long as any does.
    """
    if question.query.verbatim or not (said := by_name.named_in_question(engine, question.query)):
        return None
    name, asking = said
    tree = respelt(engine, AllOf(name)) if len(name) > 1 else name[0]
    other = replace(question.query, tree=tree)
    wide = _outside(engine, replace(question.query, step=0)).step == SCORED
    if not (wide and _near(engine, other)) or (by_name.says_something(asking) and _near(engine, question.query)):
        return None
    notices = (*question.notices, ("asked-about", " ".join(word.key for word in asking)))
    return replace(question, query=other, notices=notices)


def _near(engine: Engine, query: Query) -> int:
    """Return how many articles have the words near each other, in any accents."""
    return _outside(engine, replace(query, step=LETTERS)).total


def _outside(engine: Engine, query: Query) -> Answer:
    """Return the total and the step of a query without its filters."""
    alone = replace(query, filters=MappingProxyType({}), since="", until="", after="", page=1, size=0)
    return put(engine, replace(alone, facets=(), steps=(), beyond=False))


def _found_outside(engine: Engine, query: Query) -> bool:
    """Tell whether only the filters of a query kept its words from finding anything."""
    if not (query.filters or query.since or query.until):
        return False
    return bool(_outside(engine, query).total)


def _readings(engine: Engine, query: Query, question: Question) -> Iterator[Question]:
    if document := provisions.beside(engine, query) or number_alone(question):
        yield document
    tree = question.query.tree
    for code, change in (("letters", _by_letters), ("unquoted", _as_words)):
        other = mapped(tree, change) if tree is not None else None
        if other is not None and other != tree:
            other = respelt(engine, other) if code == "unquoted" else other
            yield replace(question, query=replace(question.query, tree=other), notices=(*question.notices, (code,)))
    if likelier := suggestion(engine, question.query):
        other_question = understand(engine, replace(query, text=likelier, tree=None))
        notice = ("corrected", query.text, likelier)
        yield replace(other_question, notices=(*other_question.notices, notice))


def _by_letters(leaf: Leaf) -> Node:
    return replace(leaf, marked=False) if isinstance(leaf, Phrase) else leaf


def _as_words(leaf: Leaf) -> Node:
    return AllOf(tuple(Word(key, leaf.marked) for key in leaf.keys)) if isinstance(leaf, Phrase) else leaf


def put(engine: Engine, query: Query, whole: bool = False) -> Answer:
    """Return the engine's answer; former areas are looked up by the hidden facet that holds them.

    whole: where the query names no facets or no date steps, all are counted.
    """
    if whole:
        query = replace(query, facets=query.facets or FACET_NAMES, steps=query.steps or STEPS)
    if not query.before:
        return engine.search(query)
    named = {"area": AREA_BEFORE}
    filters = {named.get(name, name): values for name, values in query.filters.items()}
    facets = tuple(named.get(name, name) for name in query.facets)
    answer = engine.search(replace(query, filters=MappingProxyType(filters), facets=facets))
    counted = {"area" if name == AREA_BEFORE else name: counts for name, counts in answer.facets.items()}
    return replace(answer, facets=counted)
