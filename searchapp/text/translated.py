"""Sentences of ours in Vietnamese: one table, matched where they are printed or shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

_TABLE: Final = Path(__file__).parents[1] / "data" / "commands.vi.tsv"
_REST: Final = ": {}"
_GROUPED: Final = re.compile(r"\d{1,3}(?:,\d{3})+")
_DECIMAL: Final = re.compile(r"\d+\.\d")  # one digit: milliseconds, no version


def in_vietnamese(text: str) -> str:
    """Return lines of ours in Vietnamese; what the table does not know stays as it is.

    >>> in_vietnamese("a.html: no article in this page: it has no text of its own, or only leads to others")[:24]
    'a.html: trang này không '
    """
    return "\n".join(map(_line, text.split("\n")))


@lru_cache(maxsize=1)
def sentences() -> Sequence[tuple[str, str]]:
    """English and Vietnamese, each with {} for what is filled in; what says most comes first."""
    rows = (line.split("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines() if "\t" in line)
    return sorted(((english, ours) for english, ours in rows), key=lambda row: -len(row[0].replace("{}", "")))


class _Pattern(NamedTuple):
    """A sentence with gaps: its longest words, which are looked for first, the whole, and the Vietnamese."""

    words: str
    whole: re.Pattern[str]
    ours: str


@lru_cache(maxsize=1)
def _known() -> tuple[Mapping[str, str], Sequence[_Pattern]]:
    heads = {
        english.removesuffix(_REST): ours.removesuffix(_REST)
        for english, ours in sentences()
        if english.count("{}") == 1 and english.endswith(_REST) and ours.endswith(_REST)
    }  # of a sentence that another one follows; a lone word may be the name of a file
    whole = {english: ours for english, ours in heads.items() if " " in english} | {
        english: ours for english, ours in sentences() if "{}" not in english
    }
    gapped = [(english.split("{}"), ours) for english, ours in sentences() if "{}" in english]
    return whole, [
        _Pattern(max(parts, key=len), re.compile("(.*?)".join(map(re.escape, parts)), re.DOTALL), ours)
        for parts, ours in gapped
    ]


@lru_cache(maxsize=4096)  # a name of a hundred colons has each of its ends asked once
def _line(line: str) -> str:
    """One line: by a sentence of the table, else piece by piece, else by a sentence that swallows pieces."""
    whole, patterns = _known()
    if line in whole:
        return whole[line]
    bare = line.lstrip()
    if bare and bare != line:
        return line[: -len(bare)] + _line(bare)
    swallowed = ""
    for pattern in patterns:
        if pattern.words in line and (found := pattern.whole.fullmatch(line)):
            said = pattern.ours.format(*map(_filled, found.groups()))
            if not any(": " in value for value in found.groups()):
                # A sentence that says more fits one piece of the line: this one is only like the whole.
                return (swallowed and _pieces(line)) or said
            swallowed = swallowed or said
    return _pieces(line) or swallowed or line


def _pieces(line: str) -> str:
    """A line of "where: what: advice", each piece by itself; "" where none is known. The spaces in front stay."""
    for split in re.finditer(": ", line):
        head, rest = line[: split.start()], line[split.end() :]
        if (said := f"{_line(head)}: {_line(rest)}") != line:
            return said
    return ""


def _filled(value: str) -> str:
    """A number with its signs as Vietnamese has them; several words that the table knows; else what it was."""
    if _GROUPED.fullmatch(value):
        return value.replace(",", ".")
    if _DECIMAL.fullmatch(value):
        return value.replace(".", ",")
    return _known()[0].get(value, value) if " " in value else value
