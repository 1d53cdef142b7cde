"""What ``doctor`` looks at: each check says how it is, and what helps. Nothing is changed by looking."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from monitor.config.configuration import Configuration, state_folder
from monitor.credentials.oauth2 import signed_in
from monitor.credentials.secrets import keyring_name
from monitor.errors import ClientMonitorError, Phrase
from monitor.labels import is_review_folder, label_of_folder
from monitor.mailbox.imap import Mailbox
from monitor.outbox.smtp import check as check_outbox
from monitor.service import unit
from monitor.service.rounds import open_mailbox, outbox_access, outbox_secret, registration
from monitor.store.database import Database, open_database
from monitor.store.fact_store import FactStore

LEAST_FREE = 200 * 1024 * 1024  # bytes of disk: room for a model that is being built
OLD_TOKEN = timedelta(days=60)  # Microsoft forgets a sign-in that was not renewed for ninety days
GONE_BACK = timedelta(hours=1)
_BUILT = datetime(2026, 11, 1, tzinfo=UTC)  # no clock that is right shows an earlier time


class Status(StrEnum):
    """How a check came out. A hint needs nothing done."""

    OK = "ok"
    HINT = "hint"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: ``about`` names the check, ``error`` is the failure that speaks for itself."""

    about: str
    status: Status
    told: Phrase | None = None
    remedy: Phrase | None = None
    error: ClientMonitorError | None = None


def checks(configuration: Configuration, models: Path, now: datetime) -> Iterator[Check]:
    """Yield what is found, one after the other: servers are asked, which takes some seconds."""
    yield _file(configuration)
    yield _keyring(configuration)
    if _uses_oauth2(configuration):
        yield _guarded("sign_in", lambda: _sign_in(configuration, now))
    yield from _mailbox(configuration)
    yield _guarded("sending", lambda: _sending(configuration))
    newest: list[datetime] = []
    yield _guarded("store", lambda: _store(configuration, now, newest))
    yield _clock(now, newest)
    yield _disk()
    yield _model(models)
    yield _unit()


def _guarded(about: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except ClientMonitorError as error:
        return Check(about, Status.PROBLEM, error=error)


def _file(configuration: Configuration) -> Check:
    path = configuration.path
    assert path is not None
    told = Phrase("{path} is valid; clients: {clients}.", {"path": str(path), "clients": len(configuration.clients)})
    handed_over = os.environ.get("CREDENTIALS_DIRECTORY")
    # What systemd hands over to a service is for that service alone, whatever its mode.
    is_handed_over = bool(handed_over and path.is_relative_to(handed_over))
    if not is_handed_over and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        remedy = Phrase(
            "Others on this machine can read it, and it names your clients: chmod 600 {path}", {"path": str(path)}
        )
        return Check("configuration", Status.HINT, told, remedy)
    if not configuration.clients:
        remedy = Phrase("Propose some with: client-monitor clients discover")
        return Check("configuration", Status.HINT, told, remedy)
    return Check("configuration", Status.OK, told)


def _keyring(configuration: Configuration) -> Check:
    name = keyring_name()
    if name is not None:
        return Check("keyring", Status.OK, Phrase("Passwords come from: {name}.", {"name": name}))
    if _uses_oauth2(configuration):
        return Check("keyring", Status.OK, Phrase("There is none, and none is needed."))
    return Check(
        "keyring",
        Status.HINT,
        Phrase("There is none in this session."),
        Phrase("On a server the service gets the passwords from systemd; on a desktop, unlock the keyring."),
    )


def _uses_oauth2(configuration: Configuration) -> bool:
    return "oauth2" in {section.auth for section in (configuration.mailbox, configuration.outbox) if section}


def _sign_in(configuration: Configuration, now: datetime) -> Check:
    times = signed_in(registration(configuration).tokens)
    days, idle = (now - times.signed_in_at).days, (now - times.renewed_at).days
    told = Phrase(
        "Signed in {days} days ago; the access was last renewed {idle} days ago.", {"days": days, "idle": idle}
    )
    if now - times.renewed_at > OLD_TOKEN:
        remedy = Phrase("It is forgotten after some ninety days without renewal. Sign in again: client-monitor setup")
        return Check("sign_in", Status.HINT, told, remedy)
    return Check("sign_in", Status.OK, told)


def _mailbox(configuration: Configuration) -> Iterator[Check]:
    try:
        with open_mailbox(configuration) as mailbox:
            host = configuration.mailbox.host if configuration.mailbox else ""
            yield Check("login", Status.OK, Phrase("{host} lets you in.", {"host": host}))
            yield _guarded("folders", lambda: _folders(configuration, mailbox))
    except ClientMonitorError as error:
        yield Check("login", Status.PROBLEM, error=error)


def _folders(configuration: Configuration, mailbox: Mailbox) -> Check:
    inbox, sent = mailbox.inbox(), mailbox.sent()
    counts = [mailbox.examine(folder).messages for folder in (inbox, sent)]
    parent = configuration.mailbox.labels if configuration.mailbox else ""
    below = mailbox.below(parent)
    known = [one for one in below if label_of_folder(one.leaf) or is_review_folder(one.leaf)]
    others = [one.leaf for one in below if one not in known]
    told = Phrase(
        "{inbox}: {received} messages; {sent}: {written} messages; labelled folders below {parent}: {labels}.",
        {
            "inbox": inbox.name,
            "received": counts[0],
            "sent": sent.name,
            "written": counts[1],
            "parent": parent,
            "labels": len(known),
        },
    )
    if others:
        remedy = Phrase(
            "These folders are no label and are not read: {names}. The names stand in the README.",
            {"names": ", ".join(others[:10])},
        )
        return Check("folders", Status.HINT, told, remedy)
    return Check("folders", Status.OK, told)


def _sending(configuration: Configuration) -> Check:
    access = outbox_access(configuration)
    check_outbox(access, outbox_secret(configuration))
    return Check("sending", Status.OK, Phrase("{host} takes letters from you.", {"host": access.host}))


def _store(configuration: Configuration, now: datetime, newest: list[datetime]) -> Check:
    with open_database(configuration.store_url) as database:
        facts = FactStore(database)
        count = facts.count()
        newest += _latest(database, now)
    if count == 0:
        return Check("store", Status.HINT, Phrase("It is empty."), Phrase("Read the mailbox with: client-monitor sync"))
    return Check("store", Status.OK, Phrase("It knows {count} messages.", {"count": count}))


def _latest(database: Database, now: datetime) -> list[datetime]:
    """Return when folders were seen at a time that is still to come."""
    return [one.seen_at for one in FactStore(database).cursors() if one.seen_at is not None and one.seen_at > now]


def _clock(now: datetime, later: list[datetime]) -> Check:
    remedy = Phrase("Let the time be set by the network: timedatectl set-ntp true")
    if now < _BUILT:
        return Check("clock", Status.PROBLEM, Phrase("It shows a time before this program was written."), remedy)
    if later and max(later) - now > GONE_BACK:
        return Check("clock", Status.PROBLEM, Phrase("It has gone back: the mailbox was read at a later time."), remedy)
    return Check("clock", Status.OK, Phrase("It shows {time}.", {"time": now.strftime("%Y-%m-%d %H:%M UTC")}))


def _disk() -> Check:
    folder = state_folder()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    told = Phrase("{free} MB are free.", {"free": free // 1_000_000})
    if free < LEAST_FREE:
        return Check("disk", Status.PROBLEM, told, Phrase("Make room: learning needs some 200 MB."))
    return Check("disk", Status.OK, told)


def _model(models: Path) -> Check:
    files = sorted(models.glob("*.npz"), key=lambda file: file.stat().st_mtime)
    if not files:
        return Check("model", Status.HINT, Phrase("It is built at the first reading; that takes a minute or some."))
    made = datetime.fromtimestamp(files[-1].stat().st_mtime, UTC)
    told = Phrase("{name}, of {day}.", {"name": files[-1].stem, "day": made.date().isoformat()})
    return Check("model", Status.OK, told)


def _unit() -> Check:
    if not unit.has_systemd():
        told = Phrase("This machine is not run by systemd.")
        return Check("unit", Status.HINT, told, Phrase("Let something else start: client-monitor run"))
    states = {manager: state for manager in unit.Manager if (state := unit.state(manager))}
    if not states:
        return Check(
            "unit",
            Status.HINT,
            Phrase("The service is not installed."),
            Phrase("Install it with: client-monitor setup"),
        )
    if "active" in states.values():
        return Check("unit", Status.OK, Phrase("The service is running."))
    manager, state = next(iter(states.items()))
    scope = "--user " if manager is unit.Manager.USER else ""
    return Check(
        "unit",
        Status.PROBLEM,
        Phrase("The service is not running ({state}).", {"state": state}),
        Phrase("See: journalctl {scope}-u client-monitor; start it with: systemctl {scope}start client-monitor",
               {"scope": scope}),
    )  # fmt: skip
