"""Mails that nobody would write but to do harm, made here: what they try, and what is still to be found in them.

``expected`` is what the reader must find in spite of everything; ``from`` is None where no honest answer exists.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from hostile.corpus import Specimen

SENDER = "eva@klientin.example"
DATE = "2026-03-02T09:54:51+01:00"
HEAD = b"From: Eva <eva@klientin.example>\r\nDate: Mon, 02 Mar 2026 09:54:51 +0100\r\nMIME-Version: 1.0\r\n"
TEXT = "Guten Tag, hier ist der Text."
KNOWN: dict[str, Any] = {"from": SENDER, "date": DATE}
WITH_TEXT = {**KNOWN, "contains": [TEXT]}
PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + TEXT.encode() + b"\r\n"
HTML = b"Content-Type: text/html; charset=utf-8\r\n\r\n"
BASE64 = b"Content-Transfer-Encoding: base64\r\n"


def monsters() -> Iterator[Specimen]:
    """Yield every monster with its name."""
    for name, data, expected in (*_headers(), *_structures(), *_texts(), *_html()):
        yield Specimen("generated", name, "mail", data, [{"file": name, **expected}])


Made = Iterator[tuple[str, bytes, dict[str, Any]]]


def _headers() -> Made:
    rest = b"Date: Mon, 02 Mar 2026 09:54:51 +0100\r\n" + PLAIN
    nobody = {"from": None, "date": DATE, "contains": [TEXT]}
    for size in (50_000, 2_000_000):
        # Of what stands beyond the bound of the header nothing is known.
        nobody = {"from": None, "contains": [TEXT], **({"date": DATE} if size < 200_000 else {})}
        yield f"a From of {size} bytes of letters", b"From: " + b"a" * size + b"\r\n" + rest, nobody
        yield f"a From of {size} open brackets", b"From: " + b"<" * size + b"\r\n" + rest, nobody
        yield f"a From of {size} open comments", b"From: " + b"(" * size + b"a@x.example\r\n" + rest, nobody
        yield f"a From of {size} quotes", b"From: " + b'"' * size + b"\r\n" + rest, nobody
        yield f"a From of {size} backslashes", b'From: "' + b"\\" * size + b'" <a@x.example>\r\n' + rest, {}
        yield f"a From of {size} at signs", b"From: " + b"@" * size + b"\r\n" + rest, nobody
        yield f"a From of {size} dots", b"From: a@" + b"a." * (size // 2) + b"example\r\n" + rest, nobody
        yield (
            f"a From of {size} folded lines",
            b"From: Eva\r\n" + b" x\r\n" * (size // 4) + b" <eva@klientin.example>\r\n" + rest,
            {},
        )
    yield "100,000 addresses in From", b"From: " + b"a@x.example, b@x.example, " * 50_000 + b"\r\n" + rest, nobody
    yield "100,000 addresses in To", HEAD + b"To: " + b"a@x.example, " * 100_000 + b"\r\n" + PLAIN, WITH_TEXT
    nobody = {"from": None, "date": DATE, "contains": [TEXT]}
    yield "an unbounded group", b"From: Gruppe: a@x.example, b@x.example\r\n" + rest, nobody
    yield "groups in groups", b"From: " + b"g:" * 20_000 + b";" * 20_000 + b"\r\n" + rest, nobody
    yield "no From", rest, {**nobody}
    yield "an empty From", b"From:\r\n" + rest, nobody
    yield "an empty address", b"From: Eva <>\r\n" + rest, nobody
    yield "two senders in two fields", b"From: a@x.example\r\nFrom: b@x.example\r\n" + rest, nobody
    yield "two senders in one field", b"From: a@x.example, b@x.example\r\n" + rest, nobody
    yield "a name that is an address", b'From: "chef@firma.example" <eva@klientin.example>\r\n' + rest, WITH_TEXT
    yield "100,000 encoded words", HEAD + b"Subject: " + b"=?utf-8?q?x?= " * 100_000 + b"\r\n" + PLAIN, WITH_TEXT
    yield (
        "100,000 encoded words in From",
        b"From: " + b"=?utf-8?q?x?= " * 100_000 + b"<eva@klientin.example>\r\n" + rest,
        {"from": None, "contains": [TEXT]},
    )
    yield (
        "encoded words of base64 rubbish",
        HEAD + b"Subject: " + b"=?utf-8?b?####=?= " * 10_000 + b"\r\n" + PLAIN,
        WITH_TEXT,
    )
    yield "an encoded word without end", HEAD + b"Subject: =?utf-8?q?" + b"=41" * 100_000 + b"\r\n" + PLAIN, WITH_TEXT
    yield (
        "encoded words that encode encoded words",
        HEAD + b"Subject: =?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?=\r\n" + PLAIN,
        WITH_TEXT,
    )
    yield (
        "an address in an encoded word",
        b"From: =?utf-8?q?a=40x=2Eexample=2C?= <eva@klientin.example>\r\n" + rest,
        WITH_TEXT,
    )
    yield (
        "line ends in an encoded word",
        b"From: =?utf-8?q?x=0D=0AFrom:_b=40x.example?= <eva@klientin.example>\r\n" + rest,
        WITH_TEXT,
    )
    yield "100,000 fields", HEAD + b"X-A: b\r\n" * 100_000 + PLAIN, KNOWN
    yield "a field name of 100,000 letters", HEAD + b"X" * 100_000 + b": y\r\n" + PLAIN, WITH_TEXT
    yield "a header of 20 megabytes", HEAD + b"X-A: " + b"y" * 20_000_000 + b"\r\n" + PLAIN, KNOWN
    yield "100,000 references", HEAD + b"References: " + b"<a@b.example> " * 100_000 + b"\r\n" + PLAIN, WITH_TEXT
    yield "10,000 Received", b"Received: from a by b; Mon, 02 Mar 2026 10:00:00 +0000\r\n" * 10_000 + HEAD + PLAIN, {}
    yield "NUL in the header", b"X\0: \0\r\n" + HEAD + b"Subject: a\0b\r\n" + PLAIN, WITH_TEXT
    yield "lone CR as line ends", (HEAD + PLAIN).replace(b"\r\n", b"\r"), WITH_TEXT
    yield "LF as line ends", (HEAD + PLAIN).replace(b"\r\n", b"\n"), WITH_TEXT
    yield "a byte order mark first", b"\xef\xbb\xbf" + HEAD + PLAIN, {"date": DATE}
    yield "bytes of UTF-16 in a field", HEAD + b"Subject: " + "ÄÖÜ".encode("utf-16") + b"\r\n" + PLAIN, KNOWN
    for number, date in enumerate(
        (
            b"32 Foo 99999 99:99:99 +9999",
            b"0",
            b"-1",
            b"Mon, 02 Mar -026 10:00 +0000",
            b"1 " * 50_000,
            b"Mon, 02 Mar 2026 10:00:00 " + b"(" * 50_000,
            b"9" * 5_000,
            b"Mon, 29 Feb 2027 10:00:00 +0000",
            b"Mon, 02 Mar 0000 10:00:00 +0000",
        ),
        1,
    ):
        yield (
            f"a date of nonsense, {number}",
            b"From: eva@klientin.example\r\nDate: " + date + b"\r\n" + PLAIN,
            {"from": SENDER, "contains": [TEXT]},
        )


def _multipart(boundary: bytes, *parts: bytes, parameters: bytes = b"", end: bool = True) -> bytes:
    body = b"".join(b"\r\n--" + boundary + b"\r\n" + part for part in parts)
    field = parameters or b'boundary="' + boundary + b'"'
    return (
        b"Content-Type: multipart/mixed; "
        + field
        + b"\r\n\r\n"
        + body
        + (b"\r\n--" + boundary + b"--\r\n" if end else b"")
    )


def _structures() -> Made:
    nested = PLAIN
    for depth in range(1_000):
        nested = _multipart(b"b%d" % depth, nested)
    yield "1,000 parts in one another", HEAD + nested, KNOWN
    nested = PLAIN
    for depth in range(18):
        nested = _multipart(b"b%d" % depth, nested)
    yield "18 parts in one another", HEAD + nested, WITH_TEXT
    yield (
        "1,000 open parts",
        HEAD
        + b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(1_000))
        + PLAIN,
        KNOWN,
    )
    yield "10,000 attached mails in one another", HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 10_000 + PLAIN, KNOWN
    yield "100,000 parts", HEAD + _multipart(b"b", *[b"Content-Type: image/x\r\n\r\nx"] * 100_000), KNOWN
    yield "100,000 text parts", HEAD + _multipart(b"b", *[PLAIN] * 100_000), WITH_TEXT
    yield (
        "100,000 empty parts",
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n" * 100_000,
        KNOWN,
    )
    yield "a boundary of 100,000 letters", HEAD + _multipart(b"b" * 100_000, PLAIN), KNOWN
    yield "a boundary of expressions", HEAD + _multipart(b"(a+)+$", PLAIN), WITH_TEXT
    yield (
        "a boundary in 1,000 pieces",
        HEAD + _multipart(b"b", PLAIN, parameters=b";".join(b"boundary*%d=b" % n for n in range(1_000))),
        KNOWN,
    )
    yield (
        "a boundary in pieces",
        HEAD + _multipart(b"one two", PLAIN, parameters=b'boundary*0="one "; boundary*1="two"'),
        WITH_TEXT,
    )
    yield "100,000 parameters", HEAD + _multipart(b"b", PLAIN, parameters=b"a=b; " * 100_000 + b"boundary=b"), KNOWN
    yield (
        "a parameter without end",
        HEAD + b'Content-Type: text/plain; charset="' + b'\\"' * 100_000 + b"\r\n\r\n" + TEXT.encode(),
        KNOWN,
    )
    yield "no boundary", HEAD + b"Content-Type: multipart/mixed\r\n\r\n" + TEXT.encode(), WITH_TEXT
    yield (
        "a boundary that never comes",
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + TEXT.encode(),
        WITH_TEXT,
    )
    yield "the part's own boundary within it", HEAD + _multipart(b"b", _multipart(b"b", PLAIN)), KNOWN
    yield "no closing boundary", HEAD + _multipart(b"b", PLAIN, end=False), WITH_TEXT
    yield (
        "message/partial",
        HEAD + b'Content-Type: message/partial; id="a@x.example"; number=1; total=100000000\r\n\r\n' + TEXT.encode(),
        KNOWN,
    )
    yield (
        "message/external-body",
        HEAD + b'Content-Type: message/external-body; access-type=URL; URL="http://x.example"\r\n\r\n' + TEXT.encode(),
        KNOWN,
    )
    yield (
        "an attachment that says it is text",
        HEAD + _multipart(b"b", PLAIN, b"Content-Disposition: attachment\r\nContent-Type: text/plain\r\n\r\nGeheim"),
        {**WITH_TEXT, "absent": ["Geheim"]},
    )
    yield (
        "an attachment of 24 megabytes",
        HEAD + _multipart(b"b", PLAIN, b"Content-Type: application/pdf\r\n" + BASE64 + b"\r\n" + b"QUJD" * 6_000_000),
        WITH_TEXT,
    )
    yield (
        "lines that look like the boundary",
        HEAD + _multipart(b"b", PLAIN, b"\r\n" + b"--bb\r\n--b-\r\n -- b\r\n" * 50_000),
        WITH_TEXT,
    )
    yield (
        "spaces after the boundary",
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b"
        + b" " * 500_000
        + b"x\r\n"
        + b"--b  \t \r\n"
        + PLAIN
        + b"\r\n--b--",
        WITH_TEXT,
    )
    yield "30 megabytes of NUL", HEAD + b"Content-Type: text/plain\r\n\r\n" + b"\0" * 30_000_000, KNOWN
    yield "nothing but dashes", HEAD + b"Content-Type: multipart/mixed; boundary=-\r\n\r\n" + b"-" * 5_000_000, KNOWN


def _texts() -> Made:
    plain = b"Content-Type: text/plain; charset=utf-8\r\n"
    yield "base64 rubbish", HEAD + plain + BASE64 + b"\r\n" + b"=!?#\xff" * 100_000, KNOWN
    yield (
        "base64 with rubbish between",
        HEAD + plain + BASE64 + b"\r\n" + b"!\r\n".join(base64.b64encode(TEXT.encode())[n : n + 1] for n in range(80)),
        WITH_TEXT,
    )
    yield "base64 cut short", HEAD + plain + BASE64 + b"\r\n" + base64.b64encode(TEXT.encode() + b"...")[:-3], WITH_TEXT
    yield "base64 of 20 megabytes", HEAD + plain + BASE64 + b"\r\n" + base64.b64encode(b"Wort " * 3_000_000), KNOWN
    yield (
        "quoted-printable rubbish",
        HEAD + plain + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=" * 400_000 + b"=ZZ=4",
        KNOWN,
    )
    yield (
        "uuencoded",
        HEAD + plain + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\r\n" + b"M" * 500_000,
        KNOWN,
    )
    for charset in (
        b"utf-7",
        b"utf-16",
        b"utf-32",
        b"iso-2022-jp",
        b"iso-2022-kr",
        b"hz",
        b"idna",
        b"punycode",
        b"unicode_escape",
        b"zlib",
        b"hex",
        b"rot13",
        b"undefined",
        b"x" * 5_000,
        b"..%2f..%2fetc",
        b"cp65001",
        b"utf-8-sig",
        b"big5",
        b"johab",
        b"mbcs",
    ):
        body = b"+ADw-script+AD4- " * 20_000 + b"\x1b$B" * 5_000 + b"~{" * 5_000 + b"\xff\xfe\0" * 5_000
        yield (
            f"charset {charset[:20].decode()}",
            HEAD + b"Content-Type: text/plain; charset=" + charset + b"\r\n\r\n" + body,
            KNOWN,
        )
    for name, line in (
        ("letters", b"a" * 400_000),
        ("quote signs", b">" * 400_000),
        ("dashes", b"-" * 400_000),
        ("spaces", b" " * 400_000 + b"x"),
        ("On", b"On " * 130_000),
        ("Am 1 schrieb", b"Am 1 schrieb " * 30_000),
        ("addresses", b"a@b.example " * 30_000),
        ("digits", b"0" * 400_000),
        ("Von:", b"Von: " * 80_000),
        ("open brackets", b"<" * 400_000),
        ("line ends", b"\n" * 400_000),
        ("short lines", b"Von: a\nx\n" * 40_000),
        ("marks", b"-- \n" * 90_000),
        ("quoted", b"> x\ny\n" * 60_000),
        ("full stops", b". " * 190_000),
        ("commas", b"a, " * 130_000),
        ("semicolons", b"sechs worte stehen hier vor dem; " * 12_000),
        ("wrapped", (b"wort " * 12 + b"\n") * 6_000),
        ("words", b"kannst du bitte " * 25_000),
        ("sent from", b"Sent from my " * 30_000),
        ("combining", "a\u0301\u0323".encode() * 80_000),
        ("emoji", "🙈".encode() * 100_000),
        ("invisible", "\u200b\u202e".encode() * 60_000),
        ("gr\u00fc\u00dfe", "viele grüße ".encode() * 30_000),
        ("phones", b"+49 30 " * 60_000),
        ("www", b"www." * 100_000),
    ):
        yield f"a text of {name}", HEAD + plain + b"\r\n" + TEXT.encode() + b"\r\n\r\n" + line, KNOWN
    yield (
        "control sequences for terminals",
        HEAD + plain + b"\r\n" + TEXT.encode() + b"\x1b]0;x\x07\x1b[2J\x9b31m\r\n",
        {**WITH_TEXT, "absent": ["\x1b", "\x07"]},
    )


def _html() -> Made:
    page = TEXT.encode()
    yield "100,000 nested elements", HEAD + HTML + b"<div>" * 100_000 + page, KNOWN
    yield "100,000 nested quotes", HEAD + HTML + b"<p>" + page + b"</p>" + b"<blockquote>" * 100_000, WITH_TEXT
    yield "100,000 nested tables", HEAD + HTML + b"<p>" + page + b"</p>" + b"<table><tr><td>" * 30_000, KNOWN
    many = b"".join(b"<b id=%d>" % number for number in range(300))
    yield "300 open elements repeated in every paragraph", HEAD + HTML + b"<p>" + page + many + b"<p>x" * 90_000, KNOWN
    large = b"<p><b class='" + b"a " * 20_000 + b"'>"
    yield "a large open element repeated in every block", HEAD + HTML + page + large + b"<div>x</div>" * 25_000, KNOWN
    yield "misnested formatting", HEAD + HTML + page + b"<b><i><a><font>" * 20_000 + b"<p>x" * 20_000, KNOWN
    yield "an element of 400,000 attributes", HEAD + HTML + b"<p " + b"a=b " * 90_000 + b">" + page, KNOWN
    yield (
        "an attribute of 400,000 letters",
        HEAD + HTML + b"<p>" + page + b"</p><p style='" + b"display : " * 30_000 + b"'>x",
        WITH_TEXT,
    )
    yield "100,000 classes", HEAD + HTML + b"<p>" + page + b"</p><p class='" + b"a " * 100_000 + b"'>x", WITH_TEXT
    yield "100,000 entities", HEAD + HTML + b"<p>" + page + b"</p>" + b"&amp;&#x1F648;&notanentity;" * 10_000, WITH_TEXT
    yield (
        "hidden text",
        HEAD + HTML + b"<p>" + page + b"</p><p style='display:none'>Verborgen</p><script>Skript</script>",
        {**WITH_TEXT, "absent": ["Verborgen", "Skript"]},
    )
    yield "a comment without end", HEAD + HTML + b"<p>" + page + b"</p><!-- " + b"- " * 100_000, WITH_TEXT
    yield "a script without end", HEAD + HTML + b"<p>" + page + b"</p><script>" + b"</scrip" * 30_000, WITH_TEXT
    yield "100,000 empty lines", HEAD + HTML + b"<p>" + page + b"</p>" + b"<br>" * 50_000, WITH_TEXT
    yield "preformatted lines", HEAD + HTML + b"<pre>" + page + b"\n" + b"x\n" * 100_000 + b"</pre>", WITH_TEXT
    yield "only pictures", HEAD + HTML + b"<img src='http://x.example/track.gif'>" * 8_000, KNOWN
    yield (
        "an open select, svg and frame set",
        HEAD + HTML + b"<p>" + page + b"</p><svg><math><select><frameset><plaintext>" * 1_000,
        KNOWN,
    )
