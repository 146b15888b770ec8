"""Did you mean, and what is done where nothing is found, on the sample corpus."""

from collections.abc import Callable
from functools import cache

import pytest

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.ingest import reindex
from searchapp.query import Query
from searchapp.results import Page
from searchapp.search import search
from searchapp.search.spelling import FINGER, LETTER, SOUND, corrected, meant, vocabulary

Current = Callable[[], Engine]
Ask = Callable[[list[str], str], Page]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """What a query finds among rows of JSON; each set of rows is indexed once."""

    @cache
    def indexed(rows: tuple[str, ...]) -> Engine:
        folder = tmp_path_factory.mktemp("rows")
        (folder / "rows.jsonl").write_text("\n".join(rows), encoding="utf-8")
        settings = Settings(index=folder / "index", corpus=(folder / "rows.jsonl",))
        reindex(settings.corpus, settings.index, settings, jobs=1)
        return open_engine(settings)()

    return lambda rows, typed: search(indexed(tuple(rows)), Query(text=typed))


def offers_of(page: Page) -> list[str]:
    """Return the other spellings that a page offers, then those that it took by itself."""
    told = [notice[-1] for notice in page.notices if notice[0] in ("corrected", "decoded")]
    return [text for text, _ in page.did_you_mean] + told


@pytest.mark.parametrize(
    ("word", "other", "cost"),
    [
        ("su", "xu", SOUND),
        ("trung", "chung", SOUND),
        ("gianh", "danh", SOUND),
        ("len", "nen", SOUND),
        ("tan", "tang", SOUND),
        ("mac", "mat", SOUND),
        ("ky", "ki", SOUND),
        ("dagn", "dang", FINGER),
        ("tromg", "trong", FINGER),
        ("ddang", "dang", FINGER),
        ("chec", "chiec", LETTER),
        ("vieet", "viet", FINGER),
        ("dang", "dang", None),
        ("dang", "bo", None),
        ("", "bo", None),
    ],
)
def test_what_a_slip_costs(word: str, other: str, cost: float | None) -> None:
    assert meant(word, {other}).get(other) == cost


@pytest.mark.parametrize(
    ("typed", "likelier"),
    [
        (["nghi", "quyeet", "trung", "uong"], ("nghi", "quyet", "trung", "uong")),
        (["phogn", "chong", "dich"], ("phong", "chong", "dich")),
        (["nghị", "quyếtt"], ("nghi", "quyet")),
        (["dang", "bo"], None),
        (["law", "dich"], None),  # English
        (["new", "chong", "dich"], None),
        (["2021"], None),
        (["nq05"], None),
        ([], None),
    ],
)
def test_the_likeliest_spelling(sample_engine: Current, typed: list[str], likelier: tuple[str, ...] | None) -> None:
    assert corrected(sample_engine(), typed) == likelier


def test_neighbours_decide_between_two_spellings(sample_engine: Current) -> None:
    """One wrong syllable, two good ones that it may have been: the one that goes with its neighbour."""
    engine = sample_engine()
    assert {"dang", "dan"} <= vocabulary(engine).keys()
    assert corrected(engine, ["dangn", "bo"]) == ("dang", "bo")
    assert corrected(engine, ["nhan", "dann"]) == ("nhan", "dan")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ('"nghị quyét"', "letters"),  # a wrong tone, in quotes
        ('"quyết nghị của ban chấp hành đảng"', "unquoted"),
        ('"khuynhx"', ""),
    ],
)
def test_a_phrase_that_nobody_wrote_is_searched_otherwise_and_told(
    sample_engine: Current, typed: str, code: str
) -> None:
    page = search(sample_engine(), Query(text=typed))
    assert [notice[0] for notice in page.notices if notice[0] in ("letters", "unquoted")] == ([code] if code else [])
    assert bool(page.total) == bool(code)
    assert search(sample_engine(), Query(text=typed, verbatim=True)).total == 0


def test_a_spelling_is_corrected_by_itself_only_where_nothing_was_found(sample_engine: Current) -> None:
    page = search(sample_engine(), Query(text="phogn dich"))
    codes = {notice[0] for notice in page.notices}
    assert page.did_you_mean  # articles with the other word are shown, so it is only offered
    assert "corrected" not in codes
    page = search(sample_engine(), Query(text="phogn"))
    assert ("corrected", "phogn", "phong") in page.notices
    assert page.total
    assert search(sample_engine(), Query(text="phogn", verbatim=True)).total == 0


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [("PHOGN", False), ("phogn", True), ("Phogn", True), ("dich PHOGN", False), ("PHOGN CHONG DICH", True)],
)
def test_letters_in_capitals_among_others_are_an_abbreviation(
    sample_engine: Current, typed: str, corrected: bool
) -> None:
    page = search(sample_engine(), Query(text=typed))
    assert bool(page.did_you_mean or "corrected" in {notice[0] for notice in page.notices}) == corrected


@pytest.mark.parametrize("typed", ['"xây dựng đảng"', '"nghị quyét"', "phogn", '"quyết nghị của ban chấp hành đảng"'])
def test_filters_do_not_change_the_reading_of_a_query(sample_engine: Current, typed: str) -> None:
    """A year that the timeline counts at 0 opens 0 articles, and the page claims nothing of the whole archive."""
    engine = sample_engine()
    whole = search(engine, Query(text=typed))
    assert whole.total
    told = [notice for notice in whole.notices if notice[0] in ("letters", "unquoted", "corrected")]
    years = {
        year: sum(bar.count for bar in whole.timeline if bar.date[:4] == year) for year in ("2015", "2019", "2021")
    }
    for year, count in years.items():
        page = search(engine, Query(text=typed, since=f"{year}-01-01", until=f"{year}-12-31"))
        assert page.total == count, year
        assert [notice for notice in page.notices if notice[0] in ("letters", "unquoted", "corrected")] == told, year


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("luật nào thay thế", []),
        ("luật này thay thees", ["luật này thay thế"]),
        ("luật nào thay thees", ["luật nào thay thế"]),
    ],
)
def test_a_word_that_asks_is_no_slip(asked: Ask, typed: str, offered: list[str]) -> None:
    rows = [f'{{"id": "{n}", "title": "Điều {n}", "text": "Luật này thay thế luật cũ số {n}."}}' for n in range(40)]
    rows.append('{"id": "x", "title": "Hỏi", "text": "Người nào cũng có quyền hỏi."}')
    assert offers_of(asked(rows, typed)) == offered


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("chửi phòng ban", []),  # a word of its own, with other accents than "chức"
        ("trộm phòng ban", []),
        ("quết định của phòng ban", ["quyết định của phòng ban"]),  # a syllable too, with the accents of the likelier
        ("phogn ban", ["phong ban"]),
    ],
)
def test_a_syllable_of_a_word_is_no_slip_of_one_with_other_accents(asked: Ask, typed: str, offered: list[str]) -> None:
    said = "Chức năng của phòng ban theo quyết định của trường; chức danh phòng ban; trợ lý phòng ban"
    rows = [f'{{"id": "{n}", "title": "Điều {n}", "text": "{said} số {n}."}}' for n in range(40)]
    assert offers_of(asked(rows, typed)) == offered


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("personal income tax", []),  # raw Telex of "tã"
        ("decree 15/2020/ND-CP tax", []),
        ("how many people", []),
        ("livestream tax giaasy", ["livestream tã giấy"]),
        ("tax giaasy", ["tã giấy"]),
        ("mangg theo tã", ["mang theo tã"]),
    ],
)
def test_words_of_another_language_are_no_slips(asked: Ask, typed: str, offered: list[str]) -> None:
    rows = [
        f'{{"id": "{n}", "title": "Điều {n}", "text": "Tã giấy và đồ mang theo số {n}, income people how."}}'
        for n in range(40)
    ]
    assert offers_of(asked(rows, typed)) == offered


@pytest.mark.parametrize(("typed", "together", "found"), [("phogn dihc", True, 40), ("phogn dihc", False, 0)])
def test_a_spelling_is_taken_by_itself_only_where_its_words_stand_together(
    asked: Ask, typed: str, together: bool, found: int
) -> None:
    texts = ["Phòng dịch ở xã" if together else ("Phòng họp của xã" if n % 2 else "Dịch bệnh ở xã") for n in range(40)]
    rows = [f'{{"id": "{n}", "title": "Bài {n}", "text": "{text} số {n}."}}' for n, text in enumerate(texts)]
    page = asked(rows, typed)
    assert page.total == found
    assert ("corrected" in {notice[0] for notice in page.notices}) == together
