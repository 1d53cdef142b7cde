"""The rhythm of a relationship: too little contact and too much both cost, the agreed rhythm is the best.

Silence is told against what was agreed and what is usual for this client. Nobody is silent while the coach is away,
after the end of the contract, or as far as nothing was read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median

from monitor.agreement import Client
from monitor.health.contact import Correspondence
from monitor.health.findings import CareNote
from monitor.health.patterns import WINDOW
from monitor.health.working_time import WorkingTime
from monitor.labels import Care

LEAST_GAPS = 2  # from which a client has a rhythm of their own
USUAL_GAPS = 10  # the latest gaps between two mails tell the client's own rhythm
TIMES_USUAL = 2.0
TIMES_AGREED = 1.25
FLOOD = 2.0  # times the client's own usual mails in two weeks
LEAST_FLOOD = 8  # mails in two weeks below which nobody is flooded


@dataclass(frozen=True, slots=True)
class Quiet:
    """How long a client has not written, in days, and how many days are still within the rhythm (None: unknown)."""

    days: int
    allowed: float | None
    last: datetime

    @property
    def is_silent(self) -> bool:
        """Whether it is longer than the rhythm."""
        return self.allowed is not None and self.days > self.allowed


def gaps_between(times: Sequence[datetime], working: WorkingTime) -> list[int]:
    """Return the days between consecutive mails of a client, the coach's absences not counted."""
    return [working.days_present(earlier, later) for earlier, later in pairwise(times)]


def quiet(
    client: Client,
    own: Correspondence,
    gaps: Sequence[int],
    now: datetime,
    working: WorkingTime,
    covered_until: datetime | None,
) -> Quiet | None:
    """Return how long a client has been quiet, the coach's absences not counted; None before their first mail.

    ``gaps`` are those between all mails received; ``covered_until`` is the last moment up to which the mailbox was
    read.
    """
    last = own.last_received(now)
    if last is None:
        return None
    until = min(now, covered_until) if covered_until else now
    return Quiet(
        working.days_present(last, until), _allowed(client, gaps[: bisect_right(own.received_times, now) - 1]), last
    )


def silence(told: Quiet | None, working: WorkingTime) -> CareNote | None:
    """Return a note if a client has become quieter than agreed and than their own rhythm."""
    if told is None or told.allowed is None or not told.is_silent:
        return None
    return CareNote(
        Care.SILENCE,
        f"no message for {told.days} days, rhythm {round(told.allowed)} days",
        told.days,
        told.last.astimezone(working.zone).date(),
        round(told.allowed),
    )


def _allowed(client: Client, gaps: Sequence[int]) -> float | None:
    """Return the days without a message that are still within the rhythm: the agreed one and the client's own."""
    usual = TIMES_USUAL * median(gaps[-USUAL_GAPS:]) if len(gaps) >= LEAST_GAPS else None
    agreed = TIMES_AGREED * client.agreement.rhythm_days if client.agreement.rhythm_days else None
    known = [days for days in (usual, agreed) if days is not None]
    return max(known) if known else None


def flood(own: Correspondence, now: datetime) -> float:
    """Return how far the mails of two weeks go beyond the client's own usual: 0 within, 1 at twice that and more.

    The usual is the median of the six fortnights before.
    """
    half = WINDOW / 2
    lately = len(own.receipts(now - half, now))
    before = [len(own.receipts(now - half * (back + 1), now - half * back)) for back in range(1, 7)]
    if lately < LEAST_FLOOD or own.received_times[0] > now - 2 * WINDOW:
        return 0.0  # whoever has just begun has no usual yet
    bound = FLOOD * max(1.0, median(before))
    return min(1.0, max(0.0, lately / bound - 1))
