"""Measure models: on labelled messages, each figure with its meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.classification.corpus import Example
from monitor.classification.model import COLUMNS, OUT_OF_SCOPE, TYPES, Document, Model
from monitor.facts import Classification

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and F1 of one column, and how many messages bear it."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Measured:
    """How well a model answers on some messages.

    ``by_type`` follows the request types; ``macro_f1`` is their plain mean over the types that occur; ``main_type``
    the share of messages whose first request is the right one.
    """

    messages: int
    by_type: tuple[Scores, ...]
    macro_f1: float
    main_type: float
    out_of_scope: Scores
    unsure: float


def answers(told: Sequence[Classification]) -> Bools:
    """Return what a model says (messages × COLUMNS)."""
    said = np.zeros((len(told), COLUMNS), np.bool_)
    for row, classification in enumerate(told):
        said[row, [TYPES.index(request.type) for request in classification.requests]] = True
        said[row, OUT_OF_SCOPE] = classification.out_of_scope.asked
    return said


def measure(model: Model, examples: Sequence[Example]) -> Measured:
    """Measure a model on examples; columns that nobody answered (trust 0) do not count."""
    told = model.classify([Document(example.subject, example.text) for example in examples])
    truth = np.array([example.columns for example in examples]).reshape(-1, COLUMNS)
    trust = np.array([example.trust for example in examples]).reshape(-1, COLUMNS)
    said = answers(told)
    columns = [score(said[:, c] & (trust[:, c] > 0), truth[:, c]) for c in range(COLUMNS)]
    occurring = [one.f1 for one in columns[:OUT_OF_SCOPE] if one.support]
    first = [
        bool(classification.requests) and classification.requests[0].type is example.requests[0]
        for classification, example in zip(told, examples, strict=True)
        if example.requests
    ]
    return Measured(
        messages=len(examples),
        by_type=tuple(columns[:OUT_OF_SCOPE]),
        macro_f1=float(np.mean(occurring)) if occurring else 0.0,
        main_type=float(np.mean(first)) if first else 0.0,
        out_of_scope=columns[OUT_OF_SCOPE],
        unsure=float(np.mean([one.unsure for one in told])) if told else 0.0,
    )


def errors(model: Model, examples: Sequence[Example]) -> NDArray[np.int64]:
    """Return the wrong answers of each message, over the columns that somebody answered."""
    said = answers(model.classify([Document(example.subject, example.text) for example in examples]))
    truth = np.array([example.columns for example in examples]).reshape(-1, COLUMNS)
    known = np.array([example.trust for example in examples]).reshape(-1, COLUMNS) > 0
    return np.asarray(((said != truth) & known).sum(axis=1), np.int64)


def score(said: Bools, truth: Bools) -> Scores:
    """Return precision, recall and F1; all 0 where nothing was said or true."""
    both = float((said & truth).sum())
    precision = both / float(said.sum()) if said.any() else 0.0
    recall = both / float(truth.sum()) if truth.any() else 0.0
    f1 = 2 * precision * recall / (precision + recall) if both else 0.0
    return Scores(precision, recall, f1, int(truth.sum()))


def calibration_error(probabilities: NDArray[np.float64], truth: Bools, bins: int = 10) -> float:
    """Return the expected calibration error in equal bins (Guo et al. 2017, section 2)."""
    place = np.clip((probabilities * bins).astype(int), 0, bins - 1)
    return float(
        sum(
            abs(probabilities[place == b].mean() - truth[place == b].mean()) * np.mean(place == b)
            for b in range(bins)
            if (place == b).any()
        )
    )


def auroc(probabilities: NDArray[np.float64], truth: Bools) -> float:
    """Return the area under the ROC curve: how often a true one is ranked above a false one."""
    positive, negative = probabilities[truth], probabilities[~truth]
    if not len(positive) or not len(negative):
        return 0.5
    wins = (positive[:, None] > negative[None, :]).mean() + 0.5 * (positive[:, None] == negative[None, :]).mean()
    return float(wins)
