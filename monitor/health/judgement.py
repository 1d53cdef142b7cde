"""Judge all clients at one moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import mean

from monitor.agreement import Client, Coach
from monitor.facts import Direction, Fact
from monitor.health.contact import Shares, shares, silence, time_share
from monitor.health.findings import CareNote, ClientHealth, Finding
from monitor.health.incidents import incidents
from monitor.health.patterns import PRIOR_MEAN, Incident, find, weighed
from monitor.health.working_time import WorkingTime
from monitor.labels import Care, Signal

NOUNS = {
    Signal.SCOPE_CREEP: "asks outside the agreement",
    Signal.ALWAYS_ON: "demands outside office hours",
    Signal.DEPENDENCY: "decisions put to the coach",
    Signal.UNRELIABILITY: "appointments or agreed parts missed",
    Signal.PAYMENT: "late payments or bargains",
    Signal.EXPECTATION_GAP: "expectations beyond the agreement",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """All clients at one moment, in the order of the configuration, with the shares of the correspondence."""

    clients: tuple[ClientHealth, ...]
    shares: Shares


def judge(
    coach: Coach,
    clients: Sequence[Client],
    histories: Mapping[str, Sequence[Fact]],
    now: datetime,
    covered_until: datetime | None = None,
) -> Judgement:
    """Judge every client by the facts up to ``now``.

    ``histories`` maps client names to their facts in the order of time; ``covered_until`` is the last moment up to
    which the mailbox was read.
    """
    past = {client.name: [fact for fact in histories.get(client.name, ()) if fact.sent_at <= now] for client in clients}
    marked = {client.name: incidents(client, past[client.name], _working(coach, client)) for client in clients}
    present = _judged(coach, clients, past, marked, now, covered_until)
    week_ago = now - timedelta(weeks=1)
    earlier = _judged(coach, clients, past, marked, week_ago, covered_until)
    healths = tuple(
        ClientHealth(
            client=health.client,
            health=health.health,
            health_change=health.health - before.health
            if health.health is not None and before.health is not None
            else None,
            findings=health.findings,
            care=health.care,
            received=health.received,
            share=health.share,
        )
        for health, before in zip(present[0], earlier[0], strict=True)
    )
    return Judgement(healths, present[1])


def _judged(
    coach: Coach,
    clients: Sequence[Client],
    past: Mapping[str, Sequence[Fact]],
    marked: Mapping[str, Mapping[Signal, Sequence[Incident]]],
    now: datetime,
    covered_until: datetime | None,
) -> tuple[list[ClientHealth], Shares]:
    until = {name: [fact for fact in facts if fact.sent_at <= now] for name, facts in past.items()}
    all_shares = shares(until, now)
    healths: list[ClientHealth] = []
    for client in clients:
        facts = until[client.name]
        findings = _findings(client, coach, clients, marked, facts, all_shares, now)
        care: list[CareNote] = []
        if client.leeway.get(Care.SILENCE) is not False:
            quiet = silence(client, facts, now, _working(coach, client), covered_until)
            care = [quiet] if quiet else []
        received = sum(
            fact.direction is Direction.RECEIVED and now - timedelta(weeks=1) < fact.sent_at for fact in facts
        )
        healths.append(
            ClientHealth(
                client.name,
                _health(facts, findings, care),
                None,
                findings,
                tuple(care),
                received,
                all_shares.of(client.name),
            )
        )
    return healths, all_shares


def _findings(
    client: Client,
    coach: Coach,
    clients: Sequence[Client],
    marked: Mapping[str, Mapping[Signal, Sequence[Incident]]],
    facts: Sequence[Fact],
    all_shares: Shares,
    now: datetime,
) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for signal in Signal:
        leeway = client.leeway.get(signal, 1)
        if leeway is False:
            continue
        finding: Finding | None
        if signal is Signal.TIME_SHARE:
            finding = time_share(client, facts, all_shares, now, coach.timezone, int(leeway))
        else:
            own = marked[client.name][signal]
            others = [weighed(marked[other.name][signal], now) for other in clients if other.name != client.name]
            prior = mean(others) if others else PRIOR_MEAN
            count = sum(1 for incident in own if now - timedelta(weeks=4) < incident.at <= now)
            rule = f"{count} {NOUNS[signal]} in 4 weeks, leeway {leeway}"
            finding = find(signal, own, int(leeway), now, coach.timezone, prior, rule)
        if finding:
            found.append(finding)
    return tuple(sorted(found, key=lambda finding: -finding.strength))


def _health(facts: Sequence[Fact], findings: Sequence[Finding], care: Sequence[CareNote]) -> int | None:
    """Return 100 less what weighs: up to 40 for the strongest pattern, 15 for each further one, 20 for silence.

    None without a message: no data is no health.
    """
    if not facts:
        return None
    lost = sum((40 if number == 0 else 15) * finding.strength for number, finding in enumerate(findings))
    lost += 20 * sum(note.care is Care.SILENCE for note in care)
    return max(0, round(100 - lost))


def _working(coach: Coach, client: Client) -> WorkingTime:
    return WorkingTime(client.agreement, coach.timezone, coach.holidays, coach.absences)
