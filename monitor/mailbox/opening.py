"""Bounds on what a server may say before the connection is read by ``Wire``: greeting, capabilities, STARTTLS.

Until then the library reads literals of any size, and an answer for as long as its lines go on.
"""

from __future__ import annotations

import imaplib
from typing import Any

MAX_OPENING = 1024 * 1024  # bytes; a greeting and the capabilities are some hundred


class _Bounded:
    """Goes before a connection class of imaplib."""

    _heard = 0

    def read(self, size: int) -> bytes:
        """Return a literal; raise abort where the server has said too much by then."""
        self._count(size)
        return bytes(super().read(size))  # type: ignore[misc]

    def readline(self) -> bytes:
        """Return the next line; raise abort where the server has said too much by then."""
        line = bytes(super().readline())  # type: ignore[misc]
        self._count(len(line))
        return line

    def _count(self, size: int) -> None:
        self._heard += size
        if self._heard > MAX_OPENING:
            raise imaplib.IMAP4.abort("opening too long")


def bounded(kind: type[Any]) -> type[Any]:
    """Return the connection class with bounds from its first byte on."""
    return type(f"Bounded{kind.__name__}", (_Bounded, kind), {})
