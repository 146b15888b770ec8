"""Turn a cluster's faults into errors of ours: one line each, with the next step."""

from __future__ import annotations

import re
from typing import Any, Final

from opensearchpy.exceptions import ConnectionError as NoConnectionError
from opensearchpy.exceptions import ConnectionTimeout, SSLError, TransportError

from searchapp.config import OpenSearchSettings
from searchapp.errors import CorruptIndexError, EngineUnavailableError, IndexProblemError, NoIndexError

BUSY: Final = (429, 500, 502, 503, 504)
"""Statuses after which one of many writes is done again."""
_PASSING: Final = (429, 502, 503, 504)
FLOOD: Final = re.compile("flood.stage")
"""A part of the reason when a disk is so full that OpenSearch lets nobody write."""

_DEPARTED: Final = re.compile("node_disconnected|node_not_connected|node_closed|search_context_missing")
"""A part of the reason, at any status, when a node left during a search: its copies answer the next one."""

_BLOCKS: Final = {"5": "read_only", "7": "read", "8": "write", "9": "metadata", "12": "read_only_allow_delete"}
"""OpenSearch's number of each block of an index → the name in the setting that lifts it."""


def transient(error: TransportError) -> bool:
    """Tell whether the same request may succeed a moment later or on another node."""
    if of_a_host(error):
        return False
    return isinstance(error, NoConnectionError) or error.status_code in _PASSING or _departed(error)


def of_a_host(error: TransportError) -> bool:
    """Tell whether one host contradicts the settings, by its name or its certificate."""
    return isinstance(error, SSLError) or _unknown_host(error)


def told(error: TransportError, settings: OpenSearchSettings) -> IndexProblemError:
    """Return the error as one line."""
    hosts = ", ".join(settings.hosts)
    if isinstance(error, NoConnectionError):
        return EngineUnavailableError(_unreachable(error, hosts, settings))
    status, reason = error.status_code, _reason(error)
    if FLOOD.search(reason):
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
    return bool(_DEPARTED.match(_reason(error)))


def _short(error: NoConnectionError) -> str:
    said = str(error.info).rpartition(": ")[2].strip("()' ")
    return re.split(r"[(,] ?'", said)[-1] or type(error).__name__  # the innermost of errors within errors


def _reason(error: TransportError) -> str:
    """Return the innermost words of an answer, at most 300 characters."""
    info: Any = error.info
    said = info.get("error", "") if isinstance(info, dict) else ""
    if isinstance(said, dict):
        causes = [cause for cause in said.get("root_cause", ()) if isinstance(cause, dict)] or [said]
        kind, reason = causes[0].get("type", said.get("type", "")), causes[0].get("reason") or said.get("reason", "")
        return f"{kind}: {reason}"[:300]
    return str(said or error.error)[:300]
