"""Write the configuration file for a coach, or change in it what has changed: comments and order stay as they are."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from monitor.config.configuration import Configuration, build
from monitor.errors import ConfigurationError
from monitor.language.marking import N_
from monitor.language.speech import Speech
from monitor.private_file import replace_file

Values = Mapping[str, str | int | Sequence[str] | None]

_HEAD = N_(
    "Client Health Monitor: one file a coach. No password ever stands in it. After a change: client-monitor doctor"
)
_COMMENTS = {
    "coach": N_("Who you are: all addresses that you write from, your language (de or en), your public holidays"),
    "mailbox": N_("Your mailbox; it is only read. Folders are found by themselves, or named here: inbox, sent, labels"),
    "outbox": N_("Where the weekly letter goes out, and to whom"),
    "oauth2": N_("How this program is known to the provider's sign-in service"),
    "digest": N_("When the weekly letter comes"),
    "store": N_("Where the facts are kept"),
    "agreement": N_("What you agree with every client; what differs for one stands below that client"),
}
_CLIENTS = N_("Your clients; a client may have an agreement of their own: [client.agreement]")


@dataclass(frozen=True, slots=True)
class NamedClient:
    """A client to be added."""

    name: str
    addresses: tuple[str, ...]


def changed_text(
    present: str, sections: Mapping[str, Values], clients: Sequence[NamedClient], speech: Speech
) -> tuple[str, Configuration]:
    """Return the text of a configuration with these values in it, and what it means.

    A value of None is taken out. ``present`` is the text so far, empty for a new file. Raises ConfigurationError if
    the result would not be valid, or ``present`` is no TOML.
    """
    try:
        document = tomlkit.parse(present)
    except TOMLKitError as error:
        raise ConfigurationError(
            "{path} is not valid TOML: {reason}.", "Mend that line.", path="config.toml", reason=str(error)
        ) from error
    if not present.strip():
        document.add(tomlkit.comment(speech.gettext(_HEAD)))
        document.add(tomlkit.nl())
    for name, values in sections.items():
        section = document.get(name)
        if section is None:
            section = tomlkit.table()
            section.add(tomlkit.comment(speech.gettext(_COMMENTS[name])))
            _set(section, values)
            section.add(tomlkit.nl())
            document.add(name, section)
        else:
            _set(section, values)
    _add_clients(document, clients, speech)
    text = tomlkit.dumps(document).rstrip("\n") + "\n"
    return text, build(tomllib.loads(text))


def _set(section: Table, values: Values) -> None:
    for key, value in values.items():
        if value is None:
            section.pop(key, None)
        elif section.get(key) != value:
            section[key] = value


def _add_clients(document: tomlkit.TOMLDocument, clients: Sequence[NamedClient], speech: Speech) -> None:
    if not clients:
        return
    listed = document.get("client")
    if not isinstance(listed, AoT):
        listed = tomlkit.aot()
        document.add(tomlkit.comment(speech.gettext(_CLIENTS)))
        document.add("client", listed)
        listed = document["client"]
    for client in clients:
        table = tomlkit.table()
        table.add("name", client.name)
        table.add("addresses", list(client.addresses))
        table.add(tomlkit.nl())
        listed.append(table)


def read_text(path: Path) -> str:
    """Return the text of a configuration file, empty if there is none. Raises ConfigurationError."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        reason = os.strerror(error.errno or 0) if isinstance(error, OSError) else "UTF-8"
        raise ConfigurationError(
            "{path} cannot be read: {reason}.", "Check the file's rights.", path=str(path), reason=reason
        ) from error


def write_text(path: Path, text: str) -> None:
    """Replace the configuration file as a whole, for its owner alone. Raises ConfigurationError."""
    try:
        replace_file(path, text)
    except OSError as error:
        raise ConfigurationError(
            "{path} cannot be written: {reason}.",
            "Check the rights of its folder and the room on its disk.",
            path=str(path),
            reason=os.strerror(error.errno or 0),
        ) from error
