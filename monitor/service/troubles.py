"""What keeps the service from its work at present, for ``status`` and the digest: one small file in the state folder.

A file and not a table, because the store may be what is in trouble. It has its full size from the start and is
written in place, so that it can be written where a disk is full.
"""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.digest.content import Trouble, TroubleKind
from monitor.errors import (
    CertificateNotTrusted,
    ClientMonitorError,
    FolderMissing,
    LoginRefused,
    MailboxError,
    Phrase,
    StoreError,
)

FILE = "trouble.json"
SIZE = 2_048  # bytes

_KINDS: tuple[tuple[type[ClientMonitorError], TroubleKind], ...] = (
    (LoginRefused, TroubleKind.LOGIN),
    (CertificateNotTrusted, TroubleKind.CERTIFICATE),
    (FolderMissing, TroubleKind.FOLDER),
    (MailboxError, TroubleKind.SERVER),
    (StoreError, TroubleKind.STORE),
)

log = logging.getLogger(__name__)


class Troubles:
    """The trouble of a service, kept in its state folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._known = present(folder)
        if not self._file.exists():
            self._write({})

    def note(self, error: ClientMonitorError) -> None:
        """Keep what is wrong, and since when it has been so."""
        kind = next((kind for family, kind in _KINDS if isinstance(error, family)), TroubleKind.OTHER)
        reason = error.phrases()
        if self._known is not None and (self._known.kind, self._known.reason) == (kind, reason):
            return
        since = self._known.since if self._known else datetime.now(UTC)
        self._known = Trouble(kind, reason, since)
        told = {"kind": kind, "reason": [_as_json(each) for each in reason], "since": since.isoformat()}
        # Too long to be written in place, it is told by its kind alone.
        self._write(told if len(_encoded(told)) <= SIZE else {**told, "reason": []})

    def over(self) -> None:
        """Keep that everything is well."""
        if self._known is not None:
            self._known = None
            self._write({})

    def _write(self, told: dict[str, Any]) -> None:
        data = _encoded(told).ljust(SIZE)
        try:
            descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.write(descriptor, data)
            finally:
                os.close(descriptor)
        except OSError as error:
            log.warning("trouble not kept", extra={"fields": {"reason": os.strerror(error.errno or 0)}})


def present(folder: Path) -> Trouble | None:
    """Return what is wrong at present; None if nothing is, or nothing is known."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads((folder / FILE).read_bytes())
        reason = tuple(_phrase(each) for each in told["reason"])
        return Trouble(TroubleKind(told["kind"]), reason, datetime.fromisoformat(told["since"]))
    return None


def _encoded(told: dict[str, Any]) -> bytes:
    return json.dumps(told).encode()


def _as_json(value: object) -> Any:
    """Return a phrase, or a detail of one, as JSON: it is translated only where it is shown."""
    if isinstance(value, Phrase):
        return {"text": value.text, "details": {name: _as_json(each) for name, each in value.details.items()}}
    if isinstance(value, tuple):
        return [_as_json(each) for each in value]
    return value if isinstance(value, int) else str(value)


def _phrase(told: dict[str, Any]) -> Phrase:
    return Phrase(str(told["text"]), {name: _detail(each) for name, each in told["details"].items()})


def _detail(told: Any) -> object:
    if isinstance(told, list):
        return tuple(_detail(each) for each in told)
    return _phrase(told) if isinstance(told, dict) else told
