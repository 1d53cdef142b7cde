"""Read a header block under bounds: names and values, encoded words, addresses, the date.

Every bound stands first and cuts instead of failing, because the header of a message is a stranger's text.
Field syntax as in RFC 5322, encoded words as in RFC 2047.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from monitor.bounds import LIMITS, Bound, bite
from monitor.message.characters import decode, one_line
from monitor.message.message import Address

MAX_HEADER = LIMITS[Bound.HEADER]
MAX_FIELDS = LIMITS[Bound.FIELDS]
MAX_VALUE = LIMITS[Bound.FIELD]
MAX_ENCODED_WORDS = LIMITS[Bound.ENCODED_WORDS]
MAX_ADDRESSES = LIMITS[Bound.ADDRESSES]

MAX_MAILBOX = 2_000  # characters of one name and address

_FIELD_NAME = re.compile(rb"[!-9;-~]{1,100}[ \t]{0,8}:")
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\s]{0,2000})\?=")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,500}>")
_FRACTION = re.compile(r"(:\d\d)\.\d{1,9}(?!\d)")
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_ADDRESS = re.compile(r"[^\s<>()\",;:\\@\[\]]{1,200}@[^\s<>()\",;:\\@\[\]]{1,255}")

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)  # an earlier date comes from a clock that was not set


class Header:
    """The fields of a header block in their order; names are asked for in lower case."""

    def __init__(self, block: bytes) -> None:
        self._fields: dict[str, list[bytes]] = {}
        if len(block) >= MAX_HEADER:
            bite(Bound.HEADER)
        for name, value in _fields(block[:MAX_HEADER]):
            self._fields.setdefault(name, []).append(value)

    def raw(self, name: str) -> str:
        """Return the first value of a field, unfolded and not decoded; empty if there is none."""
        values = self._fields.get(name)
        return _bounded(values[0]) if values else ""

    def all_raw(self, name: str) -> list[str]:
        """Return every value of a field, unfolded and not decoded."""
        return [_bounded(value) for value in self._fields.get(name, ())]

    def text(self, name: str) -> str:
        """Return the first value as one line for people, encoded words decoded."""
        return one_line(decode_words(self.raw(name)))

    def addresses(self, name: str) -> tuple[Address, ...]:
        """Return the addresses of all fields of that name, at most MAX_ADDRESSES."""
        found: list[Address] = []
        for value in self.all_raw(name):
            for mailbox in split_mailboxes(value):
                if len(found) >= MAX_ADDRESSES:
                    bite(Bound.ADDRESSES)
                    return tuple(found)
                address = read_address(mailbox)
                if address is not None:
                    found.append(address)
        return tuple(found)

    def message_ids(self, name: str) -> list[str]:
        """Return the Message-IDs of a field, with their brackets."""
        return _MESSAGE_ID.findall(self.raw(name))

    def __contains__(self, name: str) -> bool:
        return name in self._fields


def _fields(block: bytes) -> Iterator[tuple[str, bytes]]:
    name: str | None = None
    value: list[bytes] = []
    size = count = 0
    for line in block.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            if name is not None and size >= MAX_VALUE * 4:
                bite(Bound.FIELD)
            elif name is not None:
                value.append(b" " + line.strip())
                size += len(line)
            continue
        if name is not None:
            yield name, b"".join(value)
            name = None
        if not line:
            return
        match = _FIELD_NAME.match(line)
        if not match:
            continue  # "From " lines of mbox files and rubbish between the fields
        count += 1
        if count > MAX_FIELDS:
            bite(Bound.FIELDS)
            return
        name = match.group()[:-1].strip().decode("ascii").lower()
        value = [line[match.end() :].strip()]
        size = len(line)
    if name is not None:
        yield name, b"".join(value)


def _bounded(value: bytes) -> str:
    text = decode(value, None)
    if len(text) > MAX_VALUE:
        bite(Bound.FIELD)
    return text[:MAX_VALUE]


def decode_words(value: str) -> str:
    """Decode the encoded words of a value; white space between two of them falls away (RFC 2047, 6.2)."""
    if "=?" not in value:
        return value
    result: list[str] = []
    end = 0
    pending: tuple[str, bytes] | None = None  # neighbours of one charset may share a character between them
    for count, match in enumerate(_ENCODED_WORD.finditer(value)):
        if count >= MAX_ENCODED_WORDS:
            bite(Bound.ENCODED_WORDS)
            break
        between = value[end : match.start()]
        charset = match.group(1).split("*")[0].lower()
        data = _word_bytes(match.group(2), match.group(3))
        if pending and pending[0] == charset and not between.strip() and end:
            pending = (charset, pending[1] + data)
        else:
            if pending:
                result.append(decode(pending[1], pending[0]))
            if between.strip() or not end:
                result.append(between)
            pending = (charset, data)
        end = match.end()
    if pending:
        result.append(decode(pending[1], pending[0]))
    result.append(value[end:])
    return "".join(result)


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "surrogateescape")
    if encoding in "bB":
        try:
            return base64.b64decode(data + b"=" * (-len(data) % 4))
        except (binascii.Error, ValueError):
            return data
    return binascii.a2b_qp(data, header=True)


def split_mailboxes(value: str) -> Iterator[str]:
    """Split an address list at its commas and semicolons, outside quotes, comments and angle brackets."""
    if "," not in value and ";" not in value:
        yield value
        return
    start = depth = 0
    quoted = angle = escaped = False
    for position, character in enumerate(value):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"' and not depth:
            quoted = not quoted
        elif quoted:
            continue
        elif character == "(":
            depth += 1
        elif character == ")":
            depth = max(0, depth - 1)
        elif character == "<":
            angle = True
        elif character == ">":
            angle = False
        elif character in ",;" and not depth and not angle:
            yield value[start:position]
            start = position + 1
    yield value[start:]


def read_address(mailbox: str) -> Address | None:
    """Read one mailbox, such as ``Jana Weber <jana@weber.example>``; None where no address can be known."""
    plain, comments = _without_comments(mailbox.strip()[:MAX_MAILBOX])
    name, angle, rest = plain.rpartition("<")
    candidate = rest.partition(">")[0] if angle else plain
    candidate = candidate.strip().rpartition(":")[2].strip().strip("'\"")  # behind "mailto:", a group or a route
    local, at, domain = candidate.rpartition("@")
    candidate = f"{local.strip()}{at}{domain.strip()}"  # an obsolete form allows space there (RFC 5322, 4.4)
    if not _ADDRESS.fullmatch(candidate):
        return None
    shown = one_line(decode_words(name if angle else comments)).strip().strip("\"'").strip()
    return Address(candidate.lower(), shown[:200])


def _without_comments(value: str) -> tuple[str, str]:
    """Part a value from its comments in brackets, which may lie within one another (RFC 5322, 3.2.2)."""
    if "(" not in value:
        return value, ""
    plain: list[str] = []
    comments: list[str] = []
    depth = 0
    quoted = escaped = False
    for character in value:
        if not depth and not escaped and character == '"':
            quoted = not quoted
        if not quoted and not escaped and character == "(":
            depth += 1
        elif depth and not escaped and character == ")":
            depth -= 1
        else:
            (comments if depth else plain).append(character)
        escaped = character == "\\" and not escaped
    return "".join(plain), "".join(comments)


def read_date(value: str) -> datetime | None:
    """Read a date-time of RFC 5322, obsolete forms included, or of RFC 3339; None where it tells no possible moment.

    A date with an unknown zone is read as UTC.
    """
    value = _FRACTION.sub(r"\1", value[:200].strip())
    try:
        if _ISO_DATE.match(value):
            told = datetime.fromisoformat(value)
            return told if told.tzinfo else told.replace(tzinfo=UTC)
        parsed = parsedate_tz(value)
        if parsed is None:
            return None
        offset = parsed[9]
        zone_seconds = offset if offset is not None and abs(offset) < 86_400 else 0
        moment = datetime(*parsed[:6], tzinfo=UTC) - timedelta(seconds=zone_seconds)
        local = moment.astimezone(timezone(timedelta(seconds=zone_seconds)))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return local if local.year >= 1900 else None  # RFC 5322, 3.3
