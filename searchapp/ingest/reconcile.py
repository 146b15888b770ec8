"""Reconcile the results of a run: parts become entries of the ledger, and one of several copies is served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from searchapp.article import FEED, FILE
from searchapp.dates import day_at
from searchapp.engine import Build, Engine
from searchapp.errors import IndexProblemError
from searchapp.ingest import ledger
from searchapp.ingest.analysis import streams_of
from searchapp.ingest.changes import Pending
from searchapp.ingest.deduplicate import LIVE, NOWHERE, Found, Owners, Place, Row
from searchapp.ingest.files import Root
from searchapp.ingest.ledger import Entry, Ledger
from searchapp.ingest.worker import OPEN, Part
from searchapp.readers.items import Bad
from searchapp.report import Origin, Origins
from searchapp.text.normalize import fold, normalize


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The state that the index shall have. gone: keys that the base serves no more; dead: segment → keys that another
    serves.

    late: articles whose id belongs to another one; new to unchanged: articles, by their content alone; copies: how many
    were found too often; origins: their places.
    """

    ledger: Ledger
    segments: tuple[str, ...]
    gone: tuple[str, ...]
    dead: dict[str, tuple[str, ...]]
    late: tuple[Bad, ...]
    articles: int
    new: int
    changed: int
    removed: int
    unchanged: int
    copies: int
    origins: Origins

    def without(self, rejected: Mapping[str, str]) -> Outcome:
        """Return the same outcome without the articles that the engine refused. rejected: key → reason."""
        for (_, name), entry in self.ledger.entries.items():
            refused = [row for row in entry.rows if row.where != NOWHERE and _hexadecimal(row.key) in rejected]
            entry.problems += [Bad(name, row.row, rejected[_hexadecimal(row.key)]) for row in refused]
            entry.rows = [row for row in entry.rows if row not in refused]
        changed = sum(key in rejected for key in self.gone)
        return replace(
            self,
            ledger=replace(self.ledger, _owners=None),
            articles=self.articles - len(rejected),
            changed=self.changed - changed,
            new=self.new - (len(rejected) - changed),
        )


class Harvest:
    """A collection of the parts of a run, in any order."""

    def __init__(self, roots: Sequence[Root], kept: Iterable[Entry]) -> None:
        self._roots = roots
        self._entries: dict[Place, Entry] = {(entry.file.root, entry.file.name): entry for entry in kept}
        self._pending: Sequence[Pending] = ()
        self._fresh: list[Entry] = []
        self._written: list[list[int]] = []
        self._segments: list[str] = []
        self._whole: Ledger | None = None
        self.read = 0
        self.held = 0

    def expect(self, pending: Sequence[Pending]) -> list[Entry]:
        """Begin with these files; return their entries, still empty."""
        self._pending, self._whole = pending, None
        self._fresh = [Entry(one.file, 0) for one in pending]
        self._entries.update({(one.file.root, one.file.name): e for one, e in zip(pending, self._fresh, strict=True)})
        self.read += len(pending)
        return self._fresh

    def take(self, segment: str, parts: Iterable[Part]) -> None:
        """Enter parts whose OPEN rows are in `segment`."""
        place = len(self._segments)
        written: list[int] = []
        for part in parts:
            entry, known = self._fresh[part.number], self._pending[part.number].known
            entry.problems += part.problems
            if part.digest is not None:
                entry.digest = part.digest
                entry.file = entry.file._replace(mtime=part.mtime)
            for row in part.rows:
                if row.where == OPEN:
                    written.append(row.key)
                entry.rows.append(
                    row._replace(where={OPEN: place, LIVE: known.get(row.key, row).where}.get(row.where, NOWHERE))
                )
        if segment:
            self._segments.append(segment)
            self._written.append(written)

    def keep_from_before(self) -> None:
        """Serve the old articles where a passing fault kept a file from being read. The next run
        reads the file again.
        """
        for entry, pending in zip(self._fresh, self._pending, strict=True):
            if not any(isinstance(problem, Bad) and problem.passing for problem in entry.problems):
                continue
            there = {row.key for row in entry.rows}
            held = [row for key, row in pending.known.items() if key not in there]
            entry.rows += held
            entry.file, entry.digest = entry.file._replace(mtime=0), 0
            self.held += len(held)

    def missed(self, before: Ledger, lost: Iterable[Entry]) -> dict[Place, list[Row]]:
        """Return the served articles of files that a fault kept from being read, where everything is read anew.

        lost: entries of files that the walk could not come to.
        """
        places = [(entry.file.root, entry.file.name) for entry in lost]
        for place, entry in self._entries.items():
            if any(isinstance(problem, Bad) and problem.passing for problem in entry.problems):
                places.append(place)
        old = {place: before.entries[place] for place in places if place in before.entries}
        there = {place: {row.key for row in self._entries[place].rows} for place in old if place in self._entries}
        found = {
            place: [row for row in entry.rows if row.where == LIVE and row.key not in there.get(place, ())]
            for place, entry in old.items()
        }
        return {place: rows for place, rows in found.items() if rows}

    def hold(self, segment: str, rows: Mapping[Place, Sequence[Row]], before: Ledger) -> None:
        """Serve these articles from a segment with what the generation before had; the next run reads them again."""
        number, fresh, self._whole = len(self._segments), set(map(id, self._fresh)), None
        self._segments.append(segment)
        self._written.append([row.key for found in rows.values() for row in found])
        for place, found in rows.items():
            file = before.entries[place].file._replace(mtime=0)
            entry = self._entries.setdefault(place, Entry(file, 0))
            entry.file, entry.digest = file, 0
            # No digest: rules may have changed since they were analysed.
            entry.rows += [row._replace(where=number, digest=0) for row in found]
            if id(entry) not in fresh:
                self._fresh.append(entry)
            self.held += len(found)

    def unserved(self) -> list[Pending]:
        """Return the files to read again: their article counts now, because the former owner of its id is gone."""
        self._whole = self._ledger()
        first = self._whole.owners().first
        places = {place for place, row in first.values() if row.where == NOWHERE}
        return [
            Pending(entry.file, {row.key: row for row in entry.rows if row.where != NOWHERE})
            for place, entry in self._entries.items()
            if place in places
        ]

    def outcome(self, before: Ledger, recipe: str, *, based: bool) -> Outcome:
        """Return the result; before: the ledger of the last run; based: whether its segments go on."""
        now = self._whole or self._ledger()
        now.recipe = recipe
        decided = now.owners()
        first = decided.first
        serving = {key: row for key, (_, row) in first.items() if row.where != NOWHERE}
        old = before.live()
        dead = {
            segment: tuple(map(_hexadecimal, (key for key in keys if _where(serving, key) != number)))
            for number, (segment, keys) in enumerate(zip(self._segments, self._written, strict=True))
        }
        return Outcome(
            ledger=now,
            segments=tuple(self._segments),
            gone=tuple(_hexadecimal(key) for key in old if based and _where(serving, key) != LIVE),
            dead={segment: keys for segment, keys in dead.items() if keys},
            late=tuple(_late(*found, served[0]) for found, served in decided.late),
            articles=len(serving),
            new=sum(key not in old for key in serving),
            changed=sum(old.get(key, row.digest) != row.digest for key, row in serving.items()),
            removed=sum(key not in serving for key in old),
            unchanged=sum(old.get(key) == row.digest for key, row in serving.items()),
            copies=sum(map(len, decided.copies.values())),
            origins=_origins(decided, now),
        )

    def _ledger(self) -> Ledger:
        for entry in self._fresh:
            entry.rows.sort()
        return Ledger("", list(self._roots), ledger.ordered(self._roots, self._entries.values()))


def _where(serving: dict[int, Row], key: int) -> int:
    return serving[key].where if key in serving else NOWHERE


def _origins(decided: Owners, ledger: Ledger) -> Origins:
    """Return every place of the articles that have several."""
    places = {
        key: tuple(dict.fromkeys(_origin(found, ledger) for found in (decided.first[key], *copies)))
        for key, copies in decided.copies.items()
    }
    return {_hexadecimal(key): kept for key, found in places.items() if len(kept := _newest(found)) > 1}


def _origin(found: Found, ledger: Ledger) -> Origin:
    place, row = found
    path = ledger.entries[place].file.shown
    if row.rank in (FILE, FEED):
        return Origin("file" if row.rank == FILE else "feed", path)
    return Origin("page", path, day_at(row.rank).isoformat())


def _newest(origins: Sequence[Origin]) -> tuple[Origin, ...]:
    """Return origins without earlier captures of the same page."""
    last = max((origin.seen for origin in origins), default="")
    pages = [origin for origin in origins if origin.kind == "page" and origin.seen == last][:1]
    return tuple(origin for origin in origins if origin.kind != "page" or origin in pages)


def _hexadecimal(key: int) -> str:
    return f"{key:012x}"


def _late(place: Place, row: Row, first: Place) -> Bad:
    if place[1] != first[1] and normalize(place[1]) == normalize(first[1]):
        reason = f"the same name as {first[1]} in another Unicode form, which counts: rename one"
        return Bad(place[1], row.row, reason, code="twice")
    return Bad(place[1], row.row, f"same id as an article of {first[1]}, which counts", code="twice")


_PORTION: Final = 2_000
"""Articles of one portion."""


def hold(harvest: Harvest, before: Ledger, lost: Iterable[Entry], build: Build, engine: Engine) -> None:
    """Take over the articles of unreadable files from the generation before.

    engine: answers from that generation. The articles stay as they were analysed.
    """
    missed = harvest.missed(before, lost)
    for rows in _portions(missed):
        keys = [f"{row.key:012x}" for found in rows.values() for row in found]
        try:
            there = {article.key: article for article in engine.articles(keys)}
        except IndexProblemError:
            return
        writer = build.new_writer()
        for article in there.values():
            titled = not fold(article.text).startswith(fold(article.title.rstrip("…")))
            writer.add(article, *streams_of(article, titled))
        kept = {place: [row for row in found if f"{row.key:012x}" in there] for place, found in rows.items()}
        harvest.hold(writer.finish(), kept, before)


def _portions(missed: Mapping[Place, list[Row]]) -> Iterator[dict[Place, list[Row]]]:
    portion: dict[Place, list[Row]] = {}
    count = 0
    for place, rows in missed.items():
        for start in range(0, len(rows), _PORTION):
            portion[place] = portion.get(place, []) + rows[start : start + _PORTION]
            count += len(portion[place])
            if count >= _PORTION:
                yield portion
                portion, count = {}, 0
    if portion:
        yield portion
