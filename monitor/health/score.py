"""Health from 0 to 100, and what it is made of.

    health = 100 - boundary - contact - replies + progress        (held between 0 and 100)

- ``boundary``, up to 70: each signal weighs by its probability p of lying beyond the leeway, the strongest by
  45 p, the second by 20 p, every further one by 10 p. What is no pattern yet weighs half: a lapse costs little, yet
  the number moves before a conversation is due.
- ``contact``, up to 30: a U. Within the agreed and usual rhythm 0. Silence costs 10 as soon as it is silence, 30 at
  three times the rhythm. A flood of mail beyond the client's own usual costs up to 15, unless it is good mail
  (progress, in scope, in office hours).
- ``replies``, up to 15: the probability that more than every fourth answer of the coach comes late, if neglect is told.
- ``progress``, up to 10: 3 points back for each mail of four weeks that reports progress.

    nothing beyond leeway, usual rhythm                      100
    one ask outside the agreement of two that may pass        97
    scope_creep told with p = 0.65                            71
    the same with three reports of progress                   80
    silent for twice the rhythm                               80

The length of the relationship and the tone of mails are no part of it. Without any mail within twelve weeks, outside
the contract, beside words of danger for life, or where nothing was read for a week, there is no number: no data is
no health.
"""

from __future__ import annotations

from collections.abc import Iterable

from monitor.health.findings import HealthParts
from monitor.health.patterns import THRESHOLD
from monitor.health.rhythm import Quiet

STRONGEST, SECOND, FURTHER, MOST_BOUNDARY = 45.0, 20.0, 10.0, 70.0
SILENT, MOST_SILENT, FLOODED = 10.0, 30.0, 15.0
LATE = 15.0
A_REPORT, MOST_PROGRESS = 3, 10


def parts(
    strengths: Iterable[float], quiet: Quiet | None, flood: float, late: float, progress_reports: int
) -> HealthParts:
    """Return the points of each part.

    ``strengths`` are the probabilities of the boundary signals, ``flood`` (0 to 1) how far the client's mails go
    beyond their usual, ``late`` the probability of late answers where neglect is told.
    """
    told = sorted((p if p >= THRESHOLD else p / 2 for p in strengths), reverse=True)
    weights = (STRONGEST, SECOND, *(FURTHER for _ in told[2:]))
    boundary = min(MOST_BOUNDARY, sum(weight * p for weight, p in zip(weights, told, strict=False)))
    return HealthParts(
        boundary=round(boundary),
        contact=round(max(_silence(quiet), FLOODED * flood)),
        replies=round(LATE * late),
        progress=min(MOST_PROGRESS, A_REPORT * progress_reports),
    )


def health(made_of: HealthParts) -> int:
    """Return the health that the parts make."""
    lost = made_of.boundary + made_of.contact + made_of.replies
    return max(0, min(100, 100 - lost + made_of.progress))


def _silence(quiet: Quiet | None) -> float:
    if quiet is None or quiet.allowed is None or not quiet.is_silent:
        return 0.0
    beyond = quiet.days / max(quiet.allowed, 1.0) - 1
    return min(MOST_SILENT, SILENT + 10.0 * beyond)
