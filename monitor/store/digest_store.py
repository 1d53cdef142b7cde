"""Keep digests until they are sent, and the slots that say what is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, delete, func, insert, select, update

from monitor.store.database import Database
from monitor.store.schema import digest, letter_key, slot


@dataclass(frozen=True, slots=True)
class KeptDigest:
    """A digest as it was rendered: ``letter`` is the mail, ``content`` its JSON; ``sent_at`` is None until sent.

    ``offered_at`` is when it was last handed to a server; ``token`` is what a reply to it must carry.
    """

    week: str
    message_id: str
    letter: bytes
    content: str
    rendered_at: datetime
    sent_at: datetime | None = None
    token: str | None = None
    offered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One due time of a job and what became of it: ``claimed``, ``done`` or ``missed``."""

    job: str
    due_at: datetime
    state: str
    tries: int
    tried_at: datetime
    error: str | None = None


class DigestStore:
    """The digests and slots of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def letter_key(self) -> bytes:
        """Return the key that the tokens of letters are made from."""
        with self._database.reading() as connection:
            return bytes.fromhex(connection.execute(select(letter_key.c.value)).scalar_one())

    def digest(self, week: str) -> KeptDigest | None:
        """Return the digest of an ISO week, if it was rendered."""
        with self._database.reading() as connection:
            row = connection.execute(select(digest).where(digest.c.week == week)).first()
        return _kept(row) if row else None

    def last_sent(self) -> KeptDigest | None:
        """Return the digest that was sent last."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(digest).where(digest.c.sent_at.is_not(None)).order_by(digest.c.sent_at.desc()).limit(1)
            ).first()
        return _kept(row) if row else None

    def last_sent_before(self, moment: datetime) -> KeptDigest | None:
        """Return the digest that was sent last before a moment."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(digest).where(digest.c.sent_at < moment).order_by(digest.c.sent_at.desc()).limit(1)
            ).first()
        return _kept(row) if row else None

    def contents_since(self, moment: datetime, until: datetime) -> list[tuple[str, str]]:
        """Return week and content of the digests that were sent after a moment and before another, the oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(digest.c.week, digest.c.content)
                .where(digest.c.sent_at > moment, digest.c.sent_at < until)
                .order_by(digest.c.week)
            ).all()
        return [(row.week, row.content) for row in rows]

    def by_token(self, token: str) -> KeptDigest | None:
        """Return the digest whose letter carries a token."""
        with self._database.reading() as connection:
            row = connection.execute(select(digest).where(digest.c.token == token)).first()
        return _kept(row) if row else None

    def mark_offered(self, week: str, at: datetime) -> None:
        """Note that the digest of a week is about to be handed to a server."""
        with self._database.writing() as connection:
            connection.execute(update(digest).where(digest.c.week == week).values(offered_at=at))

    def kept(self) -> list[KeptDigest]:
        """Return all digests in the order of their weeks; old ones have lost their text."""
        with self._database.reading() as connection:
            rows = connection.execute(select(digest).order_by(digest.c.week)).all()
        return [
            KeptDigest(row.week, row.message_id, row.letter, row.content, row.rendered_at, row.sent_at) for row in rows
        ]

    def keep(self, kept: KeptDigest) -> None:
        """Keep a rendered digest; one that is there already stays as it is, so that a retry sends the same."""
        with self._database.writing() as connection:
            there = connection.execute(select(digest.c.week).where(digest.c.week == kept.week)).first()
            if there is None:
                connection.execute(
                    insert(digest).values(
                        week=kept.week,
                        message_id=kept.message_id,
                        letter=kept.letter,
                        content=kept.content,
                        rendered_at=kept.rendered_at,
                        sent_at=kept.sent_at,
                        token=kept.token,
                    )
                )

    def mark_sent(self, week: str, at: datetime) -> None:
        """Note that the digest of a week has left the house."""
        with self._database.writing() as connection:
            connection.execute(update(digest).where(digest.c.week == week).values(sent_at=at))

    def slot(self, job: str, due_at: datetime) -> Slot | None:
        """Return what became of a due time."""
        with self._database.reading() as connection:
            row = connection.execute(select(slot).where(slot.c.job == job, slot.c.due_at == due_at)).first()
        return Slot(row.job, row.due_at, row.state, row.tries, row.tried_at, row.error) if row else None

    def newest_slot(self, job: str, until: datetime | None = None) -> datetime | None:
        """Return the latest due time of a job that is on record, up to ``until`` (included)."""
        asked = select(func.max(slot.c.due_at)).where(slot.c.job == job)
        if until is not None:
            asked = asked.where(slot.c.due_at <= until)
        with self._database.reading() as connection:
            return connection.execute(asked).scalar()

    def first_start(self) -> datetime | None:
        """Return since when there is a service on this store."""
        with self._database.reading() as connection:
            return connection.execute(select(func.min(slot.c.tried_at))).scalar()

    def waiting(self) -> int:
        """Return how many digests are written and not sent yet."""
        with self._database.reading() as connection:
            asked = select(func.count()).select_from(digest).where(digest.c.sent_at.is_(None))
            return connection.execute(asked).scalar_one()

    def put_slot(self, kept: Slot) -> None:
        """Put a due time on record, replacing what was there."""
        with self._database.writing() as connection:
            connection.execute(delete(slot).where(slot.c.job == kept.job, slot.c.due_at == kept.due_at))
            connection.execute(
                insert(slot).values(
                    job=kept.job,
                    due_at=kept.due_at,
                    state=kept.state,
                    tries=kept.tries,
                    tried_at=kept.tried_at,
                    error=kept.error,
                )
            )


def _kept(row: Row[tuple[object, ...]]) -> KeptDigest:
    return KeptDigest(
        row.week, row.message_id, row.letter, row.content, row.rendered_at, row.sent_at, row.token, row.offered_at
    )
