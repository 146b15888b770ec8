"""Follow the points of an Điều that change provisions of one document, and a title that a semicolon cuts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from searchapp.citations.find.relations import cues
from searchapp.citations.find.relations.cues import LAST
from searchapp.citations.find.relations.lists import ITS_OWN
from searchapp.citations.find.relations.passive import is_passive
from searchapp.citations.find.relations.sentences import NO_LEVEL, Clause, Named, able

_KHOAN: Final = 2  # the level of a khoản
_FACTS: Final = re.compile(r"(?: ngay [\d/. a-z]{6,30}?)?(?: cua [a-z ,-]{3,90}?)?[ .]*")
_VERB: Final = len("sua doi, bo sung, thay the ")


class Points:
    """The points of an Điều that change provisions of one document: "Sửa đổi, bổ sung một số điều của Nghị định A …".

    document: start of its citation, None where the Điều changes no document so.
    """

    def __init__(self, document: int | None = None, kind: str = cues.AMENDS) -> None:
        self.document = document
        self.kind = kind
        self._article = ""  # the points below "2. Điều 5:" change this Điều
        self._point = False  # whether the paragraph is a point

    @staticmethod
    def follow(clause: Clause, kind: str, last: int, *, vague: bool) -> bool:
        """Tell whether points below name the provisions: behind a colon, or under the heading of an Điều.

        last: where the document ends; vague: the clause names no provisions itself.
        """
        rest = clause.lower[last : clause.end]
        heads = rest.endswith(":") or (clause.level == 1 and _FACTS.fullmatch(rest) is not None)
        opens = kind == cues.AMENDS or (vague and kind in cues.ENDING and heads)
        return opens and clause.level in (1, NO_LEVEL)

    def hear(self, clause: Clause) -> None:
        """Take the Điều that a khoản names for its points; what an earlier khoản named is over."""
        if clause.opens:
            self._point = clause.level != NO_LEVEL
        if clause.opens and clause.level == _KHOAN:
            said = clause.part_in(clause.body, clause.end)
            self._article = "" if not said or said[0].startswith("/") else said[0].partition("/")[0]

    def named(self, clause: Clause, start: int, end: int) -> tuple[str, ...]:
        """Return the provisions of the document that a stretch of a point names."""
        begins = clause.opens and not clause.lower[clause.body : start].startswith(" ") and start - clause.body < _VERB
        # "1. Sửa đổi khoản 1 Điều 3; bãi bỏ Điều 4."
        begins = begins or (self._point and not clause.opens and start - clause.body < _VERB)
        if self.document is None or (clause.level == NO_LEVEL and not begins) or clause.named:
            return ()
        whole = (self._article + one if one.startswith("/") else one for one in clause.part_in(start, end))
        return tuple(one for one in whole if not one.startswith("/"))

    def bare(self, clause: Clause) -> tuple[str, ...]:
        """Return the provisions of a point that only names them: "Bãi bỏ các quy định sau đây: 1. Khoản 2 Điều 5."."""
        said = clause.lower[clause.body : clause.end].strip(" .;,")
        whole = LAST.search(said) if self.kind in cues.ENDING else None
        return self.named(clause, clause.body, clause.end) if whole and not whole.start() else ()

    def passive(self, clause: Clause, verb: re.Match[str], kind: str) -> tuple[str, ...]:
        """Return the provisions of "1. Khoản 2 Điều 5 được sửa đổi như sau:", "2. Điều 7 được bãi bỏ."."""
        rest = clause.lower[verb.end() : clause.end].strip(' .;”"')
        over = not rest if kind == cues.REPEALS else kind == cues.AMENDS and rest.startswith("nhu sau")
        if not over or not is_passive(clause, verb) or ITS_OWN.search(clause.lower, clause.body, verb.start()):
            return ()
        return self.named(clause, clause.body, verb.start())


class Shared:
    """The verbs of a paragraph whose document a later clause names: "Bổ sung khoản 3a; bãi bỏ khoản 4 Điều 9 Thông tư
    A", "Bãi bỏ khoản 1 Điều 4; cụm từ “…” tại Điều 8 Nghị định B".
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[str, tuple[str, ...]]] = []

    def wait(self, clause: Clause, verb: re.Match[str], kind: str) -> None:
        """Keep the provisions of a verb that begins a paragraph and names no document up to its semicolon."""
        said = clause.lower[verb.end() : clause.end]
        part = clause.part_in(verb.end(), clause.end) if kind in cues.ENDING | {cues.AMENDS} else ()
        alone = clause.opens_with(verb) and not clause.named and not ITS_OWN.search(said)
        if part and alone and clause.end < len(clause.lower) and said.rstrip().endswith(";"):
            self._waiting.append((kind, part))

    def of(self, part: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield what waits, once a clause has named a provision of the document; a khoản without Điều has its Điều."""
        above = next((one.partition("/")[0] for one in part if one[0].isdigit()), "") if part else ""
        if part:
            waiting, self._waiting = self._waiting, []
            for kind, whole in waiting:
                if above or not any(one.startswith("/") for one in whole):
                    yield kind, tuple(above + one if one.startswith("/") else one for one in whole)

    def goes_on(self, clause: Clause) -> tuple[str, Named, tuple[str, ...]] | None:
        """Return what a clause without a verb says in their row: the kind, the document and its provisions."""
        heads = clause.heads(clause.body, clause.end) if self._waiting and not clause.opens else []
        if not heads or not (part := clause.part_before(heads[0], clause.body)):
            return None
        words = cues.in_words(clause.lower, clause.body)
        begins = LAST.search(clause.lower[clause.body : heads[0].start])
        if not words and (begins is None or clause.lower[clause.body : clause.body + begins.start()].strip(" ,")):
            return None
        return cues.AMENDS if words else self._waiting[-1][0], heads[0], part


def cut_title(clause: Clause, verb: re.Match[str], doer: Named, earlier: Sequence[Named]) -> Named | None:
    """Return the document in whose title a semicolon cut the sentence: "Thông tư A về mẫu bằng; in, cấp bằng được
    sửa đổi bởi Thông tư B"; only one of the doer's type and issuer. earlier: the documents of the clause before.
    """
    if clause.before(verb.start()) or ITS_OWN.search(clause.lower, clause.body, verb.start()):
        return None
    for one in earlier if clause.level == NO_LEVEL else ():
        if one.series == doer.series and one.citation.key != doer.citation.key and able(doer, one):
            return one
    return None
