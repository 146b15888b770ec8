"""What is sought in a text is found as cutting all of it finds it, whatever stands around it."""

import pytest

from searchapp.search.parser import parse
from searchapp.search.snippets import Marker
from searchapp.text.keys import MAX_KEY
from searchapp.text.normalize import fold, fold_key, normalize
from searchapp.text.sought import Sought
from searchapp.text.tokens import cut

TEXTS = [
    "",
    "Luật này quy định về thuế thu nhập cá nhân; kĩ thuật, kỹ sư, quí và quý.",
    "HOÀ bình, hòa giải ở TP.HCM, tp hcm và HCMC; UBND TPHCM.",
    "thuế\nthuế_thuế thuế2 2thuế THUẾ",
    "café, Straße, İstanbul, Москва và thuế",
    "a\u0301b c\u0300\u0301 thuế",
    "𝐀𝐁 thuế",
    "x" * (MAX_KEY + 9) + " thuế " + "th" * MAX_KEY,
    "MTTQ, KT-XH, ĐA 06; DA 06; TU, tu",
    "thue" * 30 + " thue",
]
QUERIES = ["thuế", "thue", "kỹ thuật", '"hòa bình"', "ủy ban nhân dân tphcm", "mặt trận tổ quốc", "café", "quý", "đa"]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("text", [text + " Đoạn đệm. " * 30 for text in TEXTS])
def test_marks_are_those_of_the_whole_cut(query: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = normalize(text)
    looked = Marker.of(parse(query).tree).spans(text)
    monkeypatch.setattr(Marker, "_cut", lambda self, part: cut(part))
    assert looked == Marker.of(parse(query).tree).spans(text)


@pytest.mark.parametrize("text", TEXTS)
def test_places_count_every_syllable(text: str) -> None:
    text = normalize(text + " Đoạn đệm. " * 30)
    whole = cut(text)
    found = Sought([fold("dem")]).cut(text)
    wanted = [at for at, key in enumerate(whole.keys) if fold_key(key) == "dem"]
    assert [place for place, key in zip(found.places, found.keys, strict=True) if fold_key(key) == "dem"] == wanted
    assert len(found.keys) < 60 or found.places == range(len(whole.keys))
