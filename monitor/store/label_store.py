"""What the coach filed into labelled folders, and what was taken out again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, func, insert, select, update

from monitor.labels import Label, RequestType, Verdict
from monitor.mailbox.raw_message import Place
from monitor.store.database import Database
from monitor.store.schema import correction, label, message, place, request


@dataclass(frozen=True, slots=True)
class Filing:
    """A label of a message. ``until`` is None while the message lies in the folder."""

    key: str
    writer: str
    label: Label
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LabelChange:
    """A label that a message got, or lost again; ``guessed`` is what the model takes the message for."""

    message_id: str | None
    writer: str
    sent_at: datetime
    subject: str
    folder: str
    label: Label
    taken_out: bool
    guessed: RequestType | None


def read_label(value: str) -> Label:
    """Return a label by its id."""
    return Verdict(value) if value in set(Verdict) else RequestType(value)


class LabelStore:
    """The labels of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def places(self, folder: str, uidvalidity: int) -> set[int]:
        """Return the UIDs of a folder that are known."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(place.c.uid).where(place.c.folder == folder, place.c.uidvalidity == uidvalidity)
            ).all()
        return {row.uid for row in rows}

    def sync(self, folders: Mapping[str, tuple[int, Label, Iterable[int]]], now: datetime) -> int:
        """Bring the labels in line with what lies in the folders; return how many changed.

        ``folders`` maps each labelled folder that could be read to its UIDVALIDITY, its label and its UIDs. Labels of
        folders that are not named stay as they are: what could not be read says nothing.
        """
        changed = 0
        with self._database.writing() as connection:
            present: dict[Label, set[int]] = {}
            for name, (uidvalidity, meant, uids) in folders.items():
                there = set(uids)
                rows = connection.execute(select(place).where(place.c.folder == name)).all()
                gone = [row for row in rows if row.uidvalidity != uidvalidity or row.uid not in there]
                for row in gone:
                    connection.execute(
                        delete(place).where(
                            place.c.folder == name, place.c.uidvalidity == row.uidvalidity, place.c.uid == row.uid
                        )
                    )
                staying = {row.message for row in rows if row.uidvalidity == uidvalidity and row.uid in there}
                present.setdefault(meant, set()).update(staying)
            for meant, messages in present.items():
                rows = connection.execute(select(label).where(label.c.label == meant)).all()
                known = {row.message: row.until for row in rows}
                for identity in sorted(messages - set(known)):
                    connection.execute(insert(label).values(message=identity, label=meant, since=now))
                    changed += 1
                for identity, until in known.items():
                    this = (label.c.message == identity, label.c.label == meant)
                    if identity in messages and until is not None:
                        connection.execute(update(label).where(*this).values(since=now, until=None))
                        changed += 1
                    elif identity not in messages and until is None:
                        connection.execute(update(label).where(*this).values(until=now))
                        changed += 1
        return changed

    def filings(self) -> list[Filing]:
        """Return all labels, also those that were taken back, in the order of messages."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(message.c.key, message.c.writer, label.c.label, label.c.since, label.c.until)
                .join(label, label.c.message == message.c.id)
                .order_by(message.c.id, label.c.label)
            ).all()
            said = connection.execute(
                select(message.c.key, message.c.writer, correction)
                .join(correction, correction.c.message == message.c.id)
                .order_by(message.c.id, correction.c.label)
            ).all()
        filings = [Filing(row.key, row.writer, read_label(row.label), row.since, row.until) for row in rows]
        # What was said in a reply holds against what was filed before.
        answered = {(row.key, row.writer, read_label(row.label)): row for row in said}
        kept = [one for one in filings if (one.key, one.writer, one.label) not in answered]
        return kept + [
            Filing(key, writer, label, row.since, None if row.holds else row.since)
            for (key, writer, label), row in answered.items()
        ]

    def changes_since(self, moment: datetime, until: datetime) -> list[LabelChange]:
        """Return what was filed, or taken out again, after a moment up to another, the newest first."""
        at = func.coalesce(label.c.until, label.c.since)
        with self._database.reading() as connection:
            rows = connection.execute(
                select(
                    message,
                    label.c.label,
                    at.label("at"),
                    label.c.until.is_not(None).label("taken_out"),
                    request.c.type,
                )
                .join(label, label.c.message == message.c.id)
                .outerjoin(request, and_(request.c.message == message.c.id, request.c.rank == 0))
                .where(at > moment, at <= until)
                .order_by(at.desc(), message.c.id, label.c.label)
            ).all()
        return [
            LabelChange(
                row.message_id,
                row.writer,
                row.sent_at,
                row.subject,
                row.folder,
                read_label(row.label),
                bool(row.taken_out),
                RequestType(row.type) if row.type else None,
            )
            for row in rows
        ]

    def where(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Place]]:
        """Return where messages lie, by key and writer."""
        wanted = set(keys)
        with self._database.reading() as connection:
            rows = connection.execute(
                select(message.c.key, message.c.writer, place.c.folder, place.c.uidvalidity, place.c.uid)
                .join(place, place.c.message == message.c.id)
                .where(message.c.key.in_(sorted(key for key, _ in wanted)))
                .order_by(place.c.folder, place.c.uid)
            ).all()
        found: dict[tuple[str, str], list[Place]] = {}
        for row in rows:
            if (row.key, row.writer) in wanted:
                found.setdefault((row.key, row.writer), []).append(Place(row.folder, row.uidvalidity, row.uid))
        return found

    def places_of(self, key: str) -> list[Place]:
        """Return where the messages of a key lie."""
        with self._database.reading() as connection:
            writers = connection.execute(select(message.c.writer).where(message.c.key == key)).scalars().all()
        return [place for places in self.where((key, writer) for writer in writers).values() for place in places]

    def fingerprint(self) -> str:
        """Identify the labels as they are: the same labels give the same fingerprint."""
        digest = hashlib.sha256()
        for filing in self.filings():
            digest.update(f"{filing.key}\x1f{filing.writer}\x1f{filing.label}\x1f{filing.until is None}\n".encode())
        return digest.hexdigest()[:16]
