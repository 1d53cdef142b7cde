"""The digest's content: everything that text, HTML and JSON say, in no language yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.agreement import Agreement
from monitor.health.findings import Trend
from monitor.labels import Care, Language, RequestType, Signal


class Link(StrEnum):
    """The mail program that links to mails are written for; ``NONE``: date and subject must do."""

    NONE = "none"
    THUNDERBIRD = "thunderbird"
    APPLE_MAIL = "apple_mail"
    GMAIL = "gmail"


@dataclass(frozen=True, slots=True)
class Quote:
    """A dated quote; ``sent_at`` in the coach's zone. ``folder`` is where the mail lies."""

    message_id: str | None
    sent_at: datetime
    sender: str
    subject: str
    text: str
    folder: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """One boundary signal of a client.

    ``weekly`` holds the incidents of the last twelve weeks, the oldest first; ``before`` and ``now`` the sums of
    the four weeks before and the last four.
    """

    signal: Signal
    since: date
    trend: Trend
    incidents: int
    leeway: int
    rule: str
    strength: float
    weekly: tuple[int, ...]
    before: int
    now: int
    evidence: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class CareItem:
    """One care signal of a client; ``days`` and ``on`` as the signal has them."""

    client: str
    care: Care
    reason: str
    days: int = 0
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ClientEntry:
    """One client: health, patterns the strongest first, care, and what the digest cites of the agreement."""

    client: str
    health: int | None
    health_change: int | None
    patterns: tuple[Pattern, ...]
    care: tuple[CareItem, ...]
    agreement: Agreement
    motive: str
    received: int
    share: float

    @property
    def needs_conversation(self) -> bool:
        """Whether a boundary conversation is called for."""
        return bool(self.patterns)


@dataclass(frozen=True, slots=True)
class Guess:
    """What the model takes a message for, and how probable that is."""

    request: RequestType
    probability: float


@dataclass(frozen=True, slots=True)
class Question:
    """A message that the model is unsure of; the coach's answer teaches."""

    quote: Quote
    guesses: tuple[Guess, ...]
    out_of_scope: float


@dataclass(frozen=True, slots=True)
class UnknownCorrespondent:
    """Somebody who writes with the coach and is no client yet."""

    address: str
    messages: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the digest stands on. ``messages`` were read in the period; the last looks are in the coach's zone."""

    messages: int
    unreadable: int
    inbox_seen_at: datetime | None
    sent_seen_at: datetime | None
    model: str


@dataclass(frozen=True, slots=True)
class Digest:
    """The whole digest.

    ``clients`` lists every client known at that time in the order of the configuration. ``first``, ``last`` and
    ``week`` (ISO, such as 2026-W10) are the period's.
    """

    language: Language
    coach: str
    first: date
    last: date
    week: str
    as_of: datetime
    clients: tuple[ClientEntry, ...]
    even_share: float
    unknown_correspondents: tuple[UnknownCorrespondent, ...]
    questions: tuple[Question, ...]
    coverage: Coverage
    link: Link = Link.NONE

    @property
    def conversations(self) -> tuple[ClientEntry, ...]:
        """Clients for a boundary conversation, the most urgent first."""
        due = [entry for entry in self.clients if entry.needs_conversation]
        return tuple(sorted(due, key=lambda entry: -urgency(entry)))

    @property
    def care(self) -> tuple[CareItem, ...]:
        """All care notes, in the order of the clients."""
        return tuple(item for entry in self.clients for item in entry.care)


def urgency(entry: ClientEntry) -> float:
    """Return how urgent a conversation is: the strongest pattern, what rises, and every further pattern."""
    strongest = max((pattern.strength for pattern in entry.patterns), default=0.0)
    rising = any(pattern.trend is Trend.RISING for pattern in entry.patterns)
    return strongest + 0.2 * rising + 0.1 * max(0, len(entry.patterns) - 1)
