"""What is kept: shown to whom it concerns, erased without a trace, carried to another machine."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from machine import CLIENT, COACH, Machine, mail
from servers.dovecot import Dovecot
from servers.mailserver import MailServer
from sqlalchemy import insert, select

from monitor.classification import versions
from monitor.classification.versions import Version
from monitor.instructions.instruction import Instruction, Kind, Outcome
from monitor.labels import RequestType, Signal
from monitor.store import schema
from monitor.store.fact_store import FactStore
from monitor.store.instruction_store import Correction, InstructionStore

OF_THE_COACH = {"mail", "week", "entered_at"}  # the coach's own letter, and when it was noted
OTHER = "silke@brandstaetter.example"
WORDS = "Gartenzwergkatalog"

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def tree(tmp_path: Path, model: Path) -> Iterator[Callable[[str], Machine]]:
    """Make machines, each with a folder tree of its own."""
    made: list[Machine] = []

    def make(name: str) -> Machine:
        (tmp_path / name).mkdir()
        made.append(Machine(tmp_path / name, model))
        made[-1].sections["client"].append({"name": "Silke Brandstätter", "addresses": [OTHER]})
        return made[-1]

    yield make
    for machine in made:
        machine.close()


def read_mail(machine: Machine) -> None:
    folder = machine.folder / "mail"
    folder.mkdir()
    for number in range(6):
        at = datetime.now(UTC) - timedelta(days=2 + 4 * number)
        for sender in (CLIENT, OTHER):
            text = f"Liebe Jana,\n\nkannst du bitte den {WORDS} für mich schreiben?\n\nViele Grüße\n"
            (folder / f"{number}-{sender}.eml").write_bytes(mail(text, sender=sender, sent_at=at)[0])
    assert machine.run("import", folder).code == 0
    shutil.rmtree(folder)


def keep_coach_model(machine: Machine, name: str = "coach-20260501-0330-abcdef") -> Path:
    """Let a model serve that the coach's labels have made, as far as anybody can tell."""
    models = machine.state / "models"
    (starter,) = models.glob("starter-*.npz")
    shutil.copyfile(starter, models / f"{name}.npz")
    versions.add(models, Version(name, datetime.now(UTC).isoformat(), starter.stem, "labels", {}))
    return models / f"{name}.npz"


def letter(data: bytes) -> bytes:
    return b"\r\n".join(line for line in data.split(b"\r\n") if not line.lower().startswith(b"date:"))


# Export


def test_everything_on_one_client_is_exported_and_nothing_on_another(tree: Callable[[str], Machine]) -> None:
    machine = tree("a")
    read_mail(machine)
    machine.run("talked", "Georg", "--note", "besprochen")
    machine.run("snooze", "Georg", "--until", "2099-01-31")

    done = machine.run("export", "georg")

    assert (done.code, done.err) == (0, "")
    told: dict[str, Any] = json.loads(done.out)
    assert (told["client"], told["addresses"]) == ("Georg Prantl", [CLIENT])
    assert len(told["messages"]) == 6
    assert all(one["correspondents"] == [CLIENT] for one in told["messages"])
    assert any(WORDS in json.dumps(one["classification"]) for one in told["messages"])
    assert [one["note"] for one in told["talks"]] == ["besprochen"]
    assert told["snooze"] == "2099-01-31"
    assert told["configuration"]["agreement"]["notice_hours"] == 24
    assert OTHER not in done.out

    file = machine.folder / "georg.json"
    assert machine.run("export", "georg", "--output", file).code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert {**json.loads(file.read_text()), "exported_at": ""} == {**told, "exported_at": ""}


def test_whatever_the_store_holds_on_the_client_is_exported(tree: Callable[[str], Machine]) -> None:
    machine = tree("a")
    read_mail(machine)
    machine.run("talked", "Georg", "--note", "besprochen", "--on", "2026-05-04")
    machine.run("snooze", "Georg", "--until", "2099-01-31")
    with machine.store() as database:
        keys = [fact.key for fact in FactStore(database).facts([CLIENT])]
        told = Instruction(Kind.TALKED, "Georg Prantl", day=date(2026, 5, 4), signal=Signal.SCOPE_CREEP)
        stranger = Instruction(Kind.NOT_A_CLIENT, about=CLIENT)
        correct = Instruction(Kind.WRONG, "Georg Prantl", number=3, label=RequestType.PAYMENT)
        corrections = (Correction(keys[0], RequestType.PAYMENT, True),)
        InstructionStore(database).keep(
            "<a@x>",
            "2026-W19",
            [(told, Outcome.DONE, ()), (stranger, Outcome.DONE, ()), (correct, Outcome.DONE, corrections)],
            datetime.now(UTC),
        )
        with database.writing() as connection:
            number = connection.execute(select(schema.message.c.id).where(schema.message.c.key == keys[1])).scalar_one()
            values = {"folder": "Monitor/Sonderwunsch", "uidvalidity": 77123, "uid": 88123, "message": number}
            connection.execute(insert(schema.place).values(**values))

        exported = machine.run("export", "georg").out
        missing, seen = [], set()
        with database.reading() as connection:
            of_georg = select(schema.correspondent.c.message).where(schema.correspondent.c.address == CLIENT)
            for table in schema.metadata.sorted_tables:
                if table.name in ("cursor", "quarantine", "slot", "digest", "letter_key", "erased", "cut"):
                    continue  # of no person, or told by the test of digests below
                rows = select(table)
                if "message" in table.c:
                    rows = rows.where(table.c.message.in_(of_georg))
                elif table.name == "message":
                    rows = rows.where(table.c.id.in_(of_georg))
                for row in connection.execute(rows).mappings():
                    seen.add(table.name)
                    for column, value in row.items():
                        if column not in OF_THE_COACH and isinstance(value, str | date) and value != "":
                            words = value.isoformat()[:16] if isinstance(value, date) else value
                            missing += [(table.name, column, value)] if words not in exported else []
    assert seen == {"message", "correspondent", "request", "place", "talk", "snooze", "instruction", "correction"}
    assert missing == []
    assert "77123" in exported
    assert "88123" in exported


def test_what_a_kept_digest_says_of_the_client_is_exported_too(
    tree: Callable[[str], Machine], mailserver: MailServer
) -> None:
    machine = tree("a")
    machine.send_to(mailserver)
    read_mail(machine)
    # Only the weekly letter is kept, not one on trial.
    assert machine.run("deliver", "--due", datetime.now(UTC).isoformat()).code == 0

    (told,) = json.loads(machine.run("export", "Georg Prantl").out)["digests"]

    assert told["client"] == "Georg Prantl"
    assert told["sent_at"]


def test_somebody_unknown_has_nothing_and_a_stranger_is_found_by_the_address(tree: Callable[[str], Machine]) -> None:
    machine = tree("a")
    read_mail(machine)
    del machine.sections["client"][1]

    former = json.loads(machine.run("export", OTHER.upper()).out)
    assert len(former["messages"]) == 6
    assert former["configuration"] is None
    assert machine.run("export", "Nobody").code == 2


# Forget


def test_nothing_of_a_forgotten_client_is_left_in_the_state_folder(tree: Callable[[str], Machine]) -> None:
    machine = tree("a")
    machine.sections["client"] = machine.sections["client"][:1]
    read_mail(machine)
    machine.run("talked", "Georg", "--note", "besprochen")
    kept = keep_coach_model(machine)

    done = machine.run("forget", "Georg")

    assert done.code == 0, done.err
    assert "Erased: 6 messages with Georg Prantl" in done.err
    assert "configuration still names them" in done.err
    assert "the shipped one serves" in done.err
    assert not kept.exists()
    assert versions.read(machine.state / "models").serving is None
    left = machine.bytes_kept()
    for trace in (CLIENT, WORDS, "Georg", "besprochen"):
        assert trace.encode() not in left


def test_what_has_grown_old_is_erased_as_the_configuration_wants(tree: Callable[[str], Machine]) -> None:
    machine = tree("a")
    folder = machine.folder / "mail"
    folder.mkdir()
    for days in (20, 70, 400):
        data, _ = mail(f"Bitte den {WORDS} {days} schreiben?", sent_at=datetime.now(UTC) - timedelta(days=days))
        (folder / f"{days}.eml").write_bytes(data)
    machine.run("import", folder)
    machine.sections["retention"] = {"facts_months": 12, "quotes_months": 2}
    _, old, _ = sorted(machine.facts(), key=lambda fact: fact.sent_at)
    assert old.classification is not None
    quotes = sum(bool(request.evidence) for request in old.classification.requests)
    assert quotes >= 1

    done = machine.run("retire")

    assert done.code == 0
    assert f"retention applied messages=1 quotes={quotes} " in done.err
    assert sorted(fact.subject for fact in machine.facts()) == ["", "Eine Bitte"]
    assert f"{WORDS} 70".encode() not in b"".join(file.read_bytes() for file in machine.state.glob("store.db*"))


# Backup and restore


def test_the_next_digest_of_a_restored_machine_is_the_same_letter(
    tree: Callable[[str], Machine], tmp_path: Path, mailserver: MailServer
) -> None:
    old, new = tree("old"), tree("new")
    old.send_to(mailserver)
    read_mail(old)
    old.run("talked", "Georg", "--on", "1.5.2026")
    keep_coach_model(old)
    file = tmp_path / "client-monitor.backup"

    written = old.run("backup", file)
    assert (written.code, written.out) == (0, "")
    assert "Models in it: 1" in written.err
    assert file.stat().st_mode & 0o777 == 0o600
    with tarfile.open(file) as archive:
        assert archive.getnames()[0] == "manifest.json"
    assert b"nobody-knows-it" not in file.read_bytes()

    assert not new.file.exists()
    done = new.run("restore", file, configured=False)
    assert done.code == 0, done.err
    assert new.file.read_bytes() == old.file.read_bytes()
    assert new.file.stat().st_mode & 0o777 == 0o600
    assert versions.read(new.state / "models") == versions.read(old.state / "models")
    assert new.facts() == old.facts()

    moment = datetime.now(UTC).isoformat()
    for machine in (old, new):
        machine.trust(mailserver.authority)
        machine.keep_secret("smtp", "nobody-knows-it")
        sent = machine.run("deliver", "--due", moment, configured=False)
        assert sent.code == 0, sent.err
    one, other = (received.data for received in mailserver.letters)
    assert letter(one) == letter(other)
    assert message_from_bytes(one)["Date"]


def test_a_backup_of_the_running_service_is_whole(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str, tmp_path: Path, model: Path
) -> None:
    with dovecot.session(mailbox_user) as session:
        for _ in range(300):
            session.append("INBOX", "", "", mail()[0])
    service = at_work.start().ready()
    service.until(at_work.known, 30, "the first batch")
    for number in range(3):
        assert at_work.run("backup", tmp_path / f"{number}").code == 0
    assert service.stop() == 0

    (tmp_path / "other").mkdir()
    other = Machine(tmp_path / "other", model)
    assert other.run("restore", tmp_path / "2", configured=False).code == 0
    with other.store() as database:
        cursor = FactStore(database).cursor("INBOX")
    assert cursor is not None
    assert len(other.facts()) == cursor.last_uid > 0


def test_nothing_is_overwritten(tree: Callable[[str], Machine], tmp_path: Path) -> None:
    old, new = tree("old"), tree("new")
    read_mail(old)
    file = tmp_path / "backup"
    assert old.run("backup", file).code == 0
    before = file.read_bytes()
    assert "is there already" in old.run("backup", file).complaint
    assert file.read_bytes() == before

    read_mail(new)
    known = new.known()
    refused = new.run("restore", file)
    assert refused.code == 1
    assert "There is a store with messages already" in refused.complaint
    assert "move that file away" in refused.complaint
    assert new.known() == known

    (new.state / "store.db").rename(new.folder / "away.db")
    for left in new.state.glob("store.db-*"):
        left.unlink()
    new.sections["coach"]["name"] = "Jana W."
    done = new.run("restore", file)
    assert done.code == 0
    assert "stays as it is" in done.err
    assert "Jana W." in new.file.read_text()
    assert new.known() == old.known()


def test_a_restore_that_fails_leaves_nothing_behind(tree: Callable[[str], Machine], tmp_path: Path) -> None:
    old, new = tree("old"), tree("new")
    read_mail(old)
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert old.run("backup", whole).code == 0
    data = whole.read_bytes()
    broken.write_bytes(data[: len(data) // 2])

    for file, said in ((broken, "damaged"), (tmp_path / "none", "no file"), (new.secrets, "no backup")):
        done = new.run("restore", file, configured=False)
        assert done.code == 1
        assert said in done.complaint
        assert not new.file.exists()
        assert sorted(new.state.glob("store*")) == []


def test_another_machines_service_must_not_run_while_it_is_restored(
    at_work: Machine, tree: Callable[[str], Machine], tmp_path: Path
) -> None:
    old = tree("old")
    read_mail(old)
    assert old.run("backup", tmp_path / "backup").code == 0
    at_work.start().watching()

    done = at_work.run("restore", tmp_path / "backup")

    assert done.code == 1
    assert "stop it first" in done.complaint
    assert COACH not in done.err
