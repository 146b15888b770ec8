"""Pages for the tests of scans: drawn with a font of the system, and damaged as scanners and copiers do."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from searchapp.readers.scans.recognition import available

needs_tesseract = pytest.mark.skipif(
    bool(available().missing), reason=f"{available().missing}: apt install tesseract-ocr tesseract-ocr-vie"
)

A4 = (1654, 2339)
_FONTS = ("NotoSerif-Regular.ttf", "DejaVuSerif.ttf", "LiberationSerif-Regular.ttf", "NotoSans-Regular.ttf")


def font(size: int) -> ImageFont.FreeTypeFont:
    """A font that has the letters of Vietnamese."""
    for name in _FONTS:
        found = subprocess.run(["fc-list", f":file={name}", "file"], capture_output=True, text=True, check=False).stdout
        paths = [line.strip().rstrip(":") for line in found.splitlines()] or [
            str(path) for path in Path("/usr/share/fonts").rglob(name)
        ]
        if paths:
            return ImageFont.truetype(paths[0], size)
    pytest.skip("no font with the letters of Vietnamese")


def drawn(lines: list[str], *, size: tuple[int, int] = A4, letters: int = 38, ink: str = "black") -> Image.Image:
    """A page with these lines from its top."""
    page = Image.new("RGB", size, "white")
    pen, face = ImageDraw.Draw(page), font(letters)
    for number, line in enumerate(lines):
        pen.text((180, 200 + number * int(letters * 1.7)), line, font=face, fill=ink)
    return page


def damaged(page: Image.Image, seed: int = 1, strength: float = 1.0) -> Image.Image:
    """Turned by up to .6°, blurred, with noise and as a JPEG, as an old copier leaves a page; strength multiplies."""
    random = np.random.default_rng(seed)
    angle = float(random.uniform(-0.6, 0.6)) * strength
    turned = page.convert("L").rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255)
    blurred = np.asarray(turned.filter(ImageFilter.GaussianBlur(0.7 * strength))).astype(np.float32)
    noisy = blurred * 0.92 + 12 + random.normal(0, 8 * strength, blurred.shape)
    written = BytesIO()
    Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(written, "JPEG", quality=max(20, int(55 / strength)))
    return Image.open(BytesIO(written.getvalue())).convert("RGB")


def saved(page: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The page as a file."""
    written = BytesIO()
    page.save(written, kind, **options)
    return written.getvalue()


def scanned_pdf(pages: list[Image.Image]) -> bytes:
    """A PDF whose pages are pictures."""
    written = BytesIO()
    pages[0].save(written, "PDF", save_all=True, append_images=pages[1:], resolution=200)
    return written.getvalue()
