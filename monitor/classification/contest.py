"""Champion and challenger: a new model serves only if it is no worse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import comb

from monitor.classification.corpus import Example
from monitor.classification.measuring import Measured, errors, measure
from monitor.classification.model import Model

MARGIN = 0.01  # of macro-F1 or of the scope's F1 on the benchmark that a challenger may lose
DOUBT = 0.1  # a challenger loses if chance alone would give so many more errors less often than this
FEW = 20  # held-back messages of the coach below which they say little


class Ground(StrEnum):
    """What decided a contest."""

    REQUESTS = "requests"  # fewer are recognised on the benchmark
    SCOPE = "scope"  # the same of what lies outside the agreement
    OWN = "own"  # more errors on the coach's own messages
    NO_WORSE = "no_worse"


@dataclass(frozen=True, slots=True)
class Contest:
    """What the contest showed."""

    accepted: bool
    ground: Ground
    champion: Measured
    challenger: Measured
    own_messages: int
    own_errors: tuple[int, int]


def contest(champion: Model, challenger: Model, benchmark: Sequence[Example], own: Sequence[Example]) -> Contest:
    """Compare two models on the shipped benchmark and on the coach's held-back messages.

    Both by a sign test over the messages on which they differ (Conover 1999, 3.4); on the benchmark the F1 must
    have fallen by more than a margin besides.
    """
    before, after = measure(champion, benchmark), measure(challenger, benchmark)
    worse_there, better_there, _ = _differing(champion, challenger, benchmark)
    worse, better, own_errors = _differing(champion, challenger, own)
    lost = before.macro_f1 - after.macro_f1
    lost_scope = before.out_of_scope.f1 - after.out_of_scope.f1
    # A loss that chance alone would often give on so many messages is none.
    believable = worse_there > better_there and chance_of(worse_there, better_there) < DOUBT
    if lost > MARGIN and believable:
        ground = Ground.REQUESTS
    elif lost_scope > 2 * MARGIN and believable:
        ground = Ground.SCOPE
    elif worse > better and chance_of(worse, better) < DOUBT:
        ground = Ground.OWN
    else:
        ground = Ground.NO_WORSE
    return Contest(ground is Ground.NO_WORSE, ground, before, after, len(own), own_errors)


def _differing(champion: Model, challenger: Model, messages: Sequence[Example]) -> tuple[int, int, tuple[int, int]]:
    """Return on how many messages the challenger errs more and less, and the errors of both."""
    if not messages:
        return 0, 0, (0, 0)
    old, new = errors(champion, messages), errors(challenger, messages)
    return int((new > old).sum()), int((new < old).sum()), (int(old.sum()), int(new.sum()))


def chance_of(worse: int, better: int) -> float:
    """Return how often chance alone would give at least ``worse`` of all differing messages."""
    total = worse + better
    return sum(comb(total, count) for count in range(worse, total + 1)) / 2**total if total else 1.0
