"""Documents in a real Chromium: card, chooser, page with its chain and its picture; wide and narrow, light and dark."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

if TYPE_CHECKING:
    from browser_support import Reader  # pytest imports it, as a plugin

pytest_plugins = ("browser_support",)
pytestmark = pytest.mark.browser

PAGE = "/van-ban/tinh-uy-lam-giang/nghi-quyet-05-nq-tu/2020-2025"
WIDTHS = (360, 1280)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [PAGE, "/van-ban/05-NQ/TU"], ids=["document", "chooser"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(reader: Reader, path: str, scheme: str, width: int) -> None:
    page = reader.open(path, width=width, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no js"])
def test_from_the_number_to_the_district(reader: Reader, javascript: bool) -> None:
    """A number, its card, the chooser's other document, and down the chain that carries it out."""
    page = reader.open("/tim-kiem?q=05-NQ/TU", javascript=javascript)
    page.locator(".card").get_by_role("link", name=re.compile("nông nghiệp công nghệ cao")).click()
    expect(page.locator("h1")).to_contain_text("05-NQ/TU")
    expect(page.locator("#above blockquote")).to_contain_text("Cụ thể hóa Nghị quyết Đại hội XIII")
    page.locator("#below").get_by_role("link", name=re.compile("^07-CTr.HU")).click()
    expect(page.locator("h1")).to_contain_text("07-CTr/HU")
    expect(page.locator("#above")).to_contain_text("05-NQ/TU")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_picture_shows_what_its_table_says(reader: Reader, width: int) -> None:
    page = reader.open(PAGE, width=width)
    figure = page.locator(".around")
    figure.locator("summary").click()
    told = figure.locator("tbody a").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    drawn = figure.locator("svg a:not([aria-current])").evaluate_all(
        "all => all.map((one) => one.getAttribute('href'))"
    )
    assert drawn == told
    assert len(told) > 2
    for label in figure.locator("svg text").all():
        inside = label.evaluate("one => one.getBBox().width <= one.parentElement.querySelector('rect').getBBox().width")
        assert inside, label.text_content()
    figure.locator("svg a").last.click()
    expect(page).to_have_url(re.compile(re.escape(told[-1])))


def test_the_most_cited_documents_stand_on_the_home_page(reader: Reader) -> None:
    page = reader.open("/")
    page.get_by_role("link", name=re.compile(r"^05-NQ.TU . TPHCM")).first.click()
    expect(page.locator("h1")).to_contain_text("05-NQ/TU")


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no js"])
def test_documents_are_browsed_by_type_term_and_name(reader: Reader, javascript: bool) -> None:
    page = reader.open("/", javascript=javascript)
    page.get_by_role("link", name="Tất cả văn bản").click()
    expect(page.locator("h1")).to_have_text(re.compile(r"^\d+ văn bản$"))
    page.get_by_role("checkbox", name=re.compile("^Chỉ thị")).check()
    if not javascript:
        page.get_by_role("button", name="Áp dụng").click()
    expect(page.locator(".chips.chosen li")).to_have_text([re.compile("Chỉ thị")])
    told = page.locator(".shelved .say").all_text_contents()
    assert told and all(line.startswith("Chỉ thị") for line in told)
    page.get_by_role("searchbox", name="Số hiệu, tên, cơ quan").fill("5-ct/tw")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("1 văn bản có “5-ct/tw”")
    assert "loai=chi-thi" in page.url
    page.go_back()
    expect(page.locator(".shelved li")).to_have_count(len(told))
    page.locator(".shelved a").first.click()
    expect(page.locator("dl.facts")).to_be_visible()
