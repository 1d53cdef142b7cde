"""Faults of network, server and machine: the service lives, says what is wrong, and in the end has everything once."""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest
from machine import Machine
from servers.dovecot import Dovecot
from servers.mailserver import MailServer

from faults.faults import SHORT, STATES, on_the_wire
from faults.letters import on_the_way_out
from faults.world import Row, World

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def world(machine: Machine, own_dovecot: Callable[..., Dovecot], mailbox_user: str, mailserver: MailServer) -> World:
    """A service with a server of its own."""
    server = own_dovecot(sent=None)  # one that does not make the folder anew by itself
    machine.watch(server, mailbox_user)
    machine.send_to(mailserver)
    return World(machine, server, mailbox_user)


@pytest.mark.parametrize("fault", SHORT)
def test_nothing_is_lost_or_doubled_when_the_wire_breaks(fault: str, world: World) -> None:
    assert on_the_wire(fault, world, random.Random(7), 1) == Row(fault, 1, 0, 0)


@pytest.mark.parametrize("fault", ["outbox: cut amid the letter", "outbox: taken, and not said"])
def test_the_letter_arrives_once_whatever_befalls_it_on_its_way(fault: str, world: World) -> None:
    assert on_the_way_out(fault, world, random.Random(7), 1) == Row(fault, 1, 0, 0)


@pytest.mark.parametrize("fault", [name for name in STATES if name not in ("store locked", "disk full")])
def test_nothing_is_lost_or_doubled_by_what_befalls_server_or_store(fault: str, world: World) -> None:
    assert STATES[fault](world, 1) == Row(fault, 1, 0, 0)


@pytest.mark.skipif(os.getuid() != 0, reason="only root may make a small disk")
def test_nothing_is_lost_or_doubled_when_the_disk_is_full(world: World) -> None:
    assert STATES["disk full"](world, 1) == Row("disk full", 1, 0, 0)
