"""The pages in a real Chromium: flows, three widths, light and dark, with and without JavaScript, axe-core."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from browser_support import Reader  # pytest imports it, as a plugin

pytest_plugins = ("browser_support",)
pytestmark = pytest.mark.browser

PAGES = {
    "home": "/",
    "results": "/tim-kiem?q=nghị+quyết&nam=2021",
    "card": "/tim-kiem?q=05-NQ/TU",
    "nothing": "/tim-kiem?q=zzzqqq&nam=2021",
    "article": "/bai/ARTICLE?q=phuc+hoi+kinh+te",
    "document": "/van-ban/DOCUMENT",
    "day": "/ngay/2021-09-16",
    "themes": "/chu-de",
    "theme": "/chu-de/dan-van",
    "coverage": "/do-phu",
    "about": "/gioi-thieu",
    "english": "/tim-kiem?q=nghị+quyết&lang=en",
    "error": "/bai/000000000000/cong-tac-dan-van",
}
WIDTHS = (360, 768, 1280)


@pytest.fixture(scope="session")
def paths(site: str, chromium: object, sample_pages: dict[str, str]) -> dict[str, str]:
    """The page types, with an article and a document of the sample corpus filled in."""
    return {
        name: path.replace("ARTICLE", sample_pages["article"]).replace("DOCUMENT", sample_pages["document"])
        for name, path in PAGES.items()
    }


def keep(page: Page, name: str) -> None:
    """Save a screenshot where SEARCHAPP_TEST_SCREENSHOTS names a folder, for looking at."""
    if folder := os.environ.get("SEARCHAPP_TEST_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways_or_complains(reader: Reader, paths: dict[str, str], name: str) -> None:
    page = reader.open(paths[name], width=WIDTHS[0])
    for width in (320, *WIDTHS):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
        keep(page, f"{name}-{width}")
    if name == "error":  # Chromium itself notes the 404
        reader.complaints = [line for line in reader.complaints if "404" not in line]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(reader: Reader, paths: dict[str, str], name: str, scheme: str) -> None:
    page = reader.open(paths[name], scheme=scheme, width=1280 if scheme == "light" else 390)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    reader.complaints = [line for line in reader.complaints if not (name == "error" and "404" in line)]


def test_axe_finds_nothing_in_the_sheet_of_a_phone(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=nghị+quyết#loc", width=390)
    expect(page.locator("#loc")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no js"])
def test_search_filter_page_and_read(reader: Reader, javascript: bool) -> None:
    page = reader.open("/", javascript=javascript)
    page.locator("input[name=q]").fill("nghi quyet")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("kết quả cho “nghi quyet”")
    everything = page.locator("h1").inner_text()
    box = page.locator("fieldset[data-facet=theme] input").first
    count = int(page.locator("fieldset[data-facet=theme] .count").first.inner_text().replace(".", ""))
    box.check()
    if not javascript:
        page.get_by_role("button", name="Áp dụng").click()
    expect(page.locator("h1")).to_have_text(f"{count} kết quả cho “nghi quyet”")
    assert "chu_de=" in page.url
    assert page.locator("fieldset[data-facet=theme] input:checked").count() == 1
    page.locator(".chips.chosen a").first.click()
    expect(page.locator("h1")).to_have_text(everything)
    assert "chu_de" not in page.url
    page.get_by_role("link", name="Trang sau").click()
    expect(page.locator("nav.pager [aria-current=page]")).to_have_text("2")
    assert parse_qs(urlsplit(page.url).query)["trang"] == ["2"]
    title = page.locator(".hit h2").first.inner_text()
    page.locator(".hit h2 a").first.click()
    expect(page.locator("article h1")).to_have_text(title)
    assert page.locator(".text mark").count() > 0


def test_back_and_forward_show_the_results_of_their_urls(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=nghị+quyết")
    before = page.locator("h1").inner_text()
    page.locator("fieldset[data-facet=date] input").first.check()
    expect(page.locator("h1")).not_to_have_text(before)
    after = page.locator("h1").inner_text()
    page.go_back()
    expect(page.locator("h1")).to_have_text(before)
    assert page.locator("aside input:checked").count() == 0
    page.go_forward()
    expect(page.locator("h1")).to_have_text(after)
    assert page.locator("aside input:checked").count() == 1


def test_focus_and_status_after_a_change_in_place(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=nghị+quyết")
    page.locator("fieldset[data-facet=theme] input").nth(1).focus()
    page.keyboard.press("Space")
    expect(page.locator("fieldset[data-facet=theme] input:checked")).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("kết quả cho “nghị quyết”")
    page.get_by_role("link", name="Trang sau").click()
    expect(page.locator("h1")).to_be_focused()
    assert "trang 2" in page.title()


def test_a_slow_answer_does_not_overwrite_a_newer_one(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=nghị+quyết")
    held = []
    page.route(re.compile("sap_xep=cu-nhat"), lambda route: held.append(route))
    page.get_by_role("link", name="Cũ nhất").click()
    page.wait_for_timeout(50)
    page.get_by_role("link", name="Mới nhất").click()
    expect(page.locator(".tools [aria-current]").first).to_have_text("Mới nhất")
    assert held and "moi-nhat" in page.url
    reader.complaints.clear()


def test_keyboard_alone_from_the_home_page_to_a_month_of_a_resolution(reader: Reader) -> None:
    """What did the city's press write about Nghị quyết 05-NQ/TU in October 2021?"""
    page = reader.open("/")
    page.keyboard.press("/")
    page.keyboard.type("nghị quyết 05-NQ/TU")
    page.keyboard.press("Enter")
    expect(page.locator(".card")).to_be_visible()
    tab_to(page, page.locator("fieldset[data-facet=date] input[value='2021']"))
    page.keyboard.press("Space")
    month = page.locator("fieldset[data-facet=date] input[value='2021-10']")
    expect(month).to_be_visible()
    tab_to(page, month)
    page.keyboard.press("Space")
    expect(page.locator(".chips.chosen li")).to_have_text([re.compile("10/2021")])
    dates = page.locator(".hit time").evaluate_all("all => all.map(one => one.dateTime)")
    assert dates and all(date.startswith("2021-10") for date in dates)


def tab_to(page: Page, target: Locator, limit: int = 80) -> None:
    for _ in range(limit):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"not reached with {limit} tabs")


def test_slash_is_a_letter_inside_the_box_and_for_input_methods(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=05-NQ")
    box = page.locator("#tim input[name=q]")
    box.focus()
    page.keyboard.press("End")
    page.keyboard.type("/TU")
    assert box.input_value() == "05-NQ/TU"
    box.blur()
    page.evaluate("dispatchEvent(new KeyboardEvent('keydown', {key: '/', isComposing: true}))")
    expect(box).not_to_be_focused()
    page.keyboard.press("/")
    expect(box).to_be_focused()


def test_composed_text_is_not_rewritten(reader: Reader) -> None:
    """Telex keyboards compose whole words: the box keeps what the input method put there."""
    page = reader.open("/")
    box = page.locator("input[name=q]")
    box.focus()
    client = page.context.new_cdp_session(page)
    for text in ("d", "dd", "đ", "đa", "đả", "đảng"):
        client.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
    client.send("Input.insertText", {"text": "đảng bộ"})
    assert box.input_value() == "đảng bộ"
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("đảng bộ")


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no js"])
def test_the_sheet_of_a_phone(reader: Reader, javascript: bool) -> None:
    page = reader.open("/tim-kiem?q=nghị+quyết", width=390, javascript=javascript)
    expect(page.locator("#loc")).to_be_hidden()
    page.get_by_role("link", name=re.compile("Lọc kết quả")).click()
    expect(page.locator("#loc")).to_be_visible()
    page.locator("fieldset[data-facet=theme] input").first.check()
    expect(page.locator("#loc")).to_be_visible()
    keep(page, f"sheet-{javascript}")
    page.get_by_role("button", name="Áp dụng").click()
    expect(page.locator("#loc")).to_be_hidden()
    expect(page.locator(".chips.chosen li")).to_have_count(1)


def test_dragging_over_the_timeline_takes_a_span(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=nghị+quyết")
    bars = page.locator(".time svg a .bar")
    first, last = bars.nth(1).bounding_box(), bars.nth(3).bounding_box()
    assert first and last
    counts = [
        int(re.sub(r"\D", "", bar.split(":")[1])) for bar in page.locator(".time svg title").all_text_contents()[1:4]
    ]
    page.mouse.move(first["x"] + 2, first["y"] + 1)
    page.mouse.down()
    page.mouse.move(last["x"] + 2, first["y"] - 5, steps=5)
    page.mouse.up()
    expect(page.locator("h1")).to_have_text(f"{sum(counts)} kết quả cho “nghị quyết”")
    assert "tu=" in page.url and "den=" in page.url


def test_the_timeline_leads_to_a_span_of_days(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=nghị+quyết")
    bar = page.locator(".time svg a").last
    said = bar.locator("title").inner_html()
    bar.click()
    count = re.search(r": ([\d.]+) bài", said)
    assert count
    expect(page.locator("h1")).to_have_text(f"{count[1]} kết quả cho “nghị quyết”")
    assert "tu=" in page.url and "den=" in page.url
    page.get_by_role("link", name="Xem toàn bộ thời gian").click()
    expect(page.locator(".time figcaption a")).to_have_count(0)


def test_long_facets_can_be_searched_without_diacritics(reader: Reader) -> None:
    page = reader.open("/tim-kiem")
    theme = page.locator("fieldset[data-facet=theme]")
    theme.locator("summary").click()
    rows = theme.locator("details li")
    word = rows.last.locator(".name").inner_text()
    theme.locator(".find").fill(word.lower())
    expect(rows.last).to_be_visible()
    assert 0 < theme.locator("details li:not([hidden])").count() < rows.count()


def test_matches_of_an_article_can_be_walked(reader: Reader, paths: dict[str, str]) -> None:
    page = reader.open(paths["article"])
    page.get_by_role("button", name="Chỗ khớp sau").click()
    expect(page.locator("mark.now")).to_have_count(1)
    assert page.locator(".text mark").first.evaluate("one => one.classList.contains('now')")
    page.get_by_role("button", name="Chỗ khớp trước").click()
    assert page.locator(".text mark").last.evaluate("one => one.classList.contains('now')")


def test_printing_keeps_the_text_and_its_citation(reader: Reader, paths: dict[str, str]) -> None:
    page = reader.open(paths["article"])
    page.emulate_media(media="print")
    expect(page.locator("header.top")).to_be_hidden()
    expect(page.locator(".reader aside")).to_be_hidden()
    expect(page.locator(".quote p")).to_be_visible()
    keep(page, "print")


def test_nothing_moves_while_a_page_loads(reader: Reader, paths: dict[str, str]) -> None:
    for name in ("home", "results", "article"):
        page = reader.open(paths[name])
        shift = page.evaluate(
            """() => new Promise(done => {
                let sum = 0;
                new PerformanceObserver(list => list.getEntries().forEach(entry => sum += entry.value))
                    .observe({type: "layout-shift", buffered: true});
                setTimeout(() => done(sum), 200);
            })"""
        )
        assert shift < 0.01, name


def test_the_language_switch_keeps_the_page(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=nghị+quyết&nam=2021")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_contain_text("results for “nghị quyết”")
    assert "nam=2021" in page.url
    page.locator(".hit h2 a").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_suggestions_by_keyboard(reader: Reader) -> None:
    page = reader.open("/")
    box = page.locator("input[name=q]")
    box.press_sequentially("nghi quyet 05")
    page.locator("[role=option]").first.wait_for()
    assert box.get_attribute("role") == "combobox" and box.get_attribute("aria-expanded") == "true"
    box.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    assert active and page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    assert box.input_value() == "nghi quyet 05", "the box keeps what was typed"
    box.press("Escape")
    assert page.locator("[role=listbox]").is_hidden()
    box.press_sequentially("-")
    page.locator("[role=option]").first.wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/van-ban/**")
