"""Who may enter: the operator's token once, then a session cookie; every form proves that a page of ours made it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

from flask import Response, abort, request
from itsdangerous import BadSignature, TimestampSigner

COOKIE: Final = "searchapp-operator"
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
            return self._signer.unsign(request.cookies.get(COOKIE, ""), max_age=_HOURS * 3600).decode()
        except BadSignature:
            return ""

    def opens(self, said: str) -> bool:
        """Whether this is the token, compared in constant time."""
        return hmac.compare_digest(said.encode("utf-8", "replace"), self._token.encode())

    def begin(self, response: Response, prefix: str) -> Response:
        """Give the browser a session; prefix: below which the site is mounted."""
        signed = self._signer.sign(secrets.token_hex(16)).decode()
        response.set_cookie(
            COOKIE, signed, max_age=_HOURS * 3600, path=prefix + PLACE, secure=request.is_secure, httponly=True,
            samesite="Strict",
        )  # fmt: skip
        return response

    def end(self, response: Response, prefix: str) -> Response:
        """Take the session from the browser."""
        response.delete_cookie(COOKIE, path=prefix + PLACE, secure=request.is_secure, httponly=True, samesite="Strict")
        return response

    def proof(self) -> str:
        """What a form of this session has to say."""
        return hmac.new(self._key, f"form {self.session()}".encode(), hashlib.sha256).hexdigest()

    def require_proof(self) -> None:
        """Answer 400 to a form that no page of this session made."""
        said = request.form.get(PROOF, "")
        if not hmac.compare_digest(said.encode("utf-8", "replace"), self.proof().encode()):
            abort(400)
