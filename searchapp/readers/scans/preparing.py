"""Prepare a picture of a page for Tesseract: grey, without red stamps, upright and straight, one page a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

_Grey = npt.NDArray[np.uint8]

BLANK: Final = 0.0002
"""The share of ink below which a page has no text; one line of text has five times that."""
_MAX_ANGLE: Final = 5.0
_STRAIGHT: Final = 0.12  # degrees that no reader notices

_INK: Final = 140  # grey values below this are ink, on white paper
_RED: Final = 45  # a stamp outshines its other colours in red by so much
_MOSTLY: Final = 0.6  # share of all ink; with more red ink, the text itself is red
_MARGIN: Final = 0.03  # edges of a page that may be shadow
_SHARP: Final = 6.0  # on a page that lies on its side, rows are so much more even than columns
_GUTTER: Final = (0.4, 0.6)  # the part of the width where the fold between two pages may be
_NARROWEST: Final = 0.02
_POINTS: Final = 60_000  # points of ink that decide on an angle
_NOISY: Final = 0.1  # share of ink points that stand alone


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
    red, green, blue = (band.astype(np.int16) for band in np.moveaxis(np.asarray(picture), 2, 0))
    stamp = red - np.maximum(green, blue) > _RED
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


def _ink(values: _Grey) -> float:
    """Return the share of dark points, edges left out."""
    down, across = (int(side * _MARGIN) for side in values.shape)
    inner = values[down : values.shape[0] - down, across : values.shape[1] - across]
    return float((inner < _INK).mean()) if inner.size else 0.0


def _unevenness(profile: npt.NDArray[np.float64]) -> float:
    """Return how sharply lines and the white between them alternate along a profile."""
    mean = profile.mean()
    return float((np.diff(profile) ** 2).mean() / mean**2) if mean else 0.0


def _lies(grey: Image.Image) -> bool:
    """Tell whether lines of text run from bottom to top or from top to bottom."""
    dark = np.asarray(grey.reduce(2)) < _INK + 40
    rows, columns = dark.mean(axis=1), dark.mean(axis=0)
    return _unevenness(columns) > _SHARP * max(_unevenness(rows), 1e-9) or (
        _unevenness(columns) > 2 * _unevenness(rows) and grey.width > 1.2 * grey.height
    )


def _skew(values: _Grey) -> float:
    """Return the degrees to the left that straighten the page: its rows are sharpest there."""
    down, across = np.nonzero(values[::2, ::2] < _INK)
    if len(down) > _POINTS:
        chosen = np.linspace(0, len(down) - 1, _POINTS).astype(np.int64)
        down, across = down[chosen], across[chosen]
    if not len(down):
        return 0.0

    def sharpness(angle: float) -> float:
        radians = np.deg2rad(angle)
        rows = np.rint(down * np.cos(radians) - across * np.sin(radians)).astype(np.int64)
        return float((np.bincount(rows - rows.min()).astype(np.float64) ** 2).sum())

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
