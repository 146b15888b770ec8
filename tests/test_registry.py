"""Which document a citation means: texts in, slugs out."""

from pathlib import Path

import pytest

from searchapp.article import Citation
from searchapp.citations.grammar import find_citations
from searchapp.citations.registry import Registry, Statement, build

CITY = {"Trang mẫu": "Thành ủy TPHCM"}
COVID = "Nghị quyết số 05-NQ/TU ngày 15/9/2021 của Thành ủy về phòng dịch."


def says(key: str, text: str, date: str = "2021-11-01", source: str = "Trang mẫu") -> Statement:
    return Statement(key=key, date=date, source=source, citations=tuple(find_citations(text)))


def meant(registry: Registry, statement: Statement) -> list[tuple[str, str]]:
    return [(citation.document, citation.how) for citation in registry.resolve(statement)]


@pytest.mark.parametrize(
    ("text", "slug", "how"),
    [
        (COVID, "thanh-uy-tphcm/nghi-quyet-05-nq-tu/2020-2025", "date"),
        (
            "Nghị quyết số 05-NQ/TU ngày 20/10/2021 của Tỉnh ủy Lam Giang",
            "tinh-uy-lam-giang/nghi-quyet-05-nq-tu/2020-2025", "date"),
        ("Nghị quyết 05 của Thành ủy", "thanh-uy-tphcm/nghi-quyet-05-nq-tu/2020-2025", "issuer"),
        ("Nghị quyết Trung ương 4 khóa XII", "trung-uong/nghi-quyet-04-nq-tw/khoa-xii", "term"),
        ("Nghị quyết Đại hội đại biểu toàn quốc lần thứ XIII của Đảng", "trung-uong/nghi-quyet-dai-hoi-xiii", "term"),
        ("Nghị định 30/2020/NĐ-CP", "chinh-phu/nghi-dinh-30-2020-nd-cp", "known document"),
        ("Chỉ thị 16/CT-TTg ngày 31/3/2020", "thu-tuong-chinh-phu/chi-thi-16-ct-ttg/2020", "date"),
        ("Luật Đất đai năm 2013", "quoc-hoi/luat-dat-dai-2013", "date"),
        ("Quy định 37-QĐ/TW", "trung-uong/quy-dinh-37-qd-tw/khoa-xiii", "known document"),
        ("Chương trình 12-CTr/QU của quận", "", ""),
        ("Nghị quyết 987 của Quận ủy", "", ""),
    ],
)  # fmt: skip
def test_a_citation_means_one_document_or_stays_open(text: str, slug: str, how: str) -> None:
    statement = says("a", text)
    assert meant(build([statement], CITY), statement) == [(slug, how)]


def test_one_symbol_of_several_terms_is_chosen_by_date_then_term_then_the_article() -> None:
    dated = says("a", "Nghị quyết 20-NQ/TW ngày 01/11/2012", "2020-01-01")
    termed = says("b", "Nghị quyết 20-NQ/TW khóa XII", "2025-01-01")
    bare = says("c", "Nghị quyết 20-NQ/TW", "2018-02-01")
    undated = says("d", "Nghị quyết 20-NQ/TW", "")
    registry = build([dated, termed, bare, undated], CITY)
    assert [meant(registry, s)[0][0] for s in (dated, termed, bare, undated)] == [
        "trung-uong/nghi-quyet-20-nq-tw/khoa-xi",
        "trung-uong/nghi-quyet-20-nq-tw/khoa-xii",
        "trung-uong/nghi-quyet-20-nq-tw/khoa-xii",
        "",
    ]
    assert len(registry.by_symbol("20-nq/tw")) == 5


def test_an_added_article_changes_what_an_unchanged_one_means() -> None:
    bare = says("a", "Thực hiện Nghị quyết 77-NQ/TU của Tỉnh ủy Lam Giang.", "2022-01-01")
    full = says("b", "Nghị quyết số 77-NQ/TU ngày 02/3/2021 của Tỉnh ủy Lam Giang.", "2021-03-05")
    assert meant(build([bare], CITY), bare) == [("", "")]
    assert meant(build([bare, full], CITY), bare) == [
        ("tinh-uy-lam-giang/nghi-quyet-77-nq-tu/2020-2025", "known document")
    ]


def test_a_fuller_citation_in_the_same_article_explains_a_bare_one() -> None:
    text = "Nghị quyết số 05-NQ/TU ngày 20/10/2021 của Tỉnh ủy Lam Giang. Sau một năm, Nghị quyết 05 đã vào cuộc sống."
    statement = says("a", text)
    other = says("b", COVID)
    slug = "tinh-uy-lam-giang/nghi-quyet-05-nq-tu/2020-2025"
    assert meant(build([statement, other], CITY), statement) == [(slug, "date"), (slug, "fuller citation")]


def test_an_article_that_is_a_document_is_its_own_citation() -> None:
    own = Statement(
        key="a", date="2021-09-15", source="Trang mẫu", type="nghi-quyet", number="05-NQ/TU", issuer="Thành ủy TPHCM",
        title="Về phòng dịch", citations=tuple(find_citations("Nghị quyết số 05-NQ/TU có hiệu lực ngay.")),
    )  # fmt: skip
    registry = build([own], {})
    assert registry.own(own) == "thanh-uy-tphcm/nghi-quyet-05-nq-tu/2020-2025"
    assert meant(registry, own) == [(registry.own(own), "own number")]
    assert registry.documents[registry.own(own)].article == "a"


def test_without_the_sources_setting_the_committee_is_somewhere() -> None:
    statement = says("a", "Nghị quyết 05 của Thành ủy", source="Báo khác")
    assert meant(build([statement, says("b", COVID)], CITY), statement) == [("", "")]


def test_de_an_and_du_an_have_different_slugs() -> None:
    texts = ["Đề án số 05-ĐA/TU ngày 01/3/2021 của Thành ủy", "Dự án số 05-DA/TU ngày 01/3/2021 của Thành ủy"]
    statements = [says(str(n), text) for n, text in enumerate(texts)]
    registry = build(statements, CITY)
    assert [meant(registry, s)[0][0].split("/")[1] for s in statements] == ["de-an-05-da-tu", "du-an-05-da-tu"]


def test_the_order_of_articles_does_not_matter() -> None:
    statements = [
        says("a", COVID),
        says("b", "Chỉ thị 16/CT-TTg ngày 31/3/2020"),
        says("c", "Nghị quyết 77-NQ/TU ngày 2/3/2021 của Tỉnh ủy Lam Giang"),
    ]
    assert build(statements, CITY).documents == build(statements[::-1], CITY).documents


@pytest.mark.shared
def test_the_page_of_the_party_portal(shared_data: Path) -> None:
    text = (shared_data / "seed" / "thanhuytphcm-2022.txt").read_text(encoding="utf-8")
    statement = says("seed", text, "", "Thanhuytphcm.vn")
    found: tuple[Citation, ...] = build([statement], {"Thanhuytphcm.vn": "Thành ủy TPHCM"}).resolve(statement)
    assert len(found) == 9
    city = [c for c in found if c.key in ("05-NQ/TU", "03-NQ/TU")]
    assert {c.document.split("/")[0] for c in city} == {"thanh-uy-tphcm"}
    doubtful = next(c for c in found if c.key == "03-NQ/TU")
    assert doubtful.sure <= 0.5
