"""What queries find among real articles, as relations: this equals that, this is within that, and by which step.

Every fourth article of the newspaper rows beside the project: enough for words to be cut as in the whole archive.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.ingest import reindex
from searchapp.query import EVERY, LETTERS, NEAR, SCORED, Query
from searchapp.results import Answer
from searchapp.search import find

pytestmark = pytest.mark.shared

EVERY_FOURTH = 4
ALL = 2_000


@pytest.fixture(scope="module")
def news(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("news")
    given = shared_data / "articles" / "news_political.jsonl.gz"
    with gzip.open(given, "rt", encoding="utf-8") as rows, (folder / "a.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(islice(rows, 0, None, EVERY_FOURTH))
    settings = Settings(index=folder / "index", corpus=(folder / "a.jsonl",))
    reindex(settings.corpus, settings.index, settings)
    yield open_engine(settings)()


def asked(engine: Engine, text: str, **more: int) -> Answer:
    return find(engine, Query(text=text, size=ALL, beyond=True, **more)).answer


def found(engine: Engine, text: str, **more: int) -> set[str]:
    return {match.article.id for match in asked(engine, text, **more).matches}


EQUAL = [
    ("chuyển đổi số", "chuyen doi so", "chuyển doi số"),
    ("hoà bình", "hòa bình", "HOÀ BÌNH"),
    ("phòng, chống tham nhũng", "phòng chống tham nhũng", "Phòng - chống tham nhũng"),
    ("giáo dục TPHCM", "giáo dục TP.HCM", "giáo dục tphcm"),
    ("covid 19", "Covid-19", "covid19"),
    ("kỹ thuật", "kĩ thuật"),
    ("lý luận", "lí luận"),
    ("02/9", "2/9"),
    ("đại hội 13", "đại hội XIII"),
]
WITHIN = [
    ("đảng", "dang"),
    ("đang", "dang"),
    ("biển đông", "bien dong"),
    ("Nguyễn Phú Trọng", "nguyen phu trong"),
    ("đảng bộ", "đảng bo"),
    ("đảng bo", "dang bo"),
    ("đảng bộ", "đảng bo*"),
    ("đảng bo*", "dang bo*"),
    ("đang bo*", "dang bo*"),
    ('"chuyển đổi số"', "chuyển đổi số"),
    ("cải cách hành chính", "cải cách hành chính OR biển đông"),
    ("(cải cách OR đổi mới) hành chính", "hành chính"),
    ('giáo dục -"đại học"', "giáo dục"),
    ("giáo dục -dai hoc", 'giáo dục -"đại học"'),
]
BY_STEP = [
    ("đảng", NEAR),
    ("chuyển đổi số", NEAR),
    ("biển đông", NEAR),
    ("kĩ luật", LETTERS),  # a tone that nobody writes
    ("quốc hôi", LETTERS),
    ("chính phu", NEAR),
    ("quan hệ Mỹ Trung", SCORED),
    ("dân vận khéo", SCORED),
    ("chuyển đổi nhanh số", SCORED),
    ("chuyển đổi xyzabc", SCORED),
    ("chủ tịch ủy ban nhân dân thành phố phải làm những gì để người dân được nhờ", SCORED),  # a question
]


@pytest.mark.parametrize("ways", EQUAL, ids=lambda ways: ways[0])
def test_ways_to_write_the_same_find_the_same(news: Engine, ways: tuple[str, ...]) -> None:
    first, *others = (found(news, way) for way in ways)
    assert first
    assert all(other == first for other in others)


@pytest.mark.parametrize(("narrow", "wide"), WITHIN)
def test_what_asks_for_more_is_within(news: Engine, narrow: str, wide: str) -> None:
    less, more = found(news, narrow), found(news, wide)
    assert less
    assert less <= more


@pytest.mark.parametrize(("text", "step"), BY_STEP)
def test_the_step_that_answers_and_what_it_tells(news: Engine, text: str, step: int) -> None:
    answer = asked(news, text)
    assert answer.step == step
    assert answer.total
    counts = {step: answer.total, **dict(answer.step_counts)}
    assert counts[NEAR] <= counts[LETTERS] <= max(counts[EVERY], counts[LETTERS])
    for other, count in answer.step_counts:
        if other <= EVERY:
            assert asked(news, text, step=other).total == count


def test_a_reversed_pair_is_not_the_typed_one(news: Engine) -> None:
    assert found(news, "công chức cán bộ") != found(news, "cán bộ công chức")


def test_the_two_words_stand_apart_and_together(news: Engine) -> None:
    assert not found(news, "đảng") & found(news, "-đảng dang")
    assert found(news, "đảng") | found(news, "dang -đảng") == found(news, "dang")


def test_nothing_is_found_for_letters_that_nobody_writes(news: Engine) -> None:
    answer = asked(news, "xyzabc")
    assert (answer.total, answer.rest) == (0, ())
