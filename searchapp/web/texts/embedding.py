"""What the pages about embedding say, Vietnamese and English."""

from __future__ import annotations

from typing import Final

# key: (Vietnamese, English) or (Vietnamese, English for one, English for more).
TABLE: Final[dict[str, tuple[str, ...]]] = {}
