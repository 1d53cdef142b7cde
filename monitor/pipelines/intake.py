"""Intake: mailbox → message → classification → store."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from monitor.errors import UnreadableMessage
from monitor.facts import Fact
from monitor.mailbox.answers import Unfetched
from monitor.mailbox.files import FoundMessage
from monitor.mailbox.folders import Folder
from monitor.mailbox.raw_message import FolderState, Place, RawMessage
from monitor.reader.outcomes import Answer, Filed, Outcome, Understood, Unreadable
from monitor.store.fact_store import Cursor, Quarantined

BATCH = 200  # messages that are kept, or lost and read again, together

log = logging.getLogger(__name__)


class Mailbox(Protocol):
    """What intake needs of a mailbox."""

    def examine(self, folder: Folder) -> FolderState: ...
    def uids_after(self, last_uid: int) -> list[int]: ...
    def fetch(self, uids: Iterable[int]) -> Iterator[RawMessage | Unfetched]: ...
    def search_correspondent(self, address: str) -> list[int]: ...


class Facts(Protocol):
    """What intake needs of the store."""

    def cursor(self, folder: str) -> Cursor | None: ...
    def record(
        self,
        facts: Sequence[tuple[Fact, str, Place | None]],
        unreadable: Sequence[Quarantined] = (),
        reached: Cursor | None = None,
    ) -> int: ...


class Reader(Protocol):
    """What turns raw messages into outcomes."""

    def understand(self, batches: Iterable[Sequence[Filed]]) -> Iterator[tuple[Sequence[Filed], list[Outcome]]]: ...


@dataclass(slots=True)
class Taken:
    """What a round has taken in: messages looked at, facts that were new, what could not be read.

    ``model_outdated`` says that the model of an earlier program has classified them.
    """

    looked_at: int = 0
    new: int = 0
    unreadable: int = 0
    model_outdated: bool = False

    def add(self, other: Taken) -> None:
        """Count another folder's messages too."""
        self.looked_at += other.looked_at
        self.new += other.new
        self.unreadable += other.unreadable


Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Batch:
    uids: tuple[int, ...]
    filed: list[Filed]
    unfetched: list[Unfetched] = field(default_factory=list)


def take_in(
    folder: Folder,
    mailbox: Mailbox,
    facts: Facts,
    reader: Reader,
    now: Callable[[], datetime],
    *,
    sent: bool = False,
    progress: Progress = lambda done, total: None,
    obey: Callable[[Answer], None] = lambda answer: None,
) -> Taken:
    """Read every message that is new in a folder; return what was taken in.

    Facts and cursor of a batch are kept together, so that a crash neither loses a message nor counts one twice.
    ``obey`` gets each answer to a digest before that; it must know by itself what it has done already.
    A changed UIDVALIDITY means reading the folder again; what is known already is not doubled.
    """
    state = mailbox.examine(folder)
    cursor = facts.cursor(folder.name)
    last_uid = cursor.last_uid if cursor and cursor.uidvalidity == state.uidvalidity else 0
    if cursor and cursor.uidvalidity != state.uidvalidity:
        log.info("folder numbered anew, reading it again", extra={"fields": {"folder": folder.name}})
    uids = mailbox.uids_after(last_uid)
    if not uids:
        facts.record([], [], Cursor(folder.name, state.uidvalidity, last_uid, now()))
        return Taken()
    taken = Taken()
    drawn: list[_Batch] = []

    def batches() -> Iterator[list[Filed]]:
        for start in range(0, len(uids), BATCH):
            batch = _Batch(tuple(uids[start : start + BATCH]), [])
            for item in mailbox.fetch(batch.uids):
                if isinstance(item, Unfetched):
                    batch.unfetched.append(item)
                else:
                    batch.filed.append(Filed(item, folder.name, sent))
            drawn.append(batch)
            yield batch.filed

    for filed, outcomes in reader.understand(batches()):
        batch = drawn.pop(0)
        reached = Cursor(folder.name, state.uidvalidity, batch.uids[-1], now())
        unreadable = [Quarantined(_place_name(item.place), item.reason, now()) for item in batch.unfetched]
        known, lost = sorted_out(filed, outcomes, now())
        for outcome in outcomes:
            if isinstance(outcome, Answer):
                obey(outcome)
        taken.new += facts.record(known, [*unreadable, *lost], reached)
        taken.looked_at += len(batch.uids)
        taken.unreadable += len(unreadable) + len(lost)
        progress(taken.looked_at, len(uids))
    return taken


def look_back(
    addresses: Iterable[str],
    folder: Folder,
    mailbox: Mailbox,
    facts: Facts,
    reader: Reader,
    now: Callable[[], datetime],
) -> Taken:
    """Read again what people wrote before the coach named them clients: their words were not kept then.

    The folder's cursor stays where it is.
    """
    mailbox.examine(folder)
    uids = sorted({uid for address in sorted(addresses) for uid in mailbox.search_correspondent(address)})
    taken = Taken()

    def batches() -> Iterator[list[Filed]]:
        for start in range(0, len(uids), BATCH):
            fetched = mailbox.fetch(uids[start : start + BATCH])
            yield [Filed(item, folder.name) for item in fetched if not isinstance(item, Unfetched)]

    for filed, outcomes in reader.understand(batches()):
        known, _ = sorted_out(filed, outcomes, now())
        facts.record(known)
        taken.looked_at += len(filed)
    return taken


def import_files(
    found: Iterable[FoundMessage],
    facts: Facts,
    reader: Reader,
    now: Callable[[], datetime],
    progress: Callable[[int], None] = lambda done: None,
) -> Taken:
    """Read the messages of exported mailboxes; reading them again changes nothing."""
    taken = Taken()
    unreadable: list[Quarantined] = []

    def batches() -> Iterator[list[Filed]]:
        batch: list[Filed] = []
        for message in found:
            taken.looked_at += 1
            if isinstance(message.raw, UnreadableMessage):
                unreadable.append(Quarantined(_file_name(message.source), str(message.raw), now()))
                continue
            batch.append(Filed(message.raw, "import"))
            if len(batch) == BATCH:
                yield batch
                batch = []
        yield batch

    for filed, outcomes in reader.understand(batches()):
        known, lost = sorted_out(filed, outcomes, now())
        taken.new += facts.record(known, lost)
        taken.unreadable += len(lost)
        progress(taken.looked_at)
    facts.record([], unreadable)
    taken.unreadable += len(unreadable)
    return taken


def sorted_out(
    filed: Sequence[Filed], outcomes: Sequence[Outcome], at: datetime
) -> tuple[list[tuple[Fact, str, Place | None]], list[Quarantined]]:
    """Part outcomes into facts with their writers and places, and what could not be read."""
    known: list[tuple[Fact, str, Place | None]] = []
    lost: list[Quarantined] = []
    for one, outcome in zip(filed, outcomes, strict=True):
        if isinstance(outcome, Understood):
            known.append((outcome.fact, outcome.writer, one.raw.place))
        elif isinstance(outcome, Unreadable):
            name = _place_name(one.raw.place) if one.raw.place else _file_name(one.raw.header.decode("latin-1"))
            lost.append(Quarantined(name, outcome.reason, at))
            log.warning("message quarantined", extra={"fields": {"folder": one.folder, "source": name}})
    return known, lost


def _place_name(place: Place) -> str:
    return f"{place.folder}/{place.uidvalidity}/{place.uid}"


def _file_name(source: str) -> str:
    """Name a file's message without its path, which may hold a person's name."""
    return "file:" + hashlib.sha256(source.encode("utf-8", "replace")).hexdigest()[:16]
