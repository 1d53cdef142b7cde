"""One rule for all boundary signals: a pattern, never one lapse."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from health.world import BERLIN, NOW, client, extra, findings, received, sent

from monitor.agreement import Agreement
from monitor.facts import Fact, Remark
from monitor.health.findings import Trend
from monitor.health.patterns import Track, presence, probability_above, separate
from monitor.labels import RequestType, Signal


def test_three_asks_in_four_weeks_are_a_pattern_with_leeway_two_and_two_are_none() -> None:
    assert Signal.SCOPE_CREEP not in findings([extra(2), extra(9)])

    found = findings([extra(2), extra(9), extra(16)])[Signal.SCOPE_CREEP]
    assert (found.incidents, found.leeway) == (3, 2)
    assert found.rule == "3 asks outside the agreement in 4 weeks, leeway 2"
    assert found.since == date(2026, 5, 2)
    assert [evidence.quote for evidence in found.evidence] == ["bitte"] * 3


def test_asks_older_than_four_weeks_no_longer_count() -> None:
    assert Signal.SCOPE_CREEP not in findings([extra(2), extra(9), extra(35), extra(36)])


def test_a_pattern_goes_on_as_long_as_the_asks_come_and_fades_when_they_end() -> None:
    asks = [extra(days) for days in range(30, 100, 7)]

    assert Signal.SCOPE_CREEP in findings(asks, now=NOW - timedelta(days=29))
    assert Signal.SCOPE_CREEP not in findings(asks)
    told = findings(asks, now=NOW - timedelta(days=29))[Signal.SCOPE_CREEP]
    assert told.since < (NOW - timedelta(days=85)).date()


def test_a_pattern_does_not_come_and_go_with_the_doubts_of_the_classifier() -> None:
    doubtful = [extra(days, probability=0.71) for days in (2, 8, 14)]

    assert findings(doubtful) == {}
    assert findings([*doubtful, *(extra(days, probability=0.95) for days in (20, 30, 33))])
    assert [presence([0.42, 0.43, 0.38, 0.37, 0.42])] == [[False, True, True, False, False]]


def test_a_burst_on_one_evening_is_one_incident() -> None:
    assert Signal.SCOPE_CREEP not in findings([extra(2, hour=18), extra(2, hour=19), extra(2, hour=20), extra(9)])


def test_the_night_belongs_to_the_evening_before() -> None:
    night = [extra(3, hour=23), extra(2, hour=1), extra(2, hour=3)]

    assert Signal.SCOPE_CREEP not in findings([*night, extra(9)])
    assert Signal.SCOPE_CREEP in findings([*night, extra(2, hour=20), extra(9)])


def test_the_days_are_the_clients_own() -> None:
    # Two mails of a Tokyo day, before and after midnight in New York, are two of a New York client's days.
    mails = [extra(3, hour=8), extra(3, hour=14)]

    assert len(separate([(mail, 0.9, "") for mail in mails], ZoneInfo("Asia/Tokyo"))) == 1
    assert len(separate([(mail, 0.9, "") for mail in mails], ZoneInfo("America/New_York"))) == 2


def test_an_uncertain_classification_weighs_less() -> None:
    assert Signal.SCOPE_CREEP not in findings([extra(day, probability=0.55) for day in (2, 9, 16)])


def test_many_faint_guesses_are_no_pattern() -> None:
    faint = [received(day, RequestType.EXPECTATION, probability=0.39) for day in range(1, 27)]

    assert findings(faint) == {}


def test_what_the_agreement_includes_is_no_incident_and_what_it_excludes_is_one() -> None:
    included = client(agreement=Agreement(included=frozenset({RequestType.EXTRA_WORK})))
    excluded = client(agreement=Agreement(excluded=frozenset({RequestType.COACHING_QUESTION})))
    questions = [received(day, RequestType.COACHING_QUESTION) for day in (2, 9, 16)]

    assert findings([extra(2), extra(9), extra(16)], included) == {}
    assert Signal.SCOPE_CREEP in findings(questions, excluded)
    assert findings(questions) == {}


def test_a_signal_that_is_switched_off_says_nothing() -> None:
    off = client(leeway={Signal.SCOPE_CREEP: False})

    assert findings([extra(2), extra(9), extra(16)], off) == {}


def test_a_demand_for_an_answer_at_once_is_always_on_and_not_growing_scope_as_well() -> None:
    demands = [received(day, RequestType.INSTANT_ACCESS, out_of_scope=True, hour=22) for day in (1, 4, 9, 15)]

    assert set(findings(demands)) == {Signal.ALWAYS_ON}
    assert findings(demands, client(leeway={Signal.ALWAYS_ON: False})) == {}


def test_writing_at_night_and_at_the_weekend_is_nothing_by_itself() -> None:
    assert findings([received(day, RequestType.PROGRESS, hour=22) for day in range(1, 27)]) == {}


def test_a_call_off_that_lies_outside_the_agreement_is_unreliability_and_not_growing_scope() -> None:
    moved = [
        received(day, RequestType.CANCELLATION, RequestType.SCHEDULING, out_of_scope=True) for day in (1, 8, 15, 22)
    ]

    assert set(findings(moved)) == {Signal.UNRELIABILITY}


def test_an_appointment_said_to_lie_outside_the_agreement_weighs_less_than_work_that_is_asked_for() -> None:
    evenings = [received(day, RequestType.SCHEDULING, out_of_scope=True) for day in (2, 9, 16, 23)]

    assert findings(evenings) == {}
    assert Signal.SCOPE_CREEP in findings([*evenings, received(5, RequestType.SCHEDULING, out_of_scope=True)])


def overdue(days_ago: float) -> list[Fact]:
    """A reminder and the client's answer to it."""
    return [
        sent(days_ago, remarks=frozenset({Remark.PAYMENT_REMINDER})),
        received(days_ago - 1, RequestType.PAYMENT, remarks=frozenset({Remark.LATE_PAYMENT})),
    ]


def test_a_reminder_and_the_answer_to_it_are_one_late_payment_and_two_are_a_pattern() -> None:
    assert findings(overdue(10)) == {}
    assert Signal.PAYMENT in findings([*overdue(20), *overdue(10)])


def test_the_coachs_reminders_alone_show_lateness_and_questions_on_an_invoice_do_not() -> None:
    reminders = [sent(days, remarks=frozenset({Remark.PAYMENT_REMINDER})) for days in (20, 10)]

    assert Signal.PAYMENT in findings(reminders)
    assert findings([received(day, RequestType.PAYMENT) for day in (2, 5, 9, 14)]) == {}


def test_two_wishes_for_a_lower_price_are_let_pass_and_three_are_a_pattern() -> None:
    bargains = [received(day, RequestType.PAYMENT, out_of_scope=True) for day in (2, 9, 16)]

    assert findings(bargains[:2]) == {}
    assert set(findings(bargains)) == {Signal.PAYMENT}


def test_two_missed_sessions_are_unreliability_and_two_undone_tasks_are_not() -> None:
    missed = [received(day, RequestType.CANCELLATION) for day in (3, 10)]
    undone = [received(day, RequestType.MISSED_COMMITMENT) for day in (3, 10)]

    assert Signal.UNRELIABILITY in findings(missed)
    assert findings(missed[:1]) == {}
    assert findings(undone) == {}
    assert Signal.UNRELIABILITY in findings([*undone, received(17, RequestType.MISSED_COMMITMENT)])
    assert Signal.UNRELIABILITY in findings([missed[0], undone[1]])


@pytest.mark.parametrize(
    ("days", "trend"),
    [((1, 2, 5, 9), Trend.RISING), ((16, 18, 20, 26, 3), Trend.EASING), ((2, 5, 16, 20), Trend.STEADY)],
)
def test_the_trend_compares_the_last_two_weeks_with_the_two_before(days: tuple[int, ...], trend: Trend) -> None:
    assert findings([extra(day, probability=1.0) for day in days])[Signal.SCOPE_CREEP].trend is trend


def test_the_posterior_is_the_one_of_the_documentation() -> None:
    assert [round(probability_above(1, count), 2) for count in (1, 1.7, 2)] == [0.35, 0.62, 0.71]
    assert [round(probability_above(2, count), 2) for count in (2, 2.5, 3)] == [0.37, 0.51, 0.63]
    assert [round(probability_above(3, count), 2) for count in (3, 3.5, 4)] == [0.37, 0.48, 0.59]
    assert [round(probability_above(5, count), 2) for count in (5, 5.5, 6)] == [0.37, 0.45, 0.54]


def test_the_behaviour_of_others_alone_accuses_nobody() -> None:
    assert probability_above(1, 1, prior_mean=50.0) < 0.5


def test_messages_of_one_day_are_one_incident_as_certain_as_the_strongest() -> None:
    weak, strong = extra(2, hour=10), extra(2, hour=19)
    (incident,) = separate([(weak, 0.4, "a"), (strong, 0.9, "b")], BERLIN)

    assert (incident.weight, incident.quotes, incident.at) == (0.9, ("b", "a"), strong.sent_at)


def test_a_track_counts_any_window() -> None:
    track = Track(separate([(extra(days), 0.5, "") for days in (1, 5, 40)], BERLIN))

    assert track.count(NOW - timedelta(weeks=4), NOW) == 2
    assert track.weighed(NOW - timedelta(weeks=8), NOW) == pytest.approx(1.5)
    assert track.after((NOW - timedelta(days=3)).date()).count(NOW - timedelta(weeks=8), NOW) == 1
    assert Track().weighed(NOW - timedelta(weeks=4), NOW) == 0.0
