"""Web pages: the article without what is around it, and what the page says of itself."""

import json

import pytest

from searchapp.article import Record
from searchapp.dates import parse_date
from searchapp.errors import BadRecordError
from searchapp.readers import html, markup, read
from searchapp.readers.items import Bad

P1 = (
    "Sáng 15/9, Ủy ban nhân dân phường tổ chức lễ phát động tháng cao điểm chuyển đổi số với sự tham gia của người dân."
)
P2 = "Theo kế hoạch, mỗi khu phố thành lập một tổ công nghệ cộng đồng để hướng dẫn bà con dùng dịch vụ công."
LEDE = "Phường đặt mục tiêu mọi hộ dân có ít nhất một tài khoản định danh điện tử trước khi năm nay kết thúc."
LD = {"@type": "BreadcrumbList", "itemListElement": [{"item": {"name": "Trang chủ"}}, {"item": {"name": "Đời sống"}}]}

NEWS = f"""<!doctype html><html><head><meta charset="utf-8"><title>Phường chuyển đổi số | Báo Phường</title>
<meta property="og:title" content="Phường chuyển đổi số"><meta property="og:site_name" content="Báo Phường">
<meta name="description" content="{LEDE}"><meta name="author" content="Bao Phuong">
<meta property="article:published_time" content="2022-09-15T08:00:00+07:00">
<link rel="canonical" href="https://example.org/chuyen-doi-so.html">
<script type="application/ld+json">{json.dumps(LD)}</script></head>
<body><nav><a href="/">Trang chủ</a><a href="/v">Video</a></nav><h1>Phường chuyển đổi số</h1><p class=sapo>{LEDE}</p>
<article><p>{P1}</p><script>alert("mã")</script><style>p{{}}</style><p onclick="x()">{P2} &lt;img onerror&gt;</p>
<p>{P1}</p><!-- ghi chú ẩn --><p style="text-align:right"><strong>Thu Hà</strong></p></article>
<aside><a href="/x">Tin nổi bật: khai trương chợ đêm bên sông</a></aside><footer>Bản quyền</footer></body></html>"""

LAW = f"""<html><head><title>Trang luật</title>
<meta property="article:published_time" content="2024-01-01"></head><body>
<table><tr><td><ul><li><a href="/a">Văn bản mới</a></li><li><a href="/b">Đăng nhập</a></li></ul></td><td>
<table><tr><td>ỦY BAN NHÂN DÂN<br>PHƯỜNG BÌNH AN<br>-------</td>
<td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc<br>---------------</td></tr>
<tr><td>Số: 12/KH-UBND</td><td>Bình An, ngày 05 tháng 3 năm 2023</td></tr></table>
<p><b>KẾ HOẠCH</b></p><p>Về việc trồng cây trên địa bàn phường</p><p>-----</p>
<p>Căn cứ <a href="/l">Luật Tổ chức chính quyền địa phương</a>;</p>
<p><a name=d1>Điều 1. Mục tiêu</a></p><p>1. {P1}</p><p><a href="#x">2. {P2}</a></p><p>3. {P1 * 6}</p>
<p>TM. ỦY BAN NHÂN DÂN<br>CHỦ TỊCH</p><p>Lê Văn Bình</p></td></tr></table>
<div>Văn bản liên quan<br>Ban hành: 1/1/2020</div></body></html>"""


def test_a_news_page_gives_its_article_and_facts():
    (record,) = html.read(NEWS, "a.html")
    assert record == Record(
        title="Phường chuyển đổi số",
        text="\n".join([LEDE, P1, f"{P2} <img onerror>", P1]),
        date="2022-09-15T08:00:00+07:00",
        section="Đời sống",
        source="Báo Phường",
        url="https://example.org/chuyen-doi-so.html",
        author="Thu Hà",
        path="a.html",
    )


def test_a_law_on_a_page_is_read_whole_and_says_what_it_is():
    (record,) = html.read(LAW, "luat.html")
    assert (record.number, record.kind, record.date) == ("12/KH-UBND", "Kế hoạch", "2023-03-05")
    assert record.title == "Về việc trồng cây trên địa bàn phường"
    assert (record.signer, record.author) == ("Lê Văn Bình", "")
    assert record.basis == ("Căn cứ Luật Tổ chức chính quyền địa phương",)
    lines = record.text.split("\n")
    assert lines[0] == "ỦY BAN NHÂN DÂN"
    assert lines[-1] == "Lê Văn Bình"
    assert f"2. {P2}" in lines
    assert "Điều 1. Mục tiêu" in lines
    assert not [line for line in lines if "Đăng nhập" in line or "liên quan" in line or "---" in line]


MOTTO = (
    "<td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc<br>Bình An, ngày 05 tháng 3 năm 2023</td>"
)
SIGNED = (
    "<table><tr><td>Nơi nhận:<br>- Lưu: VT.</td><td>TM. ỦY BAN NHÂN DÂN<br>CHỦ TỊCH</td></tr></table><p>Lê Văn Bình</p>"
)
DECISION = f"""<table><tr><td>ỦY BAN NHÂN DÂN<br>PHƯỜNG BÌNH AN<br>Số: 12/QĐ-UBND</td>{MOTTO}</tr></table>
<p>QUYẾT ĐỊNH</p><p>Về việc bãi bỏ văn bản</p><p>Căn cứ Luật Lâm nghiệp;</p><p>Điều 1. {P1}</p>{SIGNED}"""
ROWS = "<table><tr><th>STT<th>Số<th>Ngày</tr><tr><td><p>1</p><td><p>14/QĐ-UBND</p><td>3/2/2020</tr></table>"


@pytest.mark.parametrize(
    ("below", "kept"),
    [
        (
            "<p>PHỤ LỤC</p><p>Danh sách</p>" + ROWS,
            ["PHỤ LỤC", "Danh sách", "STT | Số | Ngày", "1 | 14/QĐ-UBND | 3/2/2020"],
        ),
        (
            "<p>ỦY BAN NHÂN DÂN</p><p>PHƯỜNG BÌNH AN</p><p>QUY CHẾ</p><p>Trồng cây</p>"
            "<p>(Kèm theo Quyết định này)</p><p>Điều 1. Cây</p><p>Tin khác</p><p>Chợ đêm</p>",
            ["ỦY BAN NHÂN DÂN", "PHƯỜNG BÌNH AN", "QUY CHẾ", "Trồng cây", "(Kèm theo Quyết định này)", "Điều 1. Cây"],
        ),
        ("<p>[1] Điều này được sửa đổi theo Quyết định số 2/QĐ-UBND.</p>",
         ["[1] Điều này được sửa đổi theo Quyết định số 2/QĐ-UBND."]),
        ("<p>KT. CHỦ TỊCH HỘI NÔNG DÂN<br>PHÓ CHỦ TỊCH<br>Trần Thị Cam</p><p>Lượt xem: 5</p>",
         ["KT. CHỦ TỊCH HỘI NÔNG DÂN", "PHÓ CHỦ TỊCH", "Trần Thị Cam"]),
        ("<p>QUY ĐỊNH VỀ BÌNH LUẬN</p><p>Bạn đọc viết có dấu.</p>", []),
        ("<p>In trang</p><p>Gửi bài</p>", []),
    ],
)  # fmt: skip
def test_what_belongs_to_a_document_below_its_signer_is_kept(below, kept):
    page = f"<body><nav>Trang chủ</nav><div class=noi-dung>{DECISION}{below}</div><div>PHỤ LỤC</div><div>Tìm kiếm</div>"
    (record,) = html.read(page, "quyet-dinh.html")
    assert (record.number, record.signer) == ("12/QĐ-UBND", "Lê Văn Bình")
    lines = record.text.split("\n")
    assert lines[lines.index("Lê Văn Bình") + 1 :] == kept


FACTS = {
    "Số ký hiệu": "57/2025/QĐ-UBND", "Ngày ban hành": "12/09/2025", "Loại văn bản": "Quyết định",
    "Cơ quan ban hành": "Uỷ ban nhân dân tỉnh Phú Thọ", "Người ký": "Đinh Công Sứ", "Trích yếu": "Về phân cấp chợ",
}  # fmt: skip
TOLD = ("57/2025/QĐ-UBND", "Quyết định", "Ủy ban nhân dân tỉnh Phú Thọ", "2025-09-12", "Đinh Công Sứ")


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("<table>" + "".join(f"<tr><td>{k}:</td><td>{v}</td></tr>" for k, v in FACTS.items()) + "</table>", TOLD),
        ("<dl>" + "".join(f"<dt>{k}</dt><dd>{v}</dd>" for k, v in FACTS.items()) + "</dl>", TOLD),
        ("".join(f"<p><b>{k}</b>: {v}</p>" for k, v in FACTS.items()), TOLD),
        # Two facts, several documents, a list, and what is no number, tell of no document.
        ("<p>Số ký hiệu: 57/2025/QĐ-UBND</p><p>Ngày ban hành: 12/09/2025</p>", ("", "", "", "", "")),
        ("".join(f"<p>{k}: {v}</p>" for k, v in FACTS.items()) + "<p>Số ký hiệu: 8/QĐ-UBND</p>", ("", "", "", "", "")),
        ("<table><tr>" + "".join(f"<th>{k}</th>" for k in FACTS) + "</tr></table>", ("", "", "", "", "")),
        ("".join(f"<p>{k}: {v.replace('57/', 'Chuyến ')}</p>" for k, v in FACTS.items()), ("", "", "", "", "")),
    ],
)
def test_the_table_of_facts_of_a_portal_tells_of_its_document(table, told):
    (record,) = html.read(f"<body><h1>Chi tiết</h1>{table}<article><p>{P1}</p><p>{P2}</p></article>", "van-ban.html")
    assert (record.number, record.kind, record.issuer, record.date, record.signer) == told or not told[0]
    assert record.number == told[0]


def test_a_table_of_facts_tells_what_was_only_stamped():
    facts = "".join(f"<p>{k}: {v}</p>" for k, v in FACTS.items())
    blank = DECISION.replace("Số: 12/QĐ-UBND", "Số:      /2025/QĐ-UBND").replace("ngày 05 tháng 3", "ngày    tháng 9")
    (record,) = html.read(f"<body>{facts}{blank.replace('2023', '2025')}", "van-ban.html")
    assert (record.number, record.date, record.issuer) == (TOLD[0], TOLD[3], "Ủy ban nhân dân phường Bình An")
    other = html.read(f"<body>{facts}{DECISION}", "van-ban.html")
    assert [(one.number, one.date) for one in other] == [("12/QĐ-UBND", "2023-03-05")]


def test_a_document_whose_signature_is_a_picture_says_what_it_is():
    (record,) = html.read(f"<body><nav>Trang chủ</nav>{DECISION.replace('Lê Văn Bình', '')}<p>{P2}</p>", "a.html")
    assert (record.number, record.kind, record.issuer, record.date, record.signer) == (
        "12/QĐ-UBND", "Quyết định", "Ủy ban nhân dân phường Bình An", "2023-03-05", "",
    )  # fmt: skip
    assert P1 in record.text


def test_a_signer_may_stand_beside_the_recipients():
    page = DECISION.replace("<p>Lê Văn Bình</p>", "<p>- Lưu: VT. Lê Văn Bình</p>")
    (record,) = html.read(f"<body>{page}<p>Tin khác</p>", "quyet-dinh.html")
    assert (record.number, record.signer) == ("12/QĐ-UBND", "Lê Văn Bình")
    assert record.text.split("\n")[-1] == "- Lưu: VT. Lê Văn Bình"


def test_the_matter_of_a_letter_stands_beside_the_motto_of_a_page():
    page = (
        "<body><p>Trang chủ</p><table><tr><td>UBND TỈNH BÌNH AN<br>SỞ NỘI VỤ<br>Số: 15/SNV-TCBC<br>V/v hướng dẫn"
        f"<br>trồng cây</td>{MOTTO}</tr></table><p>Kính gửi: Các sở.</p><p>{P1}</p>{SIGNED}"
    )
    (record,) = html.read(page, "cong-van.html")
    assert (record.number, record.kind, record.title) == ("15/SNV-TCBC", "Công văn", "Hướng dẫn trồng cây")
    assert record.text.split("\n")[0] == "UBND TỈNH BÌNH AN"


@pytest.mark.parametrize(
    ("head", "section"),
    [
        ('<meta property="article:section" content=" Thời  sự ">', "Thời sự"),
        ('<script type="application/ld+json">{"articleSection": ["Giáo dục", "x"]}</script>', "Giáo dục"),
        ('<script type="application/ld+json">[{"articleSection": "Y tế"}]</script>', "Y tế"),
        ('<script type="application/ld+json">{broken</script>', ""),
        ('<script type="application/ld+json">' + "[" * 5_000 + "</script>", ""),
        ('<script type="application/ld+json">{"@type": "BreadcrumbList", "itemListElement": [1, null]}</script>', ""),
        ("", ""),
    ],
    ids=range(7),
)
def test_the_section_is_what_the_page_says(head, section):
    page = f"<html><head>{head}</head><body><article><p>{P1}</p><p>{P2}</p><p>{P1}</p></article></body></html>"
    (record,) = html.read(page, "a.html")
    assert record.section == section


@pytest.mark.parametrize(
    "page", ["", "   ", "<html></html>", "<html><body><nav><a href=/>Trang chủ</a></nav></body></html>"]
)
def test_a_page_without_an_article_is_skipped(page):
    with pytest.raises(BadRecordError):
        list(html.read(page, "a.html"))


def test_a_home_page_that_leads_to_articles_is_none():
    ways = "".join(f"<li><a href=/{n}>Phường khai mạc hội thao lần thứ {n} của khối cơ quan</a></li>" for n in range(9))
    around = "<h1>Phường Bến Nhỏ</h1><p>Số 1, đường Ven Sông</p>"
    home = f"<html><head><title>Cổng thông tin</title></head><body>{around}<ul>{ways}</ul></body></html>"
    with pytest.raises(BadRecordError, match="no article"):
        list(html.read(home, "a.html"))


def test_the_clock_of_a_script_is_no_date():
    script = '<script>var delta = new Date("2023-09-21T13:44:52Z") - new Date();</script>'
    page = f"<html><head><title>Tin</title></head><body>{script}<article><p>{P1}</p><p>{P2}</p></article></body></html>"
    (record,) = html.read(page, "a.html")
    assert record.date == ""


@pytest.mark.parametrize(
    ("fragment", "lines"),
    [
        ("<p>một</p><p>hai<br>ba</p>", ["một", "hai", "ba"]),
        ("không có thẻ\n\nhai dòng", ["không có thẻ", "hai dòng"]),
        ("a <b>đậm</b> <script>x</script>b", ["a đậm b"]),
        ("&lt;img&gt; &amp; Ð", ["<img> & Ð"]),
        ("<ul><li>một<li>hai</ul>đuôi", ["một", "hai", "đuôi"]),
        ("", []),
        ("<!-- chỉ ghi chú -->", []),
    ],
    ids=range(7),
)
def test_markup_becomes_lines(fragment, lines):
    assert markup.paragraphs(fragment) == lines


@pytest.mark.parametrize("levels", [100, 300, 1500])
def test_a_page_of_unclosed_elements_keeps_its_text_in_order(levels):
    page = "<body>" + "".join(f"<div>a{n} <i>b{n}</i>c{n} " for n in range(levels))
    page += "".join(f"</div>z{n}" for n in reversed(range(levels)))
    words = [word for n in range(levels) for word in (f"a{n}", f"b{n}c{n}")] + [
        f"z{n}" for n in reversed(range(levels))
    ]
    assert " ".join(markup.paragraphs(page)).split() == words


def test_a_pdf_named_html_is_skipped(tmp_path):
    (tmp_path / "a.html").write_bytes(b"%PDF-1.4\n...")
    assert list(read(tmp_path / "a.html", name="a.html")) == [
        Bad("a.html", 0, "named .html, but holds a PDF", code="format")
    ]


@pytest.mark.shared
def test_the_real_news_page_gives_the_expected_article(shared_data):
    folder = shared_data / "files" / "html"
    expected = json.loads((folder / "VnExpress_expected.json").read_text(encoding="utf-8"))["V1"]
    (record,) = read(folder / "vnexpress_article_2025-10-22.html", name="a.html")
    paragraphs = record.text.split("\n")
    assert record.author == expected["authors"][0]
    assert parse_date(record.date) == "2025-10-22"
    wanted = expected["body"]["summary"] + expected["body"]["sections"][0]["paragraphs"]
    assert paragraphs == [paragraph for paragraph in wanted if "Ảnh:" not in paragraph]


@pytest.mark.shared
def test_the_real_law_page_gives_the_law_alone(shared_data):
    (record,) = read(shared_data / "files" / "html" / "cybersecurity-law-2018.html", name="a.html")
    assert (record.number, record.kind, record.issuer) == ("24/2018/QH14", "Luật", "Quốc hội")
    assert (record.date, record.title) == ("2018-06-12", "Luật An ninh mạng")
    articles = [line for line in record.text.split("\n") if line.startswith("Điều ")]
    assert [line.split(".")[0] for line in articles] == [f"Điều {number}" for number in range(1, 44)]
    assert "Điện thoại" not in record.text
