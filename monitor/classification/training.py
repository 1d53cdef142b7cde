"""Fit a model from labelled examples with scikit-learn. Imported in short-lived processes only: it is large."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from monitor.classification import vectorizer
from monitor.classification.corpus import Example
from monitor.classification.features import Context, contexts, whole
from monitor.classification.model import (
    ASKING,
    BOUND,
    COLUMNS,
    KINDS_OUT_OF_SCOPE,
    OUT_OF_SCOPE,
    POOLED,
    TYPES,
    Model,
    consistent,
    pooled,
    sigmoid,
)
from monitor.classification.vectorizer import Vectorizer

FOLDS = 3
PORTION = 2_000  # segments that are vectorised at a time
SEGMENT_C = 1.0  # inverse regularisation of the segment classifiers; chosen on folds of the corpus
ASKING_C = 0.3
WHOLE_C = 0.5
POOLING_C = 0.1
MAIN_C = 0.01
SPREAD = 3.0  # margins times this are nearly log-odds, which is what the pooling adds up
# The pooling is fitted on scores of models that knew two thirds of the examples; the whole model's are sharper.
# Measured on held-back personas: calibration error of the scope 0.023 before, 0.014 after; on other labelled mail
# 0.042 and 0.030 (a perfect model would show 0.049 on so few).
SHARPER = 1.2
CARE = 0.5  # of the scope's F score: precision counts twice, for a wrong accusation costs more trust than a miss

Matrix = NDArray[np.float64]
Labels = NDArray[np.bool_]
Rows = NDArray[np.int64]


def train(examples: Sequence[Example], version: str) -> Model:
    """Fit segment and whole-message classifiers, then the pooling on scores that they gave unseen examples.

    The pooling is what calibrates: a logistic regression on held-out scores (Platt 1999), folds split by group.
    """
    vectors = vectorizer.fit(context for example in examples for context in contexts(_texts(example), example.subject))
    asked = np.array([example.columns for example in examples])
    labels = segment_labels(np.concatenate([example.labels for example in examples]))
    message_weights = np.array([example.weight * example.trust for example in examples])
    segment_weights = np.concatenate([_segment_weights(example) for example in examples])
    ends = np.cumsum([0] + [len(example.segments) for example in examples])
    groups = [example.group for example in examples]
    folds = list(GroupKFold(FOLDS).split(groups, groups=groups))

    # One matrix after the other, so that only one is in memory.
    segments = (c for example in examples for c in contexts(_texts(example), example.subject))
    segment_folds = [(_rows(learned, ends), _rows(measured, ends)) for learned, measured in folds]
    unseen, weights, bias = _fit_and_score(
        _matrix(segments, vectors), labels, segment_weights, SEGMENT_C, segment_folds
    )
    wholes = (whole(example.text, example.subject) for example in examples)
    unseen_wholes, whole_weights, whole_bias = _fit_and_score(
        _matrix(wholes, vectors), asked, message_weights, WHOLE_C, folds
    )
    described = np.array([pooled(unseen[ends[i] : ends[i + 1]], unseen_wholes[i]) for i in range(len(examples))])

    pooling, pooling_bias = _fit_pooling(described, asked, message_weights)
    pooling[:, OUT_OF_SCOPE] *= SHARPER
    pooling_bias[OUT_OF_SCOPE] *= SHARPER
    main, main_bias = _fit_main(described, examples)
    return Model(
        version=version,
        vectorizer=vectors,
        weights=weights.astype(np.float32),
        bias=bias.astype(np.float32),
        whole_weights=whole_weights.astype(np.float32),
        whole_bias=whole_bias.astype(np.float32),
        pooling=pooling.astype(np.float32),
        pooling_bias=pooling_bias.astype(np.float32),
        main=main.astype(np.float32),
        main_bias=main_bias.astype(np.float32),
        thresholds=_thresholds(consistent(sigmoid(described @ pooling + pooling_bias)), asked, message_weights),
    )


def segment_labels(labels: Labels) -> Labels:
    """Widen the labels of segments (segments × COLUMNS) by the kinds out of scope and ASKING."""
    outside = labels[:, OUT_OF_SCOPE]
    return np.column_stack([labels, *(outside & labels[:, TYPES.index(kind)] for kind in KINDS_OUT_OF_SCOPE), outside])


def _segment_weights(example: Example) -> Matrix:
    """Return how much each segment counts for each column (segments × SEGMENT_COLUMNS).

    Which segment asks is learned within messages that ask outside the agreement in one place: the others say nothing
    of it, or leave open which of two is meant.
    """
    known = example.weight * example.trust
    scope = known[OUT_OF_SCOPE]
    asks_once = int(example.labels[:, OUT_OF_SCOPE].sum()) == 1
    row = np.concatenate([known, np.full(len(KINDS_OUT_OF_SCOPE), scope), [scope if asks_once else 0.0]])
    return np.tile(row, (len(example.segments), 1))


def _texts(example: Example) -> list[str]:
    return [segment.text for segment in example.segments]


def _rows(messages: Rows, ends: NDArray[np.int64]) -> Rows:
    """Return the segment rows of messages."""
    return np.concatenate([np.arange(ends[message], ends[message + 1]) for message in messages])


def _matrix(all_contexts: Iterable[Context], vectors: Vectorizer) -> csr_matrix:
    """Vectorise in portions: what one portion needs meanwhile is several times as large as its rows."""
    waiting = iter(all_contexts)
    values: list[NDArray[np.float32]] = []
    columns: list[NDArray[np.int32]] = []
    lengths: list[NDArray[np.int64]] = []
    while portion := list(islice(waiting, PORTION)):
        rows = vectors.rows(portion)
        values.append(rows.data)
        columns.append(rows.indices)
        lengths.append(np.diff(rows.indptr))
    # In double precision, for the solver would copy anything else.
    data = np.concatenate(values, dtype=np.float64)
    values.clear()
    indices = np.concatenate(columns)
    columns.clear()
    # Narrow, or the column numbers are widened with it.
    ends = np.concatenate([[0], np.cumsum(np.concatenate(lengths))]).astype(np.int32)
    return csr_matrix((data, indices, ends), shape=(len(ends) - 1, vectors.size))


def _fit_and_score(
    matrix: csr_matrix, labels: Labels, weights: Matrix, c: float, folds: Sequence[tuple[Rows, Rows]]
) -> tuple[Matrix, Matrix, Matrix]:
    """Return the scores that models of the other folds give each row, and the model of all rows."""
    unseen = np.zeros(labels.shape)
    for learned, measured in folds:
        coefficients, intercepts = _fit(matrix[learned], labels[learned], weights[learned], c)
        unseen[measured] = matrix[measured] @ coefficients + intercepts
    coefficients, intercepts = _fit(matrix, labels, weights, c)
    return unseen, coefficients, intercepts


def _fit(matrix: csr_matrix, labels: Labels, weights: Matrix, c: float) -> tuple[Matrix, Matrix]:
    """Fit one linear support vector machine a column; return coefficients (features × columns) and intercepts.

    Measured on folds of the corpus it is as good as a logistic regression and four times as fast; what calibrates
    is the pooling.
    """
    coefficients = np.zeros((matrix.shape[1], labels.shape[1]))
    intercepts = np.zeros(labels.shape[1])
    for column in range(labels.shape[1]):
        known = labels[weights[:, column] > 0, column]
        if known.all() or not known.any():
            intercepts[column] = BOUND if known.any() else -BOUND  # nothing to tell apart
            continue
        fitted = LinearSVC(C=ASKING_C if column == ASKING else c, dual=True, tol=0.1, random_state=0)
        # The solver leaves out what weighs nothing; left out here, it would cost a copy of the matrix.
        fitted.fit(matrix, labels[:, column], sample_weight=weights[:, column])
        coefficients[:, column] = SPREAD * fitted.coef_[0]
        intercepts[column] = SPREAD * fitted.intercept_[0]
    return coefficients, intercepts


def _fit_pooling(described: Matrix, asked: Labels, weights: Matrix) -> tuple[Matrix, Matrix]:
    pooling = np.zeros((POOLED, COLUMNS))
    bias = np.zeros(COLUMNS)
    for column in range(COLUMNS):
        known = weights[:, column] > 0
        fitted = LogisticRegression(C=POOLING_C, solver="newton-cholesky")
        fitted.fit(described[known], asked[known, column], sample_weight=weights[known, column])
        pooling[:, column] = fitted.coef_[0]
        bias[column] = fitted.intercept_[0]
    return pooling, bias


def _fit_main(described: Matrix, examples: Sequence[Example]) -> tuple[Matrix, Matrix]:
    """Fit which type comes first: one multinomial logistic regression over the pooled scores."""
    with_type = [number for number, example in enumerate(examples) if example.requests]
    first = np.array([TYPES.index(examples[number].requests[0]) for number in with_type])
    fitted = LogisticRegression(C=MAIN_C, tol=1e-3, max_iter=2_000)  # the last digits take three times as long
    fitted.fit(described[with_type], first, sample_weight=np.array([examples[number].weight for number in with_type]))
    main = np.zeros((POOLED, OUT_OF_SCOPE))
    bias = np.full(OUT_OF_SCOPE, -30.0)
    main[:, fitted.classes_] = fitted.coef_.T
    bias[fitted.classes_] = fitted.intercept_
    return main, bias


def _thresholds(probabilities: Matrix, asked: Labels, weights: Matrix) -> NDArray[np.float32]:
    """Return the threshold of each column, chosen on unseen scores.

    For the types the best F1, drawn half-way to the common one, because few examples make a free threshold
    erratic; for the scope the best F with CARE.
    """
    candidates = np.arange(0.2, 0.81, 0.02)

    def scores(column: int, beta: float) -> list[float]:
        known = weights[:, column] > 0
        said, truth = probabilities[known, column], asked[known, column]
        return [_f_score(said >= candidate, truth, beta) for candidate in candidates]

    types = np.array([scores(column, 1.0) for column in range(OUT_OF_SCOPE)])
    common = candidates[types.mean(axis=0).argmax()]
    thresholds = np.zeros(COLUMNS, np.float32)
    thresholds[:OUT_OF_SCOPE] = (candidates[types.argmax(axis=1)] + common) / 2
    thresholds[OUT_OF_SCOPE] = candidates[int(np.argmax(scores(OUT_OF_SCOPE, CARE)))]
    return thresholds


def _f_score(said: Labels, asked: Labels, beta: float) -> float:
    """Return the F score; ``beta`` below 1 weighs precision above recall (van Rijsbergen 1979)."""
    both = float((said & asked).sum())
    return (1 + beta**2) * both / max(beta**2 * float(asked.sum()) + float(said.sum()), 1.0)
