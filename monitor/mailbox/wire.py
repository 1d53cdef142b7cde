"""Read an IMAP connection within bounds, and listen on it without consuming anything.

The library reads lines and literals of whatever size the server announces, and its own way of listening loses
half of an answer that arrives in two pieces. Both come down to who reads from the socket, so here one reader
does it for the library as well.
"""

from __future__ import annotations

import imaplib
import select
import ssl
import time
from typing import Any

# Bytes. Lines hold no mail text, but a SEARCH answer names every message: this is about 1.5 million of them.
MAX_LINE = 16 * 1024 * 1024
# Nothing larger than a text part or a header is ever asked for; this is for servers that do not cut.
MAX_LITERAL = 64 * 1024 * 1024
# All lines and literals of an answer: the largest that is ever asked for is a batch of full headers.
MAX_ANSWER = 192 * 1024 * 1024
_BUFFER = 65_536


class Wire:
    """The reading side of a connection that imaplib has just opened; imaplib reads through it."""

    def __init__(self, imap: Any) -> None:
        self._socket = imap.sock
        self._stream = self._socket.makefile("rb", buffering=_BUFFER)
        self._heard = 0  # bytes since the last command
        self._say = imap.send
        imap.read = self.read
        imap.readline = self.readline
        imap.send = self.send

    def send(self, data: bytes) -> None:
        """Send a command or a part of one; what the server says from now on is another answer."""
        self._heard = 0
        self._say(data)

    def readline(self) -> bytes:
        """Return the next line with its end; raise imaplib's abort where it, or the answer, exceeds its bound."""
        line: bytes = self._stream.readline(MAX_LINE + 1)
        if len(line) > MAX_LINE:
            raise imaplib.IMAP4.abort("line too long")
        self._count(line)
        return line

    def read(self, size: int) -> bytes:
        """Return a literal of that size, less at the connection's end; raise abort beyond MAX_LITERAL."""
        if size > MAX_LITERAL:
            raise imaplib.IMAP4.abort("literal too long")
        data: bytes = self._stream.read(size)
        self._count(data)
        return data

    def _count(self, data: bytes) -> None:
        self._heard += len(data)
        if self._heard > MAX_ANSWER:
            raise imaplib.IMAP4.abort("answer too long")

    def listen(self, seconds: float, wake_fd: int | None) -> bool:
        """Wait until the server says something and return True; nothing of it is consumed.

        False when the seconds are over or ``wake_fd`` can be read, which is left to its owner. Raises abort
        when the connection has ended.
        """
        until = time.monotonic() + seconds
        # What came along with an earlier answer is decrypted or buffered and never shows at the socket.
        heard = self._waiting()
        while not heard:
            ready = wait_readable([self._socket.fileno(), wake_fd], until - time.monotonic())
            if not ready or wake_fd in ready:
                return False
            heard = self._waiting()
            if heard == b"":
                raise imaplib.IMAP4.abort("connection ended")
        return True

    def close(self) -> None:
        """Let go of the socket, which the library closes."""
        self._stream.close()

    def _waiting(self) -> bytes | None:
        """Return what can be read at once: b"" if nothing or at the end, None if TLS talks to itself."""
        patience = self._socket.gettimeout()
        self._socket.settimeout(0)
        try:
            return bytes(self._stream.peek(1))
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None
        finally:
            self._socket.settimeout(patience)


def wait_readable(descriptors: list[int | None], seconds: float) -> set[int]:
    """Wait until one of the descriptors can be read; return those that can, none of them if time is over."""
    poll = select.poll()
    for descriptor in descriptors:
        if descriptor is not None:
            poll.register(descriptor, select.POLLIN)
    # Rounded up: poll knows whole milliseconds, and rounding down would spin during the last one.
    return {descriptor for descriptor, _ in poll.poll(max(0, -int(-seconds * 1000 // 1)))}
