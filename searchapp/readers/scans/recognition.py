"""Read one sheet with Tesseract: a confined program of the system that answers with words, boxes and confidences."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass
from functools import cache, partial
from importlib.util import find_spec
from typing import Final

from searchapp.errors import BadRecordError, PassingError
from searchapp.readers.sandbox import packed
from searchapp.readers.sandbox.limits import limit_program
from searchapp.readers.sandbox.parent import Child

LANGUAGE: Final = "vie"
PROGRAM: Final = "tesseract"
INSTALL: Final = "apt install tesseract-ocr tesseract-ocr-vie"
"""The command that installs OCR on Debian and Ubuntu; other systems use similar names."""

_PAGE_SECONDS: Final = 60
"""Seconds of computing for one sheet; a dense page of a newspaper takes 20."""
WALL_SECONDS: Final = 600
"""The same limit by the clock, on a machine that does much else."""
MEMORY: Final = 1 << 30
_MAX_OUTPUT: Final = 16 << 20

_WORD: Final = "5"  # the level of a row of the table
_COLUMNS: Final = 12
_RULE: Final = re.compile(r"[\s|_—–=~¬-]*")


@dataclass(frozen=True, slots=True)
class Word:
    """One word as OCR read it. confidence: 0 to 100; the box in points of its sheet."""

    text: str
    confidence: float
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Available:
    """The version of the program, and its missing parts ("" when nothing is missing)."""

    version: str
    missing: str


@cache
def available() -> _Available:
    """Return whether this machine can read scans; the program is asked once."""
    if shutil.which(PROGRAM) is None:
        return _Available("", f"{PROGRAM} is not installed")
    try:
        version = _told("--version").split("\n", 1)[0].removeprefix(f"{PROGRAM} ")
        languages = _told("--list-langs").split()
    except (OSError, subprocess.SubprocessError) as error:
        return _Available("", f"{PROGRAM} does not run ({type(error).__name__})")
    return _Available(version, "" if LANGUAGE in languages else f"{PROGRAM} has no model for Vietnamese")


class Reader:
    """A process that reads sheets with tesserocr, for one thread; one that dies is started again."""

    def __init__(self) -> None:
        self._child: Child | None = None

    def read(self, sheet: bytes) -> list[list[Word]]:
        """Return the words of a picture (PNG), line by line in Tesseract's order of blocks.

        Raises BadRecordError where Tesseract takes more than _PAGE_SECONDS or cannot read the sheet; PassingError where
        it was stopped.
        """
        if self._child is None or not self._child.lives:
            self._child = Child("scans.fast", LANGUAGE, _models(), str(MEMORY), str(_PAGE_SECONDS))
        try:
            self._child.tell(packed(sheet))
            table = self._child.answer(WALL_SECONDS)
        except TimeoutError:
            self.close()
            raise _busy() from None
        except (OSError, EOFError, ValueError):
            code = self._child.wait() if not self._child.lives else 0
            self.close()
            raise _fault(code) from None
        if not table:
            raise BadRecordError("cannot be recognised by tesseract")
        return lines(table.decode("utf-8", errors="replace"))

    def close(self) -> None:
        """End the process."""
        if self._child is not None:
            self._child.end()
            self._child = None


@cache
def has_fast() -> bool:
    """Tell whether tesserocr is installed, beside the models of the program."""
    return find_spec("tesserocr") is not None and bool(_models())


@cache
def _models() -> str:
    """Return the folder of the program's models, "" where it does not tell."""
    try:
        found = re.search(r'"([^"]+)"', _told("--list-langs"))
    except (OSError, subprocess.SubprocessError):
        return ""
    return found[1] if found else ""


def recognised(sheet: bytes) -> list[list[Word]]:
    """Return the words of a picture (PNG), read by the program of the system, as `Reader.read`."""
    command = [PROGRAM, "stdin", "stdout", "-l", LANGUAGE, "--oem", "1", "--psm", "3", "--dpi", "200", "tsv"]
    try:
        done = subprocess.run(
            command,
            input=sheet,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=True,
            env=_environment(),
            preexec_fn=partial(limit_program, MEMORY, 0, _PAGE_SECONDS),
        )
    except subprocess.TimeoutExpired:
        raise _busy() from None
    except subprocess.CalledProcessError as error:
        raise _fault(error.returncode) from None
    except OSError as error:  # no process or memory is left, or the program is being replaced
        raise PassingError(f"{PROGRAM} does not run ({error.strerror})") from None
    if len(done.stdout) > _MAX_OUTPUT:
        raise BadRecordError("no page of text")
    return lines(done.stdout.decode("utf-8", errors="replace"))


_STOPPED: Final = tuple(
    -number for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL, signal.SIGQUIT)
)
"""Exit codes of a program that somebody ended: Ctrl-C, a service that stops, a system without memory."""


def _busy() -> PassingError:
    # Its limit of computing comes first, but on a machine that does much else.
    return PassingError(f"takes more than {WALL_SECONDS} s to recognise", code="limit")


def _fault(code: int) -> BadRecordError:
    """Return what the end of Tesseract says of a sheet."""
    if code in _STOPPED:
        return PassingError(f"{PROGRAM} was stopped by the system")
    if code == -signal.SIGXCPU:
        return BadRecordError(f"takes more than {_PAGE_SECONDS} s of computing to recognise", code="limit")
    return BadRecordError("cannot be recognised by tesseract")


def lines(table: str) -> list[list[Word]]:
    """Return Tesseract's table of a page as lines of words; rules and empty words are left out."""
    found: dict[tuple[str, ...], list[Word]] = {}
    for row in table.split("\n")[1:]:
        cells = row.split("\t", _COLUMNS - 1)
        if len(cells) < _COLUMNS or cells[0] != _WORD or (_RULE.fullmatch(cells[-1]) and cells[-1].strip() != "-"):
            continue
        left, top, width, height = map(int, cells[6:10])
        word = Word(cells[-1].strip().strip("_"), float(cells[10]), left, top, width, height)
        found.setdefault(tuple(cells[1:5]), []).append(word)
    return list(found.values())


def _told(option: str) -> str:
    done = subprocess.run(
        [PROGRAM, option], capture_output=True, timeout=_PAGE_SECONDS, check=True, env=_environment(), text=True
    )
    return done.stdout or done.stderr


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "TESSDATA_PREFIX") if name in os.environ}
    return kept | {"LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}
