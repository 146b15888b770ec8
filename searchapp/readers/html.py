"""Web pages (`.html`): the article, one paragraph a line, and the facts that the page states: section, day,
metadata."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any, Final

from trafilatura import bare_extraction

from searchapp.article import Record
from searchapp.config.sites import Hints
from searchapp.dates import parse_date
from searchapp.errors import BadRecordError
from searchapp.readers import boilerplate, heading, marks, markup, stated_facts
from searchapp.readers.issuer import MOTTO
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
    markup.settle(tree)
    hinted = _hinted(tree, hints)
    lines = markup.lines(tree)
    section = _section(tree)
    _drop_unseen(tree)
    dated = _stated_day(tree, lines, _heading(tree))
    document = stated_facts.document_within(lines) or stated_facts.of_states(lines)
    annexes = _annexes(tree, document) if stated_facts.annexes(_below(lines, document)) else ()
    _dissolve_layout(tree)
    page: Any = bare_extraction(
        tree, include_comments=False, include_tables=True, with_metadata=True, date_extraction_params=_DATES
    )
    body, author, source = _parts(page, lines, [*document, *annexes])
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
    found = heading.find(document) if document else stated_facts.unsigned(lines)
    yield stated_facts.stated(record, stated_facts.with_table(found, lines))


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


def _annexes(tree: Any, document: Sequence[str]) -> Sequence[str]:
    """Return the lines of the annexes below a document: in the smallest element that holds its motto and its signer."""
    motto: Any = None
    signed: Any = None
    for node in tree.iter() if document else ():
        said = [" ".join(text.split()) for text in (node.text, node.tail) if text]
        if any(MOTTO.search(text) for text in said):
            motto = node
        elif motto is not None and document[-1] in said:
            signed = node
            break
    if signed is None:
        return ()
    above = set(motto.iterancestors())
    around = deepcopy(next((one for one in signed.iterancestors() if one in above), tree))
    _join_rows(around)
    return stated_facts.annexes(_below(markup.lines(around), document))


def _below(lines: Sequence[str], document: Sequence[str]) -> Sequence[str]:
    """Return the lines below the document, which ends with its signer."""
    ends = (n for n in range(1, len(lines)) if document and [*lines[n - 1 : n + 1]] == [*document[-2:]])
    return lines[next(ends, len(lines)) + 1 :]


_COLUMNS: Final = 3
"""A table of facts has at least as many columns: with two it places letterhead and signature."""


def _join_rows(tree: Any) -> None:
    """Make one line of each row of a table of facts, as other formats have it."""
    for row in tree.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        if len(cells) < _COLUMNS or any(len(markup.lines(cell)) > 1 for cell in cells):
            continue
        for number, cell in enumerate(cells):
            for block in cell.iter(*markup.BLOCKS):
                block.tag = "span"
            cell.tail = " | " if number + 1 < len(cells) else None


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


def _section(tree: Any) -> str:
    """Return the section of the page: from its metadata, else from the last step of its JSON-LD
    path. "" without one.
    """
    for content in tree.xpath('//meta[@property="article:section" or @name="section"]/@content'):
        if content.strip():
            return str(" ".join(content.split()))
    for script in tree.xpath('//script[@type="application/ld+json"]/text()'):
        if found := _section_of(_json(script)):
            return " ".join(found.split())
    return ""


def _section_of(value: Any) -> str:
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict):
            continue
        named = item.get("articleSection")
        named = named[0] if isinstance(named, list) and named else named
        if isinstance(named, str):
            return named
        steps = item.get("itemListElement")
        if item.get("@type") == "BreadcrumbList" and isinstance(steps, list):
            return next((name for step in reversed(steps) if (name := _name_of(step))), "")
    return ""


def _name_of(step: Any) -> str:
    """Return the name of one step of a path; the name stands in the step or in its item."""
    for value in (step, step.get("item")) if isinstance(step, dict) else ():
        if isinstance(value, dict) and isinstance(value.get("name"), str):
            return str(value["name"])
    return ""


def _json(script: str) -> Any:
    try:
        return json.loads(script)
    except (ValueError, RecursionError):
        return None


_MAX_DEPTH: Final = 8  # levels of JSON-LD

_PUBLISHED: Final = (
    "article:published_time", "article:published", "og:published_time", "og:article:published_time", "published_time",
    "datepublished", "pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "dc.date",
    "dc.date.issued", "dc.date.created", "dc.created", "dcterms.date", "dcterms.created", "dcterms.issued", "date",
    "sailthru.date", "parsely-pub-date", "created", "releasedate",
)  # fmt: skip
_CHANGED: Final = ("article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified", "updated")
_MARKED: Final = re.compile(
    r"(?:^|[\s_-])(?:date|time|pub(?:lish(?:ed)?)?|ngay|meta|dateline|posted)(?:$|[\s_-])", re.IGNORECASE
)
_ASIDE: Final = ("aside", "nav", "footer")
_LABELLED: Final = re.compile(r"(?:đăng|xuất bản|phát hành|cập nhật|\d\s?[:h]\s?\d\d)", re.IGNORECASE)
_UPDATED: Final = re.compile(r"cập nhật|sửa đổi", re.IGNORECASE)
_NEAR: Final = 3
"""The lines above a title where its dateline may stand; the clock of the page stands higher."""


def _stated_day(tree: Any, lines: Sequence[str], title: str) -> str:
    """Return the date as the page writes it; "" where the page states none: a date in its text is not its own."""
    candidates = (_metadata(tree, _PUBLISHED), _json_ld(tree, "datePublished"), _times(tree), _dateline(lines, title))
    changed = (_metadata(tree, _CHANGED), _json_ld(tree, "dateModified"))
    return next((found for group in (*candidates, *changed) for found in group if _is_day(found)), "")


def _is_day(written: str) -> bool:
    return len(parse_date(written)) == len("2021-09-15")


def _metadata(tree: Any, names: Sequence[str]) -> Iterator[str]:
    """Yield the contents of the metadata with these names, the most certain name first."""
    told: dict[str, str] = {}
    for element in tree.iter("meta", "time", "span", "div", "abbr", "p"):
        if element.tag == "meta":
            name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        else:
            name = element.get("itemprop") or ""
        content = (
            element.get("content")
            or element.get("datetime")
            or (name and element.tag != "meta" and element.text_content())
        )
        if name and content:
            told.setdefault(name.strip().lower(), " ".join(str(content).split()))
    return (told[name] for name in names if name in told)


def _json_ld(tree: Any, key: str) -> Iterator[str]:
    for script in tree.xpath('//script[contains(@type, "ld+json")]/text()'):
        try:
            yield from _values(json.loads(script), key, 0)
        except (ValueError, RecursionError):
            continue


def _values(value: Any, key: str, depth: int) -> Iterator[str]:
    """Yield the values at a key of JSON-LD objects that are articles; lists of other articles are not asked."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for one in value:
            yield from _values(one, key, depth + 1)
    elif isinstance(value, dict):
        if isinstance(value.get(key), str):
            yield value[key]
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _values(value.get(name), key, depth + 1)


def _times(tree: Any) -> Iterator[str]:
    """Yield marked times that belong to the article, not to a list beside it."""
    for element in tree.iter("time"):
        if element.get("datetime") and not any(parent.tag in (*_ASIDE, "li") for parent in element.iterancestors()):
            yield element.get("datetime")


def _dateline(lines: Sequence[str], title: str) -> Iterator[str]:
    """Yield lines that are only a date: below the title, then right above it, then at the end."""
    dated = [number for number, line in enumerate(lines) if boilerplate.is_date_line(line)]
    titled = max((n for n, line in enumerate(lines) if line == title), default=-1)
    prose = next((n for n in range(titled + 1, len(lines)) if boilerplate.is_prose(lines[n])), len(lines))
    if titled < 0:
        near = [number for number in dated if number < prose and _LABELLED.search(lines[number])] or dated[:1]
        yield from (lines[number] for number in near)
        return
    below = [lines[number] for number in dated if titled < number < prose]
    above = [
        lines[n] for n in dated if n == titled - 1 or (titled - _NEAR <= n < titled and _LABELLED.search(lines[n]))
    ]
    after = [lines[number] for number in dated if number > prose and _LABELLED.search(lines[number])]
    yield from sorted(below, key=lambda line: _UPDATED.search(line) is not None)
    yield from above
    yield from after[:1]
