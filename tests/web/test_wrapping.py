"""Numbers stay on one line: what is put around them, and that nothing of the text or its marks changes."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.results import Piece
from searchapp.web.pages.quick_html import pieces, whole


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Đại hội XIII của Đảng (2021-2026)", 'Đại hội XIII của Đảng (<span class="whole">2021-2026</span>)'),
        ("nhiệm kỳ 2020–2025", 'nhiệm kỳ <span class="whole">2020–2025</span>'),
        ("05-NQ/TU · TPHCM", '<span class="whole">05-NQ/TU</span> · TPHCM'),
        ("dịch Covid-19 & Luật 10/2022/QH15", 'dịch <span class="whole">Covid-19</span> &amp; Luật '
         '<span class="whole">10/2022/QH15</span>'),
        ("ngày 15/9/2021, và/hoặc - kinh tế - xã hội", "ngày 15/9/2021, và/hoặc - kinh tế - xã hội"),
        ("https://example.org/2021/bai-viet-so-1.html", "https://example.org/2021/bai-viet-so-1.html"),
    ],
)  # fmt: skip
def test_a_number_is_kept_on_one_line(text: str, html: str) -> None:
    assert whole(text) == html


def test_a_number_with_a_marked_part_is_kept_on_one_line() -> None:
    listed = (Piece("số 20-"), Piece("NQ", True), Piece("/TW, "), Piece("Nghị quyết 52-NQ/TW", True), Piece("."))
    assert pieces(listed) == (
        'số <span class="whole">20-<mark>NQ</mark>/TW</span>, '
        '<mark>Nghị quyết <span class="whole">52-NQ/TW</span></mark>.'
    )
    halved = (Piece("Nghị quyết 52", True), Piece("-NQ/TW"))
    assert pieces(halved) == "<mark>Nghị quyết 52</mark>-NQ/TW"


@given(st.lists(st.builds(Piece, st.text("12aĐ-–/ .(<&", max_size=8), st.booleans()), max_size=6))
def test_text_and_marks_are_those_of_the_pieces(listed: list[Piece]) -> None:
    html = pieces(listed)
    assert unescape(re.sub("<[^>]+>", "", html)) == "".join(piece.text for piece in listed)
    marked = [unescape(re.sub("<[^>]+>", "", one)) for one in re.findall("<mark>(.*?)</mark>", html)]
    assert marked == [piece.text for piece in listed if piece.marked and piece.text]
    opened: list[str] = []
    for closing, name in re.findall(r"<(/?)(\w+)", html):
        assert not closing or opened.pop() == name
        if not closing:
            opened.append(name)
    assert not opened
