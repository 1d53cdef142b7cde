"""Tell quickly which expressions may be found in a text at all; nearly always it is none of them.

Python's ``re`` tries every alternative at every letter. RE2 walks through a text once, however many alternatives there
are, but it knows neither look-arounds nor letters beyond ASCII. So it is given expressions that allow more: without
look-arounds, repeating without bounds, on a text in which every letter stands for its like in ASCII. What it finds is
then looked for by ``re``; what it does not find is not there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cached_property

import re2

_TOKEN = re.compile(
    r"(?P<around>\(\?<?[=!])|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<escaped>\\.)|\{(?P<least>\d*)(?:,\d*)?\}|.", re.S
)
_LETTERS = re.compile(r"[^\W_]")
_RANGE_BEYOND = re.compile(r"-[^\x00-\x7f]|[^\x00-\x7f]-(?!\])")
_CATEGORY = re.compile(r"\\[wWdDsSnrt]")


class _Likes(dict[int, str]):
    """For each character one in ASCII that is a letter, a digit, a space or none of these, as it is."""

    def __missing__(self, code: int) -> str:
        self[code] = like = _like(chr(code))
        return like


def _like(character: str) -> str:
    if character.isspace() and character not in "\n\r\t\f":
        return " "
    if character.isascii():
        return character
    if character.isdecimal():
        return "0"
    if character.isalnum():
        first = unicodedata.normalize("NFKD", character)[0]
        return first if first.isascii() and first.isalpha() else "i" if character == "ı" else "x"
    return "\x7f"


_LIKES = _Likes()


class Sieve:
    """Expressions in the language of ``re``, of which case does not matter and ``^`` and ``$`` stand for a line's ends.

    It is made when it is first used, and raises ValueError for an expression that it cannot loosen.
    """

    def __init__(self, expressions: Iterable[str]) -> None:
        self._expressions = tuple(expressions)

    @cached_property
    def _sets(self) -> tuple[re2.Set, ...]:
        # Each for itself: in one set, what is half found of one would multiply with what is half found of the others.
        return tuple(_compiled(f"(?im){_loosened(expression)}") for expression in self._expressions)

    def through(self, text: str) -> list[int]:
        """Return the numbers of the expressions that may be found in a line of the text, ascending."""
        seen = text.translate(_LIKES).encode("ascii")
        return [number for number, each in enumerate(self._sets) if each.Match(seen) != [1]]


def _compiled(expression: str) -> re2.Set:
    options = re2.Options()
    options.log_errors = False
    either = re2.Set.SearchSet(options)
    either.Add(expression)
    either.Add("")  # found in every text; where it is not, RE2 has given up for want of memory
    either.Compile()
    return either


def _loosened(expression: str) -> str:
    """Return an expression for RE2 that is found at least where the given one is."""
    result: list[str] = []
    position = 0
    while match := _TOKEN.match(expression, position):
        position = match.end()
        if match["around"]:
            position = _behind_group(expression, position)
        elif match["set"]:
            result.append(_loosened_set(match["set"]))
        elif match["least"] is not None:
            result.append("+" if int(match["least"] or 0) else "*")
        elif match["escaped"]:
            if match["escaped"][1].isdigit() or match["escaped"][1] in "uUxNAZ":
                raise ValueError(f"no sieve for {match['escaped']}")
            result.append(match["escaped"].translate(_LIKES))
        else:
            result.append(match.group().translate(_LIKES))
    return "".join(result)


def _behind_group(expression: str, position: int) -> int:
    depth = 1
    while depth:
        match = _TOKEN.match(expression, position)
        if match is None:
            raise ValueError("no sieve for brackets without an end")
        position = match.end()
        depth += match.group().startswith("(") - (match.group() == ")")
    return position


def _loosened_set(written: str) -> str:
    if not written.startswith("[^"):
        if _RANGE_BEYOND.search(written):
            raise ValueError("no sieve for a range beyond ASCII")
        return written.translate(_LIKES)
    if _LETTERS.search(_CATEGORY.sub("", written)):
        raise ValueError("no sieve for all letters but some")
    # What stands for several characters cannot be left out.
    return "".join(character for character in written if character.isascii())
