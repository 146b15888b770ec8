"""Web pages (`.html`): the article, one paragraph a line, and the facts of the page's metadata."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from trafilatura import bare_extraction

from searchapp.article import Record
from searchapp.config.sites import Hints
from searchapp.dates import parse_date
from searchapp.errors import BadRecordError
from searchapp.readers import boilerplate, heading, marks, markup, pagefacts, stated_facts, visible
from searchapp.readers.items import Items
from searchapp.text.normalize import slug

NO_ARTICLE: Final = "no article in this page: it has no text of its own, or only leads to others"
_MAX_CELL: Final = 1_000  # characters; a table of facts has short cells
_MAX_AUTHOR: Final = 60
_MAX_LINKED: Final = 0.8
"""The share of letters in linked lines: a page with a larger share only leads to others."""
_TAGS: Final = re.compile(r"<[^<>]*>")
# Only the page's own metadata count: htmldate guesses from the running text and finds other articles' dates.
_DATES: Final = {"extensive_search": False, "original_date": True, "outputformat": "%Y-%m-%d"}


def read(text: str, name: str, hints: Hints = Hints()) -> Items:  # noqa: B008 - frozen
    """Yield the one Record of a web page. Raises BadRecordError when the page has no article.

    hints: where its site keeps title, date and text; the reader ignores hints that lead to nothing.
    """
    tree = markup.parse(text)
    anchors = marks.of_page(tree)
    visible.settle(tree)
    hinted = _hinted(tree, hints)
    lines = markup.lines(tree)
    section = pagefacts.section(tree)
    _drop_unseen(tree)
    dated = pagefacts.find(tree, lines, _heading(tree))
    _dissolve_layout(tree)
    page: Any = bare_extraction(
        tree, include_comments=False, include_tables=True, with_metadata=True, date_extraction_params=_DATES
    )
    document = stated_facts.document_within(lines)
    body, author, source = _parts(page, lines, document)
    links = {" ".join(link.text_content().split()) for link in tree.iter("a")}
    linked = sum(len(line) for line in body if line in links)
    if not hinted.text and linked >= _MAX_LINKED * sum(map(len, body)):
        raise BadRecordError(NO_ARTICLE, code="empty")
    body = hinted.text.split("\n") if hinted.text else body
    record = Record(
        title=hinted.title or _title(page),
        text="\n".join(body),
        date=hinted.date or dated,
        section=section,
        source=getattr(page, "sitename", None) or source or getattr(page, "hostname", None) or "",
        url=getattr(page, "url", None) or "",
        author=author or _author(page),
        path=name,
        anchors=anchors,
    )
    yield stated_facts.stated(record, heading.find(document)) if document else record


def _heading(tree: Any) -> str:
    """Return the line of the page's own heading, "" without a heading."""
    return next((text for one in tree.iter("h1") if (text := " ".join(one.text_content().split()))), "")


def _title(page: Any) -> str:
    title = " ".join((getattr(page, "title", None) or "").split())
    return title if _TAGS.sub("", title).strip() else ""  # a title holds no elements: `<b></b>` is text in a title


def _hinted(tree: Any, hints: Hints) -> Record:
    """Return title, text and date from the places that the hints name; "" for an empty place."""
    title, text = (markup.selected(tree, where) for where in (hints.title_at, hints.text_at))
    dates = (value for element in markup.elements(tree, hints.date_at) for value in markup.values(element))
    date = next((found for value in dates if (found := parse_date(value))), "")
    return Record(title=" ".join(title), text="\n".join(text), date=date)


def _parts(page: Any, lines: Sequence[str], document: Sequence[str]) -> tuple[list[str], str, str]:
    """Return paragraphs, author and source: of the official document on the page, else of its article, else nothing."""
    if document:
        # A law on a page: trafilatura leaves out linked headings and clauses.
        return [line for line in document if line.strip("_-–—=*. ")], "", ""
    if page is not None and (page.text or "").strip():
        return _article(page, lines)
    return [], "", ""


def _article(page: Any, lines: Sequence[str]) -> tuple[list[str], str, str]:
    """Return the paragraphs of the article, and the author and source that the text itself names."""
    body = [clean for line in page.text.split("\n") if (clean := " ".join(line.split()))]
    if len(body) > 1 and body[0] == " ".join((page.title or "").split()):
        body = body[1:]
    # The lede often stands outside of the article's element: on the page, and in its description.
    lede = " ".join((page.description or "").split())
    if lede and boilerplate.is_prose(lede) and lede in lines and lede not in body:
        body.insert(0, lede)
    body, author = boilerplate.byline(body)
    body, source = boilerplate.dateline(body)
    return body, author, source


def _author(page: Any) -> str:
    author = " ".join((getattr(page, "author", None) or "").split())
    # Portals name themselves as the author of everything.
    sites = {_letters(getattr(page, fact, None) or "") for fact in ("hostname", "sitename")}
    return "" if len(author) > _MAX_AUTHOR or _letters(author) in sites else author


def _letters(name: str) -> str:
    return slug(name).replace("-", "")


def _drop_unseen(tree: Any) -> None:
    """Remove the elements that no reader of the page sees: trafilatura keeps templates, and takes dates from programs.

    The clock in a script says when the page was made or asked for, not when its article appeared.
    """
    for element in tree.xpath('//template | //*[@hidden] | //script[not(contains(@type, "json"))]'):
        if element.getparent() is not None:
            element.drop_tree()


def _dissolve_layout(tree: Any) -> None:
    """Turn layout tables into plain blocks; tables of facts stay, also within a layout table.

    A layout table has another table in it, or one cell a row, or a cell with a whole text.
    """
    inside: dict[Any, list[Any]] = {table: [] for table in tree.iter("table")}
    nesting = set()
    for one in tree.iter("table", "tbody", "tr", "td", "th"):
        table = next(one.iterancestors("table"), None)
        if one.tag == "table":
            nesting.add(table)
        elif table is not None:
            inside[table].append(one)
    for table, own in inside.items():
        cells = [one for one in own if one.tag in ("td", "th")]
        rows = sum(one.tag == "tr" for one in own)
        if table in nesting or len(cells) <= rows or any(len(cell.text_content()) > _MAX_CELL for cell in cells):
            for element in (table, *own):
                element.tag = "div"
