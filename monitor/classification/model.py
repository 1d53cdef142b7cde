"""The text model: segments are scored by a linear classifier a type, then pooled to the message.

Classifying needs numpy alone; scikit-learn fits the weights (see ``training``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.classification.features import contexts
from monitor.classification.segments import Segment, segments_of
from monitor.classification.vectorizer import Floats, Rows, Vectorizer
from monitor.facts import Classification, OutOfScope, Request
from monitor.labels import RequestType

TYPES: tuple[RequestType, ...] = tuple(RequestType)
OUT_OF_SCOPE = len(TYPES)  # the column after the types
COLUMNS = len(TYPES) + 1

MAX_REQUESTS = 3  # the label guide's
MAX_EVIDENCE = 240  # characters
POOLED = 2 * COLUMNS + 2

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Document:
    """What is classified: the subject and the writer's own words."""

    subject: str
    text: str


@dataclass(slots=True)
class Model:
    """A trained model.

    ``weights`` (features × COLUMNS) and ``bias`` score a segment in log-odds; ``pooling`` (POOLED × COLUMNS) and
    ``pooling_bias`` turn the segments' scores into the message's log-odds; ``thresholds`` are the probabilities
    from which a column counts as asked; ``main`` is added to a type's log-odds where the main type is chosen.
    """

    version: str
    vectorizer: Vectorizer
    weights: Floats
    bias: Floats
    pooling: Floats
    pooling_bias: Floats
    thresholds: Floats
    main: Floats

    def classify(self, documents: Sequence[Document]) -> list[Classification]:
        """Classify messages; the result has their order. No text gives no request."""
        cut = [segments_of(document.text) for document in documents]
        scores = self.segment_scores(documents, cut)
        return [self._classification(segments, rows) for segments, rows in zip(cut, scores, strict=True)]

    def segment_scores(self, documents: Sequence[Document], cut: Sequence[Sequence[Segment]]) -> list[Scores]:
        """Return per message the log-odds of its segments (segments × COLUMNS)."""
        surrounded = [
            context
            for document, segments in zip(documents, cut, strict=True)
            for context in contexts([segment.text for segment in segments], document.subject)
        ]
        scored = self._score(self.vectorizer.rows(surrounded))
        ends = np.cumsum([len(segments) for segments in cut])[:-1]
        return np.split(scored, ends) if len(cut) else []

    def message_probabilities(self, scores: Scores) -> Scores:
        """Return the probability of each column for one message, from its segments' scores."""
        return sigmoid(pooled(scores) @ self.pooling + self.pooling_bias)

    def _score(self, rows: Rows) -> Scores:
        result = np.zeros((len(rows), COLUMNS), np.float64)
        step = 4_000  # rows at a time: bounds the memory of the gathered weights
        for start in range(0, len(rows), step):
            stop = min(start + step, len(rows))
            first, last = rows.indptr[start], rows.indptr[stop]
            if first == last:
                continue
            parts = self.weights[rows.indices[first:last]] * rows.data[first:last, None]
            filled = np.flatnonzero(np.diff(rows.indptr[start : stop + 1]))
            result[start + filled] = np.add.reduceat(parts, rows.indptr[start:stop][filled] - first, axis=0)
        return result + self.bias

    def _classification(self, segments: Sequence[Segment], scores: Scores) -> Classification:
        if not segments:
            return Classification((), OutOfScope(False, 0.0, ""), True, self.version)
        probabilities = self.message_probabilities(scores)
        best = scores.argmax(axis=0)
        order = np.argsort(-(logit(probabilities[:OUT_OF_SCOPE]) + self.main), kind="stable")
        chosen = [column for column in order if probabilities[column] >= self.thresholds[column]][:MAX_REQUESTS]
        asked = bool(probabilities[OUT_OF_SCOPE] >= self.thresholds[OUT_OF_SCOPE])
        return Classification(
            requests=tuple(
                Request(TYPES[column], round(float(probabilities[column]), 4), _evidence(segments[best[column]]))
                for column in chosen
            ),
            out_of_scope=OutOfScope(
                asked,
                round(float(probabilities[OUT_OF_SCOPE]), 4),
                _evidence(segments[best[OUT_OF_SCOPE]]) if asked else "",
            ),
            unsure=self._is_unsure(probabilities),
            model=self.version,
        )

    def _is_unsure(self, probabilities: Scores) -> bool:
        """Whether a person should look: nothing is likely, or the scope hangs in the balance."""
        distance = abs(probabilities[OUT_OF_SCOPE] - self.thresholds[OUT_OF_SCOPE])
        return bool(probabilities[:OUT_OF_SCOPE].max() < 0.5 or distance < 0.15)


def pooled(scores: Scores) -> Scores:
    """Describe a message by its segments' scores: the best and the second best of each column, and its length."""
    if not len(scores):
        return np.concatenate([np.full(2 * COLUMNS, -6.0), [0.0, 1.0]])
    bounded = np.clip(scores, -6, 6)
    ordered = np.sort(bounded, axis=0)
    second = ordered[-2] if len(scores) > 1 else np.full(COLUMNS, -6.0)
    return np.concatenate([ordered[-1], second, [np.log1p(len(scores)), float(len(scores) <= 2)]])


def sigmoid(values: Scores) -> Scores:
    """The logistic function."""
    return 1.0 / (1.0 + np.exp(-np.clip(values, -30, 30)))


def logit(probabilities: Scores) -> Scores:
    """Log-odds of probabilities."""
    bounded = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return np.log(bounded / (1 - bounded))


def _evidence(segment: Segment) -> str:
    text = " ".join(segment.text.split())
    if len(text) <= MAX_EVIDENCE:
        return text
    return text[:MAX_EVIDENCE].rsplit(" ", 1)[0] + " …"
