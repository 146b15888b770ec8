"""Find resolutions without a number: those of congresses, of plenums of the Central Committee and
of local committees.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from searchapp.article import Document
from searchapp.citations.find.ascii import Shadow
from searchapp.citations.find.context import CENTRE, COMMITTEE, SMALL_PLACE, YEARS, Found
from searchapp.citations.find.vocabulary import (
    BARE,
    DIGITS,
    MAX_CONGRESS,
    PLACE,
    ROMAN,
    WORDS,
    ordinal,
    place_of,
    plain,
    roman,
)

_HEAD: Final = re.compile(r"(?:nghi[ \n]+quyet|ket[ \n]+luan|van[ \n]+kien|nq|kl|vk)(?=[ \n]|tw|hntw)")
_TYPES: Final = {"nghi quyet": "NQ", "nq": "NQ", "ket luan": "KL", "kl": "KL", "van kien": "VK", "vk": "VK"}
_NTH: Final = rf"(?:lan[ ]+)?thu[ ]+(?:{DIGITS}|{ROMAN}|{WORDS})"
_LAN: Final = rf"(?:{_NTH}|lan[ ]+(?:{DIGITS}|{ROMAN}))"  # "Đại hội Đảng toàn quốc lần XII"
_BARE: Final = rf"(?:{DIGITS}|{ROMAN})"
_AND: Final = r"(?:[ ]?,[ ]?|[ ]va[ ])"
# "khóa XI, XII"; the 6 of "khóa XII và 6 khóa XIII" is a meeting, the 12 of "khóa XII và 12 nghị quyết" a count.
_NO_COUNT: Final = r"(?![a-z0-9]|[ ]?\(?khoa|(?<=\d)[ ](?!(?:ve|cua|da|la|va|nham|o|tai)[ ])[a-z])"
_SESSIONS: Final = rf"(?P<sessions>{_BARE}(?:{_AND}(?:khoa[ ]+)?{_BARE}{_NO_COUNT}){{0,3}})"
# "4, 6 và 7", "lần thứ 4, lần thứ 6", "4, Trung ương 6", "TW4, TW6"; not "và 12 nghị quyết khác".
_NO_MEETING: Final = r"(?![ ](?:nghi|ket|van|chi|chuyen|noi|dia|don)[ ])"
_MORE: Final = rf"(?:{_AND}(?:(?:hoi[ ]nghi[ ])?{CENTRE}[ ]?)?(?:{_NTH}|{_BARE}){_NO_MEETING})"
_OF_TERM: Final = r"[ ]?[,(]?[ \n]?(?:cua[ ])?(?:dang[ ])?khoa[ ]+"
# Without "lần thứ" a number word counts only before its term: "Trung ương tám khóa XI", but not "Trung ương ba nội
# dung".
_SPELLED: Final = r"(?:hai|ba|bon|tu|nam|sau|bay|tam|chin|muoi(?:[ ](?:mot|hai|ba|bon|lam))?)"
_SPELLED_WITH: Final = frozenset(("hai", "ba", "bốn", "tư", "năm", "sáu", "bảy", "bẩy", "tám", "chín", "mười"))
_PARTY: Final = r"(?:[ ]+dang(?:[ ]+cong[ ]san[ ]viet[ ]nam)?)?"

# "Trung ương 4 khóa XII", "TW 4, 5 (khóa XI, XII)", "Hội nghị lần thứ sáu, BCH Trung ương Đảng khóa XII".
_PLENUM: Final = re.compile(
    rf"""[ \n]*(?:tai[ ])?
    (?: (?:hoi[ \n]nghi|hn)[ \n]+ (?P<before>(?:{_NTH}|{_BARE}){_MORE}{{0,4}}),?[ \n]+
        (?:cua[ ])?(?:{COMMITTEE}[ ]*)?{CENTRE}{_PARTY}
      | (?P<before2>{_NTH}{_MORE}{{0,4}}),?[ ]+ (?:cua[ ])?(?:{COMMITTEE}[ ]*)?{CENTRE}{_PARTY}
      | (?:(?:hoi[ \n]nghi|hn)[ \n]+)? (?:{COMMITTEE}[ ]*)?{CENTRE}{_PARTY}
        [ ]? (?: (?P<after>(?:{_NTH}|{_BARE}){_MORE}{{0,4}}) | (?P<spelled>{_SPELLED})(?={_OF_TERM}) ) )
    (?:,?[ ]?\(?lan[ ](?:thu[ ])?(?P<again>2|hai)\)?)?
    (?:{_OF_TERM}{_SESSIONS}\)?)?""",
    re.VERBOSE,
)  # fmt: skip
# "Trung ương 4 khóa XII và 6 khóa XIII, Trung ương 5 khóa XI": further plenums, each of its own term.
_NEXT_PLENUM: Final = re.compile(
    rf"""{_AND}(?:(?:hoi[ ]nghi[ ])?(?:{COMMITTEE}[ ]*)?{CENTRE}[ ]?)?
    (?P<numbers>(?:{_NTH}|{_BARE}){_MORE}{{0,4}}){_OF_TERM}{_SESSIONS}\)?""",
    re.VERBOSE,
)
# "Đảng bộ tỉnh …", and the parties of other countries.
_OTHER_PARTY: Final = r"(?:bo|nhan[ ]dan|dan[ ]chu|cap[ ]tien|cong[ ]san[ ](?!viet))(?![a-z])"
# "Đại hội đại biểu toàn quốc lần thứ XIII của Đảng", "ĐH 13", "Đại hội Đảng lần thứ mười ba".
_CONGRESS: Final = re.compile(
    rf"""[ \n]+(?:dai[ ]hoi|dh)(?:[ ]+(?:dai[ ]bieu|toan[ ]quoc|dang(?![ ]bo)|cong[ ]san[ ]viet[ ]nam)){{0,4}}
    [ ]+(?P<ordinal>{_LAN}|{_BARE})
    (?:[ ]+cua[ ]+dang(?![ ]{_OTHER_PARTY})(?:[ ]+cong[ ]san[ ]viet[ ]nam)?)?
    (?![ ]*,?[ ]+(?:cua[ ]+)?dang[ ]{_OTHER_PARTY})
    """,
    re.VERBOSE,
)
# "Đại hội đại biểu Đảng bộ TP lần thứ XI", "Đại hội XV Đảng bộ tỉnh Nghệ An", and the years of its term.
_LOCAL_CONGRESS: Final = re.compile(
    rf"""[ \n]+(?:dai[ ]hoi|dh)(?:[ ]+(?:dai[ ]bieu|dang[ ]vien)){{0,2}}
    (?: (?:[ ]+cua)?[ ]+dang[ ]bo[ ]+(?P<place>{PLACE}|tp(?![a-z])|[a-z0-9 -]{{2,40}}?),?[ ]+(?P<ordinal>{_LAN})
      | [ ]+(?P<ordinal2>{_LAN}|{_BARE}),?[ ]+(?:cua[ ]+)?dang[ ]bo(?:[ ]+(?P<place2>{PLACE}|{SMALL_PLACE}))? )
    (?P<years>[ ]?[,(]?[ ]?{YEARS}\)?)?""",
    re.VERBOSE,
)
# "Hội nghị lần thứ 10 Ban Chấp hành Đảng bộ TP khóa XI", "Hội nghị Thành ủy lần thứ 5".
_COMMITTEE_OF: Final = rf"(?:{COMMITTEE}[ ]+)?(?:dang[ ]bo|thanh[ ]uy|tinh[ ]uy)"
_LOCAL_PLENUM: Final = re.compile(
    rf"""[ \n]+(?:hoi[ ]nghi|hn)[ ]+
    (?: (?P<ordinal>{_NTH}|{DIGITS}),?[ ]+(?:cua[ ]+)?{_COMMITTEE_OF}(?:[ ]+(?P<place>{PLACE}|{SMALL_PLACE}))?
      | {_COMMITTEE_OF}(?:[ ]+(?P<place2>{PLACE}|{SMALL_PLACE}))?[ ]+(?P<ordinal2>{_NTH}) )
    (?:[ ]?[,(]?[ ]?(?:khoa[ ]+(?P<session>{_BARE})|{YEARS})\)?)?""",
    re.VERBOSE,
)
_LONGEST_PLENUM_YEAR: Final = 20  # no Central Committee has met more often in one term


def meetings(text: Shadow, *, query: bool) -> Iterator[Found]:
    """Yield every resolution or conclusion of a congress or plenum, in order."""
    for head in _HEAD.finditer(text.lower):
        start = head.start()
        name = " ".join(head.group().split())
        if start and text.lower[start - 1].isalnum():
            continue
        if len(name) > 2 or query or text.cased[start : head.end()].isupper():
            readings = (read(text, head, _TYPES[name], query) for read in _READERS)
            if found := next(filter(None, readings), None):
                yield found


def _local_plenum(text: Shadow, head: re.Match[str], kind: str, query: bool) -> Found | None:
    match = _LOCAL_PLENUM.match(text.lower, head.end())
    number = match and _number(text, match, query)
    if not match or not number:
        return None
    place, shown = _place(text, match)
    term = f"{match['first']}-{match['last']}" if match["first"] else roman(ordinal(match["session"] or ""))
    key = f"{kind}-HN/{shown}/{number}" + (f"/{term}" if term else "")
    return _found("local-plenum", kind, key, head.start(), match.end(), match.end(), place, term)


def _local_congress(text: Shadow, head: re.Match[str], kind: str, query: bool) -> Found | None:
    match = _LOCAL_CONGRESS.match(text.lower, head.end())
    number = match and _number(text, match, query)
    if not match or not number or (match["place"] or "").startswith(("cac ", "va ", "nhiem ")):
        return None
    place, shown = _place(text, match)
    years = match["first"]
    key = f"{kind}-ĐH/{shown}/{roman(number)}" + (f"@{years}" if years else "")
    end = match.start("years") if match["years"] else match.end()
    return _found(
        "congress", kind, key, head.start(), end, match.end(), place, f"{years}-{match['last']}" if years else ""
    )


def _congress(text: Shadow, head: re.Match[str], kind: str, query: bool) -> Found | None:
    match = _CONGRESS.match(text.lower, head.end())
    number = match and _number(text, match, query)
    if not match or not number or number > MAX_CONGRESS:
        return None
    key, end = f"{kind}-ĐH/TW/{roman(number)}", match.end()
    return _found("congress", kind, key, head.start(), end, end, "", roman(number))


def _plenum(text: Shadow, head: re.Match[str], kind: str, query: bool) -> Found | None:
    match = None if kind == "VK" else _PLENUM.match(text.lower, head.end())
    if not match:
        return None
    group = next(name for name in ("before", "before2", "after", "spelled") if match[name])
    numbers = _numbers(text, match, group, query)
    sessions = _numbers(text, match, "sessions", query)
    if not numbers or numbers[0][0] > _LONGEST_PLENUM_YEAR:
        return None
    end = match.end() if len(sessions) < 2 else sessions[0][2]
    again = "(2)" if match["again"] else ""
    cores: list[Found] = []
    for session, session_start, session_end in sessions or [(0, 0, 0)]:
        for number, number_start, number_end in numbers:
            key = f"{kind}-HNTW/{number}{again}/{roman(session) or '?'}"
            # "(khóa XI, XII)" and "Trung ương 4, 5": the first core is the whole, each other core is its own number.
            at = (session_start, session_end) if cores and len(sessions) > 1 else (number_start, number_end)
            start, stop = at if cores else (head.start(), end)
            cores.append(_found("plenum", kind, key, start, stop, match.end(), "", roman(session)))
    more = _of_other_terms(text, kind, match.end(), query) if sessions else ()
    return replace(cores[0], members=(*cores[1:], *more))


def _of_other_terms(text: Shadow, kind: str, at: int, query: bool) -> Iterator[Found]:
    """Yield the further plenums of a list, each with the term that stands behind its number."""
    while match := _NEXT_PLENUM.match(text.lower, at):
        at = match.end()
        for session, *_ in _numbers(text, match, "sessions", query):
            for number, start, end in _numbers(text, match, "numbers", query):
                key = f"{kind}-HNTW/{number}/{roman(session)}"
                yield _found("plenum", kind, key, start, end, at, "", roman(session))


_READERS: Final = (_local_plenum, _local_congress, _congress, _plenum)
_ONE: Final = re.compile(rf"thu[ ]+(?P<words>{WORDS})|(?P<digits>\d{{1,2}})|(?<![a-z])(?P<roman>{ROMAN})")


def _found(kind: str, type_: str, key: str, start: int, end: int, tail_at: int, place: str, term: str) -> Found:
    return Found(start=start, end=end, kind=kind, type=type_, key=key, tail_at=tail_at, place=place, term=term)


def _numbers(text: Shadow, match: re.Match[str], group: str, query: bool) -> list[tuple[int, int, int]]:
    """Return (number, start, end) of every ordinal in a group; Roman numerals only in capitals, except in a query."""
    if not match[group]:
        return []
    if group == "spelled":
        said = text.written(*match.span(group)).lower()
        right = query or said.split()[0] in _SPELLED_WITH  # "Trung ương sau khóa XI": the plenum comes after the term
        return [(ordinal(match[group]), *match.span(group))] if right else []
    found = []
    for one in _ONE.finditer(text.lower, *match.span(group)):
        start, end = one.span(one.lastgroup or 0)
        if not one["roman"] or query or _is_roman(text, start, end):
            found.append((ordinal(text.lower[start:end]), start, end))
    return [each for each in found if each[0]]


def _is_roman(text: Shadow, start: int, end: int) -> bool:
    # "VÌ" in a heading has the letters of VI.
    return text.cased[start:end].isupper() and text.written(start, end).isascii()


def _number(text: Shadow, match: re.Match[str], query: bool) -> int:
    groups = match.groupdict()
    numbers = _numbers(text, match, "ordinal" if groups["ordinal"] else "ordinal2", query)
    return numbers[0][0] if numbers else 0


def _place(text: Shadow, match: re.Match[str]) -> tuple[str, str]:
    """Return the place that a text names, and the place for its key.

    The key has "?" for none; the table tells the city of a bare "TP".
    """
    group = "place" if match["place"] else "place2"
    if not match[group]:
        return "", "?"
    place = place_of(text.written(*match.span(group)))
    return place, place or BARE.get(" ".join(match[group].split()), "?")


_MAX_CHARS: Final = 120  # the longest title of a plenum's resolution in our table has 108
# "về công tác dân số", "“Về tiếp tục hoàn thiện …”", ": “Một số vấn đề cấp bách …”".
_SUBJECT: Final = re.compile(
    rf'[ \n]?[,:]?[ \n]?(?:["(]?ve[ ]["]?|["])(?:ve[ ])?(?P<subject>[^.;:"()\n]{{4,{_MAX_CHARS}}})'
)


def subject(text: Shadow, at: int) -> str:
    """Return the subject after a position of the shadow: the words after "về" or in quotes, in ASCII; "" for none.

    >>> from searchapp.citations.find.ascii import shadow
    >>> subject(shadow("Nghị quyết Trung ương 6 khóa X về công nhân."), 30)
    'cong nhan'
    """
    found = _SUBJECT.match(text.lower, at)
    return found["subject"].strip() if found else ""


_SCHOOL_YEAR: Final = re.compile(r"nam hoc (?:19|20)\d\d ?- ?(?P<last>(?:19|20)\d\d)")
_AROUND: Final = 300  # letters


def school_year(text: Shadow, at: int) -> str:
    """Return the school year that a text states around a position: "nam hoc 2013-2014"; "" for none."""
    found = _SCHOOL_YEAR.search(text.lower, max(0, at - _AROUND), at + _AROUND)
    return found.group().replace(" -", "-").replace("- ", "-") if found else ""


def last_year(said: str) -> str:
    """Return the last possible year of the document, by the text in `Citation.about`; "" where the text tells none."""
    found = _SCHOOL_YEAR.match(said)
    return found["last"] if found else ""


def about(documents: Sequence[Document], said: str) -> Document | None:
    """Return the document whose title shares most word pairs with the text; only pairs of one title count."""
    titles = [_pairs(document.title) for document in documents]
    often = Counter(pair for title in titles for pair in title)
    shared = [sum(often[pair] == 1 for pair in title & _pairs(said)) for title in titles]
    most = max(shared, default=0)
    return documents[shared.index(most)] if most and shared.count(most) == 1 else None


def shares(title: str, said: str) -> int:
    """Count the pairs of neighbouring words that a title and a text have in common.

    >>> shares("Về tinh giản biên chế và cơ cấu lại đội ngũ", "tinh gian bien che")
    3
    """
    return len(_pairs(title) & _pairs(_SCHOOL_YEAR.sub("", said)))


def _pairs(text: str) -> set[tuple[str, str]]:
    return set(pairwise(re.findall(r"[a-z]+", plain(text))))
