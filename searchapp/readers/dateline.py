"""Find the day of an official document in its heading, also a blank one: "Hà Nội, ngày 5 tháng 3 năm 2025"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from searchapp.dates import parse_date
from searchapp.text.syllables import CAPITALS

_GAP: Final = r"[\s.…_]*"
_YEAR: Final = r"năm\s*(?P<y>\d{4}|2\s?0\s?\d\s?\d)(?:\d(?!\d))?"
_WORDS: Final = rf"ngày{_GAP}(?P<d>\d{{1,2}})?{_GAP}tháng{_GAP}(?P<m>\d{{1,2}})?{_GAP}{_YEAR}"
_FIGURES: Final = r"(?:ngày\s*:?\s*)?(?P<d2>\d{1,2})\s?[/.-]\s?(?P<m2>\d{1,2})\s?[/.-]\s?(?P<y2>\d{4})"
_HOUR: Final = r"(?:hồi\s\d{1,2}\sgiờ(?:\s\d{1,2})?(?:\sphút)?,?\s)?"  # of an urgent telegram
_LETTER: Final = r"(?:[^\W\d_]|['’])"  # "Cư M'gar"
_PLACE: Final = rf"[{CAPITALS}]{_LETTER}*\.?(?:[\s.-]{{1,2}}{_LETTER}+\.?){{0,6}}"
_ALONE: Final = re.compile(rf"{_PLACE}\s?,\s*{_HOUR}(?:{_WORDS}|{_FIGURES})\W*", re.IGNORECASE)
_DATED: Final = re.compile(rf"(?:(?:^|\s){_PLACE}\s?,?\s+{_HOUR}|^\W*)(?:{_WORDS}|{_FIGURES})\W*$", re.IGNORECASE)
_IN_WORDS: Final = r"ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}"
# "… thông qua vào các ngày 17, 18 và 19 tháng 12 năm 2024": the last one.
_PASSED: Final = re.compile(
    rf"thông qua\s+(?:(?:trong|tại)\s+(?:phiên|kỳ)\s+họp\s+)?(?:vào\s+)?(?:các ngày (?:\d{{1,2}},? )+và )?"
    rf"(?P<date>{_IN_WORDS}|(?<=và )\d{{1,2}} tháng \d{{1,2}} năm \d{{4}})"
)
_MADE: Final = re.compile(rf"(?:Làm|Ký) tại\s[^,.;]{{2,60}},\s(?:vào\s)?(?P<date>{_IN_WORDS})")
_TAIL_LINES: Final = 40
_SIGNED: Final = 4  # lines from the dateline to the office
_RECIPIENT: Final = re.compile(r"\W*Nơi nhận|[-–+•*]\s")
# "…, có hiệu lực kể từ ngày 01 tháng 9 năm 2014." speaks of another document.
_SENTENCE: Final = re.compile(r"^(?:Căn cứ|Theo|Xét|Thực hiện|[-–]\s)|[“\"]|hiệu lực|(?:\bkể từ|\btừ|\bđến) ngày")


def is_dateline(line: str) -> bool:
    """Tell whether a line is a place and a day, and nothing else."""
    return len(line) < 100 and _ALONE.fullmatch(line) is not None


def day_in(lines: Iterable[str]) -> str:
    """Return the ISO day of the first dateline in these lines, as far as it is filled in; "" without one.

    >>> day_in(["Số: 1/KH-UBND Lam Giang, ngày    tháng 3 năm 2025"]), day_in(["Căn cứ Luật ngày 5/3/2020;"])
    ('2025-03', '')
    """
    for line in _whole(list(lines)):
        if len(line) < 200 and not _begins_sentence(line) and (found := _DATED.search(line)):
            year, month, day = (found[name] or found[f"{name}2"] for name in "ymd")
            year = re.sub(r"\s", "", year)
            if day and month and (date := parse_date(f"{day}/{month}/{year}")):
                return date
            return parse_date(f"{month}/{year}" if month else year)
    return ""


def _whole(lines: Sequence[str]) -> list[str]:
    """Return the lines; a line whose dateline goes on is joined to the next one."""
    joined = [
        f"{line} {following}"
        for line, following in pairwise(lines)
        if re.search(r"ngày\b[^;.]*$", line, re.IGNORECASE)
        and re.match(r"(?:tháng|năm|\d)", following)
        and len(following) < 40
    ]
    return [*lines, *joined]


def _begins_sentence(line: str) -> bool:
    return _SENTENCE.search(line) is not None


def passed(lines: Sequence[str], head: Sequence[str], signed: int) -> str:
    """Return the day when a law was passed; a law has no dateline.

    The day stands above its signature or, for precedents, at its top.
    """
    end = signed if signed >= 0 else len(lines)
    for part in (lines[max(0, end - _TAIL_LINES) : end], lines[-_TAIL_LINES:], head):
        if dates := _PASSED.findall(" ".join(part)):
            return parse_date(dates[-1])
    # "Hà Nội, ngày …" above the office; the recipients of the column beside it may stand between them.
    above = [line for line in lines[max(len(head), signed - _TAIL_LINES) : signed + 1] if not _RECIPIENT.match(line)]
    return day_in(filter(is_dateline, above[-_SIGNED:])) if signed >= 0 else ""


def made(lines: Sequence[str]) -> str:
    """Return the day of a treaty, which stands above its signatures: "Làm tại Hà Nội, ngày …"."""
    found = _MADE.search(" ".join(lines[-_TAIL_LINES:]))
    return parse_date(found["date"]) if found else ""
