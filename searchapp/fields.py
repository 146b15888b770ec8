"""The index schema, said once: text fields with their weights, facets with their names and labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

SCHEMA: Final = 5
"""Raised with every change of what is stored: an index of another schema is not opened."""

ANALYZER: Final = 1
"""Raised with every change of how text is cut into tokens: an index of another analyzer is not opened."""


@dataclass(frozen=True, slots=True)
class TextField:
    """One token stream of one part of an article.

    part: "title" or "body"; stream: "a" accented syllables, "f" folded syllables, "f2" folded bigrams of neighbours,
    "w" words of several syllables found by pyvi; positions: whether phrases can be searched in it.
    """

    name: str
    part: Literal["title", "body"]
    stream: Literal["a", "f", "f2", "w"]
    positions: bool


TEXT_FIELDS: Final = tuple(
    TextField(f"{part}_{stream}", part, stream, stream in ("a", "f"))
    for part in ("title", "body")
    for stream in ("a", "f", "f2", "w")
)


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow a result set; `name` is used in JSON, settings and docs, `parameter` in URLs."""

    name: str
    parameter: str
    label: str
    label_en: str


FACETS: Final = (
    Facet("date", "nam", "Thời gian", "Date"),
    Facet("document", "van_ban", "Văn bản được nhắc", "Document"),
    Facet("theme", "chu_de", "Chủ đề", "Theme"),
    Facet("term", "nhiem_ky", "Nhiệm kỳ", "Term"),
    Facet("issuer", "co_quan", "Cơ quan ban hành", "Issuer"),
    Facet("type", "loai", "Loại văn bản", "Type"),
    Facet("section", "chuyen_muc", "Chuyên mục", "Section"),
    Facet("source", "nguon", "Nguồn", "Source"),
)
FACET_NAMES: Final = tuple(facet.name for facet in FACETS)
CHAIN: Final = "chain"
"""The hidden facet of the documents of which an article says that they carry out, or are carried out by, another."""
REPRINT: Final = "reprint"
"""The hidden filter for an article with its reprints: its values are keys of articles."""


@dataclass(frozen=True, slots=True)
class Weights:
    """BM25's parameters and what each stream is worth; settings that every engine reads.

    k1, b: of accented and folded syllables and words; k1_f2: of pairs; k1_title, b_title: of every stream of a title,
    so that a title counts by how much of it was asked for. A query with accents uses all four streams, one without
    only f and f2, which are then worth f_alone and f2_alone. question: worth of a word that only asks ("như thế nào")
    in a long query. The defaults were found by cross-validation (benchmarks/tuning.py, docs/matching.md).
    """

    k1: float = 0.7
    b: float = 0.65
    k1_f2: float = 0.6
    k1_title: float = 3.0
    b_title: float = 1.0
    a: float = 1.0
    f: float = 0.5
    f2: float = 0.95
    w: float = 0.4
    f_alone: float = 1.0
    f2_alone: float = 0.8
    title: float = 0.3
    synonym: float = 0.7
    question: float = 0.0

    def of(self, field: TextField, *, accented: bool = True) -> float:
        """The weight of one field for a query with or without accents: its stream's, times the title's in a title."""
        alone = not accented and field.stream in ("f", "f2")
        stream: float = getattr(self, f"{field.stream}_alone" if alone else field.stream)
        return stream * (self.title if field.part == "title" else 1.0)

    def curve(self, field: TextField) -> tuple[float, float]:
        """BM25's k1 and b in one field."""
        if field.part == "title":
            return self.k1_title, self.b_title
        return (self.k1_f2 if field.stream == "f2" else self.k1), self.b
