"""The sample mailbox that the product ships, from raw mail to judgement, says what its stories tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

import monitor
from monitor.config.configuration import Configuration, load
from monitor.digest.content import ClientEntry, Effect
from monitor.mailbox.files import batches, messages_in
from monitor.pipelines.intake import import_files
from monitor.pipelines.weekly import digest_as_of
from monitor.reader.process import Reader
from monitor.service.rounds import circle_of
from monitor.store.database import open_database
from monitor.store.fact_store import FactStore
from monitor.store.talk_store import TalkStore
from monitor.talks import Talk

DEMO = Path(monitor.__file__).parent / "demo"
WEEKS = range(10, 21)
LEAST = 0.9

# One column a week from 2026-W10 to W20: T needs a talk, o either answer is sound, - none.
BOUNDARY = {
    "Georg Prantl": "-------oTTT",
    "Silke Brandstätter": "--oTTTTTTTT",
    "Dr. Miriam Oswald": "-----ooTTTT",
    # One missed session and one task undone in W12 go beyond the default leeway of one; the stories let two pass.
    "Tobias Wenck": "--ooooooTTT",
    "Hartmut Kolbe": "-------ooTT",
    "Marcus Adeyemi": "-------oTTT",
    "Brigitte Sommerfeld": "--ooooooTTT",
    "Harriet Pemberton": "-oTTo------",
    "Yusuf Karaman": "-" * 11,
    "Leonie Haas": "-" * 11,
    "Dr. Volker Seidl": "-" * 11,
    "Katrin Ebeling": "-" * 11,
    "Ruth Feldman": "-" * 11,
    "Sanne de Vries": "-" * 11,
}
CARE = {
    ("Leonie Haas", "silence"): "-------oTTT",
    ("Leonie Haas", "neglect"): "--------oTT",
    ("Harriet Pemberton", "improvement"): "------ooTTT",
    ("Dr. Volker Seidl", "turning_point"): "-------oooT",
}

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def letters(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, dict[str, ClientEntry]]]:
    """What each week's letter says of each client."""
    configuration = load(DEMO / "config.toml")
    with open_database(f"sqlite:///{tmp_path_factory.mktemp('demo')}/store.db") as database:
        facts, talks = FactStore(database), TalkStore(database)
        with Reader(circle_of(configuration), model.parent) as reader:
            import_files(
                batches(messages_in([DEMO / "mailbox"])), facts, reader, lambda: datetime.now(UTC), lambda _: None
            )
        talks.keep_talk(Talk("Harriet Pemberton", date(2026, 3, 31)), datetime.now(UTC))
        yield {week: told(configuration, facts, talks, week) for week in WEEKS}


def told(configuration: Configuration, facts: FactStore, talks: TalkStore, week: int) -> dict[str, ClientEntry]:
    monday = date.fromisocalendar(2026, week, 1) + timedelta(weeks=1)
    as_of = datetime.combine(monday, time(7), configuration.coach.timezone)
    return {entry.client: entry for entry in digest_as_of(configuration, facts, as_of, talks=talks).clients}


def test_who_needs_a_talk_is_told_in_the_weeks_that_the_stories_name(
    letters: dict[int, dict[str, ClientEntry]],
) -> None:
    right, false, missed = [], [], []
    for client, row in BOUNDARY.items():
        for week, cell in zip(WEEKS, row, strict=True):
            needs = letters[week][client].needs_conversation
            if cell == "T":
                (right if needs else missed).append((client, week))
            elif cell == "-" and needs:
                false.append((client, week))

    assert len(right) / (len(right) + len(false)) >= LEAST, false
    assert len(right) / (len(right) + len(missed)) >= LEAST, missed


def test_seven_conversations_are_due_in_the_end_and_each_has_its_pattern(
    letters: dict[int, dict[str, ClientEntry]],
) -> None:
    due = {name: entry.patterns[0].signal for name, entry in letters[20].items() if entry.needs_conversation}

    assert due == {
        "Georg Prantl": "scope_creep",
        "Silke Brandstätter": "always_on",
        "Dr. Miriam Oswald": "dependency",
        "Tobias Wenck": "unreliability",
        "Hartmut Kolbe": "payment",
        "Marcus Adeyemi": "expectation_gap",
        "Brigitte Sommerfeld": "time_share",
    }


def test_care_is_told_in_the_weeks_that_the_stories_name(letters: dict[int, dict[str, ClientEntry]]) -> None:
    for week in WEEKS:
        for client, entry in letters[week].items():
            for item in entry.care:
                cell = CARE.get((client, item.care), "-" * 11)[week - WEEKS[0]]
                assert cell != "-", f"{client}, W{week}: {item}"
    for (client, care), row in CARE.items():
        missing = [
            week
            for week, cell in zip(WEEKS, row, strict=True)
            if cell == "T" and care not in {item.care for item in letters[week][client].care}
        ]
        assert not missing, f"{client}: {care}"


def test_what_happens_in_a_life_and_what_a_talk_has_changed(letters: dict[int, dict[str, ClientEntry]]) -> None:
    katrin, harriet = letters[20]["Katrin Ebeling"], letters[20]["Harriet Pemberton"]

    assert katrin.compassion is not None
    assert katrin.compassion.remark == "bereavement"
    assert harriet.talk is not None
    assert harriet.talk.effect is Effect.EASED
    assert letters[15]["Harriet Pemberton"].talk.effect is Effect.TOO_EARLY  # type: ignore[union-attr]


def test_the_coach_sees_her_own_part(letters: dict[int, dict[str, ClientEntry]]) -> None:
    silke, georg = letters[20]["Silke Brandstätter"], letters[20]["Georg Prantl"]

    assert any(one.signal == "always_on" and one.minutes <= 30 for one in silke.mirror)
    assert any(one.signal == "scope_creep" and one.answered >= 4 for one in georg.mirror)
    assert georg.goodwill[0].accepted >= 4
