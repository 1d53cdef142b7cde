"""What commands share: the configuration, the open store, progress on a terminal, one way to complain."""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer

from monitor.config.configuration import (
    Configuration,
    adopt_system_state,
    find_file,
    language_of,
    load,
    state_folder,
)
from monitor.errors import ClientMonitorError, UsageError
from monitor.store.database import Database, open_database

if TYPE_CHECKING:
    from monitor.labels import Language
    from monitor.language.speech import Speech

FIRST_YEAR, LAST_YEAR = 1970, 9000


class Surroundings:
    """The surroundings of one command; everything is looked for when first asked for."""

    def __init__(self, config: Path | None = None) -> None:
        self.config = config  # the file that the command line names
        self.language: Language | None = None  # to speak in, where a command has settled it
        self._configuration: Configuration | None = None

    def use(self, file: Path) -> None:
        """Go on with another configuration file."""
        self.config, self._configuration = file, None

    @property
    def configuration(self) -> Configuration:
        """The checked configuration. Raises ConfigurationError."""
        if self._configuration is None:
            file = find_file(self.config)
            self.adopt_state(file)
            self._configuration = load(file)
        return self._configuration

    def adopt_state(self, file: Path) -> None:
        """Work on the state of the service that a system configuration belongs to, and leave it to that service."""
        state = adopt_system_state(file)
        if state is not None and os.geteuid() == 0:
            atexit.register(give_back, state)

    @property
    def speech(self) -> Speech:
        """How to speak to the coach: in the language of the command, else the configuration, else the locale."""
        from monitor.language.speech import speech  # the calendars of all languages are not small

        return speech(self.language or language_of(self.config))

    def open_store(self) -> Database:
        """Open the store of the configuration."""
        return open_database(self.configuration.store_url)

    @property
    def models(self) -> Path:
        """The folder that keeps the models."""
        return state_folder() / "models"


def give_back(state: Path) -> None:
    """Let what an administrator's command has made in the state folder belong to the service that owns the folder."""
    if not state.is_dir() or (owner := state.stat()).st_uid == 0:
        return  # made just now: systemd hands it to the service at its start
    for place, _, files in os.walk(state.resolve()):
        for each in (place, *(os.path.join(place, file) for file in files)):
            with suppress(OSError):
                if os.lstat(each).st_uid == 0:
                    os.chown(each, owner.st_uid, owner.st_gid, follow_symlinks=False)


def surroundings(context: typer.Context) -> Surroundings:
    """Return the surroundings that the options before the command have set."""
    found = context.obj
    assert isinstance(found, Surroundings)
    return found


def complain(error: ClientMonitorError, around: Surroundings) -> None:
    """Print an error as one line with its remedy, on standard error, in the coach's language."""
    from monitor.cli.complaint import in_words

    told = " ".join(part for part in in_words(error, around.speech) if part)
    print(f"client-monitor: {printable(told)}", file=sys.stderr)


def say(text: str) -> None:
    """Say something on standard error: what is no data."""
    print(text, file=sys.stderr)


def printable(text: str) -> str:
    """Return a text without characters that could steer the terminal."""
    return "".join(character if character.isprintable() else " " for character in text)


def moment(text: str, zone: ZoneInfo) -> datetime:
    """Read a time of the command line; without an offset it is the coach's local time. Raises UsageError."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError("{text} is no time.", "Write it like 2026-03-09T07:00 or 2026-03-09.", text=text) from error
    if not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise UsageError("{text} is no time at which mail was written.", "Check the year.", text=text)
    return read if read.tzinfo else read.replace(tzinfo=zone)


def write_file(path: Path, text: str) -> None:
    """Write a file that its owner alone may read. Raises ClientMonitorError where that is not possible."""
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        raise ClientMonitorError(
            "{path} cannot be written: {reason}.",
            "Check the path.",
            path=str(path),
            reason=os.strerror(error.errno or 0),
        ) from error
