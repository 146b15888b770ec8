"""The index schema, said once: text fields with their weights, facets with their names and labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

SCHEMA: Final = 3
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

    A query with accents uses all four streams, one without only f and f2. The defaults were found by coordinate descent
    on the 679 judged questions of the codification, typed and without accents (docs/matching.md).
    """

    k1: float = 0.9
    b: float = 0.65
    a: float = 1.0
    f: float = 0.4
    f2: float = 1.1
    w: float = 0.4
    title: float = 0.15
    synonym: float = 0.7

    def of(self, field: TextField) -> float:
        """The weight of one field: its stream's, times the title's where it is a title."""
        stream: float = getattr(self, field.stream)
        return stream * (self.title if field.part == "title" else 1.0)
