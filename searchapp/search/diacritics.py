"""Restore accents as the articles spell them: offer exact counts, and guess for ranking (Viterbi)."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final
from weakref import WeakKeyDictionary

from searchapp.engine import Engine
from searchapp.query import AllOf, Node, Phrase, Query, Word
from searchapp.text.dictionary import Words, covered, is_number, is_word
from searchapp.text.normalize import TONES, fold, fold_key, has_marks
from searchapp.text.syllables import PLAIN, is_syllable, place
from searchapp.text.syllables import key as search_key
from searchapp.text.tokens import tokens

_MAX_SYLLABLES: Final = 12
"""The most syllables: a longer query is a question, and nobody wants it word for word."""
SAMPLE: Final = 16
"""Articles that are searched for spellings of a run of syllables; every spelling is then counted in all."""
OFFERED: Final = 3
SHARE: Final = 0.1
"""The share of articles, compared with the most frequent spelling, that an alternative needs: less
is somebody's slip.
"""

_SURE: Final = 0.9
"""The share of a spelling that is offered although it is made of no known words, such as a name."""
_SURE_ALONE: Final = 0.95
"""The same of a lone syllable that no article has beside the rest of the query."""
_SHARE_OF_NO_WORDS: Final = 0.25
"""`SHARE` of a spelling that is a row of syllables and no words."""
_FAR_MORE: Final = 10
"""How many times as frequent a row of syllables comes before a word of the same letters ("cả nước", "cá nước")."""
_CLOSE: Final = 0.5
"""The share of the most frequent spelling from which on a second one leaves open which is meant."""
_WHOLE: Final = 0.3
"""The share of places that halve no word, which a spelling needs."""
_ONE_FORM: Final = 0.98
"""The share of a syllable's spelling in all of its letters' from which on a halved word misleads nobody."""
MAX_KNOWN: Final = 4096  # runs of syllables remembered a generation

Run = tuple[str, ...]
"""Search keys of neighbours."""
Ways = tuple[tuple[Run, int], ...]
"""The spellings of a run with the articles that have each, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """A query with its accents: text for reading, query for the box (in quotes accents hold), tree for an engine.

    quoted: all of it stands in quotes; not so a number or another word that has no accents.
    """

    text: str
    query: str
    tree: Node
    quoted: bool = True


def spellings(engine: Engine, typed: Sequence[Word]) -> tuple[Spelling, ...]:
    """Return the corpus's own spellings of plain words without accents, the likeliest first; () for words that need
    none.

    The words are cut into the longest runs that stand side by side in some article. Each run gets the spelling of the
    articles that have it: the bigrams of the index decide, no language model.
    """
    if not 0 < len(typed) <= _MAX_SYLLABLES or any(word.marked for word in typed):
        return ()
    known = _KNOWN.setdefault(engine, {})
    runs = list(_runs(engine, [fold_key(word.key) for word in typed]))
    after = [run[0] for run in runs[1:]] + [""]
    names = _names(engine)
    written = [_remembered(engine, run, known) for run in runs]
    ways = [_sound(way, names, following, part=len(runs) > 1) for way, following in zip(written, after, strict=True)]
    if not all(ways) or _strangers(written):
        return ()
    best = [way[0][0] for way in ways]
    found = [(1.0, best)]
    for at, way in enumerate(ways):
        # The reader has already typed a word that needs no accents: it is no alternative.
        others = [row for row in way[1:] if _accented(row[0])]
        # A row of syllables from two words ("hợp lý hơn") is frequent, and no word: it never comes before one.
        found += [(min(1.0, count / max(1, way[0][1])), [*best[:at], run, *best[at + 1 :]]) for run, count in others]
    if len(runs) > 1:  # two words of two runs may be no likely neighbours
        found = [row for row in found if _possible([key for run in row[1] for key in run], names)]
    found.sort(key=lambda row: -row[0])
    return tuple(_spelling(runs) for _, runs in found[:OFFERED] if any(map(_accented, runs)))


def _strangers(ways: Sequence[Ways]) -> bool:
    """Tell whether two neighbours that no article has side by side may each be written in several ways."""
    doubtful = [len(way[0][0]) == 1 and len(way) > 1 for way in ways]
    return any(one and other for one, other in pairwise(doubtful))


def _possible(keys: Sequence[str], names: Words) -> bool:
    return not all(map(is_syllable, keys)) or covered(keys, names, strict=False)


def _sound(ways: Ways, names: Words, following: str, *, part: bool) -> Ways:
    """Return the spellings that are worth an offer, those that are made of words first; () for guesses.

    part: whether other runs stand beside; no article has them side by side, so that a lone syllable must be sure.
    """
    run = ways[0][0]
    if not all(map(is_syllable, run)):
        return ways  # a name or a number is as it was typed
    if part and len(run) == 1 and not is_number(following):
        return ways[:1] if ways[0][1] >= _SURE_ALONE * sum(count for _, count in ways) else ()
    # An alternative may be a row of syllables, but one with all of its accents; before a number none is.
    spelt = () if is_number(following) else tuple(row for row in ways if all(map(has_marks, row[0])))
    if len(run) > 1 or is_number(following):
        ways = tuple(row for row in ways if covered(row[0], names, following, strict=False))
    made = tuple(row for row in ways if covered(row[0], names, following))
    if made and made[0][1]:
        least = made[0][1]
        others = [row for row in spelt if row not in made and row[1] >= _SHARE_OF_NO_WORDS * least]
        before = [row for row in others if row[1] >= _FAR_MORE * least]
        after = [row for row in others if row not in before]
        return _clear((*before, *(row for row in made if row[1] >= SHARE * least), *after))
    if len(run) == 1 and not is_number(following):
        return tuple(row for row in ways if row[1] >= max(1, SHARE * ways[0][1]))
    total = sum(count for _, count in ways)  # of those that are left
    return ways[:1] if total and ways[0][1] >= _SURE * total else ()


def _clear(ways: Ways) -> Ways:
    """Return these spellings, () where two of several syllables are about as frequent: the first would be a guess."""
    close = len(ways[0][0]) > 1 and any(count > _CLOSE * ways[0][1] for _, count in ways[1:])
    return () if close else ways


def _names(engine: Engine) -> Words:
    """Return the places and the long forms of abbreviations that the archive knows, as words."""
    known = _NAMED.get(engine)
    if known is None:
        spelt = [place.name for place in engine.tables.places]
        spelt += engine.tables.abbreviations.sure.values()
        known = _NAMED[engine] = frozenset(tuple(token.key for token in tokens(name)) for name in spelt)
    return known


_NAMED: Final[WeakKeyDictionary[Engine, Words]] = WeakKeyDictionary()
_KNOWN: Final[WeakKeyDictionary[Engine, dict[Run, Ways]]] = WeakKeyDictionary()


def _remembered(engine: Engine, run: Run, known: dict[Run, Ways]) -> Ways:
    if run not in known:
        if len(known) > MAX_KNOWN:
            known.clear()
        known[run] = _ways(engine, run)
    return known[run]


def _spelling(runs: Sequence[Run]) -> Spelling:
    texts = [" ".join(run) for run in runs]
    parts = [f'"{text}"' if _accented(run) else text for run, text in zip(runs, texts, strict=True)]
    nodes: list[Node] = []
    for run in runs:
        nodes += [Phrase(run, marked=True)] if _accented(run) else map(Word, run)
    tree = nodes[0] if len(nodes) == 1 else AllOf(tuple(nodes))
    return Spelling(" ".join(texts), " ".join(parts), tree, all(map(_accented, runs)))


def as_typed(spelt: str, words: Sequence[Word], typed: str) -> str:
    """Return a spelling whose words without accents stand as they were typed: 13 where the search reads XIII."""
    found = tokens(typed)
    if len(found) != len(words):
        return spelt
    known = {word.key: typed[token.start : token.end] for word, token in zip(words, found, strict=True)}
    return " ".join(known.get(key, key) for key in spelt.split())


def _accented(run: Run) -> bool:
    return any(map(has_marks, run))


def _runs(engine: Engine, keys: Sequence[str]) -> Iterator[Run]:
    """Yield the keys, cut at their rarest pair until every run stands in some article."""
    if len(keys) == 1 or (all(map(is_syllable, keys)) and _articles(engine, Phrase(tuple(keys)))):
        yield tuple(keys)
    else:
        pairs = [f"{left} {right}" for left, right in pairwise(keys)]
        counts = engine.frequencies(pairs, stream="f2")
        cut = 1 + min(range(len(pairs)), key=lambda at: counts[pairs[at]])
        yield from _runs(engine, keys[:cut])
        yield from _runs(engine, keys[cut:])


def _ways(engine: Engine, run: Run) -> Ways:
    if not all(map(is_syllable, run)):
        return ((run, 0),)
    counts: Mapping[Run, int]
    if len(run) == 1:
        counts = {(form,): n for form, n in engine.frequencies(forms(run[0]), stream="a").items()}
    else:
        whole = _written(engine, run)
        found = {
            way: _articles(engine, Phrase(way, marked=True, exact=True))
            for way, share in whole.items()
            if share >= _WHOLE
        }
        counts = {way: math.ceil(n * whole[way]) for way, n in found.items()}
    ranked = sorted(((way, n) for way, n in counts.items() if n), key=lambda row: (-row[1], row[0]))
    return tuple(ranked) or ((run, 0),)


def _written(engine: Engine, run: Run) -> dict[Run, float]:
    """Return the spellings of a run of syllables in the best articles that have it, with the share of places that
    halve no word.
    """
    whole: Counter[Run] = Counter()
    found: Counter[Run] = Counter()
    sought = _pattern(run)
    for match in engine.search(Query(tree=Phrase(run), text=" ".join(run), size=SAMPLE)).matches:
        for text in (match.article.title, match.article.text):
            for spot in sought.finditer(text):
                way = tuple(token.key for token in tokens(spot.group()))
                if tuple(map(fold_key, way)) == run:
                    found[way] += 1
                    whole[way] += not _halves_a_word(engine, way, text[: spot.start()], text[spot.end() :])
    return {way: whole[way] / n for way, n in found.items()}


def _halves_a_word(engine: Engine, way: Run, before: str, after: str) -> bool:
    """Tell whether a word runs over an end of this place, as in "kiểm toán, trường hợp": it shows nobody's reading."""
    left, right = _LAST_WORD.search(before[-_NEAR:]), _NEXT_WORD.match(after[:_NEAR])
    return bool(
        (left and is_word((search_key(left[1]), way[0])) and not is_word(way[:2]) and _doubtful(engine, way[0]))
        or (right and is_word((way[-1], search_key(right[1]))) and not is_word(way[-2:]) and _doubtful(engine, way[-1]))
    )


def _doubtful(engine: Engine, key: str) -> bool:
    """Tell whether the archive also writes these letters otherwise."""
    counts = engine.frequencies(forms(fold_key(key)), stream="a")
    return counts.get(key, 0) < _ONE_FORM * sum(counts.values())


def _articles(engine: Engine, phrase: Phrase) -> int:
    return engine.search(Query(tree=phrase, size=0)).total


@cache
def forms(folded: str) -> tuple[str, ...]:
    """Return every way to write a syllable, as search keys."""
    forms = (place(plain, tone) for plain in _PLAIN_OF.get(folded, ()) for tone in range(len(TONES)))
    return tuple(dict.fromkeys(search_key(form) for form in forms if is_syllable(form)))


def _pattern(run: Run) -> re.Pattern[str]:
    """Return a pattern for the syllables of a run in any accents, side by side in one line."""
    syllables = ("".join(map(_CLASSES.__getitem__, syllable)) for syllable in run)
    return re.compile(rf"(?<!\w){_BETWEEN.join(syllables)}(?!\w)")


def _by_letters() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for plain in sorted(PLAIN):
        found.setdefault(fold(plain), []).append(plain)
    return found


_BETWEEN: Final = r"[^\w\n]{1,3}"
_NEAR: Final = 16  # characters beside a place: a syllable and a space
_LAST_WORD: Final = re.compile(r"(?<!\w)(\w+) $")
_NEXT_WORD: Final = re.compile(r" (\w+)(?!\w)")
_PLAIN_OF: Final = _by_letters()
_MARKED: Final = ["đ", *(place(vowel, tone) for vowel in "aăâeêioôơuưy" for tone in range(len(TONES)))]
_CLASSES: Final = {
    plain: f"[{''.join(sorted({c for m in [plain, *_MARKED] if fold(m) in same for c in (m, m.upper())}))}]"
    for plain, same in {letter: "iy" if letter in "iy" else letter for letter in "abcdefghijklmnopqrstuvwxyz"}.items()
}
"""Letters that are one without accents and case; i and y too, because kĩ is kỹ."""


FORMS: Final = 6  # spellings weighed for one syllable, the most frequent
_LONGEST_RESTORED: Final = 40
_UNSEEN: Final = 0.0001
"""The worth of a pair in no word of the archive, beside one in a word: most neighbours are two words."""
_MOST_WRITTEN: Final = 1 << 15

_Forms = Mapping[str, int]
"""Spelling of a syllable → articles that have it, the most frequent first."""


class _Known:
    """Remembered counts of one generation."""

    def __init__(self) -> None:
        self.forms: dict[str, _Forms] = {}
        self.pairs: dict[tuple[str, str], Mapping[tuple[str, str], int]] = {}


_WRITTEN: Final[WeakKeyDictionary[Engine, _Known]] = WeakKeyDictionary()


def restored(engine: Engine, keys: Sequence[str]) -> list[str]:
    """Return the likeliest spelling of these folded keys in the archive; an unknown key stays.

    Two counts decide: those of a syllable's spellings alone, and those beside its neighbour inside a word of stream w.
    """
    known = _WRITTEN.setdefault(engine, _Known())
    if not 0 < len(keys) <= _LONGEST_RESTORED:
        return list(keys)
    choices = [_spelt(engine, key, known) for key in keys]
    paths: dict[str, tuple[float, tuple[str, ...]]] = {
        form: (_log(count, choices[0]), (form,)) for form, count in choices[0].items()
    }
    for at, (before, here) in enumerate(pairwise(choices), 1):
        pairs = _word_pairs(engine, (keys[at - 1], keys[at]), before, here, known)
        reached: dict[str, tuple[float, tuple[str, ...]]] = {}
        for form, count in here.items():
            alone = _log(count, here)
            score, path = max(
                (so_far + alone + _beside(pairs, last, form, before[last]), path)
                for last, (so_far, path) in paths.items()
            )
            reached[form] = score, (*path, form)
        paths = reached
    return list(max(paths.values())[1])


def _log(count: int, among: _Forms) -> float:
    return math.log((count + 0.5) / (sum(among.values()) + 1))


def _beside(pairs: Mapping[tuple[str, str], int], left: str, right: str, count: int) -> float:
    return math.log(_UNSEEN + pairs.get((left, right), 0) / (count + 1))


def _spelt(engine: Engine, key: str, known: _Known) -> _Forms:
    found = known.forms.get(key)
    if found is None:
        counts = engine.frequencies(forms(key), stream="a") if is_syllable(key) else {}
        ranked = sorted(((form, n) for form, n in counts.items() if n), key=lambda row: (-row[1], row[0]))
        found = dict(ranked[:FORMS]) or {key: 0}
        if len(known.forms) > _MOST_WRITTEN:
            known.forms.clear()
        known.forms[key] = found
    return found


def _word_pairs(
    engine: Engine, keys: tuple[str, str], left: _Forms, right: _Forms, known: _Known
) -> Mapping[tuple[str, str], int]:
    """Return in how many articles each way to spell two neighbours is a word."""
    found = known.pairs.get(keys)
    if found is None:
        words = {f"{one}_{other}": (one, other) for one in left for other in right}
        counts = engine.frequencies(words, stream="w")
        found = {words[word]: n for word, n in counts.items() if n}
        if len(known.pairs) > _MOST_WRITTEN:
            known.pairs.clear()
        known.pairs[keys] = found
    return found
