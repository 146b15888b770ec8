"""Compute the groups of reprints of a generation from the sketches in its segments, and fold them in lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searchapp.engines import reprint_groups
from searchapp.engines.reprint_groups import SKETCH
from searchapp.engines.whoosh.search.phrases import DocIds
from searchapp.engines.whoosh.search.ranking import Floats, order_keys
from searchapp.engines.whoosh.store import arrays
from searchapp.errors import CorruptIndexError, damage

_TABLE: Final = "reprints.npy"


def write_reprints(
    folder: Path, pieces: Iterable[tuple[NDArray[np.void], NDArray[np.bool_] | None]], order: NDArray[Any]
) -> None:
    """Write the groups of a generation.

    pieces: rows of `text.sketch.SKETCH` of each segment with its removed articles; order: as `reprint_groups.groups`.
    """
    rows = [np.zeros(0, SKETCH)]
    for sketches, removed in pieces:
        rows.append(np.array(sketches))
        if removed is not None:
            rows[-1][removed] = np.zeros((), SKETCH)
    np.save(folder / _TABLE, reprint_groups.groups(np.concatenate(rows), order), allow_pickle=False)


class Reprints:
    """The groups of a generation; group 0 holds all articles that have no reprint. Raises CorruptIndexError."""

    def __init__(self, folder: Path, size: int, locate: Callable[[str], int | None]) -> None:
        try:
            self._groups: NDArray[np.uint32] = arrays.load(folder / _TABLE)
        except (OSError, ValueError, EOFError) as error:
            raise damage(error, f"{folder / _TABLE}: {error}; run 'searchapp reindex --full'") from None
        if self._groups.shape != (size,):
            raise CorruptIndexError(f"{folder / _TABLE}: belongs to another build; run 'searchapp reindex --full'")
        self._locate = locate

    def having(self, keys: Sequence[str]) -> NDArray[np.bool_]:
        """Return the articles with these keys and their reprints: shape (articles,)."""
        numbers = [number for number in map(self._locate, keys) if number is not None]
        wanted = self._groups[numbers]
        mask: NDArray[np.bool_] = np.isin(self._groups, wanted[wanted > 0])
        mask[numbers] = True
        return mask

    def fold(
        self, doc_ids: DocIds, scores: Floats | None, places: NDArray[np.uint32]
    ) -> tuple[DocIds, Floats | None, dict[int, int]]:
        """Return only the best article of each group, with its score, and how many others of `doc_ids` it stands for.

        The arguments are those of `topk.best`, whose order decides.
        """
        groups = self._groups.take(doc_ids)
        at = np.flatnonzero(groups)
        if not len(at):
            return doc_ids, scores, {}
        keys = order_keys(None if scores is None else scores.take(at), places.take(doc_ids.take(at)))
        at = at[np.lexsort((keys, groups.take(at)))]
        last = np.flatnonzero(np.diff(groups.take(at), append=np.uint32(0)))  # the best one of each group
        kept = np.ones(len(doc_ids), np.bool_)
        kept[at] = False
        kept[at[last]] = True
        others = dict(zip(doc_ids[at[last]].tolist(), (np.diff(last, prepend=-1) - 1).tolist(), strict=True))
        return doc_ids.compress(kept), None if scores is None else scores.compress(kept), others
