"""One client's page: how they are and why, what was agreed and what is lived, and what happened when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from monitor.agreement import Agreement, Client
from monitor.digest.content import ClientEntry, Effect
from monitor.facts import ADDRESS_REMARKS, Direction, Fact
from monitor.message.characters import one_line
from monitor.talks import Snooze, Talk

SHOWN = timedelta(weeks=12)  # of the timeline, if nothing else is asked
LONGEST_QUOTE = 160
_EFFECTS = {Effect.EASED: "it has worked", Effect.UNCHANGED: "no change so far", Effect.TOO_EARLY: "too early to tell"}


@dataclass(frozen=True, slots=True)
class Event:
    """Something of the timeline; ``at`` is aware, ``told`` in words."""

    at: datetime
    kind: str
    told: str
    message_id: str | None = None


def events(facts: Iterable[Fact], talks: Iterable[Talk], snoozes: Iterable[Snooze], zone: ZoneInfo) -> list[Event]:
    """Return what happened with one client, the newest first."""
    found = [Event(fact.sent_at, str(fact.direction), _message(fact), fact.message_id) for fact in facts]
    for talk in talks:
        found.append(Event(datetime.combine(talk.held_on, time(12), zone), "talk held", one_line(talk.note)))
    for snooze in snoozes:
        if snooze.since is not None:
            moment = datetime.combine(snooze.since, time(12), zone)
            found.append(Event(moment, "snoozed", f"until {snooze.until.isoformat()}"))
    return sorted(found, key=lambda event: event.at.astimezone(UTC), reverse=True)


def _message(fact: Fact) -> str:
    parts: list[str] = []
    told = fact.classification
    quote = ""
    if told is not None:
        parts += [f"{request.type} {request.probability:.0%}" for request in told.requests]
        if told.out_of_scope.asked:
            parts.append(f"outside the agreement {told.out_of_scope.probability:.0%}")
        quote = told.out_of_scope.evidence or (told.requests[0].evidence if told.requests else "")
    parts += sorted(str(remark).replace("_", " ") for remark in fact.remarks - ADDRESS_REMARKS)
    if not parts:
        parts.append(f"{fact.words} words")
    line = ", ".join(parts)
    words = one_line(quote)[:LONGEST_QUOTE]
    return f'{line}: "{words}"' if words and fact.direction is Direction.RECEIVED else line


def page(client: Client, entry: ClientEntry | None, happened: Sequence[Event], zone: ZoneInfo) -> str:
    """Return the page as text."""
    lines = [one_line(client.name), *(f"  {line}" for line in _person(client)), ""]
    if entry is None:
        lines.append("Nothing is known about this client yet.")
    else:
        lines += _state(entry)
    lines += ["", f"Agreement: {agreement_in_words(client.agreement)}"]
    if happened:
        lines += ["", "Timeline, the newest first:"]
    for event in happened:
        local = event.at.astimezone(zone)
        stamp = f"{local:%Y-%m-%d %H:%M}" if event.kind in set(Direction) else f"{local:%Y-%m-%d}      "
        lines.append(f"  {stamp}  {event.kind:<9}  {event.told}".rstrip())
    return "\n".join(lines)


def _person(client: Client) -> list[str]:
    lines = [", ".join(sorted(client.addresses))]
    span = [
        f"since {client.since.isoformat()}" if client.since else "",
        f"until {client.until}" if client.until else "",
    ]
    if any(span):
        lines.append(", ".join(part for part in span if part))
    if client.timezone:
        lines.append(f"lives in {client.timezone.key}")
    if client.motive:
        lines.append(f"why you took this client: {one_line(client.motive)}")
    return lines


def _state(entry: ClientEntry) -> list[str]:
    lines: list[str] = []
    if entry.danger:
        day = entry.danger.sent_at.date().isoformat()
        lines += [
            f"Please read the mail of {day} first: some of its words can point to danger for life.",
            "  Ask directly and calmly, stay in touch, and name professional help (in Germany 112 or 0800 1110111).",
            "",
        ]
    lines.append(_health(entry))
    if any(value is not None for value in entry.weekly_health):
        course = " ".join("-" if value is None else str(value) for value in entry.weekly_health)
        lines.append(f"  twelve weeks: {course}")
    if entry.compassion:
        lines.append(f"Boundaries rest until {entry.compassion.until}: {entry.compassion.remark}.")
    if entry.snoozed_until:
        lines.append(f"No conversation is proposed until {entry.snoozed_until}, as you wished.")
    for pattern in entry.patterns:
        lines.append(f"Conversation: {pattern.signal}, since {pattern.since}, {pattern.trend}: {pattern.rule}")
    if not entry.patterns:
        lines.append("No conversation is called for.")
    lines += [f"Care: {item.care}: {item.reason}" for item in entry.care]
    if entry.progress:
        lines.append(f"Progress: {entry.progress} {'report' if entry.progress == 1 else 'reports'} in 4 weeks")
    if entry.reply_days is not None:
        lines.append(f"Your answers: half of them within {entry.reply_days:g} working days")
    if entry.talk:
        lines.append(f"Last conversation: {entry.talk.held_on}, {_EFFECTS[entry.talk.effect]}")
        if entry.talk.effect is Effect.UNCHANGED and entry.talk.held > 1:
            lines.append(f"  {entry.talk.held} conversations in a row without change: a good ending may be kinder.")
    lines += [f"Mirror: {one.reason}; {one.change}" for one in entry.mirror]
    for one in (each for each in entry.goodwill if each.accepted):
        line = (
            f"Goodwill {one.quarter}: {one.accepted} of {one.asked} asks taken on, about {one.minutes / 60:.1f} hours"
        )
        if one.money is not None:
            line += f" worth {one.money:.0f}; an hour came to {one.effective_rate:.0f} instead of {one.agreed_rate:.0f}"
        lines.append(line)
    lines += [f"Lived otherwise: {one.written}; {one.lived}" for one in entry.drift]
    return lines


def _health(entry: ClientEntry) -> str:
    if entry.health is None:
        return "Health: no data" if not entry.danger else "Health: no number beside such words"
    change = f" ({entry.health_change:+d} on last week)" if entry.health_change is not None else ""
    parts = entry.parts
    made_of = ""
    if parts:
        weights = {"patterns": parts.boundary, "contact": parts.contact, "your answers": parts.replies}
        made_of = ", ".join(f"{name} -{points}" for name, points in weights.items() if points)
        if made_of and parts.progress:
            made_of += f", progress +{parts.progress}"
    return f"Health: {entry.health}{change}{': ' + made_of if made_of else ''}"


def agreement_in_words(agreement: Agreement) -> str:
    """Return what was agreed in a line."""
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    hours = ", ".join(
        f"{days[day]} {span[0]:%H:%M}-{span[1]:%H:%M}" for day, span in sorted(agreement.office_hours.items())
    )
    parts = [
        f"office hours {hours or 'none'}",
        f"answer within {agreement.reply_within_days:g} working days",
        f"included beyond the standard: {', '.join(sorted(agreement.included))}" if agreement.included else "",
        f"not included: {', '.join(sorted(agreement.excluded))}" if agreement.excluded else "",
        f"{agreement.sessions_per_month:g} sessions a month" if agreement.sessions_per_month else "",
        f"of {agreement.session_minutes} minutes" if agreement.session_minutes else "",
        f"{agreement.notice_hours} hours' notice",
        f"{agreement.payment_days} days to pay",
        f"{agreement.fee_per_month:g} a month" if agreement.fee_per_month else "",
        f"contact every {agreement.rhythm_days} days" if agreement.rhythm_days else "",
    ]
    return "; ".join(part for part in parts if part)


def as_json(client: Client, entry: dict[str, Any] | None, happened: Sequence[Event], zone: ZoneInfo) -> dict[str, Any]:
    """Return the page as JSON values; ``entry`` is the client's part of the digest."""
    return {
        "client": client.name,
        "addresses": sorted(client.addresses),
        "since": client.since.isoformat() if client.since else None,
        "until": client.until.isoformat() if client.until else None,
        "agreement": agreement_in_words(client.agreement),
        "now": entry,
        "timeline": [
            {
                "at": event.at.astimezone(zone).isoformat(),
                "kind": event.kind,
                "told": event.told,
                "message_id": event.message_id,
            }
            for event in happened
        ],
    }
