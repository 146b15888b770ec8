"""URL ↔ Query: the only module that reads the parameters of query.md and the only one that writes URLs."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, TypeVar
from urllib.parse import quote

from searchapp.article import Citation, Document
from searchapp.citations.resolve.validity import VALUES
from searchapp.dates import is_valid, parse_date, span
from searchapp.errors import BadQueryError
from searchapp.fields import FACETS, REPRINT
from searchapp.outline import part_id
from searchapp.query import MAX_HITS, UNKNOWN, WORD_STEPS, Query, Sort
from searchapp.text.normalize import slug
from searchapp.web import texts

Lang: TypeAlias = Literal["vi", "en"]
Pairs: TypeAlias = list[tuple[str, str]]
T = TypeVar("T")

MAX_PARAMETERS: Final = 100
MAX_VALUE_CHARS: Final = 300  # the longest document slug has about 120
MAX_URL_CHARS: Final = 8000  # 512 Vietnamese letters take 4,600 when percent-encoded
SIZES: Final = (10, 20, 50)
SORTS: Final[Mapping[str, Sort]] = {"lien-quan": "relevance", "moi-nhat": "newest", "cu-nhat": "oldest"}
LANGS: Final[tuple[Lang, ...]] = ("vi", "en")
_UNKNOWN_DATE: Final = "khong-ro"
PART: Final = "doan"
"""`doan=3`, `doan=dieu-12`: the part of a long text by its number, or the part that holds a provision."""
WHOLE: Final = "toan-van"
NO_FACETS: Final = "none"
BEFORE: Final = "cu"
"""`dia_gioi=cu`: areas are the 63 provinces and cities of before 1 July 2025."""
_APART: Final = "rieng"
"""`dang_lai=rieng`: reprints one by one; `dang_lai=KEY`: an article and its reprints."""

_COUNT: Final = re.compile(r"[1-9][0-9]{0,4}")
_YEAR: Final = re.compile(r"[0-9]{4}")
_MONTH_OR_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?")
_KEY: Final = re.compile(r"[0-9a-f]{12}")
_CURSOR: Final = re.compile(r"[\w.:~=-]{1,300}", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")

_FACET_OF: Final = {facet.parameter: facet.name for facet in FACETS if facet.name != "date"}
_PARAMETER_OF: Final = {name: parameter for parameter, name in _FACET_OF.items()}
_SORT_NAMES: Final = {sort: name for name, sort in SORTS.items()}


def read(pairs: Iterable[tuple[str, str]]) -> Query:
    """Return the Query that these URL parameters mean.

    Empty ones are absent, unknown ones ignored, the first of a single-valued one counts. Raises BadQueryError, in
    Vietnamese and with the allowed values, for meaningless ones.
    """
    given: dict[str, list[str]] = {}
    for number, (name, value) in enumerate(pairs, 1):
        if number > MAX_PARAMETERS:
            raise _wrong("parameters", "", most=MAX_PARAMETERS)
        if value:
            given.setdefault(name, []).append(value)
    one = {name: values[0] for name, values in given.items()}
    since, until = _limit(one, "tu", 0), _limit(one, "den", 1)
    if since and until and since > until:
        raise _wrong("reversed", "tu", until="den")
    size = _choice(one, "so", {str(size): size for size in SIZES}, SIZES[0])
    return Query(
        text=one.get("q", ""),
        filters=MappingProxyType(_filters(given)),
        since=since,
        until=until,
        sort=_choice(one, "sap_xep", SORTS, "relevance"),
        page=_page(one, MAX_HITS // size),
        size=size,
        after=_cursor(one),
        apart=one.get("dang_lai") == _APART,
        verbatim=_choice(one, "nguyen_van", {"1": True}, False),
        step=_choice(one, "buoc", {str(step): step for step in WORD_STEPS}, 0),
        before=_choice(one, "dia_gioi", {BEFORE: True}, False),
        on=_read_day(one),
    )


def _read_day(one: Mapping[str, str]) -> str:
    """Return the day of the status that `tai_ngay=` asks for, "" without it."""
    return _limit(one, "tai_ngay", 0)


def read_lang(pairs: Iterable[tuple[str, str]]) -> Lang:
    """Return the language of `lang=`, Vietnamese without it."""
    one = {name: value for name, value in reversed(list(pairs)) if value}
    return _choice(one, "lang", {lang: lang for lang in LANGS}, "vi")


def read_within(pairs: Iterable[tuple[str, str]]) -> str:
    """Return the words of `trong=`, to find inside the results, "" for none."""
    return read_words(pairs, "trong", MAX_VALUE_CHARS)


def read_choice(pairs: Iterable[tuple[str, str]], name: str, allowed: Sequence[T]) -> T:
    """Return the allowed value that a parameter names, the first one without it."""
    one = [value for key, value in pairs if key == name and value]
    return _choice({name: one[0]} if one else {}, name, {str(value): value for value in allowed if value}, allowed[0])


def read_words(pairs: Iterable[tuple[str, str]], name: str, most: int) -> str:
    """Return a short plain text, at most `most` characters of it."""
    return _plain(name, next((value.strip() for key, value in pairs if key == name), ""))[:most]


def read_names(pairs: Iterable[tuple[str, str]], parameter: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the names that a parameter lists by comma, in that order; () without it. BadQueryError
    for an unknown one.
    """
    text = next((value for name, value in pairs if name == parameter and value), "")
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        _choice({parameter: name}, parameter, dict.fromkeys(known, name), name)
    return names


def read_second(pairs: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Return the second period of a comparison, `tu_2=` and `den_2=`, as inclusive ISO days ("" for open)."""
    one = {name: value for name, value in reversed(list(pairs)) if value}
    since, until = _limit(one, "tu_2", 0), _limit(one, "den_2", 1)
    if since and until and since > until:
        raise _wrong("reversed", "tu_2", until="den_2")
    return since, until


def parameters(query: Query) -> Pairs:
    """Return the parameters of a Query in canonical order, defaults dropped: `read(parameters(q))` is q again."""
    pairs: Pairs = [("q", query.text), ("tu", query.since), ("den", query.until)]
    for facet in FACETS:
        pairs += [parameter(facet.name, value) for value in query.filters.get(facet.name, ())]
    pairs.append(("tai_ngay", query.on))
    pairs.append(("sap_xep", "" if query.sort == "relevance" else _SORT_NAMES[query.sort]))
    pairs.append(("so", "" if query.size == SIZES[0] else str(query.size)))
    pairs.append(("trang", "" if query.page == 1 else str(query.page)))
    pairs.append(("sau", query.after))
    pairs.append(("dang_lai", next(iter(query.filters.get(REPRINT, ())), _APART if query.apart else "")))
    pairs.append(("nguyen_van", "1" if query.verbatim else ""))
    pairs.append(("buoc", str(query.step) if query.step else ""))
    pairs.append(("dia_gioi", BEFORE if query.before else ""))
    return [(name, value) for name, value in pairs if value]


def parameter(facet: str, value: str) -> tuple[str, str]:
    """Return one facet value as it stands in a URL: ("date", "2021-09") → ("ngay", "2021-09")."""
    if facet == "date":
        return ("nam", value) if _YEAR.fullmatch(value) else ("ngay", _UNKNOWN_DATE if value == UNKNOWN else value)
    return _PARAMETER_OF[facet], value


def toggled(query: Query, facet: str, value: str) -> Query:
    """Return the query with this value chosen, or given up if it was chosen; on its first page."""
    chosen = query.filters.get(facet, ())
    values = tuple(v for v in chosen if v != value) if value in chosen else tuple(sorted({*chosen, value}))
    filters = {name: kept for name, kept in {**query.filters, facet: values}.items() if kept}
    return replace(query, filters=MappingProxyType(filters), page=1, after="")


class Toggler:
    """The URLs of `toggled` for all values of one facet: a beginning and an end are built once, not for each value."""

    def __init__(self, link: Callable[[Query], str], query: Query, facet: str) -> None:
        """link: the URL of a query, which names each value of a filter once, as `parameter` does."""
        self._link, self._query, self._facet = link, query, facet
        self._chosen = tuple(sorted(set(query.filters.get(facet, ()))))
        self._around: dict[int, tuple[str, str]] = {}

    def url(self, value: str) -> str:
        """Return the URL of the query with this value chosen, or given up if it was chosen."""
        if value in self._chosen:
            return self._link(toggled(self._query, self._facet, value))
        place = bisect(self._chosen, value) if self._chosen else 0
        if place not in self._around:
            self._around[place] = self._split(place)
        begin, end = self._around[place]
        if not begin:
            return self._link(toggled(self._query, self._facet, value))
        name, written = parameter(self._facet, value)
        return f"{begin}{name}={_quoted(written)}{end}"

    def urls(self, values: Iterable[str]) -> list[str]:
        """Return the URL of each of these values."""
        begin, end = ("", "") if self._chosen or self._facet == "date" else self._split(0)
        if not begin:
            return list(map(self.url, values))
        before = f"{begin}{_PARAMETER_OF[self._facet]}="
        return [f"{before}{_quoted(value)}{end}" for value in values]

    def _split(self, place: int) -> tuple[str, str]:
        """Return the URL before and behind a value at this place among the chosen ones; ("", "")
        where that is unclear.
        """
        values = (*self._chosen[:place], _STAND_IN, *self._chosen[place:])
        filters = MappingProxyType({**self._query.filters, self._facet: values})
        url = self._link(replace(self._query, filters=filters, page=1, after=""))
        name, written = parameter(self._facet, _STAND_IN)
        parts = url.split(f"{name}={written}")
        return (parts[0], parts[1]) if len(parts) == 2 else ("", "")


_STAND_IN: Final = "0-stand-in-0"


@lru_cache(1 << 13)
def _quoted(value: str) -> str:
    return quote(value, safe="/:,")


def chosen(query: Query, facet: str, value: str) -> Query:
    """Return the query with this value, and no other of its facet, chosen; on its first page."""
    return replace(query, filters=MappingProxyType({**query.filters, facet: (value,)}), page=1, after="")


def between(query: Query, since: str, until: str) -> Query:
    """Return the query narrowed to these days (ISO, inclusive, "" for open), without its date values; on its first
    page.
    """
    filters = {name: values for name, values in query.filters.items() if name != "date"}
    return replace(query, filters=MappingProxyType(filters), since=since, until=until, page=1, after="")


def unfiltered(query: Query) -> Query:
    """Return the query without filters and dates, on its first page."""
    return replace(query, filters=MappingProxyType({}), since="", until="", page=1, after="")


@dataclass(frozen=True, slots=True)
class Links:
    """A writer of URLs below a prefix ("" or "/tra-cuu") in one language; all are relative to the host."""

    prefix: str = ""
    lang: Lang = "vi"

    def page(self, path: str, pairs: Sequence[tuple[str, str]] = ()) -> str:
        """Return a URL from a path of this site and parameters."""
        pairs = [*pairs, *([("lang", self.lang)] if self.lang != "vi" else [])]
        encoded = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)
        return self.prefix + quote(path, safe="/.-") + (f"?{encoded}" if encoded else "")

    def download(self, query: Query, path: str = "/xuat") -> str:
        """Return the page of downloads of a query's results, or one of its files."""
        return self.page(path, parameters(replace(query, page=1, after="")))

    def parameter(self, facet: str, value: str) -> tuple[str, str]:
        """Return name and value of a facet value's form field."""
        return parameter(facet, value)

    def results(self, query: Query, form: str = "") -> str:
        """Return the result page of a query; form: "json" or "atom" for the same results as data."""
        return self.page("/tim-kiem" + (f".{form}" if form else ""), parameters(query))

    def frame(self, query: Query) -> str:
        """Return the same results in a small page for frames."""
        return self.page("/nhung", parameters(query))

    def embedding(self, query: Query) -> str:
        """Return the page that writes the code for results like these."""
        return self.page("/nhung-vao-trang", parameters(_first(query)))

    def api(self, query: Query) -> str:
        """Return the same results from the API."""
        return self.page("/api/v1/search", parameters(query))

    def following(self, query: Query) -> str:
        """The page where new results like these can be followed by mail."""
        return self.page("/theo-doi", parameters(_first(query)))

    def comparison(self, query: Query) -> str:
        """Return the page that compares two periods of a query; without dates it chooses them itself."""
        return self.page("/so-sanh", parameters(_first(query)))

    def article(
        self, key: str, title: str, q: str = "", place: str = "", part: str = "", *, whole: bool = False
    ) -> str:
        """Return the page of an article; q: the words to highlight; place: id of the provision that it opens at; part:
        the part of a long text that holds it; whole: all parts on one page.
        """
        pairs = [("q", q), (PART, part), (WHOLE, "1" if whole else "")]
        page = self.page(f"/bai/{key}/{slug(title) or 'bai'}", [(name, value) for name, value in pairs if value])
        return f"{page}#{place}" if place else page

    def document(self, name: str, form: str = "", on: str = "") -> str:
        """Return the page of a document by its slug (or of a bare symbol: the chooser); on: the day of its status."""
        return self.page(f"/van-ban/{name}" + (f".{form}" if form else ""), [("tai_ngay", on)] if on else [])

    def cited(self, citation: Citation, document: Document | None) -> str:
        """Return the target of a citation: its provision, its document, or a search for its words."""
        if not citation.document:
            return self.page("/tim-kiem", [("q", citation.text)])
        ident = part_id(citation.pinpoint[0]) if citation.pinpoint and document and document.article else ""
        return self.document(f"{citation.document}/{ident}" if ident else citation.document)

    def documents(self, query: Query, form: str = "") -> str:
        """Return the list of documents, narrowed by a query's text and filters."""
        narrowed = replace(query, since="", until="", size=SIZES[0], after="", verbatim=False)
        return self.page("/van-ban" + (f".{form}" if form else ""), parameters(narrowed))

    def day(self, iso: str, form: str = "") -> str:
        """Return the page of a day, or of a month ("2021-09")."""
        return self.page(f"/ngay/{iso}" + (f".{form}" if form else ""))

    def area(self, name: str) -> str:
        """Return the page of a province or city."""
        return self.page(f"/dia-ban/{name}")

    def theme(self, name: str = "", form: str = "") -> str:
        """Return the page of a theme; the list of all themes without one."""
        return self.page("/chu-de" + (f"/{name}" if name else "") + (f".{form}" if form else ""))


def _first(query: Query) -> Query:
    """Return the query without order and place in the list."""
    return replace(query, sort="relevance", size=SIZES[0], page=1, after="")


def _filters(given: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    filters: dict[str, tuple[str, ...]] = {}
    dates = {_year(value) for value in given.get("nam", ())} | {_month_or_day(value) for value in given.get("ngay", ())}
    if dates:
        filters["date"] = tuple(sorted(dates))
    for name, facet in _FACET_OF.items():
        if values := given.get(name):
            filters[facet] = tuple(sorted({_plain(name, value) for value in values}))
    for status in given.get("hieu_luc", ()):
        _choice({"hieu_luc": status}, "hieu_luc", dict.fromkeys(VALUES, status), status)
    key = given.get("dang_lai", [_APART])[0]
    if key != _APART:
        if not _KEY.fullmatch(key):
            raise _wrong("reprints", "dang_lai", key, (_APART,), names=_APART)
        filters[REPRINT] = (key,)
    return filters


def _wrong(what: str, field: str, value: str = "", allowed: tuple[str, ...] = (), **told: object) -> BadQueryError:
    shown: dict[str, object] = {"field": field, "value": value[:20], **told}
    vietnamese, english = (texts.say(lang, f"wrong.{what}", **shown) for lang in LANGS)
    return BadQueryError(vietnamese, english, field=field, allowed=allowed)


def _plain(name: str, value: str) -> str:
    if len(value) > MAX_VALUE_CHARS or _CONTROL.search(value):
        raise _wrong("value", name)
    return value


def _year(value: str) -> str:
    if not (_YEAR.fullmatch(value) and is_valid(value)):
        raise _wrong("year", "nam", value)
    return value


def _month_or_day(value: str) -> str:
    if value == _UNKNOWN_DATE:
        return UNKNOWN
    if not (_MONTH_OR_DAY.fullmatch(value) and is_valid(value)):
        raise _wrong("day", "ngay", value, unknown=_UNKNOWN_DATE)
    return value


def _limit(one: Mapping[str, str], name: str, end: int) -> str:
    """Return a limit in ISO or as d/m/yyyy; a year or a month means its first day (end 0) or its last (end 1)."""
    if not (text := one.get(name, "")):
        return ""
    iso = parse_date(text) if len(text) <= 10 and re.fullmatch(r"[0-9/.-]+", text) else ""
    if not iso:
        raise _wrong("limit", name, text)
    return span(iso)[end]


def _choice(one: Mapping[str, str], name: str, allowed: Mapping[str, T], default: T) -> T:
    text = one.get(name, "")
    if text and text not in allowed:
        raise _wrong("choice", name, text, tuple(allowed), names=", ".join(allowed))
    return allowed[text] if text else default


def _page(one: Mapping[str, str], last: int) -> int:
    text = one.get("trang", "1")
    if not _COUNT.fullmatch(text) or int(text) > last:
        raise _wrong("page", "trang", text, last=last)
    return int(text)


def _cursor(one: Mapping[str, str]) -> str:
    text = one.get("sau", "")
    if text and not _CURSOR.fullmatch(text):
        raise _wrong("cursor", "sau")
    return text
