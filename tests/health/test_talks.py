"""After the talk: four quiet weeks, then before and after are compared with the other clients as a yardstick."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from health.world import COACH, NOW, care, client, extra, findings, judged, received

from monitor.facts import Fact
from monitor.health.distributions import probability_of_falling
from monitor.health.findings import Effect, TalkOutcome
from monitor.health.judgement import judge
from monitor.health.talks import FALL, PRIOR, conversations
from monitor.labels import Care, RequestType, Signal
from monitor.talks import Talk


def talk(days_ago: int, name: str = "Georg") -> Talk:
    return Talk(name, NOW.date() - timedelta(days=days_ago))


def told(facts: list[Fact], *days_ago: int) -> TalkOutcome:
    outcome = judged(facts, talks=[talk(days) for days in days_ago]).talk
    assert outcome is not None
    return outcome


def test_after_a_talk_older_incidents_alone_raise_nothing() -> None:
    asks = [extra(days) for days in (30, 33, 37, 40, 44)]

    assert findings(asks, now=NOW - timedelta(days=29))
    assert findings(asks, now=NOW - timedelta(days=25), talks=[talk(29)]) == {}


def test_a_renewed_pattern_waits_for_two_weeks_and_is_made_of_what_came_since() -> None:
    renewed = [extra(days) for days in (2, 5, 9, 12)]

    assert findings(renewed, talks=[talk(13)]) == {}
    assert set(findings(renewed, talks=[talk(14)])) == {Signal.SCOPE_CREEP}
    assert findings([*renewed[:2], *(extra(days) for days in (15, 17, 19, 21))], talks=[talk(14)]) == {}


def test_the_day_of_the_talk_itself_counts_as_before() -> None:
    asks = [extra(28), extra(20), extra(10)]

    assert findings(asks, talks=[talk(28)]) == {}


def test_a_talk_with_one_client_says_nothing_of_another() -> None:
    assert findings([extra(2), extra(9), extra(16)], talks=[talk(3, "Silke")])


def test_too_early_then_worked_then_an_improvement() -> None:
    asks = [extra(days) for days in range(32, 80, 6)]

    early = judged(asks, now=NOW - timedelta(days=6), talks=[talk(30)]).talk
    assert early is not None
    assert (early.effect, early.weeks) == (Effect.TOO_EARLY, 0)

    late = told(asks, 30)
    assert (late.effect, late.weeks, late.signals[0].signal) == (Effect.WORKED, 4, Signal.SCOPE_CREEP)
    assert late.signals[0].after == 0
    note = care([*asks, received(3, RequestType.PROGRESS)], talks=[talk(30)])[Care.IMPROVEMENT]
    assert (note.signal, note.now) == (Signal.SCOPE_CREEP, 0)
    assert note.before >= 3


def test_what_goes_on_as_before_is_no_change_and_twice_so_calls_for_an_ending() -> None:
    asks = [extra(days) for days in range(1, 120, 6)]

    once = told(asks, 35)
    assert (once.effect, once.unchanged, once.calls_for_an_ending) == (Effect.NO_CHANGE, 1, False)
    twice = told(asks, 75, 35)
    assert (twice.effect, twice.unchanged, twice.held) == (Effect.NO_CHANGE, 2, 2)
    assert twice.calls_for_an_ending


def test_a_talk_that_worked_ends_the_row_of_those_that_did_not() -> None:
    asks = [extra(days) for days in (*range(230, 170, -6), *range(100, 0, -6))]

    assert told(asks, 171, 40).unchanged == 1


def test_what_comes_back_after_a_talk_that_worked_has_not_changed_for_good() -> None:
    relapse = [extra(days) for days in (*range(232, 290, 6), *range(1, 30, 6))]
    outcome = told(relapse, 230)

    assert (outcome.effect, outcome.unchanged) == (Effect.NO_CHANGE, 1)
    assert told(relapse[:-5], 230).effect is Effect.WORKED


def test_a_talk_of_last_week_does_not_wipe_out_the_two_before() -> None:
    outcome = told([extra(days) for days in range(1, 140, 6)], 110, 70, 5)

    assert (outcome.effect, outcome.unchanged) == (Effect.TOO_EARLY, 2)
    assert not outcome.calls_for_an_ending


def test_a_lull_of_everybody_is_no_merit_of_the_talk() -> None:
    people = [client(name) for name in ("Georg", "Silke", "Miriam", "Tobias")]
    before = range(31, 85, 9)

    def of(name: str, *days: int) -> list[Fact]:
        return [extra(day, sender=f"{name}@x.example") for day in (*before, *days)]

    lull = {"Georg": of("georg", 20), **{one.name: of(one.name) for one in people[1:]}}
    busy = {"Georg": of("georg", 20), **{one.name: of(one.name, 3, 9, 14, 21, 26) for one in people[1:]}}

    def effect(histories: dict[str, list[Fact]]) -> float:
        outcome = judge(COACH, people, histories, NOW, None, [talk(30)]).clients[0].talk
        assert outcome is not None
        return outcome.signals[0].probability

    assert effect(lull) < effect(busy)


def test_what_was_not_read_yet_is_too_early() -> None:
    asks = [extra(days) for days in range(32, 80, 6)]
    outcome = judge(COACH, [client()], {"Georg": asks}, NOW, NOW - timedelta(days=10), [talk(30)]).clients[0].talk

    assert outcome is not None
    assert outcome.effect is Effect.TOO_EARLY


def test_less_mail_after_a_talk_about_a_large_share_is_a_success() -> None:
    people = [client(name) for name in ("Georg", "Silke", "Miriam", "Tobias", "Hartmut")]
    histories = {
        one.name: [received(day, RequestType.SOCIAL, sender=f"{one.name}@x.example") for day in range(5, 100, 10)]
        for one in people
    }
    histories["Georg"] = [received(day, RequestType.COACHING_QUESTION, words=300) for day in range(33, 100)]
    histories["Georg"] += [received(day, RequestType.COACHING_QUESTION) for day in (2, 9, 16, 25)]
    outcome = judge(COACH, people, histories, NOW, None, [talk(32)]).clients[0].talk

    assert outcome is not None
    assert [(one.signal, one.effect) for one in outcome.signals] == [(Signal.TIME_SHARE, Effect.WORKED)]


def test_a_talk_entered_twice_is_one_conversation() -> None:
    days = [date(2026, 3, 1), date(2026, 3, 1), date(2026, 3, 4), date(2026, 4, 20), date(2026, 6, 1)]
    talks = [Talk("Georg", day) for day in days]

    assert conversations(talks, "Georg", NOW.date()) == [date(2026, 3, 4), date(2026, 4, 20)]


@pytest.mark.parametrize(
    ("before", "after", "probability", "worked"),
    [(4, 0, 0.97, True), (2, 0, 0.9, True), (4, 1, 0.76, True), (3, 2, 0.38, False), (5, 4, 0.25, False)],
)
def test_the_comparison_is_the_one_of_the_documentation(
    before: int, after: int, probability: float, worked: bool
) -> None:
    told = probability_of_falling((before, 1), (after, 1), FALL, PRIOR)

    assert round(told, 2) == probability
    assert (told >= 0.5) is worked
