"""The weekly letter: a digest as text, as HTML, and as the mail that goes to the coach alone.

Text and HTML show the same blocks in the same order. Foreign words are cleaned before they become part of a block,
and are only ever values of a template, never template text.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from monitor.assets import shipped
from monitor.digest.content import Digest
from monitor.letter import plain_layout
from monitor.letter.blocks import Outline
from monitor.letter.outline import outline
from monitor.letter.quoting import shortened
from monitor.message.characters import one_line

SUBJECT_CHARACTERS = 78
DISPLAY_NAME = "Client Health Monitor"
MARK = "X-Client-Health-Monitor"  # in any case: it is labels.DIGEST_HEADER


@dataclass(frozen=True, slots=True)
class Letter:
    """A digest as a mail: its Message-ID and its bytes, ready to be handed to a mail server."""

    message_id: str
    data: bytes


def render_text(digest: Digest, overrides: Path | None = None) -> str:
    """Return the letter as plain text of 78 columns.

    ``overrides`` is the coach's own folder of conversation guides; ConfigurationError names a file there that
    cannot be used.
    """
    return _text(outline(digest, overrides))


def render_html(digest: Digest, overrides: Path | None = None) -> str:
    """Return the letter as a page that loads nothing; ``overrides`` as in ``render_text``."""
    return _html(outline(digest, overrides))


def write_letter(digest: Digest, sender: str, recipient: str, owner_key: str, overrides: Path | None = None) -> Letter:
    """Return the letter as a mail from ``sender`` to ``recipient``, both mail addresses.

    The Message-ID depends on nothing but the digest's week, its token or ``owner_key``, and the sender's domain, so
    that a letter which is sent again is recognised; a reply repeats it, and with it the token. A letter on trial has
    another one each time. The same digest always gives the same bytes.
    """
    content = outline(digest, overrides)
    writer = parsed(sender)
    told = f"{owner_key}\n{digest.week}" + (f"\n{digest.as_of.isoformat()}" if digest.is_test else "")
    key = hashlib.sha256(told.encode()).hexdigest()[:24]
    identity = digest.answering.token if digest.answering else key
    message_id = f"<{digest.week.lower()}.{identity}@{writer.domain}>"

    message = EmailMessage(policy=SMTP)
    message["Subject"] = _subject(content)
    message["From"] = Address(writer.display_name or DISPLAY_NAME, writer.username, writer.domain)
    message["To"] = parsed(recipient).addr_spec
    if digest.answering and digest.answering.address != writer.addr_spec:
        message["Reply-To"] = digest.answering.address
    message["Date"] = format_datetime(digest.as_of)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message[MARK] = "1"
    message.set_content(_text(content), charset="utf-8", cte="quoted-printable")
    message.add_alternative(_html(content), subtype="html", charset="utf-8", cte="quoted-printable")
    message.set_boundary(f"=_{key}")  # a random one would make two renderings of one letter differ
    # Only now: making the alternatives moves every Content- header into the first part.
    message["Content-Language"] = str(content.language)
    return Letter(message_id, message.as_bytes())


def parsed(text: str) -> Address:
    """Return a mail address with its domain as it travels; raises ValueError if there is none."""
    name, address = parseaddr(text)
    local, _, domain = address.rpartition("@")
    if not local or not domain:
        raise ValueError("a letter needs the mail addresses of sender and recipient")
    return Address(name, local, domain.encode("idna").decode("ascii"))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(shipped("templates")),
        autoescape=select_autoescape(("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        wrapped=plain_layout.wrapped,
        underlined=plain_layout.underlined,
        spoken=plain_layout.spoken,
        summary_lines=plain_layout.summary_lines,
        trend_lines=plain_layout.trend_lines,
        share_lines=plain_layout.share_lines,
    )
    return environment


def _subject(content: Outline) -> str:
    text = _environment().get_template("digest-subject.txt.j2").render(letter=content)
    return shortened(one_line(text), SUBJECT_CHARACTERS)


def _text(content: Outline) -> str:
    text = _environment().get_template("digest-body.txt.j2").render(letter=content)
    return text.strip("\n") + "\n"


def _html(content: Outline) -> str:
    page = _environment().get_template("digest-body.html.j2").render(letter=content, subject=_subject(content))
    return page.strip("\n") + "\n"
