"""What the coach has instructed by mail, once each, and the corrections of messages that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, delete, func, insert, select, update

from monitor.instructions.instruction import Carried, Instruction, Kind, Outcome
from monitor.labels import Label, Signal
from monitor.store.database import Database
from monitor.store.label_store import read_label
from monitor.store.schema import correction, instruction, message

CONFIRMED_WITHIN = timedelta(days=2)  # an older reply is confirmed by the next letter alone


@dataclass(frozen=True, slots=True)
class Correction:
    """That a message, by its Message-ID, bears a label or does not."""

    message_id: str
    label: Label
    holds: bool


class InstructionStore:
    """The instructions of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_known(self, mail: str) -> bool:
        """Whether the instructions of a reply are on record: nothing is done twice."""
        with self._database.reading() as connection:
            found = connection.execute(select(instruction.c.number).where(instruction.c.mail == mail)).first()
        return found is not None

    def keep(
        self,
        mail: str,
        week: str,
        carried: Sequence[tuple[Instruction, Outcome, Sequence[Correction]]],
        at: datetime,
    ) -> None:
        """Put the instructions of a reply on record, with what they correct: all or nothing."""
        with self._database.writing() as connection:
            for place, (told, outcome, corrections) in enumerate(carried):
                number = connection.execute(
                    insert(instruction)
                    .values(
                        mail=mail,
                        place=place,
                        week=week,
                        kind=told.kind,
                        client=told.client,
                        day=told.day,
                        signal=told.signal,
                        target=told.number,
                        label=told.label,
                        about=told.about,
                        outcome=outcome,
                        at=at,
                    )
                    .returning(instruction.c.number)
                ).scalar_one()
                for one in corrections:
                    rows = connection.execute(select(message.c.id).where(message.c.message_id == one.message_id)).all()
                    for row in rows:
                        this = (correction.c.message == row.id, correction.c.label == one.label)
                        connection.execute(delete(correction).where(*this))
                        connection.execute(
                            insert(correction).values(
                                message=row.id, label=one.label, holds=one.holds, instruction=number, since=at
                            )
                        )

    def carried(self, *, after: datetime | None = None, until: datetime | None = None) -> list[Carried]:
        """Return the instructions on record after a moment up to another, in their order."""
        chosen = select(instruction).order_by(instruction.c.number)
        if after is not None:
            chosen = chosen.where(instruction.c.at > after)
        if until is not None:
            chosen = chosen.where(instruction.c.at <= until)
        with self._database.reading() as connection:
            return [_carried(row) for row in connection.execute(chosen).all()]

    def numbered(self, number: int) -> Carried | None:
        """Return an instruction by its number."""
        with self._database.reading() as connection:
            row = connection.execute(select(instruction).where(instruction.c.number == number)).first()
        return _carried(row) if row else None

    def undo(self, number: int, at: datetime) -> bool:
        """Take an instruction back with its corrections; return whether there was one that still held."""
        with self._database.writing() as connection:
            this = (instruction.c.number == number, instruction.c.undone_at.is_(None), instruction.c.outcome == "done")
            changed = connection.execute(update(instruction).where(*this).values(undone_at=at)).rowcount
            connection.execute(delete(correction).where(correction.c.instruction == number))
        return bool(changed)

    def unconfirmed(self, after: datetime) -> list[str]:
        """Return the replies since a moment that have not been confirmed by a mail of their own, the oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(instruction.c.mail)
                .where(instruction.c.confirmed_at.is_(None), instruction.c.at > after)
                .group_by(instruction.c.mail)
                .order_by(func.min(instruction.c.number))
            ).all()
        return [row.mail for row in rows]

    def of_mail(self, mail: str) -> list[Carried]:
        """Return the instructions of a reply."""
        with self._database.reading() as connection:
            chosen = select(instruction).where(instruction.c.mail == mail).order_by(instruction.c.place)
            return [_carried(row) for row in connection.execute(chosen).all()]

    def mark_confirmed(self, mails: Iterable[str], at: datetime) -> None:
        """Note that replies have been confirmed."""
        with self._database.writing() as connection:
            for mail in mails:
                connection.execute(update(instruction).where(instruction.c.mail == mail).values(confirmed_at=at))

    def forget(self, client: str) -> None:
        """Erase what was instructed about a client."""
        with self._database.writing() as connection:
            connection.execute(delete(instruction).where(instruction.c.client == client))


def _carried(row: Row[tuple[object, ...]]) -> Carried:
    told = Instruction(
        Kind(row.kind),
        row.client,
        row.day,
        Signal(row.signal) if row.signal else None,
        row.target,
        read_label(row.label) if row.label else None,
        row.about,
    )
    return Carried(row.number, told, Outcome(row.outcome), row.at, row.undone_at is not None)
