"""Days as people write them in a mail: 3.3., 3. März, March 3, yesterday, last Monday, in two weeks, end of April."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jänner january jan", "februar feber february feb", "märz maerz march mär mar", "april apr", "mai may",
            "juni june jun", "juli july jul", "august aug", "september sept sep", "oktober october okt oct",
            "november nov", "dezember december dez dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "montag monday", "dienstag tuesday", "mittwoch wednesday", "donnerstag thursday", "freitag friday",
            "samstag sonnabend saturday", "sonntag sunday",
        )
    )
    for name in names.split()
}  # fmt: skip
_NUMBERS = {
    "einer": 1, "einem": 1, "einen": 1, "eine": 1, "ein": 1, "a": 1, "one": 1, "zwei": 2, "two": 2, "drei": 3, "three": 3,
    "vier": 4, "four": 4, "fünf": 5, "five": 5, "sechs": 6, "six": 6, "acht": 8, "eight": 8, "zehn": 10, "ten": 10,
    "zwölf": 12, "twelve": 12,
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_NUMBER = r"\d{1,2}|" + "|".join(_NUMBERS)
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DOTTED = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}|\d{2})\b)?")
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:\.|st|nd|rd|th)?\s(?:of\s)?({_MONTH})\b\.?(?:,?\s(\d{{4}}))?")
_MONTH_DAY = re.compile(rf"\b({_MONTH})\s(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(\d{{4}}))?")
_END_OF = re.compile(
    rf"\b(?:ende|end of)\s(?:(?:de[sm]|the|dieses|diesen|this)\s)?({_MONTH}|monats?|month)\b(?:\s(\d{{4}}))?"
)
_SPAN = re.compile(rf"\b({_NUMBER})\s(tage?n?|days?|wochen?|weeks?|monate?n?|months?)\b")
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})\b")
_NEAR = {"heute": 0, "today": 0, "gestern": -1, "yesterday": -1, "vorgestern": -2, "morgen": 1, "tomorrow": 1}
_NEAR_WORD = re.compile(rf"\b({'|'.join(_NEAR)})\b")


def day_in(text: str, today: date, *, ahead: bool) -> date | None:
    """Return the day that a text names; None if it names none, or one that no calendar knows.

    Without a year it is the next such day where ``ahead`` says so, else the last one; spans reach from ``today``.
    """
    text = text.casefold()
    try:
        return _fixed(text, today, ahead) or _relative(text, today, ahead)
    except ValueError:
        return None


def _fixed(text: str, today: date, ahead: bool) -> date | None:
    if found := _ISO.search(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DOTTED.search(text):
        return _dated(int(found[1]), int(found[2]), found[3], today, ahead)
    if found := _END_OF.search(text):
        month = _MONTHS.get(found[1], today.month)
        year = int(found[2]) if found[2] else today.year + (month < today.month)
        return date(year, month, monthrange(year, month)[1])
    if found := _DAY_MONTH.search(text):
        return _dated(int(found[1]), _MONTHS[found[2]], found[3], today, ahead)
    if found := _MONTH_DAY.search(text):
        return _dated(int(found[2]), _MONTHS[found[1]], found[3], today, ahead)
    return None


def _dated(day: int, month: int, year: str | None, today: date, ahead: bool) -> date:
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    found = date(today.year, month, day)
    if ahead and found < today:
        return date(today.year + 1, month, day)
    # A day some weeks ahead is a slip that must be told; one that lies half a year ahead means last year's.
    if not ahead and found - today > timedelta(days=183):
        return date(today.year - 1, month, day)
    return found


def _relative(text: str, today: date, ahead: bool) -> date | None:
    if found := _NEAR_WORD.search(text):
        return today + timedelta(days=_NEAR[found[1]])
    if found := _SPAN.search(text):
        number = _NUMBERS[found[1]] if found[1] in _NUMBERS else int(found[1])
        days = number * (1 if found[2].startswith(("tag", "day")) else 7 if found[2].startswith("w") else 30)
        return today + timedelta(days=days if ahead else -days)
    if found := _WEEKDAY.search(text):
        away = (_WEEKDAYS[found[1]] - today.weekday()) % 7
        if ahead:
            return today + timedelta(days=away or 7)
        return today - timedelta(days=(7 - away) % 7)
    return None
