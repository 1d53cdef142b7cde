"""The product's texts: English in the code, German in one catalogue that is read as it is.

The catalogue is the text file itself, so that a wording is mended in one place and nothing compiled can be stale.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from monitor.labels import Language

CATALOGUES = Path(__file__).resolve().parent


@cache
def translations(language: Language) -> NullTranslations:
    """Return the texts of a language, with ``gettext`` and ``ngettext``; read once.

    English needs no catalogue: the texts in the code are English. A text without a translation stays English.
    """
    if language is Language.ENGLISH:
        return NullTranslations()
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=str(language), abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
