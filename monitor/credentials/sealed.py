"""Secrets on a server: files that only this machine's systemd can open (systemd-creds(1))."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from monitor.errors import CredentialError
from monitor.private_file import replace_file

FOLDER = Path("/etc/client-monitor")
SECONDS = 60


def sealed_file(purpose: str) -> Path:
    """Return where the sealed secret of a connection lies; ``purpose`` is ``imap`` or ``smtp``."""
    return FOLDER / f"client-monitor.{purpose}.cred"


def can_seal() -> bool:
    """Whether this process may seal secrets: it needs an administrator and systemd."""
    return os.geteuid() == 0 and shutil.which("systemd-creds") is not None


def seal(purpose: str, secret: str) -> None:
    """Seal a secret with this machine's key, and keep it. Raises CredentialError."""
    sealed = _systemd_creds("encrypt", purpose, "-", secret)
    try:
        replace_file(sealed_file(purpose), sealed)
    except OSError as error:
        raise CredentialError(
            "{path} cannot be written: {reason}.",
            "Check the rights of its folder and the room on its disk.",
            path=str(sealed_file(purpose)),
            reason=os.strerror(error.errno or 0),
        ) from error


def unseal(purpose: str) -> str | None:
    """Return a sealed secret to an administrator; None where there is none, or it may not be opened."""
    if not can_seal() or not sealed_file(purpose).is_file():
        return None
    return _systemd_creds("decrypt", purpose, str(sealed_file(purpose)), "")


def _systemd_creds(act: str, purpose: str, source: str, handed_over: str) -> str:
    # The secret goes through a pipe: arguments can be seen by others.
    done = subprocess.run(
        ["systemd-creds", act, "--quiet", f"--name=client-monitor.{purpose}", source, "-"],
        input=handed_over.encode(),
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise CredentialError(
            "systemd cannot seal or open the password for {purpose}.",
            "Check /var/lib/systemd and its rights, then run: client-monitor setup",
            purpose=purpose.upper(),
        )
    return done.stdout.decode()
