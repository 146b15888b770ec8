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
        first = clause.named[0] if self.goes_on and clause.named and clause.named[0].start < len("1. ") + 1 else None
        if first is None or first.citation.type == "VBHN":
            return None
        said = clause.lower[clause.start : clause.end]
        if self._speaker.base is None:
            if "hieu luc" in said:
                self._speaker.base = first.citation.start
                self._lists_changes = _LIST.search(said) is not None
            return None
        return first if self._lists_changes else None

    def notes(self, clause: Clause, verb: re.Match[str]) -> bool:
        """Tell whether a clause is a note on the text's own provisions: "Khoản này được bãi bỏ theo …"."""
        said = clause.lower[clause.start : verb.start()]
        return self._speaker.base is not None and _PROVISION.match(said) is not None

    def notes_words(self, clause: Clause, verb: re.Match[str]) -> bool:
        """Tell whether the note is about words only ("Cụm từ … được bãi bỏ")."""
        return _WORDS.match(clause.lower[clause.start : verb.start()]) is not None
