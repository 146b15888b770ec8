"""Long texts: a result shows the place that answers, wherever in the text that is, as the index knows it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.engines.whoosh.store.segment import STOP
from searchapp.ingest import reindex
from searchapp.query import Query
from searchapp.results import Hit
from searchapp.search import search
from searchapp.text.distinct import LONG, stops
from searchapp.text.normalize import normalize
from searchapp.text.tokens import cut, stream


def filler(lines: int) -> str:
    return "".join(f"Câu đệm thứ {number} này không nói gì, tr. {number % 7}.\n" for number in range(lines))


TEXT = (
    f"Điều 1. Phạm vi\n{filler(3000)}"
    f"Điều 2. Hội thi\nBan Tổ chức mở hội thi dẫn chương trình dân vận khéo ở phường Bến Nhỏ.\n{filler(3000)}"
    f"Điều 3. Phối hợp\nMTTQ phường góp ý theo Nghị quyết số 41-NQ/TW.\n{filler(2000)}"
    f"Điều 4. Thi hành\nDẫn nước về ruộng; tiêu úng.\n{filler(500)}"
    "Hết hiệu lực kể từ hôm nay."
)
TITLE = "Quy chế dài, có tên dài như tên của một thông tư liên tịch về bốn việc mà ba bộ cùng lo"
THEMES = """
version: 2
groups:
- id: G1
  label: Dân vận
  themes:
  - id: dan-van
    label: Dân vận
    strong: [hội thi, dân vận khéo]
"""
SHORT = "Hội thi dân vận khéo ở phường Lam Giang."


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("passages")
    (folder / "corpus").mkdir()
    row = json.dumps({"id": "1", "title": TITLE, "text": TEXT}, ensure_ascii=False)
    (folder / "corpus" / "dai.jsonl").write_text(row, encoding="utf-8")
    (folder / "corpus" / "ngan.txt").write_text(f"Tin ngắn\n\n{SHORT}", encoding="utf-8")
    found = replace(Settings(), corpus=(folder / "corpus",), index=folder / "index")
    reindex(found.corpus, found.index, found)
    return found


@pytest.fixture(scope="module")
def engine(settings: Settings) -> Engine:
    return open_engine(settings)()


def long_hit(engine: Engine, query: str) -> Hit:
    return next(hit for hit in search(engine, Query(text=query)).hits if hit.article.title == TITLE)


def shown(hit: Hit) -> str:
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in hit.snippet)


@pytest.mark.parametrize(
    ("query", "snippet", "why", "provisions"),
    [
        ("hội thi dân vận khéo", "[hội thi] dẫn chương trình [dân vận khéo]", ("exact",), ["Điều 2. Hội thi"]),
        ("hoi thi dan van kheo", "[hội thi dẫn] chương trình [dân vận khéo]", ("folded",), ["Điều 2. Hội thi"]),
        ('"dân vận khéo"', "[dân vận khéo] ở phường", ("phrase",), ["Điều 2. Hội thi"]),
        ("mặt trận tổ quốc góp ý", "[MTTQ] phường [góp ý]", (), ["Điều 3. Phối hợp"]),
        ("41-NQ/TW", "[Nghị quyết số 41-NQ/TW]", ("number",), ["Điều 3. Phối hợp"]),
        ("tiêu úng", "ruộng; [tiêu úng]", ("exact",), ["Điều 4. Thi hành"]),
        ("tieu ung", "ruộng; [tiêu úng]", ("folded",), ["Điều 4. Thi hành"]),
        ("dân vận -giáo", "[dân vận] khéo", ("exact",), ["Điều 2. Hội thi"]),
        ("hội thi tiêu úng", "[tiêu úng]", ("exact",), ["Điều 4. Thi hành"]),
        ('"lực kể"', "Hết hiệu [lực kể] từ hôm nay.", ("phrase",), ["Điều 4. Thi hành"]),
        ("hội thi xe đạp", "[hội thi]", ("part",), ["Điều 2. Hội thi"]),
        ("Điều 3. Phối hợp", "[Điều 3]. [Phối hợp]", ("exact",), ["Điều 3. Phối hợp"]),
    ],
)
def test_the_snippet_is_the_place_that_answers(
    engine: Engine, query: str, snippet: str, why: tuple[str, ...], provisions: list[str]
) -> None:
    page = search(engine, Query(text=query))
    hit = next(hit for hit in (*page.hits, *page.rest) if hit.article.title == TITLE)
    assert snippet in shown(hit)
    assert hit.snippet[0].text == "… "
    assert set(why) <= set(hit.why)
    assert "part" in why or "part" not in hit.why
    assert [one.label for one in hit.provisions] == provisions


@pytest.mark.parametrize("before", ["", "x" * 30_000, "x y " * 9_000, "\n" * 20_000 + "x" * 15_000])
@pytest.mark.parametrize("behind", ["", "x" * 30_000, ", " * 9_000])
def test_a_text_of_any_shape_has_a_snippet(tmp_path: Path, before: str, behind: str) -> None:
    row = {"id": "1", "title": "Một tên", "text": f"{before}{filler(300)} Hội thi dân vận khéo {behind}"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    settings = replace(Settings(), corpus=(tmp_path / "a.jsonl",), index=tmp_path / "index")
    reindex(settings.corpus, settings.index, settings)
    hit = search(open_engine(settings)(), Query(text="hội thi dân vận")).hits[0]
    assert "[Hội thi dân vận]" in shown(hit)
    assert len(shown(hit)) < 400


def test_other_tones_are_marked_nowhere_where_the_text_has_the_word_as_typed(engine: Engine) -> None:
    # "Dẫn nước" of the last Điều has more words of this query beside it than any "dân".
    assert "[Dẫn]" not in shown(long_hit(engine, "dân nước ruộng"))


def test_the_index_tells_the_places_of_long_texts_alone(engine: Engine) -> None:
    keys = {hit.article.title: hit.article.key for hit in search(engine, Query(text="dân vận")).hits}
    terms = [("a", ("dân", "vận")), ("f", ("dan",)), ("f", ("vắng",))]
    long, short, unknown = engine.places([keys[TITLE], keys["Tin ngắn"], "none"], terms)
    assert short is None
    assert unknown is None
    assert long is not None
    text = engine.articles([keys[TITLE]])[0].text
    assert long.terms.tolist() == [1, 0, 1, 1]
    for place, word in zip(long.starts.tolist(), ("dẫn", "dân", "dân", "Dẫn"), strict=True):
        assert word in text[place - 100 : place + 100]


def test_a_later_index_tells_them_too(settings: Settings) -> None:
    (settings.corpus[0] / "moi.txt").write_text("Tin mới\n\nMột tin mới về dân vận.", encoding="utf-8")
    (settings.index.parent / "tables").mkdir()
    (settings.index.parent / "tables" / "themes.yaml").write_text(THEMES, encoding="utf-8")
    for changed in (settings, replace(settings, tables=settings.index.parent / "tables")):
        reindex(changed.corpus, changed.index, changed)  # segments merged, then articles filed anew
        engine = open_engine(changed)()
        assert "[hội thi] dẫn chương trình [dân vận khéo]" in shown(long_hit(engine, "hội thi dân vận khéo"))
        assert engine.places([long_hit(engine, "dân vận").article.key], [("f", ("dan",))])[0] is not None


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        SHORT,
        "",
        "\n\n a\n",
        "TP. HCM và TP.HCM\n\nhọp 15-NQ/TW\nđất\n" * 9,
        "𝒜 b giáo dục\n" * 9,
        "1.2.3/4\n" * 9,
    ],
)
@pytest.mark.parametrize("every", [1, 7, STOP])
def test_stops_are_the_positions_of_the_stream(text: str, every: int) -> None:
    read = normalize(text)
    starts = cut(read).starts
    places = dict(zip(stream(read).positions, starts, strict=False))  # spelt-out letters come behind
    positions, characters = (one.tolist() for one in stops(read, every))
    assert (positions.pop(), characters.pop()) == (max(places, default=-1) + 1, len(read))
    assert [places[one] for one in positions] == characters
    assert {one // every for one in places} == {one // every for one in positions}
    assert len(normalize(TEXT)) > LONG > len(SHORT)
