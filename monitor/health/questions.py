"""Which messages to ask the coach about: those whose answer would teach most and change most.

Three things count, each from 0 to 1, as active learning has them (Settles, Active Learning Literature Survey, 2009,
sections 3.1 and 5.3): how uncertain the answer is; whether it would decide about a pattern that hangs in the
balance; and that the questions differ in client and kind. They are chosen one after the other, each in view of those
before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from monitor.facts import Classification, Fact
from monitor.health.findings import ClientHealth
from monitor.labels import RequestType, Signal

MOST = 5
SAME_CLIENT = 0.6  # what a second question about one client is worth less; about one kind, half of it
SAME_KIND = 0.3
DECIDES = 0.5  # what a pattern in the balance adds
TOUCHED: Mapping[RequestType, Signal] = {
    RequestType.INSTANT_ACCESS: Signal.ALWAYS_ON,
    RequestType.REASSURANCE: Signal.DEPENDENCY,
    RequestType.CANCELLATION: Signal.UNRELIABILITY,
    RequestType.MISSED_COMMITMENT: Signal.UNRELIABILITY,
    RequestType.PAYMENT: Signal.PAYMENT,
    RequestType.EXPECTATION: Signal.EXPECTATION_GAP,
    RequestType.EXTRA_WORK: Signal.SCOPE_CREEP,
}


def most_instructive(
    judged: Sequence[ClientHealth], histories: Mapping[str, Sequence[Fact]], first: date, last: date, zone: ZoneInfo
) -> list[tuple[str, Fact]]:
    """Return up to five messages of some days (included) with their clients, the most instructive first."""
    undecided = {health.client: health.undecided for health in judged}
    open_ones = [
        (_worth(fact.classification, undecided.get(name, frozenset())), name, fact)
        for name, facts in histories.items()
        for fact in facts
        if fact.classification and fact.classification.unsure and first <= fact.sent_at.astimezone(zone).date() <= last
    ]
    chosen: list[tuple[str, Fact]] = []
    while open_ones and len(chosen) < MOST:
        best = max(open_ones, key=lambda one: (one[0] - _sameness(one[1], one[2], chosen), one[2].key))
        open_ones.remove(best)
        chosen.append((best[1], best[2]))
    return chosen


def _worth(told: Classification, undecided: frozenset[Signal]) -> float:
    balance = 1 - 2 * abs(told.out_of_scope.probability - 0.5)
    likely = sorted((request.probability for request in told.requests), reverse=True)
    vague = 1 - likely[0] if likely else 1.0
    touched = {TOUCHED[request.type] for request in told.requests if request.type in TOUCHED}
    if balance > 0.2:
        touched.add(Signal.SCOPE_CREEP)
    return max(balance, vague) + DECIDES * bool(touched & undecided)


def _sameness(name: str, fact: Fact, chosen: Sequence[tuple[str, Fact]]) -> float:
    kind = _kind(fact)
    clients = sum(SAME_CLIENT for other, _ in chosen if other == name)
    return clients + sum(SAME_KIND for _, one in chosen if _kind(one) == kind)


def _kind(fact: Fact) -> tuple[RequestType, ...]:
    told = fact.classification
    return tuple(request.type for request in told.requests[:2]) if told else ()
