"""The tree of a text: its nodes with offsets, ids and parents, packed in a few bytes a node."""

from __future__ import annotations

import base64
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

_SMALL: Final = "àáâãèéêìíòóôõùúýăđĩũơư" + "".join(map(chr, range(0x1EA1, 0x1EFA, 2)))
LOWER: Final = "a-z" + _SMALL
UPPER: Final = "A-Z" + _SMALL.upper()
"""The Vietnamese capitals, for a class of a regular expression."""
LETTERS: Final = "abcdđefghijklmnopqrstuvwxyz"
_POINTS: Final = "abcdđeghiklmnopqrstuvxy"
KINDS: Final = (
    "phan",
    "chuong",
    "muc",
    "tieu-muc",
    "de-muc",
    "dieu",
    "khoan",
    "diem",
    "phu-luc",
    "kem-theo",
    "ky",
    "mau",
)
"""Part, chapter, section, subsection, heading, article, clause, point, appendix, attached text, signature, form."""
_RANK: Final = {
    kind: rank
    for rank, kinds in enumerate(
        (
            ("phu-luc", "kem-theo", "ky"),
            ("phan", "mau"),
            ("chuong",),
            ("muc",),
            ("tieu-muc", "de-muc"),
            ("dieu",),
            ("khoan",),
            ("diem",),
        )
    )
    for kind in kinds
}
_NAMES: Final = {
    "phan": "Phần", "chuong": "Chương", "muc": "Mục", "tieu-muc": "Tiểu mục", "dieu": "Điều", "khoan": "Khoản",
    "diem": "Điểm", "phu-luc": "Phụ lục", "mau": "Mẫu số",
}  # fmt: skip
_HEAD: Final = re.compile(
    rf"""[“"‘'«\s]*(?:(?:Phần|Chương|Mục|Tiểu\ mục|(?P<dieu>Điều)|Phụ\ lục|(?:Biểu\ )?mẫu)
        (?:\s+(?:thứ\s+\w+|(?:số\s+)?[IVXLC\d]+[a-zđ]{{0,2}})(?!\w)|(?=\s*[.:(]|\s*$))|[IVX]{{1,6}}(?=[.)–/-])
        |\d{{1,3}}(?=[.)]))\s*[.:)–/-]*(?(dieu)(?:(?<=[.:])\d{{1,3}}(?=\s?(?-i:[{UPPER}(])))?)\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_NOTE: Final = re.compile(rf"^\d{{1,3}}\s+(?=\()|(?<=[{LOWER})])\d{{1,3}}$|\s?\[\d{{1,3}}\]$|(?<!\s)\[\d{{1,3}}\]")
_ROMAN: Final = re.compile(r"[IVXLC]+[a-zđ]?")
_SUBS: Final = 10  # the bits of a number that hold its letters
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a text. kind: one of KINDS; number: "5", "3a", of a điểm "đ", "" without one; start, end: offsets,
    its parts included; title_end: where its heading line ends (start where it has none); parent: index, -1 at the top.
    """

    id: str
    kind: str
    number: str
    start: int
    title_end: int
    end: int
    parent: int


@dataclass(frozen=True)
class Outline:
    """All nodes of a text in its order."""

    nodes: tuple[Node, ...] = ()

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    def find(self, ident: str) -> Node | None:
        """Return the node of an id: "dieu-5-khoan-2", or of an address of the national database: "Chuong_II_Dieu_5"."""
        if found := self._by_id.get(ident):
            return found
        if foreign := re.fullmatch(r"(?:.*_)?Dieu_(\d+[a-z]?)", ident):
            return self._by_id.get(f"dieu-{foreign[1]}")
        return None

    def at(self, offset: int) -> Node | None:
        """Return the innermost node that holds an offset."""
        index = bisect_right(self._starts, offset) - 1
        while index >= 0 and offset >= self.nodes[index].end:
            index = self.nodes[index].parent
        return self.nodes[index] if index >= 0 else None

    def path(self, node: Node) -> tuple[Node, ...]:
        """Return a node with all nodes around it, from the top."""
        path = [node]
        while path[-1].parent >= 0:
            path.append(self.nodes[path[-1].parent])
        return tuple(reversed(path))

    def provision(self, offset: int) -> Node | None:
        """Return the Điều that holds an offset, else the appendix or the innermost heading; None outside of all."""
        node = self.at(offset)
        if node is None or node.kind == "ky":
            return None
        path = self.path(node)
        articles = [each for each in path if each.kind == "dieu"]
        return articles[-1] if articles else node

    @cached_property
    def _starts(self) -> list[int]:
        return [node.start for node in self.nodes]

    @cached_property
    def _by_id(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}


@dataclass(frozen=True, slots=True)
class Mark:
    """The start of a node, before the tree is built. number, sub: "3a" is (3, 1)."""

    kind: str
    number: int
    sub: int
    start: int
    title_end: int


def grown(marks: Iterable[Mark], length: int) -> Outline:
    """Return the tree of marks in the order of the text; a node ends at the next of its rank or higher."""
    marks = list(marks)
    ends, parents = [length] * len(marks), [-1] * len(marks)
    open_: list[int] = []
    for index, mark in enumerate(marks):
        while open_ and _RANK[marks[open_[-1]].kind] >= _RANK[mark.kind]:
            ends[open_.pop()] = mark.start
        parents[index] = open_[-1] if open_ else -1
        open_.append(index)
    nodes: list[Node] = []
    taken: dict[str, int] = {}
    for mark, end, parent in zip(marks, ends, parents, strict=True):
        ident = _unique(_id(mark, nodes, parent), taken)
        number = written(mark.kind, mark.number, mark.sub)
        nodes.append(Node(ident, mark.kind, number, mark.start, mark.title_end, end, parent))
    return Outline(tuple(nodes))


def _id(mark: Mark, nodes: Sequence[Node], parent: int) -> str:
    number = written(mark.kind, mark.number, mark.sub).replace("đ", "dd")
    own = f"{mark.kind}-{number}" if number else mark.kind
    while parent >= 0 and mark.kind == "dieu" and nodes[parent].kind not in ("phu-luc", "kem-theo"):
        parent = nodes[parent].parent  # Điều count through a text, in any chapter
    if parent < 0:
        return own
    # A chapter's number alone tells the chapter; sections need their chapter too.
    above = nodes[parent]
    return own if mark.kind == "chuong" and above.kind == "phan" else f"{above.id}-{own}"


def _unique(ident: str, taken: dict[str, int]) -> str:
    """Return the id, with a counter where the text has it twice."""
    taken[ident] = taken.get(ident, 0) + 1
    if taken[ident] == 1:
        return ident
    again = f"{ident}--{taken[ident]}"
    taken[again] = 1
    return again


def written(kind: str, number: int, sub: int) -> str:
    """Return the number as people say it: "5", "3a"; the letter of a điểm."""
    if not number:
        return ""
    if kind == "diem":
        letter = LETTERS[sub % 32 - 1] if sub else _POINTS[number - 1]
        return letter + (str(sub // 32) if sub // 32 else "")
    letters = ""
    while sub:
        sub, last = divmod(sub, 32)
        letters = LETTERS[last - 1] + letters
    return f"{number}{letters}"


def order(letters: str) -> int:
    """Return the letters after a number as `sub`: "" 0, "a" 1, "b" 2 …"""
    value = 0
    for letter in letters:
        value = value * 32 + LETTERS.index(letter) + 1
    return value


@lru_cache(1 << 10)
def point(letter: str, digit: str = "") -> tuple[int, int]:
    """Return number and sub of a điểm: a, b, c, d, đ, e, g …; foreign letters (f, j, w, z) and "a1" are subs of the one
    before.
    """
    number = sum(1 for each in _POINTS if LETTERS.index(each) <= LETTERS.index(letter))
    if letter in _POINTS and not digit:
        return number, 0
    return number, LETTERS.index(letter) + 1 + 32 * int(digit or 0)


def title(text: str, node: Node) -> str:
    """Return the heading of a node without its number: "Phạm vi điều chỉnh"; "" where it has none."""
    line = " ".join(text[node.start : node.title_end].split())
    head = _HEAD.match(line)
    return _NOTE.sub("", line[head.end() :] if head else line).strip(" .:*_")


def label(text: str, node: Node) -> str:
    """Return a reader's name for a node, with its heading: "Điều 12. Điều kiện hưởng lương hưu", "Khoản 2", "I. Tình
    hình".
    """
    name, heading = _NAMES.get(node.kind, ""), title(text, node)
    head = _HEAD.match(" ".join(text[node.start : node.title_end].split()))
    said = head[0].strip(" .:)–/-“\"'*_#").split(" ") if head else [""]
    if said[-1] and not said[-1][0].isdigit() and node.kind in ("phan", "chuong", "muc", "phu-luc"):
        words = [word if _ROMAN.fullmatch(word) else word.lower() for word in said[1:]]  # "PHỤ LỤC IV"
        name = " ".join([said[0].capitalize(), *words]) if words else said[0]
    elif name and node.number:
        name = f"{name} {node.number}"
    return ". ".join(filter(None, (name, heading)))


def provision_of(outline: Outline, part: str, at: Node | None = None) -> Node | None:
    """Return the node of a pinpoint ("5/2/a", "./2", "phu-luc-1"), or the nearest one above it; None without either.

    at: the node that holds the words, for "Điều này" and "khoản này".
    """
    if re.match(r"[a-z]{3}", part):
        return outline.find(part) or (outline.find("phu-luc") if part == "phu-luc-1" else None)
    number, clause, letter = (*part.split("/"), "", "")[:3]
    path = outline.path(at) if at else ()
    here = {node.kind: node for node in path}
    if number == ".":
        found = here.get("dieu")
    else:
        attached = [node for node in path if node.kind in ("phu-luc", "kem-theo")]
        names = [f"{node.id}-dieu-{number}" for node in attached] + [f"dieu-{number}"]
        found = next(filter(None, map(outline.find, names)), None) if number else None
        found = found or (_only(outline, number) if number else None)
    if found is None and (number or not clause):
        return None
    ids = [found.id] if found else []
    if clause == ".":
        ids = [here["khoan"].id] if "khoan" in here else ids
    elif clause:
        ids.append("-".join(filter(None, (ids[-1] if ids else "", f"khoan-{clause.replace('đ', 'dd')}"))))
    if letter:
        ids.append("-".join(filter(None, (ids[-1] if ids else "", f"diem-{letter.replace('đ', 'dd')}"))))
    nodes = [node for ident in ids if (node := outline.find(ident))]
    return nodes[-1] if nodes else None


def part_id(part: str) -> str:
    """Return the id of a pinpoint in a text of its own: "5/2/a" → "dieu-5-khoan-2-diem-a"; "" for "Điều này"."""
    if "." in part or re.match(r"[a-z]{3}", part):
        return "" if "." in part else part
    named = zip(("dieu", "khoan", "diem"), part.replace("đ", "dd").split("/"), strict=False)
    return "-".join(f"{kind}-{number}" for kind, number in named if number)


def nearest(outline: Outline, ident: str) -> Node | None:
    """Return the node of an id, or the nearest one above it: of "dieu-5-khoan-9" perhaps "dieu-5"."""
    while ident:
        if found := outline.find(ident):
            return found
        if only := re.fullmatch(r"dieu-(\d+[a-z]*)", ident):
            return _only(outline, only[1])
        ident = ident.rpartition("-")[0].rpartition("-")[0]
    return None


def _only(outline: Outline, number: str) -> Node | None:
    """Return the Điều of a number that only an attached text has: regulations that a decision issues."""
    named = [node for node in outline if node.kind == "dieu" and node.number == number]
    return named[0] if len(named) == 1 else None


def pack(outline: Outline) -> str:
    """Return the outline as a short string: 3 to 6 characters a node; "" for none."""
    if not outline.nodes:
        return ""
    data = bytearray([_VERSION]) + _varint(max(node.end for node in outline.nodes))
    start, expected = 0, _Expected()
    for node in outline.nodes:
        number, sub = _numbers(node)
        plain = (number, sub) == expected.next(node.kind)
        data.append(KINDS.index(node.kind) | (0 if plain else 16))
        data += _varint(node.start - start) + _varint(node.title_end - node.start)
        if not plain:
            data += _varint(number << _SUBS | sub)
        expected.seen(node.kind, number)
        start = node.start
    return base64.b85encode(bytes(data)).decode()


@lru_cache(maxsize=1024)
def kinds(packed: str) -> frozenset[str]:
    """Return the kinds of node that a packed outline has, without growing its tree."""
    data = base64.b85decode(packed)
    found = set()
    _, at = _read_varint(data, 1) if data else (0, 0)
    while at < len(data):
        mark = data[at]
        found.add(mark)
        at += 1
        for _ in range(3 if mark & 16 else 2):
            while data[at] >= 128:
                at += 1
            at += 1
    return frozenset(KINDS[mark & 15] for mark in found)


@lru_cache(maxsize=256)
def unpack(packed: str) -> Outline:
    """Return the outline that `pack` took. Raises ValueError for another string."""
    if not packed:
        return Outline()
    data = base64.b85decode(packed)
    if data[:1] != bytes([_VERSION]):
        raise ValueError("an outline of another version")
    marks: list[Mark] = []
    start, expected = 0, _Expected()
    try:
        length, at = _read_varint(data, 1)
        while at < len(data):
            kind, explicit = KINDS[data[at] & 15], data[at] & 16
            delta, at = _read_varint(data, at + 1)
            heading, at = _read_varint(data, at)
            number, sub = expected.next(kind)
            if explicit:
                value, at = _read_varint(data, at)
                number, sub = value >> _SUBS, value & (1 << _SUBS) - 1
            expected.seen(kind, number)
            start += delta
            marks.append(Mark(kind, number, sub, start, start + heading))
    except IndexError:
        raise ValueError("a damaged outline") from None
    return grown(marks, length)


class _Expected:
    """The likely number of a node: one more than that of its elder sibling."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def next(self, kind: str) -> tuple[int, int]:
        return self._last.get(kind, 0) + 1, 0

    def seen(self, kind: str, number: int) -> None:
        self._last[kind] = number
        for below in KINDS:
            if _RANK[below] > _RANK[kind] and below != "dieu":
                self._last.pop(below, None)
        if kind in ("phu-luc", "kem-theo"):
            self._last.pop("dieu", None)


def _numbers(node: Node) -> tuple[int, int]:
    if not node.number:
        return 0, 0
    if node.kind == "diem":
        return point(node.number[0], node.number[1:])
    letters = node.number.lstrip("0123456789")
    return int(node.number[: len(node.number) - len(letters)]), order(letters)


def _varint(value: int) -> bytes:
    data = bytearray()
    while value >= 128:
        data.append(value & 127 | 128)
        value >>= 7
    data.append(value)
    return bytes(data)


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while data[at] >= 128:
        value |= (data[at] & 127) << shift
        shift += 7
        at += 1
    return value | data[at] << shift, at + 1
