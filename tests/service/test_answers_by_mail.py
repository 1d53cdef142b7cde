"""The whole talk over real servers: the letter arrives, the coach answers, and the next round has it, once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote

import pytest
from machine import CLIENT, COACH, Machine, mail
from servers.dovecot import Dovecot
from servers.mailserver import Conduct, MailServer

from monitor.store.instruction_store import InstructionStore
from monitor.store.talk_store import TalkStore
from monitor.talks import Snooze, Talk

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def answered(at_work: Machine, dovecot: Dovecot, mailbox_user: str, mailserver: MailServer) -> Talkative:
    """A coach who has got this week's letter into the inbox, with a client who asks for too much."""
    at_work.sections["coach"]["language"] = "de"
    now = datetime.now(UTC)
    for days in (3, 8, 13, 18, 23):
        data, _ = mail(sent_at=now - timedelta(days=days))
        dovecot.deliver(mailbox_user, "INBOX", data)
    at_work.owe_digest()
    service = at_work.start().watching()
    assert service.stop() == 0
    (letter,) = mailserver.letters
    dovecot.deliver(mailbox_user, "INBOX", letter.data)
    return Talkative(at_work, dovecot, mailbox_user, message_from_bytes(letter.data, policy=default))


class Talkative:
    """A coach who reads the letter in the inbox and writes back."""

    def __init__(self, machine: Machine, dovecot: Dovecot, user: str, letter: EmailMessage) -> None:
        self.machine, self.dovecot, self.user, self.letter = machine, dovecot, user, letter
        body = letter.get_body(("plain",))
        assert body is not None
        self.text = body.get_content()

    def write(
        self, text: str, *, subject: str = "", sender: str = COACH, to: str = COACH, reply_to: str | None = None
    ) -> bytes:
        """A reply as mail programs write it: quoting the letter, referring to it."""
        message = EmailMessage()
        message["From"], message["To"] = sender, to
        message["Subject"] = subject or f"AW: {self.letter['Subject']}"
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = f"<reply.{datetime.now(UTC).timestamp()}@weber-coaching.example>"
        message["In-Reply-To"] = self.letter["Message-ID"] if reply_to is None else reply_to
        quoted = "".join(f"> {line}\n" for line in self.text.splitlines())
        message.set_content(f"{text}\n\nAm Montag schrieb Client Health Monitor <{COACH}>:\n{quoted}")
        return message.as_bytes()

    def send(self, data: bytes, *folders: str) -> None:
        """Let a mail lie in folders, and have them read."""
        for folder in folders or ("Sent", "INBOX"):
            self.dovecot.deliver(self.user, folder, data)
        done = self.machine.run("sync")
        assert done.code == 0, done.err

    def known(self) -> tuple[list[Talk], list[Snooze], int]:
        """What the store has of it."""
        with self.machine.store() as database:
            talks = TalkStore(database)
            return talks.talks(), talks.snoozes(), len(InstructionStore(database).carried())

    def digest(self) -> dict[str, Any]:
        """The digest as it would be now."""
        done = self.machine.run("digest", "--format", "json")
        assert done.code == 0, done.err
        return dict(json.loads(done.out))


def test_the_digest_is_answered_in_own_words_and_the_next_one_has_it(answered: Talkative) -> None:
    assert answered.digest()["clients"][0]["needs_conversation"]
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()

    answered.send(answered.write("Hallo,\n\ngestern mit Georg gesprochen.\n\nViele Grüße\nJana Weber"))

    assert answered.known() == ([Talk("Georg Prantl", yesterday)], [], 1)
    (georg,) = answered.digest()["clients"]
    assert georg["talk"] == {
        "held_on": yesterday.isoformat(),
        "effect": "too early",
        "held": 1,
        "changes": [],
    }
    assert not georg["needs_conversation"]
    told = answered.machine.run("digest")
    assert "Aus Ihren Antworten notiert" in told.out
    assert "Gespräch mit Georg Prantl am" in told.out
    assert all(fact.subject != answered.letter["Subject"] for fact in answered.machine.facts())


def test_a_prepared_answer_needs_no_more_than_to_be_sent(answered: Talkative) -> None:
    links = [unquote(link) for link in re.findall(r"<(mailto:[^>]+)>", answered.text)]
    (rest,) = [link for link in links if "ruhen lassen" in link]
    to, _, subject = rest.removeprefix("mailto:").partition("?subject=")

    answered.send(answered.write("", subject=subject, to=to, reply_to=""), "Sent")

    (snooze,) = answered.known()[1]
    assert snooze.client == "Georg Prantl"
    assert not answered.digest()["clients"][0]["needs_conversation"]


def test_the_same_answer_counts_once_wherever_it_lies_and_however_often_it_is_read(
    answered: Talkative,
) -> None:
    data = answered.write("Weniger empfindlich: Georg")
    answered.send(data, "Sent")
    once = answered.known()[2]
    answered.send(data, "Sent", "INBOX")
    copy = re.sub(rb"Message-ID: .*", b"Message-ID: <another@mail.example>", data)
    answered.send(copy, "INBOX")
    answered.machine.start().watching()

    assert answered.known()[2] == once >= 1


@pytest.mark.parametrize(
    "forged",
    [
        lambda coach: coach.write("Pause bis 31. Dezember", sender=CLIENT),
        lambda coach: coach.write("Pause bis 31. Dezember", reply_to="<2026-w01.chm-" + "k" * 24 + "@x.example>"),
        lambda coach: coach.write("Pause bis 31. Dezember", reply_to="<something@else.example>"),
        lambda coach: coach.write("Pause bis 31. Dezember", to=f"{COACH}, {CLIENT}"),
    ],
    ids=["from another address", "with a guessed token", "without a token", "to somebody else too"],
)
def test_what_is_not_the_coachs_answer_changes_nothing(
    answered: Talkative, forged: Callable[[Talkative], bytes]
) -> None:
    answered.send(forged(answered), "INBOX")

    assert answered.known() == ([], [], 0)


def test_a_wrong_judgement_is_corrected_and_can_be_taken_back(answered: Talkative) -> None:
    answered.send(answered.write("Georg: stimmt nicht"))
    assert not answered.digest()["clients"][0]["needs_conversation"]

    answered.send(answered.write("Rückgängig: 1"))
    assert answered.digest()["clients"][0]["needs_conversation"]


def test_an_answer_at_once_comes_where_the_coach_wants_it(
    at_work: Machine, answered: Talkative, mailserver: MailServer, dovecot: Dovecot, mailbox_user: str
) -> None:
    at_work.sections["digest"]["confirm"] = "at_once"
    service = at_work.start().watching()

    dovecot.deliver(mailbox_user, "INBOX", answered.write("Georg bis 31. Dezember ruhen lassen"))

    service.until(lambda: len(mailserver.letters) == 2, 60, "the answer")
    confirmation = message_from_bytes(mailserver.letters[1].data, policy=default)
    assert "Georg" not in confirmation["Subject"]
    assert "Georg Prantl ruht bis 31." in confirmation.get_content()
    assert confirmation["X-Client-Health-Monitor"] == "1"
    dovecot.deliver(mailbox_user, "INBOX", mailserver.letters[1].data)
    service.watching(rounds=service.rounds() + 1)
    assert len(mailserver.letters) == 2


def test_during_a_pause_no_letter_comes(at_work: Machine, answered: Talkative, mailserver: MailServer) -> None:
    answered.send(answered.write("Pause: vier Wochen"))
    due = datetime.now(UTC) + timedelta(days=7)

    done = at_work.run("deliver", "--due", due.isoformat())

    assert done.code == 0, done.err
    assert len(mailserver.letters) == 1


# Delivery


def test_the_letter_comes_by_imap_where_the_coach_wants_that_once_and_unread(
    machine: Machine, dovecot: Dovecot, mailbox_user: str
) -> None:
    machine.watch(dovecot, mailbox_user)
    due_at = machine.owe_digest()
    machine.sections["digest"]["delivery"] = "inbox"

    for _ in range(2):
        service = machine.start().watching()
        assert service.stop() == 0

    assert machine.is_sent(due_at)
    assert dovecot.flags(mailbox_user, "INBOX") == {1: frozenset()}
    with dovecot.session(mailbox_user) as session:
        session.select("INBOX", readonly=True)
        _, ((_, data), *_) = session.fetch("1", "(BODY.PEEK[])")
    letter = message_from_bytes(data, policy=default)
    assert letter["X-Client-Health-Monitor"] == "1"
    assert [address.addr_spec for address in letter["To"].addresses] == [COACH]


def test_a_letter_that_arrived_before_the_server_could_say_so_is_not_sent_twice(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str, mailserver: MailServer
) -> None:
    due_at = at_work.owe_digest()
    mailserver.conduct = Conduct.FORGET_TO_SAY
    service = at_work.start().watching()
    assert service.stop() == 0
    (letter,) = mailserver.letters
    dovecot.deliver(mailbox_user, "INBOX", letter.data)

    mailserver.conduct = Conduct.TAKE
    at_work.let_quarter_of_an_hour_pass(due_at)
    at_work.start().watching()

    assert len(mailserver.letters) == 1
    assert at_work.is_sent(due_at)


def test_a_test_letter_is_marked_takes_no_answers_and_leaves_the_weekly_one_owed(
    at_work: Machine, mailserver: MailServer
) -> None:
    due_at = at_work.owe_digest()
    for _ in range(2):
        done = at_work.run("digest", "--send")
        assert done.code == 0, done.err
        assert "test letter" in done.err

    first, second = (message_from_bytes(one.data, policy=default) for one in mailserver.letters)
    assert first["Subject"].startswith("Test: ")
    assert first["Message-ID"] != second["Message-ID"]
    assert b"mailto:" not in mailserver.letters[0].data
    assert not at_work.is_sent(due_at)


def test_a_week_with_nothing_to_tell_brings_no_letter_where_the_coach_wants_none(
    at_work: Machine, mailserver: MailServer
) -> None:
    due_at = at_work.owe_digest()
    at_work.sections["digest"]["when_quiet"] = "none"
    service = at_work.start().watching()
    assert service.stop() == 0
    assert len(mailserver.letters) == 1  # the first letter of all comes all the same

    done = at_work.run("deliver", "--due", (due_at + timedelta(days=7)).isoformat())

    assert done.code == 0, done.err
    assert len(mailserver.letters) == 1
