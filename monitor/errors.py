"""Every failure that the product expects, each with its remedy.

A message and its remedy are written in English with ``{named}`` gaps and translated where they are shown,
so that a failure raised deep inside needs to know no language. They never hold an address, a subject or
a word of a mail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a message that is translated by itself and put into a gap of it."""

    text: str
    details: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.in_words(lambda text: text)

    def in_words(self, translate: Callable[[str], str]) -> str:
        """Return the phrase in the language that ``translate`` translates into."""
        return _filled(translate(self.text), self.details, translate)


def _filled(text: str, details: dict[str, object], translate: Callable[[str], str]) -> str:
    if not details:
        return text

    def told(value: object) -> object:
        if isinstance(value, Phrase):
            return value.in_words(translate)
        return "; ".join(str(told(one)) for one in value) if isinstance(value, tuple) else value

    return text.format(**{name: told(value) for name, value in details.items()})


class ClientMonitorError(Exception):
    """A failure to be shown as one line with its remedy, without a traceback.

    Among the details, a Phrase or a tuple of them is translated where the failure is shown.
    """

    exit_code = 1

    def __init__(self, message: str, remedy: str = "", **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.details = details

    def __str__(self) -> str:
        return " ".join(part for part in self.in_words(lambda text: text) if part)

    def phrases(self) -> tuple[Phrase, ...]:
        """Return message and remedy, where there is one, to be kept and translated later."""
        return tuple(Phrase(text, self.details) for text in (self.message, self.remedy) if text)

    def in_words(self, translate: Callable[[str], str]) -> tuple[str, str]:
        """Return message and remedy in the language that ``translate`` translates into; the remedy may be empty."""
        return (
            _filled(translate(self.message), self.details, translate),
            _filled(translate(self.remedy), self.details, translate) if self.remedy else "",
        )


class UsageError(ClientMonitorError):
    """The command line asks for something that does not exist."""

    exit_code = 2


class ConfigurationError(ClientMonitorError):
    """The configuration, or a secret it relies on, is missing or wrong."""

    exit_code = 78


class CredentialError(ConfigurationError):
    """The password is not to be had from the keyring."""


class SignInExpired(CredentialError):
    """The mail provider wants a person to sign in again."""


class SignInUnavailable(ClientMonitorError):
    """The mail provider's sign-in service gives no access at present; another try may succeed."""


class MailboxError(ClientMonitorError):
    """The mailbox cannot be read at present; another try may succeed."""


class LoginRefused(MailboxError):
    """The server does not accept user and password."""


class CertificateNotTrusted(MailboxError):
    """The server shows a certificate that this machine does not trust."""


class FolderMissing(MailboxError):
    """A folder that must be read is not there."""


class OutboxError(ClientMonitorError):
    """The digest cannot be handed over at present; it is kept and tried again."""


class SendingRefused(OutboxError):
    """The server does not accept user and password for sending."""


class StoreError(ClientMonitorError):
    """The store cannot be opened or written."""


class StoreFull(StoreError):
    """The disk has no room; nothing was written."""


class StoreBroken(StoreError):
    """The store file is damaged or is no store."""


class StoreNewer(StoreError):
    """A newer program has written this store."""


class AlreadyRunning(ClientMonitorError):
    """Another process works on this store."""


class ModelError(ClientMonitorError):
    """No model can be had."""


class UnreadableMessage(ClientMonitorError):
    """One message cannot be read; it is quarantined and the round goes on."""
