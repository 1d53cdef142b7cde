"""A wire between the service and a real IMAP server that breaks in the way it is told to."""

from __future__ import annotations

import contextlib
import random
import re
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Self


class Cut(Exception):
    """The connection ends here."""


@dataclass
class Link:
    """One connection: what has passed so far, and a place for an act to remember something."""

    down: int = 0
    seen: bytes = b""
    mark: int = 0
    idling: bool = False
    closed: threading.Event = field(default_factory=threading.Event)


class Act:
    """What is done to what passes; as it stands, nothing."""

    def begin(self, link: Link, chance: random.Random) -> None:
        """Called when a connection is made."""

    def up(self, data: bytes, link: Link) -> bytes:
        """Return what the server gets of what the client says."""
        return data

    def after(self, data: bytes, link: Link) -> bytes:
        """Return what the client gets of what the server says."""
        return data


class CutAfter(Act):
    """The connection ends after a random number of bytes of answers."""

    def __init__(self, least: int, most: int, stall: bool = False) -> None:
        self._span = least, most
        self._stall = stall

    def begin(self, link: Link, chance: random.Random) -> None:
        link.mark = chance.randint(*self._span)

    def after(self, data: bytes, link: Link) -> bytes:
        left = link.mark - (link.down - len(data))
        if left >= len(data):
            return data
        if self._stall:
            return data[: max(0, left)]
        link.seen = data[: max(0, left)]
        raise Cut


class CutInLiteral(Act):
    """The connection ends amid the text of a message."""

    def begin(self, link: Link, chance: random.Random) -> None:
        link.mark = chance.randint(0, 60)

    def after(self, data: bytes, link: Link) -> bytes:
        found = re.search(rb"FETCH [^\r\n]*\{\d+\}\r\n", data)
        if found is None:
            return data
        link.seen = data[: found.end() + link.mark]
        raise Cut


class CutBetween(Act):
    """The connection ends between an answer and the next command."""

    def begin(self, link: Link, chance: random.Random) -> None:
        link.mark = chance.randint(3, 9)

    def up(self, data: bytes, link: Link) -> bytes:
        link.mark -= data.count(b"\r\n")
        if link.mark <= 0:
            raise Cut
        return data


class CutInIdle(Act):
    """The connection ends while the service waits for news."""

    def up(self, data: bytes, link: Link) -> bytes:
        link.idling = link.idling or b" IDLE\r\n" in data
        return data

    def after(self, data: bytes, link: Link) -> bytes:
        if link.idling and data.startswith(b"+"):
            threading.Timer(0.2, link.closed.set).start()
        return data


class Throttle(Act):
    """Answers come a few bytes at a time."""

    def after(self, data: bytes, link: Link) -> bytes:
        time.sleep(len(data) / 20_000)
        return data


class Rewrite(Act):
    """Answers are changed as an expression says, from the first text of a message on if ``later``."""

    def __init__(self, expression: bytes, by: bytes, flags: int = re.MULTILINE) -> None:
        self._expression = re.compile(expression, flags)
        self._by = by

    def after(self, data: bytes, link: Link) -> bytes:
        return self._expression.sub(self._by, data)


class Longer(Act):
    """Every literal is said to be a few bytes longer or shorter than it is."""

    def __init__(self, by: int) -> None:
        self._by = by

    def after(self, data: bytes, link: Link) -> bytes:
        return re.sub(rb"\{(\d+)\}\r\n", lambda found: b"{%d}\r\n" % max(0, int(found[1]) + self._by), data)


class Renumber(Act):
    """Every message is told under another number than it was asked for."""

    def after(self, data: bytes, link: Link) -> bytes:
        return re.sub(rb"\(UID (\d+) ", lambda found: b"(UID %d " % (int(found[1]) + 1_000), data)


class Interrupt(Act):
    """The server says something instead of the first message, and hangs up."""

    def __init__(self, words: bytes, times: int = 1) -> None:
        self._words, self._times = words, times

    def after(self, data: bytes, link: Link) -> bytes:
        if b" FETCH (" not in data:
            return data
        link.seen = self._words * self._times
        raise Cut


class Proxy:
    """Listens on a loopback ``port`` and passes everything on to a server, with an act or none."""

    host = "127.0.0.1"

    def __init__(self, host: str, port: int, chance: random.Random) -> None:
        self._server = host, port
        self._chance = chance
        self._act = Act()
        self._listener = socket.create_server((self.host, 0))
        self.port: int = self._listener.getsockname()[1]
        self._links: list[tuple[Link, socket.socket, socket.socket]] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self._hang_up()

    def do(self, act: Act | None) -> None:
        """Do this to every connection from now on; those that stand are ended."""
        self._act = act or Act()
        self._hang_up()

    def _hang_up(self) -> None:
        for link, *ends in self._links:
            link.closed.set()
            for end in ends:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self._links = []

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection(self._server, 5)
                except OSError:
                    client.close()
                    continue
                server.settimeout(None)
                link, act = Link(), self._act
                act.begin(link, self._chance)
                self._links.append((link, client, server))
                for one, other, pass_on in ((client, server, act.up), (server, client, act.after)):
                    threading.Thread(target=self._pass, args=(one, other, pass_on, link), daemon=True).start()
                threading.Thread(target=self._end, args=(link, client, server), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket, pass_on: object, link: Link) -> None:
        answers = getattr(pass_on, "__name__", "") == "after"
        with contextlib.suppress(OSError):
            while data := one.recv(65_536):
                link.down += len(data) if answers else 0
                try:
                    other.sendall(pass_on(data, link))  # type: ignore[operator]
                except Cut:
                    if answers:
                        other.sendall(link.seen)
                    break
        link.closed.set()

    def _end(self, link: Link, *ends: socket.socket) -> None:
        link.closed.wait()
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
