"""Choose the parts of a message that are worth fetching, from the server's BODYSTRUCTURE (RFC 9051, 7.5.2).

Nothing here talks to a server. The structure is taken as it is parsed from the answer: a multipart is a list
of its parts followed by the subtype, a leaf is type, subtype, parameters, id, description, encoding, size and
so on. Strings are bytes, numbers ints, NIL is None.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from monitor.bounds import LIMITS, Bound, bite
from monitor.errors import UnreadableMessage

MAX_DEPTH = LIMITS[Bound.DEPTH]
MAX_TEXT_PARTS = LIMITS[Bound.TEXT_PARTS]
MAX_PARTS = LIMITS[Bound.PARTS]
MAX_WORD = 100  # characters of a charset or encoding name

_MESSAGE = "The server describes the parts of this message in a way that cannot be read."
_REMEDY = "Open the message in your mail program; it is passed over here."


@dataclass(frozen=True, slots=True)
class ListedPart:
    """A text part of a message that is still on the server.

    ``number`` is the part's number for FETCH, ``subtype`` is ``plain`` or ``html``, ``encoding`` the content
    transfer encoding; these three in lower case. ``charset`` is None where the server tells none; some
    servers say ``us-ascii`` then. ``size`` is in bytes as transferred. ``alternative`` is the number of the
    outermost multipart/alternative around it.
    """

    number: str
    subtype: str
    charset: str | None
    encoding: str
    size: int
    alternative: str | None = None


def text_parts(structure: object) -> tuple[ListedPart, ...]:
    """Return the text/plain and text/html parts in reading order, both of them where they are alternatives.

    Left out are attachments, everything inside an attached message, parts nested deeper than MAX_DEPTH, and
    what follows the first MAX_TEXT_PARTS or MAX_PARTS. Raises UnreadableMessage where the structure has no
    form that could be understood.
    """
    found: list[ListedPart] = []
    for seen, (number, leaf, alternative) in enumerate(_leaves(structure)):
        if seen >= MAX_PARTS or len(found) >= MAX_TEXT_PARTS:
            bite(Bound.PARTS if seen >= MAX_PARTS else Bound.TEXT_PARTS)
            break
        if (part := _text_part(number, leaf)) is not None:
            found.append(replace(part, alternative=alternative))
    return tuple(found)


def _leaves(structure: object) -> Iterator[tuple[str, Sequence[object], str | None]]:
    # A stack instead of recursion: the depth is the sender's choice.
    stack: list[tuple[str, object, int, str | None]] = [("", structure, 0, None)]
    while stack:
        number, part, depth, alternative = stack.pop()
        children = _children(part)
        if children is None:
            yield number or "1", _sequence(part), alternative
        elif depth < MAX_DEPTH:
            above = f"{number}." if number else ""
            if alternative is None and _subtype(part) == "alternative":
                alternative = number or "0"
            if len(children) > MAX_PARTS:
                bite(Bound.PARTS)
            # Parts beyond the bound would never be looked at; a sender may list millions.
            numbered = enumerate(children[:MAX_PARTS], 1)
            stack += reversed([(f"{above}{index}", child, depth + 1, alternative) for index, child in numbered])
        else:
            bite(Bound.DEPTH)


def _children(part: object) -> Sequence[object] | None:
    """Return the parts of a multipart, None for a leaf.

    The library puts the parts into a list of their own; plain nested tuples are the form on the wire.
    """
    items = _sequence(part)
    if isinstance(items[0], list):
        return items[0]
    if isinstance(items[0], tuple):
        return list(takewhile(lambda item: isinstance(item, tuple), items))
    return None


def _subtype(multipart: object) -> str:
    """Return the subtype of a multipart: the first word after its parts."""
    items = _sequence(multipart)
    return next((_word(item) for item in items[1:] if isinstance(item, bytes)), "")


def _text_part(number: str, leaf: Sequence[object]) -> ListedPart | None:
    if len(leaf) < 2 or _word(leaf[0]) != "text":
        return None
    subtype = _word(leaf[1])
    if subtype not in ("plain", "html") or _is_attachment(leaf):
        return None
    if len(leaf) < 7 or not isinstance(size := leaf[6], int) or size < 0:
        raise UnreadableMessage(_MESSAGE, _REMEDY)
    charset = _word(_parameters(leaf[2]).get("charset"))
    return ListedPart(number, subtype, charset or None, _word(leaf[5]) or "7bit", size)


def _is_attachment(leaf: Sequence[object]) -> bool:
    # After its size a text part has lines, MD5, disposition; servers may leave out all but the lines.
    disposition = leaf[9] if len(leaf) > 9 else None
    if isinstance(disposition, tuple | list):
        disposition = disposition[0] if disposition else None
    return _word(disposition) == "attachment"


def _parameters(listed: object) -> dict[str, object]:
    if not isinstance(listed, tuple | list):
        return {}
    return {_word(name): value for name, value in zip(listed[::2], listed[1::2], strict=False)}


def _word(value: object) -> str:
    if isinstance(value, int):
        value = str(value).encode()  # a number without quotes, such as the charset "1252"
    return value[:MAX_WORD].decode("ascii", "replace").strip().lower() if isinstance(value, bytes) else ""


def _sequence(part: object) -> Sequence[object]:
    if not isinstance(part, tuple | list) or not part:
        raise UnreadableMessage(_MESSAGE, _REMEDY)
    return part
