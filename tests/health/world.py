"""A small world to judge: one coach, one client, facts written as a sentence."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.agreement import Agreement, Client, Coach
from monitor.facts import Classification, Direction, Fact, OutOfScope, Remark, Request
from monitor.labels import Language, RequestType

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 5, 18, 7, 0, tzinfo=BERLIN)  # a Monday
COACH = Coach("Jana Weber", frozenset({"jana@weber.example"}), Language.GERMAN, BERLIN, "DE-BY")


def client(name: str = "Georg", agreement: Agreement | None = None, **changes: object) -> Client:
    """A client with the standard agreement."""
    return Client(name, frozenset({f"{name.lower()}@x.example"}), agreement or Agreement(), **changes)  # type: ignore[arg-type]


def received(
    days_ago: float,
    *requests: RequestType,
    out_of_scope: bool = False,
    probability: float = 0.9,
    hour: int | None = None,
    words: int = 60,
    remarks: frozenset[Remark] = frozenset(),
    sender: str = "georg@x.example",
) -> Fact:
    """A message that a client wrote; at ``hour`` of that day in the coach's zone, at noon if not said."""
    at = (NOW - timedelta(days=days_ago)).replace(hour=12 if hour is None else hour, minute=0)
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
    days_ago: float, *, words: int = 60, remarks: frozenset[Remark] = frozenset(), to: str = "georg@x.example"
) -> Fact:
    """A message that the coach wrote."""
    at = (NOW - timedelta(days=days_ago)).replace(hour=13, minute=0)
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
