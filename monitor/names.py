"""Names as people write them: case, accents, titles and the order of words aside."""

from __future__ import annotations

import unicodedata

_TITLES = frozenset({"dr", "prof", "herr", "frau", "mr", "mrs", "ms"})


def name_words(text: str) -> list[str]:
    """Return the words of a name, folded and sorted, titles left out; Brandstätter and Brandstaetter are one word."""
    words = folded_words(text)
    return sorted(word for word in words if word not in _TITLES) or sorted(words)


def folded_words(text: str) -> list[str]:
    """Return the words of a text in their order, folded."""
    folded = text.casefold().replace("ß", "ss").replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(mark))
    # Brandstätter, Brandstaetter and Brandstatter are one name.
    plain = plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    return "".join(mark if mark.isalnum() else " " for mark in plain).split()
