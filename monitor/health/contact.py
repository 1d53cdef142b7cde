"""How much of the coach's time for mail goes to whom: the 80/20 picture, and when a large share is a pattern.

A client who takes more than twice an even share is told (``time_share``), unless the weight is healthy: real
progress, in scope, in office hours. How long a client has been one never counts.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate

from monitor.facts import Direction, Fact
from monitor.health.findings import Evidence, Finding, Trend
from monitor.health.patterns import THRESHOLD, WEEK, WEEKS, WINDOW
from monitor.health.working_time import WorkingTime
from monitor.labels import RequestType, Signal

READING_WORDS_A_MINUTE = 200.0  # silent reading of prose: 238 a minute on average (Brysbaert 2019), mail is read slower
WRITING_WORDS_A_MINUTE = 25.0  # composing, not copying
MINUTES_A_MESSAGE = 1.5  # opening, thinking, filing
LEAST_CLIENTS = 4  # below that an even share says nothing
LEAST_MESSAGES = 8
# A heavy writer is healthy with so much progress, and so little beyond scope and office hours, as shares of the mails.
PROGRESS_SHARE = 0.25
OUTSIDE_SCOPE_SHARE = 0.05
OUTSIDE_HOURS_SHARE = 0.1
LIKELY = 0.5


class Correspondence:
    """The messages with one client in the order of time, ready to be counted over any window."""

    __slots__ = ("_minutes", "_times", "facts", "progress", "received", "received_times", "sent_times")

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.facts = facts
        self._times = [fact.sent_at for fact in facts]
        self._minutes = [0.0, *accumulate(minutes(fact) for fact in facts)]
        self.received = [fact for fact in facts if fact.direction is Direction.RECEIVED]
        self.received_times = [fact.sent_at for fact in self.received]
        self.sent_times = [fact.sent_at for fact in facts if fact.direction is Direction.SENT]
        self.progress = [fact.sent_at for fact in self.received if reports_progress(fact)]

    def within(self, start: datetime, end: datetime) -> Sequence[Fact]:
        """Return the messages after ``start``, up to ``end`` (included)."""
        return self.facts[bisect_right(self._times, start) : bisect_right(self._times, end)]

    def minutes(self, start: datetime, end: datetime) -> float:
        """Return the coach's estimated minutes for them."""
        first, last = bisect_right(self._times, start), bisect_right(self._times, end)
        return self._minutes[last] - self._minutes[first] if last > first else 0.0

    def receipts(self, start: datetime, end: datetime) -> Sequence[Fact]:
        """Return the messages received after ``start``, up to ``end``."""
        return self.received[bisect_right(self.received_times, start) : bisect_right(self.received_times, end)]

    def last_received(self, now: datetime) -> datetime | None:
        """Return when the client wrote last."""
        position = bisect_right(self.received_times, now)
        return self.received_times[position - 1] if position else None

    def progress_reports(self, start: datetime, end: datetime) -> int:
        """Return how many messages received report progress."""
        return max(0, bisect_right(self.progress, end) - bisect_right(self.progress, start))

    def has_sent(self, start: datetime, end: datetime) -> bool:
        """Whether the coach wrote in that time."""
        return bisect_left(self.sent_times, start) < bisect_right(self.sent_times, end)

    def has_any(self, start: datetime, end: datetime) -> bool:
        """Whether anything was written in that time, by either side."""
        return bisect_left(self._times, start) < bisect_right(self._times, end)


def minutes(fact: Fact) -> float:
    """Return the coach's estimated minutes for a message: reading it, or writing it."""
    pace = WRITING_WORDS_A_MINUTE if fact.direction is Direction.SENT else READING_WORDS_A_MINUTE
    return MINUTES_A_MESSAGE + fact.words / pace


def reports_progress(fact: Fact) -> bool:
    """Whether a message tells of progress."""
    told = fact.classification
    return told is not None and any(
        request.type is RequestType.PROGRESS and request.probability >= LIKELY for request in told.requests
    )


@dataclass(frozen=True, slots=True)
class Shares:
    """The coach's correspondence of the last four weeks in estimated minutes: each client's, all together, and how
    many clients there was any with."""

    minutes: Mapping[str, float]
    total: float
    active: int

    def of(self, client: str) -> float:
        """Return a client's share, 0 to 1."""
        return self.minutes.get(client, 0.0) / self.total if self.total else 0.0

    @property
    def even(self) -> float:
        """The share that each active client would have."""
        return 1 / self.active if self.active else 0.0


def shares(everybody: Mapping[str, Correspondence], now: datetime) -> Shares:
    """Return the shares of all clients: reading what they wrote, writing to them."""
    spent = {name: one.minutes(now - WINDOW, now) for name, one in everybody.items()}
    return Shares(spent, sum(spent.values()), sum(minutes > 0 for minutes in spent.values()))


def weight_of(client: str, mails: int, all_shares: Shares, leeway: int) -> float:
    """Return how far a client's share goes beyond what the coach lets pass: 1.0 is the bound, 0 too little mail.

    ``leeway`` is how many even shares beyond the first the coach lets pass.
    """
    if all_shares.active < LEAST_CLIENTS or mails < LEAST_MESSAGES:
        return 0.0
    return all_shares.of(client) / (all_shares.even * (1 + leeway))


def is_healthy_weight(own: Correspondence, outside_scope: float, now: datetime, working: WorkingTime) -> bool:
    """Whether much mail is good mail: progress, in scope, in office hours.

    ``outside_scope`` are the weighed asks of four weeks. Progress comes in steps: it is looked for over eight.
    """
    receipts = own.receipts(now - WINDOW, now)
    longer = len(own.receipts(now - 2 * WINDOW, now))
    if not receipts:
        return False
    # The coach's own vacation is no odd hour of the client's.
    hours = replace(working, absences=())
    odd = sum(not hours.is_office_time(fact.sent_at) for fact in receipts)
    return (
        own.progress_reports(now - 2 * WINDOW, now) >= PROGRESS_SHARE * longer
        and outside_scope <= OUTSIDE_SCOPE_SHARE * len(receipts)
        and odd <= OUTSIDE_HOURS_SHARE * len(receipts)
    )


def time_share(
    client: str, own: Correspondence, all_shares: Shares, now: datetime, working: WorkingTime, leeway: int
) -> Finding | None:
    """Return the finding if a client takes far more than an even share of the correspondence."""
    recent = own.receipts(now - WINDOW, now)
    weight = weight_of(client, len(recent), all_shares, leeway)
    if weight <= 1.0:
        return None
    earlier = len(own.receipts(now - 2 * WINDOW, now - WINDOW))
    trend = (
        Trend.RISING if len(recent) > 1.25 * earlier else Trend.EASING if len(recent) < 0.75 * earlier else Trend.STEADY
    )
    longest = sorted(recent, key=lambda fact: -fact.words)[:3]
    return Finding(
        signal=Signal.TIME_SHARE,
        since=min(fact.sent_at for fact in recent).astimezone(working.zone).date(),
        trend=trend,
        strength=strength_of(weight),
        incidents=len(recent),
        leeway=leeway,
        rule=f"{all_shares.of(client):.0%} of the correspondence in 4 weeks, even share {all_shares.even:.0%}",
        evidence=tuple(
            Evidence(fact.message_id, fact.sent_at, _quote(fact), fact.folder, fact.subject)
            for fact in sorted(longest, key=lambda fact: fact.sent_at)
        ),
        weekly=tuple(
            len(own.receipts(now - WEEK * (back + 1), now - WEEK * back)) for back in range(WEEKS - 1, -1, -1)
        ),
    )


def strength_of(weight: float) -> float:
    """Return the strength of a share that goes ``weight`` times to the bound: at the bound it is told."""
    return round(min(1.0, weight * THRESHOLD), 3)


def _quote(fact: Fact) -> str:
    told = fact.classification
    return told.requests[0].evidence if told is not None and told.requests else ""
