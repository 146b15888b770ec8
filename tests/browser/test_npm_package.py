"""The npm package as `npm pack` makes it, without network, in a page without a build, in a real Chromium."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, Page, expect

pytest_plugins = ("browser_support",)
pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "packages" / "tim-kiem"
ELEMENT = ROOT / "searchapp" / "web" / "static" / "embed" / "tim-kiem.js"


@pytest.fixture(scope="session")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an installation has: the files of the package, unpacked; without npm, those that its list names."""
    copy = tmp_path_factory.mktemp("npm") / "a"
    for source in (PACKAGE, ELEMENT.parent):
        shutil.copytree(source, copy / source.relative_to(ROOT))
    shutil.copy(ROOT / "LICENSE", copy / "LICENSE")
    home = copy / PACKAGE.relative_to(ROOT)
    if not shutil.which("npm"):
        for source in (ELEMENT, ROOT / "LICENSE"):
            shutil.copy(source, home / source.name)
        (home / "package-lock.json").unlink()
        return home
    subprocess.run(["npm", "pack", "--offline", "--silent"], cwd=home, check=True, capture_output=True, timeout=60)
    (file,) = home.glob("*.tgz")
    with tarfile.open(file) as archive:
        archive.extractall(copy / "out", filter="data")
    return copy / "out" / "package"


@pytest.fixture(scope="session")
def bare(serve: Callable[[Flask], str], packed: Path) -> tuple[str, dict[str, str]]:
    """A site that serves the package and the pages of a test."""
    pages: dict[str, str] = {}
    app = Flask("npm")

    @app.get("/goi/<path:name>")
    def file(name: str) -> Response:
        return Response((packed / name).read_bytes(), mimetype="text/javascript")

    @app.get("/")
    def page() -> str:
        return pages["/"]

    return serve(app), pages


Open = Callable[..., Page]


@pytest.fixture
def show(chromium: Browser, bare: tuple[str, dict[str, str]]) -> Iterator[Open]:
    opened: list[Page] = []

    def made(body: str, head: str = "", scheme: Any = "light") -> Page:
        imports = '<script type="importmap">{"imports": {"@searchapp/tim-kiem": "/goi/tim-kiem.js"}}</script>'
        bare[1]["/"] = f'<!doctype html><html lang="vi"><head><meta charset="utf-8">{imports}{head}</head>{body}</html>'
        page = chromium.new_context(color_scheme=scheme, viewport={"width": 900, "height": 700}).new_page()
        opened.append(page)
        page.goto(bare[0])
        return page

    yield made
    for page in opened:
        page.context.close()


LOAD = '<script type="module">import "@searchapp/tim-kiem";</script>'


def test_the_package_holds_the_element_its_types_and_its_licence(packed: Path) -> None:
    told = json.loads((packed / "package.json").read_text(encoding="utf-8"))
    held = {path.name for path in packed.iterdir()}
    assert held == {"package.json", "tim-kiem.js", "index.d.ts", "README.md", "LICENSE"}
    assert (packed / "tim-kiem.js").read_bytes() == ELEMENT.read_bytes()
    assert "dependencies" not in told
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert version and told["version"] == version[1]


def test_types_name_the_modes_and_events_of_the_element() -> None:
    types, text = (PACKAGE / "index.d.ts").read_text("utf-8"), ELEMENT.read_text("utf-8")
    modes = re.search(r"const MODES = \[(.+?)\]", text)
    assert modes and re.findall(r'"([a-z-]+)"', modes[1]) == re.findall(
        r'"([a-z-]+)"', types.split("type Mode =")[1].split(";")[0]
    )
    fired = set(re.findall(r'#fire\("(\w+)"', text))
    assert fired == set(re.findall(r'"tim-kiem:(\w+)": CustomEvent', types))
    reflected = re.search(r"const REFLECTED = \{(.+?)\}", text)
    assert reflected and all(f"  {name}: string" in types for name in re.findall(r"(\w+):", reflected[1]))


def test_properties_set_before_the_element_is_defined_are_taken_over(show: Open, site: str) -> None:
    early = f"""<script>const one = document.querySelector("tim-kiem"); one.api = "{site}"; one.mode = "ket-qua";
        one.q = "dân vận";</script>"""
    page = show("<body><tim-kiem></tim-kiem>" + early + LOAD)
    expect(page.locator("tim-kiem [part=hit]").first).to_be_visible()
    assert page.evaluate("[one.mode, one.q, one.getAttribute('api'), Object.keys(one).length]") == [
        "ket-qua", "dân vận", site, 0,
    ]  # fmt: skip


def test_suggestions_are_grouped_and_no_box_of_the_host_cuts_them_off(show: Open, site: str) -> None:
    cut = '<div style="overflow:hidden;height:60px;transform:translateX(10px)">'
    page = show(f'<body>{cut}<tim-kiem api="{site}"></tim-kiem></div>' + LOAD)
    box = page.locator("tim-kiem [part=input]")
    box.press_sequentially("nghi quyet 05")
    option = page.locator("tim-kiem [role=option]").last
    expect(option).to_be_visible()
    shown = option.evaluate("""one => {
        const { left, top, width, height } = one.getBoundingClientRect();
        const hit = one.getRootNode().elementFromPoint(left + width / 2, top + height / 2);
        return one.contains(hit) || hit.closest("[role=listbox]") !== null;
    }""")
    assert shown
    edges = page.evaluate("""() => {
        const root = document.querySelector("tim-kiem").shadowRoot;
        return ["form", "[role=listbox]"].map((name) => root.querySelector(name).getBoundingClientRect().left);
    }""")
    assert abs(edges[0] - edges[1]) < 1
    groups = page.locator("tim-kiem [role=group]")
    assert set(groups.evaluate_all("all => all.map((one) => one.ariaLabel)")) <= {
        "Văn bản", "Chủ đề", "Cụm từ", "Bài viết",
    }  # fmt: skip
    expect(groups.first).to_contain_text("Văn bản")


def test_ctrl_k_opens_the_dialog_and_escape_gives_the_page_back(show: Open, site: str) -> None:
    page = show(f'<body><a href="#x" id="x">x</a><tim-kiem api="{site}" mode="dialog"></tim-kiem>' + LOAD)
    opener, dialog = page.locator("tim-kiem [part=opener]"), page.locator("tim-kiem dialog")
    expect(opener).to_contain_text("Ctrl K")
    expect(dialog).to_be_hidden()
    page.locator("#x").focus()
    page.keyboard.press("Control+k")
    expect(dialog).to_be_visible()
    box = page.locator("tim-kiem [part=input]")
    expect(box).to_be_focused()
    page.keyboard.type("nghi quyet 05")
    option = page.locator("tim-kiem [role=option]").first
    expect(option).to_be_visible()
    page.keyboard.press("Escape")  # the list first
    expect(option).to_be_hidden()
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("#x")).to_be_focused()
    opener.click()
    expect(box).to_be_focused()
    box.fill("nghi quyet 05")
    expect(option).to_be_visible()
    option.click()
    page.wait_for_url(f"{site}/**")


def ratio(page: Page) -> list[float]:
    """Contrast of the button's words on it, and of the accent on the paper."""
    told: list[float] = page.locator("tim-kiem").evaluate("""one => {
        const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
        const light = (colour) => {
            canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
            const linear = (v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
            const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((v) => linear(v / 255));
            return .2126 * r + .7152 * g + .0722 * b;
        };
        const contrast = (a, b) => {
            const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
            return (x + .05) / (y + .05);
        };
        const button = getComputedStyle(one.shadowRoot.querySelector("[part=button]"));
        const paper = getComputedStyle(one.shadowRoot.querySelector("form")).backgroundColor;
        return [contrast(button.color, button.backgroundColor), contrast(button.backgroundColor, paper)];
    }""")
    return told


@pytest.mark.parametrize("accent", ["#9f1d1d", "#00305e", "#004d00", "#4b0082", "#000000", "#7a4b00", "#ffffff"])
def test_an_accent_keeps_its_contrast_on_dark_pages(show: Open, site: str, accent: str) -> None:
    chosen = f"--tim-kiem-accent: {accent}; --tim-kiem-on-accent: #fff"
    style = f"<style>:root {{ color-scheme: dark }} tim-kiem {{ {chosen} }}</style>"
    page = show(f'<body><tim-kiem api="{site}"></tim-kiem>' + LOAD, head=style, scheme="dark")
    expect(page.locator("tim-kiem [part=button]")).to_be_visible()
    assert min(ratio(page)) >= 4.5
