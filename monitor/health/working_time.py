"""Office hours, days off and public holidays: when the coach works, in the coach's own zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from monitor.agreement import Absence, Agreement

NIGHT_ENDS = timedelta(hours=5)  # on the clock: a mail at two in the night belongs to the evening before


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """Return the day that a moment belongs to for people in a zone; their day ends in the small hours."""
    return (moment.astimezone(zone).replace(tzinfo=None) - NIGHT_ENDS).date()


@lru_cache(maxsize=64)
def _public_holidays(calendar: str, year: int) -> frozenset[date]:
    if not calendar:
        return frozenset()
    import holidays  # large; needed only where days are judged

    country, _, subdivision = calendar.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """The working time of one agreement. ``holidays`` is a calendar such as ``DE-BY``, empty for none."""

    agreement: Agreement
    zone: ZoneInfo
    holidays: str = ""
    absences: tuple[Absence, ...] = ()

    def is_day_off(self, day: date) -> bool:
        """Whether nobody is owed anything on that day: no office hours, a public holiday, or the coach away."""
        return (
            day.weekday() not in self.agreement.office_hours
            or day in _public_holidays(self.holidays, day.year)
            or any(absence.first <= day <= absence.last for absence in self.absences)
        )

    def is_office_time(self, moment: datetime) -> bool:
        """Whether an aware moment lies in office hours."""
        local = moment.astimezone(self.zone)
        if self.is_day_off(local.date()):
            return False
        opening, closing = self.agreement.office_hours[local.weekday()]
        return opening <= local.time().replace(tzinfo=None) < closing

    def working_days(self, start: datetime, end: datetime) -> float:
        """Return the working days between two moments; a part of a day counts by its share of office hours."""
        if end <= start:
            return 0.0
        total = 0.0
        first, last = start.astimezone(self.zone), end.astimezone(self.zone)
        day = first.date()
        while day <= last.date():
            if not self.is_day_off(day):
                opening, closing = (
                    datetime.combine(day, at, self.zone) for at in self.agreement.office_hours[day.weekday()]
                )
                shared = (min(last, closing) - max(first, opening)).total_seconds()
                total += max(0.0, shared) / (closing - opening).total_seconds()
            day += timedelta(days=1)
        return total

    def days_present(self, start: datetime, end: datetime) -> int:
        """Return the days of the calendar between two moments, without those on which the coach is away."""
        first, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        days = (last - first).days
        for absence in self.absences:
            away = (min(absence.last, last) - max(absence.first, first)).days + 1
            days -= max(0, away)
        return max(0, days)
