"""The agreement in words: hours, sessions and terms as they are spoken of, and a clause for every signal."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from sample_digests import AGREEMENT

from monitor.agreement import Agreement
from monitor.labels import Language, RequestType, Signal
from monitor.language.speech import speech
from monitor.letter.agreement_words import agreed, clause

GERMAN, ENGLISH = speech(Language.GERMAN), speech(Language.ENGLISH)
NINE_TO_SIX = (time(9), time(18))


@pytest.mark.parametrize(
    ("hours", "german", "english"),
    [
        (
            dict.fromkeys(range(5), NINE_TO_SIX),
            "montags bis freitags von 9 bis 18 Uhr",
            "Mondays to Fridays from 9 am to 6 pm",
        ),
        (
            {**dict.fromkeys(range(4), NINE_TO_SIX), 4: (time(9, 30), time(13))},
            "montags bis donnerstags von 9 bis 18 Uhr und freitags von 9:30 bis 13 Uhr",
            "Mondays to Thursdays from 9 am to 6 pm and Fridays from 9:30 am to 1 pm",
        ),
        (
            {0: NINE_TO_SIX, 1: NINE_TO_SIX, 5: (time(10), time(23, 59, 59))},
            "montags und dienstags von 9 bis 18 Uhr und samstags von 10 bis 24 Uhr",
            "Mondays and Tuesdays from 9 am to 6 pm and Saturdays from 10 am to midnight",
        ),
        ({}, "nach Absprache", "by appointment"),
    ],
)
def test_office_hours_are_told_in_runs_of_days(hours, german, english):
    agreement = Agreement(office_hours=hours)

    assert agreed(agreement, GERMAN).hours == german
    assert agreed(agreement, ENGLISH).hours == english


@pytest.mark.parametrize(
    ("change", "name", "german", "english"),
    [
        ({"reply_within_days": 1.0}, "reply", "innerhalb eines Arbeitstags", "within one working day"),
        ({"reply_within_days": 2.0}, "reply", "innerhalb von zwei Arbeitstagen", "within two working days"),
        ({"reply_within_days": 0.5}, "reply", "innerhalb eines halben Arbeitstags", "within half a working day"),
        ({"reply_within_days": 1.5}, "reply", "innerhalb von 1,5 Arbeitstagen", "within 1.5 working days"),
        ({"sessions_per_month": None}, "sessions", "die gebuchten Sitzungen", "the booked sessions"),
        (
            {"sessions_per_month": 1}, "sessions",
            "eine Sitzung im Monat zu 60 Minuten", "one session a month of 60 minutes",
        ),
        (
            {"sessions_per_month": 0.5, "session_minutes": None}, "sessions",
            "eine Sitzung alle zwei Monate", "one session every two months",
        ),
        (
            {"sessions_per_month": 2.5}, "sessions",
            "2,5 Sitzungen im Monat zu je 60 Minuten", "2.5 sessions a month of 60 minutes each",
        ),
        ({"notice_hours": 48}, "notice", "bis 48 Stunden vorher", "up to 48 hours ahead"),
        ({"notice_hours": 0}, "notice", "jederzeit", "at any time"),
        ({"payment_days": 1}, "payment", "innerhalb eines Tages", "within one day"),
        ({"payment_days": 0}, "payment", "bei Erhalt", "on receipt"),
        (
            {"included": frozenset({RequestType.EXTRA_WORK, RequestType.REASSURANCE})},
            "included", "kurze Rückversicherungen und Sonderwünsche", "quick second opinions and extra work",
        ),
    ],
)  # fmt: skip
def test_phrases_of_an_agreement(change, name, german, english):
    agreement = replace(AGREEMENT, **change)

    assert getattr(agreed(agreement, GERMAN), name) == german
    assert getattr(agreed(agreement, ENGLISH), name) == english


@pytest.mark.parametrize("words", [GERMAN, ENGLISH])
@pytest.mark.parametrize("signal", Signal)
def test_every_signal_has_its_clause(signal, words):
    assert clause(signal, AGREEMENT, words).endswith(".")
    assert "{" not in clause(signal, AGREEMENT, words)


def test_the_clause_never_denies_what_is_included():
    generous = replace(AGREEMENT, included=frozenset({RequestType.EXTRA_WORK}))
    strict = replace(AGREEMENT, excluded=frozenset({RequestType.REASSURANCE}))

    assert "außerdem: Sonderwünsche. Was darüber hinausgeht" in clause(Signal.SCOPE_CREEP, generous, GERMAN)
    assert "Texte" not in clause(Signal.SCOPE_CREEP, generous, GERMAN)
    assert clause(Signal.SCOPE_CREEP, strict, GERMAN).endswith("Ausdrücklich ausgenommen: kurze Rückversicherungen.")
