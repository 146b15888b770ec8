"""The documentation says only what exists."""

import importlib.util
import re
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "corpus" / "README.md",
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    broken = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert broken == []


def test_the_reference_is_what_the_code_says() -> None:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "docs" / "reference.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert written == module.page(), "run 'make reference'"


def test_every_make_command_named_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        name for page in PAGES for name in re.findall(r"(?m)(?:^|`)make ([a-z0-9-]+)", page.read_text(encoding="utf-8"))
    }
    assert {"run", "test"} <= named <= targets


def test_every_command_named_exists() -> None:
    from searchapp.cli import cli

    named = {
        name
        for page in PAGES
        for name in re.findall(r"^searchapp ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert named
    assert named <= set(cli.list_commands(click.Context(cli)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_program_named_is_there(page: Path) -> None:
    named = re.findall(r"\b((?:benchmarks|fuzz|tests|deploy)/[\w/-]+\.\w+)", page.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_promise_and_fault_names_tests_that_exist() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (P|FT)(\d+) \|[^|]+\|([^|]+)\|$", page, re.MULTILINE)
    assert [f"{kind}{n}" for kind, n, _ in rows] == [f"P{n}" for n in range(1, 31)] + [f"FT{n}" for n in range(1, 20)]
    written = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    known = set(re.findall(r"^ *(?:async )?def (test_\w+)", written, re.MULTILINE))
    for kind, number, names in rows:
        named = re.findall(r"`(\w+)`", names)
        assert named, f"{kind}{number} names no test"
        assert [name for name in named if name not in known] == [], f"{kind}{number}"


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


def sources() -> str:
    return (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")


def test_every_format_is_documented() -> None:
    from searchapp.readers import SUFFIXES

    table = sources().split("## Files")[1].split("## Sites")[0]
    cells = "".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `."))
    assert set(re.findall(r"`(\.[a-z.]+)`", cells)) == set(SUFFIXES)


def test_every_setting_of_a_site_is_documented() -> None:
    from dataclasses import fields

    from searchapp.config.sites import SiteSettings

    table = sources().split("## Sites")[1].split("\n- **")[0]
    cells = "".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))
    named = set(re.findall(r"`(\w+)`", cells))
    assert named == {field.name for field in fields(SiteSettings)}


def test_the_settings_of_the_cron_job_are_settings(tmp_path: Path) -> None:
    from searchapp.config import load

    example = re.search(r"```toml\n(.+?)```", sources(), re.DOTALL)
    assert example
    (tmp_path / "searchapp.toml").write_text(example[1], encoding="utf-8")
    settings = load(tmp_path / "searchapp.toml", {})
    (site,) = settings.sites.values()
    assert site.store == settings.corpus[1], "what is crawled is what is indexed"
    assert site.admits("/tin-tuc/2026/cau-moi.html") and not site.admits("/tin-tuc/video/1")
    job = next(line for line in sources().splitlines() if re.match(r"\d+ \d+ \* \* \*", line))
    assert re.findall(r"searchapp (\w+)", job) == ["crawl", "reindex"] and set(settings.sites) == {"tinh"}


def test_pictures_are_small() -> None:
    sizes = {picture.name: picture.stat().st_size for picture in (ROOT / "docs").glob("*.png")}
    assert sizes and {name: size for name, size in sizes.items() if size > 60_000} == {}
