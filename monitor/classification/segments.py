"""Cut a text into segments: sentences, and the clauses of long sentences.

A long mail holds one ask among ten harmless sentences; the segment is what is classified and what is quoted
as evidence. Segments are exact spans of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

MAX_TEXT = 60_000  # characters that are looked at
MAX_SEGMENTS = 200
MAX_SEGMENT = 600  # characters
WRAPPED_LINE = 55  # a line at least this long that ends in mid-sentence goes on in the next one
LAST_LINE = 2_000  # characters back in which the last line is looked for
LONG_SENTENCE = 28  # words beyond which a sentence is cut at its strong inner marks

_ITEM = re.compile(r"\s*(?:[-*•–]|\d{1,2}[.)])\s")
_LAST_WORD = re.compile(r"[\w.ÄÖÜäöüß]{1,20}$")
_SMALL_LETTER = re.compile(r"\s{1,2}[a-zäöü]")
_WORD = re.compile(r"\S+")
_LINE = re.compile(r"[^\n]+")
_SENTENCE_END = re.compile(
    r"(?:[.!?…]{1,6}|[\u2600-\u27bf\U0001f300-\U0001faff\ufe0f\u200d]{1,12}|(?<=\s)[:;]-?[)(DP]{1,3})[)\"'“”’»*]{0,3}(?=\s|$)"
)
_INNER_MARK = re.compile(
    r"\s(?:–|—|-{1,2})\s|;\s|:\s|,\s(?=(?:aber|but|sondern|und ob|und könn|und kann|and could|and can|so|also|deshalb|daher|denn)\b)"
)
_ABBREVIATIONS = frozenset(
    "dr prof z.b z b d.h d h u.a u a i.d.r s.o bzw ca nr st str tel evtl ggf usw etc vgl min max std abs inkl exkl zzgl mr mrs ms "
    "jr sr vs e.g i.e approx dept no gem lt geb inkl. art kap bspw mind hr fr dipl ing med phil rer nat o.ä v.a k.o mwst".split()
)
_MONTH = re.compile(
    r"\s{1,2}(?:jan|feb|mär|maer|apr|mai|jun|jul|aug|sep|okt|oct|nov|dez|dec|uhr|\d|klasse|stock|etage|jahrhundert|semester|"
    r"sitzung|stunde|session|mal\b|geburtstag|quartal|kw\b|runde|teil)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A span of a text; ``text[start:end]`` is what it says."""

    text: str
    start: int
    end: int


def segments_of(text: str) -> list[Segment]:
    """Cut a text into at most MAX_SEGMENTS segments in reading order."""
    found: list[Segment] = []
    for start, end in _joined_lines(text[:MAX_TEXT]):
        for sentence_start, sentence_end in _sentences(text, start, end):
            for piece_start, piece_end in _clauses(text, sentence_start, sentence_end):
                segment = _trimmed(text, piece_start, piece_end)
                if segment is not None:
                    found.append(segment)
                    if len(found) >= MAX_SEGMENTS:
                        return found
    return found


def _joined_lines(text: str) -> list[tuple[int, int]]:
    """Return spans of lines that belong together: wrapped ones are joined."""
    spans: list[tuple[int, int]] = []
    previous: tuple[int, int] | None = None
    for line in _LINE.finditer(text):
        start, end = line.span()
        if previous is not None:
            gap = text[previous[1] : start]
            before = text[max(previous[0], previous[1] - LAST_LINE) : previous[1]].rstrip()
            last_line = before.rpartition("\n")[2]
            wrapped = gap.count("\n") == 1 and len(last_line) >= WRAPPED_LINE and before[-1:] not in ".!?…:"
            if wrapped and not _ITEM.match(line.group()):
                previous = (previous[0], end)
                continue
            spans.append(previous)
        previous = (start, end)
    if previous is not None:
        spans.append(previous)
    return spans


def _sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    begin = start
    for mark in _SENTENCE_END.finditer(text, start, end):
        if mark.group() == "." and _is_no_end(text, begin, mark.start(), mark.end()):
            continue
        spans.append((begin, mark.end()))
        begin = mark.end()
    if begin < end:
        spans.append((begin, end))
    return spans


def _is_no_end(text: str, begin: int, dot: int, after: int) -> bool:
    """Whether a full stop ends an abbreviation or an ordinal number instead of a sentence."""
    word = _LAST_WORD.search(text[max(begin, dot - 20) : dot])
    if word is None:
        return False
    last = word.group().lower()
    if last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha() and last not in "io"):
        return True
    if last.isdigit() and len(last) <= 2:
        following = text[after : after + 12]
        return bool(_MONTH.match(following) or _SMALL_LETTER.match(following))
    return False


def _clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    if end - start <= MAX_SEGMENT and len(text[start:end].split()) <= LONG_SENTENCE:
        return [(start, end)]
    spans: list[tuple[int, int]] = []
    begin = start
    for mark in _INNER_MARK.finditer(text, start, end):
        if _has_words(6, text, begin, mark.start()) and _has_words(4, text, mark.end(), end):
            spans.append((begin, mark.end()))
            begin = mark.end()
    spans.append((begin, end))
    return [(a, min(b, a + MAX_SEGMENT)) for a, b in spans]


def _has_words(least: int, text: str, start: int, end: int) -> bool:
    return sum(1 for _ in islice(_WORD.finditer(text, start, end), least)) == least


def _trimmed(text: str, start: int, end: int) -> Segment | None:
    while start < end and (text[start].isspace() or text[start] in "-*•"):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if not any(character.isalnum() for character in text[start:end]):
        return None
    return Segment(text[start:end], start, end)
