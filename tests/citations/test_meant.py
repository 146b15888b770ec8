"""What short and undated citations mean where others stand by, and what stays open: cases from newspapers."""

from __future__ import annotations

import pytest

from searchapp.article import Citation, Facts
from searchapp.citations.find import find_citations
from searchapp.citations.resolve import build
from searchapp.citations.resolve.mention import statements_of

FULL = [
    "Nghị định số 74/2024/NĐ-CP ngày 30/6/2024 của Chính phủ", "Nghị định 163/2016/NĐ-CP ngày 21/12/2016",
    "Nghị định 34/2011/NĐ-CP ngày 17/5/2011", "Quyết định 74/2016/QĐ-TTg ngày 2/2/2016",
    "Nghị quyết 35/NQ-CP ngày 16/5/2016 của Chính phủ",
    "Nghị quyết số 66.19/2026/NQ-CP ngày 3/2/2026", "Quyết định số 367/QĐ-TTg ngày 4/6/1996 của Thủ tướng Chính phủ",
    "Chỉ thị 05-CT/TU ngày 3/3/2022 của Thành ủy Đà Nẵng", "Sắc lệnh số 64/SL ngày 23/11/1945 của Chủ tịch nước",
]  # fmt: skip


def meant(text: str, date: str = "") -> Citation:
    articles = [
        Facts(key=str(at), id=str(at), date=date, source="Báo", citations=tuple(find_citations(each)))
        for at, each in enumerate([text, *FULL])
    ]
    registry = build([said for each in articles for said in statements_of(each)], {})
    return registry.resolve(articles[0])[0]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Nghị quyết 35", ""),  # 35/NQ-CP, or that of the Politburo
        ("Quyết định 74/QĐ-TTg", ""), ("Nghị quyết 35 về nuôi ong lấy mật", ""),
        ("Theo Nghị định số 74, năm học 2013-2014 học phí tăng", ""),
        ("Theo Nghị định số 74, năm học 2013-2014 học phí tăng", "2025-01-01"),
        ("Nghị định 163 về giao đất lâm nghiệp", ""), ("Nghị định 163 về giao đất lâm nghiệp", "2025-01-01"),
        ("Nghị định 34 thay Nghị định 61 về bán nhà", "2024-05-05"), ("Nghị định số 74", ""),
        ("khoản 8, chỉ thị 05 của Cần Thơ", "2025-01-01"), ("Chỉ thị 05-CT/TU ngày 3/3/2022", ""),
        # no law of this name is of that year
        ("Luật Giáo dục năm 2012", ""), ("Luật Cán bộ, công chức năm 2018", ""), ("Luật BHXH năm 2016", ""),
    ],
)  # fmt: skip
def test_a_number_alone_claims_nothing(text: str, date: str) -> None:
    assert meant(text, date).document == ""


@pytest.mark.parametrize(
    ("text", "date", "slug", "at_least"),
    [
        ("Nghị quyết 35 về bảo vệ nền tảng tư tưởng của Đảng", "", "trung-uong/nghi-quyet-35-nq-tw/khoa-xii", 0.8),
        ("Nghị quyết 35 về hỗ trợ và phát triển doanh nghiệp", "", "chinh-phu/nghi-quyet-35-nq-cp/2016", 0.8),
        ("Chỉ thị 05-CT/TW của Bộ Chính trị", "", "trung-uong/chi-thi-05-ct-tw/khoa-xii", 0.6),
        ("Nghị quyết 85 năm 2015 của Quốc hội", "", "quoc-hoi/nghi-quyet-85-2015-qh13", 0.9),
        ("Nghị định 30 năm 2020", "", "chinh-phu/nghi-dinh-30-2020-nd-cp", 0.9),
        ("39-NQ/TW về tinh giản biên chế", "", "trung-uong/nghi-quyet-39-nq-tw/khoa-xi", 0.8),
        ("Nghị quyết 130/2020 của Quốc hội", "", "quoc-hoi/nghi-quyet-130-2020-qh14", 1.0),
        ("Nghị quyết 66.19/2026 của Chính phủ", "", "chinh-phu/nghi-quyet-66-19-2026-nq-cp", 1.0),
        ("theo Luật 54/2024", "", "quoc-hoi/luat-54-2024-qh15", 1.0),
        ("Quy định số 263 và Quy định số 181 của Bộ Chính trị (khóa XI)", "",
         "trung-uong/quy-dinh-263-qd-tw/khoa-xi", 0.9),
        ("quyết định 367 ngày 4-6-1996 của Thủ tướng", "", "thu-tuong-chinh-phu/quyet-dinh-367-qd-ttg/1996", 0.9),
        ("chỉ thị 05 của Đà Nẵng", "2025-01-01", "thanh-uy-da-nang/chi-thi-05-ct-tu/2020-2025", 0.6),
        ("Nghị quyết 36a/NQ-CP", "", "chinh-phu/nghi-quyet-36a-nq-cp/2015", 0.6),
        ("nghị quyết 30a", "", "chinh-phu/nghi-quyet-30a-2008-nq-cp", 0.6),
        ("Nghị định số 74", "2025-01-01", "chinh-phu/nghi-dinh-74-2024-nd-cp", 0.6),
        ("Sắc lệnh 64/SL", "", "chu-tich-nuoc/sac-lenh-64-sl/1945", 0.6),
    ],
)  # fmt: skip
def test_what_is_said_beside_a_number_tells(text: str, date: str, slug: str, at_least: float) -> None:
    citation = meant(text, date)
    assert citation.document == slug
    assert citation.sure >= at_least


def slugs(*texts: str, issuer: str = "") -> dict[str, str]:
    """Return the documents that texts state, each with its name."""
    articles = [
        Facts(key=str(at), id=str(at), source="Báo", citations=tuple(find_citations(each)))
        for at, each in enumerate(texts)
    ]
    registry = build([said for each in articles for said in statements_of(each)], {"Báo": issuer}, known=[])
    assert len({one.document for each in articles for one in registry.resolve(each)}) <= max(1, len(registry.documents))
    return {slug: document.symbol for slug, document in registry.documents.items()}


@pytest.mark.parametrize(
    ("texts", "one"),
    [
        (["Nghị định 71/NĐ-CP ngày 23/6/2010", "Nghị định số 71/2010/NĐ-CP"], "chinh-phu/nghi-dinh-71-2010-nd-cp"),
        (["Chỉ thị 20/2017/CT-TTg", "Chỉ thị số 20/CT-TTg ngày 17/5/2017"],
         "thu-tuong-chinh-phu/chi-thi-20-ct-ttg/2017"),
        (["Nghị quyết 35/2016/NQ-CP", "Nghị quyết 35/NQ-CP ngày 16/5/2016"], "chinh-phu/nghi-quyet-35-nq-cp/2016"),
        (["Thông tư liên tịch 08/2012/TTLT-BYT-BNV-BTC", "Thông tư liên tịch 08/2012/TTLT-BYT-BTC-BNV ngày 16/4/2012"],
         "bo-y-te/thong-tu-lien-tich-08-2012-ttlt-byt-bnv-btc"),
        (["Thông tư liên tịch 76/1998/TTLT/BQP-BTC", "Thông tư liên tịch 76/TTLT-BQP-BTC ngày 8/7/1998"],
         "bo-quoc-phong/thong-tu-lien-tich-76-1998-ttlt-bqp-btc"),
        (["Quyết định 32/2015/QĐ-TTg ngày 4/8/2015", "Quyết định 32/QĐ-TTg ngày 4/8/2015"],
         "thu-tuong-chinh-phu/quyet-dinh-32-2015-qd-ttg"),
        (["Quyết định số 220/QĐ-CA ngày 6/4/2016 của Chánh án Tòa án nhân dân tối cao"],
         "toa-an-nhan-dan-toi-cao/quyet-dinh-220-qd-ca/2016"),
        (["Kết luận số 08/KL-TTr ngày 1/2/2018 của Thanh tra Chính phủ"],
         "thanh-tra-chinh-phu/ket-luan-08-kl-ttr/2018"),
        (["Quyết định 5/QĐ-UBND ngày 1/2/2020 của UBND thành phố Huế, tỉnh Thừa Thiên Huế"],
         "ubnd-thanh-pho-hue/quyet-dinh-05-qd-ubnd/2020"),
        (["Quyết định 5/QĐ-UBND ngày 1/9/2025 của UBND đặc khu Lý Sơn",
          "Quyết định 5/QĐ-UBND ngày 1/9/2025 của UBND đặc khu Lý Sơn, tỉnh Quảng Ngãi"],
         "ubnd-dac-khu-ly-son-quang-ngai/quyet-dinh-05-qd-ubnd/2025-07"),
        (["Hướng dẫn liên ngành số 12/HDLN-BYT-BTC ngày 5/6/2016"], "bo-y-te/huong-dan-12-hdln-byt-btc/2016"),
        (["Quyết định 1138/2002/QĐ-UB ngày 16/4/2002 của UBND tỉnh Lào Cai"],
         "ubnd-tinh-lao-cai/quyet-dinh-1138-2002-qd-ub"),
    ],
)  # fmt: skip
def test_a_number_in_two_spellings_is_one_document(texts: list[str], one: str) -> None:
    assert list(slugs(*texts)) == list(slugs(*reversed(texts))) == [one]


@pytest.mark.parametrize(
    "texts",
    [
        ["Quyết định 32/2015/QĐ-TTg", "Quyết định 32/QĐ-TTg ngày 4/8/2015"],  # two series
        ["Nghị quyết 19/2017/NQ-CP", "Nghị quyết 19/NQ-CP ngày 8/2/2017"],
        ["Chỉ thị 20/2007/CT-TTg", "Chỉ thị 20/CT-TTg ngày 8/2/2007"],
        ["Nghị định 71/NĐ-CP ngày 23/6/2010", "Nghị định 71/2010/NĐ-CP ngày 5/6/2010"],
        ["Thông tư liên tịch 8/2012/TTLT-BYT-BTC", "Thông tư liên tịch 8/2012/TTLT-BYT-BTC-BNV"],
    ],
)
def test_numbers_that_may_be_two_documents_stay_two(texts: list[str]) -> None:
    assert len(slugs(*texts)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Kết luận số 05/KL-TTr ngày 20/6/2017", "Công văn 3440/CV-BCĐ ngày 27/4/2021",
        "Quyết định 19/QĐ-BV ngày 2/4/2013",
        "Kế hoạch 129-KH/ĐĐHLG ngày 5/11/2018 của Đảng đoàn", "Thông báo 410/TB-BTC ngày 26/4/2019 của Ban Tổ chức",
        "Quyết định 1138/2002/QĐ-UB ngày 16/4/2002 của UBND tỉnh", "Thông tư 26/2016/TT-BLĐTBX",
        "Thông tư 8/2014/TT-BNNPTTN",
        "Nghị quyết 42/2017/QH4", "Luật số 24/2016/QH15", "Nghị quyết 580/2018/UBTVQH13",
    ],
)  # fmt: skip
def test_a_code_that_names_nobody_makes_no_document(text: str) -> None:
    assert slugs(text) == {}
