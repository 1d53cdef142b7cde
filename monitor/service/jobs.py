"""Jobs that fall due by the wall clock: each due time is done once, in a process of its own, and tried again.

What is owed stands in the store, so that it survives crashes, downtime and a clock that is set. A job in the
background is started and looked after while the service goes on; the others are waited for.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from monitor.errors import ClientMonitorError
from monitor.service.due import RETRY, Daily, Tried, Verdict, Weekly, verdict
from monitor.store.digest_store import DigestStore, Slot

LONGEST_SECONDS = 1_800  # a Raspberry Pi learns for some minutes
FUTURE = timedelta(days=1)  # due times on record beyond it come from a clock that was wrong

log = logging.getLogger(__name__)


class Process(Protocol):
    """What is needed of a running child: as subprocess.Popen has it."""

    returncode: int

    def poll(self) -> int | None: ...
    def kill(self) -> None: ...
    def wait(self, timeout: float | None = None) -> int: ...


@dataclass(frozen=True, slots=True)
class Job:
    """A job: when it falls due, and the command that does it; ``{due}`` in it stands for the due time."""

    name: str
    rule: Weekly | Daily
    command: tuple[str, ...]
    background: bool = False


@dataclass(frozen=True, slots=True)
class _UnderWay:
    process: Process
    deadline: float
    ended: Callable[[str | None], None]
    stopped: Callable[[], None]


def start(arguments: Sequence[str], configuration: Path | None) -> Process:
    """Start a command of ours."""
    command = [sys.executable, "-m", "monitor"]
    if configuration:
        command += ["--config", str(configuration)]
    return subprocess.Popen([*command, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


class Jobs:
    """Does what is owed. ``alive`` is called while a job is waited for; what it raises ends the job."""

    def __init__(
        self,
        slots: DigestStore,
        alive: Callable[[], None],
        start: Callable[[Sequence[str], Path | None], Process] = start,
    ) -> None:
        self._slots = slots
        self._alive = alive
        self._start = start
        self._under_way: dict[str, _UnderWay] = {}

    def begin(self, job: Job) -> None:
        """Put a job on record: a first start owes nothing of the past, and nor does a rule that was changed.

        Whoever moves the digest from Monday to Tuesday on a Wednesday has had this week's.
        """
        now = datetime.now(UTC)
        due_at = job.rule.last_due(now)
        newest = self._slots.newest_slot(job.name, until=now + FUTURE)
        if newest is None and self._slots.newest_slot(job.name) is not None:
            return  # the clock tells a time before the first start: nothing is owed until it is right again
        if newest is None:
            self._slots.put_slot(Slot(job.name, due_at, "done", 0, now, "first start"))
        elif newest < due_at < newest + job.rule.period and job.rule.last_due(newest) != newest:
            self._slots.put_slot(Slot(job.name, due_at, "done", 0, now, "rule changed"))

    def do_if_owed(self, job: Job, configuration: Path | None, hold: Callable[[datetime], bool]) -> None:
        """Do a job if its last due time is owed. ``hold`` may put a first try off, given the due time."""
        if job.name in self._under_way:
            return
        now = datetime.now(UTC)
        due_at = job.rule.last_due(now)
        on_record = self._slots.slot(job.name, due_at)
        tried = Tried(on_record.state, on_record.tries, on_record.tried_at) if on_record else None
        decided = verdict(due_at, tried, self._slots.newest_slot(job.name, until=now + FUTURE), now)
        if decided is Verdict.NOTHING:
            return
        tries = on_record.tries if on_record else 0
        if decided is Verdict.GIVE_UP:
            log.error("%s missed", job.name, extra={"fields": {"due": due_at.isoformat(), "tries": tries}})
            error = on_record.error if on_record else "down"
            self._slots.put_slot(Slot(job.name, due_at, "missed", tries, now, error))
            return
        if tries == 0 and hold(due_at):
            return
        self._slots.put_slot(Slot(job.name, due_at, "claimed", tries + 1, now))

        def ended(error: str | None) -> None:
            state = "claimed" if error else "done"
            self._slots.put_slot(Slot(job.name, due_at, state, tries + 1, datetime.now(UTC), error))
            fields = {"due": due_at.isoformat(), "try": tries + 1}
            log.info("%s put off" if error else "%s done", job.name, extra={"fields": fields})

        def stopped() -> None:
            # It was not the job's fault: the next start may try at once.
            self._slots.put_slot(Slot(job.name, due_at, "claimed", tries, now - RETRY, "stopped"))

        arguments = [part.format(due=due_at.isoformat()) for part in job.command]
        self.run(job.name, arguments, configuration, ended, stopped)
        if not job.background:
            self._wait_for(job.name)

    def run(
        self,
        name: str,
        arguments: Sequence[str],
        configuration: Path | None,
        ended: Callable[[str | None], None],
        stopped: Callable[[], None] = lambda: None,
    ) -> None:
        """Start a command in the background. ``ended`` is handed what went wrong, or None."""
        process = self._start(arguments, configuration)
        self._under_way[name] = _UnderWay(process, time.monotonic() + LONGEST_SECONDS, ended, stopped)

    def is_under_way(self, name: str) -> bool:
        """Whether a command of that name runs in the background."""
        return name in self._under_way

    def look_after(self) -> None:
        """Note what has ended in the background, and end what takes too long."""
        for name, one in list(self._under_way.items()):
            code = one.process.poll()
            if code is None and time.monotonic() > one.deadline:
                one.process.kill()
                code = one.process.wait()
            if code is not None:
                del self._under_way[name]
                one.ended(None if code == 0 else f"exit {code}")

    def stop(self) -> None:
        """End what is under way; its due times are owed again."""
        for one in self._under_way.values():
            one.process.kill()
            one.process.wait()
            with suppress(ClientMonitorError):  # then the due time is owed again after a while
                one.stopped()
        self._under_way.clear()

    def _wait_for(self, name: str) -> None:
        one = self._under_way[name]
        try:
            while one.process.poll() is None:
                self._alive()
                if time.monotonic() > one.deadline:
                    one.process.kill()
                time.sleep(0.05)
        except BaseException:
            one.process.kill()
            one.process.wait()
            del self._under_way[name]
            one.stopped()
            raise
        self.look_after()
