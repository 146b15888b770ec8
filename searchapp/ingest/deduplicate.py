"""Find rows that are one article (same id, else same address, else same words), and serve the best copy."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from searchapp.article import FILE, Record
from searchapp.ingest.analysis import digest_of, identity_of, key_of
from searchapp.text.normalize import normalize
from searchapp.text.urls import canonical_url, page_of

LIVE: Final = -1
"""`Row.where`: the generation before serves this row."""
NOWHERE: Final = -2
"""`Row.where`: another row is served; from 0 on it is the number of a segment of this run."""

BY_ID, BY_ADDRESS, BY_PATH, TOO_SHORT = 3, 2, 1, 0
"""`Row.named`: the fact that tells the article from others; TOO_SHORT: its path, and too few words
to be known by them.
"""

_MIN_LETTERS: Final = 200
"""A text with fewer letters may well be two articles: "Nội dung đang được cập nhật"."""


class Row(NamedTuple):
    """One article of a file: its line (0 where the file is one article), key, and hash of its Record (64 bits each).

    named: the origin of the key; page: hash of its address, 0 without one; words: hash of title and text; rank: as in
    `Record`.
    """

    row: int
    key: int
    digest: int
    where: int
    named: int = BY_ID
    page: int = 0
    words: int = 0
    rank: int = FILE


Place: TypeAlias = tuple[str, str]
"""A place: folder of the root, and name in the folder."""
Found: TypeAlias = tuple[Place, Row]


@dataclass(frozen=True, slots=True)
class Owners:
    """The result. first: key → the served row; copies: key → other copies of that article, in order; late: rows with
    the id of another article, each with that article.
    """

    first: dict[int, Found]
    copies: dict[int, list[Found]]
    late: list[tuple[Found, Found]]


def identified(record: Record) -> tuple[int, int]:
    """Return key and digest of a Record, as numbers."""
    return int(key_of(identity_of(record)), 16), digest_of(record)


def row_of(record: Record, key: int, digest: int, where: int) -> Row:
    """Return the row of a Record; key, digest: as `identified`."""
    page, words = canonical_url(record.url), _words(record)
    named = BY_ID if normalize(record.id).strip() else BY_ADDRESS if page else BY_PATH
    if named == BY_PATH and len(words) < _MIN_LETTERS:
        named = TOO_SHORT
    hashed = _number(page_of(page)) if page else 0
    return Row(record.row, key, digest, where, named, hashed, _number(words), record.rank)


def owners(rows: Iterable[Found]) -> Owners:
    """Decide between the rows of all files; of equal rows the first given counts."""
    first: dict[int, Found] = {}
    second: list[Found] = []
    for found in rows:
        held = first.setdefault(found[1].key, found)
        if held is not found:
            better = found[1].rank > held[1].rank
            first[found[1].key] = found if better else held
            second.append(held if better else found)
    made = Owners(first, {}, [])
    joined: dict[int, int] = {}
    for same in (_same_page, _same_words):
        for key, other in same(first).items():
            joined[key] = other
            made.copies.setdefault(other, []).append(first.pop(key))
    for found in second:
        key = joined.get(found[1].key, found[1].key)
        if _is_mistake(found[1], first[key][1]):
            made.late.append((found, first[key]))
        else:
            made.copies.setdefault(key, []).append(found)
    return made


def _is_mistake(row: Row, served: Row) -> bool:
    """Tell whether two files give one id to different articles: only one of them can be found."""
    return row.rank == served.rank == FILE and row.words != served.words


def _same_page(first: dict[int, Found]) -> dict[int, int]:
    """Map keys of articles known by an address alone to the key that is served for that page.

    An id goes before an address. Where several ids share a page (the articles of one law), none of them is meant.
    """
    addressed = [row for _, row in first.values() if row.named == BY_ADDRESS]
    if not addressed:
        return {}
    best: dict[int, Row] = {}
    for row in addressed:
        if row.page not in best or row.rank > best[row.page].rank:
            best[row.page] = row
    named: dict[int, set[int]] = {}
    for _, row in first.values():
        if row.named == BY_ID and row.page in best:
            named.setdefault(row.page, set()).add(row.key)
    served = {page: min(ids) if len(ids := named.get(page, set())) == 1 else row.key for page, row in best.items()}
    return {row.key: served[row.page] for row in addressed if served[row.page] != row.key}


def _same_words(first: dict[int, Found]) -> dict[int, int]:
    """Map keys of articles known by a path alone to the key with the same title and text."""
    pathed = [row for _, row in first.values() if row.named == BY_PATH]
    if not pathed:
        return {}
    best: dict[int, Row] = {}
    for _, row in first.values():
        held = best.get(row.words)
        if held is None or row.named > held.named:
            best[row.words] = row
    return {row.key: best[row.words].key for row in pathed if best[row.words].key != row.key}


def _words(record: Record) -> str:
    """Return title and text without their spaces, the title once even where the text repeats it."""
    # No regex: the code runs for every article, and must cost nothing beside its analysis.
    title, text = (
        "".join(unicodedata.normalize("NFC", part).split()).casefold() for part in (record.title, record.text)
    )
    return text if text.startswith(title) else title + text


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest())
