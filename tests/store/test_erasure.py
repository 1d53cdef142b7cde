"""What is erased is gone from the file, and does not come back from the mailbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from servers.postgres import Postgres

from monitor.facts import Classification, Direction, Fact, OutOfScope, Request
from monitor.instructions.instruction import Instruction, Kind, Outcome
from monitor.labels import RequestType
from monitor.mailbox.raw_message import Place
from monitor.service.retention import months_before
from monitor.store.database import Database, open_database
from monitor.store.digest_store import DigestStore, KeptDigest, Slot
from monitor.store.erasure import Erasure, Retired
from monitor.store.fact_store import FactStore
from monitor.store.instruction_store import InstructionStore
from monitor.store.label_store import LabelStore
from monitor.store.talk_store import TalkStore
from monitor.talks import Snooze, Talk

NOW = datetime(2026, 5, 18, 5, tzinfo=UTC)
GEORG, SILKE, FIRM = "georg@prantl.example", "silke@brandstaetter.example", "kontakt@prantl.example"
SECRET = "kaffeemaschine"


def fact(number: int, *people: str, sent: bool = False, at: datetime = NOW) -> Fact:
    told = Classification(
        (Request(RequestType.EXTRA_WORK, 0.9, f"{SECRET} bitte"),), OutOfScope(True, 0.8, f"{SECRET} nur"), False, "m"
    )
    return Fact(
        key=f"<{number}@{people[0]}>",
        message_id=f"<{number}@{people[0]}>",
        direction=Direction.SENT if sent else Direction.RECEIVED,
        correspondents=people,
        sent_at=at,
        utc_offset=0,
        subject=f"{SECRET} {number}",
        words=5,
        reply_to=None,
        folder="INBOX",
        classification=None if sent else told,
    )


def record(database: Database, *facts: Fact) -> None:
    FactStore(database).record(
        [(one, "jana@x.example" if one.direction is Direction.SENT else one.correspondents[0], None) for one in facts]
    )


def test_nothing_of_a_forgotten_client_is_left_on_the_disk(database: Database, on_disk: Callable[[], bytes]) -> None:
    record(database, *(fact(number, GEORG) for number in range(300)), fact(900, GEORG, sent=True))
    TalkStore(database).keep_talk(Talk("Georg Prantl", NOW.date(), SECRET), NOW)
    TalkStore(database).keep_snooze(Snooze("Georg Prantl", NOW.date()), NOW)
    digests = DigestStore(database)
    digests.keep(KeptDigest("2026-W20", "<w20@x>", b"prantl", '{"prantl": 1}', NOW))
    digests.keep(KeptDigest("2026-W19", "<w19@x>", b"prantl", '{"prantl": 1}', NOW))
    digests.mark_sent("2026-W19", NOW)
    instructions = InstructionStore(database)
    told = [
        (Instruction(Kind.LESS, "Georg Prantl"), Outcome.DONE, ()),
        (Instruction(Kind.NOT_A_CLIENT, about=GEORG), Outcome.DONE, ()),
        (Instruction(Kind.UNKNOWN, about="Prantl nervt"), Outcome.NOT_UNDERSTOOD, ()),
        (Instruction(Kind.LESS, "Silke"), Outcome.DONE, ()),
    ]
    instructions.keep("answer:1", "2026-W19", told, NOW)
    erasure = Erasure(database)

    assert b"prantl" in on_disk()
    assert erasure.forget("Georg Prantl", [GEORG], (), NOW) == 301
    erasure.compact()

    left = on_disk()
    assert [(one.instruction.client, one.instruction.about) for one in instructions.carried()] == [
        ("", ""),
        ("Silke", ""),
    ]
    assert b"prantl" not in left
    assert SECRET.encode() not in left
    assert FactStore(database).facts() == []
    assert (TalkStore(database).talks(), TalkStore(database).snoozes()) == ([], [])
    # The week that was sent is not sent again; the one that was not is written anew.
    assert digests.digest("2026-W20") is None
    kept = digests.digest("2026-W19")
    assert kept is not None
    assert (kept.letter, kept.content, kept.sent_at) == (b"", "", NOW)


def test_the_copies_of_before_are_removed(tmp_path: Path) -> None:
    copy = tmp_path / "store.db.before-0004-was-0003"
    copy.write_bytes(b"prantl")
    with open_database(f"sqlite:///{tmp_path}/store.db") as database:
        assert Erasure(database).remove_copies() == 1
    assert not copy.exists()


def test_samples_of_what_is_gone_go_too(postgres: Postgres) -> None:
    url = postgres.database()
    with open_database(url) as database:
        record(database, *(fact(number, GEORG) for number in range(300)))
        postgres.does(url, "ANALYZE")  # as the server does by itself
        samples = "SELECT count(*) FROM pg_stats WHERE concat(histogram_bounds, most_common_vals) LIKE '%prantl%'"
        assert int(postgres.does(url, samples)) > 0
        Erasure(database).forget("Georg Prantl", [GEORG], (), NOW)
        Erasure(database).compact()

        assert int(postgres.does(url, samples)) == 0
    assert b"prantl" not in postgres.bytes_of(url).lower()


def test_the_log_is_emptied_although_another_process_has_the_store_open(
    database: Database, store_url: str, on_disk: Callable[[], bytes]
) -> None:
    record(database, fact(1, GEORG))
    with open_database(store_url) as other:
        assert FactStore(other).count() == 1
        erasure = Erasure(database)
        erasure.forget("Georg Prantl", [GEORG], (), NOW)
        erasure.compact()

        assert b"prantl" not in on_disk()
        assert FactStore(other).count() == 0


def test_the_other_clients_stay_as_they_were(database: Database) -> None:
    both = fact(3, GEORG, SILKE, sent=True)
    answer = replace(fact(4, SILKE, sent=True), reply_to="<1@georg@prantl.example>")
    other = fact(2, SILKE)
    record(database, fact(1, GEORG), other, both, answer)

    Erasure(database).forget("Georg Prantl", [GEORG], (), NOW)

    facts = {one.key: one for one in FactStore(database).facts()}
    assert set(facts) == {other.key, both.key, answer.key}
    assert facts[other.key] == other
    assert (facts[both.key].correspondents, facts[both.key].subject) == ((SILKE,), "")
    assert facts[answer.key].reply_to is None


def test_a_forgotten_firm_is_everyone_there_but_another_client(database: Database) -> None:
    record(database, fact(1, GEORG), fact(2, FIRM), fact(3, SILKE))

    Erasure(database).forget("Firma Prantl", ["@prantl.example"], [GEORG, SILKE], NOW)

    assert {one.correspondents for one in FactStore(database).facts()} == {(GEORG,), (SILKE,)}
    record(database, fact(1, GEORG), fact(2, FIRM))
    assert FactStore(database).count() == 2


def test_what_was_erased_does_not_come_back_from_the_mailbox_and_what_is_written_later_does(
    database: Database,
) -> None:
    record(database, fact(1, GEORG))
    Erasure(database).forget("Georg Prantl", [GEORG], (), NOW)

    later = fact(7, GEORG, at=NOW + timedelta(hours=1))
    both = fact(8, GEORG, SILKE, sent=True)
    record(database, fact(1, GEORG), fact(2, GEORG, sent=True), later, both)

    facts = FactStore(database).facts()
    assert [(one.key, one.correspondents) for one in facts] == [(both.key, (SILKE,)), (later.key, (GEORG,))]


def test_old_words_go_before_old_facts(database: Database, tmp_path: Path) -> None:
    ages = (10, 200, 800)
    record(database, *(fact(days, GEORG, at=NOW - timedelta(days=days)) for days in ages))
    digests = DigestStore(database)
    for week, days in (("2026-W19", 10), ("2025-W40", 200)):
        digests.keep(KeptDigest(week, "<m@x>", b"letter", "{}", NOW - timedelta(days=days)))
        digests.mark_sent(week, NOW - timedelta(days=days))
    old = NOW - timedelta(days=900)
    TalkStore(database).keep_talk(Talk("Georg Prantl", old.date(), SECRET), old)
    for due in (old, old + timedelta(days=7)):
        digests.put_slot(Slot("digest", due, "done", 1, due))

    retired = Erasure(database).retire(months_before(NOW, 24), months_before(NOW, 6))

    assert retired == Retired(messages=1, quotes=1, digests=1)
    young, middle = sorted(FactStore(database).facts(), key=lambda one: one.sent_at, reverse=True)
    assert young.subject
    assert young.classification is not None
    assert young.classification.requests[0].evidence
    assert middle.subject == ""
    assert middle.classification is not None
    assert [request.evidence for request in middle.classification.requests] == [""]
    assert middle.classification.out_of_scope == OutOfScope(True, 0.8, "")
    assert [len(one.letter) for one in digests.kept()] == [0, 6]
    assert TalkStore(database).talks() == []
    # The newest due time stays on record, however old: it tells that this is no first start.
    assert digests.newest_slot("digest") == old + timedelta(days=7)
    assert digests.slot("digest", old) is None
    assert not Erasure(database).retire(months_before(NOW, 24), months_before(NOW, 6))


def test_what_lies_in_a_labelled_folder_is_remembered_without_words(database: Database) -> None:
    old = fact(1, GEORG, at=NOW - timedelta(days=900))
    FactStore(database).record([(old, GEORG, Place("Monitor/Sonderwunsch", 7, 1))])
    labels = LabelStore(database)
    labels.sync({"Monitor/Sonderwunsch": (7, RequestType.EXTRA_WORK, [1])}, NOW)

    Erasure(database).retire(months_before(NOW, 24), months_before(NOW, 6))
    assert [(one.subject, one.key) for one in FactStore(database).facts()] == [("", old.key)]
    assert len(labels.filings()) == 1

    labels.sync({"Monitor/Sonderwunsch": (7, RequestType.EXTRA_WORK, [])}, NOW)
    Erasure(database).retire(months_before(NOW, 24), months_before(NOW, 6))
    assert FactStore(database).facts() == []
    assert labels.filings() == []


def test_what_the_coach_answered_about_a_client_goes_with_them(
    database: Database, on_disk: Callable[[], bytes]
) -> None:
    answers = InstructionStore(database)
    for number, (kind, client, about) in enumerate(
        [
            (Kind.TALKED, "Georg Prantl", ""),
            (Kind.UNKNOWN, "", "was ist mit georg prantl?"),
            (Kind.TALKED, "Silke Brandstätter", ""),
        ]
    ):
        told = Instruction(kind, client, about=about)
        outcome = Outcome.NOT_UNDERSTOOD if kind is Kind.UNKNOWN else Outcome.DONE
        answers.keep(f"<{number}@reply>", "2026-W20", [(told, outcome, ())], NOW)

    Erasure(database).forget("Georg Prantl", [GEORG], (), NOW)
    Erasure(database).compact()

    assert [(one.instruction.client, one.instruction.about) for one in answers.carried()] == [
        ("", ""),
        ("Silke Brandstätter", ""),
    ]
    assert b"prantl" not in on_disk()


@pytest.mark.parametrize(
    ("moment", "months", "before"),
    [
        (datetime(2026, 5, 18, tzinfo=UTC), 24, datetime(2024, 5, 18, tzinfo=UTC)),
        (datetime(2026, 3, 31, tzinfo=UTC), 1, datetime(2026, 2, 28, tzinfo=UTC)),
        (datetime(2026, 1, 31, tzinfo=UTC), 2, datetime(2025, 11, 30, tzinfo=UTC)),
        (datetime(2026, 12, 1, tzinfo=UTC), 12, datetime(2025, 12, 1, tzinfo=UTC)),
    ],
)
def test_months_are_counted_on_the_calendar(moment: datetime, months: int, before: datetime) -> None:
    assert months_before(moment, months) == before


def test_old_answers_go_but_what_they_still_mean_stays(database: Database) -> None:
    instructions = InstructionStore(database)
    told = [
        (Instruction(Kind.LESS, "Silke"), Outcome.DONE, ()),
        (Instruction(Kind.TALKED, "Silke", NOW.date()), Outcome.DONE, ()),
        (Instruction(Kind.UNKNOWN, about=SECRET), Outcome.NOT_UNDERSTOOD, ()),
    ]
    instructions.keep("answer:1", "2024-W19", told, NOW - timedelta(days=800))
    instructions.keep("answer:2", "2026-W01", told[2:], NOW - timedelta(days=200))

    Erasure(database).retire(NOW - timedelta(days=730), NOW - timedelta(days=180))

    assert [(one.instruction.kind, one.instruction.about) for one in instructions.carried()] == [
        (Kind.LESS, ""),
        (Kind.UNKNOWN, ""),
    ]
