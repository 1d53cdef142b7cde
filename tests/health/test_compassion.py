"""What happens in a client's life comes before any boundary, and danger for life before everything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from health.world import NOW, client, extra, findings, judged, received, remarked, sent

from monitor.facts import Remark
from monitor.labels import RequestType, Signal


@pytest.mark.parametrize("remark", [Remark.BEREAVEMENT, Remark.BIRTH, Remark.CRISIS])
def test_what_happens_in_a_life_suspends_findings_for_four_weeks(remark: Remark) -> None:
    missed = [received(days, RequestType.CANCELLATION) for days in (4, 9, 15)]
    told = judged([remarked(20, remark), *missed])

    assert told.findings == ()
    assert told.compassion is not None
    assert told.compassion.remark is remark
    assert told.compassion.until == (NOW + timedelta(days=8)).date()
    assert findings([remarked(20, Remark.GOAL_COMPLETED), *missed])


def test_an_illness_rests_for_two_weeks_and_again_when_told_again() -> None:
    told = judged([remarked(10, Remark.ILLNESS)]).compassion
    again = judged([remarked(20, Remark.ILLNESS), remarked(10, Remark.ILLNESS)]).compassion

    assert told is not None
    assert told == again
    assert judged([remarked(15, Remark.ILLNESS)]).compassion is None


def test_what_happened_meanwhile_is_not_counted_later_either() -> None:
    asks = [remarked(35, Remark.BEREAVEMENT), *(extra(days) for days in (9, 14, 20, 26, 30))]

    assert findings(asks) == {}
    assert findings(asks[1:])


def test_the_whole_day_of_the_message_is_spared() -> None:
    called_off = [received(10, RequestType.CANCELLATION, hour=9), remarked(10, Remark.BEREAVEMENT, hour=11)]
    later = received(12, RequestType.CANCELLATION)

    assert findings([*called_off, later]) == {}
    assert Signal.UNRELIABILITY in findings([called_off[0], later])


def test_care_goes_on_while_boundaries_rest() -> None:
    told = judged([remarked(3, Remark.BEREAVEMENT)], client(until=NOW.date() + timedelta(days=20)))

    assert [note.care for note in told.care] == ["turning_point"]


def test_words_of_danger_are_handed_on_and_never_a_score() -> None:
    facts = [extra(days) for days in (5, 9, 16)]
    told = judged([*facts, remarked(2, Remark.DANGER)])

    assert told.danger is not None
    assert told.danger.sent_at == remarked(2, Remark.DANGER).sent_at
    assert (told.health, told.parts, told.findings) == (None, None, ())
    assert judged([*facts, remarked(15, Remark.DANGER)]).danger is None


def test_the_coachs_condolences_are_heard_too_and_danger_is_the_clients_own() -> None:
    asks = [extra(2), extra(9), extra(16)]

    assert judged([*asks, sent(3, remarks=frozenset({Remark.BEREAVEMENT}))]).findings == ()
    assert judged([*asks, sent(3, remarks=frozenset({Remark.DANGER}))]).danger is None
