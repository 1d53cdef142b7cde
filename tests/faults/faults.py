"""Every fault by its name, and how one is brought about, seen, and mended, around a service at work."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from machine import CLIENT, COACH, Machine, Service, mail
from servers import dovecot as imap_server
from servers.dovecot import Dovecot

from faults.proxy import (
    Act,
    CutAfter,
    CutBetween,
    CutInIdle,
    CutInLiteral,
    Interrupt,
    Longer,
    Proxy,
    Renumber,
    Rewrite,
    Throttle,
)  # fmt: skip
from monitor.errors import ClientMonitorError

PATIENCE = 90.0  # seconds

# What is done to the wire, and whether the service must notice: of some it only must not mind.
WIRES: dict[str, tuple[Act, bool]] = {
    "cut in the greeting": (CutAfter(0, 30), True),
    "cut while signing in": (CutAfter(60, 400), True),
    "cut at a random byte": (CutAfter(400, 3_000), True),
    "cut amid a message": (CutInLiteral(), True),
    "cut between commands": (CutBetween(), True),
    "cut while waiting (IDLE)": (CutInIdle(), True),
    "silent from the start": (CutAfter(0, 0, stall=True), True),
    "silent amid an answer": (CutAfter(400, 2_000, stall=True), True),
    "throttled": (Throttle(), False),
    "BAD to every question": (Rewrite(rb"^(\S+) OK (Fetch|Search|Examine|List) completed", rb"\1 BAD \2 failed"), True),
    "NO to every question": (Rewrite(rb"^(\S+) OK (Fetch|Examine|List) completed", rb"\1 NO \2 refused"), True),
    "BYE amid a round": (Interrupt(b"* BYE Going down\r\n"), True),
    "literals too long": (Longer(+7), True),
    "literals too short": (Longer(-9), False),
    "a literal without end": (Longer(10**12), True),
    "a line without end": (Interrupt(b"* 1 FETCH (" + b"x" * 1_000_000, 20), True),
    "rubbish between answers": (Rewrite(rb"^\* ", b"* \xff\xfe ((( {\r\n* "), False),
    "messages under other numbers": (Renumber(), False),
    "searches that find nothing": (Rewrite(rb"^\* SEARCH[^\r\n]*", b"* SEARCH"), False),
    "100,000 folders": (Rewrite(rb"^(?=\S+ OK List completed)", b'* LIST () "/" "x"\r\n' * 100_000), False),
}
SHORT = ("cut amid a message", "silent amid an answer", "literals too short", "messages under other numbers")


@dataclass(frozen=True, slots=True)
class Row:
    """What came of a fault: how often it was brought about, and how many messages were lost or doubled by it."""

    fault: str
    rounds: int
    lost: int
    doubled: int


class World:
    """A service with its mailbox, and all that was ever put into it."""

    def __init__(self, machine: Machine, server: Dovecot, user: str) -> None:
        self.machine, self.server, self.user = machine, server, user
        self.sent: list[str] = []
        self.service: Service | None = None

    def write(self, folder: str = "INBOX") -> None:
        """Put a mail into the mailbox."""
        people = (CLIENT, COACH) if folder == "INBOX" else (COACH, CLIENT)
        data, identity = mail(sender=people[0], to=people[1])
        self.server.deliver(self.user, folder, data)
        self.sent.append(identity)

    def start(self) -> Service:
        """Start the service with some mail before it, and wait until it has read that."""
        for folder in ("INBOX", "INBOX", "INBOX", "Sent"):
            self.write(folder)
        self.service = self.machine.start().watching(seconds=PATIENCE)
        return self.service

    def failures(self) -> int:
        """How often the service has said that a round failed."""
        assert self.service is not None
        return self.service.log().count("round failed")

    def mended(self) -> None:
        """Tell the service that it may try at once, and wait until it knows everything."""
        assert self.service is not None
        self.service.tell(signal.SIGHUP)
        self.service.until(lambda: set(self.machine.known()) >= set(self.sent), PATIENCE, "everything that was sent")

    def knows_all(self) -> bool:
        """Whether everything that was sent is known; not, where the store cannot be read."""
        with contextlib.suppress(ClientMonitorError):
            return set(self.machine.known()) >= set(self.sent)
        return False

    def told(self) -> str:
        """What ``status`` says while the fault lasts; it must not be that all is well."""
        done = self.machine.run("status", configured=False)
        assert done.code == 1, done.out
        return done.out + done.err

    def row(self, fault: str, rounds: int) -> Row:
        """Compare what is known with what was sent, once the service has come to rest and been stopped."""
        assert self.service is not None
        assert self.service.stop(seconds=15) == 0
        known, sent = Counter(self.machine.known()), Counter(self.sent)
        return Row(fault, rounds, (sent - known).total(), (known - sent).total())


def on_the_wire(name: str, world: World, chance: random.Random, rounds: int) -> Row:
    """Break the wire in one way, mend it, again and again."""
    act, noticed = WIRES[name]
    machine = world.machine
    with Proxy(world.server.host, world.server.port, chance) as proxy:
        machine.sections["mailbox"] = {
            "host": proxy.host, "port": proxy.port, "security": "none", "user": world.user, "timeout": 5,
        }  # fmt: skip
        machine.keep_secret("imap", imap_server.PASSWORD)
        service = world.start()
        for number in range(rounds):
            before, ended = world.failures(), service.rounds()
            world.write()
            proxy.do(act)
            world.write("Sent")
            service.tell(signal.SIGHUP)
            if noticed:
                service.until(lambda before=before: world.failures() > before, PATIENCE, "a word about the fault")
                if number == 0:
                    assert "Since 20" in world.told()
            else:
                service.until(
                    lambda before=before, ended=ended: world.failures() > before or service.rounds() > ended,
                    PATIENCE,
                    "a round",
                )
            proxy.do(None)
            world.mended()
        return world.row(name, rounds)


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Callable[[bool], None]]:
    """A disk of its own in a folder, and how to fill and empty it; only for root."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], check=True)

    def fill(full: bool) -> None:
        filler = folder / "filler"
        if not full:
            filler.unlink()
            return
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as opened:
            while True:
                opened.write(b"x" * 4_096)

    try:
        yield fill
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def disk_full(world: World, rounds: int) -> Row:
    """The disk of the store has no room."""
    with small_disk(world.machine.folder / "disk") as fill:
        world.machine.sections["store"] = {"url": f"sqlite:///{world.machine.folder / 'disk' / 'store.db'}"}
        world.machine.store_file = world.machine.folder / "disk" / "store.db"
        service = world.start()
        for _ in range(rounds):
            before = world.failures()
            fill(True)
            for _ in range(30):
                world.write()
            service.until(lambda before=before: world.failures() > before, PATIENCE, "a word about the disk")
            assert "full" in world.told()
            fill(False)
            world.mended()
        return world.row("disk full", rounds)


def store_locked(world: World, rounds: int) -> Row:
    """Another process keeps the store for longer than the service waits."""
    service = world.start()
    for _ in range(rounds):
        before = world.failures()
        holder = sqlite3.connect(world.machine.store_file, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        world.write()
        service.until(lambda before=before: world.failures() > before, PATIENCE, "a word about the lock")
        assert "in use by another process" in world.told()
        holder.execute("ROLLBACK")
        holder.close()
        world.mended()
    return world.row("store locked", rounds)


def store_truncated(world: World, rounds: int, part: float) -> Row:
    """The store's file is cut off; the coach moves it away, as the message says, and all is read again."""
    service = world.start()
    file = world.machine.store_file
    for _ in range(rounds):
        before = world.failures()
        os.truncate(file, int(file.stat().st_size * part))
        world.write()
        # What still stands in SQLite's log mends the file by itself.
        noticed = service.until(
            lambda before=before: world.failures() > before or world.knows_all(), PATIENCE, "a word about the store"
        )
        assert noticed
        for each in file.parent.glob(f"{file.name}*"):
            each.unlink()
        world.mended()
    return world.row("store truncated" if part else "store emptied", rounds)


def server_stopped(world: World, rounds: int) -> Row:
    """The server is away; ``status`` and the digest say so."""
    service = world.start()
    for number in range(rounds):
        before = world.failures()
        world.write()
        world.server.stop()
        service.until(lambda before=before: world.failures() > before, PATIENCE, "a word about the server")
        if number == 0:
            assert "cannot be reached" in world.told() or "ended the connection" in world.told()
            digest = world.machine.run("digest", configured=False).out
            assert "the mail server could not be read" in " ".join(digest.split())
        world.server.start()
        world.mended()
    return world.row("server stopped", rounds)


def numbered_anew(world: World, rounds: int) -> Row:
    """The server was restored, and numbers all messages anew: UIDVALIDITY tells it."""
    world.start()
    for _ in range(rounds):
        world.server.stop()
        world.server.renumber(world.user)
        world.server.start()
        world.write()
        world.mended()
    return world.row("UIDVALIDITY changed", rounds)


def numbered_anew_silently(world: World, rounds: int) -> Row:
    """The server numbers all messages anew and says nothing of it, which no server may do."""
    world.start()
    for _ in range(rounds):
        for _ in range(3):
            world.write()
        world.mended()
        with world.server.session(world.user) as session:
            session.select("INBOX")
            session.store("1:3", "+FLAGS", "\\Deleted")
            session.expunge()
        world.server.stop()
        world.server.number_from_one(world.user)
        world.server.start()
        world.write()
        world.mended()
    return world.row("UIDs renumbered silently", rounds)


def folder_away(world: World, rounds: int, delete: bool) -> Row:
    """The folder of sent mail is renamed and comes back, or is deleted and made anew."""
    service = world.start()
    for number in range(rounds):
        before = world.failures()
        with world.server.session(world.user) as session:
            # Deleted, it takes its mail along: what was read of it stays known.
            session.create("Sent") if delete else None
            session.delete("Sent") if delete else session.rename("Sent", f"Abgelegt{number}")
        service.tell(signal.SIGHUP)
        service.until(lambda before=before: world.failures() > before, PATIENCE, "a word about the folder")
        assert "folder" in world.told().lower()
        with world.server.session(world.user) as session:
            session.create("Sent") if delete else session.rename(f"Abgelegt{number}", "Sent")
        world.write("Sent")
        world.mended()
    return world.row("folder deleted" if delete else "folder renamed", rounds)


def clock_set(world: World, rounds: int) -> Row:
    """The clock is set back by a month and forward again."""
    file = world.machine.folder / "clock"
    file.write_text("0")
    world.machine.program = [sys.executable, str(Path(__file__).parent / "clock.py"), str(file)]
    service = world.start()
    for number in range(rounds):
        for seconds in (-30 * 86_400, 0):
            before = service.log().count("the clock was set")
            file.write_text(str(seconds))
            world.write()
            world.mended()
            service.until(
                lambda before=before: service.log().count("the clock was set") > before,
                PATIENCE,
                f"a word about the clock {number}",
            )
    return world.row("clock set back and forward", rounds)


STATES: dict[str, Callable[[World, int], Row]] = {
    "server stopped": server_stopped,
    "UIDVALIDITY changed": numbered_anew,
    "UIDs renumbered silently": numbered_anew_silently,
    "folder renamed": lambda world, rounds: folder_away(world, rounds, delete=False),
    "folder deleted": lambda world, rounds: folder_away(world, rounds, delete=True),
    "clock set back and forward": clock_set,
    "store truncated": lambda world, rounds: store_truncated(world, rounds, 0.5),
    "store emptied": lambda world, rounds: store_truncated(world, rounds, 0),
    "store locked": store_locked,
    "disk full": disk_full,
}
