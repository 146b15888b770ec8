"""Judge the page's own ranking by judged queries, as simulated typists type them; measures as in trec_eval."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from searchapp.engine import Engine
from searchapp.errors import UsageError
from searchapp.query import Query
from searchapp.search import find
from searchapp.text.keyboard import NEIGHBOURS, telex
from searchapp.text.normalize import fold, normalize
from searchapp.text.syllables import is_syllable
from searchapp.text.tokens import tokens

_DEPTH: Final = 100
SEED: Final = 20220517  # the same sample on every machine


@dataclass(frozen=True, slots=True)
class Judged:
    """One query with its graded answers: article id → grade."""

    id: str
    text: str
    grades: Mapping[str, int]


def read_judged(queries: Path, qrels: Path) -> list[Judged]:
    """Return queries (JSONL: id, text) with their qrels (TSV: query, article, grade). Raises
    UsageError for a bad row.
    """
    grades: dict[str, dict[str, int]] = {}
    for number, line in enumerate(qrels.read_text(encoding="utf-8-sig").splitlines(), 1):
        cells = line.split("\t")
        if len(cells) != 3 or not cells[2].removeprefix("-").isdecimal():
            raise UsageError(f"{qrels}: line {number} is not query<TAB>article<TAB>grade")
        grades.setdefault(cells[0], {})[cells[1]] = int(cells[2])
    judged = []
    for number, line in enumerate(queries.read_text(encoding="utf-8-sig").splitlines(), 1):
        try:
            row = json.loads(line)
            judged.append(Judged(str(row["id"]), str(row["text"]), grades.get(str(row["id"]), {})))
        except (ValueError, KeyError, TypeError):
            raise UsageError(f"{queries}: line {number} is not a JSON object with id and text") from None
    return [row for row in judged if any(grade > 0 for grade in row.grades.values())]


def sample(judged: Sequence[Judged], size: int) -> list[Judged]:
    """Return a fixed random sample, in file order; all queries when size is 0 or too large."""
    if not 0 < size < len(judged):
        return list(judged)
    chosen = set(random.Random(SEED).sample(range(len(judged)), size))
    return [row for at, row in enumerate(judged) if at in chosen]


def evaluate(engine: Engine, judged: Iterable[Judged], *, habit: str = "typed") -> dict[str, float]:
    """Return mean nDCG@10, MRR@10, recall@10 and recall@100 of queries typed by this habit (`habits.HABITS`)."""
    rows = [metrics(ranked(engine, typed(query.text, habit, query.id)), query.grades) for query in judged]
    if not rows:
        raise UsageError("no judged query has a relevant article: check the two files")
    result = {name: sum(row[name] for row in rows) / len(rows) for name in rows[0]}
    return {**{name: round(value, 4) for name, value in result.items()}, "queries": len(rows)}


def ranked(engine: Engine, text: str) -> list[str]:
    """Return article ids in the order of the page, to depth 100: the set, then the articles below it."""
    found = find(engine, Query(text=text, size=_DEPTH, beyond=True))
    return [match.article.id for match in (*found.answer.matches, *found.answer.rest)]


def metrics(found: Sequence[str], grades: Mapping[str, int]) -> dict[str, float]:
    """Return the four figures of one query."""
    relevant = {article for article, grade in grades.items() if grade > 0}
    gains = [max(0, grades.get(article, 0)) for article in found[:10]]
    ideal = sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:10]
    first = next((rank for rank, article in enumerate(found[:10], 1) if article in relevant), 0)
    return {
        "ndcg@10": _dcg(gains) / _dcg(ideal),
        "mrr@10": 1 / first if first else 0.0,
        "recall@10": len(relevant.intersection(found[:10])) / len(relevant),
        "recall@100": len(relevant.intersection(found[:_DEPTH])) / len(relevant),
    }


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


_MIN_SLIP: Final = 3  # letters; a slip in a shorter syllable mostly makes another good syllable
_OFTEN: Final = 0.15  # share of syllables that a careless typist gets wrong

_Typist = Callable[[str, random.Random], str]


def as_typed(text: str, chance: random.Random) -> str:
    """Return the question itself."""
    return text


def without_accents(text: str, chance: random.Random) -> str:
    """Return the question without diacritics."""
    return fold(text)


def _half_accented(text: str, chance: random.Random) -> str:
    """Remove the diacritics of each syllable by the toss of a coin."""
    return _each(text, lambda syllable: fold(syllable) if chance.random() < 0.5 else syllable)


def _raw_telex(text: str, chance: random.Random) -> str:
    """Return the keystrokes of Telex while the input method is off, tone key last; foreign words stay."""
    return _each(text, lambda s: telex(s.lower()) if is_syllable(s.lower()) else s)


def _with_typo(text: str, chance: random.Random) -> str:
    """Make one slip in one syllable of the question: a neighbouring key, a letter left out, doubled, or two swapped."""
    spans = [(t.start, t.end) for t in tokens(text) if _can_slip(text[t.start : t.end])]
    if not spans:
        return text
    start, end = chance.choice(spans)
    return text[:start] + slip(text[start:end], chance) + text[end:]


def careless(text: str, chance: random.Random) -> str:
    """Return the question without accents, with a slip in every seventh syllable (_OFTEN)."""
    return _each(fold(text), lambda s: slip(s, chance) if _can_slip(s) and chance.random() < _OFTEN else s)


HABITS: Final[Mapping[str, _Typist]] = MappingProxyType(
    {
        "typed": as_typed,
        "folded": without_accents,
        "half": _half_accented,
        "telex": _raw_telex,
        "typo": _with_typo,
        "careless": careless,
    }
)
"""Name → a function that types a question by this habit."""


def typed(text: str, habit: str, seed: str) -> str:
    """Return a question as a typist of this habit types it. The same for the same seed, on every machine.

    >>> typed("Thời hiệu xử lý kỷ luật", "telex", "1")
    'thowif hieeuj xuwr lys kyr luaatj'
    """
    return HABITS[habit](normalize(text), random.Random(f"{habit} {seed}"))


def slip(syllable: str, chance: random.Random) -> str:
    """Return the syllable with one slip of the finger."""
    kind = chance.choice(("beside", "missing", "doubled", "swapped"))
    at = chance.randrange(len(syllable))
    if kind == "beside":
        pressed = chance.choice(NEIGHBOURS.get(fold(syllable[at]), syllable[at]))
        return syllable[:at] + pressed + syllable[at + 1 :]
    if kind == "missing":
        return syllable[:at] + syllable[at + 1 :]
    if kind == "doubled":
        return syllable[: at + 1] + syllable[at:]
    at = min(at, len(syllable) - 2)
    return syllable[:at] + syllable[at + 1] + syllable[at] + syllable[at + 2 :]


def _can_slip(syllable: str) -> bool:
    return len(syllable) >= _MIN_SLIP and syllable.isalpha()


def _each(text: str, change: Callable[[str], str]) -> str:
    for token in reversed(tokens(text)):
        text = text[: token.start] + change(text[token.start : token.end]) + text[token.end :]
    return text
