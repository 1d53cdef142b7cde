"""The service against a real mailbox and a real mail server: it watches, survives, ends, and tells how it is."""

from __future__ import annotations

import signal
import socket
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from itertools import pairwise
from typing import Any

import pytest
from machine import CLIENT, COACH, Machine, mail
from servers.dovecot import PASSWORD, Dovecot
from servers.mailserver import Conduct, MailServer
from servers.scripted import ScriptedServer

from monitor.facts import Direction
from monitor.store.fact_store import FactStore

STRANGER = "nora@unbekannt.example"

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


def deliver(server: Dovecot, user: str, folder: str = "INBOX", **written: Any) -> str:
    data, identity = mail(**written)
    server.deliver(user, folder, data)
    return identity


def append_many(server: Dovecot, user: str, folder: str, count: int, **written: Any) -> list[str]:
    identities = []
    with server.session(user) as session:
        for _ in range(count):
            data, identity = mail(**written)
            assert session.append(folder, "", "", data)[0] == "OK"
            identities.append(identity)
    return identities


# Watching


def test_a_message_that_comes_while_the_service_waits_is_known_within_two_seconds(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str
) -> None:
    service = at_work.start().watching()
    taken = []
    for _ in range(8):
        begun = time.monotonic()
        identity = deliver(dovecot, mailbox_user)
        service.until(lambda identity=identity: identity in at_work.known(), 20, "the message")
        taken.append(time.monotonic() - begun)

    assert statistics.median(taken[1:]) <= 2  # the first one warms the caches


def test_a_message_that_comes_while_other_folders_are_read_does_not_wait_for_the_next_poll(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str
) -> None:
    append_many(dovecot, mailbox_user, "Sent", 5_000, sender=COACH, to=CLIENT)
    service = at_work.start().ready()
    service.until(at_work.known, 30, "the first batch of sent mail")
    identity = deliver(dovecot, mailbox_user)
    assert service.rounds() == 0  # it is still at work

    service.until(lambda: identity in at_work.known(), 10, "the message")


def test_an_outside_ask_of_a_client_is_classified_and_nobody_elses_words_are_kept(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str
) -> None:
    asked = deliver(dovecot, mailbox_user)
    strange = deliver(dovecot, mailbox_user, sender=STRANGER, subject="Ganz was anderes")
    answered = deliver(dovecot, mailbox_user, "Sent", sender=COACH, to=CLIENT)

    at_work.start().watching()

    facts = {fact.message_id: fact for fact in at_work.facts()}
    assert set(facts) == {asked, strange, answered}
    assert facts[asked].classification is not None
    assert facts[asked].correspondents == (CLIENT,)
    assert facts[asked].subject == "Eine Bitte"
    assert (facts[strange].classification, facts[strange].subject) == (None, "")
    assert (facts[answered].direction, facts[answered].correspondents) == (Direction.SENT, (CLIENT,))


def test_the_mailbox_looks_afterwards_as_it_did_before(at_work: Machine, dovecot: Dovecot, mailbox_user: str) -> None:
    for flags in ((), ("\\Seen",), ("\\Flagged", "\\Answered"), ("\\Seen", "wichtig", "$label1")):
        for folder in ("INBOX", "Sent"):
            dovecot.deliver(mailbox_user, folder, mail()[0], flags)
    before = {folder: dovecot.flags(mailbox_user, folder) for folder in ("INBOX", "Sent")}
    dovecot.listen(mailbox_user)

    service = at_work.start().watching()
    late = deliver(dovecot, mailbox_user)
    service.until(lambda: late in at_work.known(), 20, "the message")
    assert service.stop() == 0

    after = {folder: dovecot.flags(mailbox_user, folder) for folder in ("INBOX", "Sent")}
    assert after.pop("Sent") == before.pop("Sent")
    assert after == {"INBOX": {**before["INBOX"], 5: frozenset()}}
    said = " ".join(dovecot.heard(mailbox_user).commands)
    assert "EXAMINE" in said
    for writing in ("SELECT", "STORE", "EXPUNGE", "COPY", "MOVE", "CREATE"):
        assert writing not in said


def test_a_server_that_was_away_is_found_again_and_nothing_is_missed(
    at_work: Machine, own_dovecot: Callable[..., Dovecot], mailbox_user: str
) -> None:
    server = own_dovecot()
    at_work.watch(server, mailbox_user)
    sent = [deliver(server, mailbox_user)]
    service = at_work.start().watching()

    server.stop()
    service.until(lambda: "round failed" in service.log(), 10, "a word about the server")
    assert "Cannot read the mailbox" in service.states()[-1]
    server.start()
    sent += [deliver(server, mailbox_user), deliver(server, mailbox_user, "Sent", sender=COACH, to=CLIENT)]

    service.watching(rounds=2, seconds=30)
    assert at_work.known() == sorted(sent)
    assert service.stop() == 0


def test_a_mailbox_numbered_anew_is_read_again_and_nothing_is_doubled(
    at_work: Machine, own_dovecot: Callable[..., Dovecot], mailbox_user: str
) -> None:
    server = own_dovecot()
    at_work.watch(server, mailbox_user)
    sent = [deliver(server, mailbox_user) for _ in range(3)]
    service = at_work.start().watching()
    assert at_work.known() == sorted(sent)

    server.stop()
    server.renumber(mailbox_user)
    server.start()
    sent.append(deliver(server, mailbox_user))

    service.watching(rounds=2, seconds=30)
    assert "folder numbered anew" in service.log()
    assert "messages=4 new=1" in service.log()
    assert at_work.known() == sorted(sent)


# The digest


def test_a_first_start_owes_no_digest_of_the_past(at_work: Machine, mailserver: MailServer) -> None:
    service = at_work.start().watching()

    assert mailserver.tries == 0
    assert service.stop() == 0
    at_work.start().watching()
    assert mailserver.tries == 0


def test_the_digest_that_is_due_arrives_once_however_often_the_service_starts(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str, mailserver: MailServer
) -> None:
    due_at = at_work.owe_digest()
    deliver(dovecot, mailbox_user)

    for _ in range(3):
        service = at_work.start().watching()
        assert service.stop() == 0

    (letter,) = mailserver.letters
    assert mailserver.tries == 1
    assert letter.recipients == (COACH,)
    message = message_from_bytes(letter.data)
    assert message["To"] is not None
    assert message["Message-ID"]
    assert message.get_content_type() == "multipart/alternative"
    slot = at_work.slot(due_at)
    assert slot is not None
    assert (slot.state, slot.tries) == ("done", 1)


def test_a_digest_that_is_refused_at_first_arrives_later_and_once(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str, mailserver: MailServer
) -> None:
    due_at = at_work.owe_digest()
    mailserver.conduct = Conduct.REFUSE
    service = at_work.start().watching()
    assert (mailserver.tries, mailserver.letters) == (1, [])
    assert "digest put off" in service.log()

    # Before a quarter of an hour has passed nobody is bothered again.
    mailserver.conduct = Conduct.TAKE
    deliver(dovecot, mailbox_user)
    service.watching(rounds=2)
    assert mailserver.tries == 1

    kept = at_work.kept_digest(due_at)
    at_work.let_quarter_of_an_hour_pass(due_at)
    # A digest written anew would count this one.
    deliver(dovecot, mailbox_user, sent_at=due_at - timedelta(days=1))
    service.watching(rounds=3)
    assert service.stop() == 0
    at_work.start().watching()

    (letter,) = mailserver.letters
    assert mailserver.tries == 2
    assert kept is not None
    # What was kept before the first try is what arrives.
    assert letter.data == kept.letter
    assert "not now" not in service.log()
    assert COACH not in service.log()


def test_a_letter_whose_arrival_was_not_confirmed_is_sent_again_as_the_same_letter(
    at_work: Machine, mailserver: MailServer
) -> None:
    due_at = at_work.owe_digest()
    mailserver.conduct = Conduct.FORGET_TO_SAY
    service = at_work.start().watching()
    assert service.stop() == 0
    mailserver.conduct = Conduct.TAKE
    at_work.let_quarter_of_an_hour_pass(due_at)
    at_work.start().watching()

    # Nobody can know whether the first one arrived; mail programs fold letters with one Message-ID.
    assert len(mailserver.letters) == 2
    assert mailserver.letters[0].data == mailserver.letters[1].data


def test_a_digest_that_could_not_be_sent_for_days_is_given_up_and_told(
    at_work: Machine, mailserver: MailServer
) -> None:
    at_work.owe_digest(since=timedelta(days=5))

    service = at_work.start().watching()

    assert "digest missed" in service.log()
    assert mailserver.tries == 0
    assert service.stop() == 0
    told = at_work.run("status")
    assert told.code == 1
    assert "could not be sent" in told.out


# Ending and reloading


def test_it_ends_at_once_while_it_waits(at_work: Machine) -> None:
    for sign in (signal.SIGTERM, signal.SIGINT):
        service = at_work.start().watching()
        service.tell(sign)
        assert service.ended(seconds=2) == 0
        assert service.states()[-1] == "STOPPING=1"
        assert service.log().splitlines()[-1].endswith("service stopped")


def test_it_ends_amid_a_long_round_and_goes_on_where_it_stopped(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str
) -> None:
    sent = append_many(dovecot, mailbox_user, "INBOX", 3_000)

    service = at_work.start().ready()
    service.until(at_work.known, 30, "the first batch")
    assert service.stop(seconds=5) == 0
    with at_work.store() as database:
        cursor = FactStore(database).cursor("INBOX")
    assert cursor is not None
    # What is kept is whole: every message up to where the cursor stands, and none beyond.
    assert 0 < cursor.last_uid < 3_000
    assert at_work.known() == sorted(sent[: cursor.last_uid])

    at_work.start().watching(seconds=40)
    assert at_work.known() == sorted(sent)


def test_it_ends_within_seconds_while_the_mailbox_gives_no_answer(at_work: Machine) -> None:
    with ScriptedServer({"LIST": ""}) as server:
        at_work.sections["mailbox"] |= {"port": server.port, "security": "none"}
        service = at_work.start().ready()
        service.until(lambda: any(each.startswith("LIST") for each in server.commands), 10, "a question")
        assert service.stop(seconds=8) == 0


def test_it_ends_within_seconds_while_the_outbox_gives_no_answer_and_sends_at_the_next_start(
    at_work: Machine, mailserver: MailServer
) -> None:
    due_at = at_work.owe_digest()
    mailserver.conduct = Conduct.HANG
    service = at_work.start(watchdog=1.0).ready()
    service.until(lambda: mailserver.tries, 15, "a letter on offer")
    assert service.stop(seconds=6) == 0
    slot = at_work.slot(due_at)
    assert slot is not None
    assert (slot.state, slot.tries) == ("claimed", 0)
    assert longest_silence(service.told) < 1.0

    mailserver.conduct = Conduct.TAKE
    at_work.start().watching()
    assert len(mailserver.letters) == 1


def test_a_client_who_is_named_later_is_known_after_a_reload_and_so_is_what_they_wrote_before(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str
) -> None:
    before = deliver(dovecot, mailbox_user, sender=STRANGER)
    service = at_work.start().watching()
    assert [fact.classification for fact in at_work.facts()] == [None]

    at_work.sections["client"].append({"name": "Nora", "addresses": [STRANGER]})
    at_work.configure()
    service.tell(signal.SIGHUP)
    service.watching(rounds=2)
    after = deliver(dovecot, mailbox_user, sender=STRANGER)
    service.until(lambda: after in at_work.known(), 20, "the message")

    facts = {fact.message_id: fact for fact in at_work.facts()}
    assert set(facts) == {before, after}
    assert all(fact.classification for fact in facts.values())
    states = [state.partition("\n")[0] for state in service.states()]
    assert states[states.index("RELOADING=1") + 1] == "READY=1"
    assert "configuration reloaded" in service.log()


@pytest.mark.parametrize("spoiled", ["[coach\n", '[[client]]\nname = "X"\n', ""])
def test_a_configuration_that_is_wrong_is_not_taken(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str, spoiled: str
) -> None:
    service = at_work.start().watching()
    at_work.configure()
    at_work.file.write_text(spoiled and at_work.file.read_text() + spoiled)
    service.tell(signal.SIGHUP)
    service.until(lambda: "going on as before" in service.log(), 10, "a word about the configuration")
    service.until(lambda: service.states()[-1] == "READY=1", 10, "that it goes on")  # told beside the log

    identity = deliver(dovecot, mailbox_user)
    service.watching(rounds=2)
    assert at_work.known() == [identity]
    assert service.stop() == 0


def test_a_configuration_without_mailbox_is_not_taken(at_work: Machine) -> None:
    service = at_work.start().watching()
    del at_work.sections["mailbox"]
    at_work.configure()
    service.tell(signal.SIGHUP)

    service.until(lambda: "going on as before" in service.log(), 10, "a word about the configuration")
    assert service.stop() == 0


# What it tells


def test_systemd_hears_that_it_is_ready_alive_and_ending(at_work: Machine) -> None:
    service = at_work.start(watchdog=1.0).watching()
    service.until(lambda: service.states().count("WATCHDOG=1") > 6, 10, "signs of life")
    assert service.stop() == 0

    states = [state.partition("\n")[0] for state in service.states()]
    assert states[0] == "READY=1"
    assert states[-1] == "STOPPING=1"
    assert states.count("READY=1") == states.count("STOPPING=1") == 1
    assert longest_silence(service.told) < 1.0


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


def longest_silence(told: list[tuple[float, str]]) -> float:
    """The longest time without a word to systemd between the first and the last one."""
    moments = [moment for moment, _ in told]
    return max(after - before for before, after in pairwise(moments))
