"""A keyring in a file, for a machine where nobody is signed in at a desktop. Only for tests: it hides nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend

FILE = "TEST_KEYRING_FILE"  # the variable that names the file


class FileKeyring(KeyringBackend):
    """Keeps passwords in the file that the environment names."""

    priority = 1  # type: ignore[assignment]

    def _all(self) -> dict[str, str]:
        file = Path(os.environ[FILE])
        return dict(json.loads(file.read_text())) if file.exists() else {}

    def get_password(self, service: str, username: str) -> str | None:
        return self._all().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        Path(os.environ[FILE]).write_text(json.dumps({**self._all(), f"{service}/{username}": password}))
