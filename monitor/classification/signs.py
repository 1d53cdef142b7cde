"""What a sign of a remark is: the ways to say something, and what only sounds like it.

A sign is looked for in one sentence. ``says`` are the ways to say it; ``unless`` what makes the sentence speak of
something else: another person, long ago, a wish, a figure of speech. Every repetition is bounded, so that the time
grows with the length of the text and no further.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.facts import Remark

# Long ago.
AGO = (
    r"\bvor (?:\w+ ){0,3}(?:jahr|jahren|monaten)\b|\bdamals\b|\bfrüher\b|\bseinerzeit\b|\bletztes jahr|\bjahrestag|"
    r"\btodestag|\bals (?:ich|wir|kind)\b|\b(?:years|months) ago\b|\blast year\b|\bback then\b|\banniversary\b|"
    r"\bas a child\b|\bwhen i was\b|\bused to\b|\b(?:19|20)\d\d\b"
)
# Only imagined.
IMAGINED = r"\b(?:wenn|falls|sobald|bevor|hätte|wäre|würde|könnte|if|unless|before|would|might|imagine|afraid of)\b"
# Somebody at work.
OTHERS = (
    r"\b(?:kolleg\w+|chef\w*|mitarbeiter\w*|team\w*|assistent\w*|nachbar\w*|kund\w+|klient\w*|patient\w*|vorgesetzte\w*|"
    r"sekretär\w*|buchhalt\w*|colleagues?|boss|manager|staff|team\w*|assistants?|neighbou?rs?|customers?|clients?|"
    r"patients?|bookkeeper|secretary|supervisor)\b"
)


@dataclass(frozen=True, slots=True)
class Sign:
    """One remark in one language: how it is said, and what the sentence must not say beside it."""

    remark: Remark
    says: re.Pattern[str]
    unless: re.Pattern[str] | None = None


def sign(remark: Remark, says: tuple[str, ...], unless: tuple[str, ...] = ()) -> Sign:
    """Return a sign from alternative expressions; case does not matter."""
    return Sign(remark, _any_of(says), _any_of(unless) if unless else None)


def _any_of(expressions: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in expressions), re.I)
