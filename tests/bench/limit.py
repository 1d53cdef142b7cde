"""The physical limit: a bare socket that asks for exactly the wanted bytes and throws them away.

``python -m bench.limit HOST PORT USER`` reads commands from standard input, one a line, and prints how long the
answers took, signing in included, and how many bytes they were.
"""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterable, Sequence
from typing import Self

from servers.dovecot import PASSWORD

UIDS_A_COMMAND = 5_000  # servers read commands up to some ten thousand bytes
CHUNK = 1 << 20


class Reading:
    """A signed-in connection to the inbox, opened for reading only; use it in a ``with`` block."""

    def __init__(self, host: str, port: int, user: str) -> None:
        self._socket = socket.create_connection((host, port))
        self._buffer = memoryview(bytearray(CHUNK))
        self._left = b""
        self._tags = 0
        self.run([f"LOGIN {user} {PASSWORD}", "EXAMINE INBOX"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def run(self, commands: Iterable[str]) -> int:
        """Send commands, each before the last one's answer is read, and return the number of bytes answered.

        Raises RuntimeError where the server refuses one.
        """
        waiting: list[bytes] = []
        answered = 0
        for command in commands:
            self._tags += 1
            tag = b"bench%dz" % self._tags
            self._socket.sendall(tag + b" " + command.encode() + b"\r\n")
            waiting.append(tag)
            if len(waiting) > 1:
                answered += self._answer(waiting.pop(0))
        for tag in waiting:
            answered += self._answer(tag)
        return answered

    def _answer(self, tag: bytes) -> int:
        """Read to the end of the answer under a tag; no mail holds such a tag at the start of a line."""
        wanted = b"\n" + tag + b" "
        kept, passed = b"\n" + self._left, 0
        while (place := kept.find(wanted)) < 0 or kept.find(b"\n", place + 1) < 0:
            cut = max(0, len(kept) - len(wanted)) if place < 0 else place
            size = self._socket.recv_into(self._buffer)
            if not size:
                raise RuntimeError("the server hangs up")
            kept, passed = kept[cut:] + self._buffer[:size], passed + cut
        line, _, self._left = kept[place + 1 :].partition(b"\n")
        if not line.startswith(tag + b" OK"):
            raise RuntimeError(line.decode(errors="replace"))
        return passed + place


def commands_for(parts: dict[tuple[str, ...], list[int]], items: str = "BODY.PEEK[HEADER]") -> list[str]:
    """Return what asks for header and text of messages, given the part numbers of their text."""
    commands = []
    for numbers, uids in parts.items():
        wanted = " ".join([items, *(f"BODY.PEEK[{number}]" for number in numbers)])
        for start in range(0, len(uids), UIDS_A_COMMAND):
            commands.append(f"UID FETCH {spans(uids[start : start + UIDS_A_COMMAND])} ({wanted})")
    return commands


def spans(uids: Sequence[int]) -> str:
    """Write ascending UIDs as an IMAP set: ``1:3,5``."""
    runs: list[list[int]] = []
    for uid in uids:
        if runs and runs[-1][-1] == uid - 1:
            runs[-1][1:] = [uid]
        else:
            runs.append([uid])
    return ",".join(":".join(map(str, run)) for run in runs)


def main() -> None:
    """Read what standard input asks for."""
    host, port, user = sys.argv[1:]
    commands = sys.stdin.read().splitlines()
    begun = time.perf_counter()
    with Reading(host, int(port), user) as reading:
        answered = reading.run(commands)
    print(f"{time.perf_counter() - begun:.6f} {answered}")


if __name__ == "__main__":
    main()
