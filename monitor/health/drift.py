"""Agreement drift: the agreement as it is lived, over twelve weeks, beside the one that is written.

What is done again and again becomes what is expected. Each clause is told only where practice differs so often that
a client could believe in it: three times at least, and in a fair share of cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from monitor.health.findings import Clause, Drift
from monitor.health.goodwill import Favour
from monitor.health.patterns import Track
from monitor.health.replies import GRACE, Exchange
from monitor.health.working_time import WorkingTime
from monitor.labels import RequestType

LOOKS_BACK = timedelta(weeks=12)
LEAST = 3
FAIR_SHARE = 1 / 3
TIMES_RHYTHM = 1.5


def drifts(
    found: Sequence[Exchange],
    given: Sequence[Favour],
    missed: Track,
    late: Track,
    received: Sequence[datetime],
    now: datetime,
    working: WorkingTime,
) -> tuple[Drift, ...]:
    """Return the clauses that practice has left.

    ``missed`` are appointments and agreed parts missed, ``late`` late payments, ``received`` the times of the
    client's mails.
    """
    start = now - LOOKS_BACK
    answered = [one for one in found if one.answer and start < one.asked.sent_at and one.answer.sent_at <= now]
    favours = [one for one in given if start < one.ask.sent_at <= now]
    told = (
        _office_hours(answered, working),
        _reply(answered, working),
        _included(favours, working),
        _times(Clause.NOTICE, f"{working.agreement.notice_hours} hours' notice", "missed or short", missed, start, now),
        _times(Clause.PAYMENT, f"{working.agreement.payment_days} days to pay", "late", late, start, now),
        _rhythm([at for at in received if start < at <= now], working),
    )
    return tuple(drift for drift in told if drift)


def _office_hours(answered: Sequence[Exchange], working: WorkingTime) -> Drift | None:
    odd = sum(one.answer is not None and not working.is_office_time(one.answer.sent_at) for one in answered)
    if not _is_practice(odd, len(answered)):
        return None
    lived = f"{odd} of {len(answered)} answers outside them"
    return Drift(Clause.OFFICE_HOURS, "answers in office hours", lived, odd, len(answered))


def _reply(answered: Sequence[Exchange], working: WorkingTime) -> Drift | None:
    promise = working.agreement.reply_within_days
    asked = [one for one in answered if one.asks]
    late = sum(one.days > promise + GRACE for one in asked)
    if not _is_practice(late, len(asked)):
        return None
    lived = f"{late} of {len(asked)} answers later"
    return Drift(Clause.REPLY, f"an answer within {promise:g} working days", lived, late, len(asked))


def _included(favours: Sequence[Favour], working: WorkingTime) -> Drift | None:
    asks = [one for one in favours if one.kind is not RequestType.INSTANT_ACCESS]
    accepted = sum(one.accepted for one in asks)
    if not _is_practice(accepted, len(asks)):
        return None
    included = ", ".join(sorted(working.agreement.included)) or "nothing beyond the standard"
    lived = f"{accepted} of {len(asks)} further asks taken on"
    return Drift(Clause.INCLUDED, f"included: {included}", lived, accepted, len(asks))


def _times(clause: Clause, written: str, lived: str, track: Track, start: datetime, now: datetime) -> Drift | None:
    times = track.count(start, now)
    if times < LEAST:
        return None
    return Drift(clause, written, f"{times} times {lived}", times, times)


def _rhythm(received: Sequence[datetime], working: WorkingTime) -> Drift | None:
    rhythm = working.agreement.rhythm_days
    gaps = [working.days_present(earlier, later) for earlier, later in pairwise(received)]
    if not rhythm or len(gaps) < LEAST:
        return None
    longer = sum(gap > TIMES_RHYTHM * rhythm for gap in gaps)
    if not _is_practice(longer, len(gaps)):
        return None
    lived = f"contact every {median(gaps):g} days"
    return Drift(Clause.RHYTHM, f"contact every {rhythm} days", lived, longer, len(gaps))


def _is_practice(times: int, of: int) -> bool:
    return times >= LEAST and times >= FAIR_SHARE * of
