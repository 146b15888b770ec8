"""An archive's own tables: what they change, and what is said of each mistake."""

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from searchapp.citations.find.relations import cues
from searchapp.cli import cli
from searchapp.config import Settings
from searchapp.errors import SettingsError
from searchapp.search.parser import parse
from searchapp.tables import RELATIONS, load, of_section, read, shipped
from searchapp.text.syllables import pieces
from searchapp.text.tokens import keys_in_sentences

THEMES = """\
groups:
- id: thu-vien
  label: Thư viện
  themes:
  - id: ban-doc
    label: Phục vụ bạn đọc
    strong: [thẻ bạn đọc, phục vụ bạn đọc]
"""


def written(folder: Path, **files: str | bytes) -> Path:
    for name, text in files.items():
        data = text if isinstance(text, bytes) else text.encode()
        (folder / (name + (".yaml" if name == "themes" else ".tsv"))).write_bytes(data)
    return folder


def filed(found, text: str) -> tuple[str, ...]:
    return found.themes.assign(keys_in_sentences(pieces(text)), [])


def test_without_a_folder_the_tables_are_ours():
    assert load(None) is shipped()
    assert load(None).own == ()


def test_themes_are_added_replaced_and_taken_away(tmp_path):
    written(tmp_path, themes=THEMES + "remove: [phong-chong-dich]\nsections: {Tin thư viện: ban-doc}\n")
    added = load(tmp_path)
    assert filed(added, "Cấp thẻ bạn đọc") == ("ban-doc",)
    assert filed(added, "Tiêm vắc xin lưu động") == ()
    assert filed(added, "Đẩy mạnh chuyển đổi số") == ("chuyen-doi-so",)
    assert added.themes.label("ban-doc") == "Phục vụ bạn đọc"
    assert dict(added.sections) == {"tin thu vien": "ban-doc"}
    alone = load(written(tmp_path, themes=THEMES), ("themes",))
    assert alone.themes.order == ("ban-doc",)
    assert filed(alone, "Đẩy mạnh chuyển đổi số") == ()


@pytest.mark.parametrize(
    ("section", "theme"),
    [
        ("Tin thư viện", "ban-doc"),
        ("TIN  THU VIEN", "ban-doc"),
        ("Đề mục 36.3 — Thanh niên", "Thanh niên"),
        ("đề mục 1.10 - Án phí, lệ phí tòa án", "Án phí, lệ phí tòa án"),
        ("Đề mục", "Đề mục"),
        ("Thời sự quốc tế", "Thời sự quốc tế"),
        ("Thời sự", ""),
        ("", ""),
    ],
)
def test_sections_are_filed_as_the_table_says(tmp_path, section, theme):
    told = 'sections: {Tin thư viện: ban-doc, "Đề mục *": "*", Thời sự quốc tế: "*"}\n'
    assert of_section(section, load(written(tmp_path, themes=THEMES + told)).sections) == theme


def test_the_kinds_of_relations_are_those_that_texts_state():
    assert set(RELATIONS) == {*cues.KINDS, cues.IN_FORCE, cues.STAYS}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("1/2020/NĐ-CP\tthay-te\t2/2010/NĐ-CP\t\t\tCông báo", "line 3: kind 'thay-te'; did you mean 'thay-the'?"),
        ("\tbai-bo\t2/2010/NĐ-CP\t\t\tCông báo", "line 3: doer is empty"),
        ("1/2020/NĐ-CP\tbai-bo\t2/2010/NĐ-CP\t\t1/7/2025\tCông báo", "line 3: day '1/7/2025' is no day"),
        ("1/2020/NĐ-CP\tbai-bo\t2/2010/NĐ-CP\t\t\t", "line 3: source is empty"),
        ("\thieu-luc\t2/2010/NĐ-CP\t\t2010-05-01\tCông báo", ""),
    ],
)
def test_relations_of_the_folder_are_checked_with_their_line(tmp_path, row, says):
    written(tmp_path, relations=f"# của kho\ndoer\tkind\ttarget\tpart\tday\tsource\n{row}\n")
    _, lines = read(tmp_path)
    assert (says in lines[0] and len(lines) == 1) if says else lines == []
    assert Settings(tables=tmp_path).relation_tables == (str(tmp_path / "relations.tsv"),)


def test_a_known_theme_gets_phrases_and_loses_some(tmp_path):
    more = """\
groups:
- id: G4
  label: Chính quyền
  themes:
  - id: chuyen-doi-so
    label: Chuyển đổi số
    strong: [tổ công nghệ số, -chuyển đổi số]
"""
    found = load(written(tmp_path, themes=more))
    assert filed(found, "Ra mắt tổ công nghệ số") == ("chuyen-doi-so",)
    assert filed(found, "Đẩy mạnh chuyển đổi số") == ()
    assert found.themes.label("chuyen-doi-so") == "Chuyển đổi số"


@pytest.mark.parametrize("way", ["plain", "bom", "nfd", "crlf"])
def test_abbreviations_are_read_however_they_are_saved(tmp_path, way):
    text = "# của thư viện\nabbr\texpansion\tambiguity\nTVH\tThư viện huyện\t0\n-MTTQ\t\t\n"
    text = unicodedata.normalize("NFD", text) if way == "nfd" else text
    text = text.replace("\n", "\r\n") if way == "crlf" else text
    found = load(written(tmp_path, abbreviations=text.encode("utf-8-sig" if way == "bom" else "utf-8")))
    word = parse("TVH", found.abbreviations).tree
    assert [phrase.keys for phrase in word.also] == [("thư", "viện", "huyện")]
    assert parse("tvh", found.abbreviations).tree.also == word.also
    assert parse("thư viện huyện", found.abbreviations).tree.children[0].also[0].keys == ("tvh",)
    assert parse("MTTQ", found.abbreviations).tree.also == ()
    assert parse("MTTQ").tree.also != ()
    assert parse("UBND", found.abbreviations).tree.also != ()


def test_pins_are_known_by_the_letters_of_the_query(tmp_path):
    found = load(written(tmp_path, pins="query\ttarget\nGiờ mở cửa\t0123456789ab\n"))
    assert found.pinned("gio  MỞ cửa") == ("0123456789ab",)
    assert found.pinned("giờ") == ()


PROBLEMS = [
    ("themes", "groups: [", "no YAML"),
    ("themes", "- a\n- b\n", "must have `groups:`"),
    ("themes", "grups: []\n", "did you mean 'groups'"),
    ("themes", THEMES.replace("strong:", "srong:"), "did you mean 'strong'"),
    ("themes", THEMES.replace("    strong: [thẻ bạn đọc, phục vụ bạn đọc]\n", ""), "has no phrase"),
    ("themes", THEMES.replace("strong: [thẻ bạn đọc, phục vụ bạn đọc]", "strong: thẻ"), "must be a list of phrases"),
    ("themes", THEMES.replace("    label: Phục vụ bạn đọc\n", ""), "has no `label`"),
    ("themes", THEMES + THEMES.partition("themes:\n")[2], "is there twice"),
    ("themes", "groups:\n- id: g\n  label: Nhóm\n  themes:\n", "line 2: group 'g': `themes` must be a list"),
    ("themes", "groups:\n- id: g\n  label: Nhóm\n  themes: Thẻ\n", "line 2: group 'g': `themes` must be a list"),
    ("themes", "groups: &g\n- id: g\n  label: Nhóm\n  themes: *g\n", "line 4: *g stands for other lines"),
    ("themes", "mask: &a [x, x]\nremove: [*a, *a]\ngroups: []\n", "line 2: *a stands for other lines"),
    ("themes", THEMES.replace("    label: Phục", "    label_en: 7\n    label: Phục"), "the name on English pages"),
    ("themes", THEMES.replace("id: ban-doc", "id: Bạn Đọc"), "small letters without accents"),
    ("themes", THEMES + "remove: [phong-chong-dch]\n", "did you mean 'phong-chong-dich'"),
    ("themes", THEMES + "sections: {Tin: ban-dok}\n", "did you mean 'ban-doc'"),
    ("themes", THEMES.replace("thẻ bạn đọc", "phục vụ bạn đọc"), "too: give it to one"),
    ("themes", THEMES + "    strong: [sách]\n", "line 8: 'strong' is in line 7 already: keep one of them"),
    ("themes", THEMES + THEMES.replace("ban-doc", "sach"), "line 8: 'groups' is in line 1 already: keep one of them"),
    ("themes", THEMES + "sections: {Tin: ban-doc, Tin: ban-doc}\n", "line 8: 'Tin' is in line 8 already"),
    ("abbreviations", "abbr\texpansion\nTVH\tThư viện huyện\nTVH\tThư viện Hà\n", "line 3: 'TVH' is in line 2"),
    ("abbreviations", "abr\texpansion\n", "did you mean 'abbr'"),
    ("abbreviations", "abbr\texpansion\nTVH\t\n", "line 2: expansion is empty"),
    ("abbreviations", "abbr\texpansion\nTVH\tThư viện\t0\t1\n", "is a tab too many"),
    ("abbreviations", "abbr\texpansion\nAX\tBX\nBX\tAX\n", "stands for itself"),
    ("abbreviations", "abbr\texpansion\nTVH\ttvh\n", "stands for itself"),
    ("abbreviations", "abbr\texpansion\n-MTTQQ\t\n", "did you mean 'MTTQ'"),
    ("abbreviations", "abbr\texpansion\tambiguity\nTVH\tThư viện huyện\t9\n", "use 0"),
    ("abbreviations", "abbr\texpansion\nTVH\tThư viện\n".encode("utf-16"), "not UTF-8"),
    ("abbreviations", "abbr\texpansion\nĐB\tđồng bằng\n".encode("cp1258", "ignore"), "not UTF-8"),
    ("places", "place\tto\tinto\nXứ Tiên\t2025-06-30\tXứ Tiên\n", "into itself"),
    ("places", "place\tto\nXứ Tiên\t30/6/2025\n", "is no day: write 2025-07-01"),
    ("places", "place\tkind\nXứ Tiên\tthành phố\n", "line 2: kind 'thành phố': write city or province"),
    ("lay_terms", "lay\tofficial\nsổ đỏ\t |\n", "line 2: official is empty"),
    ("issuers", "code\tname\n12/QĐ\tThư viện\n", "line 2: code '12/QĐ': the letters at the end of a number"),
    ("issuers", "code\tname\taliases\nTVH\tThư viện\tthư viện\n", "line 2: 'Thư viện' is its own alias"),
    ("issuers", "code\tname\n-BCTT\tBộ Công Thương\n", "did you mean 'BCT Bộ Công Thương'"),
    ("issuers", "code\tnam\n", "did you mean 'name'"),
    ("terms", "body\tstart\nHuyện ủy Suối Ngàn\t20/8/2020\n", "is no day: write 2025-07-01"),
    ("terms", "body\tstart\tend\nHuyện ủy Suối Ngàn\t2020-08-20\t2019-01-01\n", "ends before it begins"),
    ("pins", "query\ttarget\ngiờ mở cửa\tBài 5\n", "the key of an article"),
    ("pins", "query\ttarget\n" + "".join(f"giờ\t{n:012x}\n" for n in range(6)), "at most 5"),
]


@pytest.mark.parametrize(("name", "text", "told"), PROBLEMS, ids=[f"{n}: {t}" for n, _, t in PROBLEMS])
def test_every_mistake_is_one_line_and_nothing_is_half_loaded(tmp_path, name, text, told):
    written(tmp_path, question_words="phrase\nở mô\n", **{name: text})
    found, lines = read(tmp_path)
    assert any(told in line for line in lines), lines
    assert found is shipped()
    assert all("\n" not in line and str(tmp_path) in line for line in lines)
    with pytest.raises(SettingsError):
        load(tmp_path)


def test_a_table_of_a_strange_name_is_told(tmp_path):
    (tmp_path / "theme.yaml").write_text(THEMES, encoding="utf-8")
    assert "did you mean 'themes.yaml'" in read(tmp_path)[1][0]
    for name in ("Abbreviations.TSV", "abbreviations.tsv.txt", "abbreviations.xlsx"):
        (tmp_path / name).write_text("", encoding="utf-8")
        assert any(f"{name}: no table of this name; did you mean 'abbreviations.tsv'?" in t for t in read(tmp_path)[1])
    assert "no such folder" in read(tmp_path / "none")[1][0]
    assert "did you mean 'themes'" in read(None, ("theme",))[1][0]


def test_a_table_that_changes_is_read_again(tmp_path):
    assert load(written(tmp_path, themes=THEMES)).themes.label("ban-doc") == "Phục vụ bạn đọc"
    assert load(written(tmp_path, themes=THEMES.replace("Phục vụ bạn", "Người"))).themes.label("ban-doc") == "Người đọc"


def test_tables_to_begin_with_are_sound_and_change_nothing(tmp_path):
    run = CliRunner().invoke(cli, ["tables", "init", str(tmp_path / "mine")])
    assert run.exit_code == 0
    assert "tables = " in run.output
    found, lines = read(tmp_path / "mine")
    assert lines == []
    assert found.themes.order == shipped().themes.order
    again = CliRunner().invoke(cli, ["tables", "init", str(tmp_path / "mine")])
    assert "is there already" in str(again.exception)
    assert CliRunner().invoke(cli, ["tables", "check", str(tmp_path / "mine")]).exit_code == 0


@pytest.mark.parametrize("name", ["pins.tsv", "themes.yaml"])
@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("nowhere")])
def test_what_is_no_file_is_told_and_not_waited_for(tmp_path: Path, make: Callable[[Path], None], name: str) -> None:
    make(tmp_path / name)
    _, lines = read(tmp_path)
    assert lines == [f"{tmp_path / name}: is no file: put a table in its place, or take it away"]
