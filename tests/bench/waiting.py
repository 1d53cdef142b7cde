"""The service as it waits: how soon it is there, how small, and how soon it knows a mail that comes."""

from __future__ import annotations

import sqlite3
import statistics
import subprocess
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from imapclient import IMAPClient
from machine import Machine, Service, mail, until
from servers.dovecot import PASSWORD, Dovecot
from servers.mailserver import MailServer

from bench.footprint import family, proportional, resident
from bench.mailbox import TEXT_ONLY, people
from bench.report import Bar, Report, megabytes, number
from bench.world import PYTHON, World, tell

MAILS = 200
HEADS = ("", "s until ready", "resident MB", "proportional MB")


@dataclass(frozen=True, slots=True)
class Stand:
    """How soon a daemon was ready, in seconds, and how large it then waits, in bytes."""

    seconds: float
    resident: int
    proportional: int


def waiting(world: World) -> Report:
    """Measure start, memory and wakes of the real service."""
    report, amounts = Report(), world.amounts
    mailbox = world.mailbox(MAILS, TEXT_ONLY)
    with MailServer(world.folder()) as outbox:
        machine = world.machine(mailbox.user, amounts.clients, tls=True)
        machine.send_to(outbox)
        try:
            machine.start().watching(seconds=300).stop()  # the mails of the past are known from here on
            ours, plain = [], []
            for _ in range(max(3, amounts.rounds)):
                ours.append(_stand(machine))
                plain.append(_plain(world, mailbox.user))
            service = machine.start().watching()
            times = _wakes(machine, service, world.server, mailbox.user, amounts.wakes)
            until(lambda: len(family(service.process.pid)) == 1, 60, "the end of the children")
            after = Stand(0, resident(service.process.pid), proportional(service.process.pid))
            service.stop()
        finally:
            machine.close()
    mine, other = _median(ours), _median(plain)
    report.say("Waiting in IDLE, medians:")
    rows = [
        ["**this program**", number(mine.seconds), megabytes(mine.resident), megabytes(mine.proportional)],
        [f"this program after {amounts.wakes} mails", "", megabytes(after.resident), megabytes(after.proportional)],
        [
            "a daemon that imports everything",
            number(other.seconds),
            megabytes(other.resident),
            megabytes(other.proportional),
        ],
        [
            "ratio",
            number(mine.seconds / other.seconds),
            number(mine.resident / other.resident),
            number(mine.proportional / other.proportional),
        ],
    ]
    report.table(HEADS, rows)
    delivered, told = zip(*times, strict=True)
    report.say(f"From a mail to its classified fact in the store, {amounts.wakes} mails, seconds:")
    report.table(
        ("", "median", "slowest"),
        [
            ["since the server has told of it", number(statistics.median(told)), number(max(told))],
            ["since it was delivered", number(statistics.median(delivered)), number(max(delivered))],
        ],
    )
    report.say("Dovecot collects news for half a second before it tells.")
    report.bars += [
        Bar("MB resident while waiting", max(mine.resident, after.resident) / 1e6, 80),
        Bar("Seconds from wake to stored, median", statistics.median(told), 1.0),
    ]
    return report


def _stand(machine: Machine) -> Stand:
    begun = time.monotonic()
    service = machine.start().watching()
    seconds = next(at for at, state in service.told if state.startswith("READY=1")) - begun
    until(lambda: len(family(service.process.pid)) == 1, 60, "the end of the children")
    stand = Stand(seconds, resident(service.process.pid), proportional(service.process.pid))
    service.stop()
    tell(f"ready after {stand.seconds:.2f} s, {stand.resident / 1e6:.0f} MB")
    return stand


def _plain(world: World, user: str) -> Stand:
    command = [*PYTHON, "bench.plain_daemon", world.server.host, str(world.server.port), user, str(world.model)]
    begun = time.monotonic()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        seconds = time.monotonic() - begun
        process.stdout.readline()
        stand = Stand(seconds, resident(process.pid), proportional(process.pid))
    tell(f"the plain one: ready after {stand.seconds:.2f} s, {stand.resident / 1e6:.0f} MB")
    return stand


def _median(stands: list[Stand]) -> Stand:
    return Stand(
        statistics.median(one.seconds for one in stands),
        int(statistics.median(one.resident for one in stands)),
        int(statistics.median(one.proportional for one in stands)),
    )


def _wakes(machine: Machine, service: Service, server: Dovecot, user: str, count: int) -> list[tuple[float, float]]:
    """Deliver mails one by one; return the seconds until each was stored, since it was delivered and since told."""
    times = []
    writer = people(TEXT_ONLY)[0].address
    with Listener(server, user) as listener:
        for _ in range(count + 1):
            rounds = service.rounds()
            data, identity = mail(sender=writer)
            delivered = time.monotonic()
            server.deliver(user, "INBOX", data)
            stored = until(partial(_stored, machine.store_file, identity), 60, "a mail in the store")
            times.append((stored - delivered, stored - listener.heard_since(delivered)))
            service.watching(rounds + 1, 60)
            time.sleep(0.3)  # back in IDLE
    del times[0]  # the first one warms the caches
    return times


def _stored(store: Path, identity: str) -> float | None:
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT 1 FROM message WHERE message_id = ? AND model IS NOT NULL", (identity,))
        return time.monotonic() if rows.fetchone() else None


class Listener:
    """Another connection that listens to the same inbox, and notes when the server tells of something."""

    def __init__(self, server: Dovecot, user: str) -> None:
        self._client = IMAPClient(server.host, server.port, ssl=False)
        self._client.login(user, PASSWORD)
        self._client.select_folder("INBOX", readonly=True)
        self._heard: list[float] = []
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Listener:
        self._client.idle()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        self._client.idle_done()
        self._client.logout()

    def heard_since(self, moment: float) -> float:
        """Return when the server first told of something after a moment of the steady clock."""
        return float(until(lambda: next((at for at in self._heard if at > moment), None), 5, "a word of the server"))

    def _listen(self) -> None:
        while not self._done.is_set():
            if any(b"EXISTS" in told for told in self._client.idle_check(timeout=0.2)):
                self._heard.append(time.monotonic())
