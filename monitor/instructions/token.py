"""The token of a letter: unguessable, and therefore what tells a reply to the letter from a forged one.

It travels in the letter's Message-ID, which every mail program repeats in a reply (RFC 5322, 3.6.4), and in the
subject of the prepared answers.
"""

from __future__ import annotations

import hmac
import re
from datetime import UTC, datetime

LENGTH = 24  # of an alphabet of 32: 120 bits
# Without letters that are mistaken for digits.
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_TOKEN = re.compile(rf"\bchm-([{_ALPHABET}]{{{LENGTH}}})\b", re.IGNORECASE)


def token_for(key: bytes, due_at: datetime) -> str:
    """Return the token of the letter that is due at a moment, by HMAC-SHA-256 (RFC 2104).

    Who does not know the key cannot guess it; who restores a backup, in which the key is, writes the same letter again.
    """
    digest = hmac.digest(key, due_at.astimezone(UTC).isoformat().encode(), "sha256")
    # The low five bits of each byte choose a letter, all alike.
    return "chm-" + "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:LENGTH])


def token_in(*texts: str | None) -> str | None:
    """Return the first token that stands in one of some header values; None if there is none."""
    for text in texts:
        if text and (found := _TOKEN.search(text)):
            return found.group(0).lower()
    return None
