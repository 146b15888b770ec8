"""Print how often the first spelling that a page offers for a query without accents is the right one.

    python benchmarks/offers.py INDEX [QUERIES]

QUERIES: lines with the right accents (benchmarks/offers.txt); each is asked without. A query without an offer is no
mistake; a wrong first offer is.
"""

from __future__ import annotations

import sys
from pathlib import Path

from searchapp.citations.find.vocabulary import roman
from searchapp.config import Settings
from searchapp.engines import open_engine
from searchapp.query import Query
from searchapp.search import search
from searchapp.text.normalize import fold, normalize

HERE = Path(__file__).parent


def _numbers(reading: str) -> str:
    """Return a reading in which "khóa 13" and "khóa XIII" are one."""
    return " ".join(roman(int(one)).lower() if one.isdigit() else one for one in reading.lower().split())


def main(index: str, queries: str = str(HERE / "offers.txt")) -> None:
    engine = open_engine(Settings(index=Path(index)))()
    lines = (line.strip() for line in Path(queries).read_text("utf-8").splitlines())
    asked = [normalize(line) for line in lines if line and not line.startswith("#")]
    right = silent = 0
    for reading in asked:
        page = search(engine, Query(text=fold(reading)))
        if not page.accented:
            silent += 1
        elif _numbers(page.accented[0].text) == _numbers(reading):
            right += 1
        else:
            print(f"{reading}: {', '.join(f'{one.text} ({one.total})' for one in page.accented)}")
    offered = len(asked) - silent
    print(f"{len(asked)} queries: {offered} with an offer, {right} of them right first ({right / max(1, offered):.1%})")


if __name__ == "__main__":
    main(*sys.argv[1:])
