"""The file of the settings: its values, and the line of one of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from searchapp.errors import SettingsError

A_PATH: Final = "a path without control characters; in double quotes a \\ is written twice"
PATHS: Final = "paths, none of them empty or with control characters; in double quotes a \\ is written twice"
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_HEAD: Final = re.compile(r"\s*\[\s*(?P<name>[^\[\]]+?)\s*\]\s*(?:#.*)?")
_KEY: Final = re.compile(r"""\s*(?P<name>[\w."'-]+)\s*=""")
_SAID: Final = re.compile(r"(?:\[(?P<table>.+?)\]: )?(?:unknown setting '(?P<unknown>[^']*)'|(?P<name>\w+))")


def read(file: Path) -> tuple[dict[str, Any], str]:
    """Return the values of a file, and its text. Raises SettingsError."""
    try:
        text = file.read_text(encoding="utf-8-sig")  # Notepad begins a file with a mark
        return tomllib.loads(text), text
    except FileNotFoundError:
        raise SettingsError(f"{file}: no such file; give another with --config") from None
    except IsADirectoryError:
        raise SettingsError(f"{file}: is a folder; name a file with --config") from None
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror}): check its rights") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file}: not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        if str(error).startswith("Cannot ") and (twice := _stands_twice(text)):
            raise SettingsError("{}:{}: {} stands twice, first in line {}; keep one".format(file, *twice)) from None
        raise SettingsError(f"{file}: not valid TOML: {error}") from None


def is_path(text: str) -> bool:
    r"""Tell whether a text can be a path that somebody means.

    >>> is_path("D:/bai"), is_path("D:\\bai"), is_path("D:\bai"), is_path("")
    (True, True, False, False)
    """
    return bool(text) and not _CONTROL.search(text)


def placed(message: str, file: str, text: str) -> str:
    """Return what is wrong with a setting with the line where it stands, if the text shows it.

    >>> placed("a.toml: [alerts]: unknown setting 'smpt'", "a.toml", '[alerts]\\nsmpt = ":25"')
    "a.toml:2: [alerts]: unknown setting 'smpt'"
    """
    said = message.removeprefix(f"{file}: ")
    if said == message or not (found := _SAID.match(said)):
        return message
    table, name = _bare(found["table"] or ""), found["unknown"] or found["name"]
    lines = _lines(text)
    line = lines.get(f"{table}.{name}" if table else name) or lines.get(table) or lines.get(table.partition(".")[0])
    return f"{file}:{line}: {said}" if line else message


def _lines(text: str) -> dict[str, int]:
    """Map tables and their keys, joined by points, to the lines where they first stand."""
    found: dict[str, int] = {}
    for name, number in _named(text):
        found.setdefault(name, number)
    return found


def _stands_twice(text: str) -> tuple[int, str, int] | None:
    """Return the second line of a setting or table, its name and its first line."""
    found: dict[str, int] = {}
    for name, number in _named(text):
        if (first := found.setdefault(name, number)) != number:
            return number, name, first
    return None


def _named(text: str) -> Iterator[tuple[str, int]]:
    """Give each table and key, joined by points, with its line."""
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if head := _HEAD.fullmatch(line):
            table = _bare(head["name"])
            yield table, number
        elif key := _KEY.match(line):
            name = _bare(key["name"])
            yield f"{table}.{name}" if table else name, number


def _bare(name: str) -> str:
    return name.replace('"', "").replace("'", "")
