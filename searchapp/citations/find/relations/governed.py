"""Find the documents that a verb governs in its clause, and the acting document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from searchapp.citations.find.relations import cues, sentences, spans
from searchapp.citations.find.relations.cues import LAST, in_words, is_vague, phrase
from searchapp.citations.find.relations.sentences import ABOUT_IT, BREAK, THIS, TYPE, Clause, Named, able, joined

_FAR: Final = 320  # letters between a document and a verb in its title
_FAR_OBJECT: Final = 260
_FAR_GUIDED: Final = 90
_NEAR: Final = 25  # letters: "một số điều của Luật và "
# Objects of a verb that may come before the document's name.
_HEAD: Final = phrase(
    rf"""[ ,:]*(?:(?:\d{{1,2}}|[a-z])[.)] )?
    (?:(?:thi hanh|doi voi|vao|cho|cua|ve|tai|va|noi dung|mot so|mot phan|cac|nhung|toan bo|nhieu|ten|tieu de
    |\d+) )*
    (?:dieu(?![a-z])|khoan|diem|chuong|muc|phan|phu luc|phu bieu|mau|bieu|danh muc|cum tu|tu |tu ngu|chu [“"]|doan|cau|
    so thu tu|quy dinh|quy che|thu tuc|viec (?:thuc|ap|thi)|hieu luc|loi|sai sot|the thuc|noi dung|thoi han|thoi gian|
    bang|cot|dong|gach|tiet|(?:che do|dieu le|chuan muc|quy trinh|quy chuan)[a-z ,-]{{0,120}}ban hanh (?:kem )?theo|
    (?:chinh sach|co che)[a-z ,-]{{0,120}} (?:tai|theo|cua|trong)|tieu muc|so |can cu|ky hieu|y |{TYPE}|[“"])"""
)
_GUIDED: Final = phrase(
    rf"""[ ,:]*(?:(?:mot so|cac|nhung|noi dung|cua|ve|tai|viec|thi hanh|thuc hien|ap dung|bien phap|chi tiet|va|
    huong dan|de|to chuc|quy dinh|\d+)[ ,]+)*(?:dieu(?![a-z])|khoan|diem|chuong|muc|noi dung|{TYPE}|quy dinh)"""
)
# "quy định chi tiết hoạt động mua bán qua biên giới tại Quyết định số …"
_TOPIC: Final = phrase(
    """(?: (?!(?:theo|nay|de|trong)[ ,]|ban hanh )[a-z-]+,?){1,16} (?:quy dinh )?tai
    (?: (?:cac )?(?:dieu|khoan|diem) [\\da-z ,]{1,40}(?: cua)?)?
    [ ](?:bo luat|luat|phap lenh|nghi dinh|nghi quyet|quyet dinh|thong tu) so"""
)
_ANNEXED: Final = re.compile(r"ban hanh kem(?: theo)? \Z")
_AND_CHANGES: Final = re.compile(r" va (?:bai bo|huy bo|thay the|sua doi) ")
_ONLY_A_DAY: Final = re.compile(r"(?: ngay [\d/. a-z]{6,30}?)?(?: va|,) ")
FACTS_AND: Final = re.compile(r"(?: ngay [\d/. a-z]{6,30}?)?(?: cua [a-z ,-]{3,90}?)?,?(?: va|,| dong thoi) (?:cung )?")
_SEVERAL: Final = re.compile(r"[ ,]*(?:va )?(?:\d+[.)] |[a-z][.)] )?(?:cac|nhung|\d+) ")
_OF_TITLE: Final = re.compile(
    r"(?: ngay [\d/. a-z]{6,30}?)?(?: cua [a-z ,-]{3,90}?)? ve [^;.:]*?(?= het hieu luc|[;.:]|\Z)"
)
_ISSUES: Final = re.compile(r"ban hanh|phe duyet|quy dinh|cong bo")
_UNNAMED: Final = phrase(
    rf"""(?:^|[ (,:“])(?:(?:du (?:thao|an)|de xuat|de nghi|kien nghi|xay dung|nghien cuu) (?:cac )?)?
    {TYPE}(?: moi)?(?: ve)?(?: viec)? *\Z"""
)
_GUIDES_HOW: Final = re.compile(r"(?<!va)(?<!cac)(?<![,;:(]) huong dan \Z")  # "Thông tư X hướng dẫn sửa đổi …"
_NOT_DOING: Final = re.compile(r"(?:duoc|bi|dang|can|phai|nen|khong|chua|de|nghien cuu|theo) \Z")
_AND: Final = re.compile(r"(?: va|,| dong thoi|;) *(?:cung )?\Z")
_OBJECT_BREAK: Final = phrase(
    """:(?!\\d)|;|[.] | thi (?!hanh)|theo quy dinh|thuc hien theo|can cu |
    hieu luc (?!ap dung|thi hanh|cua|mot phan|doi voi|toan bo|nghi|thong|luat|dieu|khoan|$)|
    [ ]nay(?! bang)|truoc ngay| khi | neu | bang """
)
_PASSIVE_OR_PURPOSE: Final = re.compile(r" (?:được|để) ", re.IGNORECASE)
# "Bãi bỏ Mẫu số 02 được quy định tại khoản 2 Điều 9 Thông tư …": the passive only says where the object stands.
_PLACED: Final = re.compile(
    r" duoc (?:[a-z]+ ){0,6}?(?:quy dinh|ban hanh|neu|ghi|cong bo|phe duyet)(?: kem)?(?: tai| theo| trong)? \Z"
)
# "hướng dẫn một số điều của Luật Bảo hiểm xã hội và Nghị định số …": a law that is named without its number.
_LAW_AND: Final = phrase(
    """ *(?:(?:thi hanh|thuc hien|mot so|cac|dieu|noi dung|quy dinh|cua|ve)[ ])*
    (?:bo luat|luat|phap lenh) [a-z ,-]{2,70}(?:; luat sua doi,? bo sung [a-z ,-]{2,90})? va *"""
)
# "thay thế các Quyết định: số …", "bãi bỏ các văn bản sau đây: a) …"
_LIST_COLON: Final = re.compile(
    rf",?(?:(?<!nhu )sau(?: day)?(?: (?:cua|do) [a-z ,-]{{3,120}}?)?| ?gom(?: co)?"
    rf"|(?:cac|nhung|\d) {TYPE}(?: (?:cua|do) [a-z ,-]{{3,120}}?)?|\A)"
    r" ?: ?(?:[a-z\d]{1,2}[.)] )?(?:so )?\Z"
)
_EXCHANGED: Final = re.compile(r"(?: lan luot| tuong ung|,)* bang ")
_FOR: Final = re.compile(" bang ")
_FOR_WORDS: Final = re.compile(' (?:bang|thanh) (?=(?:cac )?(?:cum tu|tu|tu ngu|doan)[ ,]|[“"])')
_BESIDE: Final = re.compile(r"(?:va|,|;|hoac) *\Z")
_PLURAL: Final = re.compile(r"(?:cac|\d+) (?:nghi dinh|thong tu|luat|quyet dinh|phap lenh|van ban)")
# "A sửa đổi Thông tư số 04/2002/TTLT và B": no grammar reads the number in the title, and B stands beside that.
_UNREAD: Final = re.compile(r"(?:sua doi|bo sung|huong dan)[^;]* so \d")
_CHANGING_TITLE: Final = re.compile(r"[^,;.:]{0,120}? (?=sua doi|quy dinh chi|huong dan)")


class Object(NamedTuple):
    """A document that a verb governs, with its provisions."""

    named: Named
    part: tuple[str, ...]


def titled(clause: Clause, verb: re.Match[str]) -> Named | None:
    """Return the document whose title holds a verb: "Nghị định số 11/2019/NĐ-CP … sửa đổi, bổ sung …"."""
    for one in reversed(clause.before(verb.start())):
        gap = clause.lower[one.end : verb.start()]
        if len(gap) > _FAR or BREAK.search(gap.replace("co hieu luc", "")) or THIS.search(gap):
            return None
        if _NOT_DOING.search(gap) or (is_unnamed(gap) and not _GUIDES_HOW.search(gap)):
            return None
        inside = one.start in clause.inner or one.start in clause.doers
        if inside and (_AND.search(gap) or cues.CUE.search(gap)):
            continue  # "… quy định chi tiết Luật B và sửa đổi …": the verbs share their subject
        if FACTS_AND.fullmatch(gap) and cues.CUE.search(clause.lower, clause.body, one.end):
            return None  # "Bãi bỏ Quyết định A và đính chính Quyết định B": A does nothing
        return one
    return None


def repeats(clause: Clause, verb: re.Match[str]) -> bool:
    """Tell whether a verb repeats the first one of its clause after the title of what that governs: "Bãi bỏ A … và bãi
    bỏ B".
    """
    body = clause.lower[clause.body : verb.start()]
    first = cues.CUE.match(body.lstrip(" “"))
    if not first or first.lastgroup != verb.lastgroup or not _AND.search(body):
        return False
    between = (
        cues.NAMES[one.lastgroup or ""] for one in cues.CUE.finditer(body, len(body) - len(body.lstrip()) + first.end())
    )
    return not any(kind in cues.ENDING | {cues.AMENDS} for kind in between)


def shares_title(clause: Clause, doer: Named) -> Named | None:
    """Return the document beside the doer that shares its title: "Thông tư A ngày … và Thông tư B hướng dẫn …"."""
    before = clause.before(doer.start)
    beside = before[-1] if before else None
    if beside and beside.series == doer.series and _ONLY_A_DAY.fullmatch(clause.lower, beside.end, doer.start):
        return beside
    return None


def is_unnamed(said: str) -> bool:
    """Tell whether the subject is a document without a number: "Nghị định thay thế …"."""
    return _UNNAMED.search(said) is not None


def follows_a_verb(said: str) -> bool:
    """Tell whether a verb follows another one with the same subject ("Sửa đổi … và bãi bỏ …")."""
    return cues.CUE.match(said) is not None and _AND.search(said) is not None


def has_object(clause: Clause, verb: re.Match[str], kind: str) -> bool:
    """Tell whether a document or a part of one follows a verb, named or not."""
    if kind == cues.GUIDES and _TOPIC.match(clause.lower, verb.end()):
        return True
    return (_GUIDED if kind == cues.GUIDES else _HEAD).match(clause.lower, verb.end()) is not None


def in_words_only(clause: Clause, verb: re.Match[str], kind: str, found: Sequence[Object]) -> str:
    """Return AMENDS where the text replaces or strikes only words, or one annex by another, or puts a document off to
    a day that it does not name; else the kind.
    """
    if verb.lastgroup == "defers" and not spans.held(clause, verb, verb.start()):
        return cues.AMENDS
    if kind not in (cues.REPLACES, cues.REPEALS):
        return kind
    rest = clause.lower[verb.end() : clause.end]
    exchanged = kind == cues.REPLACES and " bang " in rest and (is_vague(rest) or (found and found[0].part))
    return cues.AMENDS if exchanged or in_words(clause.lower, verb.end()) else kind


def is_exchanged(clause: Clause, verb: re.Match[str], kind: str) -> bool:
    """Tell whether one thing takes the place of another: "Phụ lục II của Nghị định A được thay thế bằng Phụ lục I"."""
    return kind == cues.REPLACES and _EXCHANGED.match(clause.lower, verb.end()) is not None


def is_annex(clause: Clause, start: int, one: Named, *, named: bool = False) -> bool:
    """Tell whether only annexes of a document are meant: "Điều lệ … ban hành kèm theo Nghị định A về việc thành lập …".

    A document that is there to issue its annex ("về việc ban hành Quy chế …") ends with it. named: ask only whether the
    words name an annex.
    """
    said = clause.lower[start : one.start]
    if not _ANNEXED.search(said):
        return False
    if named or _SEVERAL.match(said):
        return True
    title = _OF_TITLE.match(clause.lower, one.end)
    return title is not None and not _ISSUES.search(title[0])


def objects(clause: Clause, verb: re.Match[str], kind: str, doer: Named | None) -> list[Object]:
    """Return the documents that a verb governs, without those in their titles; doer: the acting document."""
    if not has_object(clause, verb, kind):
        return []
    found: list[Object] = []
    last, in_title = verb.end(), False
    for one in _after(clause, verb):
        gap = sentences.ATTRIBUTE.sub("", clause.lower[last : one.start])
        if not found and clause.attributive(verb, one):
            break
        if not found and kind not in cues.LASTING and ABOUT_IT.search(gap):
            last = one.end  # "Bãi bỏ các văn bản hướng dẫn thi hành Luật A": A stays
            continue
        if not found:
            # By their marks: "dược liệu" is no passive, "đê điều" no purpose.
            done = _PASSIVE_OR_PURPOSE.search(clause.written, last, one.start) and not _PLACED.search(LAST.sub("", gap))
            beside = _beside_a_law(clause, verb, kind, gap, doer, one)
            if done or one.start in clause.doers or not (beside or _governs(kind, gap)):
                break
            if doer and not able(doer, one, guides=kind == cues.GUIDES):
                break
            found.append(Object(one, _part(clause, kind, last, one)))
            last = one.end
            continue
        if re.search(r":(?!\d)|[.] ", gap) or (";" in gap and doer and clause.lists(doer)):
            break
        facts = FACTS_AND.match(gap) if doer is None else None
        if facts and cues.CUE.match(gap, facts.end()) and not cues.CUE.search(facts[0]):
            break  # "thay thế A, bãi bỏ Điều 2 B, Điều 3 C": what follows is of the other verb
        if one.start in clause.doers or one.start in clause.inner:
            in_title = True
        elif not joined(gap) or _UNREAD.search(gap) or (in_title and _is_nested(clause, found[-1].named, one)):
            in_title = True
            if doer is None:
                clause.inner.add(one.start)
        elif "hieu luc" in gap or (doer and _leaves_title(clause, kind, doer, found[0].named, one)):
            break
        else:
            part = () if kind in cues.LASTING else clause.part_before(one, last) or clause.part_after(one)
            found.append(Object(one, part))
            in_title = False
        last = one.end
    return found


def _after(clause: Clause, verb: re.Match[str]) -> Iterator[Named]:
    limit = _closing(clause.lower, clause.body, verb.start(), clause.end)
    return (one for one in clause.named if verb.end() <= one.start < limit)


def _closing(lower: str, start: int, verb: int, end: int) -> int:
    """Return the closing bracket of the parenthesis around a verb, or `end` without a parenthesis."""
    if lower.count("(", start, verb) <= lower.count(")", start, verb):
        return end
    depth = 0
    for at in range(verb, end):
        depth += {"(": 1, ")": -1}.get(lower[at], 0)
        if depth < 0:
            return at
    return end


def _governs(kind: str, gap: str) -> bool:
    """Tell whether the words between a verb and the first document let the verb govern the document."""
    if kind == cues.CORRECTS:
        gap = gap.replace("can cu ", "")  # "Đính chính lỗi tại căn cứ thứ ba của Quyết định …"
    if kind in (cues.REPLACES, cues.AMENDS):
        gap = (_FOR_WORDS if kind == cues.AMENDS else _FOR).sub(" ", gap)
    clean = re.sub(r"[“\"] *[”\"]", "", gap)
    clean = _LIST_COLON.sub(" ", clean)
    bare = _LIST_COLON.sub(" ", LAST.sub("", clean))
    if len(clean) > _FAR_OBJECT or _OBJECT_BREAK.search(bare):
        return False
    if kind == cues.GUIDES and (len(bare) > _FAR_GUIDED or _AND_CHANGES.search(bare)):
        return False
    return len(bare) <= _NEAR or not _BESIDE.search(bare)


def _beside_a_law(
    clause: Clause, verb: re.Match[str], kind: str, gap: str, doer: Named | None, one: Named
) -> bool:  # fmt: skip
    """Tell whether a circular guides a decree that is named after a law without a number."""
    if kind != cues.GUIDES or one.rank < 0 or not _LAW_AND.fullmatch(LAST.sub("", gap)):
        return False
    if doer is None:
        return clause.lower.endswith("thong tu nay ", clause.body, verb.start())
    return doer.rank > one.rank


def _part(clause: Clause, kind: str, last: int, one: Named) -> tuple[str, ...]:
    return () if kind in cues.LASTING - {cues.CORRECTS} else clause.part_in(last, one.start) or clause.part_after(one)


def _leaves_title(clause: Clause, kind: str, doer: Named, first: Named, one: Named) -> bool:
    """Tell whether a document after "và" stands beside the doer rather than in its title."""
    if kind == cues.GUIDES and 0 <= first.rank < one.rank < doer.rank:
        return False  # lists go down in rank: no decree stands beside a circular
    if not able(doer, one, guides=kind == cues.GUIDES) or one.rank != first.rank:
        return True
    if any(said.citation.key == one.citation.key for said in clause.before(doer.start)):
        return False  # no list names a document twice
    if doer.rank != one.rank or _PLURAL.search(clause.lower[doer.end : first.start]):
        return False
    title = _CHANGING_TITLE.match(clause.lower, one.end, one.end + 260)
    return title is not None and cues.CUE.match(clause.lower, title.end()) is not None


def _is_nested(clause: Clause, head: Named, one: Named) -> bool:
    """Tell whether one more document after "và" belongs to the title before it, which names documents."""
    inside = [n for n in clause.named if head.end <= n.start < one.start]
    if not inside or one.year > head.year > 0:
        return False
    beside = inside[-1]
    if one.rank != beside.rank and min(one.rank, beside.rank) >= 0:
        return False
    if _PLURAL.search(clause.lower[head.end : beside.start]):
        return True
    return one.rank != head.rank or one.citation.key == beside.citation.key
