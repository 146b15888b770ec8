"""Where the articles of a generation were found: several places for one that came as file, feed and page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

NAME: Final = "origins.json"

Kind: TypeAlias = Literal["file", "feed", "page"]
"""page: captured from a site."""


@dataclass(frozen=True, slots=True)
class Origin:
    """One place. path: as the report names it; seen: the day on which a page was captured (ISO), else ""."""

    kind: Kind
    path: str
    seen: str = ""


Origins: TypeAlias = Mapping[str, tuple[Origin, ...]]
"""Key of an article → its places, the one that is served first; only articles found in several."""


def save(origins: Origins, folder: Path) -> None:
    """Write the places into a build."""
    values = {key: [astuple(origin) for origin in found] for key, found in origins.items()}
    (folder / NAME).write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")


def load(folder: Path) -> Origins:
    """The places of a generation; none where it has no list."""
    try:
        values = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return {key: tuple(Origin(*origin) for origin in found) for key, found in values.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
