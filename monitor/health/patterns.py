"""When incidents are a pattern: one statistical rule for every boundary signal that is told by messages.

Incidents of four weeks are a Poisson number with a rate of its own for each client. Its prior is a Gamma
distribution centred on the rate of the coach's other clients, with the weight of a tenth of a window, so that a
lone client borrows a little from all and the client's own incidents decide (Gelman et al., Bayesian Data Analysis,
3rd ed., 2.6: Poisson rates with a Gamma prior, and its empirical use for rates of small counts). With ``n``
incidents in the window, each weighed by how certain it is, the posterior is Gamma(mean / 10 + n, 1 / 10 + 1), and
a pattern is there when

    P(rate > leeway | incidents) >= 3/7   and there are at least two separate incidents.

Three in seven is the bound that costs least in the long run where a pattern told too late costs a third more than
one told too early (Berger, Statistical Decision Theory and Bayesian Analysis, 2nd ed., 4.4: two actions): it does not
settle by itself, and whoever reads the quotes sees at once what is none. With half an incident among the others:

    leeway    weighed incidents and their probability                  told from about
       1      1  0.35 no     1.5  0.55 yes    2  0.71 yes              1.2 incidents
       2      2  0.37 no     2.5  0.51 yes    3  0.63 yes              2.2 incidents
       3      3  0.37 no     3.5  0.48 yes    4  0.59 yes              3.3 incidents
       5      5  0.37 no     5.5  0.45 yes    6  0.54 yes              5.4 incidents

So "two pass" means that a third, fairly certain one does not. A pattern that was there a week ago stays as long as
the probability is 0.38 or more: still more incidents than the coach lets pass, if less certain ones, so that it does
not come and go with the classifier's doubts. A test holds these numbers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from monitor.facts import Fact
from monitor.health.distributions import upper_gamma
from monitor.health.findings import Evidence, Finding, Trend
from monitor.health.working_time import day_of
from monitor.labels import Signal

WINDOW = timedelta(weeks=4)
WEEK = timedelta(weeks=1)
WEEKS = 12  # weekly counts and weekly health look back so far
THRESHOLD = 3 / 7
KEPT = 0.38
PRIOR_MEAN = 0.5  # incidents in four weeks, where there are no other clients to learn from
PRIOR_STRENGTH = 0.1  # windows that the prior counts for
LEAST = 2  # one incident is a lapse, whatever its weight and the leeway

Marked = tuple[Fact, float, str]
"""A message that shows an incident: with its certainty (0 to 1), and the span that proves it."""


@dataclass(frozen=True, slots=True)
class Incident:
    """One separate incident: its day and last moment, how certain (0 to 1), and its messages, the clearest first."""

    at: datetime
    day: date
    weight: float
    facts: tuple[Fact, ...]
    quotes: tuple[str, ...]


class Track:
    """The incidents of one signal of one client in the order of time, ready to be counted over any window."""

    __slots__ = ("_summed", "_times", "incidents")

    def __init__(self, incidents: Iterable[Incident] = ()) -> None:
        self.incidents = tuple(sorted(incidents, key=lambda incident: incident.at))
        self._times = [incident.at for incident in self.incidents]
        self._summed = [0.0, *accumulate(incident.weight for incident in self.incidents)]

    def within(self, start: datetime, end: datetime) -> tuple[Incident, ...]:
        """Return the incidents after ``start``, up to ``end`` (included)."""
        return self.incidents[bisect_right(self._times, start) : bisect_right(self._times, end)]

    def count(self, start: datetime, end: datetime) -> int:
        """Return how many incidents there are after ``start``, up to ``end``."""
        return max(0, bisect_right(self._times, end) - bisect_right(self._times, start))

    def weighed(self, start: datetime, end: datetime) -> float:
        """Return the sum of their weights."""
        if not self._times:
            return 0.0
        first, last = bisect_right(self._times, start), bisect_right(self._times, end)
        return self._summed[last] - self._summed[first] if last > first else 0.0

    def after(self, day: date) -> Track:
        """Return the track without what happened up to a day, included."""
        return Track(incident for incident in self.incidents if incident.day > day)


def separate(marked: Iterable[Marked], zone: ZoneInfo) -> list[Incident]:
    """Join the messages of one day into one incident, as certain as its strongest message.

    A burst of mails on one evening is one incident; the night belongs to the evening before.
    """
    days: dict[date, list[Marked]] = {}
    for item in marked:
        days.setdefault(day_of(item[0].sent_at, zone), []).append(item)
    return [joined(day, items) for day, items in sorted(days.items())]


def joined(day: date, items: Sequence[Marked]) -> Incident:
    """Return the incident that some messages show together."""
    ranked = sorted(items, key=lambda item: (-item[1], not item[2], item[0].sent_at, item[0].key))
    return Incident(
        at=max(item[0].sent_at for item in items),
        day=day,
        weight=min(1.0, ranked[0][1]),
        facts=tuple(item[0] for item in ranked),
        quotes=tuple(item[2] for item in ranked),
    )


def probability_above(leeway: float, count: float, prior_mean: float = PRIOR_MEAN) -> float:
    """Return P(rate > leeway) after ``count`` weighed incidents in one window."""
    if leeway <= 0:
        return 1.0
    # With a prior mean beyond the leeway, the others' behaviour alone would accuse.
    shape = min(max(prior_mean, 0.05), leeway) * PRIOR_STRENGTH + max(count, 0.0)
    return upper_gamma(round(shape, 6), leeway * (PRIOR_STRENGTH + 1.0))


def strength_at(track: Track, leeway: int, now: datetime, prior_mean: float) -> float:
    """Return P(rate > leeway) at a moment; 0 where fewer than two incidents lie in the window."""
    if track.count(now - WINDOW, now) < LEAST:
        return 0.0
    return probability_above(leeway, track.weighed(now - WINDOW, now), prior_mean)


def find(
    signal: Signal,
    track: Track,
    leeway: int,
    now: datetime,
    zone: ZoneInfo,
    prior_mean: float,
    rule: str,
    threshold: float = THRESHOLD,
) -> Finding | None:
    """Return the finding if the incidents are a pattern at ``now``, else None."""
    strength = strength_at(track, leeway, now, prior_mean)
    if strength < threshold:
        return None
    recent = track.within(now - WINDOW, now)
    before = track.weighed(now - WINDOW, now - WINDOW / 2)
    lately = track.weighed(now - WINDOW / 2, now)
    trend = Trend.RISING if lately > before + 0.75 else Trend.EASING if lately < before - 0.75 else Trend.STEADY
    return Finding(
        signal=signal,
        since=_since(track, leeway, now, zone, prior_mean),
        trend=trend,
        strength=round(strength, 3),
        incidents=len(recent),
        leeway=leeway,
        rule=rule,
        evidence=tuple(evidence_of(incident) for incident in reversed(recent)),
        weekly=weekly_counts(track, now),
    )


def presence(strengths: Iterable[float]) -> list[bool]:
    """Return in which of some weeks a pattern was there, given its probability in each of them."""
    found: list[bool] = []
    for strength in strengths:
        found.append(strength >= (KEPT if found and found[-1] else THRESHOLD))
    return found


def weekly_counts(track: Track, now: datetime, weeks: int = WEEKS) -> tuple[int, ...]:
    """Return the incidents of each of the last weeks, the oldest first; the last one ends now."""
    return tuple(track.count(now - WEEK * (back + 1), now - WEEK * back) for back in range(weeks - 1, -1, -1))


def evidence_of(incident: Incident) -> Evidence:
    """Return the message that shows an incident best."""
    fact = incident.facts[0]
    return Evidence(fact.message_id, fact.sent_at, incident.quotes[0], fact.folder, fact.subject, fact.direction)


def _since(track: Track, leeway: int, now: datetime, zone: ZoneInfo, prior_mean: float) -> date:
    """Return the day of the first incident of the unbroken run in which the pattern was there."""
    start = now
    for incident in reversed(track.within(datetime.min.replace(tzinfo=now.tzinfo), now)):
        if strength_at(track, leeway, incident.at, prior_mean) >= THRESHOLD:
            start = incident.at
        elif start is not now:
            break
    inside = track.within(start - WINDOW, start)
    return inside[0].day if inside else start.astimezone(zone).date()
