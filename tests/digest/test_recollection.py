"""What earlier digests said makes this one: what is new, and once a quarter what they teach together."""

from __future__ import annotations

import json
from datetime import date

import pytest

from monitor.digest.recollection import last_day, previous_of, quarter_of, quarter_page
from monitor.labels import Signal


def content(**told: list[tuple[str, int]]) -> str:
    clients = [
        {"client": name, "signals": [{"id": signal, "incidents": number} for signal, number in signals]}
        for name, signals in told.items()
    ]
    return json.dumps({"coverage": {"model": "m1"}, "clients": clients})


SENT = [
    ("2026-W01", content(Georg=[("always_on", 9)])),  # ends on 4 January: of the first quarter
    ("2026-W08", content(Georg=[("scope_creep", 3)], Silke=[("always_on", 4)])),
    ("2026-W12", content(Georg=[("scope_creep", 4)], Silke=[], Leonie=[("scope_creep", 3)])),
    ("2025-W50", content(Georg=[("payment", 2)])),
]


def test_the_digest_before_is_remembered_by_client_and_pattern() -> None:
    previous = previous_of(*SENT[1])

    assert (previous.week, previous.model) == ("2026-W08", "m1")
    assert previous.told == {("Georg", Signal.SCOPE_CREEP): 3, ("Silke", Signal.ALWAYS_ON): 4}


def test_a_signal_that_this_version_does_not_know_is_passed_over() -> None:
    assert previous_of("2026-W08", content(Georg=[("of_tomorrow", 1)])).told == {}


def test_the_page_comes_with_the_first_digest_of_a_quarter_and_counts_clients_and_letters() -> None:
    page = quarter_page(SENT, date(2026, 4, 5), previous_of(*SENT[2]), ())

    assert page is not None
    assert page.name == "2026-Q1"
    assert [(one.signal, one.clients, one.digests) for one in page.lessons] == [
        (Signal.ALWAYS_ON, ("Georg", "Silke"), 2),
        (Signal.SCOPE_CREEP, ("Georg", "Leonie"), 2),
    ]


@pytest.mark.parametrize("last", [date(2026, 3, 29), date(2026, 3, 22)])
def test_within_a_quarter_there_is_no_page(last: date) -> None:
    assert quarter_page(SENT, last, previous_of(*SENT[2]), ()) is None


def test_without_a_digest_before_or_anything_to_teach_there_is_no_page() -> None:
    assert quarter_page(SENT, date(2026, 4, 5), None, ()) is None
    assert quarter_page([], date(2026, 4, 5), previous_of(*SENT[2]), ()) is None
    assert quarter_page([("2026-W08", "")], date(2026, 4, 5), previous_of(*SENT[2]), ()) is None


def test_quarters_and_weeks_know_the_turn_of_the_year() -> None:
    assert quarter_of(date(2025, 12, 31)) == "2025-Q4"
    assert last_day("2026-W01") == date(2026, 1, 4)
    assert last_day("2026-W53") == date(2027, 1, 3)
