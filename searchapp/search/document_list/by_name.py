"""Documents that a query names without a number: "luat dat dai", "BLDS", "nghị quyết về chuyển đổi số"."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import dropwhile, islice
from typing import Final

from searchapp.article import Document
from searchapp.citations.find.vocabulary import CODES, NAMES, TYPE_NAMES
from searchapp.citations.resolve.identity import CALLED_BY_NAME
from searchapp.dates import today
from searchapp.engine import Engine
from searchapp.query import AllOf, Query, Word
from searchapp.search.document_list import citing
from searchapp.search.snapshot import Survey
from searchapp.search.standing import standing_of
from searchapp.text.abbreviations import Abbreviations
from searchapp.text.normalize import fold_key
from searchapp.text.syllables import is_syllable
from searchapp.text.tokens import tokens

_MAX_NAMED: Final = 12  # documents of one name that a page tells
_MAX_WORDS: Final = 24  # a longer query tells a story, it names nothing
_MIN_SUBJECT: Final = 2  # syllables; one says too little of what a document is about
_FAR_MORE: Final = 10  # times as many articles as the next
_CONSTITUTION: Final = ("HP",)
"""The one type that is a name by itself."""
_WIDER: Final = {"L": ("L", "BL"), "QĐ": ("QĐ", "QĐi")}
"""What people also mean by a type: "luật dân sự" is a code of law, QĐ stands for two types."""
_OF_TYPES: Final = {"l": ("luat",), "bl": ("bo", "luat"), "pl": ("phap", "lenh")}
"""The letters of a type before those of a name: LDN, BLLĐ."""
_LINKS: Final = frozenset({"ve", "viec", "so", "cua", "quy", "dinh", "nao", "gi"})
"""Folded words between a type and its subject that say nothing of it: "nghị quyết nào về cải cách tiền lương"."""
_AND: Final = "và"  # people leave it out of a law's name
_TYPES: Final = {tuple(name.split()): code for name, code in NAMES.items()} | {
    (code,): kind for code, kind in CODES.items() if kind in TYPE_NAMES and len(code) > 1
}
_LONGEST: Final = max(map(len, _TYPES))
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_DAY: Final = re.compile(r"\bngay (?P<d>\d{1,2}) (?:thang )?(?P<m>\d{1,2}) (?:nam )?(?P<y>\d{4})\b")
_GROUND: Final = frozenset({"can", "cu", "theo"}) | _LINKS  # before a pasted name: "Căn cứ Luật Doanh nghiệp số …"
_TAKEN: Final = frozenset({"hanh", "ban", "do", "nam", "khoa", "dang", "va"}) | _LINKS
_BEGUN: Final = 6  # words of a long title that are nothing else
_ENDED: Final = ("het", "ngung")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a query says of a document. codes: the types it may mean; subject: keys, with whether accents were typed."""

    codes: tuple[str, ...]
    subject: tuple[Word, ...]
    year: str


class _Names:
    """Every name of every document of a generation, to be found by its words."""

    def __init__(self, engine: Engine) -> None:
        self._known = engine.tables.abbreviations
        self._documents = engine.documents()
        self._names: list[tuple[int, tuple[str, ...]]] = []  # place of the document, the keys of a name of it
        # Arrays, not sets: a name of ten thousand takes four bytes a word instead of eighty.
        self._having: dict[str, array[int]] = defaultdict(_none)  # folded key → names that have it, ascending
        self._short: dict[str, array[int]] = defaultdict(_none)  # initials of a law's name → names
        for place, document in enumerate(self._documents):
            for keys in dict.fromkeys(_called(document, self._known)):
                for key in {fold_key(key) for key in keys}:
                    self._having[key].append(len(self._names))
                if document.type in CALLED_BY_NAME and len(keys) >= _MIN_SUBJECT:
                    for short in _initials(keys):
                        self._short[short].append(len(self._names))
                self._names.append((place, keys))

    def meant(self, words: Sequence[Word]) -> list[tuple[bool, Document]]:
        """The documents that these words name, each with whether its whole name was given."""
        found: dict[int, bool] = {}
        for said in (*_spelt(words, self._known), *self.of_initials(words)):
            asked = _read(said)
            if not asked.subject and asked.codes == _CONSTITUTION:
                found |= dict.fromkeys((at for at, one in enumerate(self._documents) if one.type in asked.codes), True)
            if len(asked.subject) < (1 if asked.codes and asked.codes[0] in CALLED_BY_NAME else _MIN_SUBJECT):
                continue
            for place, whole in (*self._matching(asked), *self._abbreviated(asked)):
                found[place] = found.get(place, False) or whole
        if any(found.values()) and len(words) <= _MAX_WORDS:  # "luật đất đai" is no law that begins so
            found = {place: whole for place, whole in found.items() if whole or not self._is_law(place)}
        return [(whole, self._documents[place]) for place, whole in found.items()]

    def of_initials(self, words: Sequence[Word]) -> Iterator[list[Word]]:
        """Yield "luật DN 2020" for "LDN 2020": the letter of the type before those of a name, and a year or nothing."""
        first, *rest = words
        if not all(word.key == "năm" or fold_key(word.key) == "nam" or _YEAR.fullmatch(word.key) for word in rest):
            return
        if is_syllable(fold_key(first.key)) or self._known.expansions(first.key.upper()):
            return
        for letters, name in _OF_TYPES.items():
            if first.key.startswith(letters) and len(first.key) >= len(letters) + _MIN_SUBJECT:
                yield [*map(Word, name), Word(first.key.removeprefix(letters), first.marked), *rest]

    def _is_law(self, place: int) -> bool:
        return self._documents[place].type in CALLED_BY_NAME

    def _matching(self, asked: _Asked) -> Iterator[tuple[int, bool]]:
        lists = sorted((self._having.get(fold_key(word.key), _none()) for word in asked.subject), key=len)
        for at in lists[0] if lists else ():
            place, keys = self._names[at]
            if not asked.codes and len(keys) != len(asked.subject):  # without its type only a whole name is one
                continue
            document = self._documents[place]
            if asked.codes and document.type not in asked.codes:
                continue
            if not all(_has(other, at) for other in lists[1:]):
                continue
            if asked.year and not _is_of_year(document, asked.year) and asked.year not in keys:
                continue
            begins = document.type in CALLED_BY_NAME or not asked.codes
            start = _place(asked.subject, keys, only_first=begins)
            whole = start == 0 and len(asked.subject) == len(keys)
            if start >= 0 and (asked.codes or (whole and document.type not in CALLED_BY_NAME)):
                yield place, whole

    def _abbreviated(self, asked: _Asked) -> Iterator[tuple[int, bool]]:
        """Yield the laws of whose name somebody gives the initials: "luật GTĐB", "luật HN&GĐ"; none for a syllable."""
        short = "".join(word.key for word in asked.subject if word.key != "&")
        folded = fold_key(short)
        if not asked.codes or asked.codes[0] not in CALLED_BY_NAME or len(short) < _MIN_SUBJECT or is_syllable(folded):
            return
        for at in self._short.get(short if short != folded else folded, ()):
            place, keys = self._names[at]
            document = self._documents[place]
            if document.type in asked.codes and (asked.year in ("", *keys[-1:]) or _is_of_year(document, asked.year)):
                yield place, True


def _is_of_year(document: Document, year: str) -> bool:
    """Tell whether a document is of a year, by its day or by its symbol where nothing tells the day."""
    return document.date.startswith(year) if document.date else f"/{year}/" in document.symbol


def _none() -> array[int]:
    return array("I")


def _has(ascending: Sequence[int], number: int) -> bool:
    at = bisect_left(ascending, number)
    return at < len(ascending) and ascending[at] == number


_NAMES: Final = Survey("names of documents", _Names)


def named(engine: Engine, query: Query) -> tuple[Document, ...]:
    """The documents that plain words name: those in force first, of these the whole name, then the newest."""
    words = _plain(query)
    names = _NAMES.of(engine) if 0 < len(words) <= _MAX_WORDS and query.page == 1 and not query.after else None
    if names is None:
        return ()
    found = next(filter(None, map(names.meant, (words, *_without_question(words)))), [])
    if not found:
        return ()
    statuses = standing_of(engine).values(query.on or today().isoformat())
    found.sort(key=lambda row: row[1].date, reverse=True)
    found.sort(key=lambda row: (statuses.get(row[1].slug) in _ENDED, not row[0]))
    return tuple(document for _, document in islice(found, _MAX_NAMED))


def of_initials(engine: Engine, query: Query, *, dated: bool = True) -> tuple[Document, ...]:
    """Return the law that a query names by letters and nothing else, with its year: "LDN 2020".

    dated: not without one, nor with the letters apart. Else "luật TCCQĐP" means all laws of that one name.
    """
    words = _plain(query)
    year = any(_YEAR.fullmatch(word.key) for word in words[1:])
    if not words or len(words) > _MAX_WORDS or (names := _NAMES.of(engine)) is None or (dated and not year):
        return ()
    if not any(names.of_initials(words)) and (dated or not _is_lettered(words)):
        return ()
    meant = [document for whole, document in names.meant(words) if whole and document.type in CALLED_BY_NAME]
    found = meant if year else usually_meant(engine, query, meant)
    return tuple(found) if len(found) == 1 or (not year and are_of_one_name(found)) else ()


def are_of_one_name(laws: Iterable[Document]) -> bool:
    """Tell whether laws have one name, whatever their years."""
    return len(set(map(_subject, laws))) == 1


def usually_meant(engine: Engine, query: Query, laws: Sequence[Document]) -> tuple[Document, ...]:
    """Return the laws that nearly everybody means by letters: "LDN" is that on enterprises, not on vocations.

    All of them where no name has far more articles than each other, or the query gives no letters.
    """
    names, words = dict.fromkeys(map(_subject, laws)), _plain(query)
    if len(names) < 2 or not words or not (any(_NAMES.of(engine).of_initials(words)) or _is_lettered(words)):
        return tuple(laws)
    counts: dict[str, int] = defaultdict(int)
    for law, cited, parts in zip(laws, *citing(engine, [law.slug for law in laws]), strict=True):
        counts[_subject(law)] += cited + parts
    first, second = sorted(names, key=lambda name: -counts[name])[:2]
    usual = counts[first] >= _FAR_MORE * max(counts[second], 1)
    return tuple(law for law in laws if not usual or _subject(law) == first)


def _subject(law: Document) -> str:
    return " ".join(fold_key(word.key) for word in _read([Word(token.key) for token in tokens(law.title)]).subject)


def _is_lettered(words: Sequence[Word]) -> bool:
    """Tell whether a query is a type, letters that are no syllable and stand for nothing else, and maybe a year."""
    asked = _read(words)
    letters = [word for word in asked.subject if not (is_syllable(fold_key(word.key)) or word.also)]
    return bool(asked.codes) and len(letters) == len(asked.subject) == 1


def is_called(known: Abbreviations, document: Document, words: Sequence[Word], *, typed: bool = False) -> bool:
    """Tell whether words are nothing but a document's name, maybe with its day; typed: not without its type."""
    folded = " ".join(fold_key(word.key) for word in words)
    if (day := _DAY.search(folded)) and f"{day['y']}-{day['m']:0>2}-{day['d']:0>2}" == document.date:
        at = folded[: day.start()].count(" ")
        words = [*words[:at], *words[at + day[0].count(" ") + 1 :]]
    words = list(dropwhile(lambda word: fold_key(word.key) in _GROUND, words))
    taken = _TAKEN | {fold_key(token.key) for token in tokens(document.issuer)}
    if not words:
        return not typed
    begun = 0 if document.type in CALLED_BY_NAME else _BEGUN
    types = {document.type, *_read([Word(token.key) for token in tokens(document.title)]).codes, *[""][typed:]}
    asked = [one for one in map(_read, _spelt(words, known)) if not types.isdisjoint(one.codes or ("",))]
    said = [one.subject for one in asked if not one.year or _is_of_year(document, one.year)]
    return any(_tells(subject, keys, taken, begun) for keys in _called(document, known) for subject in said)


def _tells(words: Sequence[Word], keys: Sequence[str], taken: Set[str], begun: int) -> bool:
    """Tell whether words are those of a name, which may lack the taken ones; `begun` words may be its beginning."""
    at = 0
    for key in keys:
        if at == len(words):
            return 0 < begun <= at
        if _agree(words[at : at + 1], (key,)):
            at += 1
        elif fold_key(key) not in taken:
            return False
    return at == len(words)


def named_in_question(engine: Engine, query: Query) -> tuple[tuple[Word, ...], tuple[Word, ...]] | None:
    """Return the words of a document's name in a question about it, and those that only ask; None for any other."""
    words = _plain(query)
    if not 0 < len(words) <= _MAX_WORDS or not _ASKED.search(" ".join(fold_key(word.key) for word in words)):
        return None
    names = _NAMES.of(engine)
    if names is None or names.meant(words):
        return None
    for name in _without_question(words):
        if names.meant(name):
            return tuple(name), tuple(word for word in words if word not in name)
    return None


_EVERY_LAW: Final = (
    r"pham vi dieu chinh|doi tuong ap dung|giai thich tu ngu|(?:dieu khoan|quy dinh|xu ly) chuyen tiep"
    r"|(?:dieu khoan|hieu luc|trach nhiem) thi hanh|to chuc thuc hien"
)
"""The headings that every law has."""
_ASKS: Final = re.compile(
    r"(?:(?:la|co|con|da|bi|dang|duoc|se|nua|khong|chua|hay|khi|nao|tu|ngay|nam|gi|hien|nay|van|ban|bo|luat|nghi|dinh"
    r"|cua|bang|boi|cho|nhung|hieu luc|het|thi hanh|ap dung|thay the|bai bo|huong dan|sua doi|bo sung|moi nhat|moi"
    r"|hien hanh|ban hanh|thong qua|the|bao gio|thong tu|toan|noi dung|so|may|bao nhieu|do|ai|xem|tim|tai|trong"
    rf"|hop nhat|vbhn|so sanh|su|diem|khac|giong|nhau|biet|giua|voi|va|{_EVERY_LAW}) )+"
)
"""Folded words of a question about a document; of them alone a question beside a name consists."""
_ASKED: Final = re.compile(
    r"\b(?:hieu luc|ap dung|thay the|bai bo|huong dan|sua doi|moi|hien hanh|hien nay|thi hanh|ban hanh|thong qua"
    rf"|toan van|noi dung|hop nhat|vbhn|so sanh|khac (?:nhau|biet|gi)|{_EVERY_LAW}"
    r"|la (?:gi|(?:bo )?luat nao)|so (?:may|bao nhieu))\b"
)
"""What people ask of a document: whether and since when it holds, what replaces it, its number, text and headings."""


_SAYS: Final = re.compile(r"thay the|bai bo|huong dan|sua doi|bo sung|ban hanh|thong qua|thi hanh|ap dung")
"""Those of these words that an article says of a document; the others only ask."""


def says_something(asking: Sequence[Word]) -> bool:
    """Tell whether the words that ask about a document are also what articles say of it."""
    return _SAYS.search(" ".join(fold_key(word.key) for word in asking)) is not None


def only_asks(words: Sequence[str]) -> bool:
    """Tell whether keys ask about a document and say nothing of what it is about: "còn hiệu lực không"."""
    return _ASKS.fullmatch("".join(f"{fold_key(word)} " for word in words)) is not None


_NEW: Final = "moi "  # alone it asks for a new law; "chương trình nông thôn mới" is no new programme
_OF_LAWS: Final = ("luat", "bo", "bl", "phap")


def _without_question(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Yield what may be the name in a question about a document: "luật đất đai còn hiệu lực không"."""
    folded = [fold_key(word.key) for word in words]
    if not _ASKED.search(" ".join(folded)):
        return
    for asked, name in _parted(folded):
        said = "".join(f"{one} " for one in folded[asked])
        if _ASKS.fullmatch(said) and _ASKED.search(said) and (said != _NEW or folded[name][0] in _OF_LAWS):
            yield words[name]


def _parted(folded: Sequence[str]) -> Iterator[tuple[slice, slice]]:
    """Yield the ways to part a query into a question and a name, which stands first or begins with its type; the
    longest name first.
    """
    for end in range(len(folded) - 1, 0, -1):
        yield slice(end, None), slice(end)
    for start in range(1, len(folded)):
        if any(tuple(folded[start : start + size]) in _TYPES for size in range(1, _LONGEST + 1)):
            yield slice(start), slice(start, None)


def _plain(query: Query) -> tuple[Word, ...]:
    """The words of a query that is nothing but words; an abbreviation of several ("HN&GĐ") is a group of them."""
    nodes = query.tree.children if isinstance(query.tree, AllOf) else (query.tree,)
    flat = tuple(one for node in nodes for one in (node.children if isinstance(node, AllOf) else (node,)))
    words = tuple(node for node in flat if isinstance(node, Word))
    return words if len(words) == len(flat) else ()


def _called(document: Document, known: Abbreviations) -> Iterator[tuple[str, ...]]:
    """The names of a document without its type and year: as they are and with abbreviations written out."""
    for name in (document.title, *document.aliases):
        for keys in _written_out([token.key for token in tokens(name)], known):
            if subject := tuple(word.key for word in _read([Word(key) for key in keys]).subject):
                yield subject
                if document.type in CALLED_BY_NAME and _AND in subject:  # "luật phòng cháy chữa cháy"
                    yield tuple(key for key in subject if key != _AND)


def _initials(keys: Sequence[str]) -> set[str]:
    """Return the first letters of a name, with and without đ, "và" left out or not.

    >>> sorted(_initials(["đất", "đai"]))
    ['dd', 'đđ']
    """
    ways = ["".join(key[0] for key in keys), "".join(key[0] for key in keys if key != _AND)]
    spelt = {"".join(c if c == "đ" else fold_key(c) for c in letters) for letters in ways}
    return spelt | set(map(fold_key, spelt))


def _spelt(words: Sequence[Word], known: Abbreviations) -> Iterator[list[Word]]:
    """The words as typed, and with an abbreviation among them written out."""
    marked = {word.key: word.marked for word in words}
    for keys in _written_out([word.key for word in words], known):
        yield [Word(key, marked.get(key, True)) for key in keys]


def _written_out(keys: Sequence[str], known: Abbreviations) -> Iterator[list[str]]:
    yield list(keys)
    for at, key in enumerate(keys):
        for meaning in known.expansions(key.upper()) if key.isalpha() else ():
            yield [*keys[:at], *(token.key for token in tokens(meaning)), *keys[at + 1 :]]


def _read(words: Sequence[Word]) -> _Asked:
    """Type, subject and year of a name."""
    folded = [fold_key(word.key) for word in words]
    size = next((n for n in range(min(_LONGEST, len(words)), 0, -1) if tuple(folded[:n]) in _TYPES), 0)
    code = _TYPES[tuple(folded[:size])] if size else ""
    first, last, year = size, len(words), ""
    while first < last and size and folded[first] in _LINKS:
        first += 1
    at = first + (folded[first : first + 1] == ["nam"])  # "nghị định năm 2024 về đất đai"
    if 0 < size <= at < last - 1 and _YEAR.fullmatch(folded[at]):
        first, year = at + 1, folded[at]
        while first < last and folded[first] in _LINKS:
            first += 1
    if last - first > 1 and not year and _YEAR.fullmatch(folded[-1]):
        last, year = last - 1, folded[-1]
        last -= last - first > 1 and folded[last - 1] == "nam"
    codes = _WIDER.get(code, (code,)) if code else ()
    return _Asked(codes, tuple(words[first:last]), year)


def _place(subject: Sequence[Word], keys: Sequence[str], *, only_first: bool) -> int:
    """Where the words stand side by side in a name, -1 where they do not; accents hold where they were typed."""
    starts: Iterable[int] = (0,) if only_first else range(len(keys) - len(subject) + 1)
    return next((at for at in starts if _agree(subject, keys[at : at + len(subject)])), -1)


def _agree(subject: Sequence[Word], keys: Sequence[str]) -> bool:
    return len(subject) == len(keys) and all(
        key == word.key if word.marked else fold_key(key) == fold_key(word.key)
        for word, key in zip(subject, keys, strict=True)
    )
