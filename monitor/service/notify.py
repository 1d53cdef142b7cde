"""Tell systemd how the service is doing (sd_notify(3)); without systemd every call does nothing."""

from __future__ import annotations

import os
import socket


def notify(state: str) -> None:
    """Send one state, such as ``READY=1``; failures are of no consequence to the service."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
            channel.settimeout(1)
            channel.sendto(state.encode(), address)
    except OSError:
        pass


def watchdog_seconds() -> float | None:
    """Return how often systemd wants a sign of life, halved as sd_watchdog_enabled(3) advises; None if never."""
    if os.environ.get("WATCHDOG_PID") not in (None, str(os.getpid())):
        return None
    try:
        return int(os.environ["WATCHDOG_USEC"]) / 2_000_000
    except (KeyError, ValueError):
        return None
