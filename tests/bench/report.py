"""Tables of what was measured, printed and put into the document between the hand-written paragraphs."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Bar:
    """A promise: this figure is at most so much."""

    what: str
    figure: float
    most: float

    @property
    def holds(self) -> bool:
        """Whether it is kept."""
        return self.figure <= self.most

    def __str__(self) -> str:
        return f"{self.what}: {number(self.figure)}, at most {number(self.most)}: {'kept' if self.holds else 'missed'}"


@dataclass(slots=True)
class Report:
    """What one part has measured: lines of Markdown, and the promises it is held to."""

    lines: list[str] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Add a table; the first column is text, the others are figures."""
        self.lines += ["", _row(heads), _row(["---", *["---:"] * (len(heads) - 1)]), *map(_row, rows), ""]

    def say(self, text: str) -> None:
        """Add a sentence."""
        self.lines.append(text)

    def markdown(self) -> str:
        """Return the whole part."""
        promised = ["", *(f"- {bar}" for bar in self.bars)] if self.bars else []
        return re.sub(r"\n{3,}", "\n\n", "\n".join([*self.lines, *promised])).strip()


def number(value: float) -> str:
    """Write a figure with three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def in_rounds(rounds: int) -> str:
    """Say how often it was measured."""
    return "one round" if rounds == 1 else f"medians of {rounds} interleaved rounds"


def megabytes(value: float) -> str:
    """Write bytes in millions."""
    return number(value / 1e6)


def surroundings(command: str, dovecot: str) -> str:
    """Tell how, when and on what it was measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    python = ".".join(map(str, sys.version_info[:3]))
    return (
        f"`{command}`, {datetime.now(UTC):%Y-%m-%d}: {len(os.sched_getaffinity(0))} cores ({platform.machine()}), "
        f"{memory:.0f} GB, Python {python}, Dovecot {dovecot}"
    )


def put(document: Path, part: str, text: str) -> None:
    """Replace what the document has between ``<!-- part -->`` and ``<!-- end -->``. Raises ValueError without that."""
    whole = document.read_text(encoding="utf-8")
    marked = re.compile(rf"(<!-- {re.escape(part)} -->\n).*?(<!-- end -->)", re.DOTALL)
    if not marked.search(whole):
        raise ValueError(f"{document.name} has no place for {part}")
    document.write_text(marked.sub(lambda found: f"{found[1]}{text}\n{found[2]}", whole), encoding="utf-8")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
