"""One process at a time watches a mailbox."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.errors import AlreadyRunning


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the lock of a state folder; raises AlreadyRunning if another process holds it.

    The kernel lets go of it when the process ends, however it ends.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(
                "Another client-monitor is already at work on this mailbox.",
                "Stop it first: systemctl stop client-monitor",
            ) from error
        yield
    finally:
        os.close(descriptor)
