"""A file as strangers send it, and what must become of it; html, docx, pdf, rows and feed hold the tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Foreign(NamedTuple):
    """A file as it comes. bad: the reason of every item that is skipped, "" where something is read; text: in what was
    read; lacks: not in it (title and facts included); note: what a person is told; count: Records; title: of its article."""

    id: str
    name: str
    make: Callable[[], bytes | str]
    bad: str = ""
    text: str = ""
    lacks: tuple[str, ...] = ()
    note: str = ""
    count: int | None = None
    title: str = ""


P = "Phường tổ chức ngày hội đại đoàn kết toàn dân tộc. "


def page(body: str, head: str = "<title>Tin phường</title>") -> Callable[[], str]:
    return lambda: f"<html><head>{head}</head><body><article><p>{P * 6}</p>{body}</article></body></html>"
