"""The clock: summer time, downtime and a clock that is set never make two digests of a week, and none is lost.

The time of the test is invented; store, judgement and letter are real, and so are the rules of the zone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine

from monitor.config.configuration import Configuration, build
from monitor.errors import OutboxError
from monitor.letter.mail import Letter, write_letter
from monitor.pipelines.weekly import Past, deliver
from monitor.service.due import Weekly
from monitor.service.jobs import Job, Jobs
from monitor.store.database import Database, open_database
from monitor.store.digest_store import DigestStore
from monitor.store.fact_store import FactStore
from monitor.store.instruction_store import InstructionStore
from monitor.store.label_store import LabelStore

BERLIN = ZoneInfo("Europe/Berlin")
TICK = timedelta(minutes=15)
COACH = "jana@weber-coaching.example"


class _Ended:
    """A process that has done its work."""

    def __init__(self, returncode: int) -> None:
        self.returncode = returncode

    def poll(self) -> int:
        return self.returncode

    def kill(self) -> None:
        raise AssertionError("it has ended")

    def wait(self, timeout: float | None = None) -> int:
        return self.returncode


class Service:
    """What the daemon does with the clock, at every tick; ``letters`` are the local times at which one went out."""

    def __init__(self, database: Database, day: str = "monday", time: str = "07:00") -> None:
        self._database = database
        self.letters: list[datetime] = []
        self.refuse = False
        self.start(day, time)

    def start(self, day: str = "monday", time: str = "07:00") -> None:
        """Start, or start again, also with another rule."""
        self._configuration = configuration(day, time)
        self._jobs = Jobs(DigestStore(self._database), lambda: None, self._deliver)
        weekly = Weekly(self._configuration.weekday, self._configuration.at, self._configuration.coach.timezone)
        self._job = Job("digest", weekly, ("deliver", "--due", "{due}"))
        self._began = False

    def runs(self, clock: time_machine.Traveller, begin: datetime, end: datetime) -> None:
        """Let it run for a time."""
        now = begin
        while now <= end:
            clock.move_to(now.timestamp())
            if not self._began:
                self._jobs.begin(self._job)
                self._began = True
            self._jobs.do_if_owed(self._job, None, lambda due_at: False)
            now += TICK

    def _deliver(self, arguments: Sequence[str], file: Path | None) -> _Ended:
        def send(letter: Letter) -> None:
            if self.refuse:
                raise OutboxError("not now")
            self.letters.append(datetime.now(UTC).astimezone(BERLIN))

        try:
            deliver(
                self._configuration,
                FactStore(self._database),
                Past(DigestStore(self._database), LabelStore(self._database), InstructionStore(self._database)),
                lambda digest: write_letter(digest, COACH, COACH, owner_key=COACH),
                send,
                datetime.fromisoformat(arguments[-1]),
                datetime.now(UTC),
            )
        except OutboxError:
            return _Ended(1)
        return _Ended(0)


def configuration(day: str, time: str) -> Configuration:
    return build(
        {
            "coach": {"name": "Jana", "addresses": [COACH], "timezone": "Europe/Berlin"},
            "digest": {"day": day, "time": time},
        }
    )


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with open_database(f"sqlite:///{tmp_path}/store.db") as database:
        yield Service(database)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    # A number, not a datetime: an aware one would set the zone of this process too.
    with time_machine.travel(0.0, tick=False) as traveller:
        yield traveller


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def told(service: Service) -> list[str]:
    return [f"{letter:%m-%d %H:%M}" for letter in service.letters]


@pytest.mark.parametrize(
    ("begin", "wanted"),
    [
        (local(2026, 3, 20), ["03-23 07:00", "03-30 07:00", "04-06 07:00"]),
        (local(2026, 10, 16), ["10-19 07:00", "10-26 07:00", "11-02 07:00"]),
    ],
)
def test_the_digest_keeps_to_the_wall_clock_when_summer_time_begins_and_ends(
    service: Service, clock: time_machine.Traveller, begin: datetime, wanted: list[str]
) -> None:
    service.runs(clock, begin, begin + timedelta(days=20))

    assert told(service) == wanted


@pytest.mark.parametrize(
    ("begin", "wanted"),
    [
        # 02:30 does not come on the 29th of March, and comes twice on the 25th of October.
        (local(2026, 3, 18), [(22, "02:30"), (29, "03:30"), (5, "02:30")]),
        (local(2026, 10, 14), [(18, "02:30"), (25, "02:30"), (1, "02:30")]),
    ],
)
def test_a_time_that_summer_time_skips_or_doubles_falls_due_once(
    service: Service, clock: time_machine.Traveller, begin: datetime, wanted: list[tuple[int, str]]
) -> None:
    service.start("sunday", "02:30")
    service.runs(clock, begin, begin + timedelta(days=20))

    assert [(letter.day, f"{letter:%H:%M}") for letter in service.letters] == wanted
    assert service.letters[1].fold == 0


def test_a_digest_that_fell_due_while_the_machine_was_off_comes_when_it_is_on_again(
    service: Service, clock: time_machine.Traveller
) -> None:
    service.runs(clock, local(2026, 5, 1), local(2026, 5, 10, 22))  # the 4th is the first Monday
    service.start()
    service.runs(clock, local(2026, 5, 13, 10), local(2026, 5, 19))

    assert told(service) == ["05-04 07:00", "05-13 10:00", "05-18 07:00"]


def test_a_digest_that_is_days_late_is_left_out(service: Service, clock: time_machine.Traveller) -> None:
    service.runs(clock, local(2026, 5, 1), local(2026, 5, 10, 22))
    service.start()
    service.runs(clock, local(2026, 5, 16, 10), local(2026, 5, 19))

    assert told(service) == ["05-04 07:00", "05-18 07:00"]


def test_after_months_of_rest_one_digest_comes_and_not_all_of_them(
    service: Service, clock: time_machine.Traveller
) -> None:
    service.runs(clock, local(2026, 1, 2), local(2026, 1, 6))
    service.start()
    service.runs(clock, local(2026, 8, 4, 12), local(2026, 8, 9))  # a Tuesday

    assert told(service) == ["01-05 07:00", "08-04 12:00"]


def test_an_outbox_that_is_down_is_tried_again_every_quarter_of_an_hour(
    service: Service, clock: time_machine.Traveller
) -> None:
    service.runs(clock, local(2026, 5, 1), local(2026, 5, 3))
    service.refuse = True
    service.runs(clock, local(2026, 5, 4), local(2026, 5, 4, 7, 30))
    service.refuse = False
    service.runs(clock, local(2026, 5, 4, 7, 45), local(2026, 5, 5))

    assert told(service) == ["05-04 07:45"]


def test_a_clock_that_is_set_back_a_month_and_forward_again_doubles_nothing(
    service: Service, clock: time_machine.Traveller
) -> None:
    service.runs(clock, local(2026, 4, 3), local(2026, 5, 6))
    before = told(service)
    assert before == ["04-06 07:00", "04-13 07:00", "04-20 07:00", "04-27 07:00", "05-04 07:00"]

    # A machine without a battery wakes up in the past, and lives there for ten days.
    service.start()
    service.runs(clock, local(2026, 4, 6), local(2026, 4, 16))
    assert told(service) == before

    service.runs(clock, local(2026, 5, 16), local(2026, 5, 19))
    assert told(service) == [*before, "05-18 07:00"]


def test_a_clock_set_back_before_the_first_start_owes_nothing(service: Service, clock: time_machine.Traveller) -> None:
    service.runs(clock, local(2026, 5, 1), local(2026, 5, 5))
    service.start()
    service.runs(clock, local(2026, 1, 2), local(2026, 1, 20))

    assert told(service) == ["05-04 07:00"]


def test_a_clock_that_was_a_month_ahead_does_not_silence_the_weeks_that_follow(
    service: Service, clock: time_machine.Traveller
) -> None:
    service.runs(clock, local(2026, 5, 1), local(2026, 5, 5))
    service.runs(clock, local(2026, 6, 9), local(2026, 6, 10))  # wrong for a day, and one digest came of it
    assert told(service) == ["05-04 07:00", "06-09 00:00"]

    service.runs(clock, local(2026, 5, 6), local(2026, 6, 16))

    # Its own week has had its digest already.
    assert told(service)[2:] == ["05-11 07:00", "05-18 07:00", "05-25 07:00", "06-01 07:00", "06-15 07:00"]


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        ("tuesday", ["05-04 07:00", "05-12 07:00"]),  # it was Tuesday yesterday: that one is not owed
        ("wednesday", ["05-04 07:00", "05-13 07:00"]),  # it was due five hours ago
        ("thursday", ["05-04 07:00", "05-07 07:00"]),
        ("sunday", ["05-04 07:00", "05-10 07:00"]),
    ],
)
def test_another_day_for_the_digest_makes_none_due_at_once(
    service: Service, clock: time_machine.Traveller, day: str, wanted: list[str]
) -> None:
    service.runs(clock, local(2026, 5, 1), local(2026, 5, 6, 12))  # a Wednesday
    service.start(day)
    service.runs(clock, local(2026, 5, 6, 12), local(2026, 5, 13, 12))

    assert told(service)[:2] == wanted
    weeks = [f"{letter - timedelta(days=1):%G-W%V}" for letter in service.letters]
    assert len(set(weeks)) == len(weeks)


def test_another_day_does_not_swallow_what_was_owed_for_longer(service: Service, clock: time_machine.Traveller) -> None:
    service.runs(clock, local(2026, 4, 24), local(2026, 4, 28))  # the 27th
    service.start("tuesday")
    service.runs(clock, local(2026, 5, 6, 12), local(2026, 5, 8))  # nothing since: the 4th and the 5th are owed

    assert told(service) == ["04-27 07:00", "05-06 12:00"]
