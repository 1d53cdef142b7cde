"""Commands about what is kept: ``export``, ``forget``, ``backup``, ``restore``."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.agreement import Client
from monitor.cli.dialogue import Dialogue
from monitor.cli.naming import client_named
from monitor.cli.surroundings import Surroundings, say, surroundings, write_file
from monitor.config.configuration import SYSTEM_FILE, Configuration, find_file, place_of_new_file, state_folder
from monitor.errors import ConfigurationError, UsageError
from monitor.facts import Fact
from monitor.language.marking import N_

if TYPE_CHECKING:
    from monitor.store.talk_store import TalkStore

Name = Annotated[
    list[str], typer.Argument(metavar="NAME", help="The client, or an address; a beginning of the name is enough.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: client-monitor export Georg --output georg.json")(export)
    app.command(epilog="Example: client-monitor forget Georg")(forget)
    app.command(hidden=True)(retire)
    app.command(epilog="Example: client-monitor backup /media/stick/client-monitor.backup")(backup)
    app.command(epilog="Example: client-monitor restore /media/stick/client-monitor.backup")(restore)


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    addresses: frozenset[str]
    client: Client | None


def export(
    context: typer.Context,
    name: Name,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Write to a file.")] = None,
) -> None:
    """Print everything that is stored on one client, as JSON."""
    from monitor.service.client_export import export as exported
    from monitor.store.digest_store import DigestStore
    from monitor.store.fact_store import FactStore
    from monitor.store.instruction_store import InstructionStore
    from monitor.store.label_store import LabelStore
    from monitor.store.talk_store import TalkStore

    around = surroundings(context)
    with around.open_store() as database:
        talks = TalkStore(database)
        person = _person(name, around.configuration, _noted(talks))
        told = exported(
            person.name,
            sorted(person.addresses),
            person.client,
            [fact for fact in FactStore(database).facts() if _is_of(fact, person, around.configuration)],
            LabelStore(database),
            talks,
            DigestStore(database),
            InstructionStore(database),
            datetime.now(UTC),
        )
    text = json.dumps(told, ensure_ascii=False, indent=2)
    if output is None:
        print(text)
    else:
        write_file(output, text + "\n")


def forget(
    context: typer.Context,
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Erase everything that is stored on one client, and retrain without it."""
    from monitor.pipelines.forgetting import forget as forgotten
    from monitor.store.erasure import Erasure
    from monitor.store.talk_store import TalkStore

    around = surroundings(context)
    configuration, speech = around.configuration, around.speech
    gettext = speech.gettext
    with around.open_store() as database:
        talks = TalkStore(database)
        person = _person(name, configuration, _noted(talks))
        if not yes and sys.stdin.isatty():
            question = speech.gettext("Erase everything on {name}? It cannot be undone.").format(name=person.name)
            if not Dialogue(speech, interactive=True).agree(question, False):
                raise typer.Abort
        others = {address for one in configuration.clients if one is not person.client for address in one.addresses}
        done = forgotten(person.name, person.addresses, others, Erasure(database), around.models, datetime.now(UTC))
    erased = gettext("Erased: {number} messages with {name}, and all that was noted on them.")
    say(erased.format(number=done.messages, name=person.name))
    say(gettext("The text of the digests that were kept is erased too, for each of them names every client."))
    if done.models:
        say(gettext(_trained_anew(context)))
    if done.copies:
        say(gettext("The copies of the store from before earlier updates are erased."))
    if person.client is not None:
        say(
            gettext(
                "Your configuration still names them: remove their [[client]], or what they write from now on is "
                "judged."
            )
        )
    say(
        gettext("Their mail itself lies in your mailbox, and backups that you made still hold them: delete them there.")
    )


def _trained_anew(context: typer.Context) -> str:
    """Train in a process of its own: scikit-learn is large, and the model of before must be out of memory."""
    command = [sys.executable, "-m", "monitor"]
    path = surroundings(context).configuration.path
    if path is not None:
        command += ["--config", str(path)]
    done = subprocess.run([*command, "retrain"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode == 0:
        return N_("The text model was trained again without them; no earlier version is kept.")
    return N_(
        "Every version of the text model that may have learned from them is erased, and the shipped one serves. "
        "It could not be trained again just now; the service does so at night, or do it with: client-monitor retrain"
    )


def retire(context: typer.Context) -> None:
    """Erase what has grown older than the configuration wants it kept. The service calls this every night."""
    import logging

    from monitor.service.retention import retire_old

    around = surroundings(context)
    with around.open_store() as database:
        retired = retire_old(around.configuration, database, datetime.now(UTC))
    if retired:
        fields = {"messages": retired.messages, "quotes": retired.quotes, "digests": retired.digests}
        logging.getLogger("monitor.cli.keeping").info("retention applied", extra={"fields": fields})


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; it must not be there yet.")],
) -> None:
    """Write store, model versions and configuration into one file; the service may go on meanwhile."""
    from monitor.service.backup import back_up

    around = surroundings(context)
    configuration = around.configuration
    with around.open_store() as database:
        done = back_up(database, configuration.store_url, around.models, configuration.path, file, datetime.now(UTC))
    gettext = around.speech.gettext
    say(gettext("Written: {file}. Models in it: {number}.").format(file=file, number=done.models))
    if not done.store:
        say(
            gettext(
                "Your store lies in PostgreSQL, and is not in this file. Save it with PostgreSQL's own means, such as: "
                "pg_dump --format=custom --file=store.dump DATABASE"
            )
        )
    say(gettext("Passwords are not in it: they stay in the keyring. Keep the file as carefully as your mailbox."))


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that backup has written.")],
) -> None:
    """Put a backup in place on a machine where there is nothing yet; nothing is ever overwritten."""
    from monitor.service.backup import put_file, read_backup
    from monitor.service.backup import restore as put_back
    from monitor.service.lock import only_one

    members = read_backup(file)
    around = surroundings(context)
    place = _configuration_place(around)
    written = not place.is_file() and "config.toml" in members
    if written:
        # Others may look into the folder of a system configuration, not into the file: systemd hands that over.
        of_system = place.absolute().is_relative_to(SYSTEM_FILE.parent)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o755 if of_system else 0o700)
        put_file(place, members["config.toml"])
    try:
        around.use(place)
        configuration = around.configuration
        with only_one(state_folder()):
            held = put_back(members, configuration.store_url, around.models)
    except BaseException:
        if written:
            place.unlink(missing_ok=True)
        raise
    gettext = around.speech.gettext
    say(gettext("Restored from {file}.").format(file=file))
    if written:
        say(gettext("The configuration is now {path}.").format(path=place))
    else:
        say(gettext("Your configuration {path} stays as it is; the one in the backup was left out.").format(path=place))
    if not held:
        say(gettext("The backup holds no store: it lay in PostgreSQL. Restore it there, with: pg_restore"))
    say(
        gettext(
            "Passwords are not in a backup: give them again, with setup or keyring set. Then: client-monitor doctor"
        )
    )


def _configuration_place(around: Surroundings) -> Path:
    """Return where the configuration lies, or where it is to be written."""
    try:
        return find_file(around.config)
    except ConfigurationError:
        return place_of_new_file(around.config)


def _noted(talks: TalkStore) -> list[str]:
    """Return the names for which a conversation or a snooze was entered."""
    return [*(one.client for one in talks.talks()), *(one.client for one in talks.snoozes())]


def _person(words: Sequence[str], configuration: Configuration, noted: Sequence[str]) -> _Person:
    """Return who is meant: a client, an address of nobody who is one (any more), or somebody noted earlier."""
    meant = " ".join(words).strip()
    try:
        client = client_named(words, configuration.clients)
        return _Person(client.name, client.addresses, client)
    except UsageError:
        if "@" in meant and not any(character.isspace() for character in meant):
            owner = configuration.client_of(meant.lower())
            if owner is not None:
                return _Person(owner.name, owner.addresses, owner)
            return _Person(meant.lower(), frozenset({meant.lower()}), None)
        former = [name for name in noted if name.casefold() == meant.casefold()]
        if former:
            return _Person(former[0], frozenset(), None)
        raise


def _is_of(fact: Fact, person: _Person, configuration: Configuration) -> bool:
    if person.client is not None:
        return any(configuration.client_of(address) is person.client for address in fact.correspondents)
    return any(address in person.addresses for address in fact.correspondents)
