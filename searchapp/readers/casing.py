"""A title in capitals as people write it: a sentence, its names in capitals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from searchapp.citations.forms import NAMES, read_table
from searchapp.text.fold import fold
from searchapp.text.syllables import is_syllable

MAX_LINES: Final = 3_000  # of the document's own text, where its names are looked up

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SENTENCE_ENDS: Final = re.compile(r"(?:^|[.!?:;“\"]\s*)$")
# Names that titles hold and that the document's own text may not say once more.
_NAMES: Final = """Việt Nam|Cộng hòa xã hội chủ nghĩa Việt Nam|Đảng Cộng sản Việt Nam|Điều lệ Đảng|Đảng|Nhà nước|Trung ương Đảng|Trung ương|Bộ Chính trị|Ban Bí thư|Ban Chấp hành
Quốc hội|Chính phủ|Thủ tướng Chính phủ|Thủ tướng|Chủ tịch nước|Mặt trận Tổ quốc Việt Nam|Mặt trận Tổ quốc|Tổ quốc
Ủy ban nhân dân|Hội đồng nhân dân|Tòa án nhân dân|Viện kiểm sát nhân dân|Ủy ban Thường vụ|Ban Thường vụ|Ban Chỉ đạo
Hồ Chí Minh|Bác Hồ|Tết Nguyên đán|Tết Trung thu|Tết Dương lịch|Quốc khánh|Cách mạng tháng Tám|Giải phóng miền Nam
Điện Biên Phủ|Thương binh - Liệt sĩ|Giỗ Tổ Hùng Vương|Đoàn Thanh niên Cộng sản Hồ Chí Minh|Đoàn Thanh niên|Công đoàn
Hội Liên hiệp Phụ nữ Việt Nam|Hội Liên hiệp Phụ nữ|Hội Nông dân|Hội Cựu chiến binh|Hội Chữ thập đỏ|Huân chương Lao động
Mác - Lênin|Mác-Lênin|Lênin|Liên hợp quốc|Liên minh châu Âu|ASEAN|Internet|châu Á|châu Âu|châu Phi|châu Mỹ
Campuchia|Cam-pu-chia|Lào|Trung Quốc|Thái Lan|Nhật Bản|Hàn Quốc|Triều Tiên|Liên bang Nga|Hoa Kỳ|Cuba|Cu-ba|Ấn Độ
Xin-ga-po|Singapore|Malaysia|Ma-lai-xi-a|Indonesia|In-đô-nê-xi-a|Philippines|Phi-líp-pin|Myanmar|Mi-an-ma|Brunei
Ô-xtrây-li-a|Úc|Pháp|Đức|Anh|I-ta-li-a|Tây Ban Nha|Hà Lan|Thụy Sĩ|Thụy Điển|Na Uy|Phần Lan|Đan Mạch|Ba Lan|Ca-na-đa
Canada|Bra-xin|Ai Cập|Nam Phi|I-xra-en|Đài Loan|Hồng Kông|Ma Cao|Đông Nam Á|Thái Bình Dương|Ấn Độ Dương|Biển Đông
Trường Sa|Hoàng Sa|Phú Quốc|Côn Đảo|Cửu Long|Mê Công|Tây Nguyên|Tây Bắc|Đông Bắc|Trường Sơn|Sài Gòn|Thủ Đức|Đắk Lắk"""
_LEVEL: Final = frozenset(("tỉnh", "huyện", "quận", "xã", "phường", "phố", "trấn", "khu"))
# After these a place is not named: "xã hội", "tỉnh ủy", "thành phố thông minh", "huyện nông thôn mới".
_NO_PLACE: Final = frozenset(
    """hội ủy uỷ đoàn đội nông đạt đảo miền biên năm về và trên thuộc trong có được giai thông trực nghèo đặc loại trọng mới
    sau do theo đến từ cho phụ quản giao khu kinh công du dân tế hành tại là với để không đang đã sẽ viên vùng an văn nhân
    thương nghiệp kỳ khóa nhiệm lần các những của trung chính y giáo bảo thể tự trật khi như ban đô ở ra vào chịu quý 1 2 3
    đối tổ thôn làng chợ nhà cấp tình xã phường huyện quận tỉnh thành""".split()
)
_ACTS: Final = frozenset(NAMES)
_CONGRESS: Final = re.compile(r"[ivx]+|đại|đảng|lần|toàn")


def sentence(capitals: str, lines: Sequence[str]) -> str:
    """A phrase in capitals with its names as the document's own lines write them, else as they are generally known.

    >>> sentence("VỀ CHUYỂN ĐỔI SỐ TẠI TỈNH ĐỒNG NAI", [])
    'Về chuyển đổi số tại tỉnh Đồng Nai'
    """
    words = list(_WORD.finditer(capitals))
    small = [word[0].lower() for word in words]
    written = [_small(word[0]) for word in words]
    upper = _named(small) | _told(small, lines) | _placed(small)
    for number in upper | {0}:
        written[number] = written[number][:1].upper() + written[number][1:]
    pieces, end = [], 0
    for word, text in zip(words, written, strict=True):
        pieces += [capitals[end : word.start()], text]
        end = word.end()
    return "".join([*pieces, capitals[end:]])


def _small(word: str) -> str:
    """A word in small letters; what is no syllable stays: UBND, XIII, COVID, B52."""
    small = word.lower()
    if small in _tables()[1]:
        return small
    return small if is_syllable(small) and not re.fullmatch("[IVX]+", word) else word


@cache
def _tables() -> tuple[dict[tuple[str, ...], tuple[int, ...]], frozenset[str]]:
    """Names by their words in small letters, with which of them begin with a capital; and foreign words."""
    names = [name for name in re.split(r"[|\n]", _NAMES) if name]
    names += [row["place"] for row in read_table("places.tsv") if row["place"] != "TPHCM"]
    names += [row["name"] for row in read_table("issuers.tsv") if " " in row["name"]]
    found, foreign = {}, set[str]()
    for name in names:
        words = _WORD.findall(name)
        if words == ["Anh"] or words == ["Đức"]:
            continue  # "anh", "đức" are words first
        found[tuple(word.lower() for word in words)] = tuple(n for n, word in enumerate(words) if word[0].isupper())
        foreign |= {word.lower() for word in words if not is_syllable(word.lower()) and not word.isupper()}
    return found, frozenset(foreign)


def _named(small: Sequence[str]) -> set[int]:
    """The words that are known to begin with a capital, longest names first."""
    names, _ = _tables()
    found, at = set[int](), 0
    longest = max(map(len, names))
    while at < len(small):
        size = next((n for n in range(min(longest, len(small) - at), 0, -1) if tuple(small[at : at + n]) in names), 0)
        found |= {at + n for n in names[tuple(small[at : at + size])]} if size else set()
        at += size or 1
    return found


def _told(small: Sequence[str], lines: Iterable[str]) -> set[int]:
    """The words that the document writes with a capital where the same words stand around them."""
    wanted = set(zip(small, small[1:], strict=False))
    capital, seen = Counter[tuple[int, str, str]](), Counter[tuple[int, str, str]]()
    for line in lines[:MAX_LINES] if isinstance(lines, Sequence) else lines:
        if line.isupper():
            continue
        words = list(_WORD.finditer(line))
        for one, two in zip(words, words[1:], strict=False):
            pair = (one[0].lower(), two[0].lower())
            if pair not in wanted:
                continue
            for place, word in enumerate((one, two)):
                if place == 0 and _SENTENCE_ENDS.search(line[: word.start()][-3:]):
                    continue
                seen[(place, *pair)] += 1
                capital[(place, *pair)] += word[0][0].isupper()
    found = set[int]()
    for number in range(len(small)):
        pairs = []
        if number + 1 < len(small):
            pairs.append((0, small[number], small[number + 1]))
        if number:
            pairs.append((1, small[number - 1], small[number]))
        if any(seen[pair] and 2 * capital[pair] > seen[pair] for pair in pairs):
            found.add(number)
    return found


def _placed(small: Sequence[str]) -> set[int]:
    """The two syllables after the level of a place, and the name of a law after its word."""
    found = set[int]()
    for number, word in enumerate(small[:-1]):
        following = small[number + 1]
        if word in _LEVEL and following not in _NO_PLACE and is_syllable(following):
            found.add(number + 1)
            if number + 2 < len(small) and small[number + 2] not in _NO_PLACE and is_syllable(small[number + 2]):
                found.add(number + 2)
        elif word == "luật" and following not in ("sư", "sửa", "gia", "pháp", "về", "và", "của", "số", "định", "lệ"):
            found |= {number, number + 1}
        elif following == "số" and number + 2 < len(small) and small[number + 2][0].isdigit():
            # "… của Nghị quyết số 57": the type of a document that is named begins with a capital.
            found |= {number + 1 - size for size in (4, 3, 2, 1) if _is_act(small[max(0, number + 1 - size) : number + 1])}
        elif (word, following) == ("đại", "hội") and _CONGRESS.fullmatch("".join(small[number + 2 : number + 3])):
            found.add(number)
    return found


def _is_act(words: Sequence[str]) -> bool:
    return fold(" ".join(words)) in _ACTS
