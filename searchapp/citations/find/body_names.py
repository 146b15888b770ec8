"""Spell the names of bodies that issue documents in one way: fields of departments, heads, whole names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final, TypeAlias

from searchapp.citations.find.ascii import Shadow
from searchapp.citations.find.vocabulary import plain, squeezed

_FIELDS: Final = """
Nội vụ|Tài chính|Tài chính - Kế hoạch|Tư pháp|Xây dựng|Y tế|Công Thương|Giáo dục và Đào tạo=GDĐT,GD&ĐT,GD-ĐT
Khoa học và Công nghệ=KHCN,KH&CN|Nông nghiệp và Môi trường=NN&MT,NNMT|Văn hóa và Thể thao=VH&TT,VHTT
Văn hóa, Thể thao và Du lịch=VHTTDL,VHTT&DL,VH-TT&DL|Văn hóa - Xã hội|Văn hóa và Thông tin|Dân tộc và Tôn giáo|Dân tộc
Ngoại vụ|Du lịch|Thông tin và Truyền thông=TT&TT,TTTT|Lao động - Thương binh và Xã hội=LĐTBXH,LĐ-TB&XH,LĐTB&XH
Tài nguyên và Môi trường=TN&MT,TNMT|Giao thông vận tải=GTVT|Kế hoạch và Đầu tư=KH&ĐT,KHĐT|Quy hoạch - Kiến trúc=QHKT
An toàn thực phẩm=ATTP|Nông nghiệp và Phát triển nông thôn=NN&PTNT,NNPTNT|Kinh tế|Kinh tế, Hạ tầng và Đô thị
Kinh tế và Hạ tầng|Kinh tế - Hạ tầng|Quản lý đô thị|Tổ chức|Tuyên giáo|Tuyên giáo và Dân vận|Dân vận|Nội chính
Văn hóa, Khoa học và Thông tin|Nông nghiệp|Thống kê|Thuế|Hải quan|Thi hành án dân sự|Kiểm lâm|Bảo hiểm xã hội
"""


_JOINT: Final = r"(?:[ \n]*[,&-][ \n]*|[ \n]+)(?:va[ \n]+)?"
_Tree: TypeAlias = dict[str, "_Tree"]
_END: Final = ""


def flexible(names: Iterable[str]) -> str:
    """Return a pattern for any of these names, in ASCII letters with any separators: "Văn hóa, Thể thao và Du lịch".

    Of two names that begin alike the longer one is found. Each common beginning stands in the pattern once: that is
    compiled in a tenth of the time.
    """
    tree: _Tree = {}
    for name in names:
        branch = tree
        for word in re.findall(r"[a-z0-9]+", plain(name)):
            if word != "va":
                branch = branch.setdefault(word, {})
        branch[_END] = {}
    return _alternatives(tree)


def _alternatives(tree: _Tree) -> str:
    ways = [f"{word}{_rest(branch)}" for word, branch in sorted(tree.items()) if word != _END]
    return "|".join(ways)


def _rest(branch: _Tree) -> str:
    """Return the pattern of what follows a word, which is optional where a name ends with the word."""
    further = _alternatives(branch)
    if not further:
        return ""
    return f"(?:{_JOINT}(?:{further})){'?' if _END in branch else ''}"


def _fields() -> tuple[dict[str, str], str]:
    names: dict[str, str] = {}
    short: list[str] = []
    for one in _FIELDS.strip().replace("\n", "|").split("|"):
        name, _, aliases = one.partition("=")
        names[squeezed(name)] = name
        for alias in filter(None, aliases.split(",")):
            names[squeezed(alias)] = name
            short.append(re.escape(plain(alias)))
    return names, "|".join((flexible(names.values()), *sorted(short, key=len, reverse=True)))


FIELDS, FIELD = _fields()
"""Map each field, squeezed from any spelling, to its name; and return a pattern for any field, in ASCII letters."""

COMMITTEES: Final = {
    "tinh": "Tỉnh ủy", "thanh": "Thành ủy", "quan": "Quận ủy", "huyen": "Huyện ủy", "thi": "Thị ủy",
}  # fmt: skip
PARTY_NAMES: Final = {"dang uy": "Đảng ủy", "dang bo": "Đảng bộ", "chi bo": "Chi bộ", "chi uy": "Chi ủy",
                      "ban can su dang": "Ban Cán sự đảng", "dang doan": "Đảng đoàn"}  # fmt: skip
OFFICES: Final = {
    "ban to chuc": "Ban Tổ chức", "ban tuyen giao": "Ban Tuyên giáo", "ban dan van": "Ban Dân vận",
    "ban noi chinh": "Ban Nội chính", "uy ban kiem tra": "Ủy ban Kiểm tra", "ubkt": "Ủy ban Kiểm tra",
    "van phong": "Văn phòng",
}  # fmt: skip
HEADS: Final = {
    "ubnd": ("Ủy ban nhân dân", "UBND"), "uy ban nhan dan": ("Ủy ban nhân dân", "UBND"),
    "hdnd": ("Hội đồng nhân dân", "HĐND"), "hoi dong nhan dan": ("Hội đồng nhân dân", "HĐND"),
    "mttq": ("Ủy ban Mặt trận Tổ quốc Việt Nam", "MTTQ"), "tand": ("Tòa án nhân dân", ""),
    "toa an nhan dan": ("Tòa án nhân dân", ""), "vien kiem sat nhan dan": ("Viện kiểm sát nhân dân", ""),
    "vksnd": ("Viện kiểm sát nhân dân", ""), "lien doan lao dong": ("Liên đoàn Lao động", ""),
    "ldld": ("Liên đoàn Lao động", ""), "cong doan": ("Công đoàn", ""), "cong an": ("Công an", ""),
    "hoi lien hiep phu nu": ("Hội Liên hiệp Phụ nữ", ""), "hoi lhpn": ("Hội Liên hiệp Phụ nữ", ""),
    "hoi nong dan": ("Hội Nông dân", ""), "hoi cuu chien binh": ("Hội Cựu chiến binh", ""),
    "hoi chu thap do": ("Hội Chữ thập đỏ", ""), "hoi lien hiep thanh nien": ("Hội Liên hiệp Thanh niên", ""),
    "bo chi huy quan su": ("Bộ Chỉ huy quân sự", ""), "ban chi huy quan su": ("Ban Chỉ huy quân sự", ""),
    "bo chi huy bo doi bien phong": ("Bộ Chỉ huy Bộ đội Biên phòng", ""), "van phong ubnd": ("Văn phòng UBND", ""),
    "van phong uy ban nhan dan": ("Văn phòng UBND", ""), "van phong hdnd": ("Văn phòng HĐND", ""),
    "van phong hoi dong nhan dan": ("Văn phòng HĐND", ""), "van phong hdnd va ubnd": ("Văn phòng HĐND và UBND", ""),
    "van phong hoi dong nhan dan va uy ban nhan dan": ("Văn phòng HĐND và UBND", ""),
    "uy ban bau cu": ("Ủy ban bầu cử", ""), "ubhc": ("Ủy ban Hành chính", "UBHC"),
    "uy ban hanh chinh": ("Ủy ban Hành chính", "UBHC"),  # the people's committees until 1976
    "uy ban khang chien hanh chinh": ("Ủy ban Kháng chiến hành chính", "UBHC"),
    "trung tam phuc vu hanh chinh cong": ("Trung tâm Phục vụ hành chính công", ""),
}  # fmt: skip
_BOARDS: Final = {
    "phap che": "Pháp chế", "kinh te - ngan sach": "Kinh tế - Ngân sách", "kinh te ngan sach": "Kinh tế - Ngân sách",
    "van hoa - xa hoi": "Văn hóa - Xã hội", "van hoa xa hoi": "Văn hóa - Xã hội", "dan toc": "Dân tộc",
    "do thi": "Đô thị", "kinh te - xa hoi": "Kinh tế - Xã hội",
}  # fmt: skip
_COUNCIL: Final = r"(?:hdnd|hoi[ \n]dong[ \n]nhan[ \n]dan)"
_COMMITTEE: Final = r"(?:ubnd|ubhc|uy[ \n]ban[ \n]nhan[ \n]dan|uy[ \n]ban[ \n](?:khang[ \n]chien[ \n])?hanh[ \n]chinh)"
_BOARD: Final = f"ban[ ](?:{'|'.join(name.replace(' ', '[ ]') for name in _BOARDS)})(?=[ ]+{_COUNCIL})"
STATE: Final = rf"(?:(?:van[ ]phong|{_BOARD})[ ]+)?(?:{_COMMITTEE}|{_COUNCIL})(?:[ ]va[ ]{_COMMITTEE})?"
"""A People's Committee or Council, its office or a board of it, in ASCII letters."""
HEADS.update(
    (f"ban {said} {council}", (f"Ban {name} Hội đồng nhân dân", ""))
    for said, name in _BOARDS.items()
    for council in ("hdnd", "hoi dong nhan dan")
)
OBJECTS: Final = {
    "ubnd": "UBND", "uy ban nhan dan": "UBND", "hdnd": "HĐND", "cac co quan": "các cơ quan",
    "cac co quan dang": "các cơ quan Đảng", "khoi": "Khối", "khoi co quan": "Khối các cơ quan",
    "khoi cac co quan": "Khối các cơ quan", "khoi doanh nghiep": "Khối Doanh nghiệp", "cong an": "Công an",
    "quan su": "Quân sự", "bo doi bien phong": "Bộ đội Biên phòng",
}  # fmt: skip

EVERYWHERE: Final = re.compile(
    r"BTL[A-ZĐ]{0,4}|QK\d{0,2}|UBHC|S[A-ZĐ]{1,8}|STP|P[A-ZĐ]{1,6}|VP(?:UBND|HĐND|HU|QU|ĐU)?|BTG|BDV|BXD[ĐD]|TTr"
    r"|TTT|TT|BC[HĐS]|BCSĐ|BTV|BQL|BGH|BGĐ|BV|BTC|B(?:KTNS|KTXH|PC|VHXH|DT|ĐD|TT)|LMHTX|LHH|CTĐ|NCT|GĐT"
    r"|[HDK][A-ZĐ]{1,3}(?:ST|PT)|HS|DS|HNGĐ|HC|KDTM|LĐ|VDS|CA[THQX]?|ĐĐ|ĐKT|ĐTT|HĐ(?:QT|TV|TS|T|KL|TĐ|QL|QLQ)?"
    r"|LĐLĐ|HND|HPN|HCCB|TA|TAND|VKS|VKSND|THPT|TYT|CĐ|ĐH|ĐHĐ?CĐ|TCT|TGV|TCTĐA06|TH(?:&?THCS)?|THCS|MN[A-ZĐ]{0,2}"
    r"|PTDT[BN]T|BV(?:ĐK[A-ZĐ]{0,3}|YHCT|PHCN|SN|PS|TT|TTH|ĐY)|HTX[A-ZĐ]{0,4}|QTD(?:ND)?|CTCP|CĐCS|CTY|TNHH(?:MTV)?|XN"
    r"|NM|HKL|CCT|(?:CC|P)?THA(?:DS)?|CHV|(?:CN)?VPĐK(?:ĐĐ)?|Đ?QLTT|B?ĐBP|BCH(?:QS|BP|PTDS)|HLHPN|HKH|HNCT|HCTĐ"
    r"|CCB|PN|ND|TDP|KDC|KP|ĐĐBQH|BQLDA[A-ZĐ]*|BTT(?:UBMTTQ)?|T?GĐ|CN|VQG|KBT|Q(?:BV|BT|HT)[A-ZĐ]{2,3}|GD|LN|KL|VX"
    r"|UBBC|BBC|TT(?!L[BNT])[A-ZĐ]{2,8}|KT(?:HT(?:ĐT)?|TH)?|VHXH|VHTT|TCKH|LĐTBXH|GDĐT|NN(?:PTNT|MT)|TNMT|QLĐT|NV"
    r"|YT|NC|(?:VKS|TA|CA|T)?KV\d{1,2}"
)
"""Codes of offices that every province, commune, school or firm has: alone they name nobody ("KH-THCS", "NQ-ĐHĐCĐ")."""
BRANCH: Final = (
    r"(?:bao[ ]hiem[ ]xa[ ]hoi|bhxh|kho[ ]bac[ ]nha[ ]nuoc|kbnn|ngan[ ]hang[ ]nha[ ]nuoc)(?:[ ]viet[ ]nam)?(?:[ ]-)?"
    r"[ ](?:chi[ ]nhanh|khu[ ]vuc|co[ ]so|lien[ ]huyen)[ ](?:\d{1,2}(?![\d/])|[ivx]{1,5}(?![a-z])|[a-z]+[ ][a-z]+)"
)
"""A branch that bears the code of its head office, in ASCII letters: "Kho bạc Nhà nước khu vực XII"."""
_OF_ITS_OWN: Final = re.compile(
    rf"{BRANCH}.*|(?:bao hiem xa hoi|kho bac nha nuoc) (?!viet nam|trung uong)(?P<name>[a-z].*)"
    r"|chinh phu cach mang lam thoi .*"  # of the South, until 1976
)


def is_branch(name: str) -> bool:
    """Tell whether a name is that of a branch, or of a government with the code of another one.

    >>> is_branch("Kho bạc Nhà nước khu vực XII"), is_branch("Bảo hiểm xã hội Việt Nam")
    (True, False)
    """
    found = _OF_ITS_OWN.fullmatch(plain(name))
    return found is not None and (found["name"] is None or name[found.start("name")].isupper())


YOUTH: Final = (
    r"(?:tinh|thanh|quan|huyen|thi)[ ]doan"
    r"|doan[ ](?:tinh|thanh[ ]pho|tp\.?|quan|huyen|thi[ ]xa)(?=[ ](?-i:[A-Z]))"
)
"""A committee of the Youth Union, in ASCII letters: "Tỉnh đoàn …", "Đoàn tỉnh …"."""


def level_of_youth(said: str | None) -> str:
    """Return the level of a committee of the Youth Union: "tinh doan", "doan tinh" → "tinh"; "" without one."""
    level = " ".join((said or "").lower().split()).removesuffix(" doan").removeprefix("doan ")
    return "thanh" if level.startswith("tp") else level.partition(" ")[0]


_TONES: Final = (("oà", "òa"), ("oá", "óa"), ("oả", "ỏa"), ("oã", "õa"), ("oạ", "ọa"), ("oè", "òe"), ("oé", "óe"),
                 ("oẻ", "ỏe"), ("oẽ", "õe"), ("oẹ", "ọe"), ("uỳ", "ùy"), ("uý", "úy"), ("uỷ", "ủy"), ("uỹ", "ũy"),
                 ("uỵ", "ụy"))  # fmt: skip
_TONE: Final = re.compile(rf"(?<![qQ])(?:{'|'.join(new for new, _ in _TONES)})(?!\w)", re.IGNORECASE)


def tidy(name: str) -> str:
    """Return a name with one spelling of its tones, dashes and joints: "Sở Văn hoá–Thể thao & Du lịch"."""
    name = " ".join(re.sub(r"[‐‑‒–—−]", "-", name).split())
    name = re.sub(r"\s*&\s*", " và ", name) if re.search(r"\w{3,}\s*&", name) else name
    name = re.sub(r"(?<=\w{2})\s*-\s*(?=\w{2})", " - ", name) if " " in name else name
    name = re.sub(r"\s*,\s*", ", ", name)
    return _TONE.sub(lambda found: _replaced(found.group()), name)


def _replaced(new: str) -> str:
    old = dict(_TONES)[new.lower()]
    return "".join(o.upper() if n.isupper() else o for n, o in zip(new, old, strict=True))


SHARED_DISTRICTS: Final = frozenset(
    plain(name)
    for name in (
        "Châu Thành", "An Lão", "Bảo Lâm", "Bảo Lạc", "Cao Lộc", "Châu Phú", "Chợ Mới", "Cẩm Giàng", "Đông Hòa",
        "Hòa Bình", "Hòa Vang", "Kim Bảng", "Kỳ Sơn", "Long Mỹ", "Lạc Sơn", "Mỹ Đức", "Mỹ Lộc", "Mỹ Xuyên", "Ngọc Hiển",
        "Phong Điền", "Phú Lương", "Phú Tân", "Quảng Ninh", "Quảng Xương", "Sơn Tây", "Tam Nông", "Tân Hiệp", "Tân Lạc",
        "Tân Phú", "Tân Thành", "Thanh Bình", "Thanh Hà", "Tiên Phước", "Trà Lĩnh", "Tây Sơn", "Văn Quan", "Vĩnh Lợi",
        "Vĩnh Thạnh", "Vĩnh Tường", "Yên Lạc", "Yên Sơn", "Yên Thế", "Yên Bình", "Long Hồ", "Long Thành", "Phước Long",
        "Bình Minh", "Hồng Dân", "Hòa Thành", "Đức Hòa", "Long Điền", "Thạnh Phú", "Mang Thít", "Thủ Thừa", "Đông Hải",
    )
) - {plain(name) for name in ("Hòa Vang", "Mang Thít", "Thủ Thừa")}  # fmt: skip
"""Districts whose name several provinces have: without the province nobody knows which one."""

STOP: Final = (
    "(?:ve|ngay|thang|nam(?=[ ](?:\\d|nay|hoc|truoc|qua|toi|sau))|ban[ ]hanh|ky(?![ ]thuat)|khoa(?![ ]hoc)"
    "|da(?![ ](?:nang|khoa))|duoc|co(?![ ](?:khi|so|dien|quan))|so(?![ ]hoa)|quy[ ]dinh|thuc[ ]hien"
    "|tai(?![ ](?:chinh|nguyen|san))|cho(?![ ]ray)|la|cua|nhiem[ ]ky|theo|giai[ ]doan|phe[ ]duyet|huong[ ]dan"
    "|trien[ ]khai|yeu[ ]cau|de[ ]nghi|thuoc|tinh|thanh[ ]pho|tp|huyen|quan(?![ ](?:ly|doi|he|tri|su|y))|thi[ ]xa"
    "|xa(?![ ]hoi)|phuong(?![ ](?:phap|dong))|gui)"
)
"""Words at which a name that no table knows ends: the next words belong to the sentence."""
# By their marks: "về" ends a name, "La", "Kỳ", "Đá", "Xá", "Phương" are parts of one.
_ENDS_A_NAME: Final = frozenset((
    "về", "theo", "ngày", "tháng", "đã", "được", "có", "số", "tại", "cho", "là", "của", "gửi", "ký", "khóa", "khoá",
    "tỉnh", "huyện", "quận", "xã", "phường", "thuộc", "tp", "và",
))  # fmt: skip
_END_A_NAME: Final = frozenset(
    ("ban hành", "quy định", "thực hiện", "nhiệm kỳ", "giai đoạn", "phê duyệt", "hướng dẫn", "triển khai", "yêu cầu",
     "đề nghị", "thành phố", "thị xã", "thị trấn", "đặc khu", "kỳ họp")
)  # fmt: skip


def end_of_name(text: Shadow, start: int, end: int) -> int:
    """Return where the name of a place ends among words with capitals: "huyện Mường La", "xã Tân Thành Về việc"."""
    words = text.written(start, end).lower().split(" ")
    bare = all(map(str.isascii, words))  # typed without marks: then the letters are all that tells
    ends = {plain(word) for word in _ENDS_A_NAME} if bare else _ENDS_A_NAME
    pairs = {plain(pair) for pair in _END_A_NAME} if bare else _END_A_NAME
    for at, (word, after) in enumerate(pairwise([*words[1:], ""]), 1):
        year = word == "năm" and not after and text.lower[end + 1 : end + 2].isdigit()
        if word in ends or f"{word} {after}" in pairs or year:
            return start + len(" ".join(text.cased[start:end].split(" ")[:at]))
    return end


# "… Nhà nước và Quy trình …": another document follows, no part of the name.
_NO_PART: Final = (
    "(?:cac|quy[ ](?:trinh|dinh|che)|quyet[ ]dinh|nghi[ ](?:dinh|quyet)|thong[ ](?:tu|bao)|luat|van[ ]ban|ke[ ]hoach"
    "|chi[ ]thi|cong[ ]van|to[ ]trinh|phap[ ]lenh|huong[ ]dan|ket[ ]luan)"
)
FREE: Final = (
    rf"(?-i:[A-Z])[a-z&]*(?:[ \n]+(?!{STOP}(?![a-z]))(?!va[ ]{_NO_PART}(?![a-z]))(?:-[ ])?(?:va[ ])?[a-z]+){{0,8}}"
)
"""A name that no table knows."""
