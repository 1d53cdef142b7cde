"""Cut an HTML text where parsing it would cost more than it is worth.

The parser of browsers takes quadratic time in how deep elements lie within one another, and it repeats formatting
elements that were left open in every paragraph after them (WHATWG HTML, 13.2.4.3): a few thousand letters can become
millions of nodes. Both are foreseen here by looking at the tags alone, once.
"""

from __future__ import annotations

import re

from monitor.bounds import LIMITS, Bound, bite

_TAG = re.compile(r"<(/?)([^\W_]{0,12})")
MAX_REPEATED = 2_000_000  # letters of formatting tags that the parser may be made to repeat

_FORMATTING = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
)
_VOID = frozenset(
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    }
)  # fmt: skip
# These end where the next of their kind begins, so that many of them need not lie within one another.
_ENDED_BY_THE_NEXT = frozenset(
    {
        "p", "li", "td", "tr", "th", "dt", "dd", "option", "optgroup", "tbody", "thead", "tfoot", "colgroup", "rp",
        "rt", "html", "head", "body",
    }
)  # fmt: skip


def bounded(html: str) -> str:
    """Return the HTML, cut where elements lie too deep or formatting would be repeated too often."""
    tags = html.count("<")
    if tags - html.count("</") <= LIMITS[Bound.HTML_DEPTH] and tags * len(html) <= MAX_REPEATED:
        return html  # too few tags for either: what the parser opens and repeats is made of these
    depth = repeated = 0
    open_formatting: list[tuple[str, int]] = []
    weight = 0
    for tag in _TAG.finditer(html, 0, html.rfind(">") + 1):
        closing, name = tag[1], tag[2].lower()
        if name in _FORMATTING:
            if not closing:
                size = html.find(">", tag.start()) - tag.start()
                open_formatting.append((name, size))
                weight += size
            else:
                weight -= _closed(open_formatting, name)
        elif weight and name and not closing and name not in _VOID:
            repeated += weight
        if name and name not in _VOID and name not in _ENDED_BY_THE_NEXT:
            depth = max(0, depth - 1) if closing else depth + 1
        if depth > LIMITS[Bound.HTML_DEPTH] or repeated > MAX_REPEATED:
            bite(Bound.HTML_DEPTH)
            return html[: tag.start()]
    return html


def _closed(open_formatting: list[tuple[str, int]], name: str) -> int:
    """Take the last open element of that name off the list and return its weight; it may be misnested a little."""
    for position in range(len(open_formatting) - 1, max(-1, len(open_formatting) - 20), -1):
        if open_formatting[position][0] == name:
            return open_formatting.pop(position)[1]
    return 0
