"""What happens while somebody types without accents: how fast suggestions come, and how well accents are restored.

    python benchmarks/keystrokes.py INDEX [--articles 100000] [--titles 300]

Every title of a sample is typed letter by letter, as it is and without accents, each prefix asked once (nothing is
remembered); then its first words are asked without accents, and the spelling offered first is held against the title.
Where the index has fewer articles than --articles, its titles are counted again with a number behind them.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from typing import Any

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.query import Word
from searchapp.search.diacritics import Spelling, spellings
from searchapp.search.suggest import suggest
from searchapp.text.normalize import fold, fold_key
from searchapp.text.tokens import tokens

LONGEST = 24  # letters of a title that are typed one by one
WORDS = (2, 3, 4, 6)  # first syllables of a title asked without accents


class Enlarged:
    """An engine with more titles than articles; everything else is the index's own."""

    def __init__(self, engine: Engine, articles: int) -> None:
        self._engine = engine
        self._articles = articles

    def titles(self) -> Iterator[tuple[str, str]]:
        """The titles of the index, over and over with a number behind them."""
        titles = list(self._engine.titles())
        again = ((f"{key}-{n}", f"{title} {n}") for n in count(2) for key, title in titles)
        return islice((row for rows in (titles, again) for row in rows), max(self._articles, len(titles)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


def timed(ask: Callable[[], object]) -> float:
    """Milliseconds of processor time: other work on the machine does not count."""
    started = time.thread_time()
    ask()
    return (time.thread_time() - started) * 1000


def row(name: str, times: Sequence[float]) -> str:
    """One line of the table."""
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    return f"{name:<44}{len(times):>7,}{statistics.median(times):>9.2f}{p95:>9.2f}{ordered[-1]:>9.2f}"


def suggestions(engine: Any, titles: Sequence[str]) -> None:
    """Print how long each keystroke takes."""
    print(row("first keystroke of all", [timed(lambda: suggest(engine, "a"))]))
    started = time.process_time()
    while not suggest(engine, "n"):
        time.sleep(0.05)
    print(f"    suggestions are there after {time.process_time() - started:.1f} s of processor time, in the background")
    for name, form in (("keystroke, as the title is written", str), ("keystroke, without accents", fold)):
        typed = dict.fromkeys(form(title)[:size] for title in titles for size in range(1, LONGEST + 1))
        print(row(name, [timed(lambda text=text: suggest(engine, text)) for text in typed]))


def restored(engine: Engine, typed: Sequence[str]) -> tuple[Spelling, ...]:
    """What is offered for folded syllables."""
    return spellings(engine, [Word(key) for key in typed])


def accents(engine: Engine, titles: Sequence[str]) -> None:
    """Print how long restoring takes, and how often the first spelling is that of the title."""
    for size in WORDS:
        cut = [keys[:size] for title in titles if len(keys := [token.key for token in tokens(title)]) >= size]
        asked = {tuple(map(fold_key, keys)): tuple(keys) for keys in cut}
        cold, warm = ([timed(lambda typed=typed: restored(engine, typed)) for typed in asked] for _ in range(2))
        print(row(f"accents of {size} syllables", cold))
        print(row(f"accents of {size} syllables, asked again", warm))
        told = {typed: next(iter(restored(engine, typed)), None) for typed in asked}
        offered = [(found.text.split(), asked[typed]) for typed, found in told.items() if found is not None]
        right = sum(a == b for found, keys in offered for a, b in zip(found, keys, strict=False))
        whole = sum(tuple(found) == keys for found, keys in offered)
        print(
            f"    offered for {len(offered)} of {len(asked)}; as in the title {whole / max(len(offered), 1):.1%}, "
            f"of syllables {right / max(1, sum(len(keys) for _, keys in offered)):.1%}"
        )


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("index", type=Path)
    arguments.add_argument("--articles", type=int, default=100_000)
    arguments.add_argument("--titles", type=int, default=300)
    given = arguments.parse_args()
    engine = open_engine(Settings(index=given.index))()
    enlarged = Enlarged(engine, given.articles)
    titles = [title for _, title in enlarged.titles()]
    chosen = random.Random(7).sample(titles, min(given.titles, len(titles)))
    print(f"{engine.stats().articles:,} articles, {len(titles):,} titles")
    print(f"{'milliseconds':<44}{'asked':>7}{'median':>9}{'p95':>9}{'max':>9}")
    suggestions(enlarged, chosen)
    accents(engine, chosen)


if __name__ == "__main__":
    main()
