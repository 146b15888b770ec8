"""Find laws by name and year: "Luật Phòng, chống tham nhũng năm 2018", "Bộ luật Hình sự 2015", "Hiến pháp 2013"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from searchapp.citations.find.ascii import Shadow
from searchapp.citations.find.context import Found
from searchapp.citations.find.vocabulary import TYPE_NAMES, plain, read_table

_YEAR: Final = re.compile(r"[12](?<=[ \n][12])(?:9[4-9]\d|0[0-4]\d)(?![\d/]|[.,]\d|[ ]?-[ ]?\d)")
# "Căn cứ Luật Đất đai ngày 29 tháng 11 năm 2013": official documents name their legal basis in this form.
_DAY: Final = re.compile(
    r"[ \n]ngay[ \n]+\d{1,2}(?:[ \n]+thang[ \n]+|[/.-])\d{1,2}(?:[ \n]+nam[ \n]+|[/.-])(?P<year>(?:19|20)\d\d)(?![\d/])"
)
_NUMBERED: Final = re.compile(r"qh\d*[ ,]+(?:ve )?\Z")  # "(Điều 5 Luật số 57/2020/QH14 Luật Thanh niên ngày …)"
_BASIS: Final = "can cu "
_LISTED: Final = ("; ", ", ", " va ")
_AMENDS: Final = "sua doi"
_LAW: Final = re.compile(r"(?:(?P<code>bo)[ \n-])?luat[ \n]|phap[ \n-]lenh[ \n]")
_JOINED: Final = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")  # "Bộ-luật Lao-động": a word's syllables until 1960
# "Luật sửa đổi, bổ sung một số điều của Luật Cư trú", "Luật bổ sung Điều 5 của …".
_AMENDING: Final = re.compile(
    r"(?:(?P<code>bo)[ \n])?(?:luat|phap[ \n]lenh)[ \n](?P<title>(?:ve[ ])?(?:sua[ \n]doi|bo[ \n]sung))"
)
_NO_TITLE: Final = re.compile(r'[.;:()"~]|\d{4}|\d[/-]\d|ngay[ ]\d|,?[ ]co[ ]hieu[ ]luc[ ]')
_DISEASE: Final = "(hiv/aids)"  # the name of a law holds these words, and so do the titles of laws that amend it
_REVISED: Final = re.compile(r"[ ]?\(sua doi(?:, bo sung)?\)\Z")
# "Luật Đất đai được Quốc hội khóa XIII thông qua năm 2013".
_PASSED: Final = re.compile(
    r"[ ](?:(?:ma|da|do)[ ])*(?:duoc[ ])?quoc hoi(?:[ ]khoa[ ][ivx\d]+)?[ ](?:ban hanh|thong qua)(?:[ ]vao)?\Z"
)
_CONSTITUTION: Final = "hien phap"
_CONSTITUTIONS: Final = ("1946", "1959", "1980", "1992", "2013")
# "Hiến pháp Việt Nam năm 2013", "Bộ luật Hình sự của nước Cộng hòa xã hội chủ nghĩa Việt Nam năm 1985".
_OF_THE_REPUBLIC: Final = re.compile(
    r"(?:[ ](?:cua[ ])?nuoc[ ]cong[ ]hoa[ ]xa[ ]hoi[ ]chu[ ]nghia|(?<=hien[ ]phap)(?:[ ](?:cua[ ])?nuoc)?)"
    r"[ ]viet[ ]nam\Z"
)
_BEFORE: Final = 60  # letters: "Công ước của Liên hợp quốc năm 1982 về "
_LINE: Final = 1200
_BEHIND: Final = 40  # letters: " của Liên bang Nga"
_NEXT_LINE: Final = re.compile(r"\n(?:Can[ ]cu|CAN[ ]CU|Theo|Xet)[ ]|\n[A-Z ]{6,}(?=\n)")  # the basis, or who issues
_MAX_TITLE: Final = 110  # letters; the longest law name in use has 95, longer ones stand in the table
_MAX_AMENDING: Final = 450  # letters: one law may amend a dozen others, each by its name

# "pháp luật", "kỷ luật", "đạo luật" (foreign), "Hội Luật gia" are no titles of laws.
_OTHER_WORDS: Final = ("phap ", "ky ", "dao ", "hoi ", "du an ", "du thao ")
# "thi hành luật" is none either, but a capital begins a name: "thi hành Luật Đất đai", "theo quy định Luật Giá".
_BEFORE_SMALL: Final = ("trai ", "vi ", "gioi ", "hanh ", "quan ", "dinh ", "dung ")
# What is named after law and is none: "Đại học Luật Hà Nội", "Công ty Luật Hoàng Long", "môn Luật Kinh tế".
_NAMED_AFTER_LAW: Final = re.compile(
    r"(?<![a-z])(?:hoc|khoa|vien|tap[ ]chi|nganh|cu[ ]nhan|thac[ ]si|thac[ ]sy|tien[ ]si|tien[ ]sy|cong[ ]ty|hang"
    r"|van[ ]phong|mon|giao[ ]trinh|lop|trung[ ]tam|vu|cau[ ]lac[ ]bo)[ ]\Z"
)
_ENDS: Final = re.compile(r"[.;:]")  # "… vi phạm Luật Phòng, chống tham nhũng... Năm 2021, tỉnh đã"
# "Luật Ngân sách nhà nước và các văn bản hướng dẫn năm 2021"
_SENTENCE: Final = re.compile(
    r"[.;:()\"\n~]|\d|\bva (?:cac |nhung )?(?:van ban|nghi (?:dinh|quyet)|thong tu|quyet dinh)\b"
)
# Not laws of Vietnam: a convention about law ("Công ước … về Luật Biển 1982"), laws of other countries.
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
# Hardly any law has these words in its name: "luật" before them is no title, except inside of other words.
_PROSE_WORDS: Final = """
    này được có từ đã là do theo sẽ khi vào của tại đến trước ngày tháng những không bị phải hay mới cũ từng rồi cho
    trong
"""
_PROSE: Final = frozenset(_PROSE_WORDS.split())
# "quốc gia" and "dân số" need no row: these words are no prose by themselves.
_IN_NAMES: Final = frozenset(
    (
        "dự bị", "trang bị", "thiết bị", "chuẩn bị", "hàng không", "phòng không", "không gian", "không khí",
        "không chuyên", "người có", "có công", "có yếu", "liên quan đến", "quan đến", "đổi mới", "tự do", "theo hợp",
        "theo phương", "theo thủ", "cho thuê", "cho vay", "cho người", "cho doanh", "tại việt", "tại nước", "tại tòa",
        "tại toà", "tại doanh", "tại cơ", "tại xã", "tại chỗ", "tại ngoại", "từ thiện", "từ xa", "trong tố",
        "trong hoạt", "trong lĩnh", "lẽ phải", "nông thôn mới", "thôn mới", "mới sáng", "vào sản", "trước bạ",
    )
)  # fmt: skip
_LAWYERS: Final = ("sư", "gia")  # "luật sư Nguyễn Văn A", "luật gia"
_NO_LAWS: Final = (*_LAWYERS, "học", "pháp", "lệ")
# "Luật … của nước ta": the owner of a law is no part of its name.
_WHOSE: Final = frozenset(
    (
        "ta",
        "nước",
        "nhà",
        "chúng",
        "họ",
        "nó",
        "mình",
        "các",
        "việt",
        "trung",
        "chính",
        "chế",
        "thế",
        "mỗi",
        "từng",
        "một",
    )
)


def _known_laws() -> dict[str, frozenset[str]]:
    years: dict[str, set[str]] = {}
    for row in read_table("laws.tsv"):
        years.setdefault(_squeezed(row["name"]), set()).add(row["year"])
    return {name: frozenset(found) for name, found in years.items()}


def _squeezed(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", plain(name)).strip()


_KNOWN: Final = _known_laws()
"""Name of a law in ASCII letters, its type first → the years of the laws with this name."""
_LAST_KNOWN: Final = max(year for years in _KNOWN.values() for year in years)
"""The table's last year: it may lack a law or constitution of this year or a later one."""
_LONGEST: Final = 180  # letters, of the names in the table
# "Luật Cấp nước số 12/2027/QH16": the text itself tells this name, with any words.
_WITH_NUMBER: Final = re.compile(
    r"""(?P<name>(?:bo[ ])?luat[ ][^.;:()"\n\d]{3,160}?|phap[ ]lenh[ ][^.;:()"\n\d]{3,160}?)
    [ ]so[ ]?:?[ ]?\d{1,4}/(?:19|20)\d\d/(?:ubtv)?(?:pl-ubtv)?qh""",
    re.VERBOSE,
)


def is_of_no_law(name: str, year: str) -> bool:
    """Tell whether no law of this name is of that year, by the table: "Luật Giáo dục 2012".

    A name that the table lacks, and a year before its first law of a name, tell nothing.

    >>> is_of_no_law("Luật Giáo dục", "2012"), is_of_no_law("Luật Giáo dục", "2019"), is_of_no_law("Luật Đèn", "2012")
    (True, False, False)
    """
    years = _KNOWN.get(_squeezed(name), frozenset())
    return year not in years and min(years, default=year) < year < _LAST_KNOWN


def is_of_a_law(name: str, year: str) -> bool | None:
    """Tell whether a law of this name is of that year; None for names that the table lacks."""
    years = _KNOWN.get(_squeezed(name))
    return None if years is None else year in years


def is_named_law(text: str) -> bool:
    """Tell whether a text is nothing but the name of a law by the table, with accents or without: "luat vien chuc".

    >>> is_named_law("Luật Viên chức"), is_named_law("luật viên chức nghỉ hưu"), is_named_law("luật")
    (True, False, False)
    """
    return _squeezed(text) in _KNOWN


def named_laws(text: Shadow, *, query: bool) -> Iterator[Found]:
    """Yield every law or constitution with its year."""
    lower = text.lower
    names = _Names(lower)
    for year in _YEAR.finditer(lower):
        end = year.start() - 1
        if lower.endswith((" nam", "\nnam"), 0, end) and not lower.endswith("viet nam", 0, end):
            end -= len(" nam")
        whose = _OF_THE_REPUBLIC.search(lower, max(0, end - _BEFORE), end)
        end = whose.start() if whose else end
        found: Found | None
        if lower.endswith(_CONSTITUTION, 0, end):
            found = _constitution(end - len(_CONSTITUTION), year)
        else:
            revised = _REVISED.search(lower, max(0, end - len(" (sua doi, bo sung)")), end)
            end = revised.start() if revised else end
            passed = _PASSED.search(lower, max(0, end - _BEFORE), end)
            end = passed.start() if passed else end
            found = _law(text, end, year.group(), year.end(), names, query=query)
        if found and not _ABROAD.match(text.written(year.end(), min(len(lower), year.end() + _BEHIND))):
            yield found
    for day in _DAY.finditer(lower):
        found = _amending(text, day.start(), day["year"], day.start())
        if found is None:
            found = _law(text, day.start(), day["year"], day.start(), names, query=query)
            found = found if found and (_is_basis(lower, found.start) or _is_known(lower, found, day["year"])) else None
        if found:
            yield found


# "Điều 2. Sửa đổi, bổ sung một số điều của Luật Đấu thầu", "2. Bãi bỏ Điều 21 của Luật Đấu thầu.": a law that amends
# several tells their numbers once, above.
_CHANGED_BY_NAME: Final = re.compile(
    r"^(?:dieu[ ]\d{1,3}[.:]|\d{1,2}[.)]|[a-z][)])[ ](?:sua doi|bo sung|(?:bai|huy) bo|thay the)[^\n.;:]{0,200}?[ ]"
    r"(?:(?:cua|trong|tai)[ ]|(?<=\d )|(?<=\d[a-z] ))"
    r"(?P<name>(?:bo[ ]luat|luat|phap[ ]lenh)[ ](?!sua doi|nay)[^\n.;:\d]{2,120}?)[ ]?(?=[.;]?$|[ ]nhu sau:)",
    re.MULTILINE,
)


_ITS_NUMBER: Final = re.compile(r"[ \n](?:luat )?so[ ]?:?[ ]?(\d{1,4}/(?:19|20)\d\d/(?:pl-ubtv)?qh\d+)")
_KIND: Final = re.compile(r"(?:bo )?luat |phap lenh ")


def laws_changed_by_name(text: Shadow, *, query: bool) -> Iterator[Found]:
    """Yield each law that an Điều changes by its name alone, where the text gives one number to this very name."""
    changed = [] if query else list(_CHANGED_BY_NAME.finditer(text.lower))
    numbers: dict[str, set[str]] = {found["name"]: set() for found in changed}
    for name, number in _numbered_names(text.lower) if changed else ():
        if name in numbers:
            numbers[name].add(number.upper())
    for found in changed:
        if len(numbers[found["name"]]) == 1 and text.cased[found.start("name")].isupper():
            kind = "PL" if found["name"].startswith("phap") else "BL" if found["name"].startswith("bo") else "L"
            (key,), (start, end) = numbers[found["name"]], found.span("name")
            yield Found(start=start, end=end, kind="number", type=kind, key=key, tail_at=end)


def _numbered_names(lower: str) -> Iterator[tuple[str, str]]:
    """Yield every number of a law with each name that may stand before it: it begins at one of the last types."""
    for number in _ITS_NUMBER.finditer(lower):
        before = lower[max(0, number.start() - _LONGEST) : number.start()].replace("\n", " ")
        yield from ((before[kind.start() :], number[1]) for kind in _KIND.finditer(before))


def _constitution(start: int, year: re.Match[str]) -> Found | None:
    """Return the constitution of a year; None where the year is only that of the sentence."""
    if year.group() not in _CONSTITUTIONS and year.group() < _LAST_KNOWN:
        return None
    return _found("HP", f"{TYPE_NAMES['HP']} {year.group()}", start, year.end())


class _Names:
    """The law names that a text may use: the names of the table, and those with a number in the text."""

    def __init__(self, lower: str) -> None:
        self._lower = lower
        self._told: frozenset[str] | None = None

    def knows(self, name: str) -> bool:
        """Tell whether a name in ASCII letters, its type first, is the name of a law."""
        if name in _KNOWN:
            return True
        if self._told is None:
            self._told = frozenset(_squeezed(found["name"]) for found in _WITH_NUMBER.finditer(self._lower))
        return name in self._told


def _is_known(lower: str, found: Found, year: str) -> bool:
    """Tell whether there is a law of this name and year, and no number before it that names it already."""
    if _NUMBERED.search(lower, max(0, found.start - _BEHIND), found.start):
        return False
    return year in _KNOWN.get(_squeezed(found.key.removesuffix(year)), ())


def _is_basis(lower: str, start: int) -> bool:
    """Tell whether a law follows "Căn cứ" on this line, and no other law amends it there."""
    said = lower.rfind(_BASIS, max(0, start - _LINE), start)
    between = lower[said + len(_BASIS) : start].removeprefix("vao ")
    if said < 0 or "\n\n" in between or _AMENDS in between.rpartition(";")[2]:
        return False
    return not between or between.replace("\n", " ").endswith(_LISTED)


def _amending(text: Shadow, end: int, year: str, stop: int) -> Found | None:
    """Return the amending law whose title ends at `end`."""
    window = max(0, end - _MAX_AMENDING)
    if text.lower.find(_AMENDS[:3], window, end) < 0 and text.lower.find("bo sung", window, end) < 0:
        return None
    heads = list(_AMENDING.finditer(text.lower, window, end))
    if (
        not heads
        or not _is_a_law(text, heads[-1])
        or _NO_TITLE.search(text.lower[heads[-1].end() : end].replace(_DISEASE, ""))
    ):
        return None
    head = heads[-1]
    if _NEXT_LINE.search(text.cased, head.end(), end):
        return None
    title = " ".join(text.written(head.start("title"), end).split())
    title = re.sub(r"(một số điều)(?= (?:Luật|Bộ luật|Pháp lệnh) )", r"\1 của", title)
    code = "BL" if head["code"] else "L" if "luat" in head.group() else "PL"
    return _found(code, f"{TYPE_NAMES[code]} {title[:1].lower()}{title[1:]} {year}", head.start(), stop)


def _law(text: Shadow, end: int, year: str, stop: int, names: _Names, *, query: bool) -> Found | None:
    """Return the law whose title ends at `end`; stop: the end of the citation."""
    window = max(0, end - _LONGEST)
    if text.lower.rfind("l", max(0, end - _MAX_TITLE), end) < 0:
        return None
    laws = [law for law in _LAW.finditer(text.lower, window, end) if _is_a_law(text, law)]
    if not laws:
        return None
    known = next((law for law in laws if names.knows(_squeezed(text.lower[law.start() : end]))), None)
    # "Luật sửa đổi … của Luật Đất đai năm 2013": the year belongs to the law of 2013 where there is one.
    of_its_own = known and year in _KNOWN.get(_squeezed(text.lower[known.start() : end]), ())
    if not of_its_own and _AMENDING.search(text.lower, max(0, end - _MAX_AMENDING), end):
        amending = _amending(text, end, year, stop)
        if amending or _is_in_a_draft(text, end):
            return amending
    for law in [known] if known else reversed([law for law in laws if law.start() >= end - _MAX_TITLE]):
        title = _JOINED.sub(" ", " ".join(text.written(law.end(), end).split()))
        if _is_foreign(text, law, "" if known else title, year):
            return None
        if _ENDS.search(text.lower, law.end(), end):
            return None
        if not known and not _is_title(text, law, title, end, query=query):
            # "Luật Luật sư": the word is a part of the name.
            if title.lower().startswith(_LAWYERS):
                continue
            return None
        code = "BL" if law["code"] else "L" if law.group().startswith("luat") else "PL"
        key = f"{TYPE_NAMES[code]} {title[:1].upper()}{title[1:]} {year}"
        return _found(code, key, law.start(), stop)
    return None


def _is_in_a_draft(text: Shadow, end: int) -> bool:
    """Tell whether the name that ends here stands in the title of an amending law that is still a draft."""
    head = list(_AMENDING.finditer(text.lower, max(0, end - _MAX_AMENDING), end))[-1]
    return not _is_a_law(text, head) and not _NO_TITLE.search(text.lower, head.end(), end)


def _is_title(text: Shadow, law: re.Match[str], title: str, end: int, *, query: bool) -> bool:
    """Tell whether words may be the name of a law that no table knows."""
    words = title.lower().replace(",", "").split()
    if len(title) < 2 or words[0] in _NO_LAWS or _AMENDS in text.lower[law.end() : end]:
        return False
    if _NAMED_AFTER_LAW.search(text.lower, max(0, law.start() - _BEFORE), law.start()):
        return False
    if _SENTENCE.search(text.lower, law.end(), end) or _is_prose(words):
        return False
    capital_title = text.cased[law.end()].isupper()
    return query or capital_title or (text.cased[law.start()].isupper() and title.count(" ") <= 5)


def _is_prose(words: list[str]) -> bool:
    for at, word in enumerate(words):
        if word not in _PROSE:
            continue
        before, after = words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""
        if f"{before} {word}" in _IN_NAMES or f"{word} {after}" in _IN_NAMES:
            continue
        if word == "của" and before and after and after not in _WHOSE:
            continue
        return True
    return False


def _is_foreign(text: Shadow, law: re.Match[str], title: str, year: str) -> bool:
    """Tell whether this is a treaty or a law of another country."""
    before = text.lower[max(0, law.start() - _BEFORE) : law.start()]
    named = (
        (plain(title), year) in _THE_SEA
        or plain(title).startswith("quoc te")  # "Bộ luật Quốc tế HSC 2000"
        or _TREATY.search(before)
        or _FOREIGN.search(title)
    )  # title "": a known law
    return bool(named)


def _is_a_law(text: Shadow, law: re.Match[str]) -> bool:
    start = law.start()
    before = text.lower[max(0, start - 9) : start].replace("\n", " ")
    if before[-1:].isalnum() or before.endswith(_OTHER_WORDS):
        return False
    # In a heading in capitals the capital of a name tells nothing.
    begins = text.cased[start].isupper() and not text.cased[max(0, start - 2)].isupper()
    return begins or not before.endswith(_BEFORE_SMALL)


def _found(code: str, key: str, start: int, end: int) -> Found:
    return Found(start=start, end=end, kind="named", type=code, key=key, tail_at=end)
