"""Kill the service at random moments, again and again, while mail comes and a digest falls due."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from datetime import datetime

from machine import CLIENT, COACH, Machine, mail
from servers.dovecot import Dovecot
from servers.mailserver import Conduct, MailServer

from monitor.facts import Fact

FALLS_DUE = 5  # the round before which the digest falls due
MOST_TRIES = 7  # one less than after how many the service gives a digest up


@dataclass(slots=True)
class Killed:
    """What was sent, when the digest fell due, and how many letters had arrived without anyone noting it."""

    sent: list[str]
    due_at: datetime
    unconfirmed: int


def killed(machine: Machine, server: Dovecot, user: str, outbox: MailServer, rounds: int, seed: int) -> Killed:
    """Kill the service in each of the rounds, at last let it come to rest, and stop it."""
    chance = random.Random(seed)
    sent: list[str] = []
    unconfirmed = 0
    due_at = None
    with server.session(user) as session:
        session.create("Sent")  # where the server does not do that by itself

        def write() -> None:
            folder, people = ("INBOX", (CLIENT, COACH)) if chance.random() < 0.7 else ("Sent", (COACH, CLIENT))
            data, identity = mail(sender=people[0], to=people[1])
            assert session.append(folder, "", "", data)[0] == "OK"
            sent.append(identity)

        for number in range(rounds):
            if number == min(FALLS_DUE, rounds - 1):
                due_at = machine.owe_digest()
            if due_at and (slot := machine.slot(due_at)) and slot.state == "claimed" and slot.tries < MOST_TRIES:
                machine.let_quarter_of_an_hour_pass(due_at)
            outbox.conduct = chance.choice((Conduct.TAKE, Conduct.REFUSE, Conduct.DROP))
            for _ in range(chance.randrange(3)):
                write()
            service = machine.start()
            if chance.random() < 0.8:
                service.ready()
            lived = chance.uniform(0, 1.2)
            early = chance.uniform(0, lived)
            time.sleep(early)
            if chance.random() < 0.5:
                write()  # amid the round
            time.sleep(lived - early)
            with_children = chance.random() < 0.5
            service.kill(with_children)
            service.children_ended()
            if due_at and not machine.is_sent(due_at):
                # Left alone, the sending child ends what it has begun.
                assert with_children or len(outbox.letters) == unconfirmed
                unconfirmed = len(outbox.letters)
    assert due_at is not None
    outbox.conduct = Conduct.TAKE
    slot = machine.slot(due_at)
    if slot is not None and slot.state == "claimed":
        machine.let_quarter_of_an_hour_pass(due_at)
    service = machine.start().watching(seconds=60)
    assert service.stop() == 0
    return Killed(sent, due_at, unconfirmed)


def unfaulted(machine: Machine, facts: list[Fact]) -> bool:
    """Whether a machine that nobody disturbs finds the very same facts in the same mailbox."""
    service = machine.start().watching(seconds=120)
    assert service.stop() == 0
    return _comparable(machine.facts()) == _comparable(facts)


def _comparable(facts: list[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda fact: fact.key)
