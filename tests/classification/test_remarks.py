"""Remarks say what was said, and do not hear what only sounds alike."""

from __future__ import annotations

import time

import pytest
from classification.remark_cases import NOTHING, RECEIVED, SENT

from monitor.classification.remarks import remarks_of, sentences
from monitor.facts import Direction, Remark


def cases(sign: str) -> list[tuple[Direction, Remark, str]]:
    return [
        (direction, Remark(remark), text)
        for direction, table in ((Direction.RECEIVED, RECEIVED), (Direction.SENT, SENT))
        for remark, both in table.items()
        for text in both[sign]
    ]


def test_there_are_cases_of_every_remark_in_both_languages() -> None:
    # How the coach addresses somebody is told by a module of its own (see test_address_form).
    assert {remark for _, remark, _ in cases("+")} == set(Remark) - {Remark.SAYS_DU, Remark.SAYS_SIE}
    assert len(cases("+")) + len(cases("-")) >= 120


@pytest.mark.parametrize(("direction", "remark", "text"), cases("+"))
def test_what_is_said_is_heard(direction: Direction, remark: Remark, text: str) -> None:
    assert remark in remarks_of(text, direction)


@pytest.mark.parametrize(("direction", "remark", "text"), cases("-"))
def test_what_only_sounds_like_it_is_not(direction: Direction, remark: Remark, text: str) -> None:
    assert remark not in remarks_of(text, direction)


@pytest.mark.parametrize("text", NOTHING)
def test_a_day_like_any_other_has_no_remark(text: str) -> None:
    assert remarks_of(text, Direction.RECEIVED) == frozenset()


def test_a_remark_is_heard_within_a_mail_and_across_its_lines() -> None:
    mail = "Liebe Jana,\n\ndanke für Dienstag. Eins noch: mein Vater ist am\nSonntag gestorben.\n\nViele Grüße\nGeorg"

    assert remarks_of(mail, Direction.RECEIVED) == {Remark.BEREAVEMENT}


def test_the_subject_of_a_reminder_counts_and_that_of_an_answer_to_it_does_not() -> None:
    text = "Guten Tag Herr Kolbe,\n\nim Anhang noch einmal die Rechnung.\n\nHerzliche Grüße"

    assert Remark.PAYMENT_REMINDER in remarks_of(text, Direction.SENT, "Zahlungserinnerung")
    assert remarks_of("Vielen Dank!", Direction.SENT, "Re: Zahlungserinnerung") == frozenset()


def test_the_coachs_words_are_not_the_clients() -> None:
    assert remarks_of("Ja.", Direction.RECEIVED, "AW: Zahlungserinnerung") == {Remark.PAYMENT_REMINDER}
    assert remarks_of("Ja.", Direction.RECEIVED, "Zahlungserinnerung der Bahn") == frozenset()
    assert remarks_of("Ich liege mit Grippe im Bett.", Direction.SENT) == frozenset()
    assert remarks_of("Die Rechnung ist seit zwei Wochen überfällig.", Direction.RECEIVED) == {Remark.LATE_PAYMENT}


def test_the_dot_of_a_date_ends_no_sentence() -> None:
    assert sentences("Sie war am 16. März fällig. Danke! Um 4.12 Uhr?\n\nGruß") == [
        "Sie war am 16. März fällig",
        "Danke",
        "Um 4.12 Uhr",
        "Gruß",
    ]


@pytest.mark.parametrize(
    "piece",
    [
        "ich bin ",
        "rechnung ",
        "mein vater ",
        "a ",
        "nicht mehr leben ",
        "habe ich ",
        "my my my ",
        "will nicht mehr und ",
        "  \n",
        ".",
    ],
)
def test_time_grows_with_the_length_of_the_text_and_no_further(piece: str) -> None:
    def spent(characters: int) -> float:
        text = (piece * characters)[:characters]
        begun = time.process_time()
        for direction in Direction:
            remarks_of(text, direction)
        return time.process_time() - begun

    spent(1_000)
    # Beyond the bound no more is read; below it four times the text takes about four times as long.
    assert spent(8_000) <= 12 * max(spent(2_000), 0.01)
    assert spent(400_000) < 2.0
