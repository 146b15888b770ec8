"""Limits of an assistant's questions and answers: those of the API where it has one, each refused in one line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from searchapp.dates import is_valid
from searchapp.errors import UsageError
from searchapp.web.data.api import MAX_BODY_BYTES, MAX_TEXT_CHARS
from searchapp.web.links import MAX_VALUE_CHARS

__all__ = ["MAX_BODY_BYTES", "MAX_TEXT_CHARS"]

MAX_ROWS: Final = 50
"""The most articles, documents or citations of one answer; `next` or `pages` says how to go on."""
MAX_READ: Final = 20_000
"""The most characters of one reading; `next_offset` says where to go on."""
MAX_FACET_VALUES: Final = 8
_MAX_FILTERS: Final = 100
_CONTROL: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_SHOWN: Final = 40  # the characters of a bad value that an error repeats


def shown(text: str) -> str:
    """Return a bad value, as an error repeats it: one short line."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def plain(name: str, text: str) -> str:
    """Return a short value. Raises UsageError for one that is too long, or that is no line of text."""
    if len(text) > MAX_VALUE_CHARS:
        raise UsageError(f"{name} has {len(text):,} characters: send at most {MAX_VALUE_CHARS}")
    if _CONTROL.search(text):
        raise UsageError(f"{name} has control characters: send one line of text")
    return text.strip()


def within(name: str, value: int, least: int, most: int) -> int:
    """Return a number. Raises UsageError outside of its range."""
    if not least <= value <= most:
        raise UsageError(f"{name} = {value}: use {least} to {most}")
    return value


def filters(given: Mapping[str, Sequence[str]] | None) -> dict[str, tuple[str, ...]]:
    """Return facet → values, none of them absurd."""
    if sum(len(values) for values in (given or {}).values()) > _MAX_FILTERS:
        raise UsageError(f"filters: send at most {_MAX_FILTERS} values")
    return {plain("a filter's name", name): tuple(plain(name, one) for one in v) for name, v in (given or {}).items()}


def day(text: str) -> str:
    """Return an ISO day. Raises UsageError for another text."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text) or not is_valid(text):
        raise UsageError(f"on = {shown(text)}: write a day as 2021-09-15")
    return text


def readable(text: str) -> str:
    """Return a text to search for citations. Raises UsageError for one that is too long or no text."""
    if len(text) > MAX_TEXT_CHARS:
        raise UsageError(f"text has {len(text):,} characters: send at most {MAX_TEXT_CHARS:,} at once")
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise UsageError("text has halves of characters: send it as UTF-8")
    return text
