"""What a reader yields beside Records: Bad for what is skipped, Note for what a person should know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from searchapp.article import Record

About: TypeAlias = Literal["date", "keys", "encoding", "quality", "cut"]


@dataclass(frozen=True, slots=True)
class Bad:
    """A file (row 0), a row of it or a member of an archive (path "a.zip/b.pdf") that is skipped, and why."""

    path: str
    row: int
    reason: str

    def __str__(self) -> str:
        where = f"{self.path}, line {self.row}" if self.row else self.path
        return f"{where}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was read, but not as it stands.

    about: "date" cannot be understood and is left empty; "keys" nobody knows (once a file for each key); "encoding"
    that was converted (text is its name); "quality" that makes the text suspicious; "cut" where a limit was reached.
    """

    path: str
    row: int
    about: About
    text: str

    def __str__(self) -> str:
        where = f"{self.path}, line {self.row}" if self.row else self.path
        return f"{where}: {self.text}"


Item: TypeAlias = Record | Bad | Note
Items: TypeAlias = Iterator[Item]
Report: TypeAlias = Callable[[Note], None]
