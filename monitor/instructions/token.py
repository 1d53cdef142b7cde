"""The token of a letter: unguessable, and therefore what tells a reply to the letter from a forged one.

It travels in the letter's Message-ID, which every mail program repeats in a reply (RFC 5322, 3.6.4), and in the
subject of the prepared answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable

LENGTH = 24  # of an alphabet of 32: 120 bits
# Without letters that are mistaken for digits.
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_TOKEN = re.compile(rf"\bchm-([{_ALPHABET}]{{{LENGTH}}})\b", re.IGNORECASE)


def token_from(choose: Callable[[str], str]) -> str:
    """Return a token; ``choose`` picks one letter of some, as ``secrets.choice`` does."""
    return "chm-" + "".join(choose(_ALPHABET) for _ in range(LENGTH))


def token_in(*texts: str | None) -> str | None:
    """Return the first token that stands in one of some header values; None if there is none."""
    for text in texts:
        if text and (found := _TOKEN.search(text)):
            return found.group(0).lower()
    return None
