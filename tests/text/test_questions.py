import pytest

from searchapp.engines.plan import compile_query
from searchapp.fields import Weights
from searchapp.search.parser import parse
from searchapp.text.normalize import fold, normalize
from searchapp.text.questions import asking
from searchapp.text.tokens import tokens


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Thời hiệu kỷ luật đảng viên là bao nhiêu", "bao nhiêu"),
        ("Kết nạp Đảng được quy định như thế nào?", "được quy định như thế nào"),
        ("quy định về sinh hoạt chi bộ thế nào", "thế nào"),
        ("Hồ sơ gồm những giấy tờ gì", "những gì"),
        ("dang vien la gi", "gi"),  # "là" stays: definitions say it
        ("chấn thương sọ não", ""),
        ("chấn thương não thì khám ở đâu", "ở đâu"),
        ("Vi\u0300 sao phải học", "vì sao"),
        ("hoà giải như thê\u0301 nào", "như thế nào"),
        ("", ""),
    ],
)
def test_which_words_only_ask(text: str, asks: str) -> None:
    text = normalize(text)
    found = tokens(text)
    told = asking([token.key for token in found])
    assert " ".join(text[t.start : t.end].lower() for t, one in zip(found, told, strict=True) if one) == asks


def clauses(text: str, **weights: float) -> dict[tuple[str, str], float]:
    tree = parse(text).tree
    assert tree is not None
    plan = compile_query(tree, text, Weights(**weights))
    return {(c.field.name, " ".join(c.keys)): c.weight for c in plan.clauses}


def test_words_that_only_ask_score_in_short_queries_alone() -> None:
    assert ("body_f", "nao") in clauses("cơ quan nào")
    asked = clauses("cơ quan nào có thẩm quyền kết nạp đảng viên")
    assert ("body_f", "nao") not in asked
    assert ("body_a", "nào") not in asked
    assert ("body_f2", "quan nao") in asked  # a pair with a word that counts
    assert clauses("cơ quan nào có thẩm quyền kết nạp đảng viên", question=0.5)["body_f", "nao"] == 0.25
    everything = clauses("bao nhiêu thế nào ra sao")  # a query of nothing else
    assert ("body_f", "nao") in everything


def test_what_is_said_twice_counts_once() -> None:
    assert clauses("dân dân")["body_f", "dan"] == clauses("dân")["body_f", "dan"]


@pytest.mark.parametrize(("text", "weight"), [("dân vận", "f"), (fold("dân vận"), "f_alone")])
def test_letters_are_worth_more_where_no_accents_are_typed(text: str, weight: str) -> None:
    assert clauses(text)["body_f", "dan"] == getattr(Weights(), weight)


@pytest.mark.parametrize(
    ("text", "same"),
    [("phòng, chống cháy", "phòng chống cháy"), ("phòng - chống; cháy rừng!", "phòng chống cháy rừng")],
)
def test_what_stands_between_syllables_changes_nothing_of_what_scores(text: str, same: str) -> None:
    assert clauses(text) == clauses(same)
    assert ("body_w", "phòng_chống") in clauses(text)
