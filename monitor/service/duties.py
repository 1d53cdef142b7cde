"""The daemon's duties beside watching the mailbox: digest, nights, model, silence, figures.

Nothing here sleeps, and but for the digest nothing is waited for. A failure of one duty is told, and keeps no other one
from being done.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from datetime import time as wall_time
from pathlib import Path

from monitor.config.configuration import Configuration
from monitor.errors import ClientMonitorError
from monitor.service import silence
from monitor.service.due import Daily, Weekly
from monitor.service.heartbeat import heartbeat, looks
from monitor.service.jobs import Job, Jobs
from monitor.service.metrics import exposition, write_textfile
from monitor.store.database import Database
from monitor.store.digest_store import DigestStore
from monitor.store.fact_store import FactStore
from monitor.store.instruction_store import CONFIRMED_WITHIN, InstructionStore

RETENTION, RETRAINING = wall_time(3, 0), wall_time(3, 30)  # on the coach's wall clock
MODEL_PAUSE = 3_600.0  # seconds before another try to build the model of a new program

log = logging.getLogger(__name__)


class Duties:
    """What is owed by the clock and by circumstance. ``alive`` is called while the digest is waited for."""

    def __init__(
        self, configuration: Configuration, database: Database, models: Path, alive: Callable[[], None]
    ) -> None:
        self._configuration = configuration
        self._database = database
        self._models = models
        self._facts = FactStore(database)
        self._slots = DigestStore(database)
        self._instructions = InstructionStore(database)
        self._jobs = Jobs(self._slots, alive)
        self._failures = 0  # rounds in a row
        self._failure = ""  # the kind of the last one
        self._next_model = 0.0
        self._figures_failed = False

    def begin(self, configuration: Configuration) -> None:
        """Begin with a configuration, or go on with another one. Raises StoreError."""
        self._configuration = configuration
        for job in (self._digest(), *self._nightly()):
            self._jobs.begin(job)

    def stop(self) -> None:
        """End what is under way; it is owed again at the next start."""
        self._jobs.stop()

    def round_done(self, model_outdated: bool) -> None:
        """Hear that a round was brought to its end, and whether an earlier program's model has served."""
        self._failures = 0
        self._told("answers not confirmed", self._confirm)
        if model_outdated:
            self._build_model()

    def round_failed(self, kind: str) -> None:
        """Hear that a round has failed."""
        self._failures += 1
        self._failure = kind

    def do_what_is_owed(self, hold: Callable[[datetime], bool]) -> None:
        """Do what is owed, and note what has ended; ``hold`` may put a first try off, given the due time."""
        self._told("end of a job not noted", self._jobs.look_after)
        self._told("silence not told", self._mind_the_silence)
        for job in (self._digest(), *self._nightly()):
            try:
                self._jobs.do_if_owed(job, self._configuration.path, hold)
            except ClientMonitorError as error:
                # A job that raises would be run again on every loop, and the jobs after it never.
                fields = {"kind": type(error).__name__, "reason": str(error)}
                log.warning("%s put off", job.name, extra={"fields": fields})

    def write_figures(self) -> None:
        """Write the figures for monitoring, where the configuration wants them."""
        if self._configuration.textfile is None:
            return
        try:
            beat = heartbeat(self._configuration, self._database, self._models, _now())
            write_textfile(self._configuration.textfile, exposition(beat, self._models.parent.name))
            self._figures_failed = False
        except ClientMonitorError as error:
            if not self._figures_failed:
                log.warning("figures not written", extra={"fields": {"reason": str(error)}})
            self._figures_failed = True

    def _digest(self) -> Job:
        rule = Weekly(self._configuration.weekday, self._configuration.at, self._configuration.coach.timezone)
        return Job("digest", rule, ("deliver", "--due", "{due}"))

    def _nightly(self) -> tuple[Job, Job]:
        zone = self._configuration.coach.timezone
        return (
            Job("retention", Daily(RETENTION, zone), ("retire",), background=True),
            Job("retraining", Daily(RETRAINING, zone), ("retrain", "--if-changed"), background=True),
        )

    def _mind_the_silence(self) -> None:
        """Tell the coach, once, if the mailbox could not be read for a day."""
        since = silence.silent_since(looks(self._facts.cursors()), self._slots.first_start())
        if since is None or self._jobs.is_under_way(silence.JOB):
            return
        if not silence.is_to_be_told(since, self._failures, self._slots, _now()):
            return

        def ended(error: str | None) -> None:
            silence.note(self._slots, since, error, _now())
            log.warning("silence not told" if error else "silence told")

        command = ["report-silence", "--since", since.isoformat(), "--kind", self._failure]
        self._jobs.run(silence.JOB, command, self._configuration.path, ended)

    def _confirm(self) -> None:
        """Answer the coach's replies at once, where the coach wants that; what fails is tried after the next round."""
        if self._configuration.digest.confirm != "at_once" or self._jobs.is_under_way("confirm"):
            return
        if self._instructions.unconfirmed(_now() - CONFIRMED_WITHIN):

            def ended(error: str | None) -> None:
                log.info("confirmation put off" if error else "answers confirmed")

            self._jobs.run("confirm", ("confirm",), self._configuration.path, ended)

    def _build_model(self) -> None:
        """Build the model of this program beside the work; until it is ready, the one of before serves."""
        if self._jobs.is_under_way("model") or time.monotonic() < self._next_model:
            return

        def ended(error: str | None) -> None:
            self._next_model = time.monotonic() + MODEL_PAUSE
            log.info("model not built" if error else "model built")

        self._jobs.run("model", ["prepare-model"], self._configuration.path, ended)

    def _told(self, failed: str, duty: Callable[[], None]) -> None:
        try:
            duty()
        except ClientMonitorError as error:
            log.warning(failed, extra={"fields": {"kind": type(error).__name__}})


def _now() -> datetime:
    return datetime.now(UTC)
