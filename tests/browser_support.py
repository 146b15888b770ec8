"""Fixtures of the browser tests: the site over the sample corpus, and Debian's Chromium looking at it."""

from __future__ import annotations

import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Request, sync_playwright
from werkzeug.serving import make_server

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.web import create_app

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
TIMEOUT_MS = 15_000


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    """The address of an application on a free port, while the block lasts."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Flask], str]]:
    """Serves applications, each on a port of its own, until the session ends; gives their addresses."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(_served(app))


@pytest.fixture(scope="session")
def site(serve: Callable[[Flask], str], sample_settings: Settings, sample_engine: Callable[[], Engine]) -> str:
    """Address of a server over the sample corpus."""
    return serve(create_app(sample_settings, sample_engine))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; without one the tests are skipped, or fail where SEARCHAPP_REQUIRE_BROWSER says so."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("SEARCHAPP_REQUIRE_BROWSER") == "1":
            pytest.fail("SEARCHAPP_REQUIRE_BROWSER=1, but there is no chromium on the path")
        pytest.skip("no chromium on the path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Reader:
    """Opens pages and remembers what no page may do: write to the console, fail, or ask another origin."""

    chromium: Browser
    site: str
    complaints: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    def open(self, path: str, *, width: int = 1280, height: int = 900, **options: Any) -> Page:
        """A new page at this path; options: javascript, scheme ("light" or "dark")."""
        context = self.chromium.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=options.get("javascript", True),
            color_scheme=options.get("scheme", "light"),
            reduced_motion="reduce",
        )
        context.set_default_timeout(TIMEOUT_MS)
        page = context.new_page()
        page.on("console", lambda message: self.complaints.append(f"{path}: console: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"{path}: {error}"))
        page.on("request", lambda request: self._watch(path, request))
        page.goto(self.site + path)
        self.pages.append(page)
        return page

    def _watch(self, path: str, request: Request) -> None:
        if not request.url.startswith((self.site + "/", "data:", "blob:")):
            self.complaints.append(f"{path}: asked {request.url}")


@pytest.fixture
def reader(chromium: Browser, site: str) -> Iterator[Reader]:
    """A reader of the site; the test fails when a page complained or asked another origin."""
    made = Reader(chromium, site)
    yield made
    for page in made.pages:
        page.context.close()
    assert made.complaints == []
