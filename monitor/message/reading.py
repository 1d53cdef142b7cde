"""Read a raw message: the one way from bytes to a Message, for mailbox and file alike."""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby

from monitor.bounds import LIMITS, Bound, bite, counting
from monitor.errors import UnreadableMessage
from monitor.mailbox.raw_message import RawMessage, TextPart, WholeMail
from monitor.message.characters import decode, visible
from monitor.message.header import EARLIEST, Header, read_date
from monitor.message.html import html_to_text
from monitor.message.message import Address, Message, Origin
from monitor.message.mime import raw_message
from monitor.message.origin import origin_of
from monitor.message.own_words import own_words

MAX_TEXT = LIMITS[Bound.TEXT]
MAX_RECIPIENTS = 50

# A message without any of these is no mail; those of MIME alone make one whose writer is unknown.
_KNOWN_BY = (
    "from", "sender", "to", "subject", "date", "message-id", "received", "return-path", "mime-version", "content-type",
    "content-transfer-encoding",
)  # fmt: skip


def read_message(raw: RawMessage | WholeMail, *, of_programs: bool = True) -> Message:
    """Decode a message as it was fetched, or as it stands in a file.

    Without ``of_programs`` the text of what no person wrote is not looked at, and comes out empty: newsletters are the
    largest of all texts. Raises UnreadableMessage if it holds no header field that mail is known by.
    """
    with counting() as cut:
        message = _message(raw_message(raw) if isinstance(raw, WholeMail) else raw, of_programs)
    return replace(message, cut=message.cut | cut)


def _message(raw: RawMessage, of_programs: bool) -> Message:
    header = Header(raw.header)
    if not any(name in header for name in _KNOWN_BY):
        raise UnreadableMessage("The message has no header that mail is known by.")
    sender = _sender(header)
    origin = origin_of(header, sender)
    whole, text = texts_of(raw.parts) if of_programs or origin is Origin.PERSON else ("", "")
    subject = header.text("subject")[:500]
    identities = header.message_ids("message-id")
    message_id = identities[0] if identities else None
    recipients = {a.address: a for name in ("to", "cc", "bcc") for a in header.addresses(name)}
    return Message(
        key=message_id or _content_key(header, whole),
        message_id=message_id,
        sender=sender,
        recipients=tuple(recipients.values())[:MAX_RECIPIENTS],
        sent_at=_sent_at(header, raw.received_at),
        subject=subject,
        text=text,
        origin=origin,
        reply_to=_answered(header),
        cut=raw.cut,
    )


def _sender(header: Header) -> Address | None:
    """Return the writer: From, or with several of them the one that Sender names (RFC 5322, 3.6.2).

    Where From is missing, or names several people and Sender none of them, the writer cannot be known.
    """
    writers = {writer.address: writer for writer in header.addresses("from")}
    if len(writers) == 1:
        return next(iter(writers.values()))
    if len(header.all_raw("from")) == 1:
        for sender in header.addresses("sender")[:1]:
            return writers.get(sender.address)
    return None


def _sent_at(header: Header, received_at: datetime | None) -> datetime | None:
    """Return when the message was sent; a date from before there was mail is believed only if there is no other."""
    told = read_date(header.raw("date"))
    if told is not None and told >= EARLIEST:
        return told
    return _arrival(header) or (received_at.astimezone(UTC) if received_at else None) or told


def _arrival(header: Header) -> datetime | None:
    for value in header.all_raw("received")[:20]:
        arrived = read_date(value.rpartition(";")[2])
        if arrived is not None and arrived >= EARLIEST:
            return arrived
    return None


def _answered(header: Header) -> str | None:
    answered = header.message_ids("in-reply-to")
    if answered:
        return answered[0]
    references = header.message_ids("references")
    return references[-1] if references else None


def _content_key(header: Header, text: str) -> str:
    """Identify a message without Message-ID by what does not change on its way."""
    parts = [header.raw(name) for name in ("from", "to", "date", "subject")]
    digest = hashlib.sha256("\x1f".join([*parts, " ".join(text.split())]).encode("utf-8", "replace"))
    return f"sha256:{digest.hexdigest()}"


def texts_of(parts: Iterable[TextPart]) -> tuple[str, str]:
    """Join the text parts in reading order, invisible characters removed; return all of it, and the writer's own words.

    Of alternatives, HTML says best what is quoted, unless it holds nothing.
    """
    own: dict[str, str] = {}  # to look at a text once, which is what reading costs most
    texts: list[tuple[str, str]] = []  # with their subtypes
    for alternative, group in groupby(parts, key=lambda part: part.alternative):
        same = list(group)
        if alternative is None:
            texts += [(part.subtype, _readable(part)) for part in same]
            continue
        html = "\n\n".join(_readable(part) for part in same if part.subtype == "html")
        own[html] = own_words(html)
        if own[html]:
            texts.append(("html", html))
        else:
            texts.append(("plain", "\n\n".join(_readable(part) for part in same if part.subtype != "html")))
    if len(texts) > 1:
        # Some programs send the alternatives side by side: what HTML says again is left out.
        said = {tuple(text.split()) for subtype, text in texts if subtype == "plain"}
        texts = [one for one in texts if one[0] == "plain" or tuple(one[1].split()) not in said]
    whole = "\n\n".join(text for _, text in texts if text.strip())
    return whole, own[whole] if whole in own else own_words(whole)


def _readable(part: TextPart) -> str:
    text = decode_part(part)
    return visible(html_to_text(text) if part.subtype == "html" else text)


def decode_part(part: TextPart) -> str:
    """Undo transfer encoding and charset of a text part."""
    data = part.body
    if part.encoding == "base64":
        data = _from_base64(data)
    elif part.encoding == "quoted-printable":
        data = binascii.a2b_qp(data)
    text = decode(data, part.charset)
    if len(text) > MAX_TEXT:
        bite(Bound.TEXT)
    return text[:MAX_TEXT]


def _from_base64(data: bytes) -> bytes:
    """Decode base64 that may be cut short, wrapped or dirty."""
    clean = data.translate(None, _NOT_BASE64).split(b"=")[0]
    missing = -len(clean) % 4
    if missing == 3:  # a lone last character carries less than a byte
        clean, missing = clean[:-1], 0
    return binascii.a2b_base64(clean + b"=" * missing)


_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
