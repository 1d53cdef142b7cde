"""Long reading tells on a terminal how fast it is and how long it will take; elsewhere it says nothing."""

from __future__ import annotations

import subprocess
import sys

import pexpect
import pytest

from monitor.cli.progress import pace
from monitor.labels import Language
from monitor.language.speech import speech

READING = """
import sys, time
from monitor.cli.progress import progress_bar
from monitor.labels import Language
from monitor.language.speech import speech

with progress_bar(speech(Language(sys.argv[1]))) as bar:
    for done in range(1_000, 9_000, 1_000):
        bar.show("INBOX [x]", done, 9_000)
        time.sleep(0.2)
"""


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", r"Gelesen: INBOX \[x\].*000/9000.*\d Mails/s, noch 0:0\d"),
        ("en", r"Reading INBOX \[x\].*000/9000.*\d messages/s, 0:0\d left"),
    ],
)
def test_a_terminal_shows_how_many_how_fast_and_how_long_still(language: str, said: str) -> None:
    shown = pexpect.spawn(
        sys.executable, ["-c", READING, language], encoding="utf-8", dimensions=(24, 120), timeout=30,
        env={"TERM": "xterm", "NO_COLOR": "1", "LANG": "C.UTF-8", "PATH": "/usr/bin"},
    )  # fmt: skip
    shown.expect(said)
    shown.expect(pexpect.EOF)


def test_a_pipe_shows_nothing() -> None:
    ran = subprocess.run([sys.executable, "-c", READING, "de"], capture_output=True, text=True, check=True)

    assert (ran.stdout, ran.stderr) == ("", "")


def test_the_pace_is_told_as_far_as_it_is_known() -> None:
    german, english = speech(Language.GERMAN), speech(Language.ENGLISH)

    assert pace(german, None, None) == ""
    assert pace(german, 1234.4, None) == "1.234 Mails/s"
    assert pace(german, 1234.4, 75) == "1.234 Mails/s, noch 1:15"
    assert pace(english, 20, 3 * 3600 + 61) == "20 messages/s, 3:01:01 left"
