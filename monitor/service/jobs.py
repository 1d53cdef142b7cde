"""Jobs that fall due by the wall clock: each due time is done once, in a process of its own, and tried again.

What is owed stands in the store, so that it survives crashes, downtime and a clock that is set.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from monitor.service.due import RETRY, Daily, Tried, Verdict, Weekly, verdict
from monitor.store.digest_store import DigestStore, Slot

LONGEST_SECONDS = 1_800  # a Raspberry Pi learns for some minutes

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A job: when it falls due, and the command that does it; ``{due}`` in it stands for the due time."""

    name: str
    rule: Weekly | Daily
    command: tuple[str, ...]


class Jobs:
    """Does what is owed. ``alive`` is called while a job runs; what it raises ends the job."""

    def __init__(self, slots: DigestStore, alive: Callable[[], None]) -> None:
        self._slots = slots
        self._alive = alive

    def begin(self, job: Job) -> None:
        """Put a job on record: a first start owes nothing of the past."""
        if self._slots.newest_slot(job.name) is None:
            now = datetime.now(UTC)
            self._slots.put_slot(Slot(job.name, job.rule.last_due(now), "done", 0, now, "first start"))

    def do_if_owed(self, job: Job, configuration: Path | None, hold: Callable[[datetime], bool]) -> None:
        """Do a job if its last due time is owed. ``hold`` may put a first try off, given the due time."""
        now = datetime.now(UTC)
        due_at = job.rule.last_due(now)
        on_record = self._slots.slot(job.name, due_at)
        tried = Tried(on_record.state, on_record.tries, on_record.tried_at) if on_record else None
        decided = verdict(due_at, tried, self._slots.newest_slot(job.name), now)
        if decided is Verdict.NOTHING:
            return
        tries = on_record.tries if on_record else 0
        fields = {"due": due_at.isoformat(), "try": tries + 1}
        if decided is Verdict.GIVE_UP:
            log.error("%s missed", job.name, extra={"fields": {"due": due_at.isoformat(), "tries": tries}})
            error = on_record.error if on_record else "down"
            self._slots.put_slot(Slot(job.name, due_at, "missed", tries, now, error))
            return
        if tries == 0 and hold(due_at):
            return
        self._slots.put_slot(Slot(job.name, due_at, "claimed", tries + 1, now))
        try:
            error = self.run([part.format(due=due_at.isoformat()) for part in job.command], configuration)
        except BaseException:
            # It was not the job's fault: the next start may try at once.
            self._slots.put_slot(Slot(job.name, due_at, "claimed", tries, now - RETRY, "stopped"))
            raise
        self._slots.put_slot(
            Slot(job.name, due_at, "claimed" if error else "done", tries + 1, datetime.now(UTC), error)
        )
        log.info("%s put off" if error else "%s done", job.name, extra={"fields": fields})

    def run(self, arguments: Sequence[str], configuration: Path | None) -> str | None:
        """Run a command of ours to its end; return what went wrong."""
        command = [sys.executable, "-m", "monitor"]
        if configuration:
            command += ["--config", str(configuration)]
        child = subprocess.Popen([*command, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + LONGEST_SECONDS
        try:
            while child.poll() is None:
                self._alive()
                if time.monotonic() > deadline:
                    child.kill()
                time.sleep(0.05)
        except BaseException:
            child.kill()
            child.wait()
            raise
        return None if child.returncode == 0 else f"exit {child.returncode}"
