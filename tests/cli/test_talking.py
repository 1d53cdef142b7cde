"""Conversations on the command line: held, snoozed, and what is known of one client."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from machine import CLIENT, COACH, Machine, Ran, mail

from monitor.agreement import Agreement, Client
from monitor.cli.naming import client_named, close_names
from monitor.errors import UsageError
from monitor.store.talk_store import TalkStore
from monitor.talks import Snooze, Talk

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)
TODAY = datetime.now(UTC).date()
ASKS = (
    "könntest du bitte den Text für meine neue Website schreiben?",
    "würdest du mir die Stellenanzeige formulieren, bitte?",
    "kannst du den Brief an den Lieferanten für mich aufsetzen?",
    "magst du meine Bewerbungsunterlagen korrigieren und neu schreiben?",
)


@pytest.fixture
def asking(machine: Machine) -> Machine:
    """A coach's machine with a client who asked four times in the last weeks for more than was agreed."""
    folder = machine.folder / "mail"
    folder.mkdir()
    for number, text in enumerate(ASKS):
        at = datetime.now(UTC) - timedelta(days=2 + 5 * number, hours=1)
        (folder / f"{number}.eml").write_bytes(mail(f"Liebe Jana,\n\n{text}\n\nViele Grüße\nGeorg\n", sent_at=at)[0])
    assert machine.run("import", folder).code == 0
    return machine


def entered(machine: Machine) -> tuple[list[Talk], list[Snooze]]:
    with machine.store() as database:
        store = TalkStore(database)
        return store.talks(), store.snoozes()


def told(machine: Machine, *more: str | Path) -> dict[str, Any]:
    """What the digest says of the one client."""
    done = machine.run("digest", "--format", "json", *more)
    assert done.code == 0, done.err
    (client,) = json.loads(done.out)["clients"]
    return dict(client)


def refused(done: Ran) -> str:
    assert (done.code, done.out) == (2, "")
    return done.complaint


# talked


def test_a_conversation_is_noted_for_today_or_a_day_and_once(machine: Machine) -> None:
    done = machine.run("talked", "Georg Prantl", "--note", "sammelt Fragen")
    assert (done.code, done.out) == (0, "")
    assert f"Noted: a conversation with Georg Prantl on {TODAY}" in done.err
    assert machine.run("talked", "georg", "--on", "2026-03-31").code == 0
    assert machine.run("talked", "prantl", "--on", "31.3.2026", "--note", "neu").code == 0

    assert entered(machine)[0] == [
        Talk("Georg Prantl", date(2026, 3, 31), "neu"),
        Talk("Georg Prantl", TODAY, "sammelt Fragen"),
    ]


def test_after_a_talk_nothing_is_proposed_and_the_digest_tells_it(asking: Machine) -> None:
    before = told(asking)
    assert before["needs_conversation"] is True
    assert before["talk"] is None

    assert asking.run("talked", "Georg").code == 0

    after = told(asking)
    assert (after["needs_conversation"], after["signals"]) == (False, [])
    assert (after["talk"]["held_on"], after["talk"]["effect"]) == (TODAY.isoformat(), "too early")
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    assert told(asking, "--as-of", yesterday)["talk"] is None


def test_a_conversation_can_be_taken_back(asking: Machine) -> None:
    assert asking.run("talked", "Georg").code == 0
    assert asking.run("talked", "Georg", "--undo").code == 0

    assert entered(asking) == ([], [])
    assert told(asking)["needs_conversation"] is True
    assert "No conversation with Georg Prantl is noted" in refused(asking.run("talked", "Georg", "--undo"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["talked", "Georg", "--on", "morgen"], "morgen is no day. Write it like 2026-03-31."),
        (["talked", "Georg", "--on", "2026-02-30"], "is no day"),
        (["talked", "Georg", "--on", (TODAY + timedelta(days=2)).isoformat()], "is still to come"),
        (["talked", "Georg", "--note", "x" * 2_001], "longer than 2000"),
        (["talked", "Gerog"], "Close names: Georg Prantl."),
        (["talked", "Yusuf"], "client-monitor clients list"),
        (["snooze", "Georg", "--until", "bald"], "bald is no day"),
        (["clients", "show", "Niemand"], "No client is named Niemand"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_line(machine: Machine, arguments: list[str], said: str) -> None:
    assert said in refused(machine.run(*arguments))
    assert entered(machine) == ([], [])


# snooze


def test_a_snoozed_client_is_left_alone_up_to_the_day(asking: Machine) -> None:
    done = asking.run("snooze", "Georg", "--until", (TODAY + timedelta(days=7)).isoformat())
    assert (done.code, done.out) == (0, "")

    now = told(asking)
    assert (now["needs_conversation"], now["snoozed_until"]) == (False, (TODAY + timedelta(days=7)).isoformat())
    later = datetime.now(UTC) + timedelta(days=8)
    assert told(asking, "--as-of", later.isoformat())["needs_conversation"] is True
    assert asking.run("snooze", "Georg", "--undo").code == 0
    assert told(asking)["needs_conversation"] is True


def test_a_snooze_lasts_four_weeks_if_nothing_is_said_and_the_newest_counts(machine: Machine) -> None:
    assert machine.run("snooze", "Georg").code == 0
    assert entered(machine)[1] == [Snooze("Georg Prantl", TODAY + timedelta(weeks=4))]

    done = machine.run("snooze", "Georg", "--until", "2026-01-05")
    assert "That day has passed" in done.err
    assert entered(machine)[1] == [Snooze("Georg Prantl", date(2026, 1, 5))]


# clients show and discover


def test_a_client_is_shown_with_reasons_and_timeline(asking: Machine) -> None:
    asking.run("talked", "Georg", "--on", (TODAY - timedelta(days=60)).isoformat(), "--note", "erstes Gespräch")

    done = asking.run("clients", "show", "Georg")

    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "Georg Prantl"
    assert lines[1].strip() == CLIENT
    assert any(line.startswith("Health: ") and "patterns -" in line for line in lines)
    assert any(line.startswith("Scope creep: ") and "beyond what you agreed" in line for line in lines)
    assert any(line.startswith("Agreed: office hours Mondays to Fridays from 9 am to 6 pm") for line in lines)
    timeline = lines[lines.index("Timeline, the newest first:") + 1 :]
    assert len(timeline) == len(ASKS) + 1
    assert timeline == sorted(timeline, reverse=True)
    assert timeline[-1].endswith("talk held  erstes Gespräch")
    assert "Extra work" in timeline[0]


def test_a_client_is_shown_as_json_for_programs(asking: Machine) -> None:
    page = json.loads(asking.run("clients", "show", "prantl", "--format", "json").out)

    assert (page["client"], page["addresses"]) == ("Georg Prantl", [CLIENT])
    assert page["now"]["needs_conversation"] is True
    assert len(page["now"]["weekly_health"]) == 12
    assert {event["kind"] for event in page["timeline"]} == {"received"}
    assert page["timeline"][0]["told"].startswith("extra_work ")
    assert ': "könntest du bitte den Text' in page["timeline"][0]["told"]
    long_ago = json.loads(asking.run("clients", "show", "prantl", "--format", "json", "--as-of", "2020-01-01").out)
    assert long_ago["timeline"] == []


def test_a_client_of_whom_nothing_is_known_has_a_page_too(machine: Machine) -> None:
    done = machine.run("clients", "show", "Georg")

    assert done.code == 0
    assert "Health: no data" in done.out


def test_who_writes_both_ways_is_proposed_as_a_client(machine: Machine) -> None:
    folder = machine.folder / "mail"
    folder.mkdir()
    letters = [
        ("beatrix.lohmann@zahn.example", COACH),
        ("beatrix.lohmann@zahn.example", COACH),
        (COACH, "beatrix.lohmann@zahn.example"),
        ("shop@laden.example", COACH),
        ("shop@laden.example", COACH),
        (CLIENT, COACH),
        (CLIENT, COACH),
        (COACH, CLIENT),
    ]
    for number, (sender, to) in enumerate(letters):
        (folder / f"{number}.eml").write_bytes(mail("Guten Tag,\n\nbis bald.\n", sender=sender, to=to)[0])
    assert machine.run("import", folder).code == 0

    done = machine.run("clients", "discover")

    assert done.code == 0
    assert 'name = "Beatrix Lohmann"\naddresses = ["beatrix.lohmann@zahn.example"]' in done.out
    assert done.out.count("[[client]]") == 1
    (proposal,) = json.loads(machine.run("clients", "discover", "--format", "json").out)
    assert (proposal["received"], proposal["sent"]) == (2, 1)


def test_an_empty_store_proposes_nobody(machine: Machine) -> None:
    done = machine.run("clients", "discover")

    assert (done.code, done.out) == (0, "")
    assert "Nobody writes with you in both directions" in done.err


# Names

CLIENTS = [
    Client(name, frozenset({f"c{number}@x.example"}), Agreement())
    for number, name in enumerate(
        ["Georg Prantl", "Silke Brandstätter", "Dr. Miriam Oswald", "Georg Huber", "Hansen & Brodersen", "Zoë Groß"]
    )
]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Georg Prantl", "Georg Prantl"),
        ("prantl", "Georg Prantl"),
        ("Prantl Georg", "Georg Prantl"),
        ("georg p", "Georg Prantl"),
        ("silke BRANDSTAETTER", "Silke Brandstätter"),
        ("Brandstatter", "Silke Brandstätter"),
        ("Miriam Oswald", "Dr. Miriam Oswald"),
        ("Frau Dr. Oswald", "Dr. Miriam Oswald"),
        ("hansen", "Hansen & Brodersen"),
        ("zoe gross", "Zoë Groß"),
        ("C1@X.example", "Silke Brandstätter"),
    ],
)
def test_names_are_matched_forgivingly(words: str, name: str) -> None:
    assert client_named(words.split(), CLIENTS).name == name


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("georg", "Georg can be several clients: Georg Prantl, Georg Huber"),
        ("Georg Brantl", "Close names: Georg Prantl"),
        ("Silke Brandtstätter", "Silke Brandstätter"),
        ("Karl", "client-monitor clients list"),
        ("", "No client is named"),
    ],
)
def test_what_is_not_clear_lists_the_names_that_are_close(words: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        client_named(words.split(), CLIENTS)
    assert said.lower() in str(caught.value).lower()


def test_close_names_come_with_the_closest_first_and_not_without_end() -> None:
    many = [Client(f"Georg Prantl {number}", frozenset({f"{number}@x.example"}), Agreement()) for number in range(30)]

    assert close_names("Georg Prntl", CLIENTS)[0] == "Georg Prantl"
    assert len(close_names("Georg Prantle", many)) == 5
