"""Put what an official document says of itself into the record of its file, its row or its page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise, takewhile, zip_longest
from typing import Final
from urllib.parse import unquote

from searchapp.article import Record
from searchapp.citations.find.vocabulary import loose
from searchapp.dates import display, parse_date
from searchapp.readers import boilerplate, own_number, signatory, subject
from searchapp.readers.dateline import day_in, is_dateline
from searchapp.readers.heading import CONSOLIDATED, HEAD_LINES, PRECEDENT, Heading, begins_body, find, type_of_states
from searchapp.readers.institutions import INSTITUTION, cased
from searchapp.readers.issuer import MAX_CHARS, MOTTO, YOUTH, canonical
from searchapp.text.normalize import fold, normalize

_MOTTOS: Final = 5  # places of a page that may head a document
_BEGINNING: Final = 1_000
"""The characters at the beginning where the motto of an official document stands."""
_ARTICLE: Final = r"Điều (?P<number>\d{1,4}[a-zđ]{0,2})"
# "(Điều 12 Luật số 59/2020/QH14, có hiệu lực …)"; the short form says only "Điều 12".
_NOTE: Final = re.compile(rf"\(*\s*{_ARTICLE}(?:(?=\)*$)| (?:của )?(?=[A-ZĐ])(?:[^\d;,]{{2,40}}?số:? (?P<of>\d.*))?)")
_LONG: Final = 120  # characters of a number in a note: that of a joint circular names six ministries
_HEADED: Final = re.compile(rf"{_ARTICLE}(?:[.:](?!\S)|$)")
_FRAGMENT: Final = re.compile(r"(?:.*[_-])?dieu[_-]?(?P<number>\d{1,4}[a-zđ]{0,2})")
_FIRST: Final = re.compile(r"^Điều 1[.:] ", re.MULTILINE)
_SECOND: Final = re.compile(r"^Điều 2[.:] ", re.MULTILINE)


def applied(record: Record, heading: Heading | None) -> Record:
    """Return the record, with facts from the heading where the record itself says nothing."""
    if heading is None:
        return record
    return replace(
        record,
        title=heading.title or record.title,
        number=record.number or heading.number,
        kind=record.kind or heading.type,
        issuer=record.issuer or heading.issuer,
        date=record.date or heading.date,
        signer=record.signer or heading.signer,
        basis=record.basis or heading.basis,
    )


def completed(record: Record) -> Record:
    """Return the record of a row or front matter, completed by the official document's own text."""
    beginning = record.text[:_BEGINNING]
    if record.number or not (MOTTO.search(beginning) or YOUTH.search(beginning)):
        return record
    found = applied(record, find(record.text.split("\n"), "" if record.row else record.path))
    return replace(found, title=record.title or found.title)


def stated(record: Record, heading: Heading | None) -> Record:
    """Return the record of a page around a document: the facts of the document win over facts of the page."""
    if heading is None:
        return record
    bare = replace(record, date="", author="", number="", kind="", issuer="", signer="", basis=())
    return applied(replace(bare, date="" if heading.date else record.date), heading)


_LABELS: Final = {
    "so ky hieu": "number", "so, ky hieu": "number", "so/ky hieu": "number", "so hieu": "number",
    "so ki hieu": "number", "so van ban": "number", "so hieu van ban": "number", "so - ky hieu": "number",
    "so va ky hieu": "number", "so/ki hieu": "number", "so, ki hieu": "number", "so ky hieu van ban": "number",
    "ngay ban hanh": "date", "ngay ky": "date", "ngay van ban": "date",
    "loai van ban": "type", "the loai": "type", "the loai van ban": "type", "hinh thuc van ban": "type",
    "co quan ban hanh": "issuer", "noi ban hanh": "issuer", "don vi ban hanh": "issuer",
    "nguoi ky": "signer", "nguoi ky duyet": "signer",
    "trich yeu": "title", "trich yeu noi dung": "title", "noi dung trich yeu": "title",
}  # fmt: skip
"""What portals call the facts of a document, in the table above its text or its file."""
_LEAST: Final = 3  # facts with the number; fewer stand in any article


def tabled(lines: Sequence[str]) -> Heading | None:
    """Return the facts of the one document that a page tells in a table of facts; None where it tells none or several.

    A label stands in a line with its value, or in the line above it.
    """
    told: dict[str, set[str]] = {}
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):  # a page may have no line at all
        label, _, rest = line.partition(":")
        fact = _LABELS.get(" ".join(fold(label).split()), "") if len(label) < _LABEL else ""
        value = rest.strip() or ("" if " ".join(fold(following.rstrip(" :")).split()) in _LABELS else following)
        if fact and (said := _fact(fact, value)):
            told.setdefault(fact, set()).add(said)
    if len(told) < _LEAST or len(told.get("number", ())) != 1:
        return None
    only = {fact: next(iter(said)) if len(said) == 1 else "" for fact, said in told.items()}
    return Heading(
        number=only["number"],
        type=only.get("type") or own_number.type_in(only["number"]),
        issuer=only.get("issuer", ""),
        date=only.get("date", ""),
        title=only.get("title", ""),
        signer=only.get("signer", ""),
    )


def with_table(heading: Heading | None, lines: Sequence[str]) -> Heading | None:
    """Return the heading of a document on a page; the page's table of facts tells what was only stamped on the
    paper.
    """
    table = tabled(lines)
    if heading is None or table is None or heading.number not in ("", table.number):
        return heading or table
    date = table.date if table.date.startswith(heading.date) else heading.date
    return replace(
        heading,
        number=table.number,
        issuer=heading.issuer or table.issuer,
        date=date,
        signer=heading.signer or table.signer,
    )


_LABEL: Final = 25  # letters


def _fact(fact: str, said: str) -> str:
    """Return a fact as the records have it, "" for what is none."""
    if fact == "number":
        return own_number.alone(said)
    if fact == "date":
        return parse_date(said) if len(said) < _LABEL else ""
    if fact == "type":
        return subject.alone(said.upper())
    if fact == "signer":
        return signatory.name_of(said)
    if fact == "issuer":
        return canonical(cased(said) if said.isupper() else said) if len(said) < MAX_CHARS else ""
    return said


def document_within(lines: Sequence[str]) -> Sequence[str]:
    """Return the lines of the official document on a page, from its issuer to its signer; empty without a document."""
    for motto in islice((number for number, line in enumerate(lines) if _heads(lines, number)), _MOTTOS):
        if found := _from_motto(lines, motto):
            return found
    return ()


def documents(lines: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return each official document of several in one file: its row, and where its lines begin and end; else all lines.

    The first one has row 0: its article keeps the address that the file has as one article. The others count from 2.
    Such are a whole issue of a gazette, and a letter with the decisions that it sends. Each document has a letterhead
    with a number, and the one before names who signs. Text above the first one is a part where it says much.
    """
    cells = ((number, " ".join(cell.split())) for number, line in enumerate(lines) for cell in line.split(" | "))
    told = [(number, cell) for number, cell in cells if cell]
    said = [line for _, line in told]
    starts: list[int] = []
    numbers: set[str] = set()
    signed, looked, after, tried = True, 0, 0, 0
    for motto, line in enumerate(said):
        if motto < after or tried == _MOST_LETTERHEADS or not (MOTTO.search(line) or YOUTH.fullmatch(line)):
            continue
        start = _letterhead_above(said, motto, after)
        signed = signed or any(signatory.is_office(signatory.right(line)) for line in said[looked:start])
        looked = start
        number = _own_number(said, start, motto) if signed else ""
        tried += signed
        if (number and number not in numbers) or (motto < HEAD_LINES and not starts):
            starts.append(start)
            numbers.add(number)
            signed, looked, after = False, motto, motto + _OF_MOTTO
    if len(starts) < 2:
        return [(0, 0, len(lines))]
    places = [told[start][0] for start in starts]
    if sum(len(line.split()) for line in said[: starts[0]]) < _MASTHEAD:
        places[0] = 0
    parts = pairwise(sorted({0, *places, len(lines)}))
    return [(number if number > 1 else 0, start, end) for number, (start, end) in enumerate(parts, 1)]


def heading_of(lines: Sequence[str], path: str, row: int) -> Heading | None:
    """Return the heading of a document of a file; of the contents of an issue its name and day; else None.

    row: as in `documents`; only the first one may have its number from the file's name.
    """
    issue = _issue(lines)
    if issue and (letterhead := _first_letterhead(lines)) and (found := find(letterhead, "" if row else path)):
        return found  # the one document of the issue, not its masthead
    return find(lines, "" if row else path) or issue


def _first_letterhead(lines: Sequence[str]) -> Sequence[str]:
    mottos = islice((number for number, line in enumerate(lines) if MOTTO.search(line)), _MOTTOS)
    starts = ((_letterhead_above(lines, motto, 0), motto) for motto in mottos)
    return next((lines[start:] for start, motto in starts if _own_number(lines, start, motto)), ())


def _issue(lines: Sequence[str]) -> Heading | None:
    """Return what the masthead of a gazette's issue says: "CÔNG BÁO / TỈNH LÀO CAI / Số 15 + 16 / Ngày …"."""
    said = [clean for line in lines[: 2 * _LETTERHEAD] if (clean := " ".join(line.split()))][:_LETTERHEAD]
    numbered = next((n for n, line in enumerate(said) if _ISSUE.match(line)), 0)
    if not numbered or not said[0].upper().startswith("CÔNG BÁO"):
        return None
    name = " ".join(takewhile(str.isupper, said[:numbered]))
    day = day_in(said[numbered:])
    title = f"{cased(name)} {said[numbered][0].lower()}{said[numbered][1:]}"
    return Heading(number="", type="", date=day, title=f"{title}, ngày {display(day)}" if day else title)


_ISSUE: Final = re.compile(r"(?i:số):?\s?\d+(?:\s?[+-]\s?\d+)*$")
# "Thông tư số … có hiệu lực kể từ ngày …, được sửa đổi, bổ sung bởi:" begins a consolidated text.
_AMENDED_BY: Final = re.compile(r"được (?:sửa đổi|bổ sung|thay thế)(?:, (?:sửa đổi|bổ sung|thay thế))* bởi\s?:")
_OF_ASSEMBLY: Final = re.compile(r"/\d{4}/(?:UBTV)?QH\d")  # its day stands below its text
_MOST_LETTERHEADS: Final = 1_000
_OF_MOTTO: Final = 4  # lines of one motto, with rules and cells of the column beside it
_LETTERHEAD: Final = 12  # lines from the issuer to the dateline
_MASTHEAD: Final = 60  # words


def _letterhead_above(said: Sequence[str], motto: int, least: int) -> int:
    """Return the first line of a letterhead whose motto is known; the signer above is no part of it."""
    start = _column_above(said, motto)
    offices = [n for n in range(start, motto) if signatory.is_office(said[n])]
    named = [n for n in range(start, motto) if signatory.name_of(said[n])] + offices  # "NGUYỄN VĂN B1NH" of a scan:
    named += [n + 1 for n in offices if n + 1 < motto and not INSTITUTION.match(said[n + 1].lower())]
    return max(least, start, *(number + 1 for number in named))


def _own_number(said: Sequence[str], start: int, motto: int) -> str:
    """Return the number of the whole document that begins at `start`; "" for a form, an annex or a copy's stamp."""
    named = any(CONSOLIDATED.match(line.rstrip(" -–—")) for line in said[start:motto])
    if named or any(_AMENDED_BY.search(line) for line in said[motto : motto + HEAD_LINES // 2]):
        return f"VBHN {start}"  # its number stands below its text
    beside = [line for line in said[start : motto + _LETTERHEAD] if own_number.is_line(line)]
    window = said[start : start + 2 * HEAD_LINES]
    if not beside or not any(map(begins_body, window)) or (found := find(window)) is None:
        return ""
    own = re.match(r"\d+", found.number)
    if own is None or not found.type or not any(own[0] in line for line in beside):
        return ""
    dated = len(found.date) == len("2025-03-20") or _OF_ASSEMBLY.search(found.number)
    return found.number if dated else ""


def of_states(lines: Sequence[str]) -> Sequence[str]:
    """Return the lines of a constitution or a treaty on a page, which have no motto; empty without one."""
    start = next((n for n, (line, below) in enumerate(pairwise(lines[:_TOP])) if type_of_states(line, below)), -1)
    if start < 0:
        return ()
    office = signatory.found(lines, start + 1)[1]
    last = max([office, *(n for n in range(start, len(lines)) if _ENDS_TREATY.match(lines[n]))])
    while last >= 0 and last + 1 < len(lines) and signatory.name_of(lines[last + 1]):
        last += 1
    return lines[start : last + 1]


_TOP: Final = 200  # lines of a page above its document
_ENDS_TREATY: Final = re.compile(r"(?:THAY MẶT|ĐẠI DIỆN|TM\.) |(?:Làm|Ký) tại\s")


def unsigned(lines: Sequence[str]) -> Heading | None:
    """Return the heading of a numbered document on a page without its signer; where it ends, nothing tells."""
    precedents = [number for number, line in enumerate(lines[:_TOP]) if PRECEDENT.fullmatch(line)]
    if precedents:  # the page may repeat it as its own title, and lead to others
        called = lines[precedents[0]].upper()
        return find(lines[max(number for number in precedents if lines[number].upper() == called) :])
    for motto in islice((number for number, line in enumerate(lines) if _heads(lines, number)), _MOTTOS):
        found = find(lines[_column_above(lines, motto) : motto + 2 * HEAD_LINES])
        if found and found.number:
            return found
    return None


def _heads(lines: Sequence[str], number: int) -> bool:
    """Tell whether a line is the motto over a document: a paper of the Party or the Youth Union has a number or a day
    beside it, unlike the banner of a portal.
    """
    line = lines[number]
    if line.startswith("Độc lập - Tự do - Hạnh phúc"):
        return True
    if line != "ĐẢNG CỘNG SẢN VIỆT NAM" and not YOUTH.fullmatch(line):
        return False
    above, below = lines[max(0, number - 3) : number], lines[number + 1 : number + 4]
    return any(map(own_number.is_line, (*above, *below))) or any(map(is_dateline, below))


def _from_motto(lines: Sequence[str], motto: int) -> Sequence[str]:
    if not any(begins_body(line) for line in lines[motto : motto + 2 * HEAD_LINES]):
        return ()
    start = _column_above(lines, motto)
    name = motto
    while (office := signatory.found(lines, name + 1)[1]) >= 0 and (name == motto or office - name < _NEXT_SIGNER):
        below = range(office + 1, len(lines))
        name = next((n for n in below if signatory.name_of(signatory.right(lines[n]))), office)
    if name == motto:
        return ()
    found = lines[start : name + 1]
    return found if find(found) else ()


_NEXT_SIGNER: Final = 4  # lines between a signer and the office of the next one
_MATTER_LINES: Final = 6  # the narrow lines of a letter's matter, beside the motto


def _column_above(lines: Sequence[str], motto: int) -> int:
    """Return the first line of the column beside the motto: the issuer, a rule, the number, the matter of a letter."""
    start = motto
    for number in range(motto - 1, max(-1, motto - 1 - _MATTER_LINES), -1):
        if subject.LETTER.match(lines[number]) and number and own_number.is_line(lines[number - 1]):
            start = number
            break
    least = max(0, start - HEAD_LINES // 4)
    while start > least and _above_motto(lines[start - 1]):
        start -= 1
    return start


def _above_motto(line: str) -> bool:
    """Tell whether a line may stand in the column beside the motto: the issuer, a rule, the number."""
    return line.isupper() or subject.RULE.fullmatch(line) is not None or own_number.is_line(line)


_ANNEX_STARTS: Final = re.compile(
    r"(?:PHỤ LỤC|DANH MỤC|MẪU|BIỂU|QUY CHẾ|QUY ĐỊNH|ĐIỀU LỆ|NỘI QUY|KẾ HOẠCH|ĐỀ ÁN|CHƯƠNG TRÌNH|QUY TRÌNH"
    r"|QUY CHUẨN)(?!\w)"
)
_NOTE_STARTS: Final = re.compile(r"\[\d{1,3}\]\s")
_ANNEXED: Final = re.compile(r"[Kk]èm theo\s")
_ANNEX_HEAD: Final = 15
"""The lines below the signature within which an annex has begun and has named its document."""
_WITHOUT_OWN: Final = ("PHỤ LỤC", "MẪU", "BIỂU", "DANH MỤC")


def annexes(after: Sequence[str]) -> Sequence[str]:
    """Return the annexes and notes below the signature of a document on a page, up to what belongs to the page.

    An annex is headed in capitals. Only appendices and forms need not say whose they are.
    """
    for number, line in enumerate(after[:_ANNEX_HEAD]):
        if boilerplate.ends(line):
            break
        if _NOTE_STARTS.match(line):
            return _of_the_document(after[number:])
        if _ANNEX_STARTS.match(line) and line.isupper():
            named = any(_ANNEXED.search(one) for one in after[number : number + _ANNEX_HEAD])
            if named or line.startswith(_WITHOUT_OWN):
                return _of_the_document(_with_letterhead(after, number))
    return ()


def _of_the_document(lines: Sequence[str]) -> Sequence[str]:
    return lines[: next((n for n, line in enumerate(lines) if boilerplate.ends(line)), len(lines))]


def _with_letterhead(after: Sequence[str], headed: int) -> Sequence[str]:
    """Return the lines of an annex; the letterhead above its heading belongs to it."""
    start = headed
    while start and (_above_motto(after[start - 1]) or MOTTO.search(after[start - 1])):
        start -= 1
    return after[start:]


def provision_of(record: Record) -> str:
    """Return the number of the one Điều that a record is, by the note of a collection, its address or its heading.

    Return "" where nothing says it, where they contradict each other, and for a text of several Điều.

    >>> provision_of(Record(text="1. Cá nhân …", url="https://vbpl.vn/toan-van?ItemID=7#Chuong_II_Dieu_12"))
    '12'
    """
    said = set(_provisions(record))
    if len(said) != 1 or MOTTO.search(record.text[:_BEGINNING]) or _has_several(record.text):
        return ""
    return said.pop()


def _has_several(text: str) -> bool:
    """Tell whether a text has Điều of its own. Two searches: one pattern for both would go back at every "Điều 1"."""
    first = _FIRST.search(text)
    return first is not None and _SECOND.search(text, first.end()) is not None


def _provisions(record: Record) -> Iterator[str]:
    """Yield the Điều that a record states to be, from each place; "" where a place speaks of another document."""
    first, *below = normalize(record.text[:_BEGINNING]).strip().split("\n")[:3]
    title = normalize(record.title)
    notes = [line for line in (first, *below) if line.startswith("(") and line.rstrip(". ").endswith(")")]
    for note, alone in ((normalize(record.cite), True), *((line, False) for line in notes)):
        if (found := _NOTE.match(note)) and (alone or found["of"]):
            same = not found["of"] or f"{loose(found['of'][:_LONG])}/".startswith(f"{loose(record.number)}/")
            yield found["number"].lower() if same else ""
    if found := _FRAGMENT.fullmatch(unquote(record.url.partition("#")[2]).lower()):
        yield found["number"]
    part = record.document_title and record.document_title != record.title
    for heading in (title or first, first if part else ""):
        if found := _HEADED.match(heading):
            yield found["number"].lower()
