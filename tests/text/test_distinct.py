"""The syllables of a text in columns are those that cutting it finds, whatever stands around them."""

import pytest

from searchapp.text.distinct import distinct
from searchapp.text.normalize import fold_key, normalize
from searchapp.text.syllables import MAX_KEY
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


@pytest.mark.parametrize("text", [text + " Đoạn đệm. " * 30 for text in TEXTS])
def test_syllables_in_columns_are_those_of_the_whole_cut(text: str) -> None:
    text = normalize(text)
    whole, found = cut(text), distinct(text)
    kinds = found.kinds.tolist()
    assert (found.starts.tolist(), found.ends.tolist()) == (whole.starts, whole.ends)
    assert [found.written[kind] for kind in kinds] == whole.written
    assert [found.keys[kind] for kind in kinds] == whole.keys
    assert found.folded == [fold_key(key) for key in found.keys]
    assert len(set(zip(found.written, found.keys, strict=True))) == len(found.keys) == sum(found.held)


@pytest.mark.parametrize("text", [text + " Đoạn đệm. " * 30 for text in TEXTS])
@pytest.mark.parametrize("letters", ["thue ky", "quy si hoa", "tphcm ubnd", "x cafe strasse", "khong"])
def test_sought_syllables_are_those_of_the_whole_cut(text: str, letters: str) -> None:
    text = normalize(text)
    whole, found = cut(text), distinct(text, set(letters.split()))
    numbers = found.numbers.tolist()
    wanted = [at for at, key in enumerate(whole.keys) if fold_key(key) in letters.split()]
    assert set(wanted) <= set(numbers)
    assert [text[a:b] for a, b in zip(found.starts.tolist(), found.ends.tolist(), strict=True)] == [
        whole.written[at] for at in numbers
    ]
    assert [found.keys[kind] for kind in found.kinds.tolist()] == [whole.keys[at] for at in numbers]


def test_ten_thousand_kinds_stay_apart() -> None:
    text = " ".join(f"{number:x}" for number in range(10_000))
    found = distinct(text)
    assert [found.written[kind] for kind in found.kinds.tolist()] == text.split()
    assert sum(found.until(len(text) // 2).held) < 6_000
