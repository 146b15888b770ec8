"""Why files are skipped, sorted into the few sorts that people tell apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

_SORTS: Final = (
    ("scan", r"no usable text layer"),
    ("damaged", r"text damaged|half an encoding"),
    ("foreign", r"not Vietnamese enough"),
    ("locked", r"has a password"),
    ("empty", r"no text|empty file|no article"),
    ("limit", r"larger than|longer than|more than|takes more|needs more|unpacks to|nested too deep"),
    ("twice", r"same id as"),
    ("link", r"symbolic link|not a file"),
    ("format", r"no reader for|named \.|an old Word|an archive in|not (?:a|an) |not JSON|not HTML|binary"),
)
_KNOWN: Final = [(sort, re.compile(pattern)) for sort, pattern in _SORTS]
OTHER: Final = "other"
SORTS: Final = (*(sort for sort, _ in _SORTS), OTHER)


def sort_of(reason: str) -> str:
    """The sort of a reason of a `Bad`, "other" for damage of any kind.

    >>> sort_of("no usable text layer (a scan needs OCR first)")
    'scan'
    """
    return next((sort for sort, pattern in _KNOWN if pattern.match(reason)), OTHER)


def counted(reasons: Iterable[str]) -> dict[str, int]:
    """How many of each sort, the most frequent first."""
    return dict(Counter(map(sort_of, reasons)).most_common())
