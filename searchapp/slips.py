"""How Vietnamese is misspelt: which other syllables a folded one may have been meant as, and how unlikely each slip is.

Costs are natural logarithms of odds. Those of sounds that some dialects don't tell apart, and of the usual slips of
fingers, are low; the others follow Damerau (1964): one letter left out, added, wrong, or two swapped.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Final

from searchapp.habits import NEIGHBOURS

LETTERS: Final = "abcdeghiklmnopqrstuvxy"
"""The letters of Vietnamese syllables; only a foreign name has others."""
SOUND: Final = 1.0
"""Written as it sounds: sử/xử, trung/chung, giành/dành, lên/nên, tan/tang, mặt/mặc."""
FINGER: Final = 2.0
"""The key beside, two letters swapped, one pressed twice."""
LETTER: Final = 3.0
"""Any other letter too many, missing or wrong."""

_INITIALS: Final = (
    ("s", "x"), ("ch", "tr"), ("l", "n"), ("d", "gi"), ("d", "r"), ("gi", "r"), ("d", "v"), ("gi", "v"), ("qu", "h"),
    ("c", "k"), ("c", "q"), ("k", "q"), ("g", "gh"), ("ng", "ngh"), ("ph", "f"), ("t", "th"),
)  # fmt: skip
_FINALS: Final = (("n", "ng"), ("n", "nh"), ("t", "c"), ("t", "ch"), ("c", "ch"), ("nh", "ng"), ("i", "y"), ("o", "u"))


def meant(word: str, known: Container[str]) -> dict[str, float]:
    """Known folded syllables that may have been meant by this one → cost of the slip; itself is not among them."""
    costs: dict[str, float] = {}
    for other, cost in (*_sounding(word), *_slips(word)):
        if other != word and other in known and cost < costs.get(other, LETTER + 1):
            costs[other] = cost
    return costs


def _sounding(word: str) -> Iterator[tuple[str, float]]:
    """The same syllable with an initial or an end that sounds alike somewhere in the country."""
    for initial, other in (*_INITIALS, *((b, a) for a, b in _INITIALS)):
        if word.startswith(initial):
            yield other + word.removeprefix(initial), SOUND
    for end, other in (*_FINALS, *((b, a) for a, b in _FINALS)):
        if word.endswith(end):
            yield word.removesuffix(end) + other, SOUND


def _slips(word: str) -> Iterator[tuple[str, float]]:
    """All strings one slip of the finger away."""
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
