"""The example archive, and two archives with tables of their own in one process: from files to answers."""

import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest

import searchapp
from searchapp import config, tables
from searchapp.errors import SettingsError
from searchapp.ingest import reindex
from searchapp.ingest.worker import THEMES, Filer, save
from searchapp.web import create_app

EXAMPLE = Path(__file__).parents[1] / "examples" / "thu-vien-huyen"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    shutil.copytree(EXAMPLE, folder / "kho")
    settings = config.load(folder / "kho" / "searchapp.toml", {})
    report = reindex(settings.corpus, settings.index, settings, jobs=1)
    return settings, report


def test_the_library_is_built_by_the_words_of_its_readme(library):
    _, report = library
    assert report.articles == 30
    assert not report.skipped_lines()


def test_articles_are_filed_under_themes_of_the_library_and_of_ours(library):
    settings, _ = library
    with searchapp.open(settings=settings) as archive:
        themes = {hit.article.id: {label for _, label in hit.themes} for hit in archive.every()}
    assert "Phục vụ bạn đọc" in themes["cap-the"]
    assert themes["nghe-det-1"] == {"Nghề dệt"}
    assert "Bảo quản, phục chế" in themes["kho"]
    assert "Phục vụ bạn đọc" in themes["kho"]  # by its section
    assert "Chuyển đổi số - khoa học, công nghệ" in themes["chuyen-doi-so"]
    assert "Phục vụ bạn đọc" not in themes["tiep-khach"]  # a title of office
    assert sum(bool(found) for found in themes.values()) >= 25


def test_abbreviations_question_words_and_pins_work_on_the_query(library):
    settings, _ = library
    with searchapp.open(settings=settings) as archive:
        assert "ke-hoach-12" in {hit.article.id for hit in archive.search("TSN", size=50).hits}
        assert archive.search("XSLĐ").total == archive.search("xe sách lưu động").total
        pinned = archive.search("den thu vien")
        assert pinned.hits[0].article.id == "gio-mo-cua"
        assert pinned.hits[0].why[0] == "pinned"
        assert archive.search("nghề dệt").hits[0].why[:1] != ("pinned",)


def test_the_page_shows_themes_and_pins_of_the_library(library):
    settings, _ = library
    client = create_app(settings).test_client()
    assert "Phục vụ bạn đọc" in client.get("/chu-de").text
    assert "được ghim cho từ khóa này" in client.get("/tim-kiem?q=đến+thư+viện").text
    found = client.get("/api/v1/search?q=nghề+dệt").get_json()
    assert found["results"][0]["themes"][0]["label"] == "Nghề dệt"


def test_a_document_that_the_library_knows_has_its_title(library):
    settings, _ = library
    with searchapp.open(settings=settings) as archive:
        found = archive.documents("05-NQ/HU")
        assert [one.title for one in found] == ["Phát triển văn hóa đọc"]
        assert archive.search("", document=found[0].slug).total == 1


def test_a_body_of_the_library_issues_documents_with_its_name(library):
    settings, _ = library
    client = create_app(settings).test_client()
    slug = "thu-vien-huyen-suoi-ngan/quyet-dinh-07-qd-tvsn/2024"
    for asked in ("07/QĐ-TVSN", "7/qd-tvsn", "quyết định 07/QĐ-TVSN"):
        found = client.get("/api/v1/search", query_string={"q": asked}).get_json()
        assert [one["id"] for one in found["documents"]] == [slug], asked
        assert found["total"] == 2, "the decision itself, and “Quyết định 7 của Thư viện Suối Ngàn”"
    page = client.get(f"/van-ban/{slug}").text
    assert "Thư viện huyện Suối Ngàn" in page
    assert "nhìn lại một năm" in page, "Quyết định 7 của Thư viện Suối Ngàn"
    issuers = client.get("/api/v1/documents").get_json()["facets"]["issuer"]
    assert "Thư viện huyện Suối Ngàn" in {one["label"] for one in issuers["values"]}
    assert "Thư viện huyện Suối Ngàn" in client.get("/van-ban").text


def test_a_term_of_office_of_the_library_files_its_documents(library):
    settings, _ = library
    client = create_app(settings).test_client()
    with searchapp.open(settings=settings) as archive:
        (found,) = archive.documents("05-NQ/HU")
    assert (found.slug, found.term) == ("huyen-uy-suoi-ngan/nghi-quyet-05-nq-hu/2020-2025", "2020-2025")
    terms = client.get("/api/v1/documents").get_json()["facets"]["term"]["values"]
    assert [one["label"] for one in terms] == ["Nhiệm kỳ XXI Huyện ủy Suối Ngàn (2020–2025)"]
    assert "Huyện ủy Suối Ngàn (" in client.get("/van-ban?nhiem_ky=huyen-uy-suoi-ngan-2020").text
    asked = client.get("/api/v1/search?nhiem_ky=huyen-uy-suoi-ngan-2020").get_json()
    assert [one["title"] for one in asked["results"]] == ["Học Nghị quyết về văn hóa đọc"]


def test_two_archives_in_one_process_have_tables_of_their_own(library, tmp_path):
    settings, _ = library
    plain = replace(settings, index=tmp_path / "index", tables=None)
    reindex(plain.corpus, plain.index, plain, jobs=1)
    with searchapp.open(settings=settings) as own, searchapp.open(settings=plain) as ours:
        asked = "XSLĐ"
        assert own.search(asked).total > 0
        assert ours.search(asked).total == 0
        assert [one.issuer for one in own.documents("07/QĐ-TVSN")] == ["Thư viện huyện Suối Ngàn"]
        assert [one.issuer for one in ours.documents("07/QĐ-TVSN")] == ["TVSN"]
        assert [one.term for one in ours.documents("05-NQ/HU")] == ["2024"]
        labels = {label for hit in ours.every() for _, label in hit.themes}
        assert "Nghề dệt" not in labels
        assert own.search(asked).total > 0


def test_a_change_of_themes_reads_again_and_one_of_abbreviations_does_not(library, tmp_path):
    settings, _ = library
    shutil.copytree(settings.tables, tmp_path / "bang")
    mine = replace(settings, index=tmp_path / "index", tables=tmp_path / "bang")
    reindex(mine.corpus, mine.index, mine, jobs=1)
    with (tmp_path / "bang" / "abbreviations.tsv").open("a", encoding="utf-8") as table:
        table.write("KBQ\tKho bảo quản\t0\t\n")
    again = reindex(mine.corpus, mine.index, mine, jobs=1)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 30)
    with searchapp.open(settings=mine) as archive:
        assert archive.search("KBQ").total == archive.search("kho bảo quản").total > 0
    themes = (tmp_path / "bang" / "themes.yaml").read_text(encoding="utf-8")
    time.sleep(0.01)
    (tmp_path / "bang" / "themes.yaml").write_text(themes.replace("label: Nghề dệt", "label: Dệt vải"), "utf-8")
    refiled = reindex(mine.corpus, mine.index, mine, jobs=1)
    assert (refiled.new, refiled.changed, refiled.unchanged) == (0, 0, 30)  # no file was read
    with searchapp.open(settings=mine) as archive:
        assert "Dệt vải" in {label for hit in archive.every() for _, label in hit.themes}


def test_articles_filed_anew_are_as_if_all_had_been_read_again(library, tmp_path):
    settings, _ = library
    shutil.copytree(settings.tables, tmp_path / "bang")
    shutil.copytree(settings.corpus[0], tmp_path / "van-ban")
    own = tmp_path / "van-ban" / "rieng.md"
    own.write_text("---\ntitle: Thư gửi\nthemes: [Dân vận]\n---\n\nTổ dệt gửi thư mời.\n", encoding="utf-8")
    mine = replace(settings, corpus=(tmp_path / "van-ban",), index=tmp_path / "index", tables=tmp_path / "bang")
    reindex(mine.corpus, mine.index, mine, jobs=1)
    file = tmp_path / "bang" / "themes.yaml"
    file.write_text(file.read_text("utf-8").replace("hội đầu mùa", "đua thuyền").replace("thẻ bạn đọc, ", ""), "utf-8")
    (tmp_path / "van-ban" / "kho.md").unlink()
    refiled = reindex(mine.corpus, mine.index, mine, jobs=1)
    assert (refiled.new, refiled.changed, refiled.removed, refiled.unchanged) == (0, 0, 1, 30)
    whole = replace(mine, index=tmp_path / "whole")
    reindex(whole.corpus, whole.index, whole, jobs=1)
    with searchapp.open(settings=mine) as one, searchapp.open(settings=whole) as other:
        assert filed(one) == filed(other)
        assert "dan-van" in filed(one)["rieng.md"]
        ones, others = (archive.search("", size=1).facets for archive in (one, other))
        assert ones == others
    again = reindex(mine.corpus, mine.index, mine, jobs=1)
    assert not again.published


CHANGES = {
    "a phrase more": ("hội đầu mùa", "hội đầu mùa, tủ sách"),
    "a phrase less": ("thẻ bạn đọc, ", ""),
    "a phrase with y": ("nghề dệt,", "nghề dệt, kỹ thuật, kĩ sư,"),
    "a theme less": ("  - id: nghe-det\n    label: Nghề dệt\n    strong: [nghề dệt, khung cửi, tổ dệt]\n", ""),
    "a theme of ours less": ("doi-ngoai]", "doi-ngoai, chuyen-doi-so]"),
    "another name": ("label: Nghề dệt", "label: Dệt vải"),
    "a section": ("  Tin thư viện: ban-doc", "  Văn bản: ban-doc"),
    "a mask": ("mask: [", "mask: [xe sách lưu động, "),
}


@pytest.mark.parametrize("change", CHANGES)
def test_only_articles_that_a_change_may_concern_are_looked_at_and_none_is_missed(library, tmp_path, change):
    settings, _ = library
    shutil.copytree(settings.tables, tmp_path / "bang")
    file = tmp_path / "bang" / "themes.yaml"
    mine = replace(settings, tables=tmp_path / "bang")
    save(tables.load(mine.tables), tmp_path)
    old, new = CHANGES[change]
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    quick, slow = Filer(mine.tables, (), tmp_path / THEMES), Filer(mine.tables)
    with searchapp.open(settings=settings) as archive:
        every = [hit.article for hit in archive.every()]
    assert [quick(one) for one in every] == [slow(one) for one in every]


def filed(archive):
    return {hit.article.id: tuple(theme for theme, _ in hit.themes) for hit in archive.every()}


def test_tables_with_a_mistake_stop_a_reindex_before_it_begins(library, tmp_path):
    settings, _ = library
    (tmp_path / "themes.yaml").write_text("groups: [", encoding="utf-8")
    with pytest.raises(SettingsError, match="no YAML"):
        reindex(settings.corpus, settings.index, replace(settings, tables=tmp_path), jobs=1)
    with searchapp.open(settings=settings) as archive:
        assert archive.search("").total == 30


AREAS = {
    "binh-duong.md": (
        "Tỉnh ủy Bình Dương",
        "2020-03-02",
        "Tỉnh ủy Bình Dương họp bàn về đất đai và mở đường.",
    ),
    "tphcm.md": ("Thành ủy TPHCM", "2025-09-02", "Thành ủy TPHCM họp bàn về đất đai và đường sá của thành phố."),
    "cao-bang.md": ("Tỉnh ủy Cao Bằng", "2025-09-03", "Tỉnh ủy Cao Bằng họp bàn về đường biên."),
}


@pytest.fixture(scope="module")
def provinces(tmp_path_factory):
    folder = tmp_path_factory.mktemp("provinces")
    for name, (issuer, day, text) in AREAS.items():
        head = f'---\ntitle: "Họp bàn {name}"\ndate: {day}\nissuer: {issuer}\n---\n\n'
        (folder / name).write_text(head + text, encoding="utf-8")
    settings = replace(config.Settings(), index=folder / "index", corpus=(folder,))
    reindex([folder], settings.index, settings, jobs=1)
    return create_app(settings).test_client()


@pytest.mark.parametrize(
    ("url", "total"),
    [
        ("/api/v1/search?dia_ban=tphcm", 2),
        ("/api/v1/search?dia_ban=tphcm&dia_gioi=cu", 1),
        ("/api/v1/search?dia_ban=binh-duong&dia_gioi=cu", 1),
        ("/api/v1/search?dia_ban=binh-duong", 0),
        ("/api/v1/search?dia_ban=cao-bang", 1),
    ],
)
def test_articles_are_counted_by_the_areas_of_today_or_of_before(provinces, url, total):
    assert provinces.get(url).get_json()["total"] == total


def test_a_province_that_is_no_more_offers_where_it_went_and_adds_nothing(provinces):
    page = provinces.get("/tim-kiem?q=Bình+Dương").text
    assert "TPHCM từ 01/7/2025 (1)" in page
    assert provinces.get("/api/v1/search?q=Bình+Dương").get_json()["total"] == 1
    assert "Bình Dương đến 30/6/2025 (1)" in provinces.get("/tim-kiem?q=TPHCM").text
    assert "Theo địa giới cũ" in provinces.get("/tim-kiem?q=họp").text, "one value on few results is no choice"
    assert "Theo địa giới hiện nay" in provinces.get("/tim-kiem?dia_gioi=cu").text


def test_a_place_has_a_page_with_its_periods_its_bodies_and_its_articles(provinces):
    gone = provinces.get("/dia-ban/binh-duong").text
    assert "Đến hết 30/6/2025 (202/2025/QH15)" in gone
    assert "Nay thuộc TPHCM" in gone
    assert "Tỉnh ủy Bình Dương" in gone
    assert "Họp bàn tphcm" not in gone
    today = provinces.get("/dia-ban/tphcm").text
    assert "Từ sau 30/6/2025 gồm cả Bình Dương" in today
    assert "Họp bàn binh-duong" in today
    assert "Là thành phố trực thuộc trung ương từ 30/4/2026" in provinces.get("/dia-ban/dong-nai").text
    assert provinces.get("/dia-ban/atlantis").status_code == 404
    assert 'href="/dia-ban/binh-duong"' in provinces.get("/tim-kiem?q=Bình+Dương").text


def test_the_page_looks_as_the_library_wants_it(library):
    settings, _ = library
    client = create_app(settings).test_client()
    home = client.get("/").text
    assert "Kho bài viết và tư liệu của một huyện bên suối" in home
    assert 'href="https://thu-vien.example/"' in home
    assert 'href="mailto:thuvien@suoingan.example"' in home
    assert "tủ sách thôn</a>" in home
    assert "--accent:#1d5f4f" in client.get("/look.css").text
    logo = client.get("/logo")
    assert logo.mimetype == "image/svg+xml"
    assert "sandbox" in logo.headers["Content-Security-Policy"]
    page = client.get("/tim-kiem?q=sách").text
    assert page.index('data-facet="theme"') < page.index('data-facet="section"')
