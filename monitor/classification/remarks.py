"""Remarks: what a message says beside its requests, found by narrow patterns that need no learning."""

from __future__ import annotations

import re

from monitor.facts import Direction, Remark

_LATE_PAYMENT = re.compile(
    r"(?:rechnung|zahlung|überweisung|honorar|betrag|rate|invoice|payment|bill|fee)\b[^.?!\n]{0,80}\b(?:noch (?:offen|nicht)|spät|später|zu spät|"
    r"überfällig|vergessen|verschwitzt|untergegangen|liegen geblieben|überwiesen|late|overdue|forgot|slipped|outstanding|haven't paid|not paid|unpaid)|"
    r"(?:noch nicht|vergessen|verspätet|haven't|have not|forgot to|yet to|late)\b[^.?!\n]{0,60}\b(?:bezahlt|überwiesen|zu (?:be)?zahlen|überweisen|paid|pay|payment|transferred|invoice)|"
    r"\b(?:kann|schaffe|can't|cannot|won't)\b[^.?!\n]{0,60}\b(?:erst|nicht|pay|until)\b[^.?!\n]{0,60}\b(?:zahlen|überweisen|bezahlen|pay|next month|payday)",
    re.I,
)
_REMINDER = re.compile(
    r"\b(?:zahlungserinnerung|mahnung|mahnen|überfällig|noch (?:nicht (?:eingegangen|beglichen|bezahlt|da)|offen|kein\w* (?:zahlung|geld)eingang)|zahlungseingang|"
    r"erinner\w{0,4} (?:ich )?(?:dich |sie |freundlich )?(?:noch ?(?:ein)?mal )?an (?:die|meine|unsere) (?:rechnung|zahlung)|overdue|payment reminder|still (?:unpaid|outstanding|open)|"
    r"(?:haven't|have not|not yet) (?:yet )?(?:received|seen) (?:the |your |any )?payment|invoice [^.?!\n]{0,60}(?:unpaid|outstanding|open|due))",
    re.I,
)
_MONEY = re.compile(r"rechnung|zahlung|überweis|betrag|honorar|invoice|payment|fee|paid|€|euro|rg\.", re.I)


def remarks_of(text: str, direction: Direction) -> frozenset[Remark]:
    """Return what a client's or the coach's own words remark; each direction has remarks of its own."""
    seen = text[:8_000]
    if direction is Direction.SENT:
        return frozenset({Remark.PAYMENT_REMINDER}) if _REMINDER.search(seen) and _MONEY.search(seen) else frozenset()
    return frozenset({Remark.LATE_PAYMENT}) if _LATE_PAYMENT.search(seen) else frozenset()
