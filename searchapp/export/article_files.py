"""Write the articles as one file (JSON lines, CSV or Parquet), in a stable order; a killed run can go on."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from searchapp.engine import Engine
from searchapp.errors import MissingExtraError, UsageError
from searchapp.export import article_rows
from searchapp.export.article_rows import ARTICLE, chosen
from searchapp.export.citation_graph import cell
from searchapp.export.parts import Parts, checksum, kept

Row = Mapping[str, Any]
_CODEC: Final = "zstd"  # of Parquet
_PLAN: Final = 1  # raise it when a row changes: then no run goes on with the parts of an older release


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
    """Write the articles of a query, or all articles, one row each with the columns of `article_rows.ARTICLE`."""
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
    resumed = done = min(begun * article_rows.BATCH, len(keys))
    for number, batch in enumerate(article_rows.batches(keys, done), begun):
        parts.add(number, form.encode(article_rows.rows(engine, batch), not number))
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
