"""Imports go down only, folders hold what a reader remembers: docs/architecture.md, held by tests."""

import ast
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "searchapp"

# From the bottom; within a row a module may import what stands to its left, or its own folder.
LAYERS = [
    ["errors", "article", "query", "results", "fields"],
    ["text", "dates", "config"],
    ["outline", "places", "themes", "tables"],
    ["citations"],
    ["engine", "graph"],
    ["search.*", "readers"],
    ["report", "meaning"],
    ["engines"],
    ["search", "ingest"],
    ["evaluation", "migrate"],
    ["collection", "export"],
    ["crawl", "visitors", "web", "assistants"],
    ["cli"],
    ["__main__"],
]
# The two roads never meet; readers and engines never meet.
STRANGERS = {("readers", "engines"), ("engines", "readers"), ("ingest", "search"), ("search", "ingest")}
RANK = {name: (row, column) for row, names in enumerate(LAYERS) for column, name in enumerate(names)}
# The nouns and the siblings of the engines' seam may share a name.
SHARED_NAMES = {"query", "results", "errors", "engine", "reprints", "reader", "index", "build"}
EXEMPT_FOLDERS = {"", "readers"}
MAX_TEMPLATE_LINE = 140
MAX_LINES, MAX_ENTRIES, MAX_GROUND = 400, 15, 32


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, tuple[Path, ast.Module]]:
    """Name → its file and tree: every file is parsed once."""
    return {module_name(p): (p, ast.parse(p.read_text(encoding="utf-8"))) for p in sorted(PACKAGE.rglob("*.py"))}


def place(module: str) -> str:
    """Which name of the table a module goes by: `search/` stands above the engines, its parts below."""
    parts = module.split(".")[1:]
    return "search.*" if parts[0] == "search" and len(parts) > 1 else parts[0]


@cache
def every_import() -> list[tuple[str, str, bool]]:
    """(importer, imported, inside a function) for every import of every module, each tree walked once."""
    found = []
    for name, (_, tree) in modules().items():
        top = set(tree.body)
        for node in ast.walk(tree):
            names = []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                whole = [f"{node.module}.{alias.name}" for alias in node.names]
                names = [full if full in modules() or node.module == "searchapp" else node.module for full in whole]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            found += [(name, imported, node not in top) for imported in names]
    return found


def imports() -> list[tuple[str, str, bool]]:
    """The imports of our own package."""
    return [row for row in every_import() if row[1].startswith("searchapp.") and row[1] != "searchapp.__version__"]


def test_every_module_has_a_place() -> None:
    homeless = {place(name) for name in modules() if name != "searchapp"}
    assert homeless <= set(RANK), f"give these a layer: {sorted(homeless - set(RANK))}"


def test_imports_go_down_only() -> None:
    wrong = []
    for importer, imported, _ in imports():
        if importer == "searchapp":
            continue
        above, below = place(importer), place(imported)
        if above != below and (RANK[below] > RANK[above] or (above, below) in STRANGERS):
            wrong.append(f"{importer} imports {imported}")
    assert wrong == []


def test_no_import_goes_round() -> None:
    graph: dict[str, set[str]] = {}
    for importer, imported, _ in imports():
        graph.setdefault(importer, set()).add(imported)
    done: set[str] = set()

    def visit(name: str, road: tuple[str, ...]) -> None:
        assert name not in road, " → ".join([*road[road.index(name) :], name])
        if name not in done:
            for below in graph.get(name, ()):
                visit(below, (*road, name))
            done.add(name)

    for name in list(graph):
        if name != "searchapp.engines":  # the factory, below
            visit(name, ())


def test_no_import_inside_a_function_but_in_factories_and_commands() -> None:
    may = ("searchapp", "searchapp.engines", "searchapp.cli.ask", "searchapp.cli.serve")
    assert [f"{a} imports {b}" for a, b, inside in imports() if inside and a not in may] == []


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
        ("httpcore", ["searchapp.crawl", "searchapp.visitors.alerts.post"]),
        ("protego", ["searchapp.crawl"]),
        ("watchfiles", ["searchapp.ingest.watch"]),
        ("warcio", ["searchapp.crawl", "searchapp.readers"]),
        ("unidecode", ["searchapp.text"]),
        ("mcp", ["searchapp.assistants"]),
        ("pyarrow", ["searchapp.export.article_files"]),
        ("opensearchpy", ["searchapp.engines.opensearch"]),
    ],
)
def test_a_library_is_known_to_few(library: str, homes: list[str]) -> None:
    users = {importer for importer, imported, _ in every_import() if imported.split(".")[0] == library}
    assert [user for user in sorted(users) if not user.startswith(tuple(homes))] == []


def test_no_module_that_says_nothing_and_none_that_says_too_much() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager"}
    paths = [path for path, _ in modules().values()]
    assert [p.name for p in paths if p.stem in vague] == []
    long = {p.name: n for p in paths if (n := len(p.read_text(encoding="utf-8").splitlines())) > MAX_LINES}
    assert long == {}, "two ideas in one?"


def test_no_line_of_a_template_is_longer_than_a_screen_is_wide() -> None:
    templates = sorted((PACKAGE / "web" / "templates").rglob("*.html"))
    lines = [(f.name, n, line) for f in templates for n, line in enumerate(f.read_text("utf-8").splitlines(), 1)]
    assert [(name, n) for name, n, line in lines if len(line) > MAX_TEMPLATE_LINE] == []


def test_no_two_modules_of_one_name() -> None:
    names = Counter(path.stem for path, _ in modules().values() if path.stem != "__init__")
    assert {name for name, count in names.items() if count > 1} <= SHARED_NAMES


def test_no_folder_holds_more_than_a_reader_remembers() -> None:
    entries: dict[str, int] = {}
    folders = {path.parent for path, _ in modules().values()}
    for folder in folders:
        held = [e for e in folder.iterdir() if e.suffix == ".py" or (e / "__init__.py").exists()]
        entries[".".join(folder.relative_to(PACKAGE).parts)] = len([e for e in held if e.name != "__init__.py"])
    assert {name: n for name, n in entries.items() if n > MAX_ENTRIES and name not in EXEMPT_FOLDERS} == {}
    assert entries[""] <= MAX_GROUND
