"""Write the archive as an SQLite file with full-text search, for Datasette and sqlite3; a killed run can go on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from searchapp.article import Document
from searchapp.engine import Engine
from searchapp.errors import MissingExtraError
from searchapp.export.article_files import (
    ARTICLE,
    CITATION,
    OUTLINE,
    RELATION,
    Written,
    batches,
    checksum,
    chosen,
    kept,
    plan,
    rows,
)

_SQL: Final = {str: "TEXT NOT NULL", int: "INTEGER NOT NULL", bool: "INTEGER NOT NULL", float: "REAL"}
_ARTICLE: Final = tuple(name for name, kind in ARTICLE.items() if not isinstance(kind, list))
_DOCUMENT: Final = ("slug", "symbol", "type", "issuer", "place", "date", "term", "title", "article")
_LISTS: Final[Mapping[str, Mapping[str, Any]]] = {"citations": CITATION, "outline": OUTLINE, "relations": RELATION}
_LINKS: Final = ("document", "doer", "target")
"""Columns that name a document, or nothing."""
_INDEXED: Final = (
    ("articles", "date"), ("articles", "source"), ("articles", "document"), ("citations", "article"),
    ("citations", "document"), ("relations", "article"), ("relations", "doer"), ("relations", "target"),
    ("article_themes", "theme"), ("outline", "article"), ("documents", "symbol"), ("documents", "article"),
)  # fmt: skip
_NAMED: Final = (
    "SELECT document FROM articles UNION SELECT document FROM citations UNION SELECT doer FROM relations "
    "UNION SELECT target FROM relations"
)


def write_database(
    engine: Engine, file: Path, query: str = "", told: Callable[[int, int], None] = lambda done, of: None
) -> Written:
    """Write the articles of a query, or all articles, with their citations; parameters as of `write_articles`."""
    keys = chosen(engine, query)
    with kept(file, f"sqlite\n{plan(engine, query)}") as parts:
        beside = parts.folder / "database"
        with closing(sqlite3.connect(beside, isolation_level=None)) as base:
            resumed = _fill(base, engine, keys, query, told)
            _finish(base, engine)
        beside.replace(file)
    return Written(len(keys), resumed, checksum(file))


def _fill(
    base: sqlite3.Connection, engine: Engine, keys: Sequence[str], query: str, told: Callable[[int, int], None]
) -> int:
    """Write the missing batches, each in a transaction; return how many rows were there."""
    if not base.execute("SELECT 1 FROM sqlite_master WHERE name = 'export'").fetchone():
        _transact(base, lambda: _begin(base, engine, query))
    ((resumed,),) = base.execute("SELECT count(*) FROM articles")
    done = resumed
    for batch in batches(keys, resumed):
        _transact(base, lambda batch=batch: _add(base, rows(engine, batch)))  # type: ignore[misc]
        done += len(batch)
        told(done, len(keys))
    return int(resumed)


def _transact(base: sqlite3.Connection, step: Callable[[], None]) -> None:
    base.execute("BEGIN IMMEDIATE")
    step()
    base.execute("COMMIT")


def _begin(base: sqlite3.Connection, engine: Engine, query: str) -> None:
    """Make the tables, empty."""
    base.execute(f"CREATE TABLE articles (n INTEGER PRIMARY KEY, {_columns(ARTICLE, _ARTICLE)}, UNIQUE (key))")
    document = ", ".join(f'"{name}" TEXT NOT NULL' for name in _DOCUMENT[1:-1])
    base.execute(f"CREATE TABLE documents (slug TEXT PRIMARY KEY, {document}, article TEXT REFERENCES articles (key))")
    for table, shape in _LISTS.items():
        base.execute(
            f"CREATE TABLE {table} (n INTEGER PRIMARY KEY, article TEXT NOT NULL REFERENCES articles (key), "
            f"{_columns(shape, tuple(shape))})"
        )
    base.execute("CREATE TABLE themes (id TEXT PRIMARY KEY, label TEXT NOT NULL)")
    base.execute(
        "CREATE TABLE article_themes (article TEXT NOT NULL REFERENCES articles (key), "
        "theme TEXT NOT NULL REFERENCES themes (id), PRIMARY KEY (article, theme)) WITHOUT ROWID"
    )
    try:
        base.execute(
            'CREATE VIRTUAL TABLE articles_fts USING fts5(title, text, content="articles", content_rowid="n", '
            "tokenize='unicode61 remove_diacritics 2')"
        )
    except sqlite3.OperationalError as error:
        raise MissingExtraError(f"this Python's SQLite has no FTS5 ({error}): use another build of Python") from None
    base.execute("CREATE TABLE export (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
    told = {"archive": engine.archive, "generation": engine.generation, "query": query}
    base.executemany("INSERT INTO export VALUES (?, ?)", told.items())


def _columns(shape: Mapping[str, Any], names: Iterable[str]) -> str:
    links = dict.fromkeys(_LINKS, "TEXT REFERENCES documents (slug)")
    return ", ".join(f'"{name}" {links.get(name) or _SQL.get(_kind(shape[name]), "TEXT NOT NULL")}' for name in names)


def _kind(kind: Any) -> Any:
    return None if isinstance(kind, list) else kind


def _add(base: sqlite3.Connection, found: Sequence[Mapping[str, Any]]) -> None:
    for row in found:
        added = _insert(base, "articles", {name: row[name] for name in _ARTICLE})
        key = row["key"]
        for table in _LISTS:
            for one in row[table]:
                _insert(base, table, {"article": key, **one})
        base.executemany("INSERT INTO article_themes VALUES (?, ?)", ((key, theme) for theme in row["themes"]))
        searched = (added, *map(_searched, (row["title"], row["text"])))
        base.execute("INSERT INTO articles_fts (rowid, title, text) VALUES (?, ?, ?)", searched)


def _insert(base: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> int:
    names = ", ".join(f'"{name}"' for name in row)
    values = [_value(name, value) for name, value in row.items()]
    done = base.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", values)
    return int(done.lastrowid or 0)


def _value(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return " ".join(value)
    return (value or None) if name in _LINKS else value


def _searched(text: str) -> str:
    """Return a text for the search: once more with d for đ, which FTS5 takes for a letter without a mark."""
    plain = text.replace("đ", "d").replace("Đ", "D")
    return text if plain == text else f"{text}\n{plain}"


def _finish(base: sqlite3.Connection, engine: Engine) -> None:
    """Write the last facts: documents, names of themes, indexes. A second call changes nothing."""
    _transact(base, lambda: _complete(base, engine))
    base.execute("INSERT INTO articles_fts (articles_fts) VALUES ('optimize')")
    base.execute("VACUUM")


def _complete(base: sqlite3.Connection, engine: Engine) -> None:
    held = {key for (key,) in base.execute("SELECT key FROM articles")}
    slugs = [slug for (slug,) in base.execute(f"SELECT * FROM ({_NAMED}) ORDER BY 1") if slug]
    for row in _documents(engine, slugs, held):
        base.execute(f"INSERT OR REPLACE INTO documents VALUES ({', '.join('?' * len(_DOCUMENT))})", row)
    themes = [theme for (theme,) in base.execute("SELECT DISTINCT theme FROM article_themes ORDER BY 1")]
    label = engine.tables.themes.label
    base.executemany("INSERT OR REPLACE INTO themes VALUES (?, ?)", ((theme, label(theme)) for theme in themes))
    for table, column in _INDEXED:
        base.execute(f"CREATE INDEX IF NOT EXISTS {table}_{column} ON {table} ({column})")


def _documents(engine: Engine, slugs: Iterable[str], held: set[str]) -> Iterator[Sequence[str | None]]:
    """Yield the documents as rows, with the article of the text only where the file has that article too."""
    for slug in slugs:
        document = engine.document(slug) or Document(slug=slug, symbol="", type="")
        facts = [getattr(document, name) for name in _DOCUMENT[:-1]]
        yield [*facts, document.article if document.article in held else None]
