"""The gold of identity.md by hand: articles as they might be written, and what each of their citations means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pytest

from searchapp.article import Facts
from searchapp.citations.find import find_citations
from searchapp.citations.resolve import Registry
from searchapp.citations.resolve import build as build_registry
from searchapp.citations.resolve.mention import statements_of

SPEAKERS: Final = {"Trang Thành phố": "Thành ủy TPHCM", "Cổng Lam Giang": "Tỉnh ủy Lam Giang"}
CITY, LAM_GIANG = "thanh-uy-tphcm", "tinh-uy-lam-giang"
OPEN = ("", "", 0.0)

Meant = tuple[str, str, str, float]  # the citation's words, slug, how, sure


@dataclass(frozen=True)
class Written:
    """An article of the gold. own: number of the document that it is."""

    date: str
    source: str
    text: str
    meant: tuple[Meant, ...]
    own: str = ""

    def facts(self, key: str) -> Facts:
        citations = tuple(find_citations(self.text))
        kind = "nghi-quyet" if self.own else ""
        return Facts(
            key=key,
            id=key,
            date=self.date,
            source=self.source,
            type=kind,
            number=self.own,
            title=key,
            citations=citations,
        )


GOLD: Final = {
    "a city's paper tells its own committee's number, then shortens it": Written(
        "2021-10-05",
        "Trang Thành phố",
        "Quán triệt Nghị quyết số 05-NQ/TU ngày 15/9/2021 của Thành ủy; nhờ Nghị quyết 05, các phường lập tổ công tác.",
        (
            ("Nghị quyết số 05-NQ/TU", f"{CITY}/nghi-quyet-05-nq-tu/2020-2025", "date", 0.97),
            ("Nghị quyết 05", f"{CITY}/nghi-quyet-05-nq-tu/2020-2025", "fuller citation", 0.9),
        ),
    ),
    "the same words in a province's paper mean the province's": Written(
        "2021-11-02",
        "Cổng Lam Giang",
        "Nghị quyết số 05-NQ/TU ngày 20/10/2021 của Tỉnh ủy mở đường cho trái cây. Nghị quyết 05-NQ/TU đi vào vườn.",
        (
            ("Nghị quyết số 05-NQ/TU", f"{LAM_GIANG}/nghi-quyet-05-nq-tu/2020-2025", "date", 0.97),
            ("Nghị quyết 05-NQ/TU", f"{LAM_GIANG}/nghi-quyet-05-nq-tu/2020-2025", "fuller citation", 0.9),
        ),
    ),
    "a paper of nobody's names the province": Written(
        "2021-12-01",
        "Báo bạn",
        "Đoàn khảo sát việc thực hiện Nghị quyết 05-NQ/TU của Tỉnh ủy Lam Giang.",
        (("Nghị quyết 05-NQ/TU", f"{LAM_GIANG}/nghi-quyet-05-nq-tu/2020-2025", "issuer", 0.85),),
    ),
    "Thành ủy is somewhere, and here nobody says where": Written(
        "2021-12-01",
        "Báo bạn",
        "Nghị quyết 05 của Thành ủy được đọc lại.",
        (("Nghị quyết 05", *OPEN),),
    ),
    "one number of five terms: the day decides": Written(
        "2024-03-01",
        "Báo bạn",
        "Nghị quyết số 20-NQ/TW ngày 16/6/2022 về kinh tế tập thể.",
        (("Nghị quyết số 20-NQ/TW", "trung-uong/nghi-quyet-20-nq-tw/khoa-xiii", "date", 0.97),),
    ),
    "the term is right, the day is a slip": Written(
        "2024-03-02",
        "Báo bạn",
        "Nghị quyết số 20-NQ/TW ngày 17/6/2022 về kinh tế tập thể.",
        (("Nghị quyết số 20-NQ/TW", "trung-uong/nghi-quyet-20-nq-tw/khoa-xiii", "date", 0.8),),
    ),
    "the term alone": Written(
        "2025-08-01",
        "Báo bạn",
        "Nhìn lại Nghị quyết 20-NQ/TW khóa XI về khoa học.",
        (("Nghị quyết 20-NQ/TW", "trung-uong/nghi-quyet-20-nq-tw/khoa-xi", "term", 0.95),),
    ),
    "nothing but the number: the last before the article, and hardly sure": Written(
        "2018-03-01",
        "Báo bạn",
        "Y tế cơ sở sau Nghị quyết 20-NQ/TW.",
        (("Nghị quyết 20-NQ/TW", "trung-uong/nghi-quyet-20-nq-tw/khoa-xii", "known document", 0.6),),
    ),
    "nothing but the number, and no day of the article": Written(
        "",
        "Báo bạn",
        "Y tế cơ sở sau Nghị quyết 20-NQ/TW.",
        (("Nghị quyết 20-NQ/TW", *OPEN),),
    ),
    "a number with its year is sure by itself": Written(
        "2020-05-01",
        "Báo bạn",
        "Theo Nghị định 30/2020/NĐ-CP và Luật số 57/2020/QH14.",
        (
            ("Nghị định 30/2020/NĐ-CP", "chinh-phu/nghi-dinh-30-2020-nd-cp", "issuer", 1.0),
            ("Luật số 57/2020/QH14", "quoc-hoi/luat-57-2020-qh14", "issuer", 1.0),
        ),
    ),
    "a number of the State without its year has its day": Written(
        "2020-04-01",
        "Báo bạn",
        "Chỉ thị số 16/CT-TTg ngày 31/3/2020 của Thủ tướng; người dân thực hiện Chỉ thị 16.",
        (
            ("Chỉ thị số 16/CT-TTg", "thu-tuong-chinh-phu/chi-thi-16-ct-ttg/2020", "date", 0.97),
            ("Chỉ thị 16", "thu-tuong-chinh-phu/chi-thi-16-ct-ttg/2020", "fuller citation", 0.9),
        ),
    ),
    "the table doubts the day, so do we": Written(
        "2021-10-06",
        "Trang Thành phố",
        "Nghị quyết số 03-NQ/TU ngày 08/2/2020 của Thành ủy được nhắc lại.",
        (("Nghị quyết số 03-NQ/TU", f"{CITY}/nghi-quyet-03-nq-tu/2020-02-08", "date", 0.5),),
    ),
    "what everybody calls so": Written(
        "2019-05-19",
        "Báo bạn",
        "Ba năm Chỉ thị 05 của Bộ Chính trị.",
        (("Chỉ thị 05", "trung-uong/chi-thi-05-ct-tw/khoa-xii", "issuer", 0.85),),
    ),
    "a plenum stands for its usual resolution": Written(
        "2018-01-01",
        "Báo bạn",
        "Tự soi, tự sửa theo Nghị quyết Trung ương 4 khóa XII.",
        (("Nghị quyết Trung ương 4 khóa XII", "trung-uong/nghi-quyet-04-nq-tw/khoa-xii", "term", 0.8),),
    ),
    "unless the text says what it is about": Written(
        "2019-01-01",
        "Báo bạn",
        "Hội thảo bàn Nghị quyết Trung ương 6 khóa XII về công tác dân số trong tình hình mới, "
        "rồi Nghị quyết Trung ương 7 khóa XII về cải cách chính sách tiền lương.",
        (
            ("Nghị quyết Trung ương 6 khóa XII", "trung-uong/nghi-quyet-21-nq-tw/khoa-xii", "term", 0.95),
            ("Nghị quyết Trung ương 7 khóa XII", "trung-uong/nghi-quyet-27-nq-tw/khoa-xii", "term", 0.95),
        ),
    ),
    "a subject tells even which term is meant": Written(
        "",
        "Báo bạn",
        "Tự phê bình theo Nghị quyết Trung ương 4: “Một số vấn đề cấp bách về xây dựng Đảng hiện nay”.",
        (("Nghị quyết Trung ương 4", "trung-uong/nghi-quyet-12-nq-tw/khoa-xi", "known document", 0.8),),
    ),
    "no subject before its day": Written(
        "2013-05-01",
        "Báo bạn",
        "Nghị quyết Trung ương 4 về xây dựng, chỉnh đốn Đảng.",
        (("Nghị quyết Trung ương 4", "trung-uong/nghi-quyet-12-nq-tw/khoa-xi", "known document", 0.6),),
    ),
    "the Assembly's short number is not hidden by a Party's of the same digits": Written(
        "2018-06-01",
        "Báo bạn",
        "Nghị quyết 54 của Quốc hội cho TPHCM cơ chế đặc thù. Cùng năm có Nghị quyết số 54-NQ/TU ngày 01/2/2018 của "
        "Tỉnh ủy Lam Giang.",
        (
            ("Nghị quyết 54", "quoc-hoi/nghi-quyet-54-2017-qh14", "issuer", 0.85),
            ("Nghị quyết số 54-NQ/TU", f"{LAM_GIANG}/nghi-quyet-54-nq-tu/2015-2020", "date", 0.97),
        ),
    ),
    "a plenum without a usual one stands for itself": Written(
        "2009-01-01",
        "Báo bạn",
        "Quán triệt Nghị quyết Trung ương 5 khóa X.",
        (("Nghị quyết Trung ương 5 khóa X", "trung-uong/nghi-quyet-hoi-nghi-5/khoa-x", "term", 0.95),),
    ),
    "a congress of the Party, and one of the city with its speaker": Written(
        "2021-06-01",
        "Trang Thành phố",
        "Đưa Nghị quyết Đại hội XIII của Đảng và Nghị quyết Đại hội đại biểu Đảng bộ TP lần thứ XI vào cuộc sống.",
        (
            ("Nghị quyết Đại hội XIII của Đảng", "trung-uong/nghi-quyet-dai-hoi-xiii", "term", 0.95),
            (
                "Nghị quyết Đại hội đại biểu Đảng bộ TP lần thứ XI",
                "dang-bo-tphcm/nghi-quyet-dai-hoi-xi/2020-2025",
                "term",
                0.95,
            ),
        ),
    ),
    "lần thứ I of the city after 2025 is the new count, by the day of the article": Written(
        "2025-12-01",
        "Trang Thành phố",
        "Nghị quyết Đại hội Đảng bộ TPHCM lần thứ I đề ra năm đột phá.",
        (
            (
                "Nghị quyết Đại hội Đảng bộ TPHCM lần thứ I",
                "dang-bo-tphcm/nghi-quyet-dai-hoi-i/2025-2030",
                "date",
                0.8,
            ),
        ),
    ),
    "lần thứ I without a day is nobody's": Written(
        "",
        "Trang Thành phố",
        "Nghị quyết Đại hội Đảng bộ TPHCM lần thứ I đề ra năm đột phá.",
        (("Nghị quyết Đại hội Đảng bộ TPHCM lần thứ I", *OPEN),),
    ),
    "an article that is a document": Written(
        "2022-02-10",
        "Cổng Lam Giang",
        "Nghị quyết số 09-NQ/TU có hiệu lực từ ngày ký.",
        (("Nghị quyết số 09-NQ/TU", f"{LAM_GIANG}/nghi-quyet-09-nq-tu/2020-2025", "own number", 1.0),),
        own="09-NQ/TU",
    ),
    "Đề án and Dự án share their letters, not their document": Written(
        "2022-03-01",
        "Trang Thành phố",
        "Đề án số 07-ĐA/TU ngày 01/2/2022 của Thành ủy và Dự án số 07-DA/TU ngày 01/2/2022 của Thành ủy.",
        (
            ("Đề án số 07-ĐA/TU", f"{CITY}/de-an-07-da-tu/2020-2025", "date", 0.97),
            ("Dự án số 07-DA/TU", f"{CITY}/du-an-07-da-tu/2020-2025", "date", 0.97),
        ),
    ),
    "a Quyết định of the press is the Quy định of that number": Written(
        "2018-01-05",
        "Báo bạn",
        "Kỷ luật theo Quyết định 102-QĐ/TW ngày 15/11/2017.",
        (("Quyết định 102-QĐ/TW", "trung-uong/quy-dinh-102-qd-tw/khoa-xii", "date", 0.97),),
    ),
    "a district without its name": Written(
        "2021-11-11",
        "Báo bạn",
        "Quận triển khai Kế hoạch số 12-KH/QU.",
        (("Kế hoạch số 12-KH/QU", *OPEN),),
    ),
    "a committee's number that nobody has told in full": Written(
        "2022-05-01",
        "Cổng Lam Giang",
        "Thực hiện Nghị quyết 77-NQ/TU của Tỉnh ủy.",
        (("Nghị quyết 77-NQ/TU", *OPEN),),
    ),
}
ADDED: Final = Written(
    "2021-03-05",
    "Cổng Lam Giang",
    "Ban hành Nghị quyết số 77-NQ/TU ngày 02/3/2021 của Tỉnh ủy.",
    (("Nghị quyết số 77-NQ/TU", f"{LAM_GIANG}/nghi-quyet-77-nq-tu/2020-2025", "date", 0.97),),
)


def build(articles: Iterable[Facts], speakers: Mapping[str, str]) -> Registry:
    return build_registry((said for facts in articles for said in statements_of(facts)), speakers)


def meant(registry: Registry, facts: Facts) -> list[Meant]:
    return [(c.text, c.document, c.how, c.sure) for c in registry.resolve(facts)]


@pytest.fixture(scope="module")
def registry() -> Registry:
    return build([article.facts(key) for key, article in GOLD.items()], SPEAKERS)


@pytest.mark.parametrize("key", GOLD)
def test_every_citation_of_the_gold_means_what_a_reader_would_say(registry: Registry, key: str) -> None:
    assert meant(registry, GOLD[key].facts(key)) == list(GOLD[key].meant)


def test_one_added_article_changes_what_an_unchanged_one_means_and_nothing_else() -> None:
    articles = [article.facts(key) for key, article in GOLD.items()]
    before, after = build(articles, SPEAKERS), build([*articles, ADDED.facts("added")], SPEAKERS)
    changed = {s.key: meant(after, s) for s in articles if meant(before, s) != meant(after, s)}
    full = ADDED.meant[0][1]
    assert changed == {
        "a committee's number that nobody has told in full": [("Nghị quyết 77-NQ/TU", full, "issuer", 0.85)]
    }
    assert meant(after, ADDED.facts("added")) == list(ADDED.meant)


def test_a_removed_article_opens_again_what_it_had_told() -> None:
    key = "a paper of nobody's names the province"
    told = {name: article for name, article in GOLD.items() if "province's paper" not in name}
    registry = build([article.facts(name) for name, article in told.items()], SPEAKERS)
    assert meant(registry, GOLD[key].facts(key)) == [("Nghị quyết 05-NQ/TU", *OPEN)]
