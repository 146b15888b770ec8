"""What any engine must do, as a suite: subclass EngineContract and say how to open one over some articles."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import Oracle, Registry
from reprint_cases import BODY, LEAD, ONE, OTHER

from searchapp.article import Article, Citation, Document
from searchapp.engine import Engine
from searchapp.errors import BadQueryError
from searchapp.fields import STORED_FACETS
from searchapp.query import AllOf, AnyOf, Node, Not, Number, Phrase, Prefix, Query, Word

COUNTED = ("date", *STORED_FACETS)

SYLLABLES = ("đảng", "đang", "dang", "dáng", "bộ", "bố", "hòa", "học", "tập", "văn", "hóa", "ý", "19", "tphcm", "nghị")
SLUGS = (
    "trung-uong/nghi-quyet-05-nq-tw/xiii",
    "thanh-uy-a/nghi-quyet-05-nq-tu/2015",
    "thanh-uy-a/nghi-quyet-05-nq-tu/2020",
)
COPIED = (  # word for word the same but for accents: reprints
    "đảng bộ học tập văn hóa 19 tphcm",
    "dang bo hoc tap\nvan hoa 19 tphcm",
    "nghị ý nghị ý nghị ý nghị ý nghị ý",
)
DATES = ("", "", "2021", "2021-03", "2021-03-04", "2021-03-05", "2021-11-30", "2020", "2020-12-31", "1999-01-01")


def documents(texts: Sequence[str] = ("", "", "")) -> dict[str, Document]:
    symbols, types = ("05-NQ/TW", "05-NQ/TU", "05-NQ/TU"), ("NQ", "QĐ", "NQ")
    terms = ("xiii", "a-2015", "a-2020")
    rows = zip(SLUGS, symbols, types, terms, texts, strict=True)
    return {
        slug: Document(slug=slug, symbol=symbol, type=kind, issuer="Thành ủy A", term_id=term, article=text)
        for slug, symbol, kind, term, text in rows
    }


def cite(key: str, slug: str = "") -> Citation:
    return Citation(
        start=0, end=1, text=key, kind="number", type="NQ", key=key, document=slug, how="term" if slug else ""
    )


syllables = st.sampled_from(SYLLABLES)
lines = st.lists(syllables, min_size=1, max_size=14).map(" ".join)
bodies = st.lists(lines, min_size=1, max_size=3).map("\n".join)
citations = st.lists(st.sampled_from([*(cite("05-NQ/TU", slug) for slug in SLUGS), cite("57-NQ/?")]), max_size=3)
themes = st.lists(st.sampled_from(["dan-van", "xay-dung-dang", "van-hoa"]), max_size=2, unique=True)


@st.composite
def corpora(draw: st.DrawFn) -> tuple[list[Article], Registry]:
    size = draw(st.integers(1, 9))
    articles = [
        Article(
            id=f"id-{draw(st.integers(0, 99))}-{number}",
            key=f"{number:012x}",
            title=draw(st.one_of(st.just(""), lines)),
            text=draw(st.one_of(bodies, bodies, st.sampled_from(COPIED))),
            date=draw(st.sampled_from(DATES)),
            section=draw(st.sampled_from(["", "Chính trị", "Văn hóa"])),
            source=draw(st.sampled_from(["", "Báo A"])),
            type=draw(st.sampled_from(["", "nghi-quyet"])),
            number=draw(st.sampled_from(["", "", "11-KH/TU"])),
            signer=draw(st.sampled_from(["", "Trần Văn An"])),
            basis=draw(st.sampled_from([(), ("Căn cứ Điều lệ Đảng", "Căn cứ Luật A")])),
            themes=tuple(draw(themes)),
            citations=tuple(draw(citations)),
        )
        for number in range(size)
    ]
    texts = [draw(st.sampled_from(["", articles[0].key])), "", draw(st.sampled_from(["", articles[-1].key]))]
    return articles, Registry(documents(texts))


phrases = st.builds(Phrase, st.lists(syllables, min_size=1, max_size=4).map(tuple), st.booleans())
words = st.builds(Word, syllables, st.booleans(), st.lists(phrases, max_size=2).map(tuple))
symbols = st.sampled_from(["05-NQ/TU", "57-NQ/?", "99-NQ/TU"])
numbers = st.builds(Number, symbols, st.lists(st.sampled_from(SLUGS)).map(tuple))
leaves = st.one_of(words, words, phrases, st.builds(Prefix, st.sampled_from(["da", "ho", "xx"])), numbers)
trees: st.SearchStrategy[Node] = st.recursive(
    leaves,
    lambda nodes: st.one_of(
        st.lists(nodes, min_size=1, max_size=8).map(lambda children: AllOf(tuple(children))),
        st.lists(words, min_size=2, max_size=9).map(lambda children: AllOf(tuple(children))),
        st.lists(nodes, min_size=1, max_size=3).map(lambda children: AnyOf(tuple(children))),
        nodes.map(Not),
    ),
    max_leaves=12,
)
filters = st.fixed_dictionaries(
    {},
    optional={
        "date": st.lists(st.sampled_from(["2021", "2020", "2021-03", "2021-03-04", "unknown"]), max_size=3).map(tuple),
        "theme": st.lists(st.sampled_from(["dan-van", "van-hoa", "khong-co"]), max_size=2).map(tuple),
        "document": st.lists(st.sampled_from([*SLUGS, "05-NQ/TU", "01-CT/TW"]), max_size=2, unique=True).map(tuple),
        "section": st.just(("Chính trị",)),
        "type": st.just(("nghi-quyet",)),
        "reprint": st.lists(st.sampled_from([f"{n:012x}" for n in range(4)]), min_size=1, max_size=2).map(tuple),
    },
)
queries = st.builds(
    Query,
    tree=st.one_of(st.none(), trees, trees, trees),
    text=lines,
    filters=filters,
    since=st.sampled_from(["", "", "2021-01-01", "2021-03-05"]),
    until=st.sampled_from(["", "", "2021-03-04"]),
    sort=st.sampled_from(["relevance", "relevance", "newest", "oldest"]),
    size=st.just(50),
    facets=st.just(COUNTED),
    steps=st.just(("year", "month", "day")),
    fold=st.booleans(),
    step=st.sampled_from([0, 0, 0, 0, 1, 2, 3, 4]),
)
EXAMPLES = int(os.environ.get("SEARCHAPP_TEST_EXAMPLES", "40"))
"""Collections tried; an index in a real cluster takes a second to make."""
careful = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


class EngineContract:
    """Every test that an engine must pass."""

    def open(self, folder: Path, articles: Sequence[Article], registry: Registry) -> Engine:
        """An engine over exactly these articles."""
        raise NotImplementedError

    @given(corpora(), st.lists(queries, min_size=4, max_size=8))
    @careful
    def test_sets_counts_scores_and_order_are_those_of_the_oracle(self, corpus, asked) -> None:
        articles, registry = corpus
        oracle = Oracle(articles, registry)
        with tempfile.TemporaryDirectory() as folder:
            engine = self.open(Path(folder), articles, registry)
            for query in asked:
                compare(engine, oracle, query)
            engine.close()

    @given(corpora(), queries, st.integers(1, 4))
    @settings(careful, max_examples=max(1, EXAMPLES * 3 // 8))
    def test_pages_and_cursors_meet_everything_once_in_one_order(self, corpus, query, size) -> None:
        articles, registry = corpus
        with tempfile.TemporaryDirectory() as folder:
            engine = self.open(Path(folder), articles, registry)
            whole = [match.article.id for match in engine.search(query).matches]
            paged = [engine.search(replace(query, size=size, page=page)).matches for page in range(1, len(whole) + 2)]
            assert [match.article.id for matches in paged for match in matches] == whole
            met: list[str] = []
            matches = engine.search(replace(query, size=size)).matches
            while matches:
                met += [match.article.id for match in matches]
                matches = engine.search(replace(query, size=size, after=matches[-1].cursor)).matches
            assert met == whole
            engine.close()

    @given(corpora())
    @settings(careful, max_examples=max(1, EXAMPLES * 3 // 10))
    def test_vocabulary_frequencies_articles_and_documents(self, corpus) -> None:
        articles, registry = corpus
        oracle = Oracle(articles, registry)
        with tempfile.TemporaryDirectory() as folder:
            engine = self.open(Path(folder), articles, registry)
            for stream in ("a", "f", "f2"):
                held = [{*one.counts[f"title_{stream}"], *one.counts[f"body_{stream}"]} for one in oracle.held]
                counts = {term: sum(term in terms for terms in held) for terms in held for term in terms}
                for prefix in ("", "d", "đả", "ho", "19"):
                    rows = [(term, n) for term, n in counts.items() if term.startswith(prefix)]
                    found = list(engine.vocabulary(prefix, stream=stream))
                    assert found == sorted(rows, key=lambda row: row[0].encode())
            assert engine.frequencies(["dang", "qq"], stream="f") == {"dang": held_by(oracle, "f", "dang"), "qq": 0}
            assert engine.frequencies(["đảng"], stream="a") == {"đảng": held_by(oracle, "a", "đảng")}
            assert engine.articles([articles[-1].key, "khong-co", articles[0].key]) == [articles[-1], articles[0]]
            assert sorted(engine.dated()) == sorted((one.key, one.title, one.date) for one in articles)
            assert sorted(engine.titles()) == sorted((one.key, one.title) for one in articles)
            assert engine.document(SLUGS[0]) == registry.documents[SLUGS[0]]
            assert engine.document("khong-co") is None
            assert {one.slug for one in engine.documents("05-NQ/TU")} == set(SLUGS[1:])
            cited = [sum(slug in one.documents for one in oracle.held) for slug in (d.slug for d in engine.documents())]
            assert cited == sorted(cited, reverse=True)
            assert len(cited) == len(SLUGS)
            stats = engine.stats()
            undated = sum(not article.date for article in articles)
            assert (stats.articles, stats.undated, stats.documents) == (len(articles), undated, len(SLUGS))
            engine.close()

    def test_reprints_fold_into_the_best_that_the_filters_let_pass(self, tmp_path: Path) -> None:
        texts = {"a": BODY, "b": f"{LEAD}\n{BODY}", "c": ONE, "d": OTHER, "e": BODY.upper()}
        articles = [
            Article(id=name, key=name * 12, title=f"Tựa {name}", text=text, date=f"202{at}", source=f"Báo {name}")
            for at, (name, text) in enumerate(texts.items())
        ]
        engine = self.open(tmp_path, articles, Registry(documents()))

        def told(query: Query) -> tuple[int, int, dict[str, int]]:
            answer = engine.search(query)
            return answer.total, answer.folded, {match.article.id: match.reprints for match in answer.matches}

        assert told(Query(sort="newest", fold=True)) == (5, 2, {"e": 2, "d": 0, "c": 0})
        assert told(Query(sort="oldest", fold=True)) == (5, 2, {"a": 2, "c": 0, "d": 0})
        assert told(Query(sort="newest")) == (5, 0, dict.fromkeys("edcba", 0))
        assert told(Query(filters={"source": ("Báo a", "Báo b")}, fold=True)) == (2, 1, {"b": 1})
        assert told(Query(filters={"source": ("Báo b",)}, fold=True)) == (1, 0, {"b": 0})
        assert told(Query(filters={"reprint": ("b" * 12,)}, sort="oldest")) == (3, 0, dict.fromkeys("abe", 0))
        assert told(Query(filters={"reprint": ("c" * 12,)})) == (1, 0, {"c": 0})
        assert told(Query(filters={"reprint": ("không có",)})) == (0, 0, {})
        lead = AllOf(tuple(Word(key) for key in ("chuyen", "sua", "hem")))
        assert told(Query(tree=lead, text="chuyen sua hem", fold=True)) == (1, 0, {"b": 0})
        counted = engine.search(Query(fold=True, facets=("source",), size=1))
        assert dict(counted.facets["source"]) == {f"Báo {name}": 1 for name in texts}
        engine.close()

    @pytest.mark.parametrize("cursor", ["x", "đ", "bm8", "YSBiIGMgZA", "YSBuZXdlc3QgLTEgYg", "=" * 40])
    def test_a_foreign_cursor_is_told_in_vietnamese(self, tmp_path: Path, cursor: str) -> None:
        engine = self.open(tmp_path, [Article(id="a", key="a" * 12, title="", text="ý")], Registry(documents()))
        with pytest.raises(BadQueryError, match="Hãy") as caught:
            engine.search(Query(after=cursor))
        assert caught.value.field == "sau"

    def test_no_article_at_all(self, tmp_path: Path) -> None:
        engine = self.open(tmp_path, [], Registry(documents()))
        query = Query(tree=AllOf((Word("ý"), Word("đảng", True))), text="ý đảng", facets=COUNTED, steps=("year",))
        assert engine.search(query).total == 0
        assert engine.search(replace(query, tree=None)).total == 0
        assert engine.stats().articles == 0


def compare(engine: Engine, oracle: Oracle, query: Query) -> None:
    answer = engine.search(query)
    wanted = oracle.results(query)
    assert answer.total == len(wanted)
    assert answer.step == oracle.matching(query)[1]
    scores = {one.article.id: score for one, score in wanted}
    listed, others = oracle.folded(wanted) if query.fold else (wanted, {})
    assert answer.folded == len(wanted) - len(listed)
    assert {match.article.id: match.reprints for match in answer.matches if match.reprints} == {
        name: count for name, count in others.items() if count
    }
    assert len(answer.matches) == len(listed)
    assert {match.article.id for match in answer.matches} <= set(scores)
    for match in answer.matches:
        assert match.score == pytest.approx(scores[match.article.id], rel=2e-4, abs=2e-4)
    places = {one.article.id: oracle.place(query, one) for one in oracle.held}
    order = [(-match.score, places[match.article.id]) for match in answer.matches]
    assert order == sorted(order)
    for match in answer.matches:
        held = next(one for one in oracle.held if one.article.id == match.article.id)
        assert set(match.documents) == set(held.documents)
    for name in COUNTED:
        assert dict(answer.facets[name]) == oracle.facet(name, query), name
        counts = [count for _, count in answer.facets[name]]
        assert counts == sorted(counts, reverse=True)
    for step in query.steps:
        assert list(answer.steps[step]) == oracle.steps(query, step)
    assert engine.search(query) == answer


def held_by(oracle: Oracle, stream: str, term: str) -> int:
    return sum(any(term in one.counts[f"{part}_{stream}"] for part in ("title", "body")) for one in oracle.held)
