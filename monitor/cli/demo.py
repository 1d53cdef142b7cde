"""``demo``: the whole main job on the sample mailbox that the product ships."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.colours import show_letter
from monitor.cli.progress import progress_bar
from monitor.cli.surroundings import say, surroundings, write_file
from monitor.labels import Language

AS_OF = "2026-05-18T07:00"
HELD = ("Harriet Pemberton", date(2026, 3, 31))  # what the coach of the sample mailbox has entered


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: client-monitor demo --output digest.html")(demo)


def demo(
    context: typer.Context,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Where the HTML goes.")] = None,
    language: Annotated[Language | None, typer.Option(help="The digest's language.")] = None,
) -> None:
    """Show the whole job on a sample mailbox: read, classify, judge, write the digest. Needs nothing."""
    from monitor.cli.surroundings import moment
    from monitor.config.configuration import load
    from monitor.digest.content import Answering
    from monitor.instructions.token import token_for
    from monitor.letter.mail import render_html, render_text
    from monitor.mailbox.files import batches, messages_in
    from monitor.pipelines.intake import import_files
    from monitor.pipelines.weekly import digest_as_of
    from monitor.reader.process import Reader
    from monitor.service.rounds import circle_of
    from monitor.store.database import open_database
    from monitor.store.fact_store import FactStore
    from monitor.store.talk_store import TalkStore
    from monitor.talks import Talk

    around = surroundings(context)
    folder = Path(__file__).resolve().parent.parent / "demo"
    configuration = load(folder / "config.toml")
    if language is not None:
        configuration = replace(configuration, coach=replace(configuration.coach, language=language))
    if language is not None:
        around.language = language
    gettext = around.speech.gettext
    say(gettext("Reading the sample mailbox; the first time, the text model is built as well (about a minute) …"))
    with tempfile.TemporaryDirectory(prefix="client-monitor-demo-") as scratch:
        with open_database(f"sqlite:///{scratch}/store.db") as database:
            facts = FactStore(database)
            with progress_bar(around.speech) as bar, Reader(circle_of(configuration), around.models) as reader:
                taken = import_files(
                    batches(messages_in([folder / "mailbox"])),
                    facts,
                    reader,
                    lambda: datetime.now(UTC),
                    lambda done: bar.show("", done, None),
                )
            talks = TalkStore(database)
            talks.keep_talk(Talk(*HELD), datetime.now(UTC))
            as_of = moment(AS_OF, configuration.coach.timezone)
            content = digest_as_of(configuration, facts, as_of, talks=talks)
    # Nobody can answer the letter of a sample; how it would be done is part of what it shows.
    content = replace(content, answering=Answering(configuration.own_address, token_for(b"", as_of)))
    html = (output or Path("client-monitor-demo.html")).resolve()
    show_letter(render_text(content))
    write_file(html, render_html(content))
    told = gettext("{read} messages read, {kept} kept as facts, {unreadable} unreadable.")
    say(told.format(read=taken.looked_at, kept=taken.new, unreadable=taken.unreadable))
    say(gettext("The digest as a mail: {path}").format(path=html))
