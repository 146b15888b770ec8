"""Rich text (`.rtf`), as WordPad and older programs save it."""

from __future__ import annotations

import re
from typing import Final

from striprtf.striprtf import rtf_to_text

from searchapp.errors import BadRecordError
from searchapp.readers import office
from searchapp.readers.items import Items

_CODE_PAGE: Final = re.compile(rb"\\ansicpg(\d{3,5})")
_PICTURE: Final = re.compile(rb"\{\\(?:\*\\)?(?:pict|shppict|nonshppict|object)\b[^{}]*\}")


def read(data: bytes, name: str) -> Items:
    """Yield the one Record of a rich text. Raises BadRecordError for another file."""
    found = _CODE_PAGE.search(data[:2_000])
    page = f"cp{found[1].decode()}" if found else "cp1252"
    try:
        # Pictures are most of a file and hold no text.
        text = rtf_to_text(_PICTURE.sub(b"", data).decode("latin-1"), encoding=page, errors="replace")  # type: ignore[no-untyped-call]
    except (LookupError, ValueError, IndexError, UnicodeError) as error:
        raise BadRecordError(f"not a rich text: {str(error)[:80]}", code="format") from None
    lines = [line.replace("|", " | ").strip(" |") if "|" in line else line for line in text.splitlines()]
    yield from office.record(lines, name)
