"""Everything that the model goes by has a name that a coach can read, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from machine import CLIENT, COACH, OUTSIDE_ASK, Machine, mail

from monitor.classification.cues import CUES, cues_of
from monitor.classification.features import MOODS, contexts, cues_around
from monitor.classification.word_fields import FIELDS
from monitor.cli.clues import NAMES, clue
from monitor.labels import Language
from monitor.language.speech import speech

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


def test_every_cue_and_word_field_has_a_name() -> None:
    lengths = {cue for count in (1, 5, 12, 20) for cue in cues_of("wort " * count) if cue.startswith("words_")}
    around = {cue for size in (1, 7, 20) for one in contexts(["Ja."] * size, "") for cue in cues_around(one)}
    places = {cue.removeprefix("c:") for cue in around if cue.startswith(("c:place", "c:short", "c:middle", "c:long"))}

    assert len(places) == 8
    assert {*CUES, *MOODS, *lengths, *places, *(field.removeprefix("f:") for field in FIELDS)} <= set(NAMES)


def test_a_clue_is_told_with_its_place() -> None:
    german = speech(Language.GERMAN)

    assert clue("website", german) == "website"
    assert clue("subject: website", german) == "Betreff: website"
    assert clue("sentence before: thanks", german) == "Satz davor: Dank"
    assert clue("words about law and question", german) == "Wörter zu Recht + Fragezeichen"
    assert clue("words about web and tech and wish", german) == "Wörter zu Web und Technik + ein Wunsch"
    assert clue("cue: begins with order and document", german) == "Hinweis: beginnt wie ein Auftrag + ein Dokument"


def test_a_classification_is_explained_in_the_coachs_language(machine: Machine) -> None:
    machine.sections["coach"]["language"] = "de"
    file = _filed(machine.folder)

    told = machine.run("explain", "<egal@mail.example>", "--file", str(file))
    classified = machine.run("classify", str(file))

    assert (told.code, told.err) == (0, "")
    lines = told.out.splitlines()
    assert lines[0].startswith("Erkannt: Sonderwunsch ")
    assert lines[1].startswith("Außerhalb: ")
    assert any(line.startswith("» kannst du bis morgen") for line in lines)
    assert "Hinweis: " in told.out
    assert "cue" not in told.out
    assert "  Sonderwunsch " in classified.out


def test_a_client_is_shown_in_the_coachs_language(machine: Machine) -> None:
    machine.sections["coach"]["language"] = "de"
    machine.run("import", str(_filed(machine.folder)))

    lines = machine.run("clients", "show", "Georg").out.splitlines()

    assert any(line.startswith("Vereinbart: Bürozeiten montags bis freitags") for line in lines)
    assert "Was geschah, das Neueste zuerst:" in lines
    assert "erhalten" in lines[-1]
    assert "Sonderwunsch" in lines[-1]


def _filed(folder: Path) -> Path:
    file = folder / "frage.eml"
    file.write_bytes(mail(OUTSIDE_ASK, CLIENT, COACH)[0])
    return file
