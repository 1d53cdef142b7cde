"""A store is brought to the present shape with a copy beside it, and an older program leaves a newer store alone."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor.config.configuration import build
from monitor.errors import StoreError, StoreNewer
from monitor.service.retention import retire_old
from monitor.store import database as store_module
from monitor.store import migration, schema
from monitor.store.database import is_present, open_database
from monitor.store.erasure import copies_of
from monitor.store.talk_store import TalkStore
from monitor.talks import Talk

NOW = datetime(2026, 5, 18, 5, tzinfo=UTC)
HELD = Talk("Georg Prantl", NOW.date(), "besprochen")


def of_revision(path: Path, revision: str) -> str:
    """A store as an older program has left it; return its URL."""
    url = f"sqlite:///{path}"
    with open_database(url) as database:
        TalkStore(database).keep_talk(HELD, NOW)
        with database.engine.begin() as connection:
            config = migration._config()
            config.attributes["connection"] = connection
            from alembic import command

            command.downgrade(config, revision)
    return url


def revision_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_before_the_shape_changes_a_copy_is_kept_that_the_older_program_can_open(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    url = of_revision(store, "0003")
    assert not is_present(url)

    with open_database(url) as database:
        assert TalkStore(database).talks() == [HELD]

    assert is_present(url)
    (copy,) = copies_of(store)
    assert (revision_of(store), revision_of(copy)) == (schema.REVISION, "0003")
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT note FROM talk").fetchall() == [("besprochen",)]
    # A store that needs nothing is not copied again.
    copy.unlink()
    open_database(url).close()
    assert copies_of(store) == []


def test_a_new_store_needs_no_copy(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path}/store.db").close()

    assert copies_of(tmp_path / "store.db") == []


def test_where_the_copy_cannot_be_made_nothing_is_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "store.db"
    url = of_revision(store, "0002")

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(store_module, "copy_to", full)
    with pytest.raises(StoreError, match="full"):
        open_database(url)

    assert revision_of(store) == "0002"


def test_every_way_up_leads_through_every_revision(tmp_path: Path) -> None:
    for revision in ("0001", "0002", "0003"):
        url = of_revision(tmp_path / f"{revision}.db", revision)
        with open_database(url) as database:
            TalkStore(database).keep_talk(HELD, NOW)
            assert TalkStore(database).talks() == [HELD]


def test_an_older_program_leaves_a_newer_store_as_it_is(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    url = f"sqlite:///{store}"
    with open_database(url) as database, database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    before = store.read_bytes()

    with pytest.raises(StoreNewer, match="restore a backup from before"):
        open_database(url)

    assert store.read_bytes() == before
    assert copies_of(store) == []


def test_a_copy_is_kept_for_a_month(tmp_path: Path) -> None:
    url = of_revision(tmp_path / "store.db", "0003")
    configuration = build({"coach": {"name": "Jana", "addresses": ["jana@x.example"]}, "store": {"url": url}})
    with open_database(url) as database:
        (copy,) = copies_of(tmp_path / "store.db")
        made = datetime.now(UTC)
        retire_old(configuration, database, made + timedelta(days=29))
        assert copy.exists()
        os.utime(copy, (made.timestamp(), (made - timedelta(days=31)).timestamp()))
        retire_old(configuration, database, made)
        assert not copy.exists()
