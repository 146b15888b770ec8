"""Segmentation: the same words as pyvi, from its own model."""

import gzip
import io
import json
import random
import struct
import unicodedata
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyvi import ViTokenizer

from searchapp.errors import SearchappWarning
from searchapp.text import words as crf
from searchapp.text import words as segment

DATA = Path(__file__).parents[3] / "shared" / "data"

SENTENCES = [
    "Đảng bộ Thành phố triển khai nghị quyết về phát triển kinh tế - xã hội năm 2021.",
    "BAN THƯỜNG VỤ THÀNH ỦY TPHCM",
    unicodedata.normalize("NFD", "Hoà bình, thuỷ lợi và đường sá"),
    "hòa bình hoà bình",
    "phòng, chống tham nhũng; phòng chống tham nhũng",
    "xay dung dang, phong chong tham nhung",
    "Ông Nguyễn Văn An, ThS. Lê Thị Bình ở Tp. HCM, TP.HCM",
    "Số 05-NQ/TU ngày 15/9/2021, 1.234.567 đồng, 3,5%",
    "Xem https://example.org/a?b=c_d hay viết về ban.bien-tap@example.org",
    "“tự diễn biến”, ‘tự chuyển hoá’ … -> ==> >> ...",
    "Ðảng và ðồng chí",
    "một\nhai\n\nba_bốn",
    "05",
    "😀 漢字 đoàn kết",
]


def same(text):
    words = segment.segment(text)
    return " ".join(words) == ViTokenizer.tokenize(text) if words else not text.split()


@pytest.mark.parametrize("text", SENTENCES)
@pytest.mark.parametrize("shape", [str, str.upper, str.lower, str.title])
def test_words_are_those_of_pyvi(text, shape):
    assert same(shape(text))


def test_an_empty_text_has_no_words():
    assert segment.segment("") == segment.segment(" ") == []
    assert segment.joined([]).size == 0


SIGNS = st.characters(exclude_characters="\0", exclude_categories=["Cs"])  # CRFsuite ends a token at a NUL
SYLLABLES = [*sorted({word for text in SENTENCES for word in text.split()}), "của", "các", "nhân", "dân", "xã", "hội"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(SYLLABLES), max_size=25).map(" ".join) | st.text(SIGNS, max_size=30))
def test_any_text_has_the_words_of_pyvi(text):
    assert same(text)


@pytest.mark.shared
def test_real_articles_have_the_words_of_pyvi():
    path = DATA / "articles" / "news_political.jsonl.gz"
    if not path.exists():
        pytest.skip("the shared articles are not here")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    different = [text[:80] for text in random.Random(1).sample(texts, 250) if not same(text)]
    assert different == []


def test_an_unreadable_model_falls_back_to_pyvi(monkeypatch):
    def broken():
        raise ValueError("not an lCRF model")

    segment._model.cache_clear()
    monkeypatch.setattr(segment, "_load", broken)
    try:
        with pytest.warns(SearchappWarning, match="not an lCRF model"):
            assert segment.segment(SENTENCES[0]) == ViTokenizer.tokenize(SENTENCES[0]).split(" ")
    finally:
        segment._model.cache_clear()


@pytest.mark.parametrize(
    "model",
    [b"", b"lCRF", b"\0" * 200, struct.pack("<4sI4s9I", b"lCRF", 0, b"FOMC", 100, 0, 2, 0, 48, 9999, 48, 0, 0)],
    ids=["empty", "cut short", "zeros", "offset outside"],
)
def test_a_damaged_model_is_said_to_be_one(model):
    with pytest.raises(ValueError, match="lCRF"):
        crf.read(model, "B_W", "I_W")


def test_the_pickle_runs_no_code():
    code = b"cos\nsystem\n(S'exit 1'\ntR."
    assert type(segment._Unpickler(io.BytesIO(code)).load()) is segment._Inert


def brute_force(model, scores):
    """The best labelling by trying all."""
    steps = {
        (False, False): model.begin_begin,
        (False, True): model.begin_inside,
        (True, False): model.inside_begin,
        (True, True): model.inside_inside,
    }

    def worth(labels):
        own = sum(score for score, label in zip(scores, labels, strict=True) if label)
        return own + sum(steps[pair] for pair in pairwise(labels))

    every = [[bool(number >> at & 1) for at in range(len(scores))] for number in range(2 ** len(scores))]
    return max(worth(labels) for labels in every), worth


@given(
    st.lists(st.integers(-40, 40).map(float), min_size=1, max_size=8),
    st.lists(st.integers(-40, 40).map(float), min_size=4, max_size=4),
)
def test_viterbi_finds_a_best_path(scores, steps):
    model = crf.Crf({}, *steps)
    best, worth = brute_force(model, scores)
    assert worth(model.inside(np.array(scores)).tolist()) == best
