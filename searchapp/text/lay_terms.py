"""Map people's words to the words of laws: "bằng lái xe" is a giấy phép lái xe."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources

from searchapp.text.keys import key
from searchapp.text.normalize import fold_key, normalize
from searchapp.text.tokens import tokens

Keys = tuple[str, ...]


class LayTerms:
    """The terms of a table, one way or both."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        """rows: as in lay_terms.tsv: lay, official (several with | between them), ways ("both" or "")."""
        self._terms: defaultdict[str, list[tuple[Keys, list[Keys]]]] = defaultdict(list)
        meant: defaultdict[Keys, dict[Keys, None]] = defaultdict(dict)
        for row in rows:
            lay, officials = _keys(row["lay"]), [_keys(text) for text in row["official"].split("|")]
            meant[lay] |= dict.fromkeys(officials)
            if row.get("ways") == "both":
                for official in officials:
                    meant[official][lay] = None
        for said, others in meant.items():
            if said:
                self._terms[fold_key(said[0])].append((said, list(others)))
        for found in self._terms.values():
            found.sort(key=lambda row: (-len(row[0]), row[0]))

    def stand_for(self, keys: Sequence[str]) -> tuple[int, list[Keys]]:
        """Return how many of these search keys, from the first on, are a term (the longest), and its other names.

        A syllable typed without accents counts for the accented one.

        >>> LayTerms.shipped().stand_for(["bang", "lái", "xe", "cũ"])
        (3, [('giấy', 'phép', 'lái', 'xe')])
        """
        for said, others in self._terms.get(fold_key(keys[0]), ()) if keys else ():
            pairs = zip(keys, said, strict=False)
            if len(keys) >= len(said) and all(typed in (full, fold_key(full)) for typed, full in pairs):
                return len(said), others
        return 0, []

    @staticmethod
    @cache
    def shipped() -> LayTerms:
        """Return the terms of data/lay_terms.tsv."""
        table = resources.files("searchapp").joinpath("data", "lay_terms.tsv").read_text(encoding="utf-8")
        names = ("lay", "official", "ways")
        cells = (line.split("\t") for line in table.splitlines()[1:] if line)
        return LayTerms(dict(zip(names, [*row, "", ""], strict=False)) for row in cells)


def _keys(text: str) -> Keys:
    return tuple(key(token.key) for token in tokens(normalize(text)))
