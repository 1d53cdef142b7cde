"""Every failure that the product expects, each with its remedy.

A message and its remedy are written in English with ``{named}`` gaps and translated where they are shown,
so that a failure raised deep inside needs to know no language. They never hold an address, a subject or
a word of a mail.
"""

from __future__ import annotations


class ClientMonitorError(Exception):
    """A failure to be shown as one line with its remedy, without a traceback."""

    exit_code = 1

    def __init__(self, message: str, remedy: str = "", **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.details = details

    def __str__(self) -> str:
        text = f"{self.message} {self.remedy}".strip()
        return text.format(**self.details) if self.details else text


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
