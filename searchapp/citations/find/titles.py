"""Read the title that a text gives the document of a number: what follows it, up to where the sentence goes on."""

from __future__ import annotations

import re
from typing import Final

from searchapp.citations.find.ascii import Shadow
from searchapp.citations.find.laws import is_of_a_law
from searchapp.text.syllables import CAPITALS

_MAX_TITLE: Final = 300
# Nouns before the name of what a document approves or issues.
_QUOTED_NOUNS: Final = (
    "de[ ]an", "chuong[ ]trinh", "chien[ ]luoc", "ke[ ]hoach", "du[ ]an", "nguyen[ ]tac", "tieu[ ]chuan", "danh[ ]muc",
    "quy[ ]che", "quy[ ]dinh", "quy[ ]chuan", "quy[ ]trinh", "phong[ ]trao", "van[ ]dong", "de[ ]tai", "ban[ ]hanh",
)  # fmt: skip
_BEFORE_QUOTES: Final = "|".join(f"(?<={noun}[ ])" for noun in _QUOTED_NOUNS)
_TITLE: Final = re.compile(
    # "Bộ A rà soát Nghị định số …, bãi bỏ các quy định …": behind a comma a deed is the sentence's own
    r"(?:[ ]{1,2}|[ ,]{1,2}(?=ve[ ]|quy[ ]|ban[ ]hanh))"
    r"(?P<title>ban[ ]hanh:?[ ]\"[^\"\n]{4,200}\"|(?:(?:ve(?:[ ]viec)?|quy[ ]dinh|huong[ ]dan"
    r"|sua[ ]doi|ban[ ]hanh|phe[ ]duyet|bai[ ]bo"
    rf'|cong[ ]bo|quy[ ]che)[ ])(?:[^.;:()"\n]|(?<=\d)[.:](?=\d)|(?<=[ ]tp)\.(?=[ ]?[a-z])'
    rf"|\([a-z&]{{2,8}}\)(?=[ ])){{5,{_MAX_TITLE}}}"
    rf'(?:(?:{_BEFORE_QUOTES})"[^"\n]{{4,200}}")?)'
)
# What follows a title in a sentence, and is none of it; with accents, since "thi hành" is no "thì".
_OTHER: Final = (
    "nghị định|thông tư|quyết định|nghị quyết|luật|pháp lệnh|văn bản|quy định|khoản|điểm|điều|mục|phần|phụ lục|quy chế"
    "|công văn|chỉ thị|tờ trình|công điện|kết luận|thông báo"
)
_BODY: Final = "Chính phủ|Thủ tướng|Quốc hội|Chủ tịch nước|Bộ|Ủy ban|UBND|HĐND|Hội đồng nhân dân|Tòa án|Viện kiểm sát"
# "… về xử lý nợ xấu và Thủ tướng Chính phủ": the next words of the sentence, where no other body stands before.
_NEXT_BODY: Final = re.compile(
    rf"(?P<title>(?:(?!\b(?:{_BODY}|giữa|phối hợp|cùng)\b).)+?) và (?:{_BODY})\b[^,]{{0,40}}"
)
_CLAUSES: Final = (
    "các|những|theo(?! dõi)|trong|ngày|đến|từ|hiện(?! đại)|cơ quan|đơn vị|đây|nhiều"
    r"|người(?! (?:lao động|được|hoạt động|có công|nghèo|khuyết tật|cao tuổi|bị|học|làm việc)(?!\w))"
    "|việc (?:này|đó)|khi|do|với|tại|để|qua|sau|trước|ông|bà|tôi|chúng|đồng thời|đối với|đã|đang|được|đề nghị|đó"
    "|đến nay|ủy ban|uỷ ban|riêng|ở|hầu (?:như|hết)|nhưng|tuy|mặc dù|vì|bởi|nên|không(?! gian| khí| quân)|chưa|nhờ"
    "|tính đến|cho đến|theo đó|khiến|giúp|làm cho"
)
# What is done with a document: "… được ban hành"; "nguồn thu được để lại" is a part of a title.
_DONE: Final = (
    "ban hành|phê duyệt|thông qua|thực hiện|triển khai|áp dụng|công bố|quy định|đánh giá|coi|xem|kỳ vọng|đưa|đăng"
    "|hướng dẫn|tổ chức|cụ thể|xác định|nêu|ghi|Chính|Quốc|Thủ|Bộ|Ủy|các|UBND|HĐND|xây dựng"
    "|hoàn thiện|ký|lấy|trình|gửi|tiếp tục"
)
_RUNS_ON: Final = re.compile(
    r"[ ,]+(?i:có hiệu lực|hết hiệu lực|còn hiệu lực|cũng|đã|đang|sẽ|thì|(?<!pháp )(?<!nhiệm vụ )nhằm"
    r"|(?:có )?nêu(?! gương)|có ghi"
    r"|(?:chỉ|nói|ghi|quy định) rõ|khẳng định|nhấn mạnh|cho (?:biết|thấy)|tại (?:hội nghị|kỳ họp|phiên họp|buổi)"
    r"|(?<!đáp ứng )(?<!hồ sơ )yêu cầu|kể từ|nếu"
    r"|(?:cụ thể )?như sau|tiếp tục có"
    rf"|(?<!người )(?<!tổ chức )(?<!cá nhân )(?<!đối tượng )(?<!hàng hóa )(?<!cần )(?:vừa )?được (?:{_DONE})"
    r"|tiếp tục được"
    r"|được (?:sửa đổi|bổ sung|thay thế|bãi bỏ)|để (?:trình|các|sớm|kịp thời|tháo gỡ|đáp ứng|lấy|(?:bảo|đảm) đảm)"
    r"|để (?:bảo đảm|nghiên cứu|thực hiện (?:chính sách|cải cách|việc))"
    r"|(?:là )?(?:trái|không đúng) (?:quy định|pháp luật)"
    rf"|(?:và )?thay thế (?:{_OTHER})|(?:và|cùng) các (?:văn bản|quy định|nghị quyết|kết luận)"
    r"|và văn bản (?:của|hướng dẫn|khác|có liên quan)|và (?:TCVN|QCVN)"
    r"|(?<!điều )(?<!khoản )(?<!điểm )(?<!mục )\d{1,3} (?:Nghị định|Thông tư|Quyết định) (?:liên tịch )?số"
    rf"|(?:và|hoặc|khi|theo|tại|của|từ ngày) (?:{_OTHER}) này|(?:ban hành )?kèm theo|trường hợp|với nòng cốt"
    rf"|(?:quy định )?(?:và|hoặc|tại|theo|đến) (?:(?:quy định )?tại )?(?:các )?(?:{_OTHER})"
    r"(?: [^,\d]{0,40})? (?:số|khác|liên quan|hiện hành|sửa đổi|hướng dẫn|[ivx]+|\d+))(?!\w).*"
    r"|(?<!ngày)(?<!từ)(?<!đến)\s+\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d(?!\d).*"  # the next cell of a table
    r"|\s+[-–]\s+(?:Khoản|Điểm|Điều|Mục|Chương|Phần|Phụ lục)(?!\w).*"
    # the day and issuer of the text that amends it
    r"|(?<=[^\W\d_A-ZĐ])(?<!TTg)(?<!TTr)(?<!CTr)\s+ngày\s+\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d\s+của\s.*"
    r"|\s+từ ngày \d[^,;]{5,30} đến (?:hết )?ngày.*"  # how long it is extended
    r"|(?<!tỉnh)(?<!huyện)(?<!quận)(?<!xã)(?<!phường),\s+(?:tỉnh|thành phố|huyện)(?!\w).*"
    rf"|,\s+(?:(?!Phó )[{CAPITALS}]|(?:{_CLAUSES})(?!\w)).*",
    re.DOTALL,
)
_IN_PROSE: Final = re.compile(
    r"(?i:quy định|hướng dẫn) (?:tại|như|rằng|trong|thì|rõ|cụ thể|này|trên|về việc này)(?!\w)"
    r"|(?i:hướng dẫn|quy định|quy chế) (?:số:? ?\d|UBND|Ủy ban"
    r"|của (?:Sở|Ủy ban|UBND|Bộ|Ban|Cục|Thanh tra|Đảng|Tỉnh|Thành))"
    r"|(?i:về) (?:Sở|Ủy ban|UBND|Bộ|Ban|Cục|Phòng|Hội đồng|Văn phòng)(?!\w)"
)
_LAW: Final = re.compile(
    rf"(?P<name>(?:bo luat|luat|phap lenh) (?!so:? ?\d)[^.;:()\"\n]{{3,{_MAX_TITLE}}}?),? so:? ?\d"
)
_AMENDED: Final = re.compile(r",? (?:da )?duoc sua doi")
_YEAR_OF_NUMBER: Final = re.compile(r",? so:? ?\d{1,4}/(?P<year>(?:19|20)\d\d)/")
_AMENDING: Final = re.compile(r"(?:bo luat|luat|phap lenh) sua doi,? bo sung (?:mot so dieu )?(?:cua )?\Z")
# "Luật sửa đổi, bổ sung một số điều của Luật Đầu tư, Luật Doanh nghiệp và " before "Luật Hải quan số …".
_AMENDING_SEVERAL: Final = re.compile(
    r"(?:bo luat|luat|phap lenh) sua doi,? bo sung (?:mot so dieu )?cua (?:cac )?"
    r"(?:(?:bo luat|luat|phap lenh) [^.:()\n\d]{3,300}(?:[,;] | va ))\Z"
)


def title(text: Shadow, start: int, at: int) -> str:
    """Return what a text calls the document of a number; start: of the number, at: end of its tail; "" for none.

    >>> from searchapp.citations.find.ascii import shadow
    >>> said = shadow("Nghị định số 1/2020/NĐ-CP ngày 2/3/2020 của Chính phủ về phí bảo trì đường bộ, các tỉnh đã thu.")
    >>> title(said, 0, 53), title(shadow("theo Luật Thanh niên số 57/2020/QH14"), 5, 36)
    ('Phí bảo trì đường bộ', 'Luật Thanh niên')
    """
    if law := _LAW.match(text.lower, start):
        before = _AMENDING.search(text.lower, max(0, start - 70), start)
        several = None if before else _AMENDING_SEVERAL.search(text.lower, max(0, start - 400), start)
        if (before or several) and (year := _YEAR_OF_NUMBER.match(text.lower, law.end("name"))):
            # "… một số điều của Luật Thanh niên số 57/2020/QH14": the number is that of the law of this name and year.
            own = is_of_a_law(text.written(law.start("name"), law.end("name")), year["year"])
            if own is None or (several and not own):
                return ""
            before = None if own else before
        # "Luật sửa đổi … của Luật Thanh niên số 57/2020/QH14 đã được sửa đổi": the number of the amended law.
        before = None if before and _AMENDED.match(text.lower, at) else before
        name = text.written(before.start() if before else start, law.end("name"))
        return _tidied(name if before is None or name[:1].isupper() else "")
    found = _TITLE.match(text.lower, at)
    written = text.written(*found.span("title")) if found else ""
    if found and text.lower[found.end() : found.end() + 1].isalnum():
        written = written.rpartition(" ")[0]  # longer than titles are
    if not found or text.lower.startswith(' "', found.end() - 1) or _IN_PROSE.match(written):
        return ""  # of a title in quotation marks, the words before them are no title
    written = _ABBREVIATED.sub("", written)
    return _tidied(re.sub(r"^về (?:việc )?", "", _RUNS_ON.sub("", written), flags=re.IGNORECASE))


_QUOTED: Final = re.compile(r"[“\"][^“”\"]+[”\"]$")
_CUT: Final = re.compile(
    r"(?:^|\s)(?:của|và|các|với|cho|trong|theo|về|đối|được|những|một|hoặc|để|do|ứng|(?:khoản|điểm|điều) \d+"
    r"|(?:đối )?với (?:người|đất|việc|trường hợp|tổ chức|cá nhân))$",
    re.IGNORECASE,
)

_CHANGES: Final = r"(?:sửa đổi|bổ sung|bãi bỏ|thay thế|đính chính)"
# What is changed or approved is missing: a sentence or quotation marks cut it off.
_NO_NAME: Final = re.compile(
    rf"(?:bộ )?luật sửa đổi(?:,? bổ sung)?(?: một số điều)?|{_CHANGES}(?:(?:,| và) {_CHANGES})*(?: (?:một số|các))?"
    r"(?: (?:điều|điểm|khoản|nội dung|quy định))?(?:, (?:điểm|khoản))*"
    r"|(?:phê duyệt|ban hành|công bố|thực hiện) (?:một số |các )?(?:đề án|kế hoạch|chương trình|quy hoạch|dự án"
    r"|danh mục|quy chế|quy định|biện pháp|giải pháp|nhiệm vụ)",
    re.IGNORECASE,
)
_ABBREVIATED: Final = re.compile(r"\s\([A-ZĐƯ&]{2,8}\)(?=\s)")


def _tidied(title: str) -> str:
    said = " ".join(title.split()).rstrip(" ,-–")
    said = beside["title"] if (beside := _NEXT_BODY.fullmatch(said)) else said
    said = said if _QUOTED.search(said) else said.rstrip(' ,-–“”"')
    if _CUT.search(said) or _NO_NAME.fullmatch(said):
        return ""  # a table or a page cut it
    return said[:1].upper() + said[1:] if len(said.split()) > 2 else said if said.startswith("Luật ") else ""
