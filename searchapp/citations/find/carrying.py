"""Find which document carries out which, by the words between them: "Kế hoạch 12-KH/QU … thực hiện Nghị quyết
05-NQ/TU".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from searchapp.article import OWN, Citation, Document

CENTRAL, PROVINCIAL, LOCAL = range(3)
"""The level of a document's issuer: the centre, a province or city, a level below."""

_CUE: Final = re.compile(
    r"\b(?:(?:triển khai|tổ chức|tiếp tục) +)?(?:thực hiện|cụ thể ho[áà]|cụ thể h[óò]a|triển khai|thi hành)\b",
    re.IGNORECASE,
)
# "thực hiện có hiệu quả Nghị quyết …": a few words; none of them begins another clause.
_LEAD: Final = re.compile(r" +(?:[^\s,;:.!?]+ +){0,7}")
_CLAUSE_END: Final = re.compile(r"[;\n!?…]|\.(?=\s)")
# Facts of the document that carries out: they may stand between it and the verb, parted by commas.
_FACTS: Final = re.compile(
    r"\s*\(?(?:ngày|tháng|năm|của|về|khóa|khoá|nhiệm kỳ|phê duyệt|ban hành|nhằm|để|ra đời|lần|$)", re.IGNORECASE
)
# A report sums up a document's execution; it does not carry the document out.
_REVIEW: Final = re.compile(r"sơ kết|tổng kết|đánh giá|kiểm tra|giám sát|kết quả|báo cáo|chưa|không", re.IGNORECASE)
# No document is carried out in "thực hiện theo (quy định tại) …", "hiệu lực thi hành … và thay thế …", "hướng dẫn thi
# hành …".
_OTHERWISE: Final = re.compile(
    r"\b(?:theo|quy định|hiệu lực|tại|thay thế|bãi bỏ|sửa đổi|bổ sung|hướng dẫn|trước|kể từ|như|không|trái|"
    r"thuộc|và|khi|sau|ngày|án|một số)\b",
    re.IGNORECASE,
)
_OTHER_VERB: Final = re.compile(
    r"(?:hiệu lực|hướng dẫn|biện pháp|chi tiết|điều khoản|tổ chức, hướng dẫn|được|trách nhiệm|quá trình|quy định|"
    r"gia hạn|dừng|tình hình|kinh phí|thời gian|thời hạn|tiến độ|lộ trình|kết quả) *$",
    re.IGNORECASE,
)
# How something is done: "thực hiện nghiêm túc và có hiệu quả Nghị quyết …" joins two manners, not two things.
_MANNER: Final = (
    r"(?:có )?(?:nghiêm túc|nghiêm|hiệu quả|kết quả|đồng bộ|quyết liệt|kịp thời|đầy đủ|thường xuyên|toàn diện|"
    r"sâu rộng|chủ động|sáng tạo|linh hoạt|thống nhất|thiết thực|tích cực|khẩn trương|triệt để|đúng đắn|nhất quán|tốt)"
)
_MANNERS: Final = re.compile(rf"\b{_MANNER} và {_MANNER}(?!\w)", re.IGNORECASE)
# The text itself carries out in "Thực hiện Nghị quyết …", "Kế hoạch này nhằm thực hiện …", "Xã thì triển khai …"; not
# in "kinh phí thực hiện …", nor where it tells others to do so.
_MARK: Final = re.compile(r"\s*(?:[-+*•–]|\d{1,2}(?:\.\d{1,2})*[.)]|[a-zđ][.)]|[IVX]+[.)])?\s*", re.IGNORECASE)
_OF_ITSELF: Final = re.compile(
    r"(?:(?:để|nhằm|nay|tiếp tục|đồng thời|và|quán triệt|học tập|nghiên cứu|phổ biến|tuyên truyền)[ ,]*)*"
    r"|(?:.{0,60} )?(?:kế hoạch|chương trình|chương trình hành động|đề án|chỉ thị|kết luận|nghị quyết|quyết định|"
    r"nghị định|thông tư|hướng dẫn|công văn|thông báo)(?: này)?(?: của [^,;]{1,60})?(?: về việc| về| nhằm| để)?",
    re.IGNORECASE,
)
_AGENT: Final = re.compile(r"(?:[^\W\d]+ ){0,3}[^\W\d]+")
_CASE: Final = re.compile(
    r"\b(?:đối với|trường hợp|thời điểm|nếu|khi|thuộc|kinh phí|chi|dự toán|việc|năm|công tác|"
    r"trách nhiệm|trong|căn cứ|là|được|ai|"
    r"thông tư hướng dẫn|xây dựng)\b",
    re.IGNORECASE,
)
_AND: Final = re.compile(r"\bvà\b", re.IGNORECASE)  # "Chỉ thị 35 và việc thực hiện Kết luận 96": two things
_NEAR: Final = 24  # letters before a verb
_LIST: Final = re.compile(r"[ ,]*(?:và|,)[ ,]*")
_BELOW: Final = re.compile(
    r"(?:dang-uy-|ubnd-|hdnd-|uy-ban-nhan-dan-|hoi-dong-nhan-dan-)?(?:quan|huyen|thi-uy|thi-xa|phuong|xa|dang-uy|dac-khu)-"
)


@dataclass(frozen=True, slots=True)
class Edge:
    """The document `lower` carries out `upper`, by an article that cites upper."""

    upper: str
    lower: str
    citation: Citation


def with_carriers(text: str, citations: Sequence[Citation]) -> list[Citation]:
    """Return the citations of a text in order, each with its carrier where the text names one (`Citation.carrier`)."""
    found: list[Citation] = []
    for citation in citations:
        if found and _LIST.fullmatch(text, found[-1].end, citation.start):
            carrier = found[-1].carrier
            # "Nghị quyết A về việc thi hành Luật B và Nghị quyết C": C stands beside A.
            beside = next((one.type for one in found if one.start == carrier), citation.type) == citation.type
            if beside and found[-1].type != citation.type:
                carrier = None
        else:
            carrier = _carrier(text, found, citation.start)
        found.append(replace(citation, carrier=carrier) if carrier is not None else citation)
    return found


def _carrier(text: str, before: Sequence[Citation], start: int) -> int | None:
    """Return the start of the citation that carries out the one at `start`. OWN for the article itself, None for no
    carrier.
    """
    last = before[-1] if before else None
    clause = _clause(text, start)
    after_last = max(clause, last.end) if last else clause
    cue = next(
        (c for c in reversed(list(_CUE.finditer(text, after_last, start))) if _leads(text, c.end(), start)), None
    )
    if cue is None or _REVIEW.search(text, after_last, cue.start()):
        return None
    if _OTHERWISE.search(_MANNERS.sub("", text[cue.end() : start])):
        return None
    if _OTHER_VERB.search(text[max(after_last, cue.start() - _NEAR) : cue.start()]):
        return None
    if last is None or last.start < clause:
        return OWN if _by_itself(text[clause : cue.start()], text[cue.start()]) else None
    facts = text[last.end : cue.start()].split(",")
    return last.start if all(map(_FACTS.match, facts)) and not _AND.search(text, last.end, cue.start()) else None


def _by_itself(before: str, first: str) -> bool:
    """Tell whether a text without a named document says that it carries out itself; first: the verb's first letter."""
    said = before[_MARK.match(before).end() :].strip()  # type: ignore[union-attr]
    if not said:
        return first.isupper()
    subject = said.rpartition(",")[2].strip()
    if _CASE.search(said) and not re.search(r"\bvề việc$", said):
        return False
    return bool(_OF_ITSELF.fullmatch(said) or (subject and _AGENT.fullmatch(subject)))


def _leads(text: str, after: int, start: int) -> bool:
    return _LEAD.fullmatch(text, after, start) is not None


def _clause(text: str, start: int) -> int:
    """Return where the clause begins that holds an offset."""
    ends = [match.end() for match in _CLAUSE_END.finditer(text, max(0, start - 500), start)]
    return ends[-1] if ends else max(0, start - 500)


def edges(own: str, citations: Sequence[Citation], documents: Mapping[str, Document]) -> Iterator[Edge]:
    """Yield which document carries out which, by an article; own: slug of the article's document, "" for none.

    Edges go only downwards and not back in time: a city does not instruct the centre.
    """
    meant = {citation.start: citation.document for citation in citations} | {OWN: own}
    for citation in citations:
        lower = documents.get(meant.get(citation.carrier, "")) if citation.carrier is not None else None
        upper = documents.get(citation.document)
        if lower and upper and lower != upper and _may_carry(lower, upper):
            yield Edge(upper.slug, lower.slug, citation)


def _may_carry(lower: Document, upper: Document) -> bool:
    known = bool(lower.date and upper.date)
    return level(lower) >= level(upper) and not (known and lower.date < upper.date[: len(lower.date)])


def level(document: Document) -> int:
    """Return CENTRAL, PROVINCIAL or LOCAL, by the issuer of a document."""
    if not document.place:
        return CENTRAL
    return LOCAL if _BELOW.match(document.slug) else PROVINCIAL
