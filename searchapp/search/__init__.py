"""Road 2 on one screen: text → Query → Answer → Page; where nothing is found, another likely reading."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Final

from searchapp.engine import Engine
from searchapp.fields import AREA_BEFORE, FACET_NAMES, VALIDITY
from searchapp.places import also_meant
from searchapp.query import (
    LETTERS,
    MAX_HITS,
    SCORED,
    STEPS,
    AllOf,
    Leaf,
    Node,
    Number,
    Phrase,
    Query,
    Word,
    mapped,
    positive,
)
from searchapp.results import Accented, Answer, AreaOffer, Card, FacetView, Hit, Page, Piece, Provision
from searchapp.search import facets, provisions
from searchapp.search.diacritics import as_typed, spellings
from searchapp.search.document_list import beside, by_name, citing
from searchapp.search.facets import label as label
from searchapp.search.facets import link as link
from searchapp.search.highlighter import NONE, Marker
from searchapp.search.parser import QUOTES, without_fields
from searchapp.search.snippets import WINDOW, hits_of, idf, snippet
from searchapp.search.spelling import suggestion
from searchapp.search.standing import status_counts
from searchapp.search.understand import Question, any_of_them, few_meant, number_alone, told, understand, words_alone
from searchapp.search.variants import respelt, written_out
from searchapp.text.syllables import is_syllable

_MAX_CARD: Final = 12  # documents of one number that a page shows
DEADLINE: Final = 1.5
"""Seconds after which a page goes out without its remaining extras: other spellings, marks. The engine's own work is
bounded by the postings that a query may touch, which are known before it runs.
"""


def search(engine: Engine, query: Query, *, whole: bool = True, marked: bool = True, most: int = 0) -> Page:
    """Answer a query for a reader. Raises BadQueryError (Vietnamese) or IndexProblemError.

    whole: where the query names no facets or no date steps, all are counted. marked: the texts are searched for
    snippets, reasons and provisions. Without it, those fields of the hits mean nothing. most: values of a facet, beside
    the chosen ones; 0 for all.
    """
    started = time.perf_counter()
    found = find(engine, query, whole=whole)
    question, answer, provision = found.question, found.answer, found.provision
    codes = {notice[0] for notice in question.notices}
    until = started + DEADLINE
    likelier = suggestion(engine, question.query) if "corrected" not in codes and _in_time(until) else ""
    marker = Marker.of(question.query.tree, engine.tables.questions)
    weights = idf(engine, marker)
    until_marks = until if marked else started  # unmarked pages need no such time
    listed = hits_of(engine, (*answer.matches, *answer.rest), marker, weights, until_marks)
    hits = listed[: len(answer.matches)]
    if provision is not None and query.page == 1 and not query.after:
        hits = _led(question, provision, hits)
    # The letters of a number are no syllables to be accented; an official name was not typed.
    offered = answer.total and codes.isdisjoint(("unknown-number", "official"))
    step, bars = facets.timeline(answer, question.query)
    card = _card(engine, question, provision)
    return Page(
        query=replace(question.query, text=query.text),
        generation=answer.generation,
        total=answer.total,
        hits=_pinned(engine, query, hits),
        folded=answer.folded,
        facets=_views(engine, question, answer, query, whole, most),
        timeline=bars,
        timeline_step=step,
        card=card,
        provision=provision,
        did_you_mean=_counted(engine, query, likelier if _in_time(until) else ""),
        accented=_accented(engine, query, question.query) if offered and _in_time(until) else (),
        notices=(*_heeded(question, card), *_stepped(question.query, answer)),
        pages=max(1, math.ceil(min(answer.total - answer.folded, MAX_HITS) / query.size)),
        next_cursor=answer.matches[-1].cursor if len(answer.matches) == query.size else "",
        step=answer.step,
        step_counts=answer.step_counts,
        areas=_areas(engine, query) if _in_time(until) else (),
        rest=listed[len(answer.matches) :],
        took_ms=round((time.perf_counter() - started) * 1000, 1),
    )


def _pinned(engine: Engine, query: Query, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """Return the hits of a first page below the operator's pins; pins are marked as such, in no count."""
    targets = engine.tables.pinned(query.text) if query.page == 1 and not query.after else ()
    if not targets:
        return hits
    keys = [document.article if (document := engine.document(name)) else name for name in targets]
    listed = {hit.article.key: hit for hit in hits}
    top = []
    for article in engine.articles([key for key in keys if key]):
        known = listed.pop(article.key, None) or Hit(
            article=article,
            title=(Piece(article.title or article.id),),
            snippet=snippet(article.text, NONE),
        )
        top.append(replace(known, why=("pinned", *known.why)))
    return (*top, *listed.values())


def _areas(engine: Engine, query: Query) -> tuple[AreaOffer, ...]:
    """Return places that merged into the queried one, or that it merged into, with the counts under their names."""
    if query.page > 1 or query.after or not query.text:
        return ()
    found = []
    for also in also_meant(query.text, engine.tables.places):
        asked = Query(text=f'"{also.name}"', since=also.since, until=also.until, size=0)
        found.append(AreaOffer(also.name, also.since, also.until, put(engine, understand(engine, asked).query).total))
    return tuple(offer for offer in found if offer.total)


def _views(
    engine: Engine, question: Question, answer: Answer, query: Query, whole: bool, most: int
) -> tuple[FacetView, ...]:
    """Return the facets of an answer, with the status of documents where the query wants it."""
    shown = question.query
    if VALIDITY in query.facets or (whole and not query.facets):
        found = {**answer.facets, VALIDITY: status_counts(engine, shown, question.wanted, partial(put, engine))}
        chosen = question.wanted.validity if question.wanted else ()
        answer = replace(answer, facets=found)
        shown = replace(shown, filters={**shown.filters, VALIDITY: chosen})
    return facets.views(answer, shown, facets.namers(engine), most)


def _heeded(question: Question, card: Card | None) -> Iterator[tuple[str, ...]]:
    """The notices that still hold: a document that was found by its name is no unknown number."""
    by_name = card is not None and card.named and not question.documents
    return (one for one in question.notices if not (by_name and one[0] == "unknown-number"))


def _in_time(until: float) -> bool:
    return time.perf_counter() < until


def _stepped(query: Query, answer: Answer) -> Iterator[tuple[str, ...]]:
    """Yield notices for the reader where plain words were not taken as typed."""
    if answer.total and not query.step:
        if answer.step == LETTERS:
            yield ("near-letters",)
        elif answer.step == SCORED:
            yield ("wider",)


def _counted(engine: Engine, query: Query, text: str) -> tuple[tuple[str, int], ...]:
    if not text:
        return ()
    other = replace(query, text=text, size=0, step=0, beyond=False, facets=(), steps=())
    total = put(engine, understand(engine, other).query).total
    return ((text, total),) if total else ()


def _accented(engine: Engine, query: Query, understood: Query) -> tuple[Accented, ...]:
    """Return the articles' spellings of plain words that were typed without accents, with the count of each."""
    nodes = understood.tree.children if isinstance(understood.tree, AllOf) else (understood.tree,)
    words = [node for node in nodes if isinstance(node, Word)]
    if len(words) < len(nodes) or query.page > 1 or query.after or any(_is_short(engine, word) for word in words):
        return ()
    plain, fields = without_fields(query.text)
    found = []
    for way in spellings(engine, words):
        asked = replace(understood, text=way.query, tree=way.tree, size=0, facets=(), steps=(), step=0, beyond=False)
        shown = way.text
        if not way.quoted:  # in quotes of its own, quận of quan 9 would stand anywhere; typed accents hold without
            shown = as_typed(way.text, words, plain)
            asked = understand(engine, replace(asked, text=shown, tree=None)).query
        text = f"{asked.text} {fields}".strip()
        found.append(Accented(shown, text, put(engine, asked).total))
    return tuple(accented for accented in found if accented.total)


def _is_short(engine: Engine, word: Word) -> bool:
    """Tell whether a word of a syllable's letters stands for others as it was typed, without accents: "VAT 8%"."""
    if not word.also or not is_syllable(word.key):
        return False
    meant = written_out(word.key.upper(), engine.tables.abbreviations)
    return engine.tables.lay.stand_for([word.key])[0] == (word.key,) or not set(word.also).isdisjoint(meant)


def _led(question: Question, provision: Provision, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """Return the results with the text of the provision as the first, in any order; filters and further words hold."""
    held, query = provision.article, question.query
    own = next((hit for hit in hits if hit.article.key == held.key), None)
    if own is None and (query.filters or query.since or query.until or not question.only_number):
        return hits
    if own is None:
        own = Hit(article=held, title=(Piece(held.title or held.id),), snippet=(), why=("number",))
    first = replace(
        own,
        snippet=provisions.beginning(provision, WINDOW) if provision.text else own.snippet,
        provisions=(provision,) if provision.id else (),
    )
    return (first, *(hit for hit in hits if hit.article.key != held.key))[: query.size]


def _card(engine: Engine, question: Question, provision: Provision | None) -> Card | None:
    documents = tuple({d.slug: d for d in question.documents}.values())[:_MAX_CARD]
    if not question.only_number and provision is None:
        named = by_name.named(engine, question.query) or beside.documents_beside(engine, question.query)
        documents = named or few_meant(question)
    counts, parts = citing(engine, [document.slug for document in documents])
    return Card(documents, counts, named=not question.only_number, parts=parts) if documents else None


@dataclass(frozen=True, slots=True)
class Found:
    """A question as it was answered, perhaps in another reading than the first, and the engine's answer."""

    question: Question
    answer: Answer
    provision: Provision | None = None


def find(engine: Engine, query: Query, *, whole: bool = False) -> Found:
    """Understand and answer a query; where nothing is found, take the first other reading with results.

    This is the one door: pages, API, feeds, downloads, marks in an article, comparison and evaluation use it. Other
    readings are: the document beside a provision, phrases by their letters, phrases as plain words, a likelier
    spelling. The words alone choose it, over the whole archive: no filter changes what a query means. Never when the
    reader asked for the text as typed. whole: count every facet and date step where the query names none.
    Raises BadQueryError for an impossible query.
    """
    if pinned := _pinpointed(engine, query, whole):
        return pinned
    question = understand(engine, query)
    typed = next((one for one in question.notices if one[0] == "decoded"), ())
    if typed and (pinned := _pinpointed(engine, replace(query, text=question.query.text), whole)):
        return replace(pinned, question=replace(pinned.question, notices=(typed, *pinned.question.notices)))
    found = Found(question, put(engine, question.query, whole))
    if headed := provisions.headed(engine, question):
        provision, alone = headed
        if found.answer.total and found.answer.step != SCORED:  # articles say so of the document
            return Found(replace(question, documents=alone.documents), found.answer, provision)
        return Found(alone, put(engine, alone.query, whole), provision)
    wide = not found.answer.total or found.answer.step == SCORED
    if (
        named := _of_initials(engine, question, wide)
        or _asked_about(engine, question)
        or (wide and (beside.unheld(engine, query) or beside.without_unknown(question)))
    ):
        answer = put(engine, named.query, whole)
        either = None if answer.total or _found_outside(engine, named.query) else any_of_them(named)
        return Found(either, put(engine, either.query, whole)) if either else Found(named, answer)
    if found.answer.total or query.verbatim or _found_outside(engine, question.query):
        return found
    for other in _readings(engine, query, question):
        answer = put(engine, other.query, whole)
        guessed = other.notices[-1:] and other.notices[-1][0] == "corrected"  # "Plei ku" is no "pli cu" here and there
        if not (guessed and answer.step == SCORED) and (answer.total or _found_outside(engine, other.query)):
            return Found(other, answer)
    return found


def _pinpointed(engine: Engine, query: Query, whole: bool) -> Found | None:
    """Return what a query finds that names a provision, None for another."""
    pinned = provisions.asked(engine, query)
    if pinned is None:
        return None
    provision, question = pinned
    answer = put(engine, question.query, whole)
    alone = None if answer.total or _found_outside(engine, question.query) else number_alone(question)
    return Found(alone, put(engine, alone.query, whole), provision) if alone else Found(question, answer, provision)


def _of_initials(engine: Engine, question: Question, wide: bool) -> Question | None:
    """Return the question of a law that a query names by letters, as by its name: "LDN 2020".

    wide: no article has the words near each other. Then the letters need no year: "luật TCCQĐP".
    """
    query = question.query
    if query.verbatim or question.documents or not (laws := by_name.of_initials(engine, query, dated=not wide)):
        return None
    tree = Number(query.text, documents=tuple(law.slug for law in laws), text=query.text)
    return Question(replace(query, tree=tree), laws, only_number=True, wanted=question.wanted)


def _asked_about(engine: Engine, question: Question) -> Question | None:
    """Return the question of a document's name, where hardly an article has its words near those that ask about it.

    "luật đất đai mới nhất" asks for that law; most of its words stand in every text about something new. What articles
    say themselves stays ("văn bản thay thế luật đất đai"), as long as any does.
    """
    if question.query.verbatim or not (said := by_name.named_in_question(engine, question.query)):
        return None
    name, asking = said
    tree = respelt(engine, AllOf(name)) if len(name) > 1 else name[0]
    other = replace(question.query, tree=tree)
    wide = _outside(engine, replace(question.query, step=0)).step == SCORED
    if not (wide and _near(engine, other)) or (by_name.says_something(asking) and _near(engine, question.query)):
        return None
    kept = (one for one in question.notices if one[0] not in ("folded", "also"))
    notices = (*kept, *told(tree, engine.tables.abbreviations), ("asked-about", " ".join(word.key for word in asking)))
    return replace(question, query=other, notices=notices)


def _near(engine: Engine, query: Query) -> int:
    """Return how many articles have the words near each other, in any accents."""
    return _outside(engine, replace(query, step=LETTERS)).total


def _outside(engine: Engine, query: Query) -> Answer:
    """Return the total and the step of a query without its filters."""
    alone = replace(query, filters=MappingProxyType({}), since="", until="", after="", page=1, size=0)
    return put(engine, replace(alone, facets=(), steps=(), beyond=False))


def _found_outside(engine: Engine, query: Query) -> bool:
    """Tell whether only the filters of a query kept its words from finding anything."""
    if not (query.filters or query.since or query.until):
        return False
    return bool(_outside(engine, query).total)


def _readings(engine: Engine, query: Query, question: Question) -> Iterator[Question]:
    document = beside.alone(engine, query) or number_alone(question) or words_alone(question)
    either = any_of_them(question)
    together = either and _near(engine, either.query) and either
    yield from filter(None, (document, together, document and any_of_them(document)))
    tree = question.query.tree
    for code, change in (("letters", _by_letters), ("unquoted", _as_words)):
        other = mapped(tree, change) if tree is not None else None
        if other is None or other == tree:
            continue
        if code == "unquoted":
            text = _PHRASE.sub(_bare, query.text.translate(QUOTES))
            plain = understand(engine, replace(query, text=text, tree=None))
            other = respelt(engine, other)
            if plain.documents:  # a number in quotes is a number
                yield replace(plain, notices=(*plain.notices, (code,)))
        yield replace(question, query=replace(question.query, tree=other), notices=(*question.notices, (code,)))
    if _may_be_another(question) and (likelier := suggestion(engine, question.query)):
        other_question = understand(engine, replace(query, text=likelier, tree=None))
        notice = ("corrected", query.text, likelier)
        yield replace(other_question, notices=(*other_question.notices, notice))


_PHRASE: Final = re.compile(r'(?<![-:\w])"([^"]*)"?')
_OPERATORS: Final = re.compile(r"(?<!\S)-|\b(?:OR|AND)\b|[()*:]")
_FEW_LETTERS: Final = 3


def _bare(phrase: re.Match[str]) -> str:
    return f" {_OPERATORS.sub(' ', phrase[1])} "


def _may_be_another(question: Question) -> bool:
    """Tell whether another spelling may stand for the typed one by itself; a lone "SME", or a number, stands for it."""
    words = [leaf.key for leaf in positive(question.query.tree) if isinstance(leaf, Word)]
    short = len(words) == 1 and len(words[0]) <= _FEW_LETTERS
    return not short and not any(one[0] == "unknown-number" for one in question.notices)


def _by_letters(leaf: Leaf) -> Node:
    return replace(leaf, marked=False) if isinstance(leaf, Phrase) else leaf


def _as_words(leaf: Leaf) -> Node:
    return AllOf(tuple(Word(key, leaf.marked) for key in leaf.keys)) if isinstance(leaf, Phrase) else leaf


def put(engine: Engine, query: Query, whole: bool = False) -> Answer:
    """Return the engine's answer; former areas are looked up by the hidden facet that holds them.

    whole: where the query names no facets or no date steps, all are counted.
    """
    if whole:
        query = replace(query, facets=query.facets or FACET_NAMES, steps=query.steps or STEPS)
    if not query.before:
        return engine.search(query)
    named = {"area": AREA_BEFORE}
    filters = {named.get(name, name): values for name, values in query.filters.items()}
    facets = tuple(named.get(name, name) for name in query.facets)
    answer = engine.search(replace(query, filters=MappingProxyType(filters), facets=facets))
    counted = {"area" if name == AREA_BEFORE else name: counts for name, counts in answer.facets.items()}
    return replace(answer, facets=counted)
