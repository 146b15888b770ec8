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
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from threading import Event, Thread
from typing import Any, Final

import httpcore

from searchapp.config import AlertSettings
from searchapp.crawl.fetch import Answer, RefusedAddressError, Road, in_words
from searchapp.crawl.politeness import retry_after
from searchapp.text.urls import sent_url

_SECONDS: Final = 60.0  # for one answer of a mail server: some wait on purpose, some look for viruses
_WHOLE_SECONDS: Final = 120.0  # for one mail, however slowly the answers come
_AGAIN: Final = 0.5
_READY: Final = 220
_OK: Final = 250
_WELCOME: Final = 235
_GO_ON: Final = 354

_AGENT: Final = "searchapp-alerts"
_REFUSED: Final = 410
"""The receiver says that it wants no more."""


class NotSentError(Exception):
    """The mail surely did not arrive.

    down: the server cannot be used now; gone: the address does not exist; tried: the server had begun to take it; wait:
    seconds for which it wants to be left alone.
    """

    def __init__(
        self, reason: str, *, down: bool = False, gone: bool = False, tried: bool = False, wait: float = 0
    ) -> None:
        super().__init__(reason)
        self.down, self.gone, self.tried, self.wait = down, gone, tried, wait


class TakenError(Exception):
    """Nothing was sent: another run sends it, or its reader left meanwhile."""


class UnsureError(Exception):
    """The mail was handed over, and no answer came: it may have arrived."""


class Post:
    """Sends mails one by one over one connection, made when the first is sent and again when it was lost."""

    def __init__(self, settings: AlertSettings, seconds: float = _SECONDS, whole: float = _WHOLE_SECONDS) -> None:
        """seconds: for one answer; whole: for one mail."""
        self._settings, self._seconds, self._whole = settings, seconds, whole
        self._server: smtplib.SMTP | None = None
        self._used = False

    def send(self, mail: EmailMessage, to: str, take: Callable[[], bool]) -> None:
        """Send a mail to one address. take: called before the first moment at which it may arrive; False stops it.

        Raises NotSentError, UnsureError, TakenError.
        """
        # A long address stands on the line of its name: mailboxes look for it there.
        data = mail.as_bytes(policy=WIRE).replace(b"\r\nList-Unsubscribe:\r\n <", b"\r\nList-Unsubscribe: <", 1)
        if self._settings.sendmail:
            self._by_program(data, to, take)
        else:
            with self._bounded():
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
                raise TakenError
            server.send(_quoted(data) + b".\r\n")
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise NotSentError(_said(error), down=_is_down(error), tried=True) from None
        except BaseException:
            self._drop()  # a good-bye would be a line of the mail
            raise
        try:
            code, said = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise UnsureError(_said(error)) from None
        self._used = True
        if not 200 <= code < 600:
            self._drop()
            raise UnsureError(_text(code, said))
        if code >= 300:
            raise NotSentError(_text(code, said), down=code == 421, tried=True)

    def _envelope(self, to: str) -> smtplib.SMTP:
        """A connection on which sender and recipient are accepted."""
        try:
            server, code, said = self._begun()
            if code != _OK:
                self._reset()
                raise NotSentError(_text(code, said), down=True)
            code, said = server.rcpt(to)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise NotSentError(_said(error), down=True) from None
        if code not in (_OK, 251):
            self._reset()
            raise NotSentError(_text(code, said), down=code == 421, gone=code in (550, 551, 553))
        return server

    def _begun(self) -> tuple[smtplib.SMTP, int, bytes]:
        """A connection, and its answer to the sender of a mail; a used one that takes no more is replaced once."""
        used, server = self._used, self._server or self._connected()
        try:
            code, said = server.mail(self._settings.sender_address)
        except (smtplib.SMTPServerDisconnected, OSError):  # it was idle too long
            code, said, used = 0, b"", True
        if code == _OK or not used:
            return server, code, said
        self._drop()
        server = self._connected()
        return server, *server.mail(self._settings.sender_address)

    def _reset(self) -> None:
        """Begin another mail on the same connection; a server may hang up after it refused one."""
        try:
            if self._server is not None:
                self._server.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _connected(self) -> smtplib.SMTP:
        host, _, port = self._settings.smtp.rpartition(":")
        host = host.strip("[]")  # of an address of IPv6
        context = ssl.create_default_context()
        kind = self._settings.tls
        server = smtplib.SMTP(timeout=self._seconds)
        if kind == "tls":
            server = smtplib.SMTP_SSL(timeout=self._seconds, context=context)
        # The name that TLS verifies. A constructor that is told it would connect where no time limit reaches.
        vars(server)["_host"] = host
        self._server, self._used = server, False
        code, said = server.connect(host, int(port))
        if code != _READY:
            raise smtplib.SMTPConnectError(code, said)
        if kind == "starttls":
            server.starttls(context=context)
        server.ehlo_or_helo_if_needed()
        self._log_in(server)
        return server

    def _log_in(self, server: smtplib.SMTP) -> None:
        user, password = self._settings.user, self._settings.password
        if not user:
            return
        if f"{user}{password}".isascii():
            server.login(user, password)
            return
        told = base64.b64encode(f"\0{user}\0{password}".encode()).decode()  # RFC 4616; smtplib knows ASCII alone
        code, said = server.docmd("AUTH", f"PLAIN {told}")
        if code != _WELCOME:
            raise smtplib.SMTPAuthenticationError(code, said)

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        """Hang up when the time of a mail is over: a server may send a letter a second, or lines without end."""
        done = Event()
        Thread(target=self._hang_up_unless, args=(done,), daemon=True).start()
        try:
            yield
        finally:
            done.set()

    def _hang_up_unless(self, done: Event) -> None:
        wait = self._whole
        while not done.wait(wait):
            wait = _AGAIN  # the mail may have begun anew on another connection
            line = self._server.sock if self._server is not None else None
            with suppress(OSError):
                if line is not None:
                    line.shutdown(socket.SHUT_RDWR)

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _by_program(self, data: bytes, to: str, take: Callable[[], bool]) -> None:
        if not take():
            raise TakenError
        command = [self._settings.sendmail, "-i", "-f", self._settings.sender_address, "--", to]
        try:
            # In a session of its own: Ctrl-C ends a round behind the mail on its way.
            done = subprocess.run(
                command, input=data, capture_output=True, timeout=self._seconds, check=False, start_new_session=True
            )
        except subprocess.TimeoutExpired:
            raise UnsureError("sendmail did not end") from None
        except OSError as error:
            raise NotSentError(f"{self._settings.sendmail}: {error.strerror}", down=True) from None
        if done.returncode < 0:
            raise UnsureError("sendmail was stopped")
        if done.returncode:
            down = done.returncode == 75
            raise NotSentError(f"sendmail ended with {done.returncode}", down=down, tried=not down)


def _quoted(data: bytes) -> bytes:
    """A mail as DATA takes it: a dot that begins a line is doubled (RFC 5321, 4.5.2)."""
    lines = data if data.endswith(b"\r\n") else data + b"\r\n"
    return (b"\r\n" + lines).replace(b"\r\n.", b"\r\n..")[2:]


def _is_down(error: Exception) -> bool:
    return not isinstance(error, smtplib.SMTPResponseException) or error.smtp_code == 421


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _text(error.smtp_code, error.smtp_error)
    return in_words(error)


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
        """Send what is said; only an answer of 2xx counts as taken. Raises NotSentError, UnsureError, TakenError.

        take: called before the first moment at which it may arrive; False stops it.
        """
        body, moment = json.dumps(said, ensure_ascii=False).encode(), int(time.time())
        headers = [
            ("User-Agent", _AGENT), ("Content-Type", "application/json"), ("webhook-id", ident),
            ("webhook-timestamp", str(moment)), ("webhook-signature", signature(key, ident, moment, body)),
        ]  # fmt: skip
        if not take():
            raise TakenError
        self._road.begin()
        try:
            with self._pool.stream("POST", sent_url(url), headers=headers, content=body) as response:
                status, said_besides = response.status, response.headers  # the body is not read
        except RefusedAddressError as error:
            raise NotSentError(f"{error}: name the host in private_hosts if that is meant") from None
        except (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.UnsupportedProtocol) as error:
            raise NotSentError(in_words(error)) from None
        except (httpcore.TimeoutException, TimeoutError):
            raise UnsureError("no answer in time") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise UnsureError(in_words(error)) from None
        if not 200 <= status < 300:
            redirected = "; redirects are not followed" if 300 <= status < 400 else ""
            wait = _wait(url, status, said_besides)
            raise NotSentError(f"answered {status}{redirected}", gone=status == _REFUSED, wait=wait)

    def close(self) -> None:
        """Let go of the connection."""
        self._pool.close()


def _wait(url: str, status: int, headers: Iterable[tuple[bytes, bytes]]) -> float:
    """Return the seconds of Retry-After, 0 without one."""
    told = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
    answer = Answer(url, status, "", told, b"", b"")
    return retry_after(answer, time.time(), 0) if answer.header("retry-after") else 0.0
