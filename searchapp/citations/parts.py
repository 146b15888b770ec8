"""A canonical key taken apart again: number, year, type code and issuer code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from searchapp.citations.forms import plain, read_table

# "05-NQ/TU", "30/2020/NĐ-CP", "16/CT-TTg", "45/2019/QH14", "1685/NQ-UBTVQH15", "1234/SNV-CCHC".
_PARTY: Final = re.compile(r"(?P<number>\d+(?:\.\d+)?[A-Z]?)-(?P<code>\w+)/(?P<issuer>[\w-]+)")
_STATE: Final = re.compile(
    r"(?P<number>\d+(?:\.\d+)?[A-Z]?)(?:/(?P<year>\d{4}))?/(?:(?P<code>[^\W\d]+)[-/])?(?P<issuer>\w[\w-]*)"
)

# "05-NQ/?", "34/2011/NĐ-?".
_SHORT: Final = re.compile(r"(?P<number>\d+(?:\.\d+)?[A-Z]?)(?:/(?P<year>\d{4}))?[-/](?P<code>\w+)[-/]\?")


_PARTY_CODES: Final = ("TW", "TU", "QU", "HU", "ThU", "ĐU")
_WITH_YEAR: Final = (("NĐ", "CP"), ("QĐ", "TTg"))


@dataclass(frozen=True, slots=True)
class Parts:
    """symbol: the key itself; number: without leading zeros; year: "" where numbers restart without one."""

    symbol: str
    number: str
    code: str
    issuer: str
    year: str = ""


@cache
def parts_of(key: str) -> Parts | None:
    """The parts of a canonical number; None for a key without issuer, and for meetings and named laws."""
    party = _PARTY.fullmatch(key)
    if party:
        return Parts(key, party["number"].lstrip("0") or "0", party["code"], party["issuer"])
    state = _STATE.fullmatch(key)
    if not state or state["issuer"] == "?":
        return None
    number = state["number"].lstrip("0") or "0"
    return Parts(key, number, state["code"] or "", state["issuer"], state["year"] or "")


@cache
def short_parts(key: str) -> Parts | None:
    """The parts of a short key, which has no issuer: "05-NQ/?"; None for any other."""
    match = _SHORT.fullmatch(key)
    if not match:
        return None
    return Parts(key, match["number"].lstrip("0") or "0", match["code"], "", match["year"] or "")


@cache
def completed(key: str, issuer: str) -> str:
    """A short key with the issuer beside it: ("05-NQ/?", "Thành ủy") → "05-NQ/TU"; "" where that does not say all.

    A decision of the Prime Minister is numbered with its year or without it, so that "Quyết định 64" may be either.
    """
    short = short_parts(key)
    code = issuer_code(issuer) or ("CP" if short and short.code == "NĐ" else "")
    if not short or not code:
        return ""
    head = key[:-2]
    if code in _PARTY_CODES:
        return "" if short.year else f"{head}/{code}"
    if short.year:
        return f"{head}-{code}" if (short.code, code) in _WITH_YEAR or short.code == "TT" else ""
    return f"{head.replace('-', '/', 1)}-CP" if (short.code, code) == ("NQ", "CP") else ""


@cache
def issuer_code(issuer: str) -> str:
    """The code of a body that a text names: "Ban Thường vụ Thành ủy" → "TU", "Thủ tướng" → "TTg"; "" for none."""
    said = plain(issuer)
    if said.startswith("hoi nghi"):  # a plenum of the Central Committee
        return "TW"
    names = [(name, code) for name, code in _codes().items() if said.startswith(name)]
    return max(names, key=lambda row: len(row[0]))[1] if said and names else ""


@cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for row in read_table("issuers.tsv"):
        for name in (row["name"], *row["aliases"].split("|")):
            if name:
                codes.setdefault(plain(name), row["code"])
    return codes
