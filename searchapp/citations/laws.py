"""Laws by name and year: "Luật Phòng, chống tham nhũng năm 2018", "Bộ luật Hình sự 2015", "Hiến pháp 2013"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from searchapp.citations.forms import TYPE_NAMES
from searchapp.citations.found import Found
from searchapp.citations.shadow import Shadow

_YEAR: Final = re.compile(r"[12](?<=[ \n][12])(?:9[4-9]\d|0[0-4]\d)(?![\d/]|[.,]\d|[ ]?-[ ]?\d)")
_LAW: Final = re.compile(r"(?:(?P<code>bo)[ ])?luat[ ]|phap[ ]lenh[ ]")
_CONSTITUTION: Final = "hien phap"
_MAX_TITLE: Final = 110  # letters; the longest law name in use has 95

# "pháp luật", "kỷ luật", "đạo luật" (foreign), "Hội Luật gia" are no titles of laws.
_OTHER_WORDS: Final = (
    "phap ", "ky ", "dao ", "hoi ", "trai ", "vi ", "gioi ", "hanh ", "quan ", "dinh ", "dung ", "du an ", "du thao ",
)  # fmt: skip
_SENTENCE: Final = re.compile(r"[.;:()\"\n~]|\d")
# Words that no law has in its name: before them "luật" was no title.
_PROSE_WORDS: Final = """
    này được có từ đã là do theo sẽ khi vào số sư gia của tại đến trước ngày tháng những không bị phải hay mới cũ từng
    rồi cho trong
"""
_PROSE: Final = frozenset(_PROSE_WORDS.split())


def named_laws(text: Shadow, *, query: bool) -> Iterator[Found]:
    """Every law or constitution with its year."""
    lower = text.lower
    for year in _YEAR.finditer(lower):
        end = year.start() - 1
        if lower.endswith(" nam", 0, end):
            end -= len(" nam")
        if lower.endswith(_CONSTITUTION, 0, end):
            yield _found("HP", f"{TYPE_NAMES['HP']} {year.group()}", end - len(_CONSTITUTION), year.end())
        elif found := _law(text, end, year, query=query):
            yield found


def _law(text: Shadow, end: int, year: re.Match[str], *, query: bool) -> Found | None:
    if text.lower.rfind("l", max(0, end - _MAX_TITLE), end) < 0:
        return None
    laws = [law for law in _LAW.finditer(text.lower, max(0, end - _MAX_TITLE), end) if _is_a_law(text.lower, law)]
    if not laws:
        return None
    law = laws[-1]
    title = " ".join(text.written(law.end(), end).split())
    if len(title) < 2 or _SENTENCE.search(text.lower, law.end(), end) or not _PROSE.isdisjoint(title.lower().split()):
        return None
    capital_title = text.cased[law.end()].isupper()
    if not (query or capital_title or (text.cased[law.start()].isupper() and title.count(" ") <= 5)):
        return None
    code = "BL" if law["code"] else "L" if law.group().startswith("luat") else "PL"
    key = f"{TYPE_NAMES[code]} {title[:1].upper()}{title[1:]} {year.group()}"
    return _found(code, key, law.start(), year.end())


def _is_a_law(lower: str, law: re.Match[str]) -> bool:
    before = lower[max(0, law.start() - 9) : law.start()]
    return not (before[-1:].isalnum() or before.endswith(_OTHER_WORDS))


def _found(code: str, key: str, start: int, end: int) -> Found:
    return Found(start=start, end=end, kind="named", type=code, key=key, tail_at=end)
