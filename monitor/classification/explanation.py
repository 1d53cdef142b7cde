"""Explain one classification: sentence by sentence, the words and cues for and against, with their weights."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from monitor.classification.features import contexts, letters_of, words_of
from monitor.classification.model import OUT_OF_SCOPE, TYPES, Document, Model
from monitor.classification.segments import segments_of
from monitor.facts import Classification

SHOWN = 5  # words or cues for and against


@dataclass(frozen=True, slots=True)
class Weighed:
    """What speaks for one answer in one sentence; weights in log-odds, above zero for, below zero against."""

    column: str
    score: float
    for_it: tuple[tuple[str, float], ...]
    against_it: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """One sentence with what it shows, the strongest answer first."""

    text: str
    weighed: tuple[Weighed, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A classification with its reasons."""

    classification: Classification
    sentences: tuple[Explained, ...]


def explain(model: Model, document: Document) -> Explanation:
    """Explain what the model says of a message.

    A letter n-gram's weight is told as the word's that it stands in; a word pair's as both words'.
    """
    told = model.classify([document])[0]
    segments = segments_of(document.text)
    wanted = [TYPES.index(request.type) for request in told.requests]
    if told.out_of_scope.asked or not wanted:
        wanted.append(OUT_OF_SCOPE)
    scores = model.segment_scores([document], [segments])[0]
    surrounded = contexts([segment.text for segment in segments], document.subject)
    names = model.vectorizer.names()
    sentences: list[Explained] = []
    for number, (segment, context) in enumerate(zip(segments, surrounded, strict=True)):
        rows = model.vectorizer.rows([context])
        weighed = [
            _weighed(model, names, rows.indices, rows.data, segment.text, column, float(scores[number, column]))
            for column in wanted
        ]
        sentences.append(Explained(segment.text, tuple(sorted(weighed, key=lambda one: -one.score))))
    return Explanation(told, tuple(sentences))


def _weighed(
    model: Model,
    names: list[str],
    columns: np.ndarray,
    values: np.ndarray,
    text: str,
    answer: int,
    score: float,
) -> Weighed:
    parts: dict[str, float] = defaultdict(float)
    letters: dict[str, list[str]] = defaultdict(list)
    for word in set(words_of(text)):
        for letter in letters_of(word):
            letters[letter].append(word)
    for column, value in zip(columns, values, strict=True):
        weight = float(model.weights[column, answer] * value)
        kind, _, name = names[column].partition(":")
        if kind == "l":
            owners = letters.get(name, [])
            for word in owners:
                parts[word] += weight / len(owners)
        elif kind == "b":
            one, _, two = name.partition("_")
            for word in (one, two):
                parts[word] += weight / 2
        elif kind == "w":
            parts[name] += weight
        elif kind == "s":
            parts[f"subject: {name}"] += weight
        else:
            place = {"c<": "sentence before: ", "c>": "sentence after: ", "f": "words about "}.get(kind, "cue: ")
            parts[place + name.replace("_", " ").replace("+", " and ")] += weight
    parts.pop("^", None)
    parts.pop("$", None)
    ranked = sorted(parts.items(), key=lambda item: -item[1])
    label = "out_of_scope" if answer == OUT_OF_SCOPE else str(TYPES[answer])
    return Weighed(
        label,
        round(score, 2),
        tuple((name, round(weight, 2)) for name, weight in ranked[:SHOWN] if weight > 0.05),
        tuple((name, round(weight, 2)) for name, weight in reversed(ranked[-SHOWN:]) if weight < -0.05),
    )
