"""One client's page: how they are and why, what was agreed and what is lived, and what happened when.

Its sentences are the letter's; only what the letter leaves to itself has words of its own here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from monitor.agreement import Agreement, Client
from monitor.digest.content import ClientEntry, Digest
from monitor.facts import ADDRESS_REMARKS, Direction, Fact, Remark
from monitor.labels import Language, Verdict
from monitor.language.marking import N_
from monitor.language.speech import Speech, capital, speech
from monitor.letter import care_words
from monitor.letter.after_talk import since_talk
from monitor.letter.agreement_words import agreed, within
from monitor.letter.naming import name_of
from monitor.letter.own_part import given, mirrored, practice
from monitor.letter.pattern_words import finding, label
from monitor.message.characters import one_line
from monitor.talks import Snooze, Talk

SHOWN = timedelta(weeks=12)  # of the timeline, if nothing else is asked
LONGEST_QUOTE = 160
KINDS = {
    str(Direction.RECEIVED): N_("received"),
    str(Direction.SENT): N_("sent"),
    "talk held": N_("talk held"),
    "snoozed": N_("snoozed"),
}
_REMARKS = {
    Remark.LATE_PAYMENT: N_("late payment"),
    Remark.ILLNESS: N_("illness"),
    Remark.BEREAVEMENT: N_("bereavement"),
    Remark.BIRTH: N_("birth"),
    Remark.CRISIS: N_("crisis"),
    Remark.DANGER: N_("danger"),
    Remark.GOAL_COMPLETED: N_("goal completed"),
    Remark.PAYMENT_REMINDER: N_("payment reminder"),
    Remark.PROMISE: N_("promise"),
    Remark.EXTRA_ACCEPTED: N_("extra accepted"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something of the timeline; ``at`` is aware, ``told`` in words."""

    at: datetime
    kind: str
    told: str
    message_id: str | None = None


def events(
    facts: Iterable[Fact], talks: Iterable[Talk], snoozes: Iterable[Snooze], zone: ZoneInfo, words: Speech | None
) -> list[Event]:
    """Return what happened with one client, the newest first; without ``words`` in ids, for programs."""
    found = [Event(fact.sent_at, str(fact.direction), _message(fact, words), fact.message_id) for fact in facts]
    for talk in talks:
        found.append(Event(datetime.combine(talk.held_on, time(12), zone), "talk held", one_line(talk.note)))
    for snooze in snoozes:
        if snooze.since is not None:
            moment = datetime.combine(snooze.since, time(12), zone)
            told = f"until {snooze.until.isoformat()}"
            if words:
                told = words.gettext("until {day}").format(day=words.day(snooze.until, year=True))
            found.append(Event(moment, "snoozed", told))
    return sorted(found, key=lambda event: event.at.astimezone(UTC), reverse=True)


def _message(fact: Fact, words: Speech | None) -> str:
    def share(probability: float) -> str:
        return words.percent(probability) if words else f"{probability:.0%}"

    parts: list[str] = []
    told = fact.classification
    quote = ""
    if told is not None:
        asked = [(name_of(one.type, words) if words else str(one.type), one.probability) for one in told.requests]
        if told.out_of_scope.asked:
            outside = name_of(Verdict.OUT_OF_SCOPE, words) if words else "outside the agreement"
            asked.append((outside, told.out_of_scope.probability))
        parts += [f"{name} {share(probability)}" for name, probability in asked]
        quote = told.out_of_scope.evidence or (told.requests[0].evidence if told.requests else "")
    remarks = [_REMARKS[remark] for remark in fact.remarks - ADDRESS_REMARKS]
    parts += sorted(words.gettext(remark) if words else remark for remark in remarks)
    if not parts:
        count = words.ngettext("{count} word", "{count} words", fact.words) if words else "{count} words"
        parts.append(count.format(count=fact.words))
    line = ", ".join(parts)
    said = one_line(quote)[:LONGEST_QUOTE]
    if not said or fact.direction is not Direction.RECEIVED:
        return line
    return f"{line}: {words.quoted(said)}" if words else f'{line}: "{said}"'


def page(client: Client, digest: Digest, happened: Sequence[Event], zone: ZoneInfo, words: Speech) -> str:
    """Return the page as text."""
    entry = next((one for one in digest.clients if one.client == client.name), None)
    lines = [one_line(client.name), *(f"  {line}" for line in _person(client, words)), ""]
    lines += (
        [words.gettext("Nothing is known about this client yet.")] if entry is None else _state(entry, digest, words)
    )
    lines += ["", agreement_in_words(client.agreement, words)]
    if happened:
        lines += ["", words.gettext("Timeline, the newest first:")]
    width = max(len(words.gettext(kind)) for kind in KINDS.values())
    for event in happened:
        local = event.at.astimezone(zone)
        stamp = f"{local:%Y-%m-%d %H:%M}" if event.kind in set(Direction) else f"{local:%Y-%m-%d}      "
        lines.append(f"  {stamp}  {words.gettext(KINDS[event.kind]):<{width}}  {event.told}".rstrip())
    return "\n".join(lines)


def _person(client: Client, words: Speech) -> list[str]:
    lines = [", ".join(sorted(client.addresses))]
    since, until = (words.day(day, year=True) if day else "" for day in (client.since, client.until))
    if since and until:
        lines.append(words.gettext("from {since} until {until}").format(since=since, until=until))
    elif since:
        lines.append(words.gettext("since {since}").format(since=since))
    elif until:
        lines.append(words.gettext("until {day}").format(day=until))
    if client.timezone:
        lines.append(words.gettext("lives in {place}").format(place=client.timezone.key))
    if client.motive:
        lines.append(words.gettext("why you took this client: {motive}").format(motive=one_line(client.motive)))
    return lines


def _state(entry: ClientEntry, digest: Digest, words: Speech) -> list[str]:
    lines: list[str] = []
    if entry.danger:
        first = words.gettext("Please read the mail of {day} first: some of its words can point to danger for life.")
        help_ = words.gettext(
            "Ask directly and calmly, stay in touch, and name professional help (in Germany 112 or 0800 1110111)."
        )
        lines += [first.format(day=words.day(entry.danger.sent_at.date())), f"  {help_}", ""]
    lines.append(_health(entry, words))
    if any(value is not None for value in entry.weekly_health):
        course = " ".join("-" if value is None else str(value) for value in entry.weekly_health)
        lines.append("  " + words.gettext("twelve weeks: {course}").format(course=course))
    if entry.compassion:
        rest = words.gettext("Boundaries rest until {day}: {remark}.")
        remark = words.gettext(_REMARKS[entry.compassion.remark])
        lines.append(rest.format(day=words.day(entry.compassion.until), remark=remark))
    if entry.snoozed_until:
        rest = words.gettext("No conversation is proposed until {day}, as you wished.")
        lines.append(rest.format(day=words.day(entry.snoozed_until)))
    for pattern in entry.patterns:
        lines.append(f"{label(pattern, words)}: {finding(entry, pattern, digest, words)}")
    if not entry.patterns:
        lines.append(words.gettext("No conversation is called for."))
    lines += [f"{care_words.heading(item, words)} {care_words.note(item, entry, digest, words)}" for item in entry.care]
    if entry.progress:
        reports = words.ngettext(
            "One report of progress in 4 weeks.", "{count} reports of progress in 4 weeks.", entry.progress
        )
        lines.append(reports.format(count=entry.progress))
    if entry.reply_days is not None:
        answers = words.gettext("Your answers: half of them {within}.")
        lines.append(answers.format(within=within(max(0.5, ceil(2 * entry.reply_days) / 2), words)))
    if entry.talk:
        lines.append(since_talk(entry.talk, words, again=bool(entry.patterns)))
    if mirror := mirrored(entry, words):
        lines.append(words.gettext("Your own part:") + " " + mirror)
    if goodwill := given(entry, words):
        lines.append(words.gettext("Your goodwill so far:") + " " + goodwill)
    return lines + [practice(one, words) for one in entry.drift]


def _health(entry: ClientEntry, words: Speech) -> str:
    if entry.health is None:
        if entry.danger:
            return words.gettext("Health: no number beside such words")
        return words.gettext("Health: no data")
    told = words.gettext("Health: {number}").format(number=entry.health)
    if entry.health_change:
        told += " " + words.gettext("({change} on last week)").format(change=f"{entry.health_change:+d}")
    parts = entry.parts
    if parts and (parts.boundary or parts.contact or parts.replies):
        weights = {
            words.gettext("patterns"): -parts.boundary,
            words.gettext("contact"): -parts.contact,
            words.gettext("your answers"): -parts.replies,
            words.gettext("progress"): parts.progress,
        }
        told += ": " + ", ".join(f"{name} {points:+d}" for name, points in weights.items() if points)
    return told


def agreement_in_words(agreement: Agreement, words: Speech) -> str:
    """Return what was agreed in a line."""
    phrases = agreed(agreement, words)
    told = words.gettext(
        "Agreed: office hours {hours}; answers {reply}; {sessions}; moving and calling off {notice}; payment {payment}"
    ).format(
        hours=phrases.hours,
        reply=phrases.reply,
        sessions=phrases.sessions,
        notice=phrases.notice,
        payment=phrases.payment,
    )
    parts = [told]
    if phrases.included:
        parts.append(words.gettext("included beyond the standard: {included}").format(included=phrases.included))
    if phrases.excluded:
        parts.append(words.gettext("not included: {excluded}").format(excluded=phrases.excluded))
    if agreement.fee_per_month:
        parts.append(words.gettext("{money} a month").format(money=words.money(agreement.fee_per_month)))
    if agreement.rhythm_days:
        rhythm = words.ngettext("contact every day", "contact every {count} days", agreement.rhythm_days)
        parts.append(rhythm.format(count=agreement.rhythm_days))
    return capital("; ".join(parts)) + "."


def as_json(client: Client, entry: dict[str, Any] | None, happened: Sequence[Event], zone: ZoneInfo) -> dict[str, Any]:
    """Return the page as JSON values; ``entry`` is the client's part of the digest."""
    return {
        "client": client.name,
        "addresses": sorted(client.addresses),
        "since": client.since.isoformat() if client.since else None,
        "until": client.until.isoformat() if client.until else None,
        "agreement": agreement_in_words(client.agreement, speech(Language.ENGLISH)),
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
