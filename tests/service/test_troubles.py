"""What keeps the service from its work is kept with reason and remedy, to be told in any language."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.digest.content import TroubleKind
from monitor.errors import ClientMonitorError, FolderMissing, MailboxError, Phrase, StoreError, StoreFull
from monitor.labels import Language
from monitor.language.translations import translations
from monitor.service import troubles
from monitor.service.troubles import SIZE, Troubles

FULL = StoreFull("The disk is full: nothing was written.", "Make room; the next round goes on where this one stopped.")


def told(folder: Path, language: Language = Language.ENGLISH) -> list[str]:
    trouble = troubles.present(folder)
    assert trouble is not None
    return [each.in_words(translations(language).gettext) for each in trouble.reason]


def test_a_trouble_is_told_with_its_remedy_in_the_language_of_whoever_asks(tmp_path: Path) -> None:
    Troubles(tmp_path).note(FULL)

    assert told(tmp_path)[0] == "The disk is full: nothing was written."
    assert told(tmp_path, Language.GERMAN) == [
        "Der Datenträger ist voll: Geschrieben wurde nichts.",
        "Schaffen Sie Platz; die nächste Runde macht dort weiter, wo diese aufgehört hat.",
    ]


@pytest.mark.parametrize(
    "error",
    [
        MailboxError("{host} cannot be reached.", host="imap.example"),
        FolderMissing("{a} {b}", "{c}", a=3, b=Phrase("{d}", {"d": "x"}), c=(Phrase("one"), Phrase("two"))),
        ClientMonitorError("Braces {} without details."),
    ],
)
def test_what_is_read_again_is_what_was_noted(error: ClientMonitorError, tmp_path: Path) -> None:
    Troubles(tmp_path).note(error)

    assert " ".join(told(tmp_path)) == str(error)


def test_another_reason_is_told_under_the_time_of_the_first(tmp_path: Path) -> None:
    kept = Troubles(tmp_path)
    kept.note(StoreError("The store is in use by another process."))
    first = troubles.present(tmp_path)
    kept.note(FULL)
    second = troubles.present(tmp_path)

    assert first is not None and second is not None  # noqa: PT018
    assert (second.since, second.kind) == (first.since, TroubleKind.STORE)
    assert "full" in told(tmp_path)[0]


def test_what_is_too_long_to_be_written_in_place_is_told_by_its_kind(tmp_path: Path) -> None:
    kept = Troubles(tmp_path)
    kept.note(StoreError("x" * SIZE))

    assert (tmp_path / troubles.FILE).stat().st_size == SIZE
    trouble = troubles.present(tmp_path)
    assert trouble is not None
    assert (trouble.kind, trouble.reason) == (TroubleKind.STORE, ())
    kept.over()
    assert troubles.present(tmp_path) is None
