"""Cut the article out of a portal page saved as text, without navigation, boxes, link lists, dateline and by-line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from searchapp.dates import parse_date
from searchapp.text.normalize import fold

# Headings that end an article: lists of other articles, comments, the foot of the page.
_END: Final = re.compile(
    r"""(?: (?:cac|nhung)?\s?(?:tin|bai)(?:\s(?:bai|viet|tuc))?
              \s(?:khac|da\sdua|cu\shon|moi\shon|cung\schuyen\smuc|cung\sloai)
          | (?:cac|nhung)\stin,?\sbai\s(?:viet\s)?khac
          | xem\stin\stheo\sngay | tin\sda\sdang | y\skien\sban\sdoc | binh\sluan(?:\s\(?\d+\)?)? | gui\sbinh\sluan
          | (?:thong\ske|luot)\struy\scap | lien\sket\s(?:website|trang)
          | (?:tro\s)?ve\sdau\strang
          | ban\squyen\s(?:thuoc|cua)\b.* | \(c\)\scopyright\b.* )""",
    re.VERBOSE,
)
# Headings of boxes: the links below them go; the article may go on after them.
_BOX: Final = re.compile(
    r"""(?: (?:tin|bai|tin\sbai)(?:\sviet)?\s(?:lien\squan|noi\sbat|moi(?:\snhat)?|doc\snhieu|xem\snhieu)
          | (?:xem|doc)\s(?:them|nhieu|tiep)(?:\snhat)? | tin\stuc\s-\ssu\skien | hinh\sanh(?:\shoat\sdong)? | video
          | thu\svien\s(?:anh|video) | quang\scao | chia\sse | in\strang | gui\semail | tu\skhoa | the\stin )""",
    re.VERBOSE,
)
_DOUBLED: Final = re.compile(r"(.{3,80})\s\1")
_CRUMBS: Final = re.compile(r"\s*[>»›]\s*")
_LINK: Final = re.compile(r".*\(\s*\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}\s*\)")
_DATELINE: Final = re.compile(
    r"\(?(?P<source>(?:[A-Za-z0-9-]+\.)+(?:com\.vn|gov\.vn|org\.vn|net\.vn|edu\.vn|vn|com|net|org))\)?\s*[-–—:]+\s*"
)
# Words around a date on a line of its own.
_AROUND_DATE: Final = re.compile(
    r"""(?:(?:tac\sgia|nguoi\sdang|dang\sboi|nguon|by)\s?:?\s[a-z. ]{2,60}?\s?[-–|,•·]\s?)?
         (?:[]\d\s/.,:;|()+–•·'’"\[-] | thu\s(?:hai|ba|tu|nam|sau|bay|[2-7]) | chu\snhat | t[2-7]\b | cn\b
         | ngay | thang | nam | duoc | dang | cap\snhat | posted | published | updated
         | (?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b
         | xuat\sban | phat\shanh | tao | luc | gio | cuoi | lan | thoi\sgian | luot\s(?:xem|doc|truy\scap) | views?
         | (?:(?<=thang\s)(?:muoi\s(?:mot|hai)|muoi|mot|hai|ba|tu|bon|sau|bay|tam|chin|gieng|chap))
         | tin | bai | utc | ict
         | gmt | [ap]m\b | sa\b | ch\b | \d{1,2}h\d{0,2} | [hg]\b )+""",
    re.VERBOSE,
)
_BYLINE: Final = re.compile(
    r"(?:tác giả|bài(?:,| và) ảnh|tin(?:,| và) ảnh|tin, bài|thực hiện|biên tập|người viết)\s*:\s*(?P<name>\S.{0,60})",
    re.IGNORECASE,
)
_NAME_WORD: Final = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]*|[^\W\d_]+(?:\.[^\W\d_]+)?")
_PROSE_CHARS: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An article cut out of its page; a fact that the page does not say is ""."""

    body: tuple[str, ...]
    title: str = ""
    section: str = ""
    source: str = ""
    author: str = ""
    date: str = ""


def page(lines: list[str]) -> Page:
    """Return the article on a page of lines (one a paragraph, none blank). A text without a page
    around it stays whole.
    """
    kept = _without_lists(lines)
    start = next((number for number, line in enumerate(kept) if is_prose(line)), len(kept))
    head, body = kept[:start], kept[start:]
    date = next((parse_date(line) for line in head if is_date_line(line)), "")
    sections = [(number, name) for number, line in enumerate(head) if (name := _section(line))]
    title = ""
    # Navigation is everything above the section's name; the title follows that name.
    if sections:
        head = head[sections[-1][0] + 1 :]
    head = [line for line in head if not is_date_line(line)]
    if sections and head:
        title = head.pop(0)
    body, author = byline(head + body)
    body, source = dateline(body)
    section = sections[-1][1] if sections else ""
    return Page(body=tuple(body), title=title, section=section, source=source, author=author, date=date)


def ends(line: str) -> bool:
    """Tell whether a line heads what follows an article on its page: other articles, comments, the foot of the page."""
    return _END.fullmatch(fold(_DOUBLED.sub(r"\1", line)).strip(" :.")) is not None


def is_prose(line: str) -> bool:
    """Tell whether a line is a sentence or more of an article, not a link, heading or label."""
    return len(line) >= _PROSE_CHARS and bool(re.search(r"[.!?…:;][”\")]?(?:\s|$)", line)) and not _LINK.fullmatch(line)


def is_date_line(line: str) -> bool:
    """Tell whether a line says only when the article appeared."""
    return len(line) <= 100 and bool(parse_date(line)) and bool(_AROUND_DATE.fullmatch(fold(line)))


def dateline(body: list[str]) -> tuple[list[str], str]:
    """Return the paragraphs without their opening source, "(Thanhuytphcm.vn) – …", and that source."""
    for number, line in enumerate(body[:3]):
        if found := _DATELINE.match(line):
            rest = [line[found.end() :]] if line[found.end() :] else []
            return body[:number] + rest + body[number + 1 :], found["source"]
    return body, ""


def byline(body: list[str]) -> tuple[list[str], str]:
    """Return the paragraphs without the by-line after the last one, and the author."""
    if len(body) < 2:
        return body, ""
    last = body[-1].strip("()*. ")
    if found := _BYLINE.fullmatch(last):
        return body[:-1], found["name"]
    words = re.split(r"\s*[-–,]\s*|\s+", last)
    initials = re.fullmatch(r"(?:[^\W\d_]\.)+\s?[^\W\d_]{2,}", last)
    named = len(last) <= 60 and (1 < len(words) <= 10 or initials)
    if named and is_prose(body[-2]) and all(_NAME_WORD.fullmatch(word) and word[0].isupper() for word in words):
        return body[:-1], last
    return body, ""


def _without_lists(lines: list[str]) -> list[str]:
    """Return the lines without lists of other articles: from an ending heading to the end, or until prose goes on."""
    kept: list[str] = []
    prose = in_box = False
    for line in lines:
        if prose and ends(line):
            break
        label = fold(_DOUBLED.sub(r"\1", line)).strip(" :.")
        if prose and (_BOX.fullmatch(label) or _DOUBLED.fullmatch(line)):
            in_box = True
        elif not in_box or is_prose(line):
            in_box = False
            prose = prose or is_prose(line)
            kept.append(line)
    links = next((n for n, line in enumerate(reversed(kept)) if not _LINK.fullmatch(line)), 0)
    return kept[: len(kept) - links] if links > 1 else kept


def _section(line: str) -> str:
    """Return the section's name in a line: said twice ("Thời sự Thời sự"), or at the end of a path from home."""
    if doubled := _DOUBLED.fullmatch(line):
        return doubled[1]
    crumbs = [part for part in _CRUMBS.split(line) if part]
    return crumbs[-1] if len(crumbs) > 1 and (len(crumbs) > 2 or fold(crumbs[0]) == "trang chu") else ""
