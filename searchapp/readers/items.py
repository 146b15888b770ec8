"""What a reader yields beside Records: Bad for what is skipped, Note for what a person should know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from searchapp.article import Record
from searchapp.text.encodings import Decoded

About: TypeAlias = Literal["date", "keys", "encoding", "quality", "cut", "pages", "waiting", "scan", "recognised"]


@dataclass(frozen=True, slots=True)
class Bad:
    """A file (row 0), a row of it or a member of an archive (path "a.zip/b.pdf") that is skipped, and why.

    passing: the fault may pass (no permission, an I/O error, a busy machine, a missing program). The file is read again
    at the next run, and what was served of it stays until then.

    waiting: how many pages of a scan wait for OCR, which is no fault.
    """

    path: str
    row: int
    reason: str
    passing: bool = False
    waiting: int = 0

    def __str__(self) -> str:
        where = f"{self.path}, line {self.row}" if self.row else self.path
        return f"{where}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was read, but not as it stands.

    about: "date" cannot be understood and is left empty; "keys" nobody knows (once a file for each key); "encoding"
    that was converted (text is its name); "quality" that makes the text suspicious; "cut" where a limit was reached;
    "pages" of a site that are no articles; "waiting" pages that OCR has not read yet (count: how many); "scan": a page
    that it cannot read; "recognised":
    what it read (count: pages; text: words mended and words doubtful).
    """

    path: str
    row: int
    about: About
    text: str
    count: int = 0

    def __str__(self) -> str:
        where = f"{self.path}, line {self.row}" if self.row else self.path
        return f"{where}: {self.text}"


def waiting_in(problem: Bad | Note) -> int:
    """How many pages wait for OCR by what was told of a file."""
    if isinstance(problem, Bad):
        return problem.waiting
    return problem.count if problem.about == "waiting" else 0


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a page, sitemap or feed names. changed: when, as it says, ISO; kind: of what it leads to."""

    url: str
    kind: Literal["page", "sitemap"] = "page"
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """What a crawl needs to know of a page, sitemap or feed beside its links.

    canonical: the address that the page gives itself; robots: what its metadata ask of robots; words: hash of all its
    letters, 0 without any; prose: hashes of its longest sentences outside of links, hexadecimal, with blanks between.
    """

    kind: Literal["page", "sitemap", "feed"]
    title: str = ""
    canonical: str = ""
    robots: str = ""
    words: int = 0
    prose: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """A document of which some pages are pictures. pages: for each its address in its file, "" where `texts` has it.

    usable: 1 where its text alone is worth publishing before the pictures are read.
    """

    path: str
    pages: tuple[str, ...]
    texts: tuple[str, ...]
    usable: int = 0

    def as_bad(self, place: str) -> Bad:
        """What to say of it where its pictures cannot be reached again."""
        return Bad(self.path, 0, f"a scan in {place}: save it as a file of its own")


@dataclass(frozen=True, slots=True)
class SheetImage:
    """A page of text to recognise. png: its picture, base64.

    left, right: the part of its page that it is, millionths of the width; turn: quarter turns to the left that were
    made; angle: thousandths of a degree that were made after those.
    """

    png: str
    width: int
    height: int
    left: int
    right: int
    turn: int
    angle: int


def converted(path: str, found: Decoded) -> Iterator[Note]:
    """A note for each way in which a text was not plain Unicode."""
    for name in (*((found.encoding,) if found.encoding != "utf-8" else ()), *found.mended):
        yield Note(path, 0, "encoding", name)


Item: TypeAlias = Record | Bad | Note | Scan
Found: TypeAlias = Outline | Link | Bad | SheetImage
Items: TypeAlias = Iterator[Item]
Report: TypeAlias = Callable[[Note], None]
