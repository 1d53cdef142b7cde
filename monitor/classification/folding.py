"""One spelling for one word: umlauts as ae, oe, ue, sharp s as ss, accents dropped, apostrophes alike."""

from __future__ import annotations

_FOLDED = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"} | dict(
    zip("éèêëàáâçñóòôíìîúùû’‘", "eeeeaaacnoooiiiuuu''", strict=True)
)


def fold(text: str) -> str:
    """Fold a lower-case text."""
    if text.isascii():
        return text
    for letter, folded in _FOLDED.items():
        if letter in text:
            text = text.replace(letter, folded)
    return text
