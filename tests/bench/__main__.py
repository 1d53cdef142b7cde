"""Measure how fast and how small this program is, beside others: ``make bench``.

COUNT, PEER_COUNT, MEMORY_COUNT, GROWTH_COUNT, ROUNDS, WAKES, SOAK, TEXTS and CLIENTS say how much is measured,
ONLY names one part. A run with the usual amounts writes its tables into ``docs/performance.md``; any other one prints
them alone, unless WRITE=1.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from servers.dovecot import Dovecot

from bench.classification import classification
from bench.duties import duties
from bench.first_look import first_look
from bench.growth import growth
from bench.memory import memory
from bench.report import Report, put, surroundings
from bench.soak import soak
from bench.waiting import waiting
from bench.world import Amounts, World

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
MODELS = Path(os.environ.get("MODELS", ".pytest_cache/d/models"))
BUILD = """
import sys, pathlib
from monitor.classification.serving import serving_model
print(serving_model(pathlib.Path(sys.argv[1])).version)
"""

PARTS: dict[str, Callable[[World], Report]] = {
    "first-look": first_look,
    "classification": classification,
    "waiting": waiting,
    "duties": duties,
    "growth": growth,  # before memory: its mailboxes are parts of the large one
    "memory": memory,
    "soak": soak,
}


def main() -> int:
    """Return 1 where a promise is not kept, 2 where no part has that name."""
    only, amounts = os.environ.get("ONLY", ""), Amounts.wished()
    if only and only not in PARTS:
        print(f"ONLY names no part. There are: {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    built = subprocess.run([sys.executable, "-c", BUILD, str(MODELS)], stdout=subprocess.PIPE, text=True, check=True)
    model = (MODELS / f"{built.stdout.strip()}.npz").resolve()
    server, missed = Dovecot(), 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the server would outlive this process
    try:
        server.start()
        with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
            Path(scratch).chmod(0o755)  # getmail6 writes as another user
            world = World(server, model, Path(scratch), amounts)
            for name in [only] if only else PARTS:
                begun = time.monotonic()
                try:
                    report = PARTS[name](world)
                except (Exception, pytest.fail.Exception):
                    print(f"\n{name}: not measured\n{traceback.format_exc(limit=-3)}", flush=True)
                    missed += 1
                    continue
                text = f"{surroundings(_command(name, amounts), server.version())}\n\n{report.markdown()}"
                print(f"\n{name} ({time.monotonic() - begun:.0f} s)\n\n{text}\n", flush=True)
                if amounts.are_written:
                    put(DOCUMENT, name, text)
                missed += sum(not bar.holds for bar in report.bars)
    finally:
        server.remove()
    return int(bool(missed))


def _command(part: str, amounts: Amounts) -> str:
    usual = Amounts()
    changed = [
        f"{name.upper()}={getattr(amounts, name)}"
        for name in Amounts.__slots__
        if getattr(amounts, name) != getattr(usual, name)
    ]
    return " ".join(["make bench", f"ONLY={part}", *changed])


if __name__ == "__main__":
    sys.exit(main())
