"""The journal: a line of JSON for everything that an operator changed, in a file of mode 0600."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from searchapp.visitors import private

FILE: Final = "audit.jsonl"


class Journal:
    """The file in the folder `state`."""

    def __init__(self, state: Path) -> None:
        self._path = state / FILE

    def write(self, did: str, **facts: Any) -> None:
        """One line: when, what, and the facts."""
        private.folder(self._path.parent)
        line = json.dumps({"time": datetime.now(UTC).isoformat(timespec="seconds"), "did": did, **facts})
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as journal:
            journal.write(line + "\n")

    def last(self, count: int) -> list[dict[str, Any]]:
        """The newest lines, newest first."""
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in reversed(lines[-count:])]
