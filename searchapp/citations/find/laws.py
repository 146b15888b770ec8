"""Laws by name and year: "Luật Phòng, chống tham nhũng năm 2018", "Bộ luật Hình sự 2015", "Hiến pháp 2013"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from searchapp.citations.find.ascii import Shadow
from searchapp.citations.find.context import Found
from searchapp.citations.find.vocabulary import TYPE_NAMES, plain

_YEAR: Final = re.compile(r"[12](?<=[ \n][12])(?:9[4-9]\d|0[0-4]\d)(?![\d/]|[.,]\d|[ ]?-[ ]?\d)")
# "Căn cứ Luật Đất đai ngày 29 tháng 11 năm 2013": so official documents name what they rest on.
_DAY: Final = re.compile(
    r"[ ]ngay[ ]\d{1,2}(?:[ ]thang[ ]|[/.-])\d{1,2}(?:[ ]nam[ ]|[/.-])(?P<year>(?:19|20)\d\d)(?![\d/])"
)
_BASIS: Final = "can cu "
_LISTED: Final = ("; ", ", ", " va ")
_AMENDS: Final = "sua doi"
_LAW: Final = re.compile(r"(?:(?P<code>bo)[ ])?luat[ ]|phap[ ]lenh[ ]")
_CONSTITUTION: Final = "hien phap"
_REPUBLIC: Final = " nuoc cong hoa xa hoi chu nghia viet nam"
_BEFORE: Final = 60  # letters: "Công ước của Liên hợp quốc năm 1982 về "
_LINE: Final = 400
_BEHIND: Final = 40  # letters: " của Liên bang Nga"
_MAX_TITLE: Final = 110  # letters; the longest law name in use has 95

# "pháp luật", "kỷ luật", "đạo luật" (foreign), "Hội Luật gia" are no titles of laws.
_OTHER_WORDS: Final = (
    "phap ", "ky ", "dao ", "hoi ", "trai ", "vi ", "gioi ", "hanh ", "quan ", "dinh ", "dung ", "du an ", "du thao ",
)  # fmt: skip
_SENTENCE: Final = re.compile(r"[.;:()\"\n~]|\d")
# No law of Vietnam: a convention about one ("Công ước … về Luật Biển 1982"), what another country has.
_TREATY: Final = re.compile(
    r"(?:cong uoc|hiep uoc|hiep dinh)(?: quoc te)?(?: (?:cua )?(?:lien hop quoc|lhq))?(?: nam [12]\d{3})?(?: ve)? \Z"
)
_COUNTRY: Final = (
    "(?:Trung Quốc|Hoa Kỳ|Mỹ|Anh|Nga|Liên Xô|Nhật Bản|Hàn Quốc|Triều Tiên|Đài Loan|Hồng Kông|Ấn Độ|Lào|Campuchia|"
    "Thái Lan|Singapore|Malaysia|Indonesia|Philippines|Australia|Canada|Cuba|Liên hợp quốc|Liên minh châu Âu"
)
_FOREIGN: Final = re.compile(rf"(?:^|\s){_COUNTRY})$")  # "Pháp" and "Đức" end "Lý lịch Tư Pháp" as well
_ABROAD: Final = re.compile(rf" (?:của|tại|ở) (?:nước |Cộng hòa |Liên bang )?{_COUNTRY}|Pháp|Đức|Ý)(?!\w)")
_THE_SEA: Final = (("bien", "1982"), ("bien quoc te", "1982"))  # the convention; Vietnam's own law is of 2012
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
        if lower.endswith(_CONSTITUTION + _REPUBLIC, 0, end):
            end -= len(_REPUBLIC)
        found: Found | None
        if lower.endswith(_CONSTITUTION, 0, end):
            found = _found("HP", f"{TYPE_NAMES['HP']} {year.group()}", end - len(_CONSTITUTION), year.end())
        else:
            found = _law(text, end, year.group(), year.end(), query=query)
        if found and not _ABROAD.match(text.written(year.end(), min(len(lower), year.end() + _BEHIND))):
            yield found
    for day in _DAY.finditer(lower):
        found = _law(text, day.start(), day["year"], day.start(), query=query)
        if found and _is_basis(lower, found.start):
            yield found


def _is_basis(lower: str, start: int) -> bool:
    """Whether a law is one of those that follow "Căn cứ" on this line, and not one that another amends."""
    said = lower.rfind(_BASIS, max(0, start - _LINE), start)
    between = lower[said + len(_BASIS) : start].removeprefix("vao ")
    if said < 0 or "\n" in between or _AMENDS in between.rpartition(";")[2]:
        return False
    return not between or between.endswith(_LISTED)


def _law(text: Shadow, end: int, year: str, stop: int, *, query: bool) -> Found | None:
    """The law whose title ends at `end`; stop: where the citation does."""
    if text.lower.rfind("l", max(0, end - _MAX_TITLE), end) < 0:
        return None
    laws = [law for law in _LAW.finditer(text.lower, max(0, end - _MAX_TITLE), end) if _is_a_law(text.lower, law)]
    if not laws:
        return None
    law = laws[-1]
    title = " ".join(text.written(law.end(), end).split())
    if _is_foreign(text, law, title, year):
        return None
    if len(title) < 2 or _SENTENCE.search(text.lower, law.end(), end) or not _PROSE.isdisjoint(title.lower().split()):
        return None
    capital_title = text.cased[law.end()].isupper()
    if not (query or capital_title or (text.cased[law.start()].isupper() and title.count(" ") <= 5)):
        return None
    code = "BL" if law["code"] else "L" if law.group().startswith("luat") else "PL"
    key = f"{TYPE_NAMES[code]} {title[:1].upper()}{title[1:]} {year}"
    return _found(code, key, law.start(), stop)


def _is_foreign(text: Shadow, law: re.Match[str], title: str, year: str) -> bool:
    """Whether this is a treaty or a law of another country."""
    before = text.lower[max(0, law.start() - _BEFORE) : law.start()]
    named = (plain(title), year) in _THE_SEA or _TREATY.search(before) or _FOREIGN.search(title)
    return bool(named)


def _is_a_law(lower: str, law: re.Match[str]) -> bool:
    before = lower[max(0, law.start() - 9) : law.start()]
    return not (before[-1:].isalnum() or before.endswith(_OTHER_WORDS))


def _found(code: str, key: str, start: int, end: int) -> Found:
    return Found(start=start, end=end, kind="named", type=code, key=key, tail_at=end)
