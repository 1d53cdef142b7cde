"""``doctor``: what it finds, and what it says helps, in both languages."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from machine import Machine, mail
from servers.dovecot import Dovecot

from monitor.store.fact_store import Cursor, FactStore

pytestmark = pytest.mark.timeout(600)


def findings(machine: Machine) -> dict[str, dict[str, str]]:
    done = machine.run("doctor", "--format", "json")
    assert done.err == ""
    told = json.loads(done.out)
    assert done.code == (0 if told["healthy"] else 1)
    assert told["healthy"] is not any(check["status"] == "problem" for check in told["checks"])
    return {check["check"]: check for check in told["checks"]}


def test_a_machine_in_order_is_told_so(at_work: Machine, dovecot: Dovecot, mailbox_user: str) -> None:
    dovecot.deliver(mailbox_user, "INBOX", mail()[0])
    assert at_work.run("sync").code == 0

    done = at_work.run("doctor")

    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-1] == "All is well."
    found = findings(at_work)
    assert "INBOX: 1 messages; Sent: 0 messages" in found["folders"]["told"]
    assert found["store"]["told"] == "It knows 1 messages."
    assert found["model"]["status"] == "ok"


def test_looking_changes_nothing(at_work: Machine, dovecot: Dovecot, mailbox_user: str) -> None:
    dovecot.deliver(mailbox_user, "INBOX", mail()[0])
    dovecot.listen(mailbox_user)

    findings(at_work)

    commands = " ".join(dovecot.heard(mailbox_user).commands).upper()
    assert "EXAMINE" in commands
    for writing in ("SELECT ", "STORE", "APPEND", "CREATE", "COPY", "FETCH"):
        assert writing not in commands


def wrong_password(machine: Machine) -> None:
    machine.keep_secret("imap", "falsch")


def wrong_password_for_sending(machine: Machine) -> None:
    machine.keep_secret("smtp", "falsch")


def no_password(machine: Machine) -> None:
    (machine.secrets / "client-monitor.imap").unlink()


def unknown_host(machine: Machine) -> None:
    machine.sections["outbox"]["host"] = "mail.invalid"


def without_sent(machine: Machine) -> None:
    machine.sections["mailbox"]["sent"] = "Ablage"


def broken_store(machine: Machine) -> None:
    (machine.state / "store.db").write_bytes(b"rubbish" * 1000)


def clock_gone_back(machine: Machine) -> None:
    with machine.store() as database:
        seen = datetime.now(UTC) + timedelta(days=31)
        FactStore(database).record([], [], Cursor("INBOX", 1, 1, seen))


def invalid(machine: Machine) -> None:
    machine.sections["coach"]["colour"] = "blue"


@pytest.mark.parametrize(
    ("spoil", "check", "said", "helps"),
    [
        (wrong_password, "login", "nimmt Benutzer und Passwort nicht an", "client-monitor setup"),
        (wrong_password_for_sending, "sending", "für das Senden nicht an", "client-monitor setup"),
        (no_password, "login", "kein Passwort für IMAP", "keyring set client-monitor.imap"),
        (unknown_host, "sending", "nicht zu erreichen", ""),
        (without_sent, "folders", "Ordner für gesendete Mails", "mailbox.sent"),
        (broken_store, "store", "beschädigt", "client-monitor restore"),
        (clock_gone_back, "clock", "zurückgegangen", "timedatectl"),
        (invalid, "configuration", "coach.colour: diesen Schlüssel gibt es nicht", "1 Fehler"),
    ],
)
def test_each_trouble_is_told_with_its_remedy_and_hides_no_other(
    at_work: Machine, spoil: Callable[[Machine], None], check: str, said: str, helps: str
) -> None:
    at_work.sections["coach"]["language"] = "de"
    spoil(at_work)

    found = findings(at_work)

    assert {name for name, one in found.items() if one["status"] == "problem"} == {check}
    assert said in found[check]["told"]
    assert helps in found[check]["told"] + found[check]["remedy"]


def test_folders_that_label_nothing_are_named(at_work: Machine, dovecot: Dovecot, mailbox_user: str) -> None:
    dovecot.create(mailbox_user, "Monitor/Sonderwunsch", "Monitor/Sonderwünsche")

    folders = findings(at_work)["folders"]

    assert folders["status"] == "hint"
    assert "Sonderwünsche" in folders["remedy"]
    assert "labelled folders below Monitor: 1" in folders["told"]


def test_a_configuration_that_others_can_read_is_pointed_out(at_work: Machine) -> None:
    at_work.configure()
    os.chmod(at_work.file, 0o644)
    assert f"chmod 600 {at_work.file}" in findings(at_work)["configuration"]["remedy"]

    os.chmod(at_work.file, 0o600)
    assert findings(at_work)["configuration"]["status"] == "ok"


def test_without_a_configuration_doctor_says_how_to_get_one(machine: Machine) -> None:
    done = machine.run("doctor", configured=False)

    assert done.code == 1
    assert "client-monitor setup" in done.out
