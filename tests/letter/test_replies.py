"""Every prepared answer says what the program reads, and every instruction is told back in words."""

from __future__ import annotations

import email
import itertools
import re
from datetime import date
from email.policy import default
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from sample_digests import ANSWERING, WEEKS, hostile
from sample_mails import at

from monitor.agreement import Coach
from monitor.instructions.grammar import instructions_in
from monitor.instructions.instruction import Carried, Instruction, Kind, Outcome
from monitor.instructions.token import token_in
from monitor.labels import DIGEST_HEADER, Language, RequestType, Signal
from monitor.language.speech import speech
from monitor.letter.confirmation import write_confirmation
from monitor.letter.mail import render_text, write_letter
from monitor.letter.replies import outcome_of

JANA = "jana@weber-coaching.example"
TOLD = [
    Instruction(Kind.TALKED, "Georg", date(2026, 3, 1)),
    Instruction(Kind.SNOOZE, "Georg", date(2026, 4, 1)),
    Instruction(Kind.NOT_A_CLIENT, "Georg"),
    Instruction(Kind.NOT_A_CLIENT, about="a@b.example"),
    Instruction(Kind.WRONG, "Georg"),
    Instruction(Kind.WRONG, "Georg", signal=Signal.PAYMENT),
    Instruction(Kind.LABEL, number=2, label=RequestType.EXTRA_WORK),
    *(Instruction(kind, client, signal=signal)
      for kind in (Kind.LESS, Kind.MORE) for client in ("", "Georg") for signal in (None, Signal.PAYMENT)),
    Instruction(Kind.PAUSE, day=date(2026, 4, 1)),
    Instruction(Kind.GO_ON),
    Instruction(Kind.UNDO, number=3),
    Instruction(Kind.UNKNOWN, about="bla {name} %s"),
]  # fmt: skip


def prepared(text: str) -> list[tuple[str, str]]:
    """The prepared answers of a letter: to whom, and with which subject."""
    links = [link.removeprefix("mailto:").partition("?subject=") for link in re.findall(r"<(mailto:[^>]+)>", text)]
    return [(unquote(to), unquote(subject)) for to, _, subject in links]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("week", ["busy", "after_talk"])
def test_every_prepared_answer_is_read_as_it_is_meant(week: str, language: Language) -> None:
    digest = WEEKS[week](language)
    answers = prepared(render_text(digest))
    names = [entry.client for entry in digest.clients]

    kinds = set()
    for to, subject in answers:
        assert to == ANSWERING.address
        assert token_in(subject) == ANSWERING.token
        ((told, outcome),) = instructions_in(subject, "", names, date(2026, 3, 2))
        assert outcome is Outcome.DONE, subject
        kinds.add(told.kind)
    assert kinds >= {Kind.TALKED, Kind.SNOOZE, Kind.WRONG, Kind.LESS, Kind.PAUSE}
    assert kinds >= ({Kind.LABEL, Kind.NOT_A_CLIENT} if week == "busy" else {Kind.UNDO})


@pytest.mark.parametrize("language", Language)
def test_a_hostile_name_breaks_no_prepared_answer(language: Language) -> None:
    answers = prepared(render_text(hostile(language)))

    assert len(answers) > 5
    for to, subject in answers:
        assert to == ANSWERING.address
        assert not re.search(r"[\x00-\x1f\x7f\u202a-\u202e]", subject)
        assert len(subject) < 200
        assert token_in(subject) == ANSWERING.token


def test_a_reply_finds_its_way_back_by_message_id_and_address() -> None:
    digest = WEEKS["busy"](Language.GERMAN)
    letter = email.message_from_bytes(write_letter(digest, JANA, JANA, "x").data, policy=default)
    elsewhere = email.message_from_bytes(write_letter(digest, "post@x.example", JANA, "x").data, policy=default)

    assert token_in(letter["Message-ID"]) == ANSWERING.token
    assert letter["Reply-To"] is None
    assert elsewhere["Reply-To"] == ANSWERING.address


@pytest.mark.parametrize(
    ("told", "outcome", "language"), list(itertools.product(TOLD, Outcome, Language)), ids=lambda value: None
)
def test_everything_that_can_become_of_an_instruction_can_be_told(
    told: Instruction, outcome: Outcome, language: Language
) -> None:
    if told.kind is Kind.UNKNOWN and outcome is Outcome.DONE:
        return  # nothing can have been done
    for undone in (False, True):
        text = outcome_of(Carried(1, told, outcome, at(1, 9, 0), undone), speech(language))

        assert text.endswith(".")
        assert "{" not in text.replace("{name}", "")
        assert "None" not in text
        assert len(text) < 330


@pytest.mark.parametrize("language", Language)
def test_a_confirmation_is_a_short_mail_that_is_known_as_ours_and_names_nobody_outside(language: Language) -> None:
    coach = Coach("Jana Weber", frozenset({JANA}), language, ZoneInfo("Europe/Berlin"))
    carried = [Carried(number, told, Outcome.DONE, at(1, 9, 0)) for number, told in enumerate(TOLD[:3], 1)]

    first, again = (write_confirmation(carried, coach, "answer:1", JANA, JANA, at(1, 9, 0)) for _ in range(2))

    assert first == again
    message = email.message_from_bytes(first.data, policy=default)
    assert message[DIGEST_HEADER] == "1"
    assert "Georg" not in message["Subject"]
    assert message.get_content().count("Georg") == 3
