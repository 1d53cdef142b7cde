"""Ask a person at a terminal, in their language; where nobody sits, flags and defaults answer."""

from __future__ import annotations

import getpass
import sys
import textwrap
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from monitor.cli.surroundings import printable, say
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.language.speech import Speech

WIDTH = 78
MOST_TRIES = 5


class Dialogue:
    """Questions and answers on standard error, so that data on standard output stays alone.

    Every question names the flag that answers it. ``interactive`` tells whether somebody can be asked.
    """

    def __init__(self, speech: Speech, interactive: bool) -> None:
        self.speech = speech
        self.interactive = interactive

    def tell(self, text: str) -> None:
        """Say something in lines of readable width."""
        say("\n".join(textwrap.wrap(printable(text), WIDTH, break_long_words=False, break_on_hyphens=False)))

    def heading(self, text: str) -> None:
        """Open a new step."""
        if self.interactive:
            say("")
        say(f"— {printable(text)}")

    def ask(
        self, question: str, flag: str, default: str = "", check: Callable[[str], str] = lambda answer: answer
    ) -> str:
        """Return an answer, as ``check`` returns it; an empty one means the default. ``check`` raises UsageError."""
        if not self.interactive:
            if not default:
                raise self._nobody_there(flag)
            return check(default)
        for _ in range(MOST_TRIES):
            said = self._line(f"{question} [{default}]: " if default else f"{question}: ")
            answer = said.strip() or default
            if not answer:
                continue
            try:
                return check(answer)
            except UsageError as error:
                self.tell(" ".join(part for part in error.in_words(self.speech.gettext) if part))
        raise self._nobody_there(flag)

    def optional(self, question: str, default: str = "") -> str:
        """Return an answer that may be empty."""
        if not self.interactive:
            return default
        return self._line(f"{question} [{default}]: " if default else f"{question}: ").strip() or default

    def secret(self, question: str, flag: str) -> str:
        """Return a secret that is not shown while it is typed; empty for an empty line."""
        if not self.interactive:
            raise self._nobody_there(flag)
        return getpass.getpass(f"{question}: ", stream=sys.stderr).strip()

    def agree(self, question: str, default: bool, answered: bool | None = None) -> bool:
        """Return yes or no. ``answered`` is what a flag says; where nobody can be asked it is no."""
        if answered is not None:
            return answered
        if not self.interactive:
            return False
        yes, no = self.speech.gettext("y"), self.speech.gettext("n")
        choices = f"{yes.upper()}/{no}" if default else f"{yes}/{no.upper()}"
        for _ in range(MOST_TRIES):
            said = self._line(f"{question} [{choices}] ").strip().lower()
            if not said:
                return default
            # Whoever is used to the other language is understood as well.
            if said in (yes, "y", "yes", "j", "ja"):
                return True
            if said in (no, "n", "no", "nein"):
                return False
        return False

    def choose(self, question: str, options: Sequence[str], flag: str) -> str:
        """Return one of several options, chosen by its number or written out."""
        for number, option in enumerate(options, 1):
            say(f"  {number:>2}  {printable(option)}")

        def chosen(answer: str) -> str:
            if answer in options:
                return answer
            if answer.isdecimal() and 1 <= int(answer) <= len(options):
                return options[int(answer) - 1]
            raise UsageError("{answer} is none of these.", "Write a number of the list.", answer=answer)

        return self.ask(question, flag, check=chosen)

    def _line(self, prompt: str) -> str:
        print(printable(prompt), end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise UsageError("The questions have come to an end.", "Answer them at a terminal, or by flags.")
        return line

    def _nobody_there(self, flag: str) -> UsageError:
        return UsageError("An answer is missing.", "Give it with {flag}, or start this at a terminal.", flag=flag)
