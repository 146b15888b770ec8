"""Named values of a JSON row or of front matter → Record: known keys only, each of its type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from searchapp.article import FILE, Record
from searchapp.errors import BadRecordError
from searchapp.readers.heading import completed
from searchapp.readers.items import Note

KEYS: Final = (
    "id", "title", "text", "date", "section", "source", "url", "author", "kind", "number", "issuer", "signer",
    "basis", "themes",
)  # fmt: skip
MAX_ID_BYTES: Final = 512
MAX_THEMES: Final = 20
MAX_BASES: Final = 40
_SURROGATES: Final = re.compile(r"[\ud800-\udfff]")
# What is between the parts of a list that is written as one text.
_THEMES: Final = re.compile(",")
_BASES: Final = re.compile(r"[;\n]")


def record(values: Mapping[str, object], *, path: str, row: int = 0) -> Record:
    """The Record with these values; keys that nobody knows are left out (`unknown` names them).

    Raises BadRecordError with the name of the key whose value is wrong.
    """
    facts = {key: _text(key, values.get(key)) for key in KEYS if key not in ("basis", "themes")}
    if not facts["text"].strip():
        raise BadRecordError("no text")
    _check_id(facts["id"])
    # A lone surrogate cannot be written anywhere; in a text it is only noise.
    facts = {key: _SURROGATES.sub("", value) for key, value in facts.items()}
    basis = _list("basis", values.get("basis"), _BASES, MAX_BASES)
    themes = _list("themes", values.get("themes"), _THEMES, MAX_THEMES)
    return completed(Record(**facts, basis=basis, themes=themes, path=path, row=row, rank=FILE))


def unknown(values: Iterable[str], seen: set[str], *, path: str, row: int = 0) -> Iterable[Note]:
    """A note for each key that is not one of KEYS and not yet in `seen`, which it joins (up to 50)."""
    for key in values:
        if key not in KEYS and key not in seen and len(seen) < 50:
            seen.add(key)
            yield Note(path, row, "keys", f"unknown key left out: {_SURROGATES.sub('', key)[:60]!r}")


def _text(key: str, value: object) -> str:
    if value is None:
        return ""
    # Exports write ids and years as numbers; nothing else is one.
    if key in ("id", "date") and isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return str(value)
    if not isinstance(value, str):
        raise BadRecordError(f"{key} must be text, not {type(value).__name__}")
    return value if key == "text" else value.strip()


def _check_id(identity: str) -> None:
    if _SURROGATES.search(identity):
        raise BadRecordError("id holds half a character (a lone surrogate)")
    if len(identity.encode()) > MAX_ID_BYTES:
        raise BadRecordError(f"id longer than {MAX_ID_BYTES} bytes")


def _list(key: str, value: object, between: re.Pattern[str], most: int) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    parts = between.split(value) if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise BadRecordError(f"{key} must be a list of texts")
    if len(parts) > most:
        raise BadRecordError(f"more than {most} {key}")
    return tuple(dict.fromkeys(clean for part in parts if (clean := _SURROGATES.sub("", part).strip())))
