"""Turn named values of a JSON row or of YAML into a Record: known keys only, each of its type.

YAML gives no objects, no dates and no aliases, which make bombs.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

import yaml

from searchapp.article import FILE, Recognition, Record
from searchapp.errors import BadRecordError
from searchapp.readers.items import Note
from searchapp.readers.markup import numbered, raised
from searchapp.readers.stated_facts import completed

_KEYS: Final = (
    "id", "title", "text", "date", "section", "source", "url", "author", "kind", "number", "issuer", "signer",
    "basis", "themes", "document_title", "cite",
)  # fmt: skip
OF_EXPORT: Final = frozenset(
    {"key", "type", "document", "recognised", "ocr_confidence", "citations", "outline", "relations"}
)
"""What a row of our own export has beside those: all but the type are found anew."""
_MAX_ID_BYTES: Final = 512
MAX_THEMES: Final = 20
MAX_BASES: Final = 40
_WRITTEN: Final = ("title", "text", "section", "source", "author", "kind", "issuer", "signer", "document_title", "cite")
# Only known elements are markup: people write "x < y > z" and "<tên>" as text.
_TAGGED: Final = re.compile(
    r"</?(?:p|br|div|span|a|b|i|u|em|strong|h[1-6]|ul|ol|li|table|tbody|tr|t[dh]|img|blockquote|sup|sub|font|o:p|hr|pre"
    r"|figure|figcaption|article|section|center|iframe|script|style)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_BLOCK: Final = re.compile(
    r"</?(?:p|br|div|h[1-6]|ul|ol|li|table|tr|t[dh]|blockquote|hr|pre|figure|figcaption|article|section)"
    r"(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_RAISED: Final = re.compile(
    r"<sup(?:\s[^<>]{0,200})?>(?:<a[^<>]{0,500}>)?(?P<text>[^<>]{1,20})(?:</a>)?</sup>", re.IGNORECASE
)
_COMMENT: Final = re.compile("<!--")
_PROGRAM: Final = re.compile(r"<(?:script|style)(?:\s[^<>]{0,2000})?>", re.IGNORECASE)
_ENTITY: Final = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,5});")
_MARKED: Final = re.compile(f"{_TAGGED.pattern}|{_ENTITY.pattern}", re.IGNORECASE)
_SURROGATES: Final = re.compile(r"[\ud800-\udfff]")
# Separators of a list that is written as one text.
_THEMES: Final = re.compile(",")
_BASES: Final = re.compile(r"[;\n]")

# An issuer that was cut out with the title of its document: "Chính phủ về … ngày 16/06/2016 của Bộ Tài chính".
_RUNS_ON: Final = re.compile(
    r"[^\n]{9,2000}?\sngày\s\d{1,2}/\d{1,2}/\d{4} của (?P<issuer>[A-ZĐ][^\W\d_]*(?:[ ,-]+[^\W\d_]+){0,40})"
)

# … or with its deed: "UBND tỉnh Ninh Bình ban hành theo đề nghị của Sở Nội vụ", "Do Chính phủ ban hành ngày …".
_WITH_DEED: Final = re.compile(
    r"(?:Do\s)?(?P<issuer>[A-ZĐ][^\n]{2,150}?)\s(?:(?:đã|vừa)\s)?(?:ký\s)?(?:ban hành|thông qua|ngày(?=\s\d))"
    r"(?:\s.*)?"
)

_MAX_YAML_CHARS: Final = 64 << 10


def record(values: Mapping[str, object], *, path: str, row: int = 0) -> Record:
    """Return the Record with these values; unknown keys are left out (`unknown` names them).

    Raises BadRecordError with the name of the key whose value is wrong.
    """
    ocr = None
    if values.keys() >= OF_EXPORT:
        ocr, values = _recognition(values), {"kind": values["type"], **values}
    facts = {key: written(key, values.get(key)) for key in _KEYS if key not in ("basis", "themes")}
    if not facts["text"].strip():
        raise BadRecordError("no text", code="empty")
    _check_id(facts["id"])
    # A lone surrogate cannot be written anywhere; in a text it is only noise.
    facts = {key: _SURROGATES.sub("", value) for key, value in facts.items()}
    facts |= {key: _unmarked(value, key) for key, value in facts.items() if key in _WRITTEN and _MARKED.search(value)}
    if not facts["text"].strip():
        raise BadRecordError("no text", code="empty")
    if runs_on := _RUNS_ON.fullmatch(facts["issuer"]):
        facts["issuer"] = runs_on["issuer"]
    elif with_deed := _WITH_DEED.fullmatch(facts["issuer"]):
        facts["issuer"] = with_deed["issuer"]
    basis = _list("basis", values.get("basis"), _BASES, MAX_BASES)
    themes = themes_of(values.get("themes"))
    return completed(Record(**facts, basis=basis, themes=themes, path=path, row=row, rank=FILE, ocr=ocr, anchors=()))


def _recognition(values: Mapping[str, object]) -> Recognition | None:
    """Return what an exported row says of its recognition; None for a text that is no scan's.

    The places that OCR may have misread are known for the citations alone: their numbers make no documents.
    """
    if values["recognised"] is not True:
        return None
    sure, said = values["ocr_confidence"], values["citations"]
    places = [
        (one["start"], one["end"])
        for one in (said if isinstance(said, list) else ())
        if isinstance(one, dict) and one.get("doubtful") is True and _is_place(one.get("start"), one.get("end"))
    ]
    confidence = float(sure) if isinstance(sure, (int, float)) and 0 <= sure <= 1 else 0.0
    return Recognition(confidence=confidence, pages=0, doubtful=tuple(sorted(set(places))))


def _is_place(start: object, end: object) -> bool:
    return type(start) is int and type(end) is int and 0 <= start < end


def _unmarked(value: str, key: str) -> str:
    """Return the visible text of a value exported with its markup ("<p>…&nbsp;…</p>", "GD&amp;ĐT").

    The code uses linear-time expressions and no parser: rows are read outside of the sandbox.
    """
    if _TAGGED.search(value):
        between = "\n" if key == "text" else " "
        value = _without(_without(value, _COMMENT, "-->"), _PROGRAM, "</")
        value = _RAISED.sub(_lowered, numbered(value.replace("\r\n", " ").replace("\n", " ")))
        value = _BLOCK.sub(between, value)
        value = _TAGGED.sub("", value)
    value = html.unescape(html.unescape(value) if "&amp;" in value else value)
    lines = [clean for line in value.split("\n") if (clean := " ".join(line.split()))]
    return "\n".join(lines) if key == "text" else " ".join(lines)


def _lowered(found: re.Match[str]) -> str:
    return raised(found["text"], _TAGGED.sub("", found.string[max(0, found.start() - 40) : found.start()]))


def _without(value: str, begin: re.Pattern[str], end: str) -> str:
    """Return a value without the text between a beginning and its end."""
    pieces, at = list[str](), 0
    while (found := begin.search(value, at)) and (stop := value.find(end, found.end())) >= 0:
        pieces.append(value[at : found.start()])
        at = stop + (len(end) if end == "-->" else 0)
    return "".join([*pieces, value[at:]])


def unknown(values: Collection[str], seen: set[str], *, path: str, row: int = 0) -> Iterable[Note]:
    """Yield a note for each unknown key that is not yet in `seen`; `seen` takes up to 50 keys."""
    for key in values:
        if key not in _KEYS and key not in seen and len(seen) < 50 and not (key in OF_EXPORT <= set(values)):
            seen.add(key)
            yield Note(path, row, "keys", f"unknown key left out: {_SURROGATES.sub('', key)[:60]!r}")


_NAMES: Final = {list: "a list", dict: "an object", bool: "true or false"}
"""What a value is that is no text, in the words of JSON rather than of Python."""


def written(key: str, value: object) -> str:
    """The text of a fact. Raises BadRecordError where it is none."""
    if value is None:
        return ""
    # Exports write ids and years as numbers; no other value is a number.
    if key in ("id", "date") and isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return str(value)
    if not isinstance(value, str):
        raise BadRecordError(f"{key} must be text, not {_NAMES.get(type(value), 'a number')}")
    return value if key == "text" else value.strip()


def _check_id(identity: str) -> None:
    if _SURROGATES.search(identity):
        raise BadRecordError("id holds half a character (a lone surrogate)")
    if len(identity.encode()) > _MAX_ID_BYTES:
        raise BadRecordError(f"id longer than {_MAX_ID_BYTES} bytes")


def themes_of(value: object) -> tuple[str, ...]:
    """The themes that a fact lists. Raises BadRecordError where it is no list."""
    return _list("themes", value, _THEMES, MAX_THEMES)


def _list(key: str, value: object, between: re.Pattern[str], most: int) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    parts = between.split(value) if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise BadRecordError(f"{key} must be a list of texts")
    if len(parts) > most:
        raise BadRecordError(f"more than {most} {key}", code="limit")
    return tuple(dict.fromkeys(clean for part in parts if (clean := _SURROGATES.sub("", part).strip())))


class _Strings(yaml.BaseLoader):
    """Makes texts, lists and mappings only, and no key twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise BadRecordError("with a YAML alias (*name)")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        values = super().construct_mapping(node, deep)
        if len(values) != len(node.value):
            raise BadRecordError("has the same key twice")
        return values


def yaml_facts(text: str, what: str, first_line: int = 1) -> dict[str, Any]:
    """The facts of a text. Raises BadRecordError, which begins with `what`; first_line: of the text in its file."""
    if len(text) > _MAX_YAML_CHARS:
        raise BadRecordError(f"{what} longer than {_MAX_YAML_CHARS >> 10} kB")
    try:
        # A subclass of BaseLoader: it can only make texts, lists and mappings.
        values = yaml.load(text, Loader=_Strings)
    except BadRecordError as error:
        raise BadRecordError(f"{what} {error}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadRecordError(f"{what} is not YAML{f' (line {mark.line + first_line})' if mark else ''}") from None
    except (RecursionError, TypeError, ValueError):
        raise BadRecordError(f"{what} is nested too deep or has a key that is no text") from None
    if values in (None, ""):
        return {}
    if not isinstance(values, dict):
        raise BadRecordError(f"{what} is not a list of 'key: value'")
    return values
