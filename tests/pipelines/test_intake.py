"""What intake asks a real mail server for: the text of the coach's and the clients' mail, and of nobody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from servers.dovecot import PASSWORD, Dovecot

from monitor.facts import Fact
from monitor.mailbox.folders import Folder
from monitor.mailbox.imap import Mailbox, MailboxAccess, connect
from monitor.pipelines.intake import Taken, look_back, take_in
from monitor.reader.outcomes import Circle
from monitor.reader.process import Reader
from monitor.store.database import open_database
from monitor.store.fact_store import FactStore, Quarantined

COACH, CLIENT, STRANGER = "jana@weber.example", "georg@prantl.example", "post@verein.example"
INBOX = Folder("INBOX", "/", frozenset())
ASK = "Kannst du mir bitte bis morgen die Texte für meine Website schreiben?"
TEXT_ASKED_FOR = re.compile(r"UID FETCH ([\d,:]+) \(BODY\.PEEK\[1\]")

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


@dataclass
class Coach:
    """A mailbox, a store, and who the clients are."""

    server: Dovecot
    user: str
    models: Path
    facts: FactStore

    def gets(self, sender: str, text: str = ASK, to: str = COACH, identity: str | None = "") -> None:
        """Deliver a mail; without ``identity`` it has no Message-ID."""
        number = len(self.server.flags(self.user, "INBOX")) + 1
        lines = [f"From: {sender}", f"To: {to}", "Subject: Frage", "Date: Mon, 2 Mar 2026 09:54:51 +0100"]
        lines += [f"Message-ID: <{number}@mail.example>"] if identity is not None else []
        lines += ["Content-Type: text/plain; charset=utf-8", "", text, ""]
        self.server.deliver(self.user, "INBOX", "\r\n".join(lines).encode())

    def reads(self, *clients: str, again: bool = False) -> Taken:
        """Read the inbox as a round does."""
        with self._connected() as mailbox, self._reader(clients) as reader:
            return take_in(INBOX, mailbox, self.facts, reader, lambda: datetime.now(UTC), again=again)

    def looks_back(self, *clients: str) -> Taken:
        """Read what these wrote before they became clients."""
        with self._connected() as mailbox, self._reader(clients) as reader:
            return look_back(clients, INBOX, mailbox, self.facts, reader, lambda: datetime.now(UTC))

    def asked_for_text(self) -> list[str]:
        """The UIDs whose text was asked for since the server listens, as they were written."""
        return [match[1] for said in self.server.heard(self.user).commands if (match := TEXT_ASKED_FOR.match(said))]

    def fact(self, writer: str) -> Fact:
        return next(fact for fact in self.facts.facts() if writer in fact.correspondents)

    def _connected(self) -> Mailbox:
        return connect(MailboxAccess(self.server.host, self.server.port, "none", self.user), PASSWORD)

    def _reader(self, clients: tuple[str, ...]) -> Reader:
        return Reader(Circle(frozenset({COACH}), frozenset(clients)), self.models)


@pytest.fixture
def coach(dovecot: Dovecot, mailbox_user: str, model: Path, tmp_path: Path) -> Iterator[Coach]:
    with open_database(f"sqlite:///{tmp_path}/store.db") as database:
        yield Coach(dovecot, mailbox_user, model.parent, FactStore(database))


def test_the_text_of_people_who_are_no_clients_is_not_even_asked_for(coach: Coach) -> None:
    coach.gets(STRANGER)
    coach.gets(CLIENT)
    coach.gets("newsletter@laden.example", f"Was {CLIENT} dazu sagt, steht hier.")
    coach.gets("verein@laden.example", to=f"{COACH}, {CLIENT}")
    coach.gets(f"jo{CLIENT}")
    coach.server.listen(coach.user)

    taken = coach.reads(CLIENT)

    assert (taken.looked_at, taken.unreadable) == (5, 0)
    assert coach.asked_for_text() == ["2"]
    assert coach.fact(STRANGER).classification is None
    assert {fact.words for fact in coach.facts.facts() if CLIENT not in fact.correspondents} == {0}
    assert coach.fact(CLIENT).words == len(ASK.split())
    assert coach.fact(CLIENT).classification is not None


@pytest.mark.parametrize(
    "written",
    ["Georg Prantl <georg@prantl.example>", "GEORG@Prantl.Example", "georg(der Kunde)@prantl.example"],
)
def test_a_client_is_known_however_the_address_is_written(coach: Coach, written: str) -> None:
    coach.gets(written)

    assert coach.reads(CLIENT).unreadable == 0

    assert coach.fact(CLIENT).classification is not None


def test_everyone_of_a_domain_is_read_where_all_of_it_is_the_client(coach: Coach) -> None:
    coach.gets("lager@prantl.example")

    coach.reads("@prantl.example")

    assert coach.fact("lager@prantl.example").classification is not None


def test_what_the_coach_wrote_is_read_wherever_it_lies(coach: Coach) -> None:
    coach.gets(COACH, to=STRANGER)

    coach.reads(CLIENT)

    assert coach.fact(STRANGER).words == len(ASK.split())


def test_two_mails_that_only_their_texts_tell_apart_stay_two(coach: Coach) -> None:
    coach.gets(STRANGER, "Die eine Nachricht.", identity=None)
    coach.gets(STRANGER, "Die andere Nachricht.", identity=None)

    assert coach.reads(CLIENT).new == 2
    assert {fact.words for fact in coach.facts.facts()} == {0}


def test_a_second_try_asks_for_no_more_than_the_first(coach: Coach) -> None:
    coach.gets(STRANGER)
    coach.gets(CLIENT)
    coach.reads(CLIENT)
    state = coach.facts.cursor("INBOX")
    assert state is not None
    now = datetime.now(UTC)
    failed = [Quarantined(f"INBOX/{state.uidvalidity}/{uid}", "The server stumbled.", now) for uid in (1, 2)]
    coach.facts.record([], failed)
    coach.server.listen(coach.user)

    coach.reads(CLIENT, again=True)

    assert coach.facts.quarantined() == []
    assert coach.asked_for_text() == ["2"]


def test_who_becomes_a_client_is_read_from_the_beginning_and_only_once(coach: Coach) -> None:
    for sender in (STRANGER, CLIENT, "lager@kunz.example", "chef@kunz.example", "max@mustkunz.example"):
        coach.gets(sender)
    coach.reads(CLIENT)
    coach.server.listen(coach.user)

    assert coach.looks_back(CLIENT, STRANGER, "@kunz.example").looked_at == 3
    assert coach.looks_back(CLIENT, STRANGER, "@kunz.example").looked_at == 0

    assert coach.asked_for_text() == ["1,3,4"]
    for writer in (STRANGER, "lager@kunz.example", "chef@kunz.example"):
        assert coach.fact(writer).words == len(ASK.split())
        assert coach.fact(writer).classification is not None
    assert coach.fact("max@mustkunz.example").classification is None


def test_mail_that_was_put_away_meanwhile_is_no_failure_of_looking_back(coach: Coach) -> None:
    coach.gets(STRANGER)
    coach.reads(CLIENT)
    with coach._connected() as mailbox:
        mailbox._client.select_folder("INBOX")
        mailbox._client.delete_messages([1])
        mailbox._client.expunge()

    assert coach.looks_back(STRANGER).looked_at == 0
