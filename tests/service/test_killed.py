"""The service is killed at random moments, again and again; in the end everything is there, and once."""

from __future__ import annotations

import os
import random
import time

import pytest
from machine import CLIENT, COACH, Machine, mail
from servers.dovecot import Dovecot
from servers.mailserver import Conduct, MailServer
from sqlalchemy import text

from monitor.store.fact_store import FactStore

ROUNDS = 50
FALLS_DUE = 5  # the round before which the digest falls due
MOST_TRIES = 7  # one less than after how many the service gives a digest up

pytestmark = pytest.mark.timeout(600)


def test_fifty_kills_lose_and_double_nothing(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str, mailserver: MailServer
) -> None:
    seed = int(os.environ.get("KILL_SEED") or random.randrange(2**32))
    print(f"KILL_SEED={seed}")
    chance = random.Random(seed)
    sent: list[str] = []
    unconfirmed = 0  # letters that had arrived when a kill kept anyone from noting it
    due_at = None

    with dovecot.session(mailbox_user) as session:

        def write() -> None:
            folder, people = ("INBOX", (CLIENT, COACH)) if chance.random() < 0.7 else ("Sent", (COACH, CLIENT))
            data, identity = mail(sender=people[0], to=people[1])
            assert session.append(folder, "", "", data)[0] == "OK"
            sent.append(identity)

        for number in range(ROUNDS):
            if number == FALLS_DUE:
                due_at = at_work.owe_digest()
            if due_at and (slot := at_work.slot(due_at)) and slot.state == "claimed" and slot.tries < MOST_TRIES:
                at_work.let_quarter_of_an_hour_pass(due_at)
            mailserver.conduct = chance.choice((Conduct.TAKE, Conduct.REFUSE, Conduct.DROP))
            for _ in range(chance.randrange(3)):
                write()
            service = at_work.start()
            if chance.random() < 0.8:
                service.ready()
            lived = chance.uniform(0, 1.2)
            early = chance.uniform(0, lived)
            time.sleep(early)
            if chance.random() < 0.5:
                write()  # amid the round
            time.sleep(lived - early)
            with_children = chance.random() < 0.5
            service.kill(with_children)
            service.children_ended()
            if due_at and not at_work.is_sent(due_at):
                # Left alone, the sending child ends what it has begun.
                assert with_children or len(mailserver.letters) == unconfirmed
                unconfirmed = len(mailserver.letters)

    assert due_at is not None
    mailserver.conduct = Conduct.TAKE
    slot = at_work.slot(due_at)
    if slot is not None and slot.state == "claimed":
        at_work.let_quarter_of_an_hour_pass(due_at)
    service = at_work.start().watching(seconds=30)
    assert service.stop() == 0

    assert at_work.known() == sorted(sent)
    assert all(fact.classification for fact in at_work.facts() if fact.folder == "INBOX")
    with at_work.store() as database:
        facts = FactStore(database)
        assert facts.count() == len(sent)
        assert facts.quarantined() == []
        assert sum(cursor.last_uid for cursor in facts.cursors()) == len(sent)
        with database.reading() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
            assert connection.execute(text("SELECT count(*) FROM place")).scalar() == len(sent)

    # One letter; only where it had arrived and the kill kept anyone from noting that, the same letter once more.
    print(f"{len(sent)} messages, {len(mailserver.letters)} letters, {unconfirmed} of them unconfirmed")
    assert len(mailserver.letters) == unconfirmed + 1
    assert len({letter.data for letter in mailserver.letters}) == 1
    slot = at_work.slot(due_at)
    assert slot is not None
    assert slot.state == "done"
