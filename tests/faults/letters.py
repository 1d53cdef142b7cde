"""Faults on the way to the coach's mail server: the weekly letter arrives once, whatever befalls it there."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from machine import Service
from servers.mailserver import Conduct, MailServer
from sqlalchemy import delete

from faults.proxy import Act, Cut, CutAfter, Link, Proxy, Rewrite
from faults.world import PATIENCE, Row, World
from monitor.store.schema import digest


class CutInLetter(Act):
    """The connection ends amid the text of the letter, on its way up."""

    def begin(self, link: Link, chance: random.Random) -> None:
        link.mark = chance.randint(1, 20_000)

    def up(self, data: bytes, link: Link) -> bytes:
        link.seen += data
        if b"\r\nMessage-ID:" in link.seen and (len(link.seen) > link.mark or link.seen.endswith(b"\r\n.\r\n")):
            raise Cut  # what came last is never passed on, and it may be the end of the letter
        return data


# What is done to the wire, or how the server behaves.
LETTERS: dict[str, Act | Conduct] = {
    "outbox: cut in the greeting": CutAfter(0, 30),
    "outbox: cut while signing in": CutAfter(60, 200),
    "outbox: cut amid the letter": CutInLetter(),
    "outbox: cut before its answer": Conduct.DROP,
    "outbox: taken, and not said": Conduct.FORGET_TO_SAY,
    "outbox: silent from the start": CutAfter(0, 0, stall=True),
    "outbox: silent after the letter": Conduct.HANG,
    "outbox: refused before the letter": Rewrite(rb"^354 ", b"452 full "),
    "outbox: refused after the letter": Conduct.REFUSE,
    "outbox: a line without end": Rewrite(rb"^250 ", b"250 " + b"x" * 1_000_000),
}


def on_the_way_out(name: str, world: World, chance: random.Random, rounds: int) -> Row:
    """Break the way of the letter, mend it, again and again; every round has a letter of its own."""
    fault = LETTERS[name]
    machine = world.machine
    lost = doubled = 0
    # In the clear, so that the wire can be broken at a known place.
    with MailServer(machine.folder, "none") as outbox, Proxy(outbox.host, outbox.port, chance) as proxy:
        machine.send_to(outbox)
        machine.sections["outbox"] |= {"host": proxy.host, "port": proxy.port, "timeout": 5}
        assert world.start().stop(seconds=15) == 0
        for number in range(rounds):
            with machine.store() as database, database.writing() as connection:
                connection.execute(delete(digest))
            due_at = machine.owe_digest()
            before = len(outbox.letters)
            with _broken(fault, proxy, outbox):
                service = machine.start()
                service.until(_said(service, "digest put off"), PATIENCE, "a word about the letter")
                if number == 0:
                    told = machine.run("status", configured=False)
                    assert told.code == 1
                    assert "still to be sent" in told.out
            for letter in outbox.letters[before:]:
                world.server.deliver(world.user, "INBOX", letter.data)  # as the coach's provider does
            machine.let_quarter_of_an_hour_pass(due_at)
            service.tell(signal.SIGHUP)
            service.until(_sent(world, due_at), PATIENCE, "the letter")
            assert service.stop(seconds=15) == 0
            assert machine.start().watching(seconds=PATIENCE).stop(seconds=15) == 0
            taken = len(outbox.letters) - before
            lost += taken == 0
            doubled += max(0, taken - 1)
    return Row(name, rounds, lost, doubled)


def _said(service: Service, words: str) -> Callable[[], bool]:
    return lambda: words in service.log()


def _sent(world: World, due_at: datetime) -> Callable[[], bool]:
    return lambda: world.machine.is_sent(due_at)


@contextmanager
def _broken(fault: Act | Conduct, proxy: Proxy, outbox: MailServer) -> Iterator[None]:
    if isinstance(fault, Conduct):
        outbox.conduct = fault
    else:
        proxy.do(fault)
    yield
    outbox.conduct = Conduct.TAKE
    proxy.do(None)
