"""What the service tells: to systemd that it lives, to the coach what is wrong and what helps."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

import pytest
from machine import CLIENT, COACH, Machine, deliver
from servers.dovecot import PASSWORD, Dovecot

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


def test_systemd_hears_that_it_is_ready_alive_and_ending(at_work: Machine) -> None:
    service = at_work.start(watchdog=1.0).watching()
    service.until(lambda: service.states().count("WATCHDOG=1") > 6, 10, "signs of life")
    assert service.stop() == 0

    states = [state.partition("\n")[0] for state in service.states()]
    assert states[0] == "READY=1"
    assert states[-1] == "STOPPING=1"
    assert states.count("READY=1") == states.count("STOPPING=1") == 1
    assert service.longest_silence() < 1.0


def test_a_second_service_says_that_there_is_one(at_work: Machine) -> None:
    service = at_work.start().watching()

    second = at_work.run("run")

    assert second.code == 1
    assert "already at work" in second.complaint
    assert "stop it first" in second.complaint
    assert service.stop() == 0


def wrong_password(machine: Machine) -> None:
    machine.keep_secret("imap", "falsch")


def unreachable(machine: Machine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        machine.sections["mailbox"]["port"] = free.getsockname()[1]


def untrusted(machine: Machine) -> None:
    machine.trust_nobody()


def without_sent(machine: Machine) -> None:
    machine.sections["mailbox"]["sent"] = "Ablage"


@pytest.mark.parametrize(
    ("spoil", "kind", "remedy"),
    [
        (wrong_password, "LoginRefused", "client-monitor setup"),
        (unreachable, "MailboxError", "mailbox.host and mailbox.port"),
        (untrusted, "CertificateNotTrusted", "SSL_CERT_FILE"),
        (without_sent, "FolderMissing", "mailbox.sent"),
    ],
)
def test_the_service_lives_on_and_says_what_is_wrong_without_saying_who(
    at_work: Machine,
    mailbox_user: str,
    spoil: Callable[[Machine], None],
    kind: str,
    remedy: str,
) -> None:
    spoil(at_work)
    service = at_work.start().ready()

    service.until(lambda: "round failed" in service.log(), 15, "a word about the mailbox")
    service.until(lambda: f"({kind})" in service.states()[-1], 5, "the same word for systemd")

    (line,) = [line for line in service.log().splitlines() if "round failed" in line]
    assert f"kind={kind}" in line
    assert remedy in line
    assert "next_try_s=" in line
    for private in (mailbox_user, COACH, CLIENT, PASSWORD, "falsch"):
        assert private not in service.log()
    assert service.stop() == 0


def test_a_password_that_is_mended_is_taken_at_a_reload(at_work: Machine, dovecot: Dovecot, mailbox_user: str) -> None:
    identity = deliver(dovecot, mailbox_user)
    at_work.keep_secret("imap", "falsch")
    service = at_work.start().ready()
    service.until(lambda: "LoginRefused" in service.log(), 15, "a word about the password")

    at_work.keep_secret("imap", PASSWORD)
    service.tell(signal.SIGHUP)

    service.watching()
    assert at_work.known() == [identity]


def test_mail_is_read_although_the_folder_of_sent_mail_is_missing(
    at_work: Machine, own_dovecot: Callable[..., Dovecot], mailbox_user: str
) -> None:
    server = own_dovecot(sent=None)
    at_work.watch(server, mailbox_user)
    identity = deliver(server, mailbox_user)
    service = at_work.start().ready()

    service.until(lambda: "FolderMissing" in service.log(), 15, "a word about the folder")
    assert at_work.known() == [identity]


@pytest.mark.parametrize("missing", ["mailbox", "outbox"])
def test_without_mailbox_or_outbox_it_does_not_start(at_work: Machine, missing: str) -> None:
    del at_work.sections[missing]

    ended = at_work.run("run")

    assert ended.code == 78
    assert f"no [{missing}]" in ended.complaint
    assert "client-monitor setup" in ended.complaint


@pytest.mark.parametrize("purpose", ["imap", "smtp"])
def test_without_a_secret_it_does_not_start_and_says_where_it_belongs(at_work: Machine, purpose: str) -> None:
    (at_work.secrets / f"client-monitor.{purpose}").unlink()

    ended = at_work.run("run")

    assert ended.code == 78
    assert f"keyring set client-monitor.{purpose}" in ended.complaint
    assert f"LoadCredentialEncrypted=client-monitor.{purpose}" in ended.complaint


def test_without_a_configuration_it_does_not_start(at_work: Machine) -> None:
    ended = at_work.run("run", configured=False)

    assert ended.code == 78
    assert "There is no configuration file" in ended.complaint
