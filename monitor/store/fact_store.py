"""Keep and give back facts, cursors and what could not be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Row, delete, func, insert, or_, select

from monitor.facts import Classification, Direction, Fact, OutOfScope, Remark, Request, corrected
from monitor.labels import Label, RequestType, Verdict
from monitor.mailbox.raw_message import Place
from monitor.store.cut_store import count_cuts
from monitor.store.database import Database
from monitor.store.erasure import Erased
from monitor.store.fact_writing import write_facts
from monitor.store.label_store import read_label
from monitor.store.schema import correction, correspondent, cursor, label, message, place, quarantine, request


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a folder has been read; ``seen_at`` is the last look that succeeded."""

    folder: str
    uidvalidity: int
    last_uid: int
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A message that could not be read, told without a word of it."""

    source: str
    reason: str
    found_at: datetime


class FactStore:
    """The facts of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cursor(self, folder: str) -> Cursor | None:
        """Return how far a folder has been read; None if never."""
        with self._database.reading() as connection:
            row = connection.execute(select(cursor).where(cursor.c.folder == folder)).first()
        return Cursor(row.folder, row.uidvalidity, row.last_uid, row.seen_at) if row else None

    def cursors(self) -> list[Cursor]:
        """Return the cursors of all folders."""
        with self._database.reading() as connection:
            rows = connection.execute(select(cursor).order_by(cursor.c.folder)).all()
        return [Cursor(row.folder, row.uidvalidity, row.last_uid, row.seen_at) for row in rows]

    def record(
        self,
        facts: Sequence[tuple[Fact, str, Place | None]],
        unreadable: Sequence[Quarantined] = (),
        reached: Cursor | None = None,
        released: Sequence[str] = (),
        cut: Mapping[str, int] | None = None,
    ) -> int:
        """Keep facts, each with its writer and place, what was unreadable, and the cursor: all or nothing.

        A fact that is known already is not doubled; a new classification replaces an old one. What was erased does not
        come back. Returns the number of facts that were new.
        ``released`` names what was unreadable before and is not any more. What stays unreadable keeps the time at
        which it was found so. ``cut`` counts the messages of these that a bound has cut, by its name.
        """
        with self._database.writing() as connection:
            erased = Erased(connection)
            told = ((_without_erased(fact, writer, erased), writer, where) for fact, writer, where in facts)
            new = write_facts(connection, [(fact, writer, where) for fact, writer, where in told if fact is not None])
            for item in unreadable:
                known = connection.execute(
                    select(quarantine.c.source).where(quarantine.c.source == item.source)
                ).first()
                if known is None:
                    connection.execute(
                        insert(quarantine).values(source=item.source, reason=item.reason, found_at=item.found_at)
                    )
            if released:
                connection.execute(delete(quarantine).where(quarantine.c.source.in_(list(released))))
            if cut:
                count_cuts(connection, cut)
            if reached is not None:
                connection.execute(delete(cursor).where(cursor.c.folder == reached.folder))
                connection.execute(
                    insert(cursor).values(
                        folder=reached.folder,
                        uidvalidity=reached.uidvalidity,
                        last_uid=reached.last_uid,
                        seen_at=reached.seen_at,
                    )
                )
        return new

    def facts(
        self,
        addresses: Iterable[str] | None = None,
        *,
        until: datetime | None = None,
        since: datetime | None = None,
    ) -> list[Fact]:
        """Return the facts in the order of their time, those with one of the addresses, or all.

        Classifications are given as the coach corrected them by filing.

        ``until`` is included, ``since`` is not.
        """
        chosen = select(message.c.id)
        if addresses is not None:
            chosen = chosen.join(correspondent).where(correspondent.c.address.in_(sorted(addresses)))
        if until is not None:
            chosen = chosen.where(message.c.sent_at <= until)
        if since is not None:
            chosen = chosen.where(message.c.sent_at > since)
        with self._database.reading() as connection:
            rows = connection.execute(
                select(message).where(message.c.id.in_(chosen)).order_by(message.c.sent_at, message.c.id)
            ).all()
            requests = connection.execute(
                select(request).where(request.c.message.in_(chosen)).order_by(request.c.message, request.c.rank)
            ).all()
            people = connection.execute(
                select(correspondent).where(correspondent.c.message.in_(chosen)).order_by(correspondent.c.address)
            ).all()
            filings = connection.execute(select(label).where(label.c.message.in_(chosen))).all()
            corrections = connection.execute(select(correction).where(correction.c.message.in_(chosen))).all()
        asked: dict[int, list[Request]] = defaultdict(list)
        for row in requests:
            asked[row.message].append(Request(RequestType(row.type), row.probability, row.evidence))
        known: dict[int, list[str]] = defaultdict(list)
        for row in people:
            known[row.message].append(row.address)
        filed: dict[int, set[Label]] = defaultdict(set)
        taken_out: dict[int, set[Label]] = defaultdict(set)
        for row in filings:
            (filed if row.until is None else taken_out)[row.message].add(read_label(row.label))
        for row in corrections:
            meant = read_label(row.label)
            (filed if row.holds else taken_out)[row.message].add(meant)
            (taken_out if row.holds else filed)[row.message].discard(meant)
        # Somebody whom the coach has filed as no client is not asked about again.
        strangers = {row.id for row in rows if row.model is None and Verdict.NOT_A_CLIENT in filed[row.id]}
        return [
            _corrected(_fact(row, tuple(known[row.id]), tuple(asked[row.id])), filed[row.id], taken_out[row.id])
            for row in rows
            if row.id not in strangers
        ]

    def retire_cursors(self, unseen_since: datetime) -> None:
        """Let go of folders that no round looks at any more: they were renamed, or another one is named now."""
        with self._database.writing() as connection:
            connection.execute(delete(cursor).where(cursor.c.seen_at < unseen_since))

    def quarantined(self) -> list[Quarantined]:
        """Return what could not be read, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(quarantine).order_by(quarantine.c.found_at.desc())).all()
        return [Quarantined(row.source, row.reason, row.found_at) for row in rows]

    def count(self) -> int:
        """Return the number of facts."""
        with self._database.reading() as connection:
            return connection.execute(select(func.count()).select_from(message)).scalar_one()

    def unread(self, addresses: Iterable[str], folder: str, uidvalidity: int) -> list[int]:
        """Return the UIDs in a folder of what these have written and is kept without its classification, ascending.

        They wrote before the coach named them clients. An address may be ``@domain`` for everyone there.
        """
        named = set(addresses)
        domains = sorted(address for address in named if address.startswith("@"))
        wrote = or_(
            correspondent.c.address.in_(sorted(named.difference(domains))),
            *(correspondent.c.address.endswith(domain, autoescape=True) for domain in domains),
        )
        with self._database.reading() as connection:
            rows = connection.execute(
                select(place.c.uid)
                .distinct()
                .join(message, message.c.id == place.c.message)
                .join(correspondent, correspondent.c.message == message.c.id)
                .where(
                    wrote,
                    message.c.direction == Direction.RECEIVED,
                    message.c.model.is_(None),
                    place.c.folder == folder,
                    place.c.uidvalidity == uidvalidity,
                )
                .order_by(place.c.uid)
            ).all()
        return [row.uid for row in rows]


def _corrected(fact: Fact, filed: set[Label], taken_out: set[Label]) -> Fact:
    if fact.classification is None or not (filed or taken_out):
        return fact
    told = corrected(fact.classification, frozenset(filed), frozenset(taken_out))
    remarks = fact.remarks - {Remark.LATE_PAYMENT} if RequestType.PAYMENT in taken_out else fact.remarks
    return replace(fact, classification=told, remarks=remarks)


def _without_erased(fact: Fact, writer: str, erased: Erased) -> Fact | None:
    """Return a fact without people whose mail of that time was erased; None if nobody else is left."""
    if fact.direction is Direction.RECEIVED and erased.covers(writer, fact.sent_at):
        return None
    left = tuple(address for address in fact.correspondents if not erased.covers(address, fact.sent_at))
    if left == fact.correspondents:
        return fact
    return replace(fact, correspondents=left, subject="", reply_to=None) if left else None


def _fact(row: Row[tuple[object, ...]], people: tuple[str, ...], requests: tuple[Request, ...]) -> Fact:
    classification = None
    if row.model is not None:
        classification = Classification(
            requests=requests,
            out_of_scope=OutOfScope(row.out_of_scope, row.out_of_scope_probability, row.out_of_scope_evidence),
            unsure=row.unsure,
            model=row.model,
        )
    return Fact(
        key=row.key,
        message_id=row.message_id,
        direction=Direction(row.direction),
        correspondents=people,
        sent_at=row.sent_at,
        utc_offset=row.utc_offset,
        subject=row.subject,
        words=row.words,
        reply_to=row.reply_to,
        folder=row.folder,
        classification=classification,
        remarks=frozenset(Remark(remark) for remark in row.remarks.split()),
    )
