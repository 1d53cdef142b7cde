"""The facts of one case as phrases, for the conversation guide to fill in."""

from __future__ import annotations

from monitor.digest.content import CareItem, ClientEntry, Digest, Pattern
from monitor.labels import Care
from monitor.language.speech import Speech
from monitor.letter.agreement_words import agreed
from monitor.letter.guides import Facts

MOST_DATES = 4  # more dates in a row cannot be said aloud
LATEST_DATES = 3


def case_of(entry: ClientEntry, pattern: Pattern, digest: Digest, speech: Speech) -> Facts:
    """Return the facts of a pattern, and what was agreed."""
    return _facts(
        entry,
        speech,
        times=speech.times(pattern.incidents),
        mails=speech.number(pattern.incidents),
        dates=_dates(pattern, speech),
        latest=_latest(pattern, speech),
        share=speech.percent(entry.share),
        even=speech.percent(digest.even_share),
    )


def care_case_of(entry: ClientEntry, item: CareItem, speech: Speech) -> Facts:
    """Return the facts of a care note, and what was agreed."""
    ends = ""
    if item.care is Care.TURNING_POINT and item.on is not None:
        ends = speech.gettext("on {day}").format(day=speech.day(item.on, year=True))
    return _facts(entry, speech, ends=ends)


def _facts(entry: ClientEntry, speech: Speech, **case: str) -> Facts:
    words = agreed(entry.agreement, speech)
    talked = speech.gettext("on {day}").format(day=speech.day(entry.talk.held_on)) if entry.talk else ""
    return Facts(
        hours=words.hours,
        reply=words.reply,
        sessions=words.sessions,
        notice=words.notice,
        payment=words.payment,
        included=words.included,
        talked=talked,
        **case,
    )


def _dates(pattern: Pattern, speech: Speech) -> str:
    """Return the days of the incidents: all of them where they can be said aloud, else the latest ones."""
    days = sorted({quote.sent_at.date() for quote in pattern.evidence})
    if not days:
        return speech.gettext("since {day}").format(day=speech.day(pattern.since))
    if pattern.incidents == len(days) <= MOST_DATES:
        return speech.gettext("on {day}").format(day=speech.days(days))
    latest = speech.gettext("on {day}").format(day=speech.days(days[-LATEST_DATES:]))
    return speech.gettext("most recently {on_days}").format(on_days=latest)


def _latest(pattern: Pattern, speech: Speech) -> str:
    if not pattern.evidence:
        return speech.gettext("since {day}").format(day=speech.day(pattern.since))
    last = max(quote.sent_at for quote in pattern.evidence)
    return speech.gettext("on {weekday}, at {clock}").format(
        weekday=speech.weekday(last.date()), clock=speech.digital(last.time())
    )
