"""Which document a citation means: texts in, slugs out."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from time import process_time

import pytest

from searchapp.article import Citation, Document, Facts
from searchapp.citations.find import find_citations
from searchapp.citations.resolve import Registry
from searchapp.citations.resolve import build as build_registry
from searchapp.citations.resolve.mention import statements_of
from searchapp.citations.resolve.names import Names

CITY = {"Trang mẫu": "Thành ủy TPHCM"}
COVID = "Nghị quyết số 05-NQ/TU ngày 15/9/2021 của Thành ủy về phòng dịch."


def says(key: str, text: str, date: str = "2021-11-01", source: str = "Trang mẫu") -> Facts:
    return Facts(key=key, id=key, date=date, source=source, citations=tuple(find_citations(text)))


def build(articles: Iterable[Facts], speakers: Mapping[str, str]) -> Registry:
    """The registry of some articles, by the road of every build."""
    return build_registry((said for facts in articles for said in statements_of(facts)), speakers)


def by_symbol(registry: Registry, symbol: str) -> list[Document]:
    return [registry.documents[slug] for slug in Names(registry.documents.values()).find(symbol)]


def meant(registry: Registry, statement: Facts) -> list[tuple[str, str]]:
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
        ("Nghị định 30/2020/NĐ-CP", "chinh-phu/nghi-dinh-30-2020-nd-cp", "issuer"),
        ("Nghị định 30/2020", "chinh-phu/nghi-dinh-30-2020-nd-cp", "issuer"),
        ("nghị quyết 98/2023/QH15", "quoc-hoi/nghi-quyet-98-2023-qh15", "issuer"),
        ("Bộ luật Lao động số 45/2019/QH14", "quoc-hoi/bo-luat-45-2019-qh14", "issuer"),
        ("Luật Phòng, chống tham nhũng năm 2018", "quoc-hoi/luat-36-2018-qh14", "date"),
        ("Nghị quyết số 35 ngày 22/10/2018 của Bộ Chính trị", "trung-uong/nghi-quyet-35-nq-tw/khoa-xii", "date"),
        ("Quyết định 102-QĐ/TW ngày 15/11/2017", "trung-uong/quy-dinh-102-qd-tw/khoa-xii", "date"),
        ("Nghị quyết số 03-NQ/TU ngày 08/2/2020 của Thành ủy", "thanh-uy-tphcm/nghi-quyet-03-nq-tu/2020-02-08", "date"),
        ("Nghị quyết 54", "quoc-hoi/nghi-quyet-54-2017-qh14", "known document"),
        ("Nghị quyết 55 của Quốc hội", "", ""),
        ("Nghị quyết 1234", "", ""),
        ("Nghị quyết Đại hội đại biểu Đảng bộ TP lần thứ XI", "dang-bo-tphcm/nghi-quyet-dai-hoi-xi/2020-2025", "term"),
        ("Nghị quyết Đại hội đại biểu Đảng bộ TPHCM lần thứ I", "", ""),
        ("Nghị quyết 20/2020/NQ-HĐND của HĐND TP", "hdnd-tphcm/nghi-quyet-20-2020-nq-hdnd", "issuer"),
        ("Nghị quyết 20/2020/NQ-HĐND", "", ""),
        ("Chỉ thị 16/CT-TTg ngày 31/3/2020", "thu-tuong-chinh-phu/chi-thi-16-ct-ttg/2020", "date"),
        ("Luật Đất đai năm 2013", "quoc-hoi/luat-45-2013-qh13", "date"),
        ("Căn cứ Luật Đất đai ngày 29 tháng 11 năm 2013;", "quoc-hoi/luat-45-2013-qh13", "date"),
        ("Lệnh số 05/2018/L-CTN ngày 29/6/2018 của Chủ tịch nước", "chu-tich-nuoc/lenh-05-2018-l-ctn", "issuer"),
        ("Nghị quyết Hội nghị lần thứ 42 Ban Chấp hành Đảng bộ TPHCM khóa XI",
         "dang-bo-tphcm/nghi-quyet-hoi-nghi-42/2020-2025", "term"),
        ("Quy định 37-QĐ/TW", "trung-uong/quy-dinh-37-qd-tw/khoa-xiii", "known document"),
        ("Quyết định 05/2005/QĐ-BNN", "bo-nong-nghiep-va-phat-trien-nong-thon/quyet-dinh-05-2005-qd-bnn", "issuer"),
        ("Quyết định 11/2001/QĐ-NHNN14", "ngan-hang-nha-nuoc-viet-nam/quyet-dinh-11-2001-qd-nhnn14", "issuer"),
        ("Thông tư 12/2013/TT-BGDDT", "bo-giao-duc-va-dao-tao/thong-tu-12-2013-tt-bgddt", "issuer"),
        ("Thông tư liên tịch 02/2007/TTLT-VKSTC-TATC",
         "vien-kiem-sat-nhan-dan-toi-cao/thong-tu-lien-tich-02-2007-ttlt-vkstc-tatc", "issuer"),
        ("Bản án số 15/2025/DS-ST ngày 12/5/2025 của Tòa án nhân dân tỉnh Lâm Đồng",
         "toa-an-nhan-dan-tinh-lam-dong/ban-an-15-2025-ds-st", "issuer"),
        ("Quyết định giám đốc thẩm số 8/2020/KDTM-GĐT của Tòa án nhân dân tối cao",
         "toa-an-nhan-dan-toi-cao/quyet-dinh-08-2020-kdtm-gdt", "issuer"),
        ("Công văn số 7415/BNV-CQĐP ngày 9/9/2024", "bo-noi-vu/cong-van-7415-bnv-cqdp/2024", "date"),
        ("công văn 3581/UBND-KT ngày 9/9/2024 của UBND tỉnh Lào Cai",
         "ubnd-tinh-lao-cai/cong-van-3581-ubnd-kt/2024", "date"),
        ("Công văn số 7415/BNV-CQĐP", "", ""),  # of which year?
        ("Công văn số 1200/BHXH-CĐ ngày 9/9/2024", "", ""),  # every province has a branch
        ("Công văn số 1200/SNV-TCBC ngày 9/9/2024", "", ""),
        ("Bản án số 15/2025/DS-ST ngày 12/5/2025", "", ""),  # every court has one
        ("Kế hoạch số 12-KH/ĐU ngày 10/3/2025 của Đảng ủy Chính phủ",
         "dang-uy-chinh-phu/ke-hoach-12-kh-du/2025", "date"),
        ("Nghị quyết số 215-NQ/ĐU ngày 11/9/2025 của Đảng ủy Bộ Nội vụ",
         "dang-uy-bo-noi-vu/nghi-quyet-215-nq-du/2025", "date"),
        ("Kế hoạch số 7-KH/ĐU ngày 10/3/2025 của Đảng ủy các cơ quan Đảng Trung ương",
         "dang-uy-cac-co-quan-dang-trung-uong/ke-hoach-07-kh-du/2025", "date"),
        ("Kế hoạch số 7-KH/ĐU ngày 10/3/2025 của Đảng ủy Bộ Chỉ huy quân sự", "", ""),
        ("Nghị quyết số 41/NQ-HĐBCQG ngày 29/9/2025", "hoi-dong-bau-cu-quoc-gia/nghi-quyet-41-nq-hdbcqg/2025", "date"),
        ("Báo cáo số 45/BC-BKTNS ngày 1/12/2024", "", ""),  # every council has such a board
        ("Thông báo số 8/TB-LMHTX ngày 1/12/2024", "", ""),
        ("Nghị quyết Đại hội XIV của Đảng", "trung-uong/nghi-quyet-dai-hoi-xiv", "term"),
        ("Trung Quốc thực hiện Nghị quyết Đại hội XX", "", ""),
        ("Chương trình 12-CTr/QU của quận", "", ""),
        ("Nghị quyết 987 của Quận ủy", "", ""),
    ],
)  # fmt: skip
def test_a_citation_means_one_document_or_stays_open(text: str, slug: str, how: str) -> None:
    statement = says("a", text)
    assert meant(build([statement], CITY), statement) == [(slug, how)]


def test_an_order_that_was_once_taken_for_a_law_answers_at_its_old_address() -> None:
    order = says("a", "Lệnh số 05/2018/L-CTN ngày 29/6/2018 của Chủ tịch nước")
    law = says("b", "Luật số 23-L/CTN ngày 29/6/1993")
    found = build([order, law], CITY)
    old = [document.slug for document in by_symbol(found, "chu-tich-nuoc/luat-05-2018-l-ctn")]
    assert old == ["chu-tich-nuoc/lenh-05-2018-l-ctn"]
    assert [found.documents[slug].type for slug, _ in meant(found, law)] == ["L"]


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
    assert len(by_symbol(registry, "20-nq/tw")) == 5


def test_an_added_article_changes_what_an_unchanged_one_means() -> None:
    bare = says("a", "Thực hiện Nghị quyết 77-NQ/TU của Tỉnh ủy Lam Giang.", "2022-01-01")
    full = says("b", "Nghị quyết số 77-NQ/TU ngày 02/3/2021 của Tỉnh ủy Lam Giang.", "2021-03-05")
    assert meant(build([bare], CITY), bare) == [("", "")]
    assert meant(build([bare, full], CITY), bare) == [("tinh-uy-lam-giang/nghi-quyet-77-nq-tu/2020-2025", "issuer")]


def test_a_fuller_citation_in_the_same_article_explains_a_bare_one() -> None:
    text = "Nghị quyết số 05-NQ/TU ngày 20/10/2021 của Tỉnh ủy Lam Giang. Sau một năm, Nghị quyết 05 đã vào cuộc sống."
    statement = says("a", text)
    other = says("b", COVID)
    slug = "tinh-uy-lam-giang/nghi-quyet-05-nq-tu/2020-2025"
    assert meant(build([statement, other], CITY), statement) == [(slug, "date"), (slug, "fuller citation")]


def test_a_fuller_citation_of_the_same_day_explains_a_dated_one() -> None:
    number = "Quyết định số 15/QĐ-UBND ngày"
    statement = says("a", f"{number} 08/7/2024 của UBND tỉnh Lào Cai. {number} 08/7/2024; {number} 09/7/2024")
    slug = "ubnd-tinh-lao-cai/quyet-dinh-15-qd-ubnd/2024"
    assert [document for document, _ in meant(build([statement], {}), statement)] == [slug, slug, ""]


def test_a_number_of_the_city_is_no_number_of_the_centre() -> None:
    text = f"{COVID} Trung ương có Nghị quyết 05-NQ/TW về tăng trưởng. Nghị quyết 05 của Thành ủy thì khác."
    statement = says("a", text)
    assert [slug for slug, _ in meant(build([statement], CITY), statement)] == [
        "thanh-uy-tphcm/nghi-quyet-05-nq-tu/2020-2025",
        "trung-uong/nghi-quyet-05-nq-tw/khoa-xii",
        "thanh-uy-tphcm/nghi-quyet-05-nq-tu/2020-2025",
    ]


def test_nothing_is_sure_that_had_to_be_guessed() -> None:
    texts = ["Nghị quyết 54", "Nghị quyết Trung ương 4 khóa XII", "Nghị quyết số 03-NQ/TU ngày 08/2/2020 của Thành ủy"]
    statements = [says(text, text) for text in texts]
    registry = build(statements, CITY)
    assert [registry.resolve(s)[0].sure for s in statements] == [0.6, 0.8, 0.5]
    assert registry.documents["thanh-uy-tphcm/nghi-quyet-03-nq-tu/2020-02-08"].doubtful


def test_a_plenum_without_its_term_is_the_last_before_the_article() -> None:
    statements = [says(day, "Nghị quyết Trung ương 4", day) for day in ("2013-01-01", "2017-01-01", "")]
    registry = build(statements, CITY)
    assert [meant(registry, s)[0][0] for s in statements] == [
        "trung-uong/nghi-quyet-12-nq-tw/khoa-xi",
        "trung-uong/nghi-quyet-04-nq-tw/khoa-xii",
        "",
    ]


def test_articles_of_one_law_are_no_text_of_it() -> None:
    parts = [
        Facts(key=key, id=key, date="2020-06-16", type="luat", number="157/2020/QH14", issuer="Quốc hội", title=title)
        for key, title in (("b", "Điều 2"), ("a", "Điều 1"))
    ]
    law = build(parts, {}).documents["quoc-hoi/luat-157-2020-qh14"]
    assert (law.type, law.date, law.title, law.article) == ("L", "2020-06-16", "", "")


@pytest.mark.parametrize(
    ("title", "is_the_text"),
    [
        ("Luật Thư viện", True), ("Về việc tổ chức thực hiện Đề án", True), ("Điều lệ Hội Khuyến học", True),
        ("Chương trình hành động năm 2020", True), ("Mục tiêu quốc gia về dân số", True),
        ("Phạm vi hoạt động của thư viện", True), ("Quy định chung về thư viện", True),
        ("Điều 2", False), ("Điều 41.13.QĐ.1.", False), ("Chương II. Quyền", False), ("Hiệu lực thi hành", False),
        ("Phạm vi điều chỉnh, đối tượng áp dụng", False), ("Hiệu lực và trách nhiệm thi hành", False),
        ("Tổ chức thực hiện", False),
    ],
)  # fmt: skip
def test_the_only_provision_of_a_document_is_not_its_text(title: str, is_the_text: bool) -> None:
    part = Facts(
        key="b", id="b", date="2020-06-16", type="luat", number="157/2020/QH14", issuer="Quốc hội", title=title
    )
    law = build([part], {}).documents["quoc-hoi/luat-157-2020-qh14"]
    assert (law.article, law.title) == (("b", title) if is_the_text else ("", ""))
    beside = replace(part, key="c", id="c", title="Điều 7. Hiệu lực")
    law = build([part, beside], {}).documents["quoc-hoi/luat-157-2020-qh14"]
    assert (law.article, law.title) == ("", ""), "the other provision is no text either"


@pytest.mark.parametrize(
    ("spelling", "count"),
    [("05-NQ/TU", 1), ("5-nq/tu", 1), ("nq 05 nq tu", 1), ("NQ05-NQ/TU", 1), ("05‑NQ∕TU", 1), ("20-NQ/TW", 5),
     ("Nghị quyết 57", 1), ("nghi quyet trung uong 4 khoa 12", 1), ("thanh-uy-tphcm/nghi-quyet-05-nq-tu/2020-2025", 1),
     ("05-NQ/XX", 0), ("", 0)],
)  # fmt: skip
def test_a_document_is_found_by_any_spelling(spelling: str, count: int) -> None:
    assert len(by_symbol(build([], {}), spelling)) == count


def test_an_article_that_is_a_document_is_its_own_citation() -> None:
    own = Facts(
        key="a", id="a", date="2021-09-15", source="Trang mẫu", type="nghi-quyet", number="05-NQ/TU",
        issuer="Thành ủy TPHCM", title="Về phòng dịch",
        citations=tuple(find_citations("Nghị quyết số 05-NQ/TU có hiệu lực ngay.")),
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
        says("d", "Nghị quyết 77-NQ/TU ngày 3/3/2021 của Tỉnh ủy Lam Giang"),
        says("e", "Thông tư 6/2020/TT-BYT và Thông tư 06/2020/TT-BYT ngày 20/2/2020, Luật 98/2023/QH15"),
        says("f", "Nghị quyết 98/2023/QH15 và nghị quyết 98/2023/QH15 ngày 24/6/2023"),
        Facts(key="g", id="g", number="09-NQ/TU", date="2021-01-05", source="Trang mẫu", title="Một"),
        Facts(key="h", id="h", number="09-NQ/TU", date="2021-01-05", source="Trang mẫu", title="Hai"),
    ]
    documents = build(statements, CITY).documents
    for seed in range(5):
        shuffled = Random(seed).sample(statements, len(statements))
        assert build(shuffled, CITY).documents == documents


@pytest.mark.clock
def test_a_large_corpus_is_resolved_in_seconds() -> None:
    texts = [
        f"Nghị quyết {n}-NQ/TU ngày {n % 28 + 1}/3/2021 của Thành ủy. Nghị quyết số {n}. Chỉ thị 05-CT/TW"
        for n in range(1, 51)
    ]
    found = [tuple(find_citations(text)) for text in texts]
    statements = [
        Facts(key=str, id=str(n), date=f"20{18 + n % 6}-05-01", source="Trang mẫu", citations=found[n % 50])
        for n in range(20_000)
    ]
    started = process_time()
    registry = build(statements, CITY)
    resolved = sum(bool(c.document) for s in statements for c in registry.resolve(s))
    assert resolved == 60_000
    assert process_time() - started < 2  # 0.4 s on a quiet machine, 2 s for 100,000


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


SAFE = "Luật An toàn thực phẩm số 55/2010/QH12 ngày 17/6/2010"
FREE = "Nghị quyết số 55/2010/QH12 ngày 24/11/2010 của Quốc hội về miễn, giảm thuế sử dụng đất nông nghiệp"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        (SAFE, "quoc-hoi/luat-55-2010-qh12"),
        (FREE, "quoc-hoi/nghi-quyet-55-2010-qh12"),
        ("Theo Luật số 55/2010/QH12", "quoc-hoi/luat-55-2010-qh12"),
        ("Theo Nghị quyết số 55/2010/QH12", "quoc-hoi/nghi-quyet-55-2010-qh12"),
        ("Theo văn bản số 55/2010/QH12", ""),  # nothing tells which
    ],
)
def test_a_law_and_a_resolution_of_one_number_are_two_documents(text: str, slug: str) -> None:
    articles = [
        says("1", f"{SAFE} quy định. {FREE} quy định."),
        says("2", "Luật số 55/2010/QH12 ngày 17/6/2010 và Nghị quyết 55/2010/QH12 ngày 24/11/2010 của Quốc hội."),
        says("3", text),
    ]
    registry = build(articles, {})
    assert [citation.document or "" for citation in registry.resolve(articles[2])] == [slug]
    names = Names(registry.documents.values())
    assert set(names.find("55/2010/QH12")) == {"quoc-hoi/luat-55-2010-qh12", "quoc-hoi/nghi-quyet-55-2010-qh12"}
    assert names.find("quoc-hoi/luat-55-2010-qh12") == ("quoc-hoi/luat-55-2010-qh12",)


@pytest.mark.parametrize(
    ("texts", "slugs"),
    [
        # one text names the law, the other tells its number
        (["Luật Đất đai năm 2024", "Luật số 31/2024/QH15"], ["quoc-hoi/luat-31-2024-qh15"] * 2),
        (["Luật Nhà ở năm 2023"], ["quoc-hoi/luat-27-2023-qh15"]),
        # words that people leave out of a name, and letters that they change
        (["Bộ luật Hàng hải năm 2015", "Luật Khoa học công nghệ năm 2013", "Luật Sỹ quan Quân đội nhân dân năm 1999"],
         ["quoc-hoi/bo-luat-95-2015-qh13", "quoc-hoi/luat-29-2013-qh13", "quoc-hoi/luat-16-1999-qh10"]),
        # a resolution of its number is another document, whether or not a text speaks of the law
        (["Nghị quyết số 24/2008/QH12 ngày 14/11/2008"], ["quoc-hoi/nghi-quyet-24-2008-qh12"]),
        (["Nghị quyết số 24/2008/QH12", "Luật Quốc tịch Việt Nam năm 2008"],
         ["quoc-hoi/nghi-quyet-24-2008-qh12", "quoc-hoi/luat-24-2008-qh12"]),
        # the day of the law, or one slip beside it
        (["Nghị quyết số 24/2008/QH12 ngày 13/11/2008"], [""]),
        (["Luật Đất đai số 45/2013/QH13", "Nghị quyết 45/2013/QH13"], ["quoc-hoi/luat-45-2013-qh13", ""]),
    ],
)  # fmt: skip
def test_a_law_of_the_table_is_the_document_of_its_number(texts: list[str], slugs: list[str]) -> None:
    articles = [says(str(n), text) for n, text in enumerate(texts)]
    registry = build(articles, {})
    assert [registry.resolve(article)[0].document or "" for article in articles] == slugs


def test_a_law_of_the_table_that_no_text_names_is_no_document() -> None:
    assert "quoc-hoi/luat-31-2024-qh15" not in build([says("1", "Luật Nhà ở năm 2023")], {}).documents


def test_one_slip_makes_no_second_document_of_a_number() -> None:
    articles = [
        says("1", "Bộ luật Lao động số 45/2019/QH14 ngày 20/11/2019."),
        says("2", "Bộ luật số 45/2019/QH14 ngày 20/11/2019."),
        says("3", "Nghị quyết số 45/2019/QH14 ngày 21/11/2019 của Quốc hội."),
    ]
    documents = build(articles, {}).documents
    assert [slug for slug in documents if "45-2019-qh14" in slug] == ["quoc-hoi/bo-luat-45-2019-qh14"]


@pytest.mark.parametrize(
    ("texts", "own", "slug", "meant_by"),
    [
        # what the texts say most often
        (["Bộ luật số 145/2019/QH14 ngày 20/11/2019", "Bộ luật Lao động số 145/2019/QH14", "Nghị quyết 145/2019/QH14"],
         "", "quoc-hoi/bo-luat-145-2019-qh14", [True, True, False]),
        # its own text knows better
        (["Nghị quyết số 145/2019/QH14 về ong mật", "Nghị quyết 145/2019/QH14 của Quốc hội", "Luật số 145/2019/QH14"],
         "luat", "quoc-hoi/luat-145-2019-qh14", [False, False, True]),
        (["Luật số 145/2019/QH14", "số 145/2019/QH14", "Luật số 145/2019/QH14; Nghị quyết 145/2019/QH14"], "",
         "quoc-hoi/luat-145-2019-qh14", [True, True, True]),
    ],
)  # fmt: skip
def test_a_law_is_not_the_resolution_of_its_number(texts: list[str], own: str, slug: str, meant_by: list[bool]) -> None:
    articles = [says(str(at), text) for at, text in enumerate(texts)]
    if own:
        articles.append(
            Facts(
                key="own", id="own", date="2019-11-20", type=own, number="145/2019/QH14", issuer="Quốc hội", title="Ong"
            )
        )
    registry = build(articles, {})
    (document,) = (one for one in registry.documents.values() if one.symbol == "145/2019/QH14")
    assert (document.slug, document.date) == (slug, "2019-11-20" if own or "20/11" in texts[0] else "")
    assert [registry.resolve(article)[0].document == slug for article in articles[: len(texts)]] == meant_by
    last = registry.resolve(articles[len(texts) - 1])
    assert [one.document for one in last[1:]] == [""] * (len(last) - 1)


@pytest.mark.parametrize("order", [1, -1])
def test_the_parts_of_a_document_tell_its_type_by_their_majority(order: int) -> None:
    parts = [
        Facts(
            key=str(at), id=str(at), date="2015-11-27", type=kind, number="100/2015/QH13", issuer="Quốc hội",
            title=f"Tội số {at}", document_title="Hình sự",
        )
        for at, kind in enumerate(["bo-luat", "bo-luat", "bo-luat", "luat"])
    ]  # fmt: skip
    found = build(parts[::order], {}).documents.values()
    (document,) = (one for one in found if one.symbol == "100/2015/QH13")
    assert (document.type, document.title) == ("BL", "Bộ luật Hình sự")


@pytest.mark.parametrize(
    ("number", "issuer", "text", "slug"),
    [
        (
            "3-CT/TU", "Tỉnh ủy Lam Giang", "Nghị quyết số 12-NQ/TU ngày 03/8/2017 của Tỉnh ủy",
            "tinh-uy-lam-giang/nghi-quyet-12-nq-tu/2015-2020",
        ),
        (
            "3/QĐ-SNV", "Sở Nội vụ tỉnh Lam Giang", "Quyết định số 8/QĐ-UBND ngày 2/1/2025 của Ủy ban nhân dân tỉnh",
            "ubnd-tinh-lam-giang/quyet-dinh-08-qd-ubnd/2025",
        ),
        (
            "45/QĐ-UBND", "Ủy ban nhân dân xã Tân Thành, tỉnh Cà Mau",
            "Quyết định số 01/QĐ-UBND ngày 02/7/2025 của UBND xã Tân Thành",
            "ubnd-xa-tan-thanh-ca-mau/quyet-dinh-01-qd-ubnd/2025-07",
        ),
        (
            "18/NQ-HĐND", "Hội đồng nhân dân phường Bến Thành, thành phố Hồ Chí Minh",
            "Tờ trình số 22/TTr-UBND ngày 20/7/2025 của Ủy ban nhân dân phường",
            "ubnd-phuong-ben-thanh-tphcm/to-trinh-22-ttr-ubnd/2025-07",
        ),
        (
            "18/QĐ-UBND", "Ủy ban nhân dân đặc khu Phú Quốc, tỉnh An Giang",
            "Nghị quyết số 7/NQ-HĐND ngày 20/7/2025 của Hội đồng nhân dân đặc khu",
            "hdnd-dac-khu-phu-quoc-an-giang/nghi-quyet-07-nq-hdnd/2025-07",
        ),
        (
            "5/QĐ-UBND", "Ủy ban nhân dân xã Tân Thành, tỉnh Cà Mau",
            "Quyết định số 9/QĐ-UBND ngày 02/7/2025 của UBND phường", "",
        ),
        (
            "45/BC-BKTNS", "Ban Kinh tế - Ngân sách Hội đồng nhân dân tỉnh Lam Sơn",
            "Tờ trình số 210/TTr-UBND ngày 20/1/2025 của Ủy ban nhân dân tỉnh Cà Mau",
            "ubnd-tinh-ca-mau/to-trinh-210-ttr-ubnd/2025",
        ),
        (
            "45/BC-BKTNS", "Ban Kinh tế - Ngân sách Hội đồng nhân dân tỉnh Cà Mau",
            "Tờ trình số 210/TTr-UBND ngày 20/1/2025 của Ủy ban nhân dân tỉnh",
            "ubnd-tinh-ca-mau/to-trinh-210-ttr-ubnd/2025",
        ),
        ("8-TB/ĐU", "Đảng ủy xã Ea Kar, tỉnh Đắk Lắk", "Chương trình số 03-CTr/UBKTĐU ngày 15/7/2025", ""),
        ("8-TB/ĐU", "Đảng ủy xã Ea Kar, tỉnh Đắk Lắk", "Hướng dẫn số 02-HD/BXDĐ ngày 15/7/2025", ""),
        ("5/QĐ-SNV", "Sở Nội vụ tỉnh Cà Mau", "Quyết định số 9/QĐ-UBND ngày 02/7/2025 của UBND xã", ""),
        ("3-CT/TU", "Tỉnh ủy Lam Giang", "Nghị quyết số 12-NQ/TU ngày 03/8/2017 của Thành ủy", ""),
        ("3/QĐ-BNV", "Bộ Nội vụ", "Quyết định số 8/QĐ-UBND ngày 2/1/2025 của Ủy ban nhân dân tỉnh", ""),
        ("", "Tỉnh ủy Lam Giang", "Nghị quyết số 12-NQ/TU ngày 03/8/2017 của Tỉnh ủy", ""),
    ],
)  # fmt: skip
def test_who_issued_a_document_tells_the_place_of_a_number_in_it(
    number: str, issuer: str, text: str, slug: str
) -> None:
    paper = Facts(
        key="a", id="a", date="2025-06-01", number=number, issuer=issuer, citations=tuple(find_citations(text))
    )
    registry = build([paper], {})
    assert [one.document for one in registry.resolve(paper)] == [slug]
    assert not slug or slug in registry.documents
