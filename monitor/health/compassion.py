"""The compassion guard: what happens in a client's life comes before any boundary.

Illness, bereavement, birth or crisis in a client's mail, or the coach's condolences and wishes in an answer, suspend
boundary findings for a while; what happened meanwhile is not counted later either. Words that can point to danger
for life are never counted, weighed or scored: they are handed on to be read by the coach, first of all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from monitor.facts import Direction, Fact, Remark
from monitor.health.findings import Compassion, Evidence
from monitor.health.patterns import Track
from monitor.health.working_time import day_of

# An influenza is over sooner than a grief; whoever writes of it again rests again.
REST: Mapping[Remark, timedelta] = MappingProxyType(
    {
        Remark.ILLNESS: timedelta(weeks=2),
        Remark.BEREAVEMENT: timedelta(weeks=4),
        Remark.BIRTH: timedelta(weeks=4),
        Remark.CRISIS: timedelta(weeks=4),
        Remark.DANGER: timedelta(weeks=4),
    }
)
DANGER_SHOWN = timedelta(weeks=2)  # so long the letter hands on such words; an answer does not end the concern


class LifeEvents:
    """The times of one client in which boundaries rest."""

    __slots__ = ("_rests", "_zone")

    def __init__(self, facts: Sequence[Fact], zone: ZoneInfo) -> None:
        self._zone = zone
        self._rests = [
            (fact.sent_at, fact.sent_at + REST[remark], remark)
            for fact in facts
            for remark in sorted(fact.remarks & REST.keys())
        ]

    def at(self, now: datetime) -> Compassion | None:
        """Return what boundaries rest for at a moment; the event that lasts longest."""
        holding = [rest for rest in self._rests if rest[0] <= now < rest[1]]
        if not holding:
            return None
        start, end, remark = max(holding, key=lambda rest: rest[1])
        # Words of danger are told by a note of their own; this one is seen over a shoulder more easily.
        told = Remark.CRISIS if remark is Remark.DANGER else remark
        return Compassion(told, start.astimezone(self._zone).date(), end.astimezone(self._zone).date())

    def spare(self, track: Track) -> Track:
        """Return a track without the incidents of these times."""
        if not self._rests or not track.incidents:
            return track
        return Track(one for one in track.incidents if not self._covers(one.at, one.day))

    def _covers(self, at: datetime, day: date) -> bool:
        """Whether an incident lies in such a time; the whole day of the message that tells of it does."""
        return any(day_of(start, self._zone) <= day and at < end for start, end, _ in self._rests)


def danger(facts: Sequence[Fact], now: datetime) -> Evidence | None:
    """Return the last message of the past two weeks with words that can point to danger for life."""
    for fact in reversed(facts):
        if fact.sent_at <= now - DANGER_SHOWN:
            return None
        told = fact.direction is Direction.RECEIVED and Remark.DANGER in fact.remarks
        if told and fact.sent_at <= now:
            return Evidence(fact.message_id, fact.sent_at, "", fact.folder, fact.subject)
    return None
