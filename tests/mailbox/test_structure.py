"""Which parts of a message are worth fetching."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imapclient.response_parser import parse_fetch_response

from monitor.errors import UnreadableMessage
from monitor.mailbox.structure import MAX_DEPTH, MAX_TEXT_PARTS, ListedPart, text_parts

PLAIN = '("TEXT" "PLAIN" ("CHARSET" "UTF-8") NIL NIL "QUOTED-PRINTABLE" 120 4 NIL NIL NIL NIL)'
HTML = '("text" "html" ("charset" "ISO-8859-1") NIL NIL "base64" 900 12 NIL NIL NIL NIL)'
PDF = '("application" "pdf" NIL NIL NIL "base64" 5000000 NIL ("attachment" ("filename" "x.pdf")) NIL NIL)'
NOTES = '("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 50 2 NIL ("Attachment" ("filename" "n.txt")) NIL NIL)'
FORWARDED = (
    '("message" "rfc822" NIL NIL NIL "7bit" 700'
    f' (NIL "Alt" NIL NIL NIL NIL NIL NIL NIL NIL) {PLAIN} 20 NIL ("inline" NIL) NIL NIL)'
)


def answered(structure: str) -> object:
    """The structure as the library reads it from an answer."""
    return parse_fetch_response([f"1 (UID 1 BODYSTRUCTURE {structure})".encode()])[1][b"BODYSTRUCTURE"]


def numbers(structure: str) -> list[str]:
    return [f"{part.number} {part.subtype}" for part in text_parts(answered(structure))]


def multipart(subtype: str, *parts: str) -> str:
    return f'({"".join(parts)} "{subtype}" ("boundary" "b") NIL NIL NIL)'


def test_a_message_of_one_text_is_its_part_one() -> None:
    assert text_parts(answered(PLAIN)) == (ListedPart("1", "plain", "utf-8", "quoted-printable", 120),)


def test_both_alternatives_are_listed() -> None:
    assert numbers(multipart("ALTERNATIVE", PLAIN, HTML)) == ["1 plain", "2 html"]


def test_parts_of_parts_have_dotted_numbers_in_reading_order() -> None:
    inner = multipart("alternative", PLAIN, multipart("related", HTML, PDF))

    assert numbers(multipart("mixed", inner, PDF, PLAIN)) == ["1.1 plain", "1.2.1 html", "3 plain"]


def test_attachments_are_left_out_even_when_they_are_text() -> None:
    assert numbers(multipart("mixed", PLAIN, NOTES, PDF)) == ["1 plain"]


def test_what_stands_inside_an_attached_mail_is_left_out() -> None:
    assert numbers(multipart("mixed", PLAIN, FORWARDED)) == ["1 plain"]
    assert numbers(FORWARDED) == []


def test_other_kinds_of_text_are_left_out() -> None:
    calendar = PLAIN.replace("PLAIN", "CALENDAR")

    assert numbers(multipart("alternative", calendar, HTML)) == ["2 html"]
    assert numbers(PDF) == []


def test_a_server_may_leave_out_everything_after_the_lines() -> None:
    assert text_parts(answered('("text" "plain" NIL NIL NIL NIL 7 1)')) == (ListedPart("1", "plain", None, "7bit", 7),)


def test_a_disposition_may_come_without_its_list() -> None:
    assert numbers(NOTES.replace('("Attachment" ("filename" "n.txt"))', '"attachment"')) == []


def test_no_more_than_ten_texts_are_listed() -> None:
    assert len(numbers(multipart("mixed", *[PLAIN] * 50))) == MAX_TEXT_PARTS


def test_nesting_beyond_the_bound_is_not_looked_into() -> None:
    def nested(depth: int) -> object:
        part: Any = (b"TEXT", b"PLAIN", None, None, None, b"7BIT", 5, 1)
        for _ in range(depth):
            part = ([part], b"MIXED", None)
        return part

    assert len(text_parts(nested(MAX_DEPTH))) == 1
    assert text_parts(nested(MAX_DEPTH + 1)) == ()
    assert text_parts(nested(100_000)) == ()


@pytest.mark.parametrize(
    "structure",
    [
        None,
        (),
        b"TEXT",
        (b"TEXT", b"PLAIN"),
        (b"text", b"html", None, None, None, b"8bit", b"viel", 1),
        ([None], b"MIXED"),
    ],
)
def test_a_structure_that_cannot_be_understood_is_told_clearly(structure: object) -> None:
    with pytest.raises(UnreadableMessage, match="cannot be read"):
        text_parts(structure)


_words = (
    st.none() | st.integers(-5, 2**70) | st.sampled_from([b"TEXT", b"PLAIN", b"MIXED", b"attachment", b"\xff", b""])
)
_trees = st.recursive(
    _words, lambda inner: st.lists(inner, max_size=10).map(tuple) | st.lists(inner, max_size=4), max_leaves=40
)


def test_a_multipart_of_nothing_has_no_texts() -> None:
    assert text_parts(([], b"MIXED")) == ()


@given(_trees)
def test_whatever_a_server_sends_is_listed_or_called_unreadable(structure: object) -> None:
    try:
        parts = text_parts(structure)
    except UnreadableMessage:
        return
    assert len(parts) <= MAX_TEXT_PARTS
