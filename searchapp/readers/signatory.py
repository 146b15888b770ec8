"""Find the signer of an official document: the name under its first signature block, before annexes and copies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from searchapp.citations.find.vocabulary import read_table
from searchapp.text.normalize import fold
from searchapp.text.syllables import CAPITALS, SMALL

_BLOCK_LINES: Final = 9
"""The lines between an office and its name: further offices, "(Đã ký)", lines of the column beside them."""

_PROXY: Final = r"(?:TM|T/M|T\.M|KT|K/T|K\.T|TL|T/L|T\.L|TUQ|T/UQ|T\.UQ|Q|TS)(?:\.\s?|\s)"
_RANKS: Final = r"(?:(?:QUYỀN|PHÓ|PHÓ TỔNG|TỔNG|THƯỜNG TRỰC|PHÓ CHI|CHI)\s)?"
_CHIEF: Final = (
    r"(?:CHỦ TỊCH|THỦ TƯỚNG|BÍ THƯ|BỘ TRƯỞNG|THỨ TRƯỞNG|TRƯỞNG|CHÁNH|CHỦ NHIỆM|GIÁM ĐỐC|CỤC TRƯỞNG|VỤ TRƯỞNG"
    r"|VIỆN TRƯỞNG|HIỆU TRƯỞNG|KIỂM TOÁN|THANH TRA|THỐNG ĐỐC|TƯ LỆNH|CHÍNH ỦY|CHỈ HUY TRƯỞNG|THẨM PHÁN|TỔ TRƯỞNG"
    r"|ĐỘI TRƯỞNG|ỦY VIÊN|UỶ VIÊN|CHỦ TỌA|CHỦ TRÌ|TỔNG THƯ KÝ|THƯ KÝ|THỦ TRƯỞNG"
    r"|CHẤP HÀNH VIÊN|ĐIỀU TRA VIÊN|KIỂM SÁT VIÊN|CÔNG CHỨNG VIÊN|TRỌNG TÀI VIÊN|THỪA PHÁT LẠI)(?=\s|$)"
)
_OFFICE: Final = re.compile(rf"(?:{_PROXY}|{_RANKS}{_CHIEF})")
# Texts of the web write the office in small letters too, alone on its line.
_SMALL: Final = re.compile(rf"(?:{_PROXY}\S.{{0,80}}|{_RANKS}{_CHIEF}(?:\s\S+){{0,9}})", re.IGNORECASE)
_MARK: Final = r"\W*(?:(?:đã\s?|được\s)k[ýí]|da\s?k[yi]|k[ýí] tên|signed)(?:,?\s(?:và\s)?đóng dấu)?\W*"
_SIGNED: Final = re.compile(rf"\W*\((?:đã\s)?k[ýí][^)]*\)\W*|^{_MARK}|{_MARK}$", re.IGNORECASE)
_BESIDE: Final = re.compile(r"^\W*Nơi (?:nhận|gửi)|^[-–+•*]\s|^\(?\d+\)|^_+$")
# "- Lưu: VT, TH. KT. CHỦ TỊCH": two columns on one line.
_COLUMN: Final = re.compile(
    rf"[:;.,)\]\s]\s*(?P<right>{_OFFICE.pattern}[^{SMALL}]*|(?:[{CAPITALS}][\w'’]*\s?){{2,6}})$"
)
_COPY: Final = re.compile(r"\W*(?:SAO (?:Y|LỤC|GỬI)|BẢN SAO|CHỨNG THỰC BẢN SAO)(?!\w)", re.IGNORECASE)

_RANK: Final = re.compile(
    r"(?:(?:Đại|Thượng|Trung|Thiếu)\s(?:tướng|tá|úy)|(?:PGS|GS|TSKH|TS|ThS|Ths|BS|BSCKI{1,2}|BSCK\s?[12I]+|CK\s?[12I]+"
    r"|KS|LS|Đ/c|Đồng chí|NGƯT|NGND|TTƯT|CN|Luật sư|Linh mục|Hòa thượng|Ông|Bà)\b)[.,:]*\s*"
)
_SYLLABLE: Final = rf"[{CAPITALS}][{SMALL}]*(?:['’][{CAPITALS}{SMALL}]+)?"
_NAME: Final = re.compile(
    rf"(?:{_SYLLABLE}\s){{1,4}}{_SYLLABLE}|[KH]['’]\s?{_SYLLABLE}(?:\s{_SYLLABLE}){{0,3}}"  # "K' Brẹo"
)
_NO_NAME: Final = re.compile(
    r"(?:Nơi|Như|Phụ|Mẫu|Biểu|Danh (?:Mục|Sách)|Điều|Chương|Phần|Mục|Căn|Lưu (?:Văn (?:Thư|Phòng)|Hồ Sơ)"
    r"|Bộ|Sở|Ủy|Uỷ|Ban|Văn Phòng|Hội|Kính|Số|Thành Phố"
    r"|Tỉnh|Hà Nội"
    r"|Việt Nam|Công Báo|Quy|Quyết|Nghị|Thông)(?!\w)"
)
_FAMILIES: Final = frozenset(row["name"] for row in read_table("names.tsv") if row["kind"] == "family")


def signer(lines: Sequence[str], start: int = 0) -> str:
    """Return the name under the first signature block from line `start` on; "" where nobody signed by name."""
    return found(lines, start)[0]


def found(lines: Sequence[str], start: int = 0) -> tuple[str, int]:
    """Return the signer, and the line of the signing office; ("", -1) without a signer."""
    for number in range(start, len(lines)):
        if _COPY.match(lines[number]) and lines[number].isupper():
            break
        if is_office(right(lines[number])) and (name := _below(lines, number)):
            return name, number
    return "", -1


def name_of(line: str) -> str:
    """Return a line that is a name, without rank, degrees and "(đã ký)"; "" when it is no name.

    >>> name_of("Đại tướng Phan Văn Giang"), name_of("(Đã ký) LÊ THỊ BÌNH"), name_of("Như trên")
    ('Phan Văn Giang', 'Lê Thị Bình', '')
    """
    line = _SIGNED.sub(" ", line).strip(" .,;:*_/0123456789")
    while rank := _RANK.match(line):
        line = line[rank.end() :]
    if line.isupper() and line.split(" ")[0].lower() in _FAMILIES and not _OFFICE.match(line):
        line = " ".join(word.capitalize() for word in line.split())
    return line if _NAME.fullmatch(line) and not _NO_NAME.match(line) else ""


def is_office(line: str) -> bool:
    """Tell whether a line names an office that signs: "KT. CHỦ TỊCH", "THỨ TRƯỞNG"."""
    if len(line) > 150:
        return False
    if line.isupper():
        return _OFFICE.match(line) is not None
    return len(line) < 100 and not line.endswith((".", ";", ":", ",")) and _SMALL.fullmatch(line) is not None


def _below(lines: Sequence[str], office: int) -> str:
    """Return the name under an office, past the lines that may stand between the two."""
    for line in lines[office + 1 : office + 1 + _BLOCK_LINES]:
        beside = right(line)
        if name := name_of(beside):
            return name
        if _COPY.match(beside) and beside.isupper():
            return ""
        if not (beside.isupper() or is_office(beside) or _BESIDE.match(line) or _is_mark(line)):
            return ""
        if _ANNEX.match(beside):
            return ""
    return ""


_ANNEX: Final = re.compile(
    r"(?:PHỤ LỤC|DANH MỤC|DANH SÁCH|MẪU|BIỂU|QUY CHẾ|QUY ĐỊNH|KẾ HOẠCH|ĐỀ ÁN)(?!\w)", re.IGNORECASE
)


def _is_mark(line: str) -> bool:
    return not fold(_SIGNED.sub("", line)).strip(" .,;:*_-[]()")


def right(line: str) -> str:
    """Return the right column of a line that begins with recipients; any other line whole."""
    if _BESIDE.match(line) and (column := _COLUMN.search(line, 3)):
        return column["right"].strip()
    return line
