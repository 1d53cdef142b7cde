"""The scripted year: 36 invented clients with stories, and what a coach would say of each in each week.

``year/`` holds the stories (``STORIES.md``), the facts as a classifier with usual errors would tell them, what the
coach entered, and the expected answers: ``-`` say nothing, ``T:signal`` say it, ``o`` either answer is sound.
"""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.classification.remarks import remarks_of
from monitor.config.configuration import Configuration, build
from monitor.facts import Classification, Direction, Fact, OutOfScope, Remark, Request
from monitor.health.findings import ClientHealth
from monitor.health.judgement import judge
from monitor.labels import RequestType
from monitor.talks import Snooze, Talk

FOLDER = Path(__file__).parent / "year"
OUT_OF_SCOPE = 0.5
Table = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Year:
    """All that the year consists of; the tables map client and week to what is expected."""

    configuration: Configuration
    histories: Mapping[str, Sequence[Fact]]
    talks: Sequence[Talk]
    snoozes: Sequence[Snooze]
    weeks: Sequence[str]
    boundary: Table
    care: Table
    effects: Sequence[Mapping[str, str]]
    optional: frozenset[tuple[str, str, str]]


@dataclass(slots=True)
class Score:
    """How answers compare with what was expected; ``misses`` say which ones differ."""

    right: int = 0
    false: int = 0
    missed: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """The share of what was said that was right."""
        return self.right / (self.right + self.false) if self.right + self.false else 1.0

    @property
    def recall(self) -> float:
        """The share of what should have been said that was."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


@cache
def year() -> Year:
    """Read the year."""
    weeks, boundary = _table("expected.tsv")
    configuration = build(tomllib.loads((FOLDER / "config.toml").read_text(encoding="utf-8")))
    events = [json.loads(line) for line in _lines("events.jsonl")]
    head, *rows = (line.split("\t") for line in _lines("expected-talk.tsv"))
    return Year(
        configuration,
        _histories(),
        [Talk(one["client"], date.fromisoformat(one["on"])) for one in events if one["kind"] == "talked"],
        [
            Snooze(one["client"], date.fromisoformat(one["until"]), date.fromisoformat(one["on"]))
            for one in events
            if one["kind"] == "snooze"
        ],
        weeks,
        boundary,
        _table("expected-care.tsv")[1],
        [dict(zip(head, row, strict=True)) for row in rows],
        frozenset(
            (client, week, signal) for client, week, signal in (r.split("\t") for r in _lines("optional.tsv")[1:])
        ),
    )


@cache
def judged(week: str) -> Mapping[str, ClientHealth]:
    """How all clients are doing in the letter on a week: the Monday after, at seven."""
    told = year()
    zone = told.configuration.coach.timezone
    moment = monday_after(week, zone)
    judgement = judge(
        told.configuration.coach, told.configuration.clients, told.histories, moment, None, told.talks, told.snoozes
    )
    return {health.client: health for health in judgement.clients}


def monday_after(week: str, zone: ZoneInfo) -> datetime:
    """Return when the letter on an ISO week is judged."""
    number, _, week_of_year = week.partition("-W")
    sunday = date.fromisocalendar(int(number), int(week_of_year), 7)
    return datetime.combine(sunday + timedelta(days=1), time(7), zone)


def compare() -> tuple[dict[str, Score], dict[str, Score]]:
    """Compare boundary and care with what was expected: by signal, and under "needs a talk" and "care" as a whole."""
    boundary = _compare("needs a talk", year().boundary, lambda told: {one.signal for one in told.findings})
    return boundary, _compare("care", year().care, lambda told: {note.care for note in told.care})


def compare_effects() -> Score:
    """Compare the effect of each talk after four and eight weeks."""
    score = Score()
    for row in year().effects:
        talk = judged(row["judged_in"])[row["client"]].talk
        effect = str(talk.effect) if talk and talk.held_on.isoformat() == row["held_on"] else "not told"
        if effect == row["effect"]:
            score.right += 1
        else:
            score.false += 1
            score.misses.append(f"{row['client']}, {row['judged_in']}: {effect} instead of {row['effect']}")
    return score


def _compare(whole: str, expected: Table, said: object) -> dict[str, Score]:
    scores: dict[str, Score] = defaultdict(Score)
    for client, row in expected.items():
        for week, cell in row.items():
            if cell == "o":
                continue
            wanted = set(cell[2:].split(",")) if cell.startswith("T:") else set()
            told = {str(one) for one in said(judged(week)[client])}  # type: ignore[operator]
            _count(scores[whole], bool(wanted), bool(told), f"{client}, {week}: {_words(wanted, told)}")
            for signal in wanted | told:
                if (client, week, signal) not in year().optional:
                    where = f"{client}, {week}: {_words(wanted, told)}"
                    _count(scores[signal], signal in wanted, signal in told, where)
    return dict(scores)


def _count(score: Score, wanted: bool, told: bool, where: str) -> None:
    if wanted and told:
        score.right += 1
    elif told:
        score.false += 1
        score.misses.append(where)
    elif wanted:
        score.missed += 1
        score.misses.append(where)


def _words(wanted: set[str], told: set[str]) -> str:
    return f"{', '.join(sorted(told)) or 'nothing'} instead of {', '.join(sorted(wanted)) or 'nothing'}"


def _histories() -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = defaultdict(list)
    for number, line in enumerate(_lines("facts.jsonl")):
        told = json.loads(line)
        found[told["client"]].append(_fact(number, told))
    return found


def _fact(number: int, told: dict[str, object]) -> Fact:
    received = told["direction"] == "received"
    at = datetime.fromisoformat(str(told["sent_at"]))
    quote = str(told.get("quote", ""))
    outside = float(told.get("out_of_scope", 0.0))  # type: ignore[arg-type]
    requests: dict[str, float] = told.get("requests", {})  # type: ignore[assignment]
    remarks = {Remark(remark) for remark in told.get("remarks", ())}  # type: ignore[attr-defined]
    if received:
        # That a goal was reached stands in the words alone.
        remarks |= remarks_of(quote, Direction.RECEIVED) & {Remark.GOAL_COMPLETED}
    return Fact(
        key=f"<{number}@year.example>",
        message_id=f"<{number}@year.example>",
        direction=Direction.RECEIVED if received else Direction.SENT,
        correspondents=("client@year.example",),
        sent_at=at.astimezone(UTC),
        utc_offset=int((at.utcoffset() or timedelta()).total_seconds() // 60),
        subject="",
        words=int(told["words"]),  # type: ignore[call-overload]
        reply_to=f"<{told['reply_to']}@year.example>" if "reply_to" in told else None,
        folder="INBOX" if received else "Sent",
        classification=Classification(
            tuple(Request(RequestType(name), chance, quote) for name, chance in requests.items()),
            OutOfScope(outside >= OUT_OF_SCOPE, outside, quote),
            False,
            "year",
        )
        if received
        else None,
        remarks=frozenset(remarks),
    )


def _table(name: str) -> tuple[list[str], dict[str, dict[str, str]]]:
    head, *rows = (line.split("\t") for line in _lines(name))
    return head[1:], {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}


def _lines(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()
