"""What other sites show of this one: the element's script, the frame, cards and oEmbed, the code to paste."""

from __future__ import annotations

import gzip
import html
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.web import create_app, embed
from searchapp.web.embed import Paste

BASE = "https://tra-cuu.example.org"
PORTAL = "https://phuong.example.vn"
CITY = "/van-ban/thanh-uy-tphcm/nghi-quyet-05-nq-tu/2020-2025"
MAX_SCRIPT_BYTES = 12_000
STATIC = Path(__file__).parents[2] / "searchapp" / "web" / "static" / "embed"

Make = Callable[..., FlaskClient]


@pytest.fixture(scope="module")
def make(sample_settings: Settings, sample_engine: Callable[[], Engine]) -> Make:
    return lambda **changes: create_app(
        replace(sample_settings, public_base_url=BASE, **changes), sample_engine
    ).test_client()


@pytest.fixture(scope="module")
def client(make: Make) -> FlaskClient:
    return make(embed_origins=(PORTAL, "http://127.0.0.1:8080"))


# The script


@pytest.mark.parametrize("name", embed.PUBLIC)
def test_a_script_may_be_loaded_by_pages_of_any_origin(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/embed/v1/{name}", headers={"Origin": PORTAL, "Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert re.fullmatch(r"public, max-age=\d+", answer.headers["Cache-Control"])
    assert "Set-Cookie" not in answer.headers
    raw = answer.data if answer.headers.get("Content-Encoding") != "gzip" else gzip.decompress(answer.data)
    assert raw == (STATIC / name).read_bytes()
    again = client.get(f"/embed/v1/{name}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Access-Control-Allow-Origin"] == "*"


def test_the_element_stays_small(client: FlaskClient) -> None:
    sent = client.get("/embed/v1/tim-kiem.js", headers={"Accept-Encoding": "gzip"})
    assert sent.headers["Content-Encoding"] == "gzip"
    assert len(sent.data) < MAX_SCRIPT_BYTES


def test_the_element_asks_and_keeps_nothing_else() -> None:
    text = (STATIC / "tim-kiem.js").read_text(encoding="utf-8")
    assert re.findall(r"^import |\bimport\(|https?://[a-z]", text, re.MULTILINE) == []
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|Storage|cookie", text) == []
    assert re.findall(r"\.style\b|style=", text) == []  # a strict CSP of the host forbids inline styles


@pytest.mark.parametrize("name", ["nhung.js", "khac.js", "..%2fsearchapp.js", "tim-kiem.js%00"])
def test_no_other_script_is_there(client: FlaskClient, name: str) -> None:
    assert client.get(f"/embed/v1/{name}").status_code == 404


# The frame


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("nghị định 9999/2016", "Ở đây chưa biết văn bản nào có số hiệu hoặc tên “nghị định 9999/2016”"),
        ("nghij quyeets", "<b>nghị quyết</b>"),
        ("chu-de:abc dịch", "Ở đây không có chủ đề “abc”"),
    ],
)
def test_a_frame_says_how_a_query_was_read(client: FlaskClient, query: str, said: str) -> None:
    text = client.get("/nhung", query_string={"q": query}).text
    assert said in text
    assert '<h2 class="say">' in text  # a heading that is no status: its level counts


@pytest.mark.parametrize("path", ["/nhung", "/nhung?q=nghị quyết", "/nhung/bai/ARTICLE", f"/nhung{CITY}"])
def test_only_the_sites_of_the_settings_may_frame(make: Make, sample_pages: dict[str, str], path: str) -> None:
    path = path.replace("ARTICLE", sample_pages["article"])
    for origins, said in (
        ((), "'self'"),
        ((PORTAL, "http://127.0.0.1:8080"), f"'self' {PORTAL} http://127.0.0.1:8080"),
    ):
        client = make(embed_origins=origins)
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Content-Security-Policy"].endswith(f"; frame-ancestors {said}")
        # A cache that asks again must keep the policy that came with the page.
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
        assert "Content-Security-Policy" not in again.headers


@pytest.mark.parametrize("path", ["/", "/tim-kiem?q=a", CITY, "/nhung-vao-trang", "/nhung/bai/000000000000", "/api"])
def test_no_other_page_may_be_framed(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")


def test_filters_of_a_frame_stay(client: FlaskClient) -> None:
    text = client.get("/nhung?chu_de=dan-van&tu=2021-01-01&q=dịch&lang=en&trang=1").text
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text)
    assert hidden == [("tu", "2021-01-01"), ("chu_de", "dan-van"), ("lang", "en")]
    assert 'action="/nhung"' in text
    assert '<base target="_blank">' in text


def test_a_frame_without_words_shows_the_box_alone(client: FlaskClient) -> None:
    assert 'class="hit"' not in client.get("/nhung").text
    assert 'class="hit"' in client.get("/nhung?chu_de=dan-van").text


def test_pages_of_a_frame_stay_in_it(client: FlaskClient) -> None:
    text = client.get("/nhung?q=nghị quyết&trang=2").text
    steps = re.findall(r'<a class="step" href="([^"]+)" rel="\w+" target="_self">', text)
    assert [html.unescape(step) for step in steps] == [
        f"/nhung?q={quote('nghị quyết')}",
        f"/nhung?q={quote('nghị quyết')}&trang=3",
    ]


@pytest.mark.parametrize("path", ["/nhung?trang=x", "/nhung?tu=2021-02-31", "/nhung?so=7"])
def test_wrong_values_of_a_frame_are_refused(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 400


@pytest.mark.parametrize("path", ["/nhung/bai/000000000000", "/nhung/van-ban/khong-co"])
def test_a_card_of_nothing_is_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


# oEmbed


def card(client: FlaskClient, url: str, **more: str) -> dict[str, object]:
    answer = client.get("/oembed", query_string={"url": url, **more}, headers={"Origin": PORTAL})
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return dict(answer.json)


@pytest.mark.parametrize(
    ("path", "frame", "says"),
    [
        ("/bai/ARTICLE", "/nhung/bai/ARTICLE", ""),
        ("/bai/ARTICLE/gi-cung-duoc?q=a#x", "/nhung/bai/ARTICLE", ""),
        (CITY, f"/nhung{CITY}", "05-NQ/TU"),
        ("/tim-kiem?q=d%C3%A2n+v%E1%BA%ADn&chu_de=dan-van", "/nhung?q=", "3 kết quả cho “dân vận”"),
    ],
    ids=["article", "article with an old slug", "document", "query"],
)
def test_pages_have_cards(client: FlaskClient, sample_pages: dict[str, str], path: str, frame: str, says: str) -> None:
    path, frame = (text.replace("ARTICLE", sample_pages["article"]) for text in (path, frame))
    told = card(client, BASE + path)
    assert (told["version"], told["type"], told["provider_url"]) == ("1.0", "rich", BASE + "/")
    assert says in str(told["title"])
    found = re.fullmatch(
        r'<iframe src="([^"]+)" title="[^"]+" width="(\d+)" height="(\d+)".*></iframe>', str(told["html"])
    )
    assert found and html.unescape(found[1]).startswith(BASE + frame)
    assert (int(found[2]), int(found[3])) == (told["width"], told["height"])
    assert client.get(html.unescape(found[1]).removeprefix(BASE)).status_code == 200


def test_a_card_is_a_quotation_where_nobody_may_frame(make: Make) -> None:
    told = card(make(), BASE + CITY)
    assert str(told["html"]).startswith(f'<blockquote cite="{BASE}{CITY}"><p><a href="{BASE}{CITY}">05-NQ/TU')
    assert "<iframe" not in str(told["html"])


@pytest.mark.parametrize(
    ("limits", "size"),
    [({}, (600, 600)), ({"maxwidth": "320"}, (320, 600)), ({"maxwidth": "9000", "maxheight": "1"}, (600, 100))],
)
def test_a_card_keeps_to_the_room_there_is(client: FlaskClient, limits: dict[str, str], size: tuple[int, int]) -> None:
    told = card(client, BASE + "/tim-kiem?q=a", **limits)
    assert (told["width"], told["height"]) == size


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 400),
        ({"url": BASE + CITY, "format": "xml"}, 501),
        ({"url": BASE + CITY, "maxwidth": "x"}, 400),
        ({"url": BASE + CITY, "maxheight": "-5"}, 400),
        ({"url": BASE + "/tim-kiem?trang=0"}, 400),
        ({"url": "https://khac.example" + CITY}, 404),
        ({"url": "https://tra-cuu.example.org@khac.example/tim-kiem?q=a"}, 404),
        ({"url": "//khac.example/tim-kiem?q=a"}, 404),
        ({"url": BASE + "/do-phu"}, 404),
        ({"url": BASE + "/bai/000000000000"}, 404),
        ({"url": BASE}, 404),
        ({"url": "http://[::1"}, 404),
        ({"url": "javascript:alert(1)"}, 404),
    ],
)
def test_what_has_no_card(client: FlaskClient, query: dict[str, str], status: int) -> None:
    answer = client.get("/oembed", query_string=query)
    assert answer.status_code == answer.json["status"] == status
    assert set(answer.json) == {"ok", "status", "error", "errors"}


@pytest.mark.parametrize("path", ["/bai/ARTICLE", CITY, "/tim-kiem?q=nghị+quyết&nam=2021"])
def test_pages_tell_of_their_cards(client: FlaskClient, sample_pages: dict[str, str], path: str) -> None:
    text = client.get(path.replace("ARTICLE", sample_pages["article"]), follow_redirects=True).text
    found = re.search(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', text)
    assert found
    told = client.get(html.unescape(found[1]).removeprefix(BASE))
    assert told.json["title"]


def test_a_card_runs_no_markup_of_a_title(client: FlaskClient) -> None:
    told = card(client, BASE + "/tim-kiem?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script" not in str(told["html"])


# The page that writes the code


def shown(client: FlaskClient, query: str) -> str:
    """The code on the page, as it would be pasted."""
    found = re.search(r'<pre class="code"[^>]*>(.*?)</pre>', client.get(f"/nhung-vao-trang{query}").text, re.DOTALL)
    assert found
    return html.unescape(found[1])


def test_the_code_is_four_lines(client: FlaskClient) -> None:
    assert shown(client, "").splitlines() == [
        f'<script type="module" src="{BASE}/embed/v1/tim-kiem.js"></script>',
        f'<tim-kiem api="{BASE}">',
        f'  <form action="{BASE}/tim-kiem" role="search"><label>Tìm kiếm <input name="q" type="search"></label>'
        "<button>Tìm</button></form>",
        "</tim-kiem>",
    ]


def test_what_was_chosen_is_in_the_code(client: FlaskClient) -> None:
    query = "?kieu=danh-sach&ngon_ngu=en&giao_dien=toi&q=a&van_ban=05-NQ/TU&chu_de=b&chu_de=c&tu=2021-01-01"
    query += "&mau=%230B5CAD&bo=0"
    code = shown(client, query)
    assert 'mode="danh-sach" lang="en" giao-dien="toi" q="a" van-ban="05-NQ/TU" chu-de="b|c" tu="2021-01-01">' in code
    assert '<input type="hidden" name="van_ban" value="05-NQ/TU">' in code  # the fallback keeps to the locks too
    assert (
        "tim-kiem { --tim-kiem-accent: #0b5cad; --tim-kiem-radius: 0px; }"
        in client.get("/nhung-vao-trang" + query).text
    )
    frame = shown(client, query + "&dang=khung")
    assert (
        f'src="{BASE}/nhung?q=a&amp;tu=2021-01-01&amp;van_ban=05-NQ/TU&amp;chu_de=b&amp;chu_de=c&amp;lang=en"' in frame
    )
    assert f'<script type="module" src="{BASE}/embed/v1/khung.js"></script>' in frame


def test_the_code_cannot_be_broken_out_of(client: FlaskClient) -> None:
    code = shown(client, "?cho_trong=%22%3E%3Cscript%3E&nguon=%22onload=%22x")
    assert 'placeholder="&quot;&gt;&lt;script&gt;"' in code
    assert 'nguon="&quot;onload=&quot;x"' in code


@pytest.mark.parametrize("query", ["?dang=x", "?kieu=x", "?ngon_ngu=x", "?giao_dien=x", "?tu=x", "?cho_trong=%00"])
def test_choices_that_cannot_be_meant_are_refused(client: FlaskClient, query: str) -> None:
    assert client.get("/nhung-vao-trang" + query).status_code == 400


@pytest.mark.parametrize("query", ["?mau=red", "?mau=%23fff;}*{", "?bo=400", "?bo=-1", "?mau=%239F1D1D&bo=8"])
def test_colours_and_corners_that_are_none_are_left_out(client: FlaskClient, query: str) -> None:
    assert "--tim-kiem" not in client.get("/nhung-vao-trang" + query).text


def test_the_element_and_the_page_have_the_same_modes_and_colours() -> None:
    text = (STATIC / "tim-kiem.js").read_text(encoding="utf-8")
    assert f"const MODES = {list(embed.MODES)!r}".replace("'", '"') in text
    assert f"--tim-kiem-accent, {embed.ACCENT}" in text
    assert f"--tim-kiem-radius, {embed.RADIUS}px" in text
    assert set(embed.LOCKS.values()) <= set(
        re.findall(r'"?([a-z-]+)"?: "[a-z_]+"', text.split("const LOCKS = ")[1].split("\n")[0])
    )


def test_a_result_page_leads_to_its_code(client: FlaskClient) -> None:
    text = client.get("/tim-kiem?q=a&chu_de=dan-van&trang=1&sap_xep=moi-nhat").text
    assert 'href="/nhung-vao-trang?q=a&amp;chu_de=dan-van"' in text


def test_a_choice_is_read_once() -> None:
    chosen = Paste.read([("dang", "khung"), ("dang", "the"), ("mau", " #FFFFFF ")])
    assert (chosen.form, chosen.accent) == ("khung", "#ffffff")
