"""Write one segment: articles go in one by one, posting lists come out at the end."""

from __future__ import annotations

import re
import secrets
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searchapp.article import Article
from searchapp.engines.reprint_groups import sketch
from searchapp.engines.stored import FactsWriter, line, pack
from searchapp.engines.whoosh.store.arrays import ArrayWriter
from searchapp.engines.whoosh.store.postings import MAX_ARTICLES, U32, FieldWriter, Occurrences, is_term
from searchapp.engines.whoosh.store.segment import STOP, STOPS, files
from searchapp.errors import BadRecordError
from searchapp.fields import TEXT_FIELDS, TextField
from searchapp.text.distinct import LONG, stops
from searchapp.text.normalize import fold_key
from searchapp.text.tokens import Stream

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_KEY: Final = re.compile(r"[!-~]{1,64}")


def segment_name(name: str = "") -> str:
    """Return a name that is safe in a file name: the given one, or a random one. Raises ValueError
    for an unsafe one.
    """
    name = name or f"seg_{secrets.token_hex(8)}"
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot name a segment")
    return name


class SegmentWriter:
    """A segment on its way to `folder`. Nothing can read it before `finish`, which ends this writer.

    Files are not synced: the publisher of a generation does that for all of them.
    """

    def __init__(self, folder: Path, *, name: str = "") -> None:
        self.name = segment_name(name)
        self._folder = folder
        self._pool = _PostingPool()
        self._keys: dict[str, int] = {}
        self._sketches: list[bytes] = []
        self._post, text, facts = files(folder, self.name)
        self._text = TextWriter(text)
        self._facts = FactsWriter(facts)

    @property
    def size(self) -> int:
        """Return the number of articles so far."""
        return len(self._keys)

    @property
    def bytes(self) -> int:
        """Return the rough memory in use; `finish` needs about four times as much for a moment."""
        return self._pool.bytes + 400 * self.size

    def add(self, article: Article, title: Stream, body: Stream) -> None:
        """Add an article with the token streams of its title and its text, all of it or nothing.

        Raises BadRecordError when it cannot be stored. Its key may be not plain ASCII, or be there already. Its text
        may have lone surrogates, or a stream a syllable that no dictionary can hold.
        """
        if not _KEY.fullmatch(article.key) or article.key in self._keys:
            raise BadRecordError(f"{article.id}: key {article.key!r} is taken or unusable")
        if self.size == MAX_ARTICLES:
            raise BadRecordError(f"{article.id}: a segment holds at most {MAX_ARTICLES:,} articles")
        try:
            stored, facts = pack(article), line(article)
        except UnicodeEncodeError as error:
            raise BadRecordError(f"{article.id!r}: {error.reason} at character {error.start}") from None
        self._pool.add(title, body)
        self._sketches.append(sketch(title, body, article.number).tobytes())
        self._text.add(stored, _stops(article, title) if len(article.text) > LONG else None)
        self._facts.write(facts)
        self._keys[article.key] = self.size

    def finish(self) -> str:
        """Write the segment and return its name."""
        post = ArrayWriter(self._post)
        try:
            write_keys(post, [key.encode() for key in self._keys])
            post.put("sketches", np.frombuffer(b"".join(self._sketches), np.uint8))
            for field, occurrences, lengths in self._pool.fields():
                writer = FieldWriter(self._folder, field, self.size)
                writer.extend(occurrences)
                writer.close(post)
                post.put(f"{field.name}.lengths", lengths)
            post.close()
            self._text.close()
            self._facts.close()
        except BaseException:
            self.abort()
            raise
        return self.name

    def abort(self) -> None:
        """Give up: remove the written files."""
        self._text.discard()
        self._facts.close()
        for path in files(self._folder, self.name):
            path.unlink(missing_ok=True)


def _stops(article: Article, title: Stream) -> tuple[U32, NDArray[np.int64]]:
    """Return the stops of a long text as `Segment.stops` does; a title of its own is indexed before it."""
    before = f"{article.title}\n" if title.keys else ""
    positions, characters = stops(f"{before}{article.text}", STOP)
    return positions.astype(np.uint32), characters - len(before)


class TextWriter:
    """The stored articles of a segment, end to end, with the start of each, and the stops of long texts."""

    def __init__(self, path: Path) -> None:
        self._out = ArrayWriter(path)
        self._out.begin("articles", np.uint8)
        self._ends = array("Q", [0])
        self._stops: list[tuple[U32, NDArray[np.int64]]] = []
        self._stop_ends = array("Q", [0])
        self._before = array("I")

    def add(self, packed: bytes | memoryview, stops: tuple[U32, NDArray[np.int64]] | None) -> None:
        """Append an article as `stored.pack` made it. stops: as `Segment.stops` gives them."""
        self._out.write(packed)
        self._ends.append(self._ends[-1] + len(packed))
        before = max(0, -int(stops[1][0])) if stops else 0
        self._before.append(before)
        if stops:
            self._stops.append((stops[0], stops[1] + before))
        self._stop_ends.append(self._stop_ends[-1] + (len(stops[0]) if stops else 0))

    def close(self) -> None:
        """Finish the file."""
        self._out.put("starts", np.array(self._ends, np.uint64))
        positions, characters = ([row[side] for row in self._stops] or [np.empty(0, np.uint32)] for side in (0, 1))
        columns = self._stop_ends, self._before, np.concatenate(positions), np.concatenate(characters)
        for name, column, kind in zip(STOPS, columns, (np.uint64, np.uint32, np.uint32, np.uint32), strict=True):
            self._out.put(f"stops.{name}", np.asarray(column).astype(kind))
        self._out.close()

    def discard(self) -> None:
        """Remove the file."""
        self._out.discard()


def write_keys(out: ArrayWriter, keys: Sequence[bytes]) -> None:
    """Write the articles' keys in byte order, with their numbers. keys: the key of each article."""
    column = np.array(keys, np.bytes_)
    order = np.argsort(column, kind="stable")
    out.put("keys", column[order])
    out.put("keys.number", order.astype(np.uint32))


_U64 = NDArray[np.uint64]

_TERM_BYTES: Final = 150
"""The cost of one distinct term in the pool: its string, its place in a dictionary and a number."""


class _Vocabulary:
    """Numbers for terms, in the order of their first occurrence."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def unknown(self, terms: Iterable[str]) -> set[str]:
        """Return the terms that have no number yet."""
        return set(terms).difference(self._numbers)  # not `-` and keys(), which would walk through the vocabulary

    def intern(self, terms: Sequence[str], new: Iterable[str]) -> Iterator[int]:
        """Yield the number of each term; `new` is the result of `unknown`."""
        numbers = self._numbers
        for term in sorted(new):
            numbers[term] = len(numbers)
        return map(numbers.__getitem__, terms)

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)


class _Tokens:
    """The tokens of one part of every article: term numbers, positions where they are kept, and the
    ends of articles.
    """

    def __init__(self) -> None:
        self.terms = array("I")
        self.positions = array("I")
        self.ends = array("Q")

    def add(self, terms: Iterable[int], positions: array[int] | None = None) -> None:
        """Append the tokens of the next article."""
        self.terms.extend(terms)
        if positions is not None:
            self.positions.extend(positions)
        self.ends.append(len(self.terms))

    @property
    def bytes(self) -> int:
        """Return the memory in use."""
        return 4 * (len(self.terms) + len(self.positions)) + 8 * len(self.ends)

    def lengths(self) -> U32:
        """Return the tokens of each article."""
        return np.diff(np.asarray(self.ends, np.uint64), prepend=np.uint64(0)).astype(np.uint32)

    def doc_ids(self) -> U32:
        """Return the article of each token."""
        lengths = self.lengths()
        return np.repeat(np.arange(lengths.size, dtype=np.uint32), lengths)

    def numbers(self) -> U32:
        """Return the term number of each token."""
        return np.asarray(self.terms, np.uint32)

    def places(self) -> U32:
        """Return the position of each token."""
        return np.asarray(self.positions, np.uint32)


class _PostingPool:
    """A pool that takes token streams article by article and gives every field's posting lists at the end."""

    def __init__(self) -> None:
        self._keys = _Vocabulary()
        self._words = _Vocabulary()
        self._tokens = {part: _Tokens() for part in ("title", "body")}
        self._multi = {part: _Tokens() for part in ("title", "body")}

    @property
    def bytes(self) -> int:
        """Return the rough memory in use; `fields` needs five times as much for one field at a time."""
        tokens = sum(part.bytes for part in (*self._tokens.values(), *self._multi.values()))
        return tokens + _TERM_BYTES * (len(self._keys) + len(self._words))

    def add(self, title: Stream, body: Stream) -> None:
        """Append the next article, all of it or nothing.

        Raises BadRecordError for a stream that no dictionary can hold.
        """
        new_keys = self._keys.unknown([*title.keys, *body.keys])
        new_words = self._words.unknown([*title.words, *body.words])
        for stream in (title, body):
            if len(stream.keys) != len(stream.positions):
                raise BadRecordError(f"{len(stream.keys)} syllables with {len(stream.positions)} positions")
        if bad := [term for term in (*new_keys, *new_words) if not is_term(term)]:
            raise BadRecordError(f"{bad[0]!r} cannot be a search term")
        for part, stream in (("title", title), ("body", body)):
            self._tokens[part].add(self._keys.intern(stream.keys, new_keys), stream.positions)
            self._multi[part].add(self._words.intern(stream.words, new_words))
            new_keys = new_words = set()

    def fields(self) -> Iterator[tuple[TextField, Occurrences, U32]]:
        """Yield every text field: its posting lists and the number of tokens of each article."""
        keys = list(self._keys)
        streams = {"a": _ranked(keys), "f": _ranked([_folded(key) for key in keys]), "w": _ranked(list(self._words))}
        for field in TEXT_FIELDS:
            tokens = (self._multi if field.stream == "w" else self._tokens)[field.part]
            names, ranks = streams[field.stream[0]]
            codes = ranks[tokens.numbers()]
            if field.stream == "f2":
                yield field, *_pairs(names, codes, tokens)
            else:
                positions = tokens.places() if field.positions else None
                yield field, _invert(codes, tokens.doc_ids(), positions, _speller(names)), tokens.lengths()


def _speller(names: list[bytes]) -> Callable[[_U64], list[bytes]]:
    return lambda codes: [names[code] for code in codes.tolist()]


def _folded(key: str) -> str:
    folded = fold_key(key)
    return folded if is_term(folded) else key  # a sign of a script without Latin letters


def _ranked(terms: list[str]) -> tuple[list[bytes], U32]:
    """Return the distinct terms in byte order, and the rank of each given term, shape (len(terms),)."""
    names = sorted(set(terms))
    rank = {term: number for number, term in enumerate(names)}
    ranks = np.fromiter(map(rank.__getitem__, terms), np.uint32, len(terms))
    return [name.encode() for name in names], ranks


def _pairs(names: list[bytes], codes: U32, tokens: _Tokens) -> tuple[Occurrences, U32]:
    """Return bigrams of neighbours (tokens of one article whose positions differ by one), and how many each article
    has.
    """
    places, doc_ids = tokens.places(), tokens.doc_ids()
    near = (places[1:] - places[:-1] == 1) & (doc_ids[1:] == doc_ids[:-1])
    bits = np.uint64(len(names).bit_length())

    def spell(pairs: _U64) -> list[bytes]:
        firsts, seconds = (pairs >> bits).tolist(), (pairs & ((np.uint64(1) << bits) - np.uint64(1))).tolist()
        return [b"%b %b" % (names[first], names[second]) for first, second in zip(firsts, seconds, strict=True)]

    # A space sorts before every letter, so pairs of ranks have the byte order of their bigrams.
    pairs = (codes[:-1][near].astype(np.uint64) << bits) | codes[1:][near]
    doc_ids = doc_ids[1:][near]
    lengths = np.bincount(doc_ids, minlength=len(tokens.ends)).astype(np.uint32)
    return _invert(pairs, doc_ids, None, spell), lengths


def _invert(
    codes: U32 | _U64, doc_ids: U32, positions: U32 | None, spell: Callable[[_U64], list[bytes]]
) -> Occurrences:
    """Group tokens by term, then article.

    codes: the term of each token, in byte order; tokens come article by article; spell: the terms behind the codes.
    Sorting (term, place) packed into one integer is stable and needs no second array. It is several times as fast as a
    stable argsort.
    """
    places = doc_ids if positions is None else np.arange(codes.size, dtype=np.uint32)
    bits = int(places[-1]).bit_length() if codes.size else 0
    if codes.size and int(codes.max()).bit_length() + bits > 64:
        distinct, numbers = np.unique(codes, return_inverse=True)
        return _invert(
            numbers.astype(np.uint32), doc_ids, positions, lambda chosen: spell(distinct.astype(np.uint64)[chosen])
        )
    packed = codes.astype(np.uint64)
    packed <<= np.uint64(bits)
    packed |= places
    packed.sort()
    grouped = packed >> np.uint64(bits)
    places = (packed & np.uint64((1 << bits) - 1)).astype(np.uint32)
    del packed
    doc_ids = places if positions is None else doc_ids[places]
    positions = None if positions is None else positions[places]
    posting = _changes(grouped, doc_ids)
    frequencies = np.diff(posting, append=grouped.size).astype(np.uint32)
    grouped, doc_ids = grouped[posting], doc_ids[posting]
    term = _changes(grouped)
    return Occurrences(spell(grouped[term]), np.diff(term, append=grouped.size), doc_ids, frequencies, positions)


def _changes(*columns: NDArray[np.unsignedinteger[Any]]) -> NDArray[np.int64]:
    """Return where a row differs from the one before it, the first row included."""
    change = np.zeros(max(columns[0].size, 1), bool)
    change[0] = columns[0].size > 0
    for column in columns:
        change[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(change)
