"""Edges between documents and what follows from them for a document on a day: never more than the texts prove."""

from __future__ import annotations

import pytest

from searchapp.article import OWN, Citation, Document, Relation
from searchapp.citations.resolve.validity import Edge, Force, edges, packed, unpacked

OLD = Document(slug="cp/old", symbol="8/2015/NĐ-CP", type="NĐ", date="2015-01-01")
NEW = Document(slug="cp/new", symbol="9/2020/NĐ-CP", type="NĐ", date="2020-03-05")
VBHN = Document(slug="btc/vbhn", symbol="3/VBHN-BTC", type="VBHN", date="2018-05-01")
DOCUMENTS = {one.slug: one for one in (OLD, NEW, VBHN)}

NEW_BEGINS = Edge(kind="hieu-luc", doer="cp/new", target="cp/new", day="2020-05-01")
OLD_BEGINS = Edge(kind="hieu-luc", doer="cp/old", target="cp/old", day="+45")


def edge(kind: str, **more: object) -> Edge:
    return Edge(**{"kind": kind, "doer": "cp/new", "target": "cp/old", "day": "own", **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "day", "wanted"),
    [
        ([], "2026-01-01", ("khong-ro", "", "")),
        ([OLD_BEGINS], "2026-01-01", ("khong-ro", "", "")),
        ([OLD_BEGINS], "2015-02-14", ("chua", "2015-02-15", "")),
        ([OLD_BEGINS], "2015-02-15", ("khong-ro", "", "")),
        ([NEW_BEGINS, edge("thay-the")], "2020-05-01", ("het", "2020-05-01", "")),
        ([NEW_BEGINS, edge("thay-the")], "2020-04-30", ("khong-ro", "", "2020-05-01")),
        ([NEW_BEGINS, edge("bai-bo", part=("5/2",))], "2021-01-01", ("mot-phan", "2020-05-01", "")),
        ([NEW_BEGINS, edge("bai-bo", part=("5",)), edge("het-hieu-luc")], "2021-01-01", ("het", "2020-05-01", "")),
        ([NEW_BEGINS, edge("thay-the", sure=0.6)], "2021-01-01", ("khong-ro", "", "")),
        ([NEW_BEGINS, edge("sua-doi")], "2021-01-01", ("khong-ro", "", "")),
        ([NEW_BEGINS, edge("tiep-tuc", day="")], "2021-01-01", ("khong-ro", "", "")),
        ([edge("het-hieu-luc", day="2020-06-01")], "2020-06-01", ("het", "2020-06-01", "")),
        ([edge("thay-the")], "2020-04-01", ("khong-ro", "", "")),
        ([edge("thay-the")], "2021-04-01", ("het", "", "")),
        ([NEW_BEGINS, edge("ngung-hieu-luc", until="2020-12-31")], "2020-12-30", ("ngung", "2020-05-01", "")),
        ([NEW_BEGINS, edge("ngung-hieu-luc", until="2020-12-31")], "2020-12-31", ("khong-ro", "", "")),
        (
            [edge("hop-nhat", doer="btc/vbhn", day="", sure=0.95)],
            "2019-01-01",
            ("con", "2018-05-01", ""),
        ),
        ([edge("hop-nhat", doer="btc/vbhn", day="", sure=0.95)], "2018-04-30", ("khong-ro", "", "")),
        ([NEW_BEGINS, edge("con-hieu-luc")], "2021-01-01", ("con", "2020-05-01", "")),
        ([NEW_BEGINS, edge("con-hieu-luc", until="2021-01-01")], "2020-12-31", ("con", "2020-05-01", "")),
        ([NEW_BEGINS, edge("con-hieu-luc", until="2021-01-01")], "2021-01-01", ("khong-ro", "", "")),
        (
            [Edge(kind="het-hieu-luc", doer="cp/old", target="cp/old", day="2019-01-01")],
            "2019-01-01",
            ("het", "2019-01-01", ""),
        ),
    ],
)
def test_the_first_rule_that_applies_tells_the_status(told: list[Edge], day: str, wanted: tuple[str, str, str]) -> None:
    status = Force(told, DOCUMENTS).status("cp/old", day)
    assert (status.value, status.since, status.later) == wanted


def test_a_later_repeal_of_the_repealer_revives_nothing() -> None:
    third = Document(slug="cp/third", symbol="1/2022/NĐ-CP", type="NĐ", date="2022-01-01")
    told = [NEW_BEGINS, edge("thay-the"), edge("bai-bo", doer="cp/third", target="cp/new", day="2022-02-01")]
    force = Force(told, {**DOCUMENTS, "cp/third": third})
    assert force.status("cp/old", "2023-01-01").value == "het"
    assert force.status("cp/new", "2023-01-01").value == "het"


def test_each_relation_is_told_once_with_its_day_in_both_directions() -> None:
    force = Force([NEW_BEGINS, edge("thay-the", article="a"), edge("thay-the", article="b", sure=0.6)], DOCUMENTS)
    (out,), (to,) = force.of("cp/new")[0], force.of("cp/old")[1]
    assert out == to == edge("thay-the", article="a", day="2020-05-01")


def test_certain_statements_that_disagree_are_listed() -> None:
    other = Edge(kind="hieu-luc", doer="cp/new", target="cp/new", day="2020-06-01", sure=0.95)
    assert [slug for slug, _ in Force([NEW_BEGINS, other], DOCUMENTS).contradictions()] == ["cp/new"]
    assert not list(Force([NEW_BEGINS, NEW_BEGINS], DOCUMENTS).contradictions())


def cited(start: int, slug: str, sure: float = 1.0) -> Citation:
    return Citation(start=start, end=start + 5, text="", kind="number", type="NĐ", key=slug, document=slug, sure=sure)


@pytest.mark.parametrize(
    ("relation", "own", "consolidated", "sure"),
    [
        (Relation(kind="thay-the", doer=OWN, target=5), "cp/new", False, 1.0),
        (Relation(kind="thay-the", doer=OWN, target=25), "cp/new", False, 0.7),
        (Relation(kind="sua-doi", doer=5, target=15), "cp/new", False, 0.9),
        (Relation(kind="sua-doi", doer=5, target=15), "cp/new", True, 0.95),
        (Relation(kind="sua-doi", doer=5, target=15), "", False, 0.6),
        (Relation(kind="thay-the", doer=OWN, target=5), "", False, None),
        (Relation(kind="thay-the", doer=OWN, target=35), "cp/new", False, None),
        (Relation(kind="thay-the", doer=OWN, target=45), "cp/new", False, None),
    ],
)
def test_an_edge_is_as_sure_as_what_says_it(
    relation: Relation, own: str, consolidated: bool, sure: float | None
) -> None:
    meant = [cited(5, "cp/old"), cited(15, "cp/b"), cited(25, "cp/c", 0.7), cited(35, ""), cited(45, "cp/new")]
    found = list(edges([relation], meant, own, key="a", consolidated=consolidated))
    assert [one.sure for one in found] == ([] if sure is None else [sure])


def test_an_edge_is_kept_as_one_line() -> None:
    full = edge("bai-bo", part=("5/2/a", "mot-phan"), until="2021-01-01", exception=True, article="k", start=3, end=9)
    assert unpacked(packed(full)) == full


def test_a_text_ends_by_its_own_words_alone_not_by_its_number_below_a_list() -> None:
    named = Citation(start=5, end=9, text="", kind="number", type="QĐ", key="9/QĐ-UBND", document="cp/new", sure=1.0)
    said = [Relation(kind="het-hieu-luc", doer=OWN, target=target, day="2020-05-01") for target in (5, OWN)]
    (one,) = edges(said, [named], "cp/new", key="a", consolidated=False)
    assert (one.doer, one.target, one.start) == ("cp/new", "cp/new", 0)
