"""What the parts of the measurement share: a server with made mailboxes, machines of a coach, and how much of all."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

from machine import Machine
from servers.dovecot import Dovecot

from bench.filling import Filled, fill, first
from bench.footprint import Cost, run
from bench.limit import commands_for
from bench.mailbox import TEXT_ONLY, Recipe, mails, people
from monitor.store.fact_store import FactStore


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much is measured; ``clients`` is the share of the correspondents that are clients."""

    count: int = 20_000
    peer_count: int = 1_000
    memory_count: int = 100_000
    growth_count: int = 80_000
    rounds: int = 3
    wakes: int = 30
    soak: int = 10_000
    texts: int = 3_000
    clients: float = 0.33

    @property
    def are_written(self) -> bool:
        """Whether the figures go into the document: with the usual amounts, or where ``WRITE`` wishes it."""
        return self == Amounts() or bool(os.environ.get("WRITE"))

    @classmethod
    def wished(cls) -> Amounts:
        """Return the usual amounts, or what the environment says: ``COUNT``, ``ROUNDS``, …"""
        usual = cls()
        values = {
            name: type(getattr(usual, name))(value) for name in cls.__slots__ if (value := os.environ.get(name.upper()))
        }
        return cls(**values)


@dataclass(slots=True)
class World:
    """The server, the file of the starter model, a folder for everything else, and the mailboxes made so far."""

    server: Dovecot
    model: Path
    scratch: Path
    amounts: Amounts
    _mailboxes: dict[tuple[Recipe, int], Filled] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def mailbox(self, count: int, recipe: Recipe | None = None) -> Filled:
        """Return a mailbox of so many mails; one that is part of a larger one is not written again."""
        recipe = recipe or Recipe()
        if (recipe, count) not in self._mailboxes:
            larger = [filled for (like, size), filled in self._mailboxes.items() if like == recipe and size > count]
            user = f"bench{next(self._numbers)}"
            tell(f"making a mailbox of {count:,} mails")
            made = (
                first(self.server, user, larger[0], count) if larger else fill(self.server, user, mails(count, recipe))
            )
            self._mailboxes[recipe, count] = made
        return self._mailboxes[recipe, count]

    def folder(self) -> Path:
        """Return an empty folder."""
        folder = self.scratch / f"folder{next(self._numbers)}"
        folder.mkdir()
        return folder

    def machine(self, user: str, share: float, *, tls: bool = False) -> Machine:
        """Return a coach's fresh machine whose clients are that share of the correspondents."""
        machine = Machine(self.folder(), self.model)
        machine.watch(self.server, user)
        if not tls:
            machine.sections["mailbox"] |= {"port": self.server.port, "security": "none"}
        everybody = people(TEXT_ONLY)
        machine.sections["client"] = [
            {"name": f"{one.name} {number}", "addresses": [one.address]}
            for number, one in enumerate(everybody[: round(len(everybody) * share)], 1)
        ]
        return machine

    def first_look(self, mailbox: Filled, share: float, *, tls: bool = False) -> Cost:
        """Read a mailbox for the first time, with a fresh store, as a coach would do it."""
        machine = self.machine(mailbox.user, share, tls=tls)
        machine.configure()
        os.sync()
        cost = run(machine.command("sync"), machine.environment, machine.folder)
        with machine.store() as database:
            _require_all(FactStore(database), mailbox.count)
        shutil.rmtree(machine.folder)
        return cost

    def limit(self, mailbox: Filled) -> Cost:
        """Read header and text with a bare socket; the time is that of the reading alone, without the start."""
        os.sync()
        told = "\n".join(commands_for(mailbox.parts))
        cost = run([*PYTHON, "bench.limit", self.server.host, str(self.server.port), mailbox.user], told=told)
        return Cost(float(cost.out.split()[0]), cost.cpu, cost.peak)


def _require_all(facts: FactStore, count: int) -> None:
    """Hold that everything was read; of some mails only that they are automatic ("Out of office") is seen."""
    reached = facts.cursor("INBOX")
    if reached is None or reached.last_uid != count or facts.quarantined() or facts.count() < 0.99 * count:
        raise RuntimeError(f"the first look knows {facts.count()} of {count} messages: {reached}")


PYTHON = (sys.executable, "-m")


def tell(text: str) -> None:
    """Say what is under way."""
    print(f"  … {text}", file=sys.stderr, flush=True)
