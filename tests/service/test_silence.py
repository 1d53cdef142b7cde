"""A mailbox that could not be read for a day is no secret: the coach gets a mail, once, in the coach's language."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from machine import COACH, Machine
from servers.mailserver import MailServer

from monitor.config.configuration import build
from monitor.service import silence
from monitor.store.database import open_database
from monitor.store.digest_store import DigestStore, Slot
from monitor.store.fact_store import Cursor, FactStore

NOW = datetime(2026, 5, 18, 5, tzinfo=UTC)
SINCE = datetime(2026, 5, 16, 12, tzinfo=UTC)

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def slots(tmp_path: Path) -> Iterator[DigestStore]:
    with open_database(f"sqlite:///{tmp_path}/silence.db") as database:
        yield DigestStore(database)


def last_looked(machine: Machine, ago: timedelta) -> datetime:
    seen_at = datetime.now(UTC) - ago
    with machine.store() as database:
        for folder in ("INBOX", "Sent"):
            FactStore(database).record([], [], Cursor(folder, 1, 0, seen_at))
    return seen_at


def test_the_coach_is_told_of_an_outage_once(at_work: Machine, mailserver: MailServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        at_work.sections["mailbox"]["port"] = free.getsockname()[1]
    at_work.sections["coach"]["language"] = "de"
    seen_at = last_looked(at_work, timedelta(days=2))

    service = at_work.start().ready()
    service.until(lambda: "silence told" in service.log(), 60, "a word to the coach")
    assert service.stop() == 0

    (letter,) = mailserver.letters
    assert letter.recipients == (COACH,)
    message = message_from_bytes(letter.data, policy=default)
    assert message["Subject"].startswith("Ihr Postfach wird seit dem ")
    text = message.get_content()
    assert "Der Mailserver ist nicht zu erreichen." in text
    assert "client-monitor doctor" in text
    with at_work.store() as database:
        slot = DigestStore(database).slot(silence.JOB, seen_at)
        assert slot is not None
        assert slot.state == "done"
        assert not silence.is_to_be_told(seen_at, 99, DigestStore(database), datetime.now(UTC))
    told = at_work.run("status")
    assert told.code == 1
    assert "INBOX wurde seit einem Tag nicht gelesen" in told.out
    assert "127.0.0.1 ist nicht zu erreichen." in told.out  # what the service has met, and its remedy
    assert "Prüfen Sie" in told.out


@pytest.mark.parametrize(
    ("since", "failures", "is_told"),
    [
        (SINCE, 2, True),
        (SINCE, 1, False),  # perhaps the network comes up just now
        (NOW - timedelta(hours=23), 50, False),
        (NOW - timedelta(hours=24), 2, True),
        (NOW + timedelta(days=30), 50, False),  # the clock went back
        (None, 50, False),
    ],
)
def test_a_day_without_a_look_is_told_and_less_is_not(
    slots: DigestStore, since: datetime | None, failures: int, is_told: bool
) -> None:
    assert silence.is_to_be_told(since, failures, slots, NOW) is is_told


def test_a_letter_that_did_not_get_out_is_tried_again_and_later_seldom(slots: DigestStore) -> None:
    silence.note(slots, SINCE, "exit 1", NOW)
    assert not silence.is_to_be_told(SINCE, 2, slots, NOW + timedelta(minutes=14))
    assert silence.is_to_be_told(SINCE, 2, slots, NOW + timedelta(minutes=15))

    slots.put_slot(Slot(silence.JOB, SINCE, "claimed", 30, NOW, "exit 1"))
    assert not silence.is_to_be_told(SINCE, 2, slots, NOW + timedelta(minutes=59))
    assert silence.is_to_be_told(SINCE, 2, slots, NOW + timedelta(minutes=60))

    silence.note(slots, SINCE, None, NOW)
    assert not silence.is_to_be_told(SINCE, 2, slots, NOW + timedelta(days=3))
    assert silence.is_to_be_told(SINCE + timedelta(days=1), 2, slots, NOW + timedelta(days=3))  # another outage


def test_an_outage_began_with_the_last_look_at_both_folders() -> None:
    assert silence.silent_since((NOW, SINCE), None) == SINCE
    assert silence.silent_since((NOW, None), SINCE) == SINCE
    assert silence.silent_since((None, None), None) is None


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", ["LoginRefused", "CertificateNotTrusted", "FolderMissing", "MailboxError"])
def test_the_letter_says_why_and_what_to_do(language: str, kind: str) -> None:
    configuration = build({"coach": {"name": "Jana", "addresses": [COACH], "language": language}})

    data = silence.write(configuration, COACH, COACH, SINCE, kind, NOW)

    assert data == silence.write(configuration, COACH, COACH, SINCE, kind, NOW)
    message = message_from_bytes(data, policy=default)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == language
    text = message.get_content()
    assert "client-monitor doctor" in text
    assert max(map(len, text.splitlines())) <= 78
    assert ("Samstag, 16. Mai" if language == "de" else "Saturday, 16 May") in " ".join(text.split()).replace(
        "\xa0", " "
    )
    assert text.count("\r\n\r\n") == 4
