"""Read, clause by clause, which document does what to which, and remember lists that run over paragraphs."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from searchapp.article import OWN, Relation
from searchapp.citations.find.relations import cues, days, governed, lists, passive, points, spans
from searchapp.citations.find.relations.cues import LAST, PARTLY, in_words, is_vague
from searchapp.citations.find.relations.governed import objects
from searchapp.citations.find.relations.lists import is_item
from searchapp.citations.find.relations.passive import SOME_ARTICLES, is_passive, part_of
from searchapp.citations.find.relations.sentences import ABOUT_IT, BY_WAY, ENUMERATOR, THIS, Clause, Named, able
from searchapp.citations.find.relations.speaker import SELF, SELF_BY, History, Speaker

_LISTED: Final = cues.ENDING | {cues.SUSPENDS, cues.STAYS, cues.AMENDS, cues.EXTENDS, cues.CORRECTS}
_UNTIL_WHEN: Final = frozenset({cues.SUSPENDS, cues.EXTENDS})
_OF_ITSELF: Final = frozenset({cues.IN_FORCE, cues.ENDS})
_PASSIVE_ENDS: Final = frozenset({cues.REPEALS, cues.SUSPENDS, cues.REPLACES})
_NO_TITLE: Final = frozenset({cues.ENDS, cues.IN_FORCE, cues.STAYS})
_PASSIVE: Final = frozenset({cues.AMENDS, cues.EXTENDS, cues.CONTINUES})

_REPEALS_TOO: Final = re.compile(r"(?:bai|huy) bo\Z")
_BY_STEPS: Final = re.compile(r"theo (?:cac )?lo trinh")
_MOST_VERBS: Final = 64  # of one clause; what says more is no sentence


class Effects:
    """A reader that takes clauses in the order of the text and keeps their relations."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._history = History(speaker)
        self._lists = lists.Lists()
        self._found: list[Relation] = []
        self._clause: Clause
        self._base = 0  # the start of the paragraph
        self._earlier: list[Named] = []  # the documents of the clause before, in the same paragraph
        self._rows = lists.Rows()
        self._points = points.Points()
        self._shared = points.Shared()
        self._ended = False  # whether the clause names who ended a document

    def relations(self) -> list[Relation]:
        """Return all stated relations, in the order of the text."""
        every = dict.fromkeys([*self._history.consolidation(self._found), *self._found])
        return sorted(every, key=lambda r: (r.start, r.target, r.kind, r.part))

    def expects(self, *, numbered: bool = True) -> bool:
        """Tell whether a paragraph without a verb may state a relation: in a list, in a history, or above points."""
        goes_on = numbered and (self._history.goes_on or self._lists.open or self._points.document is not None)
        return bool(goes_on or self._lists.annexes.awaited)

    def pass_by(self, lower: str, written: str) -> None:
        """Hear the beginning of any paragraph: it may only wish for the points below it."""
        self._speaker.wishes.begin(lower, written)

    def begin(self, lower: str) -> None:
        """Begin a paragraph."""
        self._history.begin(lower)
        self._lists.begin()
        self._shared = points.Shared()
        self._earlier = []
        mark = ENUMERATOR.match(lower)
        if mark and mark["dieu"]:
            self._lists.close()
            self._points = points.Points()

    def read(self, clause: Clause, base: int, *, quoted: bool = False) -> None:
        """Read one clause of the current paragraph; base: the paragraph's start in the text.

        quoted: the words stand in a quotation that changes another document: the text does nothing with them itself.
        """
        self._clause, self._base, self._ended = clause, base, False
        verbs = list(islice(cues.verbs(clause.lower, clause.written, clause.body, clause.end), _MOST_VERBS))
        changed_by = self._history.changed_by(clause)
        if changed_by is not None:
            self._add(cues.AMENDS, changed_by.citation.start, self._speaker.base)
        verbs = [verb for verb in verbs if not self._passive(verb)]
        verbs = [verb for verb in verbs if not self._of_a_title(verb)]
        if quoted:
            return
        self._points.hear(clause)
        for kind, one, part, day in self._lists.annexes.items(clause):
            verbs = []  # the row of an annex states nothing more
            self._add(kind, self._speaker.itself(), one.citation.start, part=part, day=day)
        for one, part in list(self._lists.items(clause, base)):
            listed = self._lists.open
            if listed:
                self._add(listed.kind, listed.doer, one.citation.start, part=part, day=listed.day, end=listed.until)
        if apart := days.applied(clause):
            own = self._speaker.itself()
            self._add(cues.IN_FORCE, own, own, part=apart.part, day=apart.when.day)
        if part := () if verbs else self._points.bare(clause):
            self._add(self._points.kind, OWN, self._points.document, part=part)
        if not verbs and (more := self._shared.goes_on(clause)):
            self._share(self._speaker.itself(), more[1].citation.start, more[2])
            self._add(more[0], self._speaker.itself(), more[1].citation.start, part=more[2])
        for at, verb in enumerate(verbs):
            self._own(verb, verbs[at + 1].start() if at + 1 < len(verbs) else clause.end)
        self._lists.wait(clause)
        self._speaker.hear(clause)
        self._earlier = clause.named
        self._rows.keep(clause)

    def _own(self, verb: re.Match[str], following: int) -> None:
        """Read the acts and statements of the text itself, up to the next verb."""
        kind = cues.NAMES[verb.lastgroup or ""]
        if kind == cues.IN_FORCE:
            self._in_force(verb)
        elif part := self._points.passive(self._clause, verb, kind):
            self._add(kind, OWN, self._points.document, part=part)
        elif kind == cues.ENDS and self._clause.opens_with(verb) and lists.ends_what(self._clause, verb):
            self._active(verb, kind, following)
        elif verb.lastgroup in ("ends", "stays") or (kind in _PASSIVE_ENDS and passive.is_told(self._clause, verb)):
            self._ends(verb, kind)
        elif kind in _PASSIVE and (is_passive(self._clause, verb) or " duoc " in verb[0]):
            end = spans.until(self._clause.lower, verb.end(), self._clause.end) if kind == cues.EXTENDS else ""
            for one, part in self._speaker.changed(self._clause, verb, kind):
                self._add(kind, self._speaker.itself(), one.citation.start, part=part, end=end)
        else:
            self._active(verb, kind, following)

    # Relations in the passive.

    def _passive(self, verb: re.Match[str]) -> bool:
        """Read "X được sửa đổi, bổ sung theo Y và Z": Y and Z do it to X. Return whether the verb is such a passive."""
        clause, kind = self._clause, cues.BY_OTHERS[verb.lastgroup or ""]
        by = passive.by_whom(clause, verb, kind)
        if by is None:
            return False
        said = days.behind(clause.lower, verb.end()) if kind in cues.ENDING else ""
        found = passive.doers(clause, by, close=bool(said))
        if kind == cues.ENDS and found and passive.is_of_law_making(clause, by, found[0]):
            return False  # "… hết hiệu lực theo khoản 1 Điều 154 Luật Ban hành văn bản quy phạm pháp luật"
        own = SELF_BY.match(clause.lower, by)
        if own and (not found or own.end() <= found[0].start):
            return self._done_by_this(kind, verb, own.end(), said or "own")
        if not found:
            return False
        clause.doers.update(one.start for one in found)
        self._ended = self._ended or kind in cues.ENDING
        if self._history.notes(clause, verb):
            kind = cues.AMENDS if self._history.notes_words(clause, verb) else kind
            self._add(kind, found[0].citation.start, self._speaker.base, part=(PARTLY,))
            return True
        target = (
            passive.targets(clause, verb.start(), found[0])
            or self._rows.of(clause, verb, found[0])
            or (points.cut_title(clause, verb, found[0], self._earlier) if kind == cues.AMENDS else None)
        )
        if target and kind == cues.ENDS and BY_WAY.search(clause.lower, clause.body, target.start):
            return True  # "Giấy phép theo Nghị định A hết hiệu lực theo Luật B"
        if target:
            part = () if SOME_ARTICLES in clause.lower[verb.end() : by] else part_of(clause, target, verb.start())
            if not part and kind in cues.ENDING and passive.SOME_OF.search(clause.lower, verb.end(), by):
                part = (PARTLY,)
            day = said or self._lists.annexes.day(clause, kind)
            for one in found:
                if able(one, target):
                    self._add(kind, one.citation.start, target.citation.start, part=part, day=day)
        return True

    def _done_by_this(self, kind: str, verb: re.Match[str], at: int, day: str) -> bool:
        """Tell whether the text itself does it: "… được sửa đổi theo Nghị định này"."""
        this = THIS.search(self._clause.lower, at)
        target = passive.targets(self._clause, verb.start(), None)
        if this and target:
            doer = self._speaker.meant(this, self._clause)
            part = part_of(self._clause, target, verb.start())
            said = self._clause.lower[self._clause.body : target.start]
            if not part and kind in cues.ENDING and is_vague(said):
                part = (PARTLY,)
            kind = cues.AMENDS if part and governed.is_exchanged(self._clause, verb, kind) else kind
            self._add(kind, doer, target.citation.start, part=part, day=day)
        return target is not None

    # Relations in titles.

    def _of_a_title(self, verb: re.Match[str]) -> bool:
        """Read a verb in a title: "Nghị định số 11/2019/NĐ-CP … sửa đổi, bổ sung Nghị định số 8/2015/NĐ-CP".

        Return whether the verb stands in a title.
        """
        clause, kind = self._clause, cues.BY_OTHERS[verb.lastgroup or ""]
        if kind in _NO_TITLE or is_passive(clause, verb) or governed.repeats(clause, verb):
            return False
        doer = governed.titled(clause, verb)
        if doer is None or self._lists.goes_on_acting(clause, verb, self._base):
            return False
        found = objects(clause, verb, kind, doer)
        some = kind in cues.ENDING and bool(found) and is_vague(clause.lower[verb.end() : found[0].named.start])
        for target, part in found:
            clause.inner.add(target.start)
            part = part or ((PARTLY,) if some else ())
            self._add(kind, doer.citation.start, target.citation.start, part=part)
            self._repeals_too(verb, kind, doer.citation.start, target, part)
            if kind == cues.GUIDES and (beside := governed.shares_title(clause, doer)):
                self._add(kind, beside.citation.start, target.citation.start, part=part)
        return bool(found)

    # Relations by the text itself.

    def _active(self, verb: re.Match[str], kind: str, following: int) -> None:
        clause = self._clause
        doer = self._speaker.subject(clause, verb)
        if doer is None and self._lists.open and self._lists.goes_on_acting(clause, verb, self._base):
            doer = self._lists.open.doer
        if doer is None:
            return
        found = [one for one in objects(clause, verb, kind, None) if self._speaker.may(kind, doer, one.named, clause)]
        kind = governed.in_words_only(clause, verb, kind, found)
        end = spans.held(clause, verb, verb.start()) if kind in _UNTIL_WHEN else ""
        if not found:
            self._without_object(verb, kind, doer, end, following)
            return
        ends = kind in cues.ENDING | {cues.SUSPENDS}
        vague = ends and is_vague(clause.lower[verb.end() : found[0].named.start])
        against = ends and cues.is_against(clause.lower[found[-1].named.end : clause.end])
        all_vague = vague and not governed.is_annex(clause, verb.end(), found[0].named, named=True)
        last = verb.end()
        day = days.since(clause.lower, found[-1].named.end, clause.end) if ends else "own"
        if ends and day == "own":
            day, till = spans.led(clause, verb)
            end = end or till
        for at, (target, part) in enumerate(found):
            if at == 0 and following < target.start:
                part = clause.part_shared(verb.end(), following, part)
            some = (vague and at == 0) or all_vague or (against and at == len(found) - 1)
            some = some or (ends and at > 0 and cues.is_some_of_next(clause.lower[last : target.start]))
            if not part and (some or (ends and governed.is_annex(clause, last, target))):
                part = (PARTLY,)
            self._add(kind, doer, target.citation.start, part=part, day=day, end=end)
            self._repeals_too(verb, kind, doer, target, part)
            last = target.end
        self._share(doer, found[0].named.citation.start, found[0].part)
        if doer == OWN and not found[0].part and points.Points.follow(clause, kind, last, vague=vague):
            self._points = points.Points(found[0].named.citation.start, kind)
        if kind in _LISTED:
            over = ends and lists.END_OF_A_LEAD.search(clause.lower, last, clause.end) is not None
            led = vague and lists.FOLLOWS.search(clause.lower[verb.end() : found[0].named.start])
            self._open(kind, doer, day, end, part=(PARTLY,) if led else (), over=over)

    def _share(self, doer: int | None, target: int | None, part: tuple[str, ...]) -> None:
        """Read the verbs of earlier clauses that wait for this document."""
        for kind, whole in self._shared.of(part):
            self._add(kind, doer, target, part=whole)

    def _repeals_too(self, verb: re.Match[str], kind: str, doer: int, target: Named, part: tuple[str, ...]) -> None:
        """Read "Sửa đổi, bổ sung và bãi bỏ một số điều của Thông tư A": some provisions end too."""
        said = self._clause.lower[verb.end() : target.start]
        if kind == cues.AMENDS and not part and _REPEALS_TOO.search(verb[0]) and said.startswith(f" {SOME_ARTICLES}"):
            self._add(cues.REPEALS, doer, target.citation.start, part=(PARTLY,))

    def _without_object(self, verb: re.Match[str], kind: str, doer: int, end: str, following: int) -> None:
        """Open a list, or read a point that changes provisions of its Điều's document."""
        clause = self._clause
        rest = clause.lower[verb.end() : clause.end]
        governs = governed.has_object(clause, verb, kind)
        if doer == OWN and governs:
            part = self._points.named(clause, verb.end(), min(following, clause.end))
            if part:
                self._add(kind, OWN, self._points.document, part=part)
                self._share(OWN, self._points.document, part)
                return
            self._shared.wait(clause, verb, kind)
        heads = lists.GENERIC.fullmatch(rest) if clause.level == 1 and verb.lastgroup == "repeals" else None
        if heads and clause.opens_with(verb):
            self._open(kind, doer, "own", end, part=(PARTLY,) if heads["some"] else (), over=True)
        elif kind in _LISTED and lists.FOLLOWS.search(rest) and (rest.strip() == ":" or governs):
            some = kind in cues.ENDING and is_vague(rest) and "toan bo" not in clause.lower[clause.body : verb.start()]
            self._open(kind, doer, "own", end, part=(PARTLY,) if some else (), over=True)

    # Documents that end, and documents that stay.

    def _ends(self, verb: re.Match[str], kind: str) -> None:
        """Read "X và Y hết hiệu lực kể từ ngày Nghị định này có hiệu lực", and lists that begin with such words."""
        clause, lower = self._clause, self._clause.lower
        if days.is_elsewhere(clause, verb) or (kind != cues.STAYS and days.is_supposed(clause, verb)):
            return
        words = days.EFFECT_WORDS.match(lower, verb.end())
        at = words.end() if words else verb.end()
        partly = (PARTLY,) if "mot phan" in lower[verb.start() : at] else ()
        day, doer = self._end(verb, at)
        if day == "own" and days.is_to_come(clause, verb) and not days.OWN_DAY.match(lower, at):
            return
        if doer is None or (self._ended and day == "own" and not days.OWN_DAY.match(lower, at)):
            return  # "… bị thay thế bởi Nghị định B và không còn hiệu lực": B did it
        this = THIS.search(lower, clause.body, verb.start())
        itself = this and (SELF.search(lower, clause.body, verb.start()) or days.shares(clause, this, verb))
        if kind == cues.ENDS and this and itself:
            own = self._speaker.meant(this, clause)
            if day != "own" and own is not None and not self._speaker.consolidated:
                self._add(kind, own, own, day=day)
            return
        start = lists.list_start(clause, verb)
        heads = clause.heads(start, verb.start())
        end = spans.held(clause, verb, at) if kind in (cues.SUSPENDS, cues.STAYS) else ""
        if heads and (spared := lists.LEFT_OUT.search(lower, heads[-1].end, verb.start())):
            if part := clause.part_in(spared.start(), verb.start()):
                self._add(kind, doer, heads[-1].citation.start, part=part, day=day)
        elif heads:
            kind = cues.AMENDS if in_words(clause.lower, start) and kind in _PASSIVE_ENDS else kind
            self._end_all(verb, kind, doer, start, heads, day, end, partly)
        elif self._lists.wait_for(clause) and days.OWN_DAY.match(lower, at):
            for one, part in self._lists.waiting:
                self._add(kind, doer, one.citation.start, part=part or partly, day=day)
        elif lists.FOLLOWS.search(lower, clause.body, clause.end) or lists.begins(clause, verb):
            for target, part in objects(clause, verb, kind, None) or self._lists.behind(clause, at):
                self._add(kind, doer, target.citation.start, part=part or partly, day=day)
            self._open(kind, doer, day, end, part=partly, over=True)

    def _end_all(
        self, verb: re.Match[str], kind: str, doer: int, start: int, heads: list[Named], day: str, end: str,
        partly: tuple[str, ...],
    ) -> None:  # fmt: skip
        clause = self._clause
        said = clause.lower[start : heads[0].start]
        if BY_WAY.search(said) or ABOUT_IT.search(said) or lists.acts(clause, heads[-1].end, verb.start()):
            return
        some = bool(lists.PROVISIONS_OF.search(said) or cues.is_against(clause.lower[heads[-1].end : verb.start()]))
        agrees = " khong trai voi " in clause.lower[heads[-1].end : verb.start()]
        if kind == cues.STAYS and (agrees or not is_item(LAST.sub("", said))):
            if not (agrees or lists.SOME_IN.search(said)):
                return
            partly = (PARTLY,)
        for one, part in self._lists.waiting:
            self._add(kind, doer, one.citation.start, part=part or partly, day=day)
        floor = start
        for one in heads:
            part = clause.part_before(one, floor) or partly
            words = clause.body if one is heads[0] else floor
            if not part and kind != cues.STAYS and (some or governed.is_annex(clause, words, one)):
                part = (PARTLY,)
            exchanged = part and governed.is_exchanged(clause, verb, kind)
            self._add(cues.AMENDS if exchanged else kind, doer, one.citation.start, part=part, day=day, end=end)
            floor = one.end
        self._open(kind, doer, day, end, part=partly)

    def _end(self, verb: re.Match[str], at: int) -> tuple[str, int | None]:
        """Return the day when a document ends, stated at a place, and the document that ends it."""
        clause, lower = self._clause, self._clause.lower
        own = days.OWN_DAY.match(lower, at)
        this = THIS.match(lower, own.end()) if own else None
        if this:
            return "own", self._speaker.meant(this, clause)
        day = days.stated(lower, at)
        after = next((one for one in clause.named if one.start >= at), None)
        if after and days.is_theirs(lower, at, after):
            clause.doers.add(after.start)
            return "own", after.citation.start
        return (day.day if day else spans.led(clause, verb)[0]), self._speaker.itself()

    def _in_force(self, verb: re.Match[str]) -> None:
        clause = self._clause
        begins = days.commencement(clause, verb)
        if begins is None:
            if itself := spans.own_end(clause, verb):
                self._add(cues.ENDS, own := self._speaker.meant(itself[0], clause), own, day=itself[1])
            return
        subject = self._speaker.beginning(begins.subject, clause)
        if subject is None or (begins.when.day.startswith("+") and not self._speaker.official):
            return
        self._add(cues.IN_FORCE, subject, subject, part=begins.part, day=begins.when.day)
        if last := spans.last(clause, verb, begins.when):
            self._add(cues.ENDS, subject, subject, day=last)

    def _open(
        self, kind: str, doer: int, day: str, end: str, *, part: tuple[str, ...] = (), over: bool = False
    ) -> None:
        if not over and self._lists.is_around(kind, self._clause, self._base):
            return
        self._lists.open = lists.Listed(kind, doer, day, end, part, self._clause.level, over, self._base)

    def _add(
        self, kind: str, doer: int | None, target: int | None, *, part: tuple[str, ...] = (), day: str = "own",
        end: str = "",
    ) -> None:  # fmt: skip
        if doer is None or target is None or (doer == target and kind not in _OF_ITSELF):
            return
        clause = self._clause
        if any(one.startswith("/") for one in part):  # a khoản whose Điều the text does not say
            part = tuple(one for one in part if not one.startswith("/")) or (PARTLY,)
        said = clause.lower[clause.start : clause.end]
        if not part and kind in cues.ENDING and doer != target and _BY_STEPS.search(said):
            part = (PARTLY,)
        relation = Relation(
            kind=kind,
            doer=doer,
            target=target,
            part=part,
            day="" if kind in cues.LASTING else day,
            until=end,
            exception=days.spares(clause, kind, part),
            start=self._base + clause.end - len(said.lstrip()),
            end=self._base + clause.start + len(said.rstrip()),
        )
        self._found.append(relation)
