"""What a command costs: its time, and the memory of all its processes together, as Linux tells it."""

from __future__ import annotations

import contextlib
import os
import re
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

INTERVAL = 0.05  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall and processor seconds, and the peak of the memory of all processes together, in bytes.

    Memory is the proportional set size: what processes share is counted once.
    """

    seconds: float
    cpu: float = 0.0
    peak: int = 0
    out: str = ""


def run(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    told: str = "",
    fine: Sequence[int] = (0,),
) -> Cost:
    """Run a command to its end; ``told`` is its standard input.

    Raises RuntimeError with what it said where its exit code is none of the ``fine`` ones.
    """
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        asked.write(told.encode())
        asked.seek(0)
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdin=asked, stdout=out, stderr=err, env=environment, cwd=folder)
        with Watch(process.pid) as watch:
            _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode not in fine:
            words = err.read().decode(errors="replace")
            raise RuntimeError(f"{command[0]} ended with {process.returncode}: {words[-2000:]}")
        return Cost(seconds, used.ru_utime + used.ru_stime, watch.peak, out.read().decode(errors="replace"))


class Watch:
    """Looks at the memory of a process and its descendants while in its ``with`` block; ``peak`` is in bytes."""

    def __init__(self, process: int) -> None:
        self.peak = 0
        self._process = process
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.is_set():
            self.peak = max(self.peak, together(self._process))
            self._done.wait(INTERVAL)


def together(process: int) -> int:
    """Return the proportional memory of a process and all its descendants, in bytes; 0 if it has ended."""
    return sum(proportional(each) for each in family(process))


def family(process: int) -> list[int]:
    """Return a process and all its descendants that run."""
    found = [process]
    for each in found:
        for tasks in Path(f"/proc/{each}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += map(int, tasks.read_text().split())
    return found


def proportional(process: int) -> int:
    """Return the proportional set size (Pss) of one process in bytes."""
    return _kilobytes(process, "smaps_rollup", "Pss") * 1024


def resident(process: int) -> int:
    """Return the resident set size of one process in bytes."""
    return _kilobytes(process, "status", "VmRSS") * 1024


def descriptors(process: int) -> int:
    """Return how many files one process holds open."""
    return len(os.listdir(f"/proc/{process}/fd"))


def _kilobytes(process: int, file: str, name: str) -> int:
    with contextlib.suppress(OSError):
        found = re.search(rf"^{name}:\s+(\d+) kB", Path(f"/proc/{process}/{file}").read_text(), re.MULTILINE)
        return int(found[1]) if found else 0
    return 0


def median(costs: Sequence[Cost]) -> Cost:
    """Return the middle of each figure."""
    return Cost(
        statistics.median(one.seconds for one in costs),
        statistics.median(one.cpu for one in costs),
        int(statistics.median(one.peak for one in costs)),
    )
