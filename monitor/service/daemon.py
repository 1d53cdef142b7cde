"""The daemon: it keeps one connection, wakes when mail comes or work is due, and survives what ends."""

from __future__ import annotations

import logging
import os
import random
import select
import signal
import socket
import time
from datetime import UTC, datetime
from datetime import time as wall_time
from pathlib import Path
from types import FrameType

import schedule

from monitor.config.configuration import Configuration, load
from monitor.errors import ClientMonitorError, ConfigurationError, LoginRefused, StoreBroken, StoreNewer
from monitor.mailbox.imap import Mailbox
from monitor.service import silence
from monitor.service.due import Daily, Weekly
from monitor.service.heartbeat import heartbeat, looks
from monitor.service.jobs import Job, Jobs
from monitor.service.metrics import exposition, write_textfile
from monitor.service.notify import notify, watchdog_seconds
from monitor.service.rounds import mailbox_access, obeying, open_mailbox, outbox_access, take_round
from monitor.store.database import Database
from monitor.store.digest_store import DigestStore
from monitor.store.fact_store import FactStore
from monitor.store.instruction_store import CONFIRMED_WITHIN, InstructionStore
from monitor.store.label_store import LabelStore

FIRST_PAUSE = 5.0  # seconds before another try; doubled up to
LONGEST_PAUSE = 300.0
REFUSED_PAUSE = 900.0  # a refused login is tried seldom: providers lock accounts
SLICE = 60.0  # seconds the daemon sleeps at one go: its sense of the wall clock
CLOCK_JUMP = 60.0  # seconds of difference between wall and steady clock that mean the clock was set
GRACE = 3.0  # seconds that work under way is given after SIGTERM
RETENTION, RETRAINING = wall_time(3, 0), wall_time(3, 30)  # on the coach's wall clock
MODEL_PAUSE = 3_600.0  # seconds before another try to build the model of a new program
FIGURES_SECONDS = 60

log = logging.getLogger(__name__)


class _Stopping(BaseException):
    """SIGTERM came: leave the round; what was kept stays kept."""


class Daemon:
    """Serves one coach until SIGTERM."""

    def __init__(self, configuration: Configuration, database: Database, models: Path) -> None:
        self._configuration = configuration
        self._database = database
        self._facts = FactStore(database)
        self._instructions = InstructionStore(database)
        self._labels = LabelStore(database)
        self._slots = DigestStore(database)
        self._jobs = Jobs(self._slots, self._alive)
        self._models = models
        self._failures = 0  # rounds in a row
        self._failure = ""  # the kind of the last one
        self._next_model = 0.0
        self._figures_failed = False
        self._stopping = False
        self._reloading = False
        self._round_due = self._labels_due = True
        self._pause = FIRST_PAUSE
        self._next_try = 0.0
        self._watchdog = watchdog_seconds()
        self._wake, waker = socket.socketpair()
        self._waker = waker
        for end in (self._wake, waker):
            end.setblocking(False)
        self._scheduler = schedule.Scheduler()
        self._clocks = (time.time(), time.monotonic())

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT; raises ConfigurationError if the service cannot ever work as configured."""
        _require_all(self._configuration)
        os.environ["TZ"] = "UTC"  # the ticker counts local time, and must not know of summer time
        time.tzset()
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGALRM, self._leave)
        signal.signal(signal.SIGHUP, self._reload)
        self._set_up_ticker()
        self._begin_jobs()
        notify("READY=1\nSTATUS=Watching the mailbox.")
        log.info("service started")
        mailbox: Mailbox | None = None
        try:
            while not self._stopping:
                self._alive()
                mailbox = self._once(mailbox)
        except _Stopping:
            pass
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            notify("STOPPING=1")
            self._jobs.stop()
            if mailbox is not None:
                mailbox.close()
            log.info("service stopped")

    def _once(self, mailbox: Mailbox | None) -> Mailbox | None:
        """Do what is due, then sleep until something may be; return the connection that is still good."""
        self._mind_the_clock()
        if self._reloading:
            mailbox = self._reread(mailbox)
        self._scheduler.run_pending()
        if mailbox is None and time.monotonic() < self._next_try:
            self._sleep(min(SLICE, self._next_try - time.monotonic()))
            return None
        try:
            if mailbox is None:
                mailbox = open_mailbox(self._configuration)
                self._round_due = True
            if self._round_due:
                self._round_due = False
                taken = take_round(
                    self._configuration,
                    mailbox,
                    self._facts,
                    self._models,
                    labels=self._labels if self._labels_due else None,
                    obey=obeying(self._configuration, self._database),
                    alive=self._at_work,
                    progress=lambda *_: self._at_work(),
                    outdated=True,
                )
                self._pause = FIRST_PAUSE
                self._labels_due = False
                self._confirm()
                self._failures = 0
                if taken.model_outdated:
                    self._build_model()
                self._do_what_is_owed()  # with what has just come, and without waiting for the ticker after a start
                notify("STATUS=Watching the mailbox.")
            if mailbox.wait(self._slice(), self._wake.fileno()):
                self._round_due = True
            self._drain()
            return mailbox
        except (ConfigurationError, StoreBroken, StoreNewer):
            if mailbox is not None:
                mailbox.close()
            raise
        except ClientMonitorError as error:
            self._put_off(error)
            if mailbox is not None:
                mailbox.close()
            return None

    def _put_off(self, error: ClientMonitorError) -> None:
        pause = REFUSED_PAUSE if isinstance(error, LoginRefused) else self._pause
        self._pause = min(LONGEST_PAUSE, self._pause * 2)
        pause *= random.uniform(0.8, 1.2)  # noqa: S311 - spreads many services, keeps no secret
        self._next_try = time.monotonic() + pause
        self._round_due = True
        self._failures += 1
        self._failure = type(error).__name__
        log.warning(
            "round failed",
            extra={"fields": {"kind": type(error).__name__, "reason": str(error), "next_try_s": round(pause)}},
        )
        notify(f"STATUS=Cannot read the mailbox at present ({type(error).__name__}).")

    def _set_up_ticker(self) -> None:
        self._scheduler.clear()
        section = self._configuration.mailbox
        self._scheduler.every(section.poll_minutes if section else 5).minutes.do(self._poll)
        self._scheduler.every(20).seconds.do(self._do_what_is_owed)
        if self._configuration.textfile is not None:
            self._scheduler.every(FIGURES_SECONDS).seconds.do(self._write_figures)
            self._write_figures()

    def _poll(self) -> None:
        self._round_due = self._labels_due = True

    def _digest(self) -> Job:
        rule = Weekly(self._configuration.weekday, self._configuration.at, self._configuration.coach.timezone)
        return Job("digest", rule, ("deliver", "--due", "{due}"))

    def _nightly(self) -> tuple[Job, Job]:
        zone = self._configuration.coach.timezone
        return (
            Job("retention", Daily(RETENTION, zone), ("retire",), background=True),
            Job("retraining", Daily(RETRAINING, zone), ("retrain", "--if-changed"), background=True),
        )

    def _begin_jobs(self) -> None:
        for job in (self._digest(), *self._nightly()):
            self._jobs.begin(job)

    def _do_what_is_owed(self) -> None:
        self._look_after_jobs()
        self._mind_the_silence()
        for job in (self._digest(), *self._nightly()):
            try:
                self._jobs.do_if_owed(job, self._configuration.path, self._hold)
            except ClientMonitorError as error:
                # A job that raises would be run again on every loop, and the jobs after it never.
                fields = {"kind": type(error).__name__, "reason": str(error)}
                log.warning("%s put off", job.name, extra={"fields": fields})

    def _confirm(self) -> None:
        """Answer the coach's replies at once, where the coach wants that; what fails is tried after the next round."""
        if self._configuration.digest.confirm != "at_once" or self._jobs.is_under_way("confirm"):
            return
        if self._instructions.unconfirmed(datetime.now(UTC) - CONFIRMED_WITHIN):

            def ended(error: str | None) -> None:
                log.info("confirmation put off" if error else "answers confirmed")

            self._jobs.run("confirm", ("confirm",), self._configuration.path, ended)

    def _look_after_jobs(self) -> None:
        try:
            self._jobs.look_after()
        except ClientMonitorError as error:
            log.warning("end of a job not noted", extra={"fields": {"kind": type(error).__name__}})

    def _mind_the_silence(self) -> None:
        """Tell the coach, once, if the mailbox could not be read for a day."""
        try:
            since = silence.silent_since(looks(self._facts.cursors()), self._slots.first_start())
            told = self._jobs.is_under_way(silence.JOB)
            if since is None or told or not silence.is_to_be_told(since, self._failures, self._slots, _now()):
                return

            def ended(error: str | None) -> None:
                silence.note(self._slots, since, error, _now())
                log.warning("silence not told" if error else "silence told")

            command = ["report-silence", "--since", since.isoformat(), "--kind", self._failure]
            self._jobs.run(silence.JOB, command, self._configuration.path, ended)
        except ClientMonitorError as error:
            log.warning("silence not told", extra={"fields": {"kind": type(error).__name__}})

    def _build_model(self) -> None:
        """Build the model of this program beside the work; until it is ready, the one of before serves."""
        if self._jobs.is_under_way("model") or time.monotonic() < self._next_model:
            return

        def ended(error: str | None) -> None:
            self._next_model = time.monotonic() + MODEL_PAUSE
            log.info("model not built" if error else "model built")

        self._jobs.run("model", ["prepare-model"], self._configuration.path, ended)

    def _write_figures(self) -> None:
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

    def _hold(self, due_at: datetime) -> bool:
        """Whether to read first what has come meanwhile: the next tick does the job."""
        fresh = (_now() - due_at).total_seconds() < 120
        return self._round_due and fresh and time.monotonic() >= self._next_try

    def _slice(self) -> float:
        waiting = min(SLICE, max(1.0, self._scheduler.idle_seconds or SLICE))
        return min(waiting, self._watchdog) if self._watchdog else waiting

    def _sleep(self, seconds: float) -> None:
        longest = min(seconds, self._slice())
        select.select([self._wake], [], [], max(0.05, longest))
        self._drain()

    def _drain(self) -> None:
        try:
            while self._wake.recv(512):
                pass
        except BlockingIOError:
            pass

    def _alive(self) -> None:
        if self._watchdog is not None:
            notify("WATCHDOG=1")

    def _mind_the_clock(self) -> None:
        """Set up the ticker anew where the wall clock was set: it would sleep until the old time comes again."""
        wall, steady = time.time(), time.monotonic()
        if abs((wall - self._clocks[0]) - (steady - self._clocks[1])) > CLOCK_JUMP:
            log.warning("the clock was set")
            self._set_up_ticker()
            self._round_due = True
        self._clocks = (wall, steady)

    def _reread(self, mailbox: Mailbox | None) -> Mailbox | None:
        self._reloading = False
        path = self._configuration.path
        if path is None:
            return mailbox
        try:
            configuration = load(path)
            _require_all(configuration)
        except ConfigurationError as error:
            log.error("configuration not reloaded, going on as before", extra={"fields": {"reason": str(error)}})
            notify("READY=1")
            return mailbox
        self._configuration = configuration
        self._set_up_ticker()
        self._begin_jobs()
        self._next_try = 0.0
        if mailbox is not None:
            mailbox.close()
        log.info("configuration reloaded")
        notify("READY=1")
        return None

    def _at_work(self) -> None:
        """Give a sign of life; leave if asked to: a batch that was not kept yet is read again at the next start."""
        self._alive()
        if self._stopping:
            raise _Stopping

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if not self._stopping:
            signal.setitimer(signal.ITIMER_REAL, GRACE)
        self._stopping = True

    def _leave(self, number: int, frame: FrameType | None) -> None:
        """Leave whatever a server or the outbox keeps hanging: each batch is kept as a whole or not at all."""
        raise _Stopping

    def _reload(self, number: int, frame: FrameType | None) -> None:
        self._reloading = True
        notify(f"RELOADING=1\nMONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")


def _now() -> datetime:
    return datetime.now(UTC)


def _require_all(configuration: Configuration) -> None:
    """Raise ConfigurationError without mailbox, outbox or a secret of theirs: better known today than on Monday."""
    mailbox_access(configuration)
    if configuration.digest.delivery == "mail":
        outbox_access(configuration)
