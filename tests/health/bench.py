"""Measure the judgement: ``make bench-health``.

Prints how the scripted year compares with what a coach would say, every miss, and how long one weekly judgement of
200 clients with five years of mail takes.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from health.scripted_year import Score, compare, compare_effects
from health.world import COACH

from monitor.agreement import Agreement, Client
from monitor.facts import Classification, Direction, Fact, OutOfScope, Request
from monitor.health.judgement import judge
from monitor.labels import RequestType
from monitor.talks import Talk

LEAST = 0.9
CLIENTS, YEARS = 200, 5
SECONDS = 2.0
NOW = datetime(2026, 5, 18, 5, tzinfo=UTC)

# Why the judgement differs where it does.
EXPLAINED = {
    "Petra Niemeyer": (
        "four mails had waited for up to six working days, but one mail answers them all, and one late answer is a "
        "lapse"
    ),
}


def main() -> int:
    """Measure; return 1 where a threshold is missed."""
    boundary, care = compare()
    print("The scripted year: 36 clients, 49 letters; cells where either answer is sound are left out.\n")
    _table("Boundary", boundary)
    _table("Care", care)
    effects = compare_effects()
    print(f"Effect of talks after four and eight weeks: {effects.right} of {effects.right + effects.false} right")
    for miss in effects.misses:
        print(f"  {miss}")
    misses = [*boundary["needs a talk"].misses, *care["care"].misses]
    print(f"\nMisses: {len(misses)}")
    for miss in misses:
        print(f"  {miss}")
    for client, reason in EXPLAINED.items():
        if any(miss.startswith(client) for miss in misses):
            print(f"  why, {client}: {reason}")
    spent, messages = _speed()
    print(f"\n{CLIENTS} clients, {YEARS} years, {messages:,} messages: judged in {spent:.2f} s (at most {SECONDS:.0f})")
    whole = boundary["needs a talk"]
    return 0 if min(whole.precision, whole.recall) >= LEAST and spent <= SECONDS else 1


def _table(title: str, scores: Mapping[str, Score]) -> None:
    print(f"{title:<18} {'precision':>9} {'recall':>7} {'right':>6} {'false':>6} {'missed':>6}")
    for name, score in scores.items():
        counts = f"{score.right:>6} {score.false:>6} {score.missed:>6}"
        print(f"  {name:<16} {score.precision:>9.3f} {score.recall:>7.3f} {counts}")
    print()


def _speed() -> tuple[float, int]:
    chance = random.Random(2026)
    people = [
        Client(
            f"Client {number}",
            frozenset({f"{number}@speed.example"}),
            Agreement(rhythm_days=14, fee_per_month=500, sessions_per_month=2, session_minutes=60),
        )
        for number in range(CLIENTS)
    ]
    histories = {client.name: history(client.name, chance) for client in people}
    talks = [Talk(client.name, NOW.date() - timedelta(days=60)) for client in people[::10]]
    judge(COACH, people[:1], histories, NOW)  # the calendars of holidays are read once
    begun = time.process_time()
    judge(COACH, people, histories, NOW, None, talks)
    return time.process_time() - begun, sum(map(len, histories.values()))


def history(name: str, chance: random.Random, years: int = YEARS) -> list[Fact]:
    """Make up the correspondence with somebody, up to NOW, in the order of time."""
    facts: list[Fact] = []
    at = NOW - timedelta(days=365 * years)
    a_week = chance.uniform(0.3, 3.0)
    while (at := at + timedelta(days=chance.expovariate(a_week / 7))) < NOW - timedelta(days=1):
        request = chance.choice(list(RequestType))
        told = Classification(
            (Request(request, chance.uniform(0.5, 1), "quote"),),
            OutOfScope(request is RequestType.EXTRA_WORK, 0.8, "quote"),
            False,
            "speed",
        )
        key = f"<{name} {len(facts)}>"
        facts.append(Fact(key, key, Direction.RECEIVED, (name,), at, 60, "", 80, None, "INBOX", told))
        if chance.random() < 0.8:
            answered = at + timedelta(hours=chance.uniform(0.2, 20))
            facts.append(Fact(f"{key}>", None, Direction.SENT, (name,), answered, 60, "", 60, key, "Sent"))
    return sorted(facts, key=lambda fact: fact.sent_at)


if __name__ == "__main__":
    sys.exit(main())
