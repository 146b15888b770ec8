"""The sample corpus: as large and varied as its README says, with a complete gold, which the project finds again."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from searchapp.citations.find import find_citations
from searchapp.citations.resolve.known import known_documents, numbered_laws
from searchapp.dates import parse_date
from searchapp.readers import Bad, read

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus"
DATA = ROOT / "searchapp" / "data"
FRONT_MATTER = {"id", "title", "date", "section", "source", "url", "author", "kind", "number", "issuer", "themes"}
LAM_GIANG = {("05-NQ/TU", "2021-10-20"), ("07-CTr/HU", "2021-11-25")}  # invented documents, see corpus/README.md

Row = dict[str, Any]


def rows() -> list[Row]:
    return [json.loads(line) for line in (CORPUS / "expected.jsonl").read_text(encoding="utf-8").splitlines()]


def files() -> list[Path]:
    ignored = set((CORPUS / ".searchignore").read_text(encoding="utf-8").split()) | {".searchignore"}
    return sorted(p for p in CORPUS.rglob("*") if p.is_file() and p.name not in ignored)


def front_matter(path: Path) -> tuple[Row, str]:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(head), body


def text_of(row: Row) -> str:
    path = CORPUS / row["path"]
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        head, body = front_matter(path)
        return f"{head['title']}\n{body}"
    if path.suffix == ".jsonl":
        article = next(a for a in map(json.loads, text.splitlines()) if a["id"] == row["id"])
        return f"{article['title']}\n{article['text']}"
    if path.suffix == ".html":
        article = re.search(r"<article>(.*)</article>", text, re.DOTALL)
        assert article, path
        return re.sub(r"<[^>]+>", " ", article[1])
    return text


def documents(row: Row) -> set[tuple[str, str, str]]:
    return {(d["symbol"], d["issuer"], d["date"]) for d in row["documents"]}


def test_every_article_has_one_row_of_gold() -> None:
    gold = rows()
    assert len({row["id"] for row in gold}) == len(gold)
    assert {row["path"] for row in gold} == {str(path.relative_to(CORPUS)) for path in files()}
    in_lines = [row["id"] for row in gold if row["path"].endswith(".jsonl")]
    lines = [json.loads(line)["id"] for p in files() if p.suffix == ".jsonl" for line in p.open(encoding="utf-8")]
    assert sorted(in_lines) == sorted(lines)


def test_counts_promised() -> None:
    gold = rows()
    assert len(gold) >= 125
    assert sum(bool(row["citations"]) for row in gold) >= 100
    assert sum(not row["date"] for row in gold) == 3
    assert len({theme for row in gold for theme in row["themes"]}) >= 18
    assert {row["date"][:4] for row in gold if row["date"]} == {str(year) for year in range(2015, 2026)}
    assert len({row["source"] for row in gold if row["source"]}) >= 5
    assert len({row["section"] for row in gold if row["section"]}) >= 10
    formats = Counter(Path(row["path"]).suffix for row in gold)
    assert formats >= Counter({".txt": 4, ".html": 4, ".jsonl": 6, ".md": 100})


def test_every_theme_has_articles_and_a_known_name() -> None:
    taxonomy = yaml.safe_load((DATA / "themes.yaml").read_text(encoding="utf-8"))
    known = {theme["id"] for group in taxonomy["groups"] for theme in group["themes"]}
    used = {theme for row in rows() for theme in row["themes"]}
    assert used == known
    assert all(row["themes"] for row in rows())


def test_documents_are_known_ones_and_not_younger_than_the_article() -> None:
    known = {(one.symbol, one.date) for one in (*known_documents(), *numbered_laws())} | LAM_GIANG
    cited = set()
    for row in rows():
        for symbol, _, date in documents(row):
            if date:  # congress resolutions stand without one
                assert (symbol, date) in known, (row["path"], symbol, date)
                assert not row["date"] or date <= row["date"], (row["path"], symbol)
                cited.add((symbol, date))
        if row["own"]:
            assert (row["own"], row["date"]) in known, row["path"]
    assert len(cited) >= 40


def test_date_resolution_and_theme_meet() -> None:
    gold = rows()
    city, province = ("05-NQ/TU", "Thành ủy TPHCM", "2021-09-15"), ("05-NQ/TU", "Tỉnh ủy Lam Giang", "2021-10-20")
    autumn = [r for r in gold if "2021-09-15" <= r["date"] <= "2021-12-31" and city in documents(r)]
    assert len(autumn) >= 15
    assert {row["date"][:7] for row in autumn} == {"2021-09", "2021-10", "2021-11", "2021-12"}
    assert len({row["themes"][0] for row in autumn}) >= 8
    assert any(province in documents(row) for row in gold)
    dates: dict[str, set[str]] = {}
    for symbol, issuer, date in set().union(*map(documents, gold)):
        if not issuer.startswith(("Thành ủy", "Tỉnh ủy")):
            dates.setdefault(symbol, set()).add(date)
    assert {"2008-01-28", "2012-11-01", "2017-10-25", "2022-06-16"} <= dates["20-NQ/TW"]
    assert sum(len(d) > 1 for d in dates.values()) >= 10


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_article_is_short_and_its_head_agrees_with_the_gold(row: Row) -> None:
    path, text = CORPUS / row["path"], text_of(row)
    assert 120 <= len(re.sub(r"[*#]", "", text).split()) <= 400 + 40  # the title, and a saved page's menus, on top
    if path.suffix == ".md":
        head, body = front_matter(path)
        assert set(head) <= FRONT_MATTER
        assert 120 <= len(body.replace("*", "").split()) <= 400
        assert (head["id"], str(head.get("date", "")), head.get("number", "")) == (row["id"], row["date"], row["own"])
        assert (head.get("section", ""), head.get("source", "")) == (row["section"], row["source"])


WORDS = ("ý kiến", "an toàn", "y tế", "Điều 5", "phòng chống", "phòng, chống", "năm", "nằm", "dân", "dần", "dẫn")


def test_words_that_other_tests_look_for() -> None:
    everything = "\n".join(map(text_of, rows())).lower()
    missing = [words for words in WORDS if not re.search(rf"(?<!\w){words.lower()}(?!\w)", everything)]
    assert not missing
    for old, new in (("văn hoá", "văn hóa"), ("khoá", "khóa")):
        assert old in everything
        assert new in everything


def test_the_readers_find_the_facts_of_the_gold() -> None:
    gold = {(row["path"], row["date"], row["section"], row["source"]) for row in rows()}
    read_so = set()
    for path in files():
        for record in read(path, name=str(path.relative_to(CORPUS))):
            assert not isinstance(record, Bad), record
            read_so.add((record.path, parse_date(record.date), record.section, record.source))
    assert read_so == gold


def test_the_grammar_finds_the_citations_of_the_gold() -> None:
    gold = {(row["id"], key) for row in rows() for key in row["citations"]}
    found = {(row["id"], citation.key) for row in rows() for citation in find_citations(text_of(row))}
    assert found <= gold, found - gold
    assert len(found & gold) >= 0.99 * len(gold), gold - found
