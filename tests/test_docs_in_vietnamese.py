"""Pages in Vietnamese say what the English ones say: the same examples, their comments translated, sections, links."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_NAMES = ("README", "docs/operations", "docs/data", "docs/npm", "docs/starting")
PAIRS = [(ROOT / f"{name}.md", ROOT / f"{name}.vi.md") for name in _NAMES]
ELSEWHERE = {"operations.vi.md": {"Thiết lập", "Sức chịu tải"}}
"""Sections whose long tables stand in the English page alone, to which they lead."""


def blocks(page: Path) -> list[str]:
    found = re.findall(r"^```.*?^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [re.sub(r"\s+# .*$|/vi(?=/man|/searchapp)", "", block, flags=re.MULTILINE) for block in found]


def comments(page: Path) -> list[str]:
    found = re.findall(r"^```.*?^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [said for block in found for said in re.findall(r"\s# (.*)$", block, flags=re.MULTILINE)]


def sections(page: Path) -> list[tuple[str, str]]:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    parts = re.split(r"^(#+ .+)$", text, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def same(page: Path) -> Path:
    """A page with its translation is one page."""
    return page.with_name(page.name.replace(".vi.md", ".md"))


def links(text: str, page: Path) -> set[Path]:
    found = (link for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text) if "://" not in link)
    return {same(page.parent / link) for link in found} - {same(page)}


def test_what_an_operator_reads_first_is_there() -> None:
    assert {page.name for _, page in PAIRS} >= {"README.vi.md", "operations.vi.md", "data.vi.md"}


@pytest.mark.parametrize(("english", "ours"), PAIRS, ids=lambda page: page.name)
def test_examples_are_the_same(english: Path, ours: Path) -> None:
    assert blocks(ours) == blocks(english)


@pytest.mark.parametrize(("english", "ours"), PAIRS, ids=lambda page: page.name)
def test_comments_in_examples_are_translated(english: Path, ours: Path) -> None:
    assert len(comments(ours)) == len(comments(english))
    assert [said for said in comments(ours) if re.search(r"\b(?:the|of|and|every|from|with|what)\b", said)] == []


@pytest.mark.parametrize(("english", "ours"), PAIRS, ids=lambda page: page.name)
def test_sections_tables_and_links_are_the_same(english: Path, ours: Path) -> None:
    pairs = zip(sections(english), sections(ours), strict=True)
    for (head, body), (own, told) in pairs:
        assert head.count("#") == own.count("#"), own
        assert len(told.strip()) > len(body.strip()) / 3 or own.lstrip("# ") in ELSEWHERE.get(ours.name, ()), own
        if own.lstrip("# ") in ELSEWHERE.get(ours.name, ()):
            assert english in {(ours.parent / link) for link in re.findall(r"\]\(([^)#]+)", told)}
            continue
        assert links(told, ours) == links(body, english), own
        assert told.count("\n- **") == body.count("\n- **"), own
        rows = [[line.split("|")[1] for line in text.splitlines() if line.startswith("|")][2:] for text in (body, told)]
        assert rows[0] == rows[1], own


@pytest.mark.parametrize(("english", "ours"), PAIRS, ids=lambda page: page.name)
def test_each_leads_to_the_other(english: Path, ours: Path) -> None:
    assert f"]({ours.name})" in english.read_text(encoding="utf-8")
    assert f"]({english.name})" in ours.read_text(encoding="utf-8")
