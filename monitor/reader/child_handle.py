"""One reading child as its parent sees it: started, handed batches, asked for what it made of them, ended."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import IO, Any

from monitor.reader.outcomes import Filed
from monitor.reader.wire import HEAD, frame_length, parse_frame, write_batch, write_frame

STARTING_SECONDS = 600  # a Raspberry Pi builds its first model
BATCH_SECONDS = 30  # for any batch, and on top of it:
MESSAGE_SECONDS = 2  # for each message


class ChildEnded(Exception):
    """The child died, hung, or spoke nonsense."""


class Child:
    """A child that starts at once; ``while_waiting`` is called at least once a second while it is waited for."""

    def __init__(self, hello: Mapping[str, Any], while_waiting: Callable[[], None]) -> None:
        self._while_waiting = while_waiting
        self._greeted: Any = None
        self._process = subprocess.Popen(
            [sys.executable, "-m", "monitor.reader.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        with suppress(ChildEnded):  # then it does not greet
            self._send(lambda stream: write_frame(stream, hello))

    def greeting(self) -> Any:
        """Wait until the child is ready and return what it says of its model. Raises ChildEnded."""
        if self._greeted is None:
            self._greeted = self._receive(STARTING_SECONDS)
        return self._greeted

    def hand_over(self, batch: Sequence[Filed]) -> None:
        """Give the child a batch to work on. Raises ChildEnded."""
        self._send(lambda stream: write_batch(stream, batch))

    def told(self, count: int) -> Any:
        """Wait for what the child says of a batch of ``count`` messages. Raises ChildEnded."""
        return self._receive(BATCH_SECONDS + MESSAGE_SECONDS * count)

    def close(self) -> None:
        """End the child; it has nothing to lose."""
        if self._process.stdin:
            with suppress(OSError):
                self._process.stdin.close()
        try:
            self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def _send(self, write: Callable[[IO[bytes]], None]) -> None:
        assert self._process.stdin is not None
        try:
            write(self._process.stdin)
        except OSError as error:
            raise ChildEnded from error

    def _receive(self, seconds: float) -> Any:
        deadline = time.monotonic() + seconds
        try:
            return parse_frame(self._read(frame_length(self._read(HEAD, deadline)), deadline))
        except ValueError as error:
            raise ChildEnded from error

    def _read(self, count: int, deadline: float) -> bytes:
        assert self._process.stdout is not None
        source = self._process.stdout.fileno()
        parts: list[bytes] = []
        while count:
            left = deadline - time.monotonic()
            if left <= 0:
                raise ChildEnded
            if not select.select([source], [], [], min(1.0, left))[0]:
                self._while_waiting()
                continue
            part = os.read(source, min(count, 1 << 20))
            if not part:
                raise ChildEnded
            parts.append(part)
            count -= len(part)
        return b"".join(parts)
