"""Write the archive as files for other programs: the citation graph, and the articles themselves."""

from __future__ import annotations

from searchapp.export.citation_graph import (
    COLUMNS,
    RELATION_COLUMNS,
    cell,
    citation_as_json,
    citation_rows,
    write_csv,
    write_graphml,
    write_relations,
)

__all__ = ["COLUMNS", "RELATION_COLUMNS", "cell", "citation_as_json", "citation_rows", "write_csv", "write_graphml"]
__all__ += ["write_relations"]
