"""What the judgement says: findings with their evidence, care, and how each client is doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.facts import Direction, Remark
from monitor.labels import Care, Signal


class Trend(StrEnum):
    """Where a pattern goes, compared with the weeks before."""

    RISING = "rising"
    STEADY = "steady"
    EASING = "easing"


class Effect(StrEnum):
    """What a conversation has changed."""

    WORKED = "worked"
    NO_CHANGE = "no change"
    TOO_EARLY = "too early"


class Hours(StrEnum):
    """Which mails outside office hours a mirror speaks of."""

    SUNDAY = "sunday"
    WEEKEND = "weekend"
    EVENING = "evening"
    OUTSIDE = "outside office hours"


class Clause(StrEnum):
    """A clause of the agreement that practice can drift away from."""

    OFFICE_HOURS = "office_hours"
    REPLY = "reply_within_days"
    INCLUDED = "included"
    NOTICE = "notice_hours"
    PAYMENT = "payment_days"
    RHYTHM = "rhythm_days"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One message that shows a pattern; ``sent_at`` in UTC. ``direction`` tells whose words it holds."""

    message_id: str | None
    sent_at: datetime
    quote: str
    folder: str
    subject: str = ""
    direction: Direction = Direction.RECEIVED


@dataclass(frozen=True, slots=True)
class Finding:
    """A boundary signal that is there.

    ``strength`` is the probability that the client's true rate lies above the leeway; ``incidents`` the number of
    separate incidents in the window; ``rule`` says in words and numbers what was applied.
    """

    signal: Signal
    since: date
    trend: Trend
    strength: float
    incidents: int
    leeway: int
    rule: str
    evidence: tuple[Evidence, ...]
    weekly: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CareNote:
    """A care signal that is there, with its reason in the terms of the facts.

    ``days`` and ``usual`` are what was measured and its yardstick, in days; ``on`` the day that matters. For a
    pattern that has eased, ``signal`` names it, with its incidents ``before`` and ``now`` in four weeks each.
    """

    care: Care
    reason: str
    days: int = 0
    on: date | None = None
    usual: int = 0
    signal: Signal | None = None
    before: int = 0
    now: int = 0


@dataclass(frozen=True, slots=True)
class SignalEffect:
    """What a conversation has changed of one signal.

    ``before`` and ``after`` are incidents in four weeks; ``others`` is how the other clients' rate changed over the
    same weeks (1.0: not at all). ``probability`` is the posterior one that the rate has fallen by more than the
    bound (by half, for most signals), the others' change taken off.
    """

    signal: Signal
    before: float
    after: float
    others: float
    probability: float
    effect: Effect


@dataclass(frozen=True, slots=True)
class TalkOutcome:
    """The last conversation with a client. ``unchanged`` counts the conversations in a row, this one included,
    that have changed nothing; ``weeks`` are those that have been compared."""

    held_on: date
    effect: Effect
    held: int = 1
    unchanged: int = 0
    weeks: int = 0
    signals: tuple[SignalEffect, ...] = ()

    @property
    def calls_for_an_ending(self) -> bool:
        """Whether talking again without change speaks for a good ending and a referral."""
        return self.effect is Effect.NO_CHANGE and self.unchanged > 1


@dataclass(frozen=True, slots=True)
class Compassion:
    """Something has happened in the client's life: boundary findings rest from ``since`` up to ``until``."""

    remark: Remark
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Mirror:
    """How the coach's own replies feed a pattern: ``answered`` of ``of`` mails within ``minutes`` (0: at all).

    ``hours`` says which mails, for the signal ``always_on``. ``reason`` and ``change``, the smallest change that
    would help, are in words.
    """

    signal: Signal
    answered: int
    of: int
    minutes: int
    reason: str
    change: str
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class Goodwill:
    """What the coach gave beyond the agreement in one quarter (such as 2026-Q2).

    ``minutes`` is an estimate by the configured minutes a kind. With a fee and sessions agreed, ``money`` is their
    worth at the agreed hourly rate, ``agreed_rate``, and ``effective_rate`` what an hour came to with them.
    """

    quarter: str
    asked: int
    accepted: int
    minutes: int
    money: float | None = None
    agreed_rate: float | None = None
    effective_rate: float | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """A clause as it is lived, over twelve weeks, beside what is written: ``times`` of ``of`` it went otherwise."""

    clause: Clause
    written: str
    lived: str
    times: int
    of: int


@dataclass(frozen=True, slots=True)
class HealthParts:
    """The points that make a health below 100: patterns, too little or too much contact, the coach's own answers.

    ``progress`` are points given back for progress that the client reports.
    """

    boundary: int = 0
    contact: int = 0
    replies: int = 0
    progress: int = 0


@dataclass(frozen=True, slots=True)
class ClientHealth:
    """One client's judgement. ``health`` is 0–100, None where there is no data: no data is no health.

    ``weekly`` holds the health of the last twelve weeks, the oldest first. ``reply_days`` are the working days within
    which the coach usually answers. ``danger`` is the last message with words
    that can point to danger for life. ``snoozed_until`` is set while the coach wants no conversation proposed.
    ``undecided`` are the signals whose pattern hangs in the balance: one message more or less would decide.
    """

    client: str
    health: int | None
    health_change: int | None
    findings: tuple[Finding, ...]
    care: tuple[CareNote, ...]
    received: int
    share: float
    parts: HealthParts | None = None
    weekly: tuple[int | None, ...] = ()
    progress: int = 0
    reply_days: float | None = None
    talk: TalkOutcome | None = None
    compassion: Compassion | None = None
    danger: Evidence | None = None
    snoozed_until: date | None = None
    undecided: frozenset[Signal] = frozenset()
    mirror: tuple[Mirror, ...] = ()
    goodwill: tuple[Goodwill, ...] = ()
    drift: tuple[Drift, ...] = ()

    @property
    def needs_conversation(self) -> bool:
        """Whether a boundary conversation is called for."""
        return bool(self.findings)
