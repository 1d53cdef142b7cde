"""Every text has its German, every German text is used, and both have the same gaps."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import monitor
import monitor.errors
from monitor.assets import shipped
from monitor.cli.entrance import app
from monitor.cli.spoken_help import texts_of
from monitor.labels import Language
from monitor.language.translations import CATALOGUES, translations

# ``N_`` marks a text that is looked up later, by its value.
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "_": None, "N_": None}
METHODS = [("**.py", "python"), ("**.j2", "jinja2.ext:babel_extract")]
Text = str | tuple[str, ...]


def failures() -> Iterator[str]:
    """What failures say, and their remedies: they are translated where they are shown."""
    told = {
        name for name, value in vars(monitor.errors).items()
        if isinstance(value, type) and issubclass(value, monitor.errors.ClientMonitorError)
    }  # fmt: skip
    # Of unreadable messages the store and JSON tell, in one language.
    told = told - {"UnreadableMessage"} | {"Phrase", "Flaw"}
    for file in Path(monitor.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in told:
                for text in node.args[:2]:
                    if isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value:
                        yield text.value


@pytest.fixture(scope="module")
def texts() -> set[Text]:
    """All texts in code and templates that are looked up in a catalogue."""
    found: set[Text] = {*failures(), *texts_of(typer.main.get_command(app))}
    for folder in (monitor.__path__[0], str(shipped("templates"))):
        for _, _, message, _, _ in extract_from_dir(folder, METHODS, options_map={}, keywords=KEYWORDS):
            found.add(tuple(message) if isinstance(message, (list, tuple)) else message)
    return found


@pytest.fixture(scope="module")
def german() -> Catalog:
    with (CATALOGUES / "de.po").open("rb") as file:
        return read_po(file, locale="de", abort_invalid=True)


def entries(catalogue: Catalog) -> Iterator[tuple[Text, tuple[str, ...]]]:
    for message in catalogue:
        if message.id:
            text = tuple(message.id) if isinstance(message.id, (list, tuple)) else message.id
            yield text, (message.string,) if isinstance(message.string, str) else tuple(message.string)


def test_every_text_has_its_german(german, texts):
    told = {text for text, strings in entries(german) if all(strings)}
    missing = sorted(str(text) for text in texts - told)

    assert not missing, "not in monitor/language/de.po:\n" + "\n".join(missing)


def test_every_german_text_is_used(german, texts):
    unused = sorted(str(text) for text, _ in entries(german) if text not in texts)

    assert not unused, "no longer in the code:\n" + "\n".join(unused)
    assert not german.obsolete


def test_no_german_text_is_a_guess(german):
    assert not [message.id for message in german if message.fuzzy and message.id]


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_german_and_english_have_the_same_gaps(german):
    for text, strings in entries(german):
        forms = (text,) if isinstance(text, str) else text
        # The form for one may leave out the number; nothing else.
        wanted = gaps(forms[-1])
        for form in (*forms[1:], strings[-1]):
            assert gaps(form) == wanted, form
        for form in (forms[0], strings[0]):
            assert gaps(form) <= wanted, form
        assert gaps(strings[0]) == gaps(forms[0]), text


def test_plural_forms_come_in_pairs(german):
    for text, strings in entries(german):
        assert len(strings) == (1 if isinstance(text, str) else 2)


def test_texts_are_found_and_unknown_ones_stay_english():
    found = translations(Language.GERMAN)

    assert found.gettext("Pattern") == "Muster"
    assert found.ngettext("One mail was read.", "{number} mails were read.", 2) == "Gelesen wurden {number} Mails."
    assert found.gettext("Nobody has ever written this.") == "Nobody has ever written this."
    assert found is translations(Language.GERMAN)


def test_english_needs_no_catalogue():
    assert translations(Language.ENGLISH).gettext("Pattern") == "Pattern"
    assert not (CATALOGUES / "en.po").exists()
