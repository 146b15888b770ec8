"""What a page shows where it is shared, and what a phone keeps of the site: pictures, tags, links, icons."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from PIL import Image, ImageFont

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.web import create_app
from searchapp.web.embed import pictures

DOCUMENT = "/van-ban/thanh-uy-tphcm/nghi-quyet-05-nq-tu/2020-2025"
FONTS = Path(pictures.__file__).parent / "fonts"


@pytest.fixture(scope="module")
def client(sample_settings: Settings, sample_engine: Callable[[], Engine]) -> FlaskClient:
    return create_app(sample_settings, sample_engine).test_client()


def pages(client: FlaskClient) -> list[str]:
    found = client.get("/api/v1/search?q=nghi+quyet+05").get_json()["results"]
    return [DOCUMENT, found[0]["url"]]


def tags(page: str) -> dict[str, str]:
    found = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', page)
    return {name: unescape(value) for name, value in found}


def test_a_page_names_its_picture_which_is_drawn_of_it(client: FlaskClient) -> None:
    drawn = set()
    for address in pages(client):
        told = tags(client.get(address).get_data(as_text=True))
        assert told["og:title"] and told["og:description"] and told["description"]
        assert told["twitter:card"] == "summary_large_image"
        assert told["og:image"].startswith("http://localhost/anh/") and told["og:image"] == told["twitter:image"]
        answer = client.get(told["og:image"].removeprefix("http://localhost"))
        assert answer.mimetype == "image/png" and len(answer.data) < 100_000
        assert Image.open(BytesIO(answer.data)).size == (1200, 630)
        drawn.add(answer.data)
    assert len(drawn) == 2


@pytest.mark.parametrize("path", ["/anh/bai/000000000000.png", "/anh/van-ban/khong-co.png"])
def test_no_picture_of_what_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_font_has_every_vietnamese_letter_and_its_licence(client: FlaskClient) -> None:
    letters = "ăâđêôơưĂÂĐÊÔƠƯ" + "".join(map(chr, range(0x1EA0, 0x1EFA)))
    for name in ("Regular", "SemiBold"):
        font = ImageFont.truetype(str(FONTS / f"NotoSans-{name}.ttf"), 40)
        missing = bytes(font.getmask("\uffff"))
        assert [letter for letter in letters if bytes(font.getmask(letter)) == missing] == []
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text("utf-8")
    assert sum(file.stat().st_size for file in FONTS.iterdir()) < 400_000


@pytest.mark.parametrize(
    "title",
    ["", "A", "Nghị quyết " * 60, "x" * 900, "Về việc \u202e\ufeff<b>&amp;</b> 🙂 漢字"],
    ids=["empty", "short", "long", "one word", "odd letters"],
)
def test_any_title_is_drawn(title: str) -> None:
    words = pictures._Words("05-NQ/TU " * 30, title, "Cơ quan " * 30, "Tra cứu văn kiện", "Hết hiệu lực " * 20)
    assert Image.open(BytesIO(pictures._drawn(words))).size == pictures.SIZE


def test_sharing_needs_no_script_and_asks_nothing_of_others(client: FlaskClient) -> None:
    for address in pages(client):
        page = client.get(address).get_data(as_text=True)
        shared = quote("http://localhost" + address, safe="/")
        for host in ("https://zalo.me/share?url=", "https://www.facebook.com/sharer/sharer.php?u="):
            assert f'href="{host}{shared}"' in page
        assert 'href="mailto:?subject=' in page
        assert not re.search(r'(?:src|rel="stylesheet" href)="https?:', page)


def test_a_phone_finds_name_icons_and_start(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    assert '<link rel="manifest" href="/site.webmanifest">' in page and 'rel="apple-touch-icon"' in page
    told = client.get("/site.webmanifest").get_json(force=True)
    assert (told["name"], told["start_url"], told["lang"]) == ("Tra cứu văn kiện", "/", "vi")
    for icon in told["icons"]:
        size = Image.open(BytesIO(client.get(icon["src"]).data)).size
        assert f"{size[0]}x{size[1]}" == icon["sizes"]
    assert client.get("/favicon.ico").mimetype == "image/x-icon"
