"""Whoosh's matcher over one of our posting lists: ordinary queries of Whoosh walk it posting by posting."""

from __future__ import annotations

import numpy as np
from whoosh.matching.mcore import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo
from whoosh.scoring import BaseScorer

from searchapp.engines.whoosh.postings import U32, Postings
from searchapp.engines.whoosh.schema import Frequencies


def term_info(postings: Postings, lengths: U32) -> TermInfo:
    """What Whoosh's scorers ask of a term. lengths: tokens of each article of the segment in this field."""
    mine = lengths[postings.documents]
    return TermInfo(  # type: ignore[no-untyped-call]
        weight=float(postings.frequencies.sum()),
        df=len(postings.documents),
        minlength=int(mine.min()),
        maxlength=int(mine.max()),
        maxweight=float(postings.frequencies.max()),
        minid=int(postings.documents[0]),
        maxid=int(postings.documents[-1]),
    )


class ColumnMatcher(LeafMatcher):
    """Walks a posting list, which is one block to Whoosh's quality optimisations."""

    def __init__(
        self,
        postings: Postings,
        info: TermInfo,
        format_: Frequencies,
        term: tuple[str, bytes],
        scorer: BaseScorer | None,
    ) -> None:
        self.format = format_
        self.scorer = scorer
        self._term = term
        self._postings = postings
        self._info = info
        self._at = 0

    def is_active(self) -> bool:
        """Whether there is a posting here."""
        return self._at < len(self._postings.documents)

    def reset(self) -> None:
        """Go back to the first posting."""
        self._at = 0

    def copy(self) -> ColumnMatcher:
        """Another matcher at the same posting."""
        other = ColumnMatcher(self._postings, self._info, self.format, self._term, self.scorer)
        other._at = self._at
        return other

    def id(self) -> int:
        """The article of this posting."""
        return int(self._postings.documents[self._at])

    def weight(self) -> float:
        """The frequency of this posting."""
        return float(self._postings.frequencies[self._at])

    def value(self) -> bytes:
        """The value of this posting in the field's format."""
        if self._postings.narrow_positions is None:
            return self.format.encode(int(self._postings.frequencies[self._at]))
        start = int(self._postings.frequencies[: self._at].sum())
        end = start + int(self._postings.frequencies[self._at])
        return self._postings.narrow_positions[start:end].astype("<u4").tobytes()

    def next(self) -> None:
        """Go to the next posting."""
        if not self.is_active():
            raise ReadTooFar
        self._at += 1

    def skip_to(self, id: int) -> None:
        """Go to the first posting, from here on, whose article is not before this one."""
        if not self.is_active():
            raise ReadTooFar
        self._at = max(self._at, int(np.searchsorted(self._postings.documents, id)))

    def skip_to_quality(self, minquality: float) -> int:
        """Go to the end when no posting can be good enough."""
        if self.is_active() and self.block_quality() <= minquality:  # type: ignore[no-untyped-call]
            self._at = len(self._postings.documents)
            return 1
        return 0

    def block_min_length(self) -> int:
        """The shortest article with this term."""
        return self._info.min_length() or 0

    def block_max_length(self) -> int:
        """The longest article with this term."""
        return self._info.max_length()

    def block_max_weight(self) -> float:
        """The highest frequency."""
        return self._info.max_weight()
