"""The document that a query names beside a provision of it, where the text of that provision is not held here."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from searchapp.article import Document
from searchapp.citations.find.ascii import shadow
from searchapp.citations.find.laws import is_named_law
from searchapp.citations.find.pinpoint import Pinpoint, pinpoint_in_query
from searchapp.citations.resolve.identity import CALLED_BY_NAME
from searchapp.engine import Engine
from searchapp.errors import BadQueryError
from searchapp.query import Number, Query
from searchapp.search.document_list import by_name
from searchapp.search.understand import Question, number_alone, understand
from searchapp.text.normalize import fold
from searchapp.text.typed import as_we_write

_JOINS: Final = re.compile(
    r"^(?:[\s,.:;]|(?:cua|tai|thuoc|trong|theo|o|va)\b)+|(?:[\s,.:;]|\b(?:cua|tai|trong|theo|o|ve))+$"
)
_LEADS: Final = re.compile(
    r"(?:(?:can cu|theo|chieu theo|chieu|quy dinh|tai|trong|o|tu|cac|nhung|trich|xem|noi dung|toan van)(?: (?=\w)|$))*"
)
"""What leads to a provision and says nothing of it: "quy định tại điều 5 …", "từ Điều 3 đến Điều 7 …"."""
_EITHER: Final = re.compile(r"\bOR\b")
_PHRASE: Final = re.compile(r'[“”"][^“”"]*[“”"]')
_LEFT_OUT: Final = re.compile(r'(?<!\S)-(?:[“”"][^“”"]*[“”"]?|\([^)]*\)?|\S+)')


def named_provision(query: Query) -> tuple[Pinpoint, str] | None:
    """Return the provisions that a query names, and its other words."""
    if query.tree is not None or not query.text or query.verbatim:
        return None
    text = as_we_write(query.text)
    letters = shadow(text)
    found = None if _EITHER.search(text) else pinpoint_in_query(letters)
    if found is None:
        return None
    start, end = letters.span(found.start, found.end)
    if any(phrase.start() < end and start < phrase.end() for phrase in _PHRASE.finditer(text)):
        return None
    rest = _rest(text, start, end)
    return (found, rest) if any(letter.isalnum() for letter in _LEFT_OUT.sub("", rest)) else None


def _rest(text: str, start: int, end: int) -> str:
    before, after = text[:start].strip(" ,.;:("), text[end:].strip(" ,.;:)")
    # "điều 5-luật doanh nghiệp", "luật doanh nghiệp 2020-điều 5": a hyphen that touches both leaves nothing out.
    if text[end : end + 1] == "-":
        after = after[1:].strip()
    if text[start - 1 : start] == "-" and not text[: start - 1].endswith(" "):
        before = before[:-1].strip()
    before = "" if _LEADS.fullmatch(fold(before)) else before
    folded = fold(after)
    joined = _JOINS.match(folded) if len(folded) == len(after) else None
    return " ".join(filter(None, (before, after[joined.end() :] if joined else after)))


def without_joint(folded: str) -> str:
    """Return folded words without those that join them to the document behind or before them: "của", "theo"."""
    return _JOINS.sub("", folded)


def documents_beside(engine: Engine, query: Query) -> tuple[Document, ...]:
    """Return the documents that a query names beside a provision: "điều 5 luật bhxh 2014"."""
    named = named_provision(replace(query, tree=None))
    if named is None:
        return ()
    question = understand(engine, replace(query, text=named[1], tree=None))
    return question.documents or by_name.named(engine, question.query)


def documents_meant(engine: Engine, text: str) -> tuple[Document, ...]:
    """Return the documents that a text means in the search box: by a number, a name, letters of a name, a provision."""
    try:
        question = understand(engine, Query(text=text))
    except BadQueryError:
        return ()
    return question.documents or by_name.named(engine, question.query) or documents_beside(engine, Query(text=text))


def alone(engine: Engine, query: Query) -> Question | None:
    """Return the question of the document alone, where a query names a provision of a document without its text here.

    Laws go by their name too: "luật hải quan điều 12". None where the query names no provision, or something else
    than a known document beside it.
    """
    named = named_provision(query)
    if named is None:
        return None
    question = understand(engine, replace(query, text=named[1]))
    notice = ("provision-unheld", said(named[0].parts[0]), named[1])
    if question.documents and question.only_number:
        return replace(question, notices=(*question.notices, notice))
    named_so = () if question.documents else by_name.named(engine, question.query)
    laws = by_name.usually_meant(engine, question.query, named_so)
    if any(law.type not in CALLED_BY_NAME for law in laws) or not by_name.are_of_one_name(laws):
        return None
    tree = Number(named[1], documents=tuple(law.slug for law in laws), text=named[1])
    asked = replace(question.query, tree=tree)
    return replace(question, query=asked, documents=laws, notices=(notice,), only_number=True)


def unheld(engine: Engine, query: Query) -> Question | None:
    """Return the question of the document that a query names beside a provision, where neither is held.

    A law that nothing here names is told as unknown, and its name searched as words.
    """
    if question := alone(engine, query):
        return question
    named = named_provision(query)
    if named is None or not is_named_law(named[1]):
        return None
    question = understand(engine, query)
    told = any(one[0] == "unknown-number" for one in question.notices)
    return None if told else replace(question, notices=(*question.notices, ("unknown-number", named[1])))


def without_unknown(question: Question) -> Question | None:
    """Return the question of the known numbers of a query that else only names unknown ones: "15/2020 và 14/2022"."""
    alone = None if question.query.verbatim else number_alone(question)
    codes = {one[0] for one in alone.notices} if alone else set()
    return alone if "unknown-among" in codes and "number-alone" not in codes else None


def said(part: str) -> str:
    """Return a pinpoint in words: "5/2/a" → "điểm a khoản 2 Điều 5"."""
    if re.match(r"[a-z]{3}", part):
        names = {"phu-luc": "Phụ lục", "chuong": "Chương", "muc": "Mục", "phan": "Phần"}
        above = re.findall(r"(phu-luc|chuong|muc|phan)-([^-]+)", part)
        return " ".join(reversed([f"{names[kind]} {number}" for kind, number in above])) or part
    units = zip(("Điều", "khoản", "điểm"), part.split("/"), strict=False)
    return " ".join(reversed([f"{unit} {number}" for unit, number in units if number]))
