"""Where nothing is found: what the reader may have meant instead, each way tried in turn, and told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from searchapp.engine import Engine
from searchapp.query import AllOf, AnyOf, Node, Phrase, Query, Word
from searchapp.repair import plain_words
from searchapp.results import Answer
from searchapp.spelling import corrected
from searchapp.text.fold import fold_key
from searchapp.understand import Question, understand

MAX_CORRECTED: Final = 12  # a longer query finds its articles in spite of a slip


def answered(engine: Engine, query: Query, ask: Callable[[Query], Answer]) -> tuple[Question, Answer]:
    """A query understood and answered; where nothing is found, the first other reading that finds something.

    Other readings: phrases by their letters, phrases as plain words, a likelier spelling. Never when the reader asked
    for the text as typed. Raises BadQueryError for what cannot be answered.
    """
    question = understand(engine, query)
    answer = ask(question.query)
    if answer.total or query.verbatim:
        return question, answer
    for other in _readings(engine, query, question):
        found = ask(other.query)
        if found.total:
            return other, found
    return question, answer


def suggestion(engine: Engine, question: Question) -> str:
    """A likelier spelling of the query's plain words, "" when they are likely enough or must stay as typed."""
    tree = question.query.tree
    words = plain_words(tree) if tree is not None and not question.query.verbatim else []
    if not any(not word.also for word in words) or len(words) > MAX_CORRECTED:
        return ""
    other = corrected(engine, [word.key for word in words])
    if other is None:
        return ""
    kept = {fold_key(word.key): word.key for word in words}
    return " ".join(kept.get(word, word) for word in other)


def _readings(engine: Engine, query: Query, question: Question) -> Iterator[Question]:
    tree = question.query.tree
    for code, change in (("letters", _by_letters), ("unquoted", _as_words)):
        other = _changed(tree, change) if tree is not None else None
        if other is not None and other != tree:
            yield replace(question, query=replace(question.query, tree=other), notices=(*question.notices, (code,)))
    if likelier := suggestion(engine, question):
        other_question = understand(engine, replace(query, text=likelier, tree=None))
        notice = ("corrected", query.text, likelier)
        yield replace(other_question, notices=(*other_question.notices, notice))


def _by_letters(phrase: Phrase) -> Node:
    return replace(phrase, marked=False)


def _as_words(phrase: Phrase) -> Node:
    return AllOf(tuple(Word(key, phrase.marked) for key in phrase.keys))


def _changed(node: Node, change: Callable[[Phrase], Node]) -> Node:
    """The tree with every phrase that is asked for changed; what is excluded stays."""
    if isinstance(node, Phrase):
        return change(node)
    if isinstance(node, (AllOf, AnyOf)):
        return type(node)(tuple(_changed(child, change) for child in node.children))
    return node
