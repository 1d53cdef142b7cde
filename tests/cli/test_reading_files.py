"""Exported mailboxes are read or classified whatever is in them."""

from __future__ import annotations

import json
import mailbox
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from machine import CLIENT, COACH, Machine, Ran, counts, mail, put, ran, tree, without_traceback

import monitor
from monitor.facts import Direction

DEMO = Path(monitor.__file__).parent / "demo"
RUBBISH = bytes(range(256)) * 8

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


def as_mbox(mails: list[bytes], folder: Path) -> Path:
    box = mailbox.mbox(folder / "export.mbox")
    for data in mails:
        box.add(data)
    box.close()
    return folder / "export.mbox"


def as_maildir(mails: list[bytes], folder: Path) -> Path:
    box = mailbox.Maildir(folder / "Maildir")
    for number, data in enumerate(mails):
        written = mailbox.MaildirMessage(data)
        if number % 2:
            written.set_subdir("cur")
            written.set_flags("S")
        box.add(written)
    return folder / "Maildir"


def as_files(mails: list[bytes], folder: Path) -> Path:
    return put(folder / "mails", *mails)


@pytest.mark.parametrize("export", [as_files, as_mbox, as_maildir])
def test_an_export_may_be_read_again_and_changes_nothing(
    machine: Machine, export: Callable[[list[bytes], Path], Path]
) -> None:
    written = [mail(), mail(), mail(sender=COACH, to=CLIENT), mail("From hier an geht es weiter.\n\nFrom here on.\n")]
    path = export([data for data, _ in written], machine.folder)
    before = tree(path.parent if path.is_file() else path)

    first = machine.run("import", path)
    known = machine.facts()
    second = machine.run("import", path)

    assert (first.code, first.out, counts(first)) == (0, "", (4, 4, 0))
    assert (second.code, second.out, counts(second)) == (0, "", (4, 0, 0))
    assert machine.facts() == known
    assert machine.known() == sorted(identity for _, identity in written)
    directions = {fact.message_id: fact.direction for fact in known}
    assert directions[written[2][1]] is Direction.SENT
    assert directions[written[0][1]] is Direction.RECEIVED
    assert {
        name: data for name, data in tree(path.parent if path.is_file() else path).items() if name in before
    } == before


def test_one_mailbox_in_three_kinds_of_export_is_known_once(machine: Machine) -> None:
    mails = [mail()[0] for _ in range(3)]
    paths = [export(mails, machine.folder) for export in (as_files, as_mbox, as_maildir)]

    done = machine.run("import", *paths)

    assert (done.code, counts(done)) == (0, (9, 3, 0))
    assert len(machine.facts()) == 3


def test_what_cannot_be_read_is_passed_over_and_counted(machine: Machine) -> None:
    folder = put(machine.folder / "mail", RUBBISH, b"", mail()[0], b"\xff" * 100_000, mail()[0])

    done = machine.run("import", folder)

    assert (done.code, counts(done)) == (0, (5, 2, 3))
    assert without_traceback(done)
    told = json.loads(machine.run("status", "--format", "json").out)
    assert (told["messages"], told["quarantined"]) == (2, 3)


def test_bounds_that_have_cut_a_message_stay_counted(machine: Machine) -> None:
    long, _ = mail("Kannst du das lesen?\n" + "und noch eine Zeile\n" * 5_000)
    deep, _ = mail("Kannst du das auch lesen?\n" + "und noch eine Zeile\n" * 5_000)

    done = machine.run("import", put(machine.folder / "one", long, mail()[0]))
    assert "Cut at a bound: lines 1." in done.err
    assert machine.run("import", put(machine.folder / "two", deep)).code == 0

    told = json.loads(machine.run("status", "--format", "json").out)
    assert told["cut"] == {"lines": 2}
    assert "Cut at a bound: lines 2." in machine.run("status").out


CLASSIFIED = {
    "source": str,
    "message_id": str,
    "from": str,
    "date": str,
    "language": str,
    "text": str,
    "automatic": bool,
    "requests": list,
    "out_of_scope": dict,
    "unsure": bool,
}


def classified(machine: Machine, *paths: Path) -> Ran:
    """Run ``classify`` where there is no configuration."""
    command = [sys.executable, "-m", "monitor", "classify", *map(str, paths), "--format", "jsonl"]
    return ran(command, machine.environment, machine.folder)


def test_classify_tells_every_message_in_the_words_of_the_contract(machine: Machine) -> None:
    folder = put(machine.folder / "mail", *(mail()[0] for _ in range(3)), RUBBISH)
    before = tree(machine.folder)

    done = classified(machine, folder, DEMO / "mailbox" / "INBOX" / "2026-03-02-0954-georg-prantl.eml")

    assert (done.code, done.err) == (0, "")
    *lines, end = done.out.split("\n")
    assert (len(lines), end) == (5, "")
    told = [json.loads(line) for line in lines]
    assert sum("error" in line for line in told) == 1
    for line in told:
        if "error" in line:
            assert set(line) == {"source", "error"}
            continue
        assert {key: type(value) for key, value in line.items() if key in CLASSIFIED} == CLASSIFIED
        assert set(line["out_of_scope"]) == {"asked", "probability", "evidence"}
        assert datetime.fromisoformat(line["date"]).tzinfo is not None
        assert line["language"] == "de"
        for request in line["requests"]:
            assert set(request) == {"type", "probability", "evidence"}
            assert 0 <= request["probability"] <= 1
            assert " ".join(request["evidence"].split()) in " ".join(line["text"].split())
    assert told[-1]["from"] == "georg@prantl-moebel.example"
    assert told[-1]["source"].endswith("georg-prantl.eml")
    assert tree(machine.folder) == before  # nothing was written: no store, no lock


def test_classify_tells_people_the_same(machine: Machine) -> None:
    folder = put(machine.folder / "mail", mail()[0], RUBBISH)

    done = ran([sys.executable, "-m", "monitor", "classify", str(folder)], machine.environment, machine.folder)

    assert (done.code, done.err) == (0, "")
    assert CLIENT in done.out
    assert "no header that mail is known by" in done.out


def test_a_file_whose_name_is_no_text_is_told_all_the_same(machine: Machine) -> None:
    folder = put(machine.folder / "mail")
    (folder / os.fsdecode(b"caf\xe9.eml")).write_bytes(mail()[0])

    command = [sys.executable, "-m", "monitor", "classify", str(folder), "--format", "jsonl"]
    for encoding in ("utf-8", "utf-8:strict"):
        done = ran(command, {**machine.environment, "PYTHONIOENCODING": encoding}, machine.folder)

        assert (done.code, done.err) == (0, "")
        assert os.fsencode(json.loads(done.out)["source"]).endswith(b"caf\xe9.eml")


def test_a_reader_who_has_seen_enough_is_no_failure_worth_a_traceback(machine: Machine) -> None:
    command = [sys.executable, "-m", "monitor", "classify", str(DEMO / "mailbox"), "--format", "jsonl"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=machine.environment, cwd=machine.folder
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()

    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(30) in (0, 1)
