"""Read the section of a web page from its metadata, because trafilatura does not."""

from __future__ import annotations

import json
from typing import Any


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
