"""Commands that read mail: ``sync``, ``import``, ``classify``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.progress import progress_bar
from monitor.cli.surroundings import say, surroundings
from monitor.config.configuration import state_folder

if TYPE_CHECKING:
    from monitor.language.speech import Speech
    from monitor.pipelines.intake import Taken


class Format(StrEnum):
    """How ``classify`` writes."""

    TEXT = "text"
    JSONL = "jsonl"


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: client-monitor sync")(sync)
    app.command("import", epilog="Example: client-monitor import ~/Mail/export.mbox ~/Maildir")(import_)
    app.command(epilog="Example: client-monitor classify mail.eml --format jsonl")(classify)


def sync(context: typer.Context) -> None:
    """Read what is new in the mailbox, once."""
    from monitor.service.lock import only_one
    from monitor.service.rounds import obeying, open_mailbox, take_round
    from monitor.store.fact_store import FactStore
    from monitor.store.label_store import LabelStore

    around = surroundings(context)
    configuration = around.configuration
    with (
        only_one(state_folder()),
        around.open_store() as database,
        progress_bar(around.speech) as bar,
    ):
        with open_mailbox(configuration) as mailbox:
            taken = take_round(
                configuration,
                mailbox,
                FactStore(database),
                around.models,
                labels=LabelStore(database),
                obey=obeying(configuration, database),
                progress=bar.show,
            )
    say(told_of(taken, around.speech))


def import_(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="mbox, Maildir, .eml files, or folders of them.")
    ],
) -> None:
    """Read an exported mailbox; doing it again changes nothing."""
    from monitor.mailbox.files import batches, messages_in
    from monitor.pipelines.intake import import_files
    from monitor.reader.process import Reader
    from monitor.service.rounds import circle_of
    from monitor.store.fact_store import FactStore

    around = surroundings(context)
    with (
        around.open_store() as database,
        progress_bar(around.speech) as bar,
        Reader(circle_of(around.configuration), around.models) as reader,
    ):
        taken = import_files(
            batches(messages_in(paths)),
            FactStore(database),
            reader,
            lambda: datetime.now(UTC),
            lambda done: bar.show("", done, None),
        )
    say(told_of(taken, around.speech))


def told_of(taken: Taken, speech: Speech) -> str:
    """Return what a round has taken in, in words, and which bounds have cut."""
    told = speech.gettext("{read} messages read, {new} new, {unreadable} unreadable.").format(
        read=taken.looked_at, new=taken.new, unreadable=taken.unreadable
    )
    if not taken.cut:
        return told
    bounds = ", ".join(f"{bound} {count}" for bound, count in sorted(taken.cut.items()))
    cut = speech.gettext("Cut at a bound: {bounds}.").format(bounds=bounds)
    return f"{told} {cut}"


def classify(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="mbox, Maildir, .eml files, or folders of them.")
    ],
    format: Annotated[Format, typer.Option(help="text for people, jsonl for programs.")] = Format.TEXT,
) -> None:
    """Tell what messages ask for, and change nothing. Needs no configuration."""
    from monitor.reader.outcomes import Circle
    from monitor.reader.process import Reader

    around = surroundings(context)
    with progress_bar(around.speech) as bar, Reader(Circle(frozenset(), frozenset()), around.models) as reader:
        for done, line in enumerate(_described(paths, reader), 1):
            print(_json_line(line) if format is Format.JSONL else _for_people(line, around.speech))
            bar.show("", done, None)


def _described(paths: list[Path], reader: Any) -> Iterator[dict[str, Any]]:
    """Yield one description a message, in the order of the files."""
    from monitor.errors import UnreadableMessage
    from monitor.mailbox.files import FoundMessage, batches, messages_in
    from monitor.mailbox.raw_message import WholeMail
    from monitor.reader.outcomes import Filed

    nothing = WholeMail(b"")
    drawn: list[list[FoundMessage]] = []

    def filed() -> Iterator[list[Filed]]:
        for batch in batches(messages_in(paths)):
            drawn.append(batch)
            yield [Filed(nothing if isinstance(one.raw, UnreadableMessage) else one.raw, "") for one in batch]

    for _, lines in reader.describe(filed()):
        for message, line in zip(drawn.pop(0), lines, strict=True):
            error = {"error": str(message.raw)} if isinstance(message.raw, UnreadableMessage) else None
            yield {"source": message.source, **(error or line)}


def _json_line(line: dict[str, Any]) -> str:
    """Write JSON in which even the path of a file cannot command a terminal."""
    text = json.dumps(line, ensure_ascii=False)
    return text if text.isprintable() else "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    return json.dumps(character)[1:-1]


def _for_people(line: dict[str, Any], words: Speech) -> str:
    from monitor.labels import RequestType, Verdict
    from monitor.letter.naming import name_of
    from monitor.message.characters import one_line

    if "error" in line:
        return f"{one_line(line['source'])}: {line['error']}"
    writer, sent = line["from"] or words.gettext("sender unknown"), line["date"] or words.gettext("no date")
    told = [f"{one_line(line['source'])}: {writer}, {sent}"]
    if line["automatic"]:
        told.append("  " + words.gettext("written by no person"))
    for request in line["requests"]:
        asked = f"{name_of(RequestType(request['type']), words)} {words.percent(request['probability'])}"
        told.append(f"  {asked}: {one_line(request['evidence'])}")
    scope = line["out_of_scope"]
    if scope["asked"]:
        outside = f"{name_of(Verdict.OUT_OF_SCOPE, words)} {words.percent(scope['probability'])}"
        told.append(f"  {outside}: {one_line(scope['evidence'])}")
    if line["unsure"]:
        told.append("  " + words.gettext("Unsure: please look yourself."))
    return "\n".join(told)
