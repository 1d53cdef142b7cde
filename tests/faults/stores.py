"""Faults of the store: locked, cut off, and without room on its disk."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from faults.world import PATIENCE, Row, World


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
    """The store's file is cut off at work; the coach moves it away, as the message says, and all is read again."""
    service = world.start()
    file = world.machine.store_file
    for _ in range(rounds):
        before = world.failures()
        os.truncate(file, int(file.stat().st_size * part))
        world.write()
        # What still stands in SQLite's log mends the file by itself.
        service.until(
            lambda before=before: world.failures() > before or world.knows_all(), PATIENCE, "a word about the store"
        )
        if world.failures() > before:
            told = world.machine.run("status", configured=False)
            # An empty file is a new store to SQLite, and may be full again by now.
            assert "damaged" in told.out + told.err or world.knows_all(), told.out
        _move_away(file)
        world.mended()
    return world.row("store truncated" if part else "store emptied", rounds)


def store_truncated_at_rest(world: World, rounds: int) -> Row:
    """The store's file is cut off while the service is stopped; a backup is restored, and the rest read again."""
    service = world.start()
    machine = world.machine
    for number in range(rounds):
        backup = machine.folder / f"backup-{number}"
        assert machine.run("backup", backup, configured=False).code == 0
        world.write()
        world.mended()
        assert service.stop(seconds=15) == 0
        world.write("Sent")
        os.truncate(machine.store_file, machine.store_file.stat().st_size * 3 // 4)
        for command in ("status", "run"):
            done = machine.run(command, configured=False)
            assert done.code == 1
            assert "damaged" in done.complaint
            assert "client-monitor restore" in done.complaint
        _move_away(machine.store_file)
        assert machine.run("restore", backup, configured=False).code == 0
        service = world.service = machine.start().watching(seconds=PATIENCE)
        world.mended()
    return world.row("store truncated at rest", rounds)


def _move_away(store: Path) -> None:
    for each in store.parent.glob(f"{store.name}*"):
        each.unlink()
