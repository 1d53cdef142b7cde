"""Care notes in words: who could do with a few lines, and what is going well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from monitor.digest.content import CareItem, ClientEntry, Digest
from monitor.labels import SIGNAL_NAMES, Care
from monitor.language.speech import Speech
from monitor.letter.agreement_words import agreed
from monitor.letter.quoting import name

MOST = 3
_FIRST = (Care.NEGLECT, Care.SILENCE, Care.TURNING_POINT, Care.CONCENTRATION, Care.IMPROVEMENT)


def ranked(items: Sequence[CareItem]) -> tuple[tuple[CareItem, ...], tuple[CareItem, ...]]:
    """Return the notes to tell in full and those to name only: who waits comes first.

    At most three are told in full; a single further one is told as well, since naming it takes the same room.
    """
    ordered = sorted(items, key=lambda item: (_FIRST.index(item.care), -item.days))
    full = len(ordered) if len(ordered) <= MOST + 1 else MOST
    return tuple(ordered[:full]), tuple(ordered[full:])


def heading(item: CareItem, speech: Speech) -> str:
    """Return kind and name, to open the note."""
    kind = SIGNAL_NAMES[item.care][speech.language]
    return f"{kind}: {name(item.client)}."


def note(item: CareItem, entry: ClientEntry, digest: Digest, speech: Speech) -> str:
    """Return what there is to know, with its yardstick, in one or two sentences."""
    match item.care:
        case Care.SILENCE:
            return _silence(item, entry, speech)
        case Care.NEGLECT:
            return _neglect(item, entry, speech)
        case Care.CONCENTRATION:
            return _concentration(entry, digest, speech)
        case Care.IMPROVEMENT:
            return _improvement(item, speech)
        case Care.TURNING_POINT:
            return _turning_point(item, digest.last, speech)


def named(items: Sequence[CareItem], speech: Speech) -> str:
    """Return the further notes as one sentence: each kind with its names."""
    parts = []
    for care in _FIRST:
        names = [name(item.client) for item in items if item.care is care]
        if names:
            kind = SIGNAL_NAMES[care][speech.language]
            parts.append(f"{kind} ({speech.listed(names)})")
    return speech.gettext("And also: {notes}.").format(notes=speech.listed(parts))


def _silence(item: CareItem, entry: ClientEntry, speech: Speech) -> str:
    usual = item.usual or entry.agreement.rhythm_days or 0
    if item.usual:
        text = speech.gettext("Nothing heard for {days} days; usually you hear within about {usual}.")
    elif usual:
        text = speech.gettext("Nothing heard for {days} days; you agreed on contact every {usual} days.")
    else:
        text = speech.gettext("Nothing heard for {days} days, longer than usual between the two of you.")
    return text.format(days=speech.number(item.days), usual=speech.number(usual))


def _neglect(item: CareItem, entry: ClientEntry, speech: Speech) -> str:
    if item.days:
        text = speech.ngettext(
            "The last mail has been waiting for your answer for one day; you promise one {reply}.",
            "The last mail has been waiting for your answer for {days} days; you promise one {reply}.",
            item.days,
        )
    else:
        text = speech.gettext("Your answers have lately come later than you promise, which is {reply}.")
    return text.format(days=speech.number(item.days), reply=agreed(entry.agreement, speech).reply)


def _concentration(entry: ClientEntry, digest: Digest, speech: Speech) -> str:
    fees = [one.agreement.fee_per_month or 0.0 for one in digest.clients]
    own, total = entry.agreement.fee_per_month or 0.0, sum(fees)
    paying = sum(fee > 0 for fee in fees)
    if not own or not paying:
        return speech.gettext(
            "A large part of your income depends on this one client. A second pillar makes you freer."
        )
    return speech.gettext(
        "{share} of the fees you have agreed come from here; an even share would be {even}. "
        "A second pillar makes honest talks easier."
    ).format(share=speech.percent(own / total), even=speech.percent(1 / paying))


def _improvement(item: CareItem, speech: Speech) -> str:
    if item.signal is None:
        return speech.gettext("What weighed on the two of you has eased. That deserves a word of thanks.")
    text = speech.gettext(
        "“{pattern}” has eased: {now} in four weeks, after {before} in the four before. That deserves a word of thanks."
    )
    return text.format(
        pattern=SIGNAL_NAMES[item.signal][speech.language],
        now=_often(item.now, speech),
        before=_often(item.before, speech),
    )


def _turning_point(item: CareItem, today: date, speech: Speech) -> str:
    if item.on is None:
        return speech.gettext("A stage is complete: a good moment to celebrate and to ask what comes next.")
    days = (item.on - today).days
    if days < 0:
        text = speech.gettext("The agreement ended on {day}. A good moment to ask what comes next.")
    elif days < 21:
        text = speech.ngettext(
            "The agreement ends on {day}, in one day. A good moment to ask what comes next.",
            "The agreement ends on {day}, in {days} days. A good moment to ask what comes next.",
            days,
        )
    else:
        text = speech.gettext("The agreement ends on {day}, in {weeks} weeks. A good moment to ask what comes next.")
    return text.format(
        day=speech.day(item.on, year=True), days=speech.number(days), weeks=speech.count(round(days / 7))
    )


def _often(number: int, speech: Speech) -> str:
    return speech.times(number) if number else speech.gettext("not once")
