"""Numbers of documents in a query, in every order that people type, and the documents that they mean."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from searchapp.article import Document
from searchapp.citations.find.vocabulary import CODES, ISSUER_CODES, NAMES
from searchapp.citations.resolve.identity import are_of_two_series
from searchapp.citations.resolve.issuers import codes_of, first_syllables
from searchapp.engine import Engine
from searchapp.query import AllOf, Leaf, Node, Number, Word, mapped, positive
from searchapp.search.document_list.by_name import is_called
from searchapp.search.parser import parse
from searchapp.text.abbreviations import Abbreviations
from searchapp.text.dictionary import covered
from searchapp.text.normalize import fold, fold_key, has_marks
from searchapp.text.tokens import tokens


def numbered(engine: Engine, tree: Node, documents: list[Document], notices: list[tuple[str, ...]]) -> Node:
    """Return the tree with the meanings of its numbers."""

    def meant(leaf: Leaf) -> Node:
        return _number(engine, leaf, documents, notices) if isinstance(leaf, Number) else leaf

    return _without_joints(mapped(tree, meant, excluded=True) or tree)


def without_its_name(engine: Engine, tree: Node, documents: list[Document]) -> Node:
    """Leave out words that name the document of the number beside them: "Luật Doanh nghiệp số 59/2020/QH14".

    documents: those of the number; only the ones of that name stay.
    """
    nodes = tree.children if isinstance(tree, AllOf) else ()
    at = next((at for at, node in enumerate(nodes) if isinstance(node, Number)), 0)
    before, behind, number = _words(nodes[:at]), _words(nodes[at + 1 :]), next(iter(nodes[at : at + 1]), None)
    if not isinstance(number, Number) or before is None or behind is None:
        return tree
    known, meant = engine.tables.abbreviations, list[Document]()
    for start in range(len(before)):
        if meant := [one for one in documents if is_called(known, one, before[start:], typed=start > 0)]:
            before = before[:start]
            break
    if behind and (called := [one for one in meant or documents if is_called(known, one, behind)]):
        meant, behind = called, ()
    if not meant:
        return tree
    slugs = tuple(dict.fromkeys(one.slug for one in meant))
    if len(slugs) < len({one.slug for one in documents}):
        number = replace(number, symbol="", whole=(), documents=slugs)
        documents[:] = meant
    left: tuple[Node, ...] = (*before, number, *behind)
    return AllOf(left) if len(left) > 1 else number


def _words(nodes: Sequence[Node]) -> tuple[Word, ...] | None:
    """Return the words of nodes that are nothing but words; an abbreviation may be a group of them."""
    flat = [one for node in nodes for one in (node.children if isinstance(node, AllOf) else (node,))]
    words = tuple(one for one in flat if isinstance(one, Word))
    return words if len(words) == len(flat) else None


JOINTS: Final = frozenset({"va", "voi", "cung", "hay", "hoac"})


def _without_joints(tree: Node) -> Node:
    """Leave out the words that only join two numbers: "luật đất đai 2013 và luật đất đai 2024"."""
    nodes = tree.children if isinstance(tree, AllOf) else ()
    kept = tuple(
        node
        for at, node in enumerate(nodes)
        if not (isinstance(node, Word) and fold(node.key) in JOINTS and _are_numbers(nodes[max(0, at - 1) : at + 2]))
    )
    return AllOf(kept) if len(kept) < len(nodes) else tree


def _are_numbers(nodes: Sequence[Node]) -> bool:
    """Tell whether a word stands between two numbers."""
    return len(nodes) == len(("left", "word", "right")) and all(isinstance(one, Number) for one in nodes[::2])


_YEARS: Final = re.compile(
    r"(?P<said>.*[^\W\d_]) (?:năm |nam )?(?P<years>(?:19|20)\d\d"
    r"(?:(?: ?,| và| va| với| voi| hay| hoặc| hoac| ?&| ?-)? ?(?<!\d)(?:năm |nam )?(?:19|20)\d\d)+)(?P<rest>(?: .*)?)"
)


def of_several_years(engine: Engine, text: str, tree: Node) -> tuple[Node, list[Document], list[str]] | None:
    """Return the laws of one name and several years ("luật đất đai 2013 và 2024"), and the names of those unknown.

    None where all are. tree: that of the text; one with more than words and numbers asks for something else.
    """
    found = _YEARS.fullmatch(text.strip())
    if not found or not isinstance(tree, AllOf) or not _is_said(tree):
        return None
    words, years = found["said"].split(), dict.fromkeys(_A_YEAR.findall(found["years"]))
    for start in range(len(words)):
        name, documents = " ".join(words[start:]), list[Document]()
        laws = [parse(f"{name} {year}", engine.tables.abbreviations).tree for year in years]
        meant = [_number(engine, one, documents, []) for one in laws if isinstance(one, Number)]
        known = [one for one in meant if isinstance(one, Number)]
        if known and len(meant) == len(years):
            beside = tokens(" ".join((*words[:start], found["rest"])))
            nodes: tuple[Node, ...] = (*(Word(token.key, has_marks(token.key)) for token in beside), *known)
            unknown = [f"{name} {year}" for year, one in zip(years, meant, strict=True) if one not in known]
            return AllOf(nodes) if len(nodes) > 1 else nodes[0], documents, unknown
    return None


def _is_said(node: Node) -> bool:
    """Tell whether a tree is nothing but words and numbers; those of an unknown number are a group of their own."""
    return isinstance(node, Word | Number) or (isinstance(node, AllOf) and all(map(_is_said, node.children)))


def loosely_numbered(engine: Engine, text: str, documents: list[Document]) -> Node | None:
    """The known documents that a text names by nothing but numbers once its accents are put aside: "nghi quyết 57"."""
    if not has_marks(text) or not any(letter.isdigit() for letter in text):
        return None
    tree = parse(fold(text), engine.tables.abbreviations).tree
    if tree is None or not all(isinstance(leaf, Number) for leaf in positive(tree)):
        return None
    tree = numbered(engine, tree, documents, [])
    return tree if documents else None


_WITH_BODY: Final = re.compile(r"(?P<number>.*\d\S*) (?P<body>\D+?)(?:,? (?P<year>(?:năm |nam )?(?:19|20)\d\d))?")
_BODY_FIRST: Final = re.compile(
    r"(?P<said>\D+?) (?:số |so )?(?P<number>\d[\w.-]*(?P<dated>/[\w./-]+)?)"
    r"(?:(?P<year> (?:năm |nam )?(?:19|20)\d\d)|(?P<body>(?(dated) \D+|\b\B)))?"
)
_TYPE, _BODY = ("|".join(sorted(map(re.escape, codes), key=len, reverse=True)) for codes in (CODES, ISSUER_CODES))
# A body that no table has stands behind a type: "QĐ-SNV".
_PIECE: Final = (
    rf"(?:(?P<house>(?:ubtv)?qh\d\d)|(?P<year>(?:19|20)\d\d)|(?P<number>\d{{1,4}})|(?P<type>{_TYPE})"
    rf"|(?P<body>{_BODY}|(?<=-)[a-z]{{2,12}}))(?![a-z\d])"
)
_A_PIECE: Final = re.compile(_PIECE)
_UNNAMED: Final = re.sub("[?]P<[a-z]+>", "?:", _PIECE)
_PIECES: Final = re.compile(rf"(?<![\w/-])(?:{_UNNAMED}[ /-](?:so )?){{2,4}}{_UNNAMED}(?![\w/-])")
# "thông tư 78/2021/BTC": the type stands before the number alone.
_BODY_ALONE: Final = re.compile(
    rf"(?<!\w)(?P<type>{'|'.join(sorted(map(re.escape, {*NAMES, *CODES}), key=len, reverse=True))}) (?:so )?"
    r"(?P<number>\d{1,4}/(?:19|20)\d\d)/(?P<body>[a-z]{2,12})(?![\w/-])"
)


def _in_order(text: str) -> str:
    """Return a text with the pieces of a number in the order of official documents, in whatever order they stand.

    >>> _in_order("qd ttg 37 2018"), _in_order("NĐ-CP số 15/2020 về thuế"), _in_order("phí 59/QH14/2020")
    ('37/2018/qd-ttg', '15/2020/NĐ-CP về thuế', 'phí 59/2020/QH14')
    """
    folded = fold(text)
    for run in reversed(list(_PIECES.finditer(folded)) if len(folded) == len(text) else ()):
        found = list(_A_PIECE.finditer(folded, run.start(), run.end()))
        said = {str(one.lastgroup): text[one.start() : one.end()] for one in found}
        if len(said) == len(found) and set(said) in ({"number", "year", "type", "body"}, {"number", "year", "house"}):
            code = said.get("house") or f"{said['type']}-{said['body']}"
            text = f"{text[: run.start()]}{said['number']}/{said['year']}/{code}{text[run.end() :]}"
    return text


def _with_type(text: str) -> str:
    """Return a text with the type of a number in its symbol, where only the body stands there."""
    folded = fold(text)
    for match in reversed(list(_BODY_ALONE.finditer(folded)) if len(folded) == len(text) else ()):
        code = CODES.get(match["type"]) or NAMES[match["type"]]
        text = f"{text[: match.start()]}{match['number']}/{code}-{match['body']}{text[match.end() :]}"
    return text


def _number_first(text: str) -> str:
    """Return a text with its number behind the type, and the year of the number in its place.

    >>> _number_first("NĐ-CP 15/2020"), _number_first("123/NĐ-CP/2020"), _number_first("tt 78/2021/btc")
    ('15/2020/NĐ-CP', '123/2020/NĐ-CP', '78/2021/tt-btc')
    >>> _number_first("thông tư bộ tài chính số 78 năm 2021"), _number_first("thông tư về thuế 80/2021 bộ tài chính")
    ('thông tư 78 bộ tài chính năm 2021', 'thông tư 80/2021 bộ tài chính về thuế')
    """
    text = _with_type(_in_order(text))
    found = _BODY_FIRST.fullmatch(text)
    words = found["said"].split() if found else []
    size = next((n for n in range(len(words) - 1, 0, -1) if fold(" ".join(words[:n])) in NAMES), 0)
    if not found or not size:
        return text
    return " ".join((*words[:size], found["number"] + (found["body"] or ""), *words[size:])) + (found["year"] or "")


def with_name_written_out(engine: Engine, text: str, documents: list[Document]) -> Node | None:
    """Return the known law of a year whose name has an abbreviation: "luật ban hành VBQPPL 2015"."""
    for full in _written_out(text, engine.tables.abbreviations) if _A_YEAR.search(text) else ():
        tree, found = parse(full, engine.tables.abbreviations).tree, list[Document]()
        if isinstance(tree, Number) and isinstance(meant := _number(engine, tree, found, []), Number):
            documents += found
            return replace(meant, text=text)
    return None


def _written_out(text: str, known: Abbreviations) -> Iterator[str]:
    words = text.split()
    for at, word in enumerate(words):
        for full in known.expansions(word.upper()) if word.isalpha() else ():
            yield " ".join((*words[:at], full, *words[at + 1 :]))


def with_number_behind(engine: Engine, text: str, documents: list[Document]) -> Node | None:
    """Return the tree of a text whose number stands behind its subject: "nghị định về hóa đơn 123/2020"."""
    moved = _number_first(text.strip())
    tree = parse(moved, engine.tables.abbreviations).tree if moved != text.strip() and "/" in moved else None
    if tree is None or not any(isinstance(leaf, Number) for leaf in positive(tree)):
        return None
    found: list[Document] = []
    tree = numbered(engine, tree, found, [])
    if not found or speak_of_others(found, [leaf.key for leaf in positive(tree) if isinstance(leaf, Word)]):
        return None
    said = _BODY_FIRST.fullmatch(text.strip())
    body = _WHOSE.sub("", fold(said["body"].strip())) if said and said["body"] else ""
    theirs = [one for one in found if body and _issued_by(one, body, {body})]
    if 0 < len(theirs) < len(found):
        slugs, found = tuple(one.slug for one in theirs), theirs
        tree = mapped(
            tree, lambda leaf: replace(leaf, symbol="", whole=(), documents=slugs) if isinstance(leaf, Number) else leaf
        )
    documents += found
    return tree


_WHOSE: Final = re.compile(r"(?:cua|do|boi) ")
_AREA: Final = re.compile(r"^(?:tinh|thanh pho|tp) ")  # "nghị quyết 05 tỉnh Lam Giang"
_SHORTEST: Final = 2  # syllables of a body's short name: "bộ lao động"


def numbered_of_a_body(
    engine: Engine, text: str, tree: Node, notices: list[tuple[str, ...]]
) -> tuple[Node, list[Document]] | None:
    """Return the documents that a text names by a number and its body: "thông tư 12/2024 của bộ lao động".

    tree: that of the text; one with more than words and numbers (an exclusion, a phrase) names no body. A body goes by
    its name, the beginning of its name, its code or an abbreviation: "qđ 333 btc".
    """
    plain = isinstance(tree, AllOf) and all(isinstance(one, Word | Number) for one in tree.children)
    moved = _number_first(text.strip()) if plain or isinstance(tree, Number) else ""
    if moved not in ("", text.strip()) and _WRITTEN.fullmatch(moved) and (theirs := engine.documents(moved)):
        return Number("", tuple(one.slug for one in theirs), text), list(theirs)  # "qđ 37 ttg 2018"
    found = _WITH_BODY.fullmatch(moved) or (_WITH_BODY.fullmatch(text.strip()) if moved else None)
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
    theirs = theirs or [one for one in documents if _AREA.sub("", said) in _names_of_place(one.place, known)]
    if documents and not theirs and text.strip().startswith(found["number"]) and _are_of_others(documents, full):
        return _as_words(text, notices), []
    if not theirs or not isinstance(meant, Number):
        return None
    symbol = meant.symbol if len(theirs) == len(documents) else ""
    slugs = tuple(document.slug for document in theirs)
    return replace(meant, symbol=symbol, whole=_whole(engine, symbol, theirs), documents=slugs), theirs


def _names_of_place(place: str, known: Abbreviations) -> list[str]:
    return [_AREA.sub("", fold(name)) for name in (place, *known.expansions(place))]


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


_A_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_LONGEST_BODY: Final = 6  # syllables


def speak_of_others(documents: Sequence[Document], words: Sequence[str]) -> bool:
    """Tell whether the words beside a number say a year or a body that none of these documents has."""
    # "bộ luật hình sự 2015 sửa đổi bổ sung 2017" is that of 2015; nothing is amended before it is issued.
    amended = {match["year"] for match in _AMENDED.finditer(" ".join(map(fold_key, words)))}
    later = {year for year in amended if all(one.date[: len(year)] < year for one in documents)}
    years = [word for word in words if _A_YEAR.fullmatch(word) and word not in later]
    if any(all(year not in f"{one.symbol} {one.date}" for one in documents) for year in years):
        return True
    said = [fold_key(word) for word in words]
    # "cán bộ năng động" names no ministry of energy.
    inside = [at > 0 and covered(words[at - 1 : at + 1]) for at in range(len(words))]
    starts = [at for at, word in enumerate(said) if word in first_syllables() and not inside[at]]
    ends = [(at, at + size) for at in starts for size in range(2, _LONGEST_BODY + 1) if at + size <= len(said)]
    return any(_are_of_others(documents, {" ".join(said[at:end])}) for at, end in ends)


_AMENDED: Final = re.compile(r"\b(?:sua doi|bo sung|sdbs)(?: nam)? (?P<year>(?:19|20)\d\d)\b")
_LETTERS: Final = re.compile(r"[a-z]+")
_SO: Final = re.compile(r"^(?:văn bản |van ban )?(?:số|so):? (?=\d)", re.IGNORECASE)
_NUMBER_AND_YEAR: Final = re.compile(r"(?:1[3-9]|[2-9]\d|\d{3,4})/(?:19|20)\d\d")  # no month
_WRITTEN: Final = re.compile(r"\d[\w.]*(?:[-/][\w.&]+)+")


def as_written(engine: Engine, text: str, documents: list[Document]) -> Node | None:
    """Return the known documents whose number is the whole text: "07/QĐ-TVSN", and "59/2020", which no month is."""
    text = _SO.sub("", text.strip())
    found = engine.documents(text) if _WRITTEN.fullmatch(text) else ()
    if not found and _NUMBER_AND_YEAR.fullmatch(text):
        documents += [one for one in engine.documents() if one.symbol.startswith(f"{text}/")]
        return Number("", tuple(one.slug for one in documents), text) if documents else None
    return numbered(engine, Number(text), documents, []) if found else None


def _number(engine: Engine, number: Number, documents: list[Document], notices: list[tuple[str, ...]]) -> Node:
    """Return the documents that a number may mean; an unknown number is searched as words."""
    given = [document for slug in number.documents if (document := engine.document(slug)) is not None]
    found = engine.documents(number.symbol)
    if not found and (dated := _with_year(number)):
        found = engine.documents(dated)
    if not found and not number.symbol[:1].isdigit():  # "luật BHXH 2014", also beside another law
        found = next(filter(None, map(engine.documents, _written_out(number.symbol, engine.tables.abbreviations))), [])
    same = given or [each for each in found if not _is_of_another_year(number, each)]
    meant = [document for document in same if _agrees(number, document)] or same
    if not meant:
        said, year = number.text or number.symbol, number.date[: len("2022")]
        return _as_words(said if year in said else f"{said} năm {year}", notices)
    kind = _type_of(number.text)
    meant.sort(key=lambda document: bool(kind) and document.type != kind)  # "quy định 37" is no quyết định first
    documents.extend(meant)
    # An open citation of the bare symbol counts as long as any document with it may be meant.
    symbol = number.symbol if len(meant) == len(same) and not given else ""
    slugs = tuple(document.slug for document in meant)
    return replace(number, symbol=symbol, documents=slugs, whole=_whole(engine, symbol, meant))


def _type_of(text: str) -> str:
    """Return the code of the type that a number is introduced by, "" for none: "quy định 37" is a QĐi."""
    words = fold(text).split()
    names = (" ".join(words[:size]) for size in range(len(words), 0, -1))
    return next((NAMES[name] for name in names if name in NAMES), "")


def _whole(engine: Engine, symbol: str, meant: Sequence[Document]) -> tuple[str, ...]:
    """Return the full symbols behind a short one of which every document is meant: 18-NQ/TW of any term."""
    slugs = {document.slug for document in meant}
    others = dict.fromkeys(document.symbol for document in meant if document.symbol != symbol) if symbol else ()
    return tuple(one for one in others if slugs.issuperset(each.slug for each in engine.documents(one)))


def _with_year(number: Number) -> str:
    """Return the symbol of "123/NĐ-CP năm 2020" as the body writes it: 123/2020/NĐ-CP."""
    first, _, rest = number.symbol.partition("/")
    return f"{first}/{number.date[: len('2020')]}/{rest}" if number.date and not rest[:1].isdigit() else ""


def _is_of_another_year(number: Number, document: Document) -> bool:
    """Tell whether the symbol of a document bears a year, and the query names another: "nghị định 14 năm 2022"."""
    years = re.findall(rf"/({_A_YEAR.pattern})/", document.symbol)
    return bool(number.date and years) and number.date[: len("2022")] not in years


def _agrees(number: Number, document: Document) -> bool:
    of_another_term = number.term and document.term and number.term != document.term
    of_another_day = number.date and document.date and not document.date.startswith(number.date)
    if of_another_term or of_another_day or are_of_two_series(_type_of(number.text), document.type):
        return False
    if number.place:
        return fold(number.place) in fold(f"{document.place} {document.issuer}")
    return not number.issuer or not document.issuer or fold(number.issuer) in fold(document.issuer)
