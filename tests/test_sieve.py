"""What an expression finds is never held back by its sieve, and most of what it does not find is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.classification.remarks import SIGNS, sentences
from monitor.classification.serving import shipped_corpus
from monitor.message.signature import _CONTACT
from monitor.sieve import Sieve

EXPRESSIONS = [*(sign.says.compiled for signs in SIGNS.values() for sign in signs), _CONTACT]
SIEVES = [Sieve([expression.pattern]) for expression in EXPRESSIONS]
# Letters that are alike for ``re`` or that stand for several in ASCII, digits, spaces and signs of all kinds.
ODD = "ſKİıßẞÅéñøœΣпишет你²٣Ⅳ½\u00a0\u2028\x1c–…€＿"


def corpus() -> Iterator[str]:
    for file in sorted(shipped_corpus().glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines()[::5]:
            yield "".join(segment["text"] for segment in json.loads(line)["segments"])


@pytest.mark.timeout(300)
def test_of_the_corpus_everything_found_gets_through_and_little_else() -> None:
    found = through = looked_at = 0
    for text in corpus():
        said = sentences(text)
        for expression, sieve in zip(EXPRESSIONS, SIEVES, strict=True):
            finds = any(expression.search(sentence) for sentence in said)
            passes = bool(sieve.through("\n".join(said)))
            assert passes or not finds, (expression.pattern, text)
            found, through, looked_at = found + finds, through + passes, looked_at + 1
    assert found > 100
    assert through < found + looked_at / 50


@pytest.mark.parametrize("number", range(len(EXPRESSIONS)))
def test_what_an_expression_accepts_gets_through_in_whatever_letters(number: int) -> None:
    expression, sieve = EXPRESSIONS[number], SIEVES[number]

    @settings(max_examples=60, deadline=None)
    @given(st.from_regex(expression), st.text(ODD + "ab 1.", max_size=6), st.text(ODD + "ab 1.", max_size=6))
    def gets_through(accepted: str, before: str, after: str) -> None:
        for line in f"{before}{accepted}{after}".splitlines():
            assert sieve.through(line) == [0] or not expression.search(line)

    gets_through()


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "written", [r"\w", r"\W", r"\s", r"\S", r"\d", r"\D", r"[^\W\d_]", r"[^\s<>]", "[–€]", "ß", "k", "s", "i"]
)
def test_every_character_is_of_the_same_kind_behind_the_sieve(written: str, odd: str) -> None:
    expression = rf"(?<!x)a\b.{{0,3}}{written}"
    found = re.search(expression, f"a {odd}", re.I)

    assert Sieve([expression]).through(f"a {odd}") == [0] or not found


@pytest.mark.parametrize("expression", ["[^a]", "[à-öx]", r"(a)\1", r"\u00a0", "(?=a"])
def test_an_expression_that_cannot_be_loosened_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match="no sieve"):
        Sieve([expression]).through("")


def test_without_memory_for_the_look_everything_gets_through(monkeypatch: pytest.MonkeyPatch) -> None:
    class GivesUp:
        def Match(self, text: bytes) -> None:
            return None

    sieve = Sieve(["a"])
    assert sieve.through("b") == []
    monkeypatch.setitem(vars(sieve), "_sets", [GivesUp()])

    assert sieve.through("b") == [0]
