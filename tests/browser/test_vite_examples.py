"""The examples for React and Vue, built by Vite and opened in a real Chromium: `make vite`, which fetches Vite once."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, Response, send_from_directory
from playwright.sync_api import Browser, expect

pytest_plugins = ("browser_support",)
FOLDER = os.environ.get("SEARCHAPP_TEST_VITE", "")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not FOLDER, reason="run by 'make vite', which fetches Vite")]


@pytest.mark.parametrize("name", ["react", "vue"])
def test_an_example_is_built_and_searches(
    name: str, site: str, serve: Callable[[Flask], str], chromium: Browser, tmp_path: Path
) -> None:
    home, out = Path(FOLDER) / name, tmp_path / "dist"
    environ = {**os.environ, "VITE_KHO": site}
    build = ["npx", "--offline", "vite", "build", "--logLevel", "warn", "--outDir", str(out)]
    subprocess.run(build, cwd=home, env=environ, check=True, timeout=120)
    app = Flask(name)

    @app.get("/", defaults={"path": "index.html"})
    @app.get("/<path:path>")
    def file(path: str) -> Response:
        return send_from_directory(out, path)

    page = chromium.new_page()
    page.goto(serve(app))
    page.locator("tim-kiem [part=input]").first.press_sequentially("dân vận")
    expect(page.locator("tim-kiem [part=hit]").first).to_be_visible()
    total = page.request.get(f"{site}/api/v1/search?q=dân+vận").json()["total"]
    assert total
    expect(page.locator("#told")).to_have_text(f"{total} kết quả")
    page.keyboard.press("Control+k")
    expect(page.locator("tim-kiem dialog")).to_be_visible()
    page.close()
