"""The cluster as this folder sees it: single requests, bulk writes, and its faults.

A fault becomes an error of ours: one line with the next step.
"""

from __future__ import annotations

import base64
import logging
import re
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as NoConnectionError
from opensearchpy.exceptions import ConnectionTimeout, SSLError, TransportError
from opensearchpy.helpers import streaming_bulk

from searchapp.config import OpenSearchSettings
from searchapp.errors import BusyIndexError, CorruptIndexError, EngineUnavailableError, IndexProblemError, NoIndexError

PATIENCE: Final = 60.0
"""Seconds for one request of a builder; copying shards takes longer and gets more."""
_FIRST_WAIT: Final = 0.05
_LONGEST_WAIT: Final = 5.0
_LEAST: Final = 0.2
"""The fewest seconds of any request, whatever earlier requests have lost."""
_SHARD_WAIT: Final = "5s"
"""The time for which the cluster waits for a lost shard before it refuses a write. Its own default is 1m. With our
repetitions a build would hang for minutes before it gives up.
"""
_CHUNK: Final = 500
_CHUNK_BYTES: Final = 8 << 20
_DEAD: Final = 2
"""Seconds for which a silent node is left alone."""

Action = dict[str, Any]

# The client's warnings would stand beside our own line.
logging.getLogger("opensearch").addHandler(logging.NullHandler())

_BUSY: Final = (429, 500, 502, 503, 504)
"""Statuses after which one of many writes is done again."""
_PASSING: Final = (429, 502, 503, 504)
_FLOOD: Final = re.compile("flood.stage")
"""A part of the reason when a disk is so full that OpenSearch lets nobody write."""

_DEPARTED: Final = re.compile("node_disconnected|node_not_connected|node_closed|search_context_missing")
"""A part of the reason, at any status, when a node left during a search: its copies answer the next one."""

_BLOCKS: Final = {"5": "read_only", "7": "read", "8": "write", "9": "metadata", "12": "read_only_allow_delete"}
"""OpenSearch's number of each block of an index → the name in the setting that lifts it."""


class Cluster:
    """The cluster, safe to share between threads. Every method raises EngineUnavailableError and its kin, each with one
    line.
    """

    def __init__(self, settings: OpenSearchSettings, *, seconds: float = PATIENCE) -> None:
        """seconds: for one request with all its repetitions."""
        self._settings = settings
        self._seconds = seconds
        self._visit = threading.local()
        secure = any(urlsplit(host).scheme == "https" for host in settings.hosts)
        self._client = OpenSearch(
            list(settings.hosts),
            headers=_credentials(settings) if settings.user else None,
            ssl_context=_trust(settings.ca_certs) if secure else None,
            http_compress=True,
            max_retries=0,  # `request` repeats within its time
            retry_on_timeout=True,
            retry_on_status=(),
            dead_timeout=_DEAD,
            pool_maxsize=32,
        )

    @property
    def hosts(self) -> str:
        """Return the hosts of the settings."""
        return ",".join(self._settings.hosts)

    def begin(self) -> None:
        """Begin a visit in this thread: all its requests together may lose no more time to silent nodes than one."""
        self._visit.lost = 0.0

    def request(self, method: str, path: str, body: Any = None, *, seconds: float = 0.0, **params: Any) -> Any:
        """Do a request and return its JSON, on another node when one does not answer."""
        seconds = max((seconds or self._seconds) - getattr(self._visit, "lost", 0.0), _LEAST)
        end, wait = time.monotonic() + seconds, _FIRST_WAIT
        tries = 2 * len(self._settings.hosts)
        while True:
            start = time.monotonic()
            left = max(end - start, 0.01)
            tries -= 1
            try:
                # The first node gets half of the time, so that a hanging node leaves some for another.
                limit = left if tries == 0 else max(left / 2, 0.01)
                return self._client.transport.perform_request(method, path, params=params, body=body, timeout=limit)
            except TransportError as error:
                if hasattr(self._visit, "lost"):
                    self._visit.lost += time.monotonic() - start
                if tries <= 0 or not self._may_pass(error) or time.monotonic() + wait >= end:
                    raise _told(error, self._settings) from None
            time.sleep(wait)
            wait *= 2

    def bulk(self, actions: Iterable[Action]) -> Iterator[tuple[str, str]]:
        """Do many writes, each of which may be done twice without harm; yield id and reason of refused writes.

        A refusal concerns the write itself. A write that a busy or restarting node could not take is sent again before
        any other. Raises EngineUnavailableError when repetitions fail for the time of one request, and at once where no
        repetition helps: a block, missing rights.
        """
        for chunk in _chunks(actions):
            pending, wait = chunk, _FIRST_WAIT
            end = time.monotonic() + self._seconds
            while pending:
                failed: list[Action] = []
                for action, status, reason in self._send(pending):
                    if status in _BUSY and not _FLOOD.search(reason):
                        failed.append(action)
                        why = TransportError(status, "busy", {"error": f"{len(failed)} writes failed: {reason}"})
                    elif status == 400:
                        yield str(action["_id"]), reason
                    elif not (action["_op_type"] == "delete" and status == 404):
                        raise _told(TransportError(status, "refused", {"error": reason}), self._settings)
                if failed and time.monotonic() + wait >= end:
                    raise _told(why, self._settings)
                if failed:
                    time.sleep(wait)
                    wait = min(2 * wait, _LONGEST_WAIT)
                pending = failed

    def _send(self, chunk: list[Action]) -> Iterator[tuple[Action, int, str]]:
        """Yield failed actions, with status and reason; a chunk that no node took comes back as a whole."""
        try:
            outcomes = streaming_bulk(
                self._client, chunk, chunk_size=_CHUNK, max_chunk_bytes=_CHUNK_BYTES, raise_on_error=False,
                request_timeout=self._seconds, timeout=_SHARD_WAIT,
            )  # fmt: skip
            sent = {str(action["_id"]): action for action in chunk}  # outcomes come in an order of their own
            for done, item in outcomes:
                if not done:
                    (said,) = item.values()
                    yield sent[said["_id"]], int(said["status"]), _reason(said)
        except TransportError as error:
            if not self._may_pass(error):
                raise _told(error, self._settings) from None
            for action in chunk:
                yield action, 503, str(_told(error, self._settings))

    def _may_pass(self, error: TransportError) -> bool:
        """Tell whether a repetition may help: a wrong name or certificate may concern only one of several hosts."""
        return _transient(error) or (len(self._settings.hosts) > 1 and _of_a_host(error))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _credentials(settings: OpenSearchSettings) -> dict[str, str]:
    """Return user and password for each request; the client itself knows only those in Latin-1."""
    plain = f"{settings.user}:{settings.password}".encode()
    return {"authorization": f"Basic {base64.b64encode(plain).decode()}"}


def _trust(ca_certs: str) -> ssl.SSLContext:
    """Return which certificates pass: of this authority, or of those that the system trusts. Raises
    EngineUnavailableError.
    """
    try:
        return ssl.create_default_context(cafile=ca_certs or None)
    except OSError as error:  # also a file that is no certificate
        raise EngineUnavailableError(f"ca_certs in [opensearch]: {ca_certs} gives no certificate ({error})") from None


def _chunks(actions: Iterable[Action]) -> Iterator[list[Action]]:
    chunk: list[Action] = []
    for action in actions:
        chunk.append(action)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _reason(said: Action) -> str:
    error = said.get("error") or said.get("result", "")
    if not isinstance(error, dict):
        return str(error)
    cause = error.get("caused_by", {})
    return ": ".join(filter(None, (str(error.get("reason", "")), str(cause.get("reason", "")))))


_GENERATION: Final = r"-(?P<generation>\d{6,9}-[0-9a-f]{6})"


def live(cluster: Cluster, name: str) -> str:
    """Return the index that answers. Raises NoIndexError."""
    index = live_or_none(cluster, name)
    if not index:
        raise NoIndexError(f"nothing has been indexed in OpenSearch as {name!r} yet: run 'searchapp reindex'")
    return index


def live_or_none(cluster: Cluster, name: str) -> str:
    """Return the index that answers, "" when there is none."""
    try:
        found: dict[str, object] = cluster.request("GET", f"/{name}/_alias/{name}", local="true")
    except NoIndexError:
        return ""
    return max(found, default="")


def switch(cluster: Cluster, name: str, index: str, before: str = "") -> None:
    """Make an index the live one, whole or not at all.

    before: the live index of now, "" for none. Raises BusyIndexError when another one was published meanwhile.
    """
    actions: list[dict[str, dict[str, object]]] = [{"add": {"index": index, "alias": name}}]
    if before and before != index:
        actions.insert(0, {"remove": {"index": before, "alias": name, "must_exist": True}})
    try:
        cluster.request("POST", "/_aliases", {"actions": actions})
    except NoIndexError:
        raise BusyIndexError(f"another reindex of {name!r} was published meanwhile: run it again") from None


def generations(cluster: Cluster, name: str, **said: str) -> dict[str, str]:
    """Map the name of each generation to its index, newest first; said: facts that each must state ("origin",
    "source").
    """
    pattern = re.compile(re.escape(name) + _GENERATION)
    answer = cluster.request("GET", f"/{name}-*/_mapping", ignore_unavailable="true", allow_no_indices="true")
    found = {}
    for index in sorted(answer, reverse=True):
        meta = answer[index]["mappings"].get("_meta", {})
        match = pattern.fullmatch(index)
        if match and all(meta.get(key) == value for key, value in said.items()):
            found[match["generation"]] = index
    return found


def _transient(error: TransportError) -> bool:
    """Tell whether the same request may succeed a moment later or on another node."""
    if _of_a_host(error):
        return False
    return isinstance(error, NoConnectionError) or error.status_code in _PASSING or _departed(error)


def _of_a_host(error: TransportError) -> bool:
    """Tell whether one host contradicts the settings, by its name or its certificate."""
    return isinstance(error, SSLError) or _unknown_host(error)


def _told(error: TransportError, settings: OpenSearchSettings) -> IndexProblemError:
    """Return the error as one line."""
    hosts = ", ".join(settings.hosts)
    if isinstance(error, NoConnectionError):
        return EngineUnavailableError(_unreachable(error, hosts, settings))
    status, reason = error.status_code, _reason_told(error)
    if _FLOOD.search(reason):
        return EngineUnavailableError(
            "OpenSearch has made the index read-only because a disk is almost full (flood stage): free space on its "
            "nodes or add one, then run the command again"
        )
    match status:
        case 401:
            who = f"user {settings.user!r}" if settings.user else "requests without a user"
            return EngineUnavailableError(
                f"OpenSearch at {hosts} refuses {who}: check user in [opensearch] and SEARCHAPP_OPENSEARCH_PASSWORD"
            )
        case 403 if "read-only" in reason or "blocked" in reason:
            return EngineUnavailableError(f"the index is read-only in OpenSearch ({reason}): {_lifting(reason)}")
        case 403:
            return EngineUnavailableError(
                f"user {settings.user!r} may not do this in OpenSearch ({reason}): give it the role in "
                f"docs/scale.md, for {settings.name} and {settings.name}-*"
            )
        case 404 if "index" in reason or "alias" in reason:
            return NoIndexError(f"OpenSearch at {hosts} has no such index ({reason}): run 'searchapp reindex'")
        case 400 if "invalid_alias_name" in reason:
            return EngineUnavailableError(f"an index is called {settings.name}: set another name in [opensearch]")
        case 429:
            return EngineUnavailableError(
                f"OpenSearch is too busy ({reason}): try again later, with fewer requests at a time or more nodes"
            )
        case _ if status in (502, 503, 504) or _departed(error):
            return EngineUnavailableError(
                f"OpenSearch cannot answer now ({reason}): see GET {settings.hosts[0]}/_cluster/health"
            )
    if "strict_dynamic_mapping" in reason or "mapper_parsing" in reason:
        return CorruptIndexError(f"the index has a mapping that is not ours ({reason}): run 'searchapp reindex --full'")
    return EngineUnavailableError(f"OpenSearch refuses a request ({status}: {reason}): see the log of its nodes")


def _lifting(reason: str) -> str:
    """Return how to remove the block that a refusal names by its number."""
    found = re.search(r"index \[([^\]]+)\].*?/(\d+)/", reason)
    if not found or found[2] not in _BLOCKS:
        return "remove the block; see GET /_cluster/settings and GET /<index>/_settings"
    return f'remove the block with PUT /{found[1]}/_settings {{"index.blocks.{_BLOCKS[found[2]]}": null}}'


def _unreachable(error: NoConnectionError, hosts: str, settings: OpenSearchSettings) -> str:
    if isinstance(error, SSLError) or "certificate" in str(error.info).lower():
        return (
            f"the certificate of {hosts} is not trusted ({_short(error)}): give the file of its authority as ca_certs "
            "in [opensearch], and the host by the name in its certificate"
        )
    if _unknown_host(error):
        return f"no such host among {hosts}: check hosts in [opensearch]"
    if isinstance(error, ConnectionTimeout):
        return f"OpenSearch at {hosts} does not answer in time: see GET {settings.hosts[0]}/_cluster/health"
    return f"no OpenSearch answers at {hosts} ({_short(error)}): start it, or check hosts in [opensearch]"


def _unknown_host(error: TransportError) -> bool:
    said = str(error.info)
    return any(sign in said for sign in ("NameResolutionError", "Name or service not known", "getaddrinfo"))


def _departed(error: TransportError) -> bool:
    return bool(_DEPARTED.match(_reason_told(error)))


def _short(error: NoConnectionError) -> str:
    said = str(error.info).rpartition(": ")[2].strip("()' ")
    innermost = re.split(r"[(,] ?'", said)[-1]  # of errors within errors
    return re.sub(r"^\[Errno -?\d+\] ", "", innermost) or type(error).__name__


def _reason_told(error: TransportError) -> str:
    """Return the innermost words of an answer, at most 300 characters."""
    info: Any = error.info
    said = info.get("error", "") if isinstance(info, dict) else ""
    if isinstance(said, dict):
        causes = [cause for cause in said.get("root_cause", ()) if isinstance(cause, dict)] or [said]
        kind, reason = causes[0].get("type", said.get("type", "")), causes[0].get("reason") or said.get("reason", "")
        return f"{kind}: {reason}"[:300]
    return str(said or error.error)[:300]
