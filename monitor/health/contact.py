"""How much contact there is, against the client's own rhythm, the agreement and the others: both ends cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

from monitor.agreement import Client
from monitor.facts import Direction, Fact
from monitor.health.findings import CareNote, Evidence, Finding, Trend
from monitor.health.patterns import WINDOW
from monitor.health.working_time import WorkingTime
from monitor.labels import Care, Signal

READING_WORDS_A_MINUTE = 200.0  # silent reading of prose: 238 a minute on average (Brysbaert 2019), mail is read slower
WRITING_WORDS_A_MINUTE = 25.0  # composing, not copying
MINUTES_A_MESSAGE = 1.5  # opening, thinking, filing
LEAST_CLIENTS = 4  # below that an even share says nothing
LEAST_MESSAGES = 8
TIMES_EVEN_SHARE = 2.0
LEAST_HISTORY = 3  # messages from which a client has a rhythm of their own


@dataclass(frozen=True, slots=True)
class Shares:
    """Each client's share of the coach's correspondence in the last four weeks, in estimated minutes."""

    minutes: Mapping[str, float]

    def of(self, client: str) -> float:
        """Return a client's share, 0 to 1."""
        total = sum(self.minutes.values())
        return self.minutes.get(client, 0.0) / total if total else 0.0

    @property
    def even(self) -> float:
        """Return the share that each active client would have."""
        active = sum(minutes > 0 for minutes in self.minutes.values())
        return 1 / active if active else 0.0


def shares(histories: Mapping[str, Sequence[Fact]], now: datetime) -> Shares:
    """Return the shares of all clients: reading what they wrote, writing to them."""
    return Shares(
        {
            name: sum(_minutes(fact) for fact in facts if now - WINDOW < fact.sent_at <= now)
            for name, facts in histories.items()
        }
    )


def _minutes(fact: Fact) -> float:
    pace = WRITING_WORDS_A_MINUTE if fact.direction is Direction.SENT else READING_WORDS_A_MINUTE
    return MINUTES_A_MESSAGE + fact.words / pace


def time_share(
    client: Client, facts: Sequence[Fact], all_shares: Shares, now: datetime, zone: ZoneInfo, leeway: int
) -> Finding | None:
    """Return the finding if a client takes far more than an even share of the correspondence.

    ``leeway`` is how many even shares beyond the first the coach lets pass.
    """
    active = sum(minutes > 0 for minutes in all_shares.minutes.values())
    recent = [fact for fact in facts if now - WINDOW < fact.sent_at <= now and fact.direction is Direction.RECEIVED]
    share = all_shares.of(client.name)
    bound = all_shares.even * (1 + leeway)
    if active < LEAST_CLIENTS or len(recent) < LEAST_MESSAGES or share <= bound:
        return None
    longest = sorted(recent, key=lambda fact: -fact.words)[:3]
    earlier = sum(
        now - 2 * WINDOW < fact.sent_at <= now - WINDOW and fact.direction is Direction.RECEIVED for fact in facts
    )
    trend = (
        Trend.RISING if len(recent) > 1.25 * earlier else Trend.EASING if len(recent) < 0.75 * earlier else Trend.STEADY
    )
    return Finding(
        signal=Signal.TIME_SHARE,
        since=min(fact.sent_at for fact in recent).astimezone(zone).date(),
        trend=trend,
        strength=round(min(1.0, share / (2 * bound) + 0.25), 3),
        incidents=len(recent),
        leeway=leeway,
        rule=f"{share:.0%} of the correspondence in 4 weeks, even share {all_shares.even:.0%}",
        evidence=tuple(
            Evidence(fact.message_id, fact.sent_at, _quote(fact), fact.folder, fact.subject)
            for fact in sorted(longest, key=lambda f: f.sent_at)
        ),
        weekly=tuple(
            sum(
                now - timedelta(weeks=back + 1) < fact.sent_at <= now - timedelta(weeks=back)
                and fact.direction is Direction.RECEIVED
                for fact in facts
            )
            for back in range(11, -1, -1)
        ),
    )


def silence(
    client: Client, facts: Sequence[Fact], now: datetime, working: WorkingTime, covered_until: datetime | None
) -> CareNote | None:
    """Return a note if a client has become quieter than agreed and than their own rhythm.

    Nobody is silent while the coach is away, after the end of the contract, or as far as nothing was read:
    ``covered_until`` is the last moment up to which the mailbox was read.
    """
    if client.until is not None and now.astimezone(working.zone).date() > client.until:
        return None
    received = [fact.sent_at for fact in facts if fact.direction is Direction.RECEIVED and fact.sent_at <= now]
    if not received:
        return None
    last = max(received)
    until = min(now, covered_until) if covered_until else now
    quiet = (until - last).days - _away(working, last, until)
    allowed = _rhythm(client, received)
    if allowed is None or quiet <= allowed:
        return None
    return CareNote(
        Care.SILENCE,
        f"no message for {quiet} days, rhythm {round(allowed)} days",
        quiet,
        last.astimezone(working.zone).date(),
    )


def _rhythm(client: Client, received: Sequence[datetime]) -> float | None:
    """Return the days without a message that are still within the rhythm: the agreed one and the client's own."""
    ordered = sorted(received)
    gaps = [(later - earlier).total_seconds() / 86_400 for earlier, later in pairwise(ordered)]
    own = 2.5 * median(gaps[-10:]) if len(ordered) >= LEAST_HISTORY else None
    agreed = 1.25 * client.agreement.rhythm_days if client.agreement.rhythm_days else None
    known = [days for days in (own, agreed) if days is not None]
    return max(known) if known else None


def _away(working: WorkingTime, start: datetime, end: datetime) -> int:
    days = 0
    day: date = start.astimezone(working.zone).date()
    while day <= end.astimezone(working.zone).date():
        days += any(absence.first <= day <= absence.last for absence in working.absences)
        day += timedelta(days=1)
    return days


def _quote(fact: Fact) -> str:
    told = fact.classification
    if told is None:
        return ""
    return told.requests[0].evidence if told.requests else ""
