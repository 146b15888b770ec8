"""An article as the index stores it: every length and letter comes back, damage is told."""

import zlib

import pytest

from searchapp.article import Article
from searchapp.engines.stored import pack, unpack
from searchapp.errors import CorruptIndexError


def _article(text: str) -> Article:
    return Article(id="a", key="0" * 12, title="Nghị quyết", text=text)


TEXTS = ["", "Chữ.\nDòng hai.", "Đường lối đổi mới. " * 860, "Điều 1. Phạm vi\n" * 30_000, "😀 ĐỔI\x00\n\r\n" * 4_000]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: str(len(text)))
def test_a_stored_text_comes_back_at_every_length(text: str) -> None:
    packed = pack(_article(text))
    assert unpack(packed) == unpack(memoryview(packed)) == _article(text)


@pytest.mark.parametrize("size", [200, 40_000])
def test_a_damaged_article_says_what_to_do(size: int) -> None:
    """At every place of a short article, at two hundred of a long one."""
    packed = pack(_article("".join(map(chr, range(0xC0, 0xC0 + 500))) * (size // 500 + 1)))
    for at in range(0, len(packed), max(1, len(packed) // 200)):
        damaged = packed[:at] + bytes([packed[at] ^ 0x55]) + packed[at + 1 :]
        with pytest.raises(CorruptIndexError, match="reindex --full"):
            unpack(damaged)
        with pytest.raises(CorruptIndexError):
            unpack(packed[:at])


def test_a_long_text_of_an_earlier_index_opens() -> None:
    """Earlier versions wrote every text as UTF-8 under zlib."""
    text = "Điều 1. Phạm vi\n" * 3_000
    earlier = zlib.compress(b'{"id":"a","key":"000000000000","title":"Ngh\\u1ecb quy\\u1ebft"}\n' + text.encode())
    assert unpack(earlier) == _article(text)
