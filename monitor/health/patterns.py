"""When incidents are a pattern: one statistical rule for every boundary signal.

Incidents in four weeks are counted as a Poisson number with a rate of its own for each client. The rate's prior
is a Gamma distribution centred on the coach's other clients, so that a lone client borrows strength from all
(Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.6, Poisson rates with a Gamma prior). With ``n`` weighed
incidents in the window the posterior is Gamma(prior + n, strength + 1), and a pattern is there when

    P(rate > leeway | incidents) >= 0.5   and there are at least two separate incidents.

Reading: it is more likely than not that this client's rate goes beyond what the coach lets pass. With full
certainty of each incident and few among the other clients:

    leeway 1:  2 incidents 0.80 yes
    leeway 2:  2 incidents 0.45 no,  3 incidents 0.69 yes
    leeway 3:  3 incidents 0.40 no,  4 incidents 0.61 yes
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.facts import Fact
from monitor.health.findings import Evidence, Finding, Trend
from monitor.labels import Signal

WINDOW = timedelta(weeks=4)
BURST = timedelta(hours=12)  # messages closer than this are one incident
THRESHOLD = 0.5
PRIOR_MEAN = 0.5  # incidents in four weeks, where there are no other clients to learn from
PRIOR_STRENGTH = 0.25  # windows that the prior counts for: weak, the client's own incidents decide
LEAST = 2


@dataclass(frozen=True, slots=True)
class Incident:
    """One separate incident: when, how certain (0 to 1), and the messages that show it, the strongest first."""

    at: datetime
    weight: float
    facts: tuple[Fact, ...]
    quotes: tuple[str, ...]


def separate(marked: Iterable[tuple[Fact, float, str]]) -> list[Incident]:
    """Join messages of one burst into one incident, as certain as its strongest message."""
    incidents: list[Incident] = []
    burst: list[tuple[Fact, float, str]] = []

    def close() -> None:
        if burst:
            ranked = sorted(burst, key=lambda item: -item[1])
            incidents.append(
                Incident(
                    burst[0][0].sent_at,
                    min(1.0, ranked[0][1]),
                    tuple(i[0] for i in ranked),
                    tuple(i[2] for i in ranked),
                )
            )
            burst.clear()

    for item in sorted(marked, key=lambda item: (item[0].sent_at, item[0].key)):
        if burst and item[0].sent_at - burst[0][0].sent_at > BURST:
            close()
        burst.append(item)
    close()
    return incidents


def weighed(incidents: Iterable[Incident], end: datetime, window: timedelta = WINDOW) -> float:
    """Return the sum of the weights in the window that ends at ``end`` (included)."""
    return sum(incident.weight for incident in incidents if end - window < incident.at <= end)


def probability_above(leeway: float, count: float, prior_mean: float = PRIOR_MEAN) -> float:
    """Return P(rate > leeway) after ``count`` weighed incidents in one window."""
    shape = max(prior_mean, 0.05) * PRIOR_STRENGTH + count + 0.5
    rate = PRIOR_STRENGTH + 1.0
    return upper_gamma(shape, leeway * rate) if leeway > 0 else 1.0


def find(
    signal: Signal,
    incidents: Sequence[Incident],
    leeway: int,
    now: datetime,
    zone: ZoneInfo,
    prior_mean: float,
    rule: str,
) -> Finding | None:
    """Return the finding if the incidents are a pattern at ``now``, else None."""
    past = [incident for incident in incidents if incident.at <= now]
    recent = [incident for incident in past if now - WINDOW < incident.at]
    if len(recent) < LEAST:
        return None
    strength = probability_above(leeway, weighed(past, now), prior_mean)
    if strength < THRESHOLD:
        return None
    before = weighed(past, now - WINDOW / 2, WINDOW / 2)
    lately = weighed(past, now, WINDOW / 2)
    trend = Trend.RISING if lately > before + 0.75 else Trend.EASING if lately < before - 0.75 else Trend.STEADY
    return Finding(
        signal=signal,
        since=_since(past, leeway, now, zone, prior_mean),
        trend=trend,
        strength=round(strength, 3),
        incidents=len(recent),
        leeway=leeway,
        rule=rule,
        evidence=tuple(_evidence(incident) for incident in sorted(recent, key=lambda i: i.at, reverse=True)),
        weekly=weekly_counts(past, now),
    )


def weekly_counts(incidents: Sequence[Incident], now: datetime, weeks: int = 12) -> tuple[int, ...]:
    """Return the incidents of each of the last weeks, the oldest first; the last one ends now."""
    return tuple(
        sum(now - timedelta(weeks=back + 1) < incident.at <= now - timedelta(weeks=back) for incident in incidents)
        for back in range(weeks - 1, -1, -1)
    )


def _since(incidents: Sequence[Incident], leeway: int, now: datetime, zone: ZoneInfo, prior_mean: float) -> date:
    """Return the day of the first incident of the unbroken run of days on which the pattern was there."""
    start = now
    for incident in sorted((i for i in incidents if i.at <= now), key=lambda i: i.at, reverse=True):
        if probability_above(leeway, weighed(incidents, incident.at), prior_mean) >= THRESHOLD:
            start = incident.at
        elif start is not now:
            break
    inside = [incident.at for incident in incidents if start - WINDOW < incident.at <= start]
    return min(inside, default=start).astimezone(zone).date()


def _evidence(incident: Incident) -> Evidence:
    fact = incident.facts[0]
    return Evidence(fact.message_id, fact.sent_at, incident.quotes[0], fact.folder, fact.subject)


def upper_gamma(shape: float, x: float) -> float:
    """Return the regularised upper incomplete gamma function Q(shape, x).

    By series below ``shape + 1`` and by continued fraction above it (Press et al., Numerical Recipes, 3rd ed., 6.2);
    written out because it is twenty lines, and scipy would triple the memory of the process that judges.
    """
    if x <= 0:
        return 1.0
    scale = math.exp(-x + shape * math.log(x) - math.lgamma(shape))
    if x < shape + 1:
        term = total = 1 / shape
        n = shape
        while term > total * 1e-12:
            n += 1
            term *= x / n
            total += term
        return max(0.0, 1 - total * scale)
    b = x + 1 - shape
    c = 1e300
    d = 1 / b
    fraction = d
    for i in range(1, 500):
        step = -i * (i - shape)
        b += 2
        d = step * d + b
        c = b + step / c
        d = 1 / (d if abs(d) > 1e-300 else 1e-300)
        change = d * (c if abs(c) > 1e-300 else 1e-300)
        fraction *= change
        if abs(change - 1) < 1e-12:
            break
    return min(1.0, fraction * scale)
