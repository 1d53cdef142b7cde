"""What the letter cannot know this week: said at its top, before anybody relies on it."""

from __future__ import annotations

from monitor.digest.content import Digest
from monitor.language.speech import Speech
from monitor.letter.agenda import is_sent_stale, is_stale, is_young


def reservations(digest: Digest, words: Speech) -> list[str]:
    """Return what to bear in mind: mail that could not be read, or too few weeks to judge by."""
    told: list[str] = []
    coverage = digest.coverage
    if is_stale(digest) and coverage.inbox_seen_at:
        text = words.gettext(
            "Please note: your inbox was last read on {moment}. Whatever came later is missing here. "
            "On the machine that runs the service, client-monitor doctor says what is wrong."
        )
        told.append(text.format(moment=words.moment(coverage.inbox_seen_at)))
    elif is_sent_stale(digest) and coverage.sent_seen_at:
        text = words.gettext(
            "Please note: your sent mail was last read on {moment}. What you have answered since is not known here."
        )
        told.append(text.format(moment=words.moment(coverage.sent_seen_at)))
    if is_young(digest) and digest.known_since:
        text = words.gettext(
            "This is only a beginning: your mail is known since {day}. Patterns show after about four weeks; "
            "older mail can be read in with client-monitor import."
        )
        told.append(text.format(day=words.day(digest.known_since)))
    return told
