"""How one language says things: texts, dates, numbers, lists and quotation marks.

Everything that is read by a person goes through ``Speech``; nothing else knows what a language looks like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from gettext import NullTranslations
from types import MappingProxyType

from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent

from monitor.labels import Language
from monitor.language.translations import translations

LOCALES = MappingProxyType({Language.GERMAN: "de_DE", Language.ENGLISH: "en_GB"})

# Babel's own long patterns hold a year, or shorten the weekday; a letter about last week needs neither.
# Day and month stay on one line: between them stands a no-break space.
_DAY = MappingProxyType({Language.GERMAN: "d.\u00a0MMMM", Language.ENGLISH: "d\u00a0MMMM"})
_DAY_ALONE = MappingProxyType({Language.GERMAN: "d.", Language.ENGLISH: "d"})
_WEEKDAY = MappingProxyType({Language.GERMAN: "EEEE, d.\u00a0MMMM", Language.ENGLISH: "EEEE, d\u00a0MMMM"})


@dataclass(frozen=True, slots=True)
class Speech:
    """One language. Dates are days or moments in the zone that they are handed in with."""

    language: Language
    texts: NullTranslations

    @property
    def _locale(self) -> str:
        return LOCALES[self.language]

    def gettext(self, text: str) -> str:
        """Return the text in this language."""
        return self.texts.gettext(text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Return the text that goes with a number in this language."""
        return self.texts.ngettext(one, many, number)

    def day(self, value: date, *, year: bool = False) -> str:
        """Return a day: 19. November, with the year if asked for."""
        return format_date(value, _DAY[self.language] + (" y" if year else ""), self._locale)

    def weekday(self, value: date) -> str:
        """Return a day with its weekday: Donnerstag, 19. November."""
        return format_date(value, _WEEKDAY[self.language], self._locale)

    def clock(self, value: time) -> str:
        """Return a time of day as it is spoken of: 9, 9:30 and 24 in German, 9 am, 9:30 am and midnight in English."""
        if value >= time(23, 59):
            return self.gettext("midnight")
        if self.language is Language.GERMAN:
            pattern = "H" if value.minute == 0 else "H:mm"
        else:
            pattern = "h a" if value.minute == 0 else "h:mm a"
        return format_time(value, pattern, locale=self._locale)

    def moment(self, value: datetime) -> str:
        """Return a moment with weekday, day and time: Donnerstag, 19. November, 14:05 Uhr."""
        return self.gettext("{weekday}, {clock}").format(
            weekday=self.weekday(value.date()), clock=self.digital(value.time())
        )

    def digital(self, value: time) -> str:
        """Return a time of day as a clock shows it: 14:05."""
        return format_time(value, "H:mm" if self.language is Language.GERMAN else "HH:mm", locale=self._locale)

    def period(self, first: date, last: date) -> str:
        """Return a period with its year: 16. bis 22. November 2026."""
        if first.year != last.year:
            start = self.day(first, year=True)
        elif first.month != last.month:
            start = self.day(first)
        else:
            start = format_date(first, _DAY_ALONE[self.language], self._locale)
        return self.gettext("{first} to {last}").format(first=start, last=self.day(last, year=True))

    def days(self, values: Sequence[date]) -> str:
        """Return days as a list that names each month once: 26. Oktober, 3. und 19. November."""
        ordered = sorted(set(values))
        parts = []
        for value, following in zip(ordered, [*ordered[1:], None], strict=True):
            alone = following is not None and (following.year, following.month) == (value.year, value.month)
            patterns = _DAY_ALONE if alone else _DAY
            parts.append(format_date(value, patterns[self.language], self._locale))
        return self.listed(parts)

    def number(self, value: float) -> str:
        """Return a number in digits, with this language's separators."""
        return format_decimal(value, locale=self._locale)

    def percent(self, share: float) -> str:
        """Return a share (0 to 1) in whole per cent."""
        return format_percent(share, locale=self._locale)

    def money(self, amount: float) -> str:
        """Return an amount in whole euros."""
        return format_currency(round(amount), "EUR", locale=self._locale, currency_digits=False, format=self._money)

    @property
    def _money(self) -> str:
        return "#,##0\u00a0¤" if self.language is Language.GERMAN else "¤#,##0"

    def listed(self, items: Sequence[str]) -> str:
        """Return items as a list in words: a, b und c."""
        return format_list(list(items), locale=self._locale)

    def count(self, number: int) -> str:
        """Return a whole number as it is written in running text: in words from two to twelve, else in digits."""
        words = {
            2: self.gettext("two"),
            3: self.gettext("three"),
            4: self.gettext("four"),
            5: self.gettext("five"),
            6: self.gettext("six"),
            7: self.gettext("seven"),
            8: self.gettext("eight"),
            9: self.gettext("nine"),
            10: self.gettext("ten"),
            11: self.gettext("eleven"),
            12: self.gettext("twelve"),
        }
        return words.get(number) or self.number(number)

    def times(self, number: int) -> str:
        """Return how often something was: einmal, zweimal, 13-mal."""
        if number == 1:
            return self.gettext("once")
        if number == 2:
            return self.gettext("twice")
        if 2 < number <= 12:
            return self.gettext("{word} times").format(word=self.count(number))
        return self.gettext("{number} times").format(number=self.number(number))

    def quoted(self, text: str) -> str:
        """Return the text in this language's quotation marks."""
        return self.gettext("“{text}”").format(text=text)


def capital(text: str) -> str:
    """Return the text with a capital first letter, to open a sentence."""
    return text[:1].upper() + text[1:]


@cache
def speech(language: Language) -> Speech:
    """Return how a language says things."""
    return Speech(language, translations(language))
