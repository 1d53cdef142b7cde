"""Fit a model from labelled examples with scikit-learn. Imported in short-lived processes only: it is large."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from monitor.classification import vectorizer
from monitor.classification.corpus import Example
from monitor.classification.features import Context, contexts
from monitor.classification.model import COLUMNS, OUT_OF_SCOPE, POOLED, TYPES, Model, logit, pooled, sigmoid
from monitor.classification.vectorizer import Rows

FOLDS = 3
SEGMENT_C = 8.0  # inverse regularisation of the segment classifiers
POOLING_C = 0.3


def train(examples: Sequence[Example], version: str) -> Model:
    """Fit segment classifiers, then the pooling on scores of examples that the classifiers had not seen.

    The pooling is what calibrates: a logistic regression on held-out scores (Platt 1999), folds split by group.
    """
    vectors = vectorizer.fit(context for example in examples for context in _contexts(example))
    rows = vectors.rows(context for example in examples for context in _contexts(example))
    matrix = _sparse(rows, vectors.size)
    labels = np.concatenate([example.labels for example in examples])
    weights = np.concatenate([np.full(len(example.segments), example.weight) for example in examples])
    ends = np.cumsum([0] + [len(example.segments) for example in examples])

    unseen = np.zeros((matrix.shape[0], COLUMNS))
    groups = [example.group for example in examples]
    for learned, measured in GroupKFold(FOLDS).split(groups, groups=groups):
        learned_rows = np.concatenate([np.arange(ends[i], ends[i + 1]) for i in learned])
        measured_rows = np.concatenate([np.arange(ends[i], ends[i + 1]) for i in measured])
        coefficients, bias = _fit_segments(matrix[learned_rows], labels[learned_rows], weights[learned_rows])
        unseen[measured_rows] = matrix[measured_rows] @ coefficients + bias
    coefficients, bias = _fit_segments(matrix, labels, weights)

    described = np.array([pooled(unseen[ends[i] : ends[i + 1]]) for i in range(len(examples))])
    asked = np.array([example.columns for example in examples])
    message_weights = np.array([example.weight for example in examples])
    pooling, pooling_bias = _fit_pooling(described, asked, message_weights)
    probabilities = sigmoid(described @ pooling + pooling_bias)
    return Model(
        version=version,
        vectorizer=vectors,
        weights=coefficients.astype(np.float32),
        bias=bias.astype(np.float32),
        pooling=pooling.astype(np.float32),
        pooling_bias=pooling_bias.astype(np.float32),
        thresholds=_thresholds(probabilities, asked),
        main=_main_type_bias(probabilities, examples),
    )


def _contexts(example: Example) -> list[Context]:
    return contexts([segment.text for segment in example.segments], example.subject)


def _sparse(rows: Rows, columns: int) -> csr_matrix:
    return csr_matrix((rows.data, rows.indices, rows.indptr), shape=(len(rows), columns))


def _fit_segments(
    matrix: csr_matrix, labels: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    coefficients = np.zeros((matrix.shape[1], COLUMNS))
    bias = np.zeros(COLUMNS)
    for column in range(COLUMNS):
        fitted = LogisticRegression(C=SEGMENT_C, solver="liblinear", tol=1e-3).fit(
            matrix, labels[:, column], sample_weight=weights
        )
        coefficients[:, column] = fitted.coef_[0]
        bias[column] = fitted.intercept_[0]
    return coefficients, bias


def _fit_pooling(
    described: NDArray[np.float64], asked: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    pooling = np.zeros((POOLED, COLUMNS))
    bias = np.zeros(COLUMNS)
    for column in range(COLUMNS):
        fitted = LogisticRegression(C=POOLING_C, max_iter=2_000).fit(described, asked[:, column], sample_weight=weights)
        pooling[:, column] = fitted.coef_[0]
        bias[column] = fitted.intercept_[0]
    return pooling, bias


def _thresholds(probabilities: NDArray[np.float64], asked: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return for each column the threshold with the best F1 on unseen scores, drawn half-way to the common one."""
    candidates = np.arange(0.2, 0.71, 0.02)
    scores = np.array(
        [
            [_f1(probabilities[:, column] >= candidate, asked[:, column]) for candidate in candidates]
            for column in range(COLUMNS)
        ]
    )
    common = candidates[scores[:OUT_OF_SCOPE].mean(axis=0).argmax()]
    own = candidates[scores.argmax(axis=1)]
    thresholds = (own + common) / 2
    thresholds[OUT_OF_SCOPE] = own[OUT_OF_SCOPE]
    return np.asarray(thresholds, np.float32)


def _f1(said: NDArray[np.bool_], asked: NDArray[np.bool_]) -> float:
    both = float((said & asked).sum())
    return 2 * both / max(float(said.sum() + asked.sum()), 1.0)


def _main_type_bias(probabilities: NDArray[np.float64], examples: Sequence[Example]) -> NDArray[np.float32]:
    """Learn which type comes first where several are asked: one number a type, fitted by steps on unseen scores."""
    scores = logit(probabilities[:, :OUT_OF_SCOPE])
    truth = np.array([TYPES.index(example.requests[0]) if example.requests else -1 for example in examples])
    bias = np.zeros(OUT_OF_SCOPE)
    for step in (0.8, 0.4, 0.2):
        for column in list(range(OUT_OF_SCOPE)) * 2:
            tried = {change: _hits(scores, bias, column, change, truth) for change in (0.0, step, -step)}
            bias[column] += max(tried, key=lambda change: (tried[change], change == 0.0))
    return bias.astype(np.float32)


def _hits(
    scores: NDArray[np.float64],
    bias: NDArray[np.float64],
    column: int,
    change: float,
    truth: NDArray[np.int64],
) -> int:
    moved = bias.copy()
    moved[column] += change
    return int(((scores + moved).argmax(axis=1) == truth).sum())
