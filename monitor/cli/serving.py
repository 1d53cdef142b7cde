"""Commands around the service: ``run``, ``status``."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

import typer

from monitor.cli.surroundings import surroundings
from monitor.config.configuration import state_folder

QUIET = timedelta(days=1)  # without a look at the mailbox for longer, something is wrong


class Form(StrEnum):
    """How ``status`` is written."""

    TEXT = "text"
    JSON = "json"


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        epilog="This is what systemd starts. Example: client-monitor --config /etc/client-monitor/config.toml run"
    )(run)
    app.command(epilog="Example: client-monitor status --format json")(status)


def run(context: typer.Context) -> None:
    """Watch the mailbox and mail the digest every week, until stopped."""
    import faulthandler

    from monitor.errors import ConfigurationError
    from monitor.service.daemon import Daemon
    from monitor.service.lock import only_one

    faulthandler.enable()  # the watchdog's SIGABRT leaves in the journal where it hung
    around = surroundings(context)
    configuration = around.configuration
    if configuration.mailbox is None:
        raise ConfigurationError("The configuration has no [mailbox].", "Add it, or run: client-monitor setup")
    with only_one(state_folder()), around.open_store() as database:
        Daemon(configuration, database, around.models).run()


def status(context: typer.Context, format: Annotated[Form, typer.Option(help="text or json.")] = Form.TEXT) -> None:
    """Tell how the service is doing: exit 0 healthy, 1 not."""
    from monitor.service.due import Weekly
    from monitor.store.digest_store import DigestStore
    from monitor.store.fact_store import FactStore

    around = surroundings(context)
    configuration = around.configuration
    now = datetime.now(UTC)
    with around.open_store() as database:
        facts, digests = FactStore(database), DigestStore(database)
        cursors, lost, sent = facts.cursors(), facts.quarantined(), digests.last_sent()
        rule = Weekly(configuration.weekday, configuration.at, configuration.coach.timezone)
        slot = digests.slot("digest", rule.last_due(now))
        count = facts.count()
    models = sorted((around.models).glob("*.npz"), key=lambda file: file.stat().st_mtime)
    problems = _problems(cursors, slot, now)
    told: dict[str, Any] = {
        "healthy": not problems,
        "problems": problems,
        "folders": [
            {"folder": one.folder, "seen_at": one.seen_at.isoformat() if one.seen_at else None} for one in cursors
        ],
        "messages": count,
        "last_digest": {"week": sent.week, "sent_at": sent.sent_at.isoformat()} if sent and sent.sent_at else None,
        "next_digest_due": rule.next_due(now).isoformat(),
        "model": models[-1].stem if models else None,
        "quarantined": len(lost),
    }
    if format is Form.JSON:
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print(_for_people(told, configuration.coach.timezone))
    raise typer.Exit(1 if problems else 0)


def _problems(cursors: list[Any], slot: Any, now: datetime) -> list[str]:
    problems: list[str] = []
    if not cursors:
        problems.append("Nothing has been read yet; start with: client-monitor sync")
    for one in cursors:
        if one.seen_at is None or now - one.seen_at > QUIET:
            problems.append(f"{one.folder} has not been read for a day; see: client-monitor doctor")
    if slot is not None and slot.state == "missed":
        problems.append("The last digest could not be sent; see: client-monitor doctor")
    if slot is not None and slot.state == "claimed":
        problems.append(f"The digest is still to be sent, {slot.tries} tries so far.")
    return problems


def _for_people(told: dict[str, Any], zone: Any) -> str:
    def local(text: str | None) -> str:
        return datetime.fromisoformat(text).astimezone(zone).strftime("%Y-%m-%d %H:%M") if text else "never"

    lines = ["Healthy." if told["healthy"] else "Not healthy:"]
    lines += [f"  - {problem}" for problem in told["problems"]]
    lines += [f"{one['folder']}: last read {local(one['seen_at'])}" for one in told["folders"]]
    lines.append(f"Messages known: {told['messages']}, unreadable: {told['quarantined']}")
    digest = told["last_digest"]
    lines.append(
        f"Last digest: {digest['week']}, sent {local(digest['sent_at'])}" if digest else "Last digest: none yet"
    )
    lines.append(f"Next digest due: {local(told['next_digest_due'])}")
    lines.append(f"Model: {told['model'] or 'built at the first reading'}")
    return "\n".join(lines)
