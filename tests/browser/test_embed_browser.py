"""The element and the frame in pages of another origin, in a real Chromium: whatever the host does, they work."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, Response
from playwright.sync_api import Browser, Locator, Page, expect

from searchapp.config import Settings
from searchapp.dates import display
from searchapp.engine import Engine
from searchapp.web import create_app

if TYPE_CHECKING:
    from browser_support import Reader  # pytest imports it, as a plugin

pytest_plugins = ("browser_support",)
pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
TIMEOUT_MS = 15_000
HOSTILE = """
html { font-size: 0 !important } button, input, form, a, [hidden] { display: none !important }
* { all: unset !important; font: 3px fantasy !important; color: lime !important; line-height: 4 !important;
    letter-spacing: 9px !important; text-transform: uppercase !important; text-indent: 50px !important;
    direction: rtl !important; visibility: hidden !important; pointer-events: none !important; cursor: none !important }
"""


@dataclass
class Host:
    """Another site on another port: the pages that a test gives it, opened and watched."""

    chromium: Browser
    url: str
    sites: tuple[str, ...]
    pages: dict[str, tuple[str, str, str]]
    complaints: list[str] = field(default_factory=list)
    opened: list[Page] = field(default_factory=list)

    def open(self, body: str, *, head: str = "", csp: str = "", html: str = 'lang="vi"', **options: Any) -> Page:
        """A page with this body; options: path, javascript, scheme, before (a call with the page before it loads)."""
        path = options.get("path", "/")
        head = f'<meta charset="utf-8"><title>Trang chủ nhà</title><link rel="icon" href="data:,">{head}'
        self.pages[path] = (
            f"<!doctype html><html {html}><head>{head}</head><body>{body}</body></html>",
            "text/html",
            csp,
        )
        context = self.chromium.new_context(
            viewport={"width": 900, "height": 800},
            java_script_enabled=options.get("javascript", True),
            color_scheme=options.get("scheme", "light"),
        )
        context.set_default_timeout(TIMEOUT_MS)
        page = context.new_page()
        page.on("console", lambda message: self.complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", lambda request: self._watch(request.url))
        self.opened.append(page)
        if before := options.get("before"):
            before(page)
        page.goto(self.url + path)
        return page

    def _watch(self, url: str) -> None:
        if not url.startswith((self.url + "/", "data:", *(site + "/" for site in self.sites))):
            self.complaints.append(f"asked {url}")


Pages = dict[str, tuple[str, str, str]]


@pytest.fixture(scope="session")
def neighbour(serve: Callable[[Flask], str]) -> tuple[str, Pages]:
    """A second origin: its address and its pages, path → (text, type, policy)."""
    pages: Pages = {"/hostile.css": (HOSTILE, "text/css", "")}
    app = Flask("neighbour")

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def page(path: str) -> Response:
        text, kind, policy = pages.get(f"/{path}", ("", "text/plain", ""))
        return Response(text, mimetype=kind, headers={"Content-Security-Policy": policy} if policy else {})

    return serve(app), pages


@pytest.fixture(scope="session")
def framed(
    serve: Callable[[Flask], str],
    neighbour: tuple[str, Pages],
    sample_settings: Settings,
    sample_engine: Callable[[], Engine],
) -> str:
    """A second archive, which lets the second origin show its frames."""
    settings = replace(sample_settings, title="Kho thứ hai", embed_origins=(neighbour[0],))
    return serve(create_app(settings, sample_engine))


@pytest.fixture
def host(chromium: Browser, site: str, framed: str, neighbour: tuple[str, Pages]) -> Iterator[Host]:
    made = Host(chromium, neighbour[0], (site, framed), neighbour[1])
    yield made
    for page in made.opened:
        page.context.close()
    assert made.complaints == []


def script(site: str) -> str:
    return f'<script type="module" src="{site}/embed/v1/tim-kiem.js"></script>'


def element(site: str, **attributes: str) -> str:
    """The element with its fallback, as the README has it."""
    written = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    form = '<label>Tìm kiếm <input name="q" type="search"></label><button>Tìm</button>'
    return f'<tim-kiem api="{site}"{written}><form action="{site}/tim-kiem" role="search">{form}</form></tim-kiem>'


def box(page: Page, at: int = 0) -> Locator:
    return page.locator("tim-kiem").nth(at).locator("[part=input]")


def options(page: Page) -> Locator:
    return page.locator("tim-kiem [role=option]")


def strict(site: str) -> str:
    return f"default-src 'none'; script-src {site}; connect-src {site}; style-src 'self'; img-src data:"


def test_the_four_lines_of_the_readme_search_from_another_origin(host: Host, site: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    code = next(block for block in re.findall(r"```html\n(.*?)```", readme, re.DOTALL) if "<tim-kiem" in block)
    assert len(code.splitlines()) == 4
    page = host.open(code.replace("https://HOST", site))
    box(page).press_sequentially("nghi quyet 05")
    expect(options(page).first).to_contain_text("05-NQ/TU")
    box(page).press("Enter")
    page.wait_for_url(f"{site}/tim-kiem**")
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["q"] == ["nghi quyet 05"]
    expect(page.locator("h1")).to_contain_text("kết quả cho “nghi quyet 05”")


HOSTS: dict[str, dict[str, str]] = {
    "plain": {},
    "strict CSP": {"csp": "SITE; require-trusted-types-for 'script'"},
    "hostile CSS": {"head": '<link rel="stylesheet" href="/hostile.css">', "csp": "SITE"},
    "base": {"head": '<base href="https://khac.example/a/" target="_blank">'},
    "right to left": {"html": 'lang="ar" dir="rtl"'},
    "quirks of a form": {"body": '<form id="f" action="/gui"><input name="ten"><p>HERE</p><button>Gửi</button></form>'},
    "grid": {"body": '<div style="display: grid; grid-template-columns: 250px 1fr">HERE</div>'},
}


@pytest.mark.parametrize("name", HOSTS)
def test_it_works_in_any_host(host: Host, site: str, name: str) -> None:
    about = HOSTS[name]
    body = about.get("body", "HERE").replace("HERE", element(site, mode="ket-qua"))
    page = host.open(
        body,
        head=about.get("head", "") + script(site),
        csp=about.get("csp", "").replace("SITE", strict(site)),
        html=about.get("html", 'lang="vi"'),
    )
    box(page).press_sequentially("dan van")
    hits = page.locator("tim-kiem [part=hit]")
    expect(hits.first).to_contain_text("dân vận khéo")
    expect(page.locator("tim-kiem [part=summary]")).to_contain_text("kết quả cho “dan van”")
    looks = page.locator("tim-kiem").evaluate("""one => {
        const style = (part) => getComputedStyle(one.shadowRoot.querySelector(`[part=${part}]`));
        const [input, button, hit] = ["input", "button", "hit"].map(style);
        const sizes = ["input", "button"]
            .map((part) => one.shadowRoot.querySelector(`[part=${part}]`).getBoundingClientRect());
        return { size: input.fontSize, spacing: input.letterSpacing, direction: hit.direction, align: hit.textAlign,
                 seen: [input, button, hit].every((one) => one.visibility === "visible" && one.display !== "none"),
                 transform: hit.textTransform, tall: Math.min(...sizes.map((size) => size.height)),
                 wide: sizes[0].width };
    }""")
    assert looks.pop("tall") >= 44
    assert looks.pop("wide") > 100
    assert looks == {
        "size": "16px",
        "spacing": "normal",
        "direction": "ltr",
        "align": "left",
        "seen": True,
        "transform": "none",
    }
    link = hits.first.locator("a")
    assert str(link.evaluate("one => one.href")).startswith(f"{site}/bai/")
    assert parse_qs(urlsplit(str(link.evaluate("one => one.href"))).query)["q"] == ["dan van"]


def test_it_leaves_the_form_around_it_alone(host: Host, site: str) -> None:
    body = (
        f'<form action="/gui"><input name="ten" value="An">{element(site, mode="ket-qua")}<button>Gửi</button></form>'
    )
    page = host.open(body, head=script(site))
    box(page).fill("dân vận")
    box(page).press("Enter")
    expect(page.locator("tim-kiem [part=hit]").first).to_be_visible()
    assert urlsplit(page.url).path == "/", "Enter in the box does not send the host's form"
    page.locator("input[name=ten]").press("Enter")
    page.wait_for_url("**/gui**")
    assert urlsplit(page.url).query == "ten=An", "nothing of the box is sent with the host's form"


def test_without_javascript_the_fallback_searches(host: Host, site: str) -> None:
    page = host.open(element(site), head=script(site), javascript=False)
    page.locator("input[name=q]").fill("dân vận")
    page.get_by_role("button", name="Tìm").click()
    expect(page.locator("h1")).to_contain_text("kết quả cho “dân vận”")


def test_what_was_typed_before_the_script_came_is_kept(host: Host, site: str) -> None:
    page = host.open(element(site))
    page.locator("input[name=q]").press_sequentially("đảng bộ")
    page.add_script_tag(type="module", url=f"{site}/embed/v1/tim-kiem.js")
    expect(box(page)).to_have_value("đảng bộ")
    expect(box(page)).to_be_focused()


def test_suggestions_by_keyboard(host: Host, site: str) -> None:
    shortcuts = "<script>window.keys = []; addEventListener('keydown', (event) => keys.push(event.key))</script>"
    page = host.open(element(site), head=script(site) + shortcuts)
    one = box(page)
    one.press_sequentially("nghi quyet 05")
    expect(options(page).first).to_be_visible()
    assert one.get_attribute("role") == "combobox"
    assert one.get_attribute("aria-expanded") == "true"
    one.press("ArrowDown")
    active = one.get_attribute("aria-activedescendant")
    assert active and page.locator(f"tim-kiem #{active}").get_attribute("aria-selected") == "true"
    one.press("ArrowUp")
    assert one.get_attribute("aria-activedescendant") is None
    one.press("Home")
    expect(one).to_have_value("nghi quyet 05")
    one.press("Escape")
    expect(page.locator("tim-kiem [role=listbox]")).to_be_hidden()
    expect(one).to_have_value("nghi quyet 05")
    assert page.evaluate("keys.filter((key) => key.length === 1)") == [], (
        "no letter is taken for a shortcut of the host"
    )
    one.press("ArrowDown")  # opens them again
    expect(options(page).first).to_be_visible()
    one.press("ArrowUp")
    one.press("Enter")
    page.wait_for_url(f"{site}/van-ban/**")


def test_keys_belong_to_the_input_method_while_it_composes(host: Host, site: str) -> None:
    page = host.open(element(site), head=script(site))
    box(page).press_sequentially("nghi quyet 05")
    expect(options(page).first).to_be_visible()
    box(page).evaluate("""one => {
        const how = { isComposing: true, bubbles: true, cancelable: true };
        for (const key of ["ArrowDown", "Enter", "Escape"])
            one.dispatchEvent(new KeyboardEvent("keydown", { key, ...how }));
    }""")
    assert box(page).get_attribute("aria-activedescendant") is None
    expect(options(page).first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(host: Host, site: str, scheme: str) -> None:
    both = (
        "<main><h1>Cổng thông tin</h1>"
        + element(site, mode="ket-qua", q="dân vận", label="Dân vận")
        + element(site)
        + "</main>"
    )
    page = host.open(both, head=script(site) + "<style>:root { color-scheme: light dark }</style>", scheme=scheme)
    expect(page.locator("tim-kiem [part=hit]").first).to_be_visible()
    box(page, 1).press_sequentially("nghi quyet")
    box(page, 1).press("ArrowDown")
    expect(options(page).first).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    background = page.locator("tim-kiem").first.evaluate(
        "one => getComputedStyle(one.shadowRoot.querySelector('[part=form]')).backgroundColor"
    )
    assert background == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(28, 31, 36)")


def test_two_properties_make_it_native(host: Host, site: str) -> None:
    style = """<style>body { font-family: monospace } tim-kiem::part(button) { letter-spacing: 2px }
        tim-kiem { --tim-kiem-accent: #0b5cad; --tim-kiem-radius: 0px }</style>"""
    page = host.open(element(site), head=script(site) + style)
    button = page.locator("tim-kiem [part=button]")
    expect(button).to_have_css("background-color", "rgb(11, 92, 173)")
    expect(button).to_have_css("border-radius", "0px")
    expect(button).to_have_css("letter-spacing", "2px")
    expect(box(page)).to_have_css("font-family", "monospace")


def test_the_active_option_shows_in_forced_colours(host: Host, site: str) -> None:
    page = host.open(element(site), head=script(site))
    page.emulate_media(forced_colors="active")
    box(page).press_sequentially("nghi quyet")
    expect(options(page).first).to_be_visible()
    box(page).press("ArrowDown")
    expect(options(page).first).to_have_css("outline-style", "solid")


def test_two_servers_on_one_page_keep_apart(host: Host, site: str, framed: str) -> None:
    page = host.open(
        element(site, label="Một", mode="ket-qua")
        + element(framed, label="Hai", mode="ket-qua", lang="en", van_ban="05-NQ/TU"),
        head=script(site) + script(framed),
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    box(page, 0).fill("dịch")
    box(page, 1).fill("dịch")
    summaries = page.locator("tim-kiem [part=summary]")
    expect(summaries).to_have_text([re.compile("kết quả cho “dịch”"), re.compile("results? for “dịch”")])
    first, second = (page.locator("tim-kiem").nth(at).locator("[part=title]").first for at in (0, 1))
    assert str(first.get_attribute("href")).startswith(site)
    assert str(second.get_attribute("href")).startswith(framed)
    assert "Search" in page.locator("tim-kiem").nth(1).locator("[part=button]").first.inner_text()
    assert all("van_ban=05-NQ" in url for url in asked if url.startswith(framed))
    assert not any("van_ban" in url for url in asked if url.startswith(site))


def test_events_tell_the_host_and_may_be_stopped(host: Host, site: str) -> None:
    listen = """<script>window.told = []; for (const name of ["search", "select", "error"])
        addEventListener("tim-kiem:" + name, (event) => { told.push([name, event.detail]); event.preventDefault() })
        </script>"""
    page = host.open(element(site), head=script(site) + listen)
    box(page).press_sequentially("nghi quyet 05")
    expect(options(page).first).to_be_visible()
    box(page).press("Enter")
    box(page).press("ArrowDown")
    expect(options(page).first).to_be_visible()
    options(page).first.click()
    name, detail = page.evaluate("told[0]")
    assert (name, detail["q"]) == ("search", "nghi quyet 05")
    assert detail["url"].startswith(f"{site}/tim-kiem?q=nghi")
    name, detail = page.evaluate("told[1]")
    assert (name, detail["kind"]) == ("select", "document")
    assert detail["url"].startswith(f"{site}/van-ban/")
    assert page.url == f"{host.url}/", "the host has stopped both"


def test_attributes_change_what_is_shown(host: Host, site: str) -> None:
    page = host.open(element(site, mode="danh-sach", so="5"), head=script(site))
    hits = page.locator("tim-kiem [part=hit]")
    expect(hits).to_have_count(5)
    expect(box(page)).to_be_hidden()
    titles = hits.all_inner_texts()
    change = "(one, [name, value]) => one.setAttribute(name, value)"
    one = page.locator("tim-kiem")
    one.evaluate(change, ["chu-de", "dan-van"])
    expect(hits).to_have_count(4)
    assert hits.all_inner_texts() != titles
    one.evaluate(change, ["chu-de", "dan-van|kinh-te"])
    expect(hits).to_have_count(5)
    one.evaluate(change, ["lang", "en"])
    expect(page.locator("tim-kiem [part=all]")).to_have_text("Open the full search")
    one.evaluate(change, ["mode", "ket-qua"])
    expect(box(page)).to_be_visible()
    one.evaluate("one => { one.q = 'dịch' }")
    expect(page.locator("tim-kiem [part=summary]")).to_contain_text("“dịch”")
    one.evaluate("one => { one.q = ''; one.setAttribute('tu', '2021-02-31') }")
    one.evaluate("one => one.search('a')")
    expect(page.locator("tim-kiem [part=notice]")).to_contain_text("2021-02-31")
    host.complaints = [line for line in host.complaints if "400" not in line]  # Chromium itself notes the answer


def test_days_are_written_as_on_the_pages_of_the_archive(host: Host, site: str) -> None:
    page = host.open(element(site, mode="danh-sach", q="đảng", so="50"), head=script(site))
    expect(page.locator("time").first).to_be_visible()
    written = {str(one.get_attribute("datetime")): one.inner_text() for one in page.locator("time").all()}
    assert any(iso[5] == "0" or iso[8:9] == "0" for iso in written)
    assert written == {iso: display(iso) for iso in written}


@pytest.mark.parametrize(
    ("q", "told"),
    [
        ("nghij quyeets", ["Hiển thị kết quả cho “nghị quyết”"]),
        ("999-NQ/TU", ["số hiệu hoặc tên “999-NQ/TU”"]),
        ("chu-de:khong-co", ["Ở đây không có chủ đề “khong-co”"]),
        ("dang bo", []),  # that accents do not count is no news in a small box
    ],
)
def test_how_a_query_was_read_is_told_beside_the_results(host: Host, site: str, q: str, told: list[str]) -> None:
    page = host.open(element(site, mode="ket-qua", q=q), head=script(site))
    expect(page.locator("tim-kiem [part=summary]")).to_be_visible()
    lines = [one for one in page.locator("tim-kiem .said").all_inner_texts()[1:] if "Ít bài" not in one]
    assert len(lines) == len(told) and all(said in line for said, line in zip(told, lines, strict=True))


def test_a_document_is_called_once(host: Host, site: str) -> None:
    page = host.open(element(site, mode="ket-qua", q="hiến pháp 2013"), head=script(site))
    names = page.locator("tim-kiem [part=document]")
    expect(names.first).to_be_visible()
    assert all(len(set(parts := one.split(": "))) == len(parts) for one in names.all_inner_texts())


def test_more_results_follow(host: Host, site: str) -> None:
    page = host.open(element(site, mode="ket-qua", q="nghị quyết", so="10"), head=script(site))
    hits = page.locator("tim-kiem [part=hit]")
    expect(hits).to_have_count(10)
    page.locator("tim-kiem").get_by_role("button", name="Xem thêm").click()
    expect(hits).to_have_count(20)
    expect(hits.nth(10).locator("a")).to_be_focused()
    assert len(set(hits.locator("a").evaluate_all("all => all.map((one) => one.href)"))) == 20


def test_pages_that_add_and_remove_it_leak_nothing(host: Host, site: str) -> None:
    page = host.open('<div id="here"></div>', head=script(site))
    page.wait_for_function("customElements.whenDefined('tim-kiem').then(() => true)")
    page.evaluate(
        """async (site) => {
            window.gone = [];
            const here = document.getElementById("here");
            for (let at = 0; at < 30; at++) {
                const one = document.createElement("tim-kiem");
                const given = { api: site, mode: "ket-qua", q: "dân vận" };
                for (const name in given) one.setAttribute(name, given[name]);
                here.append(one);
                if (at % 2) await new Promise((done) => setTimeout(done, 5));
                one.remove();
                gone.push(new WeakRef(one));
            }
        }""",
        site,
    )
    page.wait_for_load_state("networkidle")
    page.evaluate("new Promise((done) => setTimeout(done, 600))")  # the status, the debounce
    page.context.new_cdp_session(page).send("HeapProfiler.collectGarbage")
    assert page.evaluate("gone.filter((one) => one.deref()).length") <= 1, "the last one may still be on the stack"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("dispatchEvent(new Event('online'))")
    assert asked == []


def test_moved_elements_go_on(host: Host, site: str) -> None:
    page = host.open(element(site, mode="ket-qua") + '<div id="there"></div>', head=script(site))
    box(page).fill("dân vận")
    expect(page.locator("tim-kiem [part=hit]").first).to_be_visible()
    page.evaluate("document.getElementById('there').append(document.querySelector('tim-kiem'))")
    expect(page.locator("#there tim-kiem [part=hit]").first).to_be_visible()
    expect(box(page)).to_have_value("dân vận")
    assert page.locator("tim-kiem [part=input]").count() == 1


def test_a_server_that_fails_is_told_and_tried_again(host: Host, site: str) -> None:
    page = host.open(element(site, mode="ket-qua"), head=script(site))
    page.route("**/api/v1/search**", lambda route: route.abort())
    box(page).fill("dân vận")
    notice = page.locator("tim-kiem [part=notice]")
    expect(notice).to_contain_text("Không nối được tới máy chủ tìm kiếm.")
    expect(page.locator("tim-kiem [role=status]")).to_contain_text("Không nối được")
    page.unroute("**/api/v1/search**")
    page.context.set_offline(True)
    notice.get_by_role("button", name="Thử lại").click()
    expect(notice).to_contain_text("Máy đang không có mạng.")
    page.context.set_offline(False)  # it asks again by itself
    expect(page.locator("tim-kiem [part=hit]").first).to_be_visible()
    expect(notice).to_have_count(0)
    busy = '{"ok": false, "status": 429, "error": "Hãy đợi một phút.", "errors": []}'
    page.route(
        "**/api/v1/search**",
        lambda route: route.fulfill(status=429, body=busy, headers={"Access-Control-Allow-Origin": "*"}),
    )
    box(page).fill("dịch")
    expect(notice).to_contain_text("Hãy đợi một phút.")
    host.complaints = [line for line in host.complaints if "Failed to load resource" not in line]  # Chromium's own


def test_a_slow_server_is_waited_for_and_then_given_up(host: Host, site: str) -> None:
    page = host.open(element(site, mode="ket-qua"), head=script(site), before=lambda page: page.clock.install())
    page.route("**/api/v1/search**", lambda route: None)
    box(page).fill("dân vận")
    page.clock.fast_forward(200)
    page.wait_for_function("document.querySelector('tim-kiem').shadowRoot.querySelector('.busy')")
    page.clock.fast_forward(3100)
    expect(page.locator("tim-kiem [part=notice]")).to_contain_text("Máy chủ trả lời chậm")
    page.clock.fast_forward(15_000)
    expect(page.locator("tim-kiem [part=notice]")).to_contain_text("Máy chủ chưa trả lời")
    page.unroute_all(behavior="ignoreErrors")


def test_a_stale_answer_is_dropped(host: Host, site: str) -> None:
    page = host.open(element(site, mode="ket-qua"), head=script(site))
    waiting: list[Any] = []
    page.route(re.compile(r"/api/v1/search\?q=d%C3%A2n"), lambda route: waiting.append(route))
    box(page).fill("dân vận")
    for _ in range(100):
        if waiting:
            break
        page.wait_for_timeout(20)
    box(page).fill("dịch")
    summary = page.locator("tim-kiem [part=summary]")
    expect(summary).to_contain_text("“dịch”")
    waiting[0].continue_()
    page.wait_for_timeout(150)
    expect(summary).to_contain_text("“dịch”")


def test_an_address_that_is_none_is_told(host: Host, site: str) -> None:
    page = host.open('<tim-kiem api="javascript:alert(1)" mode="danh-sach"></tim-kiem>', head=script(site))
    expect(page.locator("tim-kiem [part=notice]")).to_contain_text("Thuộc tính api")


def test_nothing_is_kept_and_nobody_else_is_asked(host: Host, site: str) -> None:
    page = host.open(element(site), head=script(site))
    box(page).press_sequentially("nghi quyet")
    expect(options(page).first).to_be_visible()
    assert page.context.cookies([host.url, site]) == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0
    # The fixture fails the test when any other origin was asked.


# The frame


def frame(site: str, query: str) -> str:
    return f'<iframe src="{site}/nhung?{query}" title="Tra cứu" width="100%" height="300"></iframe>'


def height(page: Page) -> int:
    return int(page.locator("iframe").first.evaluate("one => one.getBoundingClientRect().height"))


def test_a_frame_grows_with_its_content_and_believes_nobody_else(host: Host, framed: str) -> None:
    page = host.open(
        frame(framed, "q=dân+vận&chu_de=dan-van"),
        head=f'<script type="module" src="{framed}/embed/v1/khung.js"></script>',
        csp=f"default-src 'none'; script-src {framed}; frame-src {framed}; img-src data:",
    )
    inside = page.frame_locator("iframe")
    expect(inside.locator(".hit")).to_have_count(3)
    content = int(inside.locator("body").evaluate("one => Math.ceil(one.getBoundingClientRect().height)"))
    expect(page.locator("iframe")).to_have_css("height", f"{content}px")
    before = height(page)
    # From the page itself, from a frame of another origin: the origin or the frame is wrong.
    page.evaluate("postMessage({ type: 'height', v: 1, height: 4000 }, '*')")
    page.evaluate("""() => { const other = document.createElement("iframe"); document.body.append(other);
        other.contentWindow.parent.postMessage({ type: "height", v: 1, height: 4000 }, "*") }""")
    inner = page.frames[1]
    for forged in (
        "{ type: 'height', v: 2, height: 4000 }",
        "{ type: 'height', v: 1, height: '4000' }",
        "{ type: 'height', v: 1, height: NaN }",
        "{ type: 'width', v: 1, height: 4000 }",
        "'height'",
        "null",
    ):
        inner.evaluate(f"parent.postMessage({forged}, '*')")
    page.wait_for_timeout(300)
    assert height(page) == before
    for said, kept in ((1, 200), (99_999, 5000), (-7, 200)):
        inner.evaluate(f"parent.postMessage({{ type: 'height', v: 1, height: {said} }}, '*')")
        expect(page.locator("iframe").first).to_have_css("height", f"{kept}px")


def test_the_frame_speaks_seldom_and_answers_only_the_page_around_it(host: Host, framed: str) -> None:
    count = "<script>window.told = []; addEventListener('message', (event) => told.push(event.data))</script>"
    page = host.open(frame(framed, "q=dân+vận&chu_de=dan-van"), head=count)
    page.wait_for_function("told.length > 0")
    page.wait_for_timeout(300)
    told = page.evaluate("told.length")
    page.evaluate("for (let at = 0; at < 50; at++) frames[0].postMessage({ type: 'height?', v: 1 }, '*')")
    page.evaluate("frames[0].postMessage({ type: 'go', v: 1, url: 'javascript:1' }, '*')")
    page.wait_for_timeout(400)
    assert page.evaluate("told.length") == told + 1
    assert all(set(one) == {"type", "v", "height"} for one in page.evaluate("told"))
    page.frames[1].evaluate("postMessage({ type: 'height?', v: 1 }, '*')")  # the frame itself is not the page around it
    page.wait_for_timeout(250)
    assert page.evaluate("told.length") == told + 1


def test_a_search_stays_in_the_frame_and_its_results_open_outside(host: Host, framed: str) -> None:
    page = host.open(frame(framed, "chu_de=dan-van"))
    inside = page.frame_locator("iframe")
    inside.get_by_role("searchbox").fill("dân vận")
    inside.get_by_role("searchbox").press("Enter")
    expect(inside.locator("h2.say")).to_contain_text("3 kết quả cho “dân vận”")
    assert page.url == f"{host.url}/"
    with page.context.expect_page() as opened:
        inside.locator(".hit a").first.click()
    opened.value.wait_for_url(f"{framed}/bai/**")


def test_a_site_that_is_not_named_cannot_show_the_frame(host: Host, site: str) -> None:
    page = host.open(frame(site, "q=dân+vận"))
    page.wait_for_timeout(500)
    assert page.frames[1].url.startswith("chrome-error:")
    assert any("frame-ancestors" in line for line in host.complaints)
    host.complaints.clear()


def test_cards_in_another_page(host: Host, framed: str, chromium: Browser) -> None:
    told = host.open("").request.get(f"{framed}/oembed?url={framed}/tim-kiem%3Fq=d%C3%A2n%20v%E1%BA%ADn").json()
    page = host.open(str(told["html"]))
    expect(page.frame_locator("iframe").locator(".hit").first).to_be_visible()
    assert page.locator("iframe").bounding_box()["height"] == told["height"]  # type: ignore[index]


# The page that writes the code


def test_the_code_follows_the_choices_and_works_elsewhere(reader: Reader, host: Host, site: str) -> None:
    page = reader.open("/nhung-vao-trang")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_label("Kiểu").select_option("ket-qua")
    page.get_by_label("Chủ đề").select_option("dan-van")
    page.get_by_label("Màu nút").fill("#0b5cad")
    expect(page.locator("pre").first).to_contain_text('mode="ket-qua" chu-de="dan-van"')
    expect(page.locator("pre").nth(1)).to_have_text("tim-kiem { --tim-kiem-accent: #0b5cad; }")
    expect(page.locator("tim-kiem [part=button]")).to_have_css("background-color", "rgb(11, 92, 173)")
    box(page).fill("dân vận")
    expect(page.locator("tim-kiem [part=summary]")).to_have_text("3 kết quả cho “dân vận”")
    assert "chu_de=dan-van" in page.url
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.get_by_role("button", name="Sao chép mã").first.click()
    expect(page.get_by_role("button", name="Đã sao chép")).to_be_visible()
    code = str(page.evaluate("navigator.clipboard.readText()"))
    elsewhere = host.open(code)
    box(elsewhere).fill("dân vận")
    expect(elsewhere.locator("tim-kiem [part=summary]")).to_have_text("3 kết quả cho “dân vận”")
    page.get_by_label("Hình thức").select_option("khung")
    expect(page.frame_locator("#xem-truoc iframe").locator(".hit")).to_have_count(4)
    expect(page.get_by_label("Kiểu")).to_be_hidden()


def test_the_code_is_written_without_javascript(reader: Reader) -> None:
    page = reader.open("/nhung-vao-trang", javascript=False)
    page.get_by_label("Kiểu").select_option("danh-sach")
    page.get_by_role("button", name="Cập nhật mã").click()
    expect(page.locator("pre").first).to_contain_text('mode="danh-sach"')
