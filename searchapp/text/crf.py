"""A linear-chain CRF of two labels, read from a CRFsuite model and decoded without CRFsuite."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_HEADER = struct.Struct("<4sI4s9I")  # magic, size, type, version, counts of features, labels, attributes, five offsets
_FEATURE = struct.Struct("<3Id")  # kind (0 attribute → label, 1 label → label), from, to, weight


@dataclass(frozen=True, slots=True)
class Crf:
    """What two labels are worth, as differences: how much more `inside` fits than `begin`.

    attributes: attribute → weight of inside less that of begin. The transition weights are in log space, named from
    label to label.
    """

    attributes: Mapping[str, float]
    begin_begin: float
    begin_inside: float
    inside_begin: float
    inside_inside: float

    def inside(self, scores: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Viterbi: for each item, given the sum of its attributes, whether the best path labels it inside."""
        leads = self._leads(scores)
        # The label of an item hangs on the one after it only where its lead lies between these two.
        if_begin, if_inside = self.begin_begin - self.inside_begin, self.begin_inside - self.inside_inside
        labels = leads > max(if_begin, if_inside)
        labels[-1:] = leads[-1:] > 0.0
        for at in np.flatnonzero((leads[:-1] > min(if_begin, if_inside)) & ~labels[:-1])[::-1].tolist():
            labels[at] = leads[at] > (if_inside if labels[at + 1] else if_begin)
        return labels

    def _leads(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much better the best path to each item ends inside than it ends in a beginning."""
        # With two labels, the lead of inside over begin is all that one item needs to know of those before it; what it
        # carries on has a floor and a ceiling. One token in 200 has a lead between them: the others' carry is known
        # without those before them, for the whole text at once.
        begin_begin, begin_inside = self.begin_begin, self.begin_inside
        inside_begin, inside_inside = self.inside_begin, self.inside_inside
        low, high = sorted((begin_inside - inside_inside, begin_begin - inside_begin))
        floor, ceiling = begin_inside - begin_begin, inside_inside - inside_begin
        ends_low, ends_high = scores + max(floor, ceiling) <= low, scores + min(floor, ceiling) >= high
        leads = scores.copy()
        leads[1:] += np.where(ends_low[:-1], floor, ceiling)
        unsure = ~(ends_low | ends_high)
        unsure[:1] = True  # nothing is carried to the first
        for at in np.flatnonzero(unsure[:-1]).tolist():
            lead = float(leads[at])
            carried = max(lead + inside_inside, begin_inside) - max(lead + inside_begin, begin_begin)
            leads[at + 1] = scores[at + 1] + carried
        return leads


def read(model: bytes, begin: str, inside: str) -> Crf:
    """A model in CRFsuite's lCRF format (crf1d_model.c) with exactly these two labels; ValueError if it isn't one."""
    try:
        return _read(model, begin, inside)
    except (struct.error, IndexError, KeyError, UnicodeDecodeError) as error:
        raise ValueError(f"not an lCRF model of {begin} and {inside}: {error}") from None


def _read(model: bytes, begin: str, inside: str) -> Crf:
    magic, _, kind, _, _, _, _, features, labels, attributes, _, _ = _HEADER.unpack_from(model)
    if (magic, kind) != (b"lCRF", b"FOMC"):
        raise ValueError(f"not an lCRF model: {magic!r}")
    label_ids = {name: number for number, name in _names(model, labels).items()}
    if label_ids.keys() != {begin, inside}:
        raise ValueError(f"other labels than {begin} and {inside}: {sorted(label_ids)}")
    names = _names(model, attributes)
    weights: dict[str, float] = {}
    steps = {(a, b): 0.0 for a in (begin, inside) for b in (begin, inside)}
    label_names = {number: name for name, number in label_ids.items()}
    (count,) = struct.unpack_from("<I", model, features + 8)
    for at in range(count):
        transition, source, target, weight = _FEATURE.unpack_from(model, features + 12 + at * _FEATURE.size)
        if transition:
            steps[label_names[source], label_names[target]] = weight
        else:
            sign = 1.0 if label_names[target] == inside else -1.0
            weights[names[source]] = weights.get(names[source], 0.0) + sign * weight
    return Crf(weights, steps[begin, begin], steps[begin, inside], steps[inside, begin], steps[inside, inside])


def _names(model: bytes, start: int) -> dict[int, str]:
    """The strings of a constant database (cqdb.c) by their numbers."""
    magic, _, _, _, count, backward = struct.unpack_from("<4s5I", model, start)
    if magic != b"CQDB":
        raise ValueError(f"not a CQDB table: {magic!r}")
    names = {}
    for offset in struct.unpack_from(f"<{count}I", model, start + backward):
        number, size = struct.unpack_from("<2I", model, start + offset)
        names[number] = model[start + offset + 8 : start + offset + 8 + size].rstrip(b"\0").decode()
    return names
