"""What the writer wrote stays; what programs, firms and other people wrote goes."""

from __future__ import annotations

import time

import pytest

from monitor.message.own_words import own_words

REPLY = "Gern am Dienstag.\n\nViele Grüße\nPetra"


@pytest.mark.parametrize(
    "quoted",
    [
        "Am 12.03.2026 um 09:14 schrieb Jana Weber <jana@weber-coaching.example>:\n> Passt Dienstag?",
        "Am Do., 12. März 2026 um 09:14 Uhr schrieb Jana Weber <\njana@weber-coaching.example>:\n\nPasst Dienstag?",
        "-----Ursprüngliche Nachricht-----\nVon: Jana Weber\nGesendet: Donnerstag, 12. März 2026 09:14\nAn: Petra\n"
        "Betreff: Termin\n\nPasst Dienstag?",
        "Von: Jana Weber <jana@weber-coaching.example>\nGesendet: Donnerstag, 12. März 2026 09:14\nAn: Petra\nBetreff: Termin"
        "\n\nPasst Dienstag?",
        'Gesendet: Donnerstag, 12. März 2026 um 09:14 Uhr\nVon: "Jana Weber" <jana@weber-coaching.example>\nAn: petra@x.example\n'
        "Betreff: Termin\n\nPasst Dienstag?",
        "________________________________\nFrom: Jana Weber\nSent: Thursday, March 12, 2026 9:14 AM\nTo: Petra\nSubject: Termin\n\nHi",
        "On Thu, Mar 12, 2026 at 9:14 AM Jana Weber <jana@weber-coaching.example> wrote:\n> Tuesday?",
        "On 12 Mar 2026, at 09:14, Jana Weber <jana@weber-coaching.example> wrote:\n\nTuesday?",
        "Le jeu. 12 mars 2026 à 09:14, Jana Weber <jana@weber-coaching.example> a écrit :\n> Mardi ?",
        "Op do 12 mrt 2026 om 09:14 schreef Jana Weber <jana@weber-coaching.example>:\n> Dinsdag?",
        "Den 12. mar. 2026 kl. 09.14 skrev Jana Weber <jana@weber-coaching.example>:\n> Tirsdag?",
        "Em qui., 12 de mar. de 2026 às 09:14, Jana Weber <jana@weber-coaching.example> escreveu:\n> Terça?",
    ],
)
def test_the_answered_mail_is_removed_whatever_program_quoted_it(quoted: str) -> None:
    assert own_words(f"{REPLY}\n\n{quoted}") == REPLY


def test_answers_between_and_below_quoted_lines_are_kept() -> None:
    text = (
        "Jana Weber schrieb am 12.03.2026 um 09:14:\n> Passt Dienstag?\nJa.\n> Und die Liste?\nKommt morgen.\n\nPetra"
    )

    assert own_words(text) == "Ja.\nKommt morgen.\n\nPetra"


@pytest.mark.parametrize(
    "block",
    [
        "-- \nPetra Moll\nMoll Keramik",
        "Petra Moll\nMoll Keramik GmbH · Am Anger 9 · 94000 Musterzell\nTel. 030 23125 014",
        "Von meinem iPhone gesendet",
        "Sent from my iPad",
        "Gesendet von Samsung Mobile",
        "Diese E-Mail enthält vertrauliche Informationen und ist ausschließlich für den Adressaten bestimmt.",
        "Please consider the environment before printing this email.",
    ],
)
def test_contact_blocks_mobile_lines_and_disclaimers_are_removed(block: str) -> None:
    assert own_words(f"{REPLY}\n\n{block}") == REPLY


def test_closing_words_the_typed_name_and_a_postscript_stay() -> None:
    text = "Gern am Dienstag.\n\nBaci\nPetra\n\nPS: Die Liste bringe ich mit."

    assert own_words(text) == text


def test_a_bare_forward_has_no_words_of_its_own() -> None:
    assert (
        own_words("---------- Forwarded message ---------\nFrom: A <a@x.example>\nDate: Thu\nSubject: Hi\n\nText") == ""
    )


@pytest.mark.parametrize(
    "line", ["On " * 50_000, "Am 1 schrieb " * 20_000, "a@b " * 80_000, "> " * 200_000, "Von: " * 60_000, "-" * 400_000]
)
def test_hostile_lines_cost_no_more_than_long_ones(line: str) -> None:
    """Ten times the text may cost some ten times the time, not a hundred times."""

    def seconds(text: str) -> float:
        start = time.process_time()
        own_words(text)
        return time.process_time() - start

    short = min(seconds("\n".join([line[:2_000]] * 20)) for _ in range(3))
    long = min(seconds("\n".join([line[:2_000]] * 200)) for _ in range(3))

    assert long < 30 * short + 0.05
    assert seconds(line) < 2
