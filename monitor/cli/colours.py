"""The letter on a terminal, with colours: headings, bars and what accompanies; elsewhere, or as wished, without."""

from __future__ import annotations

import os
import re
import sys

_BARS = re.compile(r"[█▁▂▃▄▅▆▇]+")
_LINK = re.compile(r"<[a-z]{1,20}:[^\s<>]{1,2000}>")
_QUOTE = re.compile(r"^- [„“].*$", re.MULTILINE)
_HEADING = re.compile(r"^(.+(?:\n.+)?)\n=+$", re.MULTILINE)


def show_letter(text: str) -> None:
    """Print the letter as text. Colours only where a terminal shows it and NO_COLOR is not set (no-color.org)."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        print(text)
        return
    from rich.console import Console
    from rich.text import Text

    shown = Text(text)
    shown.highlight_regex(_HEADING, "bold cyan")
    shown.highlight_regex(_QUOTE, "italic")
    shown.highlight_regex(_BARS, "blue")
    shown.highlight_regex(_LINK, "dim")
    Console(highlight=False, soft_wrap=True).print(shown)
