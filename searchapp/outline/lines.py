"""Find the lines of a text that may begin a part, each with its number and the evidence against it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from searchapp.outline.tree import LOWER, UPPER, order, point

MAX_TITLE: Final = 300
"""The most characters of a heading; a longer line is text."""
_SHORT: Final = 120
_CUT: Final = 40  # characters; its author ended a shorter line

_ROMAN: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ORDINALS: Final = ["nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười"]
_LINE: Final = re.compile(
    rf"""^[ ]*+ (?:[-–•*#_+]{{1,4}}[ ]*+)? (?P<quote>["“”«'‘]?) [ ]*+ (?:
      (?:Điều|ĐIỀU)[ ]+(?:thứ[ ]+)?(?P<dieu>\d{{1,4}})(?P<dieu_letters>[a-zđ]{{0,2}}) (?![\w/]|[.,]\d+[.,)/])
    | (?P<unit>Phần|PHẦN|Chương|CHƯƠNG|Mục|MỤC|Tiểu[ ]mục|TIỂU[ ]MỤC|Tiểu[ ]Mục)[ ]+
        (?P<unit_number>thứ[ ]+\w+|THỨ[ ]+\w+|[IVXLC]{{1,8}}|\d{{1,4}})(?P<unit_letters>[a-zđ]?)(?!\w)
    | (?:Phụ[ ]lục|PHỤ[ ]LỤC)(?:[ ]+(?:số|SỐ))?
        (?:[ ]*+(?:[:.][ ]*+)?(?P<annex>[IVXLC]{{1,6}}|\d{{1,3}}|[A-H])(?P<annex_letters>[a-z]?)(?!\w))?
        (?P<annex_>)(?!\w)
    | (?P<roman>[IVX]{{1,6}})(?=[ ]?[.)/–-][ ]?\S)
    | (?:Khoản[ ]+)?(?P<khoan>\d{{1,3}})(?P<khoan_letters>[a-zđ]?)(?=[.)/-](?:[ ]|[{UPPER}“"]))
    | (?:Điểm[ ]+)?(?P<diem>[a-zđ])(?P<diem_digit>\d?)(?=[).]\s?\S)
    )""",
    re.VERBOSE | re.MULTILINE,
)
_QUOTES: Final = '“”«»"'
_QUOTE: Final = re.compile(r'[“”«»]|(?<![^\s(])"(?=\S)|(?<=\S)"')
# Words that continue a reference, and so begin no part: "Điều 5 Nghị định …", "Điều 9, Điều 10", "Mục 3 và Mục 4".
_REFERENCE: Final = re.compile(
    r"[ ]*(?:[,;]|(?:Nghị|Thông|Quyết|Luật|Bộ luật|Pháp|Hiến|Quy (?:chế|định|chuẩn)|Chương|Mục|Phần|Điều|Khoản|Điểm"
    r"|Phụ lục|Hiệp|Công ước|Chỉ thị)[ ]|(?!đ\b)[" + LOWER + "])"
)
_DELIMITER: Final = re.compile(r"[ ]*(?:[.:)–—-]+|\((?=được|đã))")
_ENDS: Final = re.compile(r"""[.:;!?…”"»)\]_*-]\s*$""")
_FOLLOWS: Final = re.compile(r"như sau\s*+(?::\s*+)?$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that may begin a part. kind: as in a Mark, or "roman"; weight: 1 for the usual form, less or below zero
    for others; quoted: it stands in another text's words.
    """

    kind: str
    number: int
    sub: int
    start: int
    title_end: int
    weight: float
    quoted: bool


def lines(text: str) -> Iterator[Line]:
    """Yield every candidate of a text, in order; a line with a footnote's number may have two readings."""
    quotes = _Quotes(text)
    for match in _LINE.finditer(text):
        quoted = quotes.open_at(match.start())
        if match["dieu"]:
            yield from _articles(text, match, quoted=quoted)
        elif match["khoan"] or match["diem"]:
            yield _item(text, match, quoted=quoted or bool(match["quote"]))
        elif not (quoted or match["quote"]):
            yield from _unit(text, match)


def roman(letters: str) -> int:
    """Return the value of a Roman number, 0 for other letters.

    >>> roman("XIV"), roman("IIX")
    (14, 0)
    """
    value = 0
    for letter, after in zip(letters, [*letters[1:], ""], strict=True):
        value += -_ROMAN[letter] if _ROMAN.get(after, 0) > _ROMAN[letter] else _ROMAN[letter]
    tens, ones = divmod(value, 10)
    good = "XL" if tens == 4 else "X" * tens if tens < 4 else "L" + "X" * (tens - 5)
    good += ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]
    return value if good == letters else 0


class _Quotes:
    """An index of open quotation marks, asked in ascending order."""

    def __init__(self, text: str) -> None:
        # The pattern looks at every letter; most texts quote nothing.
        self._marks = _QUOTE.finditer(text) if any(map(text.__contains__, _QUOTES)) else iter(())
        self._next = next(self._marks, None)
        self._depth = 0

    def open_at(self, offset: int) -> bool:
        while self._next is not None and self._next.start() < offset:
            sign = self._next[0]
            opens = sign in "“«" or (
                sign == '"' and not self._next.string[max(0, self._next.start() - 1)].strip("( \n")
            )
            self._depth = min(3, self._depth + 1) if opens else max(0, self._depth - 1)
            self._next = next(self._marks, None)
        return self._depth > 0


def _articles(text: str, match: re.Match[str], *, quoted: bool) -> Iterator[Line]:
    end = _line_end(text, match.end())
    rest = text[match.end() : end]
    delimiter = _DELIMITER.match(rest)
    if not delimiter and rest.strip() and _REFERENCE.match(rest):
        return
    before = _before(text, match.start())
    weight = 1.0 if delimiter else 0.4
    if not rest.strip(" .:") or not delimiter:
        # A page has cut this line: "… quy định tại khoản 3⏎Điều 6."
        if before and not (_ENDS.search(before) or before.isupper()) and len(before) > _CUT:
            weight = -0.3
    elif _FOLLOWS.search(before):
        weight = 0.2
    if match["quote"]:
        weight = -0.4
    elif quoted:
        weight = min(weight, 0.02)
    number, letters = match["dieu"], match["dieu_letters"]
    title_end = end if match["quote"] else _heading_end(text, match.end(), end)
    quoted = quoted or bool(match["quote"])
    yield Line("dieu", int(number), order(letters), match.start(), title_end, weight, quoted)
    # "Điều 248 (được bãi bỏ)" may be Điều 24 with footnote 8.
    if rest.lstrip().startswith("(") and not letters:
        for cut in range(1, len(number)):
            yield Line("dieu", int(number[:cut]), 0, match.start(), title_end, weight - 0.01, quoted)


def _unit(text: str, match: re.Match[str]) -> Iterator[Line]:
    end = _line_end(text, match.end())
    rest = text[match.end() : end]
    if match["roman"]:
        if number := roman(match["roman"]):
            yield Line("roman", number, 0, match.start(), end, 1.0, quoted=False)
        return
    kind, said, letters = _named(match)
    number = _value(said)
    bare = rest.strip(" .:–-")
    if (said and not number) or not _heads(rest, bare):
        return
    before = _before(text, match.start())
    if not bare and before and not (_ENDS.search(before) or before.isupper()) and len(before) > _CUT:
        # A sentence without its point stands above; only a title in capitals below tells that this is no reference.
        title = _below(text, end)[1].strip()
        if not (title.isupper() and _is_title(title)):
            return
    title_end = _heading_end(text, match.end(), end, capitals=not bare or bare.isupper())
    yield Line(kind, number, order(letters), match.start(), title_end, 1.0, quoted=False)
    if bare.startswith("(") and said.isdigit():
        for cut in range(1, len(said)):
            yield Line(kind, int(said[:cut]), 0, match.start(), title_end, 0.99, quoted=False)


def _named(match: re.Match[str]) -> tuple[str, str, str]:
    if match["unit"]:
        kind = {"phần": "phan", "chương": "chuong", "mục": "muc", "tiểu mục": "tieu-muc"}[match["unit"].lower()]
        return kind, match["unit_number"], match["unit_letters"]
    return "phu-luc", match["annex"] or "", match["annex_letters"] or ""


def _value(said: str) -> int:
    if said.isdigit():
        return int(said)
    words = said.lower().split()
    if len(words) > 1:
        return _ORDINALS.index(words[-1]) + 1 if words[-1] in _ORDINALS else 0
    return ("ABCDEFGH".index(said) + 1 if said in "ABDEFGH" else roman(said)) if said else 0


def _heads(rest: str, bare: str) -> bool:
    """Tell whether the words after "Chương II" let it be a heading."""
    if not bare or bare[0] == "(" or bare.isupper() or re.match(r"\d{1,3} \(", bare):
        return True
    if _DELIMITER.match(rest):
        return bare[0].isupper() or bare[0] in '“"'
    return len(bare) < MAX_TITLE and not _REFERENCE.match(rest) and bare[0].isupper()


def _item(text: str, match: re.Match[str], *, quoted: bool) -> Line:
    weight = -0.3 if match["quote"] else 0.02 if quoted else 1.0
    if match["khoan"]:
        number, sub = int(match["khoan"]), order(match["khoan_letters"])
        return Line("khoan", number, sub, match.start(), match.start(), weight, quoted)
    number, sub = point(match["diem"], match["diem_digit"])
    return Line("diem", number, sub, match.start(), match.start(), weight, quoted)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)


def _before(text: str, start: int) -> str:
    """Return the last line above that is not empty."""
    end = start
    while end and text[end - 1] in "\n ":
        end -= 1
    return text[max(text.rfind("\n", 0, end) + 1, end - 2 * MAX_TITLE) : end]


def _heading_end(text: str, at: int, end: int, *, capitals: bool = False) -> int:
    """Return the end of a heading that begins in the line `at`..`end` and may go on below; `at` for none."""
    rest = text[at:end].strip()
    if not rest.strip(".:–- "):
        below, more = _below(text, end)
        if not _is_title(more):
            return end
        end, rest = below, more
    elif len(rest) > MAX_TITLE or rest[-1] in ";," or (rest[-1] == "." and not _is_short_heading(text, rest, end)):
        return at
    for _ in range(2):
        below, more = _below(text, end)
        goes_on = (rest[-1] not in ".:" and more[:1].islower()) or (capitals and rest.isupper() and more.isupper())
        if not goes_on or not _is_title(more):
            break
        end = below
    return end


def _is_short_heading(text: str, rest: str, end: int) -> bool:
    """Tell whether "Phạm vi điều chỉnh." is a heading all the same: it is short, and its text stands below."""
    more = _below(text, end)[1].strip()
    opens = _LINE.match(more)
    return len(rest) < _SHORT and bool(more) and not more.isupper() and not (opens and (opens["dieu"] or opens["unit"]))


def _below(text: str, end: int) -> tuple[int, str]:
    """Return the next line and its end; one empty line between them counts for nothing."""
    start = end + 1
    if text[start : start + 1] == "\n":
        start += 1
    if start >= len(text):
        return end, ""
    below = _line_end(text, start)
    return below, text[start:below]


def _is_title(line: str) -> bool:
    return 0 < len(line.strip()) < MAX_TITLE and not _LINE.match(line) and line.rstrip()[-1] not in ".;:,"


# A text that lost its line breaks: "… QUY ĐỊNH CHUNG Điều 1. Phạm vi điều chỉnh Nghị định này …".
_INLINE: Final = re.compile(
    rf"(?:(?<=[.;:”{UPPER}] )|(?<=\n)|^)(?:Điều|ĐIỀU) (?P<number>\d{{1,4}})(?P<letters>[a-zđ]?)[.:] ?(?=[{UPPER}\d])"
)


def inline(text: str) -> Iterator[Line]:
    """Yield the Điều of a text without line breaks; they have no heading of their own."""
    for match in _INLINE.finditer(text):
        number, sub = int(match["number"]), order(match["letters"])
        yield Line("dieu", number, sub, match.start(), match.start(), 1.0, quoted=False)


_CLOSE: Final = 1_000  # characters; a signature has several lines
_OFFICES: Final = (
    "(?:PHÓ )?(?:CHỦ TỊCH|THỦ TƯỚNG|BÍ THƯ|TỔNG BÍ THƯ|BỘ TRƯỞNG|CHÁNH ÁN|TRƯỞNG BAN|CHÁNH VĂN PHÒNG|CHỦ NHIỆM|GIÁM ĐỐC"
    "|TỔNG GIÁM ĐỐC|CỤC TRƯỞNG|TỔNG CỤC TRƯỞNG|VIỆN TRƯỞNG|THỐNG ĐỐC|TỔNG KIỂM TOÁN|TỔNG THANH TRA|CHÁNH THANH TRA"
    "|HIỆU TRƯỞNG)|THỨ TRƯỞNG"
).replace(" ", "[ ]")
_SIGNED: Final = re.compile(
    rf"""^[ ]*(?: (?:Nơi|NƠI)[ ](?:nhận|NHẬN)[ ]*:
      | (?:(?:TM|T/M|KT|K/T|TL|T/L|TUQ)[. ]|Q\.)[ ]?[{UPPER}][^{LOWER}\n]*$
      | (?:{_OFFICES})(?:[ ][^{LOWER}\n]*)?$
      | XÁC[ ]THỰC[ ]VĂN[ ]BẢN[ ]HỢP[ ]NHẤT
      | (?:Bộ[ ]luật|Luật|Pháp[ ]lệnh|Nghị[ ]quyết|Hiến[ ]pháp)[ ]này[ ](?:đã[ ])?được[ ][^\n]{{0,200}}thông[ ]qua
    )""",
    re.VERBOSE | re.MULTILINE,
)


def signature(text: str, start: int, end: int) -> int | None:
    """Return where the first line of a signature begins between two offsets; None where there is none."""
    line = text.find("\n", start, end)
    found = _SIGNED.search(text, line + 1, end) if line >= 0 else None
    return found.start() if found else None


# "QUY CHẾ", "(Ban hành kèm theo Quyết định số …)": the head of a text that an official text issues.
_ATTACHED: Final = re.compile(
    r"^[ ]*(?:\((?:Ban hành )?[Kk]èm theo (?:Quyết định|Nghị định|Thông tư|Nghị quyết|Chỉ thị)\b(?! này)"
    r"|(?:PHỤ LỤC|Phụ lục)\b[^a-z]{0,12}$"
    r"|(?:QUY CHẾ|QUY ĐỊNH|ĐIỀU LỆ|QUY TRÌNH|NỘI QUY|LUẬT|BỘ LUẬT|PHÁP LỆNH|NGHỊ ĐỊNH|NGHỊ QUYẾT|THÔNG TƯ)$)",
    re.MULTILINE,
)


# "DANH MỤC⏎SẢN PHẨM …⏎(Ban hành kèm theo Thông tư số …)": a list or a form that stands behind a signature.
_LIST: Final = re.compile(
    rf"""^[ ]*(?:(?:DANH[ ](?:MỤC|SÁCH)|QUY[ ](?:CHẾ|ĐỊNH|TRÌNH|CHUẨN|HOẠCH)|KẾ[ ]HOẠCH|ĐỀ[ ]ÁN|CHƯƠNG[ ]TRÌNH|ĐIỀU[ ]LỆ
      |NỘI[ ]QUY|HƯỚNG[ ]DẪN|DỰ[ ]TOÁN|ĐỊNH[ ]MỨC|(?:BỘ[ ])?TIÊU[ ]CH(?:UẨN|Í)|CHỈ[ ]TIÊU|PHƯƠNG[ ]ÁN|KHUNG|BẢNG|BIỂU)
      \b[^{LOWER}\n]{{0,250}}|(?:MẪU|Mẫu|BIỂU[ ]MẪU|Biểu[ ]mẫu)[ ](?:SỐ[ ]|số[ ])?\d[^\n]{{0,80}})
    (?:\n[^{LOWER}\n]{{1,250}}){{0,4}}
    (?=\n[ ]*\(?(?:Ban[ ]hành[ ])?[Kk]èm[ ]theo[ ](?:Quyết[ ]định|Nghị[ ](?:định|quyết)
      |Thông[ ]tư(?:[ ]liên[ ]tịch)?|Chỉ[ ]thị|Kế[ ]hoạch|Hướng[ ]dẫn|Công[ ]văn)[ ]số[ ]?:?[ ]?\d)""",
    re.VERBOSE | re.MULTILINE,
)


def lists(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of the title of each list or form that an official text issues, from `start` on."""
    for found in _LIST.finditer(text, start):
        if not _before(text, found.start()).lstrip().lower().startswith("phụ lục"):
            yield found.start(), found.end()


# "Mẫu số 01", "Mẫu số 02. Đơn đề nghị", "Mẫu số 03 BÁO CÁO": a form within an appendix.
_FORM: Final = re.compile(
    rf"""^[ ]*(?:MẪU|Mẫu|BIỂU[ ]MẪU|Biểu[ ]mẫu)[ ](?:SỐ|số)[ ]?:?[ ]?(?P<number>\d{{1,3}})(?P<letters>[a-z]?)
    (?P<rest>[ ]*[.:–-]?[ ]* | [ ]*[.:][ ]+[{UPPER}][^\n]{{2,200}}(?<![;,]) | [ ]*[.:–-]?[ ]+[^{LOWER}\n]{{4,200}})$""",
    re.MULTILINE | re.VERBOSE,
)
_FORM_TITLE: Final = re.compile(
    r"(?:ĐƠN|TỜ|BÁO CÁO|PHIẾU|GIẤY|DANH|BIÊN BẢN|QUYẾT ĐỊNH|THÔNG BÁO|BẢNG|BẢN|SỔ|HỢP ĐỒNG|VĂN BẢN|KẾ HOẠCH|CÔNG VĂN"
    r"|THẺ|LÝ LỊCH|ĐỀ ÁN|HỒ SƠ|MẪU|CHỨNG|THƯ|NGHỊ QUYẾT|CAM KẾT)\b"
)
_LISTED: Final = 80  # characters: forms so close together are a list of forms


def forms(text: str, start: int, end: int) -> Iterator[Line]:
    """Yield the forms of an appendix, each once: above them their list may stand."""
    found = list(_FORM.finditer(text, start, end))
    chosen: dict[tuple[int, int], re.Match[str]] = {}
    for match, after in zip(found, [*found[1:], None], strict=False):
        if after is None or after.start() - match.end() >= _LISTED:
            chosen[int(match["number"]), order(match["letters"])] = match
    for (number, sub), match in sorted(chosen.items(), key=lambda one: one[1].start()):
        below, more = _below(text, match.end())
        titled = more.isupper() and _FORM_TITLE.match(more) and not match["rest"].strip(" .:–-") and below <= end
        title_end = below if titled else match.end()
        yield Line("mau", number, sub, match.start(), title_end, 1.0, quoted=False)


def cuts(text: str, articles: Sequence[int]) -> list[int]:
    """Return where a text may end or another may begin: signatures, appendices, heads of attached texts; close ones
    once, unless an Điều stands between them. articles: where Điều begin.
    """
    found = sorted(match.start() for pattern in (_SIGNED, _ATTACHED) for match in pattern.finditer(text))
    above = [bisect_left(articles, at) for at in found]
    apart = (at - before > _CLOSE for before, at in pairwise(found))
    parted = (before < after for before, after in pairwise(above))
    return found[:1] + [at for at, *kept in zip(found[1:], apart, parted, strict=True) if any(kept)]
