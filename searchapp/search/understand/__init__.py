"""Turn typed text into a question: fields into filters, numbers into documents, limits and notices."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from searchapp.article import Document
from searchapp.citations.find.vocabulary import CODES
from searchapp.engine import Engine
from searchapp.errors import BadQueryError
from searchapp.fields import FACETS
from searchapp.query import LETTERS, AllOf, AnyOf, Node, Number, Phrase, Prefix, Query, Word, mapped, positive
from searchapp.search.diacritics import restored
from searchapp.search.document_list.by_name import only_asks
from searchapp.search.parser import FIELDS, parse
from searchapp.search.standing import Wanted, passing_status, status_asked
from searchapp.search.understand.numbers import (
    JOINTS,
    as_written,
    loosely_numbered,
    numbered,
    numbered_of_a_body,
    of_several_years,
    speak_of_others,
    with_name_written_out,
    with_number_behind,
    without_its_name,
)
from searchapp.search.understand.official_terms import with_official_terms
from searchapp.search.variants import repaired, respelt, spelt_for_readers
from searchapp.text.abbreviations import Abbreviations
from searchapp.text.encodings import pasted
from searchapp.text.normalize import fold, fold_key, has_marks
from searchapp.text.syllables import is_syllable
from searchapp.text.tokens import Token, tokens
from searchapp.text.typed import laws_in_english

MAX_WORDS: Final = 64  # beyond, only the rarest are used and the reader is told


@dataclass(frozen=True, slots=True)
class Question:
    """A query ready for an engine, the documents its numbers mean, and notices for the reader (`results.Page`)."""

    query: Query
    documents: tuple[Document, ...] = ()
    notices: tuple[tuple[str, ...], ...] = ()
    only_number: bool = False
    wanted: Wanted | None = None


def understand(engine: Engine, query: Query) -> Question:
    """Finish a query from a page or command. Raises BadQueryError, in Vietnamese, for an impossible one."""
    typed = query.text
    if query.tree is None and not query.verbatim:
        query = replace(query, text=pasted(typed))
    from_font = query.text != typed
    query = _parsed(query, engine.tables.abbreviations)
    filters = _filters(engine, query)
    wanted = status_asked(engine, filters, query.on)
    query = replace(query, filters=passing_status(filters, wanted))
    notices: list[tuple[str, ...]] = [("no-field", name) for name in _no_fields(query.text)]
    notices += _no_values(engine, filters)
    notices += [("decoded", query.text)] if from_font else []
    notices += [("in-english", law) for law in dict.fromkeys(laws_in_english(query.text))]
    documents: list[Document] = []
    tree = query.tree
    if tree is not None:
        tree = numbered(engine, tree, documents, notices)
        query, tree = _repaired(engine, query, tree, notices)
        if not query.verbatim and (years := of_several_years(engine, query.text, tree)) is not None:
            tree, documents, unknown = years
            notices = [one for one in notices if one[0] != "unknown-number"]
            notices += [("unknown-among", ", ".join(unknown))] if unknown else []
        elif not query.verbatim and (whose := numbered_of_a_body(engine, query.text, tree, notices)) is not None:
            tree, documents = whose
            notices = [one for one in notices if not documents or one[0] != "unknown-number"]
        elif not documents and not query.verbatim:
            named = loosely_numbered(engine, query.text, documents)
            tree = named or as_written(engine, query.text, documents) or tree
            moved = None
            if not documents and _is_plain(tree):
                moved = with_number_behind(engine, query.text, documents)
                moved = moved or with_name_written_out(engine, query.text, documents)
                moved = moved or _with_subject_behind(engine, query.text, documents)
                moved = moved or _with_bare_number(engine, query.text, documents)
            tree = moved or tree
            if documents:  # the number is known, in another spelling than the first one that was read
                notices = [one for one in notices if one[0] != "unknown-number"]
        if not query.verbatim:
            tree = without_its_name(engine, tree, documents)
            officially: list[tuple[str, str]] = []
            tree = with_official_terms(engine, tree, officially)
            notices += [("official", *names) for names in officially]
        tree = respelt(engine, _rarest(engine, tree, notices))
        query = replace(query, restored=_restored(engine, tree))
        notices += told(tree, engine.tables.abbreviations)
        if not any(positive(tree)) and not (query.filters or query.since or query.until):
            raise BadQueryError(
                "Cần ít nhất một từ để tìm: chỉ có từ loại trừ. Hãy thêm một từ hoặc một bộ lọc.",
                "There is nothing to find but words to leave out. Add a word or a filter.",
            )
    if _is_stranger(engine, query, tree, notices):
        query = replace(query, step=LETTERS)
    only_number = bool(documents) and all(isinstance(leaf, Number) for leaf in positive(tree))
    return Question(replace(query, tree=tree), tuple(documents), tuple(notices), only_number, wanted)


_SYMBOL: Final = re.compile(r"(?<![\w/])(?!(?:19|20)\d\d(?!\w|/))\d{1,4}(?!\d)")
"""A number that is no year: "hiến pháp 2013" is a name."""


def _is_stranger(engine: Engine, query: Query, tree: Node | None, notices: Sequence[tuple[str, ...]]) -> bool:
    """Tell whether a query asks for nothing but a document that is unknown: pieces of its number say nothing of it."""
    unknown = [one[1] for one in notices if one[0] == "unknown-number"]
    if query.step or len(unknown) != 1 or tree is None or not _is_plain(tree):
        return False
    number = _letters(tokens(unknown[0]))
    others = [leaf.key for leaf in positive(tree) if isinstance(leaf, Word) and leaf.key.lstrip("0") not in number]
    asking = engine.tables.questions.asking(others)
    left = [key for key, asks in zip(others, asking, strict=True) if not asks]
    return _SYMBOL.search(unknown[0]) is not None and (not left or only_asks(left))


_EVERYDAY: Final = re.compile(
    r"(?P<number>(?:quy định|quy dinh|quyết định|quyet dinh|kết luận|ket luan|kế hoạch|ke hoach|hướng dẫn|huong dan"
    r"|thông báo|thong bao|đề án|de an) (?:số |so )?\d{1,4}) (?P<subject>\D.*)",
    re.IGNORECASE,
)
"""A number behind the name of a type that is also an everyday word."""


def _with_subject_behind(engine: Engine, text: str, documents: list[Document]) -> Node | None:
    """Return the tree of a number with its subject behind it: "quy định 69 kỷ luật đảng viên".

    The titles of the documents of the number tell that it is one: "quyết định 3 bước" is none.
    """
    said = _EVERYDAY.fullmatch(text.strip())
    number = parse(said["number"], engine.tables.abbreviations).tree if said else None
    if said is None or not isinstance(number, Number):
        return None
    found: list[Document] = []
    numbered(engine, number, found, [])
    words = [token.key for token in tokens(said["subject"])]
    telling = {word for word in words if fold_key(word) not in _SAY_NOTHING}
    meant = [one for one in found if telling and 2 * len(_title_words(one, telling)) > len(telling)]
    if not meant:
        return None
    documents += meant
    number = replace(number, documents=tuple(dict.fromkeys(one.slug for one in meant)))
    return AllOf((number, *(Word(word, has_marks(word)) for word in words)))


_BARE: Final = re.compile(r"(?<![\w/.-])(?:số |so )?(?P<number>\d{2,4}/(?:19|20)\d\d)(?![\w/-])")
_MONTHS: Final = 12


def _with_bare_number(engine: Engine, text: str, documents: list[Document]) -> Node | None:
    """Return the tree of a number and year without a type, beside words of its document's title: "123/2020 hóa đơn"."""
    said = _BARE.search(text)
    if said is None or int(said["number"].partition("/")[0]) <= _MONTHS:
        return None
    words = [token.key for token in tokens(text[: said.start()] + text[said.end() :])]
    telling = {word for word in words if fold_key(word) not in _SAY_NOTHING}
    found = [one for one in engine.documents() if one.symbol.startswith(f"{said['number']}/")]
    meant = [one for one in found if telling and 2 * len(_title_words(one, telling)) > len(telling)]
    if not meant:
        return None
    documents += meant
    number = Number("", tuple(dict.fromkeys(one.slug for one in meant)), said["number"])
    return AllOf((number, *(Word(word, has_marks(word)) for word in words)))


def _is_plain(node: Node) -> bool:
    """Tell whether a query is nothing but words."""
    return isinstance(node, Word) or (isinstance(node, AllOf) and all(map(_is_plain, node.children)))


_FILTERS: Final = "|".join(
    sorted({f.parameter.replace("_", "[-_]?") for f in FACETS if f.parameter.replace("_", "-") not in FIELDS})
)
_NO_FIELD: Final = re.compile(rf"(?<![\w-])(?:(?:{_FILTERS})(?=[ ]?:[ ]?[\w\"])|[a-z]+(?:-[a-z]+)+(?=:[\w\"]))")


def _no_fields(text: str) -> Iterator[str]:
    """Yield what a text has before a colon as fields have it, and is none: "loai:nghi-dinh"."""
    return (name for name in dict.fromkeys(_NO_FIELD.findall(text)) if name not in FIELDS)


def _parsed(query: Query, abbreviations: Abbreviations) -> Query:
    if query.tree is not None or not query.text:
        return query
    parsed = parse(query.text, abbreviations)
    filters = {**query.filters}
    for name, values in parsed.filters.items():
        filters[name] = (*filters.get(name, ()), *values)
    since = max(query.since, parsed.since)
    until = min(filter(None, (query.until, parsed.until)), default="")
    return replace(query, text=parsed.text, tree=parsed.tree, filters=filters, since=since, until=until)


def _filters(engine: Engine, query: Query) -> dict[str, tuple[str, ...]]:
    """Return the filters; a bare symbol in the document filter means every document that bears it."""
    filters = {name: tuple(dict.fromkeys(values)) for name, values in query.filters.items() if values}
    slugs: list[str] = []
    for value in filters.get("document", ()):
        same = [] if engine.document(value) else engine.documents(value)
        slugs += [document.slug for document in same] or [value]
    if slugs:
        filters["document"] = tuple(dict.fromkeys(slugs))
    if themes := filters.get("theme"):
        filters["theme"] = tuple(dict.fromkeys(engine.tables.themes.find(one) or one for one in themes))
    if sources := filters.get("source"):
        names = {spelt: name for name in engine.values("source") for spelt in (fold(name), name)}
        filters["source"] = tuple(dict.fromkeys(names.get(one) or names.get(fold(one), one) for one in sources))
    return filters


def _no_values(engine: Engine, filters: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Yield the themes, sources and documents of filters that are none here."""
    for name in ("document", "amends", "replaces"):
        yield from (("no-document", one) for one in filters.get(name, ()) if not _is_known(engine, one))
    for name in ("theme", "source"):
        if asked := filters.get(name):
            known = {*engine.values(name), *(engine.tables.themes.order if name == "theme" else ())}
            yield from ((f"no-{name}", one) for one in asked if one not in known)


def _is_known(engine: Engine, name: str) -> bool:
    """Tell whether a slug or number is that of a document."""
    return engine.document(name) is not None or bool(engine.documents(name))


def any_of_them(question: Question) -> Question | None:
    """Return the question of any of the documents that a query names, beside its other words; None for fewer than two.

    "luật đất đai 2013 và luật đất đai 2024": where no article names both, those that name one are an answer.
    """
    tree = question.query.tree
    nodes = tree.children if isinstance(tree, AllOf) else ()
    numbers = tuple(node for node in nodes if isinstance(node, Number))
    if len(numbers) <= 1:
        return None
    others = tuple(node for node in nodes if not isinstance(node, Number))
    either = AllOf((*others, AnyOf(numbers))) if others else AnyOf(numbers)
    notices = (*question.notices, ("any-of-them",))
    return replace(question, query=replace(question.query, tree=either), notices=notices)


def number_alone(question: Question) -> Question | None:
    """Return the question of the numbers of a query without its plain words; None where it is not of this form.

    None also where the numbers mean many documents, or the words another body's or year's.
    "nghị định 15/2020 còn hiệu lực không" asks about the document, which no article need say in these words.
    """
    tree, told = question.query.tree, question.notices
    unknown = {_letters(tokens(one[1])): one[1] for one in told if one[0] == "unknown-number"}
    nodes = tree.children if isinstance(tree, AllOf) else ()
    nodes = tuple(node for node in nodes if not (isinstance(node, AllOf) and _letters(node.children) in unknown))
    numbers = tuple(node for node in nodes if isinstance(node, Number))
    words = [node.key for node in nodes if isinstance(node, Word)]
    only_words = numbers and (words or unknown) and len(numbers) + len(words) == len(nodes)
    meant = _likely(question.documents, words) if only_words else ()
    if not meant or speak_of_others(meant, words):
        return None
    slugs = {each.slug for each in meant}
    if len(slugs) < len({each.slug for each in question.documents}):  # which of them was said by a word of its title
        kept = [(one, tuple(slug for slug in one.documents if slug in slugs)) for one in numbers]
        numbers = tuple(replace(one, symbol="", whole=(), documents=documents) for one, documents in kept)
    left: Node = numbers[0] if len(numbers) == 1 else AllOf(numbers)
    # Without what is told of words that are not searched now.
    kept_notices = (one for one in told if one[0] not in ("folded", "also", "official", "unknown-number"))
    among = (("unknown-among", ", ".join(unknown.values())),) if unknown else ()
    asks = not words or (unknown and (only_asks(words) or JOINTS.issuperset(map(fold_key, words))))
    notices = (*kept_notices, *among, *(() if asks else (("number-alone", " ".join(words)),)))
    alone = replace(question, query=replace(question.query, tree=left), notices=notices, only_number=True)
    return replace(alone, documents=meant)


def _letters(words: Iterable[Node | Token]) -> str:
    """Return the letters of a number. "QH14" is searched as two words, and articles may lack a leading zero."""
    return "".join(one.key.lstrip("0") for one in words if isinstance(one, Word | Token))


def words_alone(question: Question) -> Question | None:
    """Return the question of the plain words of a query without its number, whose documents speak of something else."""
    tree = question.query.tree
    nodes = tree.children if isinstance(tree, AllOf) else ()
    words = tuple(node for node in nodes if isinstance(node, Word))
    numbers = [node for node in nodes if isinstance(node, Number)]
    keys = [word.key for word in words]
    if not (words and len(numbers) == 1 and len(nodes) - 1 == len(words)) or _likely(question.documents, keys):
        return None
    notices = (*question.notices, ("words-alone", numbers[0].text, " ".join(keys)))
    left = AllOf(words) if len(words) > 1 else words[0]
    return replace(question, query=replace(question.query, tree=left), documents=(), notices=notices)


def few_meant(question: Question) -> tuple[Document, ...]:
    """Return the documents of a number among words or phrases, where it means few."""
    if alone := number_alone(question):
        return alone.documents
    leaves = tuple(positive(question.query.tree))
    words = [leaf.key for leaf in leaves if isinstance(leaf, Word)]
    slugs = {slug for leaf in leaves if isinstance(leaf, Number) for slug in leaf.documents}
    asked_for = [each for each in question.documents if each.slug in slugs]  # not what is left out
    if not any(isinstance(leaf, Phrase | Prefix) for leaf in leaves) or speak_of_others(asked_for, words):
        return ()
    return _likely(asked_for, words)


_FEW_MEANT: Final = 4
_SAY_NOTHING: Final = frozenset({
    "ve", "va", "cua", "cac", "nhung", "trong", "o", "co", "la", "quy", "dinh", "theo", "so", "nam", "nghi", "quyet",
    "thong", "tu", "luat", "mot", "dieu", "cho", "voi", "den", "duoc", "khi", "khong", "nay", "tai", "tren", "viec",
    "do", "bo", "chinh", "phu", "doi",
})  # fmt: skip
"""Folded words that titles of any document have."""


def _likely(documents: Sequence[Document], words: Sequence[str]) -> tuple[Document, ...]:
    """Return the documents of a number, where they are few; of many those whose titles have most of these words.

    "nghị định 100 phạt nồng độ cồn" means that on penalties, not six others of the number.
    """
    found = tuple({each.slug: each for each in documents}.values())
    said = {word for word in words if fold_key(word) not in _SAY_NOTHING}
    if only_asks(words):
        return found
    if len(found) <= _FEW_MEANT:
        several = len({each.issuer for each in found}) > 1 and all(each.title for each in found)
        if not several or not said:
            return found
        # One number of several bodies: that of another body, of which nothing is known here, may be meant.
        return tuple(each for each in found if 2 * len(_title_words(each, said)) > len(said))
    shared = [len(said & _title_words(each, said)) for each in found]
    best = [each for each, count in zip(found, shared, strict=True) if count and count == max(shared)]
    return tuple(best) if len(best) <= _FEW_MEANT else ()


def _title_words(document: Document, said: Collection[str]) -> set[str]:
    """Return those words that a title has; one without accents is any of its letters."""
    keys = {token.key for token in tokens(document.title)}
    letters = set(map(fold_key, keys))
    return {word for word in said if word in keys or (not has_marks(word) and word in letters)}


def _repaired(engine: Engine, query: Query, tree: Node, notices: list[tuple[str, ...]]) -> tuple[Query, Node]:
    """Return tree and text with raw Telex and VNI decoded."""
    readings: Mapping[str, str] = {}
    if not query.verbatim:
        tree, readings = repaired(engine, tree, query.text)
    if readings:
        text = query.text  # with its quotes, which the link to it must keep
        for token in reversed(tokens(text)):
            if token.key in readings:
                text = text[: token.start] + readings[token.key] + text[token.end :]
        query = replace(query, text=text)
        notices.append(("decoded", query.text))
    return query, tree


def _restored(engine: Engine, tree: Node) -> str:
    """Return the plain words with their most likely accents, "" where any was typed."""
    words = [leaf for leaf in positive(tree) if isinstance(leaf, Word)]
    if len(words) < 2 or any(word.marked for word in words):
        return ""
    return " ".join(restored(engine, [fold_key(word.key) for word in words]))


def _rarest(engine: Engine, tree: Node, notices: list[tuple[str, ...]]) -> Node:
    words = [node for node in positive(tree) if isinstance(node, Word)]
    if len(words) <= MAX_WORDS:
        return tree
    counts = engine.frequencies({fold_key(word.key) for word in words}, stream="f")
    ranked = sorted({word.key for word in words}, key=lambda key: (counts.get(fold_key(key), 0), key))
    kept = set(ranked[:MAX_WORDS])
    notices.append(("rarest", str(MAX_WORDS)))
    return mapped(tree, lambda leaf: None if isinstance(leaf, Word) and leaf.key not in kept else leaf) or tree


def told(tree: Node, known: Abbreviations) -> Iterator[tuple[str, ...]]:
    """Yield what a reader is told of plain words: accents put aside, abbreviations written out."""
    words = [leaf for leaf in positive(tree) if isinstance(leaf, Word)]
    lettered = [word for word in words if is_syllable(fold_key(word.key))]
    if lettered and not any(word.marked for word in words):
        yield ("folded",)
    yield from dict.fromkeys(("also", spelt_for_readers(word, one, known)) for word in words for one in _telling(word))


def _telling(word: Word) -> Iterator[Phrase]:
    """Yield what is told to stand for a word, without other letters of its code that hardly anybody knows: QĐi, QyĐ."""
    return (one for one in word.also if len(one.keys) > 1 or not _is_rare_code(fold(one.keys[0])))


def _is_rare_code(key: str) -> bool:
    return key in CODES and fold(CODES[key]) != key
