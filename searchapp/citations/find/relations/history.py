"""Read the head of a consolidated text (its base and later changes), and its notes on single provisions."""

from __future__ import annotations

import re
from typing import Final

from searchapp.citations.find.relations.cues import phrase
from searchapp.citations.find.relations.sentences import Clause, Named
from searchapp.citations.find.relations.speaker import Speaker

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
