"""Order the lines of a PDF page for reading, mend their hyphens, and join lines of pages to paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice, pairwise
from typing import Any, Final, NamedTuple

from searchapp.readers.markup import raised
from searchapp.text.syllables import is_syllable

_MAX_SORTED: Final = 400
"""The most lines of a page that is put in order; a longer page is a table or a drawing."""
_TORN_SHARE: Final = 0.35
_TORN_WORDS: Final = 40
"""A page of so many words has its letters torn apart when so many of the words are no syllables."""
_BEFORE: Final = 48
"""Characters before the mark of a note that tell its place."""
_AFTER: Final = 16
_NEAR: Final = 20  # lines before and after that tell the width of a line

_LAST_DIGITS: Final = re.compile(r"(?<=[^\s\d])\d{1,6}(?![^\W_])|(?<=\d)\d{1,6}(?![^\W_])")
_NOTE_SIZE, _NOTE_RISE = 0.8, 0.15  # of the letters beside a note's mark: its size, and how much higher it stands
# PDFium writes a hyphen at the end of a line as U+0002 or U+FFFE. Vietnamese has no hyphenated words to mend.
_HYPHENS: Final = re.compile("[\x02\ufffe]")
_OPENS: Final = re.compile(
    r"""(?:Điều\s+\d+[a-zđ]?\. | \d{1,2}(?:\.\d{1,2})*[.)]\s | [a-zđ]{1,2}\)\s | [-–+•*]\s | [IVX]{1,5}\.\s
         | (?:Chương|Mục|Phần|Phụ\ lục)\s+[IVX\d]+(?!\w|\s(?:của|kèm|ban\ hành)\s|(?:\s[^\W\d]+){1,4}\ssố\s\d)
         | \((?:Ban\ hành\ )?[Kk]èm\ theo\s | (?:STT|TT)\s[A-ZĐ]
         | (?:Căn\ cứ|Thực\ hiện|Thi\ hành|Vào\ hồi|Chiểu|Theo\ đề\ nghị|Xét)\s
         | Nơi\ nhận: | Kính\ gửi: | Số:?\s+\d )""",
    re.VERBOSE,
)
_ENDED: Final = re.compile(r"[.;:?!][”\"]?$")  # a quoted provision ends with its sign
# The row of an annex: "2 Quyết định 1627/2001/QĐ-NHNN".
_ROW: Final = re.compile(
    r"\d{1,3} (?:Nghị (?:quyết|định)|Quyết định|Thông tư|Chỉ thị|Luật|Pháp lệnh) (?:số:? )?\d{1,5}[-/]"
)
_YEAR: Final = 4  # digits
_CUT: Final = re.compile(r"\d{1,5}/(?:\d{4}/)?$")
_CODE: Final = re.compile(r"[A-ZĐ]{1,4}-[A-ZĐ]")
_DATELINE: Final = re.compile(r".{2,40}, ngày .{1,12} tháng .{1,8} năm .{4,6}")
_WORD: Final = re.compile(r"[^\W\d_]+")


class Raised(NamedTuple):
    """The mark of a note: the words before it in its line, its digits, the words after it."""

    before: str
    sign: str
    after: str


class _Line(NamedTuple):
    """A line with its box on the page, in points from the lower left; rises: from its first letter to its last."""

    text: str
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    top: float = 0.0
    rises: float = 0.0


def lines_of(page: Any) -> tuple[list[str], list[Raised]]:
    """Return the lines of a page, and its marks of notes.

    A heading that was drawn after the text below it comes first.
    """
    text = str(page.get_text_range())
    if "\ufffd" in text or page.count_chars() != len(text):
        return [line for line in map(_clean, page.get_text_bounded().splitlines()) if line], []
    found, start = [], 0
    for line in text.splitlines(keepends=True):
        if clean := _clean(line):
            found.append((clean, start + len(line) - len(line.lstrip()), start + len(line.rstrip()) - 1))
        start += len(line)
    marks: list[Raised] = []
    if raised := _raised(page, text):
        marks = [mark for _, first, last in found for mark in _marks(text, first, last, raised)]
        found = [(_clean(_without(text, first, last, raised)), first, last) for _, first, last in found]
    if len(found) > _MAX_SORTED:
        return [line for line, _, _ in found], marks
    return [line.text for line in _ordered(_whole(_upright([_boxed(page, *one) for one in found])))], marks


def _marks(text: str, first: int, last: int, raised: Mapping[int, str]) -> Iterator[Raised]:
    """Yield the marks of notes in a line."""
    at = first
    while at <= last:
        end = at + 1
        if raised.get(at) == "" and text[at].isdigit():
            while end <= last and raised.get(end) == "":
                end += 1
            before, after = _without(text, first, at - 1, raised), _without(text, end, last, raised)
            yield Raised(_clean(before)[-_BEFORE:], text[at:end], _clean(after)[:_AFTER])
        at = end


def _clean(line: str) -> str:
    return " ".join(_HYPHENS.sub("-", line).split())


def _raised(page: Any, text: str) -> dict[int, str]:
    """Map digits that stand smaller and higher than what is before them to what is read: nothing for a note's mark."""
    found: dict[int, str] = {}
    for digits in islice(_LAST_DIGITS.finditer(text), _MAX_SORTED):
        start, end = digits.span()
        bottom, height = _standing(page, end - 1)
        first = end - 1
        while first > start and _standing(page, first - 1)[1] <= 1.05 * height:
            first -= 1
        below, larger = _standing(page, first - 1)
        if height < _NOTE_SIZE * larger and bottom > below + _NOTE_RISE * larger:
            said = raised(text[first:end], text[max(0, first - 12) : first])
            found |= {first: said} | dict.fromkeys(range(first + 1, end), "")
    return found


def _standing(page: Any, at: int) -> tuple[float, float]:
    """Give the lower edge of a letter's line, and its height."""
    _, bottom, _, top = page.get_charbox(at, loose=True)
    return bottom, top - bottom


def _without(text: str, first: int, last: int, raised: Mapping[int, str]) -> str:
    return "".join(raised.get(at, text[at]) for at in range(first, last + 1))


def _boxed(page: Any, text: str, first: int, last: int) -> _Line:
    """Return a line with the boxes of its first letter and its last."""
    left, bottom, right, top = page.get_charbox(first)
    left_2, bottom_2, right_2, top_2 = page.get_charbox(last)
    return _Line(
        text, min(left, left_2), max(right, right_2), min(bottom, bottom_2), max(top, top_2), bottom_2 - bottom
    )


def _upright(lines: list[_Line]) -> list[_Line]:
    """Turn the lines of a page upright, where most of them run up or down."""
    long = [line for line in lines if len(line.text) > 3]
    turned = [line for line in long if line.top - line.bottom > line.right - line.left]
    if 2 * len(turned) <= len(long):
        return lines
    if sum(line.rises for line in turned) > 0:
        return [_Line(text, bottom, top, -right, -left) for text, left, right, bottom, top, _ in lines]
    return [_Line(text, -top, -bottom, left, right) for text, left, right, bottom, top, _ in lines]


def _whole(lines: list[_Line]) -> list[_Line]:
    """Join the pieces of a line that PDFium cut where the font changes: the pieces stand close on one height."""
    whole = lines[:1]
    for line in lines[1:]:
        before = whole[-1]
        height = min(before.top - before.bottom, line.top - line.bottom)
        gap = line.left - before.right
        middle = (line.top + line.bottom) / 2
        if height > 0 and -0.2 * height < gap < 0.8 * height and before.bottom < middle < before.top:
            between = " " if gap > 0.2 * height else ""
            whole[-1] = _Line(
                f"{before.text}{between}{line.text}", before.left, line.right,
                min(before.bottom, line.bottom), max(before.top, line.top),
            )  # fmt: skip
        else:
            whole.append(line)
    return whole


def _ordered(lines: list[_Line]) -> list[_Line]:
    """Return the lines as drawn, but a run of lines that stands wholly above others, over their width, comes first.

    Columns stay one after the other, because a column stands beside the other, not below it.
    """
    placed: list[_Line] = []
    for run in _runs(lines):
        bottom, left = min(line.bottom for line in run), min(line.left for line in run)
        right = max(line.right for line in run)
        at = len(placed)
        while at and placed[at - 1].top <= bottom + 2:
            at -= 1
        below = placed[at:]
        over = sum(line.left < right and line.right > left for line in below)
        if below and over * 3 >= len(below) * 2:
            placed[at:at] = run
        else:
            placed += run
    return placed


def _runs(lines: list[_Line]) -> list[list[_Line]]:
    """Cut the lines where a line stands higher than the line before it."""
    runs: list[list[_Line]] = []
    for line in lines:
        if runs and line.top <= runs[-1][-1].top + 0.5 * (line.top - line.bottom) + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def torn(pages: list[list[str]]) -> str:
    """Return the pages with syllables torn apart or glued, as "3, 7-9"; "" for none."""
    found = [number for number, page in enumerate(pages, start=1) if _is_torn(page)]
    ranges: list[list[int]] = []
    for number in found:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in ranges)


def _is_torn(page: list[str]) -> bool:
    words = [word for line in page for word in _WORD.findall(line) if not (word.isupper() and len(word) > 1)]
    if len(words) < _TORN_WORDS:
        return False
    return sum(not is_syllable(word.lower()) for word in words) > _TORN_SHARE * len(words)


def joined(lines: list[str]) -> list[str]:
    """Join lines of pages to paragraphs. The lines around a line tell the full width, so one wide table misleads
    nobody.
    """
    paragraphs = [lines[:1]] if lines else []  # in pieces: a paragraph of 100,000 lines is put together once
    full = _widths(lines)
    for number, (before, line) in enumerate(pairwise(lines)):
        if not _goes_on(before, line, full[number]):
            paragraphs.append([line])
        elif (before[-1:] == "-" and before[-2:-1].isalnum()) or _cut_number(before, line):
            paragraphs[-1].append(line)
        else:
            paragraphs[-1] += " ", line
    return ["".join(pieces) for pieces in paragraphs]


def _widths(lines: list[str]) -> list[int]:
    """Return for each line the length of a full one there: the longest near it but one tenth."""
    lengths = [len(line) for line in lines]
    found: list[int] = []
    for number in range(0, len(lines), _NEAR):
        near = sorted(lengths[max(0, number - _NEAR) : number + 2 * _NEAR])
        found += [near[int(0.9 * (len(near) - 1))]] * _NEAR
    return found


def _cut_number(before: str, line: str) -> bool:
    """Tell whether a narrow cell cut a number: "1627/2001/ ⏎ QĐ-NHNN"."""
    return _CUT.search(before) is not None and _CODE.match(line) is not None


def _goes_on(before: str, line: str, full: int) -> bool:
    if _cut_number(before, line):
        return True
    if (_ROW.match(line) or (line.isdigit() and len(line) < _YEAR)) and not before.endswith(
        ("khoản", "Khoản", "Điều", "điểm", " và", ",", "-")
    ):
        return False
    if _ENDED.search(before) or _OPENS.match(line) or _DATELINE.fullmatch(line):
        return False
    if line.isupper() or before.isupper():
        return line.isupper() and before.isupper() and len(before) > 0.6 * full
    # The author ended a short line, unless the sentence plainly goes on.
    return len(before) > 0.6 * full or line[:1].islower()
