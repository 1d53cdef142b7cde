"""Start the program with a part that fails as badly as can be: ``python crashing.py PART ARGUMENTS``.

What fails quotes the mail that it had before it, in an exception or a warning. Children of the program fail as well.
"""

from __future__ import annotations

import logging
import os
import runpy
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any


def _raising(*met: Any, **more: Any) -> Any:
    raise ValueError(f"cannot bear {met!r} {more!r}")


def _chatting(real: Callable[..., Any]) -> Callable[..., Any]:
    def chatting(*met: Any, **more: Any) -> Any:
        result = real(*met, **more)
        words = f"odd: {met!r} {result!r}"
        warnings.warn(words, RuntimeWarning, stacklevel=1)
        logging.getLogger("library").warning("met %s", words)
        logging.getLogger("library").error(words)
        print(words)

        class Rotten:
            def __del__(self) -> None:
                raise ValueError(words)

        Rotten()
        return result

    return chatting


def _without_network(event: str, met: tuple[Any, ...]) -> None:
    """Whoever asks for a name or a connection is ended at once."""
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request"):
        os.write(2, f"network: {event}\n".encode())
        os._exit(99)


def _break(part: str) -> None:
    if part == "reader" and "monitor.reader.child" in sys.argv:
        from monitor.reader import wire

        real = wire.write_frame
        wire.write_frame = lambda stream, value: (  # type: ignore[assignment]
            _raising(value) if isinstance(value, list) else real(stream, value)
        )
    elif part == "chatter":
        from monitor.reader import understanding

        understanding.understand = _chatting(understanding.understand)
    elif part == "store":
        from monitor.store.fact_store import FactStore

        FactStore.record = _raising  # type: ignore[method-assign]
    elif part == "letter":
        from monitor.letter import mail

        mail.write_letter = _raising
    elif part == "network":
        sys.addaudithook(_without_network)


def main() -> None:
    """Break the part, have children broken as well, and run the program."""
    part = sys.argv.pop(1)
    with tempfile.NamedTemporaryFile("w", prefix="crashing-", dir=Path.cwd(), delete=False) as file:
        file.write(f'#!/bin/sh\nexec {sys.executable} {Path(__file__)} {part} "$@"\n')
    os.chmod(file.name, 0o700)
    sys.executable = file.name
    _break(part)
    if sys.argv[1:2] == ["-m"]:
        module = sys.argv[2]
        sys.argv[:] = sys.argv[2:]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    else:
        from monitor.cli import main as program

        program()


if __name__ == "__main__":
    main()
