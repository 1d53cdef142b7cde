"""``setup``: from a mail address to a running service, guided or by flags.

Up to one moment nothing is kept; then passwords and configuration are written together, and every later step finds
them complete. So an interruption leaves either nothing or something that works, and a second run goes on from there.
"""

from __future__ import annotations

import os
import signal
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.surroundings import surroundings
from monitor.errors import CredentialError, UsageError
from monitor.labels import Language

if TYPE_CHECKING:
    from monitor.cli.dialogue import Dialogue
    from monitor.cli.setup_servers import Connections
    from monitor.cli.setup_steps import Standing
    from monitor.config.configuration import Configuration
    from monitor.service.unit import Manager


class Auth(StrEnum):
    """How to sign in."""

    PASSWORD = "password"  # noqa: S105 - the name of a way, no secret
    OAUTH2 = "oauth2"


class Service(StrEnum):
    """Who runs the service."""

    SYSTEM = "system"
    USER = "user"
    NONE = "none"


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog="Example: client-monitor setup. Without questions: client-monitor setup --no-input "
        '--address jana@weber-coaching.example --imap "imap.example:993 tls" --smtp smtp.example --password-file - '
        "--first-look --clients --service user"
    )(setup)


def setup(
    context: typer.Context,
    address: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Your mail address.")] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Your name.")] = None,
    language: Annotated[Language | None, typer.Option(help="The language of letter and command line.")] = None,
    timezone: Annotated[str | None, typer.Option(metavar="ZONE", help="Your time zone, as Europe/Berlin.")] = None,
    holidays: Annotated[str | None, typer.Option(metavar="REGION", help="Your public holidays, as DE-BY.")] = None,
    recipient: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Where the letter goes.")] = None,
    imap: Annotated[
        str | None, typer.Option(metavar="SERVER", help='Server for reading: "imap.example:993 tls".')
    ] = None,
    imap_user: Annotated[str | None, typer.Option(metavar="USER", help="User name, if not the address.")] = None,
    smtp: Annotated[
        str | None, typer.Option(metavar="SERVER", help='Server for sending: "smtp.example:587 starttls".')
    ] = None,
    smtp_user: Annotated[str | None, typer.Option(metavar="USER", help="User name for sending, if another.")] = None,
    sent: Annotated[str | None, typer.Option(metavar="FOLDER", help="The folder of sent mail.")] = None,
    auth: Annotated[Auth | None, typer.Option(help="How to sign in.")] = None,
    client_id: Annotated[str | None, typer.Option(metavar="ID", help="Client id of the app registration.")] = None,
    authority: Annotated[str | None, typer.Option(metavar="URL", help="Sign-in service, if not Microsoft's.")] = None,
    password_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="Read the password from there; - is standard input.")
    ] = None,
    smtp_password_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="The password for sending, if another.")
    ] = None,
    folders: Annotated[bool | None, typer.Option(help="Make the folders for filing.")] = None,
    first_look: Annotated[bool | None, typer.Option(help="Read the mailbox now.")] = None,
    clients: Annotated[bool | None, typer.Option(help="Take everybody who is proposed as a client.")] = None,
    test_digest: Annotated[bool | None, typer.Option(help="Send today's letter as a test.")] = None,
    service: Annotated[Service | None, typer.Option(help="Whose systemd starts the service.")] = None,
    no_input: Annotated[bool, typer.Option("--no-input", help="Ask nothing: flags and defaults answer.")] = False,
) -> None:
    """Set everything up, guided: provider, sign-in, folders, clients, a letter to try it out, the service."""
    from monitor.cli import setup_steps as steps
    from monitor.cli.dialogue import Dialogue
    from monitor.cli.setup_servers import DRAFT, Wishes, find_settings, sign_in_and_test
    from monitor.config.configuration import load, locale_language, place_of_new_file, state_folder
    from monitor.config.writing import read_text
    from monitor.credentials.sealed import can_seal, sealed_file
    from monitor.language.speech import speech
    from monitor.service import unit

    around = surroundings(context)
    manager = _manager(service)
    seals = manager is unit.Manager.SYSTEM
    if seals and not can_seal():
        raise UsageError("Only an administrator can set up the machine's service.", "Use sudo, or --service user.")
    path = place_of_new_file(around.config, system=seals).absolute()
    around.use(path)
    around.adopt_state(path)
    around.language = language
    present = load(path) if path.exists() else None
    written = tomllib.loads(read_text(path))
    interactive = not no_input and sys.stdin.isatty()
    dialogue = Dialogue(speech(language or (present.coach.language if present else locale_language())), interactive)
    if language is None and present is None:
        chosen = dialogue.ask("Sprache / Language (de, en)", "--language", str(dialogue.speech.language), _language)
        dialogue.speech = speech(Language(chosen))
        around.language = Language(chosen)
    gettext = dialogue.speech.gettext
    kept = False
    draft = state_folder() / DRAFT
    try:
        dialogue.heading(gettext("Your mailbox"))
        own: list[str] = written.get("coach", {}).get("addresses", [])
        whose = dialogue.ask(
            gettext("Your mail address"), "--address", address or next(iter(own), ""), steps.checked_address
        )
        wishes = Wishes(
            imap, imap_user, smtp, smtp_user, sent, _way(auth), client_id, authority,
            _secret_from(password_file), _secret_from(smtp_password_file), recipient,
        )  # fmt: skip
        settings = find_settings(dialogue, whose, wishes, present)
        if settings.auth == "password" and not seals:
            _require_keyring()
        connections = sign_in_and_test(dialogue, whose, settings, wishes, present, state_folder())
        dialogue.heading(gettext("About you"))
        coach = {
            "name": dialogue.ask(gettext("Your name"), "--name", name or _name_so_far(present, whose)),
            "addresses": own if whose in {one.lower() for one in own} else [*own, whose],
            "language": str(dialogue.speech.language),
            "timezone": dialogue.ask(gettext("Your time zone"), "--timezone", timezone or _zone_so_far(present), _zone),
            "holidays": _holidays(dialogue, holidays, present),
        }
        sections = {"coach": coach, **_sections(connections, whose, written, seals)}
        standing = _keep(path, sections, connections, dialogue, seals)
        kept = True
        dialogue.tell(gettext("The configuration is kept in {path}.").format(path=path))
        if connections.registration is not None:
            dialogue.tell(gettext("Your sign-in is kept beside the store."))
        elif seals:
            dialogue.tell(gettext("The password is kept sealed: only systemd on this machine can open it."))
        else:
            dialogue.tell(gettext("The password is kept in the keyring."))
        steps.make_folders(dialogue, standing, folders)
        if steps.look(dialogue, standing, first_look):
            steps.name_clients(dialogue, standing, clients)
        steps.send_test(dialogue, standing, test_digest)
        if service is not Service.NONE:
            sealed = [file for purpose in ("imap", "smtp") if (file := sealed_file(purpose)).is_file()] if seals else []
            steps.install_service(dialogue, standing, manager, sealed, True if service else None)
        dialogue.heading(gettext("All is set up."))
        dialogue.tell(gettext("See how it is with client-monitor doctor, and the letter with client-monitor digest."))
    except KeyboardInterrupt:
        dialogue.heading(
            gettext("Interrupted. What is set up so far stands; client-monitor setup goes on from there.")
            if kept
            else gettext("Interrupted. Nothing was kept.")
        )
        raise
    finally:
        for file in (draft, draft.with_suffix(".lock")):
            file.unlink(missing_ok=True)


def _manager(service: Service | None) -> Manager:
    from monitor.service import unit

    if service is Service.SYSTEM or (service is None and os.geteuid() == 0 and unit.has_systemd()):
        return unit.Manager.SYSTEM
    return unit.Manager.USER


def _language(answer: str) -> str:
    try:
        return Language(answer.lower()[:2])
    except ValueError:
        raise UsageError("{text} is no language of this program.", "Write de or en.", text=answer) from None


def _way(auth: Auth | None) -> Any:
    return str(auth) if auth else None


def _secret_from(file: str | None) -> str | None:
    """Return the first line of a file, or of standard input for ``-``."""
    if file is None:
        return None
    try:
        text = sys.stdin.readline() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("The password cannot be read from {file}.", "Check the path.", file=file) from error
    lines = text.splitlines()
    if not lines or not lines[0]:
        raise UsageError("There is no password in {file}.", "Write it as its first line.", file=file)
    return lines[0]


def _require_keyring() -> None:
    from monitor.credentials.secrets import keyring_name

    if keyring_name() is None:
        raise CredentialError(
            "This machine has no keyring to keep the password in.",
            "On a server, run this as an administrator, with sudo: then systemd keeps it sealed. On a desktop, install "
            "and unlock a keyring such as GNOME Keyring or KWallet. Passwords are never kept in plain files.",
        )


def _name_so_far(present: Configuration | None, address: str) -> str:
    if present is not None:
        return present.coach.name
    words = address.rpartition("@")[0].replace("_", ".").replace("-", ".").split(".")
    return " ".join(word.capitalize() for word in words if word)


def _zone_so_far(present: Configuration | None) -> str:
    if present is not None:
        return present.coach.timezone.key
    try:
        place = Path("/etc/localtime").resolve()
        return _zone(str(place).partition("zoneinfo/")[2])
    except (OSError, UsageError):
        return "Europe/Berlin"


def _zone(answer: str) -> str:
    from zoneinfo import available_timezones

    if answer not in available_timezones():
        raise UsageError("{text} is no time zone.", "Write it like Europe/Berlin", text=answer)
    return answer


def _holidays(dialogue: Dialogue, said: str | None, present: Configuration | None) -> str | None:
    if said is not None:
        return said or None
    question = dialogue.speech.gettext("Your public holidays, as DE-BY or AT (empty: none)")
    return dialogue.optional(question, present.coach.holidays if present else "") or None


def _sections(
    connections: Connections, address: str, written: Mapping[str, Any], seals: bool
) -> dict[str, Mapping[str, Any]]:
    from monitor.config.configuration import state_folder
    from monitor.config.schema import OAuth2Section

    mailbox, outbox = connections.mailbox, connections.outbox
    sections: dict[str, Mapping[str, Any]] = {
        "mailbox": {
            "host": mailbox.host,
            "port": mailbox.port,
            "security": mailbox.security,
            "user": mailbox.user,
            "auth": "oauth2" if mailbox.auth == "oauth2" else None,
            "sent": mailbox.sent,
        },
        "outbox": {
            "host": outbox.host,
            "port": outbox.port,
            "security": outbox.security,
            "user": outbox.user,
            "auth": "oauth2" if outbox.auth == "oauth2" else None,
            "recipient": outbox.recipient,
            "sender": address if outbox.recipient != address else None,
        },
    }
    if connections.registration is not None:
        known = connections.registration
        usual = OAuth2Section(client_id=known.client_id).authority
        sections["oauth2"] = {
            "client_id": known.client_id,
            "authority": known.authority if known.authority != usual else None,
        }
    if not written:
        sections["digest"] = {"day": "monday", "time": "07:00"}
    if seals and "store" not in written:
        sections["store"] = {"url": f"sqlite:///{state_folder()}/store.db"}
    return sections


def _keep(
    path: Path, sections: Mapping[str, Mapping[str, Any]], connections: Connections, dialogue: Dialogue, seals: bool
) -> Standing:
    """Keep passwords and configuration together; an interruption waits until both are kept."""
    from monitor.cli.setup_servers import DRAFT
    from monitor.cli.setup_steps import Standing
    from monitor.config.configuration import load
    from monitor.config.writing import changed_text, read_text, write_text
    from monitor.credentials.oauth2 import TOKENS
    from monitor.credentials.sealed import seal
    from monitor.credentials.secrets import keep_secret

    text, _ = changed_text(read_text(path), sections, [], dialogue.speech)
    with _undivided():
        registration = connections.registration
        if registration is not None and registration.tokens.name == DRAFT:
            registration.tokens.replace(registration.tokens.with_name(TOKENS))
        for purpose, access, secret in (
            ("imap", connections.mailbox, connections.mailbox_secret),
            ("smtp", connections.outbox, connections.outbox_secret),
        ):
            if access.auth == "oauth2":
                continue
            if seals:
                seal(purpose, secret)
            else:
                keep_secret(purpose, access.user, secret)
        write_text(path, text)
    return Standing(path, load(path), connections)


@contextmanager
def _undivided() -> Iterator[None]:
    """Let Ctrl-C wait until the block is done."""
    interrupted = False

    def later(*_: object) -> None:
        nonlocal interrupted
        interrupted = True

    before = signal.signal(signal.SIGINT, later)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if interrupted:
        raise KeyboardInterrupt
