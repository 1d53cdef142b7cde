"""The digest on the terminal, as a file and as JSON, and the demo."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from machine import Machine, ran, without_traceback

import monitor

DEMO = Path(monitor.__file__).parent / "demo"
RUBBISH = bytes(range(256)) * 8

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def demo(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine that has read the demo's mailbox with the demo's configuration."""
    machine = Machine(tmp_path_factory.mktemp("demo"), model)
    shutil.copy(DEMO / "config.toml", machine.file)
    assert machine.run("import", DEMO / "mailbox", configured=False).code == 0
    return machine


AS_OF = "2026-05-18T07:00"


def digest(machine: Machine, *arguments: str) -> dict[str, object]:
    done = machine.run("digest", "--format", "json", *arguments, configured=False)
    assert (done.code, done.err) == (0, "")
    return dict(json.loads(done.out))


def test_the_digest_as_json_keeps_to_the_contract(demo: Machine) -> None:
    told = json.loads(demo.run("digest", "--as-of", AS_OF, "--format", "json", configured=False).out)

    assert set(told) >= {
        "schema", "period", "language", "coverage", "clients", "unknown_correspondents", "review",
    }  # fmt: skip
    assert told["schema"] == 1
    assert told["period"] == {"from": "2026-05-11", "to": "2026-05-17", "week": "2026-W20"}
    assert told["language"] == "de"
    assert set(told["coverage"]) >= {"messages", "unreadable", "inbox_seen_at", "sent_seen_at", "model"}
    assert told["coverage"]["messages"] > 0
    assert [client["client"] for client in told["clients"]][:2] == ["Georg Prantl", "Silke Brandstätter"]
    assert len(told["clients"]) == 14
    for client in told["clients"]:
        assert set(client) >= {"client", "needs_conversation", "health", "health_change", "signals", "care", "talk"}
        assert client["needs_conversation"] is bool(client["signals"])
        for signal in client["signals"]:
            assert set(signal) >= {"id", "since", "trend", "rule", "incidents", "evidence"}
            for evidence in signal["evidence"]:
                assert set(evidence) >= {"message_id", "date", "quote", "folder"}
                assert evidence["date"] <= "2026-05-18"
        for care in client["care"]:
            assert set(care) >= {"id", "reason"}
    assert any(client["signals"] for client in told["clients"])
    for person in told["unknown_correspondents"]:
        assert set(person) >= {"address", "messages"}
    for question in told["review"]:
        assert set(question) >= {"message_id", "date", "quote", "question"}


def test_a_time_without_offset_is_the_coachs(demo: Machine) -> None:
    assert digest(demo, "--as-of", AS_OF) == digest(demo, "--as-of", "2026-05-18T05:00+00:00")
    assert digest(demo, "--as-of", "2026-05-18") == digest(demo, "--as-of", "2026-05-17T22:00Z")


def test_what_was_written_later_does_not_count(demo: Machine, machine: Machine) -> None:
    shutil.copy(DEMO / "config.toml", machine.file)
    for folder in ("INBOX", "Sent"):
        (machine.folder / "early" / folder).mkdir(parents=True)
        for file in (DEMO / "mailbox" / folder).glob("*.eml"):
            if file.name < "2026-04-13-07":
                shutil.copy(file, machine.folder / "early" / folder)
    assert machine.run("import", machine.folder / "early", configured=False).code == 0
    assert len(machine.facts()) < len(demo.facts()) / 1.5

    assert digest(machine, "--as-of", "2026-04-13T07:00") == digest(demo, "--as-of", "2026-04-13T07:00")


def test_data_goes_to_stdout_and_to_a_file_for_the_owner_alone(demo: Machine) -> None:
    for form, begin in (("text", "W"), ("html", "<!"), ("json", "{")):
        done = demo.run("digest", "--as-of", AS_OF, "--format", form, configured=False)
        assert (done.code, done.err) == (0, "")
        assert done.out.lower().startswith(begin.lower())
        assert "\x1b" not in done.out

        file = demo.folder / f"digest.{form}"
        aside = demo.run("digest", "--as-of", AS_OF, "--format", form, "--output", file, configured=False)
        assert (aside.code, aside.out) == (0, "")
        assert file.read_text(encoding="utf-8") == done.out
        assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_written_is_told(demo: Machine) -> None:
    for command in (["digest", "--as-of", AS_OF], ["demo"]):
        done = demo.run(*command, "--output", demo.folder / "none" / "digest.html", configured=False)

        assert done.code == 1
        assert "lässt sich nicht schreiben: No such file or directory" in done.err.splitlines()[-1]  # as configured
        assert without_traceback(done)


def test_the_demo_needs_nothing_and_leaves_one_page(machine: Machine) -> None:
    done = ran([sys.executable, "-m", "monitor", "demo"], machine.environment, machine.folder)

    assert done.code == 0
    assert "Silke Brandstätter" in done.out
    assert "356 messages read" in done.err
    page = (machine.folder / "client-monitor-demo.html").read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert "Silke Brandstätter" in page
    assert not (machine.state / "store.db").exists()
