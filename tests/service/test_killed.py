"""The service is killed at random moments, again and again; in the end everything is there, and once."""

from __future__ import annotations

import os
import random

import pytest
from faults.kills import killed
from machine import Machine
from servers.dovecot import Dovecot
from servers.mailserver import MailServer
from sqlalchemy import text

from monitor.store.fact_store import FactStore

ROUNDS = 50

pytestmark = pytest.mark.timeout(600)


def test_fifty_kills_lose_and_double_nothing(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str, mailserver: MailServer
) -> None:
    seed = int(os.environ.get("KILL_SEED") or random.randrange(2**32))
    print(f"KILL_SEED={seed}")

    result = killed(at_work, dovecot, mailbox_user, mailserver, ROUNDS, seed)

    sent, unconfirmed = result.sent, result.unconfirmed
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
    slot = at_work.slot(result.due_at)
    assert slot is not None
    assert slot.state == "done"
