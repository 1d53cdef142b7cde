"""The digest's content: everything that text, HTML and JSON say, in no language yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from monitor.agreement import AddressForm, Agreement, Firmness
from monitor.errors import Phrase
from monitor.health.findings import Clause, Compassion, Drift, Goodwill, HealthParts, Mirror, Trend
from monitor.instructions.instruction import Carried
from monitor.labels import Care, Label, Language, RequestType, Signal

TALK_TOLD_FOR = timedelta(weeks=7)  # after that a conversation without a pattern is history


class Link(StrEnum):
    """The mail program that links to mails are written for; ``NONE``: date and subject must do."""

    NONE = "none"
    THUNDERBIRD = "thunderbird"
    APPLE_MAIL = "apple_mail"
    GMAIL = "gmail"


class Effect(StrEnum):
    """What a conversation has changed so far."""

    TOO_EARLY = "too early"
    EASED = "eased"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Change:
    """What a conversation has changed of one pattern: incidents in four weeks, before and after it."""

    signal: Signal
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Talk:
    """The last conversation that was held with a client.

    ``held`` counts those held about boundaries so far; where the last one has changed nothing, those in a row that
    have not. ``changes`` compare before and after, over ``weeks``, once there is something to compare.
    """

    held_on: date
    effect: Effect
    held: int = 1
    changes: tuple[Change, ...] = ()
    weeks: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """A dated quote; ``sent_at`` in the coach's zone. ``folder`` is where the mail lies.

    ``is_own`` says that the coach wrote it: then ``sender`` is the client it went to.
    """

    message_id: str | None
    sent_at: datetime
    sender: str
    subject: str
    text: str
    folder: str
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """One boundary signal of a client.

    ``weekly`` holds the incidents of the last twelve weeks, the oldest first; ``before`` and ``now`` the sums of
    the four weeks before and the last four. ``last_told`` are the incidents that the digest before told of this
    pattern; None if it did not tell it.
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
    last_told: int | None = None


@dataclass(frozen=True, slots=True)
class CareItem:
    """One care signal of a client; ``days`` and ``on`` as the signal has them.

    ``usual`` is the yardstick of ``days``, 0 if unknown. For a pattern that has eased, ``signal`` names it, with its
    incidents ``before`` and ``now`` in four weeks each.
    """

    client: str
    care: Care
    reason: str
    days: int = 0
    on: date | None = None
    usual: int = 0
    signal: Signal | None = None
    before: int = 0
    now: int = 0


@dataclass(frozen=True, slots=True)
class ClientEntry:
    """One client: health, patterns the strongest first, care, and what the digest cites of the agreement.

    ``firmness`` is the coach's choice for the conversation guide; None leaves it to the conversations held so far.

    ``weekly_health`` holds the last twelve weeks, the oldest first, and ``parts`` what the health is made of.
    ``progress`` counts the reports of progress in four weeks, ``reply_days`` are the working days within which the
    coach usually answers. ``compassion`` says why boundaries rest;
    ``danger`` is a message with words that can point to danger for life: it belongs at the top of everything, with
    a note on safe handling, and to no score. ``mirror``, ``goodwill`` and ``drift`` tell what the coach's own answers
    do. ``snoozed_until`` is set while the coach wants no conversation proposed.
    """

    client: str
    health: int | None
    health_change: int | None
    patterns: tuple[Pattern, ...]
    care: tuple[CareItem, ...]
    agreement: Agreement
    motive: str
    received: int
    share: float
    address: AddressForm = AddressForm.FORMAL
    firmness: Firmness | None = None
    talk: Talk | None = None
    weekly_health: tuple[int | None, ...] = ()
    parts: HealthParts | None = None
    progress: int = 0
    reply_days: float | None = None
    compassion: Compassion | None = None
    danger: Quote | None = None
    mirror: tuple[Mirror, ...] = ()
    goodwill: tuple[Goodwill, ...] = ()
    drift: tuple[Drift, ...] = ()
    snoozed_until: date | None = None

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
class Learned:
    """What the coach taught since the last digest: a mail that was filed under a label, or taken out again.

    ``before`` is what the program had taken the mail for, None if for nothing.
    """

    quote: Quote
    label: Label
    taken_back: bool
    before: RequestType | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """One pattern over a quarter: the clients it was told of, and in how many digests."""

    signal: Signal
    clients: tuple[str, ...]
    digests: int


@dataclass(frozen=True, slots=True)
class Quarter:
    """What a quarter teaches across clients: for offers, the start of a collaboration, and rules.

    ``name`` such as 2026-Q1. ``asked`` and ``accepted`` are asks beyond the agreements, ``minutes`` and ``money`` an
    estimate of what was given. ``drifts`` are the clauses that practice has left, with the number of clients.
    """

    name: str
    lessons: tuple[Lesson, ...]
    asked: int = 0
    accepted: int = 0
    minutes: int = 0
    money: float = 0.0
    drifts: tuple[tuple[Clause, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Answering:
    """How the coach answers: the address that replies go to, and the token that they carry."""

    address: str
    token: str


@dataclass(frozen=True, slots=True)
class Previous:
    """What the digest before said: its ISO week, the incidents by client and signal, and its model."""

    week: str
    told: Mapping[tuple[str, Signal], int]
    model: str


@dataclass(frozen=True, slots=True)
class UnknownCorrespondent:
    """Somebody who writes with the coach and is no client yet."""

    address: str
    messages: int


class TroubleKind(StrEnum):
    """What keeps the service from its work."""

    LOGIN = "login"
    CERTIFICATE = "certificate"
    FOLDER = "folder"
    SERVER = "server"
    STORE = "store"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong at present; ``reason`` holds the sentences for the command line, the remedy at the end."""

    kind: TroubleKind
    reason: tuple[Phrase, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the digest stands on. ``messages`` were read in the period; the last looks are in the coach's zone.

    ``accuracy`` is the share of messages (0 to 1) that the model got right in its last check, None if unknown.
    ``trouble`` is what keeps the service from reading on.
    """

    messages: int
    unreadable: int
    inbox_seen_at: datetime | None
    sent_seen_at: datetime | None
    model: str
    accuracy: float | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """The whole digest.

    ``clients`` lists every client known at that time in the order of the configuration. ``first``, ``last`` and
    ``week`` (ISO, such as 2026-W10) are the period's. ``previous_week`` is that of the digest before, None if there
    was none or it is not known: then nothing is called new. ``label_folder`` is the parent of the labelled folders.
    ``known_since`` is the day of the first mail that is known. ``learned`` is what the coach taught since the digest
    before, ``new_model`` whether another model has been serving since. ``quarter`` is the page that comes once a
    quarter. ``carried`` are the instructions of the coach since the digest before; ``answering`` is None where no
    replies are taken, as in a preview. ``is_test`` marks a letter that was sent to try things out.
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
    previous_week: str | None = None
    label_folder: str = "Monitor"
    known_since: date | None = None
    learned: tuple[Learned, ...] = ()
    new_model: bool = False
    quarter: Quarter | None = None
    carried: tuple[Carried, ...] = ()
    answering: Answering | None = None
    is_test: bool = False

    @property
    def has_news(self) -> bool:
        """Whether there is anything to tell beside what was read."""
        coverage = self.coverage
        entries = any(
            entry.patterns
            or entry.care
            or entry.compassion
            or entry.danger
            or entry.snoozed_until
            or (entry.talk and self.last - entry.talk.held_on <= TALK_TOLD_FOR)
            for entry in self.clients
        )
        asked = self.questions or self.unknown_correspondents
        told = self.learned or self.carried or self.quarter or self.previous_week is None
        return bool(entries or asked or told or coverage.unreadable or not self.clients)

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
