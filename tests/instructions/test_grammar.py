"""What coaches write back is read as they mean it, in both languages; what is not clear is handed back."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.instructions.grammar import instructions_in
from monitor.instructions.instruction import Instruction, Kind, Outcome
from monitor.labels import RequestType, Signal, Verdict

CLIENTS = ["Georg Prantl", "Silke Brandstätter", "Dr. Hartmut Kolbe", "Georg Meier"]
TODAY = date(2026, 3, 9)  # a Monday
TOKEN = "chm-" + "k" * 24
SILKE, KOLBE, PRANTL = "Silke Brandstätter", "Dr. Hartmut Kolbe", "Georg Prantl"
IN_FOUR_WEEKS = date(2026, 4, 6)


def read(text: str, subject: str = "AW: Wochenbrief KW 10: ein Gespräch") -> list[tuple[Instruction, Outcome]]:
    return instructions_in(subject, text, CLIENTS, TODAY, "Jana Weber")


def done(text: str) -> Instruction:
    ((told, outcome),) = read(text)
    assert outcome is Outcome.DONE, (text, told, outcome)
    return told


@pytest.mark.parametrize(
    ("text", "client", "day"),
    [
        ("Habe am 3.3. mit Georg Prantl gesprochen", PRANTL, date(2026, 3, 3)),
        ("Mit Silke am 3. März gesprochen.", SILKE, date(2026, 3, 3)),
        ("Gespräch mit Silke am 2.3.2026", SILKE, date(2026, 3, 2)),
        ("Gespräch geführt: Dr. Hartmut Kolbe", KOLBE, TODAY),
        ("gestern mit brandstaetter geredet", SILKE, date(2026, 3, 8)),
        ("Das Gespräch mit Herrn Kolbe hatte ich am Freitag.", KOLBE, date(2026, 3, 6)),
        ("I talked to Silke on March 3rd", SILKE, date(2026, 3, 3)),
        ("Talk held: Silke Brandstätter", SILKE, TODAY),
        ("had the conversation with Hartmut yesterday", KOLBE, date(2026, 3, 8)),
        ("Spoke with Silke, 28 December", SILKE, date(2025, 12, 28)),
    ],
)
def test_a_conversation_that_was_held_is_read_with_its_day(text: str, client: str, day: date) -> None:
    assert done(text) == Instruction(Kind.TALKED, client, day)


@pytest.mark.parametrize(
    ("text", "client", "day"),
    [
        ("Silke bis 30. April ruhen lassen", SILKE, date(2026, 4, 30)),
        ("Bitte bei Kolbe nichts vorschlagen bis Ende April", KOLBE, date(2026, 4, 30)),
        ("snooze Silke until 3 April", SILKE, date(2026, 4, 3)),
        ("Let Silke rest for six weeks", SILKE, date(2026, 4, 20)),
        ("Vier Wochen ruhen lassen: Silke Brandstätter", SILKE, IN_FOUR_WEEKS),
        ("Pause mit Silke", SILKE, IN_FOUR_WEEKS),
        ("Silke: ruhen lassen bis 1.2.", SILKE, date(2027, 2, 1)),
    ],
)
def test_a_snooze_is_read_with_its_last_day(text: str, client: str, day: date) -> None:
    assert done(text) == Instruction(Kind.SNOOZE, client, day)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Kein Klient: praxis@lohmann.example", Instruction(Kind.NOT_A_CLIENT, about="praxis@lohmann.example")),
        ("praxis@lohmann.example is not a client", Instruction(Kind.NOT_A_CLIENT, about="praxis@lohmann.example")),
        ("Silke ist keine Klientin mehr, sie ist nicht mehr meine Kundin", Instruction(Kind.NOT_A_CLIENT, SILKE)),
        ("Silke: stimmt nicht", Instruction(Kind.WRONG, SILKE)),
        ("Not so: Silke Brandstätter, Always on", Instruction(Kind.WRONG, SILKE, signal=Signal.ALWAYS_ON)),
        ("Das mit der Zahlungsmoral bei Kolbe ist falsch", Instruction(Kind.WRONG, KOLBE, signal=Signal.PAYMENT)),
        ("Weniger empfindlich: Silke", Instruction(Kind.LESS, SILKE)),
        ("less sensitive, please", Instruction(Kind.LESS)),
        ("Strenger bei Silke: Umfang wächst", Instruction(Kind.MORE, SILKE, signal=Signal.SCOPE_CREEP)),
        ("More sensitive: Scope creep", Instruction(Kind.MORE, signal=Signal.SCOPE_CREEP)),
        ("Pause bis 10. Januar", Instruction(Kind.PAUSE, day=date(2027, 1, 10))),
        ("Urlaub, bitte keine Briefe bis 6.4.", Instruction(Kind.PAUSE, day=date(2026, 4, 6))),
        ("Pause: four weeks", Instruction(Kind.PAUSE, day=IN_FOUR_WEEKS)),
        ("Pause beenden", Instruction(Kind.GO_ON)),
        ("resume", Instruction(Kind.GO_ON)),
        ("Rückgängig: 12", Instruction(Kind.UNDO, number=12)),
        ("Please take number 7 back", Instruction(Kind.UNDO, number=7)),
        ("Frage 2: Sonderwunsch", Instruction(Kind.LABEL, number=2, label=RequestType.EXTRA_WORK)),
        ("Question 1: In scope", Instruction(Kind.LABEL, number=1, label=Verdict.IN_SCOPE)),
    ],
)
def test_everything_else_that_can_be_said_is_read(text: str, told: Instruction) -> None:
    assert done(text) == told


def test_several_lines_and_several_wishes_in_a_line_are_all_read() -> None:
    found = read(
        "Liebe Grüße vom See!\nGestern mit Silke gesprochen, und Kolbe bitte bis Ende April ruhen lassen.\n"
        "Pause bis 20. März\n\nViele Grüße\nJana Weber\n"
    )

    assert [(told.kind, told.client) for told, _ in found] == [
        (Kind.TALKED, SILKE),
        (Kind.SNOOZE, KOLBE),
        (Kind.PAUSE, ""),
    ]


def test_the_subject_counts_where_it_carries_the_token_and_only_there() -> None:
    assert read("", f"Gespräch geführt: Silke Brandstätter ({TOKEN})") == [
        (Instruction(Kind.TALKED, SILKE, TODAY), Outcome.DONE)
    ]
    assert read("", f"Fwd: Re: Pause: vier Wochen [{TOKEN}]") == [
        (Instruction(Kind.PAUSE, day=IN_FOUR_WEEKS), Outcome.DONE)
    ]
    assert read("", "Pause: vier Wochen") == []


@pytest.mark.parametrize(
    "text",
    [
        "Ich habe noch nicht mit Silke gesprochen",
        "I haven't talked to Silke",
        "Soll ich mit Silke gesprochen haben?",
        "Silke geht es prima",
        "Rückgängig bitte",
        "Mit Silke gesprochen oder lieber Pause",
    ],
)
def test_what_is_not_clear_is_handed_back_and_changes_nothing(text: str) -> None:
    assert [(told.kind, outcome) for told, outcome in read(text)] == [(Kind.UNKNOWN, Outcome.NOT_UNDERSTOOD)]


@pytest.mark.parametrize("text", ["Mit Georg gesprochen", "Gestern gesprochen", "Ruhen lassen bis 3. April"])
def test_a_name_that_is_missing_or_shared_is_asked_for(text: str) -> None:
    assert [outcome for _, outcome in read(text)] == [Outcome.WHO]


def test_a_conversation_in_the_future_is_not_noted() -> None:
    assert [(told.day, outcome) for told, outcome in read("Gespräch mit Silke am 12. März")] == [
        (date(2026, 3, 12), Outcome.TO_COME)
    ]


@pytest.mark.parametrize(
    "text", ["Danke!", "Vielen Dank für den Brief\nLG", "Thanks, very helpful", "", "\n--\nJana Weber"]
)
def test_thanks_are_no_instruction(text: str) -> None:
    assert read(text) == []


def test_a_full_name_is_never_somebody_elses() -> None:
    assert done("Mit Georg Meier gesprochen").client == "Georg Meier"


def test_a_page_of_text_takes_no_time_and_gives_little() -> None:
    assert len(read("bla " * 5_000 + "\n" + "Silke x\n" * 5_000)) <= 4
