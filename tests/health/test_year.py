"""The judgement of a scripted year, held against what a coach would say."""

from __future__ import annotations

import pytest
from health.scripted_year import compare, compare_effects, judged, year

from monitor.labels import Care, Signal

LEAST = 0.9
# Talks that nobody needs are worse than a week's delay; care is told more freely.
pytestmark = pytest.mark.timeout(300)


def test_the_year_is_the_one_that_was_written() -> None:
    told = year()

    assert len(told.configuration.clients) >= 30
    assert len(told.weeks) == 49
    assert set(told.boundary) == set(told.care) == {client.name for client in told.configuration.clients}
    wanted = {cell[2:] for row in told.boundary.values() for cell in row.values() if cell.startswith("T:")}
    assert {signal for cell in wanted for signal in cell.split(",")} == {str(signal) for signal in Signal}


def test_who_needs_a_talk_is_told_and_nobody_else() -> None:
    boundary, _ = compare()

    for name, score in boundary.items():
        assert score.precision >= LEAST, f"{name}: {score.misses}"
        assert score.recall >= LEAST, f"{name}: {score.misses}"


def test_care_is_told_where_it_belongs() -> None:
    _, care = compare()

    assert {str(signal) for signal in Care} <= set(care)
    assert care["care"].precision >= LEAST, care["care"].misses
    assert care["care"].recall >= LEAST, care["care"].misses


def test_what_a_talk_has_changed_is_told_after_four_and_eight_weeks() -> None:
    score = compare_effects()

    assert score.misses == []
    assert score.right == len(year().effects)


def test_talks_without_change_call_for_an_ending_and_one_that_worked_does_not() -> None:
    kessler = judged("2025-W32")["Oliver Kessler"].talk
    lohmeier = judged("2025-W29")["Patrick Lohmeier"].talk

    assert kessler is not None
    assert lohmeier is not None
    assert kessler.calls_for_an_ending
    assert not lohmeier.calls_for_an_ending
