"""What is remembered of a message: facts and the short spans that prove them, never the mail itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.labels import Label, RequestType, Verdict


class Remark(StrEnum):
    """What a message says beside its requests, where the judgement of a pattern needs it."""

    LATE_PAYMENT = "late_payment"  # a client tells that a payment is late
    ILLNESS = "illness"  # the client, or somebody close, is ill
    BEREAVEMENT = "bereavement"  # somebody close has died
    BIRTH = "birth"  # a child was born
    CRISIS = "crisis"  # a separation, a breakdown, an accident, a grave diagnosis
    DANGER = "danger"  # words that can point to danger for life
    GOAL_COMPLETED = "goal_completed"  # the client has reached what the coaching was for
    PAYMENT_REMINDER = "payment_reminder"  # the coach reminds of an overdue payment
    PROMISE = "promise"  # the coach promises to do or to send something
    EXTRA_ACCEPTED = "extra_accepted"  # the coach does, or agrees to do, what was asked beyond the agreement
    SAYS_SIE = "says_sie"  # the coach addresses the client with Sie
    SAYS_DU = "says_du"  # the coach addresses the client with du


ADDRESS_REMARKS = frozenset({Remark.SAYS_SIE, Remark.SAYS_DU})
"""How the coach addresses somebody; they tell nothing of what a message is about."""


class Direction(StrEnum):
    """Whether the coach received or sent the message."""

    RECEIVED = "received"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that a message asks for, with its calibrated probability and the span that shows it."""

    type: RequestType
    probability: float
    evidence: str


@dataclass(frozen=True, slots=True)
class OutOfScope:
    """Whether something outside the standard agreement is asked, how probable, and the span that shows it."""

    asked: bool
    probability: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Classification:
    """What one message asks for; ``requests`` above their thresholds, the most likely main type first.

    ``unsure`` says that a person should look before anybody relies on it. ``model`` names the version.
    """

    requests: tuple[Request, ...]
    out_of_scope: OutOfScope
    unsure: bool
    model: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One message of the correspondence between the coach and somebody.

    ``key`` is the Message-ID, or a hash of the content where there is none. ``correspondents`` are the sender
    of a received message, the recipients of a sent one, in lower case. ``sent_at`` is in UTC;
    ``utc_offset`` is the writer's, in minutes. ``words`` counts the writer's own words.
    ``classification`` is None for what the coach sent and for people who are no clients; ``remarks`` are known for
    both sides of the correspondence with clients.
    """

    key: str
    message_id: str | None
    direction: Direction
    correspondents: tuple[str, ...]
    sent_at: datetime
    utc_offset: int
    subject: str
    words: int
    reply_to: str | None
    folder: str
    classification: Classification | None = None
    remarks: frozenset[Remark] = frozenset()


def corrected(told: Classification, filed: frozenset[Label], taken_out: frozenset[Label]) -> Classification:
    """Return a classification as the coach corrected it: what is filed counts, what was taken out does not.

    ``filed`` are the labels that the message bears now, ``taken_out`` those that it bore once.
    """
    types = [label for label in filed if isinstance(label, RequestType)]
    guessed = {request.type: request for request in told.requests}
    quote = told.requests[0].evidence if told.requests else told.out_of_scope.evidence
    requests = told.requests
    scope = told.out_of_scope
    if Verdict.NOT_A_CLIENT in filed:
        return Classification((), OutOfScope(False, 0.0, ""), False, told.model)
    if types:
        order = {request.type: place for place, request in enumerate(told.requests)}
        types.sort(key=lambda label: (order.get(label, len(order)), label))
        requests = tuple(Request(label, 1.0, guessed[label].evidence if label in guessed else quote) for label in types)
    elif taken_out:
        requests = tuple(request for request in told.requests if request.type not in taken_out)
    if Verdict.OUT_OF_SCOPE in filed:
        scope = OutOfScope(True, 1.0, scope.evidence or quote)
    elif Verdict.IN_SCOPE in filed or Verdict.OUT_OF_SCOPE in taken_out:
        scope = OutOfScope(False, 0.0, "")
    sure = bool(filed) or bool(taken_out)
    return Classification(requests, scope, told.unsure and not sure, told.model)
