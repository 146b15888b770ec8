"""Cut a text into tokens: syllables with their offsets, and the streams of search keys that an index stores."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import accumulate, compress
from typing import Final, NamedTuple, TypeVar

from searchapp.text.abbreviations import injected
from searchapp.text.normalize import fold_key
from searchapp.text.syllables import SYLLABLE, TPHCM, new_style, pieces
from searchapp.text.syllables import key as key
from searchapp.text.words import joined

DOUBTED: Final = "?"
MAX_KNOWN: Final = 1 << 17

T = TypeVar("T")

_CUT: Final = re.compile(f"({SYLLABLE.pattern})")


class Token(NamedTuple):
    """One syllable: text[start:end], and its accented search key."""

    start: int
    end: int
    key: str


class Cut(NamedTuple):
    """Syllables of a text in columns: text[starts[n]:ends[n]] is written[n], whose search key is keys[n]."""

    starts: list[int]
    ends: list[int]
    written: list[str]
    keys: list[str]


_token = partial(tuple.__new__, Token)


@dataclass(frozen=True, slots=True)
class Stream:
    """The tokens that an index stores of a text: accented keys with their positions, and words of several syllables.

    positions: strictly rising, one step a syllable. A line break adds one more, so that neighbours on two lines are
    never adjacent. words: keys joined by "_" ("xây_dựng"), without positions.
    """

    keys: list[str]
    positions: array[int]
    words: list[str]


def tokens(text: str) -> list[Token]:
    """Return the syllables of a normalised text in order; the spellings of TPHCM are one token.

    >>> tokens("Thành uỷ TP.HCM")
    [Token(start=0, end=5, key='thành'), Token(start=6, end=8, key='ủy'), Token(start=9, end=15, key='tphcm')]
    """
    found = cut(text)
    return list(map(_token, zip(found.starts, found.ends, found.keys, strict=True)))


def cut(text: str) -> Cut:
    """Return the same syllables as parallel lists: a text of 10,000 syllables makes no 10,000 objects."""
    whole = Cut([], [], [], [])
    start = 0
    for city in TPHCM.finditer(text):
        _add(whole, text[start : city.start()], start)
        whole.starts.append(city.start())
        whole.ends.append(city.end())
        whole.written.append(city[0])
        whole.keys.append("tphcm")
        start = city.end()
    _add(whole, text[start:], start)
    return whole


def keys_of_written(written: Iterable[str]) -> list[str]:
    """Return the accented search keys of syllables as written."""
    return list(map(_WRITTEN_KEYS.__getitem__, written))


def _add(whole: Cut, text: str, offset: int) -> None:
    # Splitting and adding up lengths makes no Python object a match: three times as fast as finditer.
    parts = _CUT.split(text)
    ends = list(accumulate(map(len, parts), initial=offset))
    whole.starts.extend(ends[1:-1:2])
    whole.ends.extend(ends[2::2])
    whole.written.extend(parts[1::2])
    whole.keys.extend(map(_WRITTEN_KEYS.__getitem__, parts[1::2]))


def stream(text: str) -> Stream:
    """Return the stream of a normalised text."""
    return stream_of(pieces(text))


def stream_of(cut: Sequence[str]) -> Stream:
    """Return the stream of a text cut into pieces, then the expansions of its abbreviations, each once.

    Those keys (`abbreviations.injected`) stand two positions apart, so that no phrase or pair of neighbours is in them.
    """
    keys, positions, words = _read(cut)
    for meaning in injected(cut):
        more, compounds = _meaning(meaning)
        after = positions[-1] + 2 if positions else 0
        positions.extend(range(after, after + 2 * len(more), 2))
        keys += more
        words += compounds
    return Stream(keys, positions, words)


def doubted(key: str) -> str:
    """Return the term of stream w for a syllable whose accents nobody is sure of; no word of a text is written so.

    >>> doubted("tổ")
    '?to'
    """
    return DOUBTED + fold_key(key)


def with_doubts(found: Stream, keys: Iterable[str]) -> Stream:
    """Return a stream that also says of which syllables the accents are doubtful."""
    return Stream(found.keys, found.positions, [*found.words, *sorted({doubted(key) for key in keys})])


def words_asked(text: str) -> list[str]:
    """Return the words of several syllables of a normalised query, with any signs between the syllables.

    >>> words_asked("phòng, chống dịch") == words_asked("phòng chống dịch")
    True
    """
    return _read(list(filter(_KEYS.__getitem__, pieces(text))))[2]


@cache
def _meaning(text: str) -> tuple[list[str], list[str]]:
    """Return keys and words of an abbreviation's expansion."""
    keys, _, words = _read(pieces(text))
    return keys, words


def keys_of(cut: Iterable[str]) -> list[str]:
    """Return the accented search keys of the syllables among the pieces of a text."""
    return list(filter(None, map(_KEYS.__getitem__, cut)))


def keys_in_sentences(cut: Iterable[str]) -> list[str]:
    """Return the accented search keys of a text's pieces, "" where a sentence or a clause ends.

    A comma ends none: "phòng, chống tham nhũng" is one phrase.
    """
    return [key for piece in cut if (key := _KEYS[piece]) or piece in _ENDS]


def _read(cut: Sequence[str]) -> tuple[list[str], array[int], list[str]]:
    keys = list(map(_KEYS.__getitem__, cut))
    positions = array("I", compress(accumulate(map(_STEPS.__getitem__, cut), initial=0), keys))
    inside = joined(list(map(_LEXICAL.__getitem__, cut)))
    return list(filter(None, keys)), positions, _words(keys, inside.tolist())


def _words(keys: Sequence[str], inside: Sequence[bool]) -> list[str]:
    words: list[str] = []
    begin = last = -1
    for at in [at for at, joins in enumerate(inside) if joins and keys[at] and keys[at - 1]]:
        if at != last + 1:
            if last > 0:
                words.append("_".join(keys[begin : last + 1]))
            begin = at - 1
        last = at
    if last > 0:
        words.append("_".join(keys[begin : last + 1]))
    return words


class _Known(dict[str, T]):
    """A memory of a function's results by piece; it forgets everything when it has met too many.

    A look-up costs half of a call through functools.cache, and a text has a thousand pieces.
    """

    def __init__(self, read: Callable[[str], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, piece: str) -> T:
        if len(self) > MAX_KNOWN:
            self.clear()
        self[piece] = said = self._read(piece)
        return said


def _is_syllable(piece: str) -> bool:
    return SYLLABLE.match(piece) is not None


_WRITTEN_KEYS: Final = _Known(key)
FOLDED: Final = _Known(fold_key)
"""The folded form of a search key."""
_KEYS: Final = _Known(lambda piece: key(piece) if _is_syllable(piece) else "")
_ENDS: Final = frozenset(".!?;:\n")
_STEPS: Final = _Known(lambda piece: int(_is_syllable(piece) or piece == "\n"))
# pyvi knows lower case and tones in the new style. So a heading in capitals and a query have the same words.
_LEXICAL: Final = _Known(lambda piece: new_style(piece.lower()) if _is_syllable(piece) else piece)
