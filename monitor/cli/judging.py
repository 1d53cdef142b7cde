"""Commands that judge: ``digest``, ``clients``."""

from __future__ import annotations

import json
import signal
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.cli.colours import show_letter
from monitor.cli.surroundings import moment, say, surroundings, write_file
from monitor.errors import UsageError
from monitor.labels import SIGNAL_NAMES, Care, Signal

CLIENTS = typer.Typer(
    help="The clients and how they are.",
    epilog="Example: client-monitor clients",
    no_args_is_help=False,
    invoke_without_command=True,
)


class Form(StrEnum):
    """How ``digest`` is written."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: client-monitor digest --as-of 2026-03-09T07:00 --format html --output digest.html")(
        digest
    )
    app.command(hidden=True)(deliver)
    app.command(hidden=True)(confirm)
    CLIENTS.callback()(clients_default)
    CLIENTS.command("list", epilog="Example: client-monitor clients list")(list_clients)
    app.add_typer(CLIENTS, name="clients")


def digest(
    context: typer.Context,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="TIME", help="Judge as if it were that time (local if without offset)."),
    ] = None,
    format: Annotated[Form, typer.Option(help="The form of the preview.")] = Form.TEXT,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the preview to a file.")] = None,
    send: Annotated[
        bool,
        typer.Option("--send", help="Send it to yourself as a test letter, marked as such; it counts for nothing."),
    ] = False,
) -> None:
    """Preview the digest, or send it to yourself on trial."""
    from monitor.config.configuration import state_folder
    from monitor.pipelines.weekly import digest_as_of
    from monitor.service import troubles
    from monitor.service.delivery import past_of, send_on_trial
    from monitor.store.fact_store import FactStore
    from monitor.store.talk_store import TalkStore

    around = surroundings(context)
    configuration = around.configuration
    now = moment(as_of, configuration.coach.timezone) if as_of else datetime.now(UTC)
    with around.open_store() as database:
        if send:
            send_on_trial(configuration, database, now)
            say(around.speech.gettext("A test letter was sent. The weekly letter comes all the same."))
            return
        content = digest_as_of(
            configuration,
            FactStore(database),
            now,
            talks=TalkStore(database),
            past=past_of(database),
            trouble=None if as_of else troubles.present(state_folder()),
        )
    text = _rendered(content, format, configuration.guides)
    if output is not None:
        write_file(output, text + "\n")
    elif format is Form.TEXT:
        show_letter(text)
    else:
        print(text)


def _rendered(content: Any, format: Form, guides: Path | None) -> str:
    if format is Form.JSON:
        from monitor.digest.json_form import digest_json

        return digest_json(content)
    from monitor.letter.mail import render_html, render_text

    return render_html(content, guides) if format is Form.HTML else render_text(content, guides)


def deliver(context: typer.Context, due: Annotated[str, typer.Option(help="The due time.")]) -> None:
    """Deliver the digest that was due at a time, once. The service calls this."""
    from monitor.service.delivery import deliver_due

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # they are for the service, which gives this process time to finish
    around = surroundings(context)
    with around.open_store() as database:
        deliver_due(around.configuration, database, moment(due, around.configuration.coach.timezone))


def confirm(context: typer.Context) -> None:
    """Answer the coach's replies that were not answered yet. The service calls this."""
    from monitor.service.delivery import confirm as send_confirmations

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    around = surroundings(context)
    with around.open_store() as database:
        send_confirmations(around.configuration, database)


def clients_default(context: typer.Context) -> None:
    """List the clients where nothing else is asked."""
    if context.invoked_subcommand is None:
        list_clients(context)


def list_clients(
    context: typer.Context,
    format: Annotated[Form, typer.Option(help="text or json.")] = Form.TEXT,
) -> None:
    """List the clients with their health of today."""
    from monitor.pipelines.weekly import digest_as_of
    from monitor.service.delivery import past_of
    from monitor.store.fact_store import FactStore
    from monitor.store.talk_store import TalkStore

    if format is Form.HTML:
        raise UsageError("Clients are listed as text or json.")
    around = surroundings(context)
    with around.open_store() as database:
        content = digest_as_of(
            around.configuration,
            FactStore(database),
            datetime.now(UTC),
            talks=TalkStore(database),
            past=past_of(database),
        )
    rows = [
        {
            "client": entry.client,
            "health": entry.health,
            "needs_conversation": entry.needs_conversation,
            "signals": [pattern.signal for pattern in entry.patterns],
            "care": [item.care for item in entry.care],
        }
        for entry in content.clients
    ]
    if format is Form.JSON:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not rows:
        print(around.speech.gettext("No client is configured yet. Name them in the configuration as [[client]]."))
    for entry in content.clients:
        health = around.speech.gettext("no data yet") if entry.health is None else f"{entry.health:>3}"
        signs: list[Signal | Care] = [pattern.signal for pattern in entry.patterns]
        signs += [item.care for item in entry.care]
        named = ", ".join(SIGNAL_NAMES[sign][around.speech.language] for sign in signs)
        print(f"{entry.client:<30} {health:<12} {named}".rstrip())
