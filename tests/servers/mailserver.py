"""A private mail server that takes letters: real SMTP on loopback, in TLS, STARTTLS and in the clear.

It keeps what it takes and can be told to misbehave, from the next letter on.
"""

from __future__ import annotations

import asyncio
import base64
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from servers.ports import free_ports

PASSWORD = "nobody-knows-it"
_PATIENCE = 10.0  # seconds


class Conduct(StrEnum):
    """How the server treats a letter."""

    TAKE = "take"
    REFUSE = "refuse"  # 451: not now
    HANG = "hang"  # no answer at all
    DROP = "drop"  # the connection ends before the letter is taken
    FORGET_TO_SAY = "forget to say"  # the letter is taken, and the connection ends before that is said


@dataclass(frozen=True, slots=True)
class Received:
    """A letter as it was taken; ``at`` is on the steady clock."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    at: float


class MailServer:
    """Listens on a loopback ``port`` while in its ``with`` block; everyone signs in with the same ``password``.

    ``letters`` are those that were taken, ``tries`` counts those that were offered. ``authority`` is the file
    with the certificate of its own authority.
    """

    host = "127.0.0.1"

    def __init__(self, folder: Path, security: Literal["tls", "starttls", "none"] = "tls") -> None:
        self.security = security
        self.conduct = Conduct.TAKE
        self.letters: list[Received] = []
        self.tries = 0
        self.password = PASSWORD
        self.accepts_token: Callable[[str], bool] | None = None  # XOAUTH2 is offered where this says what is good
        self.port = free_ports(1)[0]
        self.authority = folder / f"smtp-authority-{self.port}.pem"
        issuer = trustme.CA(key_type=trustme.KeyType.ECDSA)
        issuer.cert_pem.write_to_path(self.authority)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        issuer.issue_cert(self.host, "localhost", key_type=trustme.KeyType.ECDSA).configure_cert(context)
        self._controller = Controller(
            _Handler(self),
            hostname=self.host,
            port=self.port,
            ready_timeout=_PATIENCE,
            ssl_context=context if security == "tls" else None,
            tls_context=context if security == "starttls" else None,
            require_starttls=security == "starttls",
            authenticator=self._authenticated,
            # The library does not count TLS from the start as TLS.
            auth_require_tls=security == "starttls",
        )

    def __enter__(self) -> MailServer:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop(no_assert=True)

    def _authenticated(self, server: Any, session: Any, envelope: Any, mechanism: str, auth_data: Any) -> AuthResult:
        known = isinstance(auth_data, LoginPassword) and auth_data.password == self.password.encode()
        return AuthResult(success=known, handled=False)


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if not session.authenticated:
            return "530 5.7.0 sign in first"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:
        said = base64.b64decode(args[1]).decode() if len(args) > 1 else ""
        token = said.partition("auth=Bearer ")[2].strip("\x01")
        accepts = self._server.accepts_token
        if accepts is not None and accepts(token):
            return AuthResult(success=True)
        await server.challenge_auth(base64.b64encode(b'{"status":"400"}').decode(), encode_to_b64=False)
        return AuthResult(success=False, handled=False)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mine = self._server
        conduct = mine.conduct
        mine.tries += 1
        if conduct is Conduct.HANG:
            await asyncio.Event().wait()
        if conduct is Conduct.REFUSE:
            # Servers like to say whom they mean.
            return f"451 4.3.0 <{envelope.rcpt_tos[0]}>: not now"
        if conduct is not Conduct.DROP:
            letter = Received(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.original_content, time.monotonic())
            mine.letters.append(letter)
        if conduct is not Conduct.TAKE:
            server.transport.abort()
        return "250 taken"
