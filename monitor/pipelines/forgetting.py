"""Forgetting: store, kept digests, copies and models, until nothing of a person is left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from monitor.classification import versions


class Erasing(Protocol):
    """What forgetting needs of the store."""

    def forget(self, client: str, addresses: Iterable[str], spared: Iterable[str], now: datetime) -> int: ...
    def remove_copies(self) -> int: ...
    def compact(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased: messages, copies of the store, and models that may have learned from the messages."""

    messages: int
    copies: int
    models: int


def forget(
    client: str, addresses: Iterable[str], spared: Iterable[str], erasure: Erasing, models: Path, now: datetime
) -> Forgotten:
    """Erase a person; ``spared`` are the addresses of other clients, who may be at the same firm.

    Every model of the coach goes, for the person's words may be in any of them; the starter model serves until the
    next training.
    """
    messages = erasure.forget(client, addresses, spared, now)
    removed = versions.remove_all(models)
    copies = erasure.remove_copies()
    erasure.compact()
    return Forgotten(messages, copies, removed)
