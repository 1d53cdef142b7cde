"""Whether a result is right: against what a corpus expects, and against the other reader where it leaves no doubt.

What other projects expect of a text differs from this product's promise in three points, which are told by rules and
counted apart: closing words and the typed name stay here, quoted lines never do, and a mail that begins with the
header lines of another one is a forward without words of its own.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hostile.corpus import Specimen

from monitor.message.characters import decode
from monitor.message.other_mail import header_block, next_filled


def faults(specimen: Specimen, told: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Return what is wrong with a result, in a few words each; nothing if it is right."""
    found = [fault for expected in specimen.expected for fault in _against(expected, told)]
    if "error" in told:
        return [*found, *(["unreadable"] if other.get("from") else [])]
    if "from" in other and told.get("from") != other["from"]:
        found.append(f"from {told.get('from')} instead of {other['from']}")
    if "date" in other and _moment(told.get("date")) != other["date"]:
        found.append(f"date {told.get('date')}")
    if "words" in other and "cut" not in told and told["whole"].split() != other["words"]:
        found.append("other words")
    return found


def _against(expected: dict[str, Any], told: dict[str, Any]) -> list[str]:
    text = _plain(told.get("text", ""))
    found = []
    sender = expected.get("from", expected.get("sender", ...))
    if sender is not ... and told.get("from") != (sender.lower() if sender else None):
        found.append(f"from {told.get('from')} instead of {sender}")
    if expected.get("date") and _moment(told.get("date")) != _moment(expected["date"]):
        found.append(f"date {told.get('date')} instead of {expected['date']}")
    replies = [expected[key] for key in ("expected_reply", "text", "visible") if key in expected]
    if replies and text not in map(_plain, [*replies, *expected.get("alternatives", [])]):
        found.append("other words than expected")
    found += [f"lacks {words!r}" for words in expected.get("contains", []) if _plain(words) not in text]
    found += [f"holds {words!r}" for words in expected.get("absent", []) if _plain(words) in text]
    if not text.startswith(_plain(expected.get("starts_with", ""))):
        found.append("begins otherwise")
    return found


def explained(specimen: Specimen, told: dict[str, Any]) -> bool:
    """Whether every difference from what the corpus expects is one of the three."""
    return specimen.kind == "text" and all(
        not _against(expected, told) or _promised_otherwise(specimen, expected, told) for expected in specimen.expected
    )


def _promised_otherwise(specimen: Specimen, expected: dict[str, Any], told: dict[str, Any]) -> bool:
    ours = told.get("text", "")
    lines = decode(specimen.data, None).split("\n")
    first = next_filled(lines, 0)
    if not ours:
        return first is not None and header_block(lines, first)
    reply = expected.get("expected_reply", "")
    unquoted = [line for line in reply.split("\n") if not line.startswith(">")]
    if unquoted and _plain("\n".join(unquoted)) == _plain(ours):
        return True
    kept = [words for words in expected.get("absent", []) if _plain(words) in _plain(ours)]
    if reply:
        if not _plain(ours).startswith(_plain(reply)):
            return False
        kept.append(_plain(ours)[len(_plain(reply)) :])
    return all(_plain(words) in _plain(ours[-80:]) and _is_closing(ours, words) for words in kept)


def _is_closing(ours: str, words: str) -> bool:
    """Whether words are the last short lines of a text, with no sentence among them."""
    count = len(words.split())
    last = ours.split("\n")[-4:]
    return (
        0 < count <= 8
        and _plain(ours).endswith(_plain(words))
        and all(line.rstrip()[-1:] not in ".!?" for line in last if line.strip() and _plain(line) in _plain(words))
    )


def _plain(text: str) -> str:
    return " ".join(text.split())


def _moment(date: str | None) -> float | None:
    try:
        return datetime.fromisoformat(date).timestamp() if date else None
    except ValueError:
        return None
