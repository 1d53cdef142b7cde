"""Ask the keyring for the secrets of mailbox and outbox, and put them there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.credentials.sealed import unseal
from monitor.errors import CredentialError

SERVICE = "client-monitor"


def secret_for(purpose: str, user: str) -> str:
    """Return the secret of a connection; ``purpose`` is ``imap`` or ``smtp``.

    An administrator is also given what is sealed for the service. Raises CredentialError with the remedy if there is
    no keyring, it is locked, or it holds no such secret.
    """
    if os.environ.get("CREDENTIALS_DIRECTORY"):
        # It would be chosen anyhow; named, the keyrings of desktops are not even loaded, ten megabytes of the service.
        os.environ.setdefault("PYTHON_KEYRING_BACKEND", "monitor.credentials.systemd.SystemdCredentials")
    import keyring  # looks for its backends when imported, so only where a secret is needed

    try:
        with _in_our_words(purpose):
            secret = keyring.get_password(f"{SERVICE}.{purpose}", user)
    except CredentialError:
        if sealed := unseal(purpose):
            return sealed
        raise
    secret = secret or unseal(purpose)
    if not secret:
        raise CredentialError(
            "The keyring holds no password for {purpose} yet.",
            "Store it with: keyring set {service} USER (the user of the configuration), or run: client-monitor setup. "
            "Under systemd, hand it over with LoadCredentialEncrypted={service}:…",
            purpose=purpose.upper(),
            service=f"{SERVICE}.{purpose}",
        )
    return secret


def keep_secret(purpose: str, user: str, secret: str) -> None:
    """Put the secret of a connection into the keyring. Raises CredentialError."""
    import keyring

    with _in_our_words(purpose):
        keyring.set_password(f"{SERVICE}.{purpose}", user, secret)


def keyring_name() -> str | None:
    """Return what the keyring of this session is called; None where there is none to keep a secret in."""
    import keyring
    from keyring.backends.fail import Keyring as Nowhere

    try:
        backend = keyring.get_keyring()
    except RuntimeError:
        return None
    return None if isinstance(backend, Nowhere) else str(backend.name)


@contextmanager
def _in_our_words(purpose: str) -> Iterator[None]:
    from keyring.errors import InitError, KeyringError, KeyringLocked, NoKeyringError

    try:
        yield
    except NoKeyringError as error:
        raise CredentialError(
            "This machine has no keyring to take the password from.",
            "Under systemd, hand it over with LoadCredentialEncrypted={service}:…; on a desktop, install and unlock "
            "a keyring such as GNOME Keyring or KWallet. Passwords are never kept in plain files.",
            service=f"{SERVICE}.{purpose}",
        ) from error
    except (KeyringLocked, InitError) as error:
        raise CredentialError("The keyring is locked.", "Unlock it, then start again.") from error
    except (KeyringError, RuntimeError) as error:  # NotImplementedError is one: systemd's credentials are only read
        raise CredentialError(
            "The keyring cannot be used ({kind}).",
            "Check it with: keyring diagnose",
            kind=type(error).__name__,
        ) from error
