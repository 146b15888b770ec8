"""Provinces and cities, and every way in which a text names one."""

from __future__ import annotations

import re
from typing import Final

from searchapp.citations.forms import plain, read_table

_KINDS: Final = r"(?:(?:tinh|thanh pho|tp\.?|t\.p\.?)[ .]*)?"


def _aliases() -> dict[str, str]:
    aliases: dict[str, str] = {}
    for row in read_table("places.tsv"):
        for alias in (row["place"], *row.get("aliases", "").split("|")):
            if alias:
                aliases[" ".join(plain(alias).split())] = row["place"]
    return aliases


_ALL: Final = _aliases()
# "=TP" in the table: who is meant when a text says only "Đảng bộ TP".
BARE: Final = {alias[1:]: place for alias, place in _ALL.items() if alias.startswith("=")}
KNOWN: Final = {alias: place for alias, place in _ALL.items() if not alias.startswith("=")}
_NO_PLACE: Final = frozenset(("tinh", "thanh pho", "tp", "t.p", "quan", "huyen", "xa", "phuong", "khoi", "cap tren"))
PLACE: Final = _KINDS + "(?:" + "|".join(sorted(map(re.escape, KNOWN), key=len, reverse=True)) + ")(?![a-z])"
"""A pattern for any known place, in ASCII letters."""


def place_of(written: str) -> str:
    """The one spelling of a place: "thành phố Hồ Chí Minh" → "TPHCM", "tỉnh Bình Dương" → "Bình Dương".

    An unknown place (a district, a commune) stays as written; a bare "TP" is no place: see `BARE`.
    """
    folded = " ".join(plain(written).split())
    if folded.strip(". ") in _NO_PLACE:
        return ""
    stripped = re.sub(rf"^{_KINDS}", "", folded).strip()
    return KNOWN.get(folded) or KNOWN.get(stripped) or " ".join(written.split())
