"""The first look at a mailbox of years, beside programs that only download it."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Callable
from functools import partial

from bench import peers
from bench.filling import Filled
from bench.footprint import Cost, median, run
from bench.report import Bar, Report, in_rounds, megabytes, number
from bench.world import World, tell

LIMIT = "raw socket, header and text alone (the limit)"
OURS = "**this program**: read, understand, classify, store"
EVERYONE = "the same, every correspondent a client"
TLS = "the same as the first, over TLS"
MBSYNC, WITHOUT_FSYNC = "mbsync, download alone", "mbsync without fsync, download alone"
IMAPCLIENT = "IMAPClient, download alone"
HEADS = ("", "s", "× limit", "× mbsync", "messages/s", "CPU s", "peak MB")


def first_look(world: World) -> Report:
    """Measure the whole mailbox in interleaved rounds, and a part of it with the slow ones."""
    report, amounts = Report(), world.amounts
    mailbox = world.mailbox(amounts.count)
    ours = partial(world.first_look, mailbox, amounts.clients)
    costs = rounds_of(
        {
            LIMIT: partial(world.limit, mailbox),
            OURS: ours,
            EVERYONE: partial(world.first_look, mailbox, 1.0),
            TLS: partial(world.first_look, mailbox, amounts.clients, tls=True),
            MBSYNC: partial(_download, world, mailbox, peers.mbsync),
            WITHOUT_FSYNC: partial(_download, world, mailbox, peers.mbsync_without_fsync),
            IMAPCLIENT: partial(_download, world, mailbox, peers.imapclient),
        },
        amounts.rounds,
    )
    report.say(
        f"{mailbox.count:,} mails, {mailbox.size / 1e9:.2f} GB, of it {mailbox.needed / 1e6:,.0f} MB header and text; "
        f"{amounts.clients:.0%} of the correspondents are clients; {in_rounds(amounts.rounds)}, "
        "everything in the clear on loopback."
    )
    report.table(HEADS, _rows(costs, mailbox.count))
    report.bars += [
        Bar("Time in that of mbsync as shipped", costs[OURS].seconds / costs[MBSYNC].seconds, 1.0),
        Bar("Time in that of mbsync without fsync", costs[OURS].seconds / costs[WITHOUT_FSYNC].seconds, 2.5),
        Bar("Time in that of the limit", costs[OURS].seconds / costs[LIMIT].seconds, 8.0),
    ]
    slow = world.mailbox(amounts.peer_count)
    few = rounds_of(
        {
            LIMIT: partial(world.limit, slow),
            OURS: partial(world.first_look, slow, amounts.clients),
            MBSYNC: partial(_download, world, slow, peers.mbsync),
        },
        1,
    )
    stopped = []
    for name, peer in {"offlineimap3": peers.offlineimap, "getmail6": peers.getmail}.items():
        try:
            few |= rounds_of({f"{name}, download alone": partial(_download, world, slow, peer)}, 1)
        except RuntimeError as error:  # a program of others that stops is no reason to measure nothing
            stopped.append(f"{name} stopped before it had them all: {str(error).splitlines()[-1].strip()}.")
    report.say(f"The slow ones on the first {slow.count:,} of these mails, one round; here the start counts for much:")
    report.table(HEADS, _rows(few, slow.count))
    for each in stopped:
        report.say(each)
    return report


def rounds_of(works: dict[str, Callable[[], Cost]], rounds: int) -> dict[str, Cost]:
    """Do each work in turn, so many times, and return the medians."""
    costs: dict[str, list[Cost]] = defaultdict(list)
    for turn in range(rounds):
        for name, work in works.items():
            costs[name].append(work())
            tell(f"round {turn + 1}: {name}: {costs[name][-1].seconds:.2f} s")
    return {name: median(each) for name, each in costs.items()}


def _download(world: World, mailbox: Filled, peer: peers.Command) -> Cost:
    folder = world.folder()
    command = peer(world.server, mailbox.user, folder)
    os.sync()
    cost = run(command)
    kept = sum(file.is_file() and file.stat().st_size > 0 for file in (folder / "mail").rglob("*[0-9]*"))
    if kept < mailbox.count:
        raise RuntimeError(f"{command[0]} has kept {kept} of {mailbox.count} messages")
    shutil.rmtree(folder)
    return cost


def _rows(costs: dict[str, Cost], count: int) -> list[list[str]]:
    limit, mbsync = costs[LIMIT].seconds, costs[MBSYNC].seconds
    return [
        [
            name,
            number(cost.seconds),
            number(cost.seconds / limit),
            number(cost.seconds / mbsync),
            number(count / cost.seconds),
            number(cost.cpu),
            megabytes(cost.peak),
        ]
        for name, cost in costs.items()
    ]
