"""``setup``, second half: what follows once the configuration stands. Each step may be left out, and taken again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from monitor.cli.complaint import in_words
from monitor.cli.dialogue import Dialogue
from monitor.cli.progress import progress_bar
from monitor.cli.reading import told_of
from monitor.cli.setup_servers import Connections
from monitor.cli.surroundings import say
from monitor.cli.talking import proposed
from monitor.config.configuration import Configuration, state_folder
from monitor.config.writing import NamedClient, changed_text, read_text, write_text
from monitor.errors import AlreadyRunning, ClientMonitorError, UsageError
from monitor.labels import REQUEST_NAMES, VERDICT_NAMES, RequestType, Verdict
from monitor.mailbox.imap import connect
from monitor.pipelines.discovery import Proposal
from monitor.service import unit
from monitor.store.database import open_database

MOST_PROPOSED = 25
# GMX and WEB.DE allow about twenty folders in all, so a few: what coaches correct most.
FOLDERS = (RequestType.EXTRA_WORK, Verdict.OUT_OF_SCOPE, Verdict.IN_SCOPE, Verdict.NOT_A_CLIENT)


@dataclass(slots=True)
class Standing:
    """What stands: the configuration that was written, and the connections that were tested."""

    path: Path
    configuration: Configuration
    connections: Connections

    @property
    def models(self) -> Path:
        """The folder that keeps the models."""
        return state_folder() / "models"


def make_folders(dialogue: Dialogue, standing: Standing, wanted: bool | None) -> None:
    """Make the folders for filing, if the coach agrees: the one thing that setup writes to the mailbox."""
    gettext, language = dialogue.speech.gettext, dialogue.speech.language
    parent = standing.configuration.mailbox.labels if standing.configuration.mailbox else "Monitor"
    names = [(REQUEST_NAMES[one] if isinstance(one, RequestType) else VERDICT_NAMES[one])[language] for one in FOLDERS]
    dialogue.heading(gettext("Folders for filing"))
    dialogue.tell(
        gettext(
            "You can correct the program by moving mails into folders below {parent}: {names}. Making these folders is "
            "the only change to your mailbox."
        ).format(parent=parent, names=", ".join(names))
    )
    if not dialogue.agree(gettext("Make these folders?"), False, wanted):
        return
    made = 0
    with connect(standing.connections.mailbox, standing.connections.mailbox_secret) as mailbox:
        for name in names:
            try:
                made += mailbox.make_labelled_folder(parent, name)
            except ClientMonitorError as error:
                _tell(dialogue, error)
                dialogue.tell(gettext("Some providers allow only about twenty folders. Go on without, or make room."))
                break
    dialogue.tell(gettext("Folders made: {number}.").format(number=made))


def look(dialogue: Dialogue, standing: Standing, wanted: bool | None) -> bool:
    """Read the mailbox for the first time, with a progress bar; return whether it was read."""
    gettext = dialogue.speech.gettext
    dialogue.heading(gettext("The first look"))
    dialogue.tell(
        gettext(
            "The first look reads your whole inbox and your sent mail, and changes nothing there. It takes a minute "
            "for some thousand messages, and one more for building the text model. You can interrupt it: it goes on "
            "later."
        )
    )
    if not dialogue.agree(gettext("Read now?"), True, wanted):
        return False
    return _read(dialogue, standing)


def _read(dialogue: Dialogue, standing: Standing) -> bool:
    from monitor.service.lock import only_one
    from monitor.service.rounds import take_round
    from monitor.store.fact_store import FactStore
    from monitor.store.label_store import LabelStore

    try:
        with (
            only_one(state_folder()),
            open_database(standing.configuration.store_url) as database,
            progress_bar(dialogue.speech) as bar,
            connect(standing.connections.mailbox, standing.connections.mailbox_secret) as mailbox,
        ):
            taken = take_round(
                standing.configuration,
                mailbox,
                FactStore(database),
                standing.models,
                labels=LabelStore(database),
                progress=bar.show,
            )
    except AlreadyRunning as error:  # the service reads by itself
        _tell(dialogue, error)
        return False
    dialogue.tell(told_of(taken, dialogue.speech))
    return True


def name_clients(dialogue: Dialogue, standing: Standing, wanted: bool | None) -> None:
    """Propose clients from the correspondence, and add those that the coach names to the configuration."""
    gettext = dialogue.speech.gettext
    with open_database(standing.configuration.store_url) as database:
        found = proposed(standing.configuration, database, datetime.now(UTC))[:MOST_PROPOSED]
    if not found:
        return
    dialogue.heading(gettext("Your clients"))
    dialogue.tell(gettext("These people write to you, and you answer them. Who of them is a client?"))
    for number, one in enumerate(found, 1):
        row = gettext("{name}: {received} received, {sent} sent ({addresses})")
        told = row.format(name=one.name, received=one.received, sent=one.sent, addresses=", ".join(one.addresses))
        say(f"  {number:>2}  {told}")
    chosen = found if wanted else [] if wanted is False else _chosen(dialogue, found)
    clients = [NamedClient(_name(dialogue, one), one.addresses) for one in chosen]
    if not clients:
        return
    text, configuration = changed_text(read_text(standing.path), {}, clients, dialogue.speech)
    write_text(standing.path, text)
    standing.configuration = configuration
    dialogue.tell(gettext("Added to {path}: {number}. What they wrote before is read again.").format(
        path=standing.path, number=len(clients)))  # fmt: skip
    _read(dialogue, standing)


def _chosen(dialogue: Dialogue, found: Sequence[Proposal]) -> list[Proposal]:
    question = dialogue.speech.gettext("Numbers of the clients, such as 1 3 4 (empty: none for now)")
    for _ in range(3):
        said = dialogue.optional(question).replace(",", " ").split()
        if all(word.isdecimal() and 1 <= int(word) <= len(found) for word in said):
            return [found[number - 1] for number in sorted({int(word) for word in said})]
        dialogue.tell(dialogue.speech.gettext("Write a number of the list."))
    return []


def _name(dialogue: Dialogue, one: Proposal) -> str:
    if not dialogue.interactive:
        return one.name
    question = dialogue.speech.gettext("Name of {address}").format(address=one.addresses[0])
    return dialogue.optional(question, one.name)[:200]


def send_test(dialogue: Dialogue, standing: Standing, wanted: bool | None) -> None:
    """Send today's digest as a test; it does not count as the week's."""
    gettext = dialogue.speech.gettext
    recipient = standing.connections.outbox.recipient
    dialogue.heading(gettext("A letter to try it out"))
    if not dialogue.agree(gettext("Send today's letter to {address}?").format(address=recipient), True, wanted):
        return
    from monitor.service.delivery import send_on_trial

    with open_database(standing.configuration.store_url) as database:
        send_on_trial(standing.configuration, database, datetime.now(UTC))
    dialogue.tell(gettext("The letter is on its way."))


def install_service(
    dialogue: Dialogue, standing: Standing, manager: unit.Manager, sealed: Sequence[Path], wanted: bool | None
) -> None:
    """Install the shipped unit and start it, if the coach agrees."""
    gettext = dialogue.speech.gettext
    dialogue.heading(gettext("The service"))
    if wanted is None and not unit.has_systemd():
        dialogue.tell(gettext("This machine is not run by systemd. Let something else start: client-monitor run"))
        return
    dialogue.tell(
        gettext(
            "The service watches your mailbox and sends the letter every week, also after a restart of the machine."
        )
    )
    if not dialogue.agree(gettext("Install and start it now?"), True, wanted):
        return
    file = unit.install(unit.Fitting(manager, unit.program(), standing.path, sealed))
    unit.start(manager)
    dialogue.tell(gettext("The service is running; its unit is {path}.").format(path=file))
    if manager is unit.Manager.USER:
        dialogue.tell(gettext("To let it run while you are signed out: loginctl enable-linger"))


def _tell(dialogue: Dialogue, error: ClientMonitorError) -> None:
    for part in in_words(error, dialogue.speech):
        if part:
            dialogue.tell(part)


def checked_address(text: str) -> str:
    """Return a mail address as it is configured. Raises UsageError."""
    local, at, domain = text.strip().lower().rpartition("@")
    if not at or not local or "." not in domain or any(mark.isspace() or mark in "<>,;\"'" for mark in text.strip()):
        raise UsageError("{text} is no mail address.", "Write it like jana@weber-coaching.example", text=text)
    return f"{local}@{domain}"
