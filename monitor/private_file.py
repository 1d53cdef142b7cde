"""Files that their owner alone may read, replaced as a whole: a crash leaves the old one or the new one."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def replace_file(path: Path, text: str) -> None:
    """Write a file of mode 0600 in one step; its folder is made where it is missing (0700). Raises OSError.

    What an administrator writes into the folder of a service's own user belongs to that user.
    """
    make_folder(path.parent)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(descriptor, "w", encoding="utf-8") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
            _give_to_owner_of_folder(opened.fileno(), path.parent)
        Path(draft).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(draft).unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def open_private(path: Path, flags: int = os.O_RDWR | os.O_CREAT) -> int:
    """Open or create a file of mode 0600 that belongs to the owner of its folder; return its descriptor."""
    make_folder(path.parent)
    descriptor = os.open(path, flags | os.O_CLOEXEC, 0o600)
    _give_to_owner_of_folder(descriptor, path.parent)
    return descriptor


def make_folder(folder: Path) -> None:
    """Make a folder for its owner alone, where it is missing."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _give_to_owner_of_folder(descriptor: int, folder: Path) -> None:
    if os.geteuid() == 0:
        owner = folder.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
