"""Bring every fault about and print what was lost or doubled: ``make faults``.

ROUNDS is how often each fault is brought about (3), KILLS how often the service is killed (200), SEED repeats a run,
ONLY names a part of the faults' names.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
import traceback
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from machine import Machine
from servers.dovecot import Dovecot
from servers.mailserver import MailServer

from faults.faults import STATES, WIRES, on_the_wire
from faults.kills import killed, unfaulted
from faults.letters import LETTERS, on_the_way_out
from faults.world import Row, World

MODELS = Path(os.environ.get("MODELS", ".pytest_cache/d/models"))
BUILD = """
import sys, pathlib
from monitor.classification.serving import serving_model
print(serving_model(pathlib.Path(sys.argv[1])).version)
"""


def main() -> int:
    """Return 1 where anything was lost or doubled, or a fault was not survived."""
    rounds, kills = int(os.environ.get("ROUNDS", "3")), int(os.environ.get("KILLS", "200"))
    seed, only = int(os.environ.get("SEED") or random.randrange(2**32)), os.environ.get("ONLY", "")
    version = subprocess.run([sys.executable, "-c", BUILD, str(MODELS)], capture_output=True, text=True, check=True)
    model = (MODELS / f"{version.stdout.strip()}.npz").resolve()
    chance = random.Random(seed)
    works: dict[str, Callable[[World, MailServer], Row]] = {}
    for name in WIRES:
        works[name] = lambda world, _, name=name: on_the_wire(name, world, chance, rounds)  # type: ignore[misc]
    for name, work in STATES.items():
        if name != "disk full" or os.getuid() == 0:
            works[name] = lambda world, _, work=work: work(world, rounds)  # type: ignore[misc]
    for name in LETTERS:
        works[name] = lambda world, _, name=name: on_the_way_out(name, world, chance, rounds)  # type: ignore[misc]
    works["kill -9"] = lambda world, outbox: _kills(world, outbox, kills, seed, model)
    print(f"SEED={seed}\n{'fault':<34}  rounds  lost  doubled")
    worst = 0
    for name, work in works.items():
        if only not in name or (name == "kill -9" and not kills):
            continue
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="faults-") as scratch:
            worst |= _tell(name, work, Path(scratch), model)
        if os.environ.get("LIST"):
            print(f"{'':<34}  {time.monotonic() - began:.0f} s", flush=True)
    return worst


def _tell(name: str, work: Callable[[World, MailServer], Row], scratch: Path, model: Path) -> int:
    (scratch / "machine").mkdir()
    machine = Machine(scratch / "machine", model)
    server = Dovecot(sent=None)  # one that does not make the folder anew by itself
    server.start()
    try:
        with MailServer(scratch) as outbox:
            user = f"jana-{uuid.uuid4().hex[:12]}"
            machine.watch(server, user)
            machine.send_to(outbox)
            row = work(World(machine, server, user), outbox)
    except BaseException as error:
        print(f"{name:<34}  not survived: {str(error)[:2_000]}\n{traceback.format_exc(limit=-2)}", flush=True)
        if isinstance(error, KeyboardInterrupt):
            raise
        return 1
    finally:
        machine.close()
        server.remove()
    print(f"{row.fault:<34}  {row.rounds:>6}  {row.lost:>4}  {row.doubled:>7}", flush=True)
    return int(bool(row.lost or row.doubled))


def _kills(world: World, outbox: MailServer, rounds: int, seed: int, model: Path) -> Row:
    result = killed(world.machine, world.server, world.user, outbox, rounds, seed)
    known, sent = Counter(world.machine.known()), Counter(result.sent)
    folder = world.machine.folder.parent / "undisturbed"
    folder.mkdir()
    undisturbed = Machine(folder, model)
    undisturbed.watch(world.server, world.user)
    undisturbed.send_to(outbox)
    try:
        assert unfaulted(undisturbed, world.machine.facts()), "the facts differ from those of a run without faults"
    finally:
        undisturbed.close()
    assert len(outbox.letters) == result.unconfirmed + 1
    assert len({letter.data for letter in outbox.letters}) == 1
    return Row("kill -9", rounds, (sent - known).total(), (known - sent).total())


if __name__ == "__main__":
    sys.exit(main())
