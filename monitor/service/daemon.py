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
from pathlib import Path
from types import FrameType

import schedule

from monitor.config.configuration import Configuration, load, state_folder
from monitor.errors import ClientMonitorError, ConfigurationError, LoginRefused, StoreError, StoreNewer
from monitor.mailbox.imap import Mailbox
from monitor.service.duties import Duties
from monitor.service.notify import notify, watchdog_seconds
from monitor.service.rounds import obeying, open_mailbox, require_secrets, take_round
from monitor.service.troubles import Troubles
from monitor.store.database import Database
from monitor.store.fact_store import FactStore
from monitor.store.label_store import LabelStore

FIRST_PAUSE = 5.0  # seconds before another try; doubled up to
LONGEST_PAUSE = 300.0
REFUSED_PAUSE = 900.0  # a refused login is tried seldom: providers lock accounts
SLICE = 60.0  # seconds the daemon sleeps at one go: its sense of the wall clock
CLOCK_JUMP = 60.0  # seconds of difference between wall and steady clock that mean the clock was set
GRACE = 3.0  # seconds that work under way is given after SIGTERM
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
        self._troubles = Troubles(state_folder())
        self._store_in_doubt = False
        self._labels = LabelStore(database)
        self._duties = Duties(configuration, database, models, self._alive)
        self._models = models
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
        require_secrets(self._configuration)  # better known today than on Monday
        os.environ["TZ"] = "UTC"  # the ticker counts local time, and must not know of summer time
        time.tzset()
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGALRM, self._leave)
        signal.signal(signal.SIGHUP, self._reload)
        self._set_up_ticker()
        self._duties.begin(self._configuration)
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
            self._duties.stop()
            if mailbox is not None:
                mailbox.close()
            log.info("service stopped")

    def _once(self, mailbox: Mailbox | None) -> Mailbox | None:
        """Do what is due, then sleep until something may be; return the connection that is still good."""
        self._mind_the_clock()
        if self._reloading:
            mailbox = self._reread(mailbox)
        try:
            self._scheduler.run_pending()
            if mailbox is None and time.monotonic() < self._next_try:
                self._sleep(min(SLICE, self._next_try - time.monotonic()))
                return None
            if self._store_in_doubt:
                self._database.renew()
                self._duties.begin(self._configuration)
                self._store_in_doubt = False
            fresh = mailbox is None
            if mailbox is None:
                mailbox = open_mailbox(self._configuration)
                self._round_due = True
            if self._round_due:
                self._round_due = False
                self._database.require_whole()
                taken = take_round(
                    self._configuration,
                    mailbox,
                    self._facts,
                    self._models,
                    labels=self._labels if self._labels_due else None,
                    alive=self._at_work,
                    progress=lambda *_: self._at_work(),
                    outdated=True,
                    obey=obeying(self._configuration, self._database),
                    again=fresh,
                )
                self._database.require_whole()
                self._troubles.over()
                self._pause = FIRST_PAUSE
                self._labels_due = False
                self._duties.round_done(taken.model_outdated)
                self._do_what_is_owed()  # with what has just come, and without waiting for the ticker after a start
                self._duties.write_figures()
                notify("STATUS=Watching the mailbox.")
            if mailbox.wait(self._slice(), self._wake.fileno()):
                self._round_due = True
            self._drain()
            return mailbox
        except (ConfigurationError, StoreNewer):
            if mailbox is not None:
                mailbox.close()
            raise
        except ClientMonitorError as error:
            self._put_off(error)
        except Exception as error:
            # What nobody has foreseen may be over at the next try; its words may quote a mail.
            log.critical("unexpected failure, please report this line", exc_info=True)
            self._put_off(ClientMonitorError("Something unexpected happened ({kind}).", kind=type(error).__name__))
        if mailbox is not None:
            mailbox.close()
        return None

    def _put_off(self, error: ClientMonitorError) -> None:
        self._troubles.note(error)
        self._store_in_doubt = self._store_in_doubt or isinstance(error, StoreError)
        pause = REFUSED_PAUSE if isinstance(error, LoginRefused) else self._pause
        self._pause = min(LONGEST_PAUSE, self._pause * 2)
        pause *= random.uniform(0.8, 1.2)  # noqa: S311 - spreads many services, keeps no secret
        self._next_try = time.monotonic() + pause
        self._round_due = True
        self._duties.round_failed(type(error).__name__)
        log.warning(
            "round failed",
            extra={"fields": {"kind": type(error).__name__, "reason": str(error), "next_try_s": round(pause)}},
        )
        work = "use the store" if isinstance(error, StoreError) else "read the mailbox"
        notify(f"STATUS=Cannot {work} at present ({type(error).__name__}).")

    def _set_up_ticker(self) -> None:
        self._scheduler.clear()
        section = self._configuration.mailbox
        self._scheduler.every(section.poll_minutes if section else 5).minutes.do(self._poll)
        self._scheduler.every(20).seconds.do(self._do_what_is_owed)
        if self._configuration.textfile is not None:
            self._scheduler.every(FIGURES_SECONDS).seconds.do(self._duties.write_figures)

    def _poll(self) -> None:
        self._round_due = self._labels_due = True

    def _do_what_is_owed(self) -> None:
        self._duties.do_what_is_owed(self._hold)

    def _hold(self, due_at: datetime) -> bool:
        """Whether to read first what has come meanwhile: the next tick does the job."""
        fresh = (datetime.now(UTC) - due_at).total_seconds() < 120
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
            require_secrets(configuration)
        except ConfigurationError as error:
            log.error("configuration not reloaded, going on as before", extra={"fields": {"reason": str(error)}})
            notify("READY=1")
            return mailbox
        self._configuration = configuration
        self._set_up_ticker()
        try:
            self._duties.begin(configuration)
        except ClientMonitorError as error:
            log.warning("due times not noted", extra={"fields": {"kind": type(error).__name__}})
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
