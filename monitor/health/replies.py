"""The coach's own answers: how long clients wait, when somebody waits too long, and how answers feed a pattern.

Times run from the first unanswered message of a burst (a day's mails) that asks for something to the coach's next
mail to that client, in working days of the agreement. A thread may have been answered by telephone or in the
session: what has no answer in Sent mail is "open", never "ignored", and weighs a third.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from monitor.agreement import Client
from monitor.facts import Direction, Fact, Remark
from monitor.health.distributions import lower_beta
from monitor.health.findings import CareNote
from monitor.health.patterns import WINDOW
from monitor.health.working_time import WorkingTime, day_of
from monitor.labels import Care, RequestType

# A report or a greeting waits for no answer.
WAITING = frozenset(
    {
        RequestType.SCHEDULING,
        RequestType.COACHING_QUESTION,
        RequestType.REASSURANCE,
        RequestType.EXTRA_WORK,
        RequestType.INSTANT_ACCESS,
        RequestType.EXPECTATION,
        RequestType.ADMINISTRATIVE,
        RequestType.CONTRACT,
    }
)
LIKELY = 0.5  # probability from which a message counts as asking
GRACE = 1.0  # working days beyond the promise that nobody notices
OPEN_WEIGHT = 0.5  # it may have been answered by telephone
LONG = 3.0  # working days beyond the promise after which an open question counts as a late answer
LEAST_LATE = 2.0  # the second time it is no slip any more
LEAST_KNOWN = 3.0  # of two answers both are soon late
LATE_SHARE = 1 / 4
NORM_STRENGTH = 2.0  # answers that the coach's norm counts for
THRESHOLD = 3 / 7  # as for the boundary signals (see ``patterns``)
USUAL_WINDOW = 3 * WINDOW
LEAST_ANSWERS = 3  # from which a median says something
TIMES_RHYTHM = 3.0  # agreed rhythms without a word of the coach


@dataclass(frozen=True, slots=True)
class Exchange:
    """A client's messages of one day, and the coach's next mail; None while there is none.

    ``asked`` is the first message that waits for an answer, or the first one where none does (``asks`` is False).
    ``days`` are the working days between them, up to now where there is no answer.
    """

    asked: Fact
    answer: Fact | None
    days: float
    asks: bool


def exchanges(facts: Sequence[Fact], working: WorkingTime, now: datetime) -> list[Exchange]:
    """Return the exchanges with one client in the order of time; ``facts`` are in that order too."""
    found: list[Exchange] = []
    waiting_days: dict[date, Fact] = {}

    def close(answer: Fact | None, at: datetime) -> None:
        for asked in waiting_days.values():
            found.append(Exchange(asked, answer, working.working_days(asked.sent_at, at), _asks(asked)))
        waiting_days.clear()

    for fact in facts:
        if fact.sent_at > now:
            break
        if fact.direction is Direction.SENT:
            close(fact, fact.sent_at)
            continue
        day = day_of(fact.sent_at, working.zone)
        first = waiting_days.setdefault(day, fact)
        if _asks(fact) and not _asks(first):
            waiting_days[day] = fact
    close(None, now)
    return found


def _asks(fact: Fact) -> bool:
    told = fact.classification
    return told is not None and any(
        request.type in WAITING and request.probability >= LIKELY for request in told.requests
    )


def usual_days(found: Sequence[Exchange], now: datetime) -> float | None:
    """Return the median working days within which questions of the last twelve weeks were answered; None if few."""
    days = [one.days for one in found if one.asks and one.answer and now - USUAL_WINDOW < one.asked.sent_at <= now]
    return round(median(days), 2) if len(days) >= LEAST_ANSWERS else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How often a client has waited too long in a window: ``late`` (open ones at a half at first) of ``of`` answers."""

    late: float
    of: float
    open_days: float

    @property
    def share(self) -> float:
        """The share of late answers, 0 without any."""
        return self.late / self.of if self.of else 0.0


def waiting(found: Sequence[Exchange], working: WorkingTime, now: datetime, window: timedelta = WINDOW) -> Waiting:
    """Count the answers that came later than promised, with a day's grace, as it was known at ``now``.

    Open ones count a half; fully once one of them has waited three working days longer than promised.
    ``found`` are in the order of time.
    """
    promise = working.agreement.reply_within_days
    open_ones: list[float] = []
    waited: dict[str, float] = {}
    for one in reversed(found):
        if one.asked.sent_at <= now - window:
            break
        if not one.asks or one.asked.sent_at > now:
            continue
        if one.answer is None or one.answer.sent_at > now:
            days = working.working_days(one.asked.sent_at, now)
            if days > promise + GRACE:  # else there is time yet
                open_ones.append(days)
        else:
            # An answer to several mails is one: as late as the first of them had to wait.
            waited[one.answer.key] = max(waited.get(one.answer.key, 0.0), one.days)
    longest = max(open_ones, default=0.0)
    weight = 1.0 if longest >= promise + LONG else OPEN_WEIGHT
    still = weight * len(open_ones)
    late = sum(days > promise + GRACE for days in waited.values())
    return Waiting(late + still, len(waited) + still, longest)


def coachs_norm(everybody: Waiting, own: Waiting) -> float:
    """Return the share of late answers among the other clients, from the sum of all."""
    of = everybody.of - own.of
    return (everybody.late - own.late) / of if of > 0 else 0.0


def late_probability(told: Waiting, norm: float) -> float:
    """Return P(more than every fourth answer comes late): a Beta posterior around the coach's own norm.

    Late answers are a Binomial number; the prior is a Beta distribution with the mean of the other clients and the
    weight of two answers (Gelman et al., Bayesian Data Analysis, 3rd ed., 2.4 and 5.1).

    With a norm of 5 %: 1 of 1 late 0.62, 2 of 4 0.67, 3 of 3 0.96, 2 of 6 0.48, 3 of 12 0.36.
    """
    mean = min(max(norm, 0.02), LATE_SHARE)
    a, b = mean * NORM_STRENGTH + told.late, (1 - mean) * NORM_STRENGTH + told.of - told.late
    return 1 - lower_beta(a, b, LATE_SHARE)


def is_slipping(told: Waiting, norm: float) -> bool:
    """Whether the coach's answers come late in a way that a client feels."""
    known = told.late >= LEAST_LATE and told.of >= LEAST_KNOWN
    return known and late_probability(told, norm) >= THRESHOLD


def neglect(
    client: Client, facts: Sequence[Fact], told: Waiting, norm: float, now: datetime, working: WorkingTime
) -> CareNote | None:
    """Return a note if the coach's answers slip for a client: ever later, or less often than agreed.

    Two of at least three questions of four weeks must have waited (an open one counts a half at first), and more than
    every fourth answer be late; or the coach has not written for three times the agreed rhythm.
    """
    if is_slipping(told, norm):
        promise = working.agreement.reply_within_days
        reason = (
            f"{_number(told.late)} of {_number(told.of)} answers in 4 weeks later than {_number(promise)} working days "
            "(threads without an answer in Sent mail may have been answered by other means)"
        )
        return CareNote(Care.NEGLECT, reason)
    sent = [fact for fact in facts if fact.direction is Direction.SENT and fact.sent_at <= now]
    rhythm = client.agreement.rhythm_days
    if not sent or not rhythm:
        return None
    last = sent[-1]
    days = working.days_present(last.sent_at, now)
    if days <= TIMES_RHYTHM * rhythm:
        return None
    on = last.sent_at.astimezone(working.zone).date()
    promised = " with a promise that may still be open" if Remark.PROMISE in last.remarks else ""
    reason = f"your last mail{promised} was {days} days ago, rhythm {rhythm} days"
    return CareNote(Care.NEGLECT, reason, days, on, rhythm)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
