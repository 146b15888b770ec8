"""Old Word files (`.doc`), read by antiword or catdoc where one of them is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from searchapp.errors import BadRecordError
from searchapp.readers import document
from searchapp.readers.confine import limit_program
from searchapp.readers.outcome import Items

WALL_SECONDS: Final = 20
MAX_TEXT: Final = 8 << 20
_PROGRAMS: Final = (("antiword", "-m", "UTF-8.txt", "-w", "0"), ("catdoc", "-d", "utf-8", "-w"))


def read(data: bytes, name: str) -> Items:
    """The one Record of an old Word file. Raises BadRecordError where no program can read it."""
    program = next((command for command in _PROGRAMS if shutil.which(command[0])), None)
    if program is None:
        raise BadRecordError("an old Word file: install antiword, or save it as .docx")
    with tempfile.TemporaryDirectory() as folder:
        # Only a name of ours reaches the program.
        file = Path(folder) / "file.doc"
        file.write_bytes(data)
        text = _output([*program, str(file)])
    yield from document.record(text.splitlines(), name)


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=True,
            preexec_fn=limit_program,
        )
    except subprocess.TimeoutExpired:
        raise BadRecordError(f"takes more than {WALL_SECONDS} s to read") from None
    except subprocess.CalledProcessError:
        raise BadRecordError(f"an old Word file that {command[0]} cannot read") from None
    if len(done.stdout) > MAX_TEXT:
        raise BadRecordError(f"more than {MAX_TEXT >> 20} MB of text")
    return done.stdout.decode("utf-8", errors="replace")
