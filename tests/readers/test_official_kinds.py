"""Documents of every kind that were made up beside the samples: a file in, the facts of its record out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from searchapp.article import Record
from searchapp.readers import formats

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "official_documents.jsonl").read_text("utf-8").splitlines()
]
FIELDS = {"type": "kind"}


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_a_document_is_read_as_what_it_is(row: dict[str, Any]) -> None:
    formats.load()
    found = formats.read(row["text"].encode(), f"{row['name']}{row.get('ending', '.txt')}")
    (record,) = (item for item in found if isinstance(item, Record))
    said = {fact: getattr(record, FIELDS.get(fact, fact)) for fact in row["expected"]}
    assert {fact: list(value) if isinstance(value, tuple) else value for fact, value in said.items()} == row["expected"]
