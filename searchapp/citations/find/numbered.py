"""Find documents by their number: "05-NQ/TU", "30/2020/NĐ-CP", "45/2019/QH14", "1234/SNV-CCHC", and
lists of numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from searchapp.citations.find.ascii import Shadow
from searchapp.citations.find.context import Found
from searchapp.citations.find.vocabulary import (
    CODES,
    COMMITTEES,
    COURT,
    ISSUER_CODES,
    JOINT,
    NAMES,
    PARTY,
    STATE,
    Symbol,
    key_of,
    plain,
    tidy_issuer,
    type_of,
)
from searchapp.text.syllables import is_syllable

_CODE: Final = "|".join(sorted(CODES, key=len, reverse=True))
# "Sắc-lệnh số 63", "nghị-định số 15": texts before 1960 join the syllables of a word.
_NAME: Final = "|".join(re.escape(n).replace(r"\ ", r"(?:[ \n]+|-)") for n in sorted(NAMES, key=len, reverse=True))
_ABBREVIATION: Final = "nq|ct|qd|qdi|kl|qc|hd|tb|kh|ctr|da|nd|tt|ttr|cv|bc"

# Codes that may stand without a sign, where the hyphen is lost: "18/2022/TTBLĐTBXH", "05-NQTU".
_AFTER_CODE: Final = "(?:" + "|".join(sorted({*ISSUER_CODES, "tw"} - {"bnc"}, key=len, reverse=True)) + ")"
# The number itself in ASCII letters: number, year, code, issuer. Or a National Assembly's law, or an old form without
# issuer.
SYMBOL: Final = re.compile(
    rf"""
    (?P<number>\d(?<!\d\d)\d{{0,4}} (?:\.\d{{1,3}}(?!\d))? (?:[a-e](?![a-z]))?)
    (?:(?:[ ]{{0,2}}/[ ]{{0,2}}|-(?=\d{{4}}[/-]))(?P<year>(?:19|20)\d\d)(?!\d))?
    (?P<before>[ ]{{0,2}}[-/.]?[ \n]{{0,2}})
    (?:
        (?P<code>{_CODE})
        (?P<joint>[ \n]{{0,2}}(?:--|[-/.])[ \n]{{0,2}}|[ ](?=(?:t[uw]|cp|ttg|ubnd|hdnd|b[a-z]{{2,8}})\b)
            |(?={_AFTER_CODE}\b))
        (?P<issuer>t\.?[ ]?[uw]\b|th\.u\b|l[-.]?\d{{3}}\b|(?:ubtv)?qh[ ]\d\d(?!\d)|[a-z][a-z&]*\d{{0,2}})
      | (?P<house>(?:ubtv)?qh(?:\d{{1,2}}|[ -]\d\d(?!\d)))
      | (?P<old>cp|ttg|ct|slt?|hdbt|ttlb|ttln|tt-lb|lb[/-]tt)(?![ ]?[-_/][ ]?[a-z])
      | (?<=\d{{4}}/)(?P<uncoded>b[a-z]{{2,8}}|nhnn|ttcp)(?![ ]?[-_/][ ]?[a-z])
    ) (?![a-z0-9])
    """,
    re.VERBOSE,
)
_YEAR_LAST: Final = re.compile(r"/(?P<year>(?:19|20)\d\d)(?![\d/-])")
# A word that lost its space: "126/2020/NĐ-CPngày", "126/2020/NĐ-CPngày19".
_GLUED_WORD: Final = re.compile(r"(?P<issuer>TTg|[A-Z]{2,})(?P<word>[a-z]{2,})(?P<day>\d{0,2})")
# An office letter has no type code: "1234/SNV-CCHC", "567/TTg-NN"; old circulars have none either: "89-TC/TCT".
OFFICE: Final = re.compile(
    r"""(?P<number>\d(?<!\d\d)\d{0,4}) [ ]?(?P<before>[-/])[ ]?
    (?P<issuer>[A-Z][A-Za-z&]*[A-Z&][A-Za-z&]*|TTg) [ ]?[-/_][ ]?
    (?P<unit>[A-Z][A-Za-z0-9&]*(?:\.[A-Za-z0-9&]+)*)(?![a-z0-9])""",
    re.VERBOSE,
)
# Units of a house, in capitals as written: "-CP-ĐCTUBTWMTTQVN", "/KH", "- TANDTC" (a space on one side only).
_UNITS: Final = re.compile(r"(?:(?:[-/_]|[-/_][ \n]|[ \n][-/_])[A-Z][A-Za-z]?[A-Z0-9&]+(?![A-Za-z]))+")
_UNITS_TYPED_SMALL: Final = re.compile(r"(?:[-/_][a-z][a-z0-9&]*)+")
# "Bản án dân sự sơ thẩm số 15/2025/DS-ST", "Quyết định giám đốc thẩm số: 08/2020/KDTM-GĐT".
_JUDGMENT: Final = re.compile(
    rf"(?P<number>\d(?<!\d\d)\d{{0,4}})[ ]?/[ ]?(?P<year>(?:19|20)\d\d)[ ]?/[ ]?(?P<code>{COURT.pattern})(?![a-z0-9-])"
)
_PRECEDENT: Final = re.compile(
    r"(?<![a-z0-9/.-])(?P<name>an le (?:so ?:? ?)?)?(?P<number>\d{1,3}) ?/ ?(?P<year>20[12]\d) ?/ ?al(?![a-z0-9-])"
)
_JUDGED: Final = re.compile(r"(?<![a-z])(?:ban an|quyet dinh)(?: [a-z]+){0,7}?(?: so)?[ :]{1,3}\Z")
# "Chỉ thị số 138-CT ngày 25-4-1991 của Chủ tịch Hội đồng Bộ trưởng"; else "05-CT" may be the Party's, cut short.
_OF_THE_COUNCIL: Final = re.compile(
    r",? (?:ngay )?\d{1,2}(?: ?[-/.] ?| thang )\d{1,2}(?: ?[-/.] ?| nam )(?:198[1-9]|199[0-2])(?!\d)"
    r"|,? cua chu tich hoi dong bo truong"
)
OFFICES: Final = ("CT", "TT")
"""Codes that abbreviate an office in the number of its letters too: "Công văn số 12/CT-TTHT" of a Cục Thuế."""
_WITH_STROKE: Final = re.compile("HNGD|LD|GDT|QD")
# The name before a number: "Nghị quyết số: ", "Thông báo kết luận số ", "TB ", glued "NQ".
_BEFORE: Final = re.compile(
    rf"""(?<![a-z0-9]) (?: (?P<name>{_NAME}) | (?P<short>{_ABBREVIATION}) )
    (?:,?[ \n]{{0,2}}so)? [ \n]{{0,2}} [.:]? [ \n]{{0,2}} \Z""",
    re.VERBOSE,
)
# "Báo cáo thẩm tra số 40/BC-KTNS", "Quyết định thanh tra số 33/QĐ-TTT": the name with its kind.
_QUALIFIED: Final = re.compile(rf"(?<![a-z0-9])(?P<name>{_NAME})(?: [a-z]+){{1,5}} so ?:? \Z")
# "Chỉ thị 11, " before "26-CT/TU": the earlier numbers take the code of the last one.
_LIST_BEFORE: Final = re.compile(
    rf"""(?<![a-z0-9]) (?P<name>{_NAME}) (?:[ ]so[ ]?:?)? [ ]
    (?P<numbers>\d{{1,4}}(?:(?:,[ ]?|[ ]va[ ])\d{{1,4}}){{0,9}}) (?:,[ ]?|,?[ ]va[ ])\Z""",
    re.VERBOSE,
)
_GLUED: Final = re.compile(rf"(?<![a-z0-9])(?:so|{_ABBREVIATION})\Z")
# The number of a form or an indictment is no document's: "biểu mẫu số 07/2013/TT-LLTP", "theo mẫu 02/2020/NG-XNC".
OF_A_FORM: Final = re.compile(
    r"(?<![a-z0-9])(?:(?:theo)?(?:mau|bieu)(?: (?:bieu|don|phieu|ky hieu))?|cao trang)(?: so)?[ :]{1,2}\Z"
)
_ANNOUNCED: Final = re.compile(r"(?<![a-z0-9])so[ ]?:?[ ]\Z")
_LAW_TITLE: Final = re.compile(r"(?:bo[ ])?luat |phap lenh ")
_STOPS: Final = re.compile(r"[.;:()\"\n\d]")
# A slip of the keyboard in a number: a letter for a digit ("1OO/2019/NĐ-CP", "l5-NQ/TU"), a backslash for a slash.
_SLIP: Final = re.compile(r"\d(?:(?=[OolI])|(?<=[OolI]\d))")  # from the digit, which is rarer than an o
_WITH_SLIPS: Final = re.compile(
    r"""(?<![\w.,/\\-]) (?P<number>(?:\d[\dOolI]{0,4}|[OolI]{1,2}\d[\dOolI]{0,3})[a-e]?)
    (?P<year>[ ]?[/\\][ ]?[12lI][\dOolI]{3}(?![\dOolI]))?
    (?: (?P<sign>[ ]?[-/\\][ ]?) (?:
          (?P<code>[^\W\d_]{1,6}) [ ]?[-/\\][ ]? (?P<issuer>[^\W\d_]{2,12})(?![^\W\d_])
        | (?P<house>(?:UBTV)?QH[\dOlI]{1,2})(?!\w) )
      | (?<=\w)(?![\w/\\-]) )""",
    re.VERBOSE,
)
_AS_MEANT: Final = str.maketrans("OolI\\", "0011/")
_SLASH: Final = str.maketrans("\\", "/")
_TYPED: Final = re.compile(r"(?:dinh|quyet|tu|thi|luat|lenh|nd|nq|tt|qd|ct)(?: so)?:? \Z", re.IGNORECASE)
_LOOK_BACK: Final = 60
_TITLE_LOOK_BACK: Final = 140


def without_slips(text: str) -> str:
    """Return a text of the same length, its numbers without slips of the keyboard where their code makes them certain.

    >>> without_slips("Nghị định số 1OO/2019/NĐ-CP, 30\\\\2020\\\\NĐ-CP, 5O/KH-X, H2O")
    'Nghị định số 100/2019/NĐ-CP, 30/2020/NĐ-CP, 5O/KH-X, H2O'
    """
    return _WITH_SLIPS.sub(_as_meant, text) if "\\" in text or _SLIP.search(text) else text


def _as_meant(match: re.Match[str]) -> str:
    said, year = match.group(), match["year"] or ""
    if match["code"]:
        issuer = plain(match["issuer"])
        known = PARTY.match(issuer) or STATE.match(issuer) or issuer in ISSUER_CODES
        if not known or plain(match["code"]) not in CODES:
            return said
    elif match["house"] and not year:
        return said
    elif not match["house"]:
        # "Nghị định 1OO/2019": a number without its code needs its year and its type.
        before = plain(match.string[max(0, match.start() - len("dinh so: ")) : match.start()])
        return said.translate(_AS_MEANT) if year and _TYPED.search(before) else said
    house = (match["house"] or "").translate(_AS_MEANT)
    rest = said[len(match["number"] + year) :].removesuffix(match["house"] or "").translate(_SLASH)
    return (match["number"] + year).translate(_AS_MEANT) + rest + house


def symbols(text: Shadow, *, query: bool) -> Iterator[Found]:
    """Yield every document number in a text, in order; with query=True also in small letters and without separators."""
    end = 0
    for match in SYMBOL.finditer(text.lower):
        if match.start() < end or not _begins_a_number(text.lower, match.start()):
            continue
        found = _numbered(text, match, query=query)
        if found is not None:
            yield found
            end = found.end
    yield from _offices(text)


def judgments(text: Shadow, *, query: bool) -> Iterator[Found]:
    """Yield the numbers of courts: case and stage stand where other numbers have code and issuer."""
    del query  # nothing else looks like them
    for match in _JUDGMENT.finditer(text.lower):
        if not _begins_a_number(text.lower, match.start()):
            continue
        code = _WITH_STROKE.sub(lambda found: found[0].replace("D", "Đ"), match["code"].upper())
        before = _JUDGED.search(text.lower, max(0, match.start() - _LOOK_BACK), match.start())
        yield Found(
            start=before.start() if before else match.start(),
            end=match.end(),
            kind="number",
            type=type_of("", *code.split("-")),
            key=f"{match['number']}/{match['year']}/{code}",
            tail_at=match.end(),
        )


def precedents(text: Shadow, *, query: bool) -> Iterator[Found]:
    """Yield the numbers of precedents: "Án lệ số 04/2016/AL"."""
    for match in _PRECEDENT.finditer(text.lower):
        written = match["name"] or query or text.cased[match.end() - len("al") : match.end()].isupper()
        if written and _begins_a_number(text.lower, match.start("number")):
            key = f"{match['number']}/{match['year']}/AL"
            yield Found(start=match.start(), end=match.end(), kind="number", type="AL", key=key, tail_at=match.end())


def _begins_a_number(lower: str, start: int) -> bool:
    """Tell whether digits begin a number, not the rest of a date, plate or phone.

    "NQ05" and "số.05" may be glued.
    """
    before = lower[start - 1 : start]
    if OF_A_FORM.search(lower, max(0, start - _LOOK_BACK), start):
        return False
    if before in (".", "-"):
        return lower.endswith("so", 0, start - 1)
    if before == "/":
        return False
    return not before.isalnum() or _GLUED.search(lower, max(0, start - 6), start) is not None


def _numbered(text: Shadow, match: re.Match[str], *, query: bool) -> Found | None:
    name, start = _name_before(text, match.start(), query=query)
    end = match.end() - _glued(text, match)
    symbol = _symbol(text, match, end, name)
    # "123/NĐ-CP/2020": the year at the wrong end.
    if (
        match["code"]
        and end == match.end()
        and not (symbol.year or symbol.party)
        and (late := _YEAR_LAST.match(text.lower, end))
    ):
        symbol, end = replace(symbol, year=late["year"]), late.end()
    if match["uncoded"] and not (name == "thong tu" and match["uncoded"] in ISSUER_CODES):
        return None
    if not (query or name.startswith("huong dan")) and text.written(*match.span("code")) == "HĐ":
        return None  # the number of a contract
    if match["joint"] == " " and match["issuer"].startswith("b") and match["issuer"] not in ISSUER_CODES:
        return None  # "THÔNG TƯ SỐ 5/2020/TT BAN HÀNH …"
    named = bool(name) or start < match.start() or _is_qualified(text, match)
    if not _plausible(text, match, symbol, end, start, named=named, query=query):
        return None
    small = query or text.cased[match.start() : end].islower()
    joint = plain(symbol.code).endswith(JOINT)  # "01-QCPH/ĐU-HĐND-UBND"
    if joint or not symbol.party or plain(symbol.issuer) not in COMMITTEES:
        units = _UNITS.match(text.cased, end) or (_UNITS_TYPED_SMALL.match(text.lower, end) if small else None)
        if units and match["issuer"] and end == match.end() and not _is_all_capitals(text, units.end()):
            end = units.end()
            symbol = replace(symbol, issuer=symbol.issuer + text.written(match.end(), end))
    kind = _type(name, symbol)
    members = () if name else tuple(_members(text, match.start(), symbol))
    if members:
        kind = _type(_list_name(text, match.start()), symbol)
    return Found(start=start, end=end, kind="number", type=kind, key=key_of(symbol), tail_at=end, members=members)


def _type(name: str, symbol: Symbol) -> str:
    issuer = plain(symbol.issuer)
    if name == "cong van" and symbol.code.upper() in OFFICES and not (PARTY.match(issuer) or STATE.match(issuer)):
        return "CV"
    return type_of(name, symbol.code, tidy_issuer(symbol.issuer), symbol.year)


def _glued(text: Shadow, match: re.Match[str]) -> int:
    """Return the number of letters of a word that follows a known issuer without a space."""
    found = _GLUED_WORD.fullmatch(text.cased, *match.span("issuer")) if match["issuer"] else None
    if not found or match["issuer"] in ISSUER_CODES or not is_syllable(found["word"]):
        return 0
    issuer = found["issuer"].lower()
    return len(found["word"] + found["day"]) if PARTY.match(issuer) or STATE.match(issuer) else 0


# The code that a number of a year lacks: "Nghị định 108/2014/CP", "Thông tư số 22/2013/BTTTT".
_LACKING: Final = {
    ("nghi dinh", "cp"): "NĐ", ("nghi quyet", "cp"): "NQ", ("quyet dinh", "ttg"): "QĐ", ("chi thi", "ttg"): "CT",
}  # fmt: skip


def _symbol(text: Shadow, match: re.Match[str], end: int, name: str) -> Symbol:
    def written(group: str) -> str:
        return text.written(*match.span(group)) if match[group] else ""

    number, year = match["number"], match["year"] or ""
    if match["house"]:
        return Symbol(number=number, year=year, issuer=re.sub("[ -]", "", match["house"].upper()))
    if match["uncoded"]:
        return Symbol(number=number, year=year, code="TT", issuer=written("uncoded"))
    if match["old"]:
        code = _LACKING.get((name, match["old"]), "") if year else ""
        return Symbol(number=number, year=year, code=code, issuer=written("old").upper())
    issuer = text.written(match.start("issuer"), end)
    joint = "/" if "/" in match["joint"] and _joint_is_kept(match) else "-"
    return Symbol(number=number, year=year, code=written("code"), issuer=issuer, joint=joint)


def _joint_is_kept(match: re.Match[str]) -> bool:
    # "TTLT/BTC-BCA" and "23-L/CTN" are official spellings of their time; "NĐ/CP" is a slip.
    return match["code"] in ("ttlt", "nqlt", "l", "lct", "sl")


def _plausible(
    text: Shadow, match: re.Match[str], symbol: Symbol, end: int, start: int, *, named: bool, query: bool
) -> bool:
    code = match["code"]
    issuer = text.lower[match.start("issuer") : end] if code else match["house"] or match["old"] or match["uncoded"]
    known = bool(PARTY.match(issuer.replace(".", "")) or STATE.match(issuer))
    # "số 79 NQ/TW" needs no sign after the number.
    announced = _ANNOUNCED.search(text.lower, max(0, match.start() - len(" so : ")), match.start())
    separated = match["before"].strip() != "" or announced is not None
    if match["old"] == "ct":  # "Quyết định số 327-CT": of the chairman of the Council of Ministers, until 1992
        directs = text.lower.startswith("chi thi", start) and _OF_THE_COUNCIL.match(text.lower, end) is not None
        return (text.lower.startswith("quyet dinh", start) or directs) and separated and not symbol.year
    if match["old"]:
        decree_law = match["old"] in ("sl", "slt") and match["before"] in ("/", "-")
        return (named and separated) or (decree_law and (query or text.cased[match.start("old")].isupper()))
    if query:
        return known or named or bool(symbol.year)
    cased = text.cased[match.start() : end]
    small = cased.islower()
    if small and not (known and separated):
        return False
    if not small and (text.cased[match.start("issuer")] if code else cased).islower():
        return False
    if match["house"]:
        return bool(symbol.year) and (separated or named)
    return named or (separated and (known or bool(symbol.year)))


def _name_before(text: Shadow, start: int, *, query: bool) -> tuple[str, int]:
    """Return the type name before a number and the start of the core; ("", start) without a type name."""
    before = _BEFORE.search(text.lower, max(0, start - _LOOK_BACK), start)
    if before:
        short = before["short"]
        # "… văn bản quy phạm pháp luật số 64/2025/QH15": the last word of the law's name is no name.
        if not short and not (before["name"] == "luat" and text.lower.endswith("phap ", 0, before.start())):
            return _spaced(before["name"]), before.start()
        if short and (query or text.cased[before.start("short") : before.end("short")][:2].isupper()):
            return "", before.start()
    window = max(0, start - _TITLE_LOOK_BACK)
    if text.lower.endswith(" so ", window, start):
        titles = [m for m in _LAW_TITLE.finditer(text.lower, window, start) if text.cased[m.start()].isupper()]
        if titles and not _STOPS.search(text.lower, titles[-1].end(), start):
            return titles[-1].group().strip(), titles[-1].start()
    return "", start


def _spaced(name: str) -> str:
    return " ".join(name.replace("-", " ").split())


def _is_qualified(text: Shadow, match: re.Match[str]) -> bool:
    """Tell whether words stand between the name of a number's own type and the number: "Báo cáo thẩm tra số"."""
    found = _QUALIFIED.search(text.lower, max(0, match.start() - _LOOK_BACK), match.start()) if match["code"] else None
    return found is not None and NAMES[_spaced(found["name"])] == CODES[match["code"]]


def _is_all_capitals(text: Shadow, end: int) -> bool:
    # In a heading in capitals the next word may simply follow a hyphen.
    after = text.cased[end : end + 12]
    return after[:1] == " " and after.isupper() and text.cased[max(0, end - 40) : end].isupper()


def _list_name(text: Shadow, start: int) -> str:
    listed = _LIST_BEFORE.search(text.lower, max(0, start - 2 * _LOOK_BACK), start)
    return _spaced(listed["name"]) if listed else ""


def _members(text: Shadow, start: int, symbol: Symbol) -> Iterator[Found]:
    listed = _LIST_BEFORE.search(text.lower, max(0, start - 2 * _LOOK_BACK), start)
    if not listed or not symbol.code:
        return
    kind = _type(_spaced(listed["name"]), symbol)
    for number in re.finditer(r"\d+", listed["numbers"]):
        first = listed.start("numbers") + number.start()
        key = key_of(replace(symbol, number=number.group()))
        end = first + len(number.group())
        yield Found(start=first, end=end, kind="number", type=kind, key=key, tail_at=end)


def _offices(text: Shadow) -> Iterator[Found]:
    for match in OFFICE.finditer(text.cased):
        if not _begins_a_number(text.lower, match.start()) or match["issuer"].lower() in CODES:
            continue
        name, start = _name_before(text, match.start(), query=False)
        if not name and not (match["issuer"] in ("UBND", "TTg", "VPCP") and match["before"] == "/"):
            continue
        head = text.written(match.start(), match.start("issuer")).replace(" ", "")
        rest = text.written(match.start("issuer"), match.end()).replace(" ", "").replace("_", "-")
        kind = NAMES.get(name, "CV")
        yield Found(
            start=start,
            end=match.end(),
            kind="number",
            type="CV" if kind == "CV" else kind,
            key=head + rest,
            tail_at=match.end(),
        )
