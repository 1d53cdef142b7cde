"""Read a raw message: the one way from bytes to a Message, for mailbox and file alike."""

from __future__ import annotations

import binascii
import hashlib
from datetime import UTC, datetime

from monitor.errors import UnreadableMessage
from monitor.mailbox.raw_message import RawMessage, TextPart
from monitor.message.characters import decode, visible
from monitor.message.header import Header, read_date
from monitor.message.html import html_to_text
from monitor.message.language import language_of
from monitor.message.message import Address, Message
from monitor.message.origin import origin_of
from monitor.message.own_words import own_words

MAX_TEXT = 400_000  # characters of a text part that are looked at
MAX_RECIPIENTS = 50


def read_message(raw: RawMessage) -> Message:
    """Decode a raw message.

    Raises UnreadableMessage if it holds no header field that mail is known by.
    """
    header = Header(raw.header)
    if not any(name in header for name in ("from", "sender", "to", "subject", "date", "message-id", "received")):
        raise UnreadableMessage("The message has no header that mail is known by.")
    sender = _sender(header)
    whole = _text(raw.parts)
    text = own_words(whole)
    subject = header.text("subject")[:500]
    identities = header.message_ids("message-id")
    message_id = identities[0] if identities else None
    sent_at = read_date(header.raw("date"))
    if sent_at is None:
        sent_at = _arrival(header) or (raw.received_at.astimezone(UTC) if raw.received_at else None)
    recipients = {a.address: a for name in ("to", "cc", "bcc") for a in header.addresses(name)}
    return Message(
        key=message_id or _content_key(header, whole),
        message_id=message_id,
        sender=sender,
        recipients=tuple(recipients.values())[:MAX_RECIPIENTS],
        sent_at=sent_at,
        subject=subject,
        text=text,
        language=language_of(text) or language_of(f"{subject} {text}"),
        origin=origin_of(header, sender),
        reply_to=_answered(header),
    )


def _sender(header: Header) -> Address | None:
    """Return the writer: From, or with several of them the one that Sender names (RFC 5322, 3.6.2)."""
    writers = header.addresses("from")
    if len({writer.address for writer in writers}) == 1:
        return writers[0]
    senders = header.addresses("sender")
    if not writers:
        return senders[0] if len(senders) == 1 and "from" not in header else None
    named = [writer for writer in writers if senders and writer.address == senders[0].address]
    return named[0] if named else writers[0] if len(header.all_raw("from")) == 1 else None


def _arrival(header: Header) -> datetime | None:
    for value in header.all_raw("received")[:20]:
        arrived = read_date(value.rpartition(";")[2])
        if arrived is not None:
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


def _text(parts: tuple[TextPart, ...]) -> str:
    """Join the text parts; of alternatives, HTML says best what is quoted, unless it holds nothing."""
    plain = [part for part in parts if part.subtype != "html"]
    html = [part for part in parts if part.subtype == "html"]
    if html:
        text = "\n\n".join(html_to_text(decode_part(part)) for part in html)
        if own_words(visible(text)):
            return visible(text)
    return visible("\n\n".join(decode_part(part) for part in plain))


def decode_part(part: TextPart) -> str:
    """Undo transfer encoding and charset of a text part."""
    data = part.body
    if part.encoding == "base64":
        data = _from_base64(data)
    elif part.encoding == "quoted-printable":
        data = binascii.a2b_qp(data)
    return decode(data, part.charset)[:MAX_TEXT]


def _from_base64(data: bytes) -> bytes:
    """Decode base64 that may be cut short, wrapped or dirty."""
    clean = data.translate(None, _NOT_BASE64).split(b"=")[0]
    missing = -len(clean) % 4
    if missing == 3:  # a lone last character carries less than a byte
        clean, missing = clean[:-1], 0
    return binascii.a2b_base64(clean + b"=" * missing)


_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
