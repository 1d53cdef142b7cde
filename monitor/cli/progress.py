"""How far long work is: on a terminal a bar with its rate and the time left, elsewhere nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, Task, TaskID

    from monitor.language.speech import Speech


@contextmanager
def progress_bar(speech: Speech) -> Iterator[Bar]:
    """Show on a terminal how many messages were read; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield Bar(None, "")
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.text import Text

    class Pace(TextColumn):
        def render(self, task: Task) -> Text:
            return Text(pace(speech, task.finished_speed or task.speed, task.time_remaining))

    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        Pace(""),
        console=Console(stderr=True),
        transient=True,
    ) as shown:
        yield Bar(shown, speech.gettext("Reading"))


def pace(speech: Speech, rate: float | None, seconds_left: float | None) -> str:
    """Say how fast it goes (messages a second) and how long it will take, as far as that is known."""
    told = []
    if rate:
        told.append(speech.gettext("{rate} messages/s").format(rate=speech.number(round(rate))))
    if rate and seconds_left:
        minutes, seconds = divmod(round(seconds_left), 60)
        hours, minutes = divmod(minutes, 60)
        left = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
        told.append(speech.gettext("{time} left").format(time=left))
    return ", ".join(told)


class Bar:
    """A progress bar, or nothing that behaves like one."""

    def __init__(self, shown: Progress | None, title: str) -> None:
        self._shown = shown
        self._title = title
        self._tasks: dict[str, TaskID] = {}

    def show(self, name: str, done: int, total: int | None) -> None:
        """Show how much is done; ``total`` is None while nobody knows it."""
        if self._shown is None:
            return
        if name not in self._tasks:
            self._tasks[name] = self._shown.add_task(f"{self._title} {name}".strip(), total=total)
        self._shown.update(self._tasks[name], completed=done, total=total)
