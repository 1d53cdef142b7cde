"""Labels of whole messages to examples: which sentence of a filed mail shows what the coach means.

The coach files whole messages; multiple-instance learning needs no more (Dietterich et al. 1997; Andrews et al. 2002):
the segment that the serving model finds most likely is taken for the one that bears the label, and none of the others
bears a label that the message lacks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from monitor.classification.corpus import Example
from monitor.classification.model import COLUMNS, OUT_OF_SCOPE, TYPES, Document, Model, asking_scores
from monitor.classification.segments import segments_of
from monitor.labels import Label, RequestType, Verdict

WEIGHT = 5.0  # an example of the coach against one of the corpus; measured: 3 to 10 gain most and spoil least
ALWAYS_OUTSIDE = frozenset({RequestType.EXTRA_WORK, RequestType.INSTANT_ACCESS})  # by the label guide, whenever asked
ABSENT = 0.5  # how far a message in one folder alone is trusted not to ask anything else; in several it is wholly
HELD_BACK = 4  # one in so many (client, month) groups measures and never teaches


@dataclass(frozen=True, slots=True)
class Lesson:
    """A message that the coach filed, or took out of a folder again; ``month`` is when it was sent (2026-03)."""

    key: str
    sender: str
    month: str
    document: Document
    filed: frozenset[Label]
    taken_out: frozenset[Label]

    @property
    def is_held_back(self) -> bool:
        """Whether this lesson measures models instead of teaching them; its group stays together."""
        return hashlib.sha256(f"{self.sender} {self.month}".encode()).digest()[0] % HELD_BACK == 0


def examples_of(lessons: Sequence[Lesson], model: Model) -> list[Example]:
    """Turn lessons into examples, with the serving model's help for the segments."""
    documents = [lesson.document for lesson in lessons]
    cut = [segments_of(document.text) for document in documents]
    scores = model.segment_scores(documents, cut)
    made: list[Example] = []
    for lesson, segments, rows in zip(lessons, cut, scores, strict=True):
        if not segments:
            continue
        asked, trust = _answers(lesson)
        labels = np.zeros((len(segments), COLUMNS), np.bool_)
        for column in np.flatnonzero(asked):
            bears = asking_scores(rows) if column == OUT_OF_SCOPE else rows[:, column]
            labels[bears.argmax(), column] = True
        types = [request for request in TYPES if asked[TYPES.index(request)]]
        types.sort(key=lambda request: -rows[:, TYPES.index(request)].max())
        made.append(
            Example(
                identity=lesson.key,
                group=f"coach {lesson.sender}",
                subject=lesson.document.subject,
                text=lesson.document.text,
                segments=tuple(segments),
                labels=labels,
                requests=tuple(types),
                out_of_scope=bool(asked[OUT_OF_SCOPE]),
                weight=WEIGHT,
                trust=trust,
            )
        )
    return made


def _answers(lesson: Lesson) -> tuple[np.ndarray, np.ndarray]:
    """Return what the message asks and how far each answer is known (both COLUMNS)."""
    asked = np.zeros(COLUMNS, np.bool_)
    trust = np.zeros(COLUMNS)
    if Verdict.NOT_A_CLIENT in lesson.filed:
        trust[:] = 1.0
        return asked, trust
    types = [label for label in lesson.filed if isinstance(label, RequestType)]
    if types:
        trust[:OUT_OF_SCOPE] = ABSENT if len(lesson.filed) == 1 else 1.0
    for request in types:
        asked[TYPES.index(request)] = True
        trust[TYPES.index(request)] = 1.0
    for label in lesson.taken_out - lesson.filed:
        if isinstance(label, RequestType):
            trust[TYPES.index(label)] = 1.0
    if Verdict.OUT_OF_SCOPE in lesson.filed or (ALWAYS_OUTSIDE & lesson.filed and Verdict.IN_SCOPE not in lesson.filed):
        asked[OUT_OF_SCOPE] = True
        trust[OUT_OF_SCOPE] = 1.0
    elif Verdict.IN_SCOPE in lesson.filed or Verdict.OUT_OF_SCOPE in lesson.taken_out:
        trust[OUT_OF_SCOPE] = 1.0
    return asked, trust
