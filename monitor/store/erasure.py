"""Erase: one person's data at once, and what has grown old a little every night.

Erased means gone from the file: SQLite overwrites what is deleted (``secure_delete``), the file is written anew
(VACUUM) and the write-ahead log is emptied. PostgreSQL's tables are written anew; its own logs are its administrator's.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from monitor.errors import StoreError
from monitor.instructions.instruction import Kind, Outcome
from monitor.store import server_compaction
from monitor.store.database import Database
from monitor.store.schema import (
    correspondent,
    digest,
    erased,
    instruction,
    label,
    message,
    quarantine,
    request,
    slot,
    snooze,
    talk,
)

Item = TypeVar("Item", int, str)

CHECKPOINT_SECONDS = 30.0  # how long another process may keep the log from being emptied


@dataclass(frozen=True, slots=True)
class Retired:
    """What has grown old: messages that were erased, and those that lost their words."""

    messages: int
    quotes: int
    digests: int

    def __bool__(self) -> bool:
        return bool(self.messages or self.quotes or self.digests)


class Erasure:
    """Erases from a store."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._is_file = database.engine.dialect.name == "sqlite"

    def forget(self, client: str, addresses: Iterable[str], spared: Iterable[str], now: datetime) -> int:
        """Erase all that is stored on a person; return how many messages that were.

        ``addresses`` are in lower case; ``@firm.example`` stands for everyone there but the ``spared``. What the
        person sent or received up to ``now`` is not taken in again, though it still lies in the mailbox: a salted
        fingerprint of each address stays for that. Digests name every client, so all that were kept lose their text.
        """
        known, others = set(addresses), set(spared) - set(addresses)
        with self._database.writing() as connection:
            people = sorted(_people(connection, known) - others)
            identities = _messages_of(connection, people)
            keys = {
                key
                for batch in _batches(sorted(identities))
                for key in connection.execute(select(message.c.key).where(message.c.id.in_(batch))).scalars()
            }
            shared = _shared(connection, identities, people)
            for batch in _batches(sorted(identities - shared)):
                connection.execute(delete(message).where(message.c.id.in_(batch)))
            for batch in _batches(sorted(shared)):
                connection.execute(
                    delete(correspondent).where(correspondent.c.message.in_(batch), correspondent.c.address.in_(people))
                )
                connection.execute(update(message).where(message.c.id.in_(batch)).values(subject="", reply_to=None))
            for keys_batch in _batches(sorted(keys)):
                connection.execute(update(message).where(message.c.reply_to.in_(keys_batch)).values(reply_to=None))
            connection.execute(delete(talk).where(talk.c.client == client))
            connection.execute(delete(snooze).where(snooze.c.client == client))
            _forget_instructions(connection, client, {*people, *known})
            _empty_digests(connection, digest.c.week.is_not(None))
            taken = {"@" + address.rpartition("@")[2] for address in others}
            for address in sorted({*people, *known} - taken):
                salt = secrets.token_hex(16)
                connection.execute(
                    insert(erased).values(salt=salt, fingerprint=fingerprint(salt, address), erased_at=now)
                )
        return len(identities)

    def retire(self, facts_before: datetime, quotes_before: datetime) -> Retired:
        """Erase what is older than the two limits: whole messages, and before that their words.

        A message in a labelled folder keeps its label and its numbers as long as the coach leaves it there, for the
        model learns from it; its words go like all others.
        """
        with self._database.writing() as connection:
            filed = select(label.c.message).where(label.c.until.is_(None))
            gone = connection.execute(
                delete(message).where(message.c.sent_at < facts_before, message.c.id.not_in(filed))
            ).rowcount
            connection.execute(delete(talk).where(talk.c.held_on < facts_before.date()))
            connection.execute(delete(snooze).where(snooze.c.until < facts_before.date()))
            _retire_instructions(connection, facts_before, quotes_before)
            connection.execute(delete(quarantine).where(quarantine.c.found_at < facts_before))
            connection.execute(delete(erased).where(erased.c.erased_at < facts_before))
            _forget_old_slots(connection, facts_before)
            old = select(message.c.id).where(message.c.sent_at < quotes_before)
            silent = connection.execute(
                update(message)
                .where(
                    message.c.sent_at < quotes_before,
                    or_(message.c.subject != "", func.coalesce(message.c.out_of_scope_evidence, "") != ""),
                )
                .values(subject="", out_of_scope_evidence=_emptied(message.c.out_of_scope_evidence))
            ).rowcount
            spans = connection.execute(
                update(request).where(request.c.message.in_(old), request.c.evidence != "").values(evidence="")
            ).rowcount
            letters = _empty_digests(connection, digest.c.rendered_at < quotes_before)
        return Retired(gone, max(silent, spans), letters)

    def compact(self) -> None:
        """Write the store anew without what was erased, and empty its log. Raises StoreError if it stays in use."""
        if not self._is_file:
            with self._database.in_our_words():
                server_compaction.compact(self._database.engine)
            return
        connection_of_driver = self._database.engine.raw_connection()
        try:
            driver = connection_of_driver.driver_connection
            assert driver is not None
            driver.execute("VACUUM")
        finally:
            connection_of_driver.close()
        self.empty_log()

    def empty_log(self) -> None:
        """Move what the write-ahead log holds into the store file, and cut the log to nothing."""
        if not self._is_file:
            return
        connection_of_driver = self._database.engine.raw_connection()
        try:
            driver = connection_of_driver.driver_connection
            assert driver is not None
            deadline = time.monotonic() + CHECKPOINT_SECONDS
            while driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if time.monotonic() > deadline:
                    raise StoreError(
                        "The store is in use, so its log could not be emptied.",
                        "Nothing is lost; stop the service and try again.",
                    )
                time.sleep(0.2)
        finally:
            connection_of_driver.close()

    def remove_copies(self) -> int:
        """Remove the copies that were made before migrations; return how many there were."""
        copies = copies_of(Path(self._database.engine.url.database or "")) if self._is_file else []
        for copy in copies:
            copy.unlink(missing_ok=True)
        return len(copies)


def copies_of(store: Path) -> list[Path]:
    """Return the copies of a SQLite store that were made before migrations."""
    return sorted(store.parent.glob(f"{store.name}.before-*")) if store.name else []


def fingerprint(salt: str, address: str) -> str:
    """Return what is remembered of an erased address."""
    return hashlib.sha256(f"{salt} {address}".encode()).hexdigest()


class Erased:
    """Whose mail was erased, and up to when."""

    def __init__(self, connection: Connection) -> None:
        self._rows = connection.execute(select(erased)).all()

    def covers(self, address: str, sent_at: datetime) -> bool:
        """Whether a message of that time belongs to what was erased of this person."""
        forms = (address, "@" + address.rpartition("@")[2])
        return any(
            sent_at <= row.erased_at and row.fingerprint in {fingerprint(row.salt, form) for form in forms}
            for row in self._rows
        )


def _people(connection: Connection, addresses: set[str]) -> set[str]:
    """Return the stored addresses that are meant, those of a whole domain one by one."""
    domains = [address for address in addresses if address.startswith("@")]
    found = set(addresses)
    if domains:
        stored = connection.execute(select(correspondent.c.address).distinct()).scalars()
        found |= {address for address in stored if "@" + address.rpartition("@")[2] in domains}
    return found


def _messages_of(connection: Connection, people: Sequence[str]) -> set[int]:
    found = connection.execute(select(correspondent.c.message).where(correspondent.c.address.in_(people))).scalars()
    written = connection.execute(select(message.c.id).where(message.c.writer.in_(people))).scalars()
    return {*found, *written}


def _shared(connection: Connection, identities: set[int], people: Sequence[str]) -> set[int]:
    """Return those messages that also belong to the correspondence with somebody else."""
    return {
        one
        for batch in _batches(sorted(identities))
        for one in connection.execute(
            select(correspondent.c.message).where(
                correspondent.c.message.in_(batch), correspondent.c.address.not_in(people)
            )
        ).scalars()
    }


def _batches(items: list[Item], size: int = 500) -> Iterable[list[Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _emptied(column: ColumnElement[str | None]) -> ColumnElement[str | None]:
    """Return the column without its words, where it holds any."""
    return func.substr(column, 1, 0)


def _empty_digests(connection: Connection, which: ColumnElement[bool]) -> int:
    """Take the text out of digests that were sent, and remove those that were not: they are written anew.

    That a week was sent stays known, so that it is not sent again.
    """
    connection.execute(delete(digest).where(which, digest.c.sent_at.is_(None)))
    return connection.execute(
        update(digest).where(which, func.length(digest.c.letter) > 0).values(letter=b"", content="")
    ).rowcount


def _forget_instructions(connection: Connection, client: str, addresses: Iterable[str]) -> None:
    """Erase what the coach wrote back about a person; words that were not understood may speak of anybody."""
    connection.execute(
        delete(instruction).where(or_(instruction.c.client == client, instruction.c.about.in_(sorted(addresses))))
    )
    connection.execute(update(instruction).where(instruction.c.outcome != Outcome.DONE).values(about=""))


def _retire_instructions(connection: Connection, facts_before: datetime, quotes_before: datetime) -> None:
    """Erase old instructions but those that still mean something: who is no client, and what passes."""
    lasting = (Kind.NOT_A_CLIENT, Kind.LESS, Kind.MORE)
    connection.execute(delete(instruction).where(instruction.c.at < facts_before, instruction.c.kind.not_in(lasting)))
    words = (instruction.c.at < quotes_before, instruction.c.outcome != Outcome.DONE)
    connection.execute(update(instruction).where(*words).values(about=""))


def _forget_old_slots(connection: Connection, before: datetime) -> None:
    newest = select(slot.c.job, func.max(slot.c.due_at).label("newest")).group_by(slot.c.job).subquery()
    keep = connection.execute(select(newest)).all()
    for row in keep:
        connection.execute(
            delete(slot).where(slot.c.job == row.job, slot.c.due_at < before, slot.c.due_at < row.newest)
        )
