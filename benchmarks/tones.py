"""Typed accents come first: `python benchmarks/tones.py INDEX [--least 300]`.

Asks every frequent accented syllable alone and looks at the first ten articles: how many of them have it only with
another tone? Prints the syllables where that is so, worst first, and the sum.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.query import Query
from searchapp.search.parser import parse
from searchapp.text.normalize import has_marks
from searchapp.text.tokens import stream

FIRST = 10


def wrong(engine: Engine, syllable: str) -> int:
    """How many of the first articles do not have the syllable as it was typed."""
    answer = engine.search(Query(tree=parse(syllable).tree, text=syllable, size=FIRST))
    texts = ([match.article.title, match.article.text] for match in answer.matches)
    return sum(not any(syllable in stream(text).keys for text in two) for two in texts)


def main() -> None:
    """Ask them all, print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("index", type=Path)
    options.add_argument("--least", type=int, default=300, help="articles that a frequent syllable is in")
    given = options.parse_args()
    engine = open_engine(replace(Settings(), index=given.index))()
    asked = [term for term, count in engine.vocabulary("", stream="a") if count >= given.least and has_marks(term)]
    failed = sorted(((wrong(engine, term), term) for term in asked), reverse=True)
    failed = [(count, term) for count, term in failed if count]
    for count, term in failed:
        print(f"{term:<12}{count:>3} of the first {FIRST} have only another tone")
    print(f"{len(failed)} of {len(asked)} syllables, each in {given.least} articles or more, are not first as typed")


if __name__ == "__main__":
    main()
