"""What stands where in this week's letter: few things in full, the rest in a line, nothing twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from monitor.digest.content import ClientEntry, Coverage, Digest

MOST_CARDS = 3
# The inbox is read every few minutes; a day and a half without a look is no longer a nap of the machine.
STALE = timedelta(hours=36)
WINDOW = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Agenda:
    """The clients of a letter.

    ``due`` are those for a conversation, the most urgent first; ``cards`` those told in full; ``lines`` those told in
    a line: beyond the first three, or unchanged since the last digest. ``new`` are due with a pattern that the last
    digest did not tell; None where that is not known.
    """

    due: tuple[ClientEntry, ...]
    cards: tuple[ClientEntry, ...]
    lines: tuple[ClientEntry, ...]
    new: tuple[ClientEntry, ...] | None


def agenda(digest: Digest) -> Agenda:
    """Return what this letter tells in full and what in a line."""
    due = digest.conversations
    changed = tuple(entry for entry in due if not is_unchanged(entry, digest))
    cards = changed[:MOST_CARDS]
    new: tuple[ClientEntry, ...] | None = None
    if digest.previous_week is not None:
        new = tuple(entry for entry in due if any(pattern.last_told is None for pattern in entry.patterns))
    return Agenda(due, cards, tuple(entry for entry in due if entry not in cards), new)


def is_unchanged(entry: ClientEntry, digest: Digest) -> bool:
    """Whether the last digest told the same patterns with the same numbers."""
    return digest.previous_week is not None and all(
        pattern.last_told == pattern.incidents for pattern in entry.patterns
    )


def nothing_read(coverage: Coverage) -> bool:
    """Whether there is nothing to judge by: no mail, and no look that could have found any."""
    return coverage.messages == 0 and coverage.inbox_seen_at is None


def is_stale(digest: Digest) -> bool:
    """Whether the inbox was last read too long ago for silence to mean anything."""
    seen = digest.coverage.inbox_seen_at
    return seen is not None and digest.as_of - seen > STALE


def is_sent_stale(digest: Digest) -> bool:
    """Whether the coach's own mail was last read too long ago to say who waits for an answer."""
    seen = digest.coverage.sent_seen_at
    return seen is not None and digest.as_of - seen > STALE


def is_young(digest: Digest) -> bool:
    """Whether the mail that is known does not yet fill the four weeks by which patterns are judged."""
    return digest.known_since is not None and digest.last - digest.known_since < WINDOW
