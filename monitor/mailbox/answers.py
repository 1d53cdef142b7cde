"""Ask for messages in few round trips, and make messages of what the server answers.

Nothing here talks to a server: what to ask is a list of FETCH items, an answer is the parsed mapping from
item to value. A message takes two questions: its header and structure, then the text parts that the structure
lists, unless the header shows that nobody wants them. Messages with the same part numbers share the second question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.bounds import LIMITS, Bound, counting
from monitor.errors import UnreadableMessage
from monitor.mailbox.raw_message import Place, RawMessage, TextPart
from monitor.mailbox.structure import ListedPart, text_parts

MAX_HEADER = LIMITS[Bound.HEADER]
MAX_TEXT_PART = LIMITS[Bound.TEXT_PART]
MAX_LOAD = 8 * 1024 * 1024  # bytes of text parts that are held at a time, as far as whole messages allow

OUTLINE_ITEMS = (f"BODY.PEEK[HEADER]<0.{MAX_HEADER}>", "BODYSTRUCTURE", "INTERNALDATE")

Answer = Mapping[bytes, object]


@dataclass(frozen=True, slots=True)
class Unfetched:
    """A message that the server lists and yet does not hand out, although the connection lives.

    ``reason`` is a sentence without a word of the message.
    """

    place: Place
    reason: str


@dataclass(frozen=True, slots=True)
class Outline:
    """What the first question tells of a message: header, arrival, and the text parts still to be fetched."""

    place: Place
    header: bytes
    received_at: datetime | None
    parts: tuple[ListedPart, ...]
    cut: frozenset[Bound] = frozenset()
    text_wanted: bool = True

    @property
    def numbers(self) -> tuple[str, ...]:
        """The part numbers to ask for; an empty part needs no asking."""
        return tuple(part.number for part in self.parts if part.size) if self.text_wanted else ()

    @property
    def size(self) -> int:
        """The bytes that the second question transfers at most."""
        return sum(min(part.size, MAX_TEXT_PART) for part in self.parts) if self.text_wanted else 0


def outline(
    place: Place, answer: Answer | None, wants_text: Callable[[bytes], bool] = lambda header: True
) -> Outline | Unfetched | None:
    """Read the answer to the first question; None stands for a message that is not there any more.

    ``answer`` is None where the server gave none that could be read. ``wants_text`` is asked about the header.
    """
    if answer is None:
        return Unfetched(place, "The server gives no readable answer about this message.")
    # Flags alone are news of their own accord, and without a UID they may even concern another message.
    if b"FLAGS" in answer and b"BODYSTRUCTURE" not in answer:
        return None
    header = _content(answer, "HEADER", MAX_HEADER)
    if header is None:
        return Unfetched(place, "The server gives no header of this message.")
    if b"BODYSTRUCTURE" not in answer:
        return Unfetched(place, "The server gives no structure of this message.")
    try:
        with counting() as cut:
            parts = text_parts(answer[b"BODYSTRUCTURE"])
    except UnreadableMessage as error:
        return Unfetched(place, error.message)
    return Outline(place, header, _arrival(answer), parts, frozenset(cut), wants_text(header))


def part_items(numbers: Iterable[str]) -> tuple[str, ...]:
    """Return the FETCH items of the second question."""
    return tuple(f"BODY.PEEK[{number}]<0.{MAX_TEXT_PART}>" for number in numbers)


def filled(outline: Outline, answer: Answer | None) -> RawMessage | Unfetched:
    """Put the fetched text parts into the message. ``answer`` is None where none could be read."""
    if not outline.text_wanted:
        return RawMessage(outline.header, (), outline.received_at, outline.place, outline.cut, text_fetched=False)
    parts: list[TextPart] = []
    for part in outline.parts:
        body = _content(answer or {}, part.number, MAX_TEXT_PART) if part.size else b""
        if body is None:
            return Unfetched(outline.place, "The server gives no text of this message.")
        parts.append(TextPart(part.subtype, part.charset, part.encoding, body, part.alternative))
    return RawMessage(outline.header, tuple(parts), outline.received_at, outline.place, outline.cut)


def loads(outlines: Iterable[Outline | Unfetched]) -> Iterator[list[Outline | Unfetched]]:
    """Cut the messages into runs of at most MAX_LOAD bytes of text parts; a larger message is one alone."""
    load: list[Outline | Unfetched] = []
    size = 0
    for each in outlines:
        more = each.size if isinstance(each, Outline) else 0
        if load and size + more > MAX_LOAD:
            yield load
            load, size = [], 0
        load.append(each)
        size += more
    if load:
        yield load


def by_numbers(load: Iterable[Outline | Unfetched]) -> dict[tuple[str, ...], list[int]]:
    """Group the UIDs by the part numbers to ask for; messages without any are left out."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for each in load:
        if isinstance(each, Outline) and each.numbers:
            groups.setdefault(each.numbers, []).append(each.place.uid)
    return groups


def runs(uids: Sequence[int], length: int) -> Iterator[Sequence[int]]:
    """Cut a sequence into runs of at most that length."""
    for start in range(0, len(uids), length):
        yield uids[start : start + length]


def _content(answer: Answer, section: str, most: int) -> bytes | None:
    """Return the bytes of a section; old servers leave out the ``<0>``, or send more than was asked for."""
    name = b"BODY[" + section.encode() + b"]"
    for item, value in answer.items():
        if item.startswith(name) and isinstance(value, bytes):
            return value[:most]
    return None


def _arrival(answer: Answer) -> datetime | None:
    received = answer.get(b"INTERNALDATE")
    if not isinstance(received, datetime):
        return None
    if received.tzinfo is None:
        return received.replace(tzinfo=UTC)
    try:
        return received.astimezone(UTC)
    except (OverflowError, ValueError):  # the first or last day that the calendar knows
        return None
