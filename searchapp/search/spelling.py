"""Did you mean: find likelier spellings of a query, from the index's own folded vocabulary and its
pairs of neighbours.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, product
from typing import Final, TypeAlias

from searchapp.engine import Engine
from searchapp.query import Query, Word, positive
from searchapp.search.diacritics import restored
from searchapp.search.parser import respelt_in
from searchapp.search.snapshot import Survey
from searchapp.search.variants import in_capitals
from searchapp.text.dictionary import covered, is_syllable_of_words
from searchapp.text.keyboard import NEIGHBOURS
from searchapp.text.normalize import fold_key, has_marks
from searchapp.text.questions import words_asking
from searchapp.text.tokens import tokens
from searchapp.text.typed import is_foreign

_MAX_CORRECTED: Final = 12  # syllables; a longer query finds its articles in spite of a slip
MAX_CHARS: Final = 12  # longer tokens are names or numbers, not slips
RARE: Final = 3  # a syllable, or a pair, in so few articles may itself be a slip
CHOICES: Final = 8  # spellings weighed for one syllable
_SLIP: Final = 2.0  # log odds against a slip in a syllable that nobody else writes
REAL: Final = 3.0  # further log odds for a syllable that others do write
_FAR_LESS: Final = 50  # a spelling so many times rarer than the typed one is out
_PAIRED: Final = 0.9  # the weight of a syllable's neighbour in its prediction; the rest is its frequency

_Pair: TypeAlias = tuple[str, str]

_VOCABULARY: Final[Survey[dict[str, int]]] = Survey(
    "vocabulary", lambda engine: dict(engine.vocabulary("", stream="f"))
)


def vocabulary(engine: Engine) -> dict[str, int]:
    """Return folded syllable → articles that have it, from a `Survey`."""
    return _VOCABULARY.of(engine)


def suggestion(engine: Engine, query: Query) -> str:
    """Return a likelier spelling of a query's plain words, "" when they are likely enough or must stay as typed."""
    words = [] if query.verbatim else [leaf for leaf in positive(query.tree) if isinstance(leaf, Word)]
    if not any(not word.also for word in words) or len(words) > _MAX_CORRECTED:
        return ""
    keys, marked, stay = [word.key for word in words], any(word.marked for word in words), frozenset[int]()
    while True:
        other = corrected(engine, keys, stay)
        if other is None:
            return ""
        # Where accents were typed, the mended syllables have theirs too: an offer with half of them helps nobody.
        spelt = restored(engine, other) if marked else other
        meant_so = {
            at for at, key in enumerate(keys) if marked and fold_key(key) != other[at] and _is_meant(key, spelt[at])
        }
        if not meant_so:
            break
        stay |= meant_so
    asks = words_asking(words, engine.tables.questions)  # "luật nào" is no slip of "luật này"
    sure = _in_words(words)  # "nặc danh" is a word, though no article has it
    rows = zip(words, other, spelt, asks, sure, strict=True)
    sure_too = _in_letters(engine, query.text)
    # A word that stands for a term, or is part of one, is spelt as it should be: "TN&MT".
    changed = {
        word.key: full
        for word, key, full, only_asks, known in rows
        if not (only_asks or known or word.also or word.key in sure_too) and fold_key(word.key) != key
    }
    if is_foreign(query.text, (word.key for word in words if not word.also), changed):
        return ""
    text = respelt_in(query.text, changed)
    return text if text != respelt_in(query.text, {}) else ""  # a slip inside of a number stays as typed


def _is_meant(key: str, other: str) -> bool:
    """Tell whether a syllable of the lexicon was typed with accents that the other has not: "chửi" is no "chức".

    Hỏi and ngã sound alike in half of the country.
    """
    return is_syllable_of_words(key) and _accents(key) != _accents(other)


def _accents(key: str) -> str:
    return "".join(filter(unicodedata.combining, unicodedata.normalize("NFD", key))).replace("\u0309", "\u0303")


def _in_letters(engine: Engine, text: str) -> set[str]:
    """Return the keys that were typed in capitals among other words, or alone: "IUU", "BOT giao thông" are no slips."""
    if in_capitals(text, engine.tables.abbreviations):
        return set()
    return {
        token.key for token in tokens(text) if (typed := text[token.start : token.end]).isupper() and len(typed) > 1
    }


def _in_words(words: Sequence[Word]) -> list[bool]:
    """Return for each word whether it was typed with accents and is a word of the lexicon with a neighbour."""
    keys = [word.key for word in words]
    pairs = [(a.marked or b.marked) and covered([a.key, b.key]) for a, b in pairwise(words)]
    return [any(pairs[max(0, at - 1) : at + 1]) for at in range(len(keys))]


def corrected(engine: Engine, keys: Sequence[str], stay: Collection[int] = ()) -> tuple[str, ...] | None:
    """Return the likeliest folded spelling of these syllables, None when it is the typed one.

    The method is a noisy channel (Kernighan, Church & Gale 1990): how well each syllable goes with its neighbours in
    the index, against the odds of the slip. keys: accented search keys; stay: places of those that are no slip. A
    syllable is in doubt only when hardly anybody writes it with this accent or beside these neighbours.
    """
    counts = vocabulary(engine)
    typed = [fold_key(key) for key in keys]
    spelt = engine.frequencies({key for key in keys if has_marks(key)}, stream="a")
    odd = [min(counts.get(fold_key(key), 0), spelt.get(key, counts.get(key, 0))) <= RARE for key in keys]
    pairs = _together(engine, pairwise(typed))
    choices = [
        _choices(word, counts, _SLIP if odd[at] else _SLIP + REAL, _SLIP if odd[at] and counts.get(word) else 0.0)
        if at not in stay and _may_slip(word) and (odd[at] or _alone(at, typed, pairs))
        else {word: 0.0}
        for at, word in enumerate(typed)
    ]
    if all(len(few) == 1 for few in choices):
        return None
    pairs |= _together(engine, (pair for left, right in pairwise(choices) for pair in product(left, right)))
    best = _likeliest(choices, counts, pairs)
    return best if best != tuple(typed) else None


def _may_slip(word: str) -> bool:
    """Tell whether a word may be a slip; letters without a vowel are an abbreviation (LDN is no len), unless they are
    the ends of a syllable: phng. A w that no keyboard made a vowel is of another language: "land law".
    """
    lettered = not _VOWELS.isdisjoint(word) or _WITHOUT_VOWEL.fullmatch(word) is not None
    return word.isalpha() and len(word) <= MAX_CHARS and lettered and "w" not in word


def _alone(at: int, typed: Sequence[str], pairs: Mapping[_Pair, int]) -> bool:
    """Tell whether hardly anybody writes a syllable beside either of its neighbours."""
    beside = list(pairwise(typed[max(0, at - 1) : at + 2]))
    return bool(beside) and all(pairs[pair] <= RARE for pair in beside)


def _choices(word: str, counts: Mapping[str, int], odds: float, kept: float) -> dict[str, float]:
    """Map the typed syllable and its possible meanings to the log odds of that slip; kept: of a slip in its accents."""
    least = counts.get(word, 0) / _FAR_LESS
    near = {other: -odds - cost for other, cost in meant(word, counts).items() if counts[other] > least}
    ranked = sorted(near, key=lambda other: (-near[other] - math.log(counts[other]), other))[:CHOICES]
    return {word: -kept, **{other: near[other] for other in ranked}}


def _together(engine: Engine, pairs: Iterable[_Pair]) -> dict[_Pair, int]:
    """Return in how many articles each pair stands side by side, with one question to the engine."""
    wanted = {" ".join(pair): pair for pair in pairs}
    return {wanted[pair]: count for pair, count in engine.frequencies(wanted, stream="f2").items()}


def _likeliest(
    choices: Sequence[Mapping[str, float]], counts: Mapping[str, int], pairs: Mapping[_Pair, int]
) -> tuple[str, ...]:
    """Return the best path through the choices (Viterbi 1967)."""
    total = 20 * max(counts.values(), default=1)  # syllables: the commonest is about one in twenty

    def alone(word: str) -> float:
        return (counts.get(word, 0) + 0.1) / total

    def after(before: str, word: str) -> float:
        share = pairs[before, word] / (counts.get(before, 0) + 1)
        return math.log(_PAIRED * share + (1 - _PAIRED) * alone(word))

    paths: dict[tuple[str, ...], float] = {(word,): odds + math.log(alone(word)) for word, odds in choices[0].items()}
    for step in choices[1:]:
        followed: dict[tuple[str, ...], float] = {}
        for word, odds in step.items():
            reached, path = max((score + after(path[-1], word), path) for path, score in paths.items())
            followed[(*path, word)] = reached + odds
        paths = followed
    return max(paths, key=lambda path: (paths[path], path))


_VOWELS: Final = frozenset("aeiouy")
_WITHOUT_VOWEL: Final = re.compile(r"(?:ngh|[nptkcg]h|ng|tr)(?:ng|nh|ch)|ngh[cmnpt]")
LETTERS: Final = "abcdeghiklmnopqrstuvxy"
"""The letters of Vietnamese syllables; only a foreign name has others."""
SOUND: Final = 1.0
"""Confusions of sound: sử/xử, trung/chung, giành/dành, lên/nên, tan/tang, mặt/mặc."""
FINGER: Final = 2.0
"""Slips of the finger: the key beside, two letters swapped, one pressed twice."""
LETTER: Final = 3.0
"""Any other letter too many, missing or wrong."""

_INITIALS: Final = (
    ("s", "x"), ("ch", "tr"), ("l", "n"), ("d", "gi"), ("d", "r"), ("gi", "r"), ("d", "v"), ("gi", "v"), ("qu", "h"),
    ("c", "k"), ("c", "q"), ("k", "q"), ("g", "gh"), ("ng", "ngh"), ("ph", "f"), ("t", "th"),
)  # fmt: skip
_FINALS: Final = (("n", "ng"), ("n", "nh"), ("t", "c"), ("t", "ch"), ("c", "ch"), ("nh", "ng"), ("i", "y"), ("o", "u"))


def meant(word: str, known: Container[str]) -> dict[str, float]:
    """Return known folded syllables that this one may mean → cost of the slip. The syllable itself
    is not among them.
    """
    costs: dict[str, float] = {}
    for other, cost in (*_sounding(word), *_slips(word)):
        if other != word and other in known and cost < costs.get(other, LETTER + 1):
            costs[other] = cost
    return costs


def _sounding(word: str) -> Iterator[tuple[str, float]]:
    """Yield the same syllable with an initial or an end that sounds alike somewhere in the country."""
    for initial, other in (*_INITIALS, *((b, a) for a, b in _INITIALS)):
        if word.startswith(initial):
            yield other + word.removeprefix(initial), SOUND
    for end, other in (*_FINALS, *((b, a) for a, b in _FINALS)):
        if word.endswith(end):
            yield word.removesuffix(end) + other, SOUND


def _slips(word: str) -> Iterator[tuple[str, float]]:
    """Yield all strings one slip of the finger away."""
    for at in range(len(word) + 1):
        left, right = word[:at], word[at:]
        if right:
            twice = at > 0 and word[at] == word[at - 1]
            yield left + right[1:], FINGER if twice else LETTER
            for letter in LETTERS:
                yield left + letter + right[1:], FINGER if letter in NEIGHBOURS.get(right[0], "") else LETTER
        if len(right) > 1:
            yield left + right[1] + right[0] + right[2:], FINGER
        for letter in LETTERS:
            yield left + letter + right, LETTER
