"""What commands say of a mailbox or an outbox that refuses, in one line with the remedy; the test letter."""

from __future__ import annotations

import socket
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path

import pytest
from machine import CLIENT, COACH, Machine, counts, mail
from servers.dovecot import PASSWORD, Dovecot
from servers.mailserver import Conduct, MailServer

import monitor

DEMO = Path(monitor.__file__).parent / "demo"
RUBBISH = bytes(range(256)) * 8

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


def wrong_password(machine: Machine) -> None:
    machine.keep_secret("imap", "falsch")
    machine.keep_secret("smtp", "falsch")


def unreachable(machine: Machine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        for section in ("mailbox", "outbox"):
            machine.sections[section]["port"] = free.getsockname()[1]


def unknown_host(machine: Machine) -> None:
    for section in ("mailbox", "outbox"):
        machine.sections[section]["host"] = "mail.invalid"


def untrusted(machine: Machine) -> None:
    machine.trust_nobody()


def without_sent(machine: Machine) -> None:
    machine.sections["mailbox"]["sent"] = "Ablage"


@pytest.mark.parametrize(
    ("spoil", "said", "remedy"),
    [
        (wrong_password, "does not accept user and password", "client-monitor setup"),
        (unreachable, "cannot be reached", "mailbox.port"),
        (unknown_host, "is not found", "mailbox.host"),
        (untrusted, "certificate that this machine does not trust", "SSL_CERT_FILE"),
        (without_sent, "folder for sent mail", "mailbox.sent"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_told_in_one_line(
    at_work: Machine, mailbox_user: str, spoil: Callable[[Machine], None], said: str, remedy: str
) -> None:
    spoil(at_work)

    done = at_work.run("sync")

    assert done.code == 1
    assert said in done.complaint
    assert remedy in done.complaint
    for private in (mailbox_user, PASSWORD, "falsch", COACH):
        assert private not in done.err


@pytest.mark.parametrize(
    ("spoil", "said", "remedy"),
    [
        (wrong_password, "does not accept user and password for sending", "client-monitor setup"),
        (unreachable, "cannot be reached for sending", "kept and tried again"),
        (unknown_host, "cannot be reached for sending", "kept and tried again"),
        (untrusted, "is not trusted", "SSL_CERT_FILE"),
    ],
)
def test_an_outbox_that_takes_no_digest_is_told_in_one_line(
    at_work: Machine, spoil: Callable[[Machine], None], said: str, remedy: str
) -> None:
    spoil(at_work)

    done = at_work.run("digest", "--send")

    assert done.code == 1
    assert said in done.complaint
    assert remedy in done.complaint
    for private in ("jana", "falsch", COACH):
        assert private not in done.err


@pytest.mark.parametrize("conduct", [Conduct.REFUSE, Conduct.DROP])
def test_a_server_that_does_not_take_the_digest_is_told_without_its_own_words(
    at_work: Machine, mailserver: MailServer, conduct: Conduct
) -> None:
    mailserver.conduct = conduct

    done = at_work.run("digest", "--send")

    assert done.code == 1
    assert "did not take the digest" in done.complaint
    assert COACH not in done.err


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_a_test_letter_goes_out_on_every_kind_of_connection_each_time_it_is_asked_for(
    machine: Machine, dovecot: Dovecot, mailbox_user: str, tmp_path: Path, security: str
) -> None:
    with MailServer(tmp_path, security) as server:  # type: ignore[arg-type]
        machine.watch(dovecot, mailbox_user)
        machine.send_to(server)
        first, second = machine.run("digest", "--send"), machine.run("digest", "--send")

    assert (first.code, second.code) == (0, 0)
    assert "test letter was sent" in first.err
    assert "test letter was sent" in second.err
    assert [letter.recipients for letter in server.letters] == [(COACH,), (COACH,)]
    assert len({message_from_bytes(letter.data)["Message-ID"] for letter in server.letters}) == 2


@pytest.mark.parametrize("command", [["sync"], ["digest", "--send"]])
def test_without_a_secret_a_command_says_where_it_belongs(at_work: Machine, command: list[str]) -> None:
    for file in at_work.secrets.iterdir():
        file.unlink()

    done = at_work.run(*command)

    assert done.code == 78
    purpose = "imap" if command == ["sync"] else "smtp"
    assert f"keyring set client-monitor.{purpose}" in done.complaint


def test_the_digest_goes_out_although_the_mailbox_cannot_be_opened(at_work: Machine, mailserver: MailServer) -> None:
    (at_work.secrets / "client-monitor.imap").unlink()

    done = at_work.run("digest", "--send")

    assert done.code == 0
    assert "was sent" in done.err
    assert len(mailserver.letters) == 1


def test_sync_reads_what_is_new_and_says_so_on_stderr(at_work: Machine, dovecot: Dovecot, mailbox_user: str) -> None:
    for folder, data in (("INBOX", mail()[0]), ("INBOX", mail()[0]), ("Sent", mail(sender=COACH, to=CLIENT)[0])):
        dovecot.deliver(mailbox_user, folder, data)

    first, second = at_work.run("sync"), at_work.run("sync")

    assert (first.code, first.out, counts(first)) == (0, "", (3, 3, 0))
    assert (second.code, second.out, counts(second)) == (0, "", (0, 0, 0))


def test_sync_beside_the_service_says_that_it_is_at_work(at_work: Machine) -> None:
    at_work.start().watching()

    done = at_work.run("sync")

    assert done.code == 1
    assert "already at work" in done.complaint
