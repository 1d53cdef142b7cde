"""The command line as people and scripts use it: how it is called, configured, and asked how it is."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from machine import Machine, mail, ran, without_traceback
from servers.dovecot import Dovecot

import monitor
from monitor.cli.entrance import app
from monitor.store.digest_store import DigestStore, Slot
from monitor.store.fact_store import Cursor, FactStore

DEMO = Path(monitor.__file__).parent / "demo"
RUBBISH = bytes(range(256)) * 8

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


# Usage


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["classify"],
        ["digest", "--format", "xml"],
        ["import"],
        ["digest", "--as-off", "now"],
    ],
)
def test_a_wrong_use_is_told(machine: Machine, arguments: list[str]) -> None:
    done = machine.run(*arguments)

    assert done.code == 2
    assert done.out == ""
    assert "Usage: " in done.err
    assert "Error: " in done.err
    assert without_traceback(done)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["digest", "--as-of", "gestern"], "Write it like 2026-03-09T07:00"),
        (["digest", "--as-of", "0001-01-01"], "Check the year"),
        (["digest", "--as-of", "9999-12-31"], "Check the year"),
        (["classify", "nowhere.eml"], "There is no file or folder nowhere.eml"),
        (["import", "nowhere"], "There is no file or folder nowhere"),
    ],
)
def test_a_time_or_path_that_is_none_is_told_in_one_line(machine: Machine, arguments: list[str], said: str) -> None:
    done = machine.run(*arguments)

    assert done.code == 2
    assert said in done.complaint


def _commands() -> Iterator[list[str]]:
    def below(command: object, path: list[str]) -> Iterator[list[str]]:
        yield path
        for name, child in getattr(command, "commands", {}).items():
            if not child.hidden:
                yield from below(child, [*path, name])

    yield from below(typer.main.get_command(app), [])


@pytest.mark.parametrize("path", list(_commands()), ids=" ".join)
def test_every_command_explains_itself_with_an_example(machine: Machine, path: list[str]) -> None:
    done = ran([sys.executable, "-m", "monitor", *path, "--help"], machine.environment, machine.folder)

    assert (done.code, done.err) == (0, "")
    assert "Usage: " in done.out
    # Long lines are folded anywhere.
    told = "".join(done.out.split()).replace("--config/etc/client-monitor/config.toml", "")
    assert "".join(["client-monitor", *path]) in told
    assert "\x1b" not in done.out


def test_help_comes_in_the_coachs_language(machine: Machine) -> None:
    german = machine.environment | {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de"}

    whole = ran([sys.executable, "-m", "monitor", "--help"], german, machine.folder).out
    one = ran([sys.executable, "-m", "monitor", "digest", "--help"], german, machine.folder).out

    assert whole.startswith("Aufruf: ")
    assert "Befehle:" in whole
    assert "  sync      Einmal lesen, was im Postfach neu ist." in whole
    assert "  Sehen Sie sich erst um: client-monitor demo" in whole
    assert "Die Form der Vorschau.  [Vorgabe: text]" in one
    assert "Diese Hilfe zeigen." in one
    assert "  Beispiel: client-monitor digest --as-of" in one


def test_the_commands_are_known(machine: Machine) -> None:
    assert {path[0] for path in _commands() if path} >= {
        "demo", "run", "sync", "import", "classify", "digest", "clients", "status",
    }  # fmt: skip


# Configuration


@pytest.mark.parametrize("command", [["sync"], ["run"], ["status"], ["digest"], ["clients"], ["import", "."]])
def test_without_a_configuration_a_command_says_how_to_get_one(machine: Machine, command: list[str]) -> None:
    done = ran([sys.executable, "-m", "monitor", *command], machine.environment, machine.folder)

    assert done.code == 78
    assert "There is no configuration yet" in done.complaint
    assert "client-monitor setup" in done.complaint
    assert done.out == ""


def test_all_problems_of_a_configuration_are_told_at_once(machine: Machine) -> None:
    machine.sections["coach"] |= {"addresses": ["jana"], "colour": "blue"}
    machine.sections["mailbox"] = {"host": "imap.example", "user": "jana", "password": "geheim", "port": 0}
    machine.sections["client"] = [{"name": "Georg"}]
    machine.sections["digset"] = {}

    done = machine.run("status")

    assert done.code == 78
    for key in (
        "coach.addresses[1]",
        "coach.colour",
        "mailbox.password",
        "mailbox.port",
        "client[1].addresses",
        "digset",
    ):
        assert f"{key}: " in done.complaint
    assert "6 problems" in done.complaint
    assert "remove it or check its spelling" in done.complaint
    assert "geheim" not in done.err


# How the service is


def test_status_is_healthy_only_while_the_mailbox_is_read(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str
) -> None:
    def status() -> tuple[int, dict[str, object]]:
        done = at_work.run("status", "--format", "json")
        assert done.err == ""
        told = json.loads(done.out)
        assert told["healthy"] is (done.code == 0)
        assert bool(told["problems"]) is (done.code == 1)
        return done.code, told

    assert status()[0] == 1  # nothing has been read yet
    dovecot.deliver(mailbox_user, "INBOX", mail()[0])
    at_work.run("sync")
    code, told = status()
    assert code == 0
    assert told["messages"] == 1
    assert [folder["folder"] for folder in told["folders"]] == ["INBOX", "Sent"]  # type: ignore[attr-defined]
    assert "Healthy." in at_work.run("status").out

    with at_work.store() as database:
        facts, seen = FactStore(database), FactStore(database).cursor("INBOX")
        assert seen is not None
        facts.record([], [], Cursor("INBOX", seen.uidvalidity, seen.last_uid, datetime.now(UTC) - timedelta(hours=25)))
    code, told = status()
    assert code == 1
    assert "INBOX has not been read for a day" in str(told["problems"])


@pytest.mark.parametrize(("state", "said"), [("claimed", "still to be sent"), ("missed", "could not be sent")])
def test_status_is_not_healthy_while_a_digest_is_owed(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str, state: str, said: str
) -> None:
    at_work.run("sync")
    due_at = at_work.owe_digest()
    assert at_work.run("status").code == 0
    with at_work.store() as database:
        DigestStore(database).put_slot(Slot("digest", due_at, state, 2, datetime.now(UTC), "exit 1"))

    done = at_work.run("status")

    assert done.code == 1
    assert "Not healthy" in done.out
    assert said in done.out
