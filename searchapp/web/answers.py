"""JSON answers, written the same whatever application the site is mounted in."""

from __future__ import annotations

import json

from flask import Response


def as_json(value: object, kind: str = "application/json") -> Response:
    """A value as UTF-8 without blanks, keys in their own order: a host's JSON settings change nothing."""
    return Response(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", mimetype=kind)
