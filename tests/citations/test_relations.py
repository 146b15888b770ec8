"""What a text says that documents do to one another: a table of sentences, each with all that it states."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from searchapp.article import OWN
from searchapp.citations.find import find_citations
from searchapp.citations.find.relations import distinct, find_relations
from searchapp.citations.find.relations.cues import provisions
from searchapp.citations.find.relations.days import in_days
from searchapp.citations.find.vocabulary import plain


def stated(text: str, *, official: bool = True) -> list[str]:
    """Every relation of a text as one line: "kind doer > target [part] day until!"."""
    citations = find_citations(text)
    key = {citation.start: citation.key for citation in citations} | {OWN: "self"}
    lines = []
    for r in distinct(find_relations(text, citations, official=official), citations):
        part = f" [{', '.join(r.part)}]" if r.part else ""
        day = f" {r.day}" if r.day not in ("", "own") else ""
        until = f" until {r.until}" if r.until else ""
        lines.append(f"{r.kind} {key[r.doer]} > {key[r.target]}{part}{day}{until}{'!' if r.exception else ''}")
    return sorted(lines)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Điều 1. Sửa đổi, bổ sung một số điều của Thông tư số 31/2016/TT-BXX như sau:\n"
            "1. Điều 4 được sửa đổi, bổ sung như sau:\n“Khoản 2 Điều 8 được sửa đổi như sau:”\n"
            "2. Khoản 3 và khoản 5 Điều 9 được bãi bỏ.\n3. Điều 12:\na) Khoản 1 được sửa đổi như sau:\n"
            "4. Khoản 2 Điều này được bãi bỏ.\n5. Hồ sơ được bổ sung như sau:",
            [
                "sua-doi self > 31/2016/TT-BXX",
                "sua-doi self > 31/2016/TT-BXX [4]",
                "bai-bo self > 31/2016/TT-BXX [9/3, 9/5]",
                "sua-doi self > 31/2016/TT-BXX [12/1]",
            ],
        ),
        (
            "Bãi bỏ các quy định tại các văn bản sau đây:\na) Điều 4 Nghị định số 35/2015/NĐ-CP.\nb) Quyết định số "
            "95/2007/QĐ-BXX ngày 27/11/2007 về giống cây.",
            ["bai-bo self > 35/2015/NĐ-CP [4]", "bai-bo self > 95/2007/QĐ-BXX"],
        ),
        (
            "Bãi bỏ Nghị định số 70/2001/NĐ-CP; Nghị định số 24/2013/NĐ-CP, trừ các quy định về lệ phí được tiếp tục "
            "áp dụng đến khi có quy định mới.",
            ["bai-bo self > 70/2001/NĐ-CP", "bai-bo self > 24/2013/NĐ-CP!", "tiep-tuc self > 24/2013/NĐ-CP"],
        ),
        (
            "Bãi bỏ nội dung tại các Thông tư sau:\na) Điều 1 Thông tư số 119/2014/TT-BXX sửa đổi Thông tư "
            "156/2013/TT-BXX,39/2014/TT-BXX;78/2014/TT-BXX để cải cách thủ tục.",
            [
                "bai-bo self > 119/2014/TT-BXX [1]",
                "sua-doi 119/2014/TT-BXX > 156/2013/TT-BXX",
                "sua-doi 119/2014/TT-BXX > 39/2014/TT-BXX",
                "sua-doi 119/2014/TT-BXX > 78/2014/TT-BXX",
            ],
        ),
        (
            "Quốc hội ban hành Luật sửa đổi, bổ sung một số điều của Luật Cây xanh số 22/2023/QH15 và Luật Thủy lợi số "
            "8/2017/QH14.\nĐiều 1. Sửa đổi, bổ sung một số điều của Luật Cây xanh\n1. Sửa đổi khoản 1 Điều 2 như sau:\n"
            "“1. Cây.”.\n2. Bổ sung Điều 9a vào sau Điều 9.\nĐiều 2. Sửa đổi, bổ sung một số điều của Luật Thủy lợi\n"
            "1. Bãi bỏ Điều 15 và Điều 16.\nĐiều 3. Sửa đổi, bổ sung một số điều của Luật Đê điều\n1. Bãi bỏ Điều 4.",
            [
                "sua-doi self > 22/2023/QH15",
                "sua-doi self > 22/2023/QH15 [2/1]",
                "sua-doi self > 22/2023/QH15 [9a]",
                "sua-doi self > 8/2017/QH14",
                "bai-bo self > 8/2017/QH14 [15, 16]",
            ],
        ),
        # Two verbs of one subject.
        (
            "Bãi bỏ Quyết định số 88/2023/QĐ-UBND ngày 5/5/2023 và đính chính Quyết định số 900/QĐ-UBND.",
            ["bai-bo self > 88/2023/QĐ-UBND", "dinh-chinh self > 900/QĐ-UBND"],
        ),
        (
            "Thông tư này bãi bỏ Điều 1 Thông tư số 14/2012/TT-BXX của Bộ trưởng Bộ Xây dựng và thay thế Thông tư số "
            "12/2012/TT-BXX.",
            ["bai-bo self > 14/2012/TT-BXX [1]", "thay-the self > 12/2012/TT-BXX"],
        ),
        (
            "Sửa đổi khoản 1, bổ sung khoản 3 và bãi bỏ khoản 4, khoản 5 Điều 8 Nghị định số 17/2021/NĐ-CP.",
            [
                "sua-doi self > 17/2021/NĐ-CP [8/1]",
                "sua-doi self > 17/2021/NĐ-CP [8/3]",
                "bai-bo self > 17/2021/NĐ-CP [8/4, 8/5]",
            ],
        ),
        (
            "Thông tư số 10/2019/TT-BXX quy định chi tiết Nghị định số 8/2018/NĐ-CP và sửa đổi Thông tư số "
            "9/2018/TT-BXX.",
            ["huong-dan 10/2019/TT-BXX > 8/2018/NĐ-CP", "sua-doi 10/2019/TT-BXX > 9/2018/TT-BXX"],
        ),
        # Laws by their names, where the text gives the number once.
        (
            "Điều 2. Sửa đổi, bãi bỏ một số điều của các luật có liên quan\n1. Bãi bỏ Điều 15 của Luật Cây xanh số "
            "46/2024/QH15.\n2. Bãi bỏ Điều 21 của Luật Cây xanh.\n3. Bãi bỏ khoản 2 Điều 25 Luật Cây xanh;\n4. Bãi bỏ "
            "Điều 9 của Luật Đê điều.\nĐiều 3. Bãi bỏ một số điều của Luật Cây xanh\n1. Bãi bỏ Điều 7.\n2. Khoản 2 "
            "Điều 8 được bãi bỏ.",
            [
                "bai-bo self > 46/2024/QH15 [15]",
                "bai-bo self > 46/2024/QH15 [21]",
                "bai-bo self > 46/2024/QH15 [25/2]",
                "bai-bo self > 46/2024/QH15 [mot-phan]",
                "bai-bo self > 46/2024/QH15 [7]",
                "bai-bo self > 46/2024/QH15 [8/2]",
            ],
        ),
        # Annexes that list what ends.
        (
            "NGHỊ QUYẾT\nĐiều 1. Bãi bỏ toàn bộ các Nghị quyết trong Danh mục ban hành kèm theo Nghị quyết này.\n"
            "DANH MỤC\nCÁC NGHỊ QUYẾT BÃI BỎ TOÀN BỘ\n(Ban hành kèm theo Nghị quyết số 37/2025/NQ-HĐND)\nI. NGHỊ QUYẾT "
            "CỦA TỈNH PHÚ YÊN\n1. Nghị quyết số 15/2017/NQ-HĐND ngày 21/9/2017 quy định mức hỗ trợ theo Nghị định số "
            "8/2016/NĐ-CP.\nII. NGHỊ QUYẾT CỦA TỈNH ĐẮK LẮK\n1. Nghị quyết số 21/2016/NQ-HĐND về giá dịch vụ.",
            ["bai-bo self > 15/2017/NQ-HĐND", "bai-bo self > 21/2016/NQ-HĐND"],
        ),
        (
            "QUYẾT ĐỊNH\nĐiều 1. Công bố kèm theo Quyết định này Danh mục văn bản hết hiệu lực toàn bộ, hết hiệu lực "
            "một phần năm 2025.\nPHỤ LỤC I\nDANH MỤC VĂN BẢN HẾT HIỆU LỰC TOÀN BỘ\nSTT | Số, ký hiệu | Tên gọi | "
            "Lý do\n1 | Nghị quyết | Số 25/2018/NQ-HĐND ngày 12/7/2018 | Về mức thu phí bình tuyển, công nhận cây "
            "mẹ | Được thay thế bởi Nghị quyết số 11/2025/NQ-HĐND ngày "
            "15/5/2025 | 25/5/2025\n2 | Quyết định | "
            "Số 44/2020/QĐ-UBND ngày 11/11/2020 | Quy định bảng giá nhà | Văn bản được quy định chi tiết hết "
            "hiệu lực | 01/7/2025\n"
            "B. VĂN BẢN HẾT HIỆU LỰC MỘT PHẦN\n1 | Quyết định | Số 45/2020/QĐ-UBND | Quy định bảng giá đất | Điều 5\n"
            "PHỤ LỤC II\nDANH MỤC VĂN BẢN CÒN HIỆU LỰC\n1 | Quyết định | Số 46/2020/QĐ-UBND | Quy định bảng giá",
            [
                "thay-the 11/2025/NQ-HĐND > 25/2018/NQ-HĐND",
                "het-hieu-luc self > 44/2020/QĐ-UBND",
                "het-hieu-luc self > 45/2020/QĐ-UBND [mot-phan]",
            ],
        ),
        (
            "QUYẾT ĐỊNH\nĐiều 1. Công bố kèm theo Quyết định này Danh mục văn bản hết hiệu lực toàn bộ hoặc một phần.\n"
            "DANH MỤC VĂN BẢN HẾT HIỆU LỰC TOÀN BỘ HOẶC MỘT PHẦN\nA. VĂN BẢN HẾT HIỆU LỰC TOÀN BỘ THUỘC LĨNH VỰC "
            "QUẢN LÝ CỦA BỘ XÂY DỰNG\nSTT Văn bản hết hiệu lực Lý do hết hiệu lực\n18 Thông tư số 26/2018/TT-BXX ngày "
            "25/12/2018 về an toàn\nB. VĂN BẢN HẾT HIỆU LỰC MỘT PHẦN\n19 Thông tư số 27/2018/TT-BXX",
            ["het-hieu-luc self > 26/2018/TT-BXX", "het-hieu-luc self > 27/2018/TT-BXX [mot-phan]"],
        ),
        (  # the last column, or the last words of a line, tell the day
            "QUYẾT ĐỊNH\nĐiều 1. Công bố kèm theo Quyết định này Danh mục văn bản hết hiệu lực toàn bộ.\n"
            "DANH MỤC VĂN BẢN HẾT HIỆU LỰC TOÀN BỘ\nSTT | Số, ký hiệu | Tên gọi | Lý do | Ngày hết hiệu lực\n"
            "1 | Nghị quyết | Số 25/2018/NQ-HĐND ngày 12/7/2018 | Về phí | Được thay thế bởi Nghị quyết số "
            "11/2025/NQ-HĐND ngày 15/5/2025 | 25/5/2025\n2 | Quyết định | Số 44/2020/QĐ-UBND | Bảng giá nhà | Văn bản "
            "được quy định chi tiết hết hiệu lực | 01/7/2025\n3. Quyết định số 45/2020/QĐ-UBND về bảng giá đất. Ngày "
            "hết hiệu lực: 02/7/2025",
            [
                "thay-the 11/2025/NQ-HĐND > 25/2018/NQ-HĐND 2025-05-25",
                "het-hieu-luc self > 44/2020/QĐ-UBND 2025-07-01",
                "het-hieu-luc self > 45/2020/QĐ-UBND 2025-07-02",
            ],
        ),
        (
            "QUYẾT ĐỊNH\nĐiều 1. Công bố Danh mục văn bản quy phạm pháp luật của tỉnh hết hiệu lực toàn bộ (có Danh "
            "mục kèm theo).\nDANH MỤC VĂN BẢN HẾT HIỆU LỰC TOÀN BỘ\n1 | Quyết định | 44/2020/QĐ-UBND | Bảng giá nhà",
            ["het-hieu-luc self > 44/2020/QĐ-UBND"],
        ),
        (  # the last column tells another day
            "QUYẾT ĐỊNH\nĐiều 1. Công bố kèm theo Quyết định này Danh mục văn bản hết hiệu lực toàn bộ.\n"
            "DANH MỤC VĂN BẢN HẾT HIỆU LỰC TOÀN BỘ\nSTT | Số, ký hiệu | Ngày có hiệu lực\n"
            "1 | Quyết định | Số 44/2020/QĐ-UBND | 01/7/2020",
            ["het-hieu-luc self > 44/2020/QĐ-UBND"],
        ),
        (
            "QUYẾT ĐỊNH\nĐiều 1. Ban hành kèm theo Quyết định này Danh mục thủ tục hành chính bị bãi bỏ.\nPHỤ LỤC\n"
            "DANH MỤC THỦ TỤC HÀNH CHÍNH BÃI BỎ\n1 | Cấp phép | Quyết định số 44/2020/QĐ-UBND\n2 | Quyết định số "
            "45/2020/QĐ-UBND",
            [],
        ),
        (
            "NGHỊ QUYẾT\nĐiều 1. Bãi bỏ Điều 3 và Danh mục phí kèm theo Nghị quyết này từ năm 2027.\nPHỤ LỤC\nDANH MỤC "
            "PHÍ\n1. Phí theo Nghị quyết số 7/2019/NQ-HĐND.\n2. Nghị quyết số 8/2019/NQ-HĐND.",
            [],
        ),
        (
            "Bãi bỏ các Phụ lục từ I đến III, Phụ lục số 5, số 6 ban hành kèm theo Nghị định số 11/2019/NĐ-CP.",
            ["bai-bo self > 11/2019/NĐ-CP [phu-luc-1, phu-luc-2, phu-luc-3, phu-luc-5, phu-luc-6]"],
        ),
        (
            "Bãi bỏ các khoản từ 2 đến 4 Điều 6 Nghị định số 11/2019/NĐ-CP.",
            ["bai-bo self > 11/2019/NĐ-CP [6/2, 6/3, 6/4]"],
        ),
        (
            "Bổ sung khoản 3a vào sau khoản 3 Điều 6 Nghị định số 11/2019/NĐ-CP như sau:",
            ["sua-doi self > 11/2019/NĐ-CP [6/3a]"],
        ),
        (
            "Quyết định này bãi bỏ các Quyết định sau đây của Ủy ban nhân dân tỉnh Hà Giang: Quyết định số "
            "10/2020/QĐ-UBND ngày 5/5/2020; Quyết định số 11/2021/QĐ-UBND ngày 6/6/2021.",
            ["bai-bo self > 10/2020/QĐ-UBND", "bai-bo self > 11/2021/QĐ-UBND"],
        ),
        (
            "Ngưng hiệu lực thi hành Điều 5 Thông tư số 10/2024/TT-BXX từ ngày 01/01/2026 đến hết ngày 31/12/2026.",
            ["ngung-hieu-luc self > 10/2024/TT-BXX [5] 2026-01-01 until 2027-01-01"],
        ),
        (
            "Nghị định số 99/2019/NĐ-CP tiếp tục có hiệu lực đến hết ngày 31 tháng 12 năm 2025.",
            ["con-hieu-luc self > 99/2019/NĐ-CP until 2026-01-01"],
        ),
        ("Bãi bỏ các văn bản hướng dẫn thi hành Luật số 41/2009/QH12.", []),
        (
            "Thông tư này bãi bỏ các quy định hướng dẫn thi hành Nghị định số 8/2010/NĐ-CP tại Thông tư số "
            "5/2011/TT-BTC.",
            ["bai-bo self > 5/2011/TT-BTC [mot-phan]"],
        ),
        ("Bảng điều chỉnh, bổ sung kế hoạch theo Nghị quyết số 71/2018/QH14.", []),
        ("Quyết định này thay cho Quyết định số 76/2010/QĐ-TTg.", ["thay-the self > 76/2010/QĐ-TTg"]),
        # The table of the design.
        (
            "Thông tư này có hiệu lực từ ngày 01/3/2026 và thay thế Thông tư số 10/2020/TT-BXX.",
            ["hieu-luc self > self 2026-03-01", "thay-the self > 10/2020/TT-BXX"],
        ),
        (
            "Bãi bỏ khoản 2 Điều 5, Điều 7 Nghị định số 11/2019/NĐ-CP.",
            ["bai-bo self > 11/2019/NĐ-CP [5/2, 7]"],
        ),
        (
            "Nghị định số 11/2019/NĐ-CP ngày 1/2/2019 của Chính phủ sửa đổi, bổ sung một số điều của Nghị định số "
            "8/2015/NĐ-CP hết hiệu lực kể từ ngày Nghị định này có hiệu lực.",
            ["het-hieu-luc self > 11/2019/NĐ-CP", "sua-doi 11/2019/NĐ-CP > 8/2015/NĐ-CP"],
        ),
        (
            "Luật số 20/2012/QH13 đã được sửa đổi, bổ sung theo Luật số 30/2018/QH14 và Luật số 40/2020/QH14",
            ["sua-doi 30/2018/QH14 > 20/2012/QH13", "sua-doi 40/2020/QH14 > 20/2012/QH13"],
        ),
        (
            "Thay thế cụm từ “A” bằng cụm từ “B” tại khoản 1 Điều 3 Thông tư số 5/2021/TT-BXX.",
            ["sua-doi self > 5/2021/TT-BXX [3/1]"],
        ),
        ("dự thảo Nghị định thay thế Nghị định số 86/2014/NĐ-CP", []),
        ("các văn bản sửa đổi, bổ sung, thay thế (nếu có)", []),
        ("Kết luận số 01-KL/TW về tiếp tục thực hiện Chỉ thị số 05-CT/TW", ["tiep-tuc 01-KL/TW > 05-CT/TW"]),
        (
            "Quyết định này có hiệu lực thi hành kể từ ngày ký và thay thế Quyết định số 1480/QĐ-TTg",
            ["hieu-luc self > self +0", "thay-the self > 1480/QĐ-TTg"],
        ),
        ("Việc thanh toán thực hiện theo Nghị định số 72/2015/NĐ-CP.", []),
        # What ends, as a list.
        (
            "Thông tư số 1/2010/TT-BYT, Thông tư số 2/2011/TT-BYT và Thông tư liên tịch số 3/2012/TTLT-BYT-BTC hết "
            "hiệu lực kể từ ngày Thông tư này có hiệu lực thi hành.",
            [
                "het-hieu-luc self > 1/2010/TT-BYT",
                "het-hieu-luc self > 2/2011/TT-BYT",
                "het-hieu-luc self > 3/2012/TTLT-BYT-BTC",
            ],
        ),
        (
            "Nghị định số 5/2001/NĐ-CP của Chính phủ về phí; Nghị định số 6/2003/NĐ-CP của Chính phủ về lệ phí; Điều 3 "
            "Nghị định số 7/2004/NĐ-CP của Chính phủ về giá hết hiệu lực kể từ ngày 01 tháng 7 năm 2010.",
            [
                "het-hieu-luc self > 5/2001/NĐ-CP 2010-07-01",
                "het-hieu-luc self > 6/2003/NĐ-CP 2010-07-01",
                "het-hieu-luc self > 7/2004/NĐ-CP [3] 2010-07-01",
            ],
        ),
        (
            "2. Các văn bản sau đây hết hiệu lực kể từ ngày Nghị định này có hiệu lực:\na) Nghị định số 68/2000/NĐ-CP "
            "về chế độ hợp đồng;\nb) Điều 3 Nghị định số 161/2018/NĐ-CP về sửa đổi, bổ sung một số quy định.\n3. Nghị "
            "định số 5/2020/NĐ-CP được áp dụng cho năm học này.",
            ["het-hieu-luc self > 161/2018/NĐ-CP [3]", "het-hieu-luc self > 68/2000/NĐ-CP"],
        ),
        (
            "3. Thông tư này thay thế:\na) Thông tư số 4/2010/TT-BNV hướng dẫn thi hành Nghị định số 1/2009/NĐ-CP;\n"
            "b) Thông tư số 9/2011/TT-BNV.",
            [
                "huong-dan 4/2010/TT-BNV > 1/2009/NĐ-CP",
                "thay-the self > 4/2010/TT-BNV",
                "thay-the self > 9/2011/TT-BNV",
            ],
        ),
        (
            "Bãi bỏ toàn bộ các Thông tư sau đây:\n1. Thông tư số 5/2010/TT-BTC.\n2. Khoản 3 Điều 2 Thông tư số "
            "6/2011/TT-BTC.",
            ["bai-bo self > 5/2010/TT-BTC", "bai-bo self > 6/2011/TT-BTC [2/3]"],
        ),
        (
            "Các quy định về thu phí xăng, dầu tại Pháp lệnh phí và lệ phí số 38/2001/PL-UBTVQH10 hết hiệu lực từ ngày "
            "Luật này có hiệu lực.",
            ["het-hieu-luc self > 38/2001/PL-UBTVQH10 [mot-phan]"],
        ),
        (
            "Luật Giáo dục số 38/2005/QH11 và Luật sửa đổi, bổ sung một số điều của Luật Giáo dục số 44/2009/QH12 hết "
            "hiệu lực kể từ ngày Luật này có hiệu lực thi hành, trừ trường hợp quy định tại Điều 110.",
            ["het-hieu-luc self > 38/2005/QH11!", "het-hieu-luc self > 44/2009/QH12!"],
        ),
        # Only a part, though the text names no provision, or names it with its title.
        (
            "Bãi bỏ các quy định về phí tại Thông tư số 5/2015/TT-BXX và Thông tư số 6/2016/TT-BXX.",
            ["bai-bo self > 5/2015/TT-BXX [mot-phan]", "bai-bo self > 6/2016/TT-BXX [mot-phan]"],
        ),
        (
            "Bãi bỏ Quy định về đăng kiểm ban hành kèm theo Quyết định số 25/2004/QĐ-BXX, Thông tư số 34/2011/TT-BXX.",
            ["bai-bo self > 25/2004/QĐ-BXX [mot-phan]", "bai-bo self > 34/2011/TT-BXX"],
        ),
        (
            "Thay thế cho những quy định về học bổng tại Quyết định số 1121/1997/QĐ-TTg.",
            ["thay-the self > 1121/1997/QĐ-TTg [mot-phan]"],
        ),
        (
            "Thông tư này thay thế Thông tư số 769/1998/TT-QP và Chương III Tiếp công dân của Thông tư số "
            "218/2013/TT-BQP.",
            ["thay-the self > 218/2013/TT-BQP [chuong-3]", "thay-the self > 769/1998/TT-QP"],
        ),
        (
            "Các quy trình kiểm định thang máy ban hành kèm theo Thông tư số 54/2016/TT-BXX hết hiệu lực kể từ "
            "ngày Thông "
            "tư này có hiệu lực.",
            ["het-hieu-luc self > 54/2016/TT-BXX [mot-phan]"],
        ),
        (
            "Nghị định này thay thế Điều lệ Quỹ ban hành kèm theo Nghị định số 122/2003/NĐ-CP về việc thành lập Quỹ.",
            ["thay-the self > 122/2003/NĐ-CP [mot-phan]"],
        ),
        (
            "Nghị định này thay thế Điều lệ Quỹ ban hành kèm theo Quyết định số 12/2003/QĐ-TTg về việc ban hành "
            "Điều lệ Quỹ.",
            ["thay-the self > 12/2003/QĐ-TTg"],
        ),
        (
            "Thông tư này thay thế Thông tư số 15/2009/TT-BXX về thiết bị dạy học theo lộ trình như sau:",
            ["thay-the self > 15/2009/TT-BXX [mot-phan]"],
        ),
        # A list in a title, what holds, and what somebody may do until a licence ends.
        (
            "Nghị quyết số 144/2016/QH13 về việc lùi hiệu lực của Bộ luật Hình sự số 100/2015/QH13, Luật Tạm giữ số "
            "94/2015/QH13 hết hiệu lực kể từ ngày Nghị quyết này có hiệu lực thi hành.",
            [
                "het-hieu-luc self > 144/2016/QH13",
                "sua-doi 144/2016/QH13 > 100/2015/QH13",
                "sua-doi 144/2016/QH13 > 94/2015/QH13",
            ],
        ),
        (
            "Thông tư này thay thế Thông tư số 04/2015/TT-BXX sửa đổi, bổ sung Quy tắc cụ thể mặt hàng ban hành "
            "kèm theo "
            "Thông tư số 20/2014/TT-BXX.",
            ["thay-the self > 04/2015/TT-BXX"],
        ),
        (
            "Thông tư này thay thế:\na) Thông tư số 50/2017/TT-BXX. Điều 20 Thông tư số 50/2017/TT-BXX có hiệu "
            "lực thi hành "
            "đến hết ngày 31 tháng 12 năm 2027;\nb) Thông tư số 1/2019/TT-BXX, trừ Điều 2 có hiệu lực đến hết "
            "năm 2027.",
            ["thay-the self > 1/2019/TT-BXX!", "thay-the self > 50/2017/TT-BXX"],
        ),
        (
            "Thương nhân hoạt động theo quy định về đại lý tại Nghị định số 83/2014/NĐ-CP cho đến khi Giấy xác "
            "nhận đủ điều "
            "kiện làm tổng đại lý kinh doanh xăng dầu hết hiệu lực.",
            [],
        ),
        (
            "Bãi bỏ Nghị định số 68/2006/NĐ-CP quy định chi tiết Luật Tiết kiệm và bãi bỏ các quy định về bồi "
            "thường tại "
            "Nghị định số 84/2006/NĐ-CP.",
            ["bai-bo self > 68/2006/NĐ-CP", "bai-bo self > 84/2006/NĐ-CP [mot-phan]"],
        ),
        # Guides, by their topic; lists go down in rank; a title that two share; a title with semicolons.
        (
            "Thông tư số 34/2016/TT-BXX quy định chi tiết hoạt động mua bán qua biên giới tại Quyết định số "
            "52/2015/QĐ-TTg.",
            ["huong-dan 34/2016/TT-BXX > 52/2015/QĐ-TTg"],
        ),
        (
            "Thông tư số 5/2016/TT-BXX quy định chi tiết hồ sơ thực hiện theo quy định tại Nghị định số 52/2015/NĐ-CP.",
            [],
        ),
        (
            "Thông tư số 78/2021/TT-BTC hướng dẫn thực hiện một số điều của Luật Quản lý thuế ngày 13 tháng 6 "
            "năm 2019, "
            "Nghị định số 123/2020/NĐ-CP.",
            ["huong-dan 78/2021/TT-BTC > 123/2020/NĐ-CP", "huong-dan 78/2021/TT-BTC > Luật Quản lý thuế 2019"],
        ),
        (
            "theo Thông tư số 03/2012/TT-BXX ngày 05/6/2012 và Thông tư số 04/2013/TT-BXX ngày 19/8/2013 hướng "
            "dẫn thực "
            "hiện Quyết định số 147/2007/QĐ-TTg.",
            ["huong-dan 03/2012/TT-BXX > 147/2007/QĐ-TTg", "huong-dan 04/2013/TT-BXX > 147/2007/QĐ-TTg"],
        ),
        (
            "Thông tư số 13/2020/TT-BXX quy định ghi, nộp báo cáo; công bố cảng cá; danh sách tàu cá hết hiệu "
            "lực kể từ "
            "ngày Thông tư này có hiệu lực thi hành.",
            ["het-hieu-luc self > 13/2020/TT-BXX"],
        ),
        (
            "Thông tư số 13/2020/TT-BXX được áp dụng cho tàu cá; giấy phép đã cấp hết hiệu lực kể từ ngày Thông "
            "tư này có "
            "hiệu lực thi hành.",
            [],
        ),
        # What stays as it is, or is only applied, is no item of a list.
        (
            "Thông tư này thay thế Thông tư số 12/2008/TT-BTC. Các nội dung khác không nêu tại Thông tư này thực hiện "
            "theo hướng dẫn tại Thông tư số 11/2013/TT-BTC.",
            ["thay-the self > 12/2008/TT-BTC"],
        ),
        (
            "Bãi bỏ Điều 5 Thông tư số 12/2018/TT-BYT. Các quy định khác của Thông tư số 15/2019/TT-BYT giữ nguyên.",
            ["bai-bo self > 12/2018/TT-BYT [5]"],
        ),
        (
            "Bãi bỏ Điều 5 Thông tư số 12/2018/TT-BYT; các quy định về đăng ký tại Thông tư số 15/2019/TT-BYT.",
            ["bai-bo self > 12/2018/TT-BYT [5]", "bai-bo self > 15/2019/TT-BYT [mot-phan]"],
        ),
        ("Giấy phép được cấp theo quy định của Nghị định số 65/2003/NĐ-CP tiếp tục có hiệu lực.", []),
        # A passive that only says where the object stands.
        (
            "Bãi bỏ Mẫu số 02 được quy định tại khoản 2 Điều 9 Thông tư số 21/2011/TT-BTP.",
            ["bai-bo self > 21/2011/TT-BTP [mau-2, 9/2]"],
        ),
        (
            "Bãi bỏ các thủ tục hành chính được ban hành kèm theo Quyết định số 21/2011/QĐ-UBND.",
            ["bai-bo self > 21/2011/QĐ-UBND [mot-phan]"],
        ),
        ("Sửa đổi mức thu phí được thực hiện theo Thông tư số 21/2011/TT-BTC.", []),
        # Provisions of two digits at the beginning of an item.
        (
            "Thay thế cụm từ “A” bằng cụm từ “B” tại Điều 35 của Luật Thủy lợi số 08/2017/QH14; Điều 19 của "
            "Luật Tố cáo "
            "số 25/2018/QH14; các điều 3 và 20 của Luật Phòng, chống tham nhũng số 36/2018/QH14.",
            [
                "sua-doi self > 08/2017/QH14 [35]",
                "sua-doi self > 25/2018/QH14 [19]",
                "sua-doi self > 36/2018/QH14 [3, 20]",
            ],
        ),
        # A semicolon in a title.
        (
            "Mẫu bằng theo Thông tư số 10/2017/TT-BXX quy định về mẫu bằng; in, cấp bằng được sửa đổi bởi Thông tư số "
            "24/2020/TT-BXX.",
            ["sua-doi 24/2020/TT-BXX > 10/2017/TT-BXX"],
        ),
        ("Thông tư số 10/2017/TT-BXX; các quy định khác được thay thế bởi Thông tư số 24/2020/TT-BXX.", []),
        ("Đến khi Nghị định số 84/2007/NĐ-CP hết hiệu lực thì sở chưa ban hành được quy định.", []),
        ("Giấy phép cấp theo Nghị định số 84/2007/NĐ-CP đã hết hiệu lực thì được cấp lại.", []),
        ("Theo Luật Quy hoạch 2017, các quy hoạch cũ đã lập hết hiệu lực từ ngày 01/01/2019.", []),
        # Titles within titles.
        (
            "Thông tư này thay thế Thông tư số 52/2010/TT-BCA hướng dẫn Nghị định số 107/2007/NĐ-CP và Thông tư số "
            "80/2011/TT-BCA sửa đổi, bổ sung Thông tư số 52/2010/TT-BCA.",
            [
                "huong-dan 52/2010/TT-BCA > 107/2007/NĐ-CP",
                "sua-doi 80/2011/TT-BCA > 52/2010/TT-BCA",
                "thay-the self > 52/2010/TT-BCA",
                "thay-the self > 80/2011/TT-BCA",
            ],
        ),
        (
            "Căn cứ Nghị định số 78/2025/NĐ-CP được sửa đổi, bổ sung bởi Nghị định số 187/2025/NĐ-CP và Nghị định số "
            "79/2025/NĐ-CP của Chính phủ về kiểm tra văn bản;",
            ["sua-doi 187/2025/NĐ-CP > 78/2025/NĐ-CP"],
        ),
        (
            "Bộ Chính trị đã ban hành Quy định số 191-QĐ/TW về Ban Chỉ đạo (thay thế Quy định số 32-QĐ/TW) và Quyết "
            "định số 192-QĐ/TW kiện toàn Ban Chỉ đạo.",
            ["thay-the 191-QĐ/TW > 32-QĐ/TW"],
        ),
        # By whom, with the provisions of the target and not those of the doer.
        (
            "(Điều 3 Quyết định số 265/2003/QĐ-TTg, có hiệu lực thi hành kể từ ngày 06/01/2004, có nội dung bị bãi bỏ "
            "bởi Điều 51 Nghị định số 68/2007/NĐ-CP, có hiệu lực thi hành kể từ ngày 28/5/2007)",
            [
                "bai-bo 68/2007/NĐ-CP > 265/2003/QĐ-TTg [3]",
                "hieu-luc 265/2003/QĐ-TTg > 265/2003/QĐ-TTg 2004-01-06",
                "hieu-luc 68/2007/NĐ-CP > 68/2007/NĐ-CP 2007-05-28",
            ],
        ),
        (
            "Nghị định số 20/2021/NĐ-CP được thay thế bằng Nghị định số 50/2026/NĐ-CP.",
            ["thay-the 50/2026/NĐ-CP > 20/2021/NĐ-CP"],
        ),
        # Several passives share who did it; a part is never the whole.
        (
            "(Điều 9 Nghị định số 155/2020/NĐ-CP, có hiệu lực thi hành kể từ ngày 01/01/2021, có nội dung được sửa "
            "đổi, có nội dung bị bãi bỏ bởi Điều 1 Nghị định số 245/2025/NĐ-CP có hiệu lực từ ngày 11/09/2025)",
            [
                "bai-bo 245/2025/NĐ-CP > 155/2020/NĐ-CP [9]",
                "hieu-luc 155/2020/NĐ-CP > 155/2020/NĐ-CP 2021-01-01",
                "hieu-luc 245/2025/NĐ-CP > 245/2025/NĐ-CP 2025-09-11",
                "sua-doi 245/2025/NĐ-CP > 155/2020/NĐ-CP [9]",
            ],
        ),
        (
            "Nghị định số 8/2015/NĐ-CP được sửa đổi, bổ sung và bị bãi bỏ một phần bởi Nghị định số 11/2019/NĐ-CP.",
            [
                "bai-bo 11/2019/NĐ-CP > 8/2015/NĐ-CP [mot-phan]",
                "sua-doi 11/2019/NĐ-CP > 8/2015/NĐ-CP",
            ],
        ),
        (
            "Quyết định số 5/2016/QĐ-UBND bị thay thế một số nội dung bởi Quyết định số 9/2020/QĐ-UBND.",
            ["thay-the 9/2020/QĐ-UBND > 5/2016/QĐ-UBND [mot-phan]"],
        ),
        # What stands before "ban hành kèm theo" is a part; "đê" is no "để".
        (
            "2. Phần I và phần III Phụ lục ban hành kèm theo Quyết định số 38/2005/QĐ-BNN ngày 06/7/2005 hết hiệu lực "
            "kể từ ngày Thông tư này có hiệu lực thi hành.",
            ["het-hieu-luc self > 38/2005/QĐ-BNN [phan-1, phan-3]"],
        ),
        (
            "Thông tư này có hiệu lực từ ngày15 tháng 3 năm 2011, thay thế Quy chế tuần tra bảo vệ đê điều ban hành "
            "kèm theo Quyết định số 804/2001/QĐ-BNN.",
            ["hieu-luc self > self 2011-03-15", "thay-the self > 804/2001/QĐ-BNN"],
        ),
        # To go on applying is no status; contracts that go on under old rules say nothing of these.
        (
            "Kể từ ngày Nghị quyết này có hiệu lực, tiếp tục áp dụng Bộ luật Tố tụng hình sự số 19/2003/QH11.",
            ["tiep-tuc self > 19/2003/QH11"],
        ),
        (
            "Trong thời gian chưa có quy định mới, tiếp tục áp dụng các quy định của Thông tư số 5/2019/TT-BXX.",
            ["tiep-tuc self > 5/2019/TT-BXX"],
        ),
        ("Hợp đồng đã ký thì tiếp tục thực hiện theo quy định tại Nghị định số 63/2014/NĐ-CP.", []),
        # Suspended, extended, corrected, guided, kept.
        (
            "Ngưng hiệu lực thi hành khoản 7 Điều 1 Nghị định số 65/2022/NĐ-CP đến hết ngày 31 tháng 12 năm 2023.",
            ["ngung-hieu-luc self > 65/2022/NĐ-CP [1/7] until 2024-01-01"],
        ),
        (
            "Quyết định số 471/QĐ-BGTVT về việc đính chính Thông tư số 03/2016/TT-BGTVT",
            ["dinh-chinh 471/QĐ-BGTVT > 03/2016/TT-BGTVT"],
        ),
        (
            "Kéo dài thời hạn thực hiện Quyết định số 22/2013/QĐ-TTg đến hết ngày 31/12/2019.",
            ["keo-dai self > 22/2013/QĐ-TTg until 2020-01-01"],
        ),
        (
            "Thông tư này hướng dẫn thi hành khoản 2 Điều 4 Nghị định số 13/2020/NĐ-CP.",
            ["huong-dan self > 13/2020/NĐ-CP"],
        ),
        (
            "Quyết định số 25/2012/QĐ-TTg về chế độ ưu đãi tiếp tục có hiệu lực thi hành.",
            ["con-hieu-luc self > 25/2012/QĐ-TTg"],
        ),
        # Days.
        ("Thông tư này có hiệu lực thi hành sau 45 ngày kể từ ngày ký.", ["hieu-luc self > self +45"]),
        (
            "Nghị định này có hiệu lực từ ngày 15/02/2024 đến hết ngày 31 tháng 12 năm 2025, trừ Điều 5.",
            ["het-hieu-luc self > self 2026-01-01!", "hieu-luc self > self 2024-02-15!"],
        ),
        (
            "Quy định tại khoản 3 Điều 7 Luật này có hiệu lực từ ngày 01 tháng 01 năm 2026.",
            ["hieu-luc self > self [7/3] 2026-01-01"],
        ),
        ("Hồ sơ nộp trước ngày Thông tư này có hiệu lực thì được xử lý tiếp.", []),
        (
            "Nghị quyết này thay thế Nghị quyết số 715/2004/NQ-UBTVQH11 và có hiệu lực thi hành từ ngày ký.",
            ["hieu-luc self > self +0", "thay-the self > 715/2004/NQ-UBTVQH11"],
        ),
        (
            "Nghị định này thay thế nội dung hỗ trợ trồng cây dược liệu quy định tại Điều 12 Nghị định số "
            "210/2013/NĐ-CP.",
            ["thay-the self > 210/2013/NĐ-CP [12]"],
        ),
        (
            "Bãi bỏ các quy định tại Luật thuế số 05/1998/QH10; Luật sửa đổi, bổ sung một số điều của Luật thuế số "
            "08/2003/QH11.",
            ["bai-bo self > 05/1998/QH10 [mot-phan]", "bai-bo self > 08/2003/QH11"],
        ),
        # Words of a text are amended, no document is replaced.
        (
            "Bỏ cụm từ “trưng mua” tại khoản 1 Điều 270 của Bộ luật Hình sự số 15/1999/QH10.",
            ["sua-doi self > 15/1999/QH10 [270/1]"],
        ),
        (
            "Thay thế Phụ lục I ban hành kèm theo Thông tư số 9/2018/TT-BYT bằng Phụ lục II ban hành kèm theo Thông tư "
            "này.",
            ["sua-doi self > 9/2018/TT-BYT [phu-luc-1]"],
        ),
        # Days that nobody can count: the gazette's, and that of another day in force.
        ("Thông tư này có hiệu lực thi hành sau 15 ngày kể từ ngày đăng Công báo.", ["hieu-luc self > self"]),
        ("Nghị định này có hiệu lực sau bốn mươi lăm ngày kể từ ngày ký ban hành.", ["hieu-luc self > self +45"]),
        (
            "Quy định về phân loại tại Nghị định này có hiệu lực thi hành sau 18 tháng kể từ ngày Nghị định này có "
            "hiệu lực thi hành.",
            ["hieu-luc self > self [mot-phan]"],
        ),
        # Several acts of one text; words of a title plan nothing.
        (
            "2. Thay thế Nghị định số 38/2012/NĐ-CP; bãi bỏ Chương II Thông tư số 13/2014/TT-BYT.",
            ["bai-bo self > 13/2014/TT-BYT [chuong-2]", "thay-the self > 38/2012/NĐ-CP"],
        ),
        (
            "Thông tư này thay thế Thông tư số 1/2010/TT-BTC ngày 1/1/2010 về phụ cấp trách nhiệm và bãi bỏ Thông tư "
            "số 2/2011/TT-BTC.",
            ["bai-bo self > 2/2011/TT-BTC", "thay-the self > 1/2010/TT-BTC"],
        ),
        (
            "Thông tư này sửa đổi Thông tư số 1/2010/TT-BTC và đề nghị bãi bỏ Thông tư số 2/2011/TT-BTC.",
            ["sua-doi self > 1/2010/TT-BTC"],
        ),
        (
            "Thông tư này thay thế các Quyết định số 815/2001/QĐ-BTM ngày 1 tháng 8 năm 2001 của Bộ trưởng Bộ Thương "
            "mại, số 770/2001/QĐ-TCHQ ngày 21 tháng 8 năm 2001.",
            ["thay-the self > 770/2001/QĐ-TCHQ", "thay-the self > 815/2001/QĐ-BTM"],
        ),
        (
            "Thông tư số 105/2016/TT-BQP hướng dẫn một số điều của Luật Bảo hiểm xã hội và Nghị định số 33/2016/NĐ-CP.",
            ["huong-dan 105/2016/TT-BQP > 33/2016/NĐ-CP"],
        ),
        (
            "theo Thông tư số 185/2010/TT-BTC hướng dẫn sửa đổi, bổ sung chế độ kế toán ban hành kèm theo Quyết định "
            "số 19/2006/QĐ-BTC.",
            ["sua-doi 185/2010/TT-BTC > 19/2006/QĐ-BTC"],
        ),
        ("Thông tư này sửa đổi, bổ sung chế độ phụ cấp theo Nghị định số 204/2004/NĐ-CP.", []),
        # A condition in a title is none; one before the document is.
        (
            "Điều 3 Thông tư số 9/2019/TT-BYT hướng dẫn một số trường hợp thanh toán hết hiệu lực kể từ ngày Thông tư "
            "này có hiệu lực.",
            ["het-hieu-luc self > 9/2019/TT-BYT [3]"],
        ),
        ("Trường hợp Thông tư số 9/2019/TT-BYT hết hiệu lực thì áp dụng văn bản mới.", []),
        (
            "Các quy định về phí tại Nghị định số 89/1999/NĐ-CP tiếp tục có hiệu lực thi hành.",
            ["con-hieu-luc self > 89/1999/NĐ-CP [mot-phan]"],
        ),
        (
            "THÔNG TƯ\n1. Thông tư này có hiệu lực từ ngày 10/02/2026, trừ các quy định sau:\na) Điều 1 có hiệu lực từ "
            "ngày 01/3/2026;\nb) Khoản 2 Điều 2 và Điều 5 có hiệu lực từ ngày 01/7/2026.\nc) Khoản 3 có hiệu lực từ "
            "ngày 01/8/2026.",
            [
                "hieu-luc self > self 2026-02-10!",
                "hieu-luc self > self [1] 2026-03-01",
                "hieu-luc self > self [2/2, 5] 2026-07-01",
            ],
        ),
        (
            "QUY ĐỊNH\nĐiều 9. Quy định này thay thế các Quy định số 80-QĐ/TW, ngày 18/8/2022; số 148-QĐ/TW, ngày "
            "23/5/2024; Quy định số 41-QĐ/TW, ngày 03/11/2021 của Bộ Chính trị.",
            ["thay-the self > 80-QĐ/TW", "thay-the self > 148-QĐ/TW", "thay-the self > 41-QĐ/TW"],
        ),
        # What the documents of a list are is no act.
        (
            "THÔNG TƯ\nĐiều 3. Thông tư này thay thế Quyết định số 33/2008/QĐ-BTC ngày 02/6/2008 của Bộ trưởng Bộ Tài "
            "chính và các Thông tư bổ sung, sửa đổi: số 136/2009/TT-BTC ngày 02/7/2009, số 69/2009/TT-BTC.",
            ["thay-the self > 33/2008/QĐ-BTC", "thay-the self > 136/2009/TT-BTC", "thay-the self > 69/2009/TT-BTC"],
        ),
        (
            "THÔNG TƯ\nĐiều 3. Bãi bỏ các Thông tư sửa đổi, bổ sung: số 6/2011/TT-BTC, số 7/2012/TT-BTC.",
            ["bai-bo self > 6/2011/TT-BTC", "bai-bo self > 7/2012/TT-BTC"],
        ),
        # What an entry of a list changes ends with the entry.
        (
            "THÔNG TƯ\nĐiều 3. Thông tư này thay thế các Thông tư sau: Thông tư số 15/2009/TT-BNN ngày 17/3/2009 ban "
            "hành Danh mục A; số 29/2009/TT-BNN ngày 04/6/2009 sửa đổi, bổ sung Thông tư số 15/2009/TT-BNN; số "
            "25/2012/TT-BNN ngày 22/6/2012 ban hành Danh mục B.",
            [
                "thay-the self > 15/2009/TT-BNN",
                "thay-the self > 29/2009/TT-BNN",
                "sua-doi 29/2009/TT-BNN > 15/2009/TT-BNN",
                "thay-the self > 25/2012/TT-BNN",
            ],
        ),
        (
            "CÔNG VĂN\nThực hiện theo các Thông tư: số 21/2008/TT-BTC ngày 26/02/2008 của Bộ Tài chính sửa đổi Thông "
            "tư số 191/2005/TT-BTC; số 144/2008/TT-BTC ngày 27/11/2008 của Bộ Tài chính.",
            ["sua-doi 21/2008/TT-BTC > 191/2005/TT-BTC"],
        ),
        (
            "CÔNG VĂN\nThông tư số 5/2020/TT-BTC sửa đổi Thông tư số 1/2010/TT-BTC; số 2/2011/TT-BTC.",
            ["sua-doi 5/2020/TT-BTC > 1/2010/TT-BTC", "sua-doi 5/2020/TT-BTC > 2/2011/TT-BTC"],
        ),
        (
            "THÔNG TƯ\nĐiều 3. Bãi bỏ Điều 12 Thông tư số 5/2010/TT-BTC ngày 1/2/2010 và Thông tư số 6/2011/TT-BTC "
            "(khoản 3 Điều 8).",
            ["bai-bo self > 5/2010/TT-BTC [12]", "bai-bo self > 6/2011/TT-BTC [8/3]"],
        ),
        (
            "THÔNG TƯ\nĐiều 3. Bãi bỏ Thông tư số 5/2010/TT-BTC (gồm Điều 5, Điều 6).",
            ["bai-bo self > 5/2010/TT-BTC [5, 6]"],
        ),
        ("THÔNG TƯ\nĐiều 3. Bãi bỏ Thông tư số 5/2010/TT-BTC (trừ Điều 5).", ["bai-bo self > 5/2010/TT-BTC!"]),
        (
            "PHÁP LỆNH\nPháp lệnh này sửa đổi Điều 10 của Pháp lệnh Dân số số 06/2003/PL-UBTVQH11 đã được sửa đổi, bổ "
            "sung một số điều theo Pháp lệnh số 08/2008/UBTVQH12.",
            ["sua-doi 08/2008/UBTVQH12 > 06/2003/PL-UBTVQH11", "sua-doi self > 06/2003/PL-UBTVQH11 [10]"],
        ),
        (
            "THÔNG TƯ\nĐiều 2. Bãi bỏ một số điều của Thông tư số 48/2020/TT-BCT ngày 21/12/2020 của Bộ trưởng "
            "Bộ Công Thương\nBãi bỏ các Điều 5, 6 và Phụ lục III.",
            ["bai-bo self > 48/2020/TT-BCT [mot-phan]", "bai-bo self > 48/2020/TT-BCT [phu-luc-3, 5, 6]"],
        ),
        (
            "THÔNG TƯ\nSửa đổi, bổ sung và bãi bỏ một số điều của Thông tư số 48/2020/TT-BCT",
            ["bai-bo self > 48/2020/TT-BCT [mot-phan]", "sua-doi self > 48/2020/TT-BCT"],
        ),
        (
            "THÔNG TƯ\nSửa đổi, bổ sung, bãi bỏ Điều 5 của Thông tư số 48/2020/TT-BCT",
            ["sua-doi self > 48/2020/TT-BCT [5]"],
        ),
        (
            "CÔNG VĂN\nDo sơ suất, Văn phòng Chính phủ xin đính chính Nghị định số 168/2025/NĐ-CP như sau:",
            ["dinh-chinh self > 168/2025/NĐ-CP"],
        ),
        (
            # An annex as PDF files have it: a cell or two a line.
            "NGHỊ QUYẾT\nĐiều 1. Bãi bỏ toàn bộ các Nghị quyết quy định tại Phụ lục ban hành kèm theo Nghị quyết này.\n"
            "PHỤ LỤC\nDANH MỤC NGHỊ QUYẾT BỊ BÃI BỎ\n1\nNghị quyết\n05/2019/NQ-HĐND 05/7/2019\nQuy định mức thu theo\n"
            "Nghị định\n60/2010/NĐ-CP\n2\nNghị quyết\n22/2020/NQ-HĐND 09/12/2020\n3 Nghị quyết 01/2021/NQ-HĐND",
            ["bai-bo self > 05/2019/NQ-HĐND", "bai-bo self > 22/2020/NQ-HĐND", "bai-bo self > 01/2021/NQ-HĐND"],
        ),
        (
            "QUYẾT ĐỊNH\nSTT Văn bản hết hiệu lực một phần Nội dung hết hiệu lực Lý do hết hiệu lực:\n"
            "12 Thông tư số 16/2018/TT-BTC ngày 12/10/2018 hướng dẫn quản lý lao động\nĐiều 5, Điều 6",
            [],
        ),
        (
            "NGHỊ ĐỊNH\nĐiều 30. Các Nghị định sau đây hết hiệu lực thi hành kể từ ngày Nghị định này có hiệu lực: "
            "Nghị định số 1/2010/NĐ-CP; Nghị định số 2/2011/NĐ-CP (trừ Điều 5 hết hiệu lực từ ngày 01/01/2027).",
            [
                "het-hieu-luc self > 1/2010/NĐ-CP",
                "het-hieu-luc self > 2/2011/NĐ-CP!",
                "het-hieu-luc self > 2/2011/NĐ-CP [5] 2027-01-01!",
            ],
        ),
        (
            "QUYẾT ĐỊNH\nĐiều 2. Quyết định này có hiệu lực từ ngày 01/01/2026 và bãi bỏ: Quyết định số "
            "12/2019/QĐ-UBND; Quyết định số 13/2020/QĐ-UBND; Điều 5 Quyết định số 14/2021/QĐ-UBND.",
            [
                "hieu-luc self > self 2026-01-01",
                "bai-bo self > 12/2019/QĐ-UBND",
                "bai-bo self > 13/2020/QĐ-UBND",
                "bai-bo self > 14/2021/QĐ-UBND [5]",
            ],
        ),
        (
            "NGHỊ ĐỊNH\nĐiều 21. Bãi bỏ các khoản 2, 3 Điều 5; điểm b khoản 1 Điều 7; Chương III; Phụ lục I, II ban "
            "hành kèm theo Nghị định số 15/2020/NĐ-CP ngày 03/02/2020.",
            ["bai-bo self > 15/2020/NĐ-CP [chuong-3, phu-luc-1, phu-luc-2, 5/2, 5/3, 7/1/b]"],
        ),
        (
            "THÔNG TƯ\nThông tư này bãi bỏ khoản 3 Điều 2; điểm 4.2 và 4.3 khoản 4 Điều 2; Điều 9 Thông tư số "
            "31/2013/TT-BCT.",
            ["bai-bo self > 31/2013/TT-BCT [2/3, 2/4/4.2, 2/4/4.3, 9]"],
        ),
        (
            "QUYẾT ĐỊNH\nĐiều 2; khoản 4 và 5 Điều 6; Điều 8 Quyết định số 9/2018/QĐ-UBND hết hiệu lực từ ngày Quyết "
            "định này có hiệu lực.",
            ["het-hieu-luc self > 9/2018/QĐ-UBND [2, 6/4, 6/5, 8]"],
        ),
        (
            "LUẬT\nLuật này thay thế Luật Ban hành văn bản quy phạm pháp luật số 80/2015/QH13 đã được sửa đổi, bổ sung "
            "một số điều theo Luật số 63/2020/QH14 và Nghị quyết số 351/2017/UBTVQH14 ngày 14 tháng 3 năm 2017.",
            ["sua-doi 63/2020/QH14 > 80/2015/QH13", "thay-the self > 80/2015/QH13"],
        ),
        ("QUYẾT ĐỊNH\nĐiều 2. Thu hồi Quyết định số 77/QĐ-UBND ngày 10/01/2024.", ["bai-bo self > 77/QĐ-UBND"]),
        ("QUYẾT ĐỊNH\nĐiều 1. Thu hồi đất theo Quyết định số 77/QĐ-UBND ngày 10/01/2024.", []),
        # Nothing is done.
        ("Bộ Tài chính nghiên cứu, trình Chính phủ sửa đổi, bổ sung Nghị định số 10/2020/NĐ-CP.", []),
        ("đề nghị bãi bỏ Thông tư số 5/2010/TT-BTC", []),
        # What others are to issue, or a draft says, ends nothing yet.
        (
            "THÔNG BÁO\nKết luận tại phiên họp\n1. Bộ Xây dựng ban hành Thông tư thay thế Thông tư số 10/2021/TT-BXD "
            "trong quý IV.\n2. Bộ Nội vụ khẩn trương trình ban hành Nghị định thay thế Nghị định số 34/2019/NĐ-CP.",
            [],
        ),
        ("Bộ Nội vụ sớm trình ban hành Nghị định thay thế Nghị định số 34/2019/NĐ-CP.", []),
        (
            "TỜ TRÌNH\nThực hiện Nghị quyết số 66-NQ/TW ngày 30/4/2025, Bộ Tư pháp kính trình Nghị định sửa đổi "
            "Nghị định số 23/2015/NĐ-CP.",
            [],
        ),
        ("BÁO CÁO\nvề dự án Luật\nDự thảo quy định Luật này thay thế Luật số 26/2008/QH12.", []),
        ("Số: 12/BNV-TCBC\nV/v góp ý dự thảo\nNghị định này thay thế Nghị định số 34/2019/NĐ-CP.", []),
        (
            "Số: 12/BNV-TCBC\nV/v phân công\nCông văn này thay thế Công văn số 9/BNV-TCBC ngày 01/3/2024.",
            ["thay-the self > 9/BNV-TCBC"],
        ),
        (
            "THÔNG TƯ\nSửa đổi Thông tư số 10/2021/TT-BXD\nBộ trưởng Bộ Xây dựng ban hành Thông tư sửa đổi, bổ sung "
            "một số điều của Thông tư số 10/2021/TT-BXD.",
            ["sua-doi self > 10/2021/TT-BXD"],
        ),
        (
            "NGHỊ QUYẾT\nHội đồng nhân dân thành phố Cần Thơ ban hành Nghị quyết bãi bỏ Nghị quyết số "
            "5/2019/NQ-HĐND ngày 10/7/2019.",
            ["bai-bo self > 5/2019/NQ-HĐND"],
        ),
        ("Nghị định số 30/2020/NĐ-CP và các văn bản sửa đổi, bổ sung hoặc thay thế", []),
        ("", []),
    ],
)
def test_sentences_say_what_documents_do(text: str, wanted: list[str]) -> None:
    assert stated(text) == sorted(wanted)


def test_points_change_the_document_of_their_dieu_and_quoted_words_do_nothing() -> None:
    text = (
        "Điều 1. Sửa đổi, bổ sung một số điều của Nghị định số 9/2019/NĐ-CP\n1. Sửa đổi, bổ sung khoản 2 Điều 5 như "
        "sau:\n“2. Thông tư số 1/2001/TT-BTC hết hiệu lực kể từ ngày Nghị định này có hiệu lực.”\n2. Bãi bỏ Điều 7.\n"
        "Điều 2. Hiệu lực\nNghị định này có hiệu lực từ ngày 05/6/2021."
    )
    assert stated(text) == [
        "bai-bo self > 9/2019/NĐ-CP [7]",
        "hieu-luc self > self 2021-06-05",
        "sua-doi self > 9/2019/NĐ-CP",
        "sua-doi self > 9/2019/NĐ-CP [5/2]",
    ]


CONSOLIDATED = (
    "VĂN BẢN HỢP NHẤT - BỘ TÀI CHÍNH\nQUYẾT ĐỊNH\nVề cơ chế tài chính\n"
    "Quyết định số 60/2015/QĐ-TTg ngày 27 tháng 11 năm 2015 của Thủ tướng Chính phủ về cơ chế tài chính, có hiệu lực "
    "thi hành kể từ ngày 15 tháng 01 năm 2016, được sửa đổi, bổ sung bởi:\n"
    "Quyết định số 38/2019/QĐ-TTg ngày 31 tháng 12 năm 2019 của Thủ tướng Chính phủ, có hiệu lực thi hành kể từ ngày "
    "20 tháng 02 năm 2020.\nCăn cứ Luật Tổ chức Chính phủ ngày 19 tháng 6 năm 2015;\n"
    "Điều 12.\n2. Quyết định số 4/2011/QĐ-TTg hết hiệu lực kể từ ngày Quyết định này có hiệu lực thi hành."
)


def test_a_consolidated_text_only_consolidates() -> None:
    assert stated(CONSOLIDATED) == [
        "het-hieu-luc 60/2015/QĐ-TTg > 4/2011/QĐ-TTg",
        "hieu-luc 38/2019/QĐ-TTg > 38/2019/QĐ-TTg 2020-02-20",
        "hieu-luc 60/2015/QĐ-TTg > 60/2015/QĐ-TTg 2016-01-15",
        "hop-nhat self > 38/2019/QĐ-TTg",
        "hop-nhat self > 60/2015/QĐ-TTg",
        "sua-doi 38/2019/QĐ-TTg > 60/2015/QĐ-TTg",
    ]


def test_the_subject_of_a_consolidated_text_may_run_into_what_it_consolidates() -> None:
    text = CONSOLIDATED.replace(
        "Về cơ chế tài chính\n", "Hướng dẫn cơ chế tài chính theo Nghị định số 57/2013/NĐ-CP của Chính phủ "
    )
    assert "hop-nhat self > 60/2015/QĐ-TTg" in stated(text)
    assert "sua-doi 38/2019/QĐ-TTg > 60/2015/QĐ-TTg" in stated(text)


def test_a_note_at_the_foot_of_a_page_may_stand_in_a_sentence() -> None:
    note = "7 Khoản này được bãi bỏ theo quy định tại khoản 3 Điều 3 của Quyết định số 38/2019/QĐ-TTg."
    text = CONSOLIDATED.replace("Điều 12.\n", f"Điều 12.\nb) Chi phí bảo quản và chi phí vận chuyển {note}\nkhác.\n")
    assert "bai-bo 38/2019/QĐ-TTg > 60/2015/QĐ-TTg [mot-phan]" in stated(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Chính phủ ban hành Nghị định số 10/2020/NĐ-CP. Nghị định này thay thế Nghị định số 86/2014/NĐ-CP.",
            ["thay-the 10/2020/NĐ-CP > 86/2014/NĐ-CP"],
        ),
        ("Quyết định trên có hiệu lực từ ngày 21/9/2017, thay thế Quyết định số 59/QĐ-TTg.", []),
        ("Bãi bỏ Thông tư số 5/2010/TT-BTC.", []),
        ("Từ ngày 1/7/2025, Luật số 41/2024/QH15 có hiệu lực.", ["hieu-luc 41/2024/QH15 > 41/2024/QH15 2025-07-01"]),
    ],
)
def test_a_newspaper_does_nothing_itself(text: str, wanted: list[str]) -> None:
    assert stated(text, official=False) == wanted


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_offsets_are_those_of_the_text_as_given(form: str) -> None:
    text = unicodedata.normalize(form, "Điều 5. Thông tư này thay\u200b thế Thông tư số 10/2020/TT-BTC. Xong.")
    citations = find_citations(text)
    (relation,) = find_relations(text, citations)
    assert (relation.kind, relation.target) == ("thay-the", citations[0].start)
    said = unicodedata.normalize("NFC", text[relation.start : relation.end])
    assert said.startswith("Thông tư này") and said.rstrip(" .").endswith("10/2020/TT-BTC")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("các điểm a, b và c khoản 2, khoản 4 Điều 5 và Điều 7", ["5/2/a", "5/2/b", "5/2/c", "5/4", "7"]),
        ("từ Điều 3 đến Điều 6, Điều 9", ["3", "4", "5", "6", "9"]),
        ("Điều 5, khoản 1, điểm đ", ["5/1/đ"]),
        ("các khoản 3, 16 và 28 Điều 1", ["1/3", "1/16", "1/28"]),
        ("điểm b, điểm c khoản 7 Điều 3", ["3/7/b", "3/7/c"]),
        ("Điều 17a; Phụ lục II", ["phu-luc-2", "17a"]),
        ("khoản 2", ["/2"]),
        ("vốn điều lệ", []),
        ("", []),
    ],
)
def test_provisions_are_paths(text: str, wanted: list[str]) -> None:
    assert list(provisions(plain(text), text)) == wanted


@pytest.mark.parametrize(
    ("day", "own", "wanted"),
    [("+45", "2020-03-05", "2020-04-19"), ("+0", "2020-03", ""), ("2021-01", "2020-03-05", "2021-01"), ("", "", "")],
)
def test_days_count_from_the_document(day: str, own: str, wanted: str) -> None:
    assert in_days(day, own) == wanted


OWN_SENTENCES = Path(__file__).parent.parent / "cases/relations_own.jsonl"


def test_sentences_that_we_wrote_before_the_reader_read_them() -> None:
    """Four samples of own sentences; a target may be a number alone ("30/2020"), a part "?" is not compared."""
    count, amiss = Counter[str](), []
    for row in map(json.loads, OWN_SENTENCES.read_text(encoding="utf-8").splitlines()):
        citations = find_citations(row["text"])
        key = {citation.start: citation.key for citation in citations} | {OWN: "self"}
        found = [
            (r.kind, key[r.doer], key[r.target], ",".join(r.part) or "-", r.day)
            for r in distinct(find_relations(row["text"], citations, official=row["official"]), citations)
        ]
        count["read"] += len(found)
        for kind, doer, target, part, day in row["relations"]:
            count["said"] += 1
            hits = [
                one
                for one in found
                if one[0] == kind
                and one[1].startswith(doer)
                and one[2].startswith(target)
                and part in ("?", one[3])
                and day in ("", one[4])
            ]
            count["right"] += bool(hits)
            amiss += [] if hits else [(kind, doer, target, part, day, row["text"])]
            found = [one for one in found if one not in hits[:1]]
        amiss += [(*one, row["text"]) for one in found]
    assert len(amiss) <= 7, amiss
    assert count["right"] / count["read"] >= 0.97 and count["right"] / count["said"] >= 0.97, count


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Quy định này áp dụng cho đến ngày Nghị quyết số 61/2022/QH15 của Quốc hội hết hiệu lực thi hành.", []),
        ("Hết hiệu lực: giấy phép cấp theo Thông tư số 5/2020/TT-BXX.", []),
        (
            "Nghị quyết số 05/2020/NQ-HĐND hết hiệu lực kể từ ngày 01 tháng 01 năm 2026; riêng các quy định tại Điều 4 "
            "tiếp tục được áp dụng đến hết ngày 30 tháng 6 năm 2026.",
            ["het-hieu-luc self > 05/2020/NQ-HĐND 2026-01-01!"],
        ),
        (
            "Thời hạn áp dụng Nghị quyết số 05/2020/NQ-HĐND được kéo dài từ ngày 01/01/2026 đến hết ngày 31/12/2026.",
            ["keo-dai self > 05/2020/NQ-HĐND until 2027-01-01"],
        ),
        (
            "Khoản 1 Điều 5 Thông tư này có hiệu lực từ ngày 01/01/2026; Điều 6 có hiệu lực từ ngày 01/7/2026.",
            ["hieu-luc self > self [5/1] 2026-01-01", "hieu-luc self > self [6] 2026-07-01"],
        ),
        (
            "Nghị quyết này thay thế khoản 3 Điều 1 Nghị quyết số 12/2020/NQ-HĐND và hết hiệu lực từ ngày 31/12/2026.",
            ["het-hieu-luc self > self 2026-12-31", "thay-the self > 12/2020/NQ-HĐND [1/3]"],
        ),
        (
            "Điều 2. Thay thế, bỏ một số cụm từ tại Nghị định số 10/2022/NĐ-CP\n1. Thay thế cụm từ “A” bằng cụm từ “B” "
            "tại khoản 1 Điều 3.\n2. Bỏ cụm từ “C” tại Điều 4, khoản 2 Điều 6.",
            [
                "sua-doi self > 10/2022/NĐ-CP",
                "sua-doi self > 10/2022/NĐ-CP [3/1]",
                "sua-doi self > 10/2022/NĐ-CP [4, 6/2]",
            ],
        ),
        (
            "Bãi bỏ các Quyết định của Chủ tịch UBND huyện: số 12/QĐ-UBND ngày 1/2/2020; số 13/QĐ-UBND ngày 5/5/2021.",
            ["bai-bo self > 12/QĐ-UBND", "bai-bo self > 13/QĐ-UBND"],
        ),
        (
            "Chấm dứt hiệu lực thi hành Quyết định số 12/QĐ-UBND ngày 1/2/2020.",
            ["het-hieu-luc self > 12/QĐ-UBND"],
        ),
        (
            "Ngưng hiệu lực Thông tư số 5/2020/TT-BXX từ ngày 01/8/2025 cho đến khi có văn bản thay thế.",
            ["ngung-hieu-luc self > 5/2020/TT-BXX 2025-08-01"],
        ),
        (
            "Thông tư này thay thế Thông tư số 5/2020/TT-BXX, bãi bỏ Điều 2 Thông tư số 6/2020/TT-BXX, khoản 3 Điều 1 "
            "Thông tư số 7/2021/TT-BXX.",
            [
                "bai-bo self > 6/2020/TT-BXX [2]",
                "bai-bo self > 7/2021/TT-BXX [1/3]",
                "thay-the self > 5/2020/TT-BXX",
            ],
        ),
        (
            "Hết hiệu lực kể từ ngày Quyết định này có hiệu lực: Quyết định số 05/2021/QĐ-UBND; Quyết định số "
            "06/2021/QĐ-UBND.",
            ["het-hieu-luc self > 05/2021/QĐ-UBND", "het-hieu-luc self > 06/2021/QĐ-UBND"],
        ),
        (
            "Điều 3. Văn bản hết hiệu lực\n1. Nghị quyết số 12/2020/NQ-HĐND ngày 10/7/2020.\n2. Khoản 2 Điều 3 Nghị "
            "quyết số 13/2020/NQ-HĐND.\nĐiều 4. Tổ chức thực hiện\n1. Nghị quyết số 14/2020/NQ-HĐND.",
            ["het-hieu-luc self > 12/2020/NQ-HĐND", "het-hieu-luc self > 13/2020/NQ-HĐND [3/2]"],
        ),
        (
            "DANH MỤC VĂN BẢN HẾT HIỆU LỰC TOÀN BỘ NĂM 2024\n"
            "(Ban hành kèm theo Quyết định số 215/QĐ-UBND ngày 24 tháng 01 năm 2025 của Ủy ban nhân dân tỉnh)\n"
            "STT | Số, ký hiệu | Tên gọi | Lý do hết hiệu lực | Ngày hết hiệu lực\n"
            "1 | 35/2014/QĐ-UBND | Bảng giá đất | Bị thay thế bởi Quyết định số 62/2024/QĐ-UBND | 01/01/2025\n"
            "STT | Số, ký hiệu | Lý do | Ghi chú\n"
            "2 | 8/2021/QĐ-UBND | Bị bãi bỏ bởi Quyết định số 15/2024/QĐ-UBND | 20/5/2024",
            [
                "bai-bo 15/2024/QĐ-UBND > 8/2021/QĐ-UBND",
                "thay-the 62/2024/QĐ-UBND > 35/2014/QĐ-UBND 2025-01-01",
            ],
        ),
        (
            "Quyết định này thay thế Quyết định số 10/2021/QĐ-UBND và các văn bản sửa đổi, bổ sung Quyết định số "
            "10/2021/QĐ-UBND.",
            ["thay-the self > 10/2021/QĐ-UBND"],
        ),
        (
            "Từ ngày 01 tháng 7 năm 2025 đến hết ngày 28 tháng 02 năm 2027, tạm dừng thực hiện khoản 2 Điều 5 Nghị "
            "định số 10/2022/NĐ-CP.",
            ["ngung-hieu-luc self > 10/2022/NĐ-CP [5/2] 2025-07-01 until 2027-03-01"],
        ),
        (
            "Thông tư số 10/2015/TT-BXX hết hiệu lực một phần do được sửa đổi bởi Thông tư số 11/2020/TT-BXX.",
            ["sua-doi 11/2020/TT-BXX > 10/2015/TT-BXX [mot-phan]"],
        ),
        (
            "Việc lập quy hoạch tại khoản 9 Điều 60 của Luật này có hiệu lực thi hành kể từ ngày Nghị quyết số "
            "61/2022/QH15 ngày 16 tháng 6 năm 2022 của Quốc hội hết hiệu lực.",
            [],
        ),
        ("Thông tư số 10/2019/TT-BXX tiếp tục áp dụng đến khi Nghị định số 11/2019/NĐ-CP hết hiệu lực.", []),
        (
            "Kể từ ngày Luật số 5/2020/QH14 có hiệu lực, Nghị định số 11/2019/NĐ-CP hết hiệu lực.",
            ["het-hieu-luc self > 11/2019/NĐ-CP"],
        ),
        (
            "Điều 3. Ngưng hiệu lực thi hành đối với các quy định tại Nghị định số 65/2022/NĐ-CP đến hết ngày 31 tháng "
            "12 năm 2023 gồm:\n1. Quy định về tư cách nhà đầu tư tại điểm d khoản 1 Điều 8 Nghị định số "
            "153/2020/NĐ-CP.\n2. Quy định về thời gian phân phối tại khoản 7, khoản 8 Điều 1 Nghị định số "
            "65/2022/NĐ-CP.",
            [
                "ngung-hieu-luc self > 153/2020/NĐ-CP [8/1/d] until 2024-01-01",
                "ngung-hieu-luc self > 65/2022/NĐ-CP [1/7, 1/8] until 2024-01-01",
                "ngung-hieu-luc self > 65/2022/NĐ-CP [mot-phan] until 2024-01-01",
            ],
        ),
        (
            "Quy định này thay thế các quy định: Quy định số 124-QĐ/TW, ngày 04/10/2023; Quy định số 89-QĐ/TW, ngày "
            "04/8/2017.",
            ["thay-the self > 124-QĐ/TW", "thay-the self > 89-QĐ/TW"],
        ),
        (
            "Kể từ ngày 01 tháng 7 năm 2026, Thông tư số 17/2021/TT-BXX hết hiệu lực thi hành.",
            ["het-hieu-luc self > 17/2021/TT-BXX 2026-07-01"],
        ),
        (
            "Từ ngày 01/7/2026, bãi bỏ Thông tư số 17/2021/TT-BXX.",
            ["bai-bo self > 17/2021/TT-BXX 2026-07-01"],
        ),
        (
            "Thông tư số 08/2021/TT-BXX hết hiệu lực kể từ ngày Thông tư này có hiệu lực, riêng Điều 3 hết hiệu lực kể "
            "từ ngày 01 tháng 01 năm 2027.",
            ["het-hieu-luc self > 08/2021/TT-BXX!"],
        ),
        (
            "Bãi bỏ điểm 2, mục II Hướng dẫn số 04-HD/UBKTTW; khoản 1 Mục 3 Chương II Thông tư số 5/2020/TT-BXX.",
            ["bai-bo self > 04-HD/UBKTTW [mot-phan]", "bai-bo self > 5/2020/TT-BXX [mot-phan]"],
        ),
        (
            "Bãi bỏ điểm 4, Mục I, Phần A Thông tư số 5/2008/TT-BXX; Mục II Phần B Thông tư số 6/2008/TT-BXX; Mẫu số "
            "02 Phụ lục I Thông tư số 7/2008/TT-BXX; Chương II, Phụ lục I Thông tư số 8/2008/TT-BXX.",
            [
                "bai-bo self > 5/2008/TT-BXX [mot-phan]",
                "bai-bo self > 6/2008/TT-BXX [phan-b-muc-2]",
                "bai-bo self > 7/2008/TT-BXX [mau-2]",
                "bai-bo self > 8/2008/TT-BXX [chuong-2, phu-luc-1]",
            ],
        ),
        (
            "Bãi bỏ Mục 1 và Mục 2 Chương III Nghị định số 11/2019/NĐ-CP; Chương IV, Mục 2 Chương V Nghị định số "
            "12/2019/NĐ-CP.",
            [
                "bai-bo self > 11/2019/NĐ-CP [chuong-3-muc-1, chuong-3-muc-2]",
                "bai-bo self > 12/2019/NĐ-CP [chuong-4, chuong-5-muc-2]",
            ],
        ),
        (
            "Điều 1. Bãi bỏ toàn bộ các Nghị định\n1. Nghị định số 14/2008/NĐ-CP ngày 04 tháng 02 năm 2008 của Chính "
            "phủ.\n2. Nghị định số 37/2014/NĐ-CP (được sửa đổi, bổ sung bởi Nghị định số 108/2020/NĐ-CP).\n"
            "Điều 2. Bãi bỏ một phần các Nghị định\n1. Khoản 3 Điều 5 và Điều 9 Nghị định số 24/2014/NĐ-CP.\n"
            "2. Nghị định số 55/2012/NĐ-CP.\nĐiều 3. Trách nhiệm thi hành\n1. Nghị định số 30/2020/NĐ-CP.",
            [
                "bai-bo self > 14/2008/NĐ-CP",
                "bai-bo self > 24/2014/NĐ-CP [5/3, 9]",
                "bai-bo self > 37/2014/NĐ-CP",
                "bai-bo self > 55/2012/NĐ-CP [mot-phan]",
                "sua-doi 108/2020/NĐ-CP > 37/2014/NĐ-CP",
            ],
        ),
        (
            "Thông tư số 2/2017/TT-BXX quy định việc phối hợp giữa các cơ quan tiến hành tố tụng hết hiệu lực kể từ "
            "ngày Thông tư này có hiệu lực.",
            ["het-hieu-luc self > 2/2017/TT-BXX"],
        ),
        (
            "Quyết định này có hiệu lực thi hành kể từ ngày 01 tháng 7 năm 2025 và hết hiệu lực thi hành kể từ ngày 01 "
            "tháng 7 năm 2027.",
            ["het-hieu-luc self > self 2027-07-01", "hieu-luc self > self 2025-07-01"],
        ),
        (
            "Thay thế Thông tư số 16/2017/TT-BXX; Thông tư số 17/2017/TT-BXX và bãi bỏ Điều 3 Thông tư số "
            "18/2018/TT-BXX.",
            [
                "bai-bo self > 18/2018/TT-BXX [3]",
                "thay-the self > 16/2017/TT-BXX",
                "thay-the self > 17/2017/TT-BXX",
            ],
        ),
        (
            "1. Kết thúc việc thực hiện Nghị quyết số 18-NQ/TW, ngày 25/10/2017 của Ban Chấp hành Trung ương.\n"
            "2. Dừng thực hiện Kết luận số 812-KL/TU, ngày 12/3/2024.\n3. Việc áp dụng thực hiện Nghị quyết số "
            "42-NQ/TW; hội nghị kết thúc, thực hiện Nghị quyết số 43-NQ/TW.",
            ["het-hieu-luc self > 18-NQ/TW", "ngung-hieu-luc self > 812-KL/TU"],
        ),
        (
            "Thông tư này có hiệu lực kể từ ngày 01 tháng 7 năm 2025; riêng khoản 2 Điều 2 được áp dụng từ ngày 01 "
            "tháng 01 năm 2026.",
            ["hieu-luc self > self 2025-07-01", "hieu-luc self > self [2/2] 2026-01-01"],
        ),
        (
            "Bãi bỏ các quy định sau: Điều 5 Nghị định số 29/2023/NĐ-CP; khoản 2 Điều 7 Nghị định số 30/2023/NĐ-CP.",
            ["bai-bo self > 29/2023/NĐ-CP [5]", "bai-bo self > 30/2023/NĐ-CP [7/2]"],
        ),
        (
            "Thông tư này thay thế: Điều 1 Thông tư số 01/2012/TT-BXX sửa đổi, bổ sung Thông tư liên tịch số "
            "04/2002/TTLT và Thông tư số 05/2009/TT-BXX.",
            ["thay-the self > 01/2012/TT-BXX [1]"],
        ),
    ],
)
def test_what_ends_when_and_how_far(text: str, wanted: list[str]) -> None:
    assert stated(text) == sorted(wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # What a text asks of others is not done.
        (
            "Thanh tra tỉnh kiến nghị Ủy ban nhân dân huyện Yên Lạc:\n1. Thu hồi Quyết định số 318/QĐ-UBND ngày "
            "11/4/2023.\n2. Bãi bỏ Điều 2 Quyết định số 319/QĐ-UBND.",
            [],
        ),
        ("Nguyên đơn yêu cầu Tòa án:\n- Hủy Quyết định số 88/QĐ-UBND;\n- Hủy bỏ Thông báo số 9/TB-UBND.", []),
        ("Bộ Xây dựng được giao:\na) Sửa đổi Thông tư số 11/2021/TT-BXD;\nb) Bãi bỏ Thông tư số 12/2021/TT-BXD.", []),
        (
            "C. KIẾN NGHỊ, ĐỀ XUẤT\n1. Đối với Bộ Y tế\n- Bãi bỏ Thông tư số 15/2020/TT-BYT.\nD. ĐIỀU KHOẢN CUỐI\n"
            "1. Bãi bỏ Hướng dẫn số 4-HD/BTCTU.",
            ["bai-bo self > 04-HD/BTCTU"],
        ),
        (
            "Đề nghị Sở Tư pháp:\n1. Bãi bỏ Quyết định số 7/2019/QĐ-UBND.\nĐiều 4. Bãi bỏ Quyết định số "
            "8/2019/QĐ-UBND.",
            ["bai-bo self > 8/2019/QĐ-UBND"],
        ),
        (
            "Theo đề nghị của Giám đốc Sở Nội vụ, Ủy ban nhân dân tỉnh quyết định:\n1. Bãi bỏ Quyết định số "
            "9/2019/QĐ-UBND.",
            ["bai-bo self > 9/2019/QĐ-UBND"],
        ),
        (
            "4. Sửa đổi khoản 2 Điều 6 Nghị định số 44/2014/NĐ-CP về giao đất như sau:\n5. Sửa đổi Điều 7 Nghị định số "
            "45/2014/NĐ-CP.",
            ["sua-doi self > 44/2014/NĐ-CP [6/2]", "sua-doi self > 45/2014/NĐ-CP [7]"],
        ),
        (
            "CHỈ THỊ\nVề an toàn đập\nỦy ban nhân dân tỉnh yêu cầu:\n1. Sở Công Thương kiểm tra.\n2. Bãi bỏ Chỉ thị số "
            "21/CT-UBND ngày 6/6/2016.",
            ["bai-bo self > 21/CT-UBND"],
        ),
        ("BÁO CÁO\nTổng kết thi hành Nghị định\n1. Bãi bỏ Nghị định số 61/2015/NĐ-CP.", []),
        (
            "KẾ HOẠCH\nXây dựng văn bản năm 2026\n1. Bãi bỏ Quyết định số 14/2016/QĐ-UBND trong quý II.\n"
            "2. Kế hoạch này thay thế Kế hoạch số 30/KH-UBND.",
            ["thay-the self > 30/KH-UBND"],
        ),
        (
            "KẾ HOẠCH\nSửa đổi Kế hoạch số 31/KH-UBND\n1. Sửa đổi Kế hoạch số 31/KH-UBND ngày 3/3/2025 như sau:",
            ["sua-doi self > 31/KH-UBND"],
        ),
        ("Chương trình kỳ họp gồm:\n1. Nghị quyết bãi bỏ Nghị quyết số 40/2018/NQ-HĐND.", []),
        ("Thông tư số 19/2016/TT-BYT cần được thay thế, phải được bãi bỏ.", []),
        ("Nghị định số 52/2013/NĐ-CP sẽ được thay thế bởi Nghị định về thương mại điện tử.", []),
        ("Thông tư số 19/2016/TT-BYT dự kiến hết hiệu lực từ ngày 01/01/2027.", []),
        (
            "Thông tư số 19/2016/TT-BYT sẽ bị bãi bỏ kể từ ngày 01/3/2026.",
            ["bai-bo self > 19/2016/TT-BYT 2026-03-01"],
        ),
        # Who ends a document may stand behind the day.
        (
            "Thông tư số 24/2017/TT-BXD hết hiệu lực kể từ ngày 15/10/2024 theo khoản 3 Điều 12 Thông tư số "
            "09/2024/TT-BXD.",
            ["het-hieu-luc 09/2024/TT-BXD > 24/2017/TT-BXD 2024-10-15"],
        ),
        (
            "Quyết định số 27/2016/QĐ-UBND bị bãi bỏ từ ngày 01/9/2025 bởi Quyết định số 50/2025/QĐ-UBND.",
            ["bai-bo 50/2025/QĐ-UBND > 27/2016/QĐ-UBND 2025-09-01"],
        ),
        (
            "Điều 8 Nghị định số 40/2019/NĐ-CP được thay thế kể từ ngày 10/01/2026 bằng Nghị định này.",
            ["thay-the self > 40/2019/NĐ-CP [8] 2026-01-10"],
        ),
        (
            "Thông tư số 24/2017/TT-BXD hết hiệu lực từ ngày 01/7/2024 theo quy định của pháp luật và Thông tư số "
            "25/2017/TT-BXD còn hiệu lực.",
            ["het-hieu-luc self > 24/2017/TT-BXD 2024-07-01"],
        ),
        # The words of older texts.
        ("Thông tư số 6-TT/LB ngày 3-2-1972 nay bãi bỏ.", ["bai-bo self > 6/TT-LB"]),
        (
            "Nghị định số 88-CP và Quyết định số 12-TTg đều huỷ bỏ kể từ ngày 1-1-1980.",
            ["bai-bo self > 12/TTg 1980-01-01", "bai-bo self > 88/CP 1980-01-01"],
        ),
        ("Nghị quyết số 12-NQ/TU này bãi bỏ.", []),
        (
            "Những điều khoản trong Nghị định số 29-CP trái với Nghị định này đều bãi bỏ.",
            ["bai-bo self > 29/CP [mot-phan]"],
        ),
        (
            "Quyết định số 40-HĐBT của Hội đồng Bộ trưởng và những quy định khác trái với Nghị định này nay bãi bỏ.",
            ["bai-bo self > 40/HĐBT"],
        ),
        (
            "Bãi bỏ Sắc lệnh số 41/SL và những điều khoản trong Sắc lệnh số 52/SL trái với Sắc lệnh này.",
            ["bai-bo self > 41/SL", "bai-bo self > 52/SL [mot-phan]"],
        ),
        (
            "Bãi bỏ Quyết định số 3/2015/QĐ-UBND và các nội dung tại Quyết định số 4/2015/QĐ-UBND.",
            ["bai-bo self > 3/2015/QĐ-UBND", "bai-bo self > 4/2015/QĐ-UBND [mot-phan]"],
        ),
        ("Nghị định số 73-CP ngày 7-7-1962 nay không áp dụng nữa.", ["het-hieu-luc self > 73/CP"]),
        (
            "Nghị quyết số 17/2020/NQ-HĐND không còn được áp dụng từ ngày 01/01/2026.",
            ["het-hieu-luc self > 17/2020/NQ-HĐND 2026-01-01"],
        ),
        ("Thông tư số 8/2015/TT-BCT không áp dụng nữa nếu trái với Luật này.", []),
        # More words that end or change.
        ("Kết luận này thay Kết luận số 44-KL/TU ngày 2/2/2022.", ["thay-the self > 44-KL/TU"]),
        (
            "Quy định này thay Quy định số 30 và thay Hướng dẫn số 1-HD/UBKTTW.",
            ["thay-the self > 01-HD/UBKTTW", "thay-the self > 30-QĐ/?"],
        ),
        ("Điều 1. Hủy Quyết định số 512/QĐ-UBND ngày 7/7/2025.", ["bai-bo self > 512/QĐ-UBND"]),
        ("Ông Lê Quang Huy Quyết định số 512/QĐ-UBND.", []),
        ("Dừng hiệu lực Quyết định số 13/2024/QĐ-UBND.", ["ngung-hieu-luc self > 13/2024/QĐ-UBND"]),
        (
            "Điều 1. Điều chỉnh khoản 3 Điều 2 Quyết định số 640/QĐ-UBND ngày 5/5/2024.",
            ["sua-doi self > 640/QĐ-UBND [2/3]"],
        ),
        ("Việc này thuộc phạm vi điều chỉnh của Nghị định số 99/2021/NĐ-CP.", []),
        ("Phạm vi điều chỉnh Nghị định số 99/2021/NĐ-CP không đổi.", []),
        # A point with a dotted number is not its whole section.
        ("Bãi bỏ điểm 3.1, mục 2, phần I Hướng dẫn số 6-HD/BTGTW.", ["bai-bo self > 06-HD/BTGTW [mot-phan]"]),
        ("Bãi bỏ điểm 1.4 Công văn số 99/STC-NS. Sở Tài chính báo cáo.", ["bai-bo self > 99/STC-NS [mot-phan]"]),
        (
            "Bãi bỏ một phần các Thông tư sau đây:\na) Bãi bỏ khoản 1 Điều 3 Thông tư số 5/2016/TT-BXD;\n"
            "b) Điều 9 Thông tư số 6/2016/TT-BXD.",
            ["bai-bo self > 5/2016/TT-BXD [3/1]", "bai-bo self > 6/2016/TT-BXD [9]"],
        ),
        (
            "Thay cụm từ “phòng Nội vụ” bằng “phòng Văn hóa” tại khoản 2 Điều 3 của Quyết định số 9/2023/QĐ-UBND.",
            ["sua-doi self > 9/2023/QĐ-UBND [3/2]"],
        ),
        ("Bỏ nội dung “thị trấn” tại Điều 6 Quyết định số 9/2023/QĐ-UBND.", ["sua-doi self > 9/2023/QĐ-UBND [6]"]),
        ("Bỏ chữ “các” tại khoản 1 Điều 4 Thông tư số 2/2022/TT-BCT.", ["sua-doi self > 2/2022/TT-BCT [4/1]"]),
        (
            "Ban Thường vụ Huyện ủy quyết định:\n1- Bãi bỏ Quy chế số 3-QC/HU ngày 4/5/2021.\n2- Giao Văn phòng.",
            ["bai-bo self > 03-QC/HU"],
        ),
        ("Đề nghị Huyện ủy:\n1- Bãi bỏ Quy chế số 3-QC/HU ngày 4/5/2021.", []),
        # What a letter is about is not its act.
        ("Số: 12/SXD-KT\nV/v điều chỉnh Quyết định số 45/QĐ-UBND ngày 3/3/2024\nKính gửi: Công ty A", []),
        ("Số: 12/SXD-KT\nV/v bãi bỏ Quyết định số 46/2019/QĐ-UBND\nKính gửi: Sở Tư pháp", []),
        (
            "Số: 12/SXD-KT\nV/v thu hồi Công văn số 9/SXD-KT ngày 3/3/2024\nKính gửi: Công ty A",
            ["bai-bo self > 9/SXD-KT"],
        ),
        # From when, and how long.
        (
            "Chấm dứt hiệu lực Quyết định số 21/2017/QĐ-UBND của Ủy ban nhân dân tỉnh Phú Thọ từ ngày 01/02/2026.",
            ["het-hieu-luc self > 21/2017/QĐ-UBND 2026-02-01"],
        ),
        (
            "Bãi bỏ Quyết định số 22/2017/QĐ-UBND của UBND tỉnh về hỗ trợ hộ nghèo từ ngày 01/02/2020.",
            ["bai-bo self > 22/2017/QĐ-UBND"],
        ),
        ("Chấm dứt thực hiện Quyết định số 91/QĐ-UBND.", ["het-hieu-luc self > 91/QĐ-UBND"]),
        (
            "Nghị quyết số 36/2019/NQ-HĐND hết hiệu lực vào ngày 01/01/2026.",
            ["het-hieu-luc self > 36/2019/NQ-HĐND 2026-01-01"],
        ),
        (
            "Thông tư số 8/2020/TT-BNV hết thời hạn hiệu lực từ ngày 01/01/2026.",
            ["het-hieu-luc self > 8/2020/TT-BNV 2026-01-01"],
        ),
        ("Thẻ theo Thông tư số 8/2020/TT-BNV được dùng cho đến hết thời hạn hiệu lực của thẻ.", []),
        ("Nghị quyết này có hiệu lực đến hết ngày 31/12/2029.", ["het-hieu-luc self > self 2030-01-01"]),
        ("Điều 5 của Nghị định này có hiệu lực đến hết ngày 31/12/2029.", []),
        (
            "Cho phép kéo dài thời gian thực hiện Nghị quyết số 11/2020/NQ-HĐND đến hết tháng 6 năm 2026.",
            ["keo-dai self > 11/2020/NQ-HĐND until 2026-07-01"],
        ),
        (
            "Nghị định số 33/2020/NĐ-CP được kéo dài thời gian áp dụng đến hết ngày 30/9/2026.",
            ["keo-dai self > 33/2020/NĐ-CP until 2026-10-01"],
        ),
        (
            "Kéo dài thời gian thực hiện một số chính sách quy định tại Nghị quyết số 8/2019/NQ-HĐND đến hết năm 2025.",
            ["keo-dai self > 8/2019/NQ-HĐND until 2026-01-01"],
        ),
        ("Theo Nghị định số 33/2020/NĐ-CP, trường hợp này được kéo dài thời hạn giải quyết.", []),
        (
            "Tạm ngưng hiệu lực Thông tư số 3/2022/TT-BYT đến hết năm 2024.",
            ["ngung-hieu-luc self > 3/2022/TT-BYT until 2025-01-01"],
        ),
        (
            "Nghị quyết này có hiệu lực từ ngày ký ban hành đến hết ngày 28 tháng 02 năm 2027.",
            ["het-hieu-luc self > self 2027-03-01", "hieu-luc self > self +0"],
        ),
    ],
)
def test_what_is_asked_for_is_not_done_and_old_words_end_too(text: str, wanted: list[str]) -> None:
    assert stated(text) == sorted(wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # What goes on behind a semicolon is no item of what ends.
        (
            "Quyết định số 10/2015/QĐ-UBND hết hiệu lực từ ngày 01/01/2020; Quyết định số 11/2016/QĐ-UBND được áp dụng "
            "đến hết ngày 31/12/2020.",
            ["het-hieu-luc self > 10/2015/QĐ-UBND 2020-01-01"],
        ),
        (
            "Thông tư số 01/2010/TT-BXX hết hiệu lực kể từ ngày Thông tư này có hiệu lực; Thông tư số 02/2011/TT-BXX "
            "thực hiện theo quy định tại Điều 7 của Thông tư này.",
            ["het-hieu-luc self > 01/2010/TT-BXX"],
        ),
        (
            "Bãi bỏ Nghị quyết số 21/2014/NQ-HĐND; Nghị quyết số 22/2014/NQ-HĐND giữ nguyên giá trị.",
            ["bai-bo self > 21/2014/NQ-HĐND"],
        ),
        (
            "Bãi bỏ Quyết định số 31/2012/QĐ-UBND; Quyết định số 32/2012/QĐ-UBND do Sở Tài chính rà soát, tham mưu.",
            ["bai-bo self > 31/2012/QĐ-UBND"],
        ),
        # The lead of a list says that its documents end in part; brackets name the provisions of an item.
        (
            "Điều 2. Bãi bỏ một phần các văn bản sau:\n1. Quyết định số 12/2009/QĐ-UBND (Điều 5, Điều 6);"
            "\n2. Quyết định số 45/2011/QĐ-UBND.",
            ["bai-bo self > 12/2009/QĐ-UBND [5, 6]", "bai-bo self > 45/2011/QĐ-UBND [mot-phan]"],
        ),
        (
            "Bãi bỏ toàn bộ, bãi bỏ một phần các văn bản sau:\n1. Bãi bỏ Thông tư số 44/2009/TT-BXX.\n2. Bãi bỏ Điều 3 "
            "Thông tư số 18/2012/TT-BXX.",
            ["bai-bo self > 44/2009/TT-BXX", "bai-bo self > 18/2012/TT-BXX [3]"],
        ),
        (
            "Bãi bỏ các quy định về lệ phí tại các quyết định sau đây: Quyết định số 12/2009/QĐ-UBND; Quyết định số "
            "45/2011/QĐ-UBND.",
            ["bai-bo self > 12/2009/QĐ-UBND [mot-phan]", "bai-bo self > 45/2011/QĐ-UBND [mot-phan]"],
        ),
        (
            "Thông tư này thay thế một số quy định liên quan tổ chức quản lý các Chương trình được quy định tại "
            "các Thông tư sau:\na) Thông tư số 02/2012/TT-BXX;\nb) Thông tư số 31/2012/TT-BXX.",
            ["thay-the self > 02/2012/TT-BXX [mot-phan]", "thay-the self > 31/2012/TT-BXX [mot-phan]"],
        ),
        (
            "Ngưng hiệu lực các quy định sau:\n1. Các điều 18, 19 của Luật Thủy lợi số 8/2017/QH14 kể từ ngày "
            "Nghị quyết này có hiệu lực thi hành cho đến khi Quốc hội có quy định khác.",
            ["ngung-hieu-luc self > 8/2017/QH14 [18, 19]"],
        ),
        # A law on the making of laws says when documents end, and ends none itself, but for those before it.
        (
            "Quyết định số 16/2014/QĐ-UBND hết hiệu lực theo quy định tại khoản 1 Điều 154 Luật Ban hành văn bản quy "
            "phạm pháp luật năm 2015.",
            ["het-hieu-luc self > 16/2014/QĐ-UBND"],
        ),
        (
            "Nghị định số 24/2009/NĐ-CP hết hiệu lực theo Nghị định số 34/2016/NĐ-CP.",
            ["het-hieu-luc 34/2016/NĐ-CP > 24/2009/NĐ-CP"],
        ),
    ],
)
def test_what_goes_on_and_what_ends_in_part(text: str, wanted: list[str]) -> None:
    assert stated(text) == sorted(wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Bãi bỏ 03 văn bản do Ủy ban nhân dân thành phố ban hành, gồm: 1. Quyết định số 12/2009/QĐ-UBND ngày "
            "02/3/2009; 2. Quyết định số 45/2011/QĐ-UBND; 3. Chỉ thị số 08/2012/CT-UBND.",
            [
                "bai-bo self > 12/2009/QĐ-UBND",
                "bai-bo self > 45/2011/QĐ-UBND",
                "bai-bo self > 08/2012/CT-UBND",
            ],
        ),
        (
            "Các văn bản sau đây hết hiệu lực: a) Nghị định số 17/2010/NĐ-CP; b) Khoản 2 Điều 5 Nghị định số "
            "62/2015/NĐ-CP.",
            ["het-hieu-luc self > 17/2010/NĐ-CP", "het-hieu-luc self > 62/2015/NĐ-CP [5/2]"],
        ),
        (
            "Quyết định này thay thế: 1) Quyết định số 12/2009/QĐ-UBND; 2) Quyết định số 45/2011/QĐ-UBND.",
            ["thay-the self > 12/2009/QĐ-UBND", "thay-the self > 45/2011/QĐ-UBND"],
        ),
        # Verbs of one paragraph share the document that the last of them names.
        (
            "Điều 5. Bổ sung khoản 3a vào sau khoản 3; bãi bỏ khoản 4 Điều 9 Thông tư số 15/2017/TT-BYT.",
            ["sua-doi self > 15/2017/TT-BYT [9/3a]", "bai-bo self > 15/2017/TT-BYT [9/4]"],
        ),
        (
            "Bãi bỏ các điểm b, c khoản 1 và khoản 5 Điều 14; cụm từ “và cấp huyện” tại Điều 18 Nghị định số "
            "99/2015/NĐ-CP.",
            ["bai-bo self > 99/2015/NĐ-CP [14/1/b, 14/1/c, 14/5]", "sua-doi self > 99/2015/NĐ-CP [18]"],
        ),
        (
            "Điều 2. Sửa đổi một số điều của Thông tư số 10/2016/TT-BYT\n1. Sửa đổi khoản 1; bãi bỏ khoản 2 Điều 4.\n"
            "2. Bổ sung Điều 7a; bổ sung Điều 7b vào sau Điều 7 như sau:",
            [
                "sua-doi self > 10/2016/TT-BYT",
                "sua-doi self > 10/2016/TT-BYT [4/1]",
                "bai-bo self > 10/2016/TT-BYT [4/2]",
                "sua-doi self > 10/2016/TT-BYT [7a]",
                "sua-doi self > 10/2016/TT-BYT [7b]",
            ],
        ),
        ("Bổ sung Điều 6a; thay thế Thông tư số 15/2017/TT-BYT.", ["thay-the self > 15/2017/TT-BYT"]),
        (
            "Sửa đổi khoản 2 Điều 7 của Quy chế này; bãi bỏ Điều 4 Thông tư số 15/2017/TT-BYT.",
            ["bai-bo self > 15/2017/TT-BYT [4]"],
        ),
        # A tiết is less than its điểm.
        (
            "Bãi bỏ tiết b điểm 2.1 khoản 2 Điều 4 Thông tư số 219/2013/TT-BTC.",
            ["bai-bo self > 219/2013/TT-BTC [4/2/2.1/b]"],
        ),
        (
            "Bãi bỏ điểm 6.1, tiết a và b điểm 6.2 khoản 6 Điều 3 Thông tư số 11/2011/TT-BXX.",
            ["bai-bo self > 11/2011/TT-BXX [3/6/6.1, 3/6/6.2/a, 3/6/6.2/b]"],
        ),
        ("Bãi bỏ tiết a điểm 6.2 Thông tư số 05/2014/TT-BXD.", ["bai-bo self > 05/2014/TT-BXD [mot-phan]"]),
    ],
)
def test_lists_in_one_line_and_verbs_that_share_a_document(text: str, wanted: list[str]) -> None:
    assert stated(text) == sorted(wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # What is put off rests until the day that is named.
        (
            "Lùi hiệu lực thi hành của Thông tư số 12/2021/TT-BGTVT đến ngày 01 tháng 7 năm 2022.",
            ["ngung-hieu-luc self > 12/2021/TT-BGTVT until 2022-07-01"],
        ),
        (
            "Điều 1. Lùi thời hạn áp dụng khoản 2 Điều 15 của Thông tư số 09/2019/TT-BKHĐT đến hết ngày 31/12/2021.",
            ["ngung-hieu-luc self > 09/2019/TT-BKHĐT [15/2] until 2022-01-01"],
        ),
        (
            "Lùi hiệu lực thi hành của Bộ luật Hình sự số 100/2015/QH13 đến ngày Luật sửa đổi có hiệu lực thi hành.",
            ["sua-doi self > 100/2015/QH13"],
        ),
        (
            "Bộ luật Hình sự số 100/2015/QH13 được lùi hiệu lực thi hành theo Nghị quyết số 144/2016/QH13.",
            ["sua-doi 144/2016/QH13 > 100/2015/QH13"],
        ),
        (
            "Chưa áp dụng khoản 3 Điều 7 Nghị định số 44/2014/NĐ-CP đến ngày 01/01/2016.",
            ["ngung-hieu-luc self > 44/2014/NĐ-CP [7/3] until 2016-01-01"],
        ),
        (
            "Quy định tại điểm a khoản 2 Điều 3 Nghị định số 65/2022/NĐ-CP ngưng hiệu lực thi hành đến hết ngày "
            "31/12/2023.",
            ["ngung-hieu-luc self > 65/2022/NĐ-CP [3/2/a] until 2024-01-01"],
        ),
        ("Dự án chưa thực hiện Quyết định số 5/2015/QĐ-UBND đến ngày 01/01/2016 thì được chuyển tiếp.", []),
        (
            "Thôi áp dụng Công văn số 2291/TCT-CS ngày 06/7/2005 kể từ ngày 01/01/2007.",
            ["het-hieu-luc self > 2291/TCT-CS 2007-01-01"],
        ),
        # The words of old for "có hiệu lực".
        ("Nghị định này thi hành từ ngày 1 tháng 1 năm 1962.", ["hieu-luc self > self 1962-01-01"]),
        ("Luật này bắt đầu thi hành từ ngày công bố.", ["hieu-luc self > self +0"]),
        ("Quyết định này có giá trị thi hành kể từ ngày ký.", ["hieu-luc self > self +0"]),
        (
            "Thông tư số 5/2010/TT-BXX hết hiệu lực thi hành từ ngày 01/01/2012.",
            ["het-hieu-luc self > 5/2010/TT-BXX 2012-01-01"],
        ),
        ("Thủ trưởng các đơn vị chịu trách nhiệm thi hành Quyết định này kể từ ngày ký.", []),
        # Spans.
        (
            "Nghị quyết này có hiệu lực thi hành trong thời hạn 03 năm kể từ ngày 01 tháng 8 năm 2023.",
            ["hieu-luc self > self 2023-08-01", "het-hieu-luc self > self 2026-08-01"],
        ),
        (
            "Nghị quyết này có hiệu lực thi hành từ ngày 01/8/2023 và được thực hiện trong 05 năm.",
            ["hieu-luc self > self 2023-08-01", "het-hieu-luc self > self 2028-08-01"],
        ),
        (
            "Nghị quyết này có hiệu lực từ ngày 01/8/2023 và áp dụng trong 05 năm ngân sách.",
            ["hieu-luc self > self 2023-08-01"],
        ),
        (
            "Nghị định này có hiệu lực từ ngày 15/01/2020 và được thực hiện thí điểm đến hết ngày 31/12/2027.",
            ["hieu-luc self > self 2020-01-15", "het-hieu-luc self > self 2028-01-01"],
        ),
        (
            "BỘ XÂY DỰNG\nSố: 05/ĐC-BXD\nĐÍNH CHÍNH\nThông tư số 27/2009/TT-BXD ngày 31 tháng 7 năm 2009 về quản lý "
            "chất lượng\nDo sơ suất khi in, Bộ Xây dựng đính chính như sau:",
            ["dinh-chinh self > 27/2009/TT-BXD"],
        ),
        (
            "1 | Quyết định | Số 12/2009/QĐ-UBND; ngày 02/3/2009; Về lệ phí hộ tịch | Được thay thế bởi Quyết định số "
            "5/2015/QĐ-UBND ngày 01/02/2015 | 10/02/2015",
            ["thay-the 5/2015/QĐ-UBND > 12/2009/QĐ-UBND"],
        ),
        (
            "Kết luận này thay cho các Kết luận số 80-KL/TW, ngày 29/7/2010, số 28-KL/TW, ngày 21/9/2020.",
            ["thay-the self > 80-KL/TW", "thay-the self > 28-KL/TW"],
        ),
        (
            "Quyết định này thay thế các Quyết định của Ủy ban nhân dân tỉnh Bắc Kạn: số 05/2020/QĐ-UBND; số "
            "21/2021/QĐ-UBND; của Ủy ban nhân dân tỉnh Thái Nguyên: số 16/2019/QĐ-UBND.",
            ["thay-the self > 05/2020/QĐ-UBND", "thay-the self > 21/2021/QĐ-UBND", "thay-the self > 16/2019/QĐ-UBND"],
        ),
        ("Sắc lệnh số 106-SL ngày 15-6-1950 nay được bổ túc như sau:", ["sua-doi self > 106/SL"]),
        (
            "Những điều khoản trong các Sắc lệnh số 39 ngày 26-9-1945 và số 90 ngày 10-10-1945 trái với Sắc lệnh này "
            "đều bãi bỏ.",
            ["bai-bo self > 39/SL [mot-phan]", "bai-bo self > 90/SL [mot-phan]"],
        ),
        ("Luật này thay thế Luật số 103-SL/L005 ngày 20-5-1957.", ["thay-the self > 103-SL/L005"]),
        (
            "Các nội dung tại Nghị quyết số 18/2021/NQ-HĐND không trái với Nghị quyết này tiếp tục có hiệu lực.",
            ["con-hieu-luc self > 18/2021/NQ-HĐND [mot-phan]"],
        ),
        (
            "2. Các quy định tại Điều 15, khoản 3 Điều 20 có hiệu lực thi hành từ ngày 01 tháng 10 năm 2026.",
            ["hieu-luc self > self [15, 20/3] 2026-10-01"],
        ),
        (
            "Nghị quyết này có hiệu lực từ thời điểm được Hội đồng nhân dân tỉnh thông qua.",
            ["hieu-luc self > self +0"],
        ),
        (
            "Bổ sung vào Điều 1 Quyết định số 789/QĐ-UBND ngày 09/9/2022 danh sách gồm 05 ông (bà) có tên sau:",
            ["sua-doi self > 789/QĐ-UBND [1]"],
        ),
        ("Bãi bỏ Án lệ số 05/2016/AL về vụ án tranh chấp di sản.", ["bai-bo self > 05/2016/AL"]),
        ("Án lệ số 12/2017/AL bị thay thế bởi Án lệ số 52/2021/AL.", ["thay-the 52/2021/AL > 12/2017/AL"]),
        (
            "Đính chính lỗi kỹ thuật tại căn cứ thứ ba của Quyết định số 1189/QĐ-BGDĐT.",
            ["dinh-chinh self > 1189/QĐ-BGDĐT"],
        ),
    ],
)
def test_what_rests_and_how_long_a_text_holds(text: str, wanted: list[str]) -> None:
    assert stated(text) == sorted(wanted)


def test_documents_in_one_file_act_for_themselves() -> None:
    motto = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
    text = (
        f"HỘI ĐỒNG NHÂN DÂN\nTỈNH VĨNH LONG\nSố: 05/2025/NQ-HĐND\n{motto}NGHỊ QUYẾT\nQuy định mức thu học phí\n"
        "Điều 2. Nghị quyết này thay thế Nghị quyết số 12/2023/NQ-HĐND.\nCHỦ TỊCH\nHồ Thị Hoàng Yến\n"
        f"HỘI ĐỒNG NHÂN DÂN\nTỈNH VĨNH LONG\nSố: 06/2025/NQ-HĐND\n{motto}NGHỊ QUYẾT\nQuy định chế độ chi\n"
        "Điều 2. Bãi bỏ Nghị quyết số 20/2019/NQ-HĐND. Nghị quyết này có hiệu lực từ ngày 09 tháng 8 năm 2025.\n"
    )
    assert stated(text) == [
        "bai-bo 06/2025/NQ-HĐND > 20/2019/NQ-HĐND",
        "hieu-luc 06/2025/NQ-HĐND > 06/2025/NQ-HĐND 2025-08-09",
        "thay-the self > 12/2023/NQ-HĐND",
    ]
    annexed = text.replace("06/2025", "05/2025")  # the letterhead of an annex bears the number of its document
    assert stated(annexed)[0] == "bai-bo self > 20/2019/NQ-HĐND"
