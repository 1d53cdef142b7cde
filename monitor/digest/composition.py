"""Compose the digest's content from a judgement and the facts of the period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.agreement import AddressForm, Client, Coach
from monitor.digest.content import (
    CareItem,
    Change,
    ClientEntry,
    Coverage,
    Digest,
    Effect,
    Guess,
    Learned,
    Link,
    Pattern,
    Previous,
    Question,
    Quote,
    Talk,
    Trouble,
    UnknownCorrespondent,
)
from monitor.facts import ADDRESS_REMARKS, Direction, Fact, Remark
from monitor.health import findings as told
from monitor.health.findings import ClientHealth, Evidence, Finding, TalkOutcome
from monitor.health.judgement import Judgement
from monitor.health.questions import most_instructive
from monitor.instructions.instruction import Carried

QUOTES_A_PATTERN = 3
UNKNOWN_WINDOW = timedelta(weeks=12)
TELLING_MAILS = 5  # of the coach to a client, by which Sie or du is told
LEAST_UNKNOWN = 2  # messages from which a two-way correspondence is worth a question


@dataclass(frozen=True, slots=True)
class Looks:
    """The last looks that succeeded, and what could not be read."""

    inbox: datetime | None
    sent: datetime | None
    unreadable: int
    model: str
    accuracy: float | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """What earlier digests said, and what has come from the coach since.

    ``strangers`` are addresses that the coach has said are no client's.
    """

    previous: Previous | None = None
    learned: tuple[Learned, ...] = ()
    carried: tuple[Carried, ...] = ()
    strangers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Presentation:
    """What the configuration says of the letter: the program that links are for, the parent of labelled folders."""

    link: Link = Link.NONE
    label_folder: str = "Monitor"


def period(as_of: datetime, zone: ZoneInfo) -> tuple[date, date, str]:
    """Return the seven days before the day of ``as_of``, and the ISO week of the last of them."""
    last = as_of.astimezone(zone).date() - timedelta(days=1)
    year, week, _ = last.isocalendar()
    return last - timedelta(days=6), last, f"{year}-W{week:02d}"


def compose(
    coach: Coach,
    clients: Sequence[Client],
    histories: Mapping[str, Sequence[Fact]],
    strangers: Sequence[Fact],
    judgement: Judgement,
    looks: Looks,
    as_of: datetime,
    memory: Memory | None = None,
    presentation: Presentation | None = None,
) -> Digest:
    """Compose the digest of the period that ends before ``as_of``.

    ``strangers`` are the facts of correspondence with nobody who is a client.
    """
    memory, shown = memory or Memory(), presentation or Presentation()
    previous = memory.previous
    first, last, week = period(as_of, coach.timezone)
    by_name = {client.name: client for client in clients}
    known = [
        health for health in judgement.clients if _is_known(by_name[health.client], histories, as_of, coach.timezone)
    ]
    everything = [fact for facts in histories.values() for fact in facts] + list(strangers)
    return Digest(
        language=coach.language,
        coach=coach.name,
        first=first,
        last=last,
        week=week,
        as_of=as_of.astimezone(coach.timezone),
        clients=tuple(
            _entry(health, by_name[health.client], histories.get(health.client, ()), as_of, coach.timezone, previous)
            for health in known
        ),
        even_share=judgement.shares.even,
        unknown_correspondents=_unknown(strangers, as_of, memory.strangers),
        questions=tuple(
            _question(name, fact, coach.timezone)
            for name, fact in most_instructive(judgement.clients, histories, first, last, coach.timezone)
        ),
        coverage=Coverage(
            messages=len(
                {fact.key for fact in everything if first <= fact.sent_at.astimezone(coach.timezone).date() <= last}
            ),
            unreadable=looks.unreadable,
            inbox_seen_at=looks.inbox.astimezone(coach.timezone) if looks.inbox else None,
            sent_seen_at=looks.sent.astimezone(coach.timezone) if looks.sent else None,
            model=looks.model,
            trouble=looks.trouble,
            accuracy=looks.accuracy,
        ),
        link=shown.link,
        previous_week=previous.week if previous else None,
        label_folder=shown.label_folder,
        known_since=min((fact.sent_at for fact in everything), default=as_of).astimezone(coach.timezone).date()
        if everything
        else None,
        learned=memory.learned,
        new_model=bool(previous and previous.model and looks.model and previous.model != looks.model),
        carried=memory.carried,
    )


def _is_known(client: Client, histories: Mapping[str, Sequence[Fact]], as_of: datetime, zone: ZoneInfo) -> bool:
    if any(fact.sent_at <= as_of for fact in histories.get(client.name, ())):
        return True
    return client.since is None or client.since <= as_of.astimezone(zone).date()


def _entry(
    health: ClientHealth,
    client: Client,
    history: Sequence[Fact],
    as_of: datetime,
    zone: ZoneInfo,
    previous: Previous | None,
) -> ClientEntry:
    told = previous.told if previous else {}
    return ClientEntry(
        client=health.client,
        health=health.health,
        health_change=health.health_change,
        patterns=tuple(
            _pattern(finding, client.name, zone, told.get((client.name, finding.signal))) for finding in health.findings
        ),
        care=tuple(
            CareItem(
                client.name,
                note.care,
                note.reason,
                note.days,
                note.on,
                note.usual,
                note.signal,
                note.before,
                note.now,
            )
            for note in health.care
        ),
        agreement=client.agreement,
        motive=client.motive,
        received=health.received,
        share=health.share,
        address=client.address_form or _address(history, as_of),
        firmness=client.firmness,
        talk=_talk(health.talk) if health.talk else None,
        weekly_health=health.weekly,
        parts=health.parts,
        progress=health.progress,
        reply_days=health.reply_days,
        compassion=health.compassion,
        danger=_quote(health.danger, client.name, zone) if health.danger else None,
        mirror=health.mirror,
        goodwill=health.goodwill,
        drift=health.drift,
        snoozed_until=health.snoozed_until,
    )


def _talk(outcome: TalkOutcome) -> Talk:
    unchanged = outcome.effect is told.Effect.NO_CHANGE
    return Talk(
        outcome.held_on,
        _EFFECTS[outcome.effect],
        outcome.unchanged if unchanged else outcome.held,
        tuple(Change(one.signal, one.before, one.after) for one in outcome.signals),
        outcome.weeks,
    )


_EFFECTS = {
    told.Effect.WORKED: Effect.EASED,
    told.Effect.NO_CHANGE: Effect.UNCHANGED,
    told.Effect.TOO_EARLY: Effect.TOO_EARLY,
}


def _quote(one: Evidence, sender: str, zone: ZoneInfo) -> Quote:
    own = one.direction is Direction.SENT
    return Quote(one.message_id, one.sent_at.astimezone(zone), sender, one.subject, one.quote, one.folder, own)


def _address(history: Sequence[Fact], as_of: datetime) -> AddressForm:
    """Return how the coach addressed the client in most of the last mails that tell; Sie where none does."""
    telling = [fact for fact in history if fact.sent_at <= as_of and fact.remarks & ADDRESS_REMARKS][-TELLING_MAILS:]
    familiar = sum(Remark.SAYS_DU in fact.remarks for fact in telling)
    return AddressForm.FAMILIAR if 2 * familiar > len(telling) else AddressForm.FORMAL


def _pattern(finding: Finding, sender: str, zone: ZoneInfo, last_told: int | None) -> Pattern:
    quotes = [_quote(one, sender, zone) for one in finding.evidence]
    return Pattern(
        signal=finding.signal,
        since=finding.since,
        trend=finding.trend,
        incidents=finding.incidents,
        leeway=finding.leeway,
        rule=finding.rule,
        strength=finding.strength,
        weekly=finding.weekly,
        before=sum(finding.weekly[-8:-4]),
        now=sum(finding.weekly[-4:]),
        evidence=tuple(quotes),
        last_told=last_told,
    )


def _unknown(strangers: Iterable[Fact], as_of: datetime, dismissed: frozenset[str]) -> tuple[UnknownCorrespondent, ...]:
    """Return people who write and are written to; only both ways make a relationship."""
    received: Counter[str] = Counter()
    answered: set[str] = set()
    for fact in strangers:
        if not as_of - UNKNOWN_WINDOW < fact.sent_at <= as_of:
            continue
        if fact.direction is Direction.RECEIVED:
            received.update(fact.correspondents)
        else:
            answered.update(fact.correspondents)
    return tuple(
        UnknownCorrespondent(address, count)
        for address, count in sorted(received.items(), key=lambda item: (-item[1], item[0]))
        if count >= LEAST_UNKNOWN and address in answered and address not in dismissed
    )


def _question(name: str, fact: Fact, zone: ZoneInfo) -> Question:
    told = fact.classification
    assert told is not None
    text = told.requests[0].evidence if told.requests else told.out_of_scope.evidence
    return Question(
        quote=Quote(fact.message_id, fact.sent_at.astimezone(zone), name, fact.subject, text, fact.folder),
        guesses=tuple(Guess(request.type, request.probability) for request in told.requests[:2]),
        out_of_scope=told.out_of_scope.probability,
    )
