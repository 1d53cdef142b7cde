"""What is told of a failure that nobody caught: its kind and its places, never its words, for they may quote a mail."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
import warnings
from types import TracebackType
from typing import TextIO

MOST_FRAMES = 8


def places(trace: TracebackType | None) -> str:
    """Return where something was raised, and through which lines it came: ``file:line<file:line``."""
    frames = traceback.extract_tb(trace)[-MOST_FRAMES:]
    return "<".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames)) or "?"


def tell_places_alone() -> None:
    """Keep the interpreter from printing words: of failures that end it, of those that it passes over, of warnings."""
    sys.excepthook = _ended
    sys.unraisablehook = lambda failure: _tell("failure passed over", failure.exc_type, failure.exc_traceback)
    threading.excepthook = lambda failure: _tell("thread ended", failure.exc_type, failure.exc_traceback)
    warnings.showwarning = _warned
    logging.lastResort = None  # it would print what libraries log, where nobody has set up logging


def _ended(kind: type[BaseException], _: BaseException, trace: TracebackType | None) -> None:
    _tell("unexpected end", kind, trace)


def _tell(event: str, kind: type[BaseException], trace: TracebackType | None) -> None:
    print(f"{event} error={kind.__name__} at={places(trace)}", file=sys.stderr, flush=True)


def _warned(
    message: Warning | str,  # noqa: ARG001 - not told
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,  # noqa: ARG001 - not told
) -> None:
    place = f"{filename.rpartition('/')[2]}:{lineno}"
    print(f"library warns kind={category.__name__} at={place}", file=file or sys.stderr, flush=True)
