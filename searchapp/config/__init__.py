"""Settings, frozen: read from searchapp.toml and SEARCHAPP_*; an unknown name is an error."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Final

from searchapp.config.conditions import CHECKS
from searchapp.config.look import LookSettings
from searchapp.config.look import checked as checked_look
from searchapp.config.sites import SiteSettings
from searchapp.config.sites import checked as checked_site
from searchapp.config.toml_file import A_PATH, PATHS, is_path, placed, read
from searchapp.dates import ZONE
from searchapp.errors import SettingsError
from searchapp.fields import Weights

SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable for the folder where the workers of a server put their counts; the library's own name."""
MAX_BODY_BYTES: Final = 1_000_000
"""A larger body of a request is 413, whatever a host allows."""
_PREFIX: Final = "SEARCHAPP_"
_NOT_OURS: Final = (_PREFIX + "TEST_", _PREFIX + "REQUIRE_", _PREFIX + "LANG")
"""Of the tests, and the language of the command line."""

LOOPBACK: Final = "127.0.0.1"
"""The address that only this machine reaches."""


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """The facts of one source; issuer: the speaker when its articles say "Thành ủy" alone."""

    issuer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSearchSettings:
    """The cluster that answers when engine = "opensearch".

    name: of the alias that is asked. The names of all its indices begin with it. ca_certs: file of the authority that
    signed the cluster's certificates, "" for authorities that the system trusts. timeout: seconds for a search in all.
    """

    hosts: tuple[str, ...] = ("http://127.0.0.1:9200",)
    name: str = "searchapp"
    user: str = ""
    password: str = field(default="", repr=False)
    ca_certs: str = ""
    shards: int = 1
    replicas: int = 1
    timeout: float = 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettings:
    """How those who follow are told; nobody can follow while sender is "".

    sender: whom mails come from, as "Tra cứu <tra-cuu@example.vn>"; smtp: host:port of the mail server, of which tls
    says how it is encrypted; sendmail: a program that takes mails instead. private_hosts: of webhooks, those that may
    be in a private network.
    """

    sender: str = ""
    smtp: str = "127.0.0.1:25"
    tls: str = "none"
    user: str = ""
    password: str = field(default="", repr=False)
    sendmail: str = ""
    private_hosts: tuple[str, ...] = ()

    @property
    def sender_address(self) -> str:
        """The address alone."""
        return parseaddr(self.sender)[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an operator may change; docs/operations.md explains each. Paths are relative to searchapp.toml."""

    index: Path = Path("index")
    corpus: tuple[Path, ...] = (Path("corpus"),)
    engine: str = "whoosh"
    meaning: str = ""
    title: str = "Tra cứu văn kiện"
    timezone: str = ZONE
    public_base_url: str = ""
    public_path: str = ""
    host: str = LOOPBACK
    port: int = 8000
    featured: tuple[str, ...] = ()
    tables: Path | None = None
    replace: tuple[str, ...] = ()
    embed_origins: tuple[str, ...] = ()
    trusted_hosts: tuple[str, ...] = ()
    trusted_proxies: int = 0
    rate_limit: str = "20 per second; 600 per minute"
    rate_store: str = "memory://"
    processor_seconds: float = 30.0
    response_cache: int = 8
    workers: int = 0
    threads: int = 8
    log_queries: bool = False
    metrics_from: tuple[str, ...] = ("127.0.0.1", "::1")
    max_index_age_hours: int = 0
    relations: str = ""
    ocr_minutes: int = 0
    originals: str = "link"
    state: Path = Path("state")
    query_statistics: bool = False
    query_statistics_days: int = 365
    admin: bool = False
    operator_token: str = field(default="", repr=False)
    read_token: str = field(default="", repr=False)  # never in a log, a page or the stamp of the release
    weights: Weights = field(default_factory=Weights)
    sources: Mapping[str, SourceSettings] = field(default_factory=dict)
    sites: Mapping[str, SiteSettings] = field(default_factory=dict)
    look: LookSettings = field(default_factory=LookSettings)
    opensearch: OpenSearchSettings = field(default_factory=OpenSearchSettings)
    alerts: AlertSettings = field(default_factory=AlertSettings)

    @property
    def relation_tables(self) -> tuple[str, ...]:
        """Return the site's own tables of relations: the one of `relations`, and the one in the folder of `tables`."""
        inside = self.tables / "relations.tsv" if self.tables else None
        return tuple(filter(None, (self.relations, str(inside) if inside and inside.is_file() else "")))

    @property
    def address(self) -> str:
        """Return where `serve` listens, an IPv6 address in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def public_address(self) -> str:
        """Return the address of the home page without its last slash, for mails and assistants."""
        return self.public_base_url + self.public_path

    @property
    def generations(self) -> Path:
        """Return the folder of the generations, or the local records of generations that another machine keeps."""
        return self.index if self.engine == "whoosh" else self.index / self.engine


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Return settings from a TOML file (default: ./searchapp.toml if there is one), then from the environment.

    Raises SettingsError, one line with the file, its line and the nearest known name.
    """
    file = path or Path("searchapp.toml")
    settings = Settings()
    if path is not None or file.exists():
        table, text = read(file)
        try:
            settings = _from_table(table, str(file), file.parent)
        except SettingsError as error:
            raise SettingsError(placed(str(error), str(file), text)) from None
    return _fitting(_from_environment(settings, environ))


def _fitting(settings: Settings) -> Settings:
    """The settings, if they go together."""
    if settings.alerts.sender and not settings.public_base_url:
        raise SettingsError("alerts: mails need the address of this site: set public_base_url")
    return settings


def _from_table(table: Mapping[str, Any], where: str, folder: Path) -> Settings:
    known = {f.name for f in fields(Settings)}
    for name in table:
        if name not in known:
            raise SettingsError(f"{where}: unknown setting {name!r}{_nearest(name, known)}")
    values: dict[str, Any] = {}
    for name, value in table.items():
        values[name] = _convert(name, value, where, folder)
    return Settings(**values)


def _convert(name: str, value: Any, where: str, folder: Path) -> Any:
    if name in ("public_base_url", "public_path") and isinstance(value, str):
        value = value.removesuffix("/")
    value = _typed(name, value, where, folder)
    return _checked(name, name, value, where)


def _checked(rule: str, name: str, value: Any, where: str) -> Any:
    if rule in CHECKS:
        check, what = CHECKS[rule]
        _expect(check(value), name, what, where)
    return value


def _typed(name: str, value: Any, where: str, folder: Path) -> Any:
    if name == "relations" and isinstance(value, str):
        return str(folder / value) if value else ""
    if name == "weights":
        return _record(Weights, value, f"{where}: [weights]", folder)
    if name == "sources":
        _expect(isinstance(value, dict), name, "a table of tables", where)
        return {key: _record(SourceSettings, row, f'{where}: [sources."{key}"]', folder) for key, row in value.items()}
    if name in _INNER:
        return _inner(name, value, f"{where}: [{name}]", folder)
    if name == "look":
        return checked_look(_record(LookSettings, value, f"{where}: [look]", folder), f"{where}: [look]", folder)
    if name == "sites":
        _expect(isinstance(value, dict), name, "a table of tables", where)
        return {key: _site(key, row, f"{where}: [sites.{key}]", folder) for key, row in value.items()}
    return _like(getattr(Settings(), name), name, value, where, folder)


_INNER: Final[Mapping[str, type[Any]]] = {"opensearch": OpenSearchSettings, "alerts": AlertSettings}
"""Tables of settings with checks and variables of their own."""


def _inner(table: str, value: Any, where: str, folder: Path) -> Any:
    found = _record(_INNER[table], value, where, folder)
    for name in value:
        _checked(f"{table}.{name}", name, getattr(found, name), where)
    return found


def _site(name: str, row: Any, where: str, folder: Path) -> SiteSettings:
    site: SiteSettings = _record(SiteSettings, row, where, folder)
    return checked_site(name, site if "store" in row else replace(site, store=folder / "crawl" / name), where)


def _like(default: Any, name: str, value: Any, where: str, folder: Path) -> Any:
    """Return a value of the type of its default."""
    if isinstance(default, tuple):
        _expect(isinstance(value, list) and all(isinstance(v, str) for v in value), name, "a list of strings", where)
        # "" would be the folder of the settings itself
        _expect(name != "corpus" or all(map(is_path, value)), name, PATHS, where)
        return tuple(folder / v for v in value) if name == "corpus" else tuple(value)
    if isinstance(default, Path) or name in ("tables", "logo"):
        _expect(isinstance(value, str) and bool(value), name, "a path", where)
        _expect(is_path(value), name, A_PATH, where)
        return folder / value
    if isinstance(default, float):
        _expect(isinstance(value, (int, float)) and not isinstance(value, bool), name, "a number", where)
        return float(value)
    _expect(type(value) is type(default), name, _TYPES[type(default)], where)
    return value


_TYPES: Final = {str: "text", int: "a whole number", bool: "true or false"}


def _record(kind: type, value: Any, where: str, folder: Path) -> Any:
    _expect(isinstance(value, dict), "value", "a table", where)
    known = {f.name for f in fields(kind)}
    values: dict[str, Any] = {}
    for name, item in value.items():
        if name not in known:
            raise SettingsError(f"{where}: unknown setting {name!r}{_nearest(name, known)}")
        values[name] = _like(_default(kind, name), name, item, where, folder)
        if kind is Weights:
            # a share of an article's length: a larger one makes it negative
            most = 1 if name in ("b", "b_title") else 100
            _expect(0 <= values[name] <= most, name, f"a number from 0 to {most}", where)
    return kind(**values)


def _default(kind: type, name: str) -> Any:
    return getattr(kind(), name)


def _from_environment(settings: Settings, environ: Mapping[str, str]) -> Settings:
    simple = {f.name for f in fields(Settings)} - {"weights", "sources", "sites", "look", *_INNER}
    inner = {f"{table}_{f.name}": (table, f.name) for table, kind in _INNER.items() for f in fields(kind)}
    for variable, text in environ.items():
        name = variable.removeprefix(_PREFIX).lower()
        if not variable.startswith(_PREFIX) or variable.startswith(_NOT_OURS):
            continue
        if name not in {*simple, *inner}:
            known = {f"{_PREFIX}{one.upper()}" for one in (*simple, *inner)}
            raise SettingsError(f"{variable}: unknown setting{_nearest(variable, known)}")
        if name in inner:
            table, inside = inner[name]
            item = {inside: _from_text(_default(_INNER[table], inside), name, text, variable)}
            value = {inside: getattr(_inner(table, item, variable, Path()), inside)}
            changes: dict[str, Any] = {table: replace(getattr(settings, table), **value)}
            settings = replace(settings, **changes)
        else:
            item = _from_text(getattr(Settings(), name), name, text, variable)
            settings = replace(settings, **{name: _convert(name, item, variable, Path())})
    return settings


def _from_text(default: Any, name: str, text: str, variable: str) -> Any:
    if isinstance(default, tuple):
        return [part.strip() for part in text.split(",") if part.strip()]
    if isinstance(default, bool):
        _expect(text in ("true", "false"), name, "true or false", variable)
        return text == "true"
    if isinstance(default, int):
        _expect(text.isascii() and text.isdigit(), name, "a whole number", variable)
        return int(text)
    if isinstance(default, float):
        _expect(text.isascii() and text.replace(".", "", 1).isdigit(), name, "a number", variable)
        return float(text)
    return text


def _expect(ok: bool, name: str, what: str, where: str) -> None:
    if not ok:
        raise SettingsError(f"{where}: {name} must be {what}")


def _nearest(name: str, known: set[str]) -> str:
    near = [one for one in (name.lower(), name.upper()) if one in known] or get_close_matches(name, sorted(known), 1)
    return f"; did you mean {near[0]!r}?" if near else ""
