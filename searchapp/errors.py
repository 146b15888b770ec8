"""Every error with a message for a person, as one tree.

SearchappError                 one line that says what to do next; a bug keeps its own type and traceback
├── UsageError                 the command line or a parameter is off                     exit 2
├── SettingsError              searchapp.toml or SEARCHAPP_* is off                       exit 78
├── BadQueryError              absurd input in the search box or the URL (Vietnamese)     HTTP 400
│   └── BadCursorError         a place in a result list that is none
├── BadRecordError             a file or row that is skipped and named in the report      exit 3 in the end
│   └── PassingError           a file that could not be read now, but may be later
├── StateError             a file of what visitors leave cannot be used     exit 1, 74 or 75, HTTP 503
├── MissingExtraError          an optional library is not installed                       exit 1
└── IndexProblemError          the index cannot answer                                    exit 1, HTTP 503
    ├── NoIndexError           nothing has been indexed yet
    ├── StaleIndexError        built by another schema or analyzer version
    ├── CorruptIndexError      a damaged, missing or foreign file
    ├── UnsafeIndexError       the index folder can be written by others
    ├── ShrunkIndexError       a build lost so many articles that it is not published
    ├── BusyIndexError         another reindex is running                                 exit 75
    └── EngineUnavailableError the engine does not answer in time
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias, get_args

SkipCode: TypeAlias = Literal[
    "scan", "damaged", "foreign", "locked", "empty", "limit", "twice", "link", "format", "other"
]
"""The kind of reason for which a file or row is skipped; "other" is damage of any kind."""
SKIP_CODES: Final[tuple[SkipCode, ...]] = get_args(SkipCode)


class SearchappError(Exception):
    """An error that a person can act on: str() is one line with the next step."""

    exit_code = 1


class UsageError(SearchappError):
    """A command or parameter without a meaning."""

    exit_code = 2


class SettingsError(SearchappError):
    """A setting that is unknown, of the wrong type or out of range."""

    exit_code = 78


class BadQueryError(SearchappError):
    """An absurd input; the message is Vietnamese and shown to the visitor.

    english: the same for an English page; field: the wrong parameter; allowed: the values it could have had.
    """

    exit_code = 2

    def __init__(self, message: str, english: str = "", *, field: str = "q", allowed: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.english = english or message
        self.field = field
        self.allowed = allowed


class BadCursorError(BadQueryError):
    """A place in a result list that no engine gave, or that is gone."""

    def __init__(self) -> None:
        super().__init__(
            "Vị trí trong danh sách không còn hợp lệ. Hãy mở lại danh sách từ trang đầu.",
            "This place in the list is no longer valid. Open the list again from its first page.",
            field="sau",
        )


class BadRecordError(SearchappError):
    """A file or row that cannot be indexed; str() is the reason for the report, code its kind."""

    def __init__(self, reason: str, *, code: SkipCode = "other") -> None:
        super().__init__(reason)
        self.code: SkipCode = code


class PassingError(BadRecordError):
    """A file that could not be read now, but may be later: a program is missing, the machine was busy."""


class StateError(SearchappError):
    """A file of the folder `state` that cannot be used now; exit_code: by its cause."""

    def __init__(self, reason: str, exit_code: int = 1) -> None:
        super().__init__(reason)
        self.exit_code = exit_code


class MissingExtraError(SearchappError):
    """An optional library is missing; str() names the extra that installs it."""


class IndexProblemError(SearchappError):
    """The index cannot answer."""


class NoIndexError(IndexProblemError):
    """Nothing has been indexed yet."""


class StaleIndexError(IndexProblemError):
    """The index was built by another schema or analyzer version."""


class CorruptIndexError(IndexProblemError):
    """A damaged, missing or foreign file in a generation."""


OF_THE_PROCESS: Final = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)
"""Errors that prove nothing about a file: this process, or the system, can open no more files."""


def damage(error: BaseException, said: str) -> BaseException:
    """Return what to raise for a file that cannot be read: the error itself where the file is not to blame.

    >>> damage(ValueError("cut short"), "a.npy: cut short")
    CorruptIndexError('a.npy: cut short')
    >>> damage(OSError(errno.EMFILE, "Too many open files"), "a.npy: damaged")
    OSError(24, 'Too many open files')
    """
    if isinstance(error, OSError) and error.errno in OF_THE_PROCESS:
        return MemoryError(said) if error.errno == errno.ENOMEM else error
    return CorruptIndexError(said)


class UnsafeIndexError(IndexProblemError):
    """The index folder could have been written by somebody else."""


class ShrunkIndexError(IndexProblemError):
    """A build that lost so many articles that it is not published; skipped: lines about the unread files."""

    def __init__(self, message: str, skipped: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.skipped = tuple(skipped)


class BusyIndexError(IndexProblemError):
    """Another reindex holds the writer lock."""

    exit_code = 75


class EngineUnavailableError(IndexProblemError):
    """The engine is down, slow or overloaded."""


class SearchappWarning(UserWarning):
    """Something works, but not as well as it could."""
