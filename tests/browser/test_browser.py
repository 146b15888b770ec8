"""The pages in a real Chromium: flows, three widths, light and dark, with and without JavaScript, axe-core."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

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
    "chosen": "/tim-kiem?q=TPHCM+cai+cach&tu=2021-01-01&den=2021-12-31&chu_de=dan-van&chu_de=phong-chong-dich",
    "nothing": "/tim-kiem?q=zzzqqq&nam=2021",
    "article": "/bai/ARTICLE?q=phuc+hoi+kinh+te",
    "document": "/van-ban/DOCUMENT",
    "documents": "/van-ban?loai=nghi-quyet",
    "plenum": "/van-ban/trung-uong/nghi-quyet-hoi-nghi-6/khoa-xii",
    "day": "/ngay/2021-09-16",
    "month": "/ngay/2021-10",
    "compare": "/so-sanh?q=nghị+quyết",
    "saved": "/da-luu",
    "themes": "/chu-de",
    "theme": "/chu-de/dan-van",
    "coverage": "/do-phu",
    "about": "/gioi-thieu",
    "api": "/api",
    "english": "/tim-kiem?q=nghị+quyết&lang=en",
    "bad": "/tim-kiem?q=dân+vận&tu=2021-13-45",
    "error": "/bai/000000000000/cong-tac-dan-van",
}
REFUSED = {"error": "404", "bad": "400"}
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


def forgive(reader: Reader, name: str) -> None:
    """Chromium itself notes the status of a page that is an error."""
    if status := REFUSED.get(name):
        reader.complaints = [line for line in reader.complaints if status not in line]


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways_or_complains(reader: Reader, paths: dict[str, str], name: str) -> None:
    page = reader.open(paths[name], width=WIDTHS[0])
    for width in (320, *WIDTHS):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
        keep(page, f"{name}-{width}")
    forgive(reader, name)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_menus_of_an_article_stay_on_the_screen_of_a_phone(
    reader: Reader, paths: dict[str, str], lang: str
) -> None:
    page = reader.open(f"{paths['article']}&lang={lang}", width=320)
    for width in (320, 360, 393, 430, 480, 540, 600):
        page.set_viewport_size({"width": width, "height": 800})
        for menu in page.locator("details.menu").all():
            menu.locator("summary").click()
            box = menu.locator("ul").bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            menu.locator("summary").click()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_breaks_inside_a_number_nor_begins_or_ends_with_a_dot(reader: Reader, width: int) -> None:
    page = reader.open("/tim-kiem?q=nghị+quyết", width=width)
    lines = page.locator("main .whole").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).fontSize))"
    )
    assert len(lines) > 5 and max(lines) < 1.6
    hidden = page.locator(".meta").evaluate_all(
        """all => all.flatMap((line) => [...line.children].filter((fact, at, facts) =>
            !at || fact.offsetTop > facts[at - 1].offsetTop).map((fact) => fact.offsetLeft - line.offsetLeft))"""
    )
    assert hidden and set(hidden) == {0}, "every line begins where its dot is cut away"

    page = reader.open("/", width=width)
    shown = page.locator(".counted .whole").evaluate_all("all => all.map((one) => getComputedStyle(one).display)")
    assert set(shown) == {"inline"}, "lists with a second line give it to titles, not to numbers"


def test_a_month_on_a_phone_shows_its_calendar_first_and_a_day_its_articles(reader: Reader) -> None:
    for path, first in (("/ngay/2021-10", True), ("/ngay/2021-10-05", False)):
        page = reader.open(path, width=360)
        calendar, title = page.locator(".calendar").bounding_box(), page.locator("h1").bounding_box()
        assert calendar and title and (calendar["y"] < title["y"]) == first
        assert page.locator(".years").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(reader: Reader, paths: dict[str, str], name: str, scheme: str) -> None:
    page = reader.open(paths[name], scheme=scheme)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page)
        assert found.violations_count == 0, (width, found.generate_report())
    forgive(reader, name)


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
    page.locator("fieldset[data-facet=source] summary").click()
    source = page.locator("fieldset[data-facet=source] input").first
    name = source.input_value()
    tab_to(page, source)
    page.keyboard.press("Space")
    expect(page.locator(".chips.chosen li .of")).to_have_text(["Thời gian:", "Nguồn:"])
    sources = page.locator(".hit .meta").all_text_contents()
    assert sources and all(name in text for text in sources)


def test_a_span_of_days_is_typed_into_the_date_fields(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=05-NQ/TU")
    for name, day in (("tu", "1/10/2021"), ("den", "31/10/2021")):  # day first, whatever the browser's language
        tab_to(page, page.locator(f"aside input[name={name}]"))
        page.keyboard.type(day)
    page.keyboard.press("Enter")
    expect(page.locator(".chips.chosen li")).to_have_text([re.compile("10/2021")])
    expect(page.locator("h1")).to_be_focused()
    dates = page.locator(".hit time").evaluate_all("all => all.map(one => one.dateTime)")
    assert dates and all(date.startswith("2021-10") for date in dates)


def tab_to(page: Page, target: Locator, limit: int = 250) -> None:
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
    done = page.locator("#loc .seen") if javascript else page.get_by_role("button", name="Áp dụng")
    done.click()
    expect(page.locator("#loc")).to_be_hidden()
    expect(page.locator(".chips.chosen li")).to_have_count(1)


def test_dragging_over_the_timeline_takes_a_span(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=nghị+quyết")
    bars = page.locator(".time svg a .bar")
    bars.nth(1).scroll_into_view_if_needed()
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


def test_the_timeline_by_keyboard(reader: Reader) -> None:
    """Tab reaches one bar, arrows walk, Enter takes a bar; with Shift a span is held and Enter takes it."""
    page = reader.open("/tim-kiem?q=nghị+quyết")
    bars = page.locator(".time svg a")
    counts = [
        int(re.sub(r"\D", "", title.split(":")[1])) for title in page.locator(".time svg title").all_text_contents()
    ]
    tab_to(page, bars.last, limit=300)
    page.keyboard.press("Home")
    expect(bars.first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(bars.nth(1)).to_be_focused()
    for _ in range(2):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".time a.held")).to_have_count(3)
    keep(page, "timeline-keyboard")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(f"{sum(counts[1:4])} kết quả cho “nghị quyết”")
    assert "tu=" in page.url and "den=" in page.url


def test_the_rest_of_the_themes_stands_under_headings(reader: Reader) -> None:
    page = reader.open("/tim-kiem")
    theme = page.locator("fieldset[data-facet=theme]")
    theme.locator("summary").click()
    headings = theme.locator("li.of")
    assert headings.count() > 1 and len(set(headings.all_text_contents())) == headings.count()
    theme.locator(".find").fill("dich")
    expect(headings.first).to_be_hidden()


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
    expect(page.locator(".time figcaption a:not(.close)")).to_have_count(0)


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
    page.get_by_role("button", name="Vị trí khớp sau").click()
    expect(page.locator("mark.now")).to_have_count(1)
    assert page.locator(".text mark").first.evaluate("one => one.classList.contains('now')")
    page.get_by_role("button", name="Vị trí khớp trước").click()
    assert page.locator(".text mark").last.evaluate("one => one.classList.contains('now')")


def test_printing_keeps_the_text_and_its_citation(reader: Reader, paths: dict[str, str]) -> None:
    page = reader.open(paths["article"])
    page.emulate_media(media="print")
    expect(page.locator("header.top")).to_be_hidden()
    expect(page.locator(".reader aside")).to_be_hidden()
    expect(page.locator(".quote p").first).to_be_visible()
    expect(page.locator(".quote button").first).to_be_hidden()
    assert [one.inner_text() for one in page.locator("summary").all() if one.is_visible()] == []
    keep(page, "print")


def test_no_number_of_the_coverage_is_printed_white(reader: Reader) -> None:
    """Printers leave out backgrounds: the fullest month, white on its colour, was white on paper."""
    page = reader.open("/do-phu")
    fullest = page.locator(".cover .s4").first
    assert fullest.evaluate("one => getComputedStyle(one).color") == "rgb(255, 255, 255)"
    page.emulate_media(media="print")
    assert fullest.evaluate("one => getComputedStyle(one.firstElementChild).color") == "rgb(0, 0, 0)"


def test_nothing_moves_while_a_page_loads(reader: Reader, paths: dict[str, str]) -> None:
    page = reader.open("/")
    for name in sorted(set(PAGES) - set(REFUSED)):
        page.goto(reader.site + paths[name])
        shift = page.evaluate(
            """() => new Promise(done => {
                let sum = 0;
                new PerformanceObserver(list => list.getEntries().forEach(entry => sum += entry.value))
                    .observe({type: "layout-shift", buffered: true});
                setTimeout(() => done(sum), 200);
            })"""
        )
        assert shift < 0.01, name


@pytest.mark.parametrize("name", ["results", "documents", "article", "day"])
@pytest.mark.parametrize("width", WIDTHS)
def test_what_has_not_arrived_yet_moves_nothing(reader: Reader, paths: dict[str, str], name: str, width: int) -> None:
    """On a slow line the page is painted before its end is there: what stands in front of the end keeps its place."""
    page = reader.open(paths[name], width=width)
    place = "(() => { const box = document.getElementById('main').getBoundingClientRect(); return [box.x, box.y] })()"
    whole = page.evaluate(place)
    page.evaluate("for (let last; (last = document.getElementById('main').nextElementSibling);) last.remove()")
    assert page.evaluate(place) == whole


def test_the_language_switch_keeps_the_page(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=nghị+quyết&nam=2021")
    page.get_by_role("link", name="English").first.click()
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
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    box.press("Escape")
    assert page.locator("[role=listbox]").is_hidden()
    box.press_sequentially("-")
    page.locator("[role=option]").first.wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/van-ban/**")


def test_results_follow_the_words_while_they_are_typed(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=nghị+quyết")
    before = page.url
    box = page.locator("#tim input[name=q]")
    box.fill("dân vận")
    expect(page.locator("h1")).to_contain_text("“dân vận”")
    expect(box).to_be_focused()
    box.fill("dân vận khéo")
    expect(page.locator("h1")).to_contain_text("“dân vận khéo”")
    expect(box).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_focused()
    page.go_back()
    expect(page.locator("h1")).to_contain_text("“nghị quyết”")
    assert page.url == before, "typing is one step of the history"
    expect(box).to_have_value("nghị quyết")


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no js"])
def test_searching_within_results(reader: Reader, javascript: bool) -> None:
    page = reader.open("/tim-kiem?q=nghị+quyết&nam=2021", javascript=javascript)
    page.get_by_label("Tìm trong kết quả này").first.fill("dịch")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text('“nghị quyết "dịch"”')
    expect(page.locator("#tim input[name=q]")).to_have_value('nghị quyết "dịch"')
    assert "nam=2021" in page.url and "trong" not in page.url


def test_searches_are_saved_and_remembered_in_the_browser_alone(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=nghị+quyết&nam=2021&trang=2")
    page.get_by_role("button", name="Lưu tìm kiếm").click()
    expect(page.get_by_role("button", name="Đã lưu")).to_be_visible()
    page.goto(reader.site + "/tim-kiem?q=dân+vận")
    page.get_by_role("link", name="Tìm kiếm đã lưu").click()
    expect(page.locator("[data-list=saved] a")).to_have_text(["nghị quyết"])
    expect(page.locator("[data-list=recent] a")).to_have_text(["dân vận", "nghị quyết"])
    assert "trang" not in str(page.locator("[data-list=saved] a").get_attribute("href"))
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    with page.expect_download() as download:
        page.get_by_role("button", name="Xuất ra tệp").click()
    file = download.value.path()
    page.get_by_role("button", name="Xóa: nghị quyết").first.click()
    expect(page.locator("[data-list=saved] li")).to_have_count(0)
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator("[data-list=saved] a")).to_have_text(["nghị quyết"])
    page.get_by_role("button", name="Xóa lịch sử").click()
    expect(page.locator("[data-list=recent] li")).to_have_count(0)
    page.locator("[data-list=saved] a").click()
    expect(page.locator(".chips.chosen li")).to_have_count(1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        '{"searches": 5}',
        '{"searches": [{"title": "a", "url": "https://khac.example/"}]}',
        '{"searches": [{"title": "a", "url": "//khac.example/"}, {"title": 1, "url": "/"}, null]}',
        '{"searches": [{"title": "a", "url": "javascript:alert(1)"}]}',
    ],
)
def test_a_strange_file_of_searches_brings_nothing_in(reader: Reader, text: str) -> None:
    page = reader.open("/da-luu")
    page.locator("input[type=file]").set_input_files(
        {"name": "a.json", "mimeType": "text/plain", "buffer": text.encode()}
    )
    expect(page.locator("[role=status]")).not_to_be_empty()
    assert page.locator("[data-list=saved] li").count() == 0


def test_a_saved_search_tells_what_is_new(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=nghị+quyết&nam=2021")
    page.get_by_role("button", name="Lưu tìm kiếm").click()
    page.evaluate(
        """new Promise((done) => { const look = () => JSON.parse(localStorage["searchapp.saved"])[0].seen?.length > 3
            ? done() : setTimeout(look, 20); look() })"""
    )
    expect(page.locator(".new")).to_have_count(0)
    # As if two articles had come since a visit of yesterday.
    ids = page.evaluate(
        """() => { const [one] = JSON.parse(localStorage["searchapp.saved"]); const ids = one.seen.splice(0, 2);
            localStorage["searchapp.saved"] = JSON.stringify([{ ...one, looked: Date.now() - 86400000 }]);
            return ids }"""
    )
    page.goto(reader.site + "/da-luu")
    expect(page.locator("[data-list=saved] .new")).to_have_text("2 bài mới từ lần xem trước")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.locator("[data-list=saved] a").click()
    expect(page.locator("[data-save]")).to_contain_text("2 bài mới từ lần xem trước")
    page.goto(page.url + "&sap_xep=moi-nhat")
    page.get_by_role("button", name="Lưu tìm kiếm").wait_for()  # another order is another saved search
    page.go_back()
    expect(page.locator("[data-save]")).to_contain_text("2 bài mới")  # the same visit says the same
    marked = page.locator(".hit:has(.new) h2 a").evaluate_all("all => all.map((one) => one.pathname.split('/')[2])")
    assert set(marked) <= set(ids)


def test_recent_searches_stand_under_an_empty_box(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=dân+vận")
    page.goto(reader.site + "/")
    box = page.locator("input[name=q]")
    box.focus()
    box.press("ArrowDown")
    expect(page.locator("[role=option]")).to_have_text([re.compile("dân vận")])
    expect(page.locator("[role=option]")).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(page.locator("h1")).to_contain_text("“dân vận”")


def test_a_citation_tells_its_document_on_focus_and_hover(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=05-NQ/TU&nam=2021")
    for at in range(page.locator(".hit h2 a").count()):
        page.goto(reader.site + "/tim-kiem?q=05-NQ/TU&nam=2021")
        page.locator(".hit h2 a").nth(at).click()
        page.locator("article h1").wait_for()
        if page.locator(".text a.cite[href^='/van-ban/']").count():
            break
    link = page.locator(".text a.cite[href^='/van-ban/']").first
    card = page.get_by_role("tooltip")
    link.focus()
    expect(card).to_be_visible()
    assert link.get_attribute("aria-describedby") == card.get_attribute("id")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    link.hover()
    expect(card).to_be_visible()
    card.hover()
    page.wait_for_timeout(400)
    expect(card).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    keep(page, "card-hover")
    page.mouse.move(2, 2)
    expect(card).to_be_hidden()


def test_a_quote_is_copied_with_its_citation_and_a_link_to_its_words(reader: Reader, paths: dict[str, str]) -> None:
    page = reader.open(paths["article"])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.text p'))")
    words = page.evaluate("String(getSelection()).trim()")
    page.get_by_role("button", name="Sao chép đoạn đã chọn").click()
    told = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert told[0] == f"“{words}”" and told[1] == page.locator(".quote p").first.inner_text()
    link, _, fragment = told[2].partition("#:~:text=")
    assert link.startswith(f"{reader.site}/bai/") and "q=" not in link
    first, last = (unquote(part) for part in fragment.split(","))
    assert words.startswith(first) and words.endswith(last) and first.count(" ") == last.count(" ") == 4
    page.evaluate("getSelection().removeAllRanges()")
    expect(page.get_by_role("button", name="Sao chép đoạn đã chọn")).to_be_hidden()
    page.get_by_text("BibTeX").click()
    page.locator("details[open]").get_by_role("button", name="Sao chép trích dẫn").click()
    expect(page.get_by_role("button", name="Đã sao chép")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("@misc{")


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no js"])
def test_two_periods_are_compared(reader: Reader, javascript: bool) -> None:
    page = reader.open("/tim-kiem?q=nghị+quyết", javascript=javascript)
    page.get_by_role("link", name="So sánh hai giai đoạn").click()
    for name, day in {"tu": "2021-01-01", "den": "2021-06-30", "tu_2": "2021-07-01", "den_2": "2021-12-31"}.items():
        page.locator(f"input[name={name}]").fill(day)
    page.get_by_role("button", name="So sánh").click()
    expect(page.locator(".pair h2").last).to_have_text("01/7/2021 – 31/12/2021")
    said = page.locator(".big").last.inner_text()
    page.locator(".big a").last.click()
    expect(page.locator("h1")).to_have_text(f"{said.split()[0]} kết quả cho “nghị quyết”")
