"""``--help`` in the coach's language: the texts stand where the commands are, in English, and are looked up here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from monitor.language.marking import N_
from monitor.language.speech import Speech

ASKED_BY = frozenset({"-h", "--help"})
# What is said before the examples, which are the same in every language.
SAYINGS = (
    N_("Example: "),
    N_("First look around with: "),
    N_("This is what systemd starts. "),
    N_("Without questions: "),
)
HEADINGS = (N_("Usage: "), N_("Arguments"), N_("Options"), N_("Commands"))
_REMARK = re.compile(r"\[(required|default: )")
REMARKS = {"required": N_("required"), "default: ": N_("default: ")}


def texts_of(command: Any) -> Iterator[str]:
    """Yield what ``--help`` says of a command and all below it, as far as it is to be translated."""
    if command.hidden:
        return
    yield from (one.help for one in (command, *command.params) if getattr(one, "help", None))
    for below in getattr(command, "commands", {}).values():
        yield from texts_of(below)


def speak(command: Any, words: Speech) -> None:
    """Let a command and all below it help in a language."""
    for one in (command, *command.params):
        if getattr(one, "help", None):
            one.help = words.gettext(one.help)
    for saying in SAYINGS:
        command.epilog = command.epilog and command.epilog.replace(saying, words.gettext(saying))
    command.context_class = _context(command.context_class, words)
    for below in getattr(command, "commands", {}).values():
        speak(below, words)


def _context(kind: Any, words: Speech) -> Any:
    class Formatter(kind.formatter_class):  # type: ignore[misc]
        """Writes headings and remarks in the language."""

        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            super().write_usage(prog, args, prefix or words.gettext("Usage: "))

        @contextmanager
        def section(self, name: str) -> Iterator[None]:
            with super().section(words.gettext(name)):
                yield

        def write_dl(self, rows: Sequence[tuple[str, str]], *sizes: int, **named: int) -> None:
            told = [
                (name, _REMARK.sub(lambda match: f"[{words.gettext(REMARKS[match[1]])}", text)) for name, text in rows
            ]
            about = N_("Show this message and exit.")
            told = [(name, words.gettext(about) if text == about else text) for name, text in told]
            super().write_dl(told, *sizes, **named)

    class Context(kind):  # type: ignore[misc]
        formatter_class = Formatter

    return Context
