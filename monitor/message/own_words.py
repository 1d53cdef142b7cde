"""The writer's own words: quoted mail, forwarded mail, contact blocks, mobile lines and disclaimers removed.

Closing words and the typed name stay. The rules look at lines, each once, and their patterns are anchored or
bounded, so that a hostile text costs no more than a long one.
"""

from __future__ import annotations

import re

from monitor.bounds import LIMITS, Bound, bite
from monitor.message.other_mail import MAX_LINE, attribution, begins_other_mail, is_quoted, is_rule, next_filled
from monitor.message.signature import (
    is_contact,
    is_mobile_line,
    is_signature_mark,
    without_contact_block,
    without_disclaimers,
)

MAX_LINES = LIMITS[Bound.LINES]
WRAPPED = 60  # characters: a quoted line this long may have been broken, and its end stands unquoted below

_EMPTY_LINES = re.compile(r"\n{3,}")


def own_words(text: str) -> str:
    """Return what the writer of a plain text mail wrote, closing words included.

    ``text`` has ``\\n`` line ends and no invisible characters. An empty result means that the mail holds
    nothing of its own (a bare forward, say).
    """
    lines = [line.rstrip() for line in text.split("\n", MAX_LINES)]
    if len(lines) > MAX_LINES:
        bite(Bound.LINES)
        del lines[MAX_LINES:]
    kept = _without_quotes(lines)
    if not any(kept):
        kept = _below_an_opening_attribution(lines)
    kept = without_disclaimers(kept)
    kept = without_contact_block(kept)
    return _EMPTY_LINES.sub("\n\n", "\n".join(kept)).strip()


def _without_quotes(lines: list[str]) -> list[str]:
    kept: list[str] = []
    position = 0
    while position < len(lines):
        line = lines[position][:MAX_LINE]
        if is_quoted(line):
            position = _after_quoted(lines, position)
            continue
        length = attribution(lines, position)
        if length:
            following = next_filled(lines, position + length)
            if following is not None and is_quoted(lines[following]):
                position += length  # the answer may go on below or between the quoted lines
                continue
            break
        if begins_other_mail(lines, position):
            break
        mobile = is_mobile_line(line)
        if is_signature_mark(line) or (mobile and any(kept)) or _is_ruled_signature(lines, position):
            # What stands below is no text of the mail; only what was answered between quoted lines can follow it.
            position = _after_signature(lines, position + 1)
            continue
        if not mobile:
            kept.append(lines[position])
        position += 1
    return kept


def _after_quoted(lines: list[str], position: int) -> int:
    """Return where the quoted line at a position ends: programs break long lines and leave the end unquoted."""
    after = position + 1
    if len(lines[position]) < WRAPPED or lines[position][-1:] in "?!:" or after + 1 >= len(lines):
        return after
    broken = lines[after][:1].islower() and is_quoted(lines[after + 1])
    return after + 1 if broken else after


def _after_signature(lines: list[str], position: int) -> int:
    """Return where a quoted part goes on below a signature, else the end."""
    for later in range(position, len(lines)):
        if is_quoted(lines[later]) or attribution(lines, later) or begins_other_mail(lines, later):
            return later
    return len(lines)


def _is_ruled_signature(lines: list[str], position: int) -> bool:
    """Whether a rule stands here that parts the text from a block of contact lines, to the end or to another rule."""
    if not is_rule(lines[position]):
        return False
    below: list[str] = []
    for later in range(position + 1, min(len(lines), position + 15)):
        if is_rule(lines[later]) or is_quoted(lines[later]) or attribution(lines, later):
            break
        if lines[later].strip():
            below.append(lines[later])
    else:
        if position + 15 < len(lines):
            return False
    return bool(below) and is_contact(below)


def _below_an_opening_attribution(lines: list[str]) -> list[str]:
    """Return the text below "On … wrote:" at the very top with nothing quoted: the writer answered within it."""
    first = next_filled(lines, 0)
    if first is None:
        return []
    length = attribution(lines, first)
    return _without_quotes(lines[first + length :]) if length else []
