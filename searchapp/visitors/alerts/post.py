"""The roads of a message: mails by SMTP or sendmail, and signed webhooks (Standard Webhooks).

What surely did not arrive is told apart from what may have. A webhook goes to a vetted address only, never along a
redirect.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import smtplib
import ssl
import subprocess
import time
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from typing import Any, Final

import httpcore

from searchapp.config import AlertSettings
from searchapp.crawl.fetch import RefusedAddressError, Road

_SECONDS: Final = 20.0
_OK: Final = 250
_GO_ON: Final = 354

_AGENT: Final = "searchapp-alerts"
_REFUSED: Final = 410
"""The receiver says that it wants no more."""


class NotSentError(Exception):
    """The mail surely did not arrive. down: the server cannot be used now; gone: the address does not exist."""

    def __init__(self, reason: str, *, down: bool = False, gone: bool = False) -> None:
        super().__init__(reason)
        self.down, self.gone = down, gone


class UnsureError(Exception):
    """The mail was handed over, and no answer came: it may have arrived."""


class Post:
    """Sends mails one by one over one connection, made when the first is sent and again when it was lost."""

    def __init__(self, settings: AlertSettings, seconds: float = _SECONDS) -> None:
        self._settings, self._seconds = settings, seconds
        self._server: smtplib.SMTP | None = None

    def send(self, mail: EmailMessage, to: str, take: Callable[[], bool]) -> None:
        """Send a mail to one address. take: called before the first moment at which it may arrive; False stops it.

        Raises NotSentError, UnsureError.
        """
        # A long address stands on the line of its name: mailboxes look for it there.
        data = mail.as_bytes(policy=WIRE).replace(b"\r\nList-Unsubscribe:\r\n <", b"\r\nList-Unsubscribe: <", 1)
        if self._settings.sendmail:
            self._by_program(data, to, take)
        else:
            self._by_server(data, to, take)

    def close(self) -> None:
        """Say good-bye to the server."""
        server, self._server = self._server, None
        if server is not None:
            try:
                server.quit()
            except (smtplib.SMTPException, OSError):
                server.close()

    def _by_server(self, data: bytes, to: str, take: Callable[[], bool]) -> None:
        server = self._envelope(to)
        try:
            code, said = server.docmd("DATA")
            if code != _GO_ON:
                raise smtplib.SMTPDataError(code, said)
            # The server cannot take a mail without its last dot: up to here, and while it is written, nothing arrives.
            if not take():
                self._drop()
                raise NotSentError("another run sends it")
            server.send(_quoted(data) + b".\r\n")
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise NotSentError(_said(error), down=_is_down(error)) from None
        try:
            code, said = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise UnsureError(_said(error)) from None
        if code != _OK:
            raise NotSentError(_text(code, said), down=code == 421)

    def _envelope(self, to: str) -> smtplib.SMTP:
        """A connection on which sender and recipient are accepted."""
        try:
            server = self._server or self._connected()
            try:
                code, said = server.mail(self._settings.sender_address)
            except (smtplib.SMTPServerDisconnected, OSError):  # it was idle too long
                self._drop()
                server = self._connected()
                code, said = server.mail(self._settings.sender_address)
            if code != _OK:
                server.rset()
                raise NotSentError(_text(code, said), down=True)
            code, said = server.rcpt(to)
            if code not in (_OK, 251):
                server.rset()
                raise NotSentError(_text(code, said), down=code == 421, gone=code in (550, 551, 553))
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise NotSentError(_said(error), down=True) from None
        return server

    def _connected(self) -> smtplib.SMTP:
        host, _, port = self._settings.smtp.rpartition(":")
        context = ssl.create_default_context()
        kind = self._settings.tls
        if kind == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, int(port), timeout=self._seconds, context=context)
        else:
            server = smtplib.SMTP(host, int(port), timeout=self._seconds)
        self._server = server
        if kind == "starttls":
            server.starttls(context=context)
        server.ehlo_or_helo_if_needed()
        if self._settings.user:
            server.login(self._settings.user, self._settings.password)
        return server

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _by_program(self, data: bytes, to: str, take: Callable[[], bool]) -> None:
        if not take():
            raise NotSentError("another run sends it")
        command = [self._settings.sendmail, "-i", "-f", self._settings.sender_address, "--", to]
        try:
            done = subprocess.run(command, input=data, capture_output=True, timeout=self._seconds, check=False)
        except subprocess.TimeoutExpired:
            raise UnsureError("sendmail did not end") from None
        except OSError as error:
            raise NotSentError(f"{self._settings.sendmail}: {error.strerror}", down=True) from None
        if done.returncode:
            raise NotSentError(f"sendmail ended with {done.returncode}", down=done.returncode == 75)


def _quoted(data: bytes) -> bytes:
    """A mail as DATA takes it: a dot that begins a line is doubled (RFC 5321, 4.5.2)."""
    lines = data if data.endswith(b"\r\n") else data + b"\r\n"
    return (b"\r\n" + lines).replace(b"\r\n.", b"\r\n..")[2:]


def _is_down(error: Exception) -> bool:
    return not isinstance(error, smtplib.SMTPResponseException) or error.smtp_code == 421


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _text(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__


def _text(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(words.split())}"[:200]


def hook_key(secret: bytes, target: str) -> bytes:
    """The key that signs for one receiver; it knows its own alone."""
    return hmac.new(secret, target.encode(), hashlib.sha256).digest()


def shown_hook_key(key: bytes) -> str:
    """A key as receivers write it down: "whsec_…"."""
    return f"whsec_{base64.b64encode(key).decode()}"


def signature(key: bytes, ident: str, moment: int, body: bytes) -> str:
    """What `webhook-signature` says of a body (https://www.standardwebhooks.com)."""
    signed = hmac.new(key, f"{ident}.{moment}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


class Hooks:
    """Sends bodies. private: hosts that may be in a private network."""

    def __init__(self, private: frozenset[str], road: Road | None = None) -> None:
        self._road = road or Road(private)
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(), max_connections=1, max_keepalive_connections=0,
            network_backend=self._road,
        )  # fmt: skip

    def send(self, url: str, key: bytes, ident: str, said: Mapping[str, Any], take: Callable[[], bool]) -> None:
        """Send what is said; only an answer of 2xx counts as taken. Raises NotSentError, UnsureError.

        take: called before the first moment at which it may arrive; False stops it.
        """
        body, moment = json.dumps(said, ensure_ascii=False).encode(), int(time.time())
        headers = [
            ("User-Agent", _AGENT), ("Content-Type", "application/json"), ("webhook-id", ident),
            ("webhook-timestamp", str(moment)), ("webhook-signature", signature(key, ident, moment, body)),
        ]  # fmt: skip
        if not take():
            raise NotSentError("another run sends it")
        self._road.begin()
        try:
            with self._pool.stream("POST", url, headers=headers, content=body) as response:
                status = response.status  # what it says besides is not read
        except RefusedAddressError as error:
            raise NotSentError(f"{error}: name the host in private_hosts if that is meant") from None
        except (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.UnsupportedProtocol) as error:
            raise NotSentError(str(error) or type(error).__name__) from None
        except (httpcore.TimeoutException, TimeoutError):
            raise UnsureError("no answer in time") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise UnsureError(str(error) or type(error).__name__) from None
        if not 200 <= status < 300:
            redirected = "; redirects are not followed" if 300 <= status < 400 else ""
            raise NotSentError(f"answered {status}{redirected}", gone=status == _REFUSED)

    def close(self) -> None:
        """Let go of the connection."""
        self._pool.close()
