"""Document types as facet values: permanent unaccented slugs and their Vietnamese names."""

from __future__ import annotations

from typing import Final

from searchapp.citations.forms import NAMES, TYPE_NAMES
from searchapp.text.fold import fold
from searchapp.text.slug import slug

# Đề án and Dự án fold apart by themselves; only types that share a slug would need a rule here.
_SLUGS: Final = {code: slug(name) for code, name in TYPE_NAMES.items()}
_CODES: Final = {value: code for code, value in _SLUGS.items()}
_LABELS: Final = {_SLUGS[code]: name for code, name in TYPE_NAMES.items()}


def type_slug(code: str) -> str:
    """The facet value of a type code: "NQ" → "nghi-quyet"; "" for an unknown code."""
    return _SLUGS.get(code, "")


def type_label(value: str) -> str:
    """How a type is shown: "nghi-quyet" → "Nghị quyết"; an unknown value as it is."""
    return _LABELS.get(value, value)


def type_of_kind(kind: str) -> str:
    """The facet value of a kind as a file writes it ("Nghị quyết", "nghi quyet", "NQ"); its slug when it is new."""
    code = kind.strip() if kind.strip() in TYPE_NAMES else NAMES.get(" ".join(fold(kind).split()), "")
    return type_slug(code) or slug(kind)


def type_code(value: str) -> str:
    """The type code of a facet value: "nghi-quyet" → "NQ"; "" for an unknown one."""
    return _CODES.get(value, "")
