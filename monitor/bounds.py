"""The bounds on what a stranger may make this program do with one message, and the count of those that bit.

A bound cuts instead of failing: what lies beyond it is not looked at. Whoever cuts says so with ``bite``; whoever
reads a message opens ``counting`` around it and learns which bounds bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum


class Bound(StrEnum):
    """Every bound by its name in logs; ``LIMITS`` holds the numbers."""

    MESSAGE = "message"
    HEADER = "header"
    FIELDS = "fields"
    FIELD = "field"
    ENCODED_WORDS = "encoded_words"
    ADDRESSES = "addresses"
    PARTS = "parts"
    DEPTH = "depth"
    TEXT_PARTS = "text_parts"
    TEXT_PART = "text_part"
    TEXT = "text"
    HTML_DEPTH = "html_depth"
    NODES = "nodes"
    LINES = "lines"


LIMITS = {
    Bound.MESSAGE: 32 * 1024 * 1024,  # bytes of a mail file; of mail on a server only header and text are fetched
    Bound.HEADER: 262_144,  # bytes of a header block
    Bound.FIELDS: 1_000,  # fields of a header block
    Bound.FIELD: 16_384,  # characters of one field
    Bound.ENCODED_WORDS: 500,  # encoded words of one field
    Bound.ADDRESSES: 200,  # addresses of one field
    Bound.PARTS: 500,  # parts of all kinds
    Bound.DEPTH: 20,  # levels of parts within parts
    Bound.TEXT_PARTS: 10,  # parts that hold text
    Bound.TEXT_PART: 524_288,  # bytes of a part that holds text, still encoded
    Bound.TEXT: 400_000,  # characters of text, decoded
    Bound.HTML_DEPTH: 500,  # levels of HTML elements within elements
    Bound.NODES: 25_000,  # nodes of an HTML text
    Bound.LINES: 3_000,  # lines of a text
}

_bitten: ContextVar[set[Bound] | None] = ContextVar("_bitten", default=None)


def bite(bound: Bound) -> None:
    """Note that a bound has cut something of the message being read."""
    bitten = _bitten.get()
    if bitten is not None:
        bitten.add(bound)


@contextmanager
def counting() -> Iterator[set[Bound]]:
    """Collect the bounds that bite within the block; blocks within one another share what they collect."""
    outer = _bitten.get()
    bitten: set[Bound] = set()
    token = _bitten.set(bitten)
    try:
        yield bitten
    finally:
        _bitten.reset(token)
        if outer is not None:
            outer |= bitten
