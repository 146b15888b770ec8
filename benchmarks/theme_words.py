"""Learn theme_words.tsv: phrases with weights, from articles filed by hand, for the themes that have enough of them.

    python benchmarks/theme_words.py ../shared/data [TABLE]

A linear model over phrases of 2 to 4 syllables, one a theme; fragments of longer phrases, function words, names of
people and of places are left out, so that the table says what a librarian would and knows no newspaper's year.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_selection import chi2
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize
from themes import Article, Filed, articles, filed

from searchapp.text.syllables import key
from searchapp.themes import IN_LEAD, LEAD, MAX_HITS, READ, WORD_IN_BODY

LABELS: Final = Path(__file__).parent.parent / "tests" / "cases" / "theme_titles.tsv"
TABLE: Final = Path(__file__).parent.parent / "searchapp" / "data" / "theme_words.tsv"
LEAST: Final = 15
"""Articles of a theme, below which its words are chance: the taxonomy's own phrases file it alone."""
PHRASES: Final = 250
RARE, COMMON, WHOLE = 6, 0.4, 0.9
_UPPER: Final = "[A-ZĐÀ-Ỹ]"
_PERSON: Final = re.compile(
    rf"\b(?:[Ôô]ng|[Bb]à|đồng chí|[Aa]nh|[Cc]hị|[Nn]guyên|tướng|tá)\s+((?:{_UPPER}[\wà-ỹ]+\s+){{1,3}}{_UPPER}[\wà-ỹ]+)"
)
_PLACE: Final = re.compile(
    r"\b(?:tỉnh|huyện|quận|xã|phường|TP\.?|thành phố|thị xã|thôn|đảo|sân bay|dự án|khu đô thị(?: mới)?|[Bb]áo|nước)"
    rf"\s+((?:{_UPPER}[\wà-ỹ]+\s+){{0,2}}{_UPPER}[\wà-ỹ]+)"
)
_SURNAME_WORDS: Final = """
nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trương
"""
_BODY_WORDS: Final = """
quốc hội ủy ban bộ tỉnh thành chính phủ sở đảng thủ tướng hđnd ubnd tổng bí thư chủ tịch trung ương
phó nhà nước trưởng công an viện tòa
"""
_FUNCTION_WORDS: Final = """
và của các là có cho với để được trong này những một không từ đến tại về khi đã sẽ cũng như ra vào
trên do theo thì mà nếu vì bị người ông bà việc đó nhiều còn phải hay lại rằng nhưng sau trước đang
rất cần hơn nay năm ngày sáng chiều tối tháng số vừa qua nên biết ảnh giờ tới ở hai ba bốn thứ cùng
nói nêu kể lên xuống vị trẻ online đổi
"""
_SURNAMES: Final = frozenset(_SURNAME_WORDS.split())
_BODIES: Final = frozenset(_BODY_WORDS.split())
_FUNCTION: Final = frozenset(_FUNCTION_WORDS.split())

Gram = tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="../shared/data")
    parser.add_argument("table", type=Path, nargs="?", default=TABLE)
    options = parser.parse_args()
    archive = articles(options.data)
    grams, counts = features(archive)
    labels = filed(LABELS)
    lines = ["phrase\ttheme\tweight"]
    for theme, base, words in learned(grams, counts, labels):
        lines.append(f"\t{theme}\t{base:.2f}")
        lines += [f"{' '.join(gram)}\t{theme}\t{weight:.2f}" for gram, weight in words]
    options.table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines) - 1:,} rows in {options.table}")


def features(archive: Sequence[Article]) -> tuple[list[Gram], csr_matrix]:
    """The phrases worth learning from, and what each counts in each article, as searchapp.themes counts it."""
    zones = [(set(_grams(a.title)), set(_grams(a.body[:LEAD])), Counter(_grams(a.body[LEAD:READ]))) for a in archive]
    spread = Counter(gram for title, lead, body in zones for gram in title | lead | body.keys())
    names = _names(archive)
    frequent = {g: n for g, n in spread.items() if RARE <= n <= COMMON * len(archive) and _speaks(g, names)}
    grams = _whole(frequent, spread)
    column = {gram: number for number, gram in enumerate(grams)}
    cells: list[tuple[int, int, float]] = []
    for row, (title, lead, body) in enumerate(zones):
        for gram in (title | lead | body.keys()) & column.keys():
            value = (gram in title) + IN_LEAD * (gram in lead) + WORD_IN_BODY * min(MAX_HITS, body[gram]) ** 0.5
            cells.append((row, column[gram], value))
    rows, columns, values = zip(*cells, strict=True)
    return grams, csr_matrix((values, (rows, columns)), shape=(len(archive), len(grams)))


def learned(
    grams: Sequence[Gram], counts: csr_matrix, labels: Sequence[Filed]
) -> Iterator[tuple[str, float, list[tuple[Gram, float]]]]:
    """Theme, weight before any hit, and its phrases with weights, for each theme with enough articles."""
    rows = [one.row for one in labels]
    spread = Counter(theme for one in labels for theme in one.main)
    themes = sorted(theme for theme, times in spread.items() if times >= LEAST)
    own = {theme: _chosen(normalize(counts)[rows], labels, theme) for theme in themes}
    columns = np.unique(np.concatenate(list(own.values())))
    known = normalize(counts[:, columns])[rows]
    for theme in themes:
        mine = np.searchsorted(columns, own[theme])
        told, judged = _judged(labels, theme)
        model = LogisticRegression(C=100, solver="liblinear").fit(known[judged][:, mine], told[judged])
        words = sorted(zip((grams[c] for c in own[theme]), model.coef_[0], strict=True), key=lambda word: -word[1])
        yield theme, float(model.intercept_[0]), [(gram, float(w)) for gram, w in words if abs(w) >= 0.1]


def _chosen(counts: Any, labels: Sequence[Filed], theme: str) -> Any:
    """The columns that tell most about a theme: by a first model over the 4,000 likeliest."""
    told, judged = _judged(labels, theme)
    likely = np.sort(np.argsort(-np.nan_to_num(chi2(counts[judged], told[judged])[0]))[:4000])
    model = LogisticRegression(C=30, solver="liblinear").fit(counts[judged][:, likely], told[judged])
    spread = np.sqrt(np.asarray(counts.multiply(counts).mean(0)).ravel())[likely]
    return np.sort(likely[np.argsort(-np.abs(model.coef_[0]) * spread)[:PHRASES]])


def _judged(labels: Sequence[Filed], theme: str) -> tuple[Any, Any]:
    told = np.array([theme in one.main for one in labels])
    return told, np.array([theme not in one.also for one in labels])


def _grams(keys: Sequence[str]) -> Iterator[Gram]:
    for start in range(len(keys) - 1):
        for length in (2, 3, 4):
            gram = tuple(keys[start : start + length])
            if len(gram) < length or "" in gram:
                break
            yield gram


def _names(archive: Sequence[Article]) -> set[Gram]:
    found: Counter[Gram] = Counter()
    for article in archive:
        for pattern in (_PERSON, _PLACE):
            for match in pattern.finditer(f"{article.text}. {article.heading}"):
                keys = [key(word) for word in match[1].split()]
                found.update(pair for pair in pairwise(keys) if not set(pair) & _BODIES)
    return {pair for pair, times in found.items() if times >= 2}


def _speaks(gram: Gram, names: set[Gram]) -> bool:
    edges = {gram[0], gram[-1]}
    if edges & _FUNCTION or edges & _SURNAMES or any(any(map(str.isdigit, s)) or len(s) < 2 for s in gram):
        return False
    return not any(pair in names for pair in pairwise(gram))


def _whole(frequent: dict[Gram, int], spread: Counter[Gram]) -> list[Gram]:
    """Without those that nearly always stand in the same longer phrase: "tác cán" in "công tác cán bộ"."""
    parts: set[Gram] = set()
    for gram, times in spread.items():
        for part in (gram[1:], gram[:-1]) if len(gram) > 2 else ():
            if times >= WHOLE * frequent.get(part, 1 << 30):
                parts.add(part)
    return sorted(gram for gram in frequent if gram not in parts)


if __name__ == "__main__":
    main()
