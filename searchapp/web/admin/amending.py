"""What an operator mends, as files: the sidecar of an article, rows of the tables `pins.tsv` and `featured.tsv`."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from searchapp.article import Article
from searchapp.errors import BadRecordError
from searchapp.readers import sidecar, yaml_facts
from searchapp.tables.starter import STARTERS

FIELDS: Final = ("title", "date", "section", "source", "number", "issuer", "signer")
"""What the form asks, beside the themes."""


def mended(path: Path, shown: str, article: Article, said: Mapping[str, Any]) -> Path:
    """Write what an operator said of an article into the sidecar of its file; the sidecar.

    shown: the name of the file in the index. A file of several articles has the facts of each under its own key.
    What else the sidecar says stays. Raises BadRecordError for what is no fact.
    """
    place = sidecar.beside(path)
    if place.is_symlink():
        raise BadRecordError(f"{place.name} is a symbolic link")
    values = yaml_facts.parse(place.read_text(encoding="utf-8-sig"), "sidecar") if place.is_file() else {}
    member = article.path.removeprefix(f"{shown}/") if article.path != shown else ""
    inner = (article.id or str(article.row)) if article.row else member
    told = values.setdefault(sidecar.INNER, {}).setdefault(inner, {}) if inner else values
    for key, value in said.items():
        told[key] = value
    text = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=120)
    sidecar.parse(text, shown)
    _replaced(place, text)
    return place


def added(tables: Path, name: str, row: tuple[str, ...]) -> Path:
    """Add a row to a table of the operator, which begins as `searchapp tables init` writes it; the table."""
    path = tables / name
    text = path.read_text(encoding="utf-8") if path.is_file() else STARTERS[name]
    line = "\t".join(" ".join(cell.split()) for cell in row)
    if line in text.splitlines():
        return path
    _replaced(path, f"{text.rstrip(chr(10))}\n{line}\n")
    return path


def dropped(tables: Path, name: str, row: tuple[str, ...]) -> Path:
    """Take the rows away that begin with these cells; the table."""
    path = tables / name
    cells = [" ".join(cell.split()) for cell in row]
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    kept = [line for line in lines if line.split("\t")[: len(cells)] != cells]
    if kept != lines:
        _replaced(path, "\n".join(kept) + "\n")
    return path


def _replaced(path: Path, text: str) -> None:
    """Write a file in one step: nobody reads half of it."""
    waiting = path.with_name(f".{secrets.token_hex(8)}-{path.name}"[:200])
    try:
        with waiting.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)
