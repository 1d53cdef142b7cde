"""One client's case: the facts made ready, and what can be said of them at any moment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise

from monitor.agreement import Client, Coach
from monitor.facts import Fact
from monitor.health.care import is_active
from monitor.health.compassion import LifeEvents, danger
from monitor.health.contact import Correspondence
from monitor.health.incidents import tracks
from monitor.health.patterns import WEEKS, WINDOW, Track
from monitor.health.replies import exchanges
from monitor.health.rhythm import Quiet, gaps_between, quiet
from monitor.health.talks import Count, conversations, is_resting
from monitor.health.working_time import WorkingTime
from monitor.labels import Signal
from monitor.talks import Talk

HORIZON = timedelta(weeks=53)  # older mail changes nothing: the longest look back is a year
STALE = timedelta(weeks=1)  # without a look into the mailbox for longer, a number would be a guess


class Case:
    """The facts of one client up to now, and what was entered about conversations."""

    def __init__(
        self, client: Client, coach: Coach, history: Sequence[Fact], talks: Sequence[Talk], now: datetime
    ) -> None:
        self.client = client
        self.working = WorkingTime(client.agreement, coach.timezone, coach.holidays, coach.absences)
        facts = _recent(history, now)
        self.own = Correspondence(facts)
        self.events = LifeEvents(facts, client.timezone or coach.timezone)
        told = tracks(client, facts, coach.timezone)
        self.tracks = {signal: self.events.spare(track) for signal, track in told.items()}
        self.gaps = gaps_between(self.own.received_times, self.working)
        self.exchanges = exchanges(facts, self.working, now)
        self.held = conversations(talks, client.name, now.astimezone(coach.timezone).date())
        self._after_talk: dict[date, dict[Signal, Track]] = {}

    def today(self, now: datetime) -> date:
        """Return the day on the coach's calendar."""
        return now.astimezone(self.working.zone).date()

    def is_active(self, now: datetime) -> bool:
        """Whether the contract runs."""
        return is_active(self.client, self.today(now))

    def held_until(self, now: datetime) -> list[date]:
        """Return the days of the conversations held up to a moment."""
        return self.held[: bisect_right(self.held, self.today(now))]

    def is_resting(self, now: datetime) -> bool:
        """Whether nothing is to be proposed: a talk was held shortly ago, or life comes first."""
        return is_resting(self.held_until(now), self.today(now)) or self.events.at(now) is not None

    def tracks_at(self, now: datetime) -> dict[Signal, Track]:
        """Return the incidents that count at a moment: those since the last conversation."""
        held = self.held_until(now)
        if not held:
            return self.tracks
        last = held[-1]
        if last not in self._after_talk:
            self._after_talk[last] = {signal: track.after(last) for signal, track in self.tracks.items()}
        return self._after_talk[last]

    def leeway(self, signal: Signal) -> int | None:
        """Return what the coach lets pass of a signal; None where it is switched off."""
        leeway = self.client.leeway.get(signal, 1)
        return None if leeway is False else int(leeway)

    def counts(self) -> dict[Signal, Count]:
        """Return how to count what each signal counts: weighed incidents, for ``time_share`` the mails received."""
        counting: dict[Signal, Count] = {signal: track.weighed for signal, track in self.tracks.items()}
        counting[Signal.TIME_SHARE] = partial(_receipts, self.own)
        return counting

    def quiet(self, now: datetime, covered_until: datetime | None) -> Quiet | None:
        """Return how long the client has been quiet."""
        return quiet(self.client, self.own, self.gaps, now, self.working, covered_until)

    def has_data(self, now: datetime, covered_until: datetime | None) -> bool:
        """Whether there is anything to judge a health by at a moment."""
        if covered_until is not None and now - covered_until > STALE:
            return False
        return (
            self.is_active(now)
            and self.own.has_any(now - WINDOW / 4 * WEEKS, now)
            and danger(self.own.facts, now) is None
        )


def _recent(history: Sequence[Fact], now: datetime) -> Sequence[Fact]:
    """Return the facts of the last year up to now in the order of their time."""
    if any(later.sent_at < earlier.sent_at for earlier, later in pairwise(history)):
        history = sorted(history, key=lambda fact: fact.sent_at)
    first = bisect_right(history, now - HORIZON, key=lambda fact: fact.sent_at)
    last = bisect_right(history, now, key=lambda fact: fact.sent_at)
    return history[first:last]


def _receipts(own: Correspondence, start: datetime, end: datetime) -> float:
    return float(len(own.receipts(start, end)))
