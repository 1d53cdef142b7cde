"""What the mailbox hands on: a message's header and text parts, never an attachment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message lies on the server; ``uidvalidity`` and ``uid`` as in RFC 9051 section 2.3.1."""

    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class TextPart:
    """One text part as it was transferred, still encoded.

    ``subtype`` is ``plain`` or ``html``; ``encoding`` the content transfer encoding in lower case; ``body``
    may be cut at the size bound.
    """

    subtype: str
    charset: str | None
    encoding: str
    body: bytes


@dataclass(frozen=True, slots=True)
class RawMessage:
    """A message as fetched: the header block, and its text parts in reading order.

    ``received_at`` is the server's date of arrival (aware), used where the message tells no date of its own.
    ``place`` is None for a message out of a file.
    """

    header: bytes
    parts: tuple[TextPart, ...]
    received_at: datetime | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class FolderState:
    """What EXAMINE tells of a folder."""

    uidvalidity: int
    uidnext: int
    messages: int
