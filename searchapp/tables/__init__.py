"""Load the tables of an archive at the doors: ours, changed by those of an operator's folder.

my-tables/themes.yaml abbreviations.tsv places.tsv wards.tsv known_documents.tsv question_words.tsv
lay_terms.tsv pins.tsv featured.tsv relations.tsv issuers.tsv terms.tsv

Each table adds rows to ours or replaces those of the same id; a row that begins with "-" removes ours. A table named in
`replace` starts from nothing. docs/tables.md is the reference.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from searchapp import places, themes
from searchapp.dates import is_valid
from searchapp.errors import SettingsError
from searchapp.places import Places
from searchapp.tables import taxonomy
from searchapp.tables.rows import Problems, Row, Shape, merged, nearest, read_rows, shipped_rows
from searchapp.text.abbreviations import Abbreviations, cycles
from searchapp.text.normalize import fold, normalize
from searchapp.text.questions import LayTerms, Questions
from searchapp.themes import Themes

THEMES: Final = "themes.yaml"
_MAX_PINNED: Final = 5
_ITSELF: Final = "*"
"""In `sections`: at the end of a name, any section that begins so; as a theme, the section is one of its own."""
_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9./-]{0,160}")
_LIKE_TABLES: Final = (".tsv", ".yaml", ".yml", ".csv", ".txt", ".xlsx", ".xls", ".ods")
RELATIONS: Final = (
    "thay-the", "bai-bo", "het-hieu-luc", "sua-doi", "ngung-hieu-luc", "dinh-chinh", "hop-nhat", "huong-dan", "keo-dai",
    "tiep-tuc", "trien-khai", "hieu-luc", "con-hieu-luc",
)  # fmt: skip
"""The kinds of relations that an operator may state."""
_RELATION_DAY: Final = re.compile(r"own|\+\d{1,3}|\d{4}(?:-\d\d(?:-\d\d)?)?")
_CODE: Final = re.compile(r"[^\W\d_][\w&.-]{0,19}")
_KEY: Final = re.compile(r"[0-9a-f]{12}")
_NUMBER: Final = re.compile(r"[\s\d.]*[—–:.-]*\s*")  # "36.3 — Thanh niên"


def _dated(*columns: str) -> Any:
    def check(row: Row) -> str:
        wrong = next((c for c in columns if row.get(c) and not (len(row[c]) == 10 and is_valid(row[c]))), "")
        return f"{wrong} {row[wrong]!r} is no day: write 2025-07-01" if wrong else ""

    return check


def _check_abbreviation(row: Row) -> str:
    if row["ambiguity"] not in ("0", "1", "2"):
        return f"ambiguity {row['ambiguity']!r}: use 0 (one meaning, both ways), 1 (queries only) or 2 (never)"
    if fold(row["abbr"]) == fold(row["expansion"]):
        return f"{row['abbr']!r} stands for itself"
    return ""


def _check_lay(row: Row) -> str:
    if row["ways"] not in ("", "both"):
        return f"ways {row['ways']!r}: leave it empty (the lay term finds the official one) or write both"
    if fold(row["lay"]) in map(fold, row["official"].split("|")):
        return f"{row['lay']!r} stands for itself"
    return "" if row["official"].strip("| ") else "official is empty"


def _check_place(row: Row) -> str:
    if row["kind"] not in ("", "city", "province"):
        return f"kind {row['kind']!r}: write city or province"
    return str(_dated("from", "to", "renumbered", "raised")(row))


def _check_issuer(row: Row) -> str:
    if not _CODE.fullmatch(row["code"]):
        return f"code {row['code']!r}: the letters at the end of a number, TVH in 12/QĐ-TVH"
    if fold(row["name"]) in map(fold, row["aliases"].split("|")):
        return f"{row['name']!r} is its own alias: take it out of aliases"
    return ""


def _check_term(row: Row) -> str:
    if wrong := _dated("start", "end")(row):
        return str(wrong)
    return f"the term ends before it begins: {row['end']}" if row["end"] and row["end"] <= row["start"] else ""


def _check_relation(row: Row) -> str:
    if row["kind"] not in RELATIONS:
        return f"kind {row['kind']!r}{nearest(row['kind'], RELATIONS)}; kinds: {', '.join(RELATIONS)}"
    if not row["doer"] and row["kind"] != "hieu-luc":
        return "doer is empty: write the number or slug of the document that does it"
    if row["day"] and not _RELATION_DAY.fullmatch(row["day"]):
        return f"day {row['day']!r} is no day: write 2025-07-01, or leave it empty for the doer's own"
    return ""


def _check_pin(row: Row) -> str:
    if not (_KEY.fullmatch(row["target"]) or _SLUG.fullmatch(row["target"])):
        return f"target {row['target']!r}: the key of an article (12 letters of its address) or the slug of a document"
    return ""


def _check_featured(row: Row) -> str:
    found = _KEY.fullmatch(row["article"])
    return "" if found else f"article {row['article']!r}: the key of an article (12 letters of its address)"


SHAPES: Final[Mapping[str, Shape]] = {
    shape.name.partition(".")[0]: shape
    for shape in (
        Shape(
            "abbreviations.tsv",
            ("abbr", "expansion"),
            ("abbr",),
            {"folded": "", "alt_expansions": "", "category": "", "ambiguity": "0", "index_rule": "", "note": ""},
            _check_abbreviation,
        ),
        Shape(
            "places.tsv",
            ("place",),
            ("place",),
            dict.fromkeys(("kind", "aliases", "from", "to", "into", "renumbered", "act", "raised", "id"), ""),
            _check_place,
        ),
        Shape(
            "wards.tsv",
            ("province", "ward", "new"),
            ("province", "ward", "new"),
            {"since": places.CHANGE, "new_province": "", "act": ""},
            _dated("since"),
        ),
        Shape("issuers.tsv", ("code", "name"), ("code", "name"), {"level": "", "aliases": ""}, _check_issuer),
        Shape(
            "terms.tsv",
            ("body", "start"),
            ("body", "start"),
            {"term": "", "end": "", "label": ""},
            _check_term,
        ),
        Shape(
            "known_documents.tsv",
            ("canon", "short_title"),
            ("canon", "term", "date"),
            dict.fromkeys(
                ("type", "issuer", "date", "term", "term_id", "plenum", "aliases", "confidence", "source"), ""
            ),
            _dated("date"),
        ),
        Shape("question_words.tsv", ("phrase",), ("phrase",), {"reason": ""}),
        Shape("lay_terms.tsv", ("lay", "official"), ("lay",), {"ways": ""}, _check_lay),
        Shape("featured.tsv", ("article",), ("article",), {"note": ""}, _check_featured),
        Shape("pins.tsv", ("query", "target"), ("query", "target"), {"note": ""}, _check_pin),
        Shape(
            "relations.tsv",
            ("kind", "target", "source"),
            ("doer", "kind", "target", "part"),
            {"doer": "", "part": "", "day": ""},
            _check_relation,
        ),
    )
}
"""Every table of rows by its name."""
NAMES: Final = ("themes", *SHAPES)


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one archive, ready for use.

    rows: of every table as merged, for code that builds its own tables from them. sections: name of a section as
    written → theme (see `of_section`). pins: query as letters → keys of articles and slugs of documents for the top.
    own: names of tables that the operator changed; replaced: of those that start from nothing. relations: files of
    the operator's relations between documents, which `search.standing` reads.
    """

    themes: Themes
    abbreviations: Abbreviations
    questions: Questions
    lay: LayTerms
    places: Places
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)
    pins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()

    def print_of(self, *names: str) -> str:
        """Return a fingerprint of tables, "" for ours: with another one, results that depend on the tables are made
        anew.
        """
        told = [sorted(row.items()) for name in names if name in self.own for row in self.rows[name]]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16] if told else ""

    def changed(self, name: str) -> list[Row]:
        """Return the rows of a table that are not ours."""
        ours = list(shipped().rows.get(name, ()))
        return [row for row in self.rows.get(name, ()) if row not in ours]

    def pinned(self, query: str) -> tuple[str, ...]:
        """Return the pins for the top of a query's results."""
        return self.pins.get(_as_asked(query), ())


def of_section(section: str, sections: Mapping[str, str]) -> str:
    """Return the theme of the articles of a section; "" for none.

    >>> of_section("Đề mục 36.3 — Thanh niên", {"de muc *": "*"})
    'Thanh niên'
    """
    said = _as_asked(section)
    begun = (one for one in sections if one.endswith(_ITSELF) and said.startswith(one[:-1].rstrip()))
    name = said if said in sections else max(begun, key=len, default="")
    theme = sections.get(name, "")
    if theme != _ITSELF:
        return theme
    words = section.split()[len(name.removesuffix(_ITSELF).split()) if name != said else 0 :]
    return _NUMBER.sub("", " ".join(words), count=1) or section


def _as_asked(query: str) -> str:
    """Return a query as pins know it: its letters, so that accents, capitals and spaces do not matter."""
    return " ".join(fold(normalize(query)).split())


@cache
def shipped() -> Tables:
    """Return the tables that come with searchapp."""
    return Tables(
        themes.load(),
        Abbreviations.shipped(),
        Questions.shipped(),
        LayTerms.shipped(),
        places.shipped(),
        {n: shipped_rows(s) for n, s in SHAPES.items()},
    )


def load(folder: Path | None, replace: tuple[str, ...] = ()) -> Tables:
    """Return the tables of an archive. Raises SettingsError with every problem, a line each; then nothing is loaded."""
    if folder is None and not replace:
        return shipped()
    return _loaded(folder, replace, _state(folder))


def _state(folder: Path | None) -> tuple[tuple[str, int, int], ...]:
    """Return name, size and time of the files of a folder; when they change, the folder is read again."""
    if folder is None or not folder.is_dir():
        return ()
    return tuple((f.name, (found := f.stat()).st_size, found.st_mtime_ns) for f in sorted(folder.iterdir()))


@lru_cache(maxsize=8)
def _loaded(folder: Path | None, replace: tuple[str, ...], state: tuple[tuple[str, int, int], ...]) -> Tables:
    tables, lines = read(folder, replace)
    if lines:
        raise SettingsError("\n".join(lines))
    return tables


def read(folder: Path | None, replace: Sequence[str] = ()) -> tuple[Tables, list[str]]:
    """Return the tables as far as they can be read, and their problems, a line each."""
    problems = Problems()
    where = folder or Path()
    for name in replace:
        if name not in NAMES:
            problems.add(
                Path("settings"), 0, f"replace: no table {name!r}{nearest(name, NAMES)}; tables: {', '.join(NAMES)}"
            )
    present = _present(folder, problems) if folder else {}
    ours = shipped()
    rows = {name: _merged(name, present.get(name), name in replace, ours, problems) for name in SHAPES}
    told, learned = _taxonomy(present.get("themes"), "themes" in replace, problems)
    if "places" in present or "places" in replace:
        for name, wrong in places.problems(rows["places"]):
            problems.add(where / "places.tsv", 0, f"{name!r} {wrong}")
    for wrong in cycles(rows["abbreviations"]):
        problems.add(where / "abbreviations.tsv", 0, wrong)
    pins: dict[str, list[str]] = {}
    for row in rows["pins"]:
        pins.setdefault(_as_asked(row["query"]), []).append(row["target"])
    for query, targets in pins.items():
        if len(targets) > _MAX_PINNED:
            problems.add(where / "pins.tsv", 0, f"{len(targets)} results pinned for {query!r}: at most {_MAX_PINNED}")
    known = set(taxonomy.themes_of(told))
    sections = {_as_asked(name): theme for name, theme in told.get("sections", {}).items()}
    for theme in sections.values():
        if theme not in known and theme != _ITSELF:
            problems.add(where / THEMES, 0, f"sections: no theme {theme!r}{nearest(theme, known)}")
    if problems.lines:
        return ours, problems.lines
    changed = tuple(sorted({*present, *replace}))
    return (
        Tables(
            Themes(told, themes.documents(), learned) if {"themes"} & {*present, *replace} else ours.themes,
            Abbreviations(rows["abbreviations"]) if "abbreviations" in changed else ours.abbreviations,
            Questions(rows["question_words"]) if "question_words" in changed else ours.questions,
            LayTerms(rows["lay_terms"]) if "lay_terms" in changed else ours.lay,
            Places(rows["places"]) if "places" in changed else ours.places,
            rows,
            sections,
            {query: tuple(targets) for query, targets in pins.items()},
            changed,
            tuple(replace),
        ),
        [],
    )


def _present(folder: Path, problems: Problems) -> dict[str, Path]:
    if not folder.is_dir():
        problems.add(folder, 0, "no such folder: make it with 'searchapp tables init', or change `tables`")
        return {}
    known = {THEMES: "themes", **{shape.name: name for name, shape in SHAPES.items()}}
    found: dict[str, Path] = {}
    for file in sorted(folder.iterdir()):
        if file.name in known:
            found[known[file.name]] = file
        elif not file.name.startswith((".", "README", "~$")) and file.suffix.lower() in _LIKE_TABLES:
            problems.add(
                file, 0, f"no table of this name{nearest(file.name.lower(), known)}; tables: {', '.join(known)}"
            )
    return found


def _merged(name: str, file: Path | None, anew: bool, ours: Tables, problems: Problems) -> list[Row]:
    shape = SHAPES[name]
    base = [] if anew else list(ours.rows[name])
    if file is None:
        return base
    theirs, taken = read_rows(file, shape, problems)
    return merged(base, theirs, taken, shape, lambda line, text: problems.add(file, line, text))


def _taxonomy(file: Path | None, anew: bool, problems: Problems) -> tuple[dict[str, Any], Any]:
    theirs = taxonomy.read_taxonomy(file, problems) if file else {}
    if anew:
        return taxonomy.merged({}, theirs), ()
    ours = themes.taxonomy()
    known = set(taxonomy.themes_of(ours))
    for name in theirs.get("remove", ()):
        if name not in known and file:
            problems.add(file, 0, f"remove: no theme {name!r}{nearest(name, known)}")
    return taxonomy.merged(ours, theirs), themes.learned()
