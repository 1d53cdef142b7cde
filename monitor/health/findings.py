"""What the judgement says: findings with their evidence, and the health of one client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.labels import Care, Signal


class Trend(StrEnum):
    """Where a pattern goes, compared with the four weeks before."""

    RISING = "rising"
    STEADY = "steady"
    EASING = "easing"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One message that shows a pattern; ``sent_at`` in UTC."""

    message_id: str | None
    sent_at: datetime
    quote: str
    folder: str
    subject: str = ""


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
    """A care signal that is there, with its reason in the terms of the facts."""

    care: Care
    reason: str
    days: int = 0
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ClientHealth:
    """One client's judgement. ``health`` is 0–100, None where there is no data: no data is no health."""

    client: str
    health: int | None
    health_change: int | None
    findings: tuple[Finding, ...]
    care: tuple[CareNote, ...]
    received: int
    share: float

    @property
    def needs_conversation(self) -> bool:
        """Whether a boundary conversation is called for."""
        return bool(self.findings)
