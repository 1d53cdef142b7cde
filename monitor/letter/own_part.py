"""The coach's own part in words: the mirror, what was given beyond the agreement, and how the agreement is lived.

Told without blame: the coach's habits are what the coach can change first.
"""

from __future__ import annotations

from monitor.digest.content import ClientEntry, Pattern
from monitor.health.findings import Clause, Drift, Goodwill, Hours, Mirror
from monitor.labels import Signal
from monitor.language.speech import Speech

# What a clause's practice adds to a pattern; what the finding itself counts is not told twice.
_LIVED = {
    Signal.SCOPE_CREEP: (Clause.INCLUDED, Clause.REPLY),
    Signal.ALWAYS_ON: (Clause.OFFICE_HOURS, Clause.REPLY),
    Signal.TIME_SHARE: (Clause.INCLUDED, Clause.REPLY, Clause.RHYTHM),
    Signal.DEPENDENCY: (Clause.REPLY, Clause.OFFICE_HOURS),
    Signal.UNRELIABILITY: (Clause.REPLY,),
    Signal.PAYMENT: (Clause.INCLUDED,),
    Signal.EXPECTATION_GAP: (Clause.INCLUDED, Clause.RHYTHM),
}
_REFLECTED = {Signal.SCOPE_CREEP: Clause.INCLUDED, Signal.ALWAYS_ON: Clause.OFFICE_HOURS}


def lived(entry: ClientEntry, pattern: Pattern, speech: Speech) -> str:
    """Return how the agreement is lived where that matters to a pattern; empty if as it is written."""
    mirrored = {_REFLECTED.get(one.signal) for one in entry.mirror if _is_shown(one, entry)}
    wanted = [clause for clause in _LIVED[pattern.signal] if clause not in mirrored]
    for clause in wanted:
        for one in entry.drift:
            if one.clause is clause:
                return practice(one, speech)
    return ""


def practice(one: Drift, speech: Speech) -> str:
    """Return how a clause is lived, in one sentence."""
    match one.clause:
        case Clause.OFFICE_HOURS:
            text = speech.ngettext(
                "In practice one of your {of} answers went out outside your office hours.",
                "In practice {times} of your {of} answers went out outside your office hours.",
                one.times,
            )
        case Clause.REPLY:
            text = speech.ngettext(
                "In practice one of your {of} answers came later than promised.",
                "In practice {times} of your {of} answers came later than promised.",
                one.times,
            )
        case Clause.INCLUDED:
            text = speech.ngettext(
                "In practice you said yes to one of {of} further wishes.",
                "In practice you said yes to {times} of {of} further wishes.",
                one.times,
            )
        case Clause.NOTICE:
            text = speech.ngettext(
                "In practice an appointment or an agreed step fell through once within twelve weeks.",
                "In practice an appointment or an agreed step fell through {times} times within twelve weeks.",
                one.times,
            )
        case Clause.PAYMENT:
            text = speech.ngettext(
                "In practice payment came late once within twelve weeks.",
                "In practice payment came late {times} times within twelve weeks.",
                one.times,
            )
        case Clause.RHYTHM:
            text = speech.ngettext(
                "In practice one of {of} pauses was clearly longer than agreed.",
                "In practice {times} of {of} pauses were clearly longer than agreed.",
                one.times,
            )
    return text.format(times=speech.count(one.times), of=speech.count(one.of))


def mirrored(entry: ClientEntry, speech: Speech) -> str:
    """Return what the coach's own answers do, with the smallest change that would help; empty if nothing."""
    for one in entry.mirror:
        if _is_shown(one, entry):
            return _mirror(one, speech)
    return ""


def given(entry: ClientEntry, speech: Speech) -> str:
    """Return what was given beyond the agreement, of the running quarter or else the last one; empty if nothing."""
    ledger: Goodwill | None = next((one for one in entry.goodwill if one.accepted), None)
    if ledger is None:
        return ""
    hours = speech.number(max(0.5, round(ledger.minutes / 30) / 2))
    text = speech.ngettext(
        "This quarter you have said yes to a further wish once, worth about {hours} hours.",
        "This quarter you have said yes to further wishes {times}, worth about {hours} hours.",
        ledger.accepted,
    )
    if ledger is not entry.goodwill[0]:
        text = speech.ngettext(
            "Last quarter you said yes to a further wish once, worth about {hours} hours.",
            "Last quarter you said yes to further wishes {times}, worth about {hours} hours.",
            ledger.accepted,
        )
    sentence = text.format(times=speech.times(ledger.accepted), hours=hours)
    if ledger.money and ledger.agreed_rate and ledger.effective_rate and ledger.money >= 1:
        sentence += " " + speech.gettext(
            "At your rate that is {money}: the agreed {agreed} an hour have become {effective}."
        ).format(
            money=speech.money(ledger.money),
            agreed=speech.money(ledger.agreed_rate),
            effective=speech.money(ledger.effective_rate),
        )
    return sentence


def _is_shown(one: Mirror, entry: ClientEntry) -> bool:
    return any(pattern.signal is one.signal for pattern in entry.patterns)


def _mirror(one: Mirror, speech: Speech) -> str:
    answered, of = speech.count(one.answered), speech.count(one.of)
    match one.signal:
        case Signal.ALWAYS_ON:
            return _odd_hours(one, speech)
        case Signal.SCOPE_CREEP:
            text = speech.gettext(
                "Of the last {of} such wishes you have fulfilled {answered}. "
                "Before the next yes, one sentence helps: what it costs, or what it replaces."
            )
        case _:
            text = speech.gettext(
                "You have answered {answered} of the last {of} questions for a yes within a few hours. "
                "A question back would be a start: “What would you decide if I could not be reached?”"
            )
    return text.format(answered=answered, of=of)


def _odd_hours(one: Mirror, speech: Speech) -> str:
    match one.hours:
        case Hours.SUNDAY:
            text = speech.gettext(
                "You have answered {answered} of {of} Sunday mails within {minutes} minutes. "
                "A start would be to answer the next one on Monday morning."
            )
        case Hours.WEEKEND:
            text = speech.gettext(
                "You have answered {answered} of {of} weekend mails within {minutes} minutes. "
                "A start would be to answer the next one on Monday morning."
            )
        case Hours.EVENING:
            text = speech.gettext(
                "You have answered {answered} of {of} evening mails within {minutes} minutes. "
                "A start would be to answer the next one the following morning."
            )
        case _:
            text = speech.gettext(
                "You have answered {answered} of {of} mails from outside your office hours within {minutes} minutes. "
                "Write whenever you like, and let it be sent when your office hours begin."
            )
    return text.format(answered=speech.count(one.answered), of=speech.count(one.of), minutes=speech.number(one.minutes))
