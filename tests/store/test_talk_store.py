"""What the coach enters about conversations is kept once, and given back as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from monitor.store import migration
from monitor.store.database import Database, open_database
from monitor.store.talk_store import TalkStore
from monitor.talks import Snooze, Talk

NOW = datetime(2026, 5, 18, 5, tzinfo=UTC)
TALK = Talk("Georg Prantl", date(2026, 3, 31), "sammelt Fragen bis zur Sitzung")


def test_talks_come_back_in_the_order_of_their_days(database: Database) -> None:
    store = TalkStore(database)
    later = Talk("Silke Brandstätter", date(2026, 4, 20))
    store.keep_talk(later, NOW)
    store.keep_talk(TALK, NOW)

    assert store.talks() == [TALK, later]


def test_the_same_day_entered_again_is_one_talk_with_the_newer_note(database: Database) -> None:
    store = TalkStore(database)
    store.keep_talk(TALK, NOW)
    store.keep_talk(Talk(TALK.client, TALK.held_on, "neu"), NOW)

    assert store.talks() == [Talk(TALK.client, TALK.held_on, "neu")]
    assert store.take_back_talk(TALK.client, TALK.held_on)
    assert not store.take_back_talk(TALK.client, TALK.held_on)
    assert store.talks() == []


def test_a_client_has_one_snooze_and_the_newest_counts(database: Database) -> None:
    store = TalkStore(database)
    store.keep_snooze(Snooze("Georg Prantl", date(2026, 6, 1), date(2026, 5, 1)), NOW)
    store.keep_snooze(Snooze("Georg Prantl", date(2026, 7, 1)), NOW)

    assert store.snoozes() == [Snooze("Georg Prantl", date(2026, 7, 1))]
    assert store.take_back_snooze("Georg Prantl")
    assert not store.take_back_snooze("Georg Prantl")


@pytest.mark.parametrize(
    ("day", "holds"),
    [(date(2026, 4, 30), False), (date(2026, 5, 1), True), (date(2026, 6, 1), True), (date(2026, 6, 2), False)],
)
def test_a_snooze_holds_from_its_first_to_its_last_day(day: date, holds: bool) -> None:
    assert Snooze("Georg", date(2026, 6, 1), date(2026, 5, 1)).holds_on(day) is holds
    assert Snooze("Georg", date(2026, 6, 1)).holds_on(date(2020, 1, 1))


def test_a_store_of_the_revision_before_is_brought_up(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    with open_database(url) as database, database.writing() as connection:
        config = migration._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == "0002"
    with open_database(url) as database:
        TalkStore(database).keep_talk(TALK, NOW)
        assert TalkStore(database).talks() == [TALK]
