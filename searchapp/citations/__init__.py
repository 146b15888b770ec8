"""Citations: find the documents that a text names, decide which documents these are, and whether they hold."""

from __future__ import annotations

from searchapp.citations.find.grammar import find_citations, find_in_query

__all__ = ["find_citations", "find_in_query"]
