"""Read the facts of a web page that trafilatura does not: its section, and the day when it says that it appeared."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from searchapp.dates import parse_date
from searchapp.readers import boilerplate


def section(tree: Any) -> str:
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


MAX_DEPTH: Final = 8  # levels of JSON-LD

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
NEAR: Final = 3
"""The lines above a title where its dateline may stand; the clock of the page stands higher."""


def find(tree: Any, lines: Sequence[str], title: str) -> str:
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
    if depth > MAX_DEPTH:
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
    above = [lines[n] for n in dated if n == titled - 1 or (titled - NEAR <= n < titled and _LABELLED.search(lines[n]))]
    after = [lines[number] for number in dated if number > prose and _LABELLED.search(lines[number])]
    yield from sorted(below, key=lambda line: _UPDATED.search(line) is not None)
    yield from above
    yield from after[:1]
