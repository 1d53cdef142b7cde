"""Answers to FETCH are read as the library reads them, or left to it."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imapclient.response_parser import parse_fetch_response
from servers.dovecot import Dovecot

from monitor.mailbox.answers import OUTLINE_ITEMS
from monitor.mailbox.fetch_answers import UnusualAnswer, read_answers
from monitor.mailbox.structure import text_parts

Lines = list[bytes | tuple[bytes, bytes]]


def by_the_library(lines: Lines) -> dict[int, dict[bytes, Any]]:
    told = parse_fetch_response(lines, normalise_times=False)
    return {uid: {item: value for item, value in answer.items() if item != b"SEQ"} for uid, answer in told.items()}


def on_the_wire(value: Any, pieces: Lines, line: bytes) -> bytes:
    """Append a value to the pieces of an answer; return the line that is not ended yet."""
    match value:
        case None:
            return line + b"NIL"
        case int():
            return line + str(value).encode()
        case tuple():
            line += b"("
            for number, each in enumerate(value):
                line = on_the_wire(each, pieces, line + b" " * bool(number))
            return line + b")"
        case bytes() if b"\n" in value or b"\0" in value:
            pieces.append((line + f"{{{len(value)}}}".encode(), value))
            return b""
        case _:
            return line + b'"' + value.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


TEXT = st.text(st.sampled_from('ab (){}[]<>"\\%*\n\0äß0'), max_size=9).map(str.encode)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.integers(0, 2**40), TEXT),
    lambda inner: st.lists(inner, max_size=5).map(tuple),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.dictionaries(st.integers(1, 9), st.dictionaries(st.sampled_from([b"BODY[1]<0>", b"X", b"FLAGS"]), VALUES)))
def test_whatever_is_told_comes_out_as_it_was_meant(told: dict[int, dict[bytes, Any]]) -> None:
    lines: Lines = []
    for uid, answer in told.items():
        items = (item for pair in answer.items() for item in pair)
        line = b"7 (UID " + str(uid).encode()
        for number, item in enumerate(items):
            line = line + b" " + item if number % 2 == 0 else on_the_wire(item, lines, line + b" ")
        lines.append(line + b")")

    assert read_answers(lines) == {uid: {b"UID": uid, **answer} for uid, answer in told.items()}


def odd_mails() -> list[bytes]:
    plain = EmailMessage()
    plain["Subject"] = "kurz"
    plain.set_content("ja")
    several = EmailMessage()
    several.set_content("Text")
    several.add_alternative("<p>Text</p>", subtype="html")
    several.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename='Rechnung "März" (2).pdf')
    several.add_attachment(plain)
    raw = (
        b'Content-Type: multipart/mixed; boundary="(x\\"y)"\r\n\r\n--(x"y)\r\n'
        b'Content-Type: text/plain; charset="\xe4\\"; name="a\r\n b"\r\n\r\nja\r\n--(x"y)--\r\n'
    )
    return [plain.as_bytes(), several.as_bytes(), raw, b"\r\n", b"Subject: nichts\r\n\r\n"]


def test_what_a_real_server_tells_of_odd_mail_is_read_as_by_the_library(dovecot: Dovecot, mailbox_user: str) -> None:
    for mail in odd_mails():
        dovecot.deliver(mailbox_user, "INBOX", mail)
    with dovecot.session(mailbox_user) as session:
        session.select("INBOX", readonly=True)
        _, lines = session.uid("FETCH", "1:*", f"({' '.join(OUTLINE_ITEMS)})")

    ours, theirs = read_answers(lines), by_the_library(lines)
    assert ours.keys() == theirs.keys() == {1, 2, 3, 4, 5}
    for uid, answer in theirs.items():
        assert text_parts(ours[uid].pop(b"BODYSTRUCTURE")) == text_parts(answer.pop(b"BODYSTRUCTURE"))
        assert ours[uid] == answer | {b"UID": uid}


def test_a_day_of_arrival_keeps_its_zone() -> None:
    told = read_answers([b'1 (INTERNALDATE " 2-Mar-2026 09:54:51 -0330" UID 7)'])

    assert told[7][b"INTERNALDATE"] == datetime(2026, 3, 2, 13, 24, 51, tzinfo=UTC)


def test_what_is_told_of_no_uid_is_nobodys() -> None:
    assert read_answers([b"7 (FLAGS (\\Seen))", b"8 (UID 9 FLAGS ())"]) == {9: {b"UID": 9, b"FLAGS": ()}}


@pytest.mark.parametrize(
    "lines",
    [
        [b"1 (UID 5"],
        [b"1 (UID 5))"],
        [b"1 (UID 5) x"],
        [b"1 (UID)"],
        [b'1 (UID 5 X "a)'],
        [b"1 (UID 5 (X) NIL)"],
        [(b"1 (UID 5 X ", b"abc"), b")"],
        [(b"1 (UID 5 X {3}", b"abc")],
        [b'1 (UID 5 INTERNALDATE "yesterday")'],
        [b'1 (UID 5 INTERNALDATE "31-Feb-2026 09:54:51 +0000")'],
        [b'1 (UID 5 INTERNALDATE "28-Feb-2026 09:54:51 +9900")'],
    ],
)
def test_what_is_written_in_another_way_is_left_to_the_library(lines: Lines) -> None:
    with pytest.raises(UnusualAnswer):
        read_answers(lines)


def test_an_answer_nested_without_end_costs_no_more_than_its_length() -> None:
    depth = 100_000
    told = read_answers([b"1 (UID 5 BODYSTRUCTURE " + b"(" * depth + b")" * depth + b")"])

    assert 5 in told
