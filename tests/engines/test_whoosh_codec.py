"""Whoosh's ordinary readers and matchers on our segments find what the arrays say; damaged files are noticed."""

from __future__ import annotations

import gzip
import json
import pickle
import threading
from array import array
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import whoosh.index
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query as wq
from whoosh.index import FileIndex
from whoosh.matching import ReadTooFar
from whoosh.qparser import QueryParser
from whoosh.scoring import BM25F

from searchapp.article import Article
from searchapp.engines.facet_values import Row
from searchapp.engines.whoosh.build.table_writer import ColumnsWriter
from searchapp.engines.whoosh.interop.codec import open_whoosh_index, write_toc
from searchapp.engines.whoosh.store.arrays import ArrayFile, ArrayWriter
from searchapp.engines.whoosh.store.segment import EXTENSIONS, Segment, files
from searchapp.engines.whoosh.store.tables import Removed, write_segments
from searchapp.engines.whoosh.store.writer import SegmentWriter
from searchapp.errors import CorruptIndexError
from searchapp.text.tokens import Stream, stream

SYLLABLES = ("đảng", "dang", "đang", "hòa", "29", "ủy", "a", "ab", "abc", "nghị", "quyết")
TEXT = st.lists(st.sampled_from(SYLLABLES), max_size=15)
Sets = Callable[[Segment], set[int]]


def opened(folder: Path, names: list[str], deleted: Removed | None = None) -> FileIndex:
    """The Whoosh index of these segments, with the tables that a build writes beside them."""
    write_segments(folder, names, deleted or {})
    columns = ColumnsWriter()
    for name in names:
        for facts in Segment(folder, name).facts():
            columns.add(Row(id=facts.id))
    columns.close(folder)
    return open_whoosh_index(folder)


def build(folder: Path, name: str, texts: list[list[str]]) -> Segment:
    writer = SegmentWriter(folder, name=name)
    for number, keys in enumerate(texts):
        body = Stream(keys, array("I", range(len(keys))), [])
        article = Article(id=f"{name}/{number}", key=f"{name}-{number}", title="", text=" ".join(keys))
        writer.add(article, Stream([], array("I"), []), body)
    return Segment(folder, writer.finish())


def with_term(field: str, term: str) -> Sets:
    def find(segment: Segment) -> set[int]:
        postings = segment.postings(field, term)
        return set() if postings is None else set(postings.doc_ids.tolist())

    return find


def with_phrase(field: str, terms: list[str]) -> Sets:
    def find(segment: Segment) -> set[int]:
        lists = [segment.postings(field, term) for term in terms]
        if None in lists:
            return set()
        places = [
            set(
                zip(
                    np.repeat(p.doc_ids, p.frequencies).tolist(),
                    (p.positions() - np.uint32(at)).tolist(),
                    strict=True,
                )
            )
            for at, p in enumerate(lists)
        ]
        return {document for document, _ in set.intersection(*places)}

    return find


def with_prefix(field: str, letters: str) -> Sets:
    def find(segment: Segment) -> set[int]:
        return set().union(*(with_term(field, term)(segment) for term, _ in segment.terms(field, letters)))

    return find


@st.composite
def leaves(draw: st.DrawFn) -> tuple[wq.Query, Sets]:
    field = draw(st.sampled_from(("body_a", "body_f")))
    keys = SYLLABLES if field == "body_a" else ("dang", "hoa", "29", "uy", "a", "ab", "nghi", "quyet", "khong")
    match draw(st.sampled_from(("term", "phrase", "prefix", "pair"))):
        case "term":
            term = draw(st.sampled_from(keys))
            return wq.Term(field, term), with_term(field, term)
        case "phrase":
            terms = draw(st.lists(st.sampled_from(keys), min_size=2, max_size=3))
            return wq.Phrase(field, terms), with_phrase(field, terms)
        case "prefix":
            letters = draw(st.sampled_from(("a", "ab", "d", "đ", "n", "2", "z")))
            return wq.Prefix(field, letters), with_prefix(field, letters)
        case _:
            pair = " ".join(draw(st.lists(st.sampled_from(("dang", "hoa", "a", "ab")), min_size=2, max_size=2)))
            return wq.Term("body_f2", pair), with_term("body_f2", pair)


def branches(children: st.SearchStrategy[tuple[wq.Query, Sets]]) -> st.SearchStrategy[tuple[wq.Query, Sets]]:
    lists = st.lists(children, min_size=2, max_size=3)
    return st.one_of(
        lists.map(lambda c: (wq.And([q for q, _ in c]), lambda s: set.intersection(*(find(s) for _, find in c)))),
        lists.map(lambda c: (wq.Or([q for q, _ in c]), lambda s: set().union(*(find(s) for _, find in c)))),
        # Not AndNot: Whoosh's AndNotMatcher lets the first article through unlooked at when its list begins later.
        st.tuples(children, children).map(
            lambda c: (wq.And([c[0][0], wq.Not(c[1][0])]), lambda s: c[0][1](s) - c[1][1](s))
        ),
    )


CORPUS = st.lists(st.lists(st.tuples(TEXT, st.booleans()), min_size=1, max_size=6), min_size=1, max_size=3)


@settings(max_examples=80, deadline=None)
@given(parts=CORPUS, queries=st.lists(st.recursive(leaves(), branches, max_leaves=5), min_size=1, max_size=8))
def test_whoosh_matchers_find_what_the_arrays_say(
    tmp_path_factory: pytest.TempPathFactory,
    parts: list[list[tuple[list[str], bool]]],
    queries: list[tuple[wq.Query, Sets]],
) -> None:
    folder = tmp_path_factory.mktemp("whoosh")
    segments = [build(folder, f"s{n}", [text for text, _ in part]) for n, part in enumerate(parts)]
    deleted = {f"s{n}": np.array([gone for _, gone in part]) for n, part in enumerate(parts)}
    bases = np.cumsum([0, *(segment.size for segment in segments)]).tolist()
    with opened(folder, list(deleted), deleted).searcher() as searcher:
        for query, find in queries:
            expected = {
                base + number
                for segment, base in zip(segments, bases, strict=False)
                for number in find(segment)
                if not deleted[segment.name][number]
            }
            assert set(searcher.docs_for_query(query)) == expected, query
            assert {hit.docnum for hit in searcher.search(query, limit=None)} == expected, query


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build(tmp_path, "one", [["nghị", "quyết", "đảng"], ["đảng", "ủy"], ["đảng"] * 3 + ["hòa"]])
    build(tmp_path, "two", [["chỉ", "thị"], ["nghị", "quyết"]])
    return tmp_path


def test_statistics_are_exact(folder: Path) -> None:
    with opened(folder, ["one"]).reader() as reader:
        info = reader.term_info("body_a", "đảng")
        assert (info.doc_frequency(), info.weight(), info.max_weight()) == (3, 5.0, 3.0)
        assert (info.min_length(), info.max_length(), info.min_id(), info.max_id()) == (2, 4, 0, 2)
        assert [reader.doc_field_length(number, "body_a") for number in range(3)] == [3, 2, 4]
        assert reader.field_length("body_a") == 9
        assert (reader.min_field_length("body_a"), reader.max_field_length("body_a")) == (2, 4)
        assert reader.frequency("body_a", "đảng") == 5
        assert reader.doc_frequency("body_a", "không có") == 0
        assert list(reader.lexicon("body_a")) == [k.encode() for k in sorted(["nghị", "quyết", "đảng", "ủy", "hòa"])]
        assert list(reader.expand_prefix("body_f", "d")) == [b"dang"]
        assert ("body_a", "đảng") in reader
        assert ("body_a", "dang") not in reader
        assert set(reader.terms_within("body_f", "dan", 1)) == {"dang"}
        assert len(list(reader.all_terms())) == len(list(reader))


def test_a_matcher_walks_skips_and_copies(folder: Path) -> None:
    with opened(folder, ["one"]).reader() as reader:
        matcher = reader.postings("body_a", "đảng")
        assert matcher.value_as("positions") == [2]
        matcher.skip_to(1)
        other = matcher.copy()
        matcher.next()
        assert (other.id(), matcher.id(), matcher.weight()) == (1, 2, 3.0)
        assert matcher.value_as("positions") == [0, 1, 2]
        assert matcher.value_as("frequency") == 3
        matcher.skip_to(0)
        assert matcher.id() == 2, "a matcher never goes back"
        matcher.next()
        assert not matcher.is_active()
        with pytest.raises(ReadTooFar):
            matcher.next()
        matcher.reset()
        assert list(matcher.all_ids()) == [0, 1, 2]
        assert reader.postings("body_f2", "dang dang").value_as("frequency") == 2


def test_top_hits_are_the_same_with_and_without_block_skipping(tmp_path: Path) -> None:
    texts = [["đảng"] * (n % 7) + ["ủy"] * (n % 3) + ["a"] * (n % 11) for n in range(200)]
    build(tmp_path, "s", texts)
    query = wq.Or([wq.Term("body_a", "đảng"), wq.Term("body_a", "ủy")])
    with opened(tmp_path, ["s"]).searcher(weighting=BM25F()) as searcher:
        every = [(hit.docnum, hit.score) for hit in searcher.search(query, limit=None)]
        assert len(every) > 100
        for optimize in (True, False):
            top = searcher.search(query, limit=10, optimize=optimize)
            assert [(hit.docnum, hit.score) for hit in top] == every[:10]


def test_any_whoosh_tool_opens_the_folder(folder: Path) -> None:
    """Through the TOC, with Whoosh's own query parser and stored fields."""
    opened(folder, ["one", "two"], {"one": np.array([True, False, False])})
    write_toc(folder)
    index = whoosh.index.open_dir(str(folder))
    with index.searcher() as searcher:
        assert (searcher.doc_count(), searcher.doc_count_all()) == (4, 5)
        query = QueryParser("body_f", index.schema).parse('"Nghị Quyết"')
        assert [hit["id"] for hit in searcher.search(query)] == ["two/1"]
    assert index.doc_count() == 4


def test_whoosh_cannot_write_here(folder: Path) -> None:
    index = opened(folder, ["one"])
    with pytest.raises(NotImplementedError, match="searchapp reindex"):
        index.writer()


def test_reading_never_unpickles(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("unpickled")

    for name in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    segment = Segment(folder, "one")
    assert segment.article(0).text == "nghị quyết đảng"
    assert len(list(segment.facts())) == 3
    with opened(folder, ["one", "two"]).searcher() as searcher:
        assert len(searcher.search(wq.Term("body_a", "nghị"))) == 2


def test_an_open_segment_reads_on_when_its_files_are_removed(folder: Path) -> None:
    segment = Segment(folder, "one")
    postings = segment.postings("body_a", "đảng")
    segment.close()
    for path in files(folder, "one"):
        path.unlink()
    assert postings.doc_ids.tolist() == [0, 1, 2]
    assert segment.postings("body_a", "ủy").doc_ids.tolist() == [1]


def test_threads_read_one_segment(folder: Path) -> None:
    segment = Segment(folder, "one")
    wrong = []

    def read() -> None:
        for _ in range(200):
            if segment.postings("body_a", "đảng").positions().tolist() != [2, 0, 0, 1, 2]:
                wrong.append("positions")
            if segment.article(1).text != "đảng ủy":
                wrong.append("article")

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_arrays_cannot_be_written_to(folder: Path) -> None:
    segment = Segment(folder, "one")
    with pytest.raises(ValueError, match="read-only"):
        segment.lengths("body_a")[0] = 9


def open_all(folder: Path) -> None:
    segment = Segment(folder, "one")
    list(segment.facts())
    for number in range(segment.size):
        segment.article(number)


@pytest.mark.parametrize("extension", EXTENSIONS)
@pytest.mark.parametrize("damage", ["missing", "empty", "cut by a byte", "cut in half", "foreign", "text"])
def test_damaged_files_are_named(folder: Path, extension: str, damage: str) -> None:
    path = folder / f"one{extension}"
    data = path.read_bytes()
    changed = {
        "empty": b"",
        "cut by a byte": data[:-1],
        "cut in half": data[: len(data) // 2],
        "foreign": b"PK\x03\x04" + bytes(500),
        "text": "Nghị quyết".encode() * 50,
    }
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(changed[damage])
    with pytest.raises(CorruptIndexError, match=rf"one\{extension}.*reindex --full"):
        open_all(folder)


def test_files_of_two_segments_do_not_mix(folder: Path) -> None:
    (folder / "two.text").replace(folder / "one.text")
    with pytest.raises(CorruptIndexError, match="does not belong"):
        Segment(folder, "one")


@pytest.mark.parametrize("code", ["|O", "<f8", "<i8", ">u4", "|V8", "<M8", "u4", "|S0"])
def test_only_plain_numbers_are_read(tmp_path: Path, code: str) -> None:
    """A dtype of objects would be read as pointers."""
    out = ArrayWriter(tmp_path / "x")
    out.put("a", np.arange(4, dtype=np.uint64))
    out._end()
    out._begun = ("", "", 0)
    out._directory["a"] = (code, *out._directory["a"][1:])
    out.close()
    with pytest.raises(CorruptIndexError, match="not what this version writes"):
        ArrayFile(tmp_path / "x")


@pytest.mark.parametrize(("start", "count"), [(-8, 4), (0, 400), (1 << 40, 1), (0, -1)])
def test_no_array_reaches_outside_the_file(tmp_path: Path, start: int, count: int) -> None:
    out = ArrayWriter(tmp_path / "x")
    out.put("a", np.arange(4, dtype=np.uint64))
    out._end()
    out._begun = ("", "", 0)
    out._directory["a"] = ("<u8", start, count)
    out.close()
    with pytest.raises(CorruptIndexError, match="not what this version writes"):
        ArrayFile(tmp_path / "x")


@pytest.mark.shared
def test_the_index_is_smaller_than_three_texts(tmp_path: Path, shared_data: Path) -> None:
    """All fields, all stored: real newspaper articles, with every occurrence of some terms checked by counting."""
    writer = SegmentWriter(tmp_path)
    size = 0
    kept = []
    with gzip.open(shared_data / "articles" / "news_political.jsonl.gz", "rt", encoding="utf-8") as rows:
        for number, row in zip(range(300), map(json.loads, rows), strict=False):
            article = Article(id=str(number), key=f"{number:x}", title=row["title"], text=row["text"])
            title, body = stream(article.title), stream(article.text)
            writer.add(article, title, body)
            kept.append(body)
            size += len(f"{article.title}{article.text}".encode())
    segment = Segment(tmp_path, writer.finish())
    assert sum(path.stat().st_size for path in files(tmp_path, segment.name)) <= 3 * size
    for term in ("đảng", "nhân", "quốc", "2021"):
        frequencies = [body.keys.count(term) for body in kept]
        postings = segment.postings("body_a", term)
        assert postings.doc_ids.tolist() == [n for n, count in enumerate(frequencies) if count]
        assert postings.frequencies.tolist() == [count for count in frequencies if count]
