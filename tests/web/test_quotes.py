"""How an article is cited, in three forms."""

import re
import unicodedata

import pytest

from searchapp.article import Article
from searchapp.web.pages.articles import bibliographic, bibtex, plain_citation

URL = "https://vidu.example/tin_1"


def article(**facts: str) -> Article:
    return Article(**{"id": "1", "key": "abc123def456", "title": "Dân vận khéo ở cơ sở", "text": "Chữ.", **facts})


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"date": "2021-09-15", "source": "Báo Ví dụ"}, "Báo Ví dụ (2021), “Dân vận khéo ở cơ sở”, ngày 15/9/2021."),
        (
            {"date": "2021-09", "source": "Báo Ví dụ", "author": "Đỗ Văn Hoà"},
            "Đỗ Văn Hoà (2021), “Dân vận khéo ở cơ sở”, Báo Ví dụ, tháng 9/2021.",
        ),
        ({"date": "2021", "source": "Báo Ví dụ"}, "Báo Ví dụ (2021), “Dân vận khéo ở cơ sở”."),
        ({"source": "Báo Ví dụ"}, "Báo Ví dụ (không rõ năm), “Dân vận khéo ở cơ sở”."),
        ({"title": "Hỏi: “Bao giờ?”"}, "“Hỏi: ‘Bao giờ?’”."),
        (
            {"date": "2021", "source": "Công báo", "issuer": "Chính phủ", "number": "9/2021/NĐ-CP", "signer": "Vũ An"},
            "Chính phủ (2021), “Dân vận khéo ở cơ sở”, Công báo.",
        ),
        ({"title": ""}, "“Không có tiêu đề”."),
        ({"title": "Hai\n dòng", "date": "2021-01-05"}, "“Hai dòng”, ngày 05/01/2021."),
        ({"title": unicodedata.normalize("NFD", "Hòa")}, f"“{unicodedata.normalize('NFD', 'Hòa')}”."),
    ],
)
def test_the_bibliographic_form_leaves_out_what_is_not_known(facts: dict[str, str], told: str) -> None:
    assert bibliographic(article(**facts), "") == told
    assert bibliographic(article(**facts), URL) == f"{told} Truy cập tại: {URL}"


def test_the_plain_form_is_one_line() -> None:
    assert plain_citation(article(date="2021-09-15", source="Báo Ví dụ"), URL) == (
        f"Dân vận khéo ở cơ sở – Báo Ví dụ – 15/9/2021 – {URL}"
    )
    assert plain_citation(article(title="a\nb"), "") == "a b"


def test_bibtex_has_the_facts() -> None:
    entry = bibtex(article(date="2021-09-15", source="Báo Ví dụ", author="Đỗ Văn Hoà"), URL)
    assert entry.startswith("@misc{bao-vi-du-2021-abc123def456,\n") and entry.endswith("\n}")
    fields = dict(re.findall(r"^  (\w+) = (.*),$", entry, re.MULTILINE))
    assert fields == {
        "author": "{{Đỗ Văn Hoà}}",
        "title": "{{Dân vận khéo ở cơ sở}}",
        "howpublished": "{Báo Ví dụ}",
        "year": "{2021}",
        "month": "sep",
        "date": "{2021-09-15}",
        "url": f"{{{URL}}}",
        "language": "{vietnamese}",
    }


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Tăng 29% & giảm", r"{{Tăng 29\% \& giảm}}"),
        ("a{b}c_d#e$f", r"{{a\{b\}c\_d\#e\$f}}"),
        ("\\x~y^z", r"{{\textbackslash{}x\textasciitilde{}y\textasciicircum{}z}}"),
        ("", "{{Không có tiêu đề}}"),
    ],
)
def test_bibtex_prints_signs_and_runs_no_commands(title: str, written: str) -> None:
    assert f"  title = {written}," in bibtex(article(title=title), "")


@pytest.mark.parametrize("date", ["", "2021", "2021-09"])
def test_bibtex_says_no_more_of_a_date_than_is_known(date: str) -> None:
    entry = bibtex(article(date=date), "")
    assert ("month" in entry) == (len(date) > 4) and ("year" in entry) == bool(date)
