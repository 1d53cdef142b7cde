"""Commands around the service: ``run``, ``status``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.cli.surroundings import moment, surroundings
from monitor.config.configuration import state_folder
from monitor.lean_process import be_lean

if TYPE_CHECKING:
    from monitor.language.speech import Speech
    from monitor.service.heartbeat import Heartbeat

NICENESS = 10


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
    app.command("prepare-model", hidden=True)(prepare_model)
    app.command("prepare-store", hidden=True)(prepare_store)
    app.command("report-silence", hidden=True)(report_silence)


def run(context: typer.Context) -> None:
    """Watch the mailbox and mail the digest every week, until stopped."""
    import faulthandler

    from monitor.errors import ConfigurationError
    from monitor.service.daemon import Daemon
    from monitor.service.lock import only_one
    from monitor.store.database import is_present

    faulthandler.enable()  # the watchdog's SIGABRT leaves in the journal where it hung
    around = surroundings(context)
    configuration = around.configuration
    if configuration.mailbox is None:
        raise ConfigurationError("The configuration has no [mailbox].", "Add it, or run: client-monitor setup")
    with only_one(state_folder()):
        if not is_present(configuration.store_url):
            # In a process of its own: what makes and changes tables is large, and the service stays for months.
            own = [sys.executable, "-m", "monitor", "--config", str(configuration.path), "prepare-store"]
            subprocess.run(own, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        with around.open_store() as database:
            Daemon(configuration, database, around.models).run()


def status(context: typer.Context, format: Annotated[Form, typer.Option(help="text or json.")] = Form.TEXT) -> None:
    """Tell how the service is doing: exit 0 healthy, 1 not."""
    from monitor.service.heartbeat import as_json, heartbeat

    around = surroundings(context)
    configuration = around.configuration
    now = datetime.now(UTC)
    with around.open_store() as database:
        beat = heartbeat(configuration, database, around.models, now)
    if format is Form.JSON:
        print(json.dumps(as_json(beat, now), ensure_ascii=False, indent=2))
    else:
        print(_for_people(beat, configuration.coach.timezone, now, around.speech))
    raise typer.Exit(1 if beat.problems else 0)


def _for_people(beat: Heartbeat, zone: ZoneInfo, now: datetime, speech: Speech) -> str:
    gettext = speech.gettext

    def local(moment: datetime | None) -> str:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else gettext("never")

    lines = [gettext("Not healthy:") if beat.problems else gettext("Healthy.")]
    lines += [f"  - {problem.in_words(gettext)}" for problem in beat.problems]
    for folder, seen_at in beat.folders:
        lines.append(gettext("{folder}: last read {time}").format(folder=folder, time=local(seen_at)))
    known = gettext("Messages known: {known}, unreadable: {unreadable}")
    lines.append(known.format(known=beat.messages, unreadable=beat.quarantined))
    if beat.cut:
        bounds = ", ".join(f"{bound} {count}" for bound, count in sorted(beat.cut.items()))
        lines.append(gettext("Cut at a bound: {bounds}.").format(bounds=bounds))
    if beat.last_digest_at:
        last = gettext("Last digest: {week}, sent {time}")
        lines.append(last.format(week=beat.last_week, time=local(beat.last_digest_at)))
    else:
        lines.append(gettext("Last digest: none yet"))
    lines.append(gettext("Next digest due: {time}").format(time=local(beat.next_due)))
    if beat.queue:
        lines.append(gettext("Waiting to be sent: {number}").format(number=beat.queue))
    if beat.model and beat.model_made_at:
        days = max(0, (now - beat.model_made_at).days)
        lines.append(gettext("Model: {name}, {days} days old").format(name=beat.model, days=days))
    else:
        lines.append(gettext("Model: {name}").format(name=beat.model or gettext("built at the first reading")))
    return "\n".join(lines)


def prepare_store(context: typer.Context) -> None:
    """Make the store, or bring it to the present shape. The service calls this before it begins."""
    surroundings(context).open_store().close()


def prepare_model(context: typer.Context) -> None:
    """Build the starter model of this program, where there is none yet. The service calls this after an update."""
    be_lean()
    os.nice(NICENESS)
    from monitor.classification.serving import starter_model

    starter_model(surroundings(context).models)


def report_silence(
    context: typer.Context,
    since: Annotated[str, typer.Option(help="When the outage began.")],
    kind: Annotated[str, typer.Option(help="How the last round failed.")] = "",
) -> None:
    """Tell the coach by mail that nothing could be read. The service calls this."""
    from monitor.service.silence import tell_coach

    around = surroundings(context)
    tell_coach(around.configuration, moment(since, around.configuration.coach.timezone), kind, datetime.now(UTC))
