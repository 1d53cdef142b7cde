"""Care: quieter than their own rhythm, waiting for the coach, too large to lose, better, at a turn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from health.world import BERLIN, COACH, NOW, away, care, client, extra, judged, received, remarked, sent

from monitor.agreement import Agreement, Client
from monitor.facts import Fact, Remark
from monitor.health.findings import CareNote
from monitor.health.judgement import judge
from monitor.health.replies import Waiting, late_probability
from monitor.health.working_time import WorkingTime
from monitor.labels import Care, RequestType, Signal

WEEKLY = client(agreement=Agreement(rhythm_days=7))


def reports(days: range) -> list[Fact]:
    return [received(day, RequestType.PROGRESS) for day in days]


# Silence


def test_a_client_who_falls_silent_is_noticed_against_their_own_rhythm() -> None:
    note = care(reports(range(30, 90, 7)), WEEKLY)[Care.SILENCE]

    assert (note.days, note.usual, note.on) == (30, 14, (NOW - timedelta(days=30)).date())


def test_a_monthly_writer_is_not_silent_after_three_weeks() -> None:
    assert care(reports(range(21, 150, 28)), client(agreement=Agreement(rhythm_days=14))) == {}
    assert care(reports(range(21, 150, 28)), client()) == {}


def test_the_agreed_rhythm_is_enough_whatever_the_own_one_was() -> None:
    assert care(reports(range(30, 60, 2)), client(agreement=Agreement(rhythm_days=28))) == {}


def test_nobody_is_silent_where_nothing_was_read() -> None:
    facts = reports(range(30, 90, 7))

    assert judge(COACH, [WEEKLY], {"Georg": facts}, NOW, NOW - timedelta(days=25)).clients[0].care == ()


def test_nobody_is_silent_while_the_coach_is_away() -> None:
    vacation = away((NOW - timedelta(days=28)).date(), (NOW - timedelta(days=8)).date())

    assert care(reports(range(30, 90, 7)), WEEKLY, coach=vacation) == {}


def test_nobody_is_judged_outside_the_contract() -> None:
    facts = reports(range(30, 90, 7))
    ended = client(agreement=Agreement(rhythm_days=7), until=NOW.date() - timedelta(days=1))

    assert care(facts, ended) == {}
    told = judged([extra(2), extra(5), extra(9)], ended)
    assert (told.findings, told.health) == ((), None)


# The coach's own answers


def asked(days_ago: float, **changes: object) -> Fact:
    return received(days_ago, RequestType.COACHING_QUESTION, **changes)  # type: ignore[arg-type]


def slow(*days: tuple[float, float]) -> list[Fact]:
    """Questions and the answers to them, in days before now."""
    return [fact for question, answer in days for fact in (asked(question, hour=10), sent(answer, hour=10))]


LATE = slow((27, 21), (20, 14), (13, 7))


def test_three_late_answers_in_four_weeks_are_neglect_and_prompt_ones_are_none() -> None:
    note = care(LATE)[Care.NEGLECT]

    assert note.reason.startswith("3 of 3 answers in 4 weeks later than 1 working days")
    assert "other means" in note.reason
    assert care(slow((27, 26), (20, 19), (13, 12))) == {}
    assert care(slow((27, 21), (20, 14), (13, 12), (12, 11), (6, 5), (5, 4), (4, 3))) == {}


def test_a_report_or_a_greeting_waits_for_no_answer() -> None:
    told = [received(day, RequestType.PROGRESS, hour=10) for day in (27, 20, 13)]

    assert care([*told, sent(21), sent(14), sent(7)]) == {}


def test_what_has_no_answer_weighs_half_because_it_may_have_been_answered_by_other_means() -> None:
    answered = [asked(27), sent(26)]

    assert Care.NEGLECT not in care([*answered, asked(3), asked(2)])
    assert Care.NEGLECT in care([*answered, asked(20), asked(13)])  # after five working days it has not


def test_two_late_answers_among_two_say_too_little() -> None:
    assert Care.NEGLECT not in care(slow((27, 21), (20, 14)))
    assert Care.NEGLECT in care(slow((27, 21), (20, 14), (13, 6)))


def test_one_late_answer_to_several_mails_is_one() -> None:
    several = [asked(20, hour=9), asked(19, hour=9), asked(18, hour=9), sent(12), asked(8), sent(7), asked(6), sent(5)]

    assert Care.NEGLECT not in care(several)


def test_a_days_mails_wait_from_the_first_one_and_are_one() -> None:
    burst = [asked(13, hour=10, minute=minute) for minute in range(8)]

    assert Care.NEGLECT not in care([*burst, sent(7)])


def test_holidays_weekends_and_absences_are_no_waiting() -> None:
    # Ascension on 14 May, the bridge day away: asked on Wednesday evening, answered on Monday morning.
    facts = slow((24, 20), (17, 13))
    bridge = away(date(2026, 5, 15), date(2026, 5, 15))

    assert care([*facts, asked(5, hour=17), sent(0, hour=6)], coach=bridge) == {}


def test_without_any_sent_mail_nobody_is_neglected() -> None:
    assert Care.NEGLECT not in care([asked(days) for days in range(1, 28)])
    told = judge(COACH, [client()], {"Georg": LATE}, NOW, sent_until=NOW - timedelta(days=3))
    assert told.clients[0].care == ()


def test_a_coach_who_writes_less_often_than_agreed_sees_it_in_the_mirror() -> None:
    facts = [*reports(range(2, 90, 7)), sent(25)]
    note = care(facts, WEEKLY)[Care.NEGLECT]

    assert (note.days, note.usual, note.on) == (25, 7, (NOW - timedelta(days=25)).date())
    assert care([*facts, sent(20)], WEEKLY) == {}


def test_an_open_promise_is_named() -> None:
    facts = [*reports(range(2, 90, 7)), sent(25, remarks=frozenset({Remark.PROMISE}))]

    assert "promise" in care(facts, WEEKLY)[Care.NEGLECT].reason


def test_the_posterior_of_late_answers_is_the_one_of_the_documentation() -> None:
    table = [(1, 1, 0.62), (2, 4, 0.67), (3, 3, 0.96), (2, 6, 0.48), (3, 12, 0.36)]

    assert [(late, of, round(late_probability(Waiting(late, of, 0), 0.05), 2)) for late, of, _ in table] == table


# Concentration


def paying(*fees: float, **changes: object) -> list[Client]:
    return [client(f"C{number}", Agreement(fee_per_month=fee), **changes) for number, fee in enumerate(fees)]


def concentrated(people: list[Client]) -> dict[str, CareNote]:
    told = judge(COACH, people, {}, NOW).clients
    return {health.client: note for health in told for note in health.care if note.care is Care.CONCENTRATION}


def test_too_much_of_the_fees_on_one_client_is_told() -> None:
    assert set(concentrated(paying(1200, 500, 500, 500, 300))) == {"C0"}
    assert concentrated(paying(1200, 500, 500, 500, 300))["C0"].reason == "40% of the agreed fees, even share 20%"
    assert concentrated(paying(900, 500, 500, 500, 500)) == {}


def test_half_of_two_is_no_cluster_and_no_fee_says_nothing() -> None:
    assert concentrated(paying(600, 500)) == {}
    assert concentrated(paying(600)) == {}
    assert concentrated([client("A"), client("B")]) == {}


def test_contracts_that_have_ended_do_not_count() -> None:
    ended = paying(2000, since=date(2024, 1, 1), until=NOW.date() - timedelta(days=1))
    people = [client("Last", Agreement(fee_per_month=2000), until=NOW.date() - timedelta(days=1))]

    assert concentrated(ended) == {}
    assert set(concentrated([*paying(1200, 500, 500, 500, 300), *people])) == {"C0"}


# Improvement and turning point


def test_a_pattern_that_fades_by_itself_is_an_improvement_for_some_weeks() -> None:
    asks = [extra(days) for days in range(30, 90, 6)]
    facts = [*asks, *(received(days, RequestType.PROGRESS) for days in range(1, 90, 5))]

    note = care(facts, now=NOW - timedelta(days=7))[Care.IMPROVEMENT]
    assert note.signal is Signal.SCOPE_CREEP
    assert note.now * 2 <= note.before
    assert Care.IMPROVEMENT not in care(facts, now=NOW + timedelta(days=21))
    assert Care.IMPROVEMENT not in care(facts, now=NOW - timedelta(days=28))


def test_whoever_stops_writing_has_not_improved() -> None:
    assert Care.IMPROVEMENT not in care([extra(days) for days in range(30, 90, 6)], now=NOW - timedelta(days=7))


def test_the_rest_after_a_bereavement_is_no_improvement() -> None:
    asks = [extra(days) for days in range(30, 90, 6)]
    facts = [*asks, remarked(29, Remark.BEREAVEMENT), received(9, RequestType.SOCIAL)]

    assert care(facts, now=NOW - timedelta(days=7)) == {}


@pytest.mark.parametrize(("days", "told"), [(36, False), (35, True), (1, True), (0, True), (-1, False)])
def test_the_end_of_a_contract_is_told_five_weeks_ahead(days: int, told: bool) -> None:
    ending = client(until=NOW.date() + timedelta(days=days))
    notes = care([received(1, RequestType.SOCIAL)], ending)

    assert (Care.TURNING_POINT in notes) is told
    if told:
        assert notes[Care.TURNING_POINT].on == ending.until
        assert notes[Care.TURNING_POINT].reason == f"contract ends {ending.until}"


def test_a_goal_that_was_reached_is_a_turning_point_for_four_weeks() -> None:
    reached = remarked(20, Remark.GOAL_COMPLETED)

    assert care([reached])[Care.TURNING_POINT].on is None
    assert care([reached], now=NOW + timedelta(days=9)) == {}


def test_a_care_signal_can_be_switched_off() -> None:
    quiet = client(agreement=Agreement(rhythm_days=7), leeway={Care.SILENCE: False})

    assert care(reports(range(30, 90, 7)), quiet) == {}


# Working time


def test_office_hours_are_judged_on_the_coachs_wall_clock_on_both_sides_of_summer_time() -> None:
    working = WorkingTime(Agreement(), BERLIN, "DE-BY")

    assert working.is_office_time(NOW.replace(hour=9))
    assert not working.is_office_time(NOW.replace(hour=18))
    assert not working.is_office_time(NOW.replace(month=5, day=14, hour=12))  # Ascension
    assert working.is_office_time(NOW.replace(month=1, day=19, hour=17))
    friday = NOW.replace(month=5, day=15, hour=17)
    assert working.working_days(friday, NOW.replace(hour=10)) == pytest.approx(2 / 9)


def test_days_of_absence_are_no_days() -> None:
    working = WorkingTime(Agreement(), BERLIN, "", away(date(2026, 5, 4), date(2026, 5, 10)).absences)

    assert working.days_present(NOW - timedelta(days=21), NOW) == 14
    assert working.days_present(NOW - timedelta(days=10), NOW) == 7
    assert working.days_present(NOW, NOW) == 0
