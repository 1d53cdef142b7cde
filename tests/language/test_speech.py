"""Dates, times, numbers and lists as each language says them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from monitor.labels import Language
from monitor.language.speech import capital, speech

GERMAN, ENGLISH = speech(Language.GERMAN), speech(Language.ENGLISH)


@pytest.mark.parametrize(
    ("first", "last", "german", "english"),
    [
        (date(2026, 11, 16), date(2026, 11, 22), "16. bis 22.\u00a0November 2026", "16 to 22\u00a0November 2026"),
        (
            date(2026, 11, 30), date(2026, 12, 6),
            "30.\u00a0November bis 6.\u00a0Dezember 2026", "30\u00a0November to 6\u00a0December 2026",
        ),
        (
            date(2026, 12, 28), date(2027, 1, 3),
            "28.\u00a0Dezember 2026 bis 3.\u00a0Januar 2027", "28\u00a0December 2026 to 3\u00a0January 2027",
        ),
    ],
)  # fmt: skip
def test_a_period_names_month_and_year_no_oftener_than_needed(first, last, german, english):
    assert GERMAN.period(first, last) == german
    assert ENGLISH.period(first, last) == english


@pytest.mark.parametrize(
    ("days", "german", "english"),
    [
        ([(11, 19)], "19.\u00a0November", "19\u00a0November"),
        ([(11, 19), (11, 3), (11, 19)], "3. und 19.\u00a0November", "3 and 19\u00a0November"),
        (
            [(10, 26), (11, 3), (11, 19)],
            "26.\u00a0Oktober, 3. und 19.\u00a0November",
            "26\u00a0October, 3 and 19\u00a0November",
        ),
    ],
)
def test_days_name_each_month_once(days, german, english):
    values = [date(2026, month, day) for month, day in days]

    assert GERMAN.days(values) == german
    assert ENGLISH.days(values) == english


def test_the_same_month_of_two_years_is_not_one():
    assert GERMAN.days([date(2025, 3, 1), date(2026, 3, 2)]) == "1.\u00a0März und 2.\u00a0März"


def test_moments_have_weekday_and_clock():
    moment = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)

    assert GERMAN.moment(moment) == "Sonntag, 1.\u00a0März, 9:05 Uhr"
    assert ENGLISH.moment(moment) == "Sunday, 1\u00a0March, 09:05"


@pytest.mark.parametrize(
    ("at", "german", "english"),
    [(time(9), "9", "9 am"), (time(17, 30), "17:30", "5:30 pm"), (time(23, 59, 59), "24", "midnight")],
)
def test_times_of_day_as_they_are_spoken(at, german, english):
    assert GERMAN.clock(at) == german
    assert ENGLISH.clock(at) == english


def test_numbers_are_words_from_two_to_twelve():
    assert [GERMAN.count(number) for number in (1, 2, 12, 13, 1234)] == ["1", "zwei", "zwölf", "13", "1.234"]
    assert [ENGLISH.count(number) for number in (2, 12, 13)] == ["two", "twelve", "13"]
    assert [GERMAN.times(number) for number in (1, 2, 7, 13)] == ["einmal", "zweimal", "siebenmal", "13-mal"]
    assert [ENGLISH.times(number) for number in (1, 2, 7, 13)] == ["once", "twice", "seven times", "13 times"]


def test_per_cent_numbers_lists_and_quotation_marks_differ():
    assert GERMAN.percent(0.614) == "61\u00a0%"
    assert ENGLISH.percent(0.614) == "61%"
    assert GERMAN.number(1234.5) == "1.234,5"
    assert ENGLISH.number(1234.5) == "1,234.5"
    assert GERMAN.listed(["a", "b", "c"]) == "a, b und c"
    assert ENGLISH.listed(["a", "b", "c"]) == "a, b and c"
    assert GERMAN.quoted("ja") == "„ja“"
    assert ENGLISH.quoted("yes") == "“yes”"


def test_a_sentence_opens_with_a_capital():
    assert capital("zwei von neun") == "Zwei von neun"
    assert capital("") == ""
