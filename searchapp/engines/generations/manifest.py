"""The manifest of a generation: size and SHA-256 of every file, and the versions that built them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from searchapp.errors import OF_THE_PROCESS, CorruptIndexError, StaleIndexError
from searchapp.fields import ANALYZER, SCHEMA

NAME: Final = "MANIFEST.json"

Seen: TypeAlias = tuple[int, int, int, str]
"""A file under any name: device, inode, nanoseconds of its last change, and its expected SHA-256."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of a generation: bytes and hexadecimal SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The content of a generation. built: UTC, ISO; context: further facts that decided its tables (settings, data
    files).
    """

    generation: str
    articles: int
    built: str
    context: str = ""
    schema: int = SCHEMA
    analyzer: int = ANALYZER
    files: Mapping[str, File] = field(default_factory=dict)

    def require_current(self) -> None:
        """Raise StaleIndexError when another schema or analyzer version built it."""
        for what, found, here in (("schema", self.schema, SCHEMA), ("analyzer", self.analyzer, ANALYZER)):
            if found != here:
                raise StaleIndexError(
                    f"generation {self.generation} was built by {what} {found}, this version needs {here}: "
                    "run 'searchapp reindex --full'"
                )


def write(folder: Path, manifest: Manifest) -> None:
    """Write MANIFEST.json into the folder of a generation."""
    (folder / NAME).write_text(_serialise(manifest), encoding="utf-8")


def read(folder: Path) -> Manifest:
    """Return the manifest of a generation; raises CorruptIndexError when it is missing or not exactly as it was
    written.
    """
    try:
        text = (folder / NAME).read_bytes().decode("utf-8")
        values: dict[str, Any] = json.loads(text)
        del values["self"]
        files = {name: File(**entry) for name, entry in values.pop("files").items()}
        manifest = Manifest(files=files, **values)
        if _serialise(manifest) != text:
            raise ValueError("not as it was written")
    except FileNotFoundError:
        raise CorruptIndexError(f"{folder}: no {NAME}: run 'searchapp rollback'") from None
    except OSError as error:
        if error.errno in OF_THE_PROCESS:
            raise
        raise CorruptIndexError(f"{folder / NAME}: {error.strerror}: run 'searchapp rollback'") from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CorruptIndexError(f"{folder / NAME}: damaged ({error}): run 'searchapp rollback'") from None
    return manifest


def names(folder: Path) -> Iterator[str]:
    """Yield relative names of all files of a generation but its manifest, sorted."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    return (name for name in sorted(found) if name != NAME)


def measure(folder: Path, base: Path | None = None) -> tuple[dict[str, File], list[Path]]:
    """Return size and hash of every file, and the new files. A file hard-linked from `base` keeps
    the hash known there.
    """
    known = read(base).files if base else {}
    files: dict[str, File] = {}
    fresh = []
    for name in names(folder):
        path = folder / name
        if base and name in known and _same(path, base / name):
            files[name] = known[name]
        else:
            files[name] = File(path.stat().st_size, digest(path))
            fresh.append(path)
    return files, fresh


def problems(folder: Path, manifest: Manifest, *, deep: bool, known: Container[Seen] = ()) -> list[str]:
    """Return the faults in the files of a generation, one line each; by size, or by hash when `deep`.

    known: as `seen`, of files that were hashed before and need not be read again. Raises OSError where no file could be
    opened now.
    """
    lines = []
    for name, file in manifest.files.items():
        path = folder / name
        try:
            found = path.lstat()
            if found.st_size != file.size:
                lines.append(f"{path}: {found.st_size} bytes instead of {file.size}")
            elif deep and _seen(found, file) not in known and digest(path) != file.sha256:
                lines.append(f"{path}: content changed since it was published")
        except OSError as error:
            if error.errno in OF_THE_PROCESS:
                raise
            lines.append(f"{path}: {error.strerror or error}")
    return lines


def seen(folder: Path) -> frozenset[Seen]:
    """Return keys that recognise the files of a generation in other generations, where many are links. Missing files
    are left out.

    Raises as `read`.
    """
    found = set()
    for name, file in read(folder).files.items():
        with suppress(FileNotFoundError):
            found.add(_seen((folder / name).lstat(), file))
    return frozenset(found)


def _seen(found: os.stat_result, file: File) -> Seen:
    return found.st_dev, found.st_ino, found.st_mtime_ns, file.sha256


def require_intact(folder: Path, wanted: Iterable[str]) -> None:
    """Raise CorruptIndexError unless these files of a generation are, to the bit, the files of its publication.

    Call this before copying files into another generation, whose manifest would vouch for them from then on.
    """
    known = read(folder).files
    chosen = {name: known[name] for name in wanted if name in known}
    if lines := problems(folder, Manifest(generation="", articles=0, built="", files=chosen), deep=True):
        raise CorruptIndexError(f"{lines[0]}: run 'searchapp reindex --full'")


def digest(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _same(one: Path, other: Path) -> bool:
    try:
        return os.path.samestat(one.stat(), other.stat())
    except OSError:
        return False


def _serialise(manifest: Manifest) -> str:
    values: dict[str, Any] = {
        "generation": manifest.generation,
        "articles": manifest.articles,
        "built": manifest.built,
        "context": manifest.context,
        "schema": manifest.schema,
        "analyzer": manifest.analyzer,
        "files": {name: {"size": file.size, "sha256": file.sha256} for name, file in sorted(manifest.files.items())},
    }
    # The manifest vouches for every file, so it carries its own hash too.
    values["self"] = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
    return json.dumps(values, indent=1, ensure_ascii=False) + "\n"
