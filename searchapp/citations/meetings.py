"""Resolutions without a number: those of congresses, of plenums of the Central Committee and of local committees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from searchapp.citations.found import Found
from searchapp.citations.ordinals import DIGITS, ROMAN, WORDS, ordinal, roman
from searchapp.citations.places import BARE, PLACE, place_of
from searchapp.citations.shadow import Shadow
from searchapp.citations.tails import CENTRE, COMMITTEE, YEARS

_HEAD: Final = re.compile(r"(?:nghi[ \n]+quyet|ket[ \n]+luan|van[ \n]+kien|nq|kl|vk)(?=[ \n]|tw)")
_TYPES: Final = {"nghi quyet": "NQ", "nq": "NQ", "ket luan": "KL", "kl": "KL", "van kien": "VK", "vk": "VK"}
_NTH: Final = rf"(?:lan[ ]+)?thu[ ]+(?:{DIGITS}|{ROMAN}|{WORDS})"
_ORDINAL: Final = rf"(?:{_NTH}|{DIGITS}|{ROMAN})"
_SECOND: Final = r"(?:[ ]?\(?lan[ ](?:thu[ ])?(?P<round>2|hai)\)?)?"
_AND: Final = r"(?:[ ]?,[ ]?|[ ]va[ ])"
# "khóa XII", "(khóa XI, XII)", ", khóa 10", "khóa XI và khóa XII".
_SESSION: Final = rf"(?:khoa[ ]+)?(?:{ROMAN}|{DIGITS})"
_SESSIONS: Final = rf"(?:[ ]?[,(]?[ ]?(?:cua[ ])?(?:dang[ ])?khoa[ ]+(?P<sessions>(?:{ROMAN}|{DIGITS})(?:{_AND}{_SESSION}){{0,3}})\)?)?"
_PARTY: Final = r"(?:[ ]+(?:dang(?:[ ]+cong[ ]san[ ]viet[ ]nam)?))?"

# "Nghị quyết Trung ương 4 khóa XII", "NQ TW 4, 5 (khóa XI)", "Nghị quyết Hội nghị lần thứ sáu, BCH Trung ương Đảng khóa XII".
_PLENUM: Final = re.compile(
    rf"""[ ]*(?:tai[ ])?(?:(?:hoi[ ]nghi|hn)[ ])?
    (?: (?P<before>{_NTH}|{DIGITS}|{ROMAN}),?[ ]+ (?:cua[ ])?(?:{COMMITTEE}[ ]+)?{CENTRE}{_PARTY}
      | (?:{COMMITTEE}[ ]+)?{CENTRE}{_PARTY}[ ]? (?P<after>{_ORDINAL}(?:{_AND}(?:{DIGITS}|{ROMAN})){{0,4}}) )
    {_SECOND}{_SESSIONS}""",
    re.VERBOSE,
)
# "Nghị quyết Đại hội đại biểu toàn quốc lần thứ XIII của Đảng", "NQ ĐH 13", "Nghị quyết Đại hội Đảng lần thứ mười ba".
_CONGRESS: Final = re.compile(
    rf"""[ ]+(?:dai[ ]hoi|dh)(?:[ ]+(?:dai[ ]bieu|toan[ ]quoc|dang(?![ ]bo)|cong[ ]san[ ]viet[ ]nam)){{0,4}}
    [ ]+(?P<ordinal>{_ORDINAL})(?:[ ]+cua[ ]+dang(?:[ ]+cong[ ]san[ ]viet[ ]nam)?(?![ ]bo))?""",
    re.VERBOSE,
)
# "Nghị quyết Đại hội đại biểu Đảng bộ TP lần thứ XI", "Nghị quyết Đại hội lần thứ XV Đảng bộ tỉnh Nghệ An".
_BODY: Final = rf"dang[ ]bo[ ]+(?P<place>{PLACE}|tp(?![a-z])|[a-z0-9 -]{{2,40}}?)"
_LOCAL_CONGRESS: Final = re.compile(
    rf"""[ ]+(?:dai[ ]hoi|dh)(?:[ ]+(?:dai[ ]bieu|dang[ ]vien)){{0,2}}
    (?: (?:[ ]+cua)?[ ]+{_BODY},?[ ]+(?P<ordinal>{_NTH})
      | [ ]+(?P<ordinal2>{_NTH}),?[ ]+(?:cua[ ]+)?dang[ ]bo[ ]+(?P<place2>{PLACE}|(?:tp|thanh[ ]pho|tinh)(?![a-z])) )
    (?P<years>[ ]?[,(]?[ ]?{YEARS}\)?)?""",
    re.VERBOSE,
)
# "Nghị quyết Hội nghị lần thứ 10 Ban Chấp hành Đảng bộ TP khóa XI", "Nghị quyết Hội nghị Thành ủy lần thứ 5".
_LOCAL_PLENUM: Final = re.compile(
    rf"""[ ]+(?:hoi[ ]nghi|hn)[ ]+
    (?: (?P<ordinal>{_NTH}|{DIGITS}),?[ ]+(?:cua[ ]+)?(?:{COMMITTEE}[ ]+)?(?:dang[ ]bo|thanh[ ]uy|tinh[ ]uy)(?:[ ]+(?P<place>{PLACE}|(?:tp|thanh[ ]pho|tinh)(?![a-z])))?
      | (?:{COMMITTEE}[ ]+)?(?:dang[ ]bo|thanh[ ]uy|tinh[ ]uy)(?:[ ]+(?P<place2>{PLACE}|(?:tp|thanh[ ]pho|tinh)(?![a-z])))?[ ]+(?P<ordinal2>{_NTH}) )
    (?P<sessions>[ ]?[,(]?[ ]?(?:khoa[ ]+(?P<session>{ROMAN}|{DIGITS})|{YEARS})\)?)?""",
    re.VERBOSE,
)


def meetings(text: Shadow, *, query: bool) -> Iterator[Found]:
    """Every resolution or conclusion of a congress or plenum, in order."""
    for head in _HEAD.finditer(text.lower):
        if text.lower[head.start() - 1 : head.start()].isalnum() and head.start():
            continue
        name = " ".join(head.group().split())
        if len(name) == 2 and not query and not text.cased[head.start() : head.end()].isupper():
            continue
        found = next(filter(None, (read(text, head, _TYPES[name], query) for read in _READERS)), None)
        if found is not None:
            yield found


def _local_plenum(text: Shadow, head: re.Match[str], kind: str, query: bool) -> Found | None:
    match = _LOCAL_PLENUM.match(text.lower, head.end())
    if not match:
        return None
    number = _number(text, match, "ordinal" if match["ordinal"] else "ordinal2", query)
    place, bare = _place(text, match, "place" if match["place"] else "place2")
    term = f"{match['first']}-{match['last']}" if match["first"] else roman(ordinal(match["session"] or ""))
    if not number:
        return None
    key = f"{kind}-HN/{bare or '?'}/{number}" + (f"/{term}" if term else "")
    end = match.end()
    return Found(
        start=head.start(), end=end, kind="local-plenum", type=kind, key=key, tail_at=end, place=place, term=term
    )


def _local_congress(text: Shadow, head: re.Match[str], kind: str, query: bool) -> Found | None:
    match = _LOCAL_CONGRESS.match(text.lower, head.end())
    if not match:
        return None
    group = "ordinal" if match["ordinal"] else "ordinal2"
    number = _number(text, match, group, query)
    place, bare = _place(text, match, "place" if match["place"] else "place2")
    if not number or (not query and match["place"] and match["place"].startswith(("cac ", "va ", "nhiem "))):
        return None
    term = f"{match['first']}-{match['last']}" if match["first"] else ""
    key = f"{kind}-ĐH/{bare or '?'}/{roman(number)}" + (f"@{match['first']}" if term else "")
    end = match.start("years") if match["years"] else match.end()
    return Found(
        start=head.start(), end=end, kind="congress", type=kind, key=key, tail_at=match.end(), place=place, term=term
    )


def _plenum(text: Shadow, head: re.Match[str], kind: str, query: bool) -> Found | None:
    match = _PLENUM.match(text.lower, head.end())
    if not match or kind == "VK":
        return None
    group = "before" if match["before"] else "after"
    numbers = _numbers(text, match, group, query)
    terms = _numbers(text, match, "sessions", query) if match["sessions"] else [(0, 0, 0)]
    if not numbers or not terms or (match["sessions"] is None and numbers[0][0] > 20):
        return None
    again = "(2)" if match["round"] else ""
    keys = [(number, term) for term in terms for number in numbers]
    cores = [
        Found(
            start=head.start() if at == 0 else number[1] if term is terms[0] else term[1],
            end=_core_end(text, match, terms) if at == 0 else number[2] if term is terms[0] else term[2],
            kind="plenum",
            type=kind,
            key=f"{kind}-HNTW/{number[0]}{again}/{roman(term[0]) or '?'}",
            tail_at=match.end(),
            term=roman(term[0]),
        )
        for at, (number, term) in enumerate(keys)
    ]
    first, *members = cores
    return Found(
        start=first.start, end=first.end, kind="plenum", type=kind, key=first.key, tail_at=match.end(), term=first.term,
        members=tuple(members),
    )  # fmt: skip


def _core_end(text: Shadow, match: re.Match[str], terms: list[tuple[int, int, int]]) -> int:
    # "(khóa XI, XII)": the first core ends with its own term, the second is "XII".
    return terms[0][2] if len(terms) > 1 else match.end()


def _congress(text: Shadow, head: re.Match[str], kind: str, query: bool) -> Found | None:
    match = _CONGRESS.match(text.lower, head.end())
    if not match:
        return None
    number = _number(text, match, "ordinal", query)
    if not 1 <= number <= 30:
        return None
    term = roman(number)
    end = match.end()
    return Found(
        start=head.start(), end=end, kind="congress", type=kind, key=f"{kind}-ĐH/TW/{term}", tail_at=end, term=term
    )


_READERS: Final = (_local_plenum, _local_congress, _congress, _plenum)
_ONE_NUMBER: Final = re.compile(rf"(?:thu[ ]+(?P<words>{WORDS}))|(?P<digits>\d{{1,2}})|(?<![a-z])(?P<roman>{ROMAN})")


def _numbers(text: Shadow, match: re.Match[str], group: str, query: bool) -> list[tuple[int, int, int]]:
    """(number, start, end) of every ordinal in a group; Roman numerals only in capitals, unless it is a query."""
    start, end = match.span(group)
    found = []
    for one in _ONE_NUMBER.finditer(text.lower, start, end):
        span = one.span(one.lastgroup or 0)
        if one["roman"] and not (query or _is_roman(text, *span)):
            continue
        found.append((ordinal(text.lower[span[0] : span[1]]), *span))
    return [each for each in found if each[0]]


def _is_roman(text: Shadow, start: int, end: int) -> bool:
    # "VÌ" in a heading has the letters of VI.
    return text.cased[start:end].isupper() and text.written(start, end).isascii()


def _number(text: Shadow, match: re.Match[str], group: str, query: bool) -> int:
    numbers = _numbers(text, match, group, query)
    return numbers[0][0] if numbers else 0


def _place(text: Shadow, match: re.Match[str], group: str) -> tuple[str, str]:
    """The place that a text names and the one that its key gets: they differ for a bare "TP"."""
    if not match[group]:
        return "", ""
    written = text.written(*match.span(group))
    place = place_of(written)
    return place, place or BARE.get(" ".join(match[group].split()), "")
