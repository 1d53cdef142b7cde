"""The child process: reads batches of raw messages from its standard input, writes outcomes to its standard output.

Started by ``reader.process`` as ``python -m monitor.reader.child``; it ends when its input ends.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import resource
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.crash_report import tell_places_alone
from monitor.lean_process import be_lean

if TYPE_CHECKING:
    from monitor.reader.outcomes import Filed

MEMORY = 1_600 * 1024 * 1024  # bytes of address space: building the model needs most of it


def main() -> None:
    """Serve until the parent closes the pipe."""
    faulthandler.enable()
    tell_places_alone()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    commands, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)  # what a library prints may not get between the frames, nor into the log
    be_lean()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    from monitor.classification.serving import is_outdated, serving_model
    from monitor.errors import ModelError
    from monitor.reader.outcomes import Circle, Unreadable
    from monitor.reader.understanding import described, understand
    from monitor.reader.wire import outcome_to_wire, read_batch, read_frame, write_frame

    hello = read_frame(commands)
    circle = Circle(*(frozenset(hello[kind]) for kind in ("own", "clients", "answering")))
    describe = bool(hello["describe"])
    try:
        model = serving_model(Path(hello["models"]), outdated=bool(hello["outdated"]))
    except (OSError, MemoryError, ModelError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        write_frame(answers, {"failed": reason or str(error) or type(error).__name__})
        return
    gc.freeze()  # what is loaded stays: collecting garbage need not look through it again and again
    write_frame(answers, {"model": model.version, "outdated": is_outdated(model)})

    def answer(batch: list[Filed]) -> list[dict[str, Any]]:
        if describe:
            return described([filed.raw for filed in batch], model)
        return [outcome_to_wire(outcome) for outcome in understand(batch, circle, model)]

    while True:
        try:
            batch = read_batch(commands)
        except EOFError:
            return
        try:
            told = answer(batch)
        except Exception:
            told = []
            for one in batch:  # one rotten message must not spoil its neighbours
                try:
                    told.extend(answer([one]))
                except Exception as error:
                    reason = f"The reader failed on this message ({type(error).__name__})."
                    told.append({"error": reason} if describe else outcome_to_wire(Unreadable(reason)))
        write_frame(answers, told)


if __name__ == "__main__":
    main()
