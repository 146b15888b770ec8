"""The index schema in one place: text fields with their weights, facets with their names and labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from searchapp.article import Document, Facts

SCHEMA: Final = 6
"""The version of stored data, raised with every change: an index of another schema is not opened."""

ANALYZER: Final = 1
"""The version of the tokenizer, raised with every change: an index of another analyzer is not opened."""


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
class Subject:
    """An article as its facets see it.

    own: the document that it is; slugs: of the documents that it is or cites, its own first; documents: the known ones
    of them; areas: ids of the provinces and cities of today whose bodies issued it or them.
    """

    facts: Facts
    own: Document | None = None
    slugs: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow a result set: the one row that a new facet needs.

    name: in JSON, settings and docs; parameter: in URLs; label: by language; value_of: the values of an article, which
    may repeat or be ""; told: the text of the API's description, where its label does not say enough.
    """

    name: str
    parameter: str
    label: Mapping[str, str]
    value_of: Callable[[Subject], Iterable[str]]
    told: Mapping[str, str] | None = None

    def description(self, lang: str) -> str:
        """Return the API's description of a parameter with this facet's values."""
        if self.told:
            return self.told[lang]
        ends = {"vi": "bất kỳ giá trị nào trong đó.", "en": "any of them."}
        return f"{self.label[lang]}: {ends[lang]}"


def _issuer(one: Subject) -> tuple[str, ...]:
    return (one.facts.issuer or (one.own.issuer if one.own else ""),)


VALIDITY: Final = "validity"
FACETS: Final = (
    Facet("date", "nam", {"vi": "Thời gian", "en": "Date"}, lambda one: ()),  # counted by steps, not by values
    Facet(
        "document",
        "van_ban",
        {"vi": "Văn bản được nhắc", "en": "Document"},
        lambda one: one.slugs,
        {
            "vi": "Văn bản được nhắc: bất kỳ văn bản nào trong đó, theo mã hoặc số hiệu.",
            "en": "Documents, by slug or number; any of them.",
        },
    ),
    Facet("theme", "chu_de", {"vi": "Chủ đề", "en": "Theme"}, lambda one: one.facts.themes),
    Facet("term", "nhiem_ky", {"vi": "Nhiệm kỳ", "en": "Term"}, lambda one: (d.term_id for d in one.documents)),
    Facet("issuer", "co_quan", {"vi": "Cơ quan ban hành", "en": "Issuer"}, _issuer),
    Facet("type", "loai", {"vi": "Loại văn bản", "en": "Type"}, lambda one: (one.facts.type,)),
    Facet("section", "chuyen_muc", {"vi": "Chuyên mục", "en": "Section"}, lambda one: (one.facts.section,)),
    Facet("source", "nguon", {"vi": "Nguồn", "en": "Source"}, lambda one: (one.facts.source,)),
    Facet(
        "area",
        "dia_ban",
        {"vi": "Địa bàn", "en": "Area"},
        lambda one: one.areas,
        {
            "vi": "Tỉnh, thành phố hiện nay của cơ quan ban hành; với dia_gioi=cu: của 63 tỉnh, thành trước 1/7/2025.",
            "en": "Provinces and cities of today of the issuers; with dia_gioi=cu those of before 1 July 2025.",
        },
    ),
    Facet(
        VALIDITY,
        "hieu_luc",
        {"vi": "Hiệu lực", "en": "Validity"},
        lambda one: (),  # a status depends on the day; documents tell it (search/standing.py)
        {
            "vi": "Hiệu lực của văn bản mà bài là: con, het, mot-phan, chua, ngung hoặc khong-ro.",
            "en": "Validity of the document that an article is: con, het, mot-phan, chua, ngung or khong-ro.",
        },
    ),
)
FACET_NAMES: Final = tuple(facet.name for facet in FACETS)
AREA_BEFORE: Final = "area_before"
"""The facet `area` by the 63 provinces and cities of before 1 July 2025; asked for with `dia_gioi=cu`."""
STORED_FACETS: Final = tuple(name for name in FACET_NAMES if name not in ("date", VALIDITY))
"""The facets whose values an engine keeps; a status depends on the day, so the documents tell it."""


def stored(names: Iterable[str]) -> tuple[str, ...]:
    """Return the given facets that an engine counts."""
    return tuple(name for name in names if name != VALIDITY)


SYMBOL: Final = "symbol"
"""The hidden facet of every document number as written, resolved or not."""
CHAIN: Final = "chain"
"""The hidden facet of documents that, by an article, carry out another document or are carried out by it."""
EFFECT: Final = "effect"
"""The hidden facet of effects between documents that an article states, an edge a value (`validity.packed`)."""
OWN_DOCUMENT: Final = "own"
"""The hidden facet of the document that an article is."""
PROVISION: Final = "provision"
"""The hidden facet of the number of the one Điều of its document that an article is."""
VALUED: Final = (*STORED_FACETS, SYMBOL, CHAIN, EFFECT, OWN_DOCUMENT, PROVISION, AREA_BEFORE)
"""Everything whose values an engine keeps unchanged, in the order of its file."""
REPRINT: Final = "reprint"
"""The hidden filter for an article with its reprints: its values are keys of articles."""


@dataclass(frozen=True, slots=True)
class Weights:
    """BM25's parameters and the worth of each stream; settings that every engine reads.

    k1, b: of accented and folded syllables and words; k1_f2: of pairs; k1_title, b_title: of every stream of a title,
    so that a title counts by how much of it was asked for. A query with accents uses all four streams. A query without
    accents uses only f and f2, whose worth is then f_alone and f2_alone. It also gets the share `restored` of a and w,
    for the archive's most likely accents. question: worth of a word that only asks ("như thế nào") in a long query. The
    defaults were found by cross-validation (benchmarks/tuning.py, docs/matching.md).
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
    restored: float = 0.6

    def of(self, field: TextField, *, accented: bool = True) -> float:
        """Return the weight of one field for a query with or without accents: its stream's, in a title times the
        title's.
        """
        alone = not accented and field.stream in ("f", "f2")
        stream: float = getattr(self, f"{field.stream}_alone" if alone else field.stream)
        return stream * (self.title if field.part == "title" else 1.0)

    def curve(self, field: TextField) -> tuple[float, float]:
        """Return BM25's k1 and b in one field."""
        if field.part == "title":
            return self.k1_title, self.b_title
        return (self.k1_f2 if field.stream == "f2" else self.k1), self.b
