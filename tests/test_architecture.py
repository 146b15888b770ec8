"""Imports go down only: the table of layers of docs/architecture.md, held by a test."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "searchapp"

# From the top; within a row a module may import what stands to its right, or its own folder.
LAYERS = [
    ["__main__"],
    ["cli"],
    ["web", "collection"],
    [
        "doctor",
        "crawl",
        "watch",
        "migrate",
        "probes",
        "ingest",
        "sources",
        "report",
        "origins",
        "reasons",
        "evaluate",
        "search",
        "export",
        "graph",
    ],
    ["rescue", "understand", "related", "suggest", "shelf"],
    ["repair", "spelling", "accents", "slips"],
    ["facets", "snippets"],
    ["readers", "engines"],
    [
        "habits",
        "parser",
        "synonyms",
        "themes",
        "citations",
        "dates",
        "reprints",
        "survey",
        "engine",
        "results",
        "config",
        "sites",
    ],
    ["query", "article", "fields", "data", "urls", "text", "errors"],
]
# Siblings that must never know each other.
STRANGERS = [("readers", "engines"), ("ingest", "search"), ("search", "ingest")]
RANK = {name: (row, column) for row, names in enumerate(LAYERS) for column, name in enumerate(names)}


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def place(module: str) -> str:
    return module.split(".")[1]


def imports() -> list[tuple[str, str, bool]]:
    """(importer, imported, inside a function) for every import of our own package."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        top = set(ast.iter_child_nodes(tree))
        for node in ast.walk(tree):
            names = []
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "searchapp":
                names = [
                    f"{node.module}.{alias.name}" if node.module == "searchapp" else node.module for alias in node.names
                ]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names if alias.name.startswith("searchapp.")]
            found += [(module_name(path), name, node not in top) for name in names]
    return [row for row in found if row[1] != "searchapp.__version__"]


def test_every_module_has_a_place() -> None:
    homeless = {place(module_name(p)) for p in PACKAGE.rglob("*.py") if p.parent != PACKAGE or p.stem != "__init__"}
    assert homeless <= set(RANK), f"give these a layer: {sorted(homeless - set(RANK))}"


def test_imports_go_down_only() -> None:
    wrong = []
    for importer, imported, _ in imports():
        if importer == "searchapp":
            continue
        above, below = place(importer), place(imported)
        if above != below and (RANK[below] < RANK[above] or (above, below) in STRANGERS):
            wrong.append(f"{importer} imports {imported}")
    assert wrong == []


def test_no_import_inside_a_function_but_in_the_engine_factory() -> None:
    hidden = [
        f"{a} imports {b}" for a, b, inside in imports() if inside and a not in ("searchapp.engines", "searchapp")
    ]
    assert hidden == []


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("whoosh", ["searchapp.engines.whoosh"]),
        ("flask", ["searchapp.web"]),
        ("click", ["searchapp.cli"]),
        ("rich", ["searchapp.cli"]),
        ("trafilatura", ["searchapp.readers"]),
        ("pyvi", ["searchapp.text"]),
        ("icalendar", ["searchapp.web"]),
        ("httpcore", ["searchapp.crawl"]),
        ("protego", ["searchapp.crawl"]),
        ("watchfiles", ["searchapp.watch"]),
        ("warcio", ["searchapp.crawl", "searchapp.readers"]),
        ("unidecode", ["searchapp.text"]),
        ("opensearchpy", ["searchapp.engines.opensearch"]),
    ],
)
def test_a_library_is_known_to_few(library: str, homes: list[str]) -> None:
    users = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if any(name.split(".")[0] == library for name in names):
                users.add(module_name(path))
    assert [user for user in sorted(users) if not user.startswith(tuple(homes))] == []


def test_no_module_that_says_nothing_and_none_that_says_too_much() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager"}
    assert [p.name for p in PACKAGE.rglob("*.py") if p.stem in vague] == []
    long = {p.name: n for p in PACKAGE.rglob("*.py") if (n := len(p.read_text(encoding="utf-8").splitlines())) > 300}
    assert long == {}, "two ideas in one?"
