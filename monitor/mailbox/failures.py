"""Turn what the IMAP library, TLS and the network raise into the product's own failures, each exactly once.

The library's texts hold what the server said, and servers repeat addresses: they stay in the chained cause
and never get into a message. Of the names around the mailbox only the host is told.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.errors import CertificateNotTrusted, ClientMonitorError, LoginRefused, MailboxError
from monitor.language.marking import N_

# What the library raises on answers that break the protocol, beside its own errors.
MALFORMED = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
)

# Response codes (RFC 5530, RFC 9051) of a server that could not at this moment, whatever it was asked.
# "Too many" connections or attempts come without a code of their own.
_PASSING = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG|THROTTLED|OVERQUOTA)\b|\b[Tt]oo many\b", re.ASCII)
_NO_ENCRYPTION = re.compile(r"\[PRIVACYREQUIRED\b", re.ASCII)
_MALFORMED = N_("{host} gives an answer that cannot be read.")
_LATER = N_("Check the network connection; otherwise try again later.")
_SETTINGS = N_("Check mailbox.host, mailbox.port and mailbox.security in the configuration.")


@contextmanager
def as_ours(host: str) -> Iterator[None]:
    """Raise every failure of library, TLS and network in the block as a MailboxError or a child of it.

    Failures that are ours already pass unchanged.
    """
    try:
        yield
    except ClientMonitorError:
        raise
    except (OSError, imaplib.IMAP4.error, *MALFORMED) as error:
        raise mailbox_error(error, host) from error


def mailbox_error(error: BaseException, host: str) -> MailboxError:
    """Return the failure that a user is to be told for an error of library, TLS or network."""
    kind: type[MailboxError] = MailboxError
    remedy = _LATER
    match error:
        case ssl.SSLCertVerificationError():
            kind = CertificateNotTrusted
            message = N_("{host} shows a certificate that this machine does not trust.")
            remedy = N_(
                "Check mailbox.host; if the server's certificate comes from an authority of its own,"
                " name that authority's file in SSL_CERT_FILE."
            )
        case ssl.SSLError():
            message, remedy = N_("The encrypted connection to {host} fails."), _SETTINGS
        case UnicodeDecodeError():  # comes with an answer; the others with a host name of impossible letters
            message, remedy = _MALFORMED, _SETTINGS
        case socket.gaierror() | UnicodeError():
            message = N_("The mail server {host} is not found.")
            remedy = N_("Check mailbox.host in the configuration and the network connection.")
        case TimeoutError():
            message = N_("{host} does not answer in time.")
        case OSError():
            message = N_("{host} cannot be reached.")
            remedy = N_("Check mailbox.host and mailbox.port in the configuration and the network connection.")
        case imaplib.IMAP4.abort():
            message = N_("{host} has ended the connection.")
        case imaplib.IMAP4.error():
            message, remedy = N_("{host} refuses what it is asked."), N_("Try again later.")
        case _:
            message, remedy = _MALFORMED, _SETTINGS
    return kind(message, remedy, host=host)


def login_error(error: BaseException, host: str) -> MailboxError:
    """Return the failure for an error during login: refused, or a server that could not at this moment."""
    # The library reports a connection lost during login as a refusal, with the true reason as its context.
    lost = error.__context__
    if isinstance(lost, imaplib.IMAP4.abort):
        return mailbox_error(lost, host)
    if not isinstance(error, imaplib.IMAP4.error):
        return mailbox_error(error, host)
    if _NO_ENCRYPTION.search(str(error)):
        return unencrypted_login(host)
    if is_passing(error):
        return MailboxError("{host} accepts no login at present.", "Try again later.", host=host)
    return LoginRefused(
        "{host} does not accept user and password.",
        "Run client-monitor setup; many providers want a password of its own for mail programs.",
        host=host,
    )


def unencrypted_login(host: str) -> MailboxError:
    """Return the failure for a server that allows no login before the connection is encrypted."""
    return MailboxError(
        "{host} allows no login without encryption.",
        'Set mailbox.security to "tls" or "starttls".',
        host=host,
    )


def is_passing(error: BaseException) -> bool:
    """Whether the server says that it is its own trouble and may be over soon."""
    return _PASSING.search(str(error)) is not None
