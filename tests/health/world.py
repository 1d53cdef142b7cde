"""A small world to judge: one coach, some clients, facts written as a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.agreement import Absence, Agreement, Client, Coach
from monitor.facts import Classification, Direction, Fact, OutOfScope, Remark, Request
from monitor.health.findings import CareNote, ClientHealth, Finding
from monitor.health.judgement import judge
from monitor.labels import Care, Language, RequestType, Signal
from monitor.talks import Snooze, Talk

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 5, 18, 7, 0, tzinfo=BERLIN)  # a Monday
COACH = Coach("Jana Weber", frozenset({"jana@weber.example"}), Language.GERMAN, BERLIN, "DE-BY")


def away(first: date, last: date) -> Coach:
    """The coach, away on some days."""
    return Coach(COACH.name, COACH.addresses, COACH.language, BERLIN, "DE-BY", (Absence(first, last),))


def client(name: str = "Georg", agreement: Agreement | None = None, **changes: object) -> Client:
    """A client with the standard agreement."""
    return Client(name, frozenset({f"{name.lower()}@x.example"}), agreement or Agreement(), **changes)  # type: ignore[arg-type]


def received(
    days_ago: float,
    *requests: RequestType,
    out_of_scope: bool = False,
    probability: float = 0.9,
    hour: int | None = None,
    minute: int = 0,
    words: int = 60,
    remarks: frozenset[Remark] = frozenset(),
    sender: str = "georg@x.example",
) -> Fact:
    """A message that a client wrote; at ``hour`` of that day in the coach's zone, at noon if not said."""
    at = (NOW - timedelta(days=days_ago)).replace(hour=12 if hour is None else hour, minute=minute)
    asked = tuple(Request(request, probability, f"bitte {request}") for request in requests)
    return Fact(
        key=f"<{at.isoformat()}-{'-'.join(requests)}-{sender}>",
        message_id=f"<{at.isoformat()}>",
        direction=Direction.RECEIVED,
        correspondents=(sender,),
        sent_at=at,
        utc_offset=120,
        subject="Betreff",
        words=words,
        reply_to=None,
        folder="INBOX",
        classification=Classification(
            asked,
            OutOfScope(out_of_scope, probability if out_of_scope else 0.02, "bitte" if out_of_scope else ""),
            False,
            "m",
        ),
        remarks=remarks,
    )


def sent(
    days_ago: float,
    *,
    hour: int = 13,
    minute: int = 0,
    words: int = 60,
    remarks: frozenset[Remark] = frozenset(),
    to: str = "georg@x.example",
) -> Fact:
    """A message that the coach wrote."""
    at = (NOW - timedelta(days=days_ago)).replace(hour=hour, minute=minute)
    return Fact(
        key=f"<sent-{at.isoformat()}-{to}>",
        message_id=None,
        direction=Direction.SENT,
        correspondents=(to,),
        sent_at=at,
        utc_offset=120,
        subject="",
        words=words,
        reply_to=None,
        folder="Sent",
        remarks=remarks,
    )


def extra(days_ago: float, **changes: object) -> Fact:
    """An ask outside the agreement."""
    return received(days_ago, RequestType.EXTRA_WORK, out_of_scope=True, **changes)  # type: ignore[arg-type]


def remarked(days_ago: float, *remarks: Remark, **changes: object) -> Fact:
    """A client's mail that tells something beside its requests."""
    return received(days_ago, RequestType.SOCIAL, remarks=frozenset(remarks), **changes)  # type: ignore[arg-type]


def judged(
    facts: Sequence[Fact],
    who: Client | None = None,
    now: datetime = NOW,
    coach: Coach = COACH,
    talks: Sequence[Talk] = (),
    snoozes: Sequence[Snooze] = (),
) -> ClientHealth:
    """How a lone client is doing."""
    who = who or client()
    return judge(coach, [who], {who.name: facts}, now, None, talks, snoozes).clients[0]


def findings(facts: Sequence[Fact], who: Client | None = None, **more: object) -> dict[Signal, Finding]:
    """The patterns of a lone client, by signal."""
    return {finding.signal: finding for finding in judged(facts, who, **more).findings}  # type: ignore[arg-type]


def care(facts: Sequence[Fact], who: Client | None = None, **more: object) -> dict[Care, CareNote]:
    """The care notes of a lone client, by signal."""
    return {note.care: note for note in judged(facts, who, **more).care}  # type: ignore[arg-type]
