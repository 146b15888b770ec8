"""What stands in examples/ works, or names only what exists."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from searchapp import config
from searchapp.cli import cli
from searchapp.config import Settings

EXAMPLES = Path(__file__).parents[1] / "examples"
ELEMENT = Path(__file__).parents[1] / "searchapp" / "web" / "static" / "embed" / "tim-kiem.js"
BLOCK = EXAMPLES / "wordpress" / "tim-kiem-kho"


def test_the_list_names_every_example() -> None:
    told = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert {entry.name for entry in EXAMPLES.iterdir() if entry.is_dir()} <= set(re.findall(r"\[`(\w[\w-]*)/`\]", told))
    assert all((EXAMPLES / link).exists() for link in re.findall(r"\]\(([^)]+)\)", told))


def test_a_flask_site_has_the_search_beside_its_own_page(
    sample_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "load", lambda: sample_settings)
    spec = importlib.util.spec_from_file_location("app", EXAMPLES / "flask" / "app.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    client = module.app.test_client()
    assert "Cơ quan" in client.get("/").text
    assert "<mark>" in client.get("/tra-cuu/tim-kiem?q=dang+bo").text


def test_pages_use_attributes_that_the_element_knows() -> None:
    known = set(re.findall(r'"([a-z-]+)"', ELEMENT.read_text(encoding="utf-8")))
    written = [(EXAMPLES / "plain-html" / "index.html"), BLOCK / "render.php"]
    for page in written:
        for tag in re.findall(r"<tim-kiem\b(.*?)>\n", page.read_text(encoding="utf-8")):
            assert set(re.findall(r"([a-z-]+)=\"", tag)) <= known | {"api", "mode"}, page


def test_the_block_of_wordpress_is_whole() -> None:
    block = json.loads((BLOCK / "block.json").read_text(encoding="utf-8"))
    assert {block["name"]} == set(
        re.findall(r'"(searchapp/[a-z-]+)"', (BLOCK / "editor.js").read_text(encoding="utf-8"))
    )
    for name in ("editorScript", "render"):
        assert (BLOCK / block[name].removeprefix("file:./")).exists()
    modes = block["attributes"]["mode"]["enum"]
    assert all(f'"{mode}"' in ELEMENT.read_text(encoding="utf-8") for mode in modes)
    php = (BLOCK / "render.php").read_text(encoding="utf-8")
    assert not re.search(r"echo \$attributes", php), "escape what an editor typed"


@pytest.mark.skipif(not shutil.which("php"), reason="no php")
@pytest.mark.parametrize("name", ["render.php", "tim-kiem-kho.php"])
def test_php_reads_the_plugin(name: str) -> None:
    subprocess.run(["php", "-l", str(BLOCK / name)], check=True, capture_output=True)


@pytest.mark.skipif(not shutil.which("node"), reason="no node")
def test_node_reads_the_editor() -> None:
    subprocess.run(["node", "--check", str(BLOCK / "editor.js")], check=True, capture_output=True)


def test_assistants_start_a_command_that_exists() -> None:
    told = json.loads((EXAMPLES / "mcp" / "mcp.json").read_text(encoding="utf-8"))["mcpServers"]["kho-van-kien"]
    assert told["command"] == "searchapp"
    assert told["args"][-1] in cli.list_commands(click.Context(cli))
