"""Where a mailbox is, and how to sign in to it without showing the secret to anyone else."""

from __future__ import annotations

import imaplib
import ipaddress
from dataclasses import dataclass
from typing import Any, Literal

from monitor.errors import ConfigurationError, MailboxError
from monitor.mailbox.failures import MALFORMED, login_error, unencrypted_login

READ_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class MailboxAccess:
    """Where a mailbox is and how to sign in.

    ``security`` is ``tls`` from the start, ``starttls``, or ``none``, which only a loopback host may have.
    ``inbox`` and ``sent`` name folders that are not to be found by themselves. ``timeout`` is the seconds
    that the server may take for each piece of an answer.
    """

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    user: str
    auth: Literal["password", "oauth2"] = "password"
    inbox: str | None = None
    sent: str | None = None
    timeout: float = READ_SECONDS


def require_encryption(access: MailboxAccess) -> None:
    """Raise ConfigurationError where the mail would cross a network in the clear."""
    if access.security == "none" and not _is_loopback(access.host):
        raise ConfigurationError(
            "The connection to {host} would not be encrypted.",
            'Set mailbox.security to "tls" or "starttls".',
            host=access.host,
        )


def start_tls(client: Any, access: MailboxAccess, context: Any) -> None:
    """Encrypt the connection, or raise MailboxError before anything about the user has been said."""
    if not client.has_capability("STARTTLS"):
        raise MailboxError(
            "{host} offers no encryption on this port.",
            'Check mailbox.port, or set mailbox.security to "tls".',
            host=access.host,
        )
    client.starttls(context)
    # What was said in the clear may have come from anyone.
    client._imap.untagged_responses.clear()


def sign_in(client: Any, access: MailboxAccess, secret: str) -> None:
    """Sign in with the password or the OAuth2 access token. Raises LoginRefused or another MailboxError."""
    if access.auth == "password" and client.has_capability("LOGINDISABLED"):
        raise unencrypted_login(access.host)
    try:
        if access.auth == "oauth2":
            _xoauth2(client, access.user, secret)
        elif _is_atom(access.user) and secret.isascii() and secret.isprintable():
            client.login(access.user, secret)
        else:
            # LOGIN carries no umlauts, and the library puts the user into it as it stands.
            client.plain_login(access.user, secret)
    except (OSError, imaplib.IMAP4.error, *MALFORMED) as error:
        raise login_error(error, access.host) from error


def _xoauth2(client: Any, user: str, token: str) -> None:
    # After a refusal the server explains itself and waits for an empty answer: the token goes out only once.
    words = iter([f"user={user}\x01auth=Bearer {token}\x01\x01"])
    client.sasl_login("XOAUTH2", lambda _challenge: next(words, ""))


def _is_atom(word: str) -> bool:
    return bool(word) and all("!" <= letter <= "~" and letter not in '(){%*"\\]' for letter in word)


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
