"""A keyring backend for services: secrets out of systemd's ``$CREDENTIALS_DIRECTORY``.

Imported by keyring in every program of its environment, so it stands on nothing but keyring itself.
Files are named ``SERVICE.USER`` or ``SERVICE``, characters outside ``A-Za-z0-9._@+-`` written as ``_``
(systemd.exec(5), LoadCredential=).
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from keyring import credentials
from keyring.backend import KeyringBackend
from keyring.compat import properties
from keyring.errors import KeyringLocked

_NO_NAME = re.compile(r"[^A-Za-z0-9._@+-]")


class SystemdCredentials(KeyringBackend):
    """Reads the credentials that systemd hands to a service; they cannot be written from here."""

    @properties.classproperty
    def priority(cls) -> float:
        """Above every desktop keyring where systemd hands out credentials, not viable elsewhere."""
        if not os.environ.get("CREDENTIALS_DIRECTORY"):
            raise RuntimeError("systemd hands no credentials to this process")
        return 9

    def get_password(self, service: str, username: str) -> str | None:
        """Return the secret without its last line end; None if systemd hands out none of that name."""
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        if not folder:
            return None
        for name in (f"{service}.{username}", service):
            file = Path(folder) / _NO_NAME.sub("_", name)
            try:
                return file.read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
            except FileNotFoundError:
                continue
            except PermissionError as error:
                raise KeyringLocked(f"systemd's credential {file.name} may not be read by this user") from error
        return None

    def get_credential(self, service: str, username: str | None) -> credentials.Credential | None:
        """Return user and secret together, as keyring asks for them."""
        if username is None:
            return None
        password = self.get_password(service, username)
        return None if password is None else credentials.SimpleCredential(username, password)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Only read here: by this error keyring's chain of backends knows that it has to ask the next one."""
        raise NotImplementedError("systemd credentials are written with systemd-creds")

    def delete_password(self, service: str, username: str) -> None:
        """Only read here: by this error keyring's chain of backends knows that it has to ask the next one."""
        raise NotImplementedError("systemd credentials are removed by removing their file")
