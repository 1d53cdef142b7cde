"""Write facts in few statements: a first look keeps tens of thousands of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from monitor.facts import Classification, Fact
from monitor.mailbox.raw_message import Place
from monitor.store.schema import correspondent, message, place, request

MOST = 500  # facts that are looked up at once

Kept = tuple[Fact, str, Place | None]  # with its writer, and where it lies
Identity = tuple[str, str]  # key and writer

_CHANGE = update(message).where(message.c.id == bindparam("known"))
_FORGET_REQUESTS = delete(request).where(request.c.message == bindparam("known"))
_CLEAR_PLACE = delete(place).where(
    place.c.folder == bindparam("in_folder"),
    place.c.uidvalidity == bindparam("of_validity"),
    place.c.uid == bindparam("with_uid"),
)


def write_facts(connection: Connection, kept: Iterable[Kept]) -> int:
    """Write facts, and where their messages lie; return how many were new.

    What is known already is not doubled; a new classification replaces an old one.
    """
    return sum(_write(connection, run) for run in _runs(kept))


def _runs(kept: Iterable[Kept]) -> Iterator[dict[Identity, Kept]]:
    """Part facts into runs, in none of which a message comes twice: the second copy is to find the first one known."""
    run: dict[Identity, Kept] = {}
    for fact, writer, where in kept:
        if (fact.key, writer) in run or len(run) >= MOST:
            yield run
            run = {}
        run[fact.key, writer] = fact, writer, where
    if run:
        yield run


def _write(connection: Connection, run: Mapping[Identity, Kept]) -> int:
    known = _known(connection, run)
    new = {identity: fact for identity, (fact, _, _) in run.items() if identity not in known}
    if new:
        _insert(
            connection,
            message,
            [{"key": key, "writer": writer, "folder": f.folder, **_values(f)} for (key, writer), f in new.items()],
        )
        known |= _known(connection, new)
    again = {i: fact for i, (fact, _, _) in run.items() if i not in new and fact.classification is not None}
    if again:
        connection.execute(_CHANGE, [{"known": known[i], **_values(fact)} for i, fact in again.items()])
        connection.execute(_FORGET_REQUESTS, [{"known": known[i]} for i in again])
    people = [(known[i], address) for i, fact in new.items() for address in sorted(set(fact.correspondents))]
    _insert(connection, correspondent, [{"message": number, "address": address} for number, address in people])
    _insert(connection, request, [row for i, f in (new | again).items() for row in _requests(known[i], f)])
    _put(connection, {where: known[identity] for identity, (_, _, where) in run.items() if where is not None})
    return len(new)


def _known(connection: Connection, identities: Iterable[Identity]) -> dict[Identity, int]:
    """Return the numbers of the messages that the store knows."""
    keys = sorted({key for key, _ in identities})
    rows = connection.execute(select(message.c.id, message.c.key, message.c.writer).where(message.c.key.in_(keys)))
    return {(row.key, row.writer): row.id for row in rows}


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _values(fact: Fact) -> dict[str, object]:
    return {
        "message_id": fact.message_id,
        "direction": fact.direction,
        "sent_at": fact.sent_at,
        "utc_offset": fact.utc_offset,
        "subject": fact.subject,
        "words": fact.words,
        "reply_to": fact.reply_to,
        "remarks": " ".join(sorted(fact.remarks)),
        **_columns(fact.classification),
    }


def _columns(told: Classification | None) -> dict[str, object]:
    return {
        "model": told.model if told else None,
        "unsure": told.unsure if told else None,
        "out_of_scope": told.out_of_scope.asked if told else None,
        "out_of_scope_probability": told.out_of_scope.probability if told else None,
        "out_of_scope_evidence": told.out_of_scope.evidence if told else None,
    }


def _requests(number: int, fact: Fact) -> list[dict[str, object]]:
    asked = fact.classification.requests if fact.classification else ()
    return [
        {
            "message": number,
            "type": item.type,
            "rank": rank,
            "probability": item.probability,
            "evidence": item.evidence,
        }
        for rank, item in enumerate(asked)
    ]


def _put(connection: Connection, places: Mapping[Place, int]) -> None:
    if not places:
        return
    connection.execute(
        _CLEAR_PLACE,
        [{"in_folder": p.folder, "of_validity": p.uidvalidity, "with_uid": p.uid} for p in places],
    )
    _insert(
        connection,
        place,
        [
            {"folder": p.folder, "uidvalidity": p.uidvalidity, "uid": p.uid, "message": number}
            for p, number in places.items()
        ],
    )
