"""One rule for all boundary signals: a pattern, never one lapse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from health.world import BERLIN, COACH, NOW, client, received, sent
from hypothesis import given
from hypothesis import strategies as st

from monitor.agreement import Agreement, Client
from monitor.facts import Fact, Remark
from monitor.health.findings import Finding, Trend
from monitor.health.judgement import judge
from monitor.health.patterns import probability_above, separate, upper_gamma
from monitor.labels import Care, RequestType, Signal


def findings(facts: list[Fact], who: Client | None = None) -> dict[Signal, Finding]:
    who = who or client()
    judged = judge(COACH, [who], {who.name: sorted(facts, key=lambda fact: fact.sent_at)}, NOW)
    return {finding.signal: finding for finding in judged.clients[0].findings}


def extra(days_ago: float, **changes: object) -> Fact:
    return received(days_ago, RequestType.EXTRA_WORK, out_of_scope=True, **changes)  # type: ignore[arg-type]


def test_three_asks_in_four_weeks_are_a_pattern_with_leeway_two_and_two_are_none() -> None:
    assert Signal.SCOPE_CREEP not in findings([extra(2), extra(9)])

    found = findings([extra(2), extra(9), extra(16)])[Signal.SCOPE_CREEP]
    assert (found.incidents, found.leeway) == (3, 2)
    assert found.rule == "3 asks outside the agreement in 4 weeks, leeway 2"
    assert found.since == date(2026, 5, 2)
    assert [evidence.quote for evidence in found.evidence] == ["bitte"] * 3


def test_asks_older_than_four_weeks_no_longer_count() -> None:
    assert Signal.SCOPE_CREEP not in findings([extra(2), extra(9), extra(35), extra(36)])


def test_a_burst_on_one_evening_is_one_incident() -> None:
    assert Signal.SCOPE_CREEP not in findings([extra(2, hour=18), extra(2, hour=19), extra(2, hour=20), extra(9)])


def test_an_uncertain_classification_weighs_less() -> None:
    assert Signal.SCOPE_CREEP not in findings([extra(day, probability=0.55) for day in (2, 9, 16)])


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


def test_demands_at_night_are_a_pattern_and_mail_at_night_that_demands_nothing_is_none() -> None:
    demands = [received(day, RequestType.INSTANT_ACCESS, hour=22) for day in (1, 4, 9, 15)]
    quiet = [received(day, RequestType.PROGRESS, hour=22) for day in (1, 4, 9, 15)]

    assert Signal.ALWAYS_ON in findings(demands)
    assert findings(quiet) == {}


def test_night_here_is_day_where_the_client_lives() -> None:
    nights = [
        received(day, RequestType.PROGRESS, hour=23)
        for day in range(1, 27)
        if (NOW - timedelta(days=day)).weekday() < 5
    ]
    abroad = client(timezone=ZoneInfo("America/New_York"))

    assert Signal.ALWAYS_ON in findings(nights)
    assert findings(nights, abroad) == {}


def test_an_overdue_payment_after_a_reminder_is_a_pattern_and_a_question_on_the_invoice_is_none() -> None:
    late = received(3, RequestType.PAYMENT, remarks=frozenset({Remark.LATE_PAYMENT}))
    reminder = sent(10, remarks=frozenset({Remark.PAYMENT_REMINDER}))

    assert Signal.PAYMENT in findings([late, reminder])
    assert findings([late]) == {}
    assert findings([received(day, RequestType.PAYMENT) for day in (2, 5, 9, 14)]) == {}


def test_a_missed_session_and_undone_homework_are_unreliability() -> None:
    assert Signal.UNRELIABILITY in findings(
        [received(3, RequestType.CANCELLATION), received(10, RequestType.MISSED_COMMITMENT)]
    )
    assert findings([received(3, RequestType.CANCELLATION)]) == {}


@pytest.mark.parametrize(
    ("days", "trend"),
    [((1, 2, 5, 9), Trend.RISING), ((16, 18, 20, 26, 3), Trend.EASING), ((2, 5, 16, 20), Trend.STEADY)],
)
def test_the_trend_compares_the_last_two_weeks_with_the_two_before(days: tuple[int, ...], trend: Trend) -> None:
    assert findings([extra(day, probability=1.0) for day in days])[Signal.SCOPE_CREEP].trend is trend


def test_the_length_of_the_relationship_changes_nothing() -> None:
    facts = [extra(2), extra(9), extra(16)]

    assert findings(facts, client(since=date(2026, 3, 18))) == findings(facts, client(since=date(2020, 5, 18)))


def test_an_empty_store_is_quiet_and_says_no_health() -> None:
    judged = judge(COACH, [client()], {}, NOW)

    assert judged.clients[0].health is None
    assert judged.clients[0].findings == ()
    assert judged.clients[0].care == ()


def test_later_facts_do_not_count() -> None:
    who = client()
    facts = [extra(16), extra(9), extra(2)]
    week_ago = NOW - timedelta(weeks=1)

    assert judge(COACH, [who], {who.name: facts}, week_ago) == judge(COACH, [who], {who.name: facts[:2]}, week_ago)


INCIDENTS = st.lists(
    st.tuples(st.floats(0.1, 80), st.sampled_from(list(RequestType)), st.booleans(), st.floats(0.3, 1)), max_size=25
)


def _facts(drawn: list[tuple[float, RequestType, bool, float]]) -> list[Fact]:
    facts = [
        replace(received(day, request, out_of_scope=outside, probability=chance), key=f"<{number}>")
        for number, (day, request, outside, chance) in enumerate(drawn)
    ]
    return sorted(facts, key=lambda fact: fact.sent_at)


@given(INCIDENTS)
def test_one_incident_is_never_a_finding(drawn: list[tuple[float, RequestType, bool, float]]) -> None:
    for finding in findings(_facts(drawn)).values():
        assert finding.incidents >= 2 or finding.signal is Signal.TIME_SHARE


@given(INCIDENTS, st.floats(0.1, 27))
def test_one_more_ask_never_lowers_a_signal(drawn: list[tuple[float, RequestType, bool, float]], day: float) -> None:
    before = findings(_facts(drawn)).get(Signal.EXPECTATION_GAP)
    more = [*drawn, (day, RequestType.EXPECTATION, False, 1.0)]
    after = findings(_facts(more)).get(Signal.EXPECTATION_GAP)

    if before is not None:
        assert after is not None
        assert after.strength >= before.strength - 0.02  # two incidents can merge into one burst


@given(INCIDENTS)
def test_how_a_moment_is_written_changes_nothing(drawn: list[tuple[float, RequestType, bool, float]]) -> None:
    facts = _facts(drawn)
    tokyo = ZoneInfo("Asia/Tokyo")
    moved = [replace(fact, sent_at=fact.sent_at.astimezone(tokyo)) for fact in facts]

    assert findings(facts) == findings(moved)


@given(INCIDENTS)
def test_an_included_type_never_raises_scope_creep(drawn: list[tuple[float, RequestType, bool, float]]) -> None:
    everything = client(agreement=Agreement(included=frozenset(RequestType)))

    assert Signal.SCOPE_CREEP not in findings(_facts(drawn), everything)


def test_the_posterior_is_the_one_of_the_documentation() -> None:
    assert [round(probability_above(2, count), 2) for count in (1, 2, 3, 4)] == [0.2, 0.45, 0.69, 0.85]
    assert [round(probability_above(1, count), 2) for count in (1, 2)] == [0.52, 0.8]


@pytest.mark.parametrize(
    ("shape", "x", "expected"),
    [(0.5, 0.5, 0.317310507863), (1, 1, 0.367879441171), (3.5, 2.5, 0.659963158), (10, 20, 0.004995412308)],
)
def test_the_incomplete_gamma_function_has_its_known_values(shape: float, x: float, expected: float) -> None:
    assert upper_gamma(shape, x) == pytest.approx(expected, rel=1e-4)


def test_messages_of_one_burst_are_one_incident_as_certain_as_the_strongest() -> None:
    weak, strong = extra(2, hour=10), extra(2, hour=11)
    joined = separate([(weak, 0.4, "a"), (strong, 0.9, "b")])

    assert [(incident.weight, incident.quotes) for incident in joined] == [(0.9, ("b", "a"))]


def weekly(days: range, **changes: object) -> list[Fact]:
    return [received(day, RequestType.PROGRESS, **changes) for day in sorted(days, reverse=True)]  # type: ignore[arg-type]


def test_a_client_who_falls_silent_is_noticed_against_their_own_rhythm() -> None:
    who = client(agreement=Agreement(rhythm_days=7))
    facts = weekly(range(30, 90, 7))
    note = judge(COACH, [who], {who.name: facts}, NOW).clients[0].care

    assert [(one.care, one.days) for one in note] == [(Care.SILENCE, 29)]


def test_a_monthly_writer_is_not_silent_after_three_weeks() -> None:
    who = client(agreement=Agreement(rhythm_days=14))

    assert judge(COACH, [who], {who.name: weekly(range(21, 150, 28))}, NOW).clients[0].care == ()


def test_nobody_is_silent_where_nothing_was_read() -> None:
    who = client(agreement=Agreement(rhythm_days=7))
    facts = weekly(range(30, 90, 7))

    assert judge(COACH, [who], {who.name: facts}, NOW, NOW - timedelta(days=25)).clients[0].care == ()


def test_a_client_who_takes_far_more_than_an_even_share_is_told_and_a_lone_client_is_not() -> None:
    names = ["Georg", "Silke", "Miriam", "Tobias", "Hartmut"]
    people = [client(name) for name in names]
    histories = {
        name: [received(day, RequestType.SOCIAL, sender=f"{name.lower()}@x.example") for day in (20, 10)]
        for name in names
    }
    histories["Georg"] = [received(day, RequestType.SOCIAL, words=200) for day in range(26, 0, -2)]

    told = judge(COACH, people, histories, NOW).clients
    assert {health.client for health in told if any(f.signal is Signal.TIME_SHARE for f in health.findings)} == {
        "Georg"
    }
    alone = judge(COACH, people[:1], histories, NOW).clients
    assert alone[0].findings == ()


def test_office_hours_are_judged_on_the_coachs_wall_clock_on_both_sides_of_summer_time() -> None:
    from monitor.health.working_time import WorkingTime

    working = WorkingTime(Agreement(), BERLIN, "DE-BY")
    assert working.is_office_time(NOW.replace(hour=9))
    assert not working.is_office_time(NOW.replace(hour=18))
    assert not working.is_office_time(NOW.replace(month=5, day=14, hour=12))  # Ascension
    assert working.is_office_time(NOW.replace(month=1, day=19, hour=17))
    friday = NOW.replace(month=5, day=15, hour=17)
    assert working.working_days(friday, NOW.replace(hour=10)) == pytest.approx(2 / 9)
