"""The items that a reader yields beside Records: Bad for a skipped part, Note for a remark to a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from searchapp.article import Record
from searchapp.errors import BadRecordError, PassingError, SkipCode
from searchapp.text.encodings import Decoded

PAPERS: Final = (".pdf", ".docx", ".docm", ".doc", ".odt", ".rtf", ".txt", ".tif", ".tiff")
"""Files whose rows are documents, one after the other."""

About: TypeAlias = Literal["date", "keys", "encoding", "quality", "cut", "pages", "waiting", "scan", "recognised"]


@dataclass(frozen=True, slots=True)
class Bad:
    """A skipped file (row 0), row of a file or member of an archive (path "a.zip/b.pdf"), with the reason.

    passing: the fault may pass (no permission, an I/O error, a busy machine, a missing program). The next run reads the
    file again, and its old articles stay until then.

    waiting: how many pages of a scan wait for OCR; waiting is no fault.

    code: the kind of reason, by which pages and metrics count.
    """

    path: str
    row: int
    reason: str
    passing: bool = False
    waiting: int = 0
    code: SkipCode = "other"

    @classmethod
    def of(cls, path: str, row: int, error: BadRecordError) -> Bad:
        """Return the Bad for an error."""
        return cls(path, row, str(error), passing=isinstance(error, PassingError), code=error.code)

    def __str__(self) -> str:
        return f"{_where(self.path, self.row)}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on content that was read, but not as it stands.

    about says the kind. "date": nobody understands it, so it is empty. "keys": nobody knows them (one note a file and
    key). "encoding": it was converted (text is its name). "quality": the text is suspicious. "cut": a limit was
    reached. "pages": pages of a site that are no articles. "waiting": pages that OCR has not read yet (count: how
    many). "scan": a page that OCR cannot read. "recognised": pages that OCR has read (count: pages; text: words mended
    and words doubtful).
    """

    path: str
    row: int
    about: About
    text: str
    count: int = 0

    def __str__(self) -> str:
        return f"{_where(self.path, self.row)}: {self.text}"


def _where(path: str, row: int) -> str:
    one = "document" if path.lower().endswith(PAPERS) else "line"
    return f"{path}, {one} {row}" if row else path


def waiting_in(problem: Bad | Note) -> int:
    """Return how many pages wait for OCR, by the text of a file's problem."""
    if isinstance(problem, Bad):
        return problem.waiting
    return problem.count if problem.about == "waiting" else 0


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a page, sitemap or feed names. changed: the day that it states, ISO; kind: the kind of the
    target.
    """

    url: str
    kind: Literal["page", "sitemap"] = "page"
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """The facts that a crawl needs of a page, sitemap or feed beside its links.

    canonical: the address that the page gives itself; robots: its metadata for robots; words: hash of all its letters,
    0 without any; prose: hashes of its longest sentences outside of links, hexadecimal, with blanks between; refresh:
    the address that it leads to by itself at once.
    """

    kind: Literal["page", "sitemap", "feed"]
    title: str = ""
    canonical: str = ""
    robots: str = ""
    words: int = 0
    prose: str = ""
    refresh: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """A document with pictures as pages. pages: the address of each page in its file, "" where `texts` has the page.

    usable: 1 where its text alone is worth publishing before OCR has read the pictures.
    """

    path: str
    pages: tuple[str, ...]
    texts: tuple[str, ...]
    usable: int = 0

    def as_bad(self, place: str) -> Bad:
        """Return the Bad for a scan whose pictures cannot be reached again."""
        return Bad(self.path, 0, f"a scan in {place}: save it as a file of its own", code="scan")


@dataclass(frozen=True, slots=True)
class SheetImage:
    """A page of text to recognise, or to show. png: its picture, base64 (to show: JPEG).

    left, right: the sheet's part of its page, millionths of the width; turn: quarter turns to the left so far; angle:
    thousandths of a degree by which the page was turned after those.
    """

    png: str
    width: int
    height: int
    left: int
    right: int
    turn: int
    angle: int


def converted(path: str, found: Decoded) -> Iterator[Note]:
    """Yield a note for each way in which a text was not plain Unicode."""
    for name in (*((found.encoding,) if found.encoding != "utf-8" else ()), *found.mended):
        yield Note(path, 0, "encoding", name)


Item: TypeAlias = Record | Bad | Note | Scan
Found: TypeAlias = Outline | Link | Bad | SheetImage
Items: TypeAlias = Iterator[Item]
Report: TypeAlias = Callable[[Note], None]
