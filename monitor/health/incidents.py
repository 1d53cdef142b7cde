"""Which messages are incidents of which boundary signal, and how certain each is.

A message counts by the calibrated probability of its classification. The client's own agreement is applied here,
not in the classifier: what it includes is no incident of anything, what it excludes is growing scope. One behaviour
is one signal: an ask for an answer at once lies outside the standard agreement too, and belongs to ``always_on``
alone; a warm word, an odd hour or a long relationship is no incident.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.agreement import Agreement, Client
from monitor.facts import Classification, Direction, Fact, Remark
from monitor.health.patterns import Incident, Marked, Track, joined, separate
from monitor.health.working_time import day_of
from monitor.labels import RequestType, Signal

# These explain by themselves why a message lies outside the agreement, and have a signal of their own.
_EXPLAINED = frozenset({RequestType.INSTANT_ACCESS, RequestType.PAYMENT, RequestType.CANCELLATION})
# An appointment, or nothing that the classifier can name, said to lie outside the agreement: its two answers
# disagree. On 240 labelled mails it was right in half of these, and in nine of ten of the others.
UNSUPPORTED = 0.6
LIKELY = 0.4  # what is less likely is no incident at all: many faint guesses make no pattern
SURE = 0.5  # from which another matter explains why a message lies outside the agreement
# Two strong incidents are a pattern, two weak ones are not: homework left undone beside a session missed, a wish for
# a lower price beside a payment overdue after a reminder.
WEAK = 0.55
EPISODE = timedelta(days=5)  # a reminder and the answer to it are about one late payment
# So long a reminder, or the client's own word that a payment is late, makes the next such word a strong one: what was
# promised has not come.
REMINDED = timedelta(days=28)


def tracks(client: Client, facts: Sequence[Fact], zone: ZoneInfo) -> dict[Signal, Track]:
    """Return the separate incidents of each boundary signal that is told by messages.

    ``zone`` is the coach's; the days are the client's own, where their zone is known.
    """
    own = client.timezone or zone
    received = [fact for fact in facts if fact.direction is Direction.RECEIVED and fact.classification]
    agreement = client.agreement
    missed = _asked(received, RequestType.CANCELLATION, agreement) + _asked(
        received, RequestType.MISSED_COMMITMENT, agreement, WEAK
    )
    return {
        Signal.SCOPE_CREEP: Track(separate(outside(agreement, received), own)),
        Signal.ALWAYS_ON: Track(separate(_asked(received, RequestType.INSTANT_ACCESS, agreement), own)),
        Signal.DEPENDENCY: Track(separate(_asked(received, RequestType.REASSURANCE, agreement), own)),
        Signal.UNRELIABILITY: Track(separate(missed, own)),
        Signal.PAYMENT: Track(_payment(agreement, facts, own)),
        Signal.EXPECTATION_GAP: Track(separate(_asked(received, RequestType.EXPECTATION, agreement), own)),
    }


def outside(agreement: Agreement, received: Sequence[Fact]) -> list[Marked]:
    """Return the asks outside this client's agreement, apart from those that another signal judges."""
    marked: list[Marked] = []
    for fact in received:
        told = fact.classification
        if told is None:
            continue
        excluded = [request for request in told.requests if request.type in agreement.excluded]
        if excluded:
            strongest = max(excluded, key=lambda request: request.probability)
            marked.append((fact, strongest.probability, strongest.evidence))
        elif certainty := _beyond(told, agreement):
            marked.append((fact, certainty, told.out_of_scope.evidence or _first_evidence(told)))
    return marked


def _first_evidence(told: Classification) -> str:
    return told.requests[0].evidence if told.requests else ""


def _beyond(told: Classification, agreement: Agreement) -> float:
    """Return how certain a message asks for more than this agreement holds; 0 if another signal judges it."""
    if told.out_of_scope.probability < LIKELY:
        return 0.0
    named = {request.type: request.probability for request in told.requests}
    likely = {request for request, probability in named.items() if probability >= SURE}
    extra_work = 0.0 if RequestType.EXTRA_WORK in agreement.included else named.get(RequestType.EXTRA_WORK, 0.0)
    # What is included may well be what lies outside the standard agreement.
    if extra_work < SURE and (likely & _EXPLAINED or named.keys() & agreement.included):
        return extra_work if extra_work >= LIKELY else 0.0
    supported = bool(named.keys() - {RequestType.SCHEDULING})
    return told.out_of_scope.probability * (1.0 if supported else UNSUPPORTED)


def _asked(received: Sequence[Fact], wanted: RequestType, agreement: Agreement, factor: float = 1.0) -> list[Marked]:
    if wanted in agreement.included:
        return []
    return [
        (fact, request.probability * factor, request.evidence)
        for fact in received
        if fact.classification
        for request in fact.classification.requests
        if request.type is wanted and request.probability >= LIKELY
    ]


def _payment(agreement: Agreement, facts: Sequence[Fact], zone: ZoneInfo) -> list[Incident]:
    """Return late payments and wishes for a lower price; a plain question about an invoice is none."""
    if RequestType.PAYMENT in agreement.included:
        return []
    late = _late(facts, zone)
    days = {day_of(fact.sent_at, zone) for incident in late for fact in incident.facts}
    bargains = [one for one in separate(_bargains(facts), zone) if one.day not in days]
    return late + bargains


def _bargains(facts: Sequence[Fact]) -> list[Marked]:
    marked: list[Marked] = []
    for fact in facts:
        told = fact.classification
        if told is None or fact.direction is not Direction.RECEIVED or not told.out_of_scope.asked:
            continue
        payment = next((request for request in told.requests if request.type is RequestType.PAYMENT), None)
        if payment and not any(request.type is RequestType.EXTRA_WORK for request in told.requests):
            certainty = min(payment.probability, told.out_of_scope.probability)
            marked.append((fact, certainty * WEAK, told.out_of_scope.evidence))
    return marked


def _late(facts: Sequence[Fact], zone: ZoneInfo) -> list[Incident]:
    """Return the late payments: the coach's reminder shows one, the client's word on it belongs to the same one."""
    episodes: list[tuple[datetime, list[Marked]]] = []
    reminded: datetime | None = None
    for fact in facts:
        marked: Marked | None = None
        if fact.direction is Direction.SENT and Remark.PAYMENT_REMINDER in fact.remarks:
            reminded = fact.sent_at
            marked = (fact, 1.0, "")  # nobody reminds of what was paid
        elif fact.direction is Direction.RECEIVED and fact.remarks & {Remark.LATE_PAYMENT, Remark.PAYMENT_REMINDER}:
            if Remark.PAYMENT_REMINDER in fact.remarks:
                reminded = fact.sent_at
            after_reminder = reminded is not None and fact.sent_at - reminded <= REMINDED
            told = fact.classification
            payment = next((r for r in told.requests if r.type is RequestType.PAYMENT), None) if told else None
            if after_reminder:
                marked = (fact, 1.0, payment.evidence if payment else "")
            elif payment:
                marked = (fact, payment.probability * WEAK, payment.evidence)
        if marked is None:
            continue
        if not episodes or fact.sent_at - episodes[-1][0] > EPISODE:
            episodes.append((fact.sent_at, []))
        episodes[-1][1].append(marked)
    return [joined(_day(items, zone), items) for _, items in episodes]


def _day(items: Sequence[Marked], zone: ZoneInfo) -> date:
    return day_of(items[-1][0].sent_at, zone)
