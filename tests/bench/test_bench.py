"""What the measurement itself must get right: its mails, the limit it measures against, and its look at memory."""

from __future__ import annotations

import email
import os
import subprocess
import sys
import time
from email.policy import default
from pathlib import Path

import pytest
from faults.proxy import Link
from servers.dovecot import Dovecot

from bench.__main__ import DOCUMENT, PARTS
from bench.filling import fill, first
from bench.footprint import Watch, family, run
from bench.growth import PLOT, Line, draw
from bench.limit import Reading, commands_for, spans
from bench.mailbox import TEXT_ONLY, Recipe, mails, people
from bench.report import Report, put
from bench.soak import Chatter
from bench.world import Amounts, World

COUNT = 60
LINES_A_MAIL = 200  # bytes of answer around the wanted ones

TESTS = Path(__file__).resolve().parents[1]
MAKE = f"""
import hashlib, sys
from bench.mailbox import Recipe, mails
made = mails({COUNT}, Recipe(seed=int(sys.argv[1])))
print(hashlib.sha256(b"".join(mail.data for mail in made)).hexdigest())
"""
TWO_PROCESSES = """
import subprocess, sys, time
kept = b"x" * 60_000_000
if len(sys.argv) > 1:
    subprocess.run([sys.executable, "-c", sys.argv[1]])
else:
    time.sleep(1)
"""


def test_the_same_recipe_makes_the_same_mails_in_every_process() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", MAKE, seed],
            env={**os.environ, "PYTHONPATH": str(TESTS), "PYTHONHASHSEED": order},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("2026", "2027")
        for order in ("1", "2")
    }

    assert len(told) == 2  # one for each seed


def test_a_larger_mailbox_begins_with_the_smaller_one() -> None:
    assert [mail.data for mail in mails(10, Recipe())] == [mail.data for mail in mails(COUNT, Recipe())][:10]


def test_the_mails_are_as_the_recipe_says() -> None:
    made = [email.message_from_bytes(mail.data, policy=default) for mail in mails(600, Recipe())]
    attached = sum(any(True for _ in message.iter_attachments()) for message in made) / len(made)
    both = sum(message.get_body(("plain",)) is not None is not message.get_body(("html",)) for message in made)
    quoting = sum("In-Reply-To" in message for message in made) / len(made)

    assert attached == pytest.approx(0.15, abs=0.05)
    assert quoting == pytest.approx(0.60, abs=0.07)
    assert both / len(made) == pytest.approx(0.55, abs=0.07)
    assert len({message["Message-ID"] for message in made}) == len(made)
    assert {one.german for one in people(Recipe())} == {True, False}


def test_the_words_of_a_mail_are_in_each_of_its_texts() -> None:
    for mail in mails(COUNT, Recipe()):
        message = email.message_from_bytes(mail.data, policy=default)
        text = message.get_body(("plain", "html")).get_content()  # type: ignore[union-attr]
        assert message["Subject"] == mail.subject
        word = max(mail.own.split(), key=lambda word: (word.isalnum(), len(word)))
        assert word in text


def test_the_limit_asks_for_header_and_text_and_for_nothing_else(dovecot: Dovecot, mailbox_user: str) -> None:
    made = list(mails(COUNT, Recipe()))
    filled = fill(dovecot, mailbox_user, made)
    with Reading(dovecot.host, dovecot.port, mailbox_user) as reading:
        answered = reading.run(commands_for(filled.parts))
    with dovecot.session(mailbox_user) as session:
        session.select("INBOX", readonly=True)
        for uid, mail in enumerate(made, 1):
            items = " ".join(["BODY.PEEK[HEADER]", *(f"BODY.PEEK[{part}]" for part in mail.parts)])
            _, told = session.uid("FETCH", str(uid), f"({items})")
            assert sum(len(piece[1]) for piece in told if isinstance(piece, tuple)) == mail.needed

    assert filled.needed == sum(mail.needed for mail in made)
    assert filled.needed < answered < filled.needed + LINES_A_MAIL * COUNT
    assert filled.size > 3 * answered  # the attachments that were left alone


def test_the_limit_says_so_when_the_server_refuses(dovecot: Dovecot, mailbox_user: str) -> None:
    fill(dovecot, mailbox_user, mails(1, TEXT_ONLY))
    with Reading(dovecot.host, dovecot.port, mailbox_user) as reading:
        with pytest.raises(RuntimeError, match="BAD"):
            reading.run(["UID FETCH 1 (NONSENSE)"])


def test_a_part_of_a_mailbox_holds_its_first_mails(dovecot: Dovecot, mailbox_user: str) -> None:
    whole = fill(dovecot, mailbox_user, mails(COUNT, TEXT_ONLY))
    part = first(dovecot, f"{mailbox_user}-part", whole, 10)

    assert len(dovecot.flags(part.user, "INBOX")) == part.count == 10
    assert sorted(uid for uids in part.parts.values() for uid in uids) == list(range(1, 11))


def test_sets_of_uids_are_short() -> None:
    assert spans([1, 2, 3, 7, 9, 10]) == "1:3,7,9:10"


def test_the_memory_of_a_command_is_that_of_all_its_processes() -> None:
    one = run([sys.executable, "-c", TWO_PROCESSES])
    both = run([sys.executable, "-c", TWO_PROCESSES, TWO_PROCESSES])

    assert 60e6 < one.peak < 100e6
    assert 120e6 < both.peak < 200e6
    assert both.seconds > 1


def test_a_command_that_fails_is_no_measurement() -> None:
    with pytest.raises(RuntimeError, match="unheard of"):
        run([sys.executable, "-c", "raise SystemExit('unheard of')"])


def test_a_process_that_has_ended_has_no_memory() -> None:
    with Watch(2**22 + 1) as watch:
        time.sleep(0.1)

    assert watch.peak == 0
    assert family(2**22 + 1) == [2**22 + 1]


def test_a_first_look_is_measured_as_a_whole(dovecot: Dovecot, model: Path, tmp_path: Path) -> None:
    world = World(dovecot, model, tmp_path, Amounts(count=COUNT))
    cost = world.first_look(world.mailbox(COUNT, TEXT_ONLY), 0.5)

    assert cost.seconds > 0.1
    assert cost.peak > 50e6


def test_amounts_are_wished_for_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WRITE", raising=False)
    assert Amounts.wished().are_written
    monkeypatch.setenv("COUNT", "7")
    monkeypatch.setenv("CLIENTS", "0.5")

    assert Amounts.wished() == Amounts(count=7, clients=0.5)
    assert not Amounts.wished().are_written
    monkeypatch.setenv("WRITE", "1")
    assert Amounts.wished().are_written


def test_a_table_replaces_the_one_of_before_and_nothing_else(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text("Before\n<!-- one -->\nold\n<!-- end -->\nBetween\n<!-- two -->\nkept\n<!-- end -->\n")
    put(document, "one", "| new \\1 |")

    assert document.read_text() == (
        "Before\n<!-- one -->\n| new \\1 |\n<!-- end -->\nBetween\n<!-- two -->\nkept\n<!-- end -->\n"
    )
    with pytest.raises(ValueError, match="three"):
        put(document, "three", "")


def test_the_document_has_a_place_for_every_part(tmp_path: Path) -> None:
    document = tmp_path / DOCUMENT.name
    document.write_text(DOCUMENT.read_text(encoding="utf-8"), encoding="utf-8")
    for part in PARTS:
        put(document, part, Report().markdown())


def test_the_plot_is_the_same_for_the_same_figures(tmp_path: Path) -> None:
    from bench.footprint import Cost

    line = Line("first look", "messages", (10, 20), (Cost(1.0), Cost(2.0)))
    files = [tmp_path / f"{name}.svg" for name in ("one", "two")]
    for file in files:
        draw([line, line], file)

    assert files[0].read_bytes() == files[1].read_bytes()
    assert "first look" in files[0].read_text()
    assert PLOT.name == "growth.svg"


def test_the_chattering_wire_tells_the_number_of_messages_that_the_server_told() -> None:
    link, act = Link(), Chatter()
    act.after(b"* 12 EXISTS\r\n* 0 RECENT\r\n", link)

    assert act.after(b"+ idling\r\n", link) == b"+ idling\r\n* 12 EXISTS\r\n"
    assert act.after(b"* 13 EXISTS\r\n", link) == b"* 13 EXISTS\r\n"
    assert link.mark == 13
