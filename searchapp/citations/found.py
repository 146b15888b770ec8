"""A core that the grammar has found, before its tail is read."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from searchapp.article import Citation
from searchapp.citations.forms import ACCENTED
from searchapp.citations.shadow import Shadow
from searchapp.citations.tails import Tail


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A core in the shadow. members: further cores of the same list, which share its tail; end: where that begins.

    strong: certain by its form alone; a weak one (a short form in lower case) needs a tail or clear surroundings.
    """

    start: int
    end: int
    kind: str
    type: str
    key: str
    tail_at: int
    place: str = ""
    term: str = ""
    members: tuple[Found, ...] = ()
    strong: bool = True


def cite(text: Shadow, found: Found, tail: Tail) -> Citation:
    """The Citation of a core and its tail, with offsets on the original text."""
    start, end = text.span(found.start, found.end)
    return Citation(
        start=start,
        end=end,
        text=text.text[start:end],
        kind=found.kind,
        type=found.type,
        key=found.key,
        date=tail.date,
        issuer=tail.issuer,
        place=found.place or tail.place,
        term=found.term or tail.term,
        about=tail.about,
    )


def accents_agree(text: Shadow, start: int, end: int, name: str) -> bool:
    """Whether a type name is written with its own accents (tone placement aside) or with none at all.

    Two words may share their letters: "đề án 06" and "để ăn 06".
    """
    written = text.written(start, end).lower()
    if written.isascii():
        return True
    wanted = ACCENTED.get(name)
    return wanted is None or _marks(written) == _marks(wanted)


def _marks(text: str) -> list[list[str]]:
    # Tone marks may stand on either vowel (hoà, hòa): only which marks a syllable has is compared.
    return [sorted(unicodedata.normalize("NFD", syllable)) for syllable in text.split()]
