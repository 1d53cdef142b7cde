"""The mirror: how the coach's own answers feed a pattern, and the smallest change that would help.

Who answers on Sunday teaches that Sunday is a day for answers. The mirror counts what the coach did over eight
weeks, without blame, and only where it is a habit: three times at least, and more often than not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.facts import Direction, Fact, Remark
from monitor.health.findings import Hours, Mirror
from monitor.health.patterns import Marked
from monitor.health.replies import Exchange
from monitor.health.working_time import WorkingTime
from monitor.labels import RequestType, Signal

LOOKS_BACK = timedelta(weeks=8)
LEAST = 3
HABIT = 0.5
BOUNDS = (15, 30, 60, 120)  # minutes within which an answer outside office hours is at once
ANSWERED_WITHIN = timedelta(days=10)  # a later mail is no answer to an ask
AT_ONCE = 0.25  # working days within which a question for a yes is answered at once


def mirrors(
    found: Sequence[Exchange], asks: Sequence[Marked], facts: Sequence[Fact], now: datetime, working: WorkingTime
) -> tuple[Mirror, ...]:
    """Return what the coach's answers of the last weeks show; ``asks`` are those outside the agreement."""
    recent = [one for one in found if now - LOOKS_BACK < one.asked.sent_at <= now]
    seen = (_at_odd_hours(recent, working), _gave_in(asks, facts, now), _decided(recent))
    return tuple(mirror for mirror in seen if mirror)


def answer_to(ask: Fact, sent: Sequence[Fact]) -> Fact | None:
    """Return the coach's answer to a message: the reply to it, else the next mail within ten days."""
    later = [fact for fact in sent if ask.sent_at < fact.sent_at <= ask.sent_at + ANSWERED_WITHIN]
    replies = [fact for fact in later if fact.reply_to and fact.reply_to in (ask.message_id, ask.key)]
    return next(iter(replies or later), None)


def _at_odd_hours(recent: Sequence[Exchange], working: WorkingTime) -> Mirror | None:
    """How fast mails outside office hours were answered, outside office hours as well; the day that tells most."""
    odd = [one for one in recent if not working.is_office_time(one.asked.sent_at)]
    best: Mirror | None = None
    for hours in Hours:
        mails = [one for one in odd if _is_of(one.asked.sent_at, hours, working)]
        waits = [
            (one.answer.sent_at - one.asked.sent_at).total_seconds() / 60
            for one in mails
            if one.answer and not working.is_office_time(one.answer.sent_at)
        ]
        for bound in BOUNDS:
            quick = sum(minutes <= bound for minutes in waits)
            if len(mails) >= LEAST and quick >= LEAST and quick >= HABIT * len(mails):
                mirror = Mirror(
                    Signal.ALWAYS_ON,
                    quick,
                    len(mails),
                    bound,
                    f"{quick} of {len(mails)} {_NAMES[hours]} answered within {bound} minutes",
                    _CHANGES[hours],
                    hours,
                )
                if best is None or quick / len(mails) > best.answered / best.of + 0.2:
                    best = mirror
                break
    return best


def _is_of(moment: datetime, hours: Hours, working: WorkingTime) -> bool:
    local = moment.astimezone(working.zone)
    match hours:
        case Hours.SUNDAY:
            return local.weekday() == 6
        case Hours.WEEKEND:
            return local.weekday() >= 5
        case Hours.EVENING:
            hours_of_day = working.agreement.office_hours.get(local.weekday())
            return hours_of_day is not None and local.time() >= hours_of_day[1]
        case Hours.OUTSIDE:
            return True


def _gave_in(asks: Sequence[Marked], facts: Sequence[Fact], now: datetime) -> Mirror | None:
    """How many asks outside the agreement the coach took on."""
    recent = [ask for ask, certainty, _ in asks if now - LOOKS_BACK < ask.sent_at <= now and certainty >= HABIT]
    sent = [fact for fact in facts if fact.direction is Direction.SENT and fact.sent_at <= now]
    answers = [answer_to(ask, sent) for ask in recent]
    taken = sum(answer is not None and Remark.EXTRA_ACCEPTED in answer.remarks for answer in answers)
    if taken < LEAST or taken < HABIT * len(recent):
        return None
    return Mirror(
        Signal.SCOPE_CREEP,
        taken,
        len(recent),
        0,
        f"{taken} of {len(recent)} asks outside the agreement taken on",
        "before the next yes, say what it would cost, or what it would replace",
    )


def _decided(recent: Sequence[Exchange]) -> Mirror | None:
    """How many questions for a yes were answered within a quarter of a working day."""
    asked = [one for one in recent if _is_reassurance(one.asked)]
    quick = sum(one.answer is not None and one.days <= AT_ONCE for one in asked)
    if quick < LEAST or quick < HABIT * len(asked):
        return None
    return Mirror(
        Signal.DEPENDENCY,
        quick,
        len(asked),
        0,
        f"{quick} of {len(asked)} questions for a yes answered within a quarter of a working day",
        "return the next one as a question: what would you decide if I could not be reached?",
    )


def _is_reassurance(fact: Fact) -> bool:
    told = fact.classification
    return told is not None and any(
        request.type is RequestType.REASSURANCE and request.probability >= HABIT for request in told.requests
    )


_NAMES = {
    Hours.SUNDAY: "Sunday mails",
    Hours.WEEKEND: "weekend mails",
    Hours.EVENING: "evening mails",
    Hours.OUTSIDE: "mails outside office hours",
}
_CHANGES = {
    Hours.SUNDAY: "answer the next Sunday mail on Monday morning",
    Hours.WEEKEND: "answer the next weekend mail on Monday morning",
    Hours.EVENING: "answer the next evening mail on the following morning",
    Hours.OUTSIDE: "write at any hour if you like, and let it be sent in office hours",
}
