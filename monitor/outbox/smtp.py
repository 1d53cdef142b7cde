"""Hand a letter to the coach's own mail server. The only import of smtplib."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import BinaryIO, Literal

from monitor.errors import OutboxError, SendingRefused

MAX_ANSWER = 256 * 1024  # bytes; what a server can do takes some hundred


@dataclass(frozen=True, slots=True)
class OutboxAccess:
    """Where letters go. An empty ``user`` means no login; ``security`` ``none`` is for loopback alone.

    With ``auth`` ``oauth2`` the secret is an access token, handed over as XOAUTH2.
    """

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    user: str
    sender: str
    recipient: str
    timeout: float = 60.0
    auth: Literal["password", "oauth2"] = "password"


def send(access: OutboxAccess, secret: str, letter: bytes) -> None:
    """Hand one letter over; raises OutboxError if the server did not take it.

    The certificate is verified, and STARTTLS never falls back to plain text. The letter goes out byte for byte.
    """
    options = ["SMTPUTF8"] if not f"{access.sender}{access.recipient}".isascii() else []
    if not letter.isascii():
        options.append("BODY=8BITMIME")
    with _in_our_words(access.host), _session(access) as server:
        _sign_in(server, access, secret)
        server.sendmail(access.sender, [access.recipient], letter, options)


def check(access: OutboxAccess, secret: str) -> None:
    """Sign in and leave again; raises OutboxError if that fails."""
    with _in_our_words(access.host), _session(access) as server:
        _sign_in(server, access, secret)
        server.noop()


def _sign_in(server: smtplib.SMTP, access: OutboxAccess, secret: str) -> None:
    if not access.user:
        return
    if access.auth == "password":
        server.login(access.user, secret)
        return
    # After a refusal the server explains itself and waits for an empty answer: the token goes out only once.
    words = iter([f"user={access.user}\x01auth=Bearer {secret}\x01\x01"])
    server.auth("XOAUTH2", lambda _challenge=None: next(words, ""))


class _Reply:
    """The reading side of a connection: one answer of the server after the other, each within a bound."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._heard = 0

    def begin(self) -> None:
        """Wait for another answer."""
        self._heard = 0

    def readline(self, most: int = -1) -> bytes:
        """Return the next line. Raises OSError where the answer goes on and on."""
        line = self._file.readline(most)
        self._heard += len(line)
        if self._heard > MAX_ANSWER:
            raise OSError("answer too long")
        return line

    def close(self) -> None:
        """Close the connection's file."""
        self._file.close()


class _Bounded:
    """Goes before a connection class of smtplib, which reads an answer for as long as its lines go on."""

    file: _Reply | None
    sock: socket.socket

    def getreply(self) -> tuple[int, bytes]:
        """Return code and text of the next answer."""
        if self.file is None:
            self.file = _Reply(self.sock.makefile("rb"))
        self.file.begin()
        return super().getreply()  # type: ignore[misc,no-any-return]


class _InTheClear(_Bounded, smtplib.SMTP):  # type: ignore[misc]
    pass


class _OverTLS(_Bounded, smtplib.SMTP_SSL):  # type: ignore[misc]
    pass


@contextmanager
def _session(access: OutboxAccess) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context()
    if access.security == "tls":
        server: smtplib.SMTP = _OverTLS(access.host, access.port, timeout=access.timeout, context=context)
    else:
        server = _InTheClear(access.host, access.port, timeout=access.timeout)
    try:
        server.ehlo()
        if access.security == "starttls":
            if not server.has_extn("starttls"):
                raise OutboxError(
                    "{host} offers no encryption on this port.",
                    'Check outbox.port, or set outbox.security to "tls".',
                    host=access.host,
                )
            server.starttls(context=context)
            server.ehlo()
        yield server
        # The letter was taken; how the server says goodbye does not matter. Its answer is not waited for: until the
        # caller has noted that the letter is out, a power cut would have it sent again.
        with suppress(smtplib.SMTPException, OSError):
            server.putcmd("quit")
    finally:
        server.close()


@contextmanager
def _in_our_words(host: str) -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise SendingRefused(
            "{host} does not accept user and password for sending.",
            "Many providers want an app password; see: client-monitor setup",
            host=host,
        ) from error
    except smtplib.SMTPRecipientsRefused as error:
        raise OutboxError(
            "{host} does not accept the recipient of the digest.", "Check outbox.recipient.", host=host
        ) from error
    except smtplib.SMTPSenderRefused as error:
        raise OutboxError(
            "{host} does not accept the sender of the digest.", "Check outbox.sender.", host=host
        ) from error
    except smtplib.SMTPNotSupportedError as error:
        raise OutboxError(
            "{host} offers no login on this port.", "Check outbox.port and outbox.security.", host=host
        ) from error
    except smtplib.SMTPException as error:
        raise OutboxError(
            "{host} did not take the digest ({kind}).",
            "It is kept and tried again.",
            host=host,
            kind=type(error).__name__,
        ) from error
    except ssl.SSLCertVerificationError as error:
        raise OutboxError(
            "The certificate of {host} is not trusted.",
            "Check outbox.host; for a server of your own, name its authority in SSL_CERT_FILE.",
            host=host,
        ) from error
    except OSError as error:
        raise OutboxError(
            "{host} cannot be reached for sending.", "The digest is kept and tried again.", host=host
        ) from error
