"""Ask the keyring for the secrets of mailbox and outbox."""

from __future__ import annotations

from monitor.errors import CredentialError

SERVICE = "client-monitor"


def secret_for(purpose: str, user: str) -> str:
    """Return the secret of a connection; ``purpose`` is ``imap`` or ``smtp``.

    Raises CredentialError with the remedy if there is no keyring, it is locked, or it holds no such secret.
    """
    import keyring  # looks for its backends when imported, so only where a secret is needed
    from keyring.errors import InitError, KeyringError, KeyringLocked, NoKeyringError

    service = f"{SERVICE}.{purpose}"
    try:
        secret = keyring.get_password(service, user)
    except NoKeyringError as error:
        raise CredentialError(
            "This machine has no keyring to take the password from.",
            "Under systemd, hand it over with LoadCredentialEncrypted={service}:…; on a desktop, install and unlock "
            "a keyring such as GNOME Keyring or KWallet. Passwords are never kept in plain files.",
            service=service,
        ) from error
    except (KeyringLocked, InitError) as error:
        raise CredentialError("The keyring is locked.", "Unlock it, then start again.") from error
    except (KeyringError, RuntimeError) as error:
        raise CredentialError(
            "The keyring cannot be used ({kind}).",
            "Check it with: keyring diagnose",
            kind=type(error).__name__,
        ) from error
    if not secret:
        raise CredentialError(
            "The keyring holds no password for {purpose} yet.",
            "Store it with: keyring set {service} USER (the user of the configuration), or run: client-monitor setup. "
            "Under systemd, hand it over with LoadCredentialEncrypted={service}:…",
            purpose=purpose.upper(),
            service=service,
        )
    return secret
