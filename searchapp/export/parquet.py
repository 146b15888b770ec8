"""Write rows of articles as Parquet, with real lists and structures; the only module that knows pyarrow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from searchapp.errors import MissingExtraError
from searchapp.export.article_rows import ARTICLE

_CODEC: Final = "zstd"


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
