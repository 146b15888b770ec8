"""Read an operator's themes.yaml: its allowed content, and its changes to ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import yaml

from searchapp.tables.rows import Problems, nearest, read_text
from searchapp.text.normalize import normalize
from searchapp.text.tokens import tokens

MAX_THEMES: Final = 500
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_OF_FILE: Final = ("version", "groups", "mask", "remove", "sections")
_OF_GROUP: Final = ("id", "label", "label_en", "themes")
_OF_THEME: Final = ("id", "label", "label_en", "strong", "key", "not")
_PHRASES: Final = ("strong", "key", "not")


def read_taxonomy(file: Path, problems: Problems) -> dict[str, Any]:
    """Return the content of themes.yaml, checked; {} where any part of it is wrong."""
    text = read_text(file, problems)
    if text is None:
        return {}
    before = len(problems.lines)
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):  # aliases of aliases would fill the memory
                at = event.start_mark.line + 1 if event.start_mark else 0
                problems.add(file, at, f"*{event.anchor} stands for other lines: write them out")
                return {}
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problems.add(file, mark.line + 1 if mark else 0, f"no YAML ({getattr(error, 'problem', '') or 'unreadable'})")
        return {}
    except RecursionError:
        problems.add(file, 0, "too deeply nested")
        return {}
    if found is None:
        return {}
    if not isinstance(found, dict):
        problems.add(file, 1, "must have `groups:` with themes; see 'searchapp tables init'")
        return {}
    for name, line, first in _twice(node):
        problems.add(file, line, f"{name!r} is in line {first} already: keep one of them")
    lines = _lines(node)
    _check(found, file, lines, problems)
    return found if len(problems.lines) == before else {}


def merged(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Return our taxonomy with theirs: a theme of a known id gets their label and phrases, `remove` removes themes."""
    whole: dict[str, Any] = deepcopy({"groups": [], "mask": [], **ours})
    away = set(theirs.get("remove", ()))
    for group in whole["groups"]:
        group["themes"] = [theme for theme in group["themes"] if theme["id"] not in away]
    known = {theme["id"]: theme for group in whole["groups"] for theme in group["themes"]}
    groups = {group["id"]: group for group in whole["groups"]}
    for group in theirs.get("groups", ()):
        target = groups.get(group["id"])
        if target is None:
            target = groups[group["id"]] = {"id": group["id"], "label": group["label"], "themes": []}
            whole["groups"].append(target)
        _rename(target, group)
        for theme in group.get("themes", ()):
            if theme["id"] in known:
                _add(known[theme["id"]], theme)
            else:
                target["themes"].append(known.setdefault(theme["id"], dict(theme)))
    whole["mask"] = _listed(whole["mask"], theirs.get("mask", ()))
    whole["groups"] = [group for group in whole["groups"] if group["themes"]]
    return {**whole, "sections": dict(theirs.get("sections", {}))}


def themes_of(taxonomy: Mapping[str, Any]) -> list[str]:
    """Return the ids of all themes."""
    return [theme["id"] for group in taxonomy.get("groups", ()) for theme in group["themes"]]


def _add(known: dict[str, Any], theme: Mapping[str, Any]) -> None:
    _rename(known, theme)
    for name in _PHRASES:
        if name in theme:
            known[name] = _listed(known.get(name, ()), theme[name])


def _rename(known: dict[str, Any], theirs: Mapping[str, Any]) -> None:
    """Give a theme or group their names; our English name belongs to our Vietnamese name alone."""
    if theirs["label"] != known["label"]:
        known.pop("label_en", None)
    known.update({name: theirs[name] for name in ("label", "label_en") if name in theirs})


def _listed(ours: Any, theirs: Any) -> list[str]:
    """Return their phrases after ours; a phrase that begins with "-" removes ours."""
    away = {phrase[1:].strip() for phrase in theirs if phrase.startswith("-")}
    return [
        *(phrase for phrase in ours if phrase not in away),
        *(phrase for phrase in theirs if not phrase.startswith("-") and phrase not in ours),
    ]


def _check(found: Mapping[str, Any], file: Path, lines: Mapping[str, int], problems: Problems) -> None:
    for name in found:
        if name not in _OF_FILE:
            problems.add(file, lines.get(name, 0), f"unknown key {name!r}{nearest(str(name), _OF_FILE)}")
    ids: dict[str, int] = {}
    phrases: dict[tuple[str, ...], str] = {}
    groups = found.get("groups", [])
    if not isinstance(groups, list):
        problems.add(file, lines.get("groups", 0), "`groups` must be a list")
        return
    for group in groups:
        if not _is_named(group, _OF_GROUP, "group", file, lines, problems):
            continue
        themes = group.get("themes", [])
        if not isinstance(themes, list):
            problems.add(file, lines.get(group["id"], 0), f"group {group['id']!r}: `themes` must be a list")
            continue
        for theme in themes:
            if _is_named(theme, _OF_THEME, "theme", file, lines, problems):
                _check_theme(theme, file, lines, ids, phrases, problems)
    if len(ids) > MAX_THEMES:
        problems.add(file, 0, f"{len(ids)} themes: at most {MAX_THEMES}, or nobody finds one")
    for name in ("mask", "remove"):
        if not _is_texts(found.get(name, [])):
            problems.add(file, lines.get(name, 0), f"`{name}` must be a list of texts")
    sections = found.get("sections", {})
    if not isinstance(sections, dict) or not _is_texts([*sections, *sections.values()]):
        problems.add(file, lines.get("sections", 0), "`sections` must say 'Name of a section: id-of-a-theme'")


def _is_named(
    thing: Any, known: tuple[str, ...], what: str, file: Path, lines: Mapping[str, int], problems: Problems
) -> bool:
    if not isinstance(thing, dict) or not isinstance(thing.get("id"), str):
        problems.add(file, 0, f"a {what} without an `id`")
        return False
    name, line = thing["id"], lines.get(thing["id"], 0)
    for key in thing:
        if key not in known:
            problems.add(file, line, f"{what} {name!r}: unknown key {key!r}{nearest(str(key), known)}")
            return False
    if not isinstance(thing.get("label"), str) or not thing["label"].strip():
        problems.add(file, line, f"{what} {name!r} has no `label`, the name that readers see")
        return False
    if not _is_texts([thing.get("label_en", "-")]):
        problems.add(file, line, f"{what} {name!r}: `label_en` must be a text, the name on English pages")
        return False
    return True


def _check_theme(
    theme: Mapping[str, Any],
    file: Path,
    lines: Mapping[str, int],
    ids: dict[str, int],
    phrases: dict[tuple[str, ...], str],
    problems: Problems,
) -> None:
    name, line = theme["id"], lines.get(theme["id"], 0)
    if not _ID.fullmatch(name):
        problems.add(file, line, f"theme {name!r}: an id has small letters without accents, digits and -")
    if name in ids:
        problems.add(file, line, f"theme {name!r} is there twice: join its phrases in one place")
        return
    ids[name] = line
    for kind in _PHRASES:
        if not _is_texts(theme.get(kind, [])):
            problems.add(file, line, f"theme {name!r}: `{kind}` must be a list of phrases")
            return
    told = [*theme.get("strong", ()), *theme.get("key", ())]
    if not told:
        problems.add(file, line, f"theme {name!r} has no phrase: give it two or more under `strong`")
    for phrase in told:
        keys = tuple(token.key for token in tokens(normalize(phrase.removeprefix("-"))))
        if not keys:
            problems.add(file, line, f"theme {name!r}: phrase {phrase!r} has no letter")
        elif other := phrases.get(keys):
            problems.add(file, line, f"theme {name!r}: phrase {phrase!r} is a phrase of {other!r} too: give it to one")
        else:
            phrases[keys] = name


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)


def _lines(node: Any) -> dict[str, int]:
    """Return the line of each key and each id: name → line, the last where a name comes twice."""
    return dict(_places(node))


def _twice(node: Any) -> Iterator[tuple[str, int, int]]:
    """Give each key that its mapping has already, with its line and the first one: YAML would forget the first."""
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in seen:
                yield name, line, seen[name]
            seen.setdefault(name, line)
            yield from _twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _twice(item)


def _places(node: Any) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), key.start_mark.line + 1
            if key.value == "id" and isinstance(value, yaml.ScalarNode):
                yield str(value.value), value.start_mark.line + 1
            yield from _places(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _places(item)
