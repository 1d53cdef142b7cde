"""Many rounds of the real service: does it grow?

Nothing in it is sped up. Between it and Dovecot stands a wire that says, as soon as the service waits, how many
messages there are, as servers may at any time: so one round follows upon the other, each of them whole. Every two
hundredth time there is a new mail indeed.
"""

from __future__ import annotations

import random
import re
import statistics
import time
from dataclasses import dataclass

from faults.proxy import Act, Link, Proxy
from machine import Service, mail, until
from servers.mailserver import MailServer

from bench.footprint import descriptors, family, resident
from bench.mailbox import TEXT_ONLY, people
from bench.report import Bar, Report, megabytes, number
from bench.world import World, tell

ROUNDS_A_MAIL = 200
MAILS = 200
PATIENCE = 120.0  # seconds without a single round
GROWTH = 1.0  # MB that allocators may keep


@dataclass(frozen=True, slots=True)
class Look:
    """The service after so many rounds: its memory in bytes, and the files it holds open."""

    rounds: int
    resident: int
    descriptors: int


class Chatter(Act):
    """Tells how many messages there are whenever the client begins to wait."""

    def after(self, data: bytes, link: Link) -> bytes:
        for told in re.finditer(rb"^\* (\d+) EXISTS", data, re.MULTILINE):
            link.mark = int(told[1])
        return data + b"* %d EXISTS\r\n" % link.mark if data.startswith(b"+ ") and link.mark else data


def soak(world: World) -> Report:
    """Let the service take its rounds and compare the second half with the first after warming up."""
    report, wanted = Report(), world.amounts.soak
    mailbox = world.mailbox(MAILS, TEXT_ONLY)
    writer = people(TEXT_ONLY)[0].address
    looks: list[Look] = []
    with (
        MailServer(world.folder()) as outbox,
        Proxy(world.server.host, world.server.port, random.Random(2026)) as wire,
    ):
        machine = world.machine(mailbox.user, world.amounts.clients)
        machine.sections["mailbox"]["port"] = wire.port
        machine.send_to(outbox)
        try:
            service = machine.start().watching(seconds=300)
            wire.do(Chatter())  # ends the connection; the service opens another one
            begun, delivered = time.monotonic(), 0
            while (done := _more(service, looks)) < wanted:
                if done // ROUNDS_A_MAIL > delivered:
                    data, _ = mail(sender=writer)
                    world.server.deliver(mailbox.user, "INBOX", data)
                    delivered += 1
            seconds = time.monotonic() - begun
            wire.do(None)
            until(lambda: len(family(service.process.pid)) == 1, 60, "the end of the children")
            known = len(machine.known())
            service.stop(20)
        finally:
            machine.close()
    if known < MAILS + delivered - 1:
        raise RuntimeError(f"{known} messages are known of {MAILS + delivered}")
    return _told(report, looks, delivered, seconds)


def _more(service: Service, looks: list[Look]) -> int:
    """Wait for more rounds, look at the service, and return how many rounds there were."""
    before = looks[-1].rounds if looks else 0
    service.until(lambda: service.rounds() >= before + 50, PATIENCE, "more rounds")
    process = service.process.pid
    looks.append(Look(service.rounds(), resident(process), descriptors(process)))
    if len(looks) % 20 == 0:
        tell(f"{looks[-1].rounds:,} rounds, {looks[-1].resident / 1e6:.1f} MB, {looks[-1].descriptors} files")
    return looks[-1].rounds


def _told(report: Report, looks: list[Look], mails: int, seconds: float) -> Report:
    last = looks[-1].rounds
    report.say(f"{last:,} rounds of the running service in {seconds:,.0f} s, and {mails} mails that came meanwhile:")
    tenths = [[look for look in looks if tenth < 10 * look.rounds / last <= tenth + 1] for tenth in range(10)]
    rows = [
        [
            f"{tenth[-1].rounds:,}",
            megabytes(statistics.median(look.resident for look in tenth)),
            number(statistics.median(look.descriptors for look in tenth)),
        ]
        for tenth in tenths
        if tenth
    ]
    report.table(("rounds", "resident MB, median", "open files, median"), rows)
    # The first fifth warms up; then the middle of what is left is compared with its end.
    early, late = ([look for look in looks if low < look.rounds / last <= high] for low, high in ((0.2, 0.5), (0.7, 1)))
    grown = statistics.median(one.resident for one in late) - statistics.median(one.resident for one in early)
    files = statistics.median(one.descriptors for one in late) - statistics.median(one.descriptors for one in early)
    report.bars += [
        Bar("MB more at the end than after warming up", grown / 1e6, GROWTH),
        Bar("Open files more at the end", files, 0),
    ]
    return report
