import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.errors import BadQueryError
from searchapp.query import AllOf, AnyOf, Node, Not, Number, Phrase, Prefix, Word
from searchapp.search.parser import MAX_CHARS, parse


def show(node: Node | None) -> str:
    """A tree in one line: the shape without the details."""
    match node:
        case None:
            return ""
        case Word(key=key, also=also):
            return key + ("+" if also else "")
        case Phrase(keys=keys):
            return '"' + " ".join(keys) + '"'
        case Prefix(letters=letters):
            return letters + "*"
        case Number(symbol=symbol):
            return f"#{symbol}"
        case Not(child=child):
            return "-" + show(child)
        case AllOf(children=children):
            return "(" + " ".join(map(show, children)) + ")"
        case AnyOf(children=children):
            return "(" + " | ".join(map(show, children)) + ")"


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("", ""),
        ("   \u3000", ""),
        ("\u200b", ""),
        ("đảng", "đảng"),
        ("Đảng bộ", "(đảng bộ)"),
        (unicodedata.normalize("NFD", "Đảng bộ"), "(đảng bộ)"),
        ("Ðảng", "đảng"),
        ("dang bo", "(dang bo)"),
        ("hoà bình", "(hòa bình)"),
        ("hòa bình", "(hòa bình)"),
        ("thuỷ", "thủy"),
        ("ｎｇｈị", "nghị"),
        ("ý kiến", "(ý kiến)"),
        ("Điều 5", "(điều 5)"),
        ("phòng, chống", "(phòng chống)"),
        ('"dân vận khéo"', '"dân vận khéo"'),
        ("“dân vận khéo”", '"dân vận khéo"'),
        ('giáo dục -"đại học"', '(giáo dục -"đại học")'),
        ("giáo dục -đại", "(giáo dục -đại)"),
        ("dân vận OR tuyên giáo", "((dân vận) | (tuyên giáo))"),
        ("OR dân OR", "dân"),
        ("dân vận AND tuyên giáo", "(dân vận tuyên giáo)"),  # neighbours are joined anyway
        ("and", "and"),
        ("or", "or"),
        ("(dân OR quân) đội", "((dân | quân) đội)"),
        ("-(dân OR quân) đội", "(-(dân | quân) đội)"),
        ("ngh*", "ngh*"),
        ("n*", "n"),
        ("*", ""),
        ("*ab", "ab"),
        ('"dân vận', '"dân vận"'),
        ("(dân vận", "(dân vận)"),
        ("dân) vận", "(dân vận)"),
        ("-", ""),
        ('"', ""),
        ("a~2 b^9 [c TO d] /e/", "(a 2 b 9 c to d e)"),
        ("' OR 1=1 --", "(1 1)"),
        ("secret:draft", "(secret draft)"),
        ("<script>", "script"),
        ("{{7*7}}", "(7 7)"),
        ("😀", ""),
        ("covid-19", "(covid 19)"),
        ("-covid-19 dịch", '(-"covid 19" dịch)'),
    ],
)
def test_typed_text_becomes_a_tree(typed: str, tree: str) -> None:
    assert show(parse(typed).tree) == tree


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("05-NQ/TU", "#05-NQ/TU"),
        ("5-NQ/TU", "#05-NQ/TU"),
        ("NQ05-NQ/TU", "#05-NQ/TU"),
        ("nq 05 nq tu", "#05-NQ/TU"),
        ("05‑NQ∕TU", "#05-NQ/TU"),
        ("nghị quyết số 05 NQ TU", "#05-NQ/TU"),
        ("-05-NQ/TU dịch", "(-#05-NQ/TU dịch)"),
        ('"05-NQ/TU"', '"05 nq tu"'),
        ("05-NQ/TU phòng dịch", "(#05-NQ/TU phòng dịch)"),
        ("05 - NQ/TU", "#05-NQ/TU"),
        ("133/2016/TT - BTC", "#133/2016/TT-BTC"),
        ("Resolution No. 05-NQ/TU", "#05-NQ/TU"),
        ("Circular 133/2016/TT-BTC", "#133/2016/TT-BTC"),
        ("resolution of the plenum", "(resolution of the plenum)"),  # no number
        ("phạt 2,5tr", "(phạt 2 5 triệu)"),
        ("tr 5", "(tr 5)"),
        ("nghị quyết số 05 của thành ủy", "#05-NQ/?"),
    ],
)
def test_a_number_in_any_spelling_is_one_thing(typed: str, tree: str) -> None:
    assert show(parse(typed).tree) == tree


@pytest.mark.parametrize(
    ("typed", "filters", "since", "until"),
    [
        ("dịch tu:15/9/2021 den:2021-12", {}, "2021-09-15", "2021-12-31"),
        ("tu:2021 dịch", {}, "2021-01-01", ""),
        ("chu-de:dan-van dịch", {"theme": ("dan-van",)}, "", ""),
        ('nguon:"Báo Mẫu" nguon:Khác', {"source": ("Báo Mẫu", "Khác")}, "", ""),
        ("van-ban:05-NQ/TU", {"document": ("05-NQ/TU",)}, "", ""),
        ("vanban:05-NQ/TU", {"document": ("05-NQ/TU",)}, "", ""),
        ("van_ban:05-NQ/TU ngay_hieu_luc:2021", {"document": ("05-NQ/TU",), "starts": ("2021",)}, "", ""),
        ("tu:", {}, "", ""),
    ],
)
def test_fields_are_filters(typed: str, filters: dict[str, tuple[str, ...]], since: str, until: str) -> None:
    parsed = parse(typed)
    assert (parsed.filters, parsed.since, parsed.until) == (filters, since, until)


@pytest.mark.parametrize(
    "typed", ["dịch tu:31/2/2021", "den:hôm", "a" * 600, "a\x00b", "a\x1b[31m", '"' + "dân " * 65 + '"']
)
def test_only_absurd_input_is_an_error_and_it_is_vietnamese(typed: str) -> None:
    with pytest.raises(BadQueryError) as error:
        parse(typed)
    assert "Hãy" in str(error.value)


def test_abbreviations_stand_for_what_they_mean_but_not_in_phrases() -> None:
    tree = parse("MTTQ").tree
    assert isinstance(tree, Word)
    assert ("mặt", "trận", "tổ", "quốc") in [phrase.keys for phrase in tree.also]
    assert show(parse('"MTTQ"').tree) == '"mttq"'
    assert show(parse("tphcm").tree) == show(parse("TP HCM").tree) == show(parse("TP.HCM").tree) == "tphcm+"


def synonyms(node: Node | None) -> list[str]:
    if isinstance(node, Word):
        return [" ".join(phrase.keys) for phrase in node.also]
    return sorted({s for child in getattr(node, "children", ()) for s in synonyms(child)})


@pytest.mark.parametrize(
    ("typed", "also"),
    [
        ("ủy ban nhân dân", ["ubnd"]),
        ("uy ban nhan dan", ["ubnd"]),
        ("UỶ BAN NHÂN DÂN", ["ubnd"]),
        ("UBND", ["ủy ban nhân dân"]),
        ("ubnd quận", ["ủy ban nhân dân"]),
        ('"ủy ban nhân dân"', []),
        ("ủy ban -nhân dân", []),
        ("(ủy ban) nhân dân", []),
        ("KT-XH", ["kinh tế xã hội"]),
        ("GD-ĐT", ["giáo dục đào tạo"]),
        ("GD&ĐT", ["giáo dục và đào tạo", "giáo dục đào tạo"]),  # & says "và"
        ("bgd&đt", ["bộ giáo dục và đào tạo"]),  # signs anywhere in the letters of the table
        ("LĐ-TBXH", ["lao động thương binh và xã hội"]),
        ("CT&XH", ["chính trị xã hội"]),  # CTXH says something else
        ("kinh tế, xã hội", ["kt xh", "ktxh"]),
        ("TU TUONG", []),
        ("TU TƯỞNG CỦA ĐẢNG", []),
        ("HỌP TU UBND", ["ủy ban nhân dân"]),
        ("BTV TU", ["ban thường vụ", "biên tập viên", "thành ủy", "tỉnh ủy"]),
        ("TU", ["thành ủy", "tỉnh ủy"]),
        ("họp TU", ["thành ủy", "tỉnh ủy"]),
    ],
)
def test_abbreviations_go_both_ways(typed: str, also: list[str]) -> None:
    assert sorted(synonyms(parse(typed).tree)) == also


@pytest.mark.parametrize(
    "typed", ["Thành phố Hồ Chí Minh", "thanh pho ho chi minh", "TP. Hồ Chí Minh", "tp.hcm", "TP HCM", "thành phố HCM"]
)
def test_all_spellings_of_one_city_are_one_token(typed: str) -> None:
    assert parse(typed).tree == parse("TPHCM").tree
    assert show(parse(f"đảng bộ {typed}").tree) == show(parse("đảng bộ TPHCM").tree)


def test_a_prefix_means_both_spellings_of_i_and_y() -> None:
    assert parse("ki*").tree == AnyOf((Prefix("ki"), Phrase(("ky",))))
    assert parse("kỹ*").tree == Prefix("ky")
    assert parse("kh*").tree == Prefix("kh")


def test_nesting_stops_quietly() -> None:
    assert show(parse("(" * 200 + "dân" + ")" * 200).tree) == "dân"
    assert parse("((a b) " * 60 + "c").tree is not None


GRAMMAR = st.lists(
    st.sampled_from(
        ['"', "(", ")", "-", "OR", "*", "ab*", "đảng", "nghị quyết", "05-NQ/TU", "tu:2021", "chu-de:", "TPHCM", "hoà",
         "covid-19", "\u0301", "Ð", ":", "/", "a~9", "😀", "nq 05"]
    ) | st.text(max_size=4),
    max_size=24,
)  # fmt: skip


@given(GRAMMAR.map(" ".join))
def test_any_text_gives_a_tree_or_a_plain_message(typed: str) -> None:
    try:
        parsed = parse(typed)
    except BadQueryError as error:
        assert str(error)
    else:
        assert len(parsed.text) <= MAX_CHARS
        assert show(parsed.tree) == show(parse(parsed.text).tree), "a cleaned query means the same"
