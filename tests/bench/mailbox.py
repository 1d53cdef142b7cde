"""A mailbox as a coach has it after years, made up: the same recipe always gives the same mails, byte for byte.

Plain text, HTML and both at once, German and English, quoted replies below, attachments to some. The words are those of
the starter corpus, two texts a mail, so that no mail repeats another.
"""

from __future__ import annotations

import binascii
import html
import json
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.utils import format_datetime
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COACH = "jana@weber-coaching.example"
PEOPLE = 60
FIRST, SPAN = datetime(2021, 11, 1, tzinfo=UTC), timedelta(days=365 * 5)
POOL = 6_000_000  # bytes of random data that attachments are cut from
LINE = 78  # bytes of a line of base64 with its end

FIRST_NAMES = (
    "Georg", "Petra", "Jonas", "Miriam", "Anke", "Tobias", "Leyla", "Henrik", "Susanne", "Paul", "Emma", "Oliver",
    "Grace", "Harry", "Amelia",
)  # fmt: skip
LAST_NAMES = (
    "Prantl", "Niemeyer", "Öztürk", "Baumgärtner", "Fischer", "Haas", "Lindqvist", "Whitfield", "O'Connor", "Marsh",
)  # fmt: skip
STYLE = "".join(
    f"p.Mso{name}, li.Mso{name}, div.Mso{name} {{margin:0cm;margin-bottom:.0001pt;font-size:11.0pt;"
    'font-family:"Calibri",sans-serif;mso-fareast-language:EN-US;}\n'
    for name in ("Normal", "Header", "Footer", "PlainText", "Quote", "ListParagraph", "Caption", "Title")
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the mails are like. ``attached`` is the average size of an attachment in bytes, as it is transferred."""

    seed: int = 2026
    attachments: float = 0.15
    attached: int = 600_000
    plain: float = 0.30
    html: float = 0.15  # the rest is both, multipart/alternative
    quoting: float = 0.60
    german: float = 0.50


TEXT_ONLY = Recipe(attachments=0.0)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail with lines that end as on disk (LF), and where in it the text is.

    ``subject`` and ``own`` are what its writer has written now. ``parts`` are the IMAP part numbers of its text;
    ``needed`` counts the bytes of header and text as transferred.
    """

    subject: str
    own: str
    data: bytes
    parts: tuple[str, ...]
    needed: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """One of the correspondents."""

    name: str
    address: str
    german: bool


def people(recipe: Recipe) -> list[Person]:
    """Everyone who writes, each equally often."""
    pairs = [(first, last) for last in LAST_NAMES for first in FIRST_NAMES]
    random.Random(recipe.seed).shuffle(pairs)
    share = recipe.german
    return [
        Person(
            f"{first} {last}",
            f"person{number}@post{number % 17}.example",
            int((number + 1) * share) > int(number * share),
        )
        for number, (first, last) in enumerate(pairs[:PEOPLE])
    ]


def mails(count: int, recipe: Recipe) -> Iterator[Mail]:
    """Make so many mails; a larger mailbox begins with the same mails as a smaller one."""
    writers, pool = people(recipe), _pool(recipe.seed)
    for number in range(count):
        yield _mail(number, recipe, writers, pool)


def _mail(number: int, recipe: Recipe, writers: list[Person], pool: bytes) -> Mail:
    chance = random.Random(f"{recipe.seed}/{number}")
    writer = chance.choice(writers)
    sent_at = FIRST + SPAN * chance.random()
    subject, own = _words(chance, writer.german)
    history = [_words(chance, writer.german)[1] for _ in range(chance.randint(1, 10))]
    if chance.random() >= recipe.quoting:
        history = []
    kind = chance.random()
    bodies = []
    if kind >= recipe.html:
        bodies.append(("plain", _plain(own, history, writer, sent_at)))
    if not recipe.html <= kind < recipe.html + recipe.plain:
        bodies.append(("html", _html(own, history, writer, sent_at, outlook=chance.random() < 0.5)))
    parts = [_part(subtype, text, chance.random() < 0.8) for subtype, text in bodies]
    boundary = f"----=_Part_{number}_{recipe.seed}"
    if len(parts) == 1:
        inner, numbers = parts[0], ["1"]
    else:
        inner, numbers = _multipart("alternative", f"{boundary}.a", parts), ["1", "2"]
    needed = sum(_transferred(part.partition(b"\n\n")[2]) for part in parts)
    if chance.random() < recipe.attachments:
        inner = _multipart("mixed", f"{boundary}.m", [inner, _attachment(number, chance, recipe, pool)])
        numbers = ["1"] if len(parts) == 1 else ["1.1", "1.2"]
    head = (
        f"Return-Path: <{writer.address}>\n"
        f"Received: from mx.post.example (mx.post.example [192.0.2.{number % 250}])\n"
        f"\tby mail.example with ESMTPS id {chance.getrandbits(64):016x}; {format_datetime(sent_at)}\n"
        f"From: {_encoded(writer.name)} <{writer.address}>\nTo: Jana Weber <{COACH}>\n"
        f"Subject: {_encoded(subject)}\nDate: {format_datetime(sent_at)}\n"
        f"Message-ID: <{number}.{chance.getrandbits(48):x}@bench.example>\n"
        f"MIME-Version: 1.0\n"
    ).encode()
    if history:
        head += f"In-Reply-To: <{number}.{chance.getrandbits(48):x}@weber-coaching.example>\n".encode()
    data = head + inner
    needed += _transferred(data.partition(b"\n\n")[0] + b"\n\n")
    return Mail(subject, own, data, tuple(numbers), needed, sent_at)


def _words(chance: random.Random, german: bool) -> tuple[str, str]:
    subject, first = chance.choice(_corpus(german))
    _, second = chance.choice(_corpus(german))
    return subject, f"{first}\n\n{second}"


@cache
def _corpus(german: bool) -> list[tuple[str, str]]:
    file = ROOT / "models" / "corpus" / ("de.jsonl" if german else "en.jsonl")
    with file.open(encoding="utf-8") as lines:
        entries = [json.loads(line) for line in lines]
    return [
        (" ".join(entry["subject"].split()), "".join(segment["text"] for segment in entry["segments"]))
        for entry in entries
    ]


def _attribution(writer: Person, at: datetime) -> str:
    if writer.german:
        return f"Am {at:%d.%m.%Y} um {at:%H:%M} schrieb {writer.name} <{writer.address}>:"
    return f"On {at:%d/%m/%Y} at {at:%H:%M}, {writer.name} <{writer.address}> wrote:"


def _plain(own: str, history: list[str], writer: Person, at: datetime) -> str:
    lines = [own, "", "-- ", writer.name, "Tel. +49 30 000000", ""]
    for depth, text in enumerate(history, 1):
        marks = "> " * depth
        lines += [f"{marks[2:]}{_attribution(writer, at - timedelta(days=depth))}"]
        lines += [f"{marks}{line}" for line in text.split("\n")]
    return "\n".join(lines) + "\n"


def _html(own: str, history: list[str], writer: Person, at: datetime, *, outlook: bool) -> str:
    def paragraphs(text: str) -> str:
        opening = '<p class="MsoNormal"><span lang="DE">' if outlook else '<div dir="auto">'
        closing = "<o:p></o:p></span></p>\n" if outlook else "</div>\n"
        return "".join(f"{opening}{html.escape(line) or '&nbsp;'}{closing}" for line in text.split("\n"))

    quoted = "".join(
        f'<div class="gmail_quote"><div dir="ltr">{html.escape(_attribution(writer, at - timedelta(days=depth)))}</div>'
        f'<blockquote type="cite" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex">\n'
        f"{paragraphs(text)}"
        for depth, text in enumerate(history, 1)
    )
    closed = "</blockquote></div>" * len(history)
    style = f"<style><!--\n{STYLE}--></style>" if outlook else ""
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">{style}</head>\n<body>\n'
        f"{paragraphs(own)}{paragraphs(f'-- {writer.name}')}{quoted}{closed}\n</body></html>\n"
    )


def _part(subtype: str, text: str, quoted_printable: bool) -> bytes:
    data = text.encode()
    if quoted_printable:
        encoding, body = "quoted-printable", binascii.b2a_qp(data, istext=True)
    else:
        encoding, body = "base64", _base64(data)
    head = f"Content-Type: text/{subtype}; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n"
    return head.encode() + body


def _multipart(subtype: str, boundary: str, parts: list[bytes]) -> bytes:
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"\n\n'.encode()
    opening, closing = f"\n--{boundary}\n".encode(), f"\n--{boundary}--\n".encode()
    return head + b"".join(opening + part for part in parts) + closing


def _attachment(number: int, chance: random.Random, recipe: Recipe, pool: bytes) -> bytes:
    # Sizes of attachments are spread like a lognormal distribution.
    size = int(chance.lognormvariate(math.log(recipe.attached) - 0.5, 1.0))
    lines, all_lines = max(1, min(size, len(pool)) // LINE), len(pool) // (LINE - 1)
    start = chance.randrange(all_lines - min(lines, all_lines - 1)) * (LINE - 1)
    head = (
        f'Content-Type: application/pdf; name="Anlage{number}.pdf"\nContent-Transfer-Encoding: base64\n'
        f'Content-Disposition: attachment; filename="Anlage{number}.pdf"\n\n'
    )
    return head.encode() + pool[start : start + lines * (LINE - 1)]


@cache
def _pool(seed: int) -> bytes:
    return _base64(random.Random(seed).randbytes(POOL))


def _base64(data: bytes) -> bytes:
    return b"".join(binascii.b2a_base64(data[start : start + 57]) for start in range(0, len(data), 57))


def _encoded(value: str) -> str:
    return value if value.isascii() and len(value) < 60 else Header(value, "utf-8").encode()


def _transferred(data: bytes) -> int:
    return len(data) + data.count(b"\n")
