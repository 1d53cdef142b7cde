"""Commands about clients and conversations: ``talked``, ``snooze``, ``clients show``, ``clients discover``."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.cli.judging import CLIENTS
from monitor.cli.naming import client_named
from monitor.cli.surroundings import moment, say, surroundings
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.config.configuration import Configuration
    from monitor.pipelines.discovery import Proposal
    from monitor.store.database import Database

SNOOZED = timedelta(weeks=4)  # where the command names no day
LONGEST_NOTE = 2_000

Name = Annotated[list[str], typer.Argument(metavar="NAME", help="The client; a beginning of the name is enough.")]


class Form(StrEnum):
    """How a page is written."""

    TEXT = "text"
    JSON = "json"


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        epilog='Example: client-monitor talked Georg --on 2026-03-31 --note "collects questions for the session"'
    )(talked)
    app.command(epilog="Example: client-monitor snooze Georg --until 2026-04-30")(snooze)
    CLIENTS.command("show", epilog="Example: client-monitor clients show Georg")(show)
    CLIENTS.command("discover", epilog="Example: client-monitor clients discover")(discover)


def talked(
    context: typer.Context,
    name: Name,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day; today if not said.")] = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="A note for yourself.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take back what was entered for that day.")] = False,
) -> None:
    """Note that a boundary conversation was held: from then on before and after are compared."""
    from monitor.health.talks import REST, SOONEST
    from monitor.store.talk_store import TalkStore
    from monitor.talks import Talk

    around = surroundings(context)
    configuration, speech = around.configuration, around.speech
    client = client_named(name, configuration.clients)
    today = datetime.now(configuration.coach.timezone).date()
    day = _day(on) if on else today
    if day > today:
        raise UsageError("{day} is still to come.", "Enter a conversation once it was held.", day=day.isoformat())
    if len(note) > LONGEST_NOTE:
        raise UsageError("The note is longer than {most} characters.", "Write a shorter one.", most=LONGEST_NOTE)
    with around.open_store() as database:
        store = TalkStore(database)
        if undo:
            if not store.take_back_talk(client.name, day):
                raise UsageError(
                    "No conversation with {name} is noted for {day}.",
                    "See: client-monitor clients show NAME",
                    name=client.name,
                    day=day.isoformat(),
                )
            told = speech.gettext("Taken back: the conversation with {name} on {day}.")
            say(told.format(name=client.name, day=day.isoformat()))
            return
        store.keep_talk(Talk(client.name, day, note), datetime.now(UTC))
    again = day + REST
    compared = day + SOONEST
    told = speech.gettext(
        "Noted: a conversation with {name} on {day}. Nothing is proposed before {again}; from {compared} on before and "
        "after are compared."
    )
    say(told.format(name=client.name, day=day.isoformat(), again=again.isoformat(), compared=compared.isoformat()))


def snooze(
    context: typer.Context,
    name: Name,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="The last day; in four weeks if not said.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="End it now.")] = False,
) -> None:
    """Propose no boundary conversation with a client up to a day."""
    from monitor.store.talk_store import TalkStore
    from monitor.talks import Snooze

    around = surroundings(context)
    configuration, speech = around.configuration, around.speech
    client = client_named(name, configuration.clients)
    today = datetime.now(configuration.coach.timezone).date()
    day = _day(until) if until else today + SNOOZED
    with around.open_store() as database:
        store = TalkStore(database)
        if undo:
            ended = store.take_back_snooze(client.name)
            told = (
                speech.gettext("Ended: {name} is no longer snoozed.")
                if ended
                else speech.gettext("{name} was not snoozed.")
            )
            say(told.format(name=client.name))
            return
        # Without a first day, so that a look back does not propose what is not wanted either.
        store.keep_snooze(Snooze(client.name, day), datetime.now(UTC))
    told = speech.gettext("No conversation with {name} is proposed until {day}.")
    parts = [told.format(name=client.name, day=day.isoformat())]
    if day < today:
        parts.append(speech.gettext("That day has passed, so it matters only for digests of earlier times."))
    say(" ".join(parts))


def show(
    context: typer.Context,
    name: Name,
    everything: Annotated[bool, typer.Option("--all", help="The whole timeline, not twelve weeks.")] = False,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="TIME", help="As if it were that time (local if without offset).")
    ] = None,
    format: Annotated[Form, typer.Option(help="text or json.")] = Form.TEXT,
) -> None:
    """Show one client: how they are and why, and the timeline."""
    from monitor.cli import timeline
    from monitor.digest.json_form import digest_json
    from monitor.pipelines.weekly import digest_as_of
    from monitor.service.delivery import past_of
    from monitor.store.fact_store import FactStore
    from monitor.store.talk_store import TalkStore

    around = surroundings(context)
    configuration = around.configuration
    client = client_named(name, configuration.clients)
    zone = configuration.coach.timezone
    words = around.speech
    now = moment(as_of, zone) if as_of else datetime.now(UTC)
    with around.open_store() as database:
        facts, talks = FactStore(database), TalkStore(database)
        since = None if everything else now - timeline.SHOWN
        content = digest_as_of(configuration, facts, now, talks=talks, past=past_of(database))
        own = [
            fact
            for fact in facts.facts(until=now, since=since)
            if any(configuration.client_of(address) is client for address in fact.correspondents)
        ]
        happened = timeline.events(
            own,
            [one for one in talks.talks() if one.client == client.name and one.held_on <= _local(now, zone)],
            [one for one in talks.snoozes() if one.client == client.name],
            zone,
            words if format is Form.TEXT else None,
        )
    if format is Form.JSON:
        told = next((one for one in json.loads(digest_json(content))["clients"] if one["client"] == client.name), None)
        print(json.dumps(timeline.as_json(client, told, happened, zone), ensure_ascii=False, indent=2))
    else:
        print(timeline.page(client, content, happened, zone, words))


def proposed(configuration: Configuration, database: Database, now: datetime) -> list[Proposal]:
    """Return who may be a client and is none yet, the liveliest correspondence first."""
    from monitor.labels import Verdict
    from monitor.pipelines.discovery import proposals
    from monitor.store.fact_store import FactStore
    from monitor.store.label_store import LabelStore

    facts = FactStore(database).facts()
    filed = {one.writer for one in LabelStore(database).filings() if one.label is Verdict.NOT_A_CLIENT}
    strangers = [fact for fact in facts if not any(map(configuration.client_of, fact.correspondents))]
    found = proposals(strangers, now, sorted(filed))
    if not found and facts:
        # An imported mailbox may end long ago: then its own end is the time to look back from.
        found = proposals(strangers, facts[-1].sent_at, sorted(filed))
    return found


def discover(
    context: typer.Context,
    format: Annotated[Form, typer.Option(help="text (to paste into the configuration) or json.")] = Form.TEXT,
) -> None:
    """Propose clients: people who write to you and whom you answer."""
    around = surroundings(context)
    configuration, speech = around.configuration, around.speech
    with around.open_store() as database:
        found = proposed(configuration, database, datetime.now(UTC))
    if format is Form.JSON:
        rows = [
            {
                "name": one.name,
                "addresses": list(one.addresses),
                "received": one.received,
                "sent": one.sent,
                "last": one.last.isoformat(),
            }
            for one in found
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not found:
        say(speech.gettext("Nobody writes with you in both directions who is no client yet."))
        return
    for one in found:
        last = _local(one.last, configuration.coach.timezone)
        told = speech.gettext("{received} received, {sent} sent, the last on {day}")
        print(f"# {told.format(received=one.received, sent=one.sent, day=last.isoformat())}")
        print("[[client]]")
        print(f"name = {json.dumps(one.name, ensure_ascii=False)}")
        print(f"addresses = {json.dumps(one.addresses, ensure_ascii=False)}\n")
    say(
        speech.gettext(
            "Paste those who are clients into the configuration, with their names; the others need no mention."
        )
    )


def _day(text: str) -> date:
    """Read a day of the command line: 2026-03-31 or 31.3.2026. Raises UsageError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        day, month, year = (int(part) for part in text.strip().split("."))
        return date(year, month, day)
    except ValueError as error:
        raise UsageError("{text} is no day.", "Write it like 2026-03-31.", text=text) from error


def _local(now: datetime, zone: ZoneInfo) -> date:
    return now.astimezone(zone).date()
