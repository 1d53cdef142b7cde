"""What the service does once a week and at night: digest and retraining."""

from __future__ import annotations

from functools import partial

from bench.clients import AS_OF, YEARS, machine_with
from bench.first_look import rounds_of
from bench.footprint import Cost, run
from bench.mailbox import TEXT_ONLY, mails
from bench.report import Report, in_rounds, megabytes, number
from bench.world import World

CLIENTS = 50
FOLDERS = ("Monitor/Extra work", "Monitor/Scheduling", "Monitor/Payment", "Monitor/In scope")
FILED = 100
HEADS = ("", "s", "CPU s", "peak MB")


def duties(world: World) -> Report:
    """Measure the commands that the service runs for it."""
    report = Report()
    machine, messages = machine_with(world, CLIENTS)
    digest = machine.command("digest", "--as-of", AS_OF, "--output", machine.folder / "digest.txt")
    costs = rounds_of(
        {
            f"judging {CLIENTS} clients with {messages:,} messages of {YEARS} years, and writing the digest": partial(
                run, digest, machine.environment, machine.folder
            )
        },
        world.amounts.rounds,
    )
    costs |= rounds_of({f"retraining with {FILED} filed mails, and the contest": partial(_retraining, world)}, 1)
    report.table(
        HEADS,
        [[name, number(cost.seconds), number(cost.cpu), megabytes(cost.peak)] for name, cost in costs.items()],
    )
    report.say(f"The digest: {in_rounds(world.amounts.rounds)}; retraining: once. Both run in processes of their own.")
    return report


def _retraining(world: World) -> Cost:
    user = "labels"
    for place, mail in enumerate(mails(FILED, TEXT_ONLY)):
        world.server.deliver(user, FOLDERS[place % len(FOLDERS)], mail.data.replace(b"\n", b"\r\n"))
    machine = world.machine(user, 1.0)
    machine.configure()
    return run(machine.command("retrain", "--dry-run"), machine.environment, machine.folder)
