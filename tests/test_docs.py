"""The documentation says only what exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "corpus" / "README.md",
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    broken = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert broken == []


def test_every_make_command_named_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {name for page in PAGES for name in re.findall(r"\bmake ([a-z0-9-]+)", page.read_text(encoding="utf-8"))}
    assert {"run", "test"} <= named <= targets


def test_every_command_named_exists() -> None:
    from searchapp.cli import cli

    named = {
        name
        for page in PAGES
        for name in re.findall(r"^searchapp ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert named
    assert named <= set(cli.commands)


def test_nothing_names_a_path_of_one_machine() -> None:
    told = [p for p in PAGES if re.search(r"(?<![\w.])/(?:work|root|home)/", p.read_text(encoding="utf-8"))]
    assert told == []


def test_every_setting_is_documented_and_none_that_does_not_exist() -> None:
    from dataclasses import fields

    from searchapp.config import Settings

    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = page.split("## Settings")[1].split("\n## ")[0]
    named = set(
        re.findall(r"`\[?(\w+)", "\n".join(line.split("|")[1] for line in table.splitlines() if line[:1] == "|"))
    )
    assert named - {"name"} == {field.name for field in fields(Settings)}
