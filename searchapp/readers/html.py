"""Web pages (`.html`): the article, its paragraphs by line, and what the page's metadata say of it."""

from __future__ import annotations

import json
from typing import Any, Final

import lxml.html  # type: ignore[import-untyped]
from lxml import etree
from trafilatura import bare_extraction

from searchapp.article import Record
from searchapp.errors import BadRecordError
from searchapp.readers import portal
from searchapp.readers.outcome import Items

MAX_CELL: Final = 1_000  # characters; a table of facts has short cells
# Only what the page says of itself: htmldate's guesses from the running text find other articles' dates.
_DATES: Final = {"extensive_search": False, "original_date": True, "outputformat": "%Y-%m-%d"}


def read(text: str, name: str) -> Items:
    """The one Record of a web page. Raises BadRecordError when no article is found in it."""
    tree = _tree(text)
    page: Any = bare_extraction(
        tree, include_comments=False, include_tables=True, with_metadata=True, date_extraction_params=_DATES
    )
    if page is None or not (page.text or "").strip():
        raise BadRecordError("no article in this page")
    lines = [" ".join(line.split()) for line in page.text.split("\n")]
    body, source = portal.dateline([line for line in lines if line])
    title = " ".join((page.title or "").split())
    if len(body) > 1 and body[0] == title:
        body = body[1:]
    yield Record(
        title=title,
        text="\n".join(body),
        date=page.date or "",
        section=_section(tree) or next(iter(page.categories or ()), ""),
        source=page.sitename or source or page.hostname or "",
        url=page.url or "",
        author=page.author or "",
        path=name,
    )


def _tree(text: str) -> lxml.html.HtmlElement:
    # Bytes of a known encoding, because lxml refuses text that declares one.
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8", "ignore"), parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise BadRecordError(f"not HTML: {error}") from None
    _dissolve_layout(tree)
    return tree


def _dissolve_layout(tree: lxml.html.HtmlElement) -> None:
    """Turn tables that only place things on the page into plain blocks; tables of facts stay."""
    for table in tree.iter("table"):
        if any(len(cell.text_content()) > MAX_CELL for cell in table.iter("td")):
            for element in table.iter("table", "tbody", "tr", "td"):
                element.tag = "div"


def _section(tree: lxml.html.HtmlElement) -> str:
    """The section that the page says it is in: its metadata, else the last step of its JSON-LD path."""
    for content in tree.xpath('//meta[@property="article:section" or @name="section"]/@content'):
        if content.strip():
            return str(" ".join(content.split()))
    for script in tree.xpath('//script[@type="application/ld+json"]/text()'):
        if section := _section_of(_json(script)):
            return " ".join(section.split())
    return ""


def _section_of(value: Any) -> str:
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict):
            continue
        section = item.get("articleSection")
        if isinstance(section, list) and section:
            section = section[0]
        if isinstance(section, str):
            return section
        steps = item.get("itemListElement")
        if item.get("@type") == "BreadcrumbList" and isinstance(steps, list):
            return next((name for step in reversed(steps) if (name := _name_of(step))), "")
    return ""


def _name_of(step: Any) -> str:
    """The name of one step of a path, which may be written in the step or in its item."""
    for value in (step, step.get("item")) if isinstance(step, dict) else ():
        if isinstance(value, dict) and isinstance(value.get("name"), str):
            return str(value["name"])
    return ""


def _json(script: str) -> Any:
    try:
        return json.loads(script)
    except (ValueError, RecursionError):
        return None
