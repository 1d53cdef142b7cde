"""Retention: what has grown older than the coach wants it kept is erased, every night."""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta
from pathlib import Path

from monitor.config.configuration import Configuration
from monitor.store.database import Database
from monitor.store.erasure import Erasure, Retired, copies_of
from monitor.store.transfer import sqlite_file

COPIES_KEPT = timedelta(days=30)  # of the store from before a migration: long enough to go back


def retire_old(configuration: Configuration, database: Database, now: datetime) -> Retired:
    """Erase facts, words and copies that are too old; return what that was."""
    erasure = Erasure(database)
    retired = erasure.retire(
        months_before(now, configuration.facts_months), months_before(now, configuration.quotes_months)
    )
    store = sqlite_file(configuration.store_url)
    if retired and store is not None:
        erasure.empty_log()
    elif retired:
        erasure.compact()  # a server does not overwrite what is deleted
    _remove_old_copies(store, now)
    return retired


def _remove_old_copies(store: Path | None, now: datetime) -> None:
    for copy in copies_of(store) if store else ():
        if copy.stat().st_mtime < (now - COPIES_KEPT).timestamp():
            copy.unlink(missing_ok=True)


def months_before(moment: datetime, months: int) -> datetime:
    """Return the same day of an earlier month, or that month's last day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
