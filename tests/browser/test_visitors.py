"""What six people do in a real browser: first hits in sight, nothing that jumps, the steps of their tasks."""

from __future__ import annotations

import pytest
from browser_support import Reader
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 250);
})"""
WHOLE = """() => [...document.querySelectorAll(".hit")]
  .filter((one) => one.getBoundingClientRect().bottom <= innerHeight).length"""
QUERIES = ["nghi quyet 05", "chuyển đổi số", "luat dat dai", "dan van"]
DOCUMENT = "/van-ban/thanh-uy-tphcm/nghi-quyet-05-nq-tu/2020-2025"

pytest_plugins = ("browser_support",)


def wide_enough(page: Page) -> bool:
    return bool(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_jumps_and_nothing_is_cut(reader: Reader, width: int) -> None:
    page = reader.open("/tim-kiem?q=nghi+quyet+05", width=width, height=844)
    article = page.locator(".hit h2 a").first.get_attribute("href")
    jumped = {}
    for path in ["/", "/tim-kiem?q=dan+van", article, DOCUMENT, "/van-ban", "/chu-de", "/ngay/2021-10", "/da-luu"]:
        page.goto(f"{reader.site}{path}")
        shift = page.evaluate(SHIFT)
        if shift >= 0.02 or not wide_enough(page):
            jumped[path] = shift
    assert jumped == {}


@pytest.mark.parametrize("width", [390, 1280])
def test_the_letter_size_of_the_browser_holds_and_cuts_nothing(reader: Reader, width: int) -> None:
    page = reader.open("/gioi-thieu", width=width, height=844)
    letters = page.context.new_cdp_session(page)
    letters.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    cut = {}
    for path in ["/", "/gioi-thieu", "/so-sanh?q=dan+van", "/tim-kiem?q=dan+van", DOCUMENT, "/van-ban"]:
        page.goto(f"{reader.site}{path}")
        brand = page.locator(".brand").bounding_box() if path != "/" else None
        if not wide_enough(page) or (brand and brand["height"] > 160):
            cut[path] = brand
    assert cut == {}
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "32px"


@pytest.mark.parametrize(("width", "height", "least"), [(390, 844, 1), (640, 450, 1), (1280, 900, 2)])
def test_first_hits_are_whole_on_the_first_screen(reader: Reader, width: int, height: int, least: int) -> None:
    page = reader.open("/", width=width, height=height)
    seen = {}
    for query in QUERIES:
        page.goto(f"{reader.site}/tim-kiem?q={query}")
        seen[query] = page.evaluate(WHOLE)
    assert {query: number for query, number in seen.items() if number < least} == {}


def test_a_long_fact_below_a_title_keeps_its_left_edge(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=nghi+quyet+05", width=390, height=844)
    cut = page.evaluate("""() => {
      const fact = document.querySelector(".hit .meta > *");
      const edge = fact.closest(".hit").getBoundingClientRect().left;
      fact.textContent = "Tổ chức lễ tang cán bộ, công chức, viên chức ".repeat(4);
      const words = document.createRange();
      words.selectNodeContents(fact);
      return [...words.getClientRects()].filter((line) => line.left < edge - 1).length;
    }""")
    assert cut == 0


def tabs_to_the_first_hit(page: Page, most: int) -> int:
    for number in range(1, most + 1):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.closest('.hit') !== null"):
            return number
    return most + 1


def test_the_first_hit_is_few_tabs_away(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=nghi+quyet+05")
    assert tabs_to_the_first_hit(page, 20) <= 20
    page.goto(page.url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert tabs_to_the_first_hit(page, 4) <= 4


def test_a_clerk_on_a_phone_without_accents_reads_the_resolution(reader: Reader) -> None:
    page = reader.open("/", width=390, height=844)
    page.locator("main input[name=q]").fill("nghi quyet 05")  # 1
    page.keyboard.press("Enter")  # 2
    page.locator(".hit h2 a").first.click()  # 3
    expect(page.locator("article h1")).to_contain_text("nông nghiệp công nghệ cao")


def test_a_journalist_finds_a_law_by_name_and_shares_it(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=nghị+quyết+về+chuyển+đổi+số")  # 1
    page.locator(".card a").first.click()  # 2
    page.locator(".menu summary").first.click()  # 3
    expect(page.get_by_role("link", name="Zalo")).to_be_visible()


def test_a_researcher_narrows_and_takes_the_list_along(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=nghị+quyết")  # 1
    page.locator("fieldset[data-facet=theme] input").first.check()  # 2
    expect(page.locator(".chips.chosen li")).to_have_count(1)
    assert "chu_de=" in str(page.get_by_role("link", name="CSV").get_attribute("href"))  # 3


def test_a_retired_reader_has_larger_letters_that_stay(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=dan+van", width=640, height=450)
    page.locator(".hit h2 a").first.click()
    before = page.locator(".text").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    page.get_by_text("Cỡ chữ").click()
    page.get_by_role("button", name="Chữ to hơn").click()
    page.reload()
    assert page.locator(".text").evaluate("one => parseFloat(getComputedStyle(one).fontSize)") > before
    page.evaluate("() => localStorage.clear()")


def test_a_lost_connection_keeps_the_page_and_says_so(reader: Reader) -> None:
    page = reader.open("/tim-kiem?q=nghị+quyết")
    page.locator(".hit").first.wait_for()
    page.context.set_offline(True)
    page.locator("fieldset[data-facet=theme] input").first.check()
    expect(page.locator("#status")).to_contain_text("mất kết nối")
    expect(page.locator(".hit").first).to_be_visible()
    page.context.set_offline(False)
    reader.complaints[:] = [one for one in reader.complaints if "ERR_INTERNET_DISCONNECTED" not in one]
