"""The tree of a long text: Phần, Chương, Mục, Điều, khoản, điểm, appendices and headings, with offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from searchapp.outline.lines import Line, cuts, forms, inline, lines, lists, signature
from searchapp.outline.runs import Costs, between, chain, headings, itemized, mark
from searchapp.outline.tree import (
    KINDS,
    LOWER,
    Mark,
    Node,
    Outline,
    grown,
    kinds,
    label,
    nearest,
    pack,
    part_id,
    provision_of,
    title,
    unpack,
)

__all__ = ["KINDS", "Node", "Outline", "label", "nearest", "pack", "part_id", "provision_of", "split", "title"]
__all__ += ["kinds", "unpack"]

_MAX_NODES: Final = 20_000
"""The most nodes of a text; the longest code has about 5,000."""

_ARTICLES: Final = Costs(gap=0.9, restart=3.5, part=3.0)
"""A text that begins anew at 1 has at least four Điều: forms ("Điều 1. Cấp …") are no texts."""
_UNITS: Final = Costs(gap=0.9, restart=0.5)
_CONTENTS: Final = 0.8  # the share of Điều without a text that makes a table of contents
_LEAST: Final = 2
_CLAUSE: Final = re.compile(r"[ ]*(?:Điều|ĐIỀU)[ ]+\d++[a-zđ]*+[ ]*[.:]?[ ]*(?P<one>1[.][ ])")
_CHAPTER: Final = re.compile(r"^(?:Chương|CHƯƠNG|Phần|PHẦN) ", re.MULTILINE)
_ATTACHED: Final = re.compile(
    r"^(?:QUY CHẾ|QUY ĐỊNH|ĐIỀU LỆ|QUY TRÌNH|NỘI QUY|CHƯƠNG TRÌNH|KẾ HOẠCH|ĐỀ ÁN|LUẬT|BỘ LUẬT|PHÁP LỆNH|NGHỊ ĐỊNH"
    rf"|NGHỊ QUYẾT|THÔNG TƯ|HIỆP ĐỊNH|HIỆP ƯỚC|NGHỊ ĐỊNH THƯ|CÔNG ƯỚC|HỢP ĐỒNG|QUYẾT ĐỊNH)\b[^{LOWER}\n]*$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class _Region:
    """A text of its own within the text: its start and end, its Điều, the start of its signature."""

    start: int
    end: int
    run: list[Line]
    body_end: int


def split(text: str) -> Outline:
    """Return the tree of a text; empty where it has no parts. The time is linear in any text.

    >>> [node.id for node in split("Điều 1. Phạm vi\\n1. Luật này …\\n2. Luật này …\\nĐiều 2. Đối tượng\\nNgười dân.")]
    ['dieu-1', 'dieu-1-khoan-1', 'dieu-1-khoan-2', 'dieu-2']
    """
    found = list(lines(text))
    runs = _runs(text, [line for line in found if line.kind == "dieu"])
    if not runs and "Điều 2" in text:
        runs = _runs(text, list(inline(text)))
    marks = list(_of_articles(text, found, runs) if runs else headings(text, found))
    marks.sort(key=lambda mark: mark.start)
    return grown(marks[:_MAX_NODES], len(text))


def _runs(text: str, candidates: Sequence[Line]) -> list[list[Line]]:
    if len(candidates) < _LEAST:
        return []
    where = cuts(text, [line.start for line in candidates])
    runs = chain(candidates, _ARTICLES, where)
    if runs:
        # A decision of three Điều weighs less than the cost of beginning anew with its attached regulations.
        above = [line for line in candidates if line.start < runs[0][0].start]
        runs[:0] = [run for run in chain(above, _ARTICLES, where) if len(run) >= _LEAST and run[0].number == 1]
    if len(runs) > 1 and _is_contents(runs[0]) and len(runs[1]) >= _CONTENTS * len(runs[0]):
        runs = runs[1:]
    return runs if runs and len(runs[0]) >= _LEAST else []


def _is_contents(run: list[Line]) -> bool:
    """Tell whether a run is a table of contents: headings without texts."""
    close = sum(after.start - before.title_end < 8 for before, after in pairwise(run))
    return close >= _CONTENTS * (len(run) - 1)


def _of_articles(text: str, found: list[Line], runs: list[list[Line]]) -> Iterator[Mark]:
    annexes = [line for line in found if line.kind == "phu-luc"]
    regions = list(_regions(text, annexes, runs))
    outside = [line for line in annexes if not any(region.start < line.start < region.body_end for region in regions)]
    appendices = list(_appendices(outside))
    yield from appendices
    attached = list(lists(text, regions[-1].body_end))
    alone = {start for start, _ in attached}
    yield from (form for form in _forms(text, appendices, regions) if form.start not in alone)
    for number, region in enumerate(regions):
        if number and not any(line.start == region.start for line in outside):
            yield _attached(text, region, number)
        if region.body_end < region.end:
            yield Mark("ky", 0, 0, region.body_end, region.body_end)
        inside = between(found, region.start, region.body_end)
        yield from _units(region, inside)
        yield from _articles_with_items(text, region, inside)
    for number, (start, end) in enumerate(attached, len(regions)):
        yield Mark("kem-theo", number, 0, start, end)


def _regions(text: str, annexes: list[Line], runs: list[list[Line]]) -> Iterator[_Region]:
    starts, ends = [0], []
    for before, run in pairwise(runs):
        body_end = _body_end(text, before[-1], run[0].start, annexes)
        ends.append(body_end)
        starts.append(_boundary(text, body_end, run[0].start, annexes))
    ends.append(_body_end(text, runs[-1][-1], len(text), annexes))
    for start, end, run, body_end in zip(starts, [*starts[1:], len(text)], runs, ends, strict=True):
        yield _Region(start, end, run, min(body_end, end))


def _body_end(text: str, last: Line, limit: int, annexes: list[Line]) -> int:
    """Return where the text of the last Điều ends: at the signature, else at the first appendix."""
    annex = next((line.start for line in annexes if last.title_end <= line.start < limit), limit)
    signed = signature(text, last.title_end, limit)
    return min(annex, limit) if signed is None else min(signed, annex)


def _boundary(text: str, start: int, first: int, annexes: list[Line]) -> int:
    """Return where an attached text begins: at its appendix, else its type in capitals, first chapter or Điều 1."""
    if above := [line.start for line in annexes if start <= line.start < first]:
        return above[-1]
    found = [each.start() for pattern in (_ATTACHED, _CHAPTER) if (each := pattern.search(text, start, first))]
    return min([*found, first])


def _attached(text: str, region: _Region, number: int) -> Mark:
    end = text.find("\n", region.start)
    named = _ATTACHED.match(text, region.start)
    return Mark("kem-theo", number, 0, region.start, end if named and end > 0 else region.start)


def _appendices(annexes: list[Line]) -> Iterator[Mark]:
    """Yield each appendix once: a second place of its number is a list of appendices, or a repeated heading."""
    last: dict[tuple[int, int], Line] = {}
    for line, after in zip(annexes, [*annexes[1:], None], strict=False):
        key = (line.number, line.sub)
        listed = after is not None and after.start - line.title_end < 120
        if key not in last or (listed is False and last[key].weight < 1):
            last[key] = Line(line.kind, *key, line.start, line.title_end, 0.5 if listed else 1.0, quoted=False)
    numbered = any(number for number, _ in last)
    for (number, sub), line in last.items():
        if number or not numbered:
            yield Mark("phu-luc", number, sub, line.start, line.title_end)


def _forms(text: str, appendices: Sequence[Mark], regions: Sequence[_Region]) -> Iterator[Mark]:
    """Yield the forms of each appendix that is no text of its own."""
    bounds = sorted({mark.start for mark in appendices} | {region.start for region in regions} | {len(text)})
    for mark_, end in ((one, next(at for at in bounds if at > one.start)) for one in appendices):
        if not any(region.start <= mark_.start < region.body_end for region in regions):
            yield from map(mark, forms(text, mark_.title_end, end))


def _units(region: _Region, found: Sequence[Line]) -> Iterator[Mark]:
    """Yield Phần, Chương, Mục, Tiểu mục: each counts within the unit above it."""
    groups = [(region.start, region.body_end)]
    for kind in ("phan", "chuong", "muc", "tieu-muc"):
        chosen: list[Line] = []
        own = [line for line in found if line.kind == kind]
        for start, end in groups:
            chosen += [line for run in chain(between(own, start, end), _UNITS) for line in run]
        yield from map(mark, chosen)
        if kind != "phan":
            cuts = sorted({start for start, _ in groups} | {line.start for line in chosen})
            groups = list(pairwise([*cuts, region.body_end]))


def _articles_with_items(text: str, region: _Region, found: Sequence[Line]) -> Iterator[Mark]:
    starts = [line.start for line in region.run]
    items = [line for line in found if line.kind in ("khoan", "diem")]
    at = 0
    for line, end in zip(region.run, [*starts[1:], region.body_end], strict=True):
        yield mark(line)
        while at < len(items) and items[at].start < line.title_end:
            at += 1
        first = at
        while at < len(items) and items[at].start < end:
            at += 1
        yield from itemized(_first_clause(text, line) + items[first:at])


def _first_clause(text: str, line: Line) -> list[Line]:
    """Return khoản 1 in the line of its Điều: "Điều 3. 1. Chính phủ …"."""
    found = _CLAUSE.match(text, line.start)
    return [Line("khoan", 1, 0, found.start("one"), found.start("one"), 1.0, quoted=False)] if found else []
