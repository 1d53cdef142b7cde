"""What the coach enters about boundary conversations: that one was held, or that none is to be proposed for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Talk:
    """A boundary conversation that was held on a day of the coach's calendar; ``note`` is the coach's own."""

    client: str
    held_on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Snooze:
    """The wish that no boundary conversation be proposed up to ``until``, included.

    ``since`` is its first day; None where it holds for every judgement up to then, also for a look back.
    """

    client: str
    until: date
    since: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the wish holds on a day."""
        return day <= self.until and (self.since is None or self.since <= day)
