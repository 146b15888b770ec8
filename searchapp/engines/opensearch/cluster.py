"""The cluster as this folder sees it: a call for a request, a call for many writes, and errors that say what to do."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from opensearchpy import OpenSearch
from opensearchpy.exceptions import TransportError
from opensearchpy.helpers import streaming_bulk

from searchapp.config import OpenSearchSettings
from searchapp.engines.opensearch.problems import FLOOD, told, transient

PATIENCE: Final = 60.0
"""Seconds for one request of those who build; a force merge takes longer and asks for more."""
_FIRST_WAIT: Final = 0.05
_LONGEST_WAIT: Final = 5.0
_SHARD_WAIT: Final = "5s"
"""How long the cluster itself waits for a lost shard to come back before it refuses a write; its own default is 1m,
which with our repetitions would let a build hang for minutes before it gives up."""
_CHUNK: Final = 500
_CHUNK_BYTES: Final = 8 << 20
_DEAD: Final = 2
"""Seconds for which a node that did not answer is left alone."""

Action = dict[str, Any]

# Its warnings would stand beside our own line.
logging.getLogger("opensearch").addHandler(logging.NullHandler())


class Cluster:
    """Safe to share between threads. Every method raises EngineUnavailableError and its kin, each with one line."""

    def __init__(self, settings: OpenSearchSettings, *, seconds: float = PATIENCE) -> None:
        """seconds: for one request with all its repetitions."""
        self._settings = settings
        self._seconds = seconds
        secure = any(urlsplit(host).scheme == "https" for host in settings.hosts)
        tls: Any = {"use_ssl": True, "verify_certs": True, "ca_certs": settings.ca_certs or None} if secure else {}
        self._client = OpenSearch(
            list(settings.hosts),
            http_auth=(settings.user, settings.password) if settings.user else None,
            http_compress=True,
            max_retries=0,  # `request` repeats within its time
            retry_on_timeout=True,
            retry_on_status=(),
            dead_timeout=_DEAD,
            maxsize=32,
            **tls,
        )

    def request(self, method: str, path: str, body: Any = None, *, seconds: float = 0.0, **params: Any) -> Any:
        """Do a request and return its JSON, on another node when one does not answer."""
        seconds = seconds or self._seconds
        end, wait = time.monotonic() + seconds, _FIRST_WAIT
        tries = 2 * len(self._settings.hosts)
        while True:
            left = max(end - time.monotonic(), 0.01)
            tries -= 1
            try:
                # Half of the time for the first node, so that a hanging one leaves some for another.
                limit = left if tries == 0 else max(left / 2, 0.01)
                return self._client.transport.perform_request(method, path, params=params, body=body, timeout=limit)
            except TransportError as error:
                if tries <= 0 or not transient(error) or time.monotonic() + wait >= end:
                    raise told(error, self._settings) from None
            time.sleep(wait)
            wait *= 2

    def bulk(self, actions: Iterable[Action]) -> Iterator[tuple[str, str]]:
        """Do many writes, each of which may be done twice without harm; yields id and reason of those that are refused.

        What a busy or restarting node could not take is sent again before anything else is; raises
        EngineUnavailableError when that was in vain for as long as one request may take.
        """
        for chunk in _chunks(actions):
            pending, wait = chunk, _FIRST_WAIT
            end = time.monotonic() + self._seconds
            while pending:
                failed: list[Action] = []
                for action, status, reason in self._send(pending):
                    if FLOOD.search(reason):
                        raise told(TransportError(status, reason), self._settings)
                    if status in (429, 500, 502, 503, 504):
                        failed.append(action)
                    elif not (action["_op_type"] == "delete" and status == 404):
                        yield str(action["_id"]), reason
                if failed and time.monotonic() + wait >= end:
                    said = {"error": {"reason": f"{len(failed)} writes failed"}}
                    raise told(TransportError(503, "unavailable", said), self._settings)
                if failed:
                    time.sleep(wait)
                    wait = min(2 * wait, _LONGEST_WAIT)
                pending = failed

    def _send(self, chunk: list[Action]) -> Iterator[tuple[Action, int, str]]:
        """Actions that failed, with status and reason; a chunk that no node took comes back as a whole."""
        try:
            outcomes = streaming_bulk(
                self._client, chunk, chunk_size=_CHUNK, max_chunk_bytes=_CHUNK_BYTES, raise_on_error=False,
                max_retries=5, initial_backoff=1, request_timeout=self._seconds, timeout=_SHARD_WAIT,
            )  # fmt: skip
            sent = {str(action["_id"]): action for action in chunk}  # outcomes come in an order of their own
            for done, item in outcomes:
                if not done:
                    (said,) = item.values()
                    yield sent[said["_id"]], int(said["status"]), _reason(said)
        except TransportError as error:
            if not transient(error):
                raise told(error, self._settings) from None
            for action in chunk:
                yield action, 503, str(error)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


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
