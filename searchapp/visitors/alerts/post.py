"""The road of a mail: SMTP or sendmail; what surely did not arrive is told apart from what may have."""

from __future__ import annotations

import smtplib
import ssl
import subprocess
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from typing import Final

from searchapp.config import AlertSettings

_SECONDS: Final = 20.0
_OK: Final = 250
_GO_ON: Final = 354


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
