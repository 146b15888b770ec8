import random

import pytest

from searchapp.evaluation import HABITS, NEIGHBOURS, slip, typed
from searchapp.text.keyboard import decode
from searchapp.text.normalize import fold

QUESTION = "Thời hiệu xử lý kỷ luật đối với đảng viên là bao nhiêu năm?"


@pytest.mark.parametrize(
    ("habit", "text", "expected"),
    [
        ("typed", "Hoà bình", "Hoà bình"),
        ("folded", "Đảng bộ, 05-NQ/TU", "dang bo, 05-nq/tu"),
        ("telex", "Nghị quyết số 05-NQ/TP của Đảng", "nghij quyeets soos 05-NQ/TP cuar ddangr"),
        ("telex", "Harvard ở đâu?", "Harvard owr ddaau?"),
        ("telex", "", ""),
        ("typo", "ở 5 ạ", "ở 5 ạ"),  # nothing long enough to slip in
    ],
)
def test_what_a_typist_types(habit: str, text: str, expected: str) -> None:
    assert typed(text, habit, "1") == expected


@pytest.mark.parametrize("habit", HABITS)
def test_every_habit_is_fixed_by_its_seed(habit: str) -> None:
    assert typed(QUESTION, habit, "7") == typed(QUESTION, habit, "7")
    assert typed("Đảng bộ", habit, "7") == typed("Đảng bộ", habit, "7")


def test_half_of_the_syllables_lose_their_accents() -> None:
    words = QUESTION.rstrip("?").split()
    rows = [typed(QUESTION, "half", str(seed)).rstrip("?").split() for seed in range(200)]
    assert all(new in (old, fold(old)) for row in rows for old, new in zip(words, row, strict=True))
    kept = sum(new == old != fold(old) for row in rows for old, new in zip(words, row, strict=True))
    marked = 200 * sum(old != fold(old) for old in words)
    assert 0.4 < kept / marked < 0.6


def test_raw_telex_is_what_the_repair_reads_back() -> None:
    old = "thời hiệu xử lý kỷ luật đối"
    assert [decode(word) for word in typed(old, "telex", "1").split()] == old.split()


def test_a_typo_is_one_slip_in_one_syllable() -> None:
    for seed in range(100):
        old, new = QUESTION.split(), typed(QUESTION, "typo", str(seed)).split()
        changed = [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
        assert len(changed) <= 1  # swapping two equal letters changes nothing
        assert all(abs(len(a) - len(b)) <= 1 for a, b in changed)


def test_slips_are_of_every_kind() -> None:
    chance = random.Random(1)
    found = {slip("dang", chance) for _ in range(400)}
    assert {"dag", "ddang", "adng", "dabg", "fang"} <= found
    assert all(letter in NEIGHBOURS[other] for letter, others in NEIGHBOURS.items() for other in others)
