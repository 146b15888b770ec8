"""Group the reprints of a generation: their sketches are kept beside its ledger, the original's key in the index."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searchapp.article import Article
from searchapp.engines import reprint_groups
from searchapp.engines.opensearch.mapping import dates
from searchapp.text.sketch import SKETCH

NAME: Final = "reprints.npz"


class Families:
    """Key, day, id and sketch of every article. Articles of one text are a family, named by its original's key."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._days: list[int] = []
        self._ids: list[str] = []
        self._sketches: list[NDArray[Any]] = []
        self.families: dict[str, str] = {}

    @classmethod
    def load(cls, folder: Path) -> Families:
        """Return the families of a generation."""
        found = cls()
        with np.load(folder / NAME, allow_pickle=False) as table:
            found._keys = table["keys"].astype(str).tolist()
            found._days = table["days"].tolist()
            found._ids = table["ids"].tobytes().decode().split("\0")[:-1]
            found._sketches = [table["sketches"]] if found._keys else []
            found.families = dict(zip(*table["families"].astype(str).tolist(), strict=True))
        return found

    def save(self, folder: Path) -> None:
        """Write the families into a build."""
        ids = "".join(f"{identity}\0" for identity in self._ids).encode()
        np.savez(
            folder / NAME,
            keys=np.array(self._keys, "S64"),
            days=np.array(self._days, np.int64),
            ids=np.frombuffer(ids, np.uint8),
            sketches=self._table(),
            families=np.array([list(self.families), list(self.families.values())], "S64"),
        )

    def add(self, article: Article, sketch: bytes) -> None:
        """Add an article. sketch: a row of `text.sketch.SKETCH`."""
        self._keys.append(article.key)
        self._days.append(dates(article.date)["oldest"])
        self._ids.append(article.id)
        self._sketches.append(np.frombuffer(sketch, SKETCH))

    def remove(self, keys: Collection[str]) -> None:
        """Remove articles."""
        gone = set(keys)
        kept = [number for number, key in enumerate(self._keys) if key not in gone]
        self._sketches = [self._table()[kept]] if kept else []
        self._keys = [self._keys[number] for number in kept]
        self._days = [self._days[number] for number in kept]
        self._ids = [self._ids[number] for number in kept]

    def group(self) -> set[str]:
        """Find the families; return keys of the articles whose family has changed."""
        ranked = sorted(range(len(self._keys)), key=lambda number: (self._days[number], self._ids[number]))
        order = np.empty(len(ranked), np.uint32)
        order[ranked] = np.arange(len(ranked), dtype=np.uint32)
        groups = reprint_groups.groups(self._table(), order).tolist() if ranked else []
        first: dict[int, str] = {}
        found = {}
        for number in ranked:
            if groups[number]:
                found[self._keys[number]] = first.setdefault(groups[number], self._keys[number])
        before, self.families = self.families, found
        return {key for key in {*before, *found} if before.get(key) != found.get(key)}

    def fields(self, key: str) -> dict[str, Any]:
        """Return the fields of an article that tell its family: `family` only where it is not alone."""
        family = self.families.get(key)
        return {"reprint": family or key, "family": family}

    def _table(self) -> NDArray[Any]:
        return np.concatenate([np.zeros(0, SKETCH), *(np.atleast_1d(row) for row in self._sketches)])
