"""The goodwill ledger: what the coach gave beyond the agreement, in number, hours and money, by quarter.

An ask outside the agreement counts as accepted where the coach's answer in Sent mail agrees to it, or where an ask
for an answer at once got one within the hour outside office hours. Minutes are estimates by kind; money is what
these hours would have cost at the rate of the agreed sessions. Generosity is no mistake; not knowing it is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.agreement import OTHER_GOODWILL_MINUTES, Agreement
from monitor.facts import Direction, Fact, Remark
from monitor.health.findings import Goodwill
from monitor.health.incidents import outside
from monitor.health.mirror import answer_to
from monitor.health.working_time import WorkingTime
from monitor.labels import RequestType

LIKELY = 0.5
AT_ONCE = timedelta(hours=1)
QUARTERS = 2  # the running one and the one before


@dataclass(frozen=True, slots=True)
class Favour:
    """An ask beyond the agreement, its kind, and the coach's answer; ``accepted`` says whether it was taken on."""

    ask: Fact
    kind: RequestType
    accepted: bool


def favours(facts: Sequence[Fact], working: WorkingTime) -> list[Favour]:
    """Return the asks beyond the agreement and what became of them, in the order of time."""
    sent = [fact for fact in facts if fact.direction is Direction.SENT]
    beyond = {id(ask) for ask, certainty, _ in outside(working.agreement, facts) if certainty >= LIKELY}
    found: list[Favour] = []
    for fact in facts:
        if fact.direction is not Direction.RECEIVED or fact.classification is None:
            continue
        types = {request.type for request in fact.classification.requests if request.probability >= LIKELY}
        at_once = RequestType.INSTANT_ACCESS in types - working.agreement.included
        if id(fact) not in beyond and not at_once:
            continue
        answer = answer_to(fact, sent)
        if answer is None:
            accepted = False
        elif id(fact) not in beyond:
            accepted = answer.sent_at - fact.sent_at <= AT_ONCE and not working.is_office_time(answer.sent_at)
        else:
            accepted = Remark.EXTRA_ACCEPTED in answer.remarks
        found.append(Favour(fact, _kind(types, id(fact) in beyond), accepted))
    return found


def _kind(types: set[RequestType], beyond: bool) -> RequestType:
    if not beyond:
        return RequestType.INSTANT_ACCESS
    for kind in (RequestType.EXTRA_WORK, RequestType.SCHEDULING, RequestType.COACHING_QUESTION):
        if kind in types:
            return kind
    return next(iter(sorted(types)), RequestType.EXTRA_WORK)


def ledger(
    given: Sequence[Favour], minutes: Mapping[RequestType, int], now: datetime, working: WorkingTime
) -> tuple[Goodwill, ...]:
    """Return the ledger of the running quarter and the one before, the newest first; quarters without asks left out."""
    today = now.astimezone(working.zone).date()
    by_quarter: dict[str, list[Favour]] = {}
    for one in given:
        if one.ask.sent_at <= now:
            by_quarter.setdefault(quarter(one.ask.sent_at.astimezone(working.zone).date()), []).append(one)
    wanted = [quarter(today), quarter(today.replace(day=1) - timedelta(days=31 * ((today.month - 1) % 3 + 1)))]
    return tuple(
        _entry(name, by_quarter[name], minutes, working.agreement, today) for name in wanted if name in by_quarter
    )


def quarter(day: date) -> str:
    """Return the quarter of a day, such as 2026-Q2."""
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"


def _entry(
    name: str, given: Sequence[Favour], minutes: Mapping[RequestType, int], agreement: Agreement, today: date
) -> Goodwill:
    accepted = [one for one in given if one.accepted]
    spent = sum(minutes.get(one.kind, OTHER_GOODWILL_MINUTES) for one in accepted)
    agreed = _hours_a_month(agreement)
    if agreement.fee_per_month is None or not agreed:
        return Goodwill(name, len(given), len(accepted), spent)
    months = _months(name, today)
    rate = agreement.fee_per_month / agreed
    effective = agreement.fee_per_month * months / (agreed * months + spent / 60)
    return Goodwill(
        name, len(given), len(accepted), spent, round(spent / 60 * rate, 2), round(rate, 2), round(effective, 2)
    )


def _hours_a_month(agreement: Agreement) -> float:
    return (agreement.sessions_per_month or 0.0) * (agreement.session_minutes or 0) / 60


def _months(name: str, today: date) -> float:
    """Return how many months of a quarter are over: all three, or in the running one a part, a month at least."""
    if quarter(today) != name:
        return 3.0
    begun = (today.month - 1) % 3
    return max(1.0, begun + today.day / 31)
