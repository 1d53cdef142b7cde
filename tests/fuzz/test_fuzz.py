"""Whatever message, answer of a server or configuration comes along: a result or a failure of ours, never another."""

from __future__ import annotations

import base64
import contextlib
import os
import string
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.config.configuration import load
from monitor.errors import ConfigurationError, UnreadableMessage
from monitor.mailbox.answers import Outline, filled, outline, part_items
from monitor.mailbox.folders import Folder, find_below, find_inbox, find_sent
from monitor.mailbox.raw_message import Place, RawMessage, WholeMail
from monitor.mailbox.structure import text_parts
from monitor.message.header import EARLIEST
from monitor.message.html import html_to_text
from monitor.message.message import Message
from monitor.message.own_words import own_words
from monitor.message.reading import read_message

# `make fuzz` asks for many more.
EXAMPLES = int(os.environ.get("EXAMPLES", "60"))
often = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)

WORDS = st.sampled_from(
    ["Von:", "Gesendet:", "On", "wrote:", "> ", "-- ", "<b>", "</b>", "<blockquote>", "=?utf-8?q?=41?=", "=?", "?=", "@", "<a@x.example>", ",", ";",
     ":", '"', "(", ")", "\r\n", "\n", "\r", "\r\n\r\n", "--b", "--b--", "boundary=b", "Content-Type:", "multipart/mixed", "text/html", "text/plain",
     "base64", "charset=", "utf-7", "\0", "\x1b[2J", "\u202e", "\ud83d", "Am 1.1.2026 schrieb", "2026-01-01 10:00", "Mon, 02 Mar 2026 09:54:51 +0100", "é", "🙈"]
)  # fmt: skip
TEXT = st.lists(st.one_of(WORDS, st.text(max_size=20)), max_size=40).map(" ".join)
FIELDS = st.sampled_from(
    ["From", "Sender", "To", "Cc", "Subject", "Date", "Message-ID", "References", "In-Reply-To", "Content-Type", "Content-Transfer-Encoding",
     "Content-Disposition", "Received", "Return-Path", "List-Id", "Auto-Submitted", "Precedence", "X-Any"]
)  # fmt: skip
CHARSETS = st.sampled_from(
    ["utf-8", "utf-16", "iso-8859-1", "utf-7", "x-none", "gb2312", "iso-2022-jp", "", "rot13", "zlib"]
)


def as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@st.composite
def headers(draw: st.DrawFn) -> bytes:
    lines = draw(st.lists(st.tuples(FIELDS, TEXT), max_size=12))
    return b"".join(as_bytes(f"{name}: {value}\r\n") for name, value in lines)


@st.composite
def leaves(draw: st.DrawFn) -> bytes:
    subtype, charset = draw(st.sampled_from(["plain", "html", "x"])), draw(CHARSETS)
    body, encoding = as_bytes(draw(TEXT)), draw(st.sampled_from(["7bit", "base64", "quoted-printable", "x-none"]))
    if encoding == "base64" and draw(st.booleans()):
        body = base64.b64encode(body)
    head = f"Content-Type: text/{subtype}; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + body


def multiparts(children: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    def joined(kind: str, boundary: str, parts: list[bytes]) -> bytes:
        mark = as_bytes(boundary)
        body = b"".join(b"\r\n--" + mark + b"\r\n" + part for part in parts)
        return (
            b"Content-Type: multipart/"
            + kind.encode()
            + b'; boundary="'
            + mark
            + b'"\r\n\r\n'
            + body
            + b"\r\n--"
            + mark
            + b"--"
        )

    kinds = st.sampled_from(["mixed", "alternative", "related", "report", "x"])
    boundaries = st.one_of(st.just("b"), st.text(string.printable, min_size=1, max_size=20))
    return st.builds(joined, kinds, boundaries, st.lists(children, max_size=4))


MAILS = st.one_of(
    st.builds(lambda head, body: head + body, headers(), st.recursive(leaves(), multiparts, max_leaves=12)),
    st.builds(lambda head, body: head + b"\r\n" + as_bytes(body), headers(), TEXT),
    st.binary(max_size=2_000),
)


def require_sound(message: Message) -> None:
    """What every message promises, whoever wrote it."""
    for text in (message.text, message.subject, message.sender.name if message.sender else ""):
        assert all(
            letter.isprintable() or letter in "\n\t" or letter.isspace() or letter > "\u2fff" or not letter.isascii()
            for letter in text
        )
        assert not any("\ud800" <= letter <= "\udfff" for letter in text)
        text.encode("utf-8")
    assert "\n" not in message.subject
    if message.sender is not None:
        assert message.sender.address.count("@") == 1
        assert message.sender.address == message.sender.address.lower()
    if message.sent_at is not None:
        assert message.sent_at.tzinfo is not None
        assert message.sent_at.year >= 1900
        message.sent_at.astimezone(UTC)
    assert message.key


@often
@given(MAILS)
def test_every_mail_is_read_or_unreadable(data: bytes) -> None:
    try:
        message = read_message(WholeMail(data))
    except UnreadableMessage:
        return
    require_sound(message)
    assert read_message(WholeMail(data)) == message


@often
@given(TEXT)
def test_own_words_are_lines_of_the_text(text: str) -> None:
    text = text.replace("\r", "").replace("\0", "")
    lines = {line.strip() for line in text.split("\n")}

    assert {line.strip() for line in own_words(text).split("\n")} - lines - {""} == set()


@often
@given(TEXT)
def test_any_html_becomes_text(html: str) -> None:
    assert isinstance(html_to_text(html), str)


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.integers(-5, 2**40), st.binary(max_size=8), st.sampled_from([b"TEXT", b"PLAIN", b"HTML", b"MIXED", b"ALTERNATIVE"])),
    lambda inner: st.one_of(st.lists(inner, max_size=9), st.lists(inner, max_size=9).map(tuple)),
    max_leaves=40,
)  # fmt: skip
PLACE = Place("INBOX", 1, 2)


@often
@given(VALUES)
def test_any_structure_is_understood_or_unreadable(structure: Any) -> None:
    try:
        parts = text_parts(structure)
    except UnreadableMessage:
        return
    assert all(part.subtype in ("plain", "html") and part.size >= 0 for part in parts)
    assert all(item.startswith("BODY.PEEK[") for item in part_items(part.number for part in parts))


@often
@given(
    st.dictionaries(
        st.sampled_from([b"BODY[HEADER]<0>", b"BODYSTRUCTURE", b"INTERNALDATE", b"FLAGS", b"BODY[1]<0>"]), VALUES
    ),
    st.one_of(st.none(), st.datetimes(timezones=st.sampled_from([UTC]))),
    st.one_of(st.none(), st.dictionaries(st.sampled_from([b"BODY[1]<0>", b"BODY[1.2]<0>", b"BODY[2]"]), VALUES)),
)
def test_any_answer_gives_a_message_or_a_reason(
    answer: dict[bytes, Any], date: datetime | None, bodies: dict[bytes, Any] | None
) -> None:
    first = outline(PLACE, {**answer, b"INTERNALDATE": date} if date else answer)
    if not isinstance(first, Outline):
        return
    told = filled(first, bodies)
    if isinstance(told, RawMessage):
        with contextlib.suppress(UnreadableMessage):
            require_sound(read_message(told))


NAMES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["INBOX", "Sent", "Gesendet", "[Gmail]/Gesendet", "Monitor/Prüfen", "inbox.sent", ""]),
)
FOLDERS = st.lists(
    st.builds(
        Folder,
        NAMES,
        st.sampled_from([None, "/", ".", "\\"]),
        st.frozensets(st.sampled_from(["\\Sent", "\\Noselect", "x"])),
    ),
    max_size=20,
)


@often
@given(FOLDERS, NAMES, NAMES)
def test_any_listing_has_folders_or_none(folders: list[Folder], name: str, prefix: str) -> None:
    for found in (find_inbox(folders, name or None, prefix), find_sent(folders, name or None, prefix)):
        assert found is None or found in folders
    assert set(find_below(folders, name, prefix)) <= set(folders)


KEYS = st.sampled_from(
    ["coach", "name", "addresses", "language", "timezone", "holidays", "mailbox", "host", "port", "security", "user", "timeout", "outbox", "recipient",
     "digest", "day", "time", "store", "url", "agreement", "included", "office_hours", "mon", "fee_per_month", "leeway", "scope_creep", "client", "since",
     "until", "absence", "from", "to", "x"]
)  # fmt: skip
SCALARS = st.one_of(
    st.booleans(), st.integers(-(2**40), 2**40), st.floats(allow_nan=False), st.text(max_size=20),
    st.sampled_from(["jana@weber.example", "Europe/Berlin", "DE-BY", "09:00-18:00", "24:00", "monday", "de", "2026-03-02", "sqlite://", "imap.example"]),
)  # fmt: skip


def literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return (
            '"'
            + "".join(
                c if c.isalnum() or c in " @.-:/_" else f"\\U{ord(c):08x}"
                for c in value
                if not "\ud800" <= c <= "\udfff"
            )
            + '"'
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return repr(value)


def document(sections: dict[str, tuple[int, dict[str, Any]]]) -> Iterator[str]:
    for name, (kind, values) in sections.items():
        yield ("[{}]", "[[{}]]", "[client.{}]")[kind].format(name)
        yield from (f"{key} = {literal(value)}" for key, value in values.items())


@often
@given(
    st.one_of(
        st.dictionaries(KEYS, st.tuples(st.integers(0, 2), st.dictionaries(KEYS, st.one_of(SCALARS, st.lists(SCALARS, max_size=3)), max_size=6)), max_size=5)
        .map(document).map("\n".join),
        st.text(max_size=200),
    )
)  # fmt: skip
def test_any_configuration_is_taken_or_refused_with_its_remedy(text: str) -> None:
    import tempfile

    with tempfile.NamedTemporaryFile("wb", suffix=".toml") as file:
        file.write(text.encode("utf-8", "surrogatepass"))
        file.flush()
        try:
            load(Path(file.name))
        except ConfigurationError as error:
            told = str(error)
        else:
            return
    assert told


def test_the_earliest_date_is_one_of_mail() -> None:
    assert EARLIEST.year == 1980
    with pytest.raises(UnreadableMessage):
        read_message(WholeMail(b""))
