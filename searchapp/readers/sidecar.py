"""Sidecar files (`bao-cao.pdf.meta.yaml` beside `bao-cao.pdf`): what a person mended, said in place of the source."""

from __future__ import annotations

import errno
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from searchapp.article import Record
from searchapp.errors import BadRecordError
from searchapp.readers.items import PAPERS, Note
from searchapp.readers.record import themes_of, written, yaml_facts
from searchapp.text.normalize import normalize
from searchapp.text.urls import canonical_url

ENDING: Final = ".meta.yaml"
MENDED: Final = ("title", "date", "section", "source", "author", "kind", "number", "issuer", "signer")
"""Facts of an article that a sidecar may say, beside its themes; never its id or address, by which it is known."""
INNER: Final = "articles"
"""The key under which a file of several articles has the facts of each, by id, address, member or line."""
MAX_BYTES: Final = 1 << 20
_MAX_VALUE: Final = 2_000  # characters


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What stands in a sidecar. name: of the file itself, as it is shown; of: name of the source."""

    name: str = ""
    of: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    inner: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    def amended(self, record: Record) -> Record:
        """A record with the facts that are said of its file, then those of itself alone; an empty value takes away."""
        if not self.facts and not self.inner:
            return record
        own: dict[str, Any] = {}
        member = record.path.removeprefix(f"{self.of}/") if record.path != self.of else ""
        names = (record.url, canonical_url(record.url), record.id, normalize(record.id).strip())
        for key in dict.fromkeys((member, place_of(member, record.row or 1), *names)):
            own |= self.inner.get(key, {}) if key else {}
        # In a file of several documents, what names one document was said of the first.
        others = record.row > 1 and record.path.lower().endswith(PAPERS)
        whole = {key: one for key, one in self.facts.items() if not (others and key in _OF_ONE)}
        return replace(record, **{**whole, **own})

    def notes(self) -> Iterator[Note]:
        """A note for each key that nobody knows."""
        for key in self.unknown:
            yield Note(self.name, 0, "keys", f"unknown key left out: {key[:60]!r}")


_OF_ONE: Final = ("title", "number", "kind", "date", "issuer", "signer")
NONE: Final = Sidecar()


def place_of(member: str, row: int) -> str:
    """The key of a line of a file or of a document of several; member: within an archive."""
    return f"{member}#{row}" if member else str(row)


def is_sidecar(name: str) -> bool:
    """Whether a file is one by its name."""
    return name[-len(ENDING) :].lower() == ENDING and len(name) > len(ENDING)


def beside(path: Path) -> Path:
    """Where the sidecar of a file would be."""
    return path.with_name(path.name + ENDING)


def held(path: Path) -> Path | None:
    """The sidecar that a file has, None for none: a name that is as long as names can be has no room for one."""
    place = beside(path)
    try:
        return place if stat.S_ISREG(place.lstat().st_mode) else None
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return None
        raise


def read(path: Path, name: str) -> tuple[Sidecar, Note | None]:
    """The sidecar of the file at `path`, NONE where there is none; and what is wrong with it.

    A wrong sidecar mends nothing and costs no article. name: of the source, as it is shown.
    """
    shown = name + ENDING
    try:
        place = held(path)
        if place is None:
            return NONE, None
        if place.stat().st_size > MAX_BYTES:
            raise BadRecordError(f"larger than {MAX_BYTES >> 20} MB")
        return parse(place.read_text(encoding="utf-8-sig"), name), None
    except BadRecordError as error:
        return NONE, Note(shown, 0, "keys", f"left out: {error}")
    except (OSError, ValueError) as error:
        reason = "not UTF-8" if isinstance(error, UnicodeDecodeError) else getattr(error, "strerror", None) or error
        return NONE, Note(shown, 0, "keys", f"left out: cannot be read ({reason})")


def parse(text: str, name: str) -> Sidecar:
    """The sidecar of a source with this text. Raises BadRecordError with the name of the key whose value is wrong."""
    values = yaml_facts(text, "sidecar")
    inner = values.pop(INNER, None) or {}
    if not isinstance(inner, dict) or not all(isinstance(one, dict) for one in inner.values()):
        raise BadRecordError(f"{INNER} must hold 'key: value' under the id, address, member or line of each article")
    unknown = [key for one in (values, *inner.values()) for key in one if key not in (*MENDED, "themes")]
    return Sidecar(
        name + ENDING, name, _facts(values), {key: _facts(one) for key, one in inner.items()},
        tuple(dict.fromkeys(unknown))[:50],
    )  # fmt: skip


def _facts(values: Mapping[str, object]) -> dict[str, Any]:
    facts: dict[str, Any] = {key: written(key, values[key]) for key in MENDED if key in values}
    for key, value in facts.items():
        if len(value) > _MAX_VALUE:
            raise BadRecordError(f"{key} longer than {_MAX_VALUE} letters")
    if "themes" in values:
        facts["themes"] = themes_of(values["themes"])
    return facts
