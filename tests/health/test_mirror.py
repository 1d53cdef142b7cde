"""The mirror, the goodwill ledger and the drift: what the coach's own answers do to an agreement."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from health.world import NOW, client, extra, judged, received, sent

from monitor.agreement import Agreement, Client
from monitor.facts import Fact, Remark
from monitor.health.findings import Clause, ClientHealth, Drift, Goodwill, Hours, Mirror
from monitor.labels import RequestType, Signal

SUNDAYS = (1, 8, 15, 22)
PAID = Agreement(fee_per_month=600, sessions_per_month=2, session_minutes=60, rhythm_days=14)


def mirror(told: ClientHealth, signal: Signal) -> Mirror | None:
    return next((one for one in told.mirror if one.signal is signal), None)


def drift(told: ClientHealth, clause: Clause) -> Drift | None:
    return next((one for one in told.drift if one.clause is clause), None)


def sunday_demands(minutes: int, days: tuple[int, ...] = SUNDAYS) -> list[Fact]:
    """Demands on Sundays at ten in the evening, answered after some minutes."""
    return [
        fact
        for day in days
        for fact in (
            received(day, RequestType.INSTANT_ACCESS, out_of_scope=True, hour=22),
            sent(day, hour=22, minute=minutes),
        )
    ]


def test_the_usual_wait_is_told_in_working_days() -> None:
    asked = [
        fact
        for day in (5, 6, 11)
        for fact in (received(day, RequestType.COACHING_QUESTION, hour=9), sent(day, hour=18))
    ]

    assert judged(asked).reply_days == 1.0
    assert judged(asked[:4]).reply_days is None


def test_who_answers_on_sunday_night_sees_it_with_the_smallest_change_that_would_help() -> None:
    seen = mirror(judged(sunday_demands(25)), Signal.ALWAYS_ON)

    assert seen is not None
    assert (seen.hours, seen.answered, seen.of, seen.minutes) == (Hours.SUNDAY, 4, 4, 30)
    assert seen.reason == "4 of 4 Sunday mails answered within 30 minutes"
    assert seen.change == "answer the next Sunday mail on Monday morning"


def test_answers_on_monday_morning_feed_nothing() -> None:
    demands = [fact for day in SUNDAYS for fact in (sunday_demands(25, (day,))[0], sent(day - 1, hour=9))]

    told = judged(demands[:-1])
    assert told.findings
    assert told.mirror == ()


def test_evenings_are_held_up_as_evenings() -> None:
    evenings = [fact for day in (4, 5, 6, 11, 12, 13) for fact in sunday_demands(10, (day,))]
    seen = mirror(judged(evenings), Signal.ALWAYS_ON)

    assert seen is not None
    assert seen.hours in (Hours.EVENING, Hours.OUTSIDE)


def test_without_a_pattern_there_is_no_mirror() -> None:
    quick = [
        fact for day in SUNDAYS for fact in (received(day, RequestType.PROGRESS, hour=22), sent(day, hour=22, minute=9))
    ]

    assert judged(quick).mirror == ()


def favours(accepted: tuple[int, ...], refused: tuple[int, ...] = ()) -> list[Fact]:
    """Asks outside the agreement, taken on or not the next day."""
    asks = [(day, frozenset({Remark.EXTRA_ACCEPTED})) for day in accepted] + [(day, frozenset()) for day in refused]
    return [fact for day, remarks in asks for fact in (extra(day), sent(day - 1, remarks=remarks))]


def test_favours_that_were_taken_on_are_in_the_mirror() -> None:
    seen = mirror(judged(favours((24, 17, 10), (3,))), Signal.SCOPE_CREEP)

    assert seen is not None
    assert seen.reason == "3 of 4 asks outside the agreement taken on"
    assert mirror(judged(favours((24,), (17, 10, 3))), Signal.SCOPE_CREEP) is None


def test_quick_yeses_feed_dependency() -> None:
    asked = [
        fact
        for day in (3, 4, 5, 6, 10)
        for fact in (received(day, RequestType.REASSURANCE, hour=10), sent(day, hour=11))
    ]
    seen = mirror(judged(asked), Signal.DEPENDENCY)

    assert seen is not None
    assert (seen.answered, seen.of) == (5, 5)


def test_the_reply_to_an_ask_decides_even_where_another_mail_came_first() -> None:
    ask = extra(10)
    other, reply = sent(9, remarks=frozenset({Remark.EXTRA_ACCEPTED})), replace(sent(8), reply_to=ask.message_id)
    ledger = judged([ask, other, reply], client(agreement=PAID)).goodwill

    assert ledger[0].accepted == 0


def test_the_ledger_tells_number_hours_money_and_the_effective_rate() -> None:
    ledger = judged(favours((40, 24, 17, 10), (3,)), client(agreement=PAID)).goodwill

    # 4 x 45 minutes at 300 an hour; the quarter has run for one month and 18 days.
    assert ledger == (Goodwill("2026-Q2", 5, 4, 180, 900.0, 300.0, pytest.approx(153.75, abs=0.5)),)


def test_quarters_are_kept_apart_and_without_a_fee_there_is_no_money() -> None:
    ledger = judged(favours((60, 10)), client(agreement=Agreement())).goodwill

    assert [(one.quarter, one.accepted, one.money) for one in ledger] == [("2026-Q2", 1, None), ("2026-Q1", 1, None)]


def test_what_is_included_is_no_goodwill() -> None:
    included = client(agreement=Agreement(included=frozenset({RequestType.EXTRA_WORK})))

    assert judged(favours((24, 17, 10)), included).goodwill == ()


def test_an_answer_at_once_at_night_is_goodwill_too() -> None:
    (entry,) = judged(sunday_demands(25), client(agreement=PAID)).goodwill

    assert (entry.accepted, entry.minutes) == (4, 40)


def of(facts: list[Fact], clause: Clause, who: Client | None = None) -> Drift | None:
    return drift(judged(facts, who or client(agreement=PAID)), clause)


def test_practice_beside_the_clause() -> None:
    hours = of(sunday_demands(25), Clause.OFFICE_HOURS)
    assert hours is not None
    assert (hours.times, hours.of, hours.lived) == (4, 4, "4 of 4 answers outside them")

    included = of(favours((40, 24, 10)), Clause.INCLUDED)
    assert included is not None
    assert included.written == "included: nothing beyond the standard"

    missed = of([received(day, RequestType.CANCELLATION) for day in (5, 30, 60)], Clause.NOTICE)
    assert missed is not None
    assert missed.times == 3

    reminders = [sent(day, remarks=frozenset({Remark.PAYMENT_REMINDER})) for day in (10, 30, 60)]
    assert of(reminders, Clause.PAYMENT) is not None

    rhythm = of([received(day, RequestType.SOCIAL) for day in (5, 30, 55, 80)], Clause.RHYTHM)
    assert rhythm is not None
    assert rhythm.lived == "contact every 25 days"

    late = [fact for day in (40, 30, 20) for fact in (received(day, RequestType.COACHING_QUESTION), sent(day - 7))]
    assert of(late, Clause.REPLY) is not None


def test_twice_is_no_practice_and_neither_is_what_keeps_to_the_agreement() -> None:
    assert judged(favours((24, 10)), client(agreement=PAID)).drift == ()
    kept = [fact for day in range(5, 80, 7) for fact in (received(day, RequestType.COACHING_QUESTION), sent(day))]
    assert judged(kept, client(agreement=PAID), now=NOW + timedelta(hours=1)).drift == ()
