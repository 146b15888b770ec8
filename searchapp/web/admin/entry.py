"""Who may enter, by the operator's token once and a session cookie then; and the journal of what they changed."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from flask import Response, abort, request
from itsdangerous import BadSignature, TimestampSigner

from searchapp.visitors import private

_COOKIE: Final = "searchapp-operator"
PLACE: Final = "/quan-tri"
PROOF: Final = "bang_chung"
"""The field of every form that proves where it comes from."""
_HOURS: Final = 8


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
        """One line: when, what, and the facts."""
        private.folder(self._path.parent)
        line = json.dumps({"time": datetime.now(UTC).isoformat(timespec="seconds"), "did": did, **facts})
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as journal:
            journal.write(line + "\n")

    def last(self, count: int) -> list[dict[str, Any]]:
        """The newest lines, newest first."""
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in reversed(lines[-count:])]
