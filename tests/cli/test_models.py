"""The versions of the text model as a coach sees them."""

from __future__ import annotations

from typing import Any

import pytest
from machine import Machine

from monitor.classification.contest import FEW, Ground
from monitor.classification.versions import Version, Versions, write

MEASURED = {"macro_f1": 0.85, "main_type": 0.8, "out_of_scope": {"precision": 0.9, "recall": 0.8, "f1": 0.85}}


def kept(machine: Machine, name: str, **contest: Any) -> None:
    """Put a version on record that is not the one that serves."""
    shown = {"accepted": True, "champion": MEASURED, "challenger": MEASURED, "own_messages": FEW, "own_errors": [9, 4]}
    report = {"lessons": 30, "held_back": FEW, "contest": shown | contest, "version": name}
    version = Version(name, "2026-03-09T03:30:00+00:00", "starter-a", "b", report)
    write(machine.state / "models", Versions((version,), None))


@pytest.mark.parametrize("contest", [{"ground": Ground.NO_WORSE}, {"reason": "It is no worse."}])
def test_the_report_of_a_version_is_shown_whichever_program_wrote_it(machine: Machine, contest: dict[str, str]) -> None:
    machine.sections["coach"]["language"] = "de"
    kept(machine, "coach-old", **contest)

    shown = machine.run("model", "show", "coach-old")

    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith(f"Aus 30 Mails gelernt; {FEW} wurden zum Messen zurückgehalten.\n")
    assert shown.out.endswith("Das neue ist nicht schlechter.\n")
    assert "Fehler bei Ihren Mails" in shown.out


def test_a_version_that_does_not_serve_is_not_said_to(machine: Machine) -> None:
    kept(machine, "coach-old", ground=Ground.NO_WORSE)

    assert "Now serving" not in machine.run("model", "show", "coach-old").out
    listed = machine.run("model").out.splitlines()
    assert [line[:2] for line in listed] == ["* ", "  "]
    assert "coach-old" in listed[1]
