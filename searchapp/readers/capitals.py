"""Write a phrase in capitals as people write it: a sentence, in which names keep their capitals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from typing import Final

from searchapp.citations.find.vocabulary import NAMES, read_table
from searchapp.text.normalize import fold
from searchapp.text.syllables import CAPITALS, is_syllable

_NAMED_LINES: Final = 3_000  # lines of the document's own text, where names are looked up

_WRITTEN: Final = {"TTG": "TTg", "CTR": "CTr", "TTR": "TTr"}
_CODES: Final = re.compile(rf"(?<=[-/])(?:{'|'.join(_WRITTEN)})(?!\w)")  # of a number: "29/2021/QĐ-TTg"
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_NO_NUMERAL: Final = re.compile(r"\b(?:VI(?= (?:PHẠM|SINH|MẠCH|MÔ|BẰNG|RÚT|TÍNH|KHUẨN)\b)|XI(?= MĂNG\b))")
_SENTENCE_ENDS: Final = re.compile(r"(?:^|[.!?:;“\"]\s*)$")
_BEGUN: Final = re.compile(r"[\s|]*(?:[-–—+*•]|[^\W_]{1,3}[.)])?[\s|]*")  # "- Các đương sự;", "a) Các bên"
# "Bộ Khoa học và Công nghệ": its capitals are no proof for "khoa học và công nghệ".
_OF_A_BODY: Final = re.compile(
    rf"(?<!\w)(?:Bộ|Sở|Vụ|Cục|Viện|Phòng|Ban|Ủy ban|Hội đồng|Trung tâm)"
    rf"(?:\s[{CAPITALS}][^\W\d_]*(?:\s(?![{CAPITALS}])(?!và\s)[^\W\d_]+){{0,2}}(?:,|\s[-–]|\svà)?)+"
)
_HEADS: Final = frozenset(("bộ", "sở", "vụ", "cục", "viện", "phòng", "ban", "đồng", "tâm"))
_NAME: Final = 8  # words of the name of a body
_LEVEL: Final = frozenset(("tỉnh", "huyện", "quận", "xã", "phường", "phố", "trấn", "khu"))
# No place is named after these words: "xã hội", "tỉnh ủy", "thành phố thông minh", "huyện nông thôn mới".
_NO_PLACE: Final = re.compile(
    r"hội|ủy|uỷ|đoàn|đội|nông|đạt|đảo|miền|biên|năm|về|và|trên|thuộc|trong|có|được|giai|"
    r"thông|trực|nghèo|đặc|loại|trọng|mới|sau|do|theo|đến|từ|cho|phụ|quản|giao|khu|kinh|"
    r"công|du|dân|tế|hành|tại|là|với|để|không|đang|đã|sẽ|viên|vùng|an|văn|nhân|thương|"
    r"nghiệp|kỳ|khóa|nhiệm|lần|các|những|của|trung|chính|y|giáo|bảo|thể|tự|trật|khi|như|"
    r"ban|đô|ở|ra|vào|chịu|quý|1|2|3|đối|tổ|thôn|làng|chợ|nhà|cấp|tình|xã|phường|"
    r"huyện|quận|tỉnh|thành"
)
_ACTS: Final = frozenset(NAMES)
_NO_LAW: Final = re.compile(r"(?:kỷ|pháp|quy) luật |luật (?:sư|sửa|gia|pháp|về|và|của|số|định|lệ)$")
_LISTS: Final = frozenset({("danh", "mục"), ("điều", "lệ"), ("nội", "quy"), ("bộ", "tiêu"), ("quy", "trình")})
_BODIES: Final = frozenset({("học", "viện"), ("tổng", "cục"), ("chi", "cục"), ("tập", "đoàn")})
_CONGRESS: Final = re.compile(r"[ivx]+|đại|đảng|lần|toàn")


def sentence(capitals: str, lines: Sequence[str]) -> str:
    """Return a phrase in capitals as a sentence, with names as the document's own lines write them, else as known.

    >>> sentence("VỀ CHUYỂN ĐỔI SỐ TẠI TỈNH ĐỒNG NAI", [])
    'Về chuyển đổi số tại tỉnh Đồng Nai'
    """
    capitals = _NO_NUMERAL.sub(lambda word: word[0].lower(), capitals)
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
    return _CODES.sub(lambda code: _WRITTEN[code[0]], "".join([*pieces, capitals[end:]]))


def _small(word: str) -> str:
    """Return a word in small letters; a word that is no syllable stays: UBND, XIII, COVID, B52."""
    small = word.lower()
    if small in _FOREIGN:
        return small
    return small if is_syllable(small) and not re.fullmatch("[IVX]+", word) else word


def _tables() -> tuple[dict[tuple[str, ...], tuple[int, ...]], frozenset[str]]:
    """Return the table of names (words in small letters → places of the capitals), and the set of foreign words."""
    names = [row["name"] for row in read_table("names.tsv") if row["kind"] == "proper"]
    names += [row["place"] for row in read_table("places.tsv") if row["place"] != "TPHCM"]
    names += [row["name"] for row in read_table("issuers.tsv") if " " in row["name"]]
    found, foreign = {}, set[str]()
    for name in names:
        words = _WORD.findall(name)
        found[tuple(word.lower() for word in words)] = tuple(n for n, word in enumerate(words) if word[0].isupper())
        foreign |= {word.lower() for word in words if not is_syllable(word.lower()) and not word.isupper()}
    return found, frozenset(foreign)


_KNOWN, _FOREIGN = _tables()  # read at once: a confined reader may open no table later
_LONGEST: Final = max(map(len, _KNOWN))


def _named(small: Sequence[str]) -> set[int]:
    """Return the positions of the words that known names begin with a capital, longest names first."""
    found, at = set[int](), 0
    while at < len(small):
        size = next((n for n in range(min(_LONGEST, len(small) - at), 0, -1) if tuple(small[at : at + n]) in _KNOWN), 0)
        found |= {at + n for n in _KNOWN[tuple(small[at : at + size])]} if size else set()
        at += size or 1
    return found


def _told(small: Sequence[str], lines: Iterable[str]) -> set[int]:
    """Return the positions of the words that the document writes with a capital between the same neighbours.

    The names of bodies tell only the words behind the head of a body.
    """
    kept = lines[:_NAMED_LINES] if isinstance(lines, Sequence) else list(lines)
    told = [line for line in kept if not line.isupper()]
    found = _capitals(small, chain.from_iterable(map(_without_bodies, told)))
    heads = [at for at, word in enumerate(small) if word in _HEADS]
    if heads:
        inside = _capitals(small, told)
        found |= {number for number in inside if any(0 <= number - at <= _NAME for at in heads)}
    return found


def _capitals(small: Sequence[str], lines: Iterable[str]) -> set[int]:
    """Return the positions of the words that these lines write with a capital more often than not."""
    wanted = set(pairwise(small))
    capital, seen = Counter[tuple[int, str, str]](), Counter[tuple[int, str, str]]()
    for line in lines:
        words = list(_WORD.finditer(line))
        for one, two in pairwise(words):
            pair = (one[0].lower(), two[0].lower())
            if pair not in wanted:
                continue
            for place, word in enumerate((one, two)):
                before = line[: word.start()]
                if place == 0 and (_SENTENCE_ENDS.search(before[-3:]) or _BEGUN.fullmatch(before)):
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


def _without_bodies(line: str) -> list[str]:
    """Return the pieces of a line between the names of bodies."""
    return _OF_A_BODY.split(line)


def _placed(small: Sequence[str]) -> set[int]:
    """Return the positions of the two syllables after a place's level, and of a law's name after its word."""
    found = set[int]()
    for number, word in enumerate(small[:-1]):
        following = small[number + 1]
        if word in _LEVEL and not _NO_PLACE.fullmatch(following) and is_syllable(following):
            second = small[number + 2] if number + 2 < len(small) else ""
            more = not _NO_PLACE.fullmatch(second) and is_syllable(second)
            found |= {number + 1, number + 2} if more else {number + 1}
        elif word == "luật" and not _NO_LAW.search(f"{small[number - 1]} luật {following}"):
            code = small[number - 1] == "bộ" if number else False  # "Bộ luật Hình sự"
            found |= {number - 1 if code else number, number + 1}
        elif following == "số" and number + 2 < len(small) and small[number + 2][0].isdigit():
            # "… của Nghị quyết số 57": the type of a named document begins with a capital.
            found |= {
                number + 1 - size for size in (4, 3, 2, 1) if _is_act(small[max(0, number + 1 - size) : number + 1])
            }
        elif (word, following) == ("ban", "hành") and (act := _act_at(small, number + 2)):
            found |= {number + 2} if act else set()
        elif (word, following) in _BODIES and number + 2 < len(small):
            found |= {number, number + 2}
        elif (word, following) == ("đại", "hội") and _CONGRESS.fullmatch("".join(small[number + 2 : number + 3])):
            found.add(number)
    return found


def _act_at(small: Sequence[str], at: int) -> bool:
    """Tell whether the name of a type stands at a position: "ban hành Quy chế …"."""
    return any(_is_act(small[at : at + size]) for size in (1, 2, 3)) or tuple(small[at : at + 2]) in _LISTS


def _is_act(words: Sequence[str]) -> bool:
    return fold(" ".join(words)) in _ACTS
