"""The operator's pages under /quan-tri: entrance, overview, an article to mend, pins, what visitors seek.

They stand behind a token. Every change is a file and a line in the journal.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from flask import Response, abort, redirect, request
from itsdangerous import BadSignature, TimestampSigner

from searchapp import visitors
from searchapp.article import Article
from searchapp.config import Settings
from searchapp.dates import parse_date
from searchapp.engine import Engine
from searchapp.errors import BadRecordError, SettingsError
from searchapp.ingest import ledger
from searchapp.query import Query
from searchapp.readers import SUFFIXES
from searchapp.report import last_run
from searchapp.tables import read as read_tables
from searchapp.text.translated import in_vietnamese
from searchapp.visitors.statistics import insights
from searchapp.web import texts
from searchapp.web.admin import amending
from searchapp.web.admin.amending import Runs
from searchapp.web.data.originals import files
from searchapp.web.request import Visit, missing
from searchapp.web.serving.access import client
from searchapp.web.serving.monitoring import tell

_COOKIE: Final = "searchapp-operator"
PLACE: Final = "/quan-tri"
PROOF: Final = "bang_chung"
"""The field of every form that proves where it comes from."""
_HOURS: Final = 8

_FORM_BYTES: Final = 256 << 10
_LINES: Final = 20
_MAX_QUERY: Final = 200  # characters of a query that is pinned


class Entry:
    """The sessions of one token. A session is a signed number: nothing is kept here, and a new token ends all."""

    def __init__(self, token: str) -> None:
        self._token = token
        key = hashlib.sha256(b"searchapp operator " + token.encode()).digest()
        self._signer = TimestampSigner(key, salt="session", digest_method=hashlib.sha256)
        self._key = key

    def session(self) -> str:
        """The session of this request, "" without one."""
        try:
            return self._signer.unsign(request.cookies.get(_COOKIE, ""), max_age=_HOURS * 3600).decode()
        except BadSignature:
            return ""

    def opens(self, said: str) -> bool:
        """Whether this is the token, compared in constant time."""
        return hmac.compare_digest(said.encode("utf-8", "replace"), self._token.encode())

    def begin(self, response: Response, prefix: str) -> Response:
        """Give the browser a session; prefix: below which the site is mounted."""
        signed = self._signer.sign(secrets.token_hex(16)).decode()
        response.set_cookie(
            _COOKIE, signed, max_age=_HOURS * 3600, path=prefix + PLACE, secure=request.is_secure, httponly=True,
            samesite="Strict",
        )  # fmt: skip
        return response

    def end(self, response: Response, prefix: str) -> Response:
        """Take the session from the browser."""
        response.delete_cookie(_COOKIE, path=prefix + PLACE, secure=request.is_secure, httponly=True, samesite="Strict")
        return response

    def proof(self) -> str:
        """What a form of this session has to say."""
        return hmac.new(self._key, f"form {self.session()}".encode(), hashlib.sha256).hexdigest()

    def require_proof(self) -> None:
        """Answer 400 to a form that no page of this session made."""
        said = request.form.get(PROOF, "")
        if not hmac.compare_digest(said.encode("utf-8", "replace"), self.proof().encode()):
            abort(400)


FILE: Final = "audit.jsonl"


class Journal:
    """The file in the folder `state`."""

    def __init__(self, state: Path) -> None:
        self._path = state / FILE

    def write(self, did: str, **facts: Any) -> None:
        """One line: when, what, and the facts. What the disk cannot take is in the server's log."""
        line = json.dumps({"time": datetime.now(UTC).isoformat(timespec="seconds"), "did": did, **facts})
        try:
            visitors.private_folder(self._path.parent)
            descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "ab", buffering=0) as journal:
                size = os.fstat(descriptor).st_size
                broken = size and os.pread(descriptor, 1, size - 1) != b"\n"  # the disk was full within the last line
                journal.write(f"{chr(10) if broken else ''}{line}\n".encode())
        except (OSError, SettingsError) as error:
            tell("journal not written", logging.ERROR, error=str(error), line=line)

    def last(self, count: int) -> list[dict[str, Any]]:
        """The newest lines, newest first; none that is half written."""
        try:
            lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        return [row for line in reversed(lines[-count:]) if (row := _entry(line))]


def _entry(line: str) -> dict[str, Any]:
    """A line of the journal, {} for what is none of this release."""
    try:
        row = json.loads(line)
    except ValueError:
        return {}
    if not isinstance(row, dict) or not isinstance(row.get("time"), str):
        return {}
    return row if texts.knows(f"admin.did.{str(row.get('did')).replace(' ', '.')}") else {}


@dataclass(frozen=True, slots=True)
class Desk:
    """What the pages need. runs: None where changes are not allowed, and only counts are shown."""

    settings: Settings
    entry: Entry
    journal: Journal
    runs: Runs | None

    @classmethod
    def of(cls, settings: Settings, command: Sequence[str]) -> Desk:
        """The desk of these settings."""
        runs = Runs(settings.state, command) if settings.admin else None
        return cls(settings, Entry(settings.operator_token), Journal(settings.state), runs)


View = Callable[..., Response]
_FORM: Final = ["GET", "POST"]
"""Of a page that only answers a form: who comes back to its address, to read it in English, is led to the overview."""


def routes(desk: Desk) -> list[tuple[str, str, View, list[str]]]:
    """Path, endpoint, view and methods of every page."""
    rows: list[tuple[str, str, View, list[str]]] = [
        ("/vao", "enter", _enter, ["GET", "POST"]),
        ("/ra", "leave", _leave, _FORM),
        ("/thong-ke", "insights", _insights, ["GET"]),
        ("", "overview", _overview, ["GET"]),
    ]
    if desk.runs:
        rows += [
            ("/tai-len", "upload", _upload, _FORM),
            ("/lap-chi-muc", "reindex", _reindex, _FORM),
            ("/bai/<key>", "article", _article, ["GET", "POST"]),
            ("/ghim", "pin", _pin, _FORM),
            ("/noi-bat", "feature", _feature, _FORM),
        ]
    return [(PLACE + path, f"admin_{name}", view, methods) for path, name, view, methods in rows]


def answered(desk: Desk, visit: Visit, engine: Engine, view: View, arguments: dict[str, Any]) -> Response:
    """A page of the operator: only in a session, forms only with their proof; no cache keeps it."""
    most = amending.MAX_BYTES + _FORM_BYTES if view is _upload else _FORM_BYTES
    request.max_content_length = most  # of what does not say how long it is
    if (request.content_length or 0) > most:
        abort(413)
    if view is not _enter:
        if not desk.entry.session():
            return _kept_nowhere(redirect(visit.links.page(f"{PLACE}/vao"), 303))  # type: ignore[arg-type]
        if request.method == "POST":
            desk.entry.require_proof()
        elif view in (_upload, _reindex, _pin, _feature, _leave):
            return _kept_nowhere(redirect(visit.links.page(PLACE), 303))  # type: ignore[arg-type]
    try:
        return _kept_nowhere(view(desk, visit, engine, **arguments))
    except amending.RefusedRowError as error:
        return _kept_nowhere(_overview(desk, visit, engine, f"admin.row.{error}", 400, detail=error.detail))
    except OSError as error:
        if view is _enter:
            raise
        tell("not written", logging.ERROR, error=str(error))
        detail = error.strerror or type(error).__name__
        return _kept_nowhere(_overview(desk, visit, engine, "admin.disk", 503, detail=detail))


def _kept_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _page(desk: Desk, visit: Visit, step: str, code: int = 200, **values: Any) -> Response:
    """A page of the desk."""
    values["ours"] = _in_the_language_of(visit)
    shown = {"query": Query(), "step": step, "desk": desk, "proof": desk.entry.proof(), "proof_name": PROOF, **values}
    return visit.render("admin.html", code, place=visit.links.prefix + PLACE, **shown)


def _in_the_language_of(visit: Visit) -> Callable[[str], str]:
    """What says in the language of the page what readers, runs and refusals said in English."""
    return in_vietnamese if visit.lang == "vi" else str


def _enter(desk: Desk, visit: Visit, engine: Engine) -> Response:
    if request.method == "GET":
        return _page(desk, visit, "enter", wrong=False)
    if not desk.entry.opens(request.form.get("ma", "")):
        desk.journal.write("refused", client=client())
        return _page(desk, visit, "enter", 403, wrong=True)
    desk.journal.write("entered", client=client())
    return desk.entry.begin(redirect(visit.links.page(PLACE), 303), visit.links.prefix)  # type: ignore[arg-type]


def _leave(desk: Desk, visit: Visit, engine: Engine) -> Response:
    return desk.entry.end(redirect(visit.links.page("/"), 303), visit.links.prefix)  # type: ignore[arg-type]


def _overview(desk: Desk, visit: Visit, engine: Engine, said: str = "", code: int = 200, **told: Any) -> Response:
    """What there is, what the last run said, and the forms."""
    if key := request.args.get("bai", ""):
        return redirect(visit.links.page(f"{PLACE}/bai/{key[:12]}"), 303)  # type: ignore[return-value]
    provenance = visit.site.provenance(engine)
    return _page(
        desk, visit, "overview", code,
        said=said, told=told, stats=engine.stats(), report=provenance.report, last=last_run(desk.settings.index),
        running=bool(desk.runs and desk.runs.is_running()), log=desk.runs.report() if desk.runs else "",
        folders=_folders(desk.settings), journal=desk.journal.last(_LINES), pins=_pins(desk.settings),
        suffixes=",".join(SUFFIXES), most=amending.MAX_BYTES >> 20,
    )  # fmt: skip


def _insights(desk: Desk, visit: Visit, engine: Engine) -> Response:
    return _page(desk, visit, "insights", found=insights(desk.settings.state, 50))


def _folders(settings: Settings) -> list[Path]:
    return [path for path in settings.corpus if path.is_dir()]


def _upload(desk: Desk, visit: Visit, engine: Engine) -> Response:
    sent, folders = request.files.get("tep"), _folders(desk.settings)
    number = request.form.get("thu_muc", "0")
    if sent is None or not (number.isascii() and number.isdigit()) or int(number) >= len(folders):
        abort(400)
    folder, name = folders[int(number)], sent.filename or ""
    try:
        kept = amending.keep(sent.stream, name, folder, replace=request.form.get("thay") == "1")
    except amending.RefusedUploadError as error:
        desk.journal.write("upload refused", name=name[:200], reason=str(error), detail=error.detail, client=client())
        detail = _in_the_language_of(visit)(error.detail)
        return _overview(desk, visit, engine, f"admin.upload.{error}", 400, detail=detail)
    desk.journal.write("uploaded", file=str(kept.path), articles=kept.articles, client=client())
    titles = "; ".join(kept.titles)
    return _overview(desk, visit, engine, "admin.uploaded", name=kept.path.name, n=kept.articles, detail=titles)


def _reindex(desk: Desk, visit: Visit, engine: Engine) -> Response:
    assert desk.runs
    started = desk.runs.start()
    desk.journal.write("reindex started" if started else "reindex was running", client=client())
    return redirect(visit.links.page(PLACE) + "#bao-cao", 303)  # type: ignore[return-value]


def _article(desk: Desk, visit: Visit, engine: Engine, key: str) -> Response:
    """Mend an article; what is left as it stands is not written down."""
    article = next(iter(engine.articles([key])), None)
    if article is None:
        missing()
    source = _source(desk.settings, engine, article)
    values = _values(article, source)
    if request.method == "GET" or source is None:
        code = 200 if request.method == "GET" else 400
        return _page(desk, visit, "article", code, article=article, source=source, values=values, said="", told={})
    typed = {name: request.form.get(name, values[name]).strip() for name in values}
    said: dict[str, Any] = {name: value for name, value in typed.items() if value != values[name]}
    if "themes" in said:
        said["themes"] = [one.strip() for one in said["themes"].split(",") if one.strip()]
    problem = "admin.article.date" if typed["date"] and not parse_date(typed["date"]) else ""
    try:
        if said and not problem:
            place = amending.mended(source, article, said)
            desk.journal.write("mended", file=str(place), article=key, facts=said, client=client())
    except (BadRecordError, UnicodeDecodeError) as error:
        problem, typed["error"] = "admin.article.wrong", _in_the_language_of(visit)(str(error))
    told = {"detail": typed.pop("error", "")}
    code, result = (400, problem) if problem else (200, "admin.article.mended" if said else "admin.article.same")
    return _page(desk, visit, "article", code, article=article, source=source, values=typed, said=result, told=told)


def _values(article: Article, source: ledger.Entry | None) -> dict[str, str]:
    """What holds now or after the next reindex: so what was mended can be taken back before."""
    told = amending.pending(source, article) if source else {}
    values = {name: str(told.get(name, getattr(article, name)) or "") for name in amending.FIELDS}
    said = told.get("themes", article.themes)
    return {**values, "themes": ", ".join(map(str, [said] if isinstance(said, str) else said or ()))}


def _source(settings: Settings, engine: Engine, article: Article) -> ledger.Entry | None:
    """The file of an article as the last run read it, None where it is not there or two have its name."""
    known = files(settings.generations, engine.generation)
    path = article.path
    while path and path not in known:
        path = path.rpartition("/")[0]  # a member of an archive
    found = known.get(path)
    return found if found and found.file.path.is_file() and not found.file.path.is_symlink() else None


def _pins(settings: Settings) -> list[dict[str, str]]:
    found = read_tables(settings.tables, settings.replace)[0] if settings.tables else None
    return [dict(row) for row in found.rows.get("pins", ())] if found else []


def _pin(desk: Desk, visit: Visit, engine: Engine) -> Response:
    row = (request.form.get("q", "").strip()[:_MAX_QUERY], request.form.get("dich", "").strip())
    return _row(desk, visit, engine, "pins.tsv", row, known=bool(row[0]) and _is_target(engine, row[1]))


def _feature(desk: Desk, visit: Visit, engine: Engine) -> Response:
    key = request.form.get("dich", "").strip()
    return _row(desk, visit, engine, "featured.tsv", (key,), known=bool(engine.articles([key]) if key else ()))


def _is_target(engine: Engine, name: str) -> bool:
    return bool(name) and (bool(engine.articles([name])) or engine.document(name) is not None)


def _row(desk: Desk, visit: Visit, engine: Engine, table: str, row: tuple[str, ...], *, known: bool) -> Response:
    tables, away = desk.settings.tables, request.form.get("bo") == "1"
    if tables is None or not tables.is_dir():
        return _overview(desk, visit, engine, "admin.tables", 400)
    if not known and not away:
        return _overview(desk, visit, engine, "admin.target", 400)
    if away:
        place = amending.dropped(tables, table, row)
    else:
        place = amending.added(tables, table, row, desk.settings.replace)
    desk.journal.write("row taken away" if away else "row added", file=str(place), row=list(row), client=client())
    return _overview(desk, visit, engine, "admin.row")
