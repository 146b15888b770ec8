"""Old Word files (`.doc`), read by antiword, catdoc or LibreOffice, where one of them is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from searchapp.errors import BadRecordError, PassingError
from searchapp.readers import office
from searchapp.readers.items import Items
from searchapp.readers.sandbox.limits import MEMORY, limit_program

WALL_SECONDS: Final = 20
MAX_TEXT: Final = 8 << 20
_OFFICE_MEMORY: Final = 2 << 30
"""LibreOffice does not start with less memory; the other programs get the limit of every reader."""

_PROGRAMS: Final = (("antiword", "-m", "UTF-8.txt", "-w", "0"), ("catdoc", "-d", "utf-8", "-w"))
# The directory of a Word file names the stream of every Word document. Without it, programs print rubbish.
_WORD: Final = "WordDocument".encode("utf-16-le")
_OFFICE: Final = ("soffice", "--headless", "--norestore", "--convert-to", "txt:Text (encoded):UTF8")


def read(data: bytes, name: str) -> Items:
    """Yield the one Record of an old Word file. Raises BadRecordError where no program can read the file."""
    if _WORD not in data:
        raise BadRecordError("an old Office file without a Word document in it")
    programs = [command for command in (*_PROGRAMS, _OFFICE) if shutil.which(command[0])]
    if not programs:
        raise PassingError("an old Word file: install antiword or LibreOffice, or save it as .docx", code="format")
    failed: BadRecordError | None = None
    for program in programs:
        try:
            yield from office.record(_lines(_text(data, program)), name)
            return
        except BadRecordError as error:
            # The next program may read the file that one program cannot.
            failed = failed or error
    assert failed
    raise failed


def _text(data: bytes, program: Sequence[str]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        # The program sees only a file name of ours.
        file = Path(folder) / "file.doc"
        file.write_bytes(data)
        if program is not _OFFICE:
            return _output([*program, str(file)], MEMORY, 0)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        _output([*program, profile, "--outdir", folder, str(file)], _OFFICE_MEMORY, MAX_TEXT)
        return _written(file.with_suffix(".txt"))


def _lines(text: str) -> list[str]:
    """Return the lines of a program's output; the bars that antiword draws around cells are removed."""
    lines: list[str] = []
    for line in text.splitlines():
        row = line.strip()
        if len(row) < 2 or not row.startswith("|") or not row.endswith("|"):
            lines.append(line)
            continue
        cells = [clean for cell in row.split("|") if (clean := " ".join(cell.split()))]
        # Two cells only place a heading or a signature on the page. Three or more cells are a row of facts.
        lines += cells if len(cells) < 3 else ["; ".join(cells)]
    return lines


def _written(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig", errors="replace")
    except FileNotFoundError:
        raise BadRecordError("an old Word file that LibreOffice cannot read", code="format") from None


def _output(command: list[str], memory: int, file: int) -> str:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=True,
            preexec_fn=partial(limit_program, memory, file),
        )
    except subprocess.TimeoutExpired:
        raise PassingError(f"takes more than {WALL_SECONDS} s to read", code="limit") from None
    except subprocess.CalledProcessError:
        raise BadRecordError(f"an old Word file that {command[0]} cannot read", code="format") from None
    if len(done.stdout) > MAX_TEXT:
        raise BadRecordError(f"more than {MAX_TEXT >> 20} MB of text", code="limit")
    return done.stdout.decode("utf-8", errors="replace")
