"""From bytes to a message: charsets, headers, origins, and what cannot be known stays unknown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.errors import UnreadableMessage
from monitor.mailbox.raw_message import RawMessage, WholeMail
from monitor.message.message import Message, Origin
from monitor.message.reading import read_message

PLAIN = (
    b"From: =?utf-8?q?J=C3=BCrgen_M=C3=BCller?= <J.Mueller@Firma.example>\r\nTo: jana@weber-coaching.example\r\n"
    b"Date: Mon, 02 Mar 2026 09:54:51 +0100\r\nSubject: =?iso-8859-1?Q?Gr=FC=DFe?=\r\nMessage-ID: <1@firma.example>\r\n"
)


def read(data: bytes) -> Message:
    return read_message(WholeMail(data))


def test_sender_date_subject_and_text_are_decoded() -> None:
    message = read(PLAIN + b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nSch\xf6ne Gr\xfc\xdfe\r\n")

    assert message.sender is not None
    assert (message.sender.address, message.sender.name) == ("j.mueller@firma.example", "Jürgen Müller")
    assert message.sent_at is not None
    assert message.sent_at.isoformat() == "2026-03-02T09:54:51+01:00"
    assert message.subject == "Grüße"
    assert message.text == "Schöne Grüße"
    assert message.key == "<1@firma.example>"


@pytest.mark.parametrize(
    ("charset", "encoded"),
    [
        ("utf-8", "Grüße €".encode()),
        ("windows-1252", "Grüße €".encode("cp1252")),
        ("iso-8859-1", "Grüße €".encode("cp1252")),
        ("iso-8859-15", "Grüße €".encode("iso-8859-15")),
        ("us-ascii", "Grüße €".encode()),
        ("x-unknown", "Grüße €".encode()),
        ("", "Grüße €".encode("cp1252")),
    ],
)
def test_umlauts_survive_right_wrong_and_missing_charsets(charset: str, encoded: bytes) -> None:
    named = f"Content-Type: text/plain; charset={charset}\r\n".encode() if charset else b""

    assert read(PLAIN + named + b"\r\n" + encoded).text == "Grüße €"


def test_html_is_read_as_people_see_it_without_what_is_quoted_or_hidden() -> None:
    body = (
        "<html><head><style>p{}</style><title>x</title></head><body><p>Liebe Jana,</p><p>passt <b>Diens</b>tag?</p>"
        '<div style="display:none">unsichtbar</div><ul><li>eins</li><li>zwei</li></ul>'
        '<div class="gmail_quote">Am 12.03.2026 um 09:14 schrieb Jana Weber &lt;jana@x.example&gt;:<blockquote>alt</blockquote></div></body></html>'
    )
    text = read(PLAIN + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + body.encode()).text

    assert text == "Liebe Jana,\n\npasst Dienstag?\n\n- eins\n- zwei"


def test_attachments_are_never_read() -> None:
    body = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHallo\r\n"
        b'--b\r\nContent-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment; filename="a.txt"\r\n\r\ngeheim\r\n'
        b"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: fremd\r\n\r\nfremder Text\r\n--b--\r\n"
    )

    assert read(PLAIN + body).text == "Hallo"


@pytest.mark.parametrize(
    ("field", "origin"),
    [
        (b"List-Id: <news.shop.example>", Origin.BULK),
        (b"Precedence: bulk", Origin.BULK),
        (b"Auto-Submitted: auto-replied", Origin.AUTOMATIC),
        (b"Auto-Submitted: no", Origin.PERSON),
        (b"X-Autoreply: yes", Origin.AUTOMATIC),
        (b"Content-Type: multipart/report; report-type=delivery-status; boundary=x", Origin.BOUNCE),
        (b"X-Client-Health-Monitor: 1", Origin.DIGEST),
    ],
)
def test_what_no_person_wrote_is_told_by_its_header(field: bytes, origin: Origin) -> None:
    assert read(PLAIN + field + b"\r\n\r\nText\r\n").origin is origin


def test_an_absence_reply_without_its_header_is_told_by_its_subject() -> None:
    assert read(
        PLAIN.replace(b"=?iso-8859-1?Q?Gr=FC=DFe?=", b"Automatische Antwort: Termin") + b"\r\nBin weg"
    ).automatic
    assert not read(PLAIN.replace(b"=?iso-8859-1?Q?Gr=FC=DFe?=", b"Re: Automatische Antwort") + b"\r\nHallo").automatic


def test_a_sender_that_cannot_be_known_is_unknown() -> None:
    two = PLAIN.replace(b"From: ", b"From: a@x.example\r\nFrom: ")

    assert read(two + b"\r\nx").sender is None
    assert read(PLAIN.replace(b"<J.Mueller@Firma.example>", b"") + b"\r\nx").sender is None


def test_a_missing_date_is_taken_from_the_way_the_mail_came() -> None:
    dateless = PLAIN.replace(
        b"Date: Mon, 02 Mar 2026 09:54:51 +0100", b"Received: from a by b; Mon, 02 Mar 2026 10:00:00 +0000"
    )
    arrived = datetime(2026, 3, 3, tzinfo=UTC)

    assert read(dateless + b"\r\nx").sent_at == datetime(2026, 3, 2, 10, tzinfo=UTC)
    nothing = PLAIN.replace(b"Date: Mon, 02 Mar 2026 09:54:51 +0100\r\n", b"")
    assert read_message(RawMessage(nothing, (), arrived)).sent_at == arrived
    assert read(nothing + b"\r\nx").sent_at is None


def test_without_message_id_the_content_identifies_a_mail() -> None:
    bare = PLAIN.replace(b"Message-ID: <1@firma.example>\r\n", b"")

    assert read(bare + b"\r\nHallo").key == read(bare + b"\r\nHallo  ").key
    assert read(bare + b"\r\nHallo").key != read(bare + b"\r\nHallo du").key


def test_invisible_and_direction_changing_characters_are_removed() -> None:
    message = read(
        PLAIN.replace(b"=?iso-8859-1?Q?Gr=FC=DFe?=", "a\u202eb\u200bc".encode()) + "\r\nx\u202ey\x1b[31m".encode()
    )

    assert message.subject == "abc"
    assert message.text == "xy[31m"


def test_rubbish_is_unreadable_and_says_why() -> None:
    with pytest.raises(UnreadableMessage, match="no header"):
        read(b"\x00\x01\x02 rubbish")


@pytest.mark.parametrize(
    "field",
    [
        b"From: " + b"(" * 60_000 + b"a@x.example",
        b"From: " + b'"' * 60_000,
        b"From: " + b"a@x.example, " * 20_000,
        b"Subject: " + b"=?utf-8?q?x?= " * 40_000,
        b"To: " + b"<" * 60_000,
        b"Date: " + b"1 " * 40_000,
        b"References: " + b"<a@b> " * 30_000,
    ],
)
def test_hostile_headers_are_read_in_no_time(field: bytes) -> None:
    started = datetime.now(UTC)

    read(field + b"\r\n" + PLAIN + b"\r\nx")

    assert datetime.now(UTC) - started < timedelta(seconds=1)


def test_a_thousand_nested_parts_do_not_nest_calls() -> None:
    data = PLAIN
    for depth in range(1_000):
        data += f"Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n".encode()

    assert read(data + b"Content-Type: text/plain\r\n\r\nHallo").sender is not None


def mixed(*parts: bytes, subtype: bytes = b"mixed") -> bytes:
    body = b"".join(b"--b\r\nContent-Type: text/" + part + b"\r\n" for part in parts)
    return PLAIN + b"Content-Type: multipart/" + subtype + b"; boundary=b\r\n\r\n" + body + b"--b--\r\n"


def test_of_alternatives_one_is_read_and_of_parts_side_by_side_all() -> None:
    plain, html = b"plain\r\n\r\nDas ist nur Text.", b"html\r\n\r\n<p>Das hat ein Format.</p>"

    assert read(mixed(plain, html, subtype=b"alternative")).text == "Das hat ein Format."
    assert read(mixed(plain, html)).text == "Das ist nur Text.\n\nDas hat ein Format."
    assert read(mixed(plain, b"html\r\n\r\n<p>Das ist <b>nur</b> Text.</p>")).text == "Das ist nur Text."
    assert read(mixed(plain, b"html\r\n\r\n<p> </p>", subtype=b"alternative")).text == "Das ist nur Text."


def test_a_boundary_in_numbered_pieces_is_put_together() -> None:
    body = b"\r\n\r\n--one two\r\nContent-Type: text/plain; charset*=us-ascii'en'utf-8\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\n--one two--"

    for pieces in (b'boundary*0="one "; boundary*1=two', b"boundary*1*=%20two; boundary*0*=us-ascii''one"):
        assert read(PLAIN + b"Content-Type: multipart/mixed; " + pieces + body).text == "Grüße"


def test_several_writers_without_a_sender_are_nobody_and_with_one_they_are_told_apart() -> None:
    two = b"From: Eva <eva@x.example>, Udo <udo@x.example>\r\nDate: Mon, 02 Mar 2026 09:54:51 +0100\r\n"

    assert read(two + b"\r\nx").sender is None
    assert read(b"Sender: mia@x.example\r\n" + two + b"\r\nx").sender is None
    assert read(b"Sender: mia@x.example\r\nTo: b@x.example\r\n\r\nx").sender is None
    sender = read(b"Sender: udo@x.example\r\n" + two + b"\r\nx").sender
    assert sender is not None
    assert sender.address == "udo@x.example"


@pytest.mark.parametrize(
    ("date", "told"),
    [
        (b"Tue, 17 Jul 2012 22:23:35.882 +0200", "2012-07-17T22:23:35+02:00"),
        (b"2012-07-17 22:23:35", "2012-07-17T22:23:35+00:00"),
        (b"2012-07-17T22:23:35.5+02:00", "2012-07-17T22:23:35+02:00"),
        (b"Sat, 01 Jan 1966 12:00:00 -0400", "1966-01-01T12:00:00-04:00"),
        (b"Mon, 31 Feb 2026 10:00:00 +0000", None),
        (b"Mon, 02 Mar 99999 10:00:00 +0000", None),
        (b"Mon, 02 Mar 2026 25:61:61 +9999", None),
        (b"morgen", None),
    ],
)
def test_a_date_is_read_as_it_is_told_or_not_at_all(date: bytes, told: str | None) -> None:
    sent_at = read(b"From: a@x.example\r\nDate: " + date + b"\r\n\r\nx").sent_at

    assert (sent_at and sent_at.isoformat()) == told


def test_a_date_from_a_clock_that_was_not_set_yields_to_any_other() -> None:
    unset = b"From: a@x.example\r\nDate: Thu, 01 Jan 1970 00:00:00 +0000\r\n"

    assert read(unset + b"Received: from a by b; Mon, 02 Mar 2026 10:00:00 +0000\r\n\r\nx").sent_at == datetime(
        2026, 3, 2, 10, tzinfo=UTC
    )
    assert read(unset + b"\r\nx").sent_at == datetime(1970, 1, 1, tzinfo=UTC)


def test_parts_of_a_mail_without_any_sender_are_read_from_nobody() -> None:
    message = read(b"Content-Type: text/plain; charset=utf-8\r\n\r\nGr\xc3\xbc\xc3\x9fe")

    assert (message.sender, message.sent_at, message.text) == (None, None, "Grüße")


@pytest.mark.parametrize(
    ("data", "bound"),
    [
        (b"X: " + b"y" * 300_000, "header"),
        (b"X: y\r\n" * 2_000, "fields"),
        (b"Subject: " + b"=?utf-8?q?x?= " * 600, "encoded_words"),
        (b"Subject: " + b"x" * 20_000, "field"),
        (b"To: " + b"a@x.example," * 300, "addresses"),
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 600, "text_parts"),
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\nContent-Type: image/x\r\n\r\nx\r\n" * 600, "parts"),
        (b"Content-Type: text/plain\r\n\r\n" + b"x" * 600_000, "text_part"),
        (b"Content-Type: text/plain\r\n\r\n" + b"x\n" * 6_000, "lines"),
        (b"Content-Type: text/html\r\n\r\n" + b"<b>x</b>" * 50_000, "nodes"),
    ],
)  # fmt: skip
def test_a_bound_that_bites_is_named_and_one_that_does_not_is_not(data: bytes, bound: str) -> None:
    assert bound in read(b"From: a@x.example\r\n" + data + b"\r\n").cut
    assert not read(PLAIN + b"\r\nx").cut
