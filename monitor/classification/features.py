"""Segments to numbers: words, word pairs, letters inside words, cues, and what stands around.

The same code serves training and classification. Letter n-grams of a word are looked up once and remembered,
since words repeat: that is most of the speed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from sys import intern

from monitor.classification.cues import cues_of
from monitor.classification.folding import fold
from monitor.classification.word_fields import fields_of

MAX_WHOLE = 4_000  # characters of a message that are looked at as a whole
LETTERS = (3, 4)  # lengths of the letter n-grams inside a word, its borders included

# How a sentence is said: together with what it is about they tell an ask from a tale.
MOODS = (
    "question",
    "ask_can_you",
    "please",
    "begins_with_order",
    "if_you",
    "wish",
    "negation",
    "past_i",
    "future_i",
    "you",
    "you_formal",
    "thanks",
    "third_person",
)

_TOKEN = re.compile(r"[a-zà-öø-ÿœß']+|\d+(?:[.:,]\d+)*|[€£$%?!]|[\u2600-\u27bf\U0001f300-\U0001faff]")


@dataclass(frozen=True, slots=True)
class Context:
    """A segment with what stands around it: its neighbours, its place in the mail (0 to 1), the subject."""

    text: str
    before: str
    after: str
    place: float
    count: int
    subject: str


def contexts(segments: Sequence[str], subject: str) -> list[Context]:
    """Set each segment of one message into its surroundings."""
    last = len(segments) - 1
    return [
        Context(
            text=text,
            before=segments[number - 1] if number else "",
            after=segments[number + 1] if number < last else "",
            place=number / last if last else 0.5,
            count=len(segments),
            subject=subject,
        )
        for number, text in enumerate(segments)
    ]


@lru_cache(maxsize=1_000)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, lower-cased, umlauts and accents folded, numbers made alike."""
    return tuple(intern(_shape(token)) for token in _TOKEN.findall(fold(text.lower())))


def _shape(token: str) -> str:
    """Numbers count by their kind: a clock time, a year, a size, not by their value."""
    if not token[0].isdigit():
        return token.strip("'") or "'"
    if ":" in token:
        return "#clock"
    if "." in token or "," in token:
        return "#date"
    return "#" + "0" * min(len(token), 5)


def letters_of(word: str) -> list[str]:
    """Return the letter n-grams of a word with its borders marked by ``_``."""
    framed = f"_{word}_"
    size = len(framed)
    return [
        framed[start : start + length]
        for length in LETTERS
        for start in range(size - length + 1)
        if length < size or size <= 4
    ]


def has_letters(word: str) -> bool:
    """Whether the letters of a word count: numbers and single marks have none to speak of."""
    return len(word) > 1 and word[0] != "#"


def pairs_of(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Return the pairs of neighbouring words; ``^`` stands before the first one and ``$`` behind the last."""
    return zip(("^", *words), (*words, "$"), strict=True)


def cues_around(context: Context) -> list[str]:
    """Return what a segment shows beside its words: its cues and word fields, those around it, place and subject."""
    own = cues_of(context.text)
    found = [_OWN[cue] for cue in own]
    if fields := sorted({field for word in words_of(context.text) for field in fields_of(word)}):
        found.extend(fields)
        moods = [mood for mood in MOODS if mood in own]
        found.extend(f"{field}+{mood}" for field in fields for mood in moods)
    found.extend([_BEFORE[cue] for cue in cues_of(context.before)] if context.before else ["c<:nothing"])
    found.extend([_AFTER[cue] for cue in cues_of(context.after)] if context.after else ["c>:nothing"])
    found.append(f"c:place_{min(4, int(context.place * 5))}")
    found.append("c:short_mail" if context.count <= 4 else "c:long_mail" if context.count > 10 else "c:middle_mail")
    found.extend(_in_subject(context.subject))
    return found


@lru_cache(maxsize=1_000)
def _in_subject(subject: str) -> tuple[str, ...]:
    """The same for every segment of a message."""
    return tuple(f"s:{word}" for word in set(words_of(subject)))


class _Marked(dict[str, str]):
    """Names with a mark before them, each made once: their hashes are reckoned once, too."""

    def __init__(self, mark: str) -> None:
        super().__init__()
        self._mark = mark

    def __missing__(self, name: str) -> str:
        self[name] = marked = self._mark + name
        return marked


_OWN, _BEFORE, _AFTER = _Marked("c:"), _Marked("c<:"), _Marked("c>:")


def whole(text: str, subject: str) -> Context:
    """Return a whole message as one context: what no single sentence says can show in all of them together."""
    return Context(text=text[:MAX_WHOLE], before="", after="", place=0.5, count=5, subject=subject)
