"""Find where, in a text, another mail begins: the line "… wrote:", a block of header lines, a separator.

The rules look at lines, each cut at MAX_LINE; none of them takes more than linear time in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.message import mail_phrases

MAX_LINE = 1_000  # characters of a line that are looked at
MAX_ATTRIBUTION = 500  # characters of the line "… wrote:", which programs break over
ATTRIBUTION_LINES = 6  # lines at most
HEADER_LINES = 14

_ROLES = {
    **dict.fromkeys(mail_phrases.OTHER_FIELDS, "other"),
    **dict.fromkeys(mail_phrases.RECIPIENT, "recipient"),
    **dict.fromkeys(mail_phrases.SUBJECT, "subject"),
    **dict.fromkeys(mail_phrases.TIME, "time"),
    **dict.fromkeys(mail_phrases.SENDER, "sender"),
}


def _any_of(phrases: Sequence[str]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))


_QUOTED = re.compile(r"\s{0,3}(?:>|\|(?:\s|$))")
_BEGINS = re.compile(
    rf"[-–*\s]{{0,12}}(?:(?:{_any_of(mail_phrases.ATTRIBUTION_BEGINS)})\b|\d|(?:{_any_of(mail_phrases.WEEKDAYS)})[.,]{{1,2}}\s)",
    re.I,
)
# The letter before tells that the phrase begins a word; CJK and "(a)" know no such border.
_WROTE = re.compile(rf"(?<![^\W\d_])(?:{_any_of(mail_phrases.WROTE)})(?![^\W\d_])|写道|寫道|のメール", re.I)
_ENDS_WITH_WROTE = re.compile(rf"(?<![^\W\d_])(?:{_any_of(mail_phrases.WROTE)})\W?$", re.I)
_WROTE_PHRASES = tuple(mail_phrases.WROTE)
_WROTE_MYSELF = re.compile(
    r"(?:schrieb|schrieben|wrote) (?:ich|wir|mir|dir|ihnen|i|we|you|to|that|about)\b|\b(?:i|we) wrote\b", re.I
)
_DIGIT = re.compile(r"\d")
_DATE = re.compile(
    r"\d{1,2}[:.h]\d{2}(?!\d)|(?<!\d)\d{4}(?!\d)|(?<!\d)\d{1,2}[./-]\d{1,2}(?!\d)|\d{1,2}\.? [^\W\d_]{3,10}"
)
_ADDRESS = re.compile(r"[<\[(\"“][^\s<>()\[\]]{0,100}@")
_ENDS_WITH_ADDRESS = re.compile(r"<[^<>\s]{1,100}@[^<>\s]{1,100}>\s?[:：]$")
_SEPARATOR = re.compile(rf"[-–_=\s>*#]{{0,60}}(?:{_any_of(mail_phrases.SEPARATORS)})(?![^\W\d_])", re.I)
_MARKED = re.compile(rf"\s{{0,3}}\*?(?:[-–]{{2,}}|_{{2,}}|={{2,}}|\*{{2,}}|>|{_any_of(mail_phrases.OPENINGS)})", re.I)
# "2014-05-09 12:34 GMT+02:00 Name", as Gmail wrote for years, with its address or without.
_GMAIL_ISO = re.compile(r"\d{4}-\d\d-\d\d \d{1,2}:\d\d GMT[+-]\d\d:\d\d \S")
_RULE = re.compile(r"\s{0,3}(?:_{5,}|-{5,}|={5,}|\*{5,})\s*$")
_FIELD = re.compile(r"[*>|\s]{0,6}([^\W\d_][^\n:：]{0,24}?)[*\s\u00a0]{0,4}[:：]")


def is_quoted(line: str) -> bool:
    """Whether the line is set as quoted, with ``>`` or a bar before it."""
    return _QUOTED.match(line) is not None


def is_rule(line: str) -> bool:
    """Whether the line is nothing but a rule of dashes, underscores, stars or equals signs."""
    return _RULE.match(line[:MAX_LINE]) is not None


def attribution(lines: Sequence[str], position: int) -> int:
    """Return how many lines from here on form an "On … wrote:" line (0: none)."""
    first = lines[position][:MAX_LINE].strip()
    if not first or is_quoted(first):
        return 0
    begins = _BEGINS.match(first) is not None
    if _GMAIL_ISO.match(first) and len(first) < 200 and first[-1] not in ".!?":
        return 1
    joined = ""
    for count in range(1, ATTRIBUTION_LINES + 1):
        if position + count > len(lines):
            return 0
        part = lines[position + count - 1][:MAX_LINE].strip()
        if not part and _goes_on_below(lines, position + count):
            continue
        closes = part[:1] == ">" and joined.count("<") > joined.count(">")  # the address, broken before its bracket
        if not part or (count > 1 and not closes and (is_quoted(part) or _begins_anew(first, part))):
            return 0
        joined = f"{joined} {part}".strip()
        if len(joined) > MAX_ATTRIBUTION:
            return 0
        plain = joined.rstrip("-–—*_ ")
        if plain.endswith((":", "：")) or _ends_with_wrote(plain):
            following = next_filled(lines, position + count)
            quoted = following is not None and is_quoted(lines[following])
            if _is_attribution(plain, begins=begins, quoted=quoted, single=count == 1):
                return count
        if count == 1 and not begins and "@" not in first and not _dated(first):
            return 0
    return 0


def _ends_with_wrote(plain: str) -> bool:
    end = plain[-30:]
    told = end.lower()
    # The expression looks at every letter; nearly every line ends otherwise, which this tells at once.
    return (told.endswith(_WROTE_PHRASES) or told[:-1].endswith(_WROTE_PHRASES)) and (
        _ENDS_WITH_WROTE.search(end) is not None
    )


def _dated(line: str) -> bool:
    return _DIGIT.search(line) is not None and _DATE.search(line) is not None


def _goes_on_below(lines: Sequence[str], position: int) -> bool:
    """Whether the next line is the address that some programs set apart from the name by an empty line."""
    following = next_filled(lines, position)
    return following is not None and following <= position + 1 and lines[following].lstrip()[:1] == "<"


def _begins_anew(first: str, part: str) -> bool:
    """Whether a line that was taken for the rest of an attribution is a beginning itself, below a line of text."""
    return first[-1] in ".!?" or (_BEGINS.match(part) is not None and _DATE.search(part) is not None)


def _is_attribution(plain: str, *, begins: bool, quoted: bool, single: bool) -> bool:
    wrote = _WROTE.search(plain)
    dated = _dated(plain)
    if quoted:  # whatever the language: a line that introduces what is quoted below it
        if wrote is not None and (single or begins):
            return True
        return dated and (begins or _ADDRESS.search(plain) is not None)
    if not dated or (wrote is not None and _WROTE_MYSELF.search(plain)):
        return False
    if wrote is not None:
        return begins or (single and (_ADDRESS.search(plain) is not None or " schrieb am " in f" {plain.lower()} "))
    # Gmail in former years and in some languages: date, name, address, and no verb.
    return begins and _ENDS_WITH_ADDRESS.search(plain[-210:]) is not None


def begins_other_mail(lines: Sequence[str], position: int) -> bool:
    """Whether an answered or forwarded mail begins here, with a separator or with its header lines."""
    line = lines[position][:MAX_LINE]
    if len(line) < 200 and _SEPARATOR.match(line) and (_MARKED.match(line) or header_block(lines, position + 1)):
        return True
    if is_rule(line):
        following = next_filled(lines, position + 1)
        return following is not None and header_block(lines, following)
    return header_block(lines, position)


def header_block(lines: Sequence[str], position: int) -> bool:
    """Whether "Von: … Gesendet: … An: …" begins here: a sender, and when, to whom or on what they wrote."""
    roles: list[str] = []
    blank = 0
    addressed = False
    for line in lines[position : position + HEADER_LINES]:
        role = _role(line[:MAX_LINE], known=not roles)
        if role:
            roles.append(role)
            addressed = addressed or "@" in line[:MAX_LINE]
            blank = 0
        elif not line.strip():
            if not roles:
                continue
            blank += 1
            if blank > 1:
                break
        elif roles and line[:1] in (" ", "\t"):
            continue  # a value that goes on
        elif roles:
            break
        else:
            return False
    told = set(roles) - {"other"}
    if not roles or roles[0] in ("other", "recipient"):
        return False
    if roles[0] == "subject":
        return len(told) >= 3
    if roles[0] == "sender":  # "Von: München / An: Rosenheim" is a journey
        return len(told) >= 3 or (len(told) == 2 and (addressed or "recipient" not in told))
    return len(told) >= 3 or told == {"sender", "time"}


def _role(line: str, *, known: bool) -> str | None:
    """Return what a header line tells; with ``known`` only if its name is in the tables."""
    match = _FIELD.match(line) if ":" in line or "：" in line else None
    if match is None:
        return None
    return _ROLES.get(match.group(1).strip("* \u00a0").lower(), None if known else "other")


def next_filled(lines: Sequence[str], position: int) -> int | None:
    """Return the next line that is not empty; None if there is none."""
    for later in range(position, len(lines)):
        if lines[later].strip():
            return later
    return None
