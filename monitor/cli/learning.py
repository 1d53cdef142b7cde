"""Commands around the text model: ``retrain``, ``model``, ``explain``."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.surroundings import Surroundings, say, surroundings
from monitor.errors import ClientMonitorError, ModelError
from monitor.labels import Verdict, label_of_folder
from monitor.lean_process import be_lean

if TYPE_CHECKING:
    from monitor.classification.explanation import Explanation
    from monitor.language.speech import Speech
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
    print(_report_for_people(report.as_json(), around.speech))
    if report.version:
        print(around.speech.gettext("Now serving: {version}").format(version=report.version))
    else:
        print(around.speech.gettext("The model stays as it is."))


def _report_for_people(report: dict[str, Any], words: Speech) -> str:
    shown = report["contest"]
    if not shown:
        return words.gettext("There are too few labelled messages to learn from yet.")
    learned = words.gettext("Learned from {lessons} messages; {held_back} were held back to measure.")
    lines = [learned.format(lessons=report["lessons"], held_back=report["held_back"])]
    before, after = shown["champion"], shown["challenger"]
    scopes = before["out_of_scope"]["f1"], after["out_of_scope"]["f1"]
    rows = [
        ("", words.gettext("now"), words.gettext("new")),
        (words.gettext("Requests (macro-F1)"), f"{before['macro_f1']:.3f}", f"{after['macro_f1']:.3f}"),
        (words.gettext("Main request"), f"{before['main_type']:.3f}", f"{after['main_type']:.3f}"),
        (words.gettext("Out of scope (F1)"), f"{scopes[0]:.3f}", f"{scopes[1]:.3f}"),
        (words.gettext("Errors on your own mail"), *map(str, shown["own_errors"])),
    ]
    lines += [f"{title:26}{one:>8}{other:>8}" for title, one, other in rows]
    return "\n".join([*lines, _decided(shown, words)])


def _decided(shown: dict[str, Any], words: Speech) -> str:
    from monitor.classification.contest import FEW, Ground

    match shown.get("ground"):  # reports of earlier programs, of which only accepted ones were kept, lack it
        case Ground.REQUESTS:
            return words.gettext("The new one recognises requests less well on the shipped benchmark.")
        case Ground.SCOPE:
            return words.gettext("The new one recognises what lies outside less well on the shipped benchmark.")
        case Ground.OWN:
            return words.gettext("The new one errs more often on your own held-back messages.")
    if shown["own_messages"] < FEW:
        return words.gettext("The new one is no worse, though too few messages of yours are held back to say much.")
    return words.gettext("The new one is no worse.")


def model_default(context: typer.Context) -> None:
    """List the versions where nothing else is asked."""
    if context.invoked_subcommand is None:
        list_models(context)


def list_models(context: typer.Context) -> None:
    """List the versions; the one that serves is marked."""
    from monitor.classification import versions
    from monitor.classification.serving import starter_fingerprint

    around = surroundings(context)
    known = versions.read(around.models)
    rows = [("starter-" + starter_fingerprint(), around.speech.gettext("shipped"), known.serving is None)]
    rows += [(one.name, one.made_at[:16].replace("T", " "), one.name == known.serving) for one in known.versions]
    for name, made, serving in rows:
        print(f"{'*' if serving else ' '} {name:<34} {made}")


def show_model(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="A version; the serving one if left out.")] = None,
) -> None:
    """Show the report of a version."""
    from monitor.classification import versions

    around = surroundings(context)
    known = versions.read(around.models)
    wanted = name or known.serving
    if wanted is None or wanted.startswith("starter"):
        print(
            around.speech.gettext(
                "The starter model, trained from the shipped corpus alone. What it can do: models/README.md"
            )
        )
        return
    for one in known.versions:
        if one.name == wanted:
            print(_report_for_people(one.report, around.speech))
            return
    raise ModelError("There is no model {name}.", "The versions: client-monitor model list", name=wanted)


def roll_back(
    context: typer.Context, version: Annotated[str, typer.Argument(help="The version that shall serve.")]
) -> None:
    """Go back to another version; the next message is classified by it."""
    from monitor.classification import versions

    around = surroundings(context)
    versions.roll_back(around.models, version)
    say(around.speech.gettext("Now serving: {version}").format(version=version))


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
    print("\n".join(_explained(explanation, around.speech)))


def _explained(explanation: Explanation, words: Speech) -> list[str]:
    from monitor.cli.clues import clue
    from monitor.letter.naming import name_of

    told = explanation.classification
    asked = [f"{name_of(one.type, words)} {words.percent(one.probability)}" for one in told.requests]
    lines = [
        words.gettext("Asks: {requests}").format(
            requests=", ".join(asked) or words.gettext("nothing that is recognised")
        ),
        f"{name_of(Verdict.OUT_OF_SCOPE, words)}: {words.percent(told.out_of_scope.probability)}",
    ]
    if told.unsure:
        lines.append(words.gettext("Unsure: please look yourself."))
    lines.append(words.gettext("What speaks for (+) and against (-) it, sentence by sentence:"))
    for sentence in explanation.sentences:
        lines += ["", f"» {' '.join(sentence.text.split())}"]
        for one in sentence.weighed:
            weighed = [f"{clue(name, words)} {weight:+.1f}" for name, weight in (*one.for_it, *one.against_it)]
            answer = name_of(label_of_folder(one.column) or Verdict.OUT_OF_SCOPE, words)
            lines.append(f"  {answer:<18} {one.score:+5.1f}   {', '.join(weighed)}")
    return lines


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
