"""Expand abbreviations (MTTQ), and find the abbreviation of a run of syllables."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from searchapp.text.normalize import fold, fold_key, has_marks
from searchapp.text.syllables import PIECE, SYLLABLE, TPHCM, is_syllable, key

CITY_KEY: Final = "tphcm"
_CITY: Final = "TPHCM"
_SIGNS: Final = re.compile(r"(?<=\w)[&-](?=\w)")
# These are half abbreviated; the name in them must stay findable, so in articles they aren't one token.
_CITY_SPELT: Final = ("TP Hồ Chí Minh", "Thành phố HCM")


@dataclass(frozen=True, slots=True)
class _Abbreviation:
    """A row of the table. ambiguity: 0 one meaning, 1 several (queries only), 2 meaningless without its context."""

    spelling: str
    expansions: tuple[str, ...]
    ambiguity: int


def _read(row: Mapping[str, str]) -> _Abbreviation:
    several = row.get("alt_expansions") or ""
    return _Abbreviation(
        row["abbr"], (row["expansion"], *filter(None, several.split("|"))), int(row.get("ambiguity") or 0)
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """The syllables of an expansion, accented and folded, with the keys of the abbreviation ("ubnd", "gd đt")."""

    keys: tuple[str, ...]
    folded: tuple[str, ...]
    short: str

    def begins(self, keys: Sequence[str]) -> bool:
        """Tell whether these keys begin with the expansion; a syllable typed without accents counts for the accented
        one.
        """
        pairs = zip(keys, self.keys, self.folded, strict=False)
        return len(keys) >= len(self.keys) and all(typed in (full, plain) for typed, full, plain in pairs)


class Abbreviations:
    """The abbreviations that a query may hold, with their expansions; those of an archive, or ours."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        """rows: as in abbreviations.tsv."""
        self._by_capitals: dict[str, list[_Abbreviation]] = defaultdict(list)
        self._by_letters: dict[str, list[_Abbreviation]] = defaultdict(list)
        self.sure: dict[str, str] = {}
        for row in map(_read, rows):
            if row.ambiguity < 2:
                self._by_capitals[row.spelling.upper()].append(row)
                self._by_letters[fold(row.spelling)].append(row)
            if row.ambiguity == 0:
                self.sure[row.spelling] = row.expansions[0]
        self._runs = _runs(self.sure)
        self._written = {_short(spelling): spelling for spelling in reversed(self.sure)}
        self._spelt: dict[str, list[str]] = defaultdict(list)
        for spelling, text in self.sure.items():
            self._spelt[fold(text)].append(spelling)

    def spellings(self, token: str) -> tuple[str, ...]:
        """Return the other spellings of an abbreviation of one meaning in a query: TN-MT and TN&MT for TNMT.

        >>> Abbreviations.shipped().spellings("tnmt")
        ('TN-MT',)
        """
        if TPHCM.fullmatch(token):
            return ()  # one token in any spelling
        texts = dict.fromkeys(fold(row.expansions[0]) for row in self._rows_of(token) if row.ambiguity == 0)
        typed = fold(token.replace("&", "-"))
        return tuple(one for text in texts for one in self._spelt[text] if fold(one) != typed)

    def expansions(self, token: str, *, typed: bool = True) -> tuple[str, ...]:
        """Return the expansions of an abbreviation as texts, the usual meaning first; () for any other token.

        typed: the token comes from a query. Then any case will do if the letters are no Vietnamese syllable (tphcm),
        else only capitals (TU, ĐA). Not typed: the token stands in an article. Then only the spelling of the table
        counts, and only an abbreviation with one meaning.
        """
        if TPHCM.fullmatch(token) and _CITY in self.sure:
            return (self.sure[_CITY], *_CITY_SPELT) if typed else (self.sure[_CITY],)
        if not typed:
            return (self.sure[token],) if token in self.sure else ()
        return tuple(dict.fromkeys(text for row in self._rows_of(token) for text in row.expansions))

    def written(self, keys: str) -> str:
        """Return an abbreviation of one meaning as people write it, by its keys; "" for another.

        >>> Abbreviations.shipped().written("qđi"), Abbreviations.shipped().written("gd đt")
        ('QĐi', 'GD-ĐT')
        """
        return self._written.get(keys, "")

    def stand_for(self, keys: Sequence[str]) -> list[tuple[int, str]]:
        """Return abbreviations of one meaning for the first of these keys, as (length, keys), the longest first.

        A syllable typed without accents counts for the accented one. An abbreviation of several parts has several keys,
        with spaces between them.
        """
        runs = self._runs.get(fold_key(keys[0]), ()) if keys else ()
        return [(len(run.keys), run.short) for run in runs if run.begins(keys)]

    def _rows_of(self, token: str) -> Sequence[_Abbreviation]:
        """Return the meanings of a token. Signs may stand anywhere in one ("BGD&ĐT", "LĐ-TBXH"), and & says "và"."""
        rows = self._spelt_so(token.replace("&", "-"))
        joined = (
            [row for row in self._spelt_so(_SIGNS.sub("", token)) if row.ambiguity == 0] if _SIGNS.search(token) else []
        )
        return [*rows, *(row for row in joined if row not in rows and (not rows or _says_and(token, row)))]

    def _spelt_so(self, token: str) -> Sequence[_Abbreviation]:
        letters = fold(token)
        capitals = self._by_capitals.get(token.upper(), [])
        if is_syllable(letters):  # "DU" isn't ĐU: a reader without accents would write "DU LICH" so
            return [row for row in capitals if token in (token.upper(), row.spelling)]
        return capitals or ([] if has_marks(token) else self._by_letters.get(letters, []))

    @staticmethod
    @cache
    def shipped() -> Abbreviations:
        """Return the abbreviations of data/abbreviations.tsv."""
        table = resources.files("searchapp").joinpath("data", "abbreviations.tsv").read_text(encoding="utf-8")
        return Abbreviations(csv.DictReader(table.splitlines(), delimiter="\t"))


def _says_and(token: str, row: _Abbreviation) -> bool:
    return "&" in token and "và" in row.expansions[0].split()


def cycles(rows: Iterable[Mapping[str, str]]) -> list[str]:
    """Return abbreviations that stand for themselves through others, a line each: A for B, and B for A."""
    meant = {fold(row["abbr"]): fold(row["expansion"]) for row in rows}
    found = []
    for short in meant:
        seen, at = [short], meant[short]
        while at in meant and at not in seen:
            seen.append(at)
            at = meant[at]
        if at == short and short == min(seen):
            found.append(f"{' → '.join([*seen, short])}: stands for itself; keep one direction")
    return found


def expansions(token: str, *, typed: bool = True) -> tuple[str, ...]:
    """Return the expansions of one of our abbreviations: `Abbreviations.expansions`.

    >>> expansions("hdnd"), expansions("tu"), expansions("TƯ")
    (('Hội đồng nhân dân',), (), ('Trung ương',))
    """
    return Abbreviations.shipped().expansions(token, typed=typed)


def _run(text: str, short: str) -> _Run:
    keys = tuple(map(key, SYLLABLE.findall(text)))
    return _Run(keys, tuple(map(fold_key, keys)), short)


def _short(spelling: str) -> str:
    return " ".join(map(key, SYLLABLE.findall(spelling)))


def _runs(sure: Mapping[str, str]) -> dict[str, list[_Run]]:
    runs: dict[str, list[_Run]] = defaultdict(list)
    for spelling, text in sure.items():
        parts = SYLLABLE.findall(spelling)
        # ĐU or DA written for an expansion would find every "đu" and "da".
        if TPHCM.fullmatch(spelling) or not SYLLABLE.search(text):
            continue  # one token in any spelling: city_length
        if len(parts) > 1 or not is_syllable(fold(spelling)):
            run = _run(text, _short(spelling))
            runs[run.folded[0]].append(run)
    for found in runs.values():
        found.sort(key=lambda run: -len(run.keys))
    return runs


_SURE: Final = Abbreviations.shipped().sure
_CITIES: Final = tuple(_run(text, CITY_KEY) for text in (_SURE[_CITY], *_CITY_SPELT, "T P Hồ Chí Minh"))


def abbreviations_of(keys: Sequence[str], start: int = 0) -> list[tuple[int, str]]:
    """Return those of our abbreviations that stand for keys[start:start + length]: `Abbreviations.stand_for`.

    >>> abbreviations_of(["ủy", "ban", "nhân", "dân", "xã"])
    [(4, 'ubnd')]
    """
    return Abbreviations.shipped().stand_for(keys[start:])


def city_length(keys: Sequence[str]) -> int:
    """Return how many of these keys, from the first, name Thành phố Hồ Chí Minh in letters, else 0.

    >>> city_length(["tp", "hồ", "chí", "minh", "họp"])
    4
    """
    return next((len(run.keys) for run in _CITIES if run.begins(keys)), 0)


_PARTS: Final[dict[str, list[tuple[list[str], str]]]] = defaultdict(list)
for _spelling, _text in sorted(_SURE.items(), key=lambda item: -len(item[0])):
    _pieces = PIECE.findall(_spelling)
    _PARTS[_pieces[0]].append((_pieces, _text))
_FIRST_PARTS: Final = frozenset(_PARTS)


def injected(pieces: Sequence[str]) -> list[str]:
    """Return the expansions of an article's abbreviations of one meaning, each once, in order of appearance.

    pieces: the article as PIECE cuts it. A line in capitals gives none: there nobody can tell an abbreviation from a
    word.

    >>> injected(["MTTQ", "và", "UBND", "quận", "họp", "với", "MTTQ", "phường"])
    ['Mặt trận Tổ quốc', 'Ủy ban nhân dân']
    """
    starts = [at for at, piece in enumerate(pieces) if piece in _FIRST_PARTS]
    found: dict[str, None] = {}
    after = line_end = 0
    in_capitals = False
    for at in starts:
        if at < after or not (meant := _meant(pieces, at)):
            continue
        if at >= line_end:  # each line is looked at once, however many abbreviations it holds
            line_end = _line_end(pieces, at)
            in_capitals = _in_capitals(pieces, at, line_end)
        if not in_capitals:
            parts, full = meant
            after = at + len(parts)
            found[full] = None
    return list(found)


def _meant(pieces: Sequence[str], at: int) -> tuple[list[str], str] | None:
    """Return the longest abbreviation that begins there, with its expansion."""
    return next((each for each in _PARTS[pieces[at]] if pieces[at : at + len(each[0])] == each[0]), None)


def _line_end(pieces: Sequence[str], at: int) -> int:
    try:
        return pieces.index("\n", at)
    except ValueError:
        return len(pieces)


def _in_capitals(pieces: Sequence[str], at: int, end: int) -> bool:
    """Tell whether no piece of the line that ends there has a small letter; the search goes from `at` to both sides."""
    for places in (range(at, end), range(at - 1, -1, -1)):
        for place in places:
            if pieces[place] == "\n":
                break
            if pieces[place].upper() != pieces[place]:
                return False
    return True
