"""The configuration file's shape: every key, its type and its default, as the contract promises them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

import pydantic
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator

from monitor.labels import Care, RequestType, Signal

_ADDRESS = re.compile(r"[^\s@<>,;\"]{1,200}@[^\s@<>,;\"]{1,255}\.[^\s@<>,;\".]{1,63}")
_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s?[-–]\s?(\d{1,2}):(\d{2})")
_DOMAIN = re.compile(r"@[a-z0-9.-]+\.[a-z0-9-]+")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value.strip()):
        raise ValueError("this is no mail address")
    return value.strip().lower()


def _address_or_domain(value: str) -> str:
    value = value.strip().lower()
    return value if _DOMAIN.fullmatch(value) else _address(value)


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError('this is no time zone; write it like "Europe/Berlin"')
    return value


def _hours(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError('write office hours like "09:00-18:00"')
    match = _HOURS.fullmatch(value.strip())
    if not match:
        raise ValueError('write office hours like "09:00-18:00"')
    numbers = [int(number) for number in match.groups()]
    try:
        opening = dt.time(numbers[0], numbers[1])
        closing = dt.time(23, 59, 59) if numbers[2:] == [24, 0] else dt.time(numbers[2], numbers[3])
    except ValueError:
        raise ValueError('write office hours like "09:00-18:00"') from None
    if opening >= closing:
        raise ValueError("office hours must end after they begin")
    return (opening, closing)


def _holidays(value: str) -> str:
    import holidays  # only here: the calendars of all countries are not small

    country, _, subdivision = value.partition("-")
    try:
        # One country's calendar; the list of all would load them all.
        holidays.country_holidays(country, subdiv=subdivision or None, years=2026)
        return value
    except NotImplementedError:
        pass
    supported = holidays.list_supported_countries()
    if country not in supported:
        raise ValueError('this country has no calendar; write it like "DE-BY" or "AT"')
    if subdivision and subdivision not in supported[country]:
        raise ValueError(f"this region is not known in {country}; known are {', '.join(supported[country])}")
    return value


Address = Annotated[str, AfterValidator(_address)]
ClientAddress = Annotated[str, AfterValidator(_address_or_domain)]
Zone = Annotated[str, AfterValidator(_zone)]
Hours = Annotated[tuple[dt.time, dt.time], BeforeValidator(_hours)]
Port = Annotated[int, Field(ge=1, le=65535)]
Security = Literal["tls", "starttls", "none"]


def _leeways(value: object) -> object:
    if not isinstance(value, dict):
        raise ValueError("write it as a table of signals")
    known = {*Signal, *Care}
    for key, leeway in value.items():
        if key not in known:
            raise ValueError(f'"{key}" is no signal; known are {", ".join([*Signal, *Care])}')
        if leeway is not False and (isinstance(leeway, bool) or not isinstance(leeway, int) or not 0 <= leeway <= 100):
            raise ValueError(f'"{key}" takes a whole number from 0 to 100, or false to switch the signal off')
    return {(Signal(key) if key in set(Signal) else Care(key)): leeway for key, leeway in value.items()}


Leeways = Annotated[dict[Signal | Care, int | bool], PlainValidator(_leeways)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CoachSection(_Section):
    """``[coach]``"""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    addresses: Annotated[list[Address], Field(min_length=1)]
    language: Literal["de", "en"] = "de"
    timezone: Zone = "Europe/Berlin"
    holidays: Annotated[str, AfterValidator(_holidays)] = ""


class _Connection(_Section):
    host: Annotated[str, Field(min_length=1)]
    port: Port
    security: Security = "tls"
    user: str = ""
    auth: Literal["password", "oauth2"] = "password"
    timeout: Annotated[int, Field(ge=5, le=600)] = 60

    @pydantic.model_validator(mode="after")
    def _plain_stays_here(self) -> Self:
        if self.security == "none" and self.host.lower() not in _LOOPBACK:
            raise ValueError('security = "none" is allowed for this machine alone; use "tls" or "starttls"')
        return self


class MailboxSection(_Connection):
    """``[mailbox]``: IMAP, only ever read."""

    port: Port = 993
    user: Annotated[str, Field(min_length=1)]
    inbox: str | None = None
    sent: str | None = None
    labels: str = "Monitor"
    poll_minutes: Annotated[int, Field(ge=1, le=240)] = 5


class OutboxSection(_Connection):
    """``[outbox]``: where the digest goes."""

    port: Port = 465
    recipient: Address
    sender: Address | None = None


class DigestSection(_Section):
    """``[digest]``"""

    day: Weekday = "monday"
    time: Annotated[dt.time, Field(strict=False)] = dt.time(7, 0)
    delivery: Literal["mail", "inbox"] = "mail"
    when_quiet: Literal["line", "none"] = "line"
    confirm: Literal["next", "at_once"] = "next"
    mail_links: Literal["auto", "none", "thunderbird", "apple_mail", "gmail"] = "auto"
    guides: Annotated[str, Field(min_length=1)] | None = None


class StoreSection(_Section):
    """``[store]``"""

    url: str | None = None


class RetentionSection(_Section):
    """``[retention]``: how long is kept what was learned from mail, in months."""

    facts_months: Annotated[int, Field(ge=1, le=240)] = 24
    quotes_months: Annotated[int, Field(ge=1, le=240)] = 6


class MonitoringSection(_Section):
    """``[monitoring]``: ``textfile`` is written for the textfile collector of Prometheus' node exporter."""

    textfile: Annotated[str, Field(pattern=r"^/.*\.prom$")] | None = None


class OfficeHoursSection(_Section):
    """``[agreement.office_hours]``: a missing day is a day off."""

    mon: Hours | None = None
    tue: Hours | None = None
    wed: Hours | None = None
    thu: Hours | None = None
    fri: Hours | None = None
    sat: Hours | None = None
    sun: Hours | None = None


class AgreementSection(_Section):
    """``[agreement]``, and with nothing set but what differs ``[client.agreement]``."""

    included: list[RequestType] | None = None
    excluded: list[RequestType] | None = None
    reply_within_days: Annotated[float, Field(gt=0, le=60)] | None = None
    sessions_per_month: Annotated[float, Field(ge=0, le=100)] | None = None
    session_minutes: Annotated[int, Field(gt=0, le=1440)] | None = None
    notice_hours: Annotated[int, Field(ge=0, le=720)] | None = None
    payment_days: Annotated[int, Field(ge=0, le=365)] | None = None
    fee_per_month: Annotated[float, Field(ge=0)] | None = None
    rhythm_days: Annotated[int, Field(gt=0, le=366)] | None = None
    office_hours: OfficeHoursSection | None = None


GoodwillMinutes = Annotated[dict[RequestType, Annotated[int, Field(ge=0, le=600)]], Field(default_factory=dict)]
"""``[goodwill]``: estimated minutes of an ask beyond the agreement that is taken on, by its request type."""


class AbsenceSection(_Section):
    """``[[absence]]``"""

    first: Annotated[dt.date, Field(alias="from")]
    last: Annotated[dt.date, Field(alias="to")]

    @pydantic.model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.last < self.first:
            raise ValueError('"to" lies before "from"')
        return self


class ClientSection(_Section):
    """``[[client]]``"""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    addresses: Annotated[list[ClientAddress], Field(min_length=1)]
    since: dt.date | None = None
    until: dt.date | None = None
    timezone: Zone | None = None
    motive: Annotated[str, Field(max_length=500)] = ""
    address_form: Literal["formal", "familiar"] | None = None
    firmness: Literal["gentle", "clear", "firm"] | None = None
    agreement: AgreementSection = AgreementSection()
    leeway: Leeways = {}


class ConfigurationFile(_Section):
    """The whole file."""

    coach: CoachSection
    mailbox: MailboxSection | None = None
    outbox: OutboxSection | None = None
    digest: DigestSection = DigestSection()
    store: StoreSection = StoreSection()
    retention: RetentionSection = RetentionSection()
    monitoring: MonitoringSection = MonitoringSection()
    agreement: AgreementSection = AgreementSection()
    leeway: Leeways = {}
    goodwill: GoodwillMinutes
    absence: list[AbsenceSection] = []
    client: list[ClientSection] = []

    @pydantic.model_validator(mode="after")
    def _one_address_one_client(self) -> Self:
        owners: dict[str, str] = {}
        own = set(self.coach.addresses)
        for client in self.client:
            for address in client.addresses:
                if address in own:
                    raise ValueError(f'an address of client "{client.name}" is also one of coach.addresses')
                if owners.setdefault(address, client.name) != client.name:
                    raise ValueError(f'"{owners[address]}" and "{client.name}" share an address')
        names = [client.name.casefold() for client in self.client]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise ValueError(f"two clients have the same name: {', '.join(doubled)}")
        return self


def zone(name: str) -> ZoneInfo:
    """Return a zone whose name has been checked."""
    return ZoneInfo(name)
