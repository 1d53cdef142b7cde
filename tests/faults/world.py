"""A service at work with its mailbox, around which faults are brought about, and the account of what came of them."""

from __future__ import annotations

import contextlib
import signal
from collections import Counter
from dataclasses import dataclass

from machine import CLIENT, COACH, Machine, Service, mail
from servers.dovecot import Dovecot

from monitor.errors import ClientMonitorError

PATIENCE = 90.0  # seconds


@dataclass(frozen=True, slots=True)
class Row:
    """What came of a fault: how often it was brought about, and how many messages were lost or doubled by it."""

    fault: str
    rounds: int
    lost: int
    doubled: int


class World:
    """A service with its mailbox, and all that was ever put into it."""

    def __init__(self, machine: Machine, server: Dovecot, user: str) -> None:
        self.machine, self.server, self.user = machine, server, user
        self.sent: list[str] = []
        self.service: Service | None = None

    def write(self, folder: str = "INBOX") -> None:
        """Put a mail into the mailbox."""
        people = (CLIENT, COACH) if folder == "INBOX" else (COACH, CLIENT)
        data, identity = mail(sender=people[0], to=people[1])
        self.server.deliver(self.user, folder, data)
        self.sent.append(identity)

    def start(self) -> Service:
        """Start the service with some mail before it, and wait until it has read that."""
        for folder in ("INBOX", "INBOX", "INBOX", "Sent"):
            self.write(folder)
        self.service = self.machine.start().watching(seconds=PATIENCE)
        return self.service

    def failures(self) -> int:
        """How often the service has said that a round failed."""
        assert self.service is not None
        return self.service.log().count("round failed")

    def mended(self) -> None:
        """Tell the service that it may try at once, and wait until it knows everything."""
        assert self.service is not None
        self.service.tell(signal.SIGHUP)
        self.service.until(lambda: set(self.machine.known()) >= set(self.sent), PATIENCE, "everything that was sent")

    def knows_all(self) -> bool:
        """Whether everything that was sent is known; not, where the store cannot be read."""
        with contextlib.suppress(ClientMonitorError):
            return set(self.machine.known()) >= set(self.sent)
        return False

    def told(self) -> str:
        """What ``status`` says while the fault lasts; it must not be that all is well."""
        done = self.machine.run("status", configured=False)
        assert done.code == 1, done.out
        return done.out + done.err

    def row(self, fault: str, rounds: int) -> Row:
        """Compare what is known with what was sent, once the service has come to rest and been stopped."""
        assert self.service is not None
        assert self.service.stop(seconds=15) == 0
        known, sent = Counter(self.machine.known()), Counter(self.sent)
        return Row(fault, rounds, (sent - known).total(), (known - sent).total())
