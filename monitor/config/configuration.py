"""Find the configuration file, check it, and turn it into the product's own terms."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from types import MappingProxyType
from typing import Any

import platformdirs
import pydantic

from monitor.agreement import (
    DEFAULT_LEEWAY,
    GOODWILL_MINUTES,
    Absence,
    AddressForm,
    Agreement,
    Client,
    Coach,
    Firmness,
    Leeway,
)
from monitor.config.schema import (
    WEEKDAYS,
    AgreementSection,
    ClientSection,
    ConfigurationFile,
    DigestSection,
    Flaw,
    MailboxSection,
    OAuth2Section,
    OutboxSection,
    zone,
)
from monitor.errors import ConfigurationError, Phrase
from monitor.labels import Care, Language, Signal
from monitor.language.marking import N_

PROGRAM = "client-monitor"
SYSTEM_FILE = Path("/etc/client-monitor/config.toml")
SYSTEM_STATE = Path("/var/lib")  # below it, systemd keeps the state of services


@dataclass(frozen=True, slots=True)
class Configuration:
    """A checked configuration. ``weekday`` (0 is Monday) and ``at`` say when the digest is due, in the coach's zone.

    ``own_address`` is the first of the coach's addresses, ``digest`` what else is wished of the letter.
    ``facts_months`` and ``quotes_months`` say how long facts and the words that prove them are kept; ``textfile`` is
    where figures for monitoring are written.
    """

    coach: Coach
    clients: tuple[Client, ...]
    agreement: Agreement
    mailbox: MailboxSection | None
    outbox: OutboxSection | None
    oauth2: OAuth2Section | None
    weekday: int
    at: time
    store_url: str
    path: Path | None
    own_address: str = ""
    digest: DigestSection = field(default_factory=DigestSection)

    @property
    def guides(self) -> Path | None:
        """The coach's own folder of conversation guides: the configured one, else ``guides`` beside the file.

        Raises ConfigurationError if a configured folder is not there.
        """
        beside = self.path.parent if self.path else None
        if self.digest.guides:
            named = Path(self.digest.guides).expanduser()
            folder = named if named.is_absolute() or beside is None else beside / named
            if not folder.is_dir():
                raise ConfigurationError(
                    "There is no folder {path} for your conversation guides.",
                    "Make it, or correct digest.guides.",
                    path=str(folder),
                )
            return folder
        own = beside / "guides" if beside else None
        return own if own is not None and own.is_dir() else None

    @property
    def answering(self) -> frozenset[str]:
        """The addresses between which answers to the digest travel."""
        letters = {self.outbox.recipient, self.outbox.sender or self.outbox.recipient} if self.outbox else set()
        return self.coach.addresses | letters

    facts_months: int = 24
    quotes_months: int = 6
    textfile: Path | None = None

    def client_of(self, address: str) -> Client | None:
        """Return the client that an address (in lower case) belongs to."""
        domain = "@" + address.rpartition("@")[2]
        for client in self.clients:
            if address in client.addresses:
                return client
        for client in self.clients:
            if domain in client.addresses:
                return client
        return None


def find_file(named: Path | None) -> Path:
    """Return the configuration file: the named one, $CLIENT_MONITOR_CONFIG, the user's, the machine's.

    Raises ConfigurationError if there is none.
    """
    if named is None and os.environ.get("CLIENT_MONITOR_CONFIG"):
        named = Path(os.environ["CLIENT_MONITOR_CONFIG"])
    if named is not None:
        if not named.is_file():
            raise ConfigurationError(
                "There is no configuration file {path}.",
                "Check the path, or write one with: client-monitor setup",
                path=str(named),
            )
        return named
    own = Path(platformdirs.user_config_dir(PROGRAM)) / "config.toml"
    for candidate in (own, SYSTEM_FILE):
        if candidate.is_file():
            return candidate
    raise ConfigurationError(
        "There is no configuration yet (looked for {own} and {system}).",
        "Write one with: client-monitor setup. To look around first: client-monitor demo",
        own=str(own),
        system=str(SYSTEM_FILE),
    )


def place_of_new_file(named: Path | None, *, system: bool = False) -> Path:
    """Return where a configuration is written that is not there yet; with ``system``, that of the machine's service."""
    if named is None and os.environ.get("CLIENT_MONITOR_CONFIG"):
        named = Path(os.environ["CLIENT_MONITOR_CONFIG"])
    if named is not None:
        return named
    return SYSTEM_FILE if system else Path(platformdirs.user_config_dir(PROGRAM)) / "config.toml"


def state_folder() -> Path:
    """Return the folder for the store and the models: systemd's state folder, else the user's."""
    under_systemd = os.environ.get("STATE_DIRECTORY", "").split(":")[0]
    return Path(under_systemd) if under_systemd else Path(platformdirs.user_state_dir(PROGRAM))


def adopt_system_state(file: Path) -> Path | None:
    """Let commands of an administrator work on the state of the service that a system configuration belongs to.

    systemd hands the service its state folder; somebody at a terminal has none. Returns that folder, which root may be
    about to make, or None where the file is no system configuration.
    """
    if os.environ.get("STATE_DIRECTORY"):
        return None
    place = file.resolve().parent
    for candidate, service in (
        (SYSTEM_FILE.parent, PROGRAM),
        (SYSTEM_FILE.parent / place.name, f"{PROGRAM}-{place.name}"),
    ):
        state = SYSTEM_STATE / service
        if place == candidate.resolve() and (state.is_dir() or os.geteuid() == 0):
            os.environ["STATE_DIRECTORY"] = str(state)
            return state
    return None


def load(path: Path) -> Configuration:
    """Read and check a configuration file; raises ConfigurationError that tells all problems at once."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown reason"
        raise ConfigurationError(
            "{path} cannot be read: {reason}.", "Check the file's rights.", path=str(path), reason=reason
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError("{path} is not written in UTF-8.", "Save it as UTF-8.", path=str(path)) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            "{path} is not valid TOML: {reason}.", "Mend that line.", path=str(path), reason=str(error)
        ) from error
    return build(data, path)


def build(data: Mapping[str, object], path: Path | None = None) -> Configuration:
    """Check configuration data; raises ConfigurationError that tells all problems at once."""
    try:
        checked = ConfigurationFile.model_validate(data)
    except pydantic.ValidationError as error:
        raise _told(error, path) from None
    coach = Coach(
        name=checked.coach.name,
        addresses=frozenset(checked.coach.addresses),
        language=Language(checked.coach.language),
        timezone=zone(checked.coach.timezone),
        holidays=checked.coach.holidays,
        absences=tuple(Absence(absence.first, absence.last) for absence in checked.absence),
        goodwill_minutes=MappingProxyType({**GOODWILL_MINUTES, **checked.goodwill}),
    )
    default = _agreement(Agreement(), checked.agreement)
    leeway = {**DEFAULT_LEEWAY, **checked.leeway}
    return Configuration(
        coach=coach,
        clients=tuple(_client(section, default, leeway) for section in checked.client),
        agreement=default,
        mailbox=checked.mailbox,
        outbox=checked.outbox,
        oauth2=checked.oauth2,
        weekday=_weekday(checked.digest),
        at=checked.digest.time,
        store_url=checked.store.url or f"sqlite:///{state_folder() / 'store.db'}",
        path=path,
        own_address=checked.coach.addresses[0],
        digest=checked.digest,
        facts_months=checked.retention.facts_months,
        quotes_months=checked.retention.quotes_months,
        textfile=Path(checked.monitoring.textfile) if checked.monitoring.textfile else None,
    )


def _weekday(section: DigestSection) -> int:
    return WEEKDAYS.index(section.day)


def _client(section: ClientSection, default: Agreement, leeway: Mapping[Signal | Care, Leeway]) -> Client:
    return Client(
        name=section.name,
        addresses=frozenset(section.addresses),
        agreement=_agreement(default, section.agreement),
        leeway=MappingProxyType({**leeway, **section.leeway}),
        since=section.since,
        until=section.until,
        timezone=zone(section.timezone) if section.timezone else None,
        motive=section.motive,
        address_form=AddressForm(section.address_form) if section.address_form else None,
        firmness=Firmness(section.firmness) if section.firmness else None,
    )


def _agreement(base: Agreement, section: AgreementSection) -> Agreement:
    """Lay what a section sets over an agreement."""
    changed = section.model_dump(exclude_none=True, exclude={"office_hours", "included", "excluded"})
    values = {name: getattr(base, name) for name in base.__slots__} | changed
    if section.included is not None:
        values["included"] = frozenset(section.included)
    if section.excluded is not None:
        values["excluded"] = frozenset(section.excluded)
    if section.office_hours is not None:
        days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        hours = {number: getattr(section.office_hours, day) for number, day in enumerate(days)}
        values["office_hours"] = MappingProxyType({number: span for number, span in hours.items() if span})
    return Agreement(**values)


def _told(error: pydantic.ValidationError, path: Path | None) -> ConfigurationError:
    problems = [
        Phrase("{key}: {problem}", {"key": _key(tuple(problem["loc"])), "problem": _remedy(dict(problem))})
        for problem in error.errors()
    ]
    unique = tuple(problem for number, problem in enumerate(problems) if problem not in problems[:number])
    heading = Phrase("1 problem") if len(unique) == 1 else Phrase("{number} problems", {"number": len(unique)})
    where = str(path) if path else "config.toml"
    return ConfigurationError("{where} has {heading}: {problems}.", where=where, heading=heading, problems=unique)


def _key(location: tuple[int | str, ...]) -> str:
    """Write a pydantic location as the key a person finds in the file: ``client[2].addresses[1]``."""
    key = ""
    for part in location:
        if isinstance(part, int):
            key += f"[{part + 1}]"
        elif part in ("constrained-int", "literal[False]", "tuple[time, time]", "[key]"):
            continue
        else:
            key += f".{part}" if key else part
    return key or "file"


# What the library says, in our words; what is not here is rare, and stays as it says it.
_PLAIN = {
    "extra_forbidden": N_("this key is not known; remove it or check its spelling"),
    "missing": N_("this key is missing; add it"),
    "string_type": N_("write this as text in quotation marks"),
    "string_too_short": N_("this is empty; fill it in"),
    "string_too_long": N_("this is too long; at most {max_length} characters"),
    "int_type": N_("write this as a whole number"),
    "int_parsing": N_("write this as a whole number"),
    "int_from_float": N_("write this as a whole number"),
    "float_type": N_("write this as a number"),
    "float_parsing": N_("write this as a number"),
    "list_type": N_("write this as a list in square brackets"),
    "too_short": N_("this list is empty; fill it in"),
    "literal_error": N_("write one of these: {expected}"),
    "enum": N_("write one of these: {expected}"),
    "greater_than": N_("write a number above {gt}"),
    "greater_than_equal": N_("write a number from {ge} on"),
    "less_than_equal": N_("write a number up to {le}"),
    "date_type": N_("write this as a day, like 2026-03-31"),
    "date_from_datetime_parsing": N_("write this as a day, like 2026-03-31"),
    "time_parsing": N_('write this as a time of day, like "07:00"'),
    "time_type": N_('write this as a time of day, like "07:00"'),
    "model_type": N_("write this as a section, with its keys below it"),
}


def _remedy(problem: dict[str, Any]) -> Phrase | str:
    context = dict(problem.get("ctx") or {})
    if isinstance(context.get("error"), Flaw):
        phrase: Phrase = context["error"].phrase
        return phrase
    if problem["type"] in _PLAIN:
        return Phrase(_PLAIN[problem["type"]], context)
    return str(problem["msg"])[:1].lower() + str(problem["msg"])[1:]


def language_of(named: Path | None) -> Language:
    """Return the language to speak in: the configuration's, even where it is not valid, else that of the locale."""
    try:
        told = tomllib.loads(find_file(named).read_text(encoding="utf-8")).get("coach", {}).get("language", "de")
        return Language(told)
    except (ConfigurationError, OSError, ValueError, AttributeError):
        return locale_language()


def locale_language() -> Language:
    """Return the language of the locale: German where it says so, else English."""
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return Language.GERMAN if locale.lower().startswith("de") else Language.ENGLISH
