"""What texts call a document by its number, and the title on which they agree."""

from __future__ import annotations

import pytest

from searchapp.article import Facts
from searchapp.citations.find import find_citations
from searchapp.citations.resolve import build
from searchapp.citations.resolve.mention import Statement, statements_of

DECREE = "Nghị định số 10/2020/NĐ-CP ngày 17/01/2020 của Chính phủ"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"theo {DECREE} quy định về kinh doanh vận tải bằng xe ô tô.", "Quy định về kinh doanh vận tải bằng xe ô tô"),
        (f"{DECREE} về công tác văn thư và Thông tư số 1/2020/TT-BNV", "Công tác văn thư"),
        (f"{DECREE} về việc phòng, chống cháy rừng; giao Bộ Công an", "Phòng, chống cháy rừng"),
        (f"{DECREE} về quản lý dự án đầu tư được sửa đổi năm 2021", "Quản lý dự án đầu tư"),
        (f"{DECREE} về phát triển làng nghề, các tỉnh đã hỗ trợ 300 cơ sở", "Phát triển làng nghề"),
        (
            f"{DECREE} quy định chi tiết thi hành Luật Trồng trọt (sau đây …)",
            "Quy định chi tiết thi hành Luật Trồng trọt",
        ),
        (f"{DECREE} quy định tại khoản 2 Điều 5 rằng", ""),
        (f"gửi báo cáo theo {DECREE} về Sở Nội vụ trước ngày 5", ""),
        (f"{DECREE} nêu rõ", ""),
        (
            f"{DECREE} quy định tổ chức các cơ quan thuộc UBND tỉnh, thành phố trực thuộc trung ương.",
            "Quy định tổ chức các cơ quan thuộc UBND tỉnh, thành phố trực thuộc trung ương",
        ),
        (
            f"{DECREE} về chế độ đối với công chức, viên chức, người lao động trong sắp xếp bộ máy.",
            "Chế độ đối với công chức, viên chức, người lao động trong sắp xếp bộ máy",
        ),
        (f"{DECREE} về phát triển làng nghề, người dân đã hỗ trợ nhau", "Phát triển làng nghề"),
        ("Bộ Tài chính rà soát Nghị định số 125/2025/NĐ-CP, bãi bỏ các quy định không còn phù hợp.", ""),
        (
            "Kéo dài thời hạn áp dụng Nghị quyết số 42/2017/QH14 ngày 21/6/2017 của Quốc hội về thí điểm xử lý nợ xấu "
            "từ ngày 15 tháng 8 năm 2022 đến hết ngày 31 tháng 12 năm 2023.",
            "Thí điểm xử lý nợ xấu",
        ),
        (f"{DECREE} về dự toán thu phí năm 2020 nêu: “…”", "Dự toán thu phí năm 2020"),
        (f"{DECREE} về trách nhiệm nêu gương của cán bộ.", "Trách nhiệm nêu gương của cán bộ"),
        (f"{DECREE} về bỏ hộ khẩu giấy, hầu như xã nào cũng làm", "Bỏ hộ khẩu giấy"),
        (f"{DECREE}, Hướng dẫn số 03-HD/BTGTW của Ban Tuyên giáo", ""),
        (f"{DECREE} và hướng dẫn của Thanh tra Chính phủ", ""),
        (f"{DECREE}, hướng dẫn của Thanh tra Chính phủ", ""),
        (f"{DECREE} quy định Ủy ban nhân dân tỉnh", ""),
        (f"{DECREE} ban hành Quy định của trường học", "Ban hành Quy định của trường học"),
        (f"{DECREE} về tín dụng nông thôn tại Hội nghị tổng kết", "Tín dụng nông thôn"),
        (f"{DECREE} về quản lý xe tại lễ hội xuân", "Quản lý xe tại lễ hội xuân"),
        (f"{DECREE} về phòng, chống lao và Thông tư này tới cán bộ", "Phòng, chống lao"),
        ("Luật sửa đổi số 34/2018/QH14 nêu", ""),
        (f"{DECREE} về xử lý nợ thuế và Bộ Tài chính", "Xử lý nợ thuế"),
        (f"{DECREE} về phối hợp giữa Tòa án và Bộ Tài chính", "Phối hợp giữa Tòa án và Bộ Tài chính"),
        (f"{DECREE} về biên chế của Quốc hội và Bộ Nội vụ", "Biên chế của Quốc hội và Bộ Nội vụ"),
        (f"{DECREE} về xử lý nợ thuế và Công văn số 12/BTC-TCT", "Xử lý nợ thuế"),
        (f"{DECREE} về thanh tra đất đai cho thấy", "Thanh tra đất đai"),
        (f"{DECREE} về nâng giá đất, khiến dân khó mua nhà", "Nâng giá đất"),
        (f"{DECREE} về xử lý nợ thuế, nhưng nhiều nơi còn chậm", "Xử lý nợ thuế"),
        (f"{DECREE} về quản lý bến bãi, không gian ngầm", "Quản lý bến bãi, không gian ngầm"),
        (f"{DECREE} về quản lý trẻ em, tuyến đường, song mây", "Quản lý trẻ em, tuyến đường, song mây"),
        (f"{DECREE} quy định tiêu chuẩn, định mức xe ô tô, ở đó nêu", "Quy định tiêu chuẩn, định mức xe ô tô"),
        (f"{DECREE} về phòng, chống rửa tiền và các văn bản hướng dẫn", "Phòng, chống rửa tiền"),
        (f"{DECREE} về trợ cấp đối với người được cử sang Lào;", "Trợ cấp đối với người được cử sang Lào"),
        (f"{DECREE} về quản lý chợ dân sinh 02/7/2024 6 Thông tư số 1/2016/TT-BCT", "Quản lý chợ dân sinh"),
        (f"{DECREE} về quản lý chợ dân sinh đối 10/4/2024", ""),
        (f"{DECREE} về lập bản đồ tỷ lệ 1:10.000 và 1:5.000.", "Lập bản đồ tỷ lệ 1:10.000 và 1:5.000"),
        (f"{DECREE} hướng dẫn quản lý, theo dõi sức khỏe cán bộ.", "Hướng dẫn quản lý, theo dõi sức khỏe cán bộ"),
        (f"{DECREE} về nếp sống trong việc cưới, việc tang.", "Nếp sống trong việc cưới, việc tang"),
        (f"{DECREE} sửa đổi Quy chế thi ban hành kèm theo Quyết định số 5/2020/QĐ-TTg", "Sửa đổi Quy chế thi"),
        (f"{DECREE} công bố danh mục loài quý hiếm cần được bảo vệ.", "Công bố danh mục loài quý hiếm cần được bảo vệ"),
        (f"{DECREE} về phụ cấp chức vụ và mục II Thông tư số 83/2005/TT-BNV", "Phụ cấp chức vụ"),
        (f"{DECREE} về chế độ nghỉ phép và thay thế Quyết định số 126/2002/QĐ-BQP", "Chế độ nghỉ phép"),
        (f"{DECREE} sửa đổi danh sách trường quy định tại Thông tư số 5/2009/TT-BGDĐT", "Sửa đổi danh sách trường"),
        (
            f"{DECREE} phê duyệt Đề án “Nâng cao năng lực phòng, chống rửa tiền”, trong đó",
            "Phê duyệt Đề án “Nâng cao năng lực phòng, chống rửa tiền”",
        ),
        (
            f"{DECREE} về phụ nữ thời kỳ công nghiệp hóa, hiện đại hóa đất nước xác định",
            "Phụ nữ thời kỳ công nghiệp hóa, hiện đại hóa đất nước xác định",
        ),
        (f"{DECREE} về giảm nghèo ở vùng cao, hiện còn 5 xã", "Giảm nghèo ở vùng cao"),
        (
            f"{DECREE} về thực hiện các biện pháp nhằm nâng cao năng suất lúa.",
            "Thực hiện các biện pháp nhằm nâng cao năng suất lúa",
        ),
        (f"{DECREE} về phát triển chợ nhằm phục vụ dân", "Phát triển chợ"),
        (f"{DECREE} về phụ cấp giáo viên vùng cao để trình Chính phủ ban hành", "Phụ cấp giáo viên vùng cao"),
        (f"{DECREE} về phụ cấp giáo viên vùng cao để bảo đảm đời sống", "Phụ cấp giáo viên vùng cao"),
        (
            f"{DECREE} quy định tỷ lệ nguồn thu được để lại cho bệnh viện.",
            "Quy định tỷ lệ nguồn thu được để lại cho bệnh viện",
        ),
        (
            f"{DECREE} quy định biện pháp để tổ chức thi hành Luật Trồng trọt.",
            "Quy định biện pháp để tổ chức thi hành Luật Trồng trọt",
        ),
        (f"{DECREE} về thu hồi đất được giao trái thẩm quyền.", "Thu hồi đất được giao trái thẩm quyền"),
        (f"{DECREE} về nâng cấp quốc lộ được Bộ Xây dựng trình", "Nâng cấp quốc lộ"),
        (f"{DECREE} phê duyệt dự án cầu Mây trái quy định, gây lãng phí", "Phê duyệt dự án cầu Mây"),
        (
            f"{DECREE} về xây dựng và phát triển TP. Cần Thơ đến năm 2030.",
            "Xây dựng và phát triển TP. Cần Thơ đến năm 2030",
        ),
        (f"{DECREE} về xây dựng và phát triển TP.HCM.", "Xây dựng và phát triển TP.HCM"),
        (f"{DECREE} về dự toán ngân sách nhà nước (NSNN) năm 2015. Cụ thể", "Dự toán ngân sách nhà nước năm 2015"),
        (f"{DECREE} về dự toán thu phí (sau đây gọi là phí)", "Dự toán thu phí"),
        (
            f"{DECREE} về triển khai áp dụng nguyên tắc “Thực hành tốt bảo quản thuốc”; và",
            "Triển khai áp dụng nguyên tắc “Thực hành tốt bảo quản thuốc”",
        ),
        (f"{DECREE} ban hành “Danh mục giống cây trồng”.", "Ban hành “Danh mục giống cây trồng”"),
        (f"{DECREE} về chợ đầu mối hạng “A” và hạng “B”", ""),
        (f"{DECREE} về việc phê duyệt Đề án (Đề án 1058).", ""),
        (f"{DECREE} sửa đổi, bổ sung một số điểm tại Thông tư số 5/2009/TT-BTC", ""),
        (f"{DECREE} về bổ nhiệm Thủ trưởng, Phó Thủ trưởng đơn vị.", "Bổ nhiệm Thủ trưởng, Phó Thủ trưởng đơn vị"),
        (f"{DECREE} về giá đất nông thôn và văn bản của địa phương", "Giá đất nông thôn"),
        (f"{DECREE} về nông nghiệp hữu cơ và TCVN 12134:2017", "Nông nghiệp hữu cơ"),
        (f"{DECREE} về kiểm tra thuốc bổ hoặc Thông tư này nếu", "Kiểm tra thuốc bổ"),
        (f"{DECREE} về y tế dự phòng tỉnh từ ngày Thông tư này có hiệu lực", "Y tế dự phòng tỉnh"),
        (f"{DECREE} về chương trình hành động và các Nghị quyết của tỉnh", "Chương trình hành động"),
        (f"{DECREE} về quản lý đất lúa 19 Nghị định số 20/2021/NĐ-CP", "Quản lý đất lúa"),
        (f"{DECREE} về Chứng minh nhân dân ngày 19/11/2007 của Chính phủ, có hiệu lực", "Chứng minh nhân dân"),
        (f"{DECREE} về trợ cấp hằng tháng với người đang hưởng", ""),
        ("Luật sửa đổi, bổ sung một số điều của Bộ luật Hình sự số 100/2015/QH13", "Bộ luật Hình sự"),
        ("Luật sửa đổi, bổ sung một số điều của Luật Đầu tư, Luật Thuế và Luật Thanh niên số 7/2027/QH16", ""),
        ("Luật sửa đổi, bổ sung một số điều của Luật Đầu tư, Luật Đất đai số 31/2024/QH15", "Luật Đất đai"),
        (
            "Luật sửa đổi, bổ sung một số điều của Luật Thanh niên số 7/2027/QH16",
            "Luật sửa đổi, bổ sung một số điều của Luật Thanh niên",
        ),
        ("Luật sửa đổi, bổ sung một số điều của Luật Đèn đường số 7/2027/QH16", ""),
        (f"{DECREE} về chợ đầu mối được tiếp tục áp dụng", "Chợ đầu mối"),
        (
            f"{DECREE} sửa đổi khoản 2 Điều 7 Thông tư số 17/2011/TT-BTC",
            "Sửa đổi khoản 2 Điều 7 Thông tư số 17/2011/TT-BTC",
        ),
        (
            f"{DECREE} hướng dẫn Quyết định số 244/QĐ-TTg ngày 06/10/2005 của Thủ tướng về phụ cấp nhà giáo.",
            "Hướng dẫn Quyết định số 244/QĐ-TTg ngày 06/10/2005 của Thủ tướng về phụ cấp nhà giáo",
        ),
        (f"Chính phủ ban hành “{DECREE} về quản lý nợ công” và", "Quản lý nợ công"),
        (f"{DECREE} về kế hoạch tài chính 5 năm cũng đặt ra", "Kế hoạch tài chính 5 năm"),
        (f"{DECREE} về tinh gọn bộ máy, đáp ứng yêu cầu mới", "Tinh gọn bộ máy, đáp ứng yêu cầu mới"),
        (f"{DECREE} về quản lý chợ dân sinh - Khoản 2 Điều 4", "Quản lý chợ dân sinh"),
        (f"{DECREE} về miễn thuế từ 01/01/2025 đến 31/12/2030", "Miễn thuế từ 01/01/2025 đến 31/12/2030"),
        ("khoản 1 Điều 9 Luật Thanh niên số 57/2020/QH14 nêu", "Luật Thanh niên"),
        ("Sửa đổi một số điều của Luật Thanh niên số 57/2020/QH14", "Luật Thanh niên"),
        (
            "Luật sửa đổi, bổ sung một số điều của Luật Thanh niên số 9/2030/QH17",
            "Luật sửa đổi, bổ sung một số điều của Luật Thanh niên",
        ),
        ("Luật sửa đổi một số điều của Luật Thanh niên số 9/2030/QH17 đã được sửa đổi bởi", "Luật Thanh niên"),
        ("Luật số 9/2030/QH17 ngày 1/6/2030 và Luật số 10/2030/QH17", ""),
    ],
)
def test_a_title_ends_where_the_sentence_goes_on(text: str, title: str) -> None:
    assert find_citations(text)[0].about == title


def test_the_title_of_an_amending_law_ends_with_its_paragraph() -> None:
    heading = "Về chính sách của Luật sửa đổi, bổ sung một số điều của Luật Cạnh tranh\nCHÍNH PHỦ\n"
    found = find_citations(f"{heading}Căn cứ Luật Tổ chức Chính phủ ngày 18 tháng 02 năm 2025;")
    assert [one.key for one in found] == ["Luật Tổ chức Chính phủ 2025"]


def test_the_title_of_an_amending_law_goes_on_over_a_broken_line() -> None:
    text = "Luật sửa đổi, bổ sung một số điều của Luật Người lao động đi làm việc\ntheo hợp đồng ngày 13/11/2020"
    whole = "Luật sửa đổi, bổ sung một số điều của Luật Người lao động đi làm việc theo hợp đồng 2020"
    assert [one.key for one in find_citations(text)] == [whole]


def test_a_subject_without_accents_is_no_title() -> None:
    facts = Facts(
        key="a", id="a", citations=tuple(find_citations("Nghị quyết số 28-NQ/TW khóa X về xây dựng khu vực phòng thủ."))
    )
    assert [one.title for one in build(statements_of(facts), {}, known=()).documents.values()] == [""]


def test_a_document_without_a_text_has_the_title_on_which_most_agree() -> None:
    said = ["về công tác văn thư.", "về công tác văn thư trong các cơ quan nhà nước.", "về công tác lưu trữ."]
    found = [find_citations(f"{DECREE} {one}")[0] for one in said]
    statements = {Statement("", c.kind, c.type, c.key, c.date, c.issuer, c.place, c.term, c.about, "") for c in found}
    assert build(statements, {}).documents["chinh-phu/nghi-dinh-10-2020-nd-cp"].title == "Công tác văn thư"


@pytest.mark.parametrize(
    ("texts", "symbols"),
    [
        (["Luật Cấp nước số 12/2030/QH16", "theo Luật Cấp nước năm 2030"], ["12/2030/QH16"]),
        (["Luật Cấp nước số 12/2030/QH16", "Căn cứ Luật Cấp nước ngày 01 tháng 6 năm 2030;"], ["12/2030/QH16"]),
        (["Luật Cấp nước số 12/2030/QH16", "theo Luật Cấp nước năm 2025"], ["12/2030/QH16", "Luật Cấp nước 2025"]),
        (["Luật Cấp nước số 12/2030/QH16, Luật Cấp nước số 13/2030/QH16", "theo Luật Cấp nước năm 2030"],
         ["12/2030/QH16", "13/2030/QH16", "Luật Cấp nước 2030"]),
        (["Luật BHXH 2014", "theo Luật Bảo hiểm xã hội năm 2014"], ["58/2014/QH13"]),
        (["Pháp lệnh XLVPHC 2002", "Pháp lệnh Xử lý vi phạm hành chính năm 2002"],
         ["Pháp lệnh Xử lý vi phạm hành chính 2002"]),
        (["theo Luật HTX năm 2012"], ["Luật Hợp tác xã 2012"]),
        (["Luật Hợp tác xã số 23/2012/QH13", "theo Luật HTX năm 2012", "Luật Hợp tác xã 2012"], ["23/2012/QH13"]),
        (["Luật số 12/2030/QH16", "theo Luật Cấp nước năm 2030"], ["12/2030/QH16", "Luật Cấp nước 2030"]),
    ],
)  # fmt: skip
def test_a_law_by_name_and_year_is_the_numbered_law_of_this_name_and_year(texts: list[str], symbols: list[str]) -> None:
    facts = [Facts(key=text, id=text, citations=tuple(find_citations(text))) for text in texts]
    registry = build([one for fact in facts for one in statements_of(fact)], {}, known=())
    assert [one.symbol for one in registry.documents.values()] == symbols
    meant = [citation.document for fact in facts for citation in registry.resolve(fact)]
    assert set(meant) == set(registry.documents)


@pytest.mark.parametrize(
    ("titles", "held"), [(["Danh mục thuốc bổ"], True), (["Danh mục thuốc bổ", "Nguyên tắc lập danh mục"], False)]
)
def test_a_provision_with_the_name_of_its_document_is_not_its_text(titles: list[str], held: bool) -> None:
    rows = [
        Facts(
            key=str(at), id=str(at), title=title, number="07/2017/TT-BYT", type="thong-tu", issuer="Bộ Y tế",
            date="2017-05-03", document_title="Danh mục thuốc bổ",
        )
        for at, title in enumerate(titles)
    ]  # fmt: skip
    registry = build([said for row in rows for said in statements_of(row)], {})
    document = registry.documents["bo-y-te/thong-tu-07-2017-tt-byt"]
    assert (document.title, bool(document.article)) == ("Danh mục thuốc bổ", held)
