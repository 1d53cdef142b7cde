"""After the talk: it has time to work, then before and after are compared, signal by signal.

For two weeks nothing is proposed, and incidents from before a conversation raise nothing any more, so that the coach
is not nagged; only a pattern made of what came since is told. From the fourth week on, and for good from the eighth,
the rate since is compared with the rate before. Both are Poisson rates with a weak Gamma prior; the posterior
probability that the rate has at least halved, the other clients' change over the same weeks taken off, says whether
the talk has worked (a difference in differences for counts).

Reading, in four weeks before and four after, the others unchanged (a test holds these numbers):

    before    after   probability
       4        0       0.97       worked
       2        0       0.90       worked
       4        1       0.76       worked
       3        2       0.38       no change
       5        4       0.25       no change
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.health.distributions import probability_of_falling
from monitor.health.findings import CareNote, Effect, SignalEffect, TalkOutcome
from monitor.health.patterns import WINDOW
from monitor.labels import Care, Signal
from monitor.talks import Talk

REST = timedelta(weeks=2)  # so long nothing is proposed after a talk
SOONEST = timedelta(weeks=4)  # before and after are compared from then on
LONGEST = timedelta(weeks=8)  # so far before and after are compared
THANKED = timedelta(weeks=3)  # so long a talk that worked is called an improvement
SAME = timedelta(days=10)  # talks entered closer than this are one conversation
FALL = 0.5  # a talk has worked if the rate is at most half
FALL_OF_MAIL = 0.75  # a share of mail that falls by a quarter is felt; nobody wants a client to halve their mails
LIKELY = 0.5
PRIOR = (0.25, 0.25)  # shape and windows: one incident in four weeks, with the weight of a week
OTHERS_LEAST, OTHERS_MOST = 0.5, 1.0  # a lull of everybody is no merit of the talk; a rise of everybody no excuse

Count = Callable[[datetime, datetime], float]
"""Incidents after one moment, up to another."""


def conversations(talks: Sequence[Talk], client: str, today: date) -> list[date]:
    """Return the days of the conversations held with a client up to a day, the oldest first, entered twice or not."""
    days = sorted({talk.held_on for talk in talks if talk.client == client and talk.held_on <= today})
    kept: list[date] = []
    for day in days:
        if kept and day - kept[-1] < SAME:
            kept[-1] = day
        else:
            kept.append(day)
    return kept


def is_resting(held: Sequence[date], today: date) -> bool:
    """Whether a conversation was held so shortly ago that nothing is proposed."""
    return bool(held) and today < held[-1] + REST


def outcome(
    held: Sequence[date],
    now: datetime,
    zone: ZoneInfo,
    counts: Mapping[Signal, Count],
    others: Mapping[Signal, Sequence[Count]],
    patterns_at: Callable[[datetime], Sequence[Signal]],
    present: Sequence[Signal] = (),
) -> TalkOutcome | None:
    """Return what the last conversation has changed.

    ``counts`` count the client's incidents, ``others`` those of each other client; ``patterns_at`` tells the
    patterns of the client at a moment. What is ``present`` now has not changed, or not for good.
    """
    if not held:
        return None
    results: list[tuple[Effect, tuple[SignalEffect, ...], int]] = []
    for number, day in enumerate(held):
        next_talk = held[number + 1] if number + 1 < len(held) else None
        since_last = held[number - 1] if number else None
        results.append(_effect(day, since_last, next_talk, now, zone, counts, others, patterns_at))
    unchanged = 0
    for effect, _, _ in reversed(results):
        # A talk of last week is no reason to forget that the two before have changed nothing.
        if effect is Effect.WORKED:
            break
        unchanged += effect is Effect.NO_CHANGE
    effect, signals, weeks = results[-1]
    if effect is Effect.WORKED and any(one.signal in present for one in signals):
        effect, unchanged = Effect.NO_CHANGE, unchanged + 1
        signals = tuple(replace(one, effect=Effect.NO_CHANGE) if one.signal in present else one for one in signals)
    return TalkOutcome(held[-1], effect, len(held), unchanged, weeks, signals)


def _effect(
    day: date,
    last_talk: date | None,
    next_talk: date | None,
    now: datetime,
    zone: ZoneInfo,
    counts: Mapping[Signal, Count],
    others: Mapping[Signal, Sequence[Count]],
    patterns_at: Callable[[datetime], Sequence[Signal]],
) -> tuple[Effect, tuple[SignalEffect, ...], int]:
    held = _end_of(day, zone)
    until = min(now, held + LONGEST, _end_of(next_talk, zone) if next_talk else now)
    # The letter comes in the morning of the last day of the four weeks.
    if until - held < SOONEST - timedelta(days=1):
        return Effect.TOO_EARLY, (), 0
    after = until - held
    start = held - LONGEST
    if last_talk:
        start = max(start, min(_end_of(last_talk, zone), held - WINDOW))
    before = held - start
    talked_about = _talked_about(held, counts, patterns_at)
    signals: list[SignalEffect] = []
    for signal in talked_about:
        change = _change([(one(start, held), one(held, until)) for one in others[signal]], before, after)
        told = counts[signal]
        n_before, n_after = told(start, held), told(held, until)
        factor = (FALL_OF_MAIL if signal is Signal.TIME_SHARE else FALL) * change
        probability = probability_of_falling((n_before, before / WINDOW), (n_after, after / WINDOW), factor, PRIOR)
        signals.append(
            SignalEffect(
                signal,
                round(n_before / (before / WINDOW), 2),
                round(n_after / (after / WINDOW), 2),
                round(change, 2),
                round(probability, 3),
                Effect.WORKED if probability >= LIKELY else Effect.NO_CHANGE,
            )
        )
    worked = all(one.effect is Effect.WORKED for one in signals)
    return (Effect.WORKED if worked else Effect.NO_CHANGE), tuple(signals), round(after / timedelta(weeks=1))


def _talked_about(
    held: datetime, counts: Mapping[Signal, Count], patterns_at: Callable[[datetime], Sequence[Signal]]
) -> Sequence[Signal]:
    """Return the patterns that were there in the four weeks before a talk, else what had happened at all."""
    for back in range(4):
        if patterns := patterns_at(held - timedelta(weeks=back)):
            return patterns
    return [s for s in counts if s is not Signal.TIME_SHARE and counts[s](held - WINDOW, held) > 0]


def _change(others: Sequence[tuple[float, float]], before: timedelta, after: timedelta) -> float:
    """Return by which factor the rate of the other clients has changed, drawn towards 1 by one incident."""
    if not others:
        return 1.0
    n_before = sum(one[0] for one in others) / (before / WINDOW)
    n_after = sum(one[1] for one in others) / (after / WINDOW)
    return min(OTHERS_MOST, max(OTHERS_LEAST, (n_after + 1) / (n_before + 1)))


def improvement_by_talk(told: TalkOutcome | None, today: date) -> CareNote | None:
    """Return the note that a conversation has worked, from the fourth week after it on."""
    if told is None or told.effect is not Effect.WORKED or not told.signals:
        return None
    if not told.held_on + SOONEST <= today < told.held_on + SOONEST + THANKED:
        return None
    strongest = max(told.signals, key=lambda one: one.before)
    reason = (
        f"{strongest.signal}: {strongest.after:g} in 4 weeks since the talk of {told.held_on.isoformat()}, "
        f"{strongest.before:g} before"
    )
    return CareNote(
        Care.IMPROVEMENT,
        reason,
        on=told.held_on,
        signal=strongest.signal,
        before=round(strongest.before),
        now=round(strongest.after),
    )


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(23, 59), zone).astimezone(UTC)
