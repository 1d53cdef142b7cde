"""What the mailbox hands on: a message's header and text parts as fetched, or a whole mail out of a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.bounds import Bound


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
    may be cut at the size bound. ``alternative`` names the multipart/alternative in which it stands, so that parts
    of one name say the same thing twice.
    """

    subtype: str
    charset: str | None
    encoding: str
    body: bytes
    alternative: str | None = None


@dataclass(frozen=True, slots=True)
class RawMessage:
    """A message as fetched: the header block, and its text parts in reading order.

    ``received_at`` is the server's date of arrival (aware), used where the message tells no date of its own.
    ``place`` is None for a message that is on no server. ``cut`` names the bounds that bit while it was fetched.
    Without ``text_fetched`` nobody has asked for its text, and it has no parts.
    """

    header: bytes
    parts: tuple[TextPart, ...]
    received_at: datetime | None = None
    place: Place | None = None
    cut: frozenset[Bound] = frozenset()
    text_fetched: bool = True


@dataclass(frozen=True, slots=True)
class WholeMail:
    """A mail as it stands in a file, in one piece; it may be cut at the size bound."""

    data: bytes


@dataclass(frozen=True, slots=True)
class FolderState:
    """What EXAMINE tells of a folder."""

    uidvalidity: int
    uidnext: int
    messages: int
