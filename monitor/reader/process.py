"""The parent's side of the reading child: start it, hand it batches, survive its end."""

from __future__ import annotations

import logging
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from monitor.errors import ModelError
from monitor.reader.outcomes import Circle, Filed, Outcome, Unreadable
from monitor.reader.wire import HEAD, frame_length, outcome_from_wire, parse_frame, write_batch, write_frame

STARTING_SECONDS = 600  # a Raspberry Pi builds its first model
BATCH_SECONDS = 30  # for any batch, and on top of it:
MESSAGE_SECONDS = 2  # for each message

SURVIVED_NOT = "The reader did not survive this message."

log = logging.getLogger(__name__)

Batch = Sequence[Filed]


class _ChildEnded(Exception):
    """The child died, hung, or spoke nonsense."""


class Reader:
    """A reading child, started when first needed. A context manager: leaving it ends the child.

    ``while_waiting`` is called at least once a second while the child works. With ``outdated`` the model of an earlier
    program may serve where there is one; ``model_outdated`` then says whether it does.
    """

    def __init__(
        self,
        circle: Circle,
        models: Path,
        while_waiting: Callable[[], None] = lambda: None,
        *,
        outdated: bool = False,
    ) -> None:
        self._circle = circle
        self._models = models
        self._while_waiting = while_waiting
        self._child: subprocess.Popen[bytes] | None = None
        self._describe = False
        self._outdated = outdated
        self.model = ""
        self.model_outdated = False

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def understand(self, batches: Iterable[Batch]) -> Iterator[tuple[Batch, list[Outcome]]]:
        """Yield each batch with its outcomes; the child works on the next one while one is drawn and while one is kept.

        A message that the child cannot survive is Unreadable. Raises ModelError if no child can be started.
        """
        self._describe = False
        for batch, told in self._served(batches):
            yield batch, [Unreadable(SURVIVED_NOT) if one is None else outcome_from_wire(one) for one in told]

    def describe(self, batches: Iterable[Batch]) -> Iterator[tuple[Batch, list[dict[str, Any]]]]:
        """Yield each batch with the descriptions of its messages (see ``understanding.described``)."""
        self._describe = True
        for batch, told in self._served(batches):
            yield batch, [{"error": SURVIVED_NOT} if one is None else one for one in told]

    def _served(self, batches: Iterable[Batch]) -> Iterator[tuple[Batch, list[dict[str, Any] | None]]]:
        under_way: Batch | None = None
        for batch in batches:  # drawn while the child works on the one before
            told = self._answer(under_way) if under_way is not None else []
            self._hand_over(batch)
            if under_way is not None:
                yield under_way, told
            under_way = batch
        if under_way is not None:
            yield under_way, self._answer(under_way)

    def close(self) -> None:
        """End the child; it has nothing to lose."""
        child, self._child = self._child, None
        if child is not None:
            if child.stdin:
                with suppress(OSError):
                    child.stdin.close()
            try:
                child.wait(timeout=1)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            if child.stdout:
                child.stdout.close()

    def _hand_over(self, batch: Batch) -> None:
        try:
            self._send(lambda stream: write_batch(stream, batch))
        except _ChildEnded:
            self.close()  # _answer finds no child and takes the messages one by one

    def _answer(self, batch: Batch) -> list[dict[str, Any] | None]:
        """Return what the child says of each message; None for one that it did not survive."""
        try:
            if self._child is None:
                raise _ChildEnded
            return self._receive_batch(len(batch))
        except _ChildEnded:
            self.close()
        if len(batch) == 1:
            log.warning("reader ended over a message", extra={"fields": {"folder": batch[0].folder}})
            return [None]
        told: list[dict[str, Any] | None] = []
        for one in batch:
            self._hand_over([one])
            told.extend(self._answer([one]))
        return told

    def _receive_batch(self, count: int) -> list[dict[str, Any] | None]:
        try:
            told = self._receive(BATCH_SECONDS + MESSAGE_SECONDS * count)
            if not self._describe:
                for one in told:
                    outcome_from_wire(one)  # nonsense must be found here, where a new child can be asked
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _ChildEnded from error
        if not isinstance(told, list) or len(told) != count:
            raise _ChildEnded
        return list(told)

    def _send(self, write: Callable[[IO[bytes]], None]) -> None:
        child = self._child or self._start()
        assert child.stdin is not None
        try:
            write(child.stdin)
        except OSError as error:
            raise _ChildEnded from error

    def _start(self) -> subprocess.Popen[bytes]:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "monitor.reader.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        try:
            hello = {
                "own": sorted(self._circle.own),
                "clients": sorted(self._circle.clients),
                "answering": sorted(self._circle.answering),
                "models": str(self._models),
                "describe": self._describe,
                "outdated": self._outdated,
            }
            self._send(lambda stream: write_frame(stream, hello))
            answer = self._receive(STARTING_SECONDS)
            if "failed" in answer:
                self.close()
                raise ModelError(
                    "The text model could not be built or loaded: {reason}.",
                    "Check the rights of {folder} and the room on its disk, then try again.",
                    reason=answer["failed"],
                    folder=str(self._models),
                )
            self.model = str(answer["model"])
            self.model_outdated = bool(answer["outdated"])
        except (_ChildEnded, KeyError, TypeError) as error:
            self.close()
            raise ModelError(
                "The text model could not be built or loaded.",
                "See the lines above; then: client-monitor doctor",
            ) from error
        return self._child

    def _receive(self, seconds: float) -> Any:
        child = self._child
        assert child is not None
        assert child.stdout is not None
        deadline = time.monotonic() + seconds
        body = self._read_bytes(
            child.stdout.fileno(),
            frame_length(self._read_bytes(child.stdout.fileno(), HEAD, deadline)),
            deadline,
        )
        return parse_frame(body)

    def _read_bytes(self, source: int, count: int, deadline: float) -> bytes:
        parts: list[bytes] = []
        while count:
            left = deadline - time.monotonic()
            if left <= 0:
                raise _ChildEnded
            if not select.select([source], [], [], min(1.0, left))[0]:
                self._while_waiting()
                continue
            part = os.read(source, min(count, 1 << 20))
            if not part:
                raise _ChildEnded
            parts.append(part)
            count -= len(part)
        return b"".join(parts)
