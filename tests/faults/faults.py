"""Every fault by its name, and how one is brought about, seen, and mended, around a service at work."""

from __future__ import annotations

import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from machine import Machine
from servers import dovecot as imap_server

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
from faults.stores import disk_full, store_locked, store_truncated, store_truncated_at_rest
from faults.world import PATIENCE, Row, World

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
LYING = ("literals too long",)  # what is passed over is tried again, and told meanwhile
SHORT = ("cut amid a message", "silent amid an answer", "literals too short", "messages under other numbers")


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
                    # A round may succeed between two cuts, and then all is well for a moment.
                    service.until(lambda: _is_told(machine, name), PATIENCE, "a word about the fault in status")
            else:
                service.until(
                    lambda before=before, ended=ended: world.failures() > before or service.rounds() > ended,
                    PATIENCE,
                    "a round",
                )
            proxy.do(None)
            world.mended()
        return world.row(name, rounds)


def _is_told(machine: Machine, name: str) -> bool:
    told = machine.run("status", configured=False).out
    # Where literals lie, the next try may have passed over the messages: they are told as unreadable.
    return "Since 20" in told or (name in LYING and "unreadable: 0" not in told)


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
    "store truncated at rest": store_truncated_at_rest,
    "store locked": store_locked,
    "disk full": disk_full,
}
