"""Words of several syllables: pyvi's own model, decoded seven times faster and with the same result."""

from __future__ import annotations

import importlib
import io
import pickle
import re
import string
import unicodedata
import warnings
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from operator import itemgetter
from typing import Any, Final, NamedTuple

from searchapp.errors import SearchappWarning
from searchapp.text import crf

MAX_CACHED: Final = 100_000  # distinct tokens; the codification's vocabulary of 61,809 articles is smaller

# pyvi's tokens, in its order: abbreviations with a full stop, signs, URLs, e-mail, numbers, one sign, a word.
_SHORT: Final = r"(?:[A-ZĐ]+|Tp|Mrs?|Ms|Dr|ThS)\. | ==> | -> | \.\.\. | >> | \n"
_LINK: Final = r"\w+://[^\s]+ | [a-zA-Z0-9_.+-]+@(?:[a-zA-Z0-9-]+\.)+[a-zA-Z0-9-]+"
_WORD: Final = r"\d+(?:[.,_]\d+)+ | [^\w\s] | \w+"
_TOKEN: Final = re.compile(f"{_SHORT} | {_LINK} | {_WORD}", re.VERBOSE)
_TOKEN_WITHOUT_LINKS: Final = re.compile(f"{_SHORT} | {_WORD}", re.VERBOSE)  # looks at each word once, not three times


_LEXICAL: Final = ("-1:word.bi_gram()", "+1:word.bi_gram()", "-2:word.tri_gram()", "+2:word.tri_gram()")


class _Scores(NamedTuple):
    """What one token adds to the score of itself, of the token after it and of the token before it.

    follow: second syllable of the lexicon's words that begin with it → whether they are a word of two, and the third
    syllables of words of three.
    """

    own: float
    after: float
    before: float
    lower: str
    follow: Mapping[str, tuple[bool, frozenset[str]]]


class _Model:
    """pyvi's weights and lexicon; the scores of a token are worked out once."""

    def __init__(self, weights: crf.Crf, lexicon: Sequence[str]) -> None:
        self._crf = weights
        self._lexical = itemgetter(*_LEXICAL)(weights.attributes)
        self._known: dict[str, _Scores] = {}
        self._lexicon: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for entry in lexicon:
            match entry.split(" "):
                case [first, second, *third] if len(third) <= 1:
                    self._lexicon[first][second].update(third or [""])

    def labels(self, tokens: Sequence[str]) -> list[bool]:
        """For each token, whether the model reads it as the inside of a word."""
        known = self._known
        scores = [known.get(token) or self._score(token) for token in tokens]
        return self._crf.inside(self._sums(scores)) if scores else []

    def _sums(self, scores: Sequence[_Scores]) -> list[float]:
        pair_before, pair_after, triple_before, triple_after = self._lexical
        own, after, before, lower, follow = zip(*scores, strict=True)
        sums = [a + b + c for a, b, c in zip(own, (0.0, *after), (*before[1:], 0.0), strict=False)]
        following = (*lower[1:], "", "")
        for at in [at for at, (known, second) in enumerate(zip(follow, following, strict=False)) if second in known]:
            pair, thirds = follow[at][following[at]]
            if pair:
                sums[at] += pair_after
                sums[at + 1] += pair_before
            if following[at + 1] in thirds:
                sums[at] += triple_after
                sums[at + 2] += triple_before
        return sums

    def _score(self, token: str) -> _Scores:
        weight, lower = self._crf.attributes.get, token.lower()
        shape = [name for name in ("isupper", "istitle", "isdigit") if getattr(token, name)()]
        sums = []
        for place, names in (("", shape), ("-1:", shape), ("+1:", shape)):
            seen = [f"{place}word.{name}()" for name in names if not (place and name == "isdigit")]
            sums.append(sum(weight(name, 0.0) for name in (f"{place}word.lower():{lower}", *seen)))
        score = _Scores(
            weight("bias", 0.0) + sums[0],
            sums[1],
            sums[2],
            lower,
            {
                second: ("" in thirds, frozenset(thirds - {""}))
                for second, thirds in self._lexicon.get(lower, {}).items()
            },
        )
        if len(self._known) >= MAX_CACHED:
            self._known.clear()
        self._known[token] = score
        return score


class _Slow:
    """The fall-back: pyvi as it comes, which imports scikit-learn."""

    def __init__(self) -> None:
        # Not a top-level import, because it costs a second and 100 MB that the fast road saves.
        self._pyvi = importlib.import_module("pyvi.ViTokenizer").ViTokenizer

    def labels(self, tokens: Sequence[str]) -> list[bool]:
        features = self._pyvi.sent2features(list(tokens), False)
        return [label == "I_W" for label in self._pyvi.model.predict([features])[0]]


class _Inert:
    """Stands for every class that the pickle names, so that unpickling runs none of their code."""

    def __init__(self, *_: Any) -> None:
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Plain data only: byte strings, which an old pickle spells as encoded text, and inert objects."""
        return _latin1 if (module, name) == ("_codecs", "encode") else _Inert


def _latin1(text: str, _: str) -> bytes:
    return text.encode("latin-1")


def _load() -> _Model:
    folder = resources.files("pyvi").joinpath("models")
    estimator = _Unpickler(io.BytesIO(folder.joinpath("pyvi3.pkl").read_bytes())).load()
    weights = crf.read(estimator.state["modelfile"].state["__FILE_RESOURCE_DATA__"], "B_W", "I_W")
    return _Model(weights, folder.joinpath("words.txt").read_text(encoding="utf-8").split("\n"))


@cache
def _model() -> _Model | _Slow:
    try:
        return _load()
    except (OSError, ValueError, AttributeError, KeyError, TypeError, EOFError, pickle.UnpicklingError) as error:
        warnings.warn(f"pyvi's model can't be read directly ({error}): segmentation is slow", SearchappWarning, 2)
        return _Slow()


def joined(tokens: Sequence[str]) -> list[bool]:
    """For each token, whether it belongs to the word of the token before it, as pyvi decides."""
    labels = _model().labels(tokens)
    labels[:1] = [False] * len(labels[:1])
    for at in [at for at, label in enumerate(labels) if label]:
        labels[at] = _may_join(tokens[at - 1], tokens[at])
    return labels


@lru_cache(maxsize=MAX_CACHED)
def _may_join(first: str, second: str) -> bool:
    if first in string.punctuation or second in string.punctuation or first[0].isdigit() or second[0].isdigit():
        return False
    return first[0].istitle() or not second[0].istitle()


def segment(text: str) -> list[str]:
    """A text's words and signs, the syllables of a word joined by "_"; " ".join of it is ViTokenizer.tokenize(text).

    >>> segment("Xây dựng Đảng")
    ['Xây_dựng', 'Đảng']
    """
    text = unicodedata.normalize("NFC", text)
    tokens = (_TOKEN if "://" in text or "@" in text else _TOKEN_WITHOUT_LINKS).findall(text)
    words: list[str] = []
    for token, inside in zip(tokens, joined(tokens), strict=True):
        if inside:
            words[-1] += f"_{token}"
        else:
            words.append(token)
    return words
