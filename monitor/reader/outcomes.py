"""What goes to the reading child and what comes back: plain data, so that the waiting parent needs no model."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from monitor.bounds import Bound
from monitor.facts import Fact
from monitor.mailbox.raw_message import RawMessage, WholeMail

_WRITER = re.compile(rb"^(?:from|sender):[^\n]*(?:\n[ \t][^\n]*)*", re.I | re.M)
_ADDRESS = re.compile(rb"[^\s<>\"(),;:@]{1,64}@[^\s<>\"(),;:@]{1,255}")


@dataclass(frozen=True, slots=True)
class Circle:
    """Who is who: the coach's own addresses, and the clients' (``@domain`` for a whole domain).

    ``answering`` are the addresses between which answers to the digest travel: the coach's, and the digest's own.
    """

    own: frozenset[str]
    clients: frozenset[str]
    answering: frozenset[str] = frozenset()

    def is_client(self, address: str) -> bool:
        """Whether an address in lower case is a client's."""
        return address in self.clients or "@" + address.rpartition("@")[2] in self.clients

    def is_writer(self) -> Callable[[bytes], bool]:
        """Return what tells quickly whether a client wrote a message, by its header as that is usually written.

        Who parses the header may know better: ``TextWanted`` is for what this misses.
        """
        clients = frozenset(address.encode() for address in self.clients)

        def wrote(header: bytes) -> bool:
            return any(
                address in clients or b"@" + address.rpartition(b"@")[2] in clients
                for line in _WRITER.findall(header)
                for address in _ADDRESS.findall(line.lower())
            )

        return wrote


@dataclass(frozen=True, slots=True)
class Understood:
    """A message that became a fact; ``writer`` is the sender's address, ``cut`` names the bounds that bit."""

    fact: Fact
    writer: str
    cut: frozenset[Bound] = frozenset()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message that could not be read, with the reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A message that counts for nothing: no person wrote it, or its sender cannot be known."""

    reason: str
    cut: frozenset[Bound] = frozenset()


@dataclass(frozen=True, slots=True)
class TextWanted:
    """A message whose text was not fetched, and yet is needed to understand it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the coach wrote back to a digest, with the token that it carries; whose token it is, is not known here.

    ``text`` holds the coach's own words, ``sent_at`` is in UTC.
    """

    token: str
    subject: str
    text: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Filed:
    """A message as fetched or out of a file, the folder it lies in, and whether that is the folder of sent mail."""

    raw: RawMessage | WholeMail
    folder: str
    sent: bool = False


Outcome = Understood | Unreadable | PassedOver | Answer
"""What becomes of a message in the end."""
