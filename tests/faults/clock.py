"""Start the program with a clock that can be set: ``python clock.py FILE ARGUMENTS``; FILE holds seconds to add."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import time_machine


def main() -> None:
    """Run the program; look at the file ten times a second."""
    file = Path(sys.argv.pop(1))
    began, steady = time.time(), time.monotonic()
    traveller = time_machine.travel(began, tick=True).start()

    def follow() -> None:
        told = 0.0
        while True:
            if (seconds := float(file.read_text() or 0)) != told:
                told = seconds
                traveller.move_to(began + time.monotonic() - steady + told)
            time.sleep(0.1)

    threading.Thread(target=follow, daemon=True).start()
    from monitor.cli import main as program

    program()


if __name__ == "__main__":
    main()
