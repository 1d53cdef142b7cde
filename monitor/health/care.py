"""Care signals that need no statistics: a client too large to lose, an end in sight, a pattern that has faded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.agreement import Client
from monitor.facts import Direction, Fact, Remark
from monitor.health.findings import CareNote
from monitor.health.patterns import presence
from monitor.labels import Care, Signal

LARGE_SHARE = 1 / 3  # of the fees; beyond it the loss of one client cannot be made good within a season
TIMES_EVEN = 2.0  # among two clients half is no cluster
END_IN_SIGHT = timedelta(days=35)  # time to speak about what comes next, and to plan it
GOAL_FRESH = timedelta(weeks=4)
FADED_FOR = 3  # weeks in which a pattern that has faded is told
LEAST_PRESENT = 2  # weeks for which it must have been there


def is_active(client: Client, today: date) -> bool:
    """Whether the contract runs on a day."""
    return (client.since is None or client.since <= today) and (client.until is None or today <= client.until)


def concentration(client: Client, clients: Sequence[Client], today: date) -> CareNote | None:
    """Return a note if too much of the agreed fees hangs on one client: a third, and twice an even share."""
    fees = {one.name: one.agreement.fee_per_month or 0.0 for one in clients if is_active(one, today)}
    own, total = fees.get(client.name, 0.0), sum(fees.values())
    paying = sum(fee > 0 for fee in fees.values())
    if not own or paying < 2 or own < LARGE_SHARE * total or own * paying < TIMES_EVEN * total:
        return None
    return CareNote(Care.CONCENTRATION, f"{own / total:.0%} of the agreed fees, even share {1 / paying:.0%}")


def turning_point(client: Client, facts: Sequence[Fact], now: datetime, zone: ZoneInfo) -> CareNote | None:
    """Return a note if the contract ends within five weeks, or a goal was reached in the last four."""
    today = now.astimezone(zone).date()
    if client.until is not None and timedelta(0) <= client.until - today <= END_IN_SIGHT:
        days = (client.until - today).days
        return CareNote(Care.TURNING_POINT, f"contract ends {client.until.isoformat()}", days, client.until)
    for fact in reversed(facts):
        if fact.sent_at <= now - GOAL_FRESH:
            break
        reached = Remark.GOAL_COMPLETED in fact.remarks and fact.direction is Direction.RECEIVED
        if reached and fact.sent_at <= now:
            day = fact.sent_at.astimezone(zone).date()
            return CareNote(Care.TURNING_POINT, f"a goal was reached on {day.isoformat()}")
    return None


@dataclass(frozen=True, slots=True)
class Course:
    """One signal week by week, the newest last: the probability of the pattern, and the incidents in four weeks."""

    signal: Signal
    strengths: Sequence[float]
    counts: Sequence[int]


def faded(courses: Sequence[Course]) -> CareNote | None:
    """Return a note if a pattern that was there for two weeks at least has gone in the last three, by itself."""
    best: CareNote | None = None
    for course in courses:
        there = presence(course.strengths)
        recent = there[-1 - FADED_FOR :]
        if recent[-1] or not any(recent) or sum(there) < LEAST_PRESENT:
            continue
        # Only what was there two weeks running was a pattern that somebody noticed.
        last = max(position for position, was in enumerate(there) if was)
        if not there[last - 1] or not last:
            continue
        before, now = max(course.counts[last - LEAST_PRESENT + 1 : last + 1]), course.counts[-1]
        if now * 2 > before:
            continue  # just under the bound is no relief
        reason = f"{course.signal}: {now} in 4 weeks, {before} before"
        if best is None or before > best.before:
            best = CareNote(Care.IMPROVEMENT, reason, signal=course.signal, before=before, now=now)
    return best
