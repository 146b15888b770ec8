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

_SHORT: Final = re.compile(r"(\d+(?:\.\d+)?\w?)(?:/\d{4})?[-/](\w+)")


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


def short_parts(key: str) -> tuple[str, str]:
    """Number without leading zeros and type code of a short key: "05-NQ/?" → ("5", "NQ")."""
    match = _SHORT.match(key)
    return (match[1].lstrip("0") or "0", match[2]) if match else (key, "")


@cache
def completed(key: str, issuer: str) -> str:
    """A short key with the issuer that stands beside it: ("05-NQ/?", "Thành ủy") → "05-NQ/TU"; "" when it says none."""
    code = _code_of(issuer)
    if not code or not key.endswith("/?"):
        return ""
    head = key[:-2]
    party = code in ("TW", "TU", "QU", "HU", "ThU", "ĐU")
    if party:
        return f"{head}/{code}"
    number, _, kind = head.partition("-")
    return f"{number}/{kind}-{code}" if code in ("CP", "TTg") else ""


def _code_of(issuer: str) -> str:
    said = plain(issuer)
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
