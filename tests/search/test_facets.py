import pytest

from searchapp.query import Query
from searchapp.results import Answer, Bucket
from searchapp.search.facets import Name, Namer, timeline, views


def answer(**facets: tuple[tuple[str, int], ...]) -> Answer:
    return Answer(generation="1", total=9, facets=facets)


def test_values_have_labels_order_and_what_was_chosen() -> None:
    query = Query(filters={"theme": ("b",)})
    (view,) = views(
        answer(theme=(("a", 2), ("c", 2), ("b", 0))),
        query,
        {"theme": Namer(lambda v: Name(v.upper(), "Nhóm", ord("z") - ord(v)))},
    )
    assert [(v.value, v.label, v.count, v.selected, v.group) for v in view.values] == [
        ("c", "C", 2, False, "Nhóm"),
        ("a", "A", 2, False, "Nhóm"),
        ("b", "B", 0, True, "Nhóm"),
    ]
    assert (view.name, view.parameter, view.label) == ("theme", "chu_de", "Chủ đề")


def test_dates_are_a_tree_newest_year_first_and_undated_last() -> None:
    counts = (("unknown", 3), ("2021", 5), ("2022", 4), ("2021-09", 2), ("2021-09-15", 1), ("2021-10", 3))
    (view,) = views(answer(date=counts), Query(filters={"date": ("2021-09",)}), {})
    assert [v.label for v in view.values] == ["2022", "2021", "Không rõ ngày"]
    year = view.values[1]
    assert [(m.value, m.label, m.count, m.selected) for m in year.children] == [
        ("2021-09", "9/2021", 2, True),
        ("2021-10", "10/2021", 3, False),
    ]
    assert [d.label for d in year.children[0].children] == ["15/9/2021"]


@pytest.mark.parametrize(
    ("steps", "step", "bars"),
    [
        (
            {"year": (("2015", 1), ("2019", 2))},
            "year",
            [("2015", 1), ("2016", 0), ("2017", 0), ("2018", 0), ("2019", 2)],
        ),
        (
            {"year": (("2021", 3),), "month": (("2021-11", 1), ("2022-01", 2))},
            "month",
            [("2021-11", 1), ("2021-12", 0), ("2022-01", 2)],
        ),
        (
            {"year": (("2021", 2),), "month": (("2021-09", 2),), "day": (("2021-09-15", 2),)},
            "day",
            [("2021-09-15", 2)],
        ),
        ({"year": (("unknown", 3),)}, "year", []),
    ],
)
def test_the_timeline_is_as_fine_as_its_span(
    steps: dict[str, tuple[tuple[str, int], ...]], step: str, bars: list[tuple[str, int]]
) -> None:
    found = timeline(Answer(generation="1", total=1, steps=steps), Query())
    assert found == (step, tuple(Bucket(*bar) for bar in bars))
