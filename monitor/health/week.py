"""The state of all clients at one moment: how strong each signal is, and the health that follows from it.

It is computed for now and for each of the twelve weeks before, so that health has a course and what has eased can
be told; a digest of an earlier week says the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.health import replies, rhythm, score
from monitor.health.case import Case
from monitor.health.contact import Shares, is_healthy_weight, shares, strength_of, weight_of
from monitor.health.findings import HealthParts
from monitor.health.patterns import PRIOR_MEAN, WINDOW, Track, strength_at
from monitor.health.replies import Waiting
from monitor.labels import Signal

SENT_KNOWN = timedelta(weeks=8)  # without one sent mail to anybody for so long, Sent mail was never read


@dataclass(frozen=True, slots=True)
class State:
    """One client at that moment: the strength of each signal, and the health with its parts."""

    strengths: Mapping[Signal, float]
    health: int | None
    parts: HealthParts | None


@dataclass(frozen=True, slots=True)
class Week:
    """All clients at that moment.

    ``weighed`` are the incidents of four weeks of each signal by client, ``sums`` those of all clients;
    ``has_sent`` says whether the coach's own mail is known at all.
    """

    now: datetime
    shares: Shares
    states: Mapping[str, State]
    weighed: Mapping[Signal, Mapping[str, float]]
    sums: Mapping[Signal, float]
    waiting: Mapping[str, Waiting]
    everybody: Waiting
    has_sent: bool

    def of(self, client: str) -> State:
        """Return one client's state."""
        return self.states[client]

    def prior(self, signal: Signal, client: str) -> float:
        """Return the mean incidents of the other clients."""
        return _prior(self.weighed[signal], self.sums[signal], client)


def week(cases: Mapping[str, Case], now: datetime, covered: datetime | None) -> Week:
    """Return the state of all clients at a moment."""
    all_shares = shares({name: case.own for name, case in cases.items()}, now)
    weighed = _weighed(cases, now)
    sums = {signal: sum(counts.values()) for signal, counts in weighed.items()}
    has_sent = any(case.own.has_sent(now - SENT_KNOWN, now) for case in cases.values())
    waiting = {name: replies.waiting(case.exchanges, case.working, now) for name, case in cases.items()}
    everybody = Waiting(sum(one.late for one in waiting.values()), sum(one.of for one in waiting.values()), 0.0)
    states: dict[str, State] = {}
    for name, case in cases.items():
        strengths = dict.fromkeys(Signal, 0.0)
        if case.is_active(now) and not case.is_resting(now):
            strengths |= _strengths(case, case.tracks_at(now), now, weighed, sums, all_shares)
        made_of = None
        if case.has_data(now, covered):
            late = _late(waiting[name], replies.coachs_norm(everybody, waiting[name])) if has_sent else 0.0
            made_of = _parts(case, strengths, late, now, covered)
        states[name] = State(strengths, score.health(made_of) if made_of else None, made_of)
    return Week(now, all_shares, states, weighed, sums, waiting, everybody, has_sent)


def strengths_at(
    case: Case, cases: Mapping[str, Case], tracks: Mapping[Signal, Track], now: datetime
) -> dict[Signal, float]:
    """Return the strength of each signal of one client by the given incidents, whether or not anything rests."""
    weighed = _weighed(cases, now)
    sums = {signal: sum(counts.values()) for signal, counts in weighed.items()}
    return _strengths(case, tracks, now, weighed, sums, shares({name: one.own for name, one in cases.items()}, now))


def _weighed(cases: Mapping[str, Case], now: datetime) -> dict[Signal, dict[str, float]]:
    """Return the weighed incidents of four weeks of each signal by client."""
    counted: dict[Signal, dict[str, float]] = {signal: {} for signal in Signal if signal is not Signal.TIME_SHARE}
    for name, case in cases.items():
        for signal, track in case.tracks_at(now).items():
            counted[signal][name] = track.weighed(now - WINDOW, now)
    return counted


def _strengths(
    case: Case,
    tracks: Mapping[Signal, Track],
    now: datetime,
    weighed: Mapping[Signal, Mapping[str, float]],
    sums: Mapping[Signal, float],
    all_shares: Shares,
) -> dict[Signal, float]:
    name = case.client.name
    strengths: dict[Signal, float] = {}
    for signal, track in tracks.items():
        leeway = case.leeway(signal)
        if leeway is not None:
            strengths[signal] = strength_at(track, leeway, now, _prior(weighed[signal], sums[signal], name))
    outside_scope = tracks[Signal.SCOPE_CREEP].weighed(now - WINDOW, now)
    return strengths | {Signal.TIME_SHARE: _time_share(case, all_shares, now, outside_scope)}


def _prior(weighed: Mapping[str, float], total: float, client: str) -> float:
    others = len(weighed) - 1
    return (total - weighed[client]) / others if others > 0 else PRIOR_MEAN


def _time_share(case: Case, all_shares: Shares, now: datetime, outside_scope: float) -> float:
    """Return the strength of a share beyond what the coach lets pass; 0 within it, or where the weight is healthy.

    For four weeks after a talk there are mails from before it in the share, which are to raise nothing any more.
    """
    leeway = case.leeway(Signal.TIME_SHARE)
    held = case.held_until(now)
    if leeway is None or (held and case.today(now) < held[-1] + WINDOW):
        return 0.0
    receipts = case.own.receipts(now - WINDOW, now)
    weight = weight_of(case.client.name, len(receipts), all_shares, leeway)
    if weight <= 1.0 or is_healthy_weight(case.own, outside_scope, now, case.working):
        return 0.0
    return strength_of(weight)


def _late(told: Waiting, norm: float) -> float:
    return replies.late_probability(told, norm) if replies.is_slipping(told, norm) else 0.0


def _parts(
    case: Case, strengths: Mapping[Signal, float], late: float, now: datetime, covered: datetime | None
) -> HealthParts:
    seen = min(now, covered) if covered else now
    flood = rhythm.flood(case.own, now)
    if flood and is_healthy_weight(case.own, 0.0, now, case.working):
        flood = 0.0
    return score.parts(
        strengths.values(),
        case.quiet(now, seen),
        flood,
        late,
        case.own.progress_reports(now - WINDOW, now),
    )
