"""Articles to measure with: generated ones with Zipf's distribution of syllables, and real ones from a JSONL file."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from searchapp.text.normalize import fold_key, normalize
from searchapp.text.tokens import tokens

VOCABULARY = 7_000  # syllable types, as in a large Vietnamese corpus
THEMES, DOCUMENTS, FIRST_YEAR, YEARS = 25, 400, 2015, 11


@dataclass(frozen=True, slots=True)
class Sample:
    """One article, already cut: every engine gets the same tokens."""

    key: str
    title: list[str]
    body: list[str]
    theme: str
    document: str
    year: int


def generated(count: int, syllables: int, seed: int = 1) -> Iterator[Sample]:
    """`count` articles of about `syllables` tokens whose frequencies fall as Zipf's law says."""
    rng = np.random.default_rng(seed)
    names = _names()
    share = 1 / np.arange(1, VOCABULARY + 1)
    border = np.cumsum(share / share.sum())
    for number in range(count):
        size = max(20, int(rng.normal(syllables, syllables / 4)))
        drawn = np.searchsorted(border, rng.random(size + 10)).clip(0, VOCABULARY - 1)
        words = [names[at] for at in drawn.tolist()]
        yield Sample(
            f"{number:08}", words[:10], words[10:], f"theme-{int(rng.zipf(1.6)) % THEMES}",
            f"document-{int(rng.zipf(1.4)) % DOCUMENTS}", FIRST_YEAR + int(rng.integers(YEARS)),
        )  # fmt: skip


def read(path: Path, limit: int = 0) -> Iterator[Sample]:
    """Real articles from JSONL (title, text, date, section, number), cut into folded syllables."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if limit and number >= limit:
                return
            row = json.loads(line)
            title, body = (
                [fold_key(token.key) for token in tokens(normalize(str(row.get(name) or "")))]
                for name in ("title", "text")
            )
            year = int((row.get("date") or "2000")[:4])
            yield Sample(f"{number:08}", title, body, row.get("section") or "-", row.get("number") or "-", year)


def _names() -> list[str]:
    """Distinct made-up syllables, the shortest for the most frequent ranks."""
    letters = "abcdeghiklmnopqrstuvxy"
    names = [a + b for a in letters for b in letters]
    names += [a + b + c for a in letters for b in letters for c in letters]
    return names[:VOCABULARY]
