"""The letter on a terminal has colours, the same words, and no colours where none are wanted."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys

import pytest

TEXT = """Zwei Gespräche stehen an.
=========================

- „Kannst du kurz?“
  <mid:a@b.example>

Georg  61 %  ████
"""
PRINT = "import sys\nfrom monitor.cli.colours import show_letter\nshow_letter(sys.argv[1])\n"


def on_a_terminal(**more: str) -> str:
    """What a terminal of 200 columns gets."""
    ours, theirs = pty.openpty()
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8", "COLUMNS": "200", **more}
    subprocess.run([sys.executable, "-c", PRINT, TEXT], stdout=theirs, env=environment, check=True)
    os.close(theirs)
    told = b""
    while True:
        try:
            chunk = os.read(ours, 4096)
        except OSError:  # the other side has hung up
            break
        if not chunk:
            break
        told += chunk
    os.close(ours)
    return told.decode().replace("\r\n", "\n")


def test_a_terminal_gets_colours_and_the_same_words() -> None:
    told = on_a_terminal()

    assert "\x1b[" in told
    assert re.sub(r"\x1b\[[0-9;]*m", "", told) == TEXT + "\n"


@pytest.mark.parametrize("more", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colours_where_none_are_wanted(more: dict[str, str]) -> None:
    assert on_a_terminal(**more) == TEXT + "\n"


def test_a_pipe_gets_plain_text() -> None:
    done = subprocess.run([sys.executable, "-c", PRINT, TEXT], capture_output=True, text=True, check=True)

    assert done.stdout == TEXT + "\n"
