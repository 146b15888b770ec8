"""What its settings know about the pages of a site, kept beside the captures: `.hints.json`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Final

NAME: Final = ".hints.json"


@dataclass(frozen=True, slots=True)
class Hints:
    """source: the site's name; *_at: CSS selectors; articles, deny: paths that are read alone, or never."""

    source: str = ""
    title_at: str = ""
    date_at: str = ""
    text_at: str = ""
    articles: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()

    def as_json(self) -> str:
        """These hints as text."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def save(self, folder: Path) -> None:
        """Write them into a folder of captures."""
        (folder / NAME).write_text(self.as_json() + "\n", encoding="utf-8")


def from_json(text: str) -> Hints:
    """Hints from text; none for what is not understood."""
    try:
        values = json.loads(text)
        lists = {name: tuple(map(str, values[name])) for name in ("articles", "deny") if name in values}
        told = {field.name: str(values[field.name]) for field in fields(Hints) if field.name in values}
    except (ValueError, TypeError):
        return Hints()
    return replace(Hints(), **(told | lists))  # type: ignore[arg-type]


def load(folder: Path) -> Hints:
    """The hints in a folder of captures; none where it has no file of them."""
    try:
        return from_json((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Hints()
