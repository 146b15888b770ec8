"""Our ranking for Whoosh: BM25 with true lengths as a WeightingModel; phrases and prefixes that count like terms."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from whoosh.matching.mcore import Matcher, NullMatcher
from whoosh.query.positional import Phrase
from whoosh.query.terms import Prefix
from whoosh.scoring import BaseScorer, WeightingModel
from whoosh.sorting import FieldFacet, MultiFacet, ScoreFacet

from searchapp.engines.plan import idf
from searchapp.engines.whoosh.interop.codec import ColumnSegment
from searchapp.engines.whoosh.interop.schema import Positions
from searchapp.engines.whoosh.interop.terms import ColumnMatcher, living, term_info
from searchapp.engines.whoosh.search.phrases import DocIds, find_phrase
from searchapp.engines.whoosh.search.ranking import Floats, norms
from searchapp.engines.whoosh.store.postings import Postings
from searchapp.fields import TEXT_FIELDS, Weights

_TEXTS: Final = {field.name: field for field in TEXT_FIELDS}


def best_first() -> MultiFacet:
    """Return a `sortedby` value: the best score first and, of equal scores, the newest article first."""
    return MultiFacet([ScoreFacet(), FieldFacet("newest")])


class TrueLengthBM25(WeightingModel):
    """BM25 as `search.ranking` computes it, times the weight of the field; for searchers of our index only.

    accented: whether the query has accents, which decides the weight of a stream (`fields.Weights`). Fields without
    text (facets, keys) add nothing to a score.
    """

    def __init__(self, weights: Weights | None = None, *, accented: bool = False) -> None:
        self._weights = weights or Weights()
        self._accented = accented
        self._norms: WeakKeyDictionary[Any, dict[str, Floats]] = WeakKeyDictionary()

    def idf(self, searcher: Any, fieldname: str, text: str | bytes) -> float:
        """Return the worth of a term: as in Lucene, over the living articles that have the field."""
        whole = searcher.get_parent()
        return idf(whole.doc_frequency(fieldname, text), _sums(whole, fieldname)[1])

    def scorer(self, searcher: Any, fieldname: str, text: str, qf: int = 1) -> BaseScorer:
        """Return a scorer of a term's postings."""
        if fieldname not in _TEXTS:
            return _Constant(0.0)
        return self.weighed(searcher, fieldname, self.idf(searcher, fieldname, text))

    def weighed(self, searcher: Any, fieldname: str, worth: float) -> BaseScorer:
        """Return a scorer of postings with this worth in a text field."""
        share = self._weights.of(_TEXTS[fieldname], accented=self._accented)
        return _Shares(np.float32(share * worth), self._norms_of(searcher, fieldname))

    def _norms_of(self, searcher: Any, fieldname: str) -> Floats:
        reader = searcher.reader()
        known = self._norms.setdefault(reader, {})
        if fieldname not in known:
            tokens, filled = _sums(searcher.get_parent(), fieldname)
            lengths = _columns_of(searcher)[0].opened(_columns_of(searcher)[1])[0].lengths(fieldname)
            average = max(tokens / max(filled, 1), 1.0)
            known[fieldname] = norms(lengths, average, *self._weights.curve(_TEXTS[fieldname]))
        return known[fieldname]

    def constant(self, fieldname: str, worth: float) -> BaseScorer:
        """Return a scorer that gives all postings the same score."""
        return _Constant(float(np.float32(self._weights.of(_TEXTS[fieldname], accented=self._accented) * worth)))


@dataclass(frozen=True, slots=True)
class _Shares(BaseScorer):
    """A score of worth * tf / (tf + norm), in float32 as our own search adds it up. norms: shape (articles of the
    segment,).
    """

    worth: np.float32
    norms: Floats

    def supports_block_quality(self) -> bool:
        return True

    def score(self, matcher: ColumnMatcher) -> float:
        tf = np.float32(matcher.weight())
        return float(self.worth * (tf / (tf + self.norms[matcher.id()])))

    def max_quality(self) -> float:
        return float(self.worth)

    def block_quality(self, matcher: ColumnMatcher) -> float:
        return float(self.worth)


@dataclass(frozen=True, slots=True)
class _Constant(BaseScorer):
    """A score that is the same for every posting; 0 for a facet, which narrows and does not rank."""

    worth: float

    def supports_block_quality(self) -> bool:
        return True

    def score(self, matcher: Matcher) -> float:
        return self.worth

    def max_quality(self) -> float:
        return self.worth

    def block_quality(self, matcher: Matcher) -> float:
        return self.worth


class RankedPhrase(Phrase):
    """Whoosh's phrase with our score: the phrase counts as one term, with the worth of all its words.

    Whoosh's own Phrase finds the same articles and adds up the scores of its words. For a query parser:
    `QueryParser("body_f", schema, phraseclass=RankedPhrase)`. Without `TrueLengthBM25`, or with slop, it scores as
    Whoosh.
    """

    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        """Return a matcher of the articles that have the phrase."""
        model = _model(searcher, context, self.fieldname)
        field = _TEXTS.get(self.fieldname)
        if model is None or self.slop != 1 or field is None or not field.positions:
            return super().matcher(searcher, context)  # type: ignore[no-untyped-call, no-any-return]
        described, folder = _columns_of(searcher)
        found = find_phrase(described.opened(folder)[0], field.part, field.stream, self.words)
        if found is None:
            return NullMatcher()  # type: ignore[no-any-return]
        worth = sum(model.idf(searcher, self.fieldname, word) for word in self.words)
        scorer = model.weighed(searcher, self.fieldname, worth * self.boost)
        return _walk(searcher, self.fieldname, (found[0], found[1]), " ".join(self.words), scorer)


class RankedPrefix(Prefix):
    """Whoosh's prefix with our score: every article with a term of this beginning gets the same.

    Whoosh's own Prefix adds up the scores of all these terms. Ours stands for the most frequent 200 terms at most,
    Whoosh's for all.
    """

    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        """Return a matcher of the articles that have such a term."""
        model = _model(searcher, context, self.fieldname)
        if model is None:
            return super().matcher(searcher, context)  # type: ignore[no-any-return]
        described, folder = _columns_of(searcher)
        segment = described.opened(folder)[0]
        lists = (segment.postings(self.fieldname, term) for term, _ in segment.terms(self.fieldname, self.text))
        doc_ids = np.unique(np.concatenate([np.empty(0, np.intp), *(one.doc_ids for one in lists if one)]))
        scorer = model.constant(self.fieldname, self.boost)
        return _walk(searcher, self.fieldname, (doc_ids, np.ones_like(doc_ids)), f"{self.text}*", scorer)


def _model(searcher: Any, context: Any, fieldname: str) -> TrueLengthBM25 | None:
    """Return our model, where the searcher ranks by it in this field."""
    model = context.weighting if context is not None and context.weighting else searcher.weighting
    return model if isinstance(model, TrueLengthBM25) and fieldname in _TEXTS else None


def _walk(searcher: Any, fieldname: str, found: tuple[DocIds, DocIds], text: str, scorer: BaseScorer) -> Matcher:
    """Return a matcher of articles with frequencies, as if they were a term's postings, without removed ones."""
    described, folder = _columns_of(searcher)
    live = described.live()
    postings: Postings | None = Postings(found[0].astype(np.uint32), found[1].astype(np.uint32))
    if postings is not None and live is not None:
        postings = living(postings, live)
    if postings is None or not len(postings.doc_ids):
        return NullMatcher()  # type: ignore[no-any-return]
    info = term_info(postings, described.opened(folder)[0].lengths(fieldname))
    return ColumnMatcher(postings, info, Positions(), (fieldname, text.encode()), scorer)


def _columns_of(searcher: Any) -> tuple[ColumnSegment, Path]:
    """Return the segment of a searcher of one segment, and its folder."""
    reader = searcher.reader()
    return reader.segment(), Path(reader.storage().folder)


def _sums(searcher: Any, fieldname: str) -> tuple[int, int]:
    """Return the tokens of all living articles of an index in a field, and how many of them have it."""
    sums = [segment.sums[fieldname] for segment in searcher.reader().segments()]
    return sum(tokens for tokens, _ in sums), sum(filled for _, filled in sums)
