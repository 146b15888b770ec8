"""Find other forms of typed words: abbreviations both ways, numerals in both scripts, digits, joined names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby, pairwise
from typing import Final

from searchapp.engine import Engine
from searchapp.query import AllOf, AnyOf, Leaf, Node, Not, Phrase, Word, mapped, positive
from searchapp.search.diacritics import restored
from searchapp.text.abbreviations import CITY_KEY, Abbreviations, city_length
from searchapp.text.keyboard import decode
from searchapp.text.normalize import fold, fold_key, has_marks, normalize
from searchapp.text.syllables import is_syllable
from searchapp.text.syllables import key as search_key
from searchapp.text.tokens import tokens
from searchapp.text.typed import is_foreign

_QUOTED: Final = re.compile(r'"[^"]*"?')


def in_capitals(text: str, known: Abbreviations) -> bool:
    """Tell whether a query is a sentence typed in capitals, where TU in TU TUONG is an ordinary syllable.

    It has several words, no small letter, and a syllable that is no abbreviation: "BTV TU" is two abbreviations.
    """
    words = [text[token.start : token.end] for token in tokens(_QUOTED.sub(" ", text))]
    words = [word for word in words if not word.isdigit() and word != "OR"]
    if len(words) < 2 or not all(word.isupper() for word in words):
        return False
    return any(is_syllable(fold(word)) and not known.expansions(word) for word in words)


def written_out(typed: str, known: Abbreviations) -> tuple[Phrase, ...]:
    """Return the expansions of an abbreviation in a query, as phrases; () for any other word."""
    return tuple(_phrase(text) for text in known.expansions(typed))


def spelt_otherwise(typed: str, known: Abbreviations) -> tuple[Phrase, ...]:
    """Return the other spellings of an abbreviation in a query, as phrases: TNMT for TN&MT."""
    return tuple(_phrase(text) for text in known.spellings(typed))


def with_abbreviations(children: Sequence[Node], known: Abbreviations) -> list[Node]:
    """Return neighbours in a query; the abbreviation of a full name also answers the name's syllables.

    Each syllable of "ủy ban nhân dân" gets UBND as its synonym. So it still counts among the words of the query, and
    articles where the syllables stand apart are found too. The spellings of one city become its one token.
    """
    found: list[Node] = []
    at = 0
    said = runs(children)
    while at < len(children):
        if length := city_length(said[at]):
            found.append(Word(CITY_KEY, also=written_out(CITY_KEY, known)))
            at += length
        else:
            found.append(children[at])
            at += 1
    for start, run in enumerate(runs(found)):
        for length, short in known.stand_for(run) if run else ():
            also = Phrase(tuple(short.split()), has_marks(short) and " " in short)
            for place in range(start, start + length):
                word = found[place]
                if isinstance(word, Word) and also not in word.also:
                    found[place] = replace(word, also=(*word.also, also))
    return found


def runs(children: Sequence[Node]) -> list[list[str]]:
    """Return for each child the keys of the adjacent plain words that begin there."""
    keys = [child.key if isinstance(child, Word) else "" for child in children]
    ends = [len(keys)] * (len(keys) + 1)
    for at in range(len(keys) - 1, -1, -1):
        ends[at] = ends[at + 1] if isinstance(children[at], Word) else at
    return [keys[at : ends[at]] for at in range(len(keys))]


def _phrase(text: str) -> Phrase:
    return Phrase(tuple(token.key for token in tokens(normalize(text))), has_marks(text))


_MOST_PARTS: Final = 5  # syllables of a name that is written in one word: "ốt xtrây li a"
LONGEST: Final = 16  # letters of such a name
_KNOWN_SHARE: Final = 0.1
"""A joined spelling with so large a share of the separate spelling's articles is no slip."""
_NUMERALS: Final = 40  # congresses, terms, sessions: more are not written in Roman numerals
# The word right before a numeral in either script, by letters; "thứ" may stand between.
_COUNTED: Final = (("dai", "hoi"), ("khoa",), ("ky", "hop"), ("quy",), ("lan", "thu"), ("nhiem", "ky"))
_PLACES: Final = {"q": "quận", "p": "phường"}
_PLACE: Final = re.compile(r"(?P<kind>[qp])(?P<number>[1-9][0-9]?)")  # q2
_TOUCHING: Final = re.compile(r"^(?:([^\W\d_]{2,})([0-9]+)|([0-9]+)([^\W\d_]{2,}[23]?|m[23]))$")  # covid19, 50km, 36m2


def respelt(engine: Engine, node: Node) -> Node:
    """Return the tree where each plain word knows its other spellings (`Word.same`), as far as articles have them."""
    if isinstance(node, Word):
        words = _run(engine, [node])
        return words[0] if len(words) == 1 else AllOf(tuple(words))
    if isinstance(node, Not):
        return Not(respelt(engine, node.child))
    if isinstance(node, AnyOf):
        return AnyOf(tuple(respelt(engine, child) for child in node.children))
    if not isinstance(node, AllOf):
        return node
    children: list[Node] = []
    for plain, group in groupby(node.children, lambda child: isinstance(child, Word)):
        if plain:
            children += _run(engine, [child for child in group if isinstance(child, Word)])
        else:
            children += [respelt(engine, child) for child in group]
    return AllOf(tuple(children))


def _run(engine: Engine, words: Sequence[Word]) -> list[Word]:
    """Return neighbouring plain words with their other spellings."""
    parted = [part for word in words for part in _parted(engine, word)]
    found = _joined(engine, _grouped(engine, parted))
    for at in range(len(found)):
        found[at] = _zeros(engine, _other_script(found, at))
    return list(_staying(engine, found))


def _staying(engine: Engine, run: Sequence[Word]) -> Iterator[Word]:
    """Yield neighbours, where a word without accents stays that only looks like one that asks.

    "tham nhung" has the letters of những, "chấn thương sọ nao" those of nào; the archive's own spelling tells.
    Who types every other accent means "Hồng Nhung" by nhung.
    """
    known = engine.tables.questions
    keys = [word.key for word in run]
    asks = known.asking(keys)
    # "bao nhiêu" has no accents to lose on "bao": only what is spelt otherwise than it should be is doubtful.
    doubtful = asks != known.asking(keys, spelt=True)
    if not doubtful or not any(one and not has_marks(key) for one, key in zip(asks, keys, strict=True)):
        yield from run
        return
    likely = restored(engine, [fold_key(word.key) for word in run])
    spelt = [word.key if has_marks(word.key) else form for word, form in zip(run, likely, strict=True)]
    others = [(key, form) for key, form, one in zip(keys, spelt, asks, strict=True) if not one]
    carefully = any(has_marks(key) for key, _ in others) and all(
        has_marks(key) == has_marks(form) for key, form in others
    )
    for word, looks, does in zip(run, asks, known.asking(spelt), strict=True):
        yield replace(word, stays=looks and (not does or (carefully and known.is_leading(word.key))))


def _parted(engine: Engine, word: Word) -> list[Word]:
    """Return the parts of a joined name, or of letters and digits, that nobody writes in one word."""
    if word.also or not word.key.isalnum() or word.key.isdigit():
        return [word]
    if place := _PLACE.fullmatch(word.key):
        return [replace(word, same=(Phrase((_PLACES[place["kind"]], place["number"]), True),))]
    if touching := _TOUCHING.match(word.key):
        parts = list(filter(None, touching.groups()))
    elif len(word.key) > 3 and word.key.isalpha() and not is_syllable(fold_key(word.key)):
        parts = _syllables(engine, word.key)
    else:
        return [word]
    if not parts:
        return [word]
    way = Phrase(tuple(parts), has_marks(word.key))
    if touching and not engine.frequencies([fold_key(word.key)], stream="f")[fold_key(word.key)]:
        return [Word(part, has_marks(part)) for part in parts]
    return [replace(word, same=(way,))]


def _syllables(engine: Engine, name: str) -> list[str]:
    """Return the most frequent separate spelling of a joined name; [] where no article has one."""
    letters = fold_key(name)
    if len(letters) != len(name) or len(letters) > LONGEST:
        return []
    spans = [(start, end) for start in range(len(name)) for end in range(start + 1, len(name) + 1)]
    keys = {letters[start:end]: fold_key(search_key(letters[start:end])) for start, end in spans}  # li is ly
    counts = engine.frequencies(set(keys.values()), stream="f")
    known = {part: counts[key] for part, key in keys.items()}
    cuts = {cut: [keys[part] for part in cut] for cut in _cuts(letters, known) if len(cut) > 1}
    pairs = engine.frequencies({" ".join(pair) for cut in cuts.values() for pair in pairwise(cut)}, stream="f2")
    worth = {cut: min(pairs[" ".join(pair)] for pair in pairwise(of)) for cut, of in cuts.items()}
    best = max(worth, key=lambda cut: (worth[cut], -len(cut), cut), default=())
    if not best or not worth[best]:
        return []
    parts, at = [], 0
    for part in best:
        parts.append(search_key(name[at : at + len(part)]))
        at += len(part)
    return parts


def _cuts(letters: str, known: Mapping[str, int], most: int = _MOST_PARTS) -> Iterator[tuple[str, ...]]:
    """Yield every way to cut a name into at most so many syllables that some article has."""
    if known.get(letters):
        yield (letters,)
    if most > 1:
        for end in range(1, len(letters)):
            if known.get(letters[:end]):
                yield from ((letters[:end], *rest) for rest in _cuts(letters[end:], known, most - 1))


def _grouped(engine: Engine, words: list[Word]) -> list[Word]:
    """Return numbers with and without points between their thousands: 1.000 was cut into 1 and 000."""
    found: list[Word] = []
    at = 0
    while at < len(words):
        end = at + 1
        if re.fullmatch(r"[1-9][0-9]{0,2}", words[at].key):
            while end < len(words) and re.fullmatch(r"[0-9]{3}", words[end].key):
                end += 1
        key = "".join(word.key for word in words[at:end])
        if re.fullmatch(r"[1-9][0-9]{3,11}", key):
            head = len(key) % 3 or 3
            parts = (key[:head], *(key[place : place + 3] for place in range(head, len(key), 3)))
            pairs = engine.frequencies([" ".join(pair) for pair in pairwise(parts)], stream="f2")
            found.append(Word(key, same=(Phrase(parts),) if all(pairs.values()) else ()))
        else:
            found += words[at:end]
        at = end
    return found


def _joined(engine: Engine, words: list[Word]) -> list[Word]:
    """Return neighbours that articles also write as one: "Cam-pu-chia" is campuchia, "covid 19" covid19."""
    letters = [fold_key(word.key) for word in words]
    plain = [not (word.also or word.same) for word in words]
    spans: dict[tuple[int, int], str] = {}
    for start in range(len(words)):
        name = letters[start]
        for end in range(start + 1, min(start + _MOST_PARTS, len(words)) if plain[start] else start):
            if not plain[end]:
                break
            name += letters[end]
            if not is_syllable(name) and not name.isdigit():
                spans[start, end + 1] = name
    if not spans:
        return words
    known = engine.frequencies(set(spans.values()), stream="f")
    spans = {span: name for span, name in spans.items() if known[name]}
    pairs = {(start, end): letters[start:end] for start, end in spans}
    apart = engine.frequencies({" ".join(pair) for keys in pairs.values() for pair in pairwise(keys)}, stream="f2")
    found: list[Word] = []
    at = 0
    for (start, end), name in sorted(spans.items(), key=lambda row: (row[0][0], -row[0][1])):
        least = min(apart[" ".join(pair)] for pair in pairwise(pairs[start, end]))
        if start >= at and known[name] >= _KNOWN_SHARE * least:
            typed, marked = words[start:end], any(word.marked for word in words[start:end])
            way = Phrase(tuple(word.key for word in typed), marked)
            found += [*words[at:start], Word("".join(way.keys), marked, same=(way,))]
            at = end
    return [*found, *words[at:]]


def _other_script(words: Sequence[Word], at: int) -> Word:
    """Return XIII for 13 and 13 beside XIII, behind a noun that is counted so."""
    before = [fold_key(word.key) for word in words[max(0, at - 3) : at]]
    if before[-1:] == ["thu"] and before[-2:] != ["lan", "thu"]:
        before.pop()
    key = fold_key(words[at].key)
    if not any(tuple(before[-len(row) :]) == row for row in _COUNTED):
        return words[at]
    if key.isdecimal() and key.isascii() and 0 < int(key) <= _NUMERALS:
        return Word(_ROMAN[int(key)], same=(Phrase((str(int(key)),)), Phrase((f"{int(key):02}",))))
    return _other_script([*words[:at], Word(ARABIC[key])], at) if key in ARABIC else words[at]


def _zeros(engine: Engine, word: Word) -> Word:
    """Return 2 for 02, and 02 beside 2, as in dates."""
    if not re.fullmatch(r"0?[1-9]", word.key, re.ASCII):
        return word
    bare, padded = word.key[-1], f"0{word.key[-1]}"
    known = engine.frequencies([padded], stream="f")[padded]
    return Word(bare, same=(Phrase((padded,)),) if known else ())


def _roman(number: int) -> str:
    signs = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    written = ""
    for value, sign in signs:
        written += sign * (number // value)
        number %= value
    return written


_ROMAN: Final = {number: _roman(number) for number in range(1, _NUMERALS + 1)}
ARABIC: Final = {written: str(number) for number, written in _ROMAN.items()}


_FAR_MORE: Final = 50
"""A ratio of counts: beside decoded tokens, a known token is decoded too when its decoded form is so much more
frequent.

"cos" in a query of raw Telex is có, not the cosine.
"""


def repaired(engine: Engine, tree: Node, text: str) -> tuple[Node, dict[str, str]]:
    """Return the tree with raw Telex and VNI decoded, and the decoded tokens: {"quyeets": "quyết"}.

    A token is decoded when nobody wrote it and its decoded form is known; numbers and accented words never are, nor
    words of another language. text: the query.
    """
    keys = list(_keys(tree))
    words = {key for key in keys if key.isascii() and not key.isdigit()}
    readings = {word: search_key(read) for word in words if (read := decode(word)) and has_marks(read)}
    if not readings:
        return tree, {}
    raw = engine.frequencies({fold_key(word) for word in readings}, stream="f")
    meant = engine.frequencies(set(readings.values()), stream="a")
    known = {word: read for word, read in readings.items() if meant.get(read)}
    sure = {word: read for word, read in known.items() if not raw.get(fold_key(word))}
    if sure:
        sure |= {word: read for word, read in known.items() if meant[read] > _FAR_MORE * raw.get(fold_key(word), 0)}
    if not sure or is_foreign(text, keys, sure):
        return tree, {}
    also = partial(with_abbreviations, known=engine.tables.abbreviations)
    changed = mapped(tree, lambda leaf: _decoded(leaf, sure), joined=also)
    return changed or tree, sure


def _keys(tree: Node) -> Iterator[str]:
    """Yield the keys that the query asks for, in phrases too; stand-ins are meant as they are."""
    for leaf in positive(tree):
        if isinstance(leaf, Word) and not leaf.also:
            yield leaf.key
        elif isinstance(leaf, Phrase):
            yield from leaf.keys


def _decoded(leaf: Leaf, readings: Mapping[str, str]) -> Leaf:
    if isinstance(leaf, Word) and leaf.key in readings:
        return Word(readings[leaf.key], marked=True)
    if isinstance(leaf, Phrase) and not readings.keys().isdisjoint(leaf.keys):
        return Phrase(tuple(readings.get(key, key) for key in leaf.keys), marked=True)
    return leaf


def spelt_for_readers(word: Word, phrase: Phrase, known: Abbreviations) -> str:
    """Return a synonym of a word as a reader knows it: a name with its capitals, an abbreviation as it is written."""
    names = (name for typed in (word.key, word.key.upper()) for name in known.expansions(typed))
    if spelt := next((name for name in names if tuple(token.key for token in tokens(name)) == phrase.keys), ""):
        return spelt
    if spelt := known.written(" ".join(phrase.keys)):
        return spelt
    short = not all(is_syllable(fold_key(key)) for key in phrase.keys)
    spelt = " ".join(key.upper() if short and not is_syllable(fold_key(key)) else key for key in phrase.keys)
    return re.sub(r"\b(\d) (\d)\b", r"\1.\2", spelt)  # "cách mạng 4.0"
