"""Files that nobody put there: hidden ones, and what Windows, Word and macOS leave in every folder."""

from __future__ import annotations

import re
from typing import Final

_LITTER: Final = re.compile(r"\.|~\$|__MACOSX$|(?:eh)?thumbs\.db$|desktop\.ini$", re.IGNORECASE)


def is_litter(name: str) -> bool:
    """Whether a file is such, by its name or one of the folders in it.

    >>> is_litter("van-ban/~$qd-12.docx"), is_litter("__MACOSX/._a.txt"), is_litter("van-ban/qd-12.docx")
    (True, True, False)
    """
    return any(_LITTER.match(part) for part in name.split("/") if part not in ("", ".", ".."))
