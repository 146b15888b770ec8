"""Find the relations between documents that a text states, clause by clause: see `find_relations`."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from searchapp.article import OWN, Citation, Relation
from searchapp.citations.find.ascii import Shadow, shadow
from searchapp.citations.find.relations.cues import MAY
from searchapp.citations.find.relations.effects import Effects
from searchapp.citations.find.relations.sentences import ENUMERATOR, TYPE, clauses
from searchapp.citations.find.relations.speaker import Speaker

__all__ = ["distinct", "find_relations"]

# A long line without an end of its own goes on in the next line, if that begins no part.
_LONG: Final = 50
_ENDED: Final = (".", ";", ":", "”", '"', "/.")
_BEGINS: Final = re.compile(r"chuong [ivx\d]|muc \d|phu luc|[“\"(]|can cu |theo de nghi|noi nhan")
_STARTS_ANEW: Final = re.compile(
    rf"{TYPE}(?: so| nay| lien| \d|\n|$)|(?:sua doi|bo sung|bai bo|thay the|tam ngung|ngung|dinh chi|giao|trong )\b"
)
_HEADING_LINE: Final = re.compile(r"dieu \d+[a-z]?[.:]")
# Papers that enact nothing are types here too: "Luật này" in a report is the draft that it speaks of.
_OWN_TYPE: Final = re.compile(
    rf"(?:^|\n) *({TYPE}|bao cao|to trinh|cong dien|bien ban|ket luan thanh tra|thong bao ket luan) ?\d? *(?=\n)"
)
_LETTER: Final = re.compile(r"(?:^|\n) *v/v:? ")
_ROW: Final = re.compile(r"\|? ?\d{1,3} ?\|")
_LISTED: Final = re.compile(
    rf"{_ROW.pattern}|\d{{1,3}} {TYPE} (?:so |\d)|danh muc|phu luc|[ivx]+\. "
    rf"|\d{{1,3}}(?![^\n])|{TYPE} ?(?![^\n])|\d{{1,5}}/\d{{4}}/[a-z]"
)  # of an annex
_CELL_OF_TYPE: Final = re.compile(rf"{TYPE} *\n(?=\d{{1,5}}/\d{{4}}/[a-z])")
# The heading of a paper that corrects another one: "ĐÍNH CHÍNH / Thông tư số …".
_CORRECTION: Final = re.compile(rf"dinh chinh *\n(?={TYPE}(?: lien tich)? (?:so:? )?\d{{1,5}}[-/])")
_ROW_OF_A_PDF: Final = re.compile(rf"\d{{1,3}}(?:(?![^\n])| {TYPE} (?:so )?\d)")
_HEADING: Final = 1_500
_CONSOLIDATED: Final = re.compile(r"van ban hop nhat(?! (?:so|nay|cua))")
_CONFIRMED: Final = "xac thuc van ban hop nhat"
_HEAD: Final = 400
_CLOSES: Final = re.compile(r"[^\s][”\"][.;,/ ]*$")
_TAIL: Final = 16
_BEGINNING: Final = 40  # letters, for the number of a paragraph
_OPENS: Final = ("“", '"')
_QUOTATION: Final = 40_000  # letters of the longest Điều in an amending law
_NOTE: Final = 3_000  # letters of a quotation in a note of a consolidated text
_LEAD: Final = 200  # letters of a heading
_MOST_LINES: Final = 12  # lines of one paragraph over page ends


def find_relations(text: str, citations: Sequence[Citation], *, official: bool = True) -> list[Relation]:
    """Return the relations that a text states, in its order; citations: the result of `find_citations` for the text.

    official: whether the text is a document itself; then "Thông tư này" and a sentence without a subject mean the text.
    Otherwise "Nghị định này" means the last named decree.

    >>> from searchapp.citations.find import find_citations
    >>> said = "Thông tư này thay thế Thông tư số 10/2020/TT-BTC."
    >>> [(r.kind, r.doer == OWN, r.target) for r in find_relations(said, find_citations(said))]
    [('thay-the', True, 22)]
    """
    letters = shadow(text)
    if letters.where is not None:
        return _unmarked(letters, citations, official=official)
    lower = letters.lower
    if MAY.search(lower) is None:
        return []
    starts = [citation.start for citation in citations]
    consolidated = _CONFIRMED in lower or _CONSOLIDATED.search(lower, 0, _HEAD) is not None
    own_type = _OWN_TYPE.search(lower, 0, _HEADING)
    kind = " ".join(own_type[1].split()) if own_type else "cong van" if _LETTER.search(lower, 0, _HEADING) else ""
    effects = Effects(Speaker(official=official, kind=kind, consolidated=consolidated))
    for start, end, looked_at, quoted in _paragraphs(text, lower, _NOTE if consolidated else _QUOTATION):
        if not quoted and (end - start < _LEAD or text.endswith(":", start, end)):
            effects.pass_by(lower[start:end], text[start:end])
        if not looked_at:
            numbered = None if quoted else ENUMERATOR.match(lower, start)
            if numbered:
                effects.begin(lower[start : start + _BEGINNING])
            # A list may go on in a paragraph without a cue: then only its citation counts.
            if not (effects.expects(numbered=numbered is not None) and (numbered or _LISTED.match(lower, start))):
                continue
        inside = [c for c in citations[bisect_left(starts, start) : bisect_left(starts, end)] if c.end <= end]
        low = lower[start:end].replace("\n", " ")
        if quoted:
            low = low.replace('"', " ")
        else:
            effects.begin(low)
        for clause in clauses(low, text[start:end], start, inside):
            effects.read(clause, start, quoted=quoted)
    return list(_by_whom(effects.relations(), lower, citations)) if official else effects.relations()


# A file of the gazette may hold several documents: the letterhead of each has its number beside the motto.
_NUMBERED: Final = re.compile(r"(?:^|\n)[^\n]{0,60}?(?<![a-z])so ?: ?(?=\d{1,5}(?:/\d{4})?[-/ ][a-z])")
_MOTTO: Final = re.compile("cong hoa xa hoi chu nghia viet nam|dang cong san viet nam")
_LETTERHEAD: Final = 220  # letters from the motto to the number, or from the number to the motto


def _by_whom(relations: list[Relation], lower: str, citations: Sequence[Citation]) -> Iterator[Relation]:
    """Yield what a document of several in one text does as its own act, by its number; the first one is the text."""
    starts = [citation.start for citation in citations]
    heads = []
    for found in _NUMBERED.finditer(lower):
        if _MOTTO.search(lower, max(0, found.start() - _LETTERHEAD), found.end() + _LETTERHEAD):
            named = citations[max(0, bisect_right(starts, found.end()) - 1) :][:1]
            heads.append((found.start(), named[0] if named and named[0].end > found.end() else None))
    first = heads[0][1] if heads and heads[0][0] < _HEADING else None
    later = [(at, c) for at, c in heads[1:] if first and not (c and c.key == first.key)]
    for r in relations:
        inside = [c for at, c in later if at <= r.start]
        if not inside or OWN not in (r.doer, r.target):
            yield r
        elif doer := inside[-1]:
            own = doer.start
            yield replace(r, doer=own if r.doer == OWN else r.doer, target=own if r.target == OWN else r.target)


def distinct(relations: Sequence[Relation], citations: Sequence[Citation]) -> tuple[Relation, ...]:
    """Return the relations without repetitions, where two relations say the same of the same documents."""
    key = {citation.start: f"{citation.type} {citation.key}" for citation in citations} | {OWN: ""}
    found: dict[tuple[object, ...], Relation] = {}
    for r in relations:
        found.setdefault((r.kind, key[r.doer], key[r.target], r.part, r.day, r.until, r.exception), r)
    return tuple(found.values())


def _unmarked(letters: Shadow, citations: Sequence[Citation], *, official: bool) -> list[Relation]:
    """Return the relations of a text with marks that are no letters: read it without them, then restore the offsets."""
    where = letters.where
    assert where is not None
    plain = "".join(letters.text[int(at)] for at in where)

    def there(at: int) -> int:
        return int(np.searchsorted(where, at))

    def back(at: int) -> int:
        return OWN if at == OWN else int(where[at]) if at < len(where) else len(letters.text)

    inside = [replace(c, start=there(c.start), end=there(c.end)) for c in citations]
    by_place = {there(c.start): c.start for c in citations} | {OWN: OWN}
    return [
        replace(r, doer=by_place[r.doer], target=by_place[r.target], start=back(r.start), end=back(r.end))
        for r in find_relations(plain, inside, official=official)
    ]


def _paragraphs(text: str, lower: str, longest: int) -> Iterator[tuple[int, int, bool, bool]]:
    """Yield every paragraph, lines joined over pages; whether it may state a relation; whether it is quoted."""
    lines = list(_lines(text))
    at, quoted = 0, False
    while at < len(lines):
        start, end = lines[at]
        opens = text.startswith(_OPENS, start)
        inside = quoted or opens
        if opens:
            quoted = _closes_later(text, start, longest)
        if inside:
            quoted = _stays_open(text, start, end, quoted)
        last = at
        while last + 1 < len(lines) and last - at < _MOST_LINES and _goes_on(text, lower, lines[last], lines[last + 1]):
            last += 1
            if inside and quoted:
                quoted = _stays_open(text, *lines[last], quoted)
        end = lines[last][1]
        # A list may go on in a paragraph without a cue: then only its citation counts.
        yield start, end, MAY.search(lower, start, end) is not None, inside
        at = last + 1


def _closes_later(text: str, start: int, longest: int) -> bool:
    """Tell whether a quotation from a line's beginning ends at a line's end, before another one begins."""
    for line in _lines(text, start, start + longest):
        if line[0] > start and text.startswith(_OPENS, line[0]):
            return False
        if _CLOSES.search(text, max(start + 1, line[1] - _TAIL), line[1]):
            return True
    return False


def _stays_open(text: str, start: int, end: int, quoted: bool) -> bool:
    """Tell whether an open quotation of a line goes on after the line."""
    return quoted and not _CLOSES.search(text, max(start + 1, end - _TAIL), end)


def _lines(text: str, start: int = 0, stop: int = sys.maxsize) -> Iterator[tuple[int, int]]:
    while start < min(len(text), stop):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


def _goes_on(text: str, lower: str, this: tuple[int, int], after: tuple[int, int]) -> bool:
    start, end = this
    if (_CELL_OF_TYPE.match(lower, start) or _CORRECTION.match(lower, start)) and after[0] == end + 1:
        return True
    if end - start < _LONG or text.endswith(_ENDED, start, end) or after[0] == after[1]:
        return False
    if (ENUMERATOR.match(lower, after[0]) or _ROW_OF_A_PDF.match(lower, after[0])) and not lower.endswith(
        ("so", "khoan", "dieu", "diem", ","), start, end
    ):
        return False
    if _BEGINS.match(lower, after[0]) or _ROW.match(lower, after[0]):
        return False
    if " | " in text[after[0] : after[1]]:
        return False  # a row of a table is a line
    if text[start:end].isupper() and not text[after[0] : after[1]].isupper():
        return False  # a heading
    first = text[after[0]]
    if first.islower() or first.isdigit() or text[max(start, end - _TAIL) : end].lower().endswith(_UNFINISHED):
        return True
    return not (
        text[after[0] : after[0] + 12].isupper()
        or _STARTS_ANEW.match(lower, after[0])
        or _HEADING_LINE.match(lower, start)
    )


_UNFINISHED: Final = (
    ",", "-", " và", " của", " số", " tại", " theo", " về", " điều", " khoản", " điểm", " bộ trưởng", " luật", " chính",
    " bởi", " thay thế", " bãi bỏ", " bổ sung", " sửa đổi", " hướng dẫn", " thi hành", " nghị định", " thông tư",
    " quyết định", " nghị quyết", " bộ", " năm", " tháng", " ngày", " các", " hoặc",
)  # fmt: skip
