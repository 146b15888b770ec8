"""Atheris over what reads foreign text: query parser, citation grammar, normaliser, readers of text.

Run as `make fuzz`, or `python fuzz/text.py parser -max_total_time=60`; what it finds becomes a case in tests/cases/.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import BytesIO

import atheris

with atheris.instrument_imports(include=["searchapp"]):
    from searchapp.citations.find import find_citations
    from searchapp.errors import BadQueryError
    from searchapp.readers import formats, jsonl
    from searchapp.readers.items import Bad
    from searchapp.search.parser import parse
    from searchapp.text.normalize import normalize
    from searchapp.text.tokens import stream, tokens

    formats.load()


def text_of(data: bytes) -> str:
    """Text as it may come: valid, or with lone surrogates."""
    return atheris.FuzzedDataProvider(data).ConsumeUnicode(len(data))


def parser(data: bytes) -> None:
    """A tree or a message in words."""
    try:
        parsed = parse(text_of(data))
    except BadQueryError:
        return
    assert parse(parsed.text).tree == parsed.tree, "what was parsed is parsed the same again"


def citations(data: bytes) -> None:
    """Offsets lie in the text, in order."""
    text = text_of(data)
    for citation in find_citations(text):
        assert 0 <= citation.start < citation.end <= len(text)


def normaliser(data: bytes) -> None:
    """Normal text stays as it is; tokens lie in it."""
    once = normalize(text_of(data))
    assert normalize(once) == once
    for token in tokens(once):
        assert once[token.start : token.end]
    found = stream(once)
    assert len(found.keys) == len(found.positions)


def readers(data: bytes) -> None:
    """Records, or the reason why not."""
    for name in ("a.txt", "a.md", "a.json"):
        for item in formats.read(data, name):
            assert not isinstance(item, Bad) or item.reason
    for item in jsonl.read(BytesIO(data), "a.jsonl"):
        assert not isinstance(item, Bad) or item.reason


TARGETS: dict[str, Callable[[bytes], None]] = {
    "parser": parser,
    "citations": citations,
    "normaliser": normaliser,
    "readers": readers,
}

if __name__ == "__main__":
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
