"""Prepare a picture of a page for Tesseract: grey, without red stamps, upright and straight, one page a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

_Grey = npt.NDArray[np.uint8]
_Places = npt.NDArray[np.int64]

BLANK: Final = 0.0002
"""The share of ink below which a page has no text; one line of text has five times that."""
_MAX_ANGLE: Final = 5.0
_STRAIGHT: Final = 0.12  # degrees that no reader notices

_INK: Final = 140  # grey values below this are ink, on white paper
_RED: Final = 45  # the red of a stamp outshines its green by so much
_MOSTLY: Final = 0.6  # share of all ink; with more red ink, the text itself is red
_MARGIN: Final = 0.03  # edges of a page that may be shadow
_LYING: Final = 1.3  # columns so much sharper than rows; pages of the gazette have .05 to .8, lying ones 1.2 to 20
_ANGLES: Final = range(-8, 9)
_GUTTER: Final = (0.4, 0.6)  # the part of the width where the fold between two pages may be
_NARROWEST: Final = 0.02
_POINTS: Final = 60_000  # points of ink that decide on an angle
_NOISY: Final = 0.1  # share of ink points that stand alone
_RULE: Final = 100  # points; no stroke of a letter this thin is so tall
_THIN: Final = 7
_BESIDE: Final = 9
_PAPER: Final = 200
_UNBROKEN: Final = 0.94  # share of ink along a rule: a scanner leaves gaps


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of text. left, right: the part of the picture that it is, shares of its width.

    turn: quarter turns to the left that were made; angle: degrees, to the left, that were made after those.
    """

    picture: Image.Image
    left: float = 0.0
    right: float = 1.0
    turn: int = 0
    angle: float = 0.0


def prepared(picture: Image.Image, turn: int = 0) -> list[Sheet]:
    """Return the pages of text on a picture: none for a blank one, two for a double page.

    turn: further quarter turns, for a page that OCR read badly upright.
    """
    grey = _evened(_without_red(picture))
    quarter = (turn + (1 if _lies(grey) else 0)) % 4
    if quarter:
        grey = grey.rotate(90 * quarter, expand=True)
    if _ink(np.asarray(grey)) < BLANK:
        return []
    grey = _quietened(grey)
    angle = _skew(np.asarray(grey))
    if abs(angle) >= _STRAIGHT:
        grey = grey.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255)
    else:
        angle = 0.0
    grey = _without_rules(grey)
    gutter = _gutter(np.asarray(grey))
    if not gutter:
        return [Sheet(grey, turn=quarter, angle=angle)]
    fold = round(grey.width * gutter)
    halves = ((0, fold, 0.0, gutter), (fold, grey.width, gutter, 1.0))
    cut = [
        Sheet(grey.crop((start, 0, end, grey.height)), left, right, quarter, angle)
        for start, end, left, right in halves
    ]
    return [sheet for sheet in cut if _ink(np.asarray(sheet.picture)) >= BLANK]


def _without_red(picture: Image.Image) -> Image.Image:
    """Return the picture in grey, with red ink as paper: stamps lie over signatures and names. A
    page in red ink stays.
    """
    grey = picture.convert("L")
    if picture.mode != "RGB":
        return grey
    red, green, _ = (band.astype(np.int16) for band in np.moveaxis(np.asarray(picture), 2, 0))
    stamp = red - green > _RED  # from orange to violet
    values = np.asarray(grey)
    dark = values < _INK
    if stamp.any() and (stamp & dark).sum() <= _MOSTLY * max(1, dark.sum()):
        # In the red channel a stamp is nearly white, and black letters under it stay black.
        values = np.where(stamp, np.where(red > _INK, 255, red), values).astype(np.uint8)
        return Image.fromarray(values)
    return grey


def _evened(grey: Image.Image) -> Image.Image:
    """Make paper white everywhere, also where it is shadowed or yellowed."""
    small = grey.resize((max(1, grey.width // 16), max(1, grey.height // 16)), Image.Resampling.BOX)
    paper = small.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(2))
    if np.percentile(np.asarray(paper), 5) > 235:
        return grey
    behind = np.asarray(paper.resize(grey.size, Image.Resampling.BILINEAR)).astype(np.float32)
    evened = np.asarray(grey).astype(np.float32) * (255.0 / np.maximum(behind, 40.0))
    return Image.fromarray(np.minimum(evened, 255.0).astype(np.uint8))


def _quietened(grey: Image.Image) -> Image.Image:
    """Remove single points of noise, where there are many."""
    dark = np.asarray(grey) < _INK
    around = dark[1:-1, :-2].astype(np.uint8) + dark[1:-1, 2:] + dark[:-2, 1:-1] + dark[2:, 1:-1]
    middle = dark[1:-1, 1:-1]
    alone = int((middle & (around == 0)).sum())
    return grey.filter(ImageFilter.MedianFilter(3)) if alone > _NOISY * max(1, int(middle.sum())) else grey


def _without_rules(grey: Image.Image) -> Image.Image:
    """Remove the upright rules of tables: OCR reads them as "1", "l" or "|" of the word beside them."""
    values = np.asarray(grey)
    dark = values < _INK + 40
    tall = _long(dark, _RULE)
    if not tall.any():
        return grey
    across = tall.T
    rules = tall & ~_within(_sums(across, _THIN) == _THIN, _THIN).T
    if not rules.any():
        return grey
    # Dark strokes within a photograph have paper on neither side.
    around = np.pad(values > _PAPER, ((_RULE // 2, _RULE - 1 - _RULE // 2), (0, 0)), constant_values=True)
    paper = _sums(around, _RULE) > _RULE // 2
    free = np.zeros_like(paper)
    free[:, _BESIDE:] |= paper[:, :-_BESIDE]
    free[:, :-_BESIDE] |= paper[:, _BESIDE:]
    rules &= free
    rules[:, 1:] |= rules[:, :-1]
    rules[:, :-1] |= rules[:, 1:]
    return Image.fromarray(np.where(rules, 255, values).astype(np.uint8))


def _long(dark: npt.NDArray[np.bool_], length: int) -> npt.NDArray[np.bool_]:
    """Return the points on upright strokes of at least this length."""
    return _within(_sums(dark, length) >= _UNBROKEN * length, length)


def _sums(dark: npt.NDArray[np.bool_], length: int) -> npt.NDArray[np.int32]:
    """Return the dark points of each window of this length, down each column."""
    counted = np.zeros((dark.shape[0] + 1, dark.shape[1]), np.int32)
    np.cumsum(dark, axis=0, out=counted[1:])
    return counted[length:] - counted[:-length] if dark.shape[0] >= length else counted[:0]


def _within(windows: npt.NDArray[np.bool_], length: int) -> npt.NDArray[np.bool_]:
    """Return the points that lie in any of the windows of this length."""
    edge = np.zeros((length - 1, windows.shape[1]), np.bool_)
    return _sums(np.concatenate([edge, windows, edge]), length) > 0 if len(windows) else windows


def _ink(values: _Grey) -> float:
    """Return the share of dark points, edges left out."""
    down, across = (int(side * _MARGIN) for side in values.shape)
    inner = values[down : values.shape[0] - down, across : values.shape[1] - across]
    return float((inner < _INK).mean()) if inner.size else 0.0


def _unevenness(profile: npt.NDArray[np.int64]) -> float:
    """Return how sharply lines and the white between them alternate along a profile."""
    mean = profile.mean() if len(profile) > 1 else 0.0
    return float((np.diff(profile) ** 2).mean() / mean**2) if mean else 0.0


def _lies(grey: Image.Image) -> bool:
    """Tell whether lines of text run from bottom to top or from top to bottom."""
    dark = np.asarray(grey.reduce(2)) < _INK + 40
    # The lines of a table cross each other, and say nothing of its words.
    dark = dark & ~_long(dark, _RULE // 2) & ~_long(dark.T, _RULE // 2).T
    down, across = _some(dark)
    return _sharpest(across, down) > _LYING * max(_sharpest(down, across), 1e-9)


def _sharpest(down: _Places, across: _Places) -> float:
    """Return how sharply lines of text alternate with white, at the angle where they do so most."""
    return max((_unevenness(np.bincount(_rows(down, across, angle))) for angle in _ANGLES), default=0.0)


def _some(dark: npt.NDArray[np.bool_]) -> tuple[_Places, _Places]:
    """Return the places of dark points, of _POINTS of them at most."""
    down, across = np.nonzero(dark)
    if len(down) > _POINTS:
        chosen = np.linspace(0, len(down) - 1, _POINTS).astype(np.int64)
        down, across = down[chosen], across[chosen]
    return down, across


def _rows(down: _Places, across: _Places, angle: float) -> _Places:
    """Return the row of each point, from 0, after a turn by so many degrees to the left."""
    radians = np.deg2rad(angle)
    rows: _Places = np.rint(down * np.cos(radians) - across * np.sin(radians)).astype(np.int64)
    return rows - rows.min() if len(rows) else rows


def _skew(values: _Grey) -> float:
    """Return the degrees to the left that straighten the page: its rows are sharpest there."""
    down, across = _some(values[::2, ::2] < _INK)
    if not len(down):
        return 0.0

    def sharpness(angle: float) -> float:
        return float((np.bincount(_rows(down, across, angle)).astype(np.float64) ** 2).sum())

    best = max(np.arange(-_MAX_ANGLE, _MAX_ANGLE + 0.01, 0.5), key=sharpness)
    return float(max(np.arange(best - 0.4, best + 0.41, 0.1), key=sharpness))


def _gutter(values: _Grey) -> float:
    """Return where two pages meet on a wide sheet, as a share of its width; 0.0 for one page."""
    height, width = values.shape
    if width < 1.15 * height:
        return 0.0
    margin = int(height * _MARGIN)
    start, end = (int(width * share) for share in _GUTTER)
    clear = (values[margin : height - margin, start:end] < _INK).mean(axis=0) < 0.002
    best, run = (0, 0), 0
    for place, free in enumerate(clear):
        run = run + 1 if free else 0
        best = max(best, (run, place))
    length, last = best
    if length < _NARROWEST * width:
        return 0.0
    fold = start + last - length // 2
    halves = [_ink(values[:, :fold]), _ink(values[:, fold:])]
    return fold / width if min(halves) >= BLANK * 5 else 0.0
