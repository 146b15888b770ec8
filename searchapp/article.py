"""The nouns of the archive: a Record as read, an Article as indexed, its Citations, and the Documents they mean."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, fields
from typing import Final

CONTINUED: Final = re.compile(r" \(tiếp theo Công báo số (?P<issues>\d{1,4}(?: \+ \d{1,4})*)\)$")
"""The end of the title of a part that continues a document of an earlier issue of the gazette."""

OWN: Final = -1
"""A carrier: the document that the article itself is."""

FILE: Final = 1 << 62
"""The rank of a Record from a file that people keep."""
FEED: Final = 0
"""The rank of a Record from an entry of a feed, which may be only the beginning of the article."""

PART: Final = "part:"
"""The scheme of a picture within the file of an article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """The reliability of a text that OCR read from a scan, and its places on the pages.

    confidence: mean of its letters, 0 to 1; pages: how many were recognised. Places count in the text, start and end:
    doubtful: the words may be wrong; mended: with the words as OCR read them. lines: start in the text, page (from 1),
    then left, top, right and bottom on it in ten-thousandths of its sides.
    """

    confidence: float
    pages: int
    doubtful: tuple[tuple[int, int], ...] = ()
    mended: tuple[tuple[int, int, str], ...] = ()
    lines: tuple[tuple[int, int, int, int, int, int], ...] = ()

    def page_at(self, place: int) -> int:
        """Return the page of the line that a place of the text stands in, 0 before the first recognised line."""
        at = bisect_right(self.lines, place, key=lambda line: line[0])
        return self.lines[at - 1][1] if at else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A part of a source that is no text, with the words around it: its place is known once the text is final.

    kind: "page" (a page begins here), "image", "video", "audio", "note" (the mark of a footnote) or "row" (of a table
    with merged cells). before, after: words of one line each. label: number of the page, sign of the note, caption, or
    cells of the row: columns x rows, "-" before a cell without text. note: the first words of the footnote.
    url: of a picture or film; for a picture within the file `PART`, its name and its size in points
    ("part:word/media/image1.png#640x480").
    """

    kind: str
    before: str = ""
    after: str = ""
    label: str = ""
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An Anchor at its place in the text of an article. to: where its footnote begins, else -1."""

    kind: str
    at: int
    label: str = ""
    url: str = ""
    to: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One article as a reader read it, every fact still as written.

    signer, basis: of an official document, its signer and its "Căn cứ …", one by one. path: its file, relative to the
    PATH given to `reindex`; row: its line in a JSONL file, its place in a file of several documents, else 0. rank: of
    several copies of one article the highest is served: FILE, the seconds since 1970 of a captured page, FEED.
    document_title: the name of the document of which this is a part ("Luật Thanh niên" for its Điều 1). cite: the note
    by which a collection names this part ("(Điều 1 Luật số 57/2020/QH14, có hiệu lực …)").
    anchors: pages, pictures, footnotes and merged cells of the source, in order.
    """

    text: str
    title: str = ""
    id: str = ""
    date: str = ""
    section: str = ""
    source: str = ""
    url: str = ""
    author: str = ""
    kind: str = ""
    number: str = ""
    issuer: str = ""
    signer: str = ""
    basis: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    path: str = ""
    row: int = 0
    rank: int = FILE
    document_title: str = ""
    cite: str = ""
    ocr: Recognition | None = None
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A place where a text names a document; its words (`key`) are kept apart from its meaning (`document`).

    start, end: code points in the text as given, the core without its tail; kind: number, lawno, short, plenum,
    congress, local-plenum or named; type: the code (NQ, CT, QĐ, QĐi, Luật …); key: as written and tidied, "57-NQ/?"
    without an issuer; date: ISO, cut to its known parts; document: a slug or "" when unresolved; how: the rule that
    found it (docs/citations.md); sure: 0 to 1. about: the title that a text gives a number, as written; or the subject
    of a plenum's resolution in ASCII letters ("cong tac dan so"), since a plenum adopts several. carrier: start of the
    citation whose document carries this one out by the text ("Kế hoạch … thực hiện Nghị quyết …"), or OWN; None where
    the text names none. pinpoint: named provisions of the document: "5/2/a" is Điều 5 khoản 2 điểm a.
    doubtful: OCR may have misread it.
    """

    start: int
    end: int
    text: str
    kind: str
    type: str
    key: str
    date: str = ""
    issuer: str = ""
    place: str = ""
    term: str = ""
    document: str = ""
    how: str = ""
    sure: float = 0.0
    about: str = ""
    carrier: int | None = None
    pinpoint: tuple[str, ...] = ()
    doubtful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """The effect of one document on another as a text states it, in the order of doing.

    kind: one of `citations.find.cues`; doer, target: start of a citation, or OWN for the document that the article is;
    part: provisions of the target ("5/2/a", "phu-luc-1", "mot-phan" for unnamed ones), empty for the whole; day: ISO,
    cut to its known parts, "+45" (days after the document's own day), "own" (when the doer comes into force) or "";
    until: the first day on which it holds no more; exception: the sentence makes an exception. start, end: the
    sentence, in the text as given.
    """

    kind: str
    doer: int
    target: int
    part: tuple[str, ...] = ()
    day: str = ""
    until: str = ""
    exception: bool = False
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts that an article states of itself, without its text: registry and facets are computed from them alone.

    recognised: OCR read it from a scan. provision: as in Article.
    """

    key: str
    id: str
    title: str = ""
    date: str = ""
    source: str = ""
    section: str = ""
    type: str = ""
    number: str = ""
    issuer: str = ""
    signer: str = ""
    themes: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    relations: tuple[Relation, ...] = ()
    recognised: bool = False
    document_title: str = ""
    provision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An indexed and shown article: normalised text (NFC, paragraphs by line) and the facts that it states itself.

    id: the file's own id, else its URL, else its path; key: 12 characters of its hash, for URLs. date: ISO, cut to its
    known parts: "2021-09-15", "2021-09", "2021" or "". type: slug of the document type when the article is a document
    ("nghi-quyet"), else ""; filed: how many of its themes, the first ones, its file itself names. number: its own
    document number, canonical, else "". signer, basis: its signer, and its "Căn cứ …" one by one. outline: the tree of
    its text, packed (searchapp/outline). relations: the effects between documents that it states.
    document_title: the name of the document of which this is a part, else "". provision: the number of the one Điều of
    its document that this is ("12", "35a"), else "". marks: in the order of the text.
    """

    id: str
    key: str
    title: str
    text: str
    date: str = ""
    section: str = ""
    source: str = ""
    url: str = ""
    author: str = ""
    type: str = ""
    number: str = ""
    issuer: str = ""
    signer: str = ""
    basis: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    filed: int = 0
    citations: tuple[Citation, ...] = ()
    path: str = ""
    row: int = 0
    outline: str = ""
    relations: tuple[Relation, ...] = ()
    ocr: Recognition | None = None
    document_title: str = ""
    provision: str = ""
    marks: tuple[Mark, ...] = ()

    def page_at(self, place: int) -> int:
        """Return the page of its file that a place of the text stands on, 0 where nobody knows it."""
        if self.ocr:
            return self.ocr.page_at(place)
        pages = [mark for mark in self.marks if mark.kind == "page"]
        at = bisect_right(pages, place, key=lambda mark: mark.at)
        return int(pages[at - 1].label) if at else 0

    @property
    def recognised(self) -> bool:
        """Tell whether OCR read it from a scan."""
        return self.ocr is not None

    @property
    def facts(self) -> Facts:
        """Return the article without its text: the only reduction of it."""
        return Facts(**{field.name: getattr(self, field.name) for field in fields(Facts)})

    @property
    def whole(self) -> str:
        """Return text, title and basis by line: the offsets of citations count in it."""
        return "\n".join([self.text, self.title, *self.basis])


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A Party or State document with an identity, whether we hold its text or only articles that cite it.

    slug: permanent, "thanh-uy-tphcm/nghi-quyet-05-nq-tu/2020-2025"; symbol: canonical number ("05-NQ/TU") or key of a
    congress or plenum resolution; type: type code; issuer: with its place; term: a label ("XII", "2020-2025"); article:
    key of the article that holds its text, else "".
    """

    slug: str
    symbol: str
    type: str
    issuer: str = ""
    place: str = ""
    date: str = ""
    term: str = ""
    term_id: str = ""
    title: str = ""
    aliases: tuple[str, ...] = ()
    doubtful: bool = False
    article: str = ""

    @property
    def name(self) -> str:
        """Return a reader's name for it: number and title; the title alone without a number (congresses, laws)."""
        if not self.symbol[:1].isdigit():
            return self.title or self.symbol
        return f"{self.symbol}: {self.title}" if self.title else self.symbol
