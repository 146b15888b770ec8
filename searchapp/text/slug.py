"""Slugs: names for URLs, without diacritics."""

from __future__ import annotations

import re
from typing import Final

from searchapp.text.fold import fold

_BETWEEN: Final = re.compile(r"[^a-z0-9]+")


def slug(text: str, limit: int = 80) -> str:
    """Lower-case ASCII words joined by hyphens, at most `limit` characters and cut between words where possible.

    Đ and D give the same letter: who must tell ĐA from DA does so before.

    >>> slug("Thành ủy TPHCM")
    'thanh-uy-tphcm'
    """
    name = _BETWEEN.sub("-", fold(text)).strip("-")
    if len(name) <= limit:
        return name
    cut = name.rfind("-", 0, limit + 1)
    return name[:cut] if cut > 0 else name[:limit]
