"""What is erased is gone from every file, also while the service works, and does not come back from the mailbox."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from machine import CLIENT, Machine, mail, until
from servers.dovecot import Dovecot
from servers.postgres import Postgres

from monitor.service.due import Daily
from monitor.service.duties import RETENTION
from monitor.store.digest_store import DigestStore, Slot

OTHER = "silke@brandstaetter.example"
WORDS = "Gartenzwergkatalog"

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


def test_a_client_is_forgotten_while_the_service_works_and_does_not_come_back(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str
) -> None:
    for number in range(4):
        dovecot.deliver(mailbox_user, "INBOX", mail(sent_at=datetime.now(UTC) - timedelta(days=number + 1))[0])
    dovecot.deliver(mailbox_user, "Monitor/Sonderwunsch", mail(sent_at=datetime.now(UTC) - timedelta(days=9))[0])
    service = at_work.start().watching()
    assert len(at_work.facts()) == 5

    done = at_work.run("forget", "Georg")
    assert done.code == 0, done.err
    assert at_work.facts() == []

    # The labelled folder still holds one; the next reading of it must not bring it back.
    assert service.stop() == 0
    at_work.start().watching()
    assert at_work.facts() == []
    later, identity = mail(sent_at=datetime.now(UTC) + timedelta(minutes=1))
    dovecot.deliver(mailbox_user, "INBOX", later)
    until(lambda: at_work.known() == [identity], 20, "what was written later")


def test_in_the_night_what_is_older_than_promised_goes_from_every_file(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str
) -> None:
    at_work.sections["client"].append({"name": "Uralt", "addresses": ["uralt@gestern.example"]})
    now = datetime.now(UTC)
    for days, words, sender in (
        (800, "Uraltkatalog", "uralt@gestern.example"), (200, "Altkatalog", CLIENT), (10, WORDS, CLIENT)
    ):  # fmt: skip
        data, _ = mail(f"Bitte den {words} schreiben?\n", sender, subject=words, sent_at=now - timedelta(days=days))
        dovecot.deliver(mailbox_user, "INBOX", data)
    dovecot.create(mailbox_user, "Sent")
    assert at_work.run("sync").code == 0
    held = at_work.bytes_kept()
    assert all(trace in held for trace in (b"Uraltkatalog", b"uralt@gestern", b"Altkatalog", WORDS.encode()))
    due_at = Daily(RETENTION, ZoneInfo("UTC")).last_due(now)
    with at_work.store() as database:
        DigestStore(database).put_slot(Slot("retention", due_at - timedelta(days=1), "done", 1, due_at))

    service = at_work.start().watching()
    service.until(lambda: "retention done" in service.log(), 40, "the night's work")
    assert "retention applied messages=1" in service.log()

    left = at_work.bytes_kept()  # while the service works
    assert [trace for trace in (b"Uraltkatalog", b"uralt@gestern", b"Altkatalog") if trace in left] == []
    assert WORDS.encode() in left
    assert service.stop() == 0
    assert len(at_work.facts()) == 2


def test_an_office_keeps_its_store_in_postgresql(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str, postgres: Postgres
) -> None:
    url = postgres.database()
    at_work.sections["store"] = {"url": url}
    at_work.sections["client"].append({"name": "Silke Brandstätter", "addresses": [OTHER]})
    dovecot.create(mailbox_user, "Sent")
    for sender in (CLIENT, OTHER):
        text = f"Liebe Jana,\n\nkannst du bitte den {WORDS} {sender} schreiben?\n"
        dovecot.deliver(
            mailbox_user, "INBOX", mail(text, sender=sender, sent_at=datetime.now(UTC) - timedelta(days=2))[0]
        )
    service = at_work.start().watching()
    assert at_work.run("status").code == 0
    assert len(json.loads(at_work.run("export", "Georg").out)["messages"]) == 1
    assert at_work.run("digest").code == 0
    assert "pg_dump" in at_work.run("backup", at_work.folder / "backup").err
    assert CLIENT.encode() in postgres.bytes_of(url)

    done = at_work.run("forget", "Georg")

    assert done.code == 0, done.err
    left = postgres.bytes_of(url)
    assert CLIENT.encode() not in left
    assert OTHER.encode() in left
    later, identity = mail(sender=OTHER)
    dovecot.deliver(mailbox_user, "INBOX", later)
    until(lambda: identity in at_work.run("export", "Silke").out, 20, "what was written later", service.log)
    assert "round failed" not in service.log()
    assert service.stop() == 0
