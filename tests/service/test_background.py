"""What takes long is done beside the waiting: mail goes on being read, and the figures go on being told."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from machine import Machine, mail
from servers.dovecot import Dovecot

from monitor.classification import model_file
from monitor.service.due import Daily
from monitor.service.jobs import Job, Jobs
from monitor.service.metrics import exposition
from monitor.store.database import open_database
from monitor.store.digest_store import DigestStore, Slot
from monitor.store.fact_store import Cursor, FactStore

NIGHTLY = Job("retraining", Daily(time(3, 30), ZoneInfo("UTC")), ("retrain",), background=True)
DUE = NIGHTLY.rule.last_due(datetime.now(UTC))

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def slots(tmp_path: Path) -> Iterator[DigestStore]:
    with open_database(f"sqlite:///{tmp_path}/jobs.db") as database:
        store = DigestStore(database)
        store.put_slot(Slot("retraining", DUE - timedelta(days=1), "done", 1, DUE))
        yield store


def jobs(slots: DigestStore, *command: str) -> Jobs:
    def start(arguments: Sequence[str], configuration: Path | None) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command)

    return Jobs(slots, lambda: None, start)


def test_a_background_job_is_not_waited_for_and_is_owed_again_where_the_service_ends(slots: DigestStore) -> None:
    working = jobs(slots, "sleep", "60")
    working.do_if_owed(NIGHTLY, None, lambda due_at: False)
    working.do_if_owed(NIGHTLY, None, lambda due_at: False)  # once is enough
    working.look_after()

    slot = slots.slot("retraining", DUE)
    assert slot is not None
    assert (slot.state, slot.tries) == ("claimed", 1)
    assert working.is_under_way("retraining")

    working.stop()
    slot = slots.slot("retraining", DUE)
    assert slot is not None
    assert (slot.state, slot.tries, slot.error) == ("claimed", 0, "stopped")


@pytest.mark.parametrize(("command", "state", "error"), [("true", "done", None), ("false", "claimed", "exit 1")])
def test_the_end_of_a_background_job_is_noted(slots: DigestStore, command: str, state: str, error: str | None) -> None:
    working = jobs(slots, command)
    working.do_if_owed(NIGHTLY, None, lambda due_at: False)
    while working.is_under_way("retraining"):
        working.look_after()

    slot = slots.slot("retraining", DUE)
    assert slot is not None
    assert (slot.state, slot.tries, slot.error) == (state, 1, error)


def test_mail_is_read_while_the_model_learns(at_work: Machine, dovecot: Dovecot, mailbox_user: str) -> None:
    for number in range(4):
        text = f"Liebe Jana,\n\nschreibst du mir bitte Text Nummer {number}?\n\nGruß\nGeorg\n"
        dovecot.deliver(mailbox_user, "Monitor/Sonderwunsch", mail(text)[0])
    with at_work.store() as database:
        DigestStore(database).put_slot(Slot("retraining", DUE - timedelta(days=1), "done", 1, DUE))
    service = at_work.start(watchdog=2.0).watching()

    def state() -> tuple[str, int]:
        with at_work.store() as database:
            slot = DigestStore(database).slot("retraining", DUE)
        return (slot.state, slot.tries) if slot else ("", 0)

    service.until(lambda: state() == ("claimed", 1), 10, "the training")
    data, identity = mail()
    dovecot.deliver(mailbox_user, "INBOX", data)
    service.until(lambda: identity in at_work.known(), 10, "the message")
    assert state() == ("claimed", 1)

    assert service.stop(seconds=8) == 0
    assert state() == ("claimed", 0)


def test_the_model_of_before_serves_while_that_of_a_new_program_is_built(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str, model: Path
) -> None:
    models = at_work.state / "models"
    (models / model.name).unlink()
    before = replace(model_file.load(model), version="starter-000000000000")
    model_file.save(before, models / f"{before.version}.npz")
    dovecot.deliver(mailbox_user, "INBOX", mail()[0])

    service = at_work.start().watching()

    (fact,) = at_work.facts()
    assert fact.classification is not None
    assert fact.classification.model == "starter-000000000000"
    service.until((models / ".building").exists, 10, "the building of the new one")
    assert service.stop(seconds=8) == 0
    assert (models / f"{before.version}.npz").exists()


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="only Linux tells what a process has loaded")
def test_the_waiting_service_is_small_and_has_not_loaded_scikit_learn(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str
) -> None:
    at_work.sections["coach"]["holidays"] = "DE-BY"
    for _ in range(20):
        dovecot.deliver(mailbox_user, "INBOX", mail()[0])
    service = at_work.start().watching()
    folder = Path("/proc") / str(service.process.pid)

    loaded = (folder / "maps").read_text()
    resident = re.search(r"^VmRSS:\s+(\d+) kB", (folder / "status").read_text(), re.MULTILINE)

    assert not [library for library in ("sklearn", "scipy", "numpy", "openblas") if library in loaded]
    assert resident is not None
    assert int(resident[1]) <= 80 * 1024
    assert service.stop() == 0


def test_figures_are_written_for_the_node_exporter(at_work: Machine, tmp_path: Path) -> None:
    file = tmp_path / "client-monitor.prom"
    at_work.sections["monitoring"] = {"textfile": str(file)}

    service = at_work.start().watching()
    service.until(file.exists, 10, "the figures")

    assert file.stat().st_mode & 0o777 == 0o644
    lines = [line for line in file.read_text().splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r'client_monitor_[a-z_]+\{service="state"\} \d+', line) for line in lines)
    assert {line.split("{")[0].removeprefix("client_monitor_") for line in lines} >= {
        "healthy", "inbox_seen_timestamp_seconds", "sent_seen_timestamp_seconds", "digest_sent_timestamp_seconds",
        "digest_due_timestamp_seconds", "digest_queue", "model_made_timestamp_seconds", "quarantined_messages",
        "cut_messages",
    }  # fmt: skip
    assert service.stop() == 0


def test_figures_that_cannot_be_written_are_told_once_and_stop_nothing(at_work: Machine, tmp_path: Path) -> None:
    at_work.sections["monitoring"] = {"textfile": str(tmp_path / "none" / "x.prom")}

    service = at_work.start().watching()

    assert service.log().count("figures not written") == 1
    assert "ReadWritePaths=" in service.log()
    assert service.stop() == 0


def test_a_service_name_cannot_break_the_figures(at_work: Machine) -> None:
    from monitor.config.configuration import build
    from monitor.service.heartbeat import heartbeat

    with at_work.store() as database:
        beat = heartbeat(build(at_work.sections), database, at_work.state / "models", datetime.now(UTC))

    assert '{service="a\\"b c"} 0' in exposition(beat, 'a"b\nc')


def test_status_tells_the_whole_heartbeat(at_work: Machine) -> None:
    service = at_work.start().watching()
    assert service.stop() == 0

    done = at_work.run("status", "--format", "json")

    assert done.code == 0, done.out
    told = json.loads(done.out)
    assert told["healthy"] is True
    assert told["problems"] == []
    for key in ("inbox_seen_at", "sent_seen_at", "next_digest_due"):
        assert datetime.fromisoformat(told[key]).tzinfo is not None
    assert told["model"].startswith("starter-")
    assert told["model_age_days"] >= 0
    assert (told["queue"], told["quarantined"], told["last_digest"]) == (0, 0, None)


def test_a_folder_that_is_no_longer_read_does_not_keep_the_service_unhealthy(at_work: Machine) -> None:
    with at_work.store() as database:
        old = Cursor("Gesendet", 1, 5, datetime.now(UTC) - timedelta(days=3))
        FactStore(database).record([], [], old)
    assert at_work.run("status").code == 1

    assert at_work.start().watching().stop() == 0

    assert at_work.run("status").code == 0
    with at_work.store() as database:
        assert {cursor.folder for cursor in FactStore(database).cursors()} == {"INBOX", "Sent"}
