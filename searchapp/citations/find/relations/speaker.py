"""Decide what "Nghị định này" means in a text, whether the text itself acts in a sentence without a subject, and what
the head and the notes of a consolidated text tell of its base and later changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from searchapp.article import OWN, Relation
from searchapp.citations.find.relations import cues
from searchapp.citations.find.relations.cues import LAST, phrase
from searchapp.citations.find.relations.days import is_supposed
from searchapp.citations.find.relations.governed import Object, follows_a_verb, is_unnamed
from searchapp.citations.find.relations.lists import is_item
from searchapp.citations.find.relations.sentences import BARE, BY_WAY, NO_LEVEL, THIS, TYPE, Clause, Named, level_of

SELF: Final = re.compile(rf"(?<!voi )(?<!cua )(?<!tai )(?<!theo ){TYPE} nay(?: (?:cung|se|da))*[ ,]*\Z")
SELF_BY: Final = re.compile(rf"(?:dieu \d+ |khoan \d+ |diem [a-z] |, ?|cua )*(?={TYPE} nay)")
_ENACTS: Final = re.compile(
    rf"(?<!chua )(?<!viec )(?<!khi )(?<!duoc )ban hanh (?!van ban)(?P<type>{TYPE})(?: ve)?(?: viec)? *\Z"
    r"|quyet nghi:? *\Z"
)
_ANNEXED: Final = re.compile("quy dinh|quy che|ke hoach|chuong trinh|dieu le|de an|huong dan")  # issued by others
# "… khẩn trương trình Chính phủ ban hành Nghị định thay thế …": whoever issues it later does it. With its marks:
# "Bộ Xây dựng" and "Cần Thơ" plan nothing.
_TO_COME: Final = re.compile(
    r"\b(?:(?<!tờ )trình|tham mưu|kiến nghị|đề xuất|đề nghị|nghiên cứu|xây dựng|khẩn trương|sớm|sẽ|phải|cần|yêu cầu"
    r"|giao|dự kiến|dự thảo|hoàn thiện)\b[^,;:.]*\Z"
)
_ATTRIBUTES: Final = ("guides", "amends")
_OTHERS: Final = re.compile(rf"(?:cac|nhung) {TYPE} \Z")  # "thay thế A và các văn bản sửa đổi, bổ sung A": those do it
_BARE_TITLE: Final = re.compile(rf" *{TYPE}(?: ve)?(?: viec)? *")
# After these words a verb is wished, demanded or general: nothing is done.
_PLANNED: Final = phrase(
    r"""du thao|du an|de xuat|kien nghi|de nghi|nghien cuu|ra soat|xem xet|tham muu|trinh |chuan bi|
    dang (?:xay dung|soan|lay|sua)|can (?:som |phai |duoc )?\Z|can thiet|yeu cau|phai |neu |khi |viec |nham |
    de (?:kip thoi )?\Z|khong |chua |co the|tham quyen|trach nhiem|giao |tiep tuc |phoi hop|chu tri|tong hop|doi tuong|
    hanh vi|truoc khi|sau khi|hoac |ke ca|muc dich|can (?!cu)|y kien|phuong an"""
)
_LEAD: Final = phrase(
    r"""(?:va )?(?:dong thoi )?(?:doi voi .{0,300}|(?:ke )?tu ngay .{0,60}|
    trong (?:thoi gian|khi) .{0,200}|nay|quyet dinh|quyet nghi|ve viec|ve|v/v|thu hoi(?:,| va)?)"""
)
# "Điều 19 Luật A được sửa đổi, bổ sung như sau:", "… được thay bằng cụm từ …": the new words follow.
_NEW_WORDS: Final = phrase(
    r"""[ ,]*(?:(?:mot so|noi dung|ten|doi ten|va|thay the|sua doi|bo sung|lai)[ ,]*)*
    (?:nhu sau|thanh[ :]|bang[ :]|
    (?:vao )?(?:ngay )?(?:sau|truoc|cuoi) (?:dieu|khoan|diem|cum tu|tu|doan|phu luc|muc))"""
)
_TIME_OF: Final = re.compile(r"(?:thoi (?:han|gian)|hieu luc|viec|thi diem)(?![a-z])")
_LONGER: Final = re.compile(" (?:them|(?:cho )?den|toi|tu)(?![a-z])")
_PAST: Final = re.compile(r"(?:^|[ ,(])(?:da|se|dang|vua|can|phai|neu|khi) (?:duoc|bi) ")
_ALLOWS: Final = ("tiep tuc", "cho phep", "tiep tuc cho phep", "dong y", "cho phep tiep tuc")
_ADJUSTS: Final = ("dieu chinh", "dieu chinh va")
_PROVISIONS: Final = re.compile(rf" (?:(?:mot so )?(?:dieu|khoan|diem|noi dung)|{TYPE} so) ")
_SHARES: Final = re.compile(r"(?: va|,| dong thoi) *\Z")
_NEAR: Final = 12
_IN_FORCE: Final = re.compile(r"co hieu luc.*")
_TYPES: Final = {
    "NĐ": "nghi dinh", "TT": "thong tu", "TTLT": "thong tu lien tich", "NQ": "nghi quyet", "QĐ": "quyet dinh",
    "QĐi": "quy dinh", "CT": "chi thi", "KL": "ket luan", "L": "luat", "BL": "bo luat", "PL": "phap lenh",
    "HD": "huong dan",
}  # fmt: skip
_CHANGES: Final = cues.ENDING | {cues.AMENDS, cues.SUSPENDS, cues.EXTENDS}
_OF_LETTERS: Final = ("CV", "TB", "GM", "HD", "KH")
_RANKS: Final = {"luat": 1, "bo luat": 1, "phap lenh": 1, "nghi dinh": 2, "thong tu": 4, "thong tu lien tich": 4}
_REPORTS: Final = ("bao cao", "to trinh", "bien ban", "ket luan thanh tra", "thong bao ket luan")
_PLANS: Final = {"ke hoach": "KH", "chuong trinh": "CTr", "de an": "ĐA"}
_NO_HEAD: Final = ("can cu", "chuong", "dieu 1", "theo de nghi")
_LIST: Final = phrase(
    r"""(?:duoc|bi)(?:,? (?:sua doi|bo sung|bai bo|thay the|dinh chinh|va|mot phan|mot so dieu))*,? (?:boi|theo|tai)
    (?: cac [a-z ]{0,40})?: *\Z"""
)
_NOTE: Final = r"[\[(]?\d{0,3}[\])]?[ .]*"
_PROVISION: Final = phrase(
    rf"""{_NOTE}(?:cac )?(?:dieu|khoan|diem|chuong|muc|phan|phu luc|mau(?: [a-z]{{2,4}})?|cum tu|tu|doan|
    ten(?: [a-z]+)?|bieu|noi dung|cau|tieu de)(?: (?:so )?[\divx]*)? (?:nay|bao gom|[“\"])[^;]*\Z"""
)
_WORDS: Final = re.compile(rf"{_NOTE}(?:cum tu|tu|doan) ")
# Notes stand at the foot of a page, so that a reader may put them into the sentence that goes on behind the page.
_BEGINS: Final = re.compile(
    r"(?<=\s)(?:Điều|Khoản|Điểm|Chương|Mục|Phụ lục|Mẫu|Cụm từ|Đoạn|Tên|Nội dung)(?= (?:này|[“\"]))"
)
_ITSELF: Final = "VBHN"


# "Kiến nghị Ủy ban nhân dân tỉnh:", "… yêu cầu Tòa án giải quyết:", "Giao Sở Tài chính:": what follows is wished.
_ASKS: Final = phrase(
    r"""(?:^|[ ,(])(?:(?<!theo )(?<!xet )(?<!cua )(?:kien nghi|de nghi|de xuat|yeu cau)|
    (?:duoc )?giao(?! (?:duc|thong))|phan cong|tham muu|du kien|phuong an|trinh ky hop)(?![a-z])"""
)
_SECTION: Final = re.compile(r"\s*(?:[IVX]+|[A-H])\s?[.)/-]\s")
_DECIDES: Final = re.compile(r"(?:quyet dinh|quyet nghi|ket luan|chi thi|nghi quyet|hieu luc) ?:\Z")
_ASKING: Final = phrase(
    r"""(?:phan thu [a-z]+[ .:-]*|(?:[ivx]+|[a-h])[.\-) ]+|\d+(?:\.\d+)*[.)] *)?
    (?:(?:noi dung|mot so|cac|nhung|ket luan|danh gia|phuong huong|giai phap|nhiem vu|nhan xet|va|,) ?)*
    (?:kien nghi|de xuat|de nghi)(?:[ ,/]+[a-z]+){0,12} *"""
)


class Wishes:
    """The points below a lead that asks somebody for them: nothing of them is done."""

    def __init__(self) -> None:
        self.open = False
        self._level = NO_LEVEL

    def begin(self, lower: str, written: str) -> None:
        """Begin a paragraph: a lead opens its points, and a paragraph of its level or above it ends them."""
        said = lower.strip()
        level = 1 if _SECTION.match(written) else level_of(said)
        leads = said.endswith(":")
        if self.open and (
            level == 1 or level <= self._level < NO_LEVEL or (level == NO_LEVEL and (leads or written.isupper()))
        ):
            self.open = False
        if self.open:
            return
        asks = _ASKS.search(lower) if leads and not _DECIDES.search(said) else None
        if asks and any(cues.verbs(lower, written, 0, asks.start())):
            asks = None  # "Sửa đổi … về giao đất như sau:"
        heads = not leads and (level != NO_LEVEL or written.isupper()) and _ASKING.fullmatch(said) is not None
        if asks is not None or heads:
            self.open, self._level = True, level


class Speaker:
    """The text as an actor.

    official: whether the text is a document itself; kind: the noun of its type, "" for an unknown one; consolidated:
    whether it is the text of another document. Then "this" means that document (`base`, start of its citation).
    """

    def __init__(self, *, official: bool, kind: str, consolidated: bool) -> None:
        self.official = official
        self.consolidated = consolidated
        self.base: int | None = None
        self._kind = kind
        self._named: list[Named] = []
        self.wishes = Wishes()

    def hear(self, clause: Clause) -> None:
        """Remember the names in a clause."""
        self._named += clause.named

    def is_of_its_type(self, one: Named) -> bool:
        """Whether a document is of the type that the heading of the text shows."""
        return bool(self._kind) and _TYPES.get(one.citation.type) == self._kind

    def itself(self) -> int | None:
        """Return the text as actor of a sentence without a subject; a newspaper does nothing itself."""
        if self.consolidated:
            return self.base
        return OWN if self.official else None

    def meant(self, this: re.Match[str], clause: Clause) -> int | None:
        """Return the document that "Nghị định này" means, None where nobody knows it."""
        kind = this["type"]
        if not self.official:
            before = [*self._named, *clause.before(this.start())]
            return next((one.citation.start for one in reversed(before) if _TYPES.get(one.citation.type) == kind), None)
        own = self._kind
        if own and kind != "van ban" and not kind.startswith(own) and not own.startswith(kind):
            return None  # a form or an appendix means another document
        return self.base if self.consolidated else OWN

    def changed(self, clause: Clause, verb: re.Match[str], kind: str) -> list[Object]:
        """Return what the text itself changes in the passive: "Điều 19 của Luật A được sửa đổi, bổ sung như sau:"."""
        lower = clause.lower
        heads = clause.heads(clause.body, verb.start())
        added = () if heads else clause.part_in(clause.body, verb.start())
        if added:  # "Điều 12a được bổ sung vào sau Điều 12 của Nghị định A như sau:"
            heads = clause.heads(verb.end(), clause.end)[:1]
        if self.itself() is None or not heads or is_supposed(clause, verb):
            return []
        said = lower[clause.body : heads[0].start]
        before = clause.before(verb.start())
        if _PAST.search(lower[before[-1].end if before else clause.body : verb.end()]):
            return []
        if kind == cues.CONTINUES:
            return [Object(one, ()) for one in heads] if is_item(LAST.sub("", said)) else []
        if kind == cues.EXTENDS:
            longer = _TIME_OF.search(verb[0]) if is_item(LAST.sub("", said)) else None
            follows = _TIME_OF.match(said.lstrip()) or (longer and _LONGER.match(lower, verb.end()))
        else:
            follows = None if BY_WAY.search(LAST.sub("", said)) else _NEW_WORDS.match(lower, verb.end())
        if not follows:
            return []
        if added:
            return [Object(heads[0], added)]
        floors = [clause.body, *(one.end for one in heads)]
        return [Object(one, clause.part_before(one, floor)) for one, floor in zip(heads, floors, strict=False)]

    def beginning(self, who: Named | re.Match[str] | None, clause: Clause) -> int | None:
        """Return the document that comes into force, by its name, by "this", or by neither: the text itself."""
        if isinstance(who, Named):
            return who.citation.start
        return self.meant(who, clause) if who and (self.official or who.re is not BARE) else self.itself()

    def may(self, kind: str, doer: int, target: Named, clause: Clause) -> bool:
        """Tell whether the text itself may do this to a document: a circular replaces no decree."""
        this = THIS.search(clause.lower, clause.body, clause.end)
        if doer == OWN and self._kind == "cong van" and not this and kind in _CHANGES:
            return target.citation.type in _OF_LETTERS  # "V/v điều chỉnh Quyết định số …" is what a letter is about
        own = _RANKS.get(this["type"] if this else self._kind, -1)
        if doer != OWN or min(own, target.rank) < 0:
            return True
        return own >= target.rank if kind == cues.GUIDES else own <= target.rank

    def _is_bare(self, clause: Clause) -> bool:
        bare = BARE.match(clause.lower, clause.body)
        return bare is not None and self.official and self.meant(bare, clause) is not None

    def _enacts(self, kind: str | None, before: str) -> bool:
        """Tell whether the words above an act are the text's own: its type, or a rule that it issues, and no plan."""
        if kind is None:
            return True
        own = not self._kind or kind.startswith(self._kind) or self._kind.startswith(kind)
        return (own or _ANNEXED.fullmatch(kind) is not None) and not _TO_COME.search(before)

    def _asks(self, clause: Clause) -> bool:
        """Tell whether a point is only wished. A directive ends its own kind among the points that it demands."""
        own = self._kind == "chi thi" and any(one.citation.type == "CT" for one in clause.named)
        return self.wishes.open and not own

    def _only_tells(self, clause: Clause) -> bool:
        """Tell whether the text acts only where it says so: a report, or a plan in points that change no other plan."""
        if self._kind in _PLANS and clause.level != NO_LEVEL:
            return all(one.citation.type != _PLANS[self._kind] for one in clause.named)
        return self._kind in _REPORTS

    def subject(self, clause: Clause, verb: re.Match[str]) -> int | None:
        """Return the actor of a verb, OWN for the text itself. None where the text names no actor or only plans the
        act.
        """
        said = clause.lower[clause.body : verb.start()]
        if enacts := _ENACTS.search(said):
            if self._asks(clause):
                return None
            before = clause.written[clause.body : clause.body + enacts.start()]
            return OWN if self.official and self._enacts(enacts["type"], before) else None
        this = list(THIS.finditer(clause.lower, clause.body, verb.start()))
        if verb.lastgroup in _ATTRIBUTES and _OTHERS.search(said):
            return None
        if this:
            return self.meant(this[-1], clause) if _links(clause.lower[this[-1].end() : verb.start()]) else None
        if self._asks(clause) or self._only_tells(clause):
            return None
        if self._is_bare(clause) and _SHARES.search(said):
            return self.itself()
        if is_unnamed(said):
            title = clause.opens and _BARE_TITLE.fullmatch(said)
            title = (
                title if verb.lastgroup == "guides" or clause.level == NO_LEVEL else None
            )  # "1. Nghị quyết bãi bỏ …"
            return self.itself() if title else None
        rest = said.strip(' ,:-–"“')
        first = cues.CUE.match(rest)
        # A comma joins verbs as "và" does: "Sửa đổi khoản 1, bổ sung khoản 3 Điều 8 …".
        if first and (not follows_a_verb(said.lstrip(' ,:-–"“')) or _PLANNED.search(rest, first.end())):
            return None
        leads = rest in _ALLOWS and verb.lastgroup == "extends"
        leads = leads or (rest.endswith(" xin") and verb.lastgroup == "corrects")  # of an official letter
        leads = leads or (rest in _ADJUSTS and _PROVISIONS.match(clause.lower, verb.end()) is not None)
        return self.itself() if not rest or leads or first or _LEAD.fullmatch(rest) else None


def _links(gap: str) -> bool:
    """Tell whether "Nghị định này" governs a verb behind this gap."""
    if re.search(r"[:;]|[.] |(?:duoc|bi) \Z", gap):
        return False
    first = cues.CUE.search(gap)
    if first and cues.NAMES[first.lastgroup or ""] != cues.IN_FORCE and _SHARES.search(gap):
        # A verb before this one has the same subject; the words of its object's title plan nothing.
        just_before = gap[max(first.end(), len(gap) - _NEAR) :]
        return not _PLANNED.search(gap[: first.start()]) and not _PLANNED.search(just_before)
    return not _PLANNED.search(_IN_FORCE.sub("", gap))


class History:
    """A reader of the head of a consolidated text; other texts give nothing."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self.goes_on = speaker.consolidated
        self._lists_changes = False

    def begin(self, lower: str) -> None:
        """Begin a paragraph: the head ends at "Căn cứ" or at the first Điều."""
        self.goes_on = self.goes_on and not lower.startswith(_NO_HEAD)

    def changed_by(self, clause: Clause) -> Named | None:
        """Return the document that changed the consolidated one, where this clause of the head names one."""
        if not self.goes_on or not clause.named:
            return None
        begins = clause.named[0].start < len("1. ") + 1
        if self._speaker.base is None:
            said = clause.lower[clause.start : clause.end]
            # The line of the subject may run into this one, and cite documents itself: then the type tells.
            found = clause.named[0] if begins else next(filter(self._speaker.is_of_its_type, clause.named), None)
            if found and found.citation.type != _ITSELF and "hieu luc" in said[found.end - clause.start :]:
                self._speaker.base = found.citation.start
                self._lists_changes = _LIST.search(said) is not None
            return None
        first = clause.named[0]
        return first if begins and self._lists_changes and first.citation.type != _ITSELF else None

    def consolidation(self, stated: Iterable[Relation]) -> list[Relation]:
        """Return the relations of a consolidated text: it consolidates its base and the documents that changed it."""
        base, every = self._speaker.base, list(stated)
        if base is None:
            return []
        changed = [r for r in every if r.target == base and r.kind == cues.AMENDS]
        first = next((r for r in every if base in (r.target, r.doer)), None)
        start, end = (first.start, first.end) if first else (base, base)
        sources = [(base, start, end), *((r.doer, r.start, r.end) for r in changed)]
        return [Relation(kind=cues.CONSOLIDATES, doer=OWN, target=t, start=a, end=z) for t, a, z in sources]

    def notes(self, clause: Clause, verb: re.Match[str]) -> bool:
        """Tell whether a clause is a note on the text's own provisions: "Khoản này được bãi bỏ theo …"."""
        return self._speaker.base is not None and _PROVISION.match(_note(clause, verb)) is not None

    def notes_words(self, clause: Clause, verb: re.Match[str]) -> bool:
        """Tell whether the note is about words only ("Cụm từ … được bãi bỏ")."""
        return _WORDS.match(_note(clause, verb)) is not None


def _note(clause: Clause, verb: re.Match[str]) -> str:
    """Return what stands before the verb of a note, without the line of the page that the note stands behind."""
    start = clause.start
    for begins in _BEGINS.finditer(clause.written, clause.start, verb.start()):
        start = begins.start()
    return clause.lower[start : verb.start()]
