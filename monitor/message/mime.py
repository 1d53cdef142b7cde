"""Take the text parts out of a whole mail, as the server does for mail that is fetched.

A small walk over boundaries instead of a full parser: it never nests calls, looks at no attachment's content,
and each bound cuts instead of failing. Structure as in RFC 2046.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from monitor.bounds import LIMITS, Bound, bite, counting
from monitor.mailbox.raw_message import RawMessage, TextPart, WholeMail
from monitor.message.characters import decode
from monitor.message.header import Header

MAX_HEADER = LIMITS[Bound.HEADER]
MAX_TEXT_PART = LIMITS[Bound.TEXT_PART]
MAX_TEXT_PARTS = LIMITS[Bound.TEXT_PARTS]
MAX_PARTS = LIMITS[Bound.PARTS]
MAX_DEPTH = LIMITS[Bound.DEPTH]

_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,100}")
_PARAMETER = re.compile(
    r";\s{0,20}([a-zA-Z*0-9-]{1,40})\s{0,5}=\s{0,5}(?:\"((?:[^\"\\]|\\.){0,500})\"|([^\s;\"]{1,500}))"
)
_REST_OF_LINE = re.compile(rb"[ \t]{0,100}(?=\r|\n|$)")
_ESCAPED = re.compile(r"\\(.)")


def raw_message(whole: WholeMail) -> RawMessage:
    """Return the header and the text parts of a whole mail; attachments and attached mails are left out."""
    with counting() as cut:
        if len(whole.data) >= LIMITS[Bound.MESSAGE]:
            bite(Bound.MESSAGE)
        header, body = _split(whole.data[: LIMITS[Bound.MESSAGE]])
        parts = _text_parts(header, body)
    return RawMessage(header=header[:MAX_HEADER], parts=tuple(parts), cut=frozenset(cut))


def _text_parts(header: bytes, body: bytes) -> list[TextPart]:
    parts: list[TextPart] = []
    # Depth first, in reading order: header block, body, depth, the multipart/alternative around it.
    stack: list[tuple[bytes, bytes, int, str | None]] = [(header, body, 0, None)]
    seen = 0
    while stack:
        if len(parts) >= MAX_TEXT_PARTS or seen >= MAX_PARTS:
            bite(Bound.PARTS if seen >= MAX_PARTS else Bound.TEXT_PARTS)
            break
        block, content, depth, alternative = stack.pop()
        seen += 1
        fields = Header(block[:MAX_HEADER])
        media_type, parameters = content_type(fields.raw("content-type"))
        if media_type.startswith("multipart/"):
            if depth >= MAX_DEPTH:
                bite(Bound.DEPTH)
                continue
            children = _children(content, parameters.get("boundary", ""), MAX_PARTS - seen)
            if children is not None:
                if media_type == "multipart/alternative" and alternative is None:
                    alternative = str(seen)
                stack.extend((*_split(child), depth + 1, alternative) for child in reversed(children))
                continue
            media_type = "text/plain"  # a multipart without its boundary is shown as it is
        if depth and _is_attachment(fields):
            continue
        if media_type in ("text/plain", "text/html"):
            if len(content) > MAX_TEXT_PART:
                bite(Bound.TEXT_PART)
            encoding = fields.raw("content-transfer-encoding").partition(";")[0].strip().lower()[:40]
            parts.append(
                TextPart(media_type[5:], parameters.get("charset"), encoding, content[:MAX_TEXT_PART], alternative)
            )
    return parts


def content_type(value: str) -> tuple[str, dict[str, str]]:
    """Read a Content-Type value: the media type in lower case (text/plain if it tells none), its parameters."""
    media_type = value.split(";", 1)[0].split("(")[0].strip().lower()
    if not _MEDIA_TYPE.fullmatch(media_type):
        media_type = "text/plain" if not media_type.startswith("multipart") else "multipart/mixed"
    return media_type, _parameters(value[:8_000])


def _parameters(value: str) -> dict[str, str]:
    """Read the parameters of a field, those in numbered pieces put together (RFC 2231, 3 and 4)."""
    whole: dict[str, str] = {}
    pieces: dict[str, dict[int, str]] = {}
    for spelled, quoted, bare in _PARAMETER.findall(value):
        plain = _ESCAPED.sub(r"\1", quoted) if quoted else bare
        name, *marks = spelled.lower().split("*")
        number = int(marks[0]) if marks and marks[0].isdecimal() and len(marks[0]) < 4 else None
        if marks and not marks[-1]:  # charset'language'value, percent-encoded; only the first piece tells the charset
            plain = _extended(plain, first=not number)
        if number is None:
            whole.setdefault(name, plain)
        else:
            pieces.setdefault(name, {}).setdefault(number, plain)
    joined = {name: "".join(found[number] for number in sorted(found)) for name, found in pieces.items()}
    return {**joined, **whole}


def _extended(value: str, *, first: bool) -> str:
    charset, mark, rest = value.partition("'")
    if first and mark:
        _, mark, rest = rest.partition("'")
        if mark:
            return decode(unquote_to_bytes(rest), charset)
    return decode(unquote_to_bytes(value), None)


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
    children: list[bytes] = []
    start: int | None = None
    for before, after, closing in _boundary_lines(body, b"--" + boundary.encode("utf-8", "replace")):
        if start is not None:
            if len(children) >= most:
                bite(Bound.PARTS)
                return children
            children.append(_without_first_line_end(body[start:before]))
        start = None if closing else after
        if closing:
            break
    if start is not None:
        children.append(_without_first_line_end(body[start:]))
    return children or None


def _boundary_lines(body: bytes, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield where each boundary line begins, its line end before it included, where it ends, and if it closes."""
    for found in _line_beginnings(body, mark):
        after = found + len(mark)
        closing = body[after : after + 2] == b"--"
        after += 2 * closing
        rest = _REST_OF_LINE.match(body, after)
        if rest is not None:
            line_end = 2 if body[max(0, found - 2) : found] == b"\r\n" else 1
            yield max(0, found - line_end), rest.end(), closing


def _line_beginnings(body: bytes, mark: bytes) -> Iterator[int]:
    """Yield where lines begin with the mark, whatever the line ends; each kind of them is looked for once."""
    if body.startswith(mark):
        yield 0
    kinds = [end + mark for end in (b"\n", b"\r")]
    ahead = [body.find(kind) for kind in kinds]
    while any(position >= 0 for position in ahead):
        nearest = min(position for position in ahead if position >= 0)
        yield nearest + 1
        for number, kind in enumerate(kinds):
            if ahead[number] == nearest:
                ahead[number] = body.find(kind, nearest + 1)


def _without_first_line_end(part: bytes) -> bytes:
    return part[2:] if part[:2] == b"\r\n" else part[1:] if part[:1] in (b"\n", b"\r") else part


def _is_attachment(fields: Header) -> bool:
    return fields.raw("content-disposition").lstrip().lower().startswith("attachment")
