"""The index of a generation in OpenSearch's terms: its settings, its mapping, and an article as its document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from searchapp.article import Citation, Document
from searchapp.citations.find.vocabulary import LEADING_TYPES
from searchapp.config import OpenSearchSettings
from searchapp.dates import span
from searchapp.errors import BadRecordError
from searchapp.fields import ANALYZER, SCHEMA, TEXT_FIELDS, VALUED, Weights
from searchapp.text.normalize import fold_key
from searchapp.text.tokens import Stream

JOINT: Final = "_"
"""The joint of the two syllables in a bigram: no syllable has it, and the whitespace analyzer keeps it."""
_MAX_TERM: Final = 255
"""Characters after which Lucene's whitespace tokenizer cuts."""
_KEPT: Final = ("f", "w")
"""Streams whose vocabulary a page reads, kept on the disk; other vocabularies are built in memory
when somebody asks.
"""

_KEYWORD: Final = {"type": "keyword"}
_NUMBER: Final = {"type": "integer"}
_COLUMN: Final = {"index": False}


def index_body(settings: OpenSearchSettings, weights: Weights, meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body that creates an index: it is loaded without replicas and refreshes; both come at the end.

    BM25's k1 and b of each field are a part of an index. The weight of a field is a part of a query.
    """
    return {
        "settings": {
            "number_of_shards": settings.shards,
            "number_of_replicas": 0,
            "refresh_interval": -1,
            "codec": "best_compression",
            "similarity": {name: {"type": "BM25", "k1": k1, "b": b} for name, (k1, b) in curves(weights).items()},
        },
        "mappings": {"dynamic": "strict", "_meta": dict(meta), "properties": properties()},
    }


def meta_of(generation: str, weights: Weights, built: str) -> dict[str, Any]:
    """Return the facts that an index states of itself."""
    return {
        "generation": generation, "schema": SCHEMA, "analyzer": ANALYZER, "built": built,
        "curves": curves(weights),
    }  # fmt: skip


def properties() -> dict[str, Any]:
    """Return the fields: streams, each for itself and title with text as a set; facets; dates; the article itself.

    Documents, which are in the same index, have only slug and `held`.
    """
    fields: dict[str, Any] = {
        field.name: {
            "type": "text",
            "analyzer": "whitespace",
            "similarity": field.name,
            **({"position_increment_gap": 1} if field.positions else {"index_options": "freqs"}),
            **({} if field.stream in _KEPT else {"copy_to": any_of(field.stream)}),
        }
        for field in TEXT_FIELDS
    }
    for stream in ("a", "f", "f2", "w"):
        text = {"type": "text", "analyzer": "whitespace", "index_options": "docs", "norms": False, "fielddata": True}
        fields[any_of(stream)] = _KEYWORD if stream in _KEPT else text
    fields |= dict.fromkeys((*VALUED, *CUTS, "key", "id", "slug", "reprint", "family"), _KEYWORD)
    fields |= dict.fromkeys(("first", "last", "newest", "oldest"), _NUMBER)
    fields |= {"title": _KEYWORD | _COLUMN, "cited": _NUMBER | _COLUMN, "open": _NUMBER | _COLUMN}
    return fields | {name: {"type": "object", "enabled": False} for name in ("article", "held")}


def drift(found: Mapping[str, Any]) -> list[str]:
    """Return fields of an index that differ from ours, because somebody changed its mapping. found: its properties."""
    wanted = properties()
    kinds = [{name: field.get("type", "object") for name, field in fields.items()} for fields in (wanted, found)]
    return sorted(name for name in {*wanted, *found} if kinds[0].get(name) != kinds[1].get(name))


def curves(weights: Weights) -> dict[str, list[float]]:
    """Return BM25's k1 and b in each text field."""
    return {field.name: list(weights.curve(field)) for field in TEXT_FIELDS}


def any_of(stream: str) -> str:
    """Return the field of the terms that title or text have."""
    return f"any_{stream}"


def term_of(stream: str, term: str) -> str:
    """Return a term of ours as it is in the index."""
    return term.replace(" ", JOINT) if stream == "f2" else term


def streams(title: Stream, body: Stream) -> dict[str, Any]:
    """Return the text fields of an article. Raises BadRecordError for a stream that whitespace would cut elsewhere."""
    fields: dict[str, Any] = {}
    for part, stream in (("title", title), ("body", body)):
        if bad := [term for term in (*stream.keys, *stream.words) if not term or len(term) > _MAX_TERM or " " in term]:
            raise BadRecordError(f"{bad[0][:80]!r} cannot be a search term")
        folded = [fold_key(key) or key for key in stream.keys]
        pairs = _pairs(folded, stream.positions)
        fields[f"{part}_a"] = list(_runs(stream.keys, stream.positions))
        fields[f"{part}_f"] = list(_runs(folded, stream.positions))
        fields[f"{part}_f2"] = " ".join(pairs)
        fields[f"{part}_w"] = " ".join(stream.words)
        for name, terms in (("f", folded), ("w", stream.words)):
            fields[any_of(name)] = sorted({*fields.get(any_of(name), ()), *terms})
    return {name: value for name, value in fields.items() if value}


def facets(
    values: Mapping[str, Sequence[str]], citations: Sequence[Citation], documents: Mapping[str, Document]
) -> dict[str, Any]:
    """Return the facts that depend on the whole corpus: when a citation changes its meaning, only these are updated."""
    fields: dict[str, Any] = {name: list(values.get(name, ())) for name in VALUED}
    fields["document"] = [coded(slug, documents) for slug in fields["document"]]
    return fields | {"cited": len(citations), "open": sum(not citation.document for citation in citations)}


def dates(date: str) -> dict[str, Any]:
    """Return the date fields of an article, few of them when it has no date."""
    if not date:
        return {"newest": 0, "oldest": _NO_DAY}
    first, last = (ordinal(day) for day in span(date))
    cuts = {cut: date[:width] for cut, width in CUTS.items()}
    return {"first": first, "last": last, "newest": first, "oldest": first, **cuts}


def coded(slug: str, documents: Mapping[str, Document]) -> str:
    """Return a document as a facet value: resolutions and directives sort before the others at equal counts."""
    leading = slug in documents and documents[slug].type in LEADING_TYPES
    return f"{'0' if leading else '1'}/{slug}"


def codes_of(slugs: Sequence[str]) -> list[str]:
    """Return all values that `coded` may have made of these slugs."""
    return [f"{rank}/{slug}" for slug in slugs for rank in "01"]


def decoded(code: str) -> str:
    """Return the slug in a facet value."""
    return code[2:]


def _runs(keys: Sequence[str], positions: Sequence[int]) -> Iterator[str]:
    """Yield runs of adjacent keys, joined by spaces: a gap between values keeps phrases from reaching across.

    A wider gap has values without keys in it, so that all positions are ours.
    """
    start = 0
    for at in range(1, len(keys) + 1):
        gap = positions[at] - positions[at - 1] - 1 if at < len(keys) else 1
        if gap:
            yield " ".join(keys[start:at])
            yield from [""] * (gap - 1)
            start = at


def _pairs(keys: Sequence[str], positions: Sequence[int]) -> list[str]:
    steps = zip(keys, keys[1:], positions, positions[1:], strict=False)
    return [f"{left}{JOINT}{right}" for left, right, at, after in steps if after == at + 1]


CUTS: Final = {"year": 4, "month": 7, "day": 10}
"""Fields with how much they keep of an ISO date; a less exact date stands unchanged in each of them."""
_NO_DAY: Final = 9_999_999
"""A stand-in for a missing day that sorts behind every day."""


def ordinal(day: str) -> int:
    """Return the days since the year 1 of a whole ISO date."""
    return date.fromisoformat(day).toordinal()


def iso(day: float) -> str:
    """Return the ISO date of a number of days; "" for none."""
    return date.fromordinal(int(day)).isoformat() if day else ""
