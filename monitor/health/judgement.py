"""Judge all clients at one moment. Whatever is judged, it is by facts, agreements and ``now`` alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.agreement import Client, Coach
from monitor.facts import Fact
from monitor.health import care, drift, goodwill, mirror, replies, rhythm
from monitor.health import talks as after_talk
from monitor.health.case import Case
from monitor.health.compassion import danger
from monitor.health.contact import Shares, time_share
from monitor.health.findings import CareNote, ClientHealth, Finding, TalkOutcome
from monitor.health.incidents import outside
from monitor.health.patterns import KEPT, LEAST, THRESHOLD, WEEK, WEEKS, WINDOW, find, presence
from monitor.health.week import Week, strengths_at, week
from monitor.labels import Signal
from monitor.talks import Snooze, Talk

NOUNS = {
    Signal.SCOPE_CREEP: "asks outside the agreement",
    Signal.ALWAYS_ON: "demands for an answer at once",
    Signal.DEPENDENCY: "decisions put to the coach",
    Signal.UNRELIABILITY: "appointments or agreed parts missed",
    Signal.PAYMENT: "late payments or bargains",
    Signal.EXPECTATION_GAP: "expectations beyond the agreement",
}
SENT_STALE = WEEK / 7  # answers that were not read yet are no neglect
LATELY = WINDOW / 2  # whoever writes nothing has not improved


@dataclass(frozen=True, slots=True)
class Judgement:
    """All clients at one moment, in the order of the configuration, with the shares of the correspondence."""

    clients: tuple[ClientHealth, ...]
    shares: Shares


UNDECIDED = (0.2, 0.7)  # strengths that one incident more or less would carry over the bound


def judge(
    coach: Coach,
    clients: Sequence[Client],
    histories: Mapping[str, Sequence[Fact]],
    now: datetime,
    covered_until: datetime | None = None,
    talks: Sequence[Talk] = (),
    snoozes: Sequence[Snooze] = (),
    sent_until: datetime | None = None,
) -> Judgement:
    """Judge every client by the facts up to ``now``.

    ``histories`` maps client names to their facts; ``covered_until`` is the last moment up to which the inbox was
    read, ``sent_until`` that of the coach's own mail (None: up to now). ``talks`` are the conversations that were
    held, ``snoozes`` the wishes that none be proposed.
    """
    now = now.astimezone(UTC)
    covered = covered_until.astimezone(UTC) if covered_until else None
    cases = {one.name: Case(one, coach, histories.get(one.name, ()), talks, now) for one in clients}
    weeks = [week(cases, now - WEEK * back, covered) for back in range(WEEKS, -1, -1)]
    sent_known = weeks[-1].has_sent and (sent_until is None or now - sent_until <= SENT_STALE)
    judged = tuple(_judged(case, cases, clients, coach, weeks, covered, snoozes, sent_known) for case in cases.values())
    return Judgement(judged, weeks[-1].shares)


def _judged(
    case: Case,
    cases: Mapping[str, Case],
    clients: Sequence[Client],
    coach: Coach,
    weeks: Sequence[Week],
    covered: datetime | None,
    snoozes: Sequence[Snooze],
    sent_known: bool,
) -> ClientHealth:
    present = weeks[-1]
    name, now, facts = case.client.name, present.now, case.own.facts
    today = case.today(now)
    active = case.is_active(now)
    snoozed = [one.until for one in snoozes if one.client == name and one.holds_on(today)]
    mine = [each.of(name) for each in weeks]
    present_signals = [signal for signal, strength in mine[-1].strengths.items() if strength >= THRESHOLD]
    talk = _talk(case, cases, now, covered, present_signals)
    given = goodwill.favours(facts, case.working)
    change = None
    if mine[-1].health is not None and mine[-2].health is not None:
        change = mine[-1].health - mine[-2].health
    return ClientHealth(
        client=name,
        health=mine[-1].health,
        health_change=change,
        findings=_findings(case, weeks) if active and not snoozed and not case.is_resting(now) else (),
        care=_care(case, clients, weeks, talk, covered, sent_known) if active else (),
        received=len(case.own.receipts(now - WEEK, now)),
        share=present.shares.of(name),
        parts=mine[-1].parts,
        weekly=tuple(one.health for one in mine[1:]),
        progress=case.own.progress_reports(now - WINDOW, now),
        reply_days=replies.usual_days(case.exchanges, now),
        talk=talk,
        compassion=case.events.at(now),
        danger=danger(facts, now),
        snoozed_until=max(snoozed, default=None),
        undecided=frozenset(
            s for s, strength in mine[-1].strengths.items() if UNDECIDED[0] <= strength <= UNDECIDED[1]
        ),
        mirror=tuple(
            one
            for one in mirror.mirrors(
                case.exchanges, outside(case.client.agreement, case.own.received), facts, now, case.working
            )
            if mine[-1].strengths[one.signal] >= KEPT
        ),
        goodwill=goodwill.ledger(given, coach.goodwill_minutes, now, case.working),
        drift=drift.drifts(
            case.exchanges,
            given,
            case.tracks[Signal.UNRELIABILITY],
            case.tracks[Signal.PAYMENT],
            case.own.received_times,
            now,
            case.working,
        ),
    )


def _findings(case: Case, weeks: Sequence[Week]) -> tuple[Finding, ...]:
    found: list[Finding] = []
    present, earlier = weeks[-1], [each.of(case.client.name).strengths for each in weeks[:-1]]
    now = present.now
    for signal, track in case.tracks_at(now).items():
        leeway = case.leeway(signal)
        if leeway is None or track.count(now - WINDOW, now) < LEAST:
            continue
        count = track.count(now - WINDOW, now)
        rule = f"{count} {NOUNS[signal]} in 4 weeks, leeway {leeway}"
        prior = present.prior(signal, case.client.name)
        threshold = KEPT if presence(strengths[signal] for strengths in earlier)[-1] else THRESHOLD
        finding = find(signal, track, leeway, now, case.working.zone, prior, rule, threshold)
        if finding:
            found.append(finding)
    leeway = case.leeway(Signal.TIME_SHARE)
    if leeway is not None and present.of(case.client.name).strengths[Signal.TIME_SHARE]:
        finding = time_share(case.client.name, case.own, present.shares, now, case.working, leeway)
        if finding:
            found.append(finding)
    return tuple(sorted(found, key=lambda finding: -finding.strength))


def _talk(
    case: Case, cases: Mapping[str, Case], now: datetime, covered: datetime | None, present: Sequence[Signal]
) -> TalkOutcome | None:
    if not case.held:
        return None
    others = [other.counts() for other in cases.values() if other is not case]
    seen = min(now, covered) if covered else now

    def patterns_at(moment: datetime) -> list[Signal]:
        # At the end of a talk's day, what counted was what had happened since the talk before.
        day = case.today(moment)
        earlier = [one for one in case.held if one < day]
        since = {s: track.after(earlier[-1]) for s, track in case.tracks.items()} if earlier else case.tracks
        strengths = strengths_at(case, cases, since, moment)
        return [signal for signal, strength in strengths.items() if strength >= THRESHOLD]

    return after_talk.outcome(
        case.held,
        seen,
        case.working.zone,
        case.counts(),
        {signal: [one[signal] for one in others] for signal in Signal},
        patterns_at,
        present,
    )


def _care(
    case: Case,
    clients: Sequence[Client],
    weeks: Sequence[Week],
    talk: TalkOutcome | None,
    covered: datetime | None,
    sent_known: bool,
) -> tuple[CareNote, ...]:
    present = weeks[-1]
    name, now = case.client.name, present.now
    notes: list[CareNote | None] = [rhythm.silence(case.quiet(now, covered), case.working)]
    if sent_known:
        own = present.waiting[name]
        norm = replies.coachs_norm(present.everybody, own)
        notes.append(replies.neglect(case.client, case.own.facts, own, norm, now, case.working))
    notes.append(care.concentration(case.client, clients, case.today(now)))
    notes.append(_improvement(case, weeks, talk, covered))
    notes.append(care.turning_point(case.client, case.own.facts, now, case.working.zone))
    return tuple(note for note in notes if note and case.client.leeway.get(note.care) is not False)


def _improvement(
    case: Case, weeks: Sequence[Week], talk: TalkOutcome | None, covered: datetime | None
) -> CareNote | None:
    now = weeks[-1].now
    if covered is not None and now - covered > WEEK:
        return None  # what was not read may not have eased
    if by_talk := after_talk.improvement_by_talk(talk, case.today(now)):
        return by_talk
    ending = case.client.until is not None and case.client.until - case.today(now) <= care.END_IN_SIGHT
    rested = any(case.is_resting(each.now) for each in weeks[-care.FADED_FOR - 1 :])
    talked = bool(talk) and case.today(now) < case.held[-1] + after_talk.SOONEST + after_talk.THANKED
    # A pattern that fades in the last weeks of a contract is a farewell, not a relief.
    if ending or rested or talked or not case.own.receipts(now - LATELY, now):
        return None
    courses = [
        care.Course(
            signal,
            [each.of(case.client.name).strengths[signal] for each in weeks],
            [case.tracks[signal].count(each.now - WINDOW, each.now) for each in weeks]
            if signal in case.tracks
            else [len(case.own.receipts(each.now - WINDOW, each.now)) for each in weeks],
        )
        for signal in Signal
    ]
    return care.faded(courses)
