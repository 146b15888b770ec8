"""Places through time: whose number is meant before and after a merger, and what a contradicting day leaves open."""

from __future__ import annotations

import pytest

from searchapp.article import Citation, Facts
from searchapp.citations.find import find_citations
from searchapp.citations.resolve import Registry, build
from searchapp.citations.resolve.mention import statements_of
from searchapp.citations.resolve.names import Names
from searchapp.text.normalize import slug as slugged


def article(text: str, date: str = "2026-01-01", source: str = "Trang mẫu", **facts: str) -> Facts:
    return Facts(
        key=text[:40] + date, id=text, date=date, source=source, citations=tuple(find_citations(text)), **facts
    )  # type: ignore[arg-type]


def registry(*articles: Facts, speakers: dict[str, str] | None = None) -> Registry:
    return build([one for each in articles for one in statements_of(each)], speakers or {})


def meant(text: str, *more: str, date: str = "2026-01-01", speaker: str = "") -> Citation:
    articles = [article(each, date) for each in (text, *more)]
    found = registry(*articles, speakers={"Trang mẫu": speaker} if speaker else {})
    return found.resolve(articles[0])[0]


ISSUERS = [
    (
        "Nghị quyết 05-NQ/ĐU ngày 1/8/2025 của Đảng ủy xã Tân Thành, tỉnh Cà Mau",
        "dang-uy-xa-tan-thanh-ca-mau/nghi-quyet-05-nq-du/2025-07",
    ),
    (
        "Kế hoạch 20-KH/ĐU ngày 5/8/2025 của Đảng ủy UBND tỉnh Lào Cai",
        "dang-uy-ubnd-tinh-lao-cai/ke-hoach-20-kh-du/2025-07",
    ),
    ("Kế hoạch 20-KH/ĐU ngày 5/8/2025 của Đảng ủy UBND TPHCM", "dang-uy-ubnd-tphcm/ke-hoach-20-kh-du/2025-07"),
    (
        "Nghị quyết 01-NQ/ĐU ngày 5/8/2025 của Đảng ủy đặc khu Phú Quốc, tỉnh An Giang",
        "dang-uy-dac-khu-phu-quoc-an-giang/nghi-quyet-01-nq-du/2025-07",
    ),
    ("Nghị quyết 03-NQ/HU ngày 5/8/2021 của Huyện ủy Củ Chi", "huyen-uy-cu-chi/nghi-quyet-03-nq-hu/2021"),
    ("Nghị quyết 03-NQ/QU ngày 5/8/2021 của Ban Thường vụ Quận ủy 7", "quan-uy-7/nghi-quyet-03-nq-qu/2021"),
    ("Quyết định 12/2024/QĐ-UBND của UBND tỉnh Lào Cai", "ubnd-tinh-lao-cai/quyet-dinh-12-2024-qd-ubnd"),
    ("Nghị quyết 12/2024/NQ-HĐND của HĐND TP Hà Nội", "hdnd-ha-noi/nghi-quyet-12-2024-nq-hdnd"),
    (
        "Quyết định 10/QĐ-UBND ngày 3/9/2024 của UBND phường 5, quận 3, TPHCM",
        "ubnd-phuong-5-quan-3-tphcm/quyet-dinh-10-qd-ubnd/2024",
    ),
    (
        "Quyết định 7/QĐ-UBND ngày 3/9/2026 của Ủy ban nhân dân xã Tân Thành (Lâm Đồng)",
        "ubnd-xa-tan-thanh-lam-dong/quyet-dinh-07-qd-ubnd/2026",
    ),
    ("Kế hoạch 12/KH-SNV ngày 2/3/2024 của Sở Nội vụ tỉnh Lào Cai", "so-noi-vu-tinh-lao-cai/ke-hoach-12-kh-snv/2024"),
    (
        "Kế hoạch 12/KH-MTTQ ngày 2/3/2024 của Ủy ban MTTQ Việt Nam tỉnh Lào Cai",
        "mttq-tinh-lao-cai/ke-hoach-12-kh-mttq/2024",
    ),
    (
        "Quyết định 12-QĐ/TWĐTN ngày 5/6/2023 của Ban Bí thư Trung ương Đoàn TNCS Hồ Chí Minh",
        "trung-uong-doan-tncs-ho-chi-minh/quyet-dinh-12-qd-twdtn/2023",
    ),
    (
        "Quyết định 1234/QĐ-ĐHQGHN ngày 2/3/2024 của Đại học Quốc gia Hà Nội",
        "dai-hoc-quoc-gia-ha-noi/quyet-dinh-1234-qd-dhqghn/2024",
    ),
    (
        "Quyết định 5/QĐ-TA ngày 2/3/2024 của Tòa án nhân dân tỉnh Sơn La",
        "toa-an-nhan-dan-tinh-son-la/quyet-dinh-05-qd-ta/2024",
    ),
    (
        "Nghị quyết 11-NQ/TU ngày 1/2/2023 của Ban Thường vụ Tỉnh ủy Sơn La",
        "tinh-uy-son-la/nghi-quyet-11-nq-tu/2020-2025",
    ),
    (
        "Nghị quyết 01/NQ-UBBC ngày 10/1/2026 của Ủy ban bầu cử xã Đông Anh, thành phố Hà Nội",
        "uy-ban-bau-cu-xa-dong-anh-ha-noi/nghi-quyet-01-nq-ubbc/2026",
    ),
    (
        "Quyết định 10/QĐ-UBND ngày 3/9/2024 của UBND thành phố Tam Kỳ, tỉnh Quảng Nam Về việc thu hồi đất",
        "ubnd-thanh-pho-tam-ky/quyet-dinh-10-qd-ubnd/2024",
    ),
    (
        "Quyết định 10/QĐ-UBND ngày 3/9/2024 của UBND huyện Mường La, tỉnh Sơn La",
        "ubnd-huyen-muong-la/quyet-dinh-10-qd-ubnd/2024",
    ),
    (
        "Quyết định 10/QĐ-UBND ngày 3/9/2025 của UBND phường Đống Đa, thành phố Hà Nội",
        "ubnd-phuong-dong-da-ha-noi/quyet-dinh-10-qd-ubnd/2025-07",
    ),
    (
        "Quyết định 10/QĐ-UBND ngày 3/9/2025 của UBND xã Vân Phương (Ninh Bình)",
        "ubnd-xa-van-phuong-ninh-binh/quyet-dinh-10-qd-ubnd/2025-07",
    ),
    (
        "QUYẾT ĐỊNH SỐ 10/QĐ-UBND NGÀY 3/9/2025 CỦA UBND XÃ CẨM XÁ, TỈNH HƯNG YÊN VỀ VIỆC THU HỒI ĐẤT",
        "ubnd-xa-cam-xa-hung-yen/quyet-dinh-10-qd-ubnd/2025-07",
    ),
    (
        "Quyết định 327-CT ngày 15/9/1992 của Chủ tịch Hội đồng Bộ trưởng",
        "hoi-dong-bo-truong/quyet-dinh-327-ct/1992",
    ),
    (
        "Quyết định số 200/QĐ-KT ngày 31/03/1993 của Bộ Lâm nghiệp",  # KT is a commune's department too
        "bo-lam-nghiep/quyet-dinh-200-qd-kt/1993",
    ),
    (
        "Quyết định số 344 QĐ/KT ngày 21 tháng 3 năm 1977 của Bộ trưởng Bộ Thuỷ lợi",
        "bo-thuy-loi/quyet-dinh-344-qd-kt/1977",
    ),
    (
        "Thông tư số 20/TT-KT ngày 3/3/1992 của Bộ Công nghiệp nặng",  # not Bộ Công nghiệp
        "bo-cong-nghiep-nang/thong-tu-20-tt-kt/1992",
    ),
    (
        "Quyết định số 18/QĐ-KT ngày 2/2/1975 của Bộ trưởng Bộ Cơ khí và Luyện kim",
        "bo-co-khi-va-luyen-kim/quyet-dinh-18-qd-kt/1975",
    ),
    # Ministries together numbered for each set of them: the day tells two of one number apart.
    ("Thông tư số 11/TTLB ngày 20 tháng 12 năm 1993", "ttlb/thong-tu-11-ttlb/1993-12-20"),
    ("Thông tư số 20-TT/LB ngày 24/7/1993 của Bộ Y tế và Bộ Tài chính", "lb/thong-tu-20-tt-lb/1993-07-24"),
    ("Thông tư số 20-TT/LB ngày 2/6/1993 của liên bộ Nội vụ - Tài chính", "lb/thong-tu-20-tt-lb/1993-06-02"),
    (
        "Quyết định số 215-QĐ/UB ngày 17/5/1971 của Ủy ban hành chính tỉnh Hà Bắc",
        "ubhc-tinh-ha-bac/quyet-dinh-215-qd-ub/1971",
    ),
    (
        "Nghị định số 88-NĐ/UB ngày 2/9/1951 của Ủy ban kháng chiến hành chính tỉnh Nghệ An",
        "ubhc-tinh-nghe-an/nghi-dinh-88-nd-ub/1951",
    ),
    (
        "Thông báo số 15/TB-BHXH ngày 4/8/2025 của Bảo hiểm xã hội cơ sở Thuận An về thẻ",  # not Việt Nam's
        "bao-hiem-xa-hoi-co-so-thuan-an/thong-bao-15-tb-bhxh/2025",
    ),
    (
        "Thông báo số 122/TB-KBNN ngày 5/9/2025 của Kho bạc Nhà nước khu vực IX.",
        "kho-bac-nha-nuoc-khu-vuc-ix/thong-bao-122-tb-kbnn/2025",
    ),
    (
        "Quyết định số 7/QĐ-BHXH ngày 4/8/2025 của Bảo hiểm xã hội Việt Nam",
        "bao-hiem-xa-hoi-viet-nam/quyet-dinh-07-qd-bhxh/2025",
    ),
    (
        "Nghị quyết liên tịch số 72/2025/NQLT/UBTVQH15-CP ngày 1/2/2025",
        "uy-ban-thuong-vu-quoc-hoi/nghi-quyet-lien-tich-72-2025-nqlt-ubtvqh15-cp",
    ),
]


@pytest.mark.parametrize(("text", "slug"), ISSUERS, ids=[slug for _, slug in ISSUERS])
def test_every_body_with_its_place_has_documents(text: str, slug: str) -> None:
    citation = meant(text)
    assert citation.document == slug
    assert citation.sure >= 0.9


@pytest.mark.parametrize(
    "text",
    [
        "Quyết định 10/QĐ-UBND ngày 3/9/2025 của UBND xã Tân Thành",  # in which province?
        "Quyết định 10/QĐ-UBND ngày 3/9/2024 của UBND huyện Châu Thành",  # ten provinces had one
        "Quyết định 10/QĐ-UBND ngày 3/9/2025", "Kế hoạch 12/KH-SNV ngày 2/3/2024",
        "Nghị quyết 05-NQ/ĐU ngày 1/8/2025 của Đảng ủy",
        "Nghị quyết 01/NQ-UBBC ngày 10/1/2026", "Thông báo 45/TB-TTPVHCC ngày 5/8/2025",
        "Hướng dẫn 12/HD-BTL ngày 2/3/2024", "Chỉ thị 9/CT-UBHC ngày 5/5/1965",  # every command, every province
        "Báo cáo 12/BC-TCKH ngày 2/3/2024", "Kế hoạch 05/KH-VKSKV3 ngày 4/9/2025",
        "Nghị quyết 01/NQ-ĐHĐCĐ ngày 26/4/2024 của Công ty Cổ phần Sông Lam",  # every firm, school, hospital, office
        "Kế hoạch 05/KH-THCS ngày 2/3/2024", "Quyết định 7/QĐ-BVĐK ngày 2/3/2024", "Kế hoạch 2/KH-TCT ngày 5/8/2025",
        "Thông báo 6/TB-CCTHADS ngày 2/3/2024", "Quyết định 56/QĐ-LN ngày 2/3/2022", "Báo cáo 3/BC-HTX ngày 2/3/2024",
        "Nghị quyết 01/NQ-UBBC ngày 10/1/2026 của Ủy ban bầu cử xã Đông Anh",
        "Quyết định 10/QĐ-UBND ngày 3/9/2025 của UBND quận 3",  # no districts any more
        "Nghị quyết 05-NQ/TU ngày 20/8/2025 của Tỉnh ủy Bình Dương",  # merged on 1/7/2025
        "Nghị quyết 01-NQ/ĐU ngày 5/8/2024 của Đảng ủy đặc khu Phú Quốc, tỉnh An Giang",  # not before 1/7/2025
        "Nghị định 100/2014/NĐ-CP ngày 20-10-2015", "Thông tư 5/2020/TT-BYT ngày 3/4/2022 của Bộ Y tế",
    ],
)  # fmt: skip
def test_what_a_text_does_not_tell_stays_open(text: str) -> None:
    citation = meant(text, "Nghị định 100/2014/NĐ-CP của Chính phủ", "Thông tư 5/2020/TT-BYT")
    assert (citation.document, citation.sure) == ("", 0.0)


@pytest.mark.parametrize(
    ("kind", "number", "issuer", "slug"),
    [
        ("Hợp đồng", "12/2025/HĐ-SL", "Công ty TNHH Sông Lam", ""),  # no guide (HD)
        ("Công văn", "4/HĐKT-SL", "Công ty TNHH Sông Lam", ""),
        (
            "Thông báo",
            "9/TB-BHXH",
            "Bảo hiểm xã hội cơ sở Thuận An",
            "bao-hiem-xa-hoi-co-so-thuan-an/thong-bao-09-tb-bhxh/2025",
        ),
        ("Thông báo", "9/TB-KBNN", "Kho bạc Nhà nước Sóc Sơn", "kho-bac-nha-nuoc-soc-son/thong-bao-09-tb-kbnn/2025"),
        ("Thông báo", "9/TB-KBNN", "Kho bạc Nhà nước", "kho-bac-nha-nuoc/thong-bao-09-tb-kbnn/2025"),
        ("Chỉ thị", "5/CT-QĐ12", "Quân đoàn 12", "qd12/chi-thi-05-ct-qd12/2025"),  # no youth union of a district
        ("Hướng dẫn", "5/HD-BTL", "Quân khu 4", ""),
        ("Hướng dẫn", "5/HD-BTC", "Bộ Tài chính", "bo-tai-chinh/huong-dan-05-hd-btc/2025"),
    ],
)
def test_a_branch_is_not_its_head_office_and_a_contract_is_no_document(
    kind: str, number: str, issuer: str, slug: str
) -> None:
    own = article("Có hiệu lực ngay.", "2025-09-04", type=slugged(kind), number=number, issuer=issuer)
    assert registry(own).own(own) == slug


def test_communes_of_one_name_are_told_apart_by_their_province() -> None:
    one = meant("Quyết định 10/QĐ-UBND ngày 3/9/2025 của UBND xã Tân Thành (Cà Mau)")
    other = meant("Quyết định 10/QĐ-UBND ngày 5/9/2025 của UBND xã Tân Thành (Lâm Đồng)")
    assert one.document and other.document and one.document != other.document
    told = meant("Quyết định 10/QĐ-UBND ngày 3/9/2025 của UBND xã Tân Thành", speaker="Tỉnh ủy Cà Mau")
    assert told.document == one.document


def test_numbers_begin_anew_with_a_merger() -> None:
    before = meant("Quyết định 10/2025/QĐ-UBND ngày 17/1/2025 của UBND TPHCM")
    after = meant("Quyết định 10/2025/QĐ-UBND ngày 15/7/2025 của UBND TPHCM")
    assert before.document == "ubnd-tphcm/quyet-dinh-10-2025-qd-ubnd"
    assert after.document == "ubnd-tphcm/quyet-dinh-10-2025-qd-ubnd/2025-07"
    kept = meant("Quyết định 10/2025/QĐ-UBND ngày 15/7/2025 của UBND TP Hà Nội")
    assert kept.document == "ubnd-ha-noi/quyet-dinh-10-2025-qd-ubnd"
    later = meant("Quyết định 10/2026/QĐ-UBND ngày 15/7/2026 của UBND TPHCM")
    assert later.document == "ubnd-tphcm/quyet-dinh-10-2026-qd-ubnd"


def test_a_number_of_that_year_without_its_day_is_one_of_two() -> None:
    text = "Quyết định 10/2025/QĐ-UBND của UBND TPHCM"
    days = [
        "Quyết định 10/2025/QĐ-UBND ngày 17/1/2025 của UBND TPHCM",
        "Quyết định 10/2025/QĐ-UBND ngày 15/7/2025 của UBND TPHCM",
    ]
    assert meant(text).document == ""
    assert 0 < meant(text, days[0]).sure < 1
    assert meant(text, *days, date="2025-03-01").document == "ubnd-tphcm/quyet-dinh-10-2025-qd-ubnd"


def test_a_merged_committee_numbers_anew_until_its_congress() -> None:
    days = {
        "15/9/2021": "2020-2025", "20/8/2025": "2025-07", "20/11/2025": "2025-2030",
    }  # fmt: skip
    for day, last in days.items():
        assert (
            meant(f"Nghị quyết 05-NQ/TU ngày {day} của Thành ủy TPHCM").document
            == f"thanh-uy-tphcm/nghi-quyet-05-nq-tu/{last}"
        )
    assert meant("Nghị quyết 05-NQ/TU ngày 3/2/2025 của Tỉnh ủy Bình Dương").document.startswith("tinh-uy-binh-duong/")


def test_a_renamed_province_is_one_seat() -> None:
    old = meant("Nghị quyết 05-NQ/TU ngày 15/9/2021 của Tỉnh ủy Thừa Thiên Huế")
    new = meant("Nghị quyết 05-NQ/TU ngày 15/2/2025 của Thành ủy Huế")
    assert old.document == new.document == "thanh-uy-hue/nghi-quyet-05-nq-tu/2020-2025"
    # before 2025 the city of Huế was a part of the province
    assert meant("Nghị quyết 05-NQ/TU ngày 15/9/2021 của Thành ủy Huế").document == ""


def test_old_addresses_lead_on() -> None:
    texts = [text for text, _ in ISSUERS] + [
        "Quyết định 10/2025/QĐ-UBND ngày 17/1/2025 của UBND TPHCM",
        "Quyết định 10/2025/QĐ-UBND ngày 15/7/2025 của UBND TPHCM",
        "Quyết định 10/QĐ-UBND ngày 3/9/2025 của UBND xã Tân Thành (Cà Mau)",
        "Nghị quyết 9-NQ/TU ngày 1/9/2021 của Tỉnh ủy Thừa Thiên Huế",
        "Quyết định 10/QĐ-UBND ngày 5/9/2025 của UBND xã Tân Thành (Lâm Đồng)",
        "Luật sửa đổi, bổ sung một số điều của Luật Cư trú năm 2013",
    ]  # fmt: skip
    names = Names(registry(*map(article, texts)).documents.values())
    assert len(names.find("ubnd-xa-tan-thanh/quyet-dinh-10-qd-ubnd/2025")) == 2
    assert names.find("tinh-uy-thua-thien-hue/nghi-quyet-09-nq-tu/2020-2025") == (
        "thanh-uy-hue/nghi-quyet-09-nq-tu/2020-2025",
    )
    assert names.find("quoc-hoi/luat-cu-tru-2013") == (
        "quoc-hoi/luat-sua-doi-bo-sung-mot-so-dieu-cua-luat-cu-tru-2013",
    )
    assert names.find("uy-ban-nhan-dan-tinh-lao-cai/quyet-dinh-12-2024-qd-ubnd") == (
        "ubnd-tinh-lao-cai/quyet-dinh-12-2024-qd-ubnd",
    )
    assert names.find("hdnd-tp-ha-noi/nghi-quyet-12-2024-nq-hdnd") == ("hdnd-ha-noi/nghi-quyet-12-2024-nq-hdnd",)
    assert names.find("snv/ke-hoach-12-kh-snv/2024") == ("so-noi-vu-tinh-lao-cai/ke-hoach-12-kh-snv/2024",)
    both = names.find("ubnd-tphcm/quyet-dinh-10-2025-qd-ubnd")
    assert len(both) == 2


def test_a_year_that_contradicts_the_day_is_never_certain() -> None:
    own = article(
        "Nghị định số 100/2014/NĐ-CP", "2015-10-20", number="100/2014/NĐ-CP", type="nghi-dinh", issuer="Chính phủ"
    )
    found = registry(own)
    assert found.own(own) == "chinh-phu/nghi-dinh-100-2014-nd-cp"
    assert [c.sure < 1 for c in found.resolve(own)] == [True]
