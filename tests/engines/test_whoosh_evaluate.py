"""The search half of the embedded engine: BM25 as Lucene's, sets, phrases, facets and order on corpora of some size."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from engine_contract import cite, compare
from oracle import Oracle, Registry
from test_engine_contract import write

from searchapp.article import Article, Document
from searchapp.engines.facet_values import Row
from searchapp.engines.plan import OWN_NUMBER, compile_query
from searchapp.engines.whoosh import search
from searchapp.engines.whoosh.build.table_writer import ColumnsWriter, write_generation_tables
from searchapp.engines.whoosh.engine import WhooshEngine
from searchapp.engines.whoosh.search import check_cost, cost_of, ranking
from searchapp.engines.whoosh.search.cache import ByteCache
from searchapp.engines.whoosh.search.doc_values import Columns
from searchapp.engines.whoosh.search.ranking import Order, best, order_keys, score_of
from searchapp.errors import BadQueryError, CorruptIndexError
from searchapp.fields import FACET_NAMES, TEXT_FIELDS, Weights
from searchapp.query import AllOf, AnyOf, Node, Not, Number, Phrase, Prefix, Query, Word
from searchapp.text.normalize import has_marks, normalize
from searchapp.text.tokens import tokens


def article(place: int, text: str, **facts: object) -> Article:
    return replace(Article(id=f"id-{place:06d}", key=f"{place:012x}", title="", text=text), **facts)


def open_engine(folder: Path, articles: list[Article], weights: Weights | None = None, pieces: int = 1) -> WhooshEngine:
    size = -(-len(articles) // pieces)
    segments = [write(folder, f"s{i}", articles[i * size : (i + 1) * size]) for i in range(pieces)]
    write_generation_tables(folder, segments, {}, Registry())
    return WhooshEngine(folder, weights)


def zipf_articles(count: int, seed: int, syllables: int = 400, longest: int = 120) -> list[Article]:
    """Articles of random made-up syllables, their frequencies as in a language."""
    random = np.random.default_rng(seed)
    weights = 1 / np.arange(1, syllables + 1)
    names = np.array([f"x{number}" for number in range(syllables)])
    made = []
    for number in range(count):
        drawn = names[random.choice(syllables, size=random.integers(5, longest), p=weights / weights.sum())]
        date = f"20{random.integers(10, 25)}-0{random.integers(1, 9)}-1{random.integers(0, 9)}"
        theme = (f"chu-de-{random.integers(0, 5)}", "chung")[: random.integers(0, 3)]
        made.append(article(number, " ".join(drawn[:-3]), title=" ".join(drawn[-3:]), date=date, themes=theme))
    return made


def tree_of(typed: str) -> Node:
    """All syllables of what a reader types, as the parser makes them."""
    words = tuple(Word(token.key, has_marks(token.key)) for token in tokens(normalize(typed)))
    return words[0] if len(words) == 1 else AllOf(words)


SENTENCES = (
    "Đảng bộ phường vận động người dân học tập",  # 0
    "Đang vào mùa mưa, cả xóm đắp bờ",  # 1
    "Hòa giải ở khu phố, năm 2021 có 19 vụ",  # 2
    "Ý kiến của người dân về y tế",  # 3
    "Dang tay giúp bạn; thủy triều dâng",  # 4
    "Nằm chờ năm mới\nmới lạ",  # 5
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> WhooshEngine:
    folder = tmp_path_factory.mktemp("small")
    return open_engine(folder, [article(number, text) for number, text in enumerate(SENTENCES)])


def found(engine: WhooshEngine, tree: Node, text: str = "") -> list[int]:
    return [int(match.article.key, 16) for match in engine.search(Query(tree=tree, text=text)).matches]


@pytest.mark.parametrize(
    ("typed", "first", "others"),
    [
        ("đảng", 0, set()),
        ("Đa\u0309ng", 0, set()),
        ("\u00d0ảng", 0, set()),
        ("ĐANG", 1, set()),
        ("dang tay", 4, set()),
        ("hoà giải", 2, set()),
        ("hoa giai", 2, set()),
        ("thuỷ", 4, set()),
        ("y te", 3, set()),
        ("năm", 5, {2}),
        ("nam", 5, {2}),
        ("dang", 0, {1, 4}),
        ("2021", 2, set()),
        ("19", 2, set()),
    ],
    ids=[
        "marks",
        "NFD",
        "Eth",
        "capitals",
        "none",
        "new tone",
        "no marks",
        "i/y",
        "one letter",
        "tone",
        "tone left out",
        "marks left out",
        "year",
        "number",
    ],
)
def test_typed_accents_hold_and_an_unmarked_syllable_is_any(small, typed: str, first: int, others: set[int]) -> None:
    hits = found(small, tree_of(typed), normalize(typed))
    assert first in hits
    assert set(hits) - {first} == others


def test_no_other_tone_comes_before_the_one_syllable_asked_for(tmp_path: Path) -> None:
    texts = ["má " * 40, "một bài rất dài " * 60 + "mà thôi", "ma ma", "mạ"]
    engine = open_engine(tmp_path, [article(number, text) for number, text in enumerate(texts)])
    asked = Query(tree=Word("mà", True), text="mà", beyond=True)
    answer = engine.search(asked)
    assert [match.article.id for match in answer.matches] == ["id-000001"]
    assert answer.rest[0].article.id == "id-000000"  # below the set, by letters
    assert found(engine, Word("mạ", True)) == [3]


def test_an_empty_query_lists_everything_newest_first(small) -> None:
    assert [int(match.article.key, 16) for match in small.search(Query(text="")).matches] == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("keys", "marked", "hits"),
    [
        (("người", "dân"), True, [0, 3]),
        (("nguoi", "dan"), False, [0, 3]),
        (("dân", "người"), True, []),
        (("đảng", "bộ", "phường", "vận", "động", "người", "dân", "học", "tập"), True, [0]),
        (("đang", "bộ", "phường"), True, []),
        (("dang", "bo", "phuong"), False, [0]),
        (("mới", "mới"), True, []),  # a line ends between them
        (("của", "người", "dân", "về", "y", "tế"), True, [3]),
        (("năm", "2021", "có", "19"), True, [2]),
        (("người", "không"), True, []),
        (("đang",), True, [1]),
    ],
)
def test_phrases_hold_by_position(small, keys: tuple[str, ...], marked: bool, hits: list[int]) -> None:
    assert sorted(found(small, Phrase(keys, marked))) == hits


@pytest.mark.parametrize(
    ("typed", "hits"),
    [
        ("người dân học", [0]),
        ("người dân học mưa", [0]),  # three of four
        ("học mưa", [0, 1]),
        ("zzz qqq", []),
    ],
)
def test_of_few_near_articles_those_that_score_well_come_too(small, typed: str, hits: list[int]) -> None:
    answer = small.search(Query(tree=tree_of(typed), text=typed))
    assert set(hits) <= {int(match.article.key, 16) for match in answer.matches}
    assert bool(answer.total) is bool(hits)
    assert answer.step == 3


def test_a_set_has_the_same_scores_to_the_bit_looked_up_or_summed(tmp_path: Path, monkeypatch) -> None:
    engine = open_engine(tmp_path, zipf_articles(600, seed=5), pieces=2)  # x0 is in nearly all of them, x90 in a few
    trees = [tree_of("x0 x1 x90"), AnyOf((Word("x3"), Phrase(("x0", "x1")), Prefix("x7"))), Word("x120")]
    queries = [Query(tree=tree, text="x0 x1 x90", step=step, size=50) for tree in trees for step in (0, 4)]
    told = []
    for few in (0, 10**6):  # nothing is summed whole, everything is
        monkeypatch.setattr(search, "_FEW", few)
        told.append([[(match.article.key, match.score) for match in engine.search(query).matches] for query in queries])
        engine.forget()
    assert told[0] == told[1]
    assert all(told[0])


def test_another_way_to_write_a_word_counts_a_part_of_it(tmp_path: Path) -> None:
    texts = ["mttq phường", "mặt trận tổ quốc phường", "mặt nước", "trận bóng tổ dân phố"]
    engine = open_engine(tmp_path, [article(number, text) for number, text in enumerate(texts)])
    phrase = Phrase(("mặt", "trận", "tổ", "quốc"), True)
    matches = engine.search(Query(tree=Word("mttq", False, (phrase,)), text="mttq")).matches
    alone = engine.search(Query(tree=phrase)).matches
    assert [match.article.key for match in alone] == [f"{1:012x}"]
    scores = {int(match.article.key, 16): match.score for match in matches}
    assert set(scores) == {0, 1}
    assert scores[1] == pytest.approx(Weights().synonym * alone[0].score)


def test_five_words_are_a_question_that_a_part_may_answer(small) -> None:
    tree = tree_of("người dân học gì lúc mưa")
    assert {0, 3} <= set(found(small, tree))
    assert 4 not in found(small, tree)
    assert found(small, AllOf((tree, Not(Word("học", True))))) == [n for n in found(small, tree) if n != 0]


@pytest.mark.parametrize("pieces", [1, 4])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_larger_corpus_agrees_with_the_oracle(tmp_path: Path, seed: int, pieces: int) -> None:
    articles = zipf_articles(300, seed, longest=60)
    oracle = Oracle(articles, Registry())
    engine = open_engine(tmp_path, articles, pieces=pieces)
    random = np.random.default_rng(seed)
    for _ in range(12):
        keys = [f"x{int(400 ** random.random())}" for _ in range(9)]
        words = [Word(key, marked=bool(random.integers(0, 2))) for key in keys]
        trees = (
            AllOf(tuple(words[: random.integers(2, 4)])),
            AllOf(tuple(words)),
            AnyOf((AllOf(tuple(words[:2])), Phrase((keys[0], "x1"), True), Prefix("x39"))),
            AllOf((AnyOf(tuple(words[:4])), Not(words[5]), Phrase(("x0", "x1")))),
            AllOf((replace(words[0], also=(Phrase(("x0", "x2"), True), Phrase((keys[1],)))), words[2])),
        )
        facets = {"theme": ("chung",), "date": ("2021", "2022-03")} if random.integers(0, 2) else {}
        tree = trees[random.integers(0, len(trees))]
        query = Query(tree=tree, text=" ".join(keys), filters=facets, size=400, facets=FACET_NAMES, steps=("month",))
        compare(engine, oracle, query)


def test_top_ten_is_lucenes(tmp_path: Path) -> None:
    """Single-field queries against tantivy, which computes BM25 as Lucene does: the same ten in the same order."""
    tantivy = pytest.importorskip("tantivy", reason="the bench extra is not installed")
    articles = [replace(one, title="", date="") for one in zipf_articles(3000, 7, syllables=2000)]
    engine = open_engine(tmp_path, articles, Weights(k1=1.2, b=0.75, a=0, f_alone=1, f2_alone=0, w=0), pieces=2)
    schema = tantivy.SchemaBuilder().add_text_field("body", tokenizer_name="whitespace", stored=False)
    schema = schema.add_unsigned_field("number", stored=True).build()
    index = tantivy.Index(schema)
    writer = index.writer(15_000_000, 1)
    for number, one in enumerate(articles):
        writer.add_document(tantivy.Document(body=one.text, number=number))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher, random, same = index.searcher(), np.random.default_rng(8), 0
    for _ in range(400):
        keys = list(dict.fromkeys(f"x{int(2000 ** random.random())}" for _ in range(random.integers(1, 6))))
        hits = searcher.search(index.parse_query(" ".join(keys), ["body"]), 10).hits
        theirs = [searcher.doc(address)["number"][0] for _, address in hits]
        same += theirs == found(engine, AnyOf(tuple(Word(key) for key in keys)))
    assert same >= 396


@pytest.mark.parametrize(
    ("length", "kept"),
    [(0, 0), (23, 23), (40, 40), (41, 40), (57, 56), (100, 96), (1000, 984), (100_000, 98_328)],
)
def test_lengths_are_quantised_as_lucenes_byte(length: int, kept: int) -> None:
    assert ranking.LENGTHS[ranking.length_codes(np.array([length], np.uint32))[0]] == kept


def test_a_query_above_the_budget_says_what_to_do(small) -> None:
    plan = compile_query(tree_of("người dân"), "người dân", Weights())
    assert 4 < cost_of(small._view, plan) <= 100
    check_cost(small._view, plan, limit=100)
    with pytest.raises(BadQueryError, match="Hãy bỏ bớt"):
        check_cost(small._view, plan, limit=3)


def test_a_prefix_stands_for_the_most_frequent_terms(tmp_path: Path) -> None:
    texts = [f"m{number} " * 2 for number in range(250)] + ["m249", "m248"]
    engine = open_engine(tmp_path, [article(number, text) for number, text in enumerate(texts)])
    answer = engine.search(Query(tree=Prefix("m"), size=300))
    keys = {int(match.article.key, 16) for match in answer.matches}
    assert answer.total == 202
    assert {248, 249, 250, 251} <= keys


def test_the_document_asked_for_comes_before_what_cites_it(tmp_path: Path) -> None:
    slug = "thanh-uy-a/chi-thi-07-ct-tu/2020"
    registry = Registry({slug: Document(slug=slug, symbol="07-CT/TU", type="CT", article=f"{1:012x}")})
    texts = ["chỉ thị chỉ thị chỉ thị", "chỉ thị này gửi các quận", "không liên quan"]
    articles = [article(n, text, number="07-CT/TU" if n < 2 else "") for n, text in enumerate(texts)]
    write_generation_tables(tmp_path, [write(tmp_path, "s", articles)], {}, registry)
    engine = WhooshEngine(tmp_path)
    assert found(engine, Number("07-CT/TU", (slug,))) == [1, 0]
    assert found(engine, AllOf((Word("chỉ", True), Number("07-CT/TU", (slug,))))) == [1, 0]
    most = 64 * ranking.idf(1, 10**6) * sum(Weights().of(field) for field in TEXT_FIELDS)  # of 64 words in all fields
    assert most < OWN_NUMBER


def test_facets_list_200_values_and_the_chosen_ones_resolutions_first_among_equals(tmp_path: Path) -> None:
    slugs = [f"a/{kind}-{number:03}" for number in range(150) for kind in ("bao-cao", "nghi-quyet")]
    types = {"bao-cao": "BC", "nghi-quyet": "NQ"}
    made = {slug: Document(slug=slug, symbol=slug, type=types[slug[2:-4]]) for slug in slugs}
    often = [slugs[0], slugs[0], slugs[7]]  # one report twice, one resolution once more
    texts = [article(number, "ý", citations=(cite(slug, slug),)) for number, slug in enumerate(slugs + often)]
    write_generation_tables(tmp_path, [write(tmp_path, "s", texts)], {}, Registry(made))
    engine = WhooshEngine(tmp_path)
    plain = engine.search(Query(facets=("document",))).facets["document"]
    assert plain[:3] == ((slugs[0], 3), (slugs[7], 2), ("a/nghi-quyet-000", 1))
    assert len(plain) == 200
    assert [slug[:10] for slug, _ in plain[2:151]] == ["a/nghi-quy"] * 149
    chosen = ("a/bao-cao-149", "a/khong-co")
    wanted = Query(tree=Word("ý", True), filters={"document": chosen}, facets=("document",))
    listed = engine.search(wanted).facets["document"]
    assert len(listed) == 202
    assert {("a/bao-cao-149", 1), ("a/khong-co", 0)} <= set(listed)


def test_threads_share_an_engine(tmp_path: Path) -> None:
    engine = open_engine(tmp_path, zipf_articles(200, 5), pieces=2)
    asked = [Query(tree=tree_of(f"x{n} x{n + 1} x{2 * n}"), text="", facets=FACET_NAMES) for n in range(30)] * 4
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(engine.search, asked))
    alone = WhooshEngine(tmp_path)
    assert answers == [alone.search(query) for query in asked]


@pytest.mark.parametrize("k", [1, 10, 200, 20_000, 60_000])
@pytest.mark.parametrize("kinds", [1, 7, 100_000])
def test_best_is_the_head_of_a_full_sort(k: int, kinds: int) -> None:
    random = np.random.default_rng(k + kinds)
    scores = (random.integers(0, kinds, 50_000) / 7).astype(np.float32)
    places = random.permutation(50_000).astype(np.uint32)
    documents = np.arange(50_000)
    wanted = np.lexsort((places, -scores))
    numbers, keys = best(documents, scores, places, k)
    assert numbers.tolist() == wanted[:k].tolist()
    assert score_of(int(keys[0])) == scores.max()
    later, _ = best(documents, scores, places, 5, before=int(keys[-1]))
    assert later.tolist() == wanted[k : k + 5].tolist()
    assert len(np.unique(order_keys(scores, places))) == 50_000


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.2, 0.9, 1.0])
@pytest.mark.parametrize("where", ["anywhere", "first", "last"])
@pytest.mark.parametrize("k", [0, 1, 10, 3000])
def test_the_first_of_many_in_date_order(share: float, where: str, k: int) -> None:
    random = np.random.default_rng(k)
    places = random.permutation(20_000).astype(np.uint32)
    documents = np.arange(20_000)
    if where == "anywhere":
        documents = documents[random.random(20_000) < share]
    else:
        bound = int(20_000 * share)
        documents = documents[places < bound] if where == "first" else documents[places >= 20_000 - bound]
    wanted = documents[np.argsort(places[documents])]
    numbers, keys = Order(places).best(documents, None, k)
    assert numbers.tolist() == wanted[:k].tolist()
    assert keys.tolist() == order_keys(None, places[numbers]).tolist()
    if 0 < k < len(documents):
        later, _ = Order(places).best(documents, None, 5, before=int(keys[-1]))
        assert later.tolist() == wanted[k : k + 5].tolist()


@pytest.mark.parametrize("name", ["columns.json", "newest.npy", "theme.npy"])
def test_damaged_columns_are_told(tmp_path: Path, name: str) -> None:
    writer = ColumnsWriter()
    writer.add(Row(id="a", date="2021", values={"theme": ("x", "y")}))
    writer.add(Row())
    writer.close(tmp_path)
    assert Columns.open(tmp_path).facets["theme"].of(0) == ("x", "y")
    path = tmp_path / "columns" / name
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(CorruptIndexError, match="reindex --full"):
        Columns.open(tmp_path)


def test_the_cache_stays_within_its_budget() -> None:
    cache = ByteCache(4000)
    for number in range(20):
        cache.put(number, str(number), 200)
    cache.put("large", "x", 3000)
    kept = [number for number in range(20) if cache.get(number)]
    assert kept == list(range(12, 20))
    assert cache.get("large") is None


def test_scores_do_not_depend_on_how_they_were_added_up(tmp_path: Path) -> None:
    """Few articles look terms up, many add up whole lists: the same article must score the same in both."""
    view_of = zipf_articles(500, 3)
    engine = open_engine(tmp_path, view_of)
    plan = compile_query(tree_of("x1 x2 x9 x30 x70"), "x1 x2 x9 x30 x70", Weights())
    every = engine._scores().of(plan, engine._view.everything)
    for number in range(0, 500, 25):
        alone = engine._scores().of(plan, np.array([number]))
        assert alone[0] == pytest.approx(every[number], rel=1e-6)
