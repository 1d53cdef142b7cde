"""Log lines: an event and its fields. Never an address, a subject or a word of a mail.

Libraries are not trusted to keep to that: of what they log, only the logger and the place are told.
"""

from __future__ import annotations

import logging
import os
import sys

from monitor.crash_report import places, tell_places_alone

_OWN = "monitor"
_PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}


class _Lines(logging.Formatter):
    def __init__(self, under_systemd: bool) -> None:
        super().__init__()
        self._under_systemd = under_systemd

    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", {})
        if record.name.partition(".")[0] == _OWN:
            line = " ".join([record.getMessage(), *(f"{name}={_value(value)}" for name, value in fields.items())])
        else:
            line = f"library tells logger={record.name} at={record.filename}:{record.lineno}"
        if record.exc_info and record.exc_info[0] is not None:
            # The places, not the text: an exception's words may quote a mail.
            line += f" error={record.exc_info[0].__name__} at={places(record.exc_info[2])}"
        # The journal reads the priority from the prefix (sd-daemon(3)) and has a clock of its own.
        return (
            f"<{_PRIORITIES.get(record.levelno, 6)}>{line}"
            if self._under_systemd
            else f"{self.formatTime(record)} {record.levelname.lower()} {line}"
        )


def _value(value: object) -> str:
    text = "".join(character if character.isprintable() else "?" for character in str(value))
    return f'"{text}"' if " " in text or not text else text


def set_up(debug: bool = False) -> None:
    """Send log lines to standard error, with priorities where systemd listens."""
    tell_places_alone()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines(bool(os.environ.get("JOURNAL_STREAM"))))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(_OWN).setLevel(logging.DEBUG if debug else logging.INFO)
