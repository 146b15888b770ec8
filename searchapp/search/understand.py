"""Turn typed text into a question: fields into filters, numbers into documents, limits and notices."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from searchapp.article import Document
from searchapp.citations.find.vocabulary import CODES, NAMES
from searchapp.citations.resolve.issuers import codes_of, first_syllables
from searchapp.engine import Engine
from searchapp.errors import BadQueryError
from searchapp.fields import FACETS
from searchapp.query import AllOf, Leaf, Node, Number, Query, Word, mapped, positive
from searchapp.search.diacritics import restored
from searchapp.search.parser import FIELDS, parse
from searchapp.search.standing import Wanted, passing_status, status_asked
from searchapp.search.variants import repaired, respelt, spelt_for_readers, with_official_terms
from searchapp.text.abbreviations import Abbreviations
from searchapp.text.normalize import fold, fold_key, has_marks
from searchapp.text.syllables import is_syllable
from searchapp.text.tokens import tokens

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
    query = _parsed(query, engine.tables.abbreviations)
    filters = _filters(engine, query)
    wanted = status_asked(engine, filters, query.on)
    query = replace(query, filters=passing_status(filters, wanted))
    notices: list[tuple[str, ...]] = [("no-field", name) for name in _no_fields(query.text)]
    notices += _no_values(engine, filters)
    documents: list[Document] = []
    tree = query.tree
    if tree is not None:
        tree = _numbered(engine, tree, documents, notices)
        query, tree = _repaired(engine, query, tree, notices)
        if not query.verbatim and (whose := _numbered_of_a_body(engine, query.text, tree, notices)) is not None:
            tree, documents = whose
        elif not documents and not query.verbatim:
            named = _loosely_numbered(engine, query.text, documents)
            tree = named or _as_written(engine, query.text, documents) or tree
            if not documents and _is_plain(tree):
                tree = _with_number_behind(engine, query.text, documents) or tree
        if not query.verbatim:
            tree = with_official_terms(engine, tree)
        tree = respelt(engine, _rarest(engine, tree, notices))
        query = replace(query, restored=_restored(engine, tree))
        notices += _told(tree, engine.tables.abbreviations)
        if not any(positive(tree)) and not (query.filters or query.since or query.until):
            raise BadQueryError(
                "Cần ít nhất một từ để tìm: chỉ có từ loại trừ. Hãy thêm một từ hoặc một bộ lọc.",
                "There is nothing to find but words to leave out. Add a word or a filter.",
            )
    only_number = bool(documents) and all(isinstance(leaf, Number) for leaf in positive(tree))
    return Question(replace(query, tree=tree), tuple(documents), tuple(notices), only_number, wanted)


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
    """Yield the themes and sources of filters that are none here."""
    known = {name: set(engine.values(name)) for name in ("theme", "source") if filters.get(name)}
    known["theme"] = {*known.get("theme", ()), *engine.tables.themes.order}
    for name, values in known.items():
        yield from ((f"no-{name}", one) for one in filters.get(name, ()) if one not in values)


def _numbered(engine: Engine, tree: Node, documents: list[Document], notices: list[tuple[str, ...]]) -> Node:
    """Return the tree with the meanings of its numbers."""

    def meant(leaf: Leaf) -> Node:
        return _number(engine, leaf, documents, notices) if isinstance(leaf, Number) else leaf

    return mapped(tree, meant, excluded=True) or tree


def _loosely_numbered(engine: Engine, text: str, documents: list[Document]) -> Node | None:
    """The known documents that a text names by nothing but numbers once its accents are put aside: "nghi quyết 57"."""
    if not has_marks(text) or not any(letter.isdigit() for letter in text):
        return None
    tree = parse(fold(text), engine.tables.abbreviations).tree
    if tree is None or not all(isinstance(leaf, Number) for leaf in positive(tree)):
        return None
    found: list[Document] = []
    tree = _numbered(engine, tree, found, [])
    documents += found
    return tree if found else None


_WITH_BODY: Final = re.compile(r"(?P<number>.*\d\S*) (?P<body>\D+?)(?:,? (?P<year>(?:năm |nam )?(?:19|20)\d\d))?")
_BODY_FIRST: Final = re.compile(
    r"(?P<said>\D+?) (?:số |so )?(?P<number>\d[\w.-]*(?P<dated>/[\w./-]+)?)"
    r"(?:(?P<year> (?:năm |nam )?(?:19|20)\d\d)|(?P<body>(?(dated) \D+|\b\B)))?"
)


_CODE_FIRST: Final = re.compile(
    r"(?<![\w/-])(?P<code>(?P<type>[^\W\d_]{1,5})-[^\W\d_]{2,12}) (?:số |so )?"
    r"(?P<number>\d{1,4}/(?:19|20)\d\d)(?![\w/-])"
)


def _code_behind(match: re.Match[str]) -> str:
    known = fold(match["type"]) in CODES
    return f"{match['number']}/{match['code']}" if known else match.group()


def _number_first(text: str) -> str:
    """Return a text with its number behind the type.

    >>> _number_first("NĐ-CP 15/2020")
    '15/2020/NĐ-CP'
    >>> _number_first("thông tư bộ tài chính số 78 năm 2021"), _number_first("thông tư về thuế 80/2021 bộ tài chính")
    ('thông tư 78 bộ tài chính năm 2021', 'thông tư 80/2021 bộ tài chính về thuế')
    """
    text = _CODE_FIRST.sub(_code_behind, text)
    found = _BODY_FIRST.fullmatch(text)
    words = found["said"].split() if found else []
    size = next((n for n in range(len(words) - 1, 0, -1) if fold(" ".join(words[:n])) in NAMES), 0)
    if not found or not size:
        return text
    return " ".join((*words[:size], found["number"] + (found["body"] or ""), *words[size:])) + (found["year"] or "")


def _with_number_behind(engine: Engine, text: str, documents: list[Document]) -> Node | None:
    """Return the tree of a text whose number stands behind its subject: "nghị định về hóa đơn 123/2020"."""
    moved = _number_first(text.strip())
    tree = parse(moved, engine.tables.abbreviations).tree if moved != text.strip() and "/" in moved else None
    if tree is None or not any(isinstance(leaf, Number) for leaf in positive(tree)):
        return None
    found: list[Document] = []
    tree = _numbered(engine, tree, found, [])
    if not found or _speak_of_others(found, [leaf.key for leaf in positive(tree) if isinstance(leaf, Word)]):
        return None
    said = _BODY_FIRST.fullmatch(text.strip())
    body = _WHOSE.sub("", fold(said["body"].strip())) if said and said["body"] else ""
    theirs = [one for one in found if body and _issued_by(one, body, {body})]
    if 0 < len(theirs) < len(found):
        slugs, found = tuple(one.slug for one in theirs), theirs
        tree = mapped(
            tree, lambda leaf: replace(leaf, symbol="", documents=slugs) if isinstance(leaf, Number) else leaf
        )
    documents += found
    return tree


_WHOSE: Final = re.compile(r"(?:cua|do|boi) ")
_SHORTEST: Final = 2  # syllables of a body's short name: "bộ lao động"


def _numbered_of_a_body(
    engine: Engine, text: str, tree: Node, notices: list[tuple[str, ...]]
) -> tuple[Node, list[Document]] | None:
    """Return the documents that a text names by a number and its body: "thông tư 12/2024 của bộ lao động".

    tree: that of the text; one with more than words and numbers (an exclusion, a phrase) names no body. A body goes by
    its name, the beginning of its name, its code or an abbreviation: "qđ 333 btc".
    """
    plain = isinstance(tree, AllOf) and all(isinstance(one, Word | Number) for one in tree.children)
    found = _WITH_BODY.fullmatch(_number_first(text.strip())) if plain or isinstance(tree, Number) else None
    if not found:
        return None
    numbered = " ".join(filter(None, (found["number"], found["year"])))
    number = parse(numbered, engine.tables.abbreviations).tree
    if not isinstance(number, Number):
        return None
    said = _WHOSE.sub("", " ".join(fold(found["body"]).split()), count=1)
    words, known = said.split(), engine.tables.abbreviations
    full = {said} | {
        fold(" ".join((*words[:at], name, *words[at + 1 :])))
        for at, word in enumerate(words)
        for name in known.expansions(word.upper())
    }
    documents: list[Document] = []
    meant = _number(engine, number, documents, [])
    theirs = [document for document in documents if _issued_by(document, said, full)]
    if documents and not theirs and text.strip().startswith(found["number"]) and _are_of_others(documents, full):
        return _as_words(text, notices), []
    if not theirs or not isinstance(meant, Number):
        return None
    symbol = meant.symbol if len(theirs) == len(documents) else ""
    return replace(meant, symbol=symbol, documents=tuple(document.slug for document in theirs)), theirs


def _issued_by(document: Document, said: str, full: Collection[str]) -> bool:
    """Tell whether a body issued a document. said: its short name or code in ASCII; full: its names."""
    body = " ".join(_LETTERS.findall(fold(document.issuer)))
    begins = any(f"{body} ".startswith(f"{name} ") for one in full if (name := " ".join(_LETTERS.findall(one))))
    return (begins and (said == body or said.count(" ") + 1 >= _SHORTEST or full != {said})) or (
        said.replace(" ", "") in _codes(document)
    )


def _are_of_others(documents: Sequence[Document], names: Collection[str]) -> bool:
    """Tell whether these names are a known body's, of whose none of these documents is."""
    codes = {fold(code) for name in names for code in codes_of(name)}
    return bool(codes) and all(document.issuer and codes.isdisjoint(_codes(document)) for document in documents)


def _codes(document: Document) -> list[str]:
    return fold(document.symbol).replace("/", "-").split("-")[1:]


def _as_words(text: str, notices: list[tuple[str, ...]]) -> AllOf:
    notices.append(("unknown-number", text))
    return AllOf(tuple(Word(token.key, has_marks(token.key)) for token in tokens(text)))


def number_alone(question: Question) -> Question | None:
    """Return the question of the numbers of a query without its plain words; None where it is not of this form.

    None also where the numbers mean many documents, or the words another body's or year's.
    "nghị định 15/2020 còn hiệu lực không" asks about the document, which no article need say in these words.
    """
    tree = question.query.tree
    nodes = tree.children if isinstance(tree, AllOf) else ()
    numbers = tuple(node for node in nodes if isinstance(node, Number))
    words = [node.key for node in nodes if isinstance(node, Word)]
    only_words = numbers and words and len(numbers) + len(words) == len(nodes)
    few = 0 < len({each.slug for each in question.documents}) <= _FEW_MEANT
    if not only_words or not few or _speak_of_others(question.documents, words):
        return None
    left: Node = numbers[0] if len(numbers) == 1 else AllOf(numbers)
    told = (one for one in question.notices if one[0] not in ("folded", "also"))  # of words that are not searched now
    notices = (*told, ("number-alone", " ".join(words)))
    return replace(question, query=replace(question.query, tree=left), notices=notices, only_number=True)


def few_meant(question: Question) -> tuple[Document, ...]:
    """Return the documents of a number among other words, where it means few."""
    return tuple({each.slug: each for each in question.documents}.values()) if number_alone(question) else ()


_FEW_MEANT: Final = 4
_A_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_LONGEST_BODY: Final = 6  # syllables


def _speak_of_others(documents: Sequence[Document], words: Sequence[str]) -> bool:
    """Tell whether the words beside a number say a year or a body that none of these documents has."""
    years = [word for word in words if _A_YEAR.fullmatch(word)]
    if any(all(year not in f"{one.symbol} {one.date}" for one in documents) for year in years):
        return True
    said = [fold_key(word) for word in words]
    starts = [at for at, word in enumerate(said) if word in first_syllables()]
    ends = [(at, at + size) for at in starts for size in range(2, _LONGEST_BODY + 1) if at + size <= len(said)]
    return any(_are_of_others(documents, {" ".join(said[at:end])}) for at, end in ends)


_LETTERS: Final = re.compile(r"[a-z]+")
_WRITTEN: Final = re.compile(r"\d[\w.]*(?:[-/][\w.&]+)+")


def _as_written(engine: Engine, text: str, documents: list[Document]) -> Node | None:
    """The known documents whose number is the whole text, though no table knows its issuer: "07/QĐ-TVSN"."""
    found = engine.documents(text.strip()) if _WRITTEN.fullmatch(text.strip()) else ()
    return _numbered(engine, Number(text.strip()), documents, []) if found else None


def _number(engine: Engine, number: Number, documents: list[Document], notices: list[tuple[str, ...]]) -> Node:
    """Return the documents that a number may mean; an unknown number is searched as words."""
    given = [document for slug in number.documents if (document := engine.document(slug)) is not None]
    found = engine.documents(number.symbol)
    if not found and (dated := _with_year(number)):
        found = engine.documents(dated)
    same = given or [each for each in found if not _is_of_another_year(number, each)]
    meant = [document for document in same if _agrees(number, document)] or same
    if not meant:
        said, year = number.text or number.symbol, number.date[: len("2022")]
        return _as_words(said if year in said else f"{said} năm {year}", notices)
    documents.extend(meant)
    # An open citation of the bare symbol counts as long as any document with it may be meant.
    symbol = number.symbol if len(meant) == len(same) and not given else ""
    return replace(number, symbol=symbol, documents=tuple(document.slug for document in meant))


def _with_year(number: Number) -> str:
    """Return the symbol of "123/NĐ-CP năm 2020" as the body writes it: 123/2020/NĐ-CP."""
    first, _, rest = number.symbol.partition("/")
    return f"{first}/{number.date[: len('2020')]}/{rest}" if number.date and not rest[:1].isdigit() else ""


def _is_of_another_year(number: Number, document: Document) -> bool:
    """Tell whether the symbol of a document bears a year, and the query names another: "nghị định 14 năm 2022"."""
    years = re.findall(rf"/({_A_YEAR.pattern})/", document.symbol)
    return bool(number.date and years) and number.date[: len("2022")] not in years


def _agrees(number: Number, document: Document) -> bool:
    if number.term and document.term and number.term != document.term:
        return False
    if number.date and document.date and not document.date.startswith(number.date):
        return False
    if number.place:
        return fold(number.place) in fold(f"{document.place} {document.issuer}")
    return not number.issuer or not document.issuer or fold(number.issuer) in fold(document.issuer)


def _repaired(engine: Engine, query: Query, tree: Node, notices: list[tuple[str, ...]]) -> tuple[Query, Node]:
    """Return tree and text with raw Telex and VNI decoded."""
    readings: Mapping[str, str] = {}
    if not query.verbatim:
        tree, readings = repaired(engine, tree)
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


def _told(tree: Node, known: Abbreviations) -> Iterator[tuple[str, ...]]:
    words = [leaf for leaf in positive(tree) if isinstance(leaf, Word)]
    lettered = [word for word in words if is_syllable(fold_key(word.key))]
    if lettered and not any(word.marked for word in words):
        yield ("folded",)
    yield from dict.fromkeys(("also", spelt_for_readers(word, phrase, known)) for word in words for phrase in word.also)
