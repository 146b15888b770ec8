"""The process that reads sheets with tesserocr (`searchapp[ocr]`): it loads the model once, not for each sheet."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

import tesserocr  # type: ignore[import-not-found,import-untyped,unused-ignore]
from PIL import Image

from searchapp.readers.sandbox import LENGTH, limits, packed

_READY: Final = b"ready"


def main(language: str, models: str, memory: str, seconds: str) -> None:
    """Answer each sheet (PNG) on standard input with Tesseract's table, "" for a sheet that it cannot read."""
    engine = tesserocr.PyTessBaseAPI(path=models, lang=language, psm=tesserocr.PSM.AUTO, oem=tesserocr.OEM.LSTM_ONLY)
    Image.init()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    limits.confine(int(memory))
    for answer in _answers(engine, int(seconds)):
        answers.write(packed(answer))
        answers.flush()


def _answers(engine: Any, seconds: int) -> Iterator[bytes]:
    yield _READY
    while len(size := sys.stdin.buffer.read(LENGTH.size)) == LENGTH.size:
        sheet = sys.stdin.buffer.read(LENGTH.unpack(size)[0])
        limits.allow_cpu(seconds)
        try:
            engine.SetImage(Image.open(BytesIO(sheet), formats=("PNG",)))
            engine.SetSourceResolution(200)
            # The program writes a line of heads first.
            yield b"\n" + engine.GetTSVText(0).encode()
        except (RuntimeError, OSError, ValueError, SyntaxError):
            yield b""
        engine.Clear()
