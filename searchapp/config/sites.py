"""The sites that `searchapp crawl` visits, as `[sites.NAME]` of the settings describes them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import cssselect

from searchapp.errors import SettingsError
from searchapp.text.urls import canonical_url, sent_url

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings:
    """The settings for visiting and reading one site.

    start, sitemaps, feeds: addresses to begin with; allow, deny: paths ("/tin/*") that are visited, or neither visited
    nor read; articles: paths that are read as articles (all visited ones when empty). contact: an address or mail
    address of yours, for the people of the site; agent: the name that robots.txt may use. delay: seconds between two
    requests at least; depth: links from a start page at most; pages: requests of one run at most; recheck: days after
    which a known page is asked for again; private: the site is in a private network. store: folder of the captured
    pages; source: the site's name; title_at, date_at, text_at: CSS selectors where pages do not mark these parts
    themselves.
    """

    start: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    contact: str = ""
    agent: str = "searchapp"
    delay: float = 1.0
    depth: int = 10
    pages: int = 10_000
    recheck: int = 7
    private: bool = False
    store: Path = Path()
    source: str = ""
    title_at: str = ""
    date_at: str = ""
    text_at: str = ""

    @property
    def hosts(self) -> frozenset[str]:
        """Return the hosts (with their port where it is unusual) of the first addresses: no other host is visited."""
        addresses = (*self.start, *self.sitemaps, *self.feeds)
        return frozenset(urlsplit(canonical_url(sent_url(url))).netloc for url in addresses)

    def admits(self, path: str) -> bool:
        """Tell whether a path is one of those to visit."""
        return not matches(path, self.deny) and (not self.allow or matches(path, self.allow))


_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "delay": (0.1, 3_600),
    "depth": (0, 100),
    "pages": (1, 10_000_000),
    "recheck": (0, 3_650),
}


def matches(path: str, patterns: Iterable[str]) -> bool:
    """Tell whether a path is, or lies below, one of the patterns; `*` stands for any characters.

    A letter and its bytes in `%` are the same, as an address bar shows the one and copies the other.
    """
    path = unquote(path)
    return any(
        fnmatchcase(path, pattern) or fnmatchcase(path, f"{pattern.rstrip('/*')}/*")
        for pattern in map(unquote, patterns)
    )


def checked(name: str, site: SiteSettings, where: str) -> SiteSettings:
    """Return the same site. Raises SettingsError for a meaningless name, address or number."""
    if not NAME.fullmatch(name):
        raise SettingsError(f"{where}: a site's name has small letters, digits and hyphens")
    if not (*site.start, *site.sitemaps, *site.feeds):
        raise SettingsError(f"{where}: say where to begin: start, sitemaps or feeds")
    for setting, address in _each(site, "start", "sitemaps", "feeds"):
        if not canonical_url(sent_url(address)):
            raise SettingsError(f"{where}: {setting} {address!r} is no http or https address")
    if "@" not in site.contact and not canonical_url(site.contact):
        raise SettingsError(f"{where}: contact must be your mail or web address, for the people of the site")
    if not re.fullmatch(r"[A-Za-z][\w-]{1,40}", site.agent, re.ASCII) or not site.contact.isprintable():
        raise SettingsError(f"{where}: agent must be one word, contact one line")
    for setting, pattern in _each(site, "allow", "deny", "articles"):
        if not pattern.startswith("/"):
            raise SettingsError(f'{where}: {setting} {pattern!r} must be a path such as "/tin-tuc/*"')
    for setting in ("title_at", "date_at", "text_at"):
        try:
            cssselect.parse(getattr(site, setting) or "*")
        except cssselect.SelectorError as error:
            wrong = getattr(site, setting)
            raise SettingsError(f"{where}: {setting} {wrong!r} is no CSS selector: {error}") from None
    for number, (least, most) in _RANGES.items():
        if not least <= getattr(site, number) <= most:
            raise SettingsError(f"{where}: {number} must be a number from {least:g} to {most:g}")
    return site


def _each(site: SiteSettings, *lists: str) -> Iterator[tuple[str, str]]:
    """Yield the values of settings that are lists, each with the name of its setting."""
    return ((setting, value) for setting in lists for value in getattr(site, setting))


_HINTS: Final = ".hints.json"


@dataclass(frozen=True, slots=True)
class Hints:
    """The hints for reading a site. source: its name; *_at: CSS selectors; articles, deny: paths
    read alone, or never.
    """

    source: str = ""
    title_at: str = ""
    date_at: str = ""
    text_at: str = ""
    articles: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()

    def as_json(self) -> str:
        """Return these hints as text."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def save(self, folder: Path) -> None:
        """Write them into a folder of captures."""
        (folder / _HINTS).write_text(self.as_json() + "\n", encoding="utf-8")


def from_json(text: str) -> Hints:
    """Return hints from text; none for an unreadable one."""
    try:
        values = json.loads(text)
        lists = {name: tuple(map(str, values[name])) for name in ("articles", "deny") if name in values}
        told = {field.name: str(values[field.name]) for field in fields(Hints) if field.name in values}
    except (ValueError, TypeError):
        return Hints()
    return replace(Hints(), **(told | lists))  # type: ignore[arg-type]


def load_hints(folder: Path) -> Hints:
    """Return the hints in a folder of captures; none where it has no file of them."""
    try:
        return from_json((folder / _HINTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Hints()
