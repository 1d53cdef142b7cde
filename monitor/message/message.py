"""A message as a person would see it: who wrote, when, and in which own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.bounds import Bound
from monitor.labels import Language
from monitor.message.language import language_of


class Origin(StrEnum):
    """What sent the message; only a person's words can be a client's."""

    PERSON = "person"
    AUTOMATIC = "automatic"
    BULK = "bulk"
    BOUNCE = "bounce"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address in lower case, with the display name as the writer gave it."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message, decoded.

    ``key`` is the Message-ID, or a hash of the content where there is none. ``sender`` is None where it cannot
    be known. ``sent_at`` is aware, in the writer's own zone as far as the mail tells it; None if no date is to
    be had. ``text`` holds the writer's own words: no quoted mail, no contact block, no disclaimer.
    ``cut`` names the bounds that cut the message.
    """

    key: str
    message_id: str | None
    sender: Address | None
    recipients: tuple[Address, ...]
    sent_at: datetime | None
    subject: str
    text: str
    origin: Origin
    reply_to: str | None
    cut: frozenset[Bound] = frozenset()

    @property
    def language(self) -> Language | None:
        """The language of the writer's words, told by the subject where they are too few."""
        return language_of(self.text) or language_of(f"{self.subject} {self.text}")

    @property
    def automatic(self) -> bool:
        """Whether no person wrote this."""
        return self.origin is not Origin.PERSON
