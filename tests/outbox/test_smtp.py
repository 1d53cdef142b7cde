"""Servers for outgoing mail that lie: nothing goes out in the clear, and nobody is listened to without end."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping

import pytest

from monitor.config.configuration import build
from monitor.errors import ConfigurationError, OutboxError
from monitor.outbox.smtp import OutboxAccess, send

SECRET = "kein-Wort"
LETTER = b"From: jana@weber.example\r\nSubject: Brief\r\n\r\nGeheim\r\n"
SOUND = {"EHLO": "250-provider\r\n250 STARTTLS\r\n", "": "250 OK\r\n"}


class Provider:
    """Says to each command what its first word asks for; ``heard`` is all that came, ``said`` the bytes that went."""

    def __init__(self, answers: Mapping[str, str], greeting: str) -> None:
        self._answers = {**answers, **{word: said for word, said in SOUND.items() if word not in answers}}
        self._greeting = greeting
        self.heard = b""
        self.said = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            connection, _ = self._listener.accept()
            with connection:
                self._say(connection, self._greeting)
                for line in connection.makefile("rb"):
                    self.heard += line
                    word = line.decode("latin-1").partition(" ")[0].strip().upper()
                    self._say(connection, self._answers.get(word, self._answers[""]))

    def _say(self, connection: socket.socket, answer: str) -> None:
        data = answer.encode()
        for start in range(0, len(data), 65_536):
            connection.sendall(data[start : start + 65_536])
            self.said += len(data[start : start + 65_536])

    def close(self) -> None:
        self._listener.close()


@contextlib.contextmanager
def provider(answers: Mapping[str, str], greeting: str = "220 here\r\n") -> Iterator[Provider]:
    made = Provider(answers, greeting)
    yield made
    made.close()


def access(port: int, security: str) -> OutboxAccess:
    return OutboxAccess("127.0.0.1", port, security, "jana", "a@x.example", "b@x.example", 5.0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "answers",
    [
        {"EHLO": "250 provider\r\n"},
        {"STARTTLS": "454 not now\r\n"},
        {"STARTTLS": "220 go\r\n250-provider\r\n250 AUTH PLAIN LOGIN\r\n250 OK\r\n"},
        {"EHLO": "502 no\r\n", "HELO": "250 provider\r\n"},
    ],
)
def test_a_connection_that_cannot_be_encrypted_carries_neither_password_nor_letter(answers: dict[str, str]) -> None:
    with provider(answers) as server:
        with pytest.raises(OutboxError):
            send(access(server.port, "starttls"), SECRET, LETTER)

        assert b"AUTH" not in server.heard
        assert b"MAIL" not in server.heard
        assert b"Geheim" not in server.heard


@pytest.mark.parametrize(
    ("answers", "greeting"),
    [
        ({}, "220-" + "x" * 8_000 + "\r\n" + ("220-" + "x" * 8_000 + "\r\n") * 4_000),
        ({"EHLO": ("250-" + "x" * 8_000 + "\r\n") * 4_000}, "220 here\r\n"),
        ({}, "220 " + "x" * 1_000_000),
    ],
)
@pytest.mark.parametrize("security", ["none", "starttls"])
def test_an_answer_without_end_is_not_listened_to(answers: dict[str, str], greeting: str, security: str) -> None:
    with provider(answers, greeting) as server:
        with pytest.raises(OutboxError):
            send(access(server.port, security), SECRET, LETTER)

        assert server.said < 16_000_000  # most of it in the buffers between


def test_a_letter_in_the_clear_goes_to_this_machine_alone() -> None:
    coach = {"name": "Jana Weber", "addresses": ["jana@weber.example"]}
    outbox = {"host": "smtp.example", "security": "none", "user": "jana", "recipient": "jana@weber.example"}

    with pytest.raises(ConfigurationError, match=r"outbox"):
        build({"coach": coach, "outbox": outbox})
    build({"coach": coach, "outbox": {**outbox, "host": "127.0.0.1"}})
