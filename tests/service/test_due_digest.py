"""The digest that is due leaves the running service once, by a real mail server, whatever that does."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes

import pytest
from machine import COACH, Machine, deliver
from servers.dovecot import Dovecot
from servers.mailserver import Conduct, MailServer

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


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
