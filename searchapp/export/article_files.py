"""Write the articles as one file (JSON lines, CSV or Parquet), in a stable order.

Other forms share the rows. A killed run goes on from the parts that it kept.
"""

from __future__ import annotations

import csv
import fcntl
import gzip
import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Final

from searchapp.article import OWN, Article, Relation
from searchapp.engine import Engine
from searchapp.errors import MissingExtraError, UsageError
from searchapp.export.citation_graph import cell, citation_as_json
from searchapp.graph import own_document
from searchapp.outline import unpack
from searchapp.query import Query
from searchapp.search import find, put

Row = Mapping[str, Any]
_CODEC: Final = "zstd"  # of Parquet
_PLAN: Final = 1  # raise it when a row changes: then no run goes on with the parts of an older release

BATCH: Final = 500
"""Rows that are written at once; a killed run repeats at most so many."""
_AT_ONCE: Final = 200
CITATION: Final[Mapping[str, Any]] = {
    "document": str, "key": str, "text": str, "start": int, "end": int, "kind": str, "type": str, "date": str,
    "issuer": str, "place": str, "term": str, "how": str, "sure": float, "about": str, "pinpoint": [str],
    "doubtful": bool,
}  # fmt: skip
OUTLINE: Final[Mapping[str, Any]] = {
    "id": str, "kind": str, "number": str, "start": int, "end": int, "parent": str,
}  # fmt: skip
RELATION: Final[Mapping[str, Any]] = {
    "kind": str, "doer": str, "target": str, "part": [str], "day": str, "until": str, "exception": bool, "start": int,
    "end": int,
}  # fmt: skip
ARTICLE: Final[Mapping[str, Any]] = {
    "key": str, "id": str, "title": str, "date": str, "source": str, "section": str, "url": str, "author": str,
    "type": str, "number": str, "issuer": str, "signer": str, "document": str, "themes": [str], "recognised": bool,
    "ocr_confidence": float, "text": str, "basis": [str], "citations": [CITATION], "outline": [OUTLINE],
    "relations": [RELATION],
}  # fmt: skip
"""Column → its type; [type] is a list. Offsets are code points in text, title and basis joined by line ends."""

_PLAN_FILE, _LOCK = "plan", "lock"


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of file: a function from a batch to bytes (first: it begins the file), and one to the whole file."""

    encode: Callable[[Sequence[Row], bool], bytes]
    join: Callable[[Iterable[Path], Path], None]


@dataclass(frozen=True, slots=True)
class Written:
    """The result of an export; resumed: rows that an earlier, ended run had written already."""

    count: int
    resumed: int
    checksum: Path


def write_articles(
    engine: Engine, file: Path, query: str = "", told: Callable[[int, int], None] = lambda done, of: None
) -> Written:
    """Write the articles of a query, or all articles, one row each with the columns of `ARTICLE`."""
    form = _form(file)
    keys = chosen(engine, query)
    with kept(file, plan(engine, query)) as parts:
        resumed = _fill(engine, keys, parts, form, told)
        beside = parts.folder / "joined"
        form.join(parts.paths(), beside)
        beside.replace(file)
    return Written(len(keys), resumed, checksum(file))


def plan(engine: Engine, query: str) -> str:
    """Return the facts that must be the same for a run to go on with the parts of another run."""
    return "\n".join((str(_PLAN), engine.archive, engine.generation, query))


def _fill(engine: Engine, keys: Sequence[str], parts: Parts, form: _Form, told: Callable[[int, int], None]) -> int:
    """Write the missing batches, one at least; return how many rows were there."""
    begun = parts.done
    resumed = done = min(begun * BATCH, len(keys))
    for number, batch in enumerate(batches(keys, done), begun):
        parts.add(number, form.encode(rows(engine, batch), not number))
        done += len(batch)
        told(done, len(keys))
    if not keys:
        parts.add(0, form.encode((), True))
    return resumed


def lines(found: Iterable[Row]) -> bytes:
    """Return one JSON object a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found).encode()


def _table(found: Sequence[Row], first: bool) -> bytes:
    """Return rows of CSV; lists are JSON, and a cell that begins like a formula has an apostrophe before it."""
    out = io.StringIO()
    table = csv.writer(out)
    if first:
        out.write("\ufeff")
        table.writerow(ARTICLE)
    for row in found:
        table.writerow([_cell(value) for value in row.values()])
    return out.getvalue().encode()


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else cell(value)


def _packed(encode: Callable[[Sequence[Row], bool], bytes]) -> Callable[[Sequence[Row], bool], bytes]:
    """Return a function that makes a gzip member of rows; equal rows give equal bytes."""
    return lambda found, first: gzip.compress(encode(found, first), mtime=0)


def _chain(parts: Iterable[Path], file: Path) -> None:
    with file.open("wb") as out:
        for part in parts:
            with part.open("rb") as data:
                shutil.copyfileobj(data, out)


def _plain(found: Sequence[Row], first: bool) -> bytes:
    return lines(found)


def library() -> Any:
    """Return the module pyarrow. Raises MissingExtraError."""
    try:
        import pyarrow
    except ImportError:
        raise MissingExtraError("Parquet needs a library: pip install 'searchapp[parquet]'") from None
    return pyarrow


def encoded(found: Sequence[Mapping[str, Any]]) -> bytes:
    """Return a whole Parquet file of these rows."""
    arrow = library()
    from pyarrow import parquet

    sink = arrow.BufferOutputStream()
    parquet.write_table(arrow.Table.from_pylist(list(found), schema=_schema(arrow)), sink, compression=_CODEC)
    return bytes(sink.getvalue().to_pybytes())


def joined(parts: Iterable[Path], file: Path) -> None:
    """Join files into one; each becomes a group of rows, and only one is in memory."""
    from pyarrow import parquet

    with parquet.ParquetWriter(file, _schema(library()), compression=_CODEC) as out:
        for part in parts:
            out.write_table(parquet.read_table(part))


def _schema(arrow: Any) -> Any:
    return arrow.schema([(name, _type(arrow, kind)) for name, kind in ARTICLE.items()])


def _type(arrow: Any, kind: Any) -> Any:
    if isinstance(kind, list):
        return arrow.list_(_type(arrow, kind[0]))
    if isinstance(kind, Mapping):
        return arrow.struct([(name, _type(arrow, inner)) for name, inner in kind.items()])
    return {str: arrow.string(), int: arrow.int32(), float: arrow.float64(), bool: arrow.bool_()}[kind]


_FORMS: Final[Mapping[str, _Form]] = {
    ".jsonl": _Form(_plain, _chain),
    ".jsonl.gz": _Form(_packed(_plain), _chain),
    ".csv": _Form(_table, _chain),
    ".csv.gz": _Form(_packed(_table), _chain),
    ".parquet": _Form(lambda found, first: encoded(found), joined),
}


def _form(file: Path) -> _Form:
    for ending, form in _FORMS.items():
        if file.name.lower().endswith(ending) and file.name.lower() != ending:
            if ending == ".parquet":
                library()
            return form
    raise UsageError(f"{file}: name it {', '.join(list(_FORMS)[:-1])} or {list(_FORMS)[-1]}")


def chosen(engine: Engine, text: str = "") -> list[str]:
    """Return keys of the articles of a query, or of all articles: undated ones first, then by date and key."""
    if not text.strip():
        return [key for _, key in sorted((date, key) for key, _, date in engine.dated())]
    asked = Query(text=text, sort="oldest", size=_AT_ONCE, apart=True)
    found = find(engine, asked)
    query, matches = found.question.query, found.answer.matches
    dated: list[tuple[str, str]] = []
    while matches:
        dated += [(match.article.date, match.article.key) for match in matches]
        matches = put(engine, replace(query, after=matches[-1].cursor)).matches if len(matches) == _AT_ONCE else ()
    return [key for _, key in sorted(dated)]


def batches(keys: Sequence[str], done: int) -> Iterator[Sequence[str]]:
    """Yield the keys in batches, without the first `done` keys."""
    return (keys[start : start + BATCH] for start in range(done, len(keys), BATCH))


def rows(engine: Engine, keys: Sequence[str]) -> list[dict[str, Any]]:
    """Return the articles with these keys as values of ARTICLE."""
    return [_row(engine, article) for article in engine.articles(keys)]


def _row(engine: Engine, article: Article) -> dict[str, Any]:
    own = own_document(engine, article)
    outline = unpack(article.outline)
    ids = [*(node.id for node in outline), ""]  # -1 is the parent at the top
    facts = {name: getattr(article, name) for name, kind in ARTICLE.items() if kind is str and name != "document"}
    made = {
        **facts,
        "document": own,
        "themes": list(article.themes),
        "recognised": article.recognised,
        "ocr_confidence": article.ocr.confidence if article.ocr else None,
        "basis": list(article.basis),
        "citations": [_cut(citation_as_json(citation), CITATION) for citation in article.citations],
        "outline": [
            {**_cut({name: getattr(node, name) for name in OUTLINE}, OUTLINE), "parent": ids[node.parent]}
            for node in outline
        ],
        "relations": [_relation(article, own, one) for one in article.relations],
    }
    return {name: made[name] for name in ARTICLE}


def _cut(values: Mapping[str, Any], shape: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(values[name]) if isinstance(values[name], tuple) else values[name] for name in shape}


def _relation(article: Article, own: str, said: Relation) -> dict[str, Any]:
    """Return a relation with the documents that it joins instead of the places of their names."""
    named = {citation.start: citation.document for citation in article.citations} | {OWN: own}
    ends = {"doer": named.get(said.doer, ""), "target": named.get(said.target, "")}
    return {**_cut({name: getattr(said, name) for name in RELATION}, RELATION), **ends}


class Parts:
    """The finished batches of one export, numbered from 0; made by `kept`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def done(self) -> int:
        """Return how many batches are whole."""
        count = 0
        while self.path(count).exists():
            count += 1
        return count

    def path(self, number: int) -> Path:
        """Return the file of a batch."""
        return self.folder / f"{number:06}"

    def add(self, number: int, data: bytes) -> None:
        """Keep a batch, whole or not at all."""
        _put_whole(self.path(number), data)

    def paths(self) -> Iterator[Path]:
        """Yield the files of all batches, in order."""
        return (self.path(number) for number in range(self.done))


@contextmanager
def kept(file: Path, plan: str) -> Iterator[Parts]:
    """Yield the parts of an export to `file`; drop parts of another plan, and all parts after a successful export."""
    if not file.absolute().parent.is_dir():
        raise UsageError(f"{file}: there is no folder {file.absolute().parent}: make it, or choose another file")
    folder = file.with_name(f".{file.name}.parts")
    folder.mkdir(exist_ok=True)
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"{file}: another export is writing it: wait for it, or choose another file") from None
        except OSError:
            pass  # a file system without locks, as of a network, holds a file all the same
        mark = folder / _PLAN_FILE
        if not mark.exists() or mark.read_text(encoding="utf-8") != plan:
            for old in folder.iterdir():
                if old.name != _LOCK:
                    old.unlink()
            _put_whole(mark, plan.encode())
        yield Parts(folder)
        shutil.rmtree(folder)


def _put_whole(file: Path, data: bytes) -> None:
    """Write a file whole or not at all, also when the power fails."""
    beside = file.with_name(f"{file.name}.new")
    with beside.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)


@contextmanager
def open_whole(file: Path) -> Iterator[IO[str]]:
    """Yield a text that takes the place of `file` when all of it is written; after an error `file` is as before."""
    file = file.resolve()
    if file.exists() and not file.is_file():  # a pipe, a terminal
        with file.open("w", encoding="utf-8", newline="") as out:
            yield out
        return
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", newline="") as out:
            yield out
        if file.exists():
            shutil.copymode(file, beside)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def checksum(file: Path) -> Path:
    """Write the SHA-256 of a file beside it, as `sha256sum --check` reads it."""
    with file.open("rb") as data:
        told = hashlib.file_digest(data, "sha256").hexdigest()
    beside = file.with_name(f"{file.name}.sha256")
    _put_whole(beside, f"{told}  {file.name}\n".encode())
    return beside
