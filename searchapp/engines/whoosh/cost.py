"""What a plan will cost, known before it runs: the postings that it touches."""

from __future__ import annotations

from typing import Final

from searchapp.engines.plan import Kind, Plan, leaves_of, phrase_stream
from searchapp.engines.whoosh.view import View
from searchapp.errors import BadQueryError
from searchapp.query import Node, Phrase, Prefix, Word
from searchapp.text.fold import fold_key

MAX_POSTINGS: Final = 100_000_000
"""Postings that one query may touch: about a second of work (5 to 10 ns each)."""
_POSITIONS: Final = 4
"""What a posting of a phrase costs beside a plain one: its positions are read too."""


def check_cost(view: View, plan: Plan, limit: int = MAX_POSTINGS) -> int:
    """How many postings a plan will touch. Raises BadQueryError, in Vietnamese, above the limit."""
    cost = sum(_cost(view, clause.field.name, clause.keys, clause.kind) for clause in plan.clauses)
    for leaf in leaves_of(plan.tree):
        for part in ("title", "body"):
            cost += _matching_cost(view, part, leaf)
    if cost > limit:
        raise BadQueryError(
            "Câu tìm này phải đọc quá nhiều dữ liệu. Hãy bỏ bớt những từ rất phổ biến hoặc dùng ít từ hơn."
        )
    return cost


def _matching_cost(view: View, part: str, leaf: Node) -> int:
    if isinstance(leaf, Word):
        also = sum(_matching_cost(view, part, phrase) for phrase in leaf.also)
        return also + _cost(view, f"{part}_f", (fold_key(leaf.key),))
    if isinstance(leaf, Phrase):
        name, keys = phrase_stream(leaf)
        return _cost(view, f"{part}_{name}", keys)
    if isinstance(leaf, Prefix):
        return _cost(view, f"{part}_f", (leaf.letters,), "prefix")
    return 0  # a number is looked up in a column


def _cost(view: View, field: str, keys: tuple[str, ...], kind: Kind = "phrase") -> int:
    terms = view.expansions(keys[0]) if kind == "prefix" else keys
    each = _POSITIONS if kind == "phrase" and len(keys) > 1 else 1
    return each * sum(view.postings_of(field, term) for term in terms)
