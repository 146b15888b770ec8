"""Abbreviations both ways, and the rule on capitals."""

import unicodedata

import pytest

from searchapp.text.abbreviations import abbreviations_of, city_length, expansions, injected
from searchapp.text.normalize import normalize
from searchapp.text.syllables import PIECE, key, merge_tphcm


@pytest.mark.parametrize(
    ("token", "meant"),
    [
        ("MTTQ", ("Mặt trận Tổ quốc",)),
        ("mttq", ("Mặt trận Tổ quốc",)),
        ("HĐND", ("Hội đồng nhân dân",)),
        ("hđnd", ("Hội đồng nhân dân",)),
        ("cty", ("công ty",)),
        ("đtm", ("đánh giá tác động môi trường",)),
        ("HĐLĐ", ("hợp đồng lao động",)),
        ("sgk", ("sách giáo khoa",)),
        ("đkkd", ("đăng ký kinh doanh",)),
        ("KPCĐ", ("kinh phí công đoàn",)),
        ("gcnđkdn", ("giấy chứng nhận đăng ký doanh nghiệp",)),
        ("TNLĐ", ("tai nạn lao động",)),
        ("atvstp", ("an toàn thực phẩm", "vệ sinh an toàn thực phẩm")),
        ("hdnd", ("Hội đồng nhân dân",)),
        (normalize(unicodedata.normalize("NFD", "HĐND")), ("Hội đồng nhân dân",)),
        (normalize("HÐND"), ("Hội đồng nhân dân",)),
        ("TU", ("Thành ủy", "Tỉnh ủy")),
        ("tu", ()),
        ("TƯ", ("Trung ương",)),
        ("tư", ()),
        ("ĐA", ("đề án",)),
        ("DA", ("dự án",)),
        ("đa", ()),
        ("da", ()),
        ("DU", ()),
        ("TTg", ("Thủ tướng Chính phủ",)),
        ("KT-XH", ("kinh tế - xã hội",)),
        ("Tp. HCM", ("Thành phố Hồ Chí Minh", "TP Hồ Chí Minh", "Thành phố HCM")),
        ("tphcm", ("Thành phố Hồ Chí Minh", "TP Hồ Chí Minh", "Thành phố HCM")),
        ("TT", ()),
        ("hòa", ()),
        ("hoà", ()),
        ("05", ()),
        ("", ()),
    ],
)
def test_expansions_in_a_query(token, meant):
    assert expansions(token) == meant


@pytest.mark.parametrize(
    ("token", "meant"),
    [("MTTQ", ("Mặt trận Tổ quốc",)), ("mttq", ()), ("TU", ()), ("ĐU", ("Đảng ủy",)), ("đu", ()), ("QH", ()), ("", ())],
)
def test_expansions_in_an_article_need_capitals_and_one_meaning(token, meant):
    assert expansions(token, typed=False) == meant


@pytest.mark.parametrize(
    ("text", "start", "found"),
    [
        ("ủy ban nhân dân", 0, [(4, "ubnd")]),
        ("uỷ ban nhân dân", 0, [(4, "ubnd")]),
        ("uy ban nhan dan", 0, [(4, "ubnd")]),
        ("ủy ban nhan dân", 0, [(4, "ubnd")]),
        ("ụy ban nhân dân", 0, []),
        ("của ủy ban nhân dân xã", 1, [(4, "ubnd")]),
        ("mặt trận tổ quốc việt nam", 0, [(6, "mttqvn"), (4, "mttq")]),
        ("giáo dục và đào tạo", 0, [(5, "gdđt")]),
        ("giáo dục, đào tạo", 0, [(4, "gd đt")]),
        ("kinh te xa hoi", 0, [(4, "kt xh"), (4, "ktxh")]),
        ("phòng chống tham nhũng", 0, [(4, "pctn")]),
        ("đề án", 0, []),
        ("quốc hội", 0, []),
        ("ủy ban", 0, []),
        ("2021", 0, []),
    ],
)
def test_runs_of_syllables_have_abbreviations(text, start, found):
    keys = [key(syllable.strip(",")) for syllable in text.split()]
    assert abbreviations_of(keys, start) == found


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("thành phố hồ chí minh", 5),
        ("thanh pho ho chi minh hop", 5),
        ("tp hồ chí minh", 4),
        ("t p ho chi minh", 5),
        ("thành phố hcm", 3),
        ("hồ chí minh", 0),
        ("thành phố hồ chí", 0),
        ("", 0),
    ],
)
def test_the_spellings_of_one_city(text, length):
    assert city_length([key(syllable) for syllable in text.split()]) == length


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", []),
        ("không có gì", []),
        ("UBND, HĐND và UBND", ["Ủy ban nhân dân", "Hội đồng nhân dân"]),
        ("phát triển KT-XH", ["kinh tế - xã hội"]),
        ("Nghị định theo NĐ-CP", ["nghị định của Chính phủ"]),
        ("họp ở Tp. HCM", ["Thành phố Hồ Chí Minh"]),
        ("UBND THÀNH PHỐ\nHọp với MTTQ", ["Mặt trận Tổ quốc"]),
        ("ubnd và hđnd ở tp.hcm, tphcm", []),
        ("TU họp", []),
        ("Đ/c Bí thư", ["đồng chí"]),
    ],
)
def test_articles_mean_what_their_capitals_say(text, meant):
    assert injected(PIECE.findall(merge_tphcm(text))) == meant
