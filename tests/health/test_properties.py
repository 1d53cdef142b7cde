"""What must hold whatever the mail: monotone, invariant, never on one incident, quiet without data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from health.world import COACH, NOW, client, extra, findings, judged, received, sent
from hypothesis import given
from hypothesis import strategies as st

from monitor.agreement import Agreement, Client
from monitor.facts import Fact, Remark
from monitor.health.judgement import judge
from monitor.labels import RequestType, Signal
from monitor.talks import Snooze, Talk

Drawn = tuple[float, RequestType, bool, float, int]
MAILS = st.lists(
    st.tuples(
        st.floats(0.1, 80),
        st.sampled_from(list(RequestType)),
        st.booleans(),
        st.floats(0.3, 1),
        st.integers(0, 23),
    ),
    max_size=25,
)
BY_MESSAGES = {
    Signal.SCOPE_CREEP: RequestType.EXTRA_WORK,
    Signal.ALWAYS_ON: RequestType.INSTANT_ACCESS,
    Signal.DEPENDENCY: RequestType.REASSURANCE,
    Signal.UNRELIABILITY: RequestType.CANCELLATION,
    Signal.EXPECTATION_GAP: RequestType.EXPECTATION,
}


def facts_of(drawn: Sequence[Drawn]) -> list[Fact]:
    return [
        replace(
            received(day, request, out_of_scope=outside, probability=chance, hour=hour, minute=number),
            key=f"<{number}>",
        )
        for number, (day, request, outside, chance, hour) in enumerate(drawn)
    ]


@given(MAILS)
def test_one_incident_is_never_a_finding(drawn: list[Drawn]) -> None:
    for finding in findings(facts_of(drawn)).values():
        assert finding.incidents >= 2


@given(st.sampled_from(list(RequestType)), st.booleans(), st.integers(0, 23), st.integers(1, 12))
def test_one_day_is_never_a_finding(request: RequestType, outside: bool, hour: int, mails: int) -> None:
    burst = [received(3, request, out_of_scope=outside, probability=1.0, hour=hour, minute=m) for m in range(mails)]

    assert findings(burst) == {}


@pytest.mark.parametrize("signal", BY_MESSAGES)
@given(MAILS, st.floats(0.1, 27), st.integers(7, 23))
def test_one_more_incident_never_lowers_a_signal(signal: Signal, drawn: list[Drawn], day: float, hour: int) -> None:
    before = findings(facts_of(drawn)).get(signal)
    more = facts_of([*drawn, (day, BY_MESSAGES[signal], signal is Signal.SCOPE_CREEP, 1.0, hour)])
    after = findings(more).get(signal)

    if before is not None:
        assert after is not None
        assert after.strength >= before.strength


@given(st.lists(st.floats(0.1, 60), max_size=10), st.floats(0.1, 27))
def test_one_more_reminder_never_lowers_payment(days: list[float], day: float) -> None:
    def strength(reminded: list[float]) -> float:
        facts = [sent(one, remarks=frozenset({Remark.PAYMENT_REMINDER})) for one in reminded]
        found = findings(facts).get(Signal.PAYMENT)
        return found.strength if found else 0.0

    assert strength([*days, day]) >= strength(days)


@given(MAILS)
def test_an_included_type_never_raises_scope_creep(drawn: list[Drawn]) -> None:
    everything = client(agreement=Agreement(included=frozenset(RequestType)))

    assert Signal.SCOPE_CREEP not in findings(facts_of(drawn), everything)


@given(MAILS, st.sampled_from(list(RequestType)))
def test_to_include_one_type_more_never_raises_anything(drawn: list[Drawn], request: RequestType) -> None:
    wider = client(agreement=Agreement(included=frozenset({request})))
    narrow = findings(facts_of(drawn))

    for signal, finding in findings(facts_of(drawn), wider).items():
        assert finding.strength <= narrow[signal].strength


@given(MAILS)
def test_the_length_of_the_relationship_changes_nothing(drawn: list[Drawn]) -> None:
    facts = facts_of([one for one in drawn if one[0] < 59])
    short, long = client(since=date(2026, 3, 18)), client(since=date(2020, 5, 18))

    assert findings(facts, short) == findings(facts, long)


@given(MAILS, st.lists(st.floats(0.1, 60), max_size=6))
def test_warm_words_change_nothing(drawn: list[Drawn], warm: list[float]) -> None:
    facts = facts_of(drawn)
    thanks = [received(day, RequestType.SOCIAL, probability=1.0) for day in warm]

    assert findings(facts) == findings([*facts, *thanks])


@given(MAILS, st.randoms(use_true_random=False))
def test_the_order_of_messages_changes_nothing(drawn: list[Drawn], random: object) -> None:
    facts = facts_of(drawn)
    mixed = list(facts)
    random.shuffle(mixed)  # type: ignore[attr-defined]

    assert judged(facts) == judged(mixed)


@given(MAILS, st.sampled_from(["Asia/Tokyo", "America/New_York", "UTC", "Pacific/Apia"]))
def test_how_a_moment_is_written_changes_nothing(drawn: list[Drawn], name: str) -> None:
    facts = facts_of(drawn)
    zone = ZoneInfo(name)
    moved = [replace(fact, sent_at=fact.sent_at.astimezone(zone), utc_offset=0) for fact in facts]

    assert judged(facts) == judged(moved, now=NOW.astimezone(zone))


@given(MAILS)
def test_health_is_a_number_from_0_to_100_with_twelve_weeks(drawn: list[Drawn]) -> None:
    told = judged(facts_of(drawn))

    assert len(told.weekly) == 12
    assert told.weekly[-1] == told.health
    assert all(value is None or 0 <= value <= 100 for value in told.weekly)


def test_an_empty_store_is_quiet_and_says_no_health() -> None:
    told = judge(COACH, [client(), client("Silke")], {}, NOW)

    for health in told.clients:
        assert (health.health, health.health_change, health.findings, health.care) == (None, None, (), ())
        assert set(health.weekly) == {None}
        assert (health.mirror, health.goodwill, health.drift, health.talk) == ((), (), (), None)
    assert judge(COACH, [], {}, NOW).clients == ()


def test_later_facts_do_not_count() -> None:
    who = client()
    facts = [extra(16), extra(9), extra(2)]
    week_ago = NOW - timedelta(weeks=1)

    assert judge(COACH, [who], {who.name: facts}, week_ago) == judge(COACH, [who], {who.name: facts[:2]}, week_ago)


def test_later_talks_do_not_count_and_earlier_weeks_say_the_same_numbers_later() -> None:
    who: Client = client()
    facts = [extra(days) for days in range(80, 0, -6)]
    talk = [Talk(who.name, NOW.date() - timedelta(days=3))]
    before = NOW - timedelta(weeks=1)

    assert judge(COACH, [who], {who.name: facts}, before, None, talk) == judge(COACH, [who], {who.name: facts}, before)
    now = judge(COACH, [who], {who.name: facts}, NOW).clients[0]
    earlier = judge(COACH, [who], {who.name: facts}, before).clients[0]
    assert now.weekly[:-1] == earlier.weekly[1:]


def test_a_snooze_hides_the_proposal_and_leaves_the_health() -> None:
    facts = [extra(2), extra(9), extra(16)]
    snoozed = judged(facts, snoozes=[Snooze("Georg", NOW.date())])

    assert snoozed.findings == ()
    assert snoozed.snoozed_until == NOW.date()
    assert snoozed.health == judged(facts).health
    assert findings(facts, snoozes=[Snooze("Georg", NOW.date() - timedelta(days=1))])
    assert findings(facts, snoozes=[Snooze("Georg", NOW.date(), NOW.date() + timedelta(days=1))])
    assert findings(facts, snoozes=[Snooze("Silke", NOW.date())])
