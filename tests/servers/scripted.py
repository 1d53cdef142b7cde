"""An IMAP server that says what a test has written down: for answers that no sound server gives."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

# An answer is a text in which {tag} stands for the command's tag, or an act that makes one of the command;
# "" is silence, {end} as last word or None closes the connection.
Answer = str | None | Callable[[str], str | None]

_SOUND: Mapping[str, Answer] = {
    "LOGIN": "{tag} OK\r\n",
    "LIST": '* LIST () "/" INBOX\r\n{tag} OK\r\n',
    "EXAMINE": "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] \r\n* OK [UIDNEXT 14] \r\n{tag} OK [READ-ONLY]\r\n",
    "LOGOUT": "* BYE\r\n{tag} OK\r\n",
    "": "{tag} BAD\r\n",
}


class ScriptedServer:
    """Listens on a loopback ``port`` while in its ``with`` block; one connection after the other.

    ``answers`` go by the first words of a command, or ``+`` for a line that continues one. What it does not
    hold is answered as a small sound server would. ``commands`` are those received, without their tags. With a
    ``context`` it speaks TLS from the start.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        answers: Mapping[str, Answer] | None = None,
        capabilities: str = "IMAP4rev1",
        greeting: str = "* OK\r\n",
        context: ssl.SSLContext | None = None,
    ) -> None:
        known = {"CAPABILITY": f"* CAPABILITY {capabilities}\r\n{{tag}} OK\r\n", **_SOUND}
        # In this order: what the test says comes first, the answer to everything last.
        self._answers: dict[str, Answer] = {**known, **(answers or {})}
        self._answers = {words: self._answers[words] for words in (*(answers or {}), *known)}
        self._greeting = greeting
        self._context = context
        self.commands: list[str] = []
        self._listener = socket.create_server((self.host, 0))
        self.port: int = self._listener.getsockname()[1]
        self._connections: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in (self._listener, *self._connections):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._connections.append(connection)
                with contextlib.suppress(OSError):
                    if self._context is not None:
                        connection = self._context.wrap_socket(connection, server_side=True)
                        self._connections.append(connection)
                    self._converse(connection)
                connection.close()

    def _converse(self, connection: socket.socket) -> None:
        connection.sendall(self._greeting.encode())
        tag = ""
        for raw in connection.makefile("rb"):
            line = raw.decode("utf-8", "replace").rstrip("\r\n")
            first, space, command = line.partition(" ")
            if space:
                tag = first
            else:
                command = f"+{line}"
            self.commands.append(command)
            answer = next(self._answers[words] for words in self._answers if command.startswith(words))
            said = answer(command) if callable(answer) else answer
            if said is None:
                return
            # A result must have a text.
            said = re.sub(r"(\{tag\} [A-Z]+)\r\n", r"\1 .\r\n", said)
            connection.sendall(said.removesuffix("{end}").replace("{tag}", tag).encode())
            if said.endswith("{end}"):
                return
