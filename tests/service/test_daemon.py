"""The service watches a real mailbox: it knows what comes, whatever becomes of the server."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import pytest
from machine import CLIENT, COACH, Machine, append_many, deliver, mail
from servers.dovecot import Dovecot

from monitor.facts import Direction

STRANGER = "nora@unbekannt.example"

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


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
