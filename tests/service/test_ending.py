"""The service ends when it is told to, whatever it is at, and takes a changed configuration."""

from __future__ import annotations

import signal

import pytest
from machine import Machine, append_many, deliver
from servers.dovecot import Dovecot
from servers.mailserver import Conduct, MailServer
from servers.scripted import ScriptedServer

from monitor.store.fact_store import FactStore

STRANGER = "nora@unbekannt.example"

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


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
    assert service.longest_silence() < 1.0

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
