"""How the coach addresses somebody in German: Sie or du, read from the coach's own words.

A capital letter tells the polite forms only amid a sentence, and "Sie" is often "they": so a mail must say one form
clearly more often than the other to count.
"""

from __future__ import annotations

import re

from monitor.facts import Remark

LONGEST_TEXT = 8_000  # characters that are looked at
CLEARLY = 2  # times as often as the other form

# Behind a letter, digit, comma or the like and a blank: not the first word of a sentence or line.
_SIE = re.compile(r"(?<=[\w,;)“”\"'–-] )(?:Sie|Ihnen|Ihre?[mnrs]?)\b")
_FIRST_SIE = re.compile(
    r"\bIhnen\b|\bSehr geehrte|"
    r"\b(?:[Kk]önnt?en|[Hh]aben|[Mm]öchten|[Ww]ürden|[Ss]oll(?:t)?en|[Ww]ollen|[Mm]üssen|[Dd]ürfen) Sie\b"
)
_DU = re.compile(r"\b(?:[Dd]u|[Dd]ich|[Dd]ir|[Dd]eine?[mnrs]?|[Ee]uch|[Ee]ure?[mnrs]?)\b")
# Du is also a French, a Dutch or a family name's word: one of these beside it makes it German.
_GERMAN = re.compile(
    r"\b(?:und|der|die|das|ich|nicht|ist|mit|für|auf|wir|hast|bist|kannst|auch|noch|einen|mir)\b", re.I
)


def address_of(text: str) -> frozenset[Remark]:
    """Return SAYS_SIE or SAYS_DU where a text of the coach tells clearly, else nothing."""
    seen = text[:LONGEST_TEXT]
    if not _GERMAN.search(seen):
        return frozenset()
    formal = len(_SIE.findall(seen)) + len(_FIRST_SIE.findall(seen))
    familiar = len(_DU.findall(seen))
    if formal >= CLEARLY * familiar and formal:
        return frozenset({Remark.SAYS_SIE})
    if familiar >= CLEARLY * formal and familiar:
        return frozenset({Remark.SAYS_DU})
    return frozenset()
