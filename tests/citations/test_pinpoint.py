"""Which provisions a text or a query names, and of which document."""

import unicodedata

import pytest

from searchapp.article import OWN
from searchapp.citations.find import find_citations
from searchapp.citations.find.ascii import shadow
from searchapp.citations.find.pinpoint import pinpoint_in_query, pinpoints


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        ("Điều kiện và điểm số của khoản vay", []),
        ("đạt 10 điểm, hơn 3 điểm 5", []),
        ("Điều 5", ["5"]),
        ("điều 5%", []),
        ("Điều này cho thấy, tại thời điểm này, khoản này là đúng", []),
        ("Điều 05", ["5"]),
        ("Phụ lục 02", ["phu-luc-2"]),
        ("các điểm a, b và c khoản 2, khoản 4 Điều 5 và Điều 7", ["5/2/a", "5/2/b", "5/2/c", "5/4", "7"]),
        ("từ Điều 3 đến Điều 6, Điều 9", ["3", "4", "5", "6", "9"]),
        ("Điều 5, khoản 1, điểm d", ["5/1/d"]),
        ("Điều 5 khoản 1, 2 và Điều 7 khoản 3", ["5/1", "5/2", "7/3"]),
        ("Điều 5 và khoản 2 Điều 7", ["5", "7/2"]),
        ("điểm b, điểm c khoản 7 Điều 3", ["3/7/b", "3/7/c"]),
        ("điểm đ khoản 1 Điều 9", ["9/1/đ"]),
        ("từ điểm c đến điểm e khoản 1 Điều 9", ["9/1/c", "9/1/d", "9/1/đ", "9/1/e"]),
        ("từ khoản 1 đến khoản 4 Điều 9", ["9/1", "9/2", "9/3", "9/4"]),
        ("các khoản 1, 11 và 12 Điều 1, Điều 2, khoản 1 Điều 3", ["1/1", "1/11", "1/12", "2", "3/1"]),
        ("Điều 9a và Điều 15b", ["9a", "15b"]),
        ("khoản 1a Điều 3", ["3/1a"]),
        ("điểm a Điều 3", ["3//a"]),
        ("khoản 2 Điều này", ["./2"]),
        ("điểm a khoản này", ["././a"]),
        ("Phụ lục II", ["phu-luc-2"]),
        ("Phụ lục I, II và III", ["phu-luc-1", "phu-luc-2", "phu-luc-3"]),
        ("Phụ lục I, Phụ lục III", ["phu-luc-1", "phu-luc-3"]),
        ("Phụ lục 02 đến Phụ lục 04", ["phu-luc-2", "phu-luc-3", "phu-luc-4"]),
        ("Phụ lục I, v.v. và c) Phần khác", ["phu-luc-1"]),
        ("các Phụ lục từ I đến III", ["phu-luc-1", "phu-luc-2", "phu-luc-3"]),
        ("Phụ lục từ số 01 đến số 03 và Phụ lục số 5", ["phu-luc-1", "phu-luc-2", "phu-luc-3", "phu-luc-5"]),
        ("Phụ lục số I, số II", ["phu-luc-1", "phu-luc-2"]),
        ("các chương từ II tới IV", ["chuong-2", "chuong-3", "chuong-4"]),
        ("các điều 5, 6 và từ 8 đến 10", ["5", "6", "8", "9", "10"]),
        ("các điểm từ a đến c và các khoản từ 2 đến 4 Điều 9", ["9/2/a", "9/2/b", "9/2/c", "9/3", "9/4"]),
        ("các khoản từ 50 đến 100 triệu đồng, điểm từ 5 đến 7, phụ lục từ 2 đến 5 tuổi", []),
        ("Điều 5 và từ 8 đến 10 giờ", ["5"]),
        ("Điều 5 và Phụ lục I", ["5", "phu-luc-1"]),
        ("Điều 5 của Phụ lục I", ["5"]),
        ("Chương II, 3 tháng sau", ["chuong-2"]),
        ("Mục 1 và Mục 2 Chương III", ["chuong-3-muc-1", "chuong-3-muc-2"]),
        ("Chương IV", ["chuong-4"]),
        ("Điều 3 đến Điều 9000", ["3", "9000"]),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "upper"])
def test_provisions_of_a_text(text: str, wanted: list[str], form: str) -> None:
    text = text.upper() if form == "upper" and "phu" not in "".join(wanted) else text
    assert [part for found in pinpoints(text) for part in found.parts] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("khoản 2 Điều 5, Điều 7 Nghị định số 11/2019/NĐ-CP", {"11/2019/NĐ-CP": ("5/2", "7")}),
        ("Điều 5 của Luật Đất đai năm 2024", {"Luật Đất đai 2024": ("5",)}),
        ("Điểm 4 Nghị quyết 35/NQ-CP", {"35/NQ-CP": ("/4",)}),
        ("Điều 5, Nghị định số 11/2019/NĐ-CP", {"11/2019/NĐ-CP": ("5",)}),
        (
            "Điều 3 Nghị định số 11/2019/NĐ-CP và Điều 4 Thông tư số 1/2020/TT-BNV",
            {"11/2019/NĐ-CP": ("3",), "1/2020/TT-BNV": ("4",)},
        ),
        ("Điều 3 quy định rõ. Nghị định số 11/2019/NĐ-CP đã hết hiệu lực.", {"11/2019/NĐ-CP": ()}),
        ("khoản 2 Điều 5 Thông tư này và Nghị định số 11/2019/NĐ-CP", {"11/2019/NĐ-CP": ()}),
    ],
)
def test_a_citation_has_its_provisions(text: str, wanted: dict[str, tuple[str, ...]]) -> None:
    assert {each.key: each.pinpoint for each in find_citations(text)} == wanted


@pytest.mark.parametrize("own", ["Luật này", "của Nghị định này", "Thông tư này", "của Quy chế này"])
def test_a_text_names_its_own_provisions(own: str) -> None:
    assert [(found.parts, found.of) for found in pinpoints(f"theo khoản 2 Điều 5 {own}")] == [(("5/2",), OWN)]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("khoản 2 điều 7 luật đất đai", ("7/2",)),
        ("khoan 2 dieu 7 nd 158/2025", ("7/2",)),
        ("Điều 7 khoản 2 nghị định 158/2025/NĐ-CP", ("7/2",)),
        ("điều 7, khoản 2, điểm a nđ 158/2025", ("7/2/a",)),
        ("đ7 nđ158/2025", ("7",)),
        ("k2 đ7 luật đất đai", ("7/2",)),
        ("k2đ7 luật đất đai", ("7/2",)),
        ("đ7k2 luật đất đai", ("7/2",)),
        ("đ.7 k.2 nđ 30/2020", ("7/2",)),
        ("nghị định 158/2025 điều 7", ("7",)),
        ("d7 luat dat dai 2024", ("7",)),
        ("ĐIỀU 7 LUẬT ĐẤT ĐAI", ("7",)),
        ("Ðiều 7 luật đất đai", ("7",)),
        ("phu luc tu i den iii nghi dinh 30/2020", ("phu-luc-1", "phu-luc-2", "phu-luc-3")),
        ("phụ lục i và ii nghị định 30/2020", ("phu-luc-1", "phu-luc-2")),
        ("dieu tu 5 den 7 luat dat dai 2024", ("5", "6", "7")),
        ("điều kiện hưởng lương hưu", None),
        ("nghị quyết 05-NQ/TU", None),
        ("nđ 30/2020/nđ-cp", None),
        ("covid19 đ", None),
        ("", None),
    ],
)
def test_provisions_that_a_query_asks_for(query: str, wanted: tuple[str, ...] | None) -> None:
    for form in (query, unicodedata.normalize("NFD", query)):
        found = pinpoint_in_query(shadow(form))
        assert (found.parts if found else None) == wanted
