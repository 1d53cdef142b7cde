"""What is due: wall-clock rules in the coach's zone, decided from the store and the time of asking. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

RETRY = timedelta(minutes=15)
MOST_TRIES = 8
MAX_LATE = timedelta(days=4)


class Verdict(StrEnum):
    """What to do about a due time."""

    NOTHING = "nothing"
    DO = "do"
    GIVE_UP = "give_up"


@dataclass(frozen=True, slots=True)
class Weekly:
    """A weekly rule: ``weekday`` (0 is Monday) at ``at`` on the wall clock of ``zone``."""

    weekday: int
    at: time
    zone: ZoneInfo

    @property
    def period(self) -> timedelta:
        """How far two due times are apart, but for summer time."""
        return timedelta(days=7)

    def last_due(self, now: datetime) -> datetime:
        """Return the latest due time that is not after ``now``, in UTC.

        A wall-clock time that summer time skips falls due right after the gap; one that comes twice, the first time.
        """
        local = now.astimezone(self.zone)
        day = local.date() - timedelta(days=(local.weekday() - self.weekday) % 7)
        due = self._on(day.year, day.month, day.day)
        if due > now:
            day -= timedelta(days=7)
            due = self._on(day.year, day.month, day.day)
        return due

    def next_due(self, now: datetime) -> datetime:
        """Return the first due time after ``now``, in UTC."""
        last = self.last_due(now).astimezone(self.zone).date() + timedelta(days=7)
        return self._on(last.year, last.month, last.day)

    def _on(self, year: int, month: int, day: int) -> datetime:
        wall = datetime(year, month, day, self.at.hour, self.at.minute, tzinfo=self.zone)
        return wall.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Daily:
    """A daily rule: at ``at`` on the wall clock of ``zone``."""

    at: time
    zone: ZoneInfo

    @property
    def period(self) -> timedelta:
        """How far two due times are apart, but for summer time."""
        return timedelta(days=1)

    def last_due(self, now: datetime) -> datetime:
        """Return the latest due time that is not after ``now``, in UTC; in the gaps of summer time as ``Weekly``."""
        weekday = now.astimezone(self.zone).weekday()
        return max(Weekly(day, self.at, self.zone).last_due(now) for day in (weekday, (weekday - 1) % 7))


@dataclass(frozen=True, slots=True)
class Tried:
    """What is on record of a due time."""

    state: str
    tries: int
    tried_at: datetime


def verdict(due_at: datetime, tried: Tried | None, newest: datetime | None, now: datetime) -> Verdict:
    """Return what to do about a due time.

    ``newest`` is the latest due time on record. If it lies after ``due_at`` the clock went back: nothing is owed.
    A first start owes nothing of the past (``newest`` is None).
    """
    if newest is None or newest > due_at:
        return Verdict.NOTHING
    if tried is not None and tried.state in ("done", "missed"):
        return Verdict.NOTHING
    if now - due_at > MAX_LATE or (tried is not None and tried.tries >= MOST_TRIES):
        return Verdict.GIVE_UP
    if tried is not None and timedelta(0) <= now - tried.tried_at < RETRY:
        return Verdict.NOTHING
    return Verdict.DO
