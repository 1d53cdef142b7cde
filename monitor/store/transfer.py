"""Carry a SQLite store from one machine to another: a file is taken in only whole, sound and into an empty place."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from monitor.errors import StoreBroken
from monitor.store.database import open_database


def sqlite_file(url: str) -> Path | None:
    """Return the file of a store, or None where a database server keeps it."""
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def is_used(store: Path) -> bool:
    """Whether a store file holds messages; one that was only just made does not count."""
    if not store.is_file() or store.stat().st_size == 0:
        return False
    try:
        with closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM message)").fetchone()[0])
    except sqlite3.OperationalError as error:
        return "no such table" not in str(error)
    except sqlite3.DatabaseError:
        return True  # damaged, but perhaps of worth


def take_in(data: bytes, store: Path) -> None:
    """Put a store in place, brought to the present shape. Raises StoreBroken or StoreNewer; then nothing has changed.

    ``store`` must not be in use.
    """
    store.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = store.with_name(f".{store.name}.restored")
    try:
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
            opened.write(data)
        open_database(f"sqlite:///{aside}").close()
        with closing(sqlite3.connect(aside)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                raise StoreBroken("The store in the backup is damaged.", "Take another backup.")
            connection.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        for suffix in ("-wal", "-shm"):
            store.with_name(store.name + suffix).unlink(missing_ok=True)
        with aside.open("rb") as opened_again:
            os.fsync(opened_again.fileno())
        aside.replace(store)
    finally:
        for left in store.parent.glob(f"{aside.name}*"):
            left.unlink(missing_ok=True)
