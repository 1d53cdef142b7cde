"""Commands around the text model: ``retrain``, ``model``, ``explain``."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.surroundings import Surroundings, surroundings
from monitor.errors import ClientMonitorError, ModelError
from monitor.lean_process import be_lean

if TYPE_CHECKING:
    from monitor.message.message import Message

NICENESS = 10


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: client-monitor retrain --dry-run")(retrain)
    model = typer.Typer(
        help="The versions of the text model.", epilog="Example: client-monitor model", invoke_without_command=True
    )
    model.callback()(model_default)
    model.command("list", epilog="Example: client-monitor model list")(list_models)
    model.command("show", epilog="Example: client-monitor model show")(show_model)
    model.command("rollback", epilog="Example: client-monitor model rollback starter")(roll_back)
    app.add_typer(model, name="model")
    app.command(epilog="Example: client-monitor explain '<abc@mail.example>'")(explain)


def retrain(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Train and compare, but keep nothing.")] = False,
    if_changed: Annotated[bool, typer.Option("--if-changed", hidden=True)] = False,
) -> None:
    """Learn from the labelled folders; the new model serves only if it is no worse."""
    be_lean()
    os.nice(NICENESS)
    from monitor.pipelines.filing import labelled_folders, take_labels
    from monitor.pipelines.retraining import is_due
    from monitor.pipelines.retraining import retrain as learn
    from monitor.reader.process import Reader
    from monitor.service.rounds import circle_of, open_mailbox
    from monitor.store.fact_store import FactStore
    from monitor.store.label_store import LabelStore

    around = surroundings(context)
    configuration = around.configuration
    with around.open_store() as database, open_mailbox(configuration) as mailbox:
        labels = LabelStore(database)
        assert configuration.mailbox is not None
        with Reader(circle_of(configuration), around.models) as reader:
            folders = labelled_folders(mailbox.below(configuration.mailbox.labels))
            take_labels(folders, mailbox, FactStore(database), labels, reader, lambda: datetime.now(UTC))
        if if_changed and not is_due(labels, around.models):
            return
        report = learn(mailbox, labels, around.models, datetime.now(UTC), dry_run=dry_run)
    print(_report_for_people(report.as_json()))


def _report_for_people(report: dict[str, Any]) -> str:
    lines = [f"Learned from {report['lessons']} messages, held back {report['held_back']} to measure."]
    shown = report["contest"]
    if shown:
        lines.append(f"{'':24}{'now':>8}{'new':>8}")
        for title, key in (("Requests (macro F1)", "macro_f1"), ("Main request", "main_type")):
            lines.append(f"{title:24}{shown['champion'][key]:8.3f}{shown['challenger'][key]:8.3f}")
        scope = [shown[one]["out_of_scope"]["f1"] for one in ("champion", "challenger")]
        lines.append(f"{'Out of scope (F1)':24}{scope[0]:8.3f}{scope[1]:8.3f}")
        lines.append(f"{'Errors on your own mail':24}{shown['own_errors'][0]:8}{shown['own_errors'][1]:8}")
    lines.append(report["reason"])
    lines.append(f"Now serving: {report['version']}" if report["version"] else "The model stays as it is.")
    return "\n".join(lines)


def model_default(context: typer.Context) -> None:
    """List the versions where nothing else is asked."""
    if context.invoked_subcommand is None:
        list_models(context)


def list_models(context: typer.Context) -> None:
    """List the versions; the one that serves is marked."""
    from monitor.classification import versions
    from monitor.classification.serving import starter_fingerprint

    known = versions.read(surroundings(context).models)
    rows = [("starter-" + starter_fingerprint(), "shipped", known.serving is None)]
    rows += [(one.name, one.made_at[:16].replace("T", " "), one.name == known.serving) for one in known.versions]
    for name, made, serving in rows:
        print(f"{'*' if serving else ' '} {name:<34} {made}")


def show_model(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="A version; the serving one if left out.")] = None,
) -> None:
    """Show the report of a version."""
    from monitor.classification import versions

    known = versions.read(surroundings(context).models)
    wanted = name or known.serving
    if wanted is None or wanted.startswith("starter"):
        print("The starter model serves: trained from the shipped corpus alone. Its report: make bench-model")
        return
    for one in known.versions:
        if one.name == wanted:
            print(_report_for_people(one.report))
            return
    raise ModelError("There is no model {name}.", "The versions: client-monitor model list", name=wanted)


def roll_back(
    context: typer.Context, version: Annotated[str, typer.Argument(help="The version that shall serve.")]
) -> None:
    """Go back to another version; the next message is classified by it."""
    from monitor.classification import versions

    versions.roll_back(surroundings(context).models, version)
    print(f"Now serving: {version}", file=sys.stderr)


def explain(
    context: typer.Context,
    message_id: Annotated[
        str, typer.Argument(metavar="MESSAGE-ID", help="As the digest's JSON or your mail program tells it.")
    ],
    file: Annotated[
        Path | None, typer.Option(help="The message as an .eml file, where it is not in the mailbox.")
    ] = None,
    format: Annotated[str, typer.Option(help="text or json.")] = "text",
) -> None:
    """Tell why a message was classified so, sentence by sentence and word by word."""
    from dataclasses import asdict

    from monitor.classification.explanation import explain as reasons
    from monitor.classification.model import Document
    from monitor.classification.serving import serving_model

    around = surroundings(context)
    message = _from_file(file) if file else _from_mailbox(around, message_id)
    explanation = reasons(serving_model(around.models), Document(message.subject, message.text))
    if format == "json":
        print(json.dumps(asdict(explanation), ensure_ascii=False, indent=2))
        return
    told = explanation.classification
    asked = ", ".join(f"{one.type} {one.probability:.0%}" for one in told.requests) or "nothing that is recognised"
    print(f"Asks: {asked}\nOut of scope: {told.out_of_scope.probability:.0%}{', unsure' if told.unsure else ''}")
    for sentence in explanation.sentences:
        print(f"\n» {' '.join(sentence.text.split())}")
        for one in sentence.weighed:
            words = [f"{name} {weight:+.1f}" for name, weight in (*one.for_it, *one.against_it)]
            print(f"  {one.column:<18} {one.score:+5.1f}   {', '.join(words)}")


def _from_file(file: Path) -> Message:
    from monitor.errors import UnreadableMessage
    from monitor.mailbox.files import messages_in
    from monitor.message.reading import read_message

    for found in messages_in([file]):
        if isinstance(found.raw, UnreadableMessage):
            raise found.raw
        return read_message(found.raw)
    raise ClientMonitorError("There is no message in {file}.", file=str(file))


def _from_mailbox(around: Surroundings, message_id: str) -> Message:
    from monitor.mailbox.folders import Folder
    from monitor.mailbox.raw_message import RawMessage
    from monitor.message.reading import read_message
    from monitor.service.rounds import open_mailbox
    from monitor.store.label_store import LabelStore

    key = message_id if message_id.startswith(("<", "sha256:")) else f"<{message_id}>"
    with around.open_store() as database:
        places = LabelStore(database).places_of(key)
    if places:
        with open_mailbox(around.configuration) as mailbox:
            for place in places:
                if mailbox.examine(Folder(place.folder, None, frozenset())).uidvalidity != place.uidvalidity:
                    continue
                for item in mailbox.fetch([place.uid]):
                    if isinstance(item, RawMessage) and (message := read_message(item)).key == key:
                        return message
    raise ClientMonitorError(
        "This message is not known, or no longer in the mailbox.",
        "Check the Message-ID, or give the message as a file: client-monitor explain ID --file mail.eml",
    )
