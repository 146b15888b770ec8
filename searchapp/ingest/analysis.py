"""Turn a Record into an Article and the token streams that an engine stores: the steps of the first road."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from operator import attrgetter
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from searchapp import outline
from searchapp.article import FEED, FILE, OWN, Article, Citation, Recognition, Record, Relation
from searchapp.citations.find import find_citations
from searchapp.citations.find.bodies import located
from searchapp.citations.find.carrying import with_carriers
from searchapp.citations.find.relations import distinct, find_relations
from searchapp.citations.find.vocabulary import TYPE_NAMES, type_of_kind
from searchapp.citations.resolve.issuers import Bodies
from searchapp.dates import parse_date
from searchapp.errors import BadRecordError
from searchapp.readers import marks
from searchapp.readers.stated_facts import provision_of
from searchapp.tables import of_section
from searchapp.text.normalize import normalize
from searchapp.text.syllables import pieces
from searchapp.text.tokens import Stream, keys_in_sentences, keys_of, stream_of, with_doubts
from searchapp.text.urls import canonical_url
from searchapp.themes import Reason, Themes

_LOOKED_AT: Final = 12_000  # letters that hold the syllables by which an article is filed
MAX_TEXT: Final = 2_000_000
"""The longest text in characters; a law with all its annexes has about 1,000,000."""
MAX_TITLE: Final = 300
_MAX_FACT: Final = 200
_MAX_BASIS: Final = 600
"""Characters of one "Căn cứ …"; a law with all its amending laws has about 300."""
_KEY_CHARS: Final = 12

_APART: Final = ("basis", "themes", "ocr", "anchors")
_FACTS: Final = attrgetter(
    *(field.name for field in fields(Record) if field.name not in (*_APART, "path", "rank", "row"))
)
_SENTENCE: Final = re.compile(r".{20,}?[.!?…](?=\s)")


class Analysis(NamedTuple):
    """An article with the streams of its title and its text."""

    article: Article
    title: Stream
    body: Stream


class _Cut(NamedTuple):
    """A text cut into pieces, and its keys with one "" for each citation and each end of a sentence."""

    pieces: list[str]
    keys: list[str]


def analyse(
    record: Record, themes: Themes, sections: Mapping[str, str] | None = None, own: Bodies | None = None
) -> Analysis:
    """Return the parts of a Record that an engine needs; raises BadRecordError when there is nothing to index.

    sections: name of a section, as letters → the theme of its articles. own: bodies of the archive.

    A title that is only the beginning of the text is not indexed as a title: its words would count twice.
    """
    found, title, text = _read(record, themes, sections or {}, own)
    if not _line(record.title):
        return Analysis(found, stream_of([]), _doubted(found, stream_of(text)))
    # The body begins with the title, so that one field holds all words of a question (nDCG@10 .710 instead of .652).
    return Analysis(found, stream_of(title), _doubted(found, stream_of([*title, "\n", *text])))


def streams_of(found: Article, titled: bool) -> tuple[Stream, Stream]:
    """Return the streams of an analysed article once more; titled: whether its title was indexed,
    not its first line.
    """
    cited = [citation for citation in found.citations if citation.end <= len(found.text)]
    text = cut(found.text, cited).pieces
    if not titled:
        return stream_of([]), _doubted(found, stream_of(text))
    title = cut(found.title, with_carriers(found.title, find_citations(found.title))).pieces
    return stream_of(title), _doubted(found, stream_of([*title, "\n", *text]))


def _doubted(found: Article, body: Stream) -> Stream:
    """Return the stream of a text; of a scan with the syllables whose accents may be others."""
    if found.ocr is None:
        return body
    places = (*found.ocr.doubtful, *(place[:2] for place in found.ocr.mended))
    keys = (key for start, end in places for key in keys_of(pieces(found.text[start:end])) if key.isalpha())
    return with_doubts(body, keys)


def article(record: Record, themes: Themes) -> Article:
    """Return the Article that a Record describes, every text normalised.

    Citations of the text come first, with offsets in the text. Citations of only the title or the basis follow, with
    offsets in `Article.whole`. Themes: the record's own first, then the themes by rule of a text without its citations.

    Raises BadRecordError when there is no text.
    """
    return _read(record, themes, {}, None)[0]


def _read(
    record: Record, themes: Themes, sections: Mapping[str, str], own: Bodies | None
) -> tuple[Article, list[str], list[str]]:
    """Return the Article, and the pieces of its title and its text."""
    text = _paragraphs(record.text[:MAX_TEXT])
    if not text:
        raise BadRecordError("no text", code="empty")
    title = _line(record.title, MAX_TITLE) or _first_line(text) or PurePosixPath(record.path).stem
    cited, in_title = (with_carriers(said, _cited(said, own)) for said in (text, title))
    text_cut, title_cut = cut(text, cited), cut(title, in_title)
    basis = tuple(filter(None, (_line(one, _MAX_BASIS) for one in record.basis)))
    mentions = [citation.key for citation in (*cited, *in_title)]
    identity = identity_of(record)
    kind, number = _own(record)
    named, filed = _named(record, themes), themes.assign(title_cut.keys, text_cut.keys, mentions)
    recognition = _places_in(record, text)
    citations = _marked(_all(text, title, basis, cited, in_title), recognition)
    found = Article(
        id=identity,
        key=key_of(identity),
        title=title,
        text=text,
        date=parse_date(record.date),
        section=_line(record.section),
        source=_line(record.source),
        url=canonical_url(record.url),
        author=_line(record.author),
        type=kind,
        number=number,
        issuer=_issuer(_line(record.issuer), number, text, own),
        signer=_line(record.signer),
        basis=basis,
        themes=_themes(named, _line(record.section), sections, filed),
        filed=len(named),
        citations=citations,
        path=record.path,
        # An article with a name of its own may change its line and stay the same article.
        row=record.row if identity == _place(record) else 0,
        outline=outline.pack(outline.split(text)),
        relations=_relations(text, title, cited, in_title, citations, official=bool(number)),
        ocr=recognition,
        document_title=_line(record.document_title, MAX_TITLE) if number else "",
        provision=provision_of(record) if number else "",
        marks=marks.placed(record.anchors, text, record.url) if record.anchors else (),
    )
    return found, title_cut.pieces, text_cut.pieces


def _cited(text: str, own: Bodies | None) -> list[Citation]:
    found = find_citations(text)
    return own.cited(text, found) if own else found


def _issuer(said: str, number: str, text: str, own: Bodies | None) -> str:
    """Return the one name of an article's issuer; a code of the archive's own tells it where the text does not."""
    if own and (name := own.name(said) or (own.of_code(number.rpartition("/")[2].partition("-")[2]) if number else "")):
        return name
    return located(said, text)


def identity_of(record: Record) -> str:
    """Return the identity of an article: its own id, else its address, else its path (and line)."""
    return normalize(record.id).strip() or canonical_url(record.url) or _place(record)


def key_of(identity: str) -> str:
    """Return the key of an article's id, for URLs: the first 12 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:_KEY_CHARS]


def _places_in(record: Record, text: str) -> Recognition | None:
    """Return the recognition of a scanned text; its places only where they count in the indexed text."""
    if record.ocr is None or record.text == text:
        return record.ocr
    return replace(record.ocr, doubtful=(), mended=(), lines=())


def _marked(citations: tuple[Citation, ...], recognition: Recognition | None) -> tuple[Citation, ...]:
    """Return the citations, marked as doubtful where OCR may have misread a part of them."""
    if recognition is None or not recognition.doubtful:
        return citations
    starts = [start for start, _ in recognition.doubtful]

    def misread(citation: Citation) -> bool:
        before = bisect_left(starts, citation.end) - 1
        return before >= 0 and recognition.doubtful[before][1] > citation.start

    return tuple(replace(one, doubtful=True) if misread(one) else one for one in citations)


def digest_of(record: Record) -> int:
    """Return 64 bits that change with every fact of the article; its line in the file does not count.

    The file of a captured page does not count either: the same page seen again is the same article.
    """
    path = record.path if record.rank in (FILE, FEED) else ""
    facts = (path, *_FACTS(record), str(len(record.basis)), *record.basis, *record.themes)
    if record.ocr or record.anchors:
        facts = (*facts, repr((record.ocr, record.anchors)))
    said = "".join([f"{len(fact)}:{fact}" for fact in facts])  # this takes a tenth of the time of repr
    return int.from_bytes(hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def cut(text: str, citations: Sequence[Citation]) -> _Cut:
    """Cut a text once for all its readers. In its keys "" stands for each citation: the title of a cited document says
    nothing about the article's own theme.
    """
    found, keys, start = list[str](), list[str](), 0
    for citation in citations:
        if citation.start < start:
            continue
        before, cited = pieces(text[start : citation.start]), pieces(text[citation.start : citation.end])
        found += before + cited
        keys += [*keys_in_sentences(before), ""]
        start = citation.end
    rest = pieces(text[start:])
    return _Cut(found + rest, keys + keys_in_sentences(rest))


def _named(record: Record, themes: Themes) -> tuple[str, ...]:
    """Return the themes that a file itself names, by their ids where the taxonomy has them."""
    named = (themes.find(name) or _line(name) for name in record.themes)
    return tuple(dict.fromkeys(name for name in named if name))


def _themes(named: Sequence[str], section: str, sections: Mapping[str, str], found: Sequence[str]) -> tuple[str, ...]:
    by_section = of_section(section, sections) if section and sections else ""
    return tuple(dict.fromkeys(name for name in (*named, by_section, *found) if name))


def refiled(found: Article, themes: Themes, sections: Mapping[str, str]) -> tuple[str, ...]:
    """Return the themes of an analysed article by another taxonomy: the result of `article`, without its file."""
    cited = [citation for citation in found.citations if citation.end <= len(found.text)]
    in_title = find_citations(found.title)
    mentions = [citation.key for citation in (*cited, *in_title)]
    title, text = cut(found.title, in_title).keys, cut(found.text, cited).keys
    named = [themes.find(name) or name for name in found.themes[: found.filed]]
    return _themes(named, found.section, sections, themes.assign(title, text, mentions))


def reasons(found: Article, themes: Themes) -> list[Reason]:
    """Return what spoke for the themes of an analysed article, by its title and its first pages."""
    text = found.text[:_LOOKED_AT]
    cited = [citation for citation in found.citations if citation.end <= len(found.text)]
    in_title = find_citations(found.title)
    mentions = [citation.key for citation in (*cited, *in_title)]
    shown = [citation for citation in cited if citation.end <= len(text)]
    return themes.why(cut(found.title, in_title).keys, cut(text, shown).keys, mentions)


def _all(
    text: str, title: str, basis: Sequence[str], cited: Sequence[Citation], in_title: Sequence[Citation]
) -> tuple[Citation, ...]:
    """Return the citations of the text, then those of the title alone, then those of the basis alone."""
    found = [*cited, *_beyond(in_title, cited, len(text) + 1)]
    start = len(text) + len(title) + 2
    for one in basis:
        # Mostly the text has the same citation.
        if one not in text:
            found += _beyond(find_citations(one), found, start)
        start += len(one) + 1
    return tuple(found)


def _beyond(said: Sequence[Citation], cited: Sequence[Citation], shift: int) -> list[Citation]:
    known = {citation.key for citation in cited}
    return [
        replace(
            citation, start=citation.start + shift, end=citation.end + shift, carrier=_moved(citation.carrier, shift)
        )
        for citation in said
        if citation.key not in known
    ]


def _relations(
    text: str, title: str, cited: Sequence[Citation], in_title: Sequence[Citation], every: Sequence[Citation], *,
    official: bool,
) -> tuple[Relation, ...]:  # fmt: skip
    """Return the relations between documents in the text, then those in the title alone."""
    found = find_relations(text, cited, official=official)
    start = {citation.key: citation.start for citation in reversed(every)}
    place = {citation.start: start[citation.key] for citation in in_title if citation.key in start} | {OWN: OWN}
    shift = len(text) + 1
    for one in find_relations(title, in_title, official=official) if title not in text else ():
        if one.doer in place and one.target in place:
            doer, target, start_, end = place[one.doer], place[one.target], one.start + shift, one.end + shift
            found.append(replace(one, doer=doer, target=target, start=start_, end=end))
    return distinct(found, every)


def _moved(carrier: int | None, shift: int) -> int | None:
    return carrier if carrier is None or carrier == OWN else carrier + shift


def _own(record: Record) -> tuple[str, str]:
    """Return type slug and number of the document that an article is, each "" when it is none."""
    return _numbered(_line(record.kind), _line(record.number))


@lru_cache(1 << 10)
def _numbered(kind: str, number: str) -> tuple[str, str]:
    """Return type slug and number as a citation has them; the articles of one law name it again and again."""
    said = next(iter(find_citations(f"{kind} số {number}" if kind else number)), None) if number else None
    if said and said.kind == "number":
        return type_of_kind(kind or TYPE_NAMES.get(said.type, "")), said.key
    return type_of_kind(kind), number


def _paragraphs(text: str) -> str:
    lines = (line.strip() for line in normalize(text).split("\n"))
    return "\n".join(line for line in lines if line)


def _line(text: str, limit: int = _MAX_FACT) -> str:
    """Return one clean line, cut between words where it is too long."""
    line = " ".join(normalize(text).split())
    if len(line) <= limit:
        return line
    cut = line.rfind(" ", 0, limit)
    return line[: cut if cut > 0 else limit - 1].rstrip(" ,;:-") + "…"


def _first_line(text: str) -> str:
    """Return a substitute for a missing title: the first line, or its first sentence when it is a paragraph."""
    first = text.partition("\n")[0]
    sentence = _SENTENCE.match(first) if len(first) > MAX_TITLE else None
    return _line(sentence[0] if sentence else first, MAX_TITLE)


def _place(record: Record) -> str:
    return f"{normalize(record.path)}#{record.row}" if record.row else normalize(record.path)
