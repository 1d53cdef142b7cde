"""How blocks are laid out in plain text: 78 columns, nothing that only a machine reads."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from monitor.letter.blocks import Share, Span, Summary, Trend

COLUMNS = 78
_WEEK = 4
_BAR = 20


def wrapped(text: str, first: str = "", rest: str = "") -> str:
    """Return text in lines of at most 78 columns, behind ``first`` and ``rest``; a link is never broken."""
    return textwrap.fill(
        text,
        COLUMNS,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )


def underlined(text: str) -> str:
    """Return a heading with its line of ``=``."""
    lines = wrapped(text).splitlines() or [""]
    return "\n".join([*lines, "=" * max(len(row) for row in lines)])


def spoken(spans: Sequence[Span]) -> str:
    """Return spans as running text, each link behind its words."""
    return "".join(span.text + (f" <{span.href}>" if span.href else "") for span in spans)


def summary_lines(summary: Summary) -> str:
    """Return the table in columns; a row that is too wide for them goes on behind its name."""
    rows = [summary.heads, *((row.who, row.pattern, f"{row.before} → {row.now}") for row in summary.rows)]
    who = max(len(row[0]) for row in rows) + 2
    numbers = max(len(row[2]) for row in rows)
    pattern = COLUMNS - who - numbers - 2
    lines: list[str] = []
    for name, patterns, change in rows:
        parts = textwrap.wrap(patterns, pattern, break_on_hyphens=False) or [""]
        lines.append(f"{name:<{who}}{parts[0]:<{pattern}}  {change}".rstrip())
        lines.extend(f"{'':<{who}}{part}" for part in parts[1:])
    return "\n".join(lines)


def trend_lines(trend: Trend) -> str:
    """Return three rows: calendar weeks, counts, bars as characters."""
    rows = (
        "".join(f"{week.week:>{_WEEK}}" for week in trend.weeks),
        "".join(f"{week.count:>{_WEEK}}" for week in trend.weeks),
        "".join(f"{week.level:>{_WEEK}}" for week in trend.weeks),
    )
    return "\n".join(row.rstrip() for row in rows if row.strip())


def share_lines(rows: Sequence[Share]) -> str:
    """Return each share as name, per cent and a bar."""
    who = max(len(row.who) for row in rows) + 2
    number = max(len(row.share) for row in rows)
    return "\n".join(
        f"{row.who:<{who}}{row.share:>{number}}  {'█' * max(1, round(_BAR * row.width / 100))}" for row in rows
    )
