"""Find type and subject ("trích yếu") of an official document in its heading.

A subject in capitals is written as people write a title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from searchapp.citations.find.vocabulary import HEADINGS
from searchapp.readers.capitals import sentence
from searchapp.readers.dateline import is_dateline
from searchapp.text.syllables import is_syllable

MAX_LINES: Final = 14
"""The most lines of a subject; a subject that names the documents it amends has about ten."""
MAX_LINE: Final = 600

LAWS: Final = ("Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp")
FORMS: Final = (
    "Đơn",
    "Giấy",
    "Phiếu",
    "Tờ khai",
    "Bản khai",
    "Biên bản",
    "Bản kiểm điểm",
    "Bản cam kết",
    "Thư mời",
    "Hợp đồng",
)
"""Types that have no subject of their own, only a name: "Đơn đề nghị …", "Giấy mời …"."""
TYPES: Final = tuple(sorted(HEADINGS, key=lambda name: (-len(name), name)))
_CONSOLIDATED: Final = "Văn bản hợp nhất"
_CORRECTION: Final = "Đính chính"
_TYPE_OF: Final = {name.upper(): name for name in TYPES}
_CAPITALS: Final = "|".join(map(re.escape, _TYPE_OF))
_NAMED: Final = re.compile(rf"(?P<type>{_CAPITALS})(?=\s|$)")
_FORM: Final = re.compile(rf"(?:{'|'.join(name.upper() for name in FORMS)})(?=\s|$)")
_NO_FORM: Final = re.compile(r"(?:ĐƠN VỊ|GIẤY PHÉP SỐ)(?=\s|$)")
_NOTE_MARK: Final = re.compile(r"(?<=[^\W\d_])\s?[(\[]?\d{1,2}[)\]]?$|[*:]+$")
_GLUED_NOTE: Final = re.compile(r"(?<!\w)(?P<word>[^\W\d_]{2,})\d{1,2}(?![\w/.-])")
_COUNTED: Final = re.compile(
    "quý|tháng|ngày|năm|lần|khóa|kỳ|số|điều|khoản|lớp|hạng|loại|cấp|bậc|nhóm|quận|phường|khu|tổ|ấp|đợt|tuần|[a-z]{2}"
)
_OUTSIDE: Final = re.compile(r"^V/v\s*:?\s*|\s?[(\[]\d{1,2}[)\]]$|[¹²³]$", re.IGNORECASE)  # the last: a note's mark
LETTER: Final = re.compile(r"(?:V/v|V/V|Về việc)\s*:?\s+")

_SAME: Final = 5  # words at the beginning of two lines that say the same
RULE: Final = re.compile(r"[\s_\-–—=*.•]*")
BODY: Final = re.compile(
    r"""(?:Căn\ cứ | Theo\ (?:đề\ nghị|Công\ văn|Tờ\ trình|quy\ định|chỉ\ đạo) | Xét\s | Kính\ (?:gửi|trình|thưa)
         | Điều\s+\d | Chương\s+[IVX\d] | Phần\s+(?:thứ|[IVX\d]) | PHẦN\s+(?:THỨ|[IVX\d]) | CHƯƠNG\s+[IVX\d]
         | QUYẾT\ NGHỊ | QUYẾT\ ĐỊNH\s*: | NGHỊ\ ĐỊNH\s*: | RA\ LỆNH | \d+\.\s?[^\d] | [IVX]+\s?[.\-)]\s
         | [IVXA-D]+/\s | [A-D]\s?[.\-)]\s
         | Tôi\ (?:tên\ )?(?:là|ký)\b | Họ\ (?:và\ )?tên\b
         | Ngày\s+\d(?!\d?\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{4}\W*$) | Hôm\ nay | (?:Trong\s|Nhằm\s|Để\s|Sau\ khi\s|Qua\s)
         | Vào\ (?:hồi|lúc)\s | LỜI\ NÓI\ ĐẦU | Thi\ hành\s | Chiểu\s | Hiện\ nay | Được\ sự\s
         | Năm\s\d{4},\s | Thời\ gian\s | Thực\ hiện\s | Nơi\ nhận | Trân\ trọng )""",
    re.VERBOSE,
)
# A subject never begins with these words, unlike "Thực hiện Nghị quyết số 57-NQ/TW".
_NO_SUBJECT: Final = re.compile(
    r"(?:Căn cứ\s|Kính (?:gửi|trình)|Điều\s+\d|Chương\s+[IVX\d]|QUYẾT NGHỊ|QUYẾT ĐỊNH\s*:|NGHỊ ĐỊNH\s*:|Xét (?:đề|Tờ)"
    r"|Theo đề nghị|\d+\.\s|[IVX]+[.\-]\s|Nơi nhận|Tôi (?:tên )?là)"
)
_BULLET: Final = re.compile(r"^[-–—+*•]\s*")
_GOES_ON: Final = re.compile(
    r"(?:[,\-–]|\s(?:của|và|cho|tại|với|do|ở|theo|(?:định|quyết|luật|tư|thị|lệnh|hoạch|trình|văn) số|về|việc"
    r"|trong|trên|các|những|được|để|đối với|giữa"
    r"|một số điều|ngày|tháng|năm|hoặc))$",
    re.IGNORECASE,
)
_AWAITS_FIGURES: Final = re.compile(r"\s(?:ngày|tháng|năm)$", re.IGNORECASE)  # "Kết quả hoạt động 8 tháng" is whole
_OF_ONE_NAME: Final = re.compile(rf"(?:{_GOES_ON.pattern[:-1]}|HỘI ĐỒNG(?=\nBỘ TRƯỞNG$))\n", re.IGNORECASE)
# "Luật Nhà ở số 27/2023/QH15 ngày …", below the subject of a consolidated text.
_OTHER_ACT: Final = re.compile(
    rf"(?:\d+\.\s)?(?:(?:{'|'.join(TYPES)})(?:\s+số)?|(?:Bộ luật|Luật|Pháp lệnh)\s[^;:.]{{2,150}}?\ssố):?\s+\d+[\w./-]*"
    r"\s+ngày\s",
    re.IGNORECASE,
)
_OFFICE: Final = re.compile(
    r"(?:CHỦ TỊCH|BỘ TRƯỞNG|GIÁM ĐỐC|CỤC TRƯỞNG|TRƯỞNG|BAN THƯỜNG VỤ|BAN CHẤP HÀNH|HỘI ĐỒNG|ỦY BAN|UỶ BAN"
    r"|THỦ TƯỚNG|HIỆU TRƯỞNG"
    r"|CHÍNH PHỦ|QUỐC HỘI|CHÁNH|VIỆN TRƯỞNG|THỐNG ĐỐC|TỔNG|BỘ|UBND|HĐND|THƯỜNG TRỰC|BAN(?!\sHÀNH)|SỞ|ĐẢNG ỦY|TỈNH ỦY"
    r"|THÀNH ỦY|HUYỆN ỦY|T(?:ÒA|OÀ) ÁN|VIỆN KIỂM SÁT)(?=\s|$)"
)
_DECISIONS: Final = ("Sắc lệnh", "Sắc luật", "Nghị định", "Nghị quyết", "Quyết định", "Thông tư", "Chỉ thị", "Lệnh")
_DECIDER: Final = re.compile(
    r"(?:CHỦ TỊCH|BỘ TRƯỞNG|QUỐC HỘI|CHÍNH PHỦ|THỦ TƯỚNG|HỘI ĐỒNG|ỦY BAN|UỶ BAN|THỐNG ĐỐC|GIÁM ĐỐC)(?=\s|$)"
    r"(?!.*\s(?:VỀ|BAN HÀNH|QUY ĐỊNH)\s)"
)
_GROUNDS: Final = re.compile(r"[-–+•*]?\s*(?:Căn cứ|Chiểu|Xét|Theo (?:đề nghị|lời))\s", re.IGNORECASE)
# "KHÓA X, KỲ HỌP THỨ 9", "NƯỚC CỘNG HÒA …", "TỈNH …": below the office that decides.
_OFFICE_GOES_ON: Final = re.compile(r"(?:KHÓA|KHOÁ|KỲ HỌP|NHIỆM KỲ|NƯỚC|TỈNH|THÀNH PHỐ|QUẬN|HUYỆN|PHƯỜNG|XÃ)\s")
# "Ủy ban nhân dân tỉnh ban hành kế hoạch với các nội dung sau:"
_SPEAKS: Final = re.compile(
    r"(?:(?:Ủy|Uỷ) ban|Hội đồng|Ban|Bộ|Sở|Chính phủ|Quốc hội|Thủ tướng|Chủ tịch|UBND|HĐND|Đảng (?:ủy|uỷ)"
    r"|\S+ (?:ủy|uỷ)|Phòng|Chi bộ)\s"
    r".*\b(?:ban hành|báo cáo|thông báo|yêu cầu|đề nghị|kính trình|xây dựng|tổ chức|quyết định|quy định"
    r"|hướng dẫn|trân trọng)\b"
)
_ADOPTED: Final = re.compile(
    r"(?:HỘI NGHỊ|ĐẠI HỘI|CỦA|BAN|BỘ CHÍNH TRỊ|KỲ HỌP|KHÓA|KHOÁ|LẦN THỨ)(?:\s|$)", re.IGNORECASE
)
_OCCASION: Final = re.compile(r"(?:HỘI NGHỊ|ĐẠI HỘI|KỲ HỌP)\s.*(?:LẦN THỨ|KỲ THỨ|THỨ)(?:\s\S+){1,3}$")
_OF_A_BODY: Final = re.compile(r"CỦA\s[^,;:\d]{4,120}")
# "của Bộ Chính trị về đại hội đảng bộ các cấp", in one line
_OF_THE_BODY: Final = re.compile(
    r"của (?:Bộ Chính trị|Ban Bí thư|Ban Chỉ đạo|Ủy ban Kiểm tra|\S+ ủy|Ban Chấp hành"
    r"|Ban Thường vụ|Hội nghị|Đại hội|Thường trực)"
    r"(?:\s(?!về\s)[^\s,;:]+){0,12}\s(?=về\s)",
    re.IGNORECASE,
)
_ABOUT: Final = re.compile(r"(?:về|v/v)\s", re.IGNORECASE)
_AMENDING: Final = re.compile(
    r"(?:sửa đổi|bổ sung|bãi bỏ|thay thế|quy định|về|ban hành|kéo dài|ngưng|đính chính)(?!\w)", re.IGNORECASE
)


# "Sô: 45/QĐ-UBND", "ngày 2O tháng 9 năm 2O24": as a foreign OCR reads a heading.
_MISREAD: Final = re.compile(
    r"^S[ôÔ](?=\s?:\s?\d)|(?<=ngày )[\dOo]{2}(?= tháng)|(?<=tháng )[\dOo]{2}(?= năm)|(?<=năm )2[\dOo]{3}(?!\w)"
)
# "Số/No.: 12/QĐ-X", "QUYẾT ĐỊNH/DECISION", with the motto in both languages.
_IN_ENGLISH: Final = re.compile(
    r"(?:THE\s)?SOCIALIST REPUBLIC OF VIET\s?NAM|INDEPENDENCE\s?[-–]\s?FREEDOM\s?[-–]\s?HAPPINESS", re.IGNORECASE
)
_BOTH_WORDS: Final = re.compile(r"^(?P<own>Số|V/v|Về việc)\s?[/(]\s?(?:No|Re|Ref|Subject)\b\.?\)?")
_BOTH_TYPES: Final = re.compile(rf"^(?P<own>{_CAPITALS})\s*/\s*[A-Z ]{{4,40}}$")


@dataclass(frozen=True, slots=True)
class Subject:
    """Type and title of a document, "" where missing; line: of the type, -1 without; end: after the subject."""

    type: str = ""
    title: str = ""
    line: int = -1
    end: int = 0


def as_meant(line: str) -> str:
    """Return a line of a heading without slips of an OCR and without its English half; "" for the motto in English."""
    if _IN_ENGLISH.fullmatch(line):
        return ""
    return _MISREAD.sub(_letters, _BOTH_TYPES.sub(r"\g<own>", _BOTH_WORDS.sub(r"\g<own>", line)))


def _letters(misread: re.Match[str]) -> str:
    return "Số" if misread[0][0] == "S" else misread[0].upper().replace("O", "0")


def find(lines: Sequence[str], limit: int) -> Subject:
    """Return type and subject from the first `limit` lines of a document; later lines show how names are written."""
    head = lines[:limit]
    kinds = [(number, kind) for number, line in enumerate(head) if (kind := alone(line))]
    if len(kinds) > 1 and kinds[0][1] == _CONSOLIDATED:
        kinds = kinds[1:]  # above a letterhead it names no matter: the type of the consolidated text does, below it
    if kinds:
        number, kind = kinds[0]
        return _form(head[number], number, lines) if kind in FORMS else _titled(kind, "", number, lines)
    for number, line in enumerate(head):
        if found := LETTER.match(line):
            under = _under(lines, number + 1, [line[found.end() :]])
            return Subject("Công văn", _capital(" ".join(under).strip(' “”"')), number, number + len(under))
        if line.isupper() and len(line) < 200 and _FORM.match(line) and not _NO_FORM.match(line):
            return _form(line, number, lines)
        if line.isupper() and (named := _NAMED.match(line)) and _is_type(lines, number, line[named.end() :]):
            return _titled(_TYPE_OF[named["type"]], line[named.end() :].strip(), number, lines)
    for number, line in enumerate(head):
        if line in TYPES:
            return _titled(line, "", number, lines)
    return Subject()


def speaks(line: str) -> bool:
    """Tell whether a body begins to speak in a line: "Ban Thường vụ Tỉnh ủy ban hành Kế hoạch như sau:"."""
    return _SPEAKS.match(line) is not None


def named(line: str) -> str:
    """Return the type that a line begins with, in capitals or as people write it; "" without a type."""
    found = _NAMED.match(line.upper())
    return _TYPE_OF[found["type"]] if found and line[:1].isupper() else ""


def about(told: str, after: int, kind: str, lines: Sequence[str]) -> Subject:
    """Return the subject that begins in a heading and goes on in line `after` and the lines below."""
    under = _under(lines, after, [told] if told else [])
    if not told and under and under[0].isupper() and _OFFICE.match(under[0]):
        under = []  # the office that decides, above the body of a document without a subject
    text = " ".join(under)
    text = sentence(text, lines) if text.isupper() else text
    return Subject(kind, called(kind, re.sub(r"^V/v\s*:?\s*", "", text)), after, after + len(under) - bool(told))


def alone(line: str) -> str:
    """Return the type that is alone on a line in capitals, but for a note's mark; else ""."""
    return _TYPE_OF.get(_NOTE_MARK.sub("", line).strip(" .-"), "")


def _is_type(lines: Sequence[str], number: int, rest: str) -> bool:
    """Tell whether capitals that begin with a type's name are a heading: "SỞ ⏎ KẾ HOẠCH VÀ ĐẦU TƯ" is none."""
    before = lines[number - 1] if number else ""
    return not re.match(r"\s(?:VÀ|SƯ|VIÊN)(?:\s|$)|\s(?:SỐ|QUY PHẠM)", rest) and not (
        before.isupper() and re.search(r"(?:^|\s)(?:SỞ|BỘ|PHÒNG|BAN|VỤ)$", before)
    )


def _form(line: str, number: int, lines: Sequence[str]) -> Subject:
    """Return the subject of a form: its own name and its matter."""
    under = _under(lines, number + 1, [])
    about = sentence(" ".join(under), lines) if " ".join(under).isupper() else " ".join(under)
    name = sentence(_NOTE_MARK.sub("", line), lines)
    title = f"{name} {about[:1].lower()}{about[1:]}".strip() if about and not name.endswith(about) else name
    kind = next(kind for kind in (*TYPES, *FORMS) if name.lower().startswith(kind.lower()))
    return Subject(kind, title, number, number + 1 + len(under))


def _titled(kind: str, rest: str, number: int, lines: Sequence[str]) -> Subject:
    if re.match(r"CỦA\s", rest):
        rest = ""
    under = _under(lines, number + 1, [rest] if rest else [])
    if rest and not all(map(str.isupper, under)):
        under[0] = sentence(rest, lines)  # "QUY CHẾ LÀM VIỆC / của Ban Chấp hành …"
    after = lines[number + 1 + len(under)] if number + 1 + len(under) < len(lines) else ""
    if not rest and under and kind in _DECISIONS and _DECIDER.match(under[0].upper()) and _GROUNDS.match(after):
        under = []  # the office that decides, above the body of a document without a subject
    told = _GLUED_NOTE.sub(_unmarked, " ".join(_own_subject(under)))
    told = sentence(told, lines) if told.isupper() else told
    told = _OUTSIDE.sub("", _unquoted(told))
    return Subject(kind, called(kind, told), number, number + 1 + len(under) - bool(rest))


def _unquoted(told: str) -> str:
    """Return a subject without the quotation marks around it; those of a name at its end stay."""
    bare = told.strip(' "“”')
    return f"{bare}”" if told.rstrip().endswith("”") and bare.count("“") > bare.count("”") else bare


def _unmarked(found: re.Match[str]) -> str:
    word = found["word"].lower()  # "phí2" bears the mark of a note, "quý2" and "CO2" do not
    return found["word"] if is_syllable(word) and not _COUNTED.fullmatch(word) else found[0]


def called(kind: str, told: str) -> str:
    """Return the title of a document of a type: a law's has the type, all others are the subject alone."""
    if kind == _CORRECTION and told and not told.lower().startswith(kind.lower()):
        return f"{kind} {told}"  # "ĐÍNH CHÍNH / Thông tư số …"
    if not told or kind not in LAWS or told.lower().startswith(kind.lower()):
        return _capital(told)
    return f"{kind} {told[:1].lower() + told[1:] if _AMENDING.match(told) else _capital(told)}"


def _under(lines: Sequence[str], start: int, begun: list[str]) -> list[str]:
    """Return the lines of the subject: until the body, a rule, the number, or capitals after ordinary letters."""
    subject = list(begun)
    for line in lines[start : start + MAX_LINES]:
        if _ends(line, subject):
            break
        subject.append(line)
    while len(subject) > 2 and subject[-1].isupper() and _goes_on_an_office(subject):
        subject.pop()
    # The office that decides may stand once more above the body: "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH …".
    above, last = subject[-2:-1], subject[-1:]
    # "HỘI NGHỊ LẦN THỨ … / BAN CHẤP HÀNH TRUNG ƯƠNG ĐẢNG KHÓA …" is one name.
    whole = above and (_OCCASION.match(above[0]) or _OF_ONE_NAME.search(f"{above[0]}\n{last[0]}"))
    if above and last[0].isupper() and _OFFICE.match(last[0]) and not whole:
        subject.pop()
    return subject


def _goes_on_an_office(subject: Sequence[str]) -> bool:
    """Tell whether the last line is the place, term or session of the office that decides, above it."""
    if not _OFFICE_GOES_ON.match(subject[-1]):
        return False
    at = next((n for n in range(len(subject) - 1, 0, -1) if not _OFFICE_GOES_ON.match(subject[n])), 0)
    return at > 0 and _OFFICE.match(subject[at]) is not None and not _GOES_ON.search(subject[at - 1])


def _ends(line: str, subject: Sequence[str]) -> bool:
    if (
        RULE.fullmatch(line)
        or len(line) > MAX_LINE
        or is_dateline(line)
        or line.endswith("!")
        or re.match(r"(?:Luật\s)?[Ss]ố\s*:", line)
    ):
        return True
    if not subject:
        return _NO_SUBJECT.match(_BULLET.sub("", line)) is not None
    before = subject[-1]
    if _ABOUT.match(line) and _OF_A_BODY.fullmatch(" ".join(subject)):
        return False  # "CỦA BAN BÍ THƯ / Về việc …"
    if _NO_SUBJECT.match(line) or (before.isupper() and _OTHER_ACT.match(line)):
        return True
    capitals = (subject[0] if before[:1].isdigit() else before).isupper()
    if line.isupper() and not capitals and not (line[:1].isdigit() and _GOES_ON.search(before)):
        return True
    if before.isupper() and not line.isupper() and len(" ".join(subject)) > 12 and not _GOES_ON.search(before):
        # A line without capitals ends a subject in capitals: recipients, a dateline, the body.
        return not line[:1].islower()
    if _GOES_ON.search(before) and (line[:1].isdigit() or not _AWAITS_FIGURES.search(before)):
        return False
    # A subject has no full stop; a sentence after it may have one.
    if len(words := subject[0].lower().split()[:_SAME]) == _SAME and line.lower().split()[:_SAME] == words:
        return True  # the body begins with the words of the subject: "Đại hội đại biểu Đảng bộ xã … họp từ ngày"
    if line[:1].isupper() and line.endswith((".", ":", ";")) and not re.search(r"\b(?:TP|v\.v|\.\.)\.$", line):
        return True
    body = BODY.match(_BULLET.sub("", line))
    return bool(body or _OTHER_ACT.match(line) or _SPEAKS.match(line) or line.startswith("("))


def _own_subject(under: Sequence[str]) -> Sequence[str]:
    """Return the subject without the body that adopted it: "HỘI NGHỊ LẦN THỨ NĂM … / Về …"."""
    about = next((n for n, line in enumerate(under) if _ABOUT.match(line)), 0)
    if not about and under and (body := _OF_THE_BODY.match(under[0])):
        return [under[0][body.end() :], *under[1:]]
    if about and _ADOPTED.match(under[0]):
        return under[about:]
    if under and under[0].startswith("CỦA ") and under[0].isupper():
        return under[1:]
    return under


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
