"""Segments: what goes in comes out, whatever the segments and merges on the way."""

from __future__ import annotations

import unicodedata
from array import array
from collections import Counter
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searchapp.article import Article, Citation
from searchapp.engines.whoosh.store import merge as merging
from searchapp.engines.whoosh.store import postings as dictionary
from searchapp.engines.whoosh.store import writer as pool
from searchapp.engines.whoosh.store.merge import merge
from searchapp.engines.whoosh.store.segment import Segment, files
from searchapp.engines.whoosh.store.writer import SegmentWriter
from searchapp.errors import BadRecordError
from searchapp.fields import TEXT_FIELDS
from searchapp.text.normalize import fold_key, normalize
from searchapp.text.tokens import Stream, stream

Entry = tuple[Article, Stream, Stream]

CITATION = Citation(start=0, end=8, text="05-NQ/TU", kind="number", type="NQ", key="05-NQ/TU", sure=0.5)


def entry(key: str, text: str, title: str = "") -> Entry:
    text, title = normalize(text), normalize(title)
    return Article(id=f"id {key}", key=key, title=title, text=text), stream(title), stream(text)


def syllables(*keys: str, positions: tuple[int, ...] | None = None, words: tuple[str, ...] = ()) -> Stream:
    return Stream(list(keys), array("I", positions or range(len(keys))), list(words))


def build(folder: Path, entries: list[Entry], name: str = "") -> Segment:
    writer = SegmentWriter(folder, name=name)
    for one in entries:
        writer.add(*one)
    return Segment(folder, writer.finish())


def dump(segment: Segment) -> dict[str, object]:
    """Everything a segment says, term by term."""
    said: dict[str, object] = {"articles": [segment.article(n) for n in range(segment.size)]}
    said["facts"] = list(segment.facts())
    said["keys"] = [segment.number_of(article.key) for article in said["articles"]]
    for field in TEXT_FIELDS:
        said[field.name, "lengths"] = segment.lengths(field.name).tolist()
        for term, count in segment.terms(field.name):
            postings = segment.postings(field.name, term)
            positions = postings.positions().tolist() if field.positions else None
            said[field.name, term] = (count, postings.doc_ids.tolist(), postings.frequencies.tolist(), positions)
    return said


def expected(entries: list[Entry]) -> dict[str, object]:
    """The same, worked out naively."""
    said: dict[str, object] = {"keys": list(range(len(entries))), "articles": [one[0] for one in entries]}
    found: dict[tuple[str, str], list[tuple[int, int, list[int]]]] = {}
    for field in TEXT_FIELDS:
        lengths = []
        for number, (_, title, body) in enumerate(entries):
            places = naive(title if field.part == "title" else body, field.stream)
            lengths.append(sum(map(len, places.values())))
            for term, at in places.items():
                found.setdefault((field.name, term), []).append((number, len(at), at))
        said[field.name, "lengths"] = lengths
    kept = {field.name for field in TEXT_FIELDS if field.positions}
    for (name, term), rows in found.items():
        documents, frequencies, positions = map(list, zip(*rows, strict=True))
        said[name, term] = (len(rows), documents, frequencies, list(chain(*positions)) if name in kept else None)
    return said


def naive(text: Stream, kind: str) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    folded = [fold_key(key) for key in text.keys]
    if kind == "w":
        tokens = [(word, 0) for word in text.words]
    elif kind == "f2":
        pairs = zip(folded, folded[1:], text.positions, text.positions[1:], strict=False)
        tokens = [(f"{x} {y}", at) for x, y, at, after in pairs if after - at == 1]
    else:
        tokens = list(zip(text.keys if kind == "a" else folded, text.positions, strict=True))
    for term, at in tokens:
        places.setdefault(term, []).append(at)
    return places


TEXTS = {
    "NFD": unicodedata.normalize("NFD", "Đảng bộ Thành phố"),
    "old and new tone marks": "hoà bình, hòa bình, thuỷ lợi, thủy lợi",
    "no diacritics": "dang bo thanh pho",
    "three kinds of Đ": "Đà đà Ðà ðà",
    "a number": "Nghị quyết số 29-NQ/TW ngày 4/11/2013",
    "lines": "giáo dục\nđào tạo",
    "empty": "",
    "another script": "北京 Москва",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_goes_in_comes_out(tmp_path: Path, text: str) -> None:
    entries = [entry("k1", text, "Tiêu đề"), entry("k2", "văn bản khác"), entry("k3", text * 3, text[:10])]
    said = dump(build(tmp_path, entries))
    assert len(said.pop("facts")) == 3
    assert said == expected(entries)


def test_an_article_comes_back_whole(tmp_path: Path) -> None:
    article = Article(
        id="https://example.vn/1", key="abc", title="", text="Toàn văn\n“nguyên dạng”", date="2021-09", section="Tin",
        source="Báo", url="https://example.vn/1", author="Lê A", type="nghi-quyet", number="05-NQ/TU",
        issuer="Thành ủy",
        themes=("dang", "dat-dai"), citations=(CITATION, replace(CITATION, start=20, end=28)), path="a/b.docx", row=3,
    )  # fmt: skip
    segment = build(tmp_path, [(article, syllables(), syllables())])
    assert segment.article(0) == article
    facts = next(segment.facts())
    assert {name: getattr(facts, name) for name in facts.__slots__} == {
        name: getattr(article, name) for name in facts.__slots__
    }
    assert "Toàn văn" not in next(segment.lines()).decode()


def test_looking_up_what_is_not_there(tmp_path: Path) -> None:
    segment = build(tmp_path, [entry("k1", "nghị quyết"), entry("k0", "chỉ thị")])
    assert [segment.number_of(key) for key in ("k0", "k1", "k", "k2", "")] == [1, 0, None, None, None]
    for term in ("", "zzz", "nghi", "nghị\nquyết", " ", "a"):
        assert segment.postings("body_a", term) is None
        assert segment.frequency("body_a", term) == 0
    with pytest.raises(KeyError):
        segment.postings("body_x", "nghị")
    for number in (-1, 2):
        with pytest.raises(IndexError):
            segment.article(number)
    with pytest.raises(ValueError, match="no positions"):
        segment.postings("body_f2", "nghi quyet").positions()


def test_terms_come_in_byte_order(tmp_path: Path) -> None:
    keys = [f"t{number}" for number in range(300)] + ["đảng", "a", "ủy", "ă"]
    segment = build(tmp_path, [(entry("k", "")[0], syllables(), syllables(*keys))])
    assert [term for term, _ in segment.terms("body_a")] == sorted(keys, key=str.encode)
    for prefix in ("t", "t2", "t29", "t299", "t2990", "đ", "ả", "zz", "a"):
        assert [t for t, _ in segment.terms("body_a", prefix)] == sorted(k for k in keys if k.startswith(prefix))
    assert all(segment.frequency("body_a", key) == 1 for key in keys)


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 128])
def test_dictionaries_of_every_length(tmp_path: Path, count: int) -> None:
    keys = [f"t{number:03d}" for number in range(count)]
    segment = build(tmp_path, [(entry("k", "")[0], syllables(), syllables(*keys))])
    assert [term for term, _ in segment.terms("body_a")] == keys
    assert [segment.field("body_a").dictionary.rank(key.encode()) for key in keys] == list(range(count))
    assert segment.field("body_a").dictionary.rank_from(b"z") == count


def test_large_numbers_keep_their_value(tmp_path: Path) -> None:
    often = syllables(*["a"] * 300, "b", positions=(*range(299), 65535, 65536))
    far = syllables("a", "b", positions=(70_000, 4_000_000_000))
    near = syllables("a", "b")
    entries = [(entry(key, "")[0], syllables(), text) for key, text in (("1", near), ("2", often), ("3", far))]
    segment = build(tmp_path, entries)
    postings = segment.postings("body_a", "a")
    assert postings.frequencies.tolist() == [1, 300, 1]
    assert postings.positions().tolist() == [0, *range(299), 65535, 70_000]
    assert segment.postings("body_a", "b").positions().tolist() == [1, 65536, 4_000_000_000]
    for term in ("a", "b"):  # single ones, in any order, are those of the whole list
        whole = segment.postings("body_a", term).positions()
        places = np.array([len(whole) - 1, 0, len(whole) // 2, 0])
        assert segment.postings("body_a", term).positions_at(places).tolist() == whole[places].tolist()
    merged = Segment(tmp_path, merge(tmp_path, [segment, build(tmp_path, [entry("4", "a b")])], {}))
    assert merged.postings("body_a", "b").positions().tolist() == [1, 65536, 4_000_000_000, 1]


def test_more_articles_than_16_bits_number(tmp_path: Path) -> None:
    """Article numbers above 65,535 have a second column."""
    article = Article(id="", key="", title="", text="")
    writer = SegmentWriter(tmp_path)
    empty = syllables()
    rare = {3, 65535, 65536, 70_000}
    for number in range(70_001):
        text = syllables("hiếm", "có") if number in rare else empty
        writer.add(replace(article, id=str(number), key=f"{number:x}"), empty, text)
    segment = Segment(tmp_path, writer.finish())
    assert segment.postings("body_f2", "hiem co").doc_ids.tolist() == sorted(rare)
    assert segment.number_of(f"{65537:x}") == 65537
    dead = np.arange(70_001) % 2 == 0
    merged = Segment(tmp_path, merge(tmp_path, [segment], {segment.name: dead}))
    assert merged.size == 35_000
    assert merged.postings("body_f2", "hiem co").doc_ids.tolist() == [1, 32767]
    assert merged.article(32767).id == "65535"


BAD = {
    "the key is taken": (replace(entry("good", "x")[0]), syllables(), syllables("b")),
    "no key": (replace(entry("x", "x")[0], key=""), syllables(), syllables("b")),
    "a key that is not ASCII": (replace(entry("x", "x")[0], key="khóa"), syllables(), syllables("b")),
    "a lone surrogate": (replace(entry("x", "x")[0], text="a\ud800"), syllables(), syllables("b")),
    "a term with a space": (entry("x", "x")[0], syllables("b"), syllables("hai từ")),
    "a term with a line feed": (entry("x", "x")[0], syllables("b"), syllables("hai\ntừ")),
    "an empty term": (entry("x", "x")[0], syllables("b"), syllables("")),
    "a surrogate term": (entry("x", "x")[0], syllables("b"), syllables("\ud800")),
    "a bad word": (entry("x", "x")[0], syllables("b"), syllables("c", words=("a b",))),
    "positions are missing": (entry("x", "x")[0], syllables("b"), Stream(["b", "c"], array("I", [0]), [])),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_bad_article_leaves_no_trace(tmp_path: Path, bad: Entry) -> None:
    before, after = entry("good", "nghị quyết", "một"), entry("next", "chỉ thị", "hai")
    writer = SegmentWriter(tmp_path, name="with")
    writer.add(*before)
    with pytest.raises(BadRecordError):
        writer.add(*bad)
    writer.add(*after)
    assert writer.size == 2
    assert dump(Segment(tmp_path, writer.finish())) == dump(build(tmp_path, [before, after], "without"))


def test_giving_up_leaves_no_file(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path)
    writer.add(*entry("k", "nghị quyết"))
    writer.abort()
    assert list(tmp_path.iterdir()) == []


def test_a_failing_disk_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    segment = build(tmp_path, [entry("k", "nghị quyết")], "one")
    writer = SegmentWriter(tmp_path, name="two")
    writer.add(*entry("k", "nghị quyết"))
    monkeypatch.setattr(dictionary.DictionaryWriter, "close", full)
    with pytest.raises(OSError, match="No space"):
        writer.finish()
    with pytest.raises(OSError, match="No space"):
        merge(tmp_path, [segment], {}, "three")
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in files(tmp_path, "one")}


@pytest.mark.parametrize("name", ["../x", "a/b", ".hidden", "a b", "tên", "x" * 101, "a."])
def test_names_that_are_not_file_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="cannot name a segment"):
        SegmentWriter(tmp_path, name=name)


def test_memory_in_use_grows_with_the_tokens(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path)
    writer.add(entry("k", "")[0], syllables(), syllables(*["a"] * 1000))
    assert 8_000 < writer.bytes < 16_000
    writer.abort()


SYLLABLES = ("đảng", "dang", "đang", "hòa", "29", "ủy", "a", "ab", "abc", "北")
TEXT = st.lists(st.sampled_from(SYLLABLES), max_size=12)


@st.composite
def streams(draw: st.DrawFn) -> Stream:
    keys = draw(TEXT)
    steps = draw(st.lists(st.sampled_from((1, 1, 1, 2, 40_000)), min_size=len(keys), max_size=len(keys)))
    return Stream(keys, array("I", np.cumsum(steps, dtype=np.uint32).tolist()), draw(TEXT))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.lists(st.tuples(streams(), streams(), st.booleans()), max_size=5), max_size=4))
def test_merging_is_building_in_one_go(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    parts: list[list[tuple[Stream, Stream, bool]]],
) -> None:
    """Term by term and byte by byte the same, with many runs, without the deleted."""
    monkeypatch.setattr(merging, "RUN", 3)
    monkeypatch.setattr(dictionary, "BLOCK", 2)
    folder = tmp_path_factory.mktemp("merge")
    segments, deleted, living = [], {}, []
    for number, part in enumerate(parts):
        entries = [
            (Article(id=f"{number}/{row}", key=f"{number}-{row}", title="", text=str(row)), title, body)
            for row, (title, body, _) in enumerate(part)
        ]
        segments.append(build(folder, entries, f"part{number}"))
        dead = [row[2] for row in part]
        if any(dead):
            deleted[f"part{number}"] = np.array(dead)
        living += [one for one, gone in zip(entries, dead, strict=True) if not gone]
    whole = build(folder, living, "whole")
    said = dump(whole)
    merged = Segment(folder, merge(folder, segments, deleted, "merged"))
    assert dump(merged) == said
    assert (folder / "merged.post").read_bytes() == (folder / "whole.post").read_bytes()
    assert (folder / "merged.text").read_bytes() == (folder / "whole.text").read_bytes()
    del said["facts"]
    assert said == expected(living)


def test_the_order_of_segments_is_the_order_of_articles(tmp_path: Path) -> None:
    first, second = build(tmp_path, [entry("k1", "một hai")]), build(tmp_path, [entry("k2", "hai ba")])
    for segments in ([first, second], [second, first]):
        merged = Segment(tmp_path, merge(tmp_path, segments, {}))
        assert [merged.article(n) for n in (0, 1)] == [segment.article(0) for segment in segments]
        assert Counter(dict(merged.terms("body_a"))) == {"một": 1, "hai": 2, "ba": 1}


def test_deletions_must_fit_their_segment(tmp_path: Path) -> None:
    segment = build(tmp_path, [entry("k1", "một")])
    with pytest.raises(ValueError, match="1 articles, its deletions are for 2"):
        merge(tmp_path, [segment], {segment.name: np.zeros(2, bool)})


def test_codes_too_wide_to_pack_are_numbered_first() -> None:
    codes = np.array([1 << 62, 5, 1 << 62, 5, 7], np.uint64)
    documents = np.array([0, 0, 0, 1, 1], np.uint32)
    found = pool._invert(codes, documents, None, lambda codes: [b"%d" % code for code in codes.tolist()])
    assert list(found.terms) == [b"5", b"7", b"%d" % (1 << 62)]
    assert found.counts.tolist() == [2, 1, 1]
    assert found.doc_ids.tolist() == [0, 1, 1, 0]
    assert found.frequencies.tolist() == [1, 1, 1, 2]
