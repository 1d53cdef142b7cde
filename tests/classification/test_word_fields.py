"""Words of one meaning are known as such, also inside German compounds."""

from __future__ import annotations

import time

import pytest

from monitor.classification.features import contexts, cues_around
from monitor.classification.folding import fold
from monitor.classification.word_fields import fields_of


@pytest.mark.parametrize(
    ("word", "field"),
    [
        ("Steuererklärung", "f:tax_and_finance"),
        ("Steuererklaerung", "f:tax_and_finance"),
        ("Untermietvertrag", "f:law"),
        ("lease", "f:law"),
        ("Hausübungen", "f:own_task"),
        ("proofreading", "f:look_at"),
        ("CV", "f:application"),
        ("Schwiegermutter", "f:family_and_friends"),
    ],
)
def test_a_word_belongs_to_its_field_in_any_spelling_and_compound(word: str, field: str) -> None:
    assert field in fields_of(fold(word.lower()))


@pytest.mark.parametrize("word", ["cvs", "der", "the", "Apfel", "x"])
def test_other_words_belong_to_none(word: str) -> None:
    assert fields_of(fold(word.lower())) == ()


def test_what_a_sentence_is_about_is_told_with_how_it_is_said() -> None:
    asked, told = contexts(["Could you read my lease?", "I signed the lease."], "")

    assert "f:law+ask_can_you" in cues_around(asked)
    assert "f:law" in cues_around(told)
    assert "f:law+ask_can_you" not in cues_around(told)


def test_a_word_without_end_costs_no_more_than_a_long_one() -> None:
    began = time.process_time()

    assert fields_of("steuererklaerung" + "x" * 200_000) == ("f:tax_and_finance",)
    assert time.process_time() - began < 1
