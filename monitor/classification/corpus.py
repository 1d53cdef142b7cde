"""Read the starter corpus: whole messages whose segments carry their labels."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from monitor.classification.model import COLUMNS, OUT_OF_SCOPE, TYPES
from monitor.classification.segments import Segment, segments_of
from monitor.labels import RequestType

_COLUMN = {**{str(request): number for number, request in enumerate(TYPES)}, "out_of_scope": OUT_OF_SCOPE}


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled message.

    ``segments`` are cut as in classification; ``labels`` (segments × COLUMNS) says which segment asks what.
    ``group`` holds together what must not be split between learning and measuring. ``weight`` is how much it counts;
    ``trust`` (COLUMNS, 0 to 1) how far each column's answer is known: 0 where nobody said anything.
    """

    identity: str
    group: str
    subject: str
    text: str
    segments: tuple[Segment, ...]
    labels: NDArray[np.bool_]
    requests: tuple[RequestType, ...]
    out_of_scope: bool
    weight: float = 1.0
    trust: NDArray[np.float64] = field(default_factory=lambda: np.ones(COLUMNS))

    @property
    def columns(self) -> NDArray[np.bool_]:
        """What the whole message asks (COLUMNS)."""
        asked = np.zeros(COLUMNS, np.bool_)
        asked[[TYPES.index(request) for request in self.requests]] = True
        asked[OUT_OF_SCOPE] = self.out_of_scope
        return asked


def is_held_back(example: Example) -> bool:
    """Whether an example of the starter corpus belongs to the benchmark: a tenth of the personas, never learned."""
    return hashlib.sha256(example.group.encode()).digest()[0] < 26


def read_corpus(folder: Path) -> list[Example]:
    """Read every ``*.jsonl`` file of the corpus folder, in the order of their names."""
    return [example for file in sorted(folder.glob("*.jsonl")) for example in _examples(file)]


def _examples(file: Path) -> Iterator[Example]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            marked: list[tuple[int, int, list[int]]] = []
            text = ""
            for segment in entry["segments"]:
                labels = [_COLUMN[label] for label in segment.get("labels", ())]
                marked.append((len(text), len(text) + len(segment["text"].rstrip()), labels))
                text += segment["text"]
            segments = tuple(segments_of(text))
            yield Example(
                identity=entry["id"],
                group=entry["persona"],
                subject=entry["subject"],
                text=text,
                segments=segments,
                labels=_carried_over(segments, marked),
                requests=tuple(RequestType(request) for request in entry["requests"]),
                out_of_scope=entry["out_of_scope"],
                weight=entry.get("weight", 1.0),
            )


def _carried_over(segments: tuple[Segment, ...], marked: list[tuple[int, int, list[int]]]) -> NDArray[np.bool_]:
    """Give each segment the labels of the hand-marked spans that it shares enough of its text with."""
    labels = np.zeros((len(segments), COLUMNS), np.bool_)
    for number, segment in enumerate(segments):
        for start, end, columns in marked:
            shared = min(end, segment.end) - max(start, segment.start)
            if columns and shared > 0 and shared >= 0.4 * min(end - start, segment.end - segment.start):
                labels[number, columns] = True
    return labels
