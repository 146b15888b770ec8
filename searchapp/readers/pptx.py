"""Presentations (`.pptx`): the text of all slides in their order, a paragraph a line."""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree  # type: ignore[import-untyped]

from searchapp.errors import BadRecordError
from searchapp.readers import office
from searchapp.readers.items import Items

_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SLIDE: Final = re.compile(r"ppt/slides/slide(\d+)\.xml")
_PARSER: Final = etree.XMLParser(resolve_entities=False, no_network=True)


def read(data: bytes, name: str) -> Items:
    """Yield the one Record of a presentation. Raises BadRecordError for another file."""
    _, parts = office.transitional(data, office.parts(data))
    slides = sorted((int(found[1]), part) for part in parts if (found := _SLIDE.fullmatch(part)))
    if not slides:
        raise BadRecordError("not a presentation: no slides", code="format")
    try:
        lines = [line for _, part in slides for line in _lines(etree.fromstring(parts[part], _PARSER))]
    except etree.XMLSyntaxError as error:
        raise BadRecordError(f"not a presentation: {str(error)[:80]}", code="format") from None
    yield from office.record(lines, name)


def _lines(slide: Any) -> list[str]:
    pieces = ("".join(node.text or "" if node.tag == f"{_A}t" else "\n" for node in paragraph.iter(f"{_A}t", f"{_A}br"))
              for paragraph in slide.iter(f"{_A}p"))  # fmt: skip
    return [line for text in pieces for line in text.split("\n")]
