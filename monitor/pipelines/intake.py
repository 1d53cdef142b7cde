"""Intake: mailbox → message → classification → store."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from monitor.errors import UnreadableMessage
from monitor.facts import Fact
from monitor.mailbox.answers import Unfetched
from monitor.mailbox.files import FoundMessage
from monitor.mailbox.folders import Folder
from monitor.mailbox.raw_message import FolderState, Place, RawMessage, WholeMail
from monitor.reader.outcomes import Answer, Filed, Outcome, PassedOver, Understood, Unreadable
from monitor.store.fact_store import Cursor, Quarantined

BATCH = 500  # messages that are kept, or lost and read again, together
NOTED = timedelta(minutes=1)  # where nothing is new, the last look is noted no more often than this
TRIED_AGAIN = timedelta(days=7)  # for so long after it could not be read

log = logging.getLogger(__name__)


class Mailbox(Protocol):
    """What intake needs of a mailbox."""

    def examine(self, folder: Folder) -> FolderState: ...
    def uids_after(self, last_uid: int) -> list[int]: ...
    def fetch(
        self, uids: Iterable[int], wants_text: Callable[[bytes], bool] = ...
    ) -> Iterator[RawMessage | Unfetched]: ...


class Facts(Protocol):
    """What intake needs of the store."""

    def cursor(self, folder: str) -> Cursor | None: ...
    def quarantined(self) -> list[Quarantined]: ...
    def unread(self, addresses: Iterable[str], folder: str, uidvalidity: int) -> list[int]: ...
    def record(
        self,
        facts: Sequence[tuple[Fact, str, Place | None]],
        unreadable: Sequence[Quarantined] = (),
        reached: Cursor | None = None,
        released: Sequence[str] = (),
        cut: Mapping[str, int] | None = None,
    ) -> int: ...


class Reader(Protocol):
    """What turns raw messages into outcomes."""

    wants_text: Callable[[bytes], bool]

    def prepare(self) -> None: ...
    def understand(
        self,
        batches: Iterable[Sequence[Filed]],
        with_text: Callable[[Sequence[Filed]], Sequence[Filed | Outcome]] | None = None,
    ) -> Iterator[tuple[Sequence[Filed], list[Outcome]]]: ...


@dataclass(slots=True)
class Taken:
    """What a round has taken in: messages looked at, facts that were new, what could not be read.

    ``cut`` counts the messages that a bound has cut, by bound.
    ``model_outdated`` says that the model of an earlier program has classified them.
    """

    looked_at: int = 0
    new: int = 0
    unreadable: int = 0
    cut: Counter[str] = field(default_factory=Counter)
    model_outdated: bool = False

    def add(self, other: Taken) -> None:
        """Count another folder's messages too."""
        self.looked_at += other.looked_at
        self.new += other.new
        self.unreadable += other.unreadable
        self.cut += other.cut


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
    again: bool = False,
    progress: Progress = lambda done, total: None,
    obey: Callable[[Answer], None] = lambda answer: None,
) -> Taken:
    """Read every message that is new in a folder; return what was taken in.

    Facts and cursor of a batch are kept together, so that a crash neither loses a message nor counts one twice.
    ``obey`` gets each answer to a digest before that; it must know by itself what it has done already.
    A changed UIDVALIDITY means reading the folder again; what is known already is not doubled. So do UIDs that end
    before the last one that was read, which no server may let happen (RFC 9051, 2.3.1.1). ``again`` tries once more
    what could not be read in the last days.
    """
    state = mailbox.examine(folder)
    cursor = facts.cursor(folder.name)
    last_uid = cursor.last_uid if cursor and cursor.uidvalidity == state.uidvalidity else 0
    if last_uid and 0 < state.uidnext <= last_uid:
        last_uid = 0
    if cursor and not last_uid and cursor.last_uid:
        log.info("folder numbered anew, reading it again", extra={"fields": {"folder": folder.name}})
    uids = mailbox.uids_after(last_uid)
    taken = Taken()
    if again:
        _try_again(folder, state, mailbox, facts, reader, now, sent=sent, taken=taken, obey=obey)
    if not uids:
        reached = Cursor(folder.name, state.uidvalidity, last_uid, now())
        if cursor is None or replace(cursor, seen_at=reached.seen_at) != reached or _is_old(cursor, now()):
            facts.record([], [], reached)
        return taken
    reader.prepare()
    drawn: list[_Batch] = []
    wants_text = _always if sent else reader.wants_text

    def batches() -> Iterator[list[Filed]]:
        for start in range(0, len(uids), BATCH):
            batch = _Batch(tuple(uids[start : start + BATCH]), [])
            for item in mailbox.fetch(batch.uids, wants_text):
                if isinstance(item, Unfetched):
                    batch.unfetched.append(item)
                else:
                    batch.filed.append(Filed(item, folder.name, sent))
            drawn.append(batch)
            yield batch.filed

    for filed, outcomes in reader.understand(batches(), _texts_from(mailbox)):
        batch = drawn.pop(0)
        reached = Cursor(folder.name, state.uidvalidity, batch.uids[-1], now())
        unreadable = [Quarantined(_place_name(item.place), item.reason, now()) for item in batch.unfetched]
        known, lost = sorted_out(filed, outcomes, now())
        for outcome in outcomes:
            if isinstance(outcome, Answer):
                obey(outcome)
        cut = bounds_that_bit(outcomes)
        taken.new += facts.record(known, [*unreadable, *lost], reached, cut=cut)
        taken.looked_at += len(batch.uids)
        taken.unreadable += len(unreadable) + len(lost)
        taken.cut += cut
        progress(taken.looked_at, len(uids))
    return taken


def _try_again(
    folder: Folder,
    state: FolderState,
    mailbox: Mailbox,
    facts: Facts,
    reader: Reader,
    now: Callable[[], datetime],
    *,
    sent: bool,
    taken: Taken,
    obey: Callable[[Answer], None],
) -> None:
    """Read once more what was quarantined lately: a server that stumbled may have recovered."""
    prefix = f"{folder.name}/{state.uidvalidity}/"
    names = {
        int(item.source.removeprefix(prefix)): item.source
        for item in facts.quarantined()
        if item.source.startswith(prefix) and now() - item.found_at < TRIED_AGAIN
    }
    uids = sorted(names)[:BATCH]
    if not uids:
        return
    fetched = mailbox.fetch(uids, _always if sent else reader.wants_text)
    filed = [Filed(item, folder.name, sent) for item in fetched if not isinstance(item, Unfetched)]
    for batch, outcomes in reader.understand([[one] for one in filed], _texts_from(mailbox)):
        if isinstance(outcomes[0], Answer):
            obey(outcomes[0])
        known, lost = sorted_out(batch, outcomes, now())
        place = _place(batch[0].raw)
        released = [names[place.uid]] if place and not lost else []
        taken.new += facts.record(known, released=released)


def look_back(
    addresses: Iterable[str],
    folder: Folder,
    mailbox: Mailbox,
    facts: Facts,
    reader: Reader,
    now: Callable[[], datetime],
    progress: Progress = lambda done, total: None,
) -> Taken:
    """Read what people wrote before the coach named them clients: their words were not asked for then.

    The folder's cursor stays where it is.
    """
    state, taken = mailbox.examine(folder), Taken()
    uids = facts.unread(addresses, folder.name, state.uidvalidity)

    def batches() -> Iterator[list[Filed]]:
        for start in range(0, len(uids), BATCH):
            fetched = mailbox.fetch(uids[start : start + BATCH])
            yield [Filed(item, folder.name) for item in fetched if not isinstance(item, Unfetched)]

    for filed, outcomes in reader.understand(batches()):
        known, _ = sorted_out(filed, outcomes, now())
        facts.record(known)
        taken.looked_at += len(filed)
        progress(taken.looked_at, len(uids))
    return taken


def import_files(
    found: Iterable[Sequence[FoundMessage]],
    facts: Facts,
    reader: Reader,
    now: Callable[[], datetime],
    progress: Callable[[int], None] = lambda done: None,
) -> Taken:
    """Read batches of messages of exported mailboxes; reading them again changes nothing."""
    taken = Taken()
    unreadable: list[Quarantined] = []

    def batches() -> Iterator[list[Filed]]:
        for batch in found:
            taken.looked_at += len(batch)
            filed: list[Filed] = []
            for message in batch:
                if isinstance(message.raw, UnreadableMessage):
                    unreadable.append(
                        Quarantined(
                            _file_name(message.source.encode("utf-8", "surrogateescape")), str(message.raw), now()
                        )
                    )
                else:
                    filed.append(Filed(message.raw, "import"))
            yield filed

    for filed, outcomes in reader.understand(batches()):
        known, lost = sorted_out(filed, outcomes, now())
        cut = bounds_that_bit(outcomes)
        taken.new += facts.record(known, lost, cut=cut)
        taken.unreadable += len(lost)
        taken.cut += cut
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
            known.append((outcome.fact, outcome.writer, _place(one.raw)))
        elif isinstance(outcome, Unreadable):
            name = _name(one.raw)
            lost.append(Quarantined(name, outcome.reason, at))
            log.warning("message quarantined", extra={"fields": {"folder": one.folder, "source": name}})
    return known, lost


def bounds_that_bit(outcomes: Iterable[Outcome]) -> Counter[str]:
    """Count the messages that a bound has cut, by the name of the bound."""
    read = (one for one in outcomes if isinstance(one, Understood | PassedOver))
    return Counter(str(bound) for one in read for bound in one.cut)


def _is_old(cursor: Cursor, now: datetime) -> bool:
    return cursor.seen_at is None or not now - NOTED < cursor.seen_at <= now


def _always(_header: bytes) -> bool:
    return True


def _texts_from(mailbox: Mailbox) -> Callable[[Sequence[Filed]], list[Filed | Outcome]]:
    """Return what fetches messages of the examined folder once more, with the text that they turned out to need."""

    def with_text(lacking: Sequence[Filed]) -> list[Filed | Outcome]:
        uids = [place.uid for one in lacking if (place := _place(one.raw))]
        found = {place.uid: item for item in mailbox.fetch(uids) if (place := item.place)}
        return [again(one, found.get(uid)) for one, uid in zip(lacking, uids, strict=True)]

    def again(filed: Filed, item: RawMessage | Unfetched | None) -> Filed | Outcome:
        if item is None:
            return PassedOver("gone")
        return Unreadable(item.reason) if isinstance(item, Unfetched) else replace(filed, raw=item)

    return with_text


def _place(raw: RawMessage | WholeMail) -> Place | None:
    return raw.place if isinstance(raw, RawMessage) else None


def _name(raw: RawMessage | WholeMail) -> str:
    if isinstance(raw, WholeMail):
        return _file_name(raw.data)
    return _place_name(raw.place) if raw.place else _file_name(raw.header)


def _place_name(place: Place) -> str:
    return f"{place.folder}/{place.uidvalidity}/{place.uid}"


def _file_name(source: bytes) -> str:
    """Name a file's message by what it holds, or its path where that is all: a path may hold a person's name."""
    return "file:" + hashlib.sha256(source).hexdigest()[:16]
