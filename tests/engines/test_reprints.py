"""Which texts are reprints of one another: sketches of texts, and the groups that they fall into."""

from __future__ import annotations

import gzip
import json
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from reprint_cases import BODY, LEAD, ONE, OTHER, OTHERS, REPRINTS

from searchapp.engines.reprint_groups import MIN_SAME, SKETCH, groups, own_keys, sketch
from searchapp.text.normalize import normalize
from searchapp.text.syllables import pieces
from searchapp.text.tokens import keys_of, stream, stream_of


def sketched(text: str, title: str = "", number: str = "") -> NDArray[np.void]:
    title_cut, text_cut = pieces(normalize(title)), pieces(normalize(text))
    return sketch(stream_of(title_cut), stream_of([*title_cut, "\n", *text_cut]), number)


def grouped(*texts: NDArray[np.void]) -> list[int]:
    rows = np.stack(texts)
    return groups(rows, np.arange(len(rows), dtype=np.uint32)).tolist()


@pytest.mark.parametrize(("one", "other"), REPRINTS.values(), ids=REPRINTS)
def test_nearly_the_same_text_is_a_reprint_under_any_title(one: str, other: str) -> None:
    assert grouped(sketched(one, "Sửa hẻm"), sketched(other, "Cả hẻm giơ tay ở UBND phường 7")) == [1, 1]
    assert grouped(sketched(other), sketched(unicodedata.normalize("NFD", one))) == [1, 1]


@pytest.mark.parametrize(("one", "other"), OTHERS.values(), ids=OTHERS)
def test_other_facts_in_the_same_words_are_no_reprint(one: str, other: str) -> None:
    assert grouped(sketched(one, "Một tựa"), sketched(other, "Một tựa")) == [0, 0]


def test_documents_of_different_numbers_are_reprints_only_word_for_word() -> None:
    changed = BODY.replace("xắn quần", "vén quần")
    assert grouped(sketched(BODY, number="12-QĐ/TU"), sketched(changed, number="13-QĐ/TU")) == [0, 0]
    assert grouped(sketched(BODY, number="12-QĐ/TU"), sketched(changed, number="12-QĐ/TU")) == [1, 1]
    assert grouped(sketched(BODY, number="12-QĐ/TU"), sketched(changed)) == [1, 1]
    assert grouped(sketched(BODY, number="12-QĐ/TU"), sketched(BODY, number="13-QĐ/TU")) == [1, 1]


def test_groups_are_counted_from_the_original_and_the_removed_have_none() -> None:
    removed = np.zeros((), SKETCH)
    rows = np.stack([sketched(ONE), removed, sketched(f"{LEAD}\n{BODY}"), sketched(OTHER), sketched(BODY)])
    assert groups(rows, np.arange(5, dtype=np.uint32)).tolist() == [0, 0, 1, 0, 1]
    assert groups(rows[:0], np.arange(0, dtype=np.uint32)).tolist() == []
    again = np.stack([sketched(ONE), sketched(BODY), sketched(BODY), sketched(ONE)])
    assert groups(again, np.array([3, 1, 2, 0], np.uint32)).tolist() == [1, 2, 2, 1]


def test_small_changes_do_not_add_up_along_a_chain() -> None:
    syllables = BODY.split()
    chain = [" ".join([*syllables[16 * step :], *(f"mới {n}" for n in "abcdefgh"[:step])]) for step in range(6)]
    found = grouped(*map(sketched, chain))
    assert found[0] == found[1]
    assert found[0] != found[5]


@given(st.permutations(range(7)))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_the_order_of_the_rows_changes_nothing(order: Sequence[int]) -> None:
    texts = [BODY, ONE, f"{LEAD}\n{BODY}", OTHER, ONE, BODY[:70], BODY.replace("bà Sáu", "bà Bảy")]
    rows = np.stack([sketched(text) for text in texts])
    numbers = np.array(order)
    found = groups(rows[numbers], numbers.astype(np.uint32))
    assert found.tolist() == groups(rows, np.arange(7, dtype=np.uint32))[numbers].tolist()


def test_the_own_text_leaves_out_a_title_above_it_and_what_abbreviations_stand_for() -> None:
    text = "UBND phường họp.\nDân góp ý."
    said = ["ubnd", "phường", "họp", "dân", "góp", "ý"]
    assert own_keys(stream(""), stream(text)) == said
    assert own_keys(stream("Họp dân"), stream(f"Họp dân\n{text}")) == said
    assert own_keys(stream("Họp dân"), stream(text)) == said
    assert own_keys(stream(""), stream("")) == []


@pytest.mark.parametrize("text", ["", "😀", "một", "a b c", "1 2 3 4 5 6 7 8 9", "ký " * 5000])
def test_any_text_has_a_sketch(text: str) -> None:
    row = sketched(text)
    assert row["length"] == len(keys_of(pieces(text)))
    assert grouped(row, row) == ([1, 1] if row["length"] >= MIN_SAME else [0, 0])


def test_word_for_word_repetitions_in_the_codification_are_folded(shared_data: Path) -> None:
    path = shared_data / "retrieval/phapdien/corpus.jsonl.gz"
    texts: list[str] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            texts.append(" ".join(json.loads(line)["text"].split()))
    times = Counter(texts)
    repeated = [text for text in texts if times[text] > 1]
    assert len(repeated) - sum(count > 1 for count in times.values()) >= 948
    told = [text for text in repeated if len(keys_of(pieces(text))) >= MIN_SAME]
    assert len(repeated) - len(told) <= 6  # "Bị bãi bỏ." six times: too short to be a text of its own
    found = grouped(*map(sketched, told))
    assert 0 not in found
    assert len({(text, group) for text, group in zip(told, found, strict=True)}) == len(set(told))
