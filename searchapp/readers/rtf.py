"""Rich text (`.rtf`), as WordPad and older programs save it."""

from __future__ import annotations

import re
from typing import Final

from striprtf.striprtf import rtf_to_text

from searchapp.errors import BadRecordError
from searchapp.readers import office
from searchapp.readers.items import Items
from searchapp.readers.markup import raised

_CODE_PAGE: Final = re.compile(rb"\\ansicpg(\d{3,5})")
_PICTURE: Final = re.compile(rb"\{\\(?:\*\\)?(?:pict|shppict|nonshppict|object)\b[^{}]*\}")

_RAISED: Final = re.compile(
    rb"\{(?:\\[a-z]+-?\d*)*\\super(?:\\[a-z]+-?\d*)* ?(?P<group>[\w*()\[\]]{1,6})\}"
    rb"|\\super ?(?P<run>[\w*()\[\]]{1,6})\\(?:nosupersub|super0)(?: |(?=\\))"
)


def _lowered(found: re.Match[bytes]) -> bytes:
    before = re.sub(rb"\\[a-z]+-?\d* ?|[{}]", b"", found.string[max(0, found.start() - 60) : found.start()])
    text = raised((found["group"] or found["run"]).decode("latin-1"), before.decode("latin-1"))
    return {"²": b"\\'b2", "³": b"\\'b3"}.get(text, text.encode("latin-1"))


def read(data: bytes, name: str) -> Items:
    """Yield the one Record of a rich text. Raises BadRecordError for another file."""
    found = _CODE_PAGE.search(data[:2_000])
    page = f"cp{found[1].decode()}" if found else "cp1252"
    try:
        # Pictures are most of a file and hold no text.
        plain = _RAISED.sub(_lowered, _PICTURE.sub(b"", data))
        text = rtf_to_text(plain.decode("latin-1"), encoding=page, errors="replace")  # type: ignore[no-untyped-call]
    except (LookupError, ValueError, IndexError, UnicodeError) as error:
        raise BadRecordError(f"not a rich text: {str(error)[:80]}", code="format") from None
    lines = [line.replace("|", " | ").strip(" |") if "|" in line else line for line in text.splitlines()]
    yield from office.record(lines, name)
