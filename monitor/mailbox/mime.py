"""Take the text parts out of a whole mail file, as the server does for mail that is fetched.

A small walk over boundaries instead of a full parser: it never nests calls, looks at no attachment's content,
and each bound cuts instead of failing. Structure as in RFC 2046.
"""

from __future__ import annotations

import re
from datetime import datetime

from monitor.mailbox.raw_message import RawMessage, TextPart
from monitor.message.header import Header

MAX_MESSAGE = 32 * 1024 * 1024  # bytes of a mail file that are looked at
MAX_HEADER = 262_144
MAX_TEXT_PART = 524_288
MAX_TEXT_PARTS = 10
MAX_PARTS = 500
MAX_DEPTH = 20

_PARAMETER = re.compile(
    r";\s{0,20}([a-zA-Z*0-9-]{1,40})\s{0,5}=\s{0,5}(?:\"((?:[^\"\\]|\\.){0,500})\"|([^\s;\"]{1,500}))"
)


def raw_message(data: bytes, received_at: datetime | None = None) -> RawMessage:
    """Return the header and the text parts of a mail file; attachments and attached mails are left out."""
    data = data[:MAX_MESSAGE]
    header, body = _split(data)
    parts: list[TextPart] = []
    # Depth first, in reading order: (header block, body, depth).
    stack = [(header, body, 0)]
    seen = 0
    while stack and len(parts) < MAX_TEXT_PARTS and seen < MAX_PARTS:
        block, content, depth = stack.pop()
        seen += 1
        fields = Header(block)
        media_type, parameters = content_type(fields.raw("content-type"))
        if media_type.startswith("multipart/") and depth < MAX_DEPTH:
            children = _children(content, parameters.get("boundary", ""), MAX_PARTS - seen)
            if children is not None:
                stack.extend((*_split(child), depth + 1) for child in reversed(children))
                continue
            media_type = "text/plain"  # a multipart without its boundary is shown as it is
        if depth and _is_attachment(fields):
            continue
        if media_type in ("text/plain", "text/html"):
            parts.append(
                TextPart(
                    subtype=media_type[5:],
                    charset=parameters.get("charset"),
                    encoding=fields.raw("content-transfer-encoding").strip().lower()[:40],
                    body=content[:MAX_TEXT_PART],
                )
            )
    return RawMessage(header=header[:MAX_HEADER], parts=tuple(parts), received_at=received_at)


def content_type(value: str) -> tuple[str, dict[str, str]]:
    """Read a Content-Type value: the media type in lower case (text/plain if it tells none), its parameters."""
    media_type = value.split(";", 1)[0].split("(")[0].strip().lower()
    if not re.fullmatch(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,100}", media_type):
        media_type = "text/plain" if not media_type.startswith("multipart") else "multipart/mixed"
    parameters: dict[str, str] = {}
    for name, quoted, bare in _PARAMETER.findall(value[:8_000]):
        plain = re.sub(r"\\(.)", r"\1", quoted) if quoted else bare
        name = name.lower()
        if name.endswith("*"):  # RFC 2231: charset'language'value
            plain = plain.rpartition("'")[2]
        parameters.setdefault(name.split("*")[0], plain)
    return media_type, parameters


def _split(data: bytes) -> tuple[bytes, bytes]:
    """Split at the first empty line, whatever the line ends; a part may begin with its body at once."""
    if data[:1] == b"\n":
        return b"", data[1:]
    if data[:2] == b"\r\n":
        return b"", data[2:]
    ends = [
        (position, length)
        for mark, length in ((b"\r\n\r\n", 4), (b"\n\n", 2), (b"\r\r", 2), (b"\n\r\n", 3))
        if (position := data.find(mark)) >= 0
    ]
    if not ends:
        return data, b""
    position, length = min(ends)
    return data[:position], data[position + length :]


def _children(body: bytes, boundary: str, most: int) -> list[bytes] | None:
    """Return the parts between the boundary lines; None if there is no such line."""
    if not boundary:
        return None
    mark = re.compile(
        rb"(?:^|\r?\n|\r)--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*(?=\r|\n|$)"
    )
    children: list[bytes] = []
    start: int | None = None
    for found in mark.finditer(body):
        if start is not None:
            children.append(_without_first_line_end(body[start : found.start()]))
        start = None if found.group(1) else found.end()
        if found.group(1) or len(children) >= most:
            break
    if start is not None:
        children.append(_without_first_line_end(body[start:]))
    return children or None


def _without_first_line_end(part: bytes) -> bytes:
    return part[2:] if part[:2] == b"\r\n" else part[1:] if part[:1] in (b"\n", b"\r") else part


def _is_attachment(fields: Header) -> bool:
    return fields.raw("content-disposition").lstrip().lower().startswith("attachment")
