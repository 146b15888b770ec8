"""Find words of several syllables: pyvi's own model, decoded ten times faster and with the same result."""

from __future__ import annotations

import importlib
import io
import pickle
import re
import string
import struct
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain, pairwise
from operator import itemgetter
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import SearchappWarning

_MAX_CACHED: Final = 100_000  # distinct tokens; the codification's vocabulary of 61,809 articles is smaller

# pyvi's tokens, in its order: abbreviations with a full stop, signs, URLs, e-mail, numbers, one sign, a word.
_SHORT: Final = r"(?:[A-ZĐ]+|Tp|Mrs?|Ms|Dr|ThS)\. | ==> | -> | \.\.\. | >> | \n"
_LINK: Final = r"\w+://[^\s]+ | [a-zA-Z0-9_.+-]+@(?:[a-zA-Z0-9-]+\.)+[a-zA-Z0-9-]+"
_WORD: Final = r"\d+(?:[.,_]\d+)+ | [^\w\s] | \w+"
_TOKEN: Final = re.compile(f"{_SHORT} | {_LINK} | {_WORD}", re.VERBOSE)
# this pattern looks at each word once, not three times
_TOKEN_WITHOUT_LINKS: Final = re.compile(f"{_SHORT} | {_WORD}", re.VERBOSE)


_LEXICAL: Final = ("-1:word.bi_gram()", "+1:word.bi_gram()", "-2:word.tri_gram()", "+2:word.tri_gram()")
_FEATURES: Final = 5  # the facts of a token: four sums of weights and flags, and its number in the lexicon

_Flags = NDArray[np.bool_]
Sums = NDArray[np.float64]


class _Lexicon:
    """pyvi's words of two and three syllables, found for all neighbours of a text at once.

    Syllables have numbers. A word of two is the sorted code first × size + second, one of three the place of its first
    two among those codes × size + third.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        words = {tuple(entry.split(" ")) for entry in entries}
        words = {word for word in words if 2 <= len(word) <= 3}
        self._numbers = {syllable: number for number, syllable in enumerate(sorted(set(chain(*words))))}
        self._size = len(self._numbers) + 1
        self._pairs = np.array(sorted({self._code(*word[:2]) for word in words}), np.int64)
        places = {code: place for place, code in enumerate(self._pairs.tolist())}
        twos = [places[self._code(*word)] for word in words if len(word) == 2]
        self._is_word = np.zeros(self._pairs.size, np.bool_)
        self._is_word[twos] = True
        threes = [(places[self._code(*word[:2])], self._numbers[word[2]]) for word in words if word[2:]]
        self._triples = np.array(sorted(place * self._size + third for place, third in threes), np.int64)

    def number(self, syllable: str) -> int:
        """Return the number of a syllable in lower case; syllables of no word share one number."""
        return self._numbers.get(syllable, self._size - 1)

    def words(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return where words of two and words of three syllables begin in a text of these numbers."""
        begins, places = _found(numbers[:-1] * self._size + numbers[1:], self._pairs)
        before_third = begins + 2 < numbers.size
        at, place = begins[before_third], places[before_third]
        longer, _ = _found(place * self._size + numbers[at + 2], self._triples)
        return begins[self._is_word[places]], at[longer]

    def _code(self, first: str, second: str) -> int:
        return self._numbers[first] * self._size + self._numbers[second]


def _found(codes: NDArray[np.int64], among: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return which codes are among the sorted ones, and where there."""
    places = np.searchsorted(among, codes)
    places[places == among.size] = 0
    found = np.flatnonzero(among[places] == codes) if among.size else places[:0]
    return found, places[found]


class _Model:
    """pyvi's weights and lexicon over columns: the contribution of a token to every score is computed once."""

    def __init__(self, weights: Crf, lexicon: Iterable[str]) -> None:
        self._crf = weights
        self._lexical = itemgetter(*_LEXICAL)(weights.attributes)
        self._lexicon = _Lexicon(lexicon)
        self._tokens = _Numbers(self._features)

    def inside(self, tokens: Sequence[str]) -> _Flags:
        """Return, for each token, whether it belongs to the word of the token before it."""
        own, after, before, lexical, shape = self._tokens.columns(tokens)
        sums = own.copy()
        sums[1:] += after[:-1]
        sums[:-1] += before[1:]
        pair_before, pair_after, triple_before, triple_after = self._lexical
        pairs, triples = self._lexicon.words(lexical.astype(np.int64))
        sums[pairs] += pair_after
        sums[pairs + 1] += pair_before
        sums[triples] += triple_after
        sums[triples + 2] += triple_before
        labels = self._crf.inside(sums)
        labels[:1] = False
        shapes = shape.astype(np.uint8)
        labels[1:] &= _JOINS[shapes[:-1], shapes[1:]]
        return labels

    def _features(self, token: str) -> tuple[float, ...]:
        """Return a token's contributions to its own score, to the next one's and to the last one's. Its lexicon number
        and shape.
        """
        weight, lower = self._crf.attributes.get, token.lower()
        shape = [name for name in ("isupper", "istitle", "isdigit") if getattr(token, name)()]
        sums = []
        for place, names in (("", shape), ("-1:", shape), ("+1:", shape)):
            seen = [f"{place}word.{name}()" for name in names if not (place and name == "isdigit")]
            sums.append(sum(weight(name, 0.0) for name in (f"{place}word.lower():{lower}", *seen)))
        return weight("bias", 0.0) + sums[0], sums[1], sums[2], self._lexicon.number(lower), _shape(token)


class _Numbers(dict[str, int]):
    """Numbers for tokens, and the columns of their features; the table forgets everything when it has met too many."""

    def __init__(self, features: Callable[[str], tuple[float, ...]]) -> None:
        super().__init__()
        self._lock = Lock()  # the threads of a server segment queries
        self._features = features
        self._columns = np.zeros((_FEATURES, 1 << 12))

    def __missing__(self, token: str) -> int:
        number = len(self)
        if number == self._columns.shape[1]:
            self._columns = np.concatenate([self._columns, np.zeros_like(self._columns)], axis=1)
        self._columns[:, number] = self._features(token)
        self[token] = number
        return number

    def columns(self, tokens: Sequence[str]) -> Sums:
        """Return the features of each token, shape (_FEATURES, len(tokens))."""
        with self._lock:
            if len(self) > _MAX_CACHED:
                self.clear()
            numbers = np.fromiter(map(self.__getitem__, tokens), np.intp, len(tokens))
            return self._columns[:, numbers]


_PLAIN, _TITLED, _ALONE = range(3)
# pyvi joins nothing with a sign or a number, and a capital only to a capital. Row: the token before, column: this one.
_JOINS: Final = np.array([[True, False, False], [True, True, False], [False, False, False]])


def _shape(token: str) -> int:
    if token in string.punctuation or token[0].isdigit():
        return _ALONE
    return _TITLED if token[0].istitle() else _PLAIN


class _Slow:
    """The fall-back: pyvi's own code, which imports scikit-learn."""

    def __init__(self) -> None:
        # The import stands here, because it costs a second and 100 MB that the fast road saves.
        self._pyvi = importlib.import_module("pyvi.ViTokenizer").ViTokenizer

    def inside(self, tokens: Sequence[str]) -> _Flags:
        """See `_Model.inside`."""
        features = self._pyvi.sent2features(list(tokens), False)
        shapes = list(map(_shape, tokens))
        labels = np.array([label == "I_W" for label in self._pyvi.model.predict([features])[0]], np.bool_)
        labels[:1] = False
        labels[1:] &= _JOINS[shapes[:-1], shapes[1:]]
        return labels


class _Inert:
    """A stand-in for every class that the pickle names, so that unpickling runs none of their code."""

    def __init__(self, *_: Any) -> None:
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Return plain data only: byte strings, which an old pickle spells as encoded text, and inert objects."""
        return _latin1 if (module, name) == ("_codecs", "encode") else _Inert


def _latin1(text: str, _: str) -> bytes:
    return text.encode("latin-1")


def _load() -> _Model:
    folder = resources.files("pyvi").joinpath("models")
    estimator = _Unpickler(io.BytesIO(folder.joinpath("pyvi3.pkl").read_bytes())).load()
    weights = read(estimator.state["modelfile"].state["__FILE_RESOURCE_DATA__"], "B_W", "I_W")
    return _Model(weights, folder.joinpath("words.txt").read_text(encoding="utf-8").split("\n"))


@cache
def _model() -> _Model | _Slow:
    try:
        return _load()
    except (OSError, ValueError, AttributeError, KeyError, TypeError, EOFError, pickle.UnpicklingError) as error:
        warnings.warn(f"pyvi's model can't be read directly ({error}): segmentation is slow", SearchappWarning, 2)
        return _Slow()


def joined(tokens: Sequence[str]) -> _Flags:
    """Return, for each token, whether it belongs to the word of the token before it, as pyvi decides. Shape
    (len(tokens),).
    """
    return _model().inside(tokens) if tokens else np.zeros(0, np.bool_)


def segment(text: str) -> list[str]:
    """Return a text's words and signs, the syllables of a word joined by "_"; " ".join of it is
    ViTokenizer.tokenize(text).

    >>> segment("Xây dựng Đảng")
    ['Xây_dựng', 'Đảng']
    """
    text = unicodedata.normalize("NFC", text)
    tokens = (_TOKEN if "://" in text or "@" in text else _TOKEN_WITHOUT_LINKS).findall(text)
    begins = np.flatnonzero(~joined(tokens)).tolist()
    return ["_".join(tokens[begin:end]) for begin, end in pairwise([*begins, len(tokens)])]


_HEADER = struct.Struct("<4sI4s9I")  # magic, size, type, version, counts of features, labels, attributes, five offsets
_FEATURE = struct.Struct("<3Id")  # kind (0 attribute → label, 1 label → label), from, to, weight


@dataclass(frozen=True, slots=True)
class Crf:
    """The worth of two labels as differences: how much better `inside` fits than `begin`.

    attributes: attribute → weight of inside less that of begin. The transition weights are in log space, named from
    label to label.
    """

    attributes: Mapping[str, float]
    begin_begin: float
    begin_inside: float
    inside_begin: float
    inside_inside: float

    def inside(self, scores: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return for each item, given the sum of its attributes, whether the best path labels it inside (Viterbi)."""
        leads = self._leads(scores)
        # The label of an item depends on the next one only where its lead lies between these two.
        if_begin, if_inside = self.begin_begin - self.inside_begin, self.begin_inside - self.inside_inside
        labels = leads > max(if_begin, if_inside)
        labels[-1:] = leads[-1:] > 0.0
        for at in np.flatnonzero((leads[:-1] > min(if_begin, if_inside)) & ~labels[:-1])[::-1].tolist():
            labels[at] = leads[at] > (if_inside if labels[at + 1] else if_begin)
        return labels

    def _leads(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how much better the best path to each item ends inside than in a beginning."""
        # With two labels, one item needs to know only the lead of inside over begin before it. The lead that it hands
        # on has a floor and a ceiling. One token in 200 has a lead between them. All others are known without those
        # before them, for the whole text at once.
        begin_begin, begin_inside = self.begin_begin, self.begin_inside
        inside_begin, inside_inside = self.inside_begin, self.inside_inside
        low, high = sorted((begin_inside - inside_inside, begin_begin - inside_begin))
        floor, ceiling = begin_inside - begin_begin, inside_inside - inside_begin
        ends_low, ends_high = scores + max(floor, ceiling) <= low, scores + min(floor, ceiling) >= high
        leads = scores.copy()
        leads[1:] += np.where(ends_low[:-1], floor, ceiling)
        unsure = ~(ends_low | ends_high)
        unsure[:1] = True  # the first item gets no lead
        for at in np.flatnonzero(unsure[:-1]).tolist():
            lead = float(leads[at])
            carried = max(lead + inside_inside, begin_inside) - max(lead + inside_begin, begin_begin)
            leads[at + 1] = scores[at + 1] + carried
        return leads


def read(model: bytes, begin: str, inside: str) -> Crf:
    """Return a model in CRFsuite's lCRF format (crf1d_model.c) with exactly these two labels; ValueError for another
    file.
    """
    try:
        return _read(model, begin, inside)
    except (struct.error, IndexError, KeyError, UnicodeDecodeError) as error:
        raise ValueError(f"not an lCRF model of {begin} and {inside}: {error}") from None


def _read(model: bytes, begin: str, inside: str) -> Crf:
    magic, _, kind, _, _, _, _, features, labels, attributes, _, _ = _HEADER.unpack_from(model)
    if (magic, kind) != (b"lCRF", b"FOMC"):
        raise ValueError(f"not an lCRF model: {magic!r}")
    label_ids = {name: number for number, name in _names(model, labels).items()}
    if label_ids.keys() != {begin, inside}:
        raise ValueError(f"other labels than {begin} and {inside}: {sorted(label_ids)}")
    names = _names(model, attributes)
    weights: dict[str, float] = {}
    steps = {(a, b): 0.0 for a in (begin, inside) for b in (begin, inside)}
    label_names = {number: name for name, number in label_ids.items()}
    (count,) = struct.unpack_from("<I", model, features + 8)
    for at in range(count):
        transition, source, target, weight = _FEATURE.unpack_from(model, features + 12 + at * _FEATURE.size)
        if transition:
            steps[label_names[source], label_names[target]] = weight
        else:
            sign = 1.0 if label_names[target] == inside else -1.0
            weights[names[source]] = weights.get(names[source], 0.0) + sign * weight
    return Crf(weights, steps[begin, begin], steps[begin, inside], steps[inside, begin], steps[inside, inside])


def _names(model: bytes, start: int) -> dict[int, str]:
    """Return the strings of a constant database (cqdb.c) by their numbers."""
    magic, _, _, _, count, backward = struct.unpack_from("<4s5I", model, start)
    if magic != b"CQDB":
        raise ValueError(f"not a CQDB table: {magic!r}")
    names = {}
    for offset in struct.unpack_from(f"<{count}I", model, start + backward):
        number, size = struct.unpack_from("<2I", model, start + offset)
        names[number] = model[start + offset + 8 : start + offset + 8 + size].rstrip(b"\0").decode()
    return names
