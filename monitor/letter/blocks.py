"""The letter as a row of blocks in one language: text and HTML show the same blocks, each in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from monitor.labels import Language

BAR_PIXELS = 48
LEAST_SCALE = 4  # a single incident shall be no tower
_LEVELS = " ▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text; ``href`` makes it a link, ``language`` says that it is in another language than the letter."""

    text: str
    strong: bool = False
    href: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3."""

    kind: ClassVar[str] = "heading"
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line between the parts of the letter: ornament, nothing depends on seeing it."""

    kind: ClassVar[str] = "rule"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; ``small`` for what accompanies, ``close`` to stand close below the block before."""

    kind: ClassVar[str] = "paragraph"
    spans: tuple[Span, ...]
    small: bool = False
    close: bool = False


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """Who, which patterns, and the strongest one's numbers before and now."""

    who: str
    pattern: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The table that answers at a glance."""

    kind: ClassVar[str] = "summary"
    heads: tuple[str, str, str]
    rows: tuple[SummaryRow, ...]


@dataclass(frozen=True, slots=True)
class TrendWeek:
    """One week of a trend: the calendar week's number, the count, the bar in pixels and as a character."""

    week: str
    count: str
    pixels: int
    level: str
    current: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """Counts by week, the oldest first; the last one is the current week."""

    kind: ClassVar[str] = "trend"
    weeks: tuple[TrendWeek, ...]


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quote in quotation marks, or none, and the place where it is found."""

    kind: ClassVar[str] = "quotation"
    text: str
    place: Span
    language: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """What was agreed, set apart."""

    kind: ClassVar[str] = "clause"
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a conversation guide and the sentences to say."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Steps:
    """The numbered steps of a conversation guide."""

    kind: ClassVar[str] = "steps"
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """One client's share: in words, and as a bar in per cent of the longest; ``large`` is told by colour and weight."""

    who: str
    share: str
    width: int
    large: bool


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares of the correspondence, the largest first."""

    kind: ClassVar[str] = "shares"
    rows: tuple[Share, ...]


Block = Heading | Rule | Paragraph | Summary | Trend | Quotation | Clause | Steps | Shares


@dataclass(frozen=True, slots=True)
class Outline:
    """The whole letter before it has a form.

    ``title`` and ``headlines`` make the subject, ``preheader`` is what a list of mails shows beside it; none of the
    three holds a name or a word of a client, since they show on lock screens.
    """

    language: Language
    title: str
    headlines: tuple[str, ...]
    preheader: str
    blocks: tuple[Block, ...]


def trend(weekly: tuple[int, ...], numbers: tuple[str, ...]) -> Trend:
    """Return the chart of weekly counts; ``numbers`` are the calendar weeks, as many."""
    scale = max(LEAST_SCALE, *weekly)
    last = len(weekly) - 1
    return Trend(
        tuple(
            TrendWeek(
                week=week,
                count=str(count),
                pixels=max(2, round(BAR_PIXELS * count / scale)) if count else 0,
                level=_LEVELS[max(1, round(8 * count / scale))] if count else " ",
                current=position == last,
            )
            for position, (count, week) in enumerate(zip(weekly, numbers, strict=True))
        )
    )


def plain(text: str, *, strong: bool = False) -> tuple[Span, ...]:
    """Return a text as the one span of a paragraph."""
    return (Span(text, strong=strong),)
