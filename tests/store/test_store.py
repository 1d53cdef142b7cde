"""The store keeps facts once, whole or not at all."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor.errors import StoreBroken, StoreError, StoreNewer
from monitor.facts import Classification, Direction, Fact, OutOfScope, Remark, Request
from monitor.labels import RequestType
from monitor.mailbox.raw_message import Place
from monitor.store import database as opening
from monitor.store import migration, schema
from monitor.store.cut_store import cuts
from monitor.store.database import Database, open_database
from monitor.store.digest_store import DigestStore, KeptDigest
from monitor.store.fact_store import Cursor, FactStore, Quarantined

NOW = datetime(2026, 5, 18, 5, tzinfo=UTC)
FACT = Fact(
    key="<1@x>",
    message_id="<1@x>",
    direction=Direction.RECEIVED,
    correspondents=("georg@x.example",),
    sent_at=NOW,
    utc_offset=120,
    subject="Hallo",
    words=12,
    reply_to="<0@x>",
    folder="INBOX",
    classification=Classification(
        (Request(RequestType.EXTRA_WORK, 0.9, "bitte"),), OutOfScope(True, 0.8, "bitte"), False, "m1"
    ),
    remarks=frozenset({Remark.LATE_PAYMENT}),
)


def test_a_fact_comes_back_as_it_was_kept(database: Database) -> None:
    store = FactStore(database)

    assert store.record([(FACT, "georg@x.example", Place("INBOX", 7, 1))]) == 1
    assert store.facts() == [FACT]
    assert store.facts(["georg@x.example"]) == [FACT]
    assert store.facts(["other@x.example"]) == []
    assert store.facts(until=NOW - timedelta(seconds=1)) == []


def test_a_message_met_again_is_not_doubled_and_a_new_classification_replaces_the_old(database: Database) -> None:
    store = FactStore(database)
    store.record([(FACT, "georg@x.example", Place("INBOX", 7, 1))])
    newer = replace(FACT, classification=replace(FACT.classification, requests=(), model="m2"))

    assert store.record([(newer, "georg@x.example", Place("INBOX", 8, 1))]) == 0
    assert store.facts() == [newer]
    assert store.record([(replace(FACT, classification=None), "georg@x.example", None)]) == 0
    assert store.facts() == [newer]


def test_a_stranger_who_repeats_a_message_id_hides_nothing(database: Database) -> None:
    store = FactStore(database)
    forged = replace(FACT, correspondents=("mallory@x.example",), classification=None)

    assert store.record([(forged, "mallory@x.example", None), (FACT, "georg@x.example", None)]) == 2


def test_a_batch_larger_than_one_question_with_copies_in_it_is_kept_as_one_by_one(
    database: Database, tmp_path: Path
) -> None:
    many = [
        (
            replace(FACT, key=f"<{number % 900}@x>", words=number, correspondents=(f"{number % 3}@x.example",)),
            f"{number % 2}@x.example",
            Place("INBOX", 7, number % 1100),
        )
        for number in range(2_000)
    ]
    one_by_one = FactStore(open_database(f"sqlite:///{tmp_path}/other.db"))
    new = sum(one_by_one.record([each]) for each in many)

    store = FactStore(database)
    assert store.record(many) == new == 900
    assert sorted(map(repr, store.facts())) == sorted(map(repr, one_by_one.facts()))
    assert _places(database) == _places(one_by_one._database)


def _places(database: Database) -> list[tuple[int, str]]:
    told = sa.select(schema.place.c.uid, schema.message.c.key).join(schema.message).order_by(schema.place.c.uid)
    with database.reading() as connection:
        return [(row.uid, row.key) for row in connection.execute(told)]


def test_facts_and_cursor_are_kept_together_or_not_at_all(database: Database) -> None:
    store = FactStore(database)
    broken = replace(FACT, key="<2@x>", sent_at=None)  # type: ignore[arg-type]

    with pytest.raises(Exception):  # noqa: B017, PT011
        store.record(
            [(FACT, "georg@x.example", None), (broken, "georg@x.example", None)], [], Cursor("INBOX", 7, 2, NOW)
        )

    assert store.facts() == []
    assert store.cursor("INBOX") is None


def test_cursor_and_quarantine_are_kept(database: Database) -> None:
    store = FactStore(database)
    lost = Quarantined("INBOX/7/3", "no header", NOW)
    store.record([], [lost], Cursor("INBOX", 7, 3, NOW))
    store.record([], [lost], Cursor("INBOX", 7, 4, NOW))

    assert store.cursor("INBOX") == Cursor("INBOX", 7, 4, NOW)
    assert store.quarantined() == [lost]


def test_what_bounds_have_cut_is_counted_with_the_messages_or_not_at_all(database: Database) -> None:
    store = FactStore(database)
    assert cuts(database) == {}
    store.record([], cut={"lines": 2, "text": 1})
    store.record([], cut={"lines": 1})
    with pytest.raises(sa.exc.StatementError):
        store.record([], [], Cursor("INBOX", 7, 2, NOW.replace(tzinfo=None)), cut={"lines": 5})

    assert cuts(database) == {"lines": 3, "text": 1}


def test_a_week_keeps_the_first_digest_that_was_rendered(database: Database) -> None:
    store = DigestStore(database)
    first = KeptDigest("2026-W20", "<w20@x>", b"first", "{}", NOW)
    store.keep(first)
    store.keep(replace(first, letter=b"second"))
    store.mark_sent("2026-W20", NOW)

    assert store.digest("2026-W20") == replace(first, sent_at=NOW)
    assert store.last_sent() == replace(first, sent_at=NOW)


def test_the_store_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path}/new/store.db").close()

    assert (tmp_path / "new" / "store.db").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_the_migrations_lead_to_the_tables_that_the_program_uses(database: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    assert migration.newest() == schema.REVISION
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_a_newer_store_is_refused_in_words(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    with open_database(url) as database, database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StoreNewer, match="newer program"):
        open_database(url)


@pytest.mark.parametrize(
    "content", [b"no store at all, only some text " * 200, b"SQLite format 3\x00" + b"\xff" * 5_000]
)
def test_a_broken_store_is_told_with_its_remedy(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "store.db").write_bytes(content)

    with pytest.raises(StoreBroken, match="built anew from the mailbox"):
        open_database(f"sqlite:///{tmp_path}/store.db")
    assert (tmp_path / "store.db").read_bytes() == content


def test_a_store_that_was_cut_off_moved_or_replaced_is_noticed_and_opened_anew(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    with open_database(f"sqlite:///{file}") as database:
        database.require_whole()

        os.truncate(file, file.stat().st_size // 2)
        with pytest.raises(StoreBroken):
            database.require_whole()

        for each in tmp_path.glob("store.db*"):
            each.unlink()
        with pytest.raises(StoreError, match="not there any more"):
            database.require_whole()

        database.renew()
        database.require_whole()
        assert FactStore(database).count() == 0
        assert file.stat().st_mode & 0o777 == 0o600


def test_a_store_that_is_replaced_while_it_is_opened_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "store.db"
    bring_up = opening._bring_up

    def replaced_meanwhile(engine: sa.Engine) -> None:
        bring_up(engine)
        for each in tmp_path.glob("store.db*"):
            each.unlink()
        monkeypatch.setattr(opening, "_bring_up", bring_up)
        open_database(f"sqlite:///{file}").close()

    with open_database(f"sqlite:///{file}") as database:
        monkeypatch.setattr(opening, "_bring_up", replaced_meanwhile)
        database.renew()
        with pytest.raises(StoreError, match="was replaced"):
            database.require_whole()

        database.renew()
        database.require_whole()


def test_what_could_be_read_at_last_is_not_quarantined_any_more(tmp_path: Path) -> None:
    first, later = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)
    with open_database(f"sqlite:///{tmp_path / 'store.db'}") as database:
        facts = FactStore(database)
        facts.record([], [Quarantined("INBOX/1/2", "no answer", first), Quarantined("INBOX/1/3", "no answer", first)])
        facts.record([], [Quarantined("INBOX/1/2", "no answer", later)])
        assert {one.source: one.found_at for one in facts.quarantined()} == {"INBOX/1/2": first, "INBOX/1/3": first}

        facts.record([], released=["INBOX/1/2"])
        assert [one.source for one in facts.quarantined()] == ["INBOX/1/3"]
