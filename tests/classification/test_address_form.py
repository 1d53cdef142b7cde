"""Sie or du is read from what the coach writes, and nothing is read where it is not clear."""

from __future__ import annotations

import pytest

from monitor.classification.address_form import address_of
from monitor.facts import Remark


@pytest.mark.parametrize(
    "text",
    [
        "Liebe Frau Oswald, danke für Ihre Zeilen. Ich melde mich morgen bei Ihnen.",
        "Sehr geehrter Herr Kolbe, die Rechnung liegt bei.",
        "Guten Morgen, haben Sie die Unterlagen und können Sie bis Freitag antworten?",
        "Das besprechen wir, wenn Sie zurück sind.",
    ],
)
def test_a_polite_letter_says_sie(text: str) -> None:
    assert address_of(text) == {Remark.SAYS_SIE}


@pytest.mark.parametrize(
    "text",
    [
        "Lieber Georg, schön, dass du dran bist. Schick mir deinen Entwurf.",
        "Ich hab dir einen Termin freigehalten. Sie kommt auch.",
        "Hallo ihr zwei, ich freue mich auf euch und eure Ideen.",
    ],
)
def test_a_familiar_letter_says_du(text: str) -> None:
    assert address_of(text) == {Remark.SAYS_DU}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Passt. Bis Dienstag!",
        "Sie hat zugesagt, und die Zahlen sind da.",
        "Dear Marcus, you did well. See you on Friday.",
        "Coup du jour, merci!",
        "Ihnen und dir: danke. Du und Sie, das ist nicht dasselbe.",
    ],
)
def test_what_is_not_clear_says_nothing(text: str) -> None:
    assert address_of(text) == frozenset()
