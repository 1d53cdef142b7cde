"""What coach and client agreed, and who they are: the yardstick of every judgement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from monitor.labels import Care, Language, RequestType, Signal


class AddressForm(StrEnum):
    """How coach and client address each other, where the language tells: Sie or du."""

    FORMAL = "formal"
    FAMILIAR = "familiar"


class Firmness(StrEnum):
    """How firm a conversation guide speaks."""

    GENTLE = "gentle"
    CLEAR = "clear"
    FIRM = "firm"


Leeway = int | bool
"""Incidents in four weeks that the coach lets pass; False switches the signal off."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which the coach is away, both included."""

    first: date
    last: date


GOODWILL_MINUTES: Mapping[RequestType, int] = MappingProxyType(
    {
        RequestType.EXTRA_WORK: 45,
        RequestType.SCHEDULING: 30,
        RequestType.INSTANT_ACCESS: 10,
        RequestType.COACHING_QUESTION: 15,
        RequestType.REASSURANCE: 10,
    }
)
"""Estimated minutes of an ask beyond the agreement that the coach takes on, by its kind."""

OTHER_GOODWILL_MINUTES = 20


@dataclass(frozen=True, slots=True)
class Coach:
    """The coach: own addresses in lower case, the zone and the public holidays of the office.

    ``goodwill_minutes`` are the estimated minutes of what is taken on beyond an agreement, by kind.
    """

    name: str
    addresses: frozenset[str]
    language: Language
    timezone: ZoneInfo
    holidays: str = ""
    absences: tuple[Absence, ...] = ()
    goodwill_minutes: Mapping[RequestType, int] = field(default_factory=lambda: GOODWILL_MINUTES)


@dataclass(frozen=True, slots=True)
class Agreement:
    """One client's agreement. ``office_hours`` maps weekdays (0 is Monday) to opening and closing time in the
    coach's zone; a missing day is a day off. ``included`` and ``excluded`` are request types that this client's
    agreement holds beyond, or short of, the standard."""

    office_hours: Mapping[int, tuple[time, time]] = field(
        default_factory=lambda: MappingProxyType({day: (time(9), time(18)) for day in range(5)})
    )
    included: frozenset[RequestType] = frozenset()
    excluded: frozenset[RequestType] = frozenset()
    reply_within_days: float = 1.0
    sessions_per_month: float | None = None
    session_minutes: int | None = None
    notice_hours: int = 24
    payment_days: int = 14
    fee_per_month: float | None = None
    rhythm_days: int | None = None


DEFAULT_LEEWAY: Mapping[Signal | Care, Leeway] = MappingProxyType(
    {
        Signal.SCOPE_CREEP: 2,
        Signal.ALWAYS_ON: 2,
        Signal.TIME_SHARE: 1,
        Signal.DEPENDENCY: 3,
        Signal.UNRELIABILITY: 1,
        Signal.PAYMENT: 1,
        Signal.EXPECTATION_GAP: 2,
    }
)


@dataclass(frozen=True, slots=True)
class Client:
    """A client as the coach configured them; ``addresses`` in lower case, ``@domain`` stands for a whole domain.

    ``address_form`` and ``firmness`` of the conversation guides are None where the correspondence decides.
    """

    name: str
    addresses: frozenset[str]
    agreement: Agreement
    leeway: Mapping[Signal | Care, Leeway] = field(default_factory=lambda: DEFAULT_LEEWAY)
    since: date | None = None
    until: date | None = None
    timezone: ZoneInfo | None = None
    motive: str = ""
    address_form: AddressForm | None = None
    firmness: Firmness | None = None
