"""How many messages each bound on reading has cut, since the store was made; no word says which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Connection, insert, select, update

from monitor.store.database import Database
from monitor.store.schema import cut


def count_cuts(connection: Connection, found: Mapping[str, int]) -> None:
    """Add messages that were cut, by the name of the bound, within the transaction that keeps these messages."""
    for bound, messages in sorted(found.items()):
        counted = connection.execute(update(cut).where(cut.c.bound == bound).values(messages=cut.c.messages + messages))
        if not counted.rowcount:
            connection.execute(insert(cut).values(bound=bound, messages=messages))


def cuts(database: Database) -> Counter[str]:
    """Return how many messages each bound has cut, each as often as it was read."""
    with database.reading() as connection:
        return Counter({row.bound: row.messages for row in connection.execute(select(cut))})
