"""Read hostile mail and print what came of it: ``make hostile CORPUS=DIR``.

Every file of the folder is read as the service reads it, in a child process, and so are the monsters that are made
here. Wrong results are those against what the corpus expects (``*expectations*.jsonl``) and those where the standard
library reads another sender, date or text and leaves no doubt. With LIST=1 every fault is told by its file.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from hostile.corpus import Specimen, specimens
from hostile.judging import explained, faults
from hostile.monsters import monsters
from hostile.reading import Child

SECONDS = 2.0
MEMORY = 200 * 1024 * 1024
COLUMNS = ("messages", "exceptions", "timeouts", "memory", "wrong")


@dataclass(slots=True)
class Row:
    """The counts of a corpus, and its faults by name."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COLUMNS, 0))
    unreadable: int = 0
    explained: int = 0
    cut: int = 0
    slowest: float = 0.0
    largest: int = 0
    faults: list[str] = field(default_factory=list)

    def note(self, column: str, text: str) -> None:
        """Count a fault and keep what it was."""
        self.counts[column] += 1
        self.faults.append(f"{column}: {text}")


def measured(read: Iterable[Specimen], models: Path) -> dict[str, Row]:
    """Read specimens and return a row for each corpus."""
    rows: dict[str, Row] = {}
    ours, standard = Child("ours", models), Child("standard", models)
    try:
        for specimen in read:
            row = rows.setdefault(specimen.corpus, Row())
            row.counts["messages"] += 1
            outcome = ours.read(specimen)
            row.slowest, row.largest = max(row.slowest, outcome.seconds), max(row.largest, outcome.memory)
            if outcome.error:
                row.note(
                    "timeouts" if outcome.error.startswith("no answer") else "exceptions",
                    f"{specimen.name}: {outcome.error}",
                )
                continue
            if outcome.seconds > SECONDS:
                row.note("timeouts", f"{specimen.name}: {outcome.seconds:.1f} s")
            if outcome.memory > MEMORY:
                row.note("memory", f"{specimen.name}: {outcome.memory >> 20} MB")
            row.unreadable += "error" in outcome.told
            row.cut += "cut" in outcome.told
            # The standard library hangs on what is made to hang it; of those, what to find is known.
            other = standard.read(specimen).told if specimen.corpus != "generated" else {}
            wrong = faults(specimen, outcome.told, other)
            if wrong and explained(specimen, outcome.told):
                row.explained += 1
            elif wrong:
                row.note("wrong", f"{specimen.name}: {'; '.join(wrong)[:300]}")
    finally:
        ours.close()
        standard.close()
    return rows


def table(rows: dict[str, Row]) -> str:
    """Return the table: corpus, messages, exceptions, timeouts, memory, wrong results."""
    width = max(map(len, [*rows, "corpus"]))
    lines = [f"{'corpus':<{width}}  messages  exceptions  timeouts  memory  wrong results"]
    total = dict.fromkeys(COLUMNS, 0)
    for name, row in rows.items():
        lines.append(_line(name.ljust(width), row.counts))
        total = {column: total[column] + row.counts[column] for column in COLUMNS}
    lines.append(_line("total".ljust(width), total))
    return "\n".join(lines)


def _line(name: str, counts: dict[str, int]) -> str:
    widths = zip(COLUMNS, (8, 10, 8, 6, 13), strict=True)
    return "  ".join([name, *(f"{counts[column]:>{width}}" for column, width in widths)])


def main(arguments: list[str]) -> int:
    """Measure a folder, if one is named, and the monsters; return 1 where anything is not as it should be."""
    models = Path(os.environ.get("MODELS", ".pytest_cache/d/models"))
    read: list[Iterable[Specimen]] = [specimens(Path(folder)) for folder in arguments]
    rows = measured((one for each in [*read, monsters()] for one in each), models)
    every = rows.values()
    print(table(rows))
    print(f"\nThe slowest took {max(row.slowest for row in every):.2f} s, the largest {_megabytes(every)} MB more.")
    print(f"No mail at all: {sum(row.unreadable for row in every)}. Cut by a bound: {sum(row.cut for row in every)}.")
    print(
        f"Promised otherwise than the corpus expects: {sum(row.explained for row in every)} (closing words and typed "
        "names stay,\nquoted lines do not, a forward has no words of its own)."
    )
    found = [f"{name}: {fault}" for name, row in rows.items() for fault in row.faults]
    if os.environ.get("LIST"):
        print("\n".join(found))
    return 1 if found else 0


def _megabytes(rows: Iterable[Row]) -> int:
    return max(row.largest for row in rows) >> 20


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
