"""The starter corpus is what the model card says it is."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest

from monitor.assets import shipped
from monitor.labels import RequestType

LEAST = {"de": (1_500, 6_000), "en": (1_000, 4_000)}  # messages, labelled segments
LABELS = {*map(str, RequestType), "out_of_scope"}


def corpus(language: str) -> list[dict[str, Any]]:
    with (shipped("models") / "corpus" / f"{language}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(params=["de", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_it_is_large_enough(language: str) -> None:
    entries = corpus(language)
    messages, segments = LEAST[language]

    assert len(entries) >= messages
    assert sum(len(entry["segments"]) for entry in entries) >= segments


def test_every_type_has_its_segments(language: str) -> None:
    counted = Counter(
        label for entry in corpus(language) for segment in entry["segments"] for label in segment.get("labels", ())
    )

    assert {label: counted[label] for label in LABELS if counted[label] < 300} == {}


def test_labels_of_segments_and_messages_agree(language: str) -> None:
    for entry in corpus(language):
        marked = {label for segment in entry["segments"] for label in segment.get("labels", ())}
        assert marked <= LABELS
        assert marked - {"out_of_scope"} == set(entry["requests"]), entry["id"]
        assert ("out_of_scope" in marked) == entry["out_of_scope"], entry["id"]


def test_no_message_is_nearly_another(language: str) -> None:
    """Near duplicates share more than half of their word triples (Broder 1997, resemblance)."""
    shingles: list[tuple[str, frozenset[tuple[str, ...]]]] = []
    by_triple: dict[tuple[str, ...], list[int]] = {}
    for entry in corpus(language):
        words = re.findall(r"\w+", " ".join(segment["text"] for segment in entry["segments"]).lower())
        triples = frozenset(zip(words, words[1:], words[2:], strict=False))
        for triple in triples:
            by_triple.setdefault(triple, []).append(len(shingles))
        shingles.append((entry["id"], triples))
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in by_triple.values():
        if len(numbers) <= 12:
            shared.update((a, b) for i, a in enumerate(numbers) for b in numbers[i + 1 :])
    alike = [
        (shingles[a][0], shingles[b][0])
        for (a, b), count in shared.items()
        if count > 0.5 * len(shingles[a][1] | shingles[b][1])
    ]

    assert alike == []


def test_nobody_in_it_is_real(language: str) -> None:
    text = json.dumps(corpus(language), ensure_ascii=False)
    addresses = re.findall(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", text)

    assert [
        address for address in addresses if not re.search(r"(?:\.example|@example\.(?:org|com|net))$", address)
    ] == []
