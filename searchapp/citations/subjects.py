"""What a text says that a plenum's resolution is about, and which of several resolutions that is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from searchapp.article import Document
from searchapp.citations.forms import plain
from searchapp.citations.shadow import Shadow

_MAX_CHARS: Final = 120  # the longest title of a plenum's resolution in our table has 108
# "về công tác dân số", "“Về tiếp tục hoàn thiện …”", ": “Một số vấn đề cấp bách …”".
_SUBJECT: Final = re.compile(
    rf'[ \n]?[,:]?[ \n]?(?:["(]?ve[ ]["]?|["])(?:ve[ ])?(?P<subject>[^.;:"()\n]{{4,{_MAX_CHARS}}})'
)


def subject(text: Shadow, at: int) -> str:
    """What a text says after a position of the shadow: the words after "về" or in quotes, in ASCII; "" for none.

    >>> from searchapp.citations.shadow import shadow
    >>> subject(shadow("Nghị quyết Trung ương 6 khóa X về công nhân."), 30)
    'cong nhan'
    """
    found = _SUBJECT.match(text.lower, at)
    return found["subject"].strip() if found else ""


def about(documents: Sequence[Document], said: str) -> Document | None:
    """The one of these documents whose title shares most with what is said, by pairs of words that no other has."""
    titles = [_pairs(document.title) for document in documents]
    often = Counter(pair for title in titles for pair in title)
    shared = [sum(often[pair] == 1 for pair in title & _pairs(said)) for title in titles]
    most = max(shared, default=0)
    return documents[shared.index(most)] if most and shared.count(most) == 1 else None


def _pairs(text: str) -> set[tuple[str, str]]:
    return set(pairwise(re.findall(r"[a-z]+", plain(text))))
