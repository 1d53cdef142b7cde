"""What a sign of a remark is: the ways to say something, and what only sounds like it.

A sign is looked for in one sentence. ``says`` are the ways to say it; ``unless`` what makes the sentence speak of
something else: another person, long ago, a wish, a figure of speech. Every repetition is bounded, so that the time
grows with the length of the text and no further.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

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


@dataclass(frozen=True)
class Expression:
    """One of several expressions; case does not matter. Compiled when first needed: most mail needs none of them."""

    alternatives: tuple[str, ...]

    @property
    def pattern(self) -> str:
        """The expression as ``re`` writes it."""
        return "|".join(f"(?:{one})" for one in self.alternatives)

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression as ``re`` uses it."""
        return _any_of(self)

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first place where it is found."""
        return self.compiled.search(text)


@dataclass(frozen=True, slots=True)
class Sign:
    """One remark in one language: how it is said, and what the sentence must not say beside it."""

    remark: Remark
    says: Expression
    unless: Expression | None = None


def sign(remark: Remark, says: tuple[str, ...], unless: tuple[str, ...] = ()) -> Sign:
    """Return a sign from alternative expressions; case does not matter."""
    return Sign(remark, Expression(says), Expression(unless) if unless else None)


def _any_of(expression: Expression) -> re.Pattern[str]:
    return re.compile(expression.pattern, re.I)
