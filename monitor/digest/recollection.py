"""What earlier digests said, read from their JSON: for what is new this week, and for the page of a quarter."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from monitor.digest.content import ClientEntry, Lesson, Previous, Quarter
from monitor.labels import Signal


def previous_of(week: str, content: str) -> Previous:
    """Return what the digest of an ISO week said; ``content`` is its JSON."""
    said = json.loads(content)
    told = {(client["client"], signal): incidents for client, signal, incidents in _signals(said)}
    return Previous(week, told, str(said.get("coverage", {}).get("model", "")))


def quarter_of(day: date) -> str:
    """Return the quarter of a day, such as 2026-Q2."""
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"


def last_day(week: str) -> date:
    """Return the Sunday of an ISO week such as 2026-W10."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 7)


def quarter_page(
    digests: Iterable[tuple[str, str]], last: date, previous: Previous | None, entries: Sequence[ClientEntry]
) -> Quarter | None:
    """Return the page on the quarter before the one of ``last``; None unless this is its first digest.

    ``digests`` are weeks and contents of the digests that were sent; a content that was erased is empty. Without a
    digest before there is nothing to tell.
    """
    if previous is None or quarter_of(last_day(previous.week)) == quarter_of(last):
        return None
    name = quarter_of(last.replace(month=last.month - (last.month - 1) % 3, day=1) - timedelta(days=1))
    clients: dict[Signal, set[str]] = defaultdict(set)
    weeks: dict[Signal, set[str]] = defaultdict(set)
    for week, content in digests:
        if content and quarter_of(last_day(week)) == name:
            for client, signal, _ in _signals(json.loads(content)):
                clients[signal].add(client["client"])
                weeks[signal].add(week)
    lessons = [Lesson(signal, tuple(sorted(named)), len(weeks[signal])) for signal, named in clients.items()]
    given = [one for entry in entries for one in entry.goodwill if one.quarter == name]
    clauses = [one.clause for entry in entries for one in entry.drift]
    page = Quarter(
        name,
        tuple(sorted(lessons, key=lambda one: (-len(one.clients), -one.digests, one.signal))),
        sum(one.asked for one in given),
        sum(one.accepted for one in given),
        sum(one.minutes for one in given),
        sum(one.money or 0.0 for one in given),
        tuple((clause, clauses.count(clause)) for clause in sorted(set(clauses), key=clauses.index)),
    )
    return page if page.lessons or page.accepted or page.drifts else None


def _signals(said: dict[str, Any]) -> Iterable[tuple[dict[str, Any], Signal, int]]:
    known = set(Signal)
    for client in said.get("clients", ()):
        for signal in client.get("signals", ()):
            if signal["id"] in known:
                yield client, Signal(signal["id"]), int(signal["incidents"])
