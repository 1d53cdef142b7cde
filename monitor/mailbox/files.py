"""Find the mails of exported mailboxes: ``.eml`` files, mbox files, Maildirs, and folders of them.

They are handed on in one piece; what they hold is read behind the limits of the reader.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from monitor.bounds import LIMITS, Bound
from monitor.errors import UnreadableMessage, UsageError
from monitor.mailbox.raw_message import WholeMail

MAX_MESSAGE = LIMITS[Bound.MESSAGE]
MAX_LINE = 1_048_576  # bytes of an mbox line that are read at a time
BATCH = 200  # mails that are handed on together, as far as
MAX_LOAD = 32 * 1024 * 1024  # bytes allow; a larger mail is one alone


@dataclass(frozen=True, slots=True)
class FoundMessage:
    """A message of a file. ``source`` names it for people: the path, with ``#number`` inside an mbox.

    ``raw`` is the error that kept the message from being read, where it could not be.
    """

    source: str
    raw: WholeMail | UnreadableMessage


def messages_in(paths: list[Path]) -> Iterator[FoundMessage]:
    """Yield every message below the paths, files in the order of their names.

    A single file that cannot be opened is yielded with its error; a path that does not exist is a UsageError.
    """
    for path in paths:
        if not path.exists():
            raise UsageError("There is no file or folder {path}.", "Check the path.", path=str(path))
    for path in paths:
        yield from _below(path)


def batches(found: Iterable[FoundMessage]) -> Iterator[list[FoundMessage]]:
    """Cut messages into runs of at most BATCH messages and MAX_LOAD bytes; a larger message is one alone."""
    batch: list[FoundMessage] = []
    size = 0
    for message in found:
        more = len(message.raw.data) if isinstance(message.raw, WholeMail) else 0
        if batch and (len(batch) == BATCH or size + more > MAX_LOAD):
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += more
    if batch:
        yield batch


def _below(path: Path) -> Iterator[FoundMessage]:
    if path.is_dir():
        for entry in _entries(path):
            if entry.is_dir():
                if entry.name != "tmp" or not _is_maildir(path):
                    yield from _below(entry)
            elif entry.is_file() and _may_be_mail(entry):
                yield from _in_file(entry)
    else:
        yield from _in_file(path)


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(entry for entry in folder.iterdir() if not entry.is_symlink() or entry.is_file())
    except OSError:
        return []


def _is_maildir(folder: Path) -> bool:
    return (folder / "cur").is_dir() and (folder / "new").is_dir()


def _may_be_mail(file: Path) -> bool:
    """Files of a Maildir have no ending of their own; elsewhere only what is known to hold mail."""
    if file.parent.name in ("cur", "new") and _is_maildir(file.parent.parent):
        return True
    if file.suffix.lower() in (".eml", ".mbox", ".mbx", ".msg", ".mail"):
        return True
    return file.suffix == "" and _begins_like_mbox(file)


def _begins_like_mbox(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(5) == b"From "
    except OSError:
        return False


def _in_file(file: Path) -> Iterator[FoundMessage]:
    try:
        if file.suffix.lower() != ".eml" and _begins_like_mbox(file):
            for number, data in enumerate(_mbox_messages(file), 1):
                yield FoundMessage(f"{file}#{number}", WholeMail(data))
            return
        with file.open("rb") as opened:
            data = opened.read(MAX_MESSAGE)
        if data.startswith(b"From "):
            data = data.partition(b"\n")[2]
        if not data.strip():
            yield FoundMessage(str(file), UnreadableMessage("The file is empty."))
            return
        yield FoundMessage(str(file), WholeMail(data))
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown reason"
        yield FoundMessage(str(file), UnreadableMessage("The file cannot be read: {reason}.", reason=reason))


def _mbox_messages(file: Path) -> Iterator[bytes]:
    """Yield the messages of an mbox; a message begins at "From " after an empty line (mboxo and mboxrd)."""
    with file.open("rb") as opened:
        lines: list[bytes] = []
        size = 0
        blank = True
        begun = False
        while line := opened.readline(MAX_LINE):
            if blank and line.startswith(b"From "):
                if begun:
                    yield b"".join(lines)
                lines, size, begun, blank = [], 0, True, False
                continue
            blank = line in (b"\n", b"\r\n")
            if size < MAX_MESSAGE:
                if line.startswith(b">") and line.lstrip(b">").startswith(b"From "):
                    line = line[1:]
                lines.append(line)
                size += len(line)
        if begun:
            yield b"".join(lines)
