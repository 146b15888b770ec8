"""Turn typed text into the query tree. Ordinary typing never fails: other signs are text, open brackets are closed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from searchapp.article import Citation
from searchapp.citations.find import find_in_query
from searchapp.dates import parse_date, span
from searchapp.errors import BadQueryError
from searchapp.query import AllOf, AnyOf, Node, Not, Number, Phrase, Prefix, Word
from searchapp.search.variants import ARABIC, in_capitals, spelt_otherwise, with_abbreviations, written_out
from searchapp.text.abbreviations import Abbreviations
from searchapp.text.normalize import fold, has_marks, normalize
from searchapp.text.tokens import Token, tokens
from searchapp.text.tokens import key as search_key
from searchapp.text.typed import as_we_write

MAX_CHARS: Final = 512  # the longest judged question has 300
MAX_DEPTH: Final = 10
MAX_PHRASE: Final = 64  # a query has as many words; a pasted title is longer than sixteen
_MIN_PREFIX: Final = 2

FIELDS: Final = {
    "van-ban": "document", "chu-de": "theme", "nguon": "source", "tu": "since", "den": "until",
    "hieu-luc": "validity", "sua-doi": "amends", "thay-the": "replaces", "ngay-hieu-luc": "starts",
}  # fmt: skip

# One lexeme: a field, a quoted phrase (its end may be missing), a parenthesis, or a run of other signs.
_LEXEME: Final = re.compile(
    r"""
    (?P<minus>-)?                                        # not, when it begins a word
    (?:
      (?P<field>van[-_]?ban|chu[-_]?de|nguon|tu|den|(?:ngay[-_]?)?hieu[-_]?luc|sua[-_]?doi|thay[-_]?the):
                                                         # fields; the value is quoted or runs to the next space
        (?: "(?P<quoted>[^"]*)"? | (?P<value>[^\s()"]*) )
    | "(?P<phrase>[^"]*)"?
    | (?P<open>\() | (?P<close>\))
    | (?P<run>[^\s()"]+)
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SPELT: Final = {name.replace("-", ""): name for name in FIELDS}
"""Spellings of a field without signs: of "vanban:", and of "van_ban:" as in addresses."""
_EXCLUDING: Final = re.compile(r"(?<!\S)-")  # the sign before a word; it is no part of a number
_ADDRESS: Final = re.compile(r"://|@|[a-z]\.[a-z]", re.IGNORECASE)
QUOTES: Final = str.maketrans("“”„‟«»＂", '"' * 7)
# Words that tell issuer or time of a document; beside its number they add nothing to search for.
_TAIL_WORDS: Final = frozenset(
    {"cua", "do", "ban", "hanh", "ngay", "thang", "nam", "khoa", "nhiem", "ky", "so", "lan", "thu", "ve", "dang"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parsed:
    """The meaning of a typed text: a tree (None when nothing is left to search for) and the fields in the text.

    filters: facet name → values; since, until: ISO days; text: the normalised query; plain: its positive words in
    order, without fields and signs; words: how many plain syllables the tree holds.
    """

    text: str
    tree: Node | None
    plain: str = ""
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    since: str = ""
    until: str = ""


class _Lexeme(NamedTuple):
    kind: str  # word, phrase, prefix, number, or, open, close, field
    text: str
    negative: bool = False
    name: str = ""
    citation: Citation | None = None


def parse(text: str, abbreviations: Abbreviations | None = None) -> _Parsed:
    """Parse a visitor's text. Raises BadQueryError only for absurd input (query.md, Grammar).

    abbreviations: those of the archive; ours without it.

    >>> parse('"giáo dục" -đại').tree  # doctest: +ELLIPSIS
    AllOf(children=(Phrase(keys=('giáo', 'dục'), marked=True, ...), Not(child=Word(key='đại', marked=True, ...))))
    """
    typed = clean(text)
    known = abbreviations or Abbreviations.shipped()
    lexemes = list(_lexemes(_joined(typed, known), known))
    fields = [lexeme for lexeme in lexemes if lexeme.kind == "field"]
    filters, since, until = _fields(fields)
    reader = _Reader([lexeme for lexeme in lexemes if lexeme.kind != "field"], known)
    tree = reader.any_of(depth=0)
    plain = " ".join(x.text for x in lexemes if x.kind in ("word", "phrase", "number") and not x.negative)
    return _Parsed(text=typed, tree=tree, plain=plain, filters=filters, since=since, until=until)


def respelt_in(text: str, spelt: Mapping[str, str]) -> str:
    """Return a typed text with other spellings of its plain words (key → spelling); fields, phrases, numbers and
    exclusions stay.

    >>> respelt_in('nguon:"Báo A" phogn dich -phogn', {"phogn": "phong"})
    'nguon:"Báo A" phong dich -phogn'
    """
    text = clean(text).translate(QUOTES)
    numbers = [(start, said.end) for start, said in _numbers(text).items()]
    for match in reversed(list(_LEXEME.finditer(text))):
        start, end = match.span()
        if (
            match["run"] is None
            or _ADDRESS.search(match["run"])
            or match["minus"]
            or any(begin < end and start < last for begin, last in numbers)
        ):
            continue
        for token in reversed(tokens(match["run"])):
            if full := spelt.get(token.key):
                text = text[: start + token.start] + full + text[start + token.end :]
    return text


def without_fields(text: str) -> tuple[str, str]:
    """Return a typed text without its fields, and its fields as they stand there.

    >>> without_fields('tu:2021 cai cach nguon:"Báo A"')
    ('cai cach', 'tu:2021 nguon:"Báo A"')
    """
    text = clean(text).translate(QUOTES)
    fields = [match.span() for match in _LEXEME.finditer(text) if match["field"]]
    ends = [0, *(end for _, end in fields)]
    rest = " ".join(
        text[end:start] for end, start in zip(ends, [*(start for start, _ in fields), len(text)], strict=True)
    )
    return " ".join(rest.split()), " ".join(text[start:end] for start, end in fields)


def without_each_field(text: str) -> Iterator[tuple[str, str]]:
    """Yield a typed text without one of its fields, and that field; first each one, then all of several together.

    >>> list(without_each_field("tu:2021 cải cách den:2022"))
    [('cải cách den:2022', 'tu:2021'), ('tu:2021 cải cách', 'den:2022'), ('cải cách', 'tu:2021 den:2022')]
    """
    text = clean(text).translate(QUOTES)
    fields = [match.span() for match in _LEXEME.finditer(text) if match["field"]]
    for start, end in fields:
        yield " ".join((text[:start] + text[end:]).split()), text[start:end]
    if len(fields) > 1:
        yield without_fields(text)


def clean(text: str) -> str:
    """Normalise a query at the door: NFKC, white space folded. Raises BadQueryError for control bytes and length."""
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n\r" for c in text):
        raise BadQueryError(
            "Từ khóa có ký tự điều khiển không hợp lệ. Hãy gõ lại bằng chữ thường.",
            "The query has control characters. Type it again as plain text.",
        )
    if len(text) > 4 * MAX_CHARS:  # checked before the costlier steps; NFD may need two or three marks a letter
        raise _too_long()
    result = _HYPHEN.sub("-", " ".join(normalize(unicodedata.normalize("NFKC", text)).split()))
    if len(result) > MAX_CHARS:
        raise _too_long()
    return result


_HYPHEN: Final = re.compile(r"(?<=\w)[‐‑‒−](?=\w)")  # of word processors: "80/2021/TT‑BTC"
_SPACED: Final = re.compile(r"(?<!\S)\w+(?:\s?[&-]\s?\w+)+(?!\S)")


def _joined(text: str, known: Abbreviations) -> str:
    """Close the gap inside names that are one in any spacing: "TP HCM", "TN & MT" must not be cut at their spaces."""
    text = as_we_write(text)
    for spaced in reversed(list(_SPACED.finditer(text))):
        close = re.sub(r"\s", "", spaced.group())
        if close != spaced.group() and written_out(close, known):
            text = text[: spaced.start()] + close + text[spaced.end() :]
    for token in reversed(tokens(text)):
        if " " in text[token.start : token.end]:
            text = text[: token.start] + token.key.upper() + text[token.end :]
    return text


def _too_long() -> BadQueryError:
    return BadQueryError(
        f"Từ khóa dài quá {MAX_CHARS} ký tự. Hãy rút gọn còn những từ chính.",
        f"The query has more than {MAX_CHARS} characters. Keep its main words.",
    )


def _lexemes(text: str, known: Abbreviations) -> Iterator[_Lexeme]:
    text = text.translate(QUOTES)
    capitals = in_capitals(text, known)
    numbers = _numbers(text)
    at = 0
    while match := _LEXEME.search(text, at):
        citation = numbers.get(match.start() + (match["minus"] is not None))
        if citation is not None and match["run"] is not None:
            at = citation.end
            yield _Lexeme("number", citation.text, match["minus"] is not None, citation=citation)
            continue
        at = match.end()
        if match["run"] is not None:
            # A citation may begin inside the rest: stop before it.
            inside = [start for start in numbers if match.start("run") < start < at]
            run = text[match.start("run") : min([*inside, at])]
            at = match.start("run") + len(run)
            yield from _run(run, match["minus"] is not None, capitals, known)
        else:
            yield from _sign(match)


def _sign(match: re.Match[str]) -> Iterator[_Lexeme]:
    negative = match["minus"] is not None
    if match["field"]:
        value = match["quoted"] if match["quoted"] is not None else match["value"]
        yield _Lexeme("field", value.strip(), negative, _SPELT[re.sub("[-_]", "", match["field"].lower())])
    elif match["open"]:
        yield _Lexeme("open", "(", negative)
    elif match["close"]:
        yield _Lexeme("close", ")")
    else:
        yield _Lexeme("phrase", match["phrase"], negative)


def _run(run: str, negative: bool, capitals: bool, known: Abbreviations) -> Iterator[_Lexeme]:
    if run in ("OR", "AND") and not negative:
        if run == "OR":  # neighbours are joined by AND anyway
            yield _Lexeme("or", run)
        return
    found = tokens(run)
    if run.endswith("*") and len(found) == 1 and len(fold(found[0].key)) >= _MIN_PREFIX:
        yield _Lexeme("prefix", run[found[0].start : found[0].end], negative)
    elif negative and len(found) > 1:
        yield _Lexeme("phrase", run, negative)
    elif len(found) > 1 and written_out(whole := run[found[0].start : found[-1].end], known):
        yield _Lexeme("word", whole, negative)
    else:
        for token in found:
            word = run[token.start : token.end]
            yield _Lexeme("word", word.lower() if capitals else word, negative)


def _numbers(text: str) -> dict[int, Citation]:
    quoted = [match.span() for match in re.finditer(r'"[^"]*"?', text)]
    fielded = [match.span() for match in _LEXEME.finditer(text) if match["field"]]
    taken = quoted + fielded
    return {
        citation.start: citation
        for citation in find_in_query(_EXCLUDING.sub(" ", text))
        if not any(start < citation.end and citation.start < end for start, end in taken)
    }


def _fields(lexemes: list[_Lexeme]) -> tuple[dict[str, tuple[str, ...]], str, str]:
    filters: dict[str, tuple[str, ...]] = {}
    since = until = ""
    for lexeme in lexemes:
        name = FIELDS[lexeme.name]
        if not lexeme.text:
            continue
        if name == "since":
            since = max(since, _day(lexeme, 0))
        elif name == "until":
            day = _day(lexeme, 1)
            until = min(until, day) if until else day
        else:
            filters[name] = (*filters.get(name, ()), lexeme.text)
    if since and until and since > until:
        raise BadQueryError(
            "Ngày bắt đầu (tu:) đứng sau ngày kết thúc (den:). Hãy đổi lại hai ngày.",
            "The first day (tu:) is after the last (den:). Exchange them.",
        )
    return filters, since, until


def _day(lexeme: _Lexeme, end: int) -> str:
    date = parse_date(lexeme.text)
    if not date:
        raise BadQueryError(
            f"Không hiểu ngày “{lexeme.text}” sau “{lexeme.name}:”. Hãy viết như 15/9/2021 hoặc 2021-09.",
            f"“{lexeme.text}” after “{lexeme.name}:” is no day. Write it as 15/9/2021 or 2021-09.",
        )
    return span(date)[end]


class _Reader:
    """A recursive-descent reader of the lexemes. OR binds weaker than neighbourhood, since Vietnamese words are several
    syllables: `nghị quyết OR chỉ thị` means two words of two syllables.
    """

    def __init__(self, lexemes: list[_Lexeme], known: Abbreviations) -> None:
        self.lexemes = lexemes
        self.known = known
        self.at = 0

    def any_of(self, depth: int) -> Node | None:
        branches = [self.all_of(depth)]
        while self.at < len(self.lexemes) and self.lexemes[self.at].kind == "or":
            self.at += 1
            branches.append(self.all_of(depth))
        kept = [branch for branch in branches if branch is not None]
        if len(kept) < 2:
            return kept[0] if kept else None
        return AnyOf(tuple(kept))

    def all_of(self, depth: int) -> Node | None:
        children: list[Node] = []
        said: list[Citation] = []
        bracketed: list[AllOf] = []
        while self.at < len(self.lexemes):
            lexeme = self.lexemes[self.at]
            if lexeme.kind == "or" or (lexeme.kind == "close" and depth > 0):
                break
            self.at += 1
            if lexeme.kind == "close":
                continue
            if lexeme.kind == "number":
                _drop_introduction(children)
            node = self.group(lexeme, depth) if lexeme.kind == "open" else _leaf(lexeme, self.known)
            if node is not None:
                children.append(Not(node) if lexeme.negative else node)
            if lexeme.kind == "open" and isinstance(node, AllOf) and not lexeme.negative:
                bracketed.append(node)
            if lexeme.citation is not None and not lexeme.negative:
                said.append(lexeme.citation)
        children = with_abbreviations(_without_tails(children, said), self.known)
        # "Nghị định 15/2020 (sửa đổi)" is no other query than without the brackets.
        children = [one for node in children for one in (node.children if node in bracketed else (node,))]
        if len(children) < 2:
            return children[0] if children else None
        return AllOf(tuple(children))

    def group(self, lexeme: _Lexeme, depth: int) -> Node | None:
        if depth >= MAX_DEPTH:  # deeper parentheses are ordinary signs
            return None
        node = self.any_of(depth + 1)
        if self.at < len(self.lexemes) and self.lexemes[self.at].kind == "close":
            self.at += 1
        return node


def _leaf(lexeme: _Lexeme, known: Abbreviations) -> Node | None:
    if lexeme.kind == "number" and lexeme.citation is not None:
        said = lexeme.citation
        return Number(said.key, text=said.text, issuer=said.issuer, place=said.place, date=said.date, term=said.term)
    if lexeme.kind == "prefix":
        return _prefix(lexeme.text)
    found = tokens(lexeme.text)
    if not found:
        return None
    if lexeme.kind == "word":
        return _word(lexeme.text, found, known)
    if len(found) > MAX_PHRASE:
        raise BadQueryError(
            f"Cụm trong ngoặc kép dài quá {MAX_PHRASE} âm tiết. Hãy rút ngắn hoặc bỏ ngoặc kép.",
            f"The quoted phrase has more than {MAX_PHRASE} syllables. Shorten it, or leave out the quotes.",
        )
    return Phrase(tuple(token.key for token in found), has_marks(lexeme.text))


def _prefix(letters: str) -> Node:
    """Return syllables that begin with these letters; ki* means kỹ too, whose key has a y."""
    begun, whole = fold(letters), fold(search_key(letters))
    return Prefix(begun) if whole.startswith(begun) else AnyOf((Prefix(begun), Phrase((whole,))))


def _word(typed: str, found: list[Token], known: Abbreviations) -> Node:
    also = written_out(typed, known)
    same = spelt_otherwise(typed, known) if also else ()
    words = tuple(Word(token.key, has_marks(token.key), also, same) for token in found)
    return words[0] if len(words) == 1 else AllOf(words)


_INTRODUCES: Final = (("van", "ban"), ("so",), ("ky",), ("hieu",))
"""Folded words that announce a number: "văn bản số", "số, ký hiệu"."""


def _drop_introduction(children: list[Node]) -> None:
    """Take from the end of the children the words that only announce the number behind them."""
    last = [fold(child.key) if isinstance(child, Word) else "" for child in children]
    while said := next((one for one in _INTRODUCES if tuple(last[-len(one) :]) == one), ()):
        del children[-len(said) :], last[-len(said) :]


def _without_tails(children: list[Node], said: list[Citation]) -> list[Node]:
    """Leave out words that only tell issuer or time of a number: its Number node holds them already."""
    if not any(c.issuer or c.term or c.date or c.place for c in said):
        return children
    facts = " ".join(f"{c.issuer} {c.term} {c.place} {c.date.replace('-', ' ')}" for c in said)
    known = {fold(token.key) for token in tokens(facts)} | _TAIL_WORDS
    known |= {word.lstrip("0") for word in known} | {ARABIC[word] for word in known if word in ARABIC}
    return [child for child in children if not (isinstance(child, Word) and fold(child.key).lstrip("0") in known)]
