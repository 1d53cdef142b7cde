"""Read the answers to FETCH as servers usually write them (RFC 9051, 7.5.2), some twenty times as fast as the library.

Whatever is written in another way is left to the library's reader, which knows more of what servers do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

Lines = Iterable[bytes | tuple[bytes, bytes]]

_TOKEN = re.compile(rb' ?(?:(\()|(\))|"([^"\\]*(?:\\.[^"\\]*)*)"|([^\s()"{}]+))', re.S)
_LITERAL = re.compile(rb"\{\d{1,10}\}$")
_ESCAPED = re.compile(rb"\\(.)", re.S)
_DATE = re.compile(rb" ?(\d{1,2})-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-]\d\d)(\d\d)")
_MONTHS = {name: number for number, name in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}


class UnusualAnswer(Exception):
    """Not written as servers usually write."""


def read_answers(lines: Lines) -> dict[int, dict[bytes, object]]:
    """Return by UID what is told of each message: strings as bytes, numbers as ints, NIL as None, lists as tuples.

    ``lines`` are what imaplib returns: a line, or the part of one before a literal together with the literal. What is
    told of a message without its UID is left out. Raises UnusualAnswer.
    """
    told: dict[int, dict[bytes, object]] = {}
    pieces: list[bytes | tuple[bytes, bytes]] = []
    for line in lines:
        pieces.append(line)
        if isinstance(line, bytes):
            answer = _answer(pieces)
            pieces = []
            if isinstance(uid := answer.get(b"UID"), int):
                told.setdefault(uid, {}).update(answer)
    if pieces:
        raise UnusualAnswer
    return told


def _answer(pieces: Lines) -> dict[bytes, object]:
    values = _values(pieces)
    if len(values) != 2 or not isinstance(items := values[1], tuple) or len(items) % 2:
        raise UnusualAnswer
    answer: dict[bytes, object] = {}
    for name, value in zip(items[::2], items[1::2], strict=True):
        if not isinstance(name, bytes):
            raise UnusualAnswer
        item = name.upper()
        answer[item] = _moment(value) if item == b"INTERNALDATE" else value
    return answer


def _values(pieces: Lines) -> list[object]:
    values: list[object] = []
    around: list[list[object]] = []  # a stack instead of recursion: the depth is the sender's choice
    for piece in pieces:
        line, literal = piece if isinstance(piece, tuple) else (piece, None)
        if literal is not None:
            line, announced = _LITERAL.subn(b"", line)
            if not announced:
                raise UnusualAnswer
        position = 0
        following = _TOKEN.scanner(line).match  # type: ignore[attr-defined]
        while token := following():
            position = token.end()
            kind = token.lastindex
            if kind == 4:
                values.append(_atom(token[4]))
            elif kind == 3:
                values.append(_ESCAPED.sub(rb"\1", token[3]) if b"\\" in token[3] else token[3])
            elif kind == 1:
                around.append(values)
                values = []
            elif around:
                inner, values = tuple(values), around.pop()
                values.append(inner)
            else:
                raise UnusualAnswer
        if line[position:].strip():
            raise UnusualAnswer
        if literal is not None:
            values.append(literal)
    if around:
        raise UnusualAnswer
    return values


def _atom(written: bytes) -> object:
    if written.isdigit() and len(written) < 20:
        return int(written)
    return None if written == b"NIL" else written


def _moment(value: object) -> datetime:
    match = _DATE.fullmatch(value) if isinstance(value, bytes) else None
    month = _MONTHS.get(match[2]) if match else None
    if match is None or month is None:
        raise UnusualAnswer
    hours, minutes = int(match[7]), int(match[8])
    zone = timedelta(hours=hours, minutes=-minutes if match[7][:1] == b"-" else minutes)
    day, year, hour, minute, second = (int(match[number]) for number in (1, 3, 4, 5, 6))
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=timezone(zone))
    except ValueError as error:
        raise UnusualAnswer from error
