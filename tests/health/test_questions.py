"""The questions to the coach are those whose answers teach and decide most, spread over clients and kinds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from health.world import BERLIN, COACH, NOW, client, received

from monitor.facts import Classification, Fact, OutOfScope, Request
from monitor.health.findings import ClientHealth
from monitor.health.judgement import judge
from monitor.health.questions import MOST, most_instructive
from monitor.labels import RequestType, Signal

FIRST, LAST = (NOW - timedelta(days=7)).date(), NOW.date()


def unsure(day: float, kind: RequestType, probability: float, scope: float = 0.05) -> Fact:
    told = Classification((Request(kind, probability, "bitte"),), OutOfScope(False, scope, ""), True, "m")
    return replace(received(day, kind), classification=told)


def asked(histories: dict[str, list[Fact]], **undecided: Signal) -> list[tuple[str, float]]:
    judged = [
        replace(
            ClientHealth(client=name, health=None, health_change=None, findings=(), care=(), received=0, share=0.0),
            undecided=frozenset({undecided[name]} if name in undecided else ()),
        )
        for name in histories
    ]
    found = most_instructive(judged, histories, FIRST, LAST, BERLIN)
    return [(name, fact.classification.requests[0].probability) for name, fact in found if fact.classification]


def test_the_least_certain_is_asked_first_and_the_certain_never() -> None:
    sure = received(2, RequestType.EXTRA_WORK)
    histories = {"Georg": [unsure(1, RequestType.PAYMENT, 0.48), unsure(2, RequestType.SOCIAL, 0.3), sure]}

    assert asked(histories) == [("Georg", 0.3), ("Georg", 0.48)]


def test_an_answer_that_decides_about_a_pattern_comes_first() -> None:
    histories = {
        "Georg": [unsure(1, RequestType.REASSURANCE, 0.45)],
        "Silke": [unsure(1, RequestType.REASSURANCE, 0.4)],
    }

    assert asked(histories)[0][0] == "Silke"
    assert asked(histories, Georg=Signal.DEPENDENCY)[0][0] == "Georg"


def test_five_at_most_spread_over_clients_and_kinds_and_only_of_the_week() -> None:
    histories = {
        "Georg": [unsure(1 + number / 10, RequestType.SOCIAL, 0.30 + number / 100) for number in range(8)],
        "Silke": [unsure(1, RequestType.CONTRACT, 0.49), unsure(20, RequestType.CONTRACT, 0.1)],
    }
    told = asked(histories)

    assert len(told) == MOST
    assert [name for name, _ in told[:2]] == ["Georg", "Silke"]
    assert ("Silke", 0.1) not in told


def test_a_pattern_in_the_balance_is_known_as_undecided() -> None:
    asks = [received(day, RequestType.REASSURANCE) for day in (2, 9, 16)]
    told = judge_one(asks)

    assert Signal.DEPENDENCY in told.undecided
    assert judge_one(asks[:1]).undecided == frozenset()


def judge_one(facts: list[Fact]) -> ClientHealth:
    ordered = sorted(facts, key=lambda fact: fact.sent_at)
    return judge(COACH, [client()], {"Georg": ordered}, NOW).clients[0]
