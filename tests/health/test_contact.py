"""Too much contact and too little both cost; a heavy writer with progress is healthy."""

from __future__ import annotations

from datetime import timedelta

import pytest
from health.world import COACH, NOW, client, extra, judged, received, remarked, sent

from monitor.agreement import Agreement
from monitor.facts import Fact, Remark
from monitor.health.findings import ClientHealth, HealthParts
from monitor.health.judgement import judge
from monitor.health.rhythm import Quiet
from monitor.health.score import health, parts
from monitor.labels import RequestType, Signal

NAMES = ("Georg", "Silke", "Miriam", "Tobias", "Hartmut")
OFFICE_DAYS = [day for day in range(1, 56) if (NOW - timedelta(days=day)).weekday() < 5]


def among_others(mails: list[Fact]) -> ClientHealth:
    """How Georg is doing with these mails, beside four clients who write every ten days."""
    people = [client(name) for name in NAMES]
    histories = {
        name: [received(day, RequestType.SOCIAL, sender=f"{name.lower()}@x.example") for day in range(5, 56, 10)]
        for name in NAMES
    }
    return judge(COACH, people, {**histories, "Georg": mails}, NOW).clients[0]


def signals(mails: list[Fact]) -> set[Signal]:
    return {finding.signal for finding in among_others(mails).findings}


def test_a_client_who_takes_far_more_than_an_even_share_is_told_and_a_lone_client_is_not() -> None:
    mails = [received(day, RequestType.COACHING_QUESTION, words=200) for day in OFFICE_DAYS]

    assert signals(mails) == {Signal.TIME_SHARE}
    assert judged(mails).findings == ()
    assert signals(mails[:6]) == set()


def test_much_mail_is_healthy_with_progress_in_scope_and_in_office_hours() -> None:
    def mails(progress_every: int, hour: int = 12) -> list[Fact]:
        return [
            received(
                day,
                RequestType.PROGRESS if number % progress_every == 0 else RequestType.COACHING_QUESTION,
                words=200,
                hour=hour,
            )
            for number, day in enumerate(OFFICE_DAYS)
        ]

    assert signals(mails(2)) == set()
    assert signals(mails(8)) == {Signal.TIME_SHARE}
    assert signals(mails(2, hour=21)) == {Signal.TIME_SHARE}
    assert Signal.TIME_SHARE in signals([*mails(2), extra(3), extra(9)])


def test_what_the_coach_writes_counts_by_its_length() -> None:
    people = [client(name) for name in NAMES]
    histories = {
        name: [received(day, RequestType.SOCIAL, sender=f"{name.lower()}@x.example") for day in range(2, 27, 3)]
        for name in NAMES
    }
    histories["Georg"] = sorted(
        [*histories["Georg"], *(sent(day, words=300) for day in range(2, 27, 3))], key=lambda fact: fact.sent_at
    )
    told = judge(COACH, people, histories, NOW)

    assert told.shares.of("Georg") > 0.5
    assert sum(told.shares.of(name) for name in NAMES) == pytest.approx(1)
    assert told.shares.even == pytest.approx(0.2)


def test_the_parts_make_the_health_of_the_documentation() -> None:
    def of(strengths: list[float], quiet: Quiet | None = None, progress: int = 0) -> int:
        return health(parts(strengths, quiet, 0.0, 0.0, progress))

    assert of([]) == 100
    assert of([0.12]) == 97
    assert of([0.65]) == 71
    assert of([0.65], progress=3) == 80
    assert of([], Quiet(28, 14.0, NOW)) == 80
    assert of([0.9, 0.9, 0.9, 0.9, 0.9], Quiet(100, 14.0, NOW)) == 0


def test_silence_and_flood_both_cost_and_the_rhythm_is_best() -> None:
    def contact(days: int) -> int:
        return parts([], Quiet(days, 14.0, NOW), 0.0, 0.0, 0).contact

    assert [contact(days) for days in (1, 14, 15, 28, 42, 100)] == [0, 0, 11, 20, 30, 30]
    assert parts([], None, 1.0, 0.0, 0).contact == 15


def test_a_flood_of_mails_costs_health_without_any_pattern() -> None:
    usual = [received(day, RequestType.SCHEDULING) for day in range(15, 110, 7)]
    flood = [received(day, RequestType.COACHING_QUESTION) for day in range(1, 14)]

    assert judged(usual, client(agreement=Agreement(rhythm_days=20))).parts == HealthParts()
    told = judged([*usual, *flood])
    assert told.findings == ()
    assert told.parts is not None
    assert told.parts.contact > 5


def test_late_answers_of_the_coach_cost_health() -> None:
    late = [fact for day in (27, 20, 13) for fact in (received(day, RequestType.COACHING_QUESTION), sent(day - 6))]
    told = judged(late).parts

    assert told is not None
    assert told.replies > 5


def test_health_changes_against_last_week() -> None:
    told = judged([extra(16), extra(9), extra(2)])

    assert told.health is not None
    assert told.health_change is not None
    assert told.health_change < 0
    assert told.weekly[-1] - told.health_change == told.weekly[-2]  # type: ignore[operator]


def test_without_mail_for_twelve_weeks_or_a_look_for_one_there_is_no_health() -> None:
    assert judged([received(85, RequestType.SOCIAL)]).health is None
    assert judged([received(83, RequestType.SOCIAL)]).health is not None
    facts = {"Georg": [received(9, RequestType.SOCIAL)]}
    assert judge(COACH, [client()], facts, NOW, NOW - timedelta(days=8)).clients[0].health is None
    assert judge(COACH, [client()], facts, NOW, NOW - timedelta(days=6)).clients[0].health is not None


def test_progress_stands_beside_the_pattern() -> None:
    told = judged(
        [extra(16), extra(9), extra(2), received(3, RequestType.PROGRESS), remarked(30, Remark.GOAL_COMPLETED)]
    )

    assert told.findings
    assert told.progress == 1
