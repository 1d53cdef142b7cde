"""Which messages are incidents of which boundary signal, and how certain each is.

A message counts by the calibrated probability of its classification. The client's own agreement is applied here,
not in the classifier: what it includes is no incident, what it excludes is one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.agreement import Agreement, Client
from monitor.facts import Direction, Fact, Remark
from monitor.health.patterns import Incident, separate
from monitor.health.working_time import WorkingTime
from monitor.labels import RequestType, Signal

Marked = list[tuple[Fact, float, str]]

# Requests with a signal of their own: outside the agreement they are no growing scope.
_JUDGED_ELSEWHERE = frozenset({RequestType.INSTANT_ACCESS, RequestType.PAYMENT})
UNDEMANDING = 0.25  # a mail at night that asks for no answer then: four of them weigh as one demand


def incidents(client: Client, facts: Sequence[Fact], working: WorkingTime) -> dict[Signal, list[Incident]]:
    """Return the separate incidents of each boundary signal that is told by messages."""
    received = [fact for fact in facts if fact.direction is Direction.RECEIVED and fact.classification]
    asked = _by_request(received)
    found = {
        Signal.SCOPE_CREEP: _outside(client.agreement, received),
        Signal.ALWAYS_ON: _at_any_hour(client, received, working),
        Signal.DEPENDENCY: _without_included(asked(RequestType.REASSURANCE), RequestType.REASSURANCE, client.agreement),
        Signal.UNRELIABILITY: asked(RequestType.CANCELLATION) + asked(RequestType.MISSED_COMMITMENT),
        Signal.PAYMENT: _payment(client.agreement, received) + _reminders(facts),
        Signal.EXPECTATION_GAP: asked(RequestType.EXPECTATION),
    }
    return {signal: separate(marked) for signal, marked in found.items()}


def _by_request(received: Sequence[Fact]) -> Callable[[RequestType], Marked]:
    def asked(wanted: RequestType) -> Marked:
        return [
            (fact, request.probability, request.evidence)
            for fact in received
            if fact.classification
            for request in fact.classification.requests
            if request.type is wanted
        ]

    return asked


def _without_included(marked: Marked, request: RequestType, agreement: Agreement) -> Marked:
    return [] if request in agreement.included else marked


def _outside(agreement: Agreement, received: Sequence[Fact]) -> Marked:
    """Asks outside this client's agreement, apart from those that another signal judges."""
    marked: Marked = []
    for fact in received:
        told = fact.classification
        assert told is not None
        types = {request.type for request in told.requests}
        excluded = [request for request in told.requests if request.type in agreement.excluded]
        if excluded:
            marked.append((fact, excluded[0].probability, excluded[0].evidence))
        elif told.out_of_scope.asked:
            asked = types - _JUDGED_ELSEWHERE
            if types and not asked:
                continue
            if asked & agreement.included and not (
                RequestType.EXTRA_WORK in asked and RequestType.EXTRA_WORK not in agreement.included
            ):
                continue
            marked.append((fact, told.out_of_scope.probability, told.out_of_scope.evidence))
    return marked


def _at_any_hour(client: Client, received: Sequence[Fact], working: WorkingTime) -> Marked:
    """Demands for an answer at any hour, and mail outside the hours of both sides."""
    if RequestType.INSTANT_ACCESS in client.agreement.included:
        return []
    marked: Marked = []
    for fact in received:
        assert fact.classification is not None
        demand = next((r for r in fact.classification.requests if r.type is RequestType.INSTANT_ACCESS), None)
        if demand:
            marked.append((fact, demand.probability, demand.evidence))
        elif not working.is_office_time(fact.sent_at) and not _in_own_hours(client.timezone, fact.sent_at, working):
            marked.append((fact, UNDEMANDING, _main_quote(fact)))
    return marked


def _in_own_hours(zone: ZoneInfo | None, moment: datetime, working: WorkingTime) -> bool:
    """Whether it is daytime on a weekday where the client lives, if that is another zone than the coach's."""
    if zone is None or zone == working.zone:
        return False
    local = moment.astimezone(zone)
    return local.weekday() < 5 and 7 <= local.hour < 22


def _payment(agreement: Agreement, received: Sequence[Fact]) -> Marked:
    """Late payments and bargaining; a plain question about an invoice is none."""
    if RequestType.PAYMENT in agreement.included:
        return []
    marked: Marked = []
    for fact in received:
        told = fact.classification
        assert told is not None
        request = next((r for r in told.requests if r.type is RequestType.PAYMENT), None)
        if request is None:
            continue
        if told.out_of_scope.asked and not any(r.type is RequestType.EXTRA_WORK for r in told.requests):
            marked.append((fact, min(request.probability, told.out_of_scope.probability), told.out_of_scope.evidence))
        elif Remark.LATE_PAYMENT in fact.remarks:
            marked.append((fact, request.probability, request.evidence))
    return marked


def _reminders(facts: Sequence[Fact]) -> Marked:
    """The coach's own reminders: nobody reminds of what was paid."""
    return [
        (fact, 1.0, "")
        for fact in facts
        if fact.direction is Direction.SENT and Remark.PAYMENT_REMINDER in fact.remarks
    ]


def _main_quote(fact: Fact) -> str:
    assert fact.classification is not None
    return fact.classification.requests[0].evidence if fact.classification.requests else ""
