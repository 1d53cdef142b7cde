"""A coach's machine whose store knows years of correspondence with many clients."""

from __future__ import annotations

import random

from health.bench import NOW, history
from machine import Machine

from bench.world import World
from monitor.facts import Direction, Fact
from monitor.store.fact_store import FactStore

YEARS = 2
BATCH = 2_000
AS_OF = NOW.isoformat()
"""The moment up to which there is correspondence."""


def machine_with(world: World, clients: int) -> tuple[Machine, int]:
    """Return a machine with so many clients, and the number of messages that its store knows."""
    chance = random.Random(2026)
    machine = Machine(world.folder(), world.model)
    addresses = [f"client{number}@speed.example" for number in range(clients)]
    machine.sections["client"] = [
        {"name": f"Client {number}", "addresses": [address]} for number, address in enumerate(addresses)
    ]
    facts = [(fact, _writer(fact), None) for address in addresses for fact in history(address, chance, YEARS)]
    with machine.store() as database:
        for start in range(0, len(facts), BATCH):
            FactStore(database).record(facts[start : start + BATCH])
    machine.configure()
    return machine, len(facts)


def _writer(fact: Fact) -> str:
    return fact.correspondents[0] if fact.direction is Direction.RECEIVED else "jana@weber-coaching.example"
