"""Remarks: what a message says beside its requests, found by narrow patterns that need no learning.

They say little and rarely: a remark that is missed costs less than one that is wrong, with one exception. Words that
can point to danger for life are told rather once too often; they never enter a score.
"""

from __future__ import annotations

import re

from monitor.classification.life_signs import LIFE, LIFE_SENT
from monitor.classification.work_signs import RECEIVED, SENT
from monitor.facts import Direction, Remark
from monitor.sieve import Sieve

SIGNS = {Direction.RECEIVED: LIFE + RECEIVED, Direction.SENT: LIFE_SENT + SENT}
_SIEVES = {direction: Sieve(sign.says.pattern for sign in signs) for direction, signs in SIGNS.items()}
LONGEST_TEXT = 8_000  # characters that are looked at
LONGEST_SENTENCE = 400

# A sentence ends at its mark or an empty line, not at the dot of a date ("am 16. März") or of a time ("4.12 Uhr").
_ENDS = re.compile(r"(?<!\d)[.!?…]{1,20}(?=[\s\"”“»)]|$)|\n[ \t]*\n")
_GAPS = re.compile(r"\s+")
_MONEY = re.compile(
    r"rechnung|zahlung|überw|betrag|honorar|invoice|payment|fee\b|paid|transfer|€|\beuro\b|\beur\b|\brg\.|fällig|overdue",
    re.I,
)
# Bills are often reminded of by another program, so that the client's answer alone shows it.
_REMINDER = re.compile(
    r"\b(?:zahlungs|rechnungs)?erinnerung\b.{0,40}\b(?:rechnung|rg|honorar|zahlung)|\bzahlungserinnerung\b|\bmahnung\b|"
    r"\boverdue\b|\b(?:payment|invoice) reminder\b|\breminder\b.{0,40}\b(?:invoice|payment|fee)\b",
    re.I,
)
_ANSWER = re.compile(r"\s*(?:re|aw|antw|fwd?|wg)\s*:", re.I)


def remarks_of(text: str, direction: Direction, subject: str = "") -> frozenset[Remark]:
    """Return what a client's or the coach's own words remark; each direction has remarks of its own.

    ``subject`` counts for what the coach sent, unless it is an answer's: "Re: reminder" reminds of nothing. Where a
    client answers a reminder by its subject, there has been one.
    """
    seen = text[:LONGEST_TEXT].replace("’", "'").replace("`", "'")
    if direction is Direction.SENT and not _ANSWER.match(subject):
        seen = f"{subject}\n\n{seen}"
    found: set[Remark] = set()
    said = sentences(seen)
    likely = [SIGNS[direction][number] for number in _SIEVES[direction].through("\n".join(said))]
    for sentence in said if likely else ():
        for sign in likely:
            if sign.remark in found or not sign.says.search(sentence):
                continue
            if sign.unless is None or not sign.unless.search(sentence):
                found.add(sign.remark)
    if direction is Direction.RECEIVED and _ANSWER.match(subject) and _REMINDER.search(subject):
        found.add(Remark.PAYMENT_REMINDER)
    elif Remark.PAYMENT_REMINDER in found and not (_MONEY.search(seen) or _MONEY.search(subject)):
        found.discard(Remark.PAYMENT_REMINDER)
    return frozenset(found)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each on one line and of bounded length."""
    found: list[str] = []
    for part in _ENDS.split(text):
        sentence = _GAPS.sub(" ", part).strip()
        found.extend(sentence[start : start + LONGEST_SENTENCE] for start in range(0, len(sentence), LONGEST_SENTENCE))
    return found
