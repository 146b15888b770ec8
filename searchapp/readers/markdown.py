"""Markdown with YAML front matter (`.md`): facts in the front matter, paragraphs in the body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from searchapp.errors import BadRecordError
from searchapp.readers import markup
from searchapp.readers.issuer import MOTTO, YOUTH
from searchapp.readers.items import Items
from searchapp.readers.markup import raised
from searchapp.readers.record import record, unknown, yaml_facts

_FRONT_MATTER: Final = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_MARKDOWN: Final = MarkdownIt("commonmark").enable("table")
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_SUP: Final = re.compile(r"<(?P<end>/?)sup(?:\s[^<>]*)?>", re.IGNORECASE)
# "[^1]" in a text, and "[^1]: " before what it says.
_FOOTNOTE: Final = re.compile(r"^\[\^[\w-]{1,20}\]:\s*|\[\^[\w-]{1,20}\]")


def read(text: str, name: str) -> Items:
    """Yield the one Record of a Markdown file. Raises BadRecordError for broken front matter."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff\n ")
    found = _FRONT_MATTER.match(text)
    if text.startswith("---\n") and not found:
        raise BadRecordError("front matter has no end (---)")
    values = yaml_facts(found[1], "front matter", 2) if found else {}
    heading, paragraphs = _plain(text[found.end() :] if found else text)
    if not values.get("title"):
        values["title"] = heading
    elif heading and heading.casefold() != str(values["title"]).casefold():
        paragraphs.insert(0, heading)
    body = "\n".join(paragraphs)
    # Record has a key `text` too, but people mean the body.
    yield from unknown(values, set(), path=name)
    yield record(values | {"text": body or values.get("text", "")}, path=name)


def _plain(markdown: str) -> tuple[str, list[str]]:
    """Return the heading of first level at the top ("" without one) and the paragraphs after it."""
    tokens = _MARKDOWN.parse(markdown)
    title = tokens[1].content if len(tokens) > 1 and tokens[0].type == "heading_open" and tokens[0].tag == "h1" else ""
    paragraphs = [line for line in _blocks(tokens[3 if title else 0 :]) if line]
    return " ".join(_inline(tokens[1]).split()) if title else "", paragraphs


def _blocks(tokens: list[Token]) -> Iterator[str]:
    cells: list[str] = []
    number = ""  # of an item, which the text of a law cites: "1. ", "2) "
    for token in tokens:
        if token.type == "list_item_open":
            number = f"{token.info}{token.markup} " if token.info else ""
        elif token.type == "inline":
            cells.append(number + _inline(token))
            number = ""
        elif token.type == "tr_close" and any(MOTTO.search(cell) or YOUTH.search(cell) for cell in cells):
            yield from (" ".join(line.split()) for cell in cells for line in cell.split("\n"))
            cells = []
        elif token.type == "html_block":
            yield from markup.paragraphs(token.content)
        elif token.type in ("fence", "code_block"):
            yield from (line.strip() for line in token.content.splitlines())
        # A row of a table is one paragraph, so that its cells stay together.
        if token.type == "tr_close":
            yield " ".join(" | ".join(cells).split())
            cells = []
        elif token.type in ("paragraph_close", "heading_close"):
            yield from (" ".join(line.split()) for line in " | ".join(cells).split("\n"))
            cells = []


def _inline(token: Token) -> str:
    text = {"softbreak": " ", "hardbreak": "\n", "html_inline": ""}
    pieces: list[str] = []
    high = False
    for child in token.children or ():
        if child.type == "html_inline" and (tag := _SUP.fullmatch(child.content)):
            high = not tag["end"]
        elif child.type == "html_inline" and _BREAK.fullmatch(child.content):
            pieces.append("\n")
        elif high and child.type == "text":
            pieces.append(raised(child.content, "".join(pieces[-2:])))
        else:
            pieces.append(text.get(child.type, child.content))
    return _FOOTNOTE.sub("", "".join(pieces))
