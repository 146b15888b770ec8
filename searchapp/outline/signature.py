"""Find the signature of an official text, with its Nơi nhận."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from searchapp.outline.tree import LOWER, UPPER

_CLOSE: Final = 1_000  # characters; a signature has several lines
_OFFICES: Final = (
    "(?:PHÓ )?(?:CHỦ TỊCH|THỦ TƯỚNG|BÍ THƯ|TỔNG BÍ THƯ|BỘ TRƯỞNG|CHÁNH ÁN|TRƯỞNG BAN|CHÁNH VĂN PHÒNG|CHỦ NHIỆM|GIÁM ĐỐC"
    "|TỔNG GIÁM ĐỐC|CỤC TRƯỞNG|TỔNG CỤC TRƯỞNG|VIỆN TRƯỞNG|THỐNG ĐỐC|TỔNG KIỂM TOÁN|TỔNG THANH TRA|CHÁNH THANH TRA"
    "|HIỆU TRƯỞNG)|THỨ TRƯỞNG"
).replace(" ", "[ ]")
_SIGNED: Final = re.compile(
    rf"""^[ ]*(?: (?:Nơi|NƠI)[ ](?:nhận|NHẬN)[ ]*:
      | (?:(?:TM|T/M|KT|K/T|TL|T/L|TUQ)[. ]|Q\.)[ ]?[{UPPER}][^{LOWER}\n]*$
      | (?:{_OFFICES})(?:[ ][^{LOWER}\n]*)?$
      | XÁC[ ]THỰC[ ]VĂN[ ]BẢN[ ]HỢP[ ]NHẤT
      | (?:Bộ[ ]luật|Luật|Pháp[ ]lệnh|Nghị[ ]quyết|Hiến[ ]pháp)[ ]này[ ](?:đã[ ])?được[ ][^\n]{{0,200}}thông[ ]qua
    )""",
    re.VERBOSE | re.MULTILINE,
)


def signature(text: str, start: int, end: int) -> int | None:
    """Return where the first line of a signature begins between two offsets; None where there is none."""
    line = text.find("\n", start, end)
    found = _SIGNED.search(text, line + 1, end) if line >= 0 else None
    return found.start() if found else None


# "QUY CHẾ", "(Ban hành kèm theo Quyết định số …)": the head of a text that an official text issues.
_ATTACHED: Final = re.compile(
    r"^[ ]*(?:\((?:Ban hành )?[Kk]èm theo (?:Quyết định|Nghị định|Thông tư|Nghị quyết|Chỉ thị)\b(?! này)"
    r"|(?:PHỤ LỤC|Phụ lục)\b[^a-z]{0,12}$"
    r"|(?:QUY CHẾ|QUY ĐỊNH|ĐIỀU LỆ|QUY TRÌNH|NỘI QUY|LUẬT|BỘ LUẬT|PHÁP LỆNH|NGHỊ ĐỊNH|NGHỊ QUYẾT|THÔNG TƯ)$)",
    re.MULTILINE,
)


def cuts(text: str) -> list[int]:
    """Return where a text may end or another may begin: signatures, appendices, heads of attached texts; close ones
    once.
    """
    found = sorted(match.start() for pattern in (_SIGNED, _ATTACHED) for match in pattern.finditer(text))
    return found[:1] + [at for before, at in pairwise(found) if at - before > _CLOSE]
