import unicodedata

import pytest

from searchapp.article import Citation
from searchapp.query import Number
from searchapp.results import highlight
from searchapp.search.highlighter import Marker
from searchapp.search.parser import parse
from searchapp.search.snippets import snippet
from searchapp.text.normalize import normalize


def marked(query: str, text: str) -> str:
    spans = Marker.of(parse(query).tree).spans(normalize(text))
    return "".join(f"[{p.text}]" if p.marked else p.text for p in highlight(normalize(text), spans))


@pytest.mark.parametrize(
    ("query", "text", "shown"),
    [
        ("dang bo", "Đảng bộ phường", "[Đảng] [bộ] phường"),
        ("đảng", unicodedata.normalize("NFD", "Đảng ta"), "[Đảng] ta"),
        ("hòa", "hoà bình", "[hoà] bình"),
        ("năm", "năm nay nằm", "[năm] nay nằm"),
        ("năm", "chỉ nằm", "chỉ [nằm]"),
        ("dựng nông thôn", "nông thôn ứng dụng, phải đứng", "[nông] [thôn] ứng dụng, phải đứng"),
        ("hòa giải", "giải pháp, hoá chất", "[giải] pháp, hoá chất"),
        ("đãng viên", "đảng viên rất đáng kể", "[đảng] [viên] rất đáng kể"),
        ("dan van", "dân chủ, vạn sự", "[dân] chủ, [vạn] sự"),
        ('"dân vận"', "dân vận và vận dân", "[dân vận] và vận dân"),
        ('"dan van"', "Dân vận khéo", "[Dân vận] khéo"),
        ('"phòng chống"', "phòng, chống dịch", "[phòng, chống] dịch"),
        ("ngh*", "Nghị quyết nghiêm", "[Nghị] quyết [nghiêm]"),
        ("-dân quân", "dân quân", "dân [quân]"),
        ("mặt trận tổ quốc", "MTTQ phường", "[MTTQ] phường"),
        ("mặt trận", "MTTQ phường", "[MTTQ] phường"),
        ("mặt trận", "MTTQ, mặt trận", "MTTQ, [mặt] [trận]"),
        ("ủy ban nhân dân", "UBND và ubnd", "[UBND] và [ubnd]"),
        ('"ủy ban nhân dân"', "UBND quận", "UBND quận"),
        ("TPHCM", "TP. Hồ Chí Minh và TP HCM", "[TP. Hồ Chí Minh] và [TP HCM]"),
        ("thành phố Hồ Chí Minh", "tại TPHCM", "tại [TPHCM]"),
        ("kinh tế xã hội", "phát triển KT-XH", "phát triển [KT-XH]"),
        ("KT-XH", "kinh tế - xã hội", "[kinh tế - xã hội]"),
        ("ki*", "kỹ sư kiểm tra", "[kỹ] sư [kiểm] tra"),
        ("MTTQ", "Mặt trận Tổ quốc phường", "[Mặt trận Tổ quốc] phường"),
        ("Điều 5", "Điều 5 khoản 15", "[Điều] [5] khoản 15"),
        ("", "không có gì", "không có gì"),
    ],
)
def test_marks_sit_on_the_original_text(query: str, text: str, shown: str) -> None:
    assert marked(query, text) == shown


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("nghỉ thai sản được bao nhiêu tháng", "[Nghỉ] [thai] [sản] sáu [tháng], tiền trả bao nhiêu"),
        ("nghi thai san duoc bao nhieu thang", "[Nghỉ] [thai] [sản] sáu [tháng], tiền trả bao nhiêu"),
        ("bao nhiêu tháng", "Nghỉ thai sản sáu [tháng], tiền trả [bao] [nhiêu]"),  # too short for a question
    ],
)
def test_words_that_only_ask_are_not_marked(query: str, shown: str) -> None:
    assert marked(query, "Nghỉ thai sản sáu tháng, tiền trả bao nhiêu") == shown


def test_a_citation_of_the_document_asked_for_is_marked_whole() -> None:
    text = "Thực hiện Nghị quyết 05 của Thành ủy."
    citation = Citation(start=10, end=23, text="Nghị quyết 05", kind="short", type="NQ", key="05-NQ/?", document="a/b")
    spans = Marker.of(Number("05-NQ/TU", documents=("a/b",))).spans(text, [citation])
    assert [(s.start, s.end) for s in spans] == [(10, 23)]


def test_the_window_is_at_the_best_match_wherever_it_stands() -> None:
    text = (
        "Mở đầu có chữ dân. "
        + "Câu đệm không liên quan. " * 2000
        + "Công tác dân vận chính quyền được đổi mới. "
        + "Hết. " * 50
    )
    spans = Marker.of(parse("dân vận chính quyền").tree).spans(text)
    pieces = snippet(text, spans)
    shown = "".join(piece.text for piece in pieces)
    assert [p.text for p in pieces if p.marked] == ["dân vận chính quyền"]
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 300


def test_a_word_typed_without_accents_is_marked_beside_one_of_the_same_letters() -> None:
    text = "Thuế giá trị gia tăng của gia đình già."
    spans = Marker.of(parse("thuế giá trị gia tăng").tree).spans(text)
    assert [text[span.start : span.end] for span in spans] == ["Thuế", "giá", "trị", "gia", "tăng", "gia"]


@pytest.mark.parametrize("text", ["", "x", "một dòng", "a" * 5000, "dân " * 3000])
def test_a_snippet_is_part_of_the_text(text: str) -> None:
    spans = Marker.of(parse("dân vận").tree).spans(text)
    shown = "".join(piece.text for piece in snippet(text, spans)).removeprefix("… ").removesuffix(" …")
    assert shown in text
    assert len(shown) <= 300


@pytest.mark.parametrize(
    "query",
    ["dân vận", "dan van", '"dân vận"', '"dan van"', "dân v*", "phường dân vận", "phuong dan van", "p* dân"],
)
def test_a_glance_goes_as_far_as_the_last_word_that_is_wanted(query: str) -> None:
    text = "Phường ta. " + "Câu đệm không ai hỏi. " * 4000 + "Hội thi dân vận khéo. " + "Hết. " * 9000
    spans = Marker.of(parse(query).tree).glances([(text, ())])[0]
    assert any(text[span.start : span.end].startswith("dân") for span in spans)


@pytest.mark.parametrize("query", ["dân vận", "dan van", '"dân vận"', "dân v*", "MTTQ dân", ""])
def test_a_glance_at_a_short_text_sees_every_mark(query: str) -> None:
    text = "Dân vận khéo ở MTTQ và Mặt trận Tổ quốc; dẫn vàn. " * 3
    marker = Marker.of(parse(query).tree)
    assert list(marker.glances([(text, ())])[0]) == list(marker.spans(text))


def test_a_glance_at_a_long_text_stops_once_everything_is_there() -> None:
    text = "Dân vận khéo. " * 20_000
    marker = Marker.of(parse("dân vận").tree)
    assert len(marker.glances([(text, ())])[0]) < len(marker.spans(text)) / 10


@pytest.mark.parametrize("query", ["giáo dục", "tphcm đại học", '"giáo dục"', "gia*", "giao duc -hcm"])
def test_texts_that_are_looked_at_together_have_the_marks_of_each_alone(query: str) -> None:
    long = "x" * 300 + " giáo dục. " * 2000
    texts = ["TP. HCM", "HCM giáo dục", "", "Giao duc", "gia\u0301o dục", "🙂 đại học TP", "hcm", long, "dục"]
    together = Marker.of(parse(query).tree).glances([(text, ()) for text in texts])
    assert list(map(list, together)) == [list(Marker.of(parse(query).tree).glances([(text, ())])[0]) for text in texts]
