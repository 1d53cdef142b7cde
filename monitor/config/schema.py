"""The configuration file's shape: every key, its type and its default, as the contract promises them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

import pydantic
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator

from monitor.errors import Phrase
from monitor.labels import Care, RequestType, Signal


class Flaw(ValueError):
    """What is wrong with a value, and how it is written; translated where it is shown."""

    def __init__(self, text: str, **details: object) -> None:
        super().__init__(text.format(**details) if details else text)
        self.phrase = Phrase(text, details)


_ADDRESS = re.compile(r"[^\s@<>,;\"]{1,200}@[^\s@<>,;\"]{1,255}\.[^\s@<>,;\".]{1,63}")
_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s?[-–]\s?(\d{1,2}):(\d{2})")
_AUTHORITY = re.compile(r"https://[^\s/]{1,253}/[^\s/?#]{1,200}")
_DOMAIN = re.compile(r"@[a-z0-9.-]+\.[a-z0-9-]+")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value.strip()):
        raise Flaw("this is no mail address")
    return value.strip().lower()


def _address_or_domain(value: str) -> str:
    value = value.strip().lower()
    return value if _DOMAIN.fullmatch(value) else _address(value)


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise Flaw('this is no time zone; write it like "Europe/Berlin"')
    return value


def _hours(value: object) -> object:
    if not isinstance(value, str):
        raise Flaw('write office hours like "09:00-18:00"')
    match = _HOURS.fullmatch(value.strip())
    if not match:
        raise Flaw('write office hours like "09:00-18:00"')
    numbers = [int(number) for number in match.groups()]
    try:
        opening = dt.time(numbers[0], numbers[1])
        closing = dt.time(23, 59, 59) if numbers[2:] == [24, 0] else dt.time(numbers[2], numbers[3])
    except ValueError:
        raise Flaw('write office hours like "09:00-18:00"') from None
    if opening >= closing:
        raise Flaw("office hours must end after they begin")
    return (opening, closing)


def _holidays(value: str) -> str:
    import holidays  # only here: the calendars of all countries are not small

    country, _, subdivision = value.partition("-")
    try:
        # One country's calendar; the list of all would load them all.
        holidays.country_holidays(country, subdiv=subdivision or None, years=2026)
        return value
    except NotImplementedError:
        pass  # the library's word for a country or region that it does not know; which of them, is told below
    supported = holidays.list_supported_countries()
    if country not in supported:
        raise Flaw('this country has no calendar; write it like "DE-BY" or "AT"')
    if subdivision and subdivision not in supported[country]:
        raise Flaw(
            "this region is not known in {country}; known are {regions}",
            country=country,
            regions=", ".join(supported[country]),
        )
    return value


Address = Annotated[str, AfterValidator(_address)]
ClientAddress = Annotated[str, AfterValidator(_address_or_domain)]
Zone = Annotated[str, AfterValidator(_zone)]
Hours = Annotated[tuple[dt.time, dt.time], BeforeValidator(_hours)]
Port = Annotated[int, Field(ge=1, le=65535)]
Security = Literal["tls", "starttls", "none"]


def _leeways(value: object) -> object:
    if not isinstance(value, dict):
        raise Flaw("write it as a table of signals")
    known = {*Signal, *Care}
    for key, leeway in value.items():
        if key not in known:
            raise Flaw('"{key}" is no signal; known are {signals}', key=key, signals=", ".join([*Signal, *Care]))
        if leeway is not False and (isinstance(leeway, bool) or not isinstance(leeway, int) or not 0 <= leeway <= 100):
            raise Flaw('"{key}" takes a whole number from 0 to 100, or false to switch the signal off', key=key)
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
            raise Flaw('security = "none" is allowed for this machine alone; use "tls" or "starttls"')
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


def _https(value: str) -> str:
    if not _AUTHORITY.fullmatch(value):
        raise Flaw('write it like "https://login.microsoftonline.com/common"')
    return value


class OAuth2Section(_Section):
    """``[oauth2]``: who this program is to the provider's sign-in service, for ``auth = "oauth2"``."""

    client_id: Annotated[str, Field(min_length=1, max_length=200)]
    authority: Annotated[str, AfterValidator(_https)] = "https://login.microsoftonline.com/common"


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
            raise Flaw('"to" lies before "from"')
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
    oauth2: OAuth2Section | None = None
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
    def _oauth2_has_its_section(self) -> Self:
        if self.oauth2 is None and "oauth2" in {one.auth for one in (self.mailbox, self.outbox) if one}:
            raise Flaw('auth = "oauth2" needs a section [oauth2] with client_id')
        return self

    @pydantic.model_validator(mode="after")
    def _one_address_one_client(self) -> Self:
        owners: dict[str, str] = {}
        own = set(self.coach.addresses)
        for client in self.client:
            for address in client.addresses:
                if address in own:
                    raise Flaw('an address of client "{client}" is also one of coach.addresses', client=client.name)
                if owners.setdefault(address, client.name) != client.name:
                    raise Flaw('"{one}" and "{other}" share an address', one=owners[address], other=client.name)
        names = [client.name.casefold() for client in self.client]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise Flaw("two clients have the same name: {names}", names=", ".join(doubled))
        return self


def zone(name: str) -> ZoneInfo:
    """Return a zone whose name has been checked."""
    return ZoneInfo(name)
