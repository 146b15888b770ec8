"""YAML as people write facts in it: texts, lists and mappings; no objects, no dates, no aliases (they make bombs)."""

from __future__ import annotations

from typing import Any, Final

import yaml

from searchapp.errors import BadRecordError

MAX_CHARS: Final = 64 << 10


class _Strings(yaml.BaseLoader):
    """Makes texts, lists and mappings only, and no key twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise BadRecordError("with a YAML alias (*name)")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        values = super().construct_mapping(node, deep)
        if len(values) != len(node.value):
            raise BadRecordError("has the same key twice")
        return values


def parse(text: str, what: str, first_line: int = 1) -> dict[str, Any]:
    """The facts of a text. Raises BadRecordError, which begins with `what`; first_line: of the text in its file."""
    if len(text) > MAX_CHARS:
        raise BadRecordError(f"{what} longer than {MAX_CHARS >> 10} kB")
    try:
        # A subclass of BaseLoader: it can only make texts, lists and mappings.
        values = yaml.load(text, Loader=_Strings)
    except BadRecordError as error:
        raise BadRecordError(f"{what} {error}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadRecordError(f"{what} is not YAML{f' (line {mark.line + first_line})' if mark else ''}") from None
    except (RecursionError, TypeError, ValueError):
        raise BadRecordError(f"{what} is nested too deep or has a key that is no text") from None
    if values in (None, ""):
        return {}
    if not isinstance(values, dict):
        raise BadRecordError(f"{what} is not a list of 'key: value'")
    return values
