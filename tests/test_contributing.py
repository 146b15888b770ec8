"""The recipes of CONTRIBUTING.md lead where they say."""

import re
from pathlib import Path

import pytest

from searchapp.search.parser import MAX_CHARS

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = [line for line in PAGE.splitlines() if line.startswith("| a ") or line.startswith("| the ")]


def test_there_are_thirteen_recipes() -> None:
    assert len(RECIPES) == 13


@pytest.mark.parametrize("recipe", RECIPES, ids=[line.split("|")[1].strip() for line in RECIPES])
def test_a_recipe_names_files_and_words_that_are_there(recipe: str) -> None:
    named = re.findall(r"`((?:searchapp|docs|tests)/[\w./-]+|pyproject\.toml|requirements\.lock)`", recipe)
    assert named and [path for path in named if not (ROOT / path).exists()] == []
    for word, path in re.findall(r"`(\w+)` (?:in|of) `(searchapp/[\w./]+\.py)`", recipe):
        assert re.search(rf"\b{word}\b", (ROOT / path).read_text(encoding="utf-8")), f"{word} is not in {path}"


def test_the_widget_and_the_parser_know_one_longest_query() -> None:
    widget = (ROOT / "searchapp" / "web" / "static" / "embed" / "tim-kiem.js").read_text(encoding="utf-8")
    assert set(map(int, re.findall(r"maxlength: (\d+)", widget))) == {MAX_CHARS}
