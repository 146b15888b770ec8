"""Find provisions: the one that a query names, and those of a long text that hold its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from searchapp.article import Article, Document
from searchapp.citations.find.pinpoint import Pinpoint
from searchapp.citations.find.vocabulary import type_code
from searchapp.citations.resolve.identity import are_of_two_series
from searchapp.engine import Engine
from searchapp.fields import OWN_DOCUMENT, PROVISION
from searchapp.outline import Node, kinds, label, part_id, provision_of, unpack
from searchapp.query import AllOf, Number, Phrase, Query, Word
from searchapp.results import Piece, Provision
from searchapp.search import gazette
from searchapp.search.document_list import by_name
from searchapp.search.document_list.beside import named_provision, said, without_joint
from searchapp.search.highlighter import Marks
from searchapp.search.understand import Question, understand
from searchapp.text.abbreviations import Abbreviations
from searchapp.text.normalize import fold, has_marks
from searchapp.text.tokens import tokens

_MAX_SHOWN: Final = 3
_EXCERPT: Final = 700  # characters of a provision that its card shows
_KINDS: Final = ("dieu", "phu-luc")
_ABOVE: Final = 2  # lines: a heading and the note of a source
_MAX_WORDS: Final = 16  # a longer query tells a story
_SIGNS: Final = re.compile(r"[\"“”():*]|(?:^|\s)-|\bOR\b")
_HEADINGS: Final = 20  # articles of a document that say the words of a heading
_SAME: Final = 4  # articles that are one provision: a collection prints it under several headings
# "Điều 12. Quyền …", and with the number of a codification: "Điều 34.10.NĐ.3.37. Quảng cáo".
_HEADED: Final = re.compile(r"Điều \d+[a-zđ]{0,2}(?:\.\w+)*(?:[.:]|$)")
_LAWS: Final = ("Luật", "BL", "PL", "HP", "Bộ luật", "Pháp lệnh", "Hiến pháp")
_LAW: Final = re.compile(r"^(?:bo luat|luat|phap lenh|hien phap)\b(?: ve)?\s*|^ve\s+")
_YEAR: Final = re.compile(r"\s*(?:\bnam\s+)?(?:\bso\s+)?\b(?P<year>(?:19|20)\d\d)$")


def asked(engine: Engine, query: Query) -> tuple[Provision, Question] | None:
    """Return the provision that a query names, with the question beside it: its document and the articles that cite it.

    It stands in the text of its document, else it is an article of its own, as in a codification. None where the query
    names no provision, or no single document of which the archive holds the text or this provision.
    """
    named = named_provision(query)
    if named is None:
        return None
    beside = replace(query, text=named[1])
    question = _document(engine, beside)
    if question is None or not question.only_number:  # words that only ask are nothing to be found
        question = _document_and_words(engine, beside) or question
    if question is None:
        return None
    document = question.documents[0]
    held = gazette.text(engine, document)
    found = _provision(held, named[0]) if held else None
    if found is None or not found.exact:
        found = next(filter(None, (_alone(engine, document, part) for part in named[0].parts)), found)
    return (found, question) if found else None


def headed(engine: Engine, question: Question) -> tuple[Provision, Question] | None:
    """Return the provision that a query names by its heading and its document, with the question of the document.

    "phạm vi điều chỉnh luật doanh nghiệp", "giải thích từ ngữ nghị định 100/2019". None where no document of which the
    archive holds the text, or no heading of it, is named so.
    """
    if question.query.verbatim:
        return None
    for document, number, words in _documents_beside(engine, question):
        heading = without_joint(fold(" ".join(words)))
        if heading and (found := _under(engine, document, heading)):
            query = replace(question.query, tree=number)
            return found, replace(question, query=query, documents=(document,), notices=(), only_number=True)
    return None


def _documents_beside(engine: Engine, question: Question) -> Iterator[tuple[Document, Number, Sequence[str]]]:
    """Yield the document of a query by its number or name, as a number, and the keys of the other words."""
    text, tree = question.query.text, question.query.tree
    nodes = tree.children if isinstance(tree, AllOf) else ()
    words = [node.key for node in nodes if isinstance(node, Word)]
    numbers = [node for node in nodes if isinstance(node, Number)]
    if not 0 < len(words) == len(nodes) - len(numbers) or len(words) > _MAX_WORDS:
        return
    if numbers:
        if len(numbers) == len({each.slug for each in question.documents}) == 1:
            yield question.documents[0], numbers[0], words
        return
    said = text.split()
    parted = ((said[size:], said[:size]) for size in range(1, len(said)))
    for name, others in (*parted, *((said[:size], said[size:]) for size in range(len(said) - 1, 0, -1))):
        first = _spelt(fold(name[0]), engine.tables.abbreviations)
        if _LAW.match(f"{first} {fold(' '.join(name[1:]))}") and (law := _law(engine, " ".join(name))):
            number = Number(" ".join(name), documents=(law.slug,), text=" ".join(name))
            yield law, number, [token.key for token in tokens(" ".join(others))]


def _under(engine: Engine, document: Document, heading: str) -> Provision | None:
    """Return the provision of a document that has this folded heading, in its text or as an article of its own."""
    if held := gazette.text(engine, document):
        nodes = (node for node in unpack(held.outline) if node.kind == "dieu")
        node = next((one for one in nodes if _heading(held.text[one.start : one.title_end]) == heading), None)
        return replace(_as_provision(held, node), text=excerpt(held.text, node)) if node else None
    own = Query(
        tree=Phrase(tuple(heading.split()), marked=False), filters={OWN_DOCUMENT: (document.slug,)}, size=_HEADINGS
    )
    found = [one.article for one in engine.search(own).matches if _heading(one.article.title) == heading]
    if len({" ".join(one.text.split()) for one in found}) != 1:
        return None
    numbered = _alone(engine, document, found[0].provision)
    return numbered or Provision(
        id="", label=found[0].title, article=found[0], text=_cut(_body(found[0].text), _EXCERPT)
    )


def _heading(title: str) -> str:
    """Return the folded words of a heading without its number."""
    return " ".join(fold(token.key) for token in tokens(_HEADED.sub("", title.strip(), count=1)))


def _document(engine: Engine, query: Query) -> Question | None:
    """Return the question of the rest of a query where that is exactly one document."""
    question = understand(engine, query)
    documents = tuple({each.slug: each for each in question.documents}.values())
    held = [each for each in documents if each.article]
    if not held:
        named = by_name.usually_meant(engine, question.query, by_name.named(engine, question.query))
        law = _law(engine, query.text) or _shortened(engine, named)
        held = [law] if law else []
        tree = Number(query.text, documents=(held[0].slug,), text=query.text) if held else None
        if held:
            question = replace(question, query=replace(question.query, tree=tree), documents=tuple(held))
            return replace(question, notices=(), only_number=True)
    return replace(question, notices=()) if len(documents) == 1 else None


def _document_and_words(engine: Engine, query: Query) -> Question | None:
    """Return the question of one document with further words, which its name stands before or behind.

    "điều 260 blhs 2015 mức phạt" asks for the provision, and for what names the code near "mức phạt".
    """
    said = query.text.split()
    if len(said) > _MAX_WORDS or _SIGNS.search(query.text):
        return None
    ends = ((said[:size], said[size:]) for size in range(len(said) - 1, 0, -1))
    starts = ((said[size:], said[:size]) for size in range(1, len(said)))
    for name, words in (*ends, *starts):
        if any(map(_YEAR.fullmatch, words)):  # the name of another year
            continue
        found = _document(engine, replace(query, text=" ".join(name)))
        if found is not None and found.only_number and isinstance(found.query.tree, Number):
            others = tuple(Word(token.key, has_marks(token.key)) for token in tokens(" ".join(words)))
            if all(engine.tables.questions.asking([word.key for word in others])):
                return found
            tree = AllOf((found.query.tree, *others))
            return replace(understand(engine, replace(query, tree=tree)), documents=found.documents)
    return None


def _law(engine: Engine, text: str) -> Document | None:
    """Return the law of a name ("luật đất đai", "blds 2015"): the last one of it, or that of the year."""
    said = " ".join(_spelt(word, engine.tables.abbreviations) for word in fold(text).split())
    year = _YEAR.search(said)
    name = _name(said[: year.start()] if year else said)
    known = [each for each in _laws(engine).get(name, ()) if _of_year(each, year and year["year"])]
    last = max((each.date for each in known), default="")
    found = [each for each in known if each.date == last]
    return found[0] if name and len(found) == 1 else None


def _shortened(engine: Engine, named: Sequence[Document]) -> Document | None:
    """Return the last law here of a shortened name that begins the names of no other: "luật hôn nhân"."""
    titles = (fold(document.title) for document in named)
    names = {_name(title[: year.start()] if (year := _YEAR.search(title)) else title) for title in titles}
    held = {law.slug for laws in _laws(engine).values() for law in laws} if len(names) == 1 else set()
    found = [document for document in named if document.slug in held]
    last = max((document.date for document in found), default="")
    found = [document for document in found if document.date == last]
    return found[0] if len(found) == 1 else None


def _spelt(word: str, known: Abbreviations) -> str:
    full = known.expansions(word) if len(word) > 2 else ()
    return fold(full[0]) if len(full) == 1 else word


def _of_year(document: Document, year: str | None) -> bool:
    return not year or document.date.startswith(year) or f"/{year}/" in document.symbol or year in document.title


_KNOWN: Final[dict[str, Mapping[str, Sequence[Document]]]] = {}
"""Generation → its laws; only the last is kept."""


def _laws(engine: Engine) -> Mapping[str, Sequence[Document]]:
    """Return the laws by name whose text the archive holds, or provisions of it; read once a generation."""
    if (known := _KNOWN.get(engine.generation)) is not None:
        return known
    laws: dict[str, list[Document]] = {}
    in_parts = set(engine.values(OWN_DOCUMENT))
    for document in engine.documents():
        if (document.article or document.slug in in_parts) and (document.type in _LAWS or "QH" in document.symbol):
            title = fold(document.title)
            year = _YEAR.search(title)
            laws.setdefault(_name(title[: year.start()] if year else title), []).append(document)
    _KNOWN.clear()
    _KNOWN[engine.generation] = laws
    return laws


def _name(folded: str) -> str:
    name = " ".join(re.sub(r"[^\w\s]", " ", folded).split())
    while (shorter := _LAW.sub("", name)) != name:
        name = shorter
    return name


def _provision(held: Article, found: Pinpoint) -> Provision:
    """Return the first named provision that the text has; else the named one, as unknown."""
    outline = unpack(held.outline)
    for part in found.parts:
        if node := provision_of(outline, part):
            known = node.id == part_id(part) or node.id.endswith(part_id(part))
            path = [each for each in outline.path(node) if each.kind in (*_KINDS, "khoan", "diem")]
            return Provision(
                id=node.id,
                label=_label(held.text, path) if path else label(held.text, node),
                article=held,
                text=excerpt(held.text, node),
                exact=known,
            )
    return Provision(id="", label=said(found.parts[0]), article=held, text="", exact=False)


def article_of(engine: Engine, document: Document, number: str) -> Article | None:
    """Return the article that is the one Điều of a document; None where several say so with different texts."""
    own = Query(filters={OWN_DOCUMENT: (document.slug,), PROVISION: (number,)}, size=_SAME)
    found = [match.article for match in engine.search(own).matches]
    # A law and a resolution of the National Assembly may bear one number, and seem to be one document.
    found = [one for one in found if not are_of_two_series(type_code(one.type), document.type)]
    alike = len(found) == 1 or len({" ".join(one.text.split()) for one in found}) == 1
    return found[0] if alike else None


def _alone(engine: Engine, document: Document, part: str) -> Provision | None:
    """Return the provision that an article of its own is, or that stands in it."""
    number, *below = part.split("/")
    held = article_of(engine, document, number) if number[:1].isdigit() else None
    if held is None:
        return None
    outline = unpack(held.outline)
    node = provision_of(outline, "/".join(("", *below))) if below else None
    path = [each for each in outline.path(node) if each.kind in ("khoan", "diem")] if node else []
    names = (*(label(held.text, each) for each in reversed(path)), f"Điều {number}")
    heading = _HEADED.sub("", held.title, count=1).strip()
    named = heading and fold(heading) != fold(held.document_title)
    return Provision(
        id=node.id if node else "",
        label=f"{_joined(names)}. {heading}" if named else _joined(names),
        article=held,
        text=excerpt(held.text, node) if node else _cut(_body(held.text), _EXCERPT),
        exact=not below or (node is not None and node.id == part_id("/".join(("", *below)))),
    )


def _body(text: str) -> str:
    """Return the text of an article that is one Điều, without its heading and the note of its source."""
    *above, rest = text.split("\n", _ABOVE)
    for number, line in enumerate(above):
        if not (_HEADED.match(line) or (line.startswith("(Điều ") and line.endswith(")"))):
            return "\n".join((*above[number:], rest))
    return rest


def _label(text: str, path: Sequence[Node]) -> str:
    """Return a label: "Điểm a khoản 2 Điều 7. Giải thích từ ngữ"."""
    return _joined([label(text, node) for node in reversed(path)])


def _joined(names: Sequence[str]) -> str:
    return " ".join(
        name if n == 0 or name[:4] == "Điều" else name[:1].lower() + name[1:] for n, name in enumerate(names)
    )


def excerpt(text: str, node: Node, size: int = _EXCERPT) -> str:
    """Return the beginning of a provision, its heading left out."""
    return _cut(text[node.title_end if node.kind in _KINDS else node.start : node.end].strip(), size)


def _cut(body: str, size: int) -> str:
    if len(body) <= size:
        return body
    ends = (body.rfind(sign, size // 2, size) for sign in ("\n", ". ", "; ", " "))
    return body[: next((end + 1 for end in ends if end > 0), size)].rstrip() + " …"


def beginning(provision: Provision, size: int) -> tuple[Piece, ...]:
    """Return the snippet of a result that answers with a provision."""
    flat = " ".join(provision.text.split())
    return (Piece(flat if len(flat) <= size else flat[: flat.rfind(" ", 0, size)] + " …"),)


def met(article: Article, marks: Marks, weights: Mapping[str, float], window: tuple[int, int]) -> tuple[Provision, ...]:
    """Return the provisions of a long text that hold most of the query. window: that of its snippet."""
    if "dieu" not in kinds(article.outline):
        return ()
    outline = unpack(article.outline)
    held: dict[str, tuple[Node, set[str]]] = {}
    for place, terms in _between(marks, [node.start for node in outline]):
        node = outline.provision(place)
        if node is not None and node.kind in _KINDS:
            held.setdefault(node.id, (node, set()))[1].update(terms)
    places = (outline.provision(int(start)) for start in marks.within(*window).starts)
    in_sight = dict.fromkeys(node.id for node in places if node is not None and node.id in held)
    best_id = max(in_sight, key=lambda ident: _worth(held[ident][1], weights), default="")
    shown = held[best_id][0] if best_id else None
    ranked = sorted(held.values(), key=lambda each: (each[0] is not shown, -_worth(each[1], weights), each[0].start))
    best = max((_worth(terms, weights) for _, terms in ranked), default=0.0)
    kept = [node for node, terms in ranked if node is shown or _worth(terms, weights) >= best * 0.6]
    return tuple(_as_provision(article, node) for node in kept[:_MAX_SHOWN])


def _between(marks: Marks, bounds: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    """Yield the first place of marks between two neighbouring bounds, and their terms."""
    stretches = np.searchsorted(bounds, marks.starts, "right")
    edges = np.flatnonzero(np.diff(stretches)) + 1
    for one in np.split(np.arange(len(marks)), edges) if len(marks) else ():
        terms = dict.fromkeys(marks.said[kind][0] for kind in np.unique(marks.kinds.take(one)).tolist())
        yield int(marks.starts[one[0]]), list(terms)


def _as_provision(article: Article, node: Node) -> Provision:
    return Provision(id=node.id, label=label(article.text, node), article=article)


def _worth(terms: set[str], weights: Mapping[str, float]) -> float:
    return sum(weights.get(term, 1.0) for term in terms)
