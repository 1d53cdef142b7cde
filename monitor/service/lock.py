"""One process at a time watches a mailbox, and one sends its digest."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.errors import AlreadyRunning, StoreError


@contextmanager
def only_one(folder: Path, work: str = "lock") -> Iterator[None]:
    """Hold the lock of a state folder; another ``work`` has a lock of its own.

    Raises AlreadyRunning if another process holds it, and StoreError if the folder cannot be used. The kernel lets go
    of it when the process ends, however it ends.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(folder / work, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(
            "The state folder {path} cannot be used: {reason}.",
            "Check its rights and the room on its disk.",
            path=str(folder),
            reason=os.strerror(error.errno or 0),
        ) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(
                "Another client-monitor is already at work on this mailbox.",
                "Wait until it is done, or stop it first: systemctl stop client-monitor",
            ) from error
        yield
    finally:
        os.close(descriptor)
