"""Citations: what a text says of documents (grammar), which document is meant (registry), terms of office (terms)."""

from __future__ import annotations

from searchapp.citations.find.grammar import find_citations, find_in_query

__all__ = ["find_citations", "find_in_query"]
