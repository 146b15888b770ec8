"""Figures of the house, beside those of 0.1: modules, homonyms, public names, import chain, frames, template lines.

Run: python benchmarks/house.py
"""

import ast
import sys
import time
from collections import Counter
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "searchapp"
BEFORE = {
    "modules": 257, "entries of the ground floor": 50, "homonyms": 22, "public names a thousand lines": 46.0,
    "longest import chain": 20, "frames from view to engine": 8, "template lines over 140": None,
    "seconds of test_architecture": 14.0,
}  # fmt: skip


@cache
def trees() -> dict[str, tuple[Path, ast.Module]]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = (path, ast.parse(path.read_text(encoding="utf-8")))
    return found


def homonyms() -> int:
    names = Counter(path.stem for path, _ in trees().values() if path.stem != "__init__")
    # The siblings of the engines' seam, and the nouns.
    shared = {"engine", "index", "build", "reader", "reprints", "query", "results", "errors"}
    return sum(count > 1 and name not in shared for name, count in names.items())


def public_names() -> float:
    names = lines = 0
    for path, tree in trees().values():
        lines += len(path.read_text(encoding="utf-8").splitlines())
        for node in tree.body:
            named = []
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                named = [node.name]
            elif isinstance(node, ast.Assign):
                named = [one.id for one in node.targets if isinstance(one, ast.Name)]
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                named = [node.target.id]
            names += sum(not name.startswith("_") for name in named)
    return round(1000 * names / lines, 1)


def chain() -> int:
    """Modules of the longest road of imports at the head of modules."""
    graph: dict[str, set[str]] = {}
    for name, (_, tree) in trees().items():
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("searchapp"):
                whole = [f"{node.module}.{alias.name}" for alias in node.names]
                graph.setdefault(name, set()).update(f if f in trees() else str(node.module) for f in whole)

    @cache
    def depth(name: str) -> int:
        return 1 + max((depth(below) for below in graph.get(name, ()) if below != name), default=0)

    return max(depth(name) for name in trees())


def frames() -> int:
    """Frames of our package on the stack from the view of `/tim-kiem` to `Engine.search`, both counted."""
    from dataclasses import replace
    from tempfile import TemporaryDirectory

    from searchapp import config
    from searchapp.engines.whoosh.engine import WhooshEngine
    from searchapp.ingest import reindex
    from searchapp.web import create_app

    seen: list[int] = []

    def look(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code is WhooshEngine.search.__code__ and not seen:
            road, up = [], frame
            while up is not None:
                if str(up.f_globals.get("__name__", "")).startswith("searchapp"):
                    road.append(up.f_code.co_name)
                up = up.f_back  # type: ignore[assignment]
            seen.append(road.index("results") + 1 if "results" in road else len(road))

    with TemporaryDirectory() as folder:
        settings = replace(config.Settings(), index=Path(folder) / "index", corpus=(ROOT / "corpus",))
        reindex(settings.corpus, settings.index, settings, jobs=1)
        client = create_app(settings).test_client()
        client.get("/tim-kiem?q=xa")
        sys.setprofile(look)
        client.get("/tim-kiem?q=thanh+pho")
        sys.setprofile(None)
    return seen[0]


def architecture_test() -> float:
    import pytest

    started = time.process_time()
    pytest.main(["-q", "-p", "no:cacheprovider", str(ROOT / "tests" / "test_architecture.py")])
    return round(time.process_time() - started, 1)


def main() -> None:
    entries = [one for one in PACKAGE.iterdir() if one.suffix == ".py" or (one / "__init__.py").exists()]
    templates = [line for page in PACKAGE.rglob("*.html") for line in page.read_text(encoding="utf-8").splitlines()]
    figures = {
        "modules": len(trees()),
        "entries of the ground floor": len(entries),
        "homonyms": homonyms(),
        "public names a thousand lines": public_names(),
        "longest import chain": chain(),
        "frames from view to engine": frames(),
        "template lines over 140": sum(len(line) > 140 for line in templates),
        "seconds of test_architecture": architecture_test(),
    }
    print(f"{'':32}{'0.1':>8}{'now':>8}")
    for name, value in figures.items():
        print(f"{name:32}{BEFORE[name] if BEFORE[name] is not None else '-':>8}{value:>8}")


if __name__ == "__main__":
    main()
