"""Ports of this machine for servers that must come back where they were."""

import contextlib
import random
import socket

_BELOW_OUTGOING = range(20_000, 32_000)
"""Kernels choose the near end of outgoing connections from 32768 upwards: a port taken from there may be gone when a
stopped server wants it again."""


def free_ports(count: int) -> list[int]:
    """So many different ports of 127.0.0.1 that nobody listens on.

    Raises:
        RuntimeError: so many are not free.
    """
    found: list[int] = []
    for port in random.SystemRandom().sample(_BELOW_OUTGOING, len(_BELOW_OUTGOING)):
        if len(found) == count:
            return found
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            found.append(port)
    raise RuntimeError(f"not {count} ports are free")
