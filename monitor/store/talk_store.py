"""Conversations that were held, and the wish that none be proposed, as the coach entered them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Delete, delete, insert, select

from monitor.store.database import Database
from monitor.store.schema import snooze, talk
from monitor.talks import Snooze, Talk


class TalkStore:
    """The conversations and snoozes of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def talks(self) -> list[Talk]:
        """Return all conversations in the order of their days."""
        with self._database.reading() as connection:
            rows = connection.execute(select(talk).order_by(talk.c.held_on, talk.c.client)).all()
        return [Talk(row.client, row.held_on, row.note) for row in rows]

    def snoozes(self) -> list[Snooze]:
        """Return the snooze of each client that has one, also those that are over."""
        with self._database.reading() as connection:
            rows = connection.execute(select(snooze).order_by(snooze.c.client)).all()
        return [Snooze(row.client, row.until, row.since) for row in rows]

    def keep_talk(self, held: Talk, entered_at: datetime) -> None:
        """Keep a conversation; entered again for the same day, the newer note counts."""
        with self._database.writing() as connection:
            connection.execute(_talk_of(held.client, held.held_on))
            connection.execute(
                insert(talk).values(client=held.client, held_on=held.held_on, note=held.note, entered_at=entered_at)
            )

    def take_back_talk(self, client: str, held_on: date) -> bool:
        """Take back what was entered for a day; return whether there was anything."""
        with self._database.writing() as connection:
            return bool(connection.execute(_talk_of(client, held_on)).rowcount)

    def keep_snooze(self, wish: Snooze, entered_at: datetime) -> None:
        """Keep a snooze; a client has one, and the newest counts."""
        with self._database.writing() as connection:
            connection.execute(delete(snooze).where(snooze.c.client == wish.client))
            connection.execute(
                insert(snooze).values(client=wish.client, until=wish.until, since=wish.since, entered_at=entered_at)
            )

    def take_back_snooze(self, client: str) -> bool:
        """End a client's snooze; return whether there was one."""
        with self._database.writing() as connection:
            return bool(connection.execute(delete(snooze).where(snooze.c.client == client)).rowcount)


def _talk_of(client: str, held_on: date) -> Delete:
    return delete(talk).where(talk.c.client == client, talk.c.held_on == held_on)
