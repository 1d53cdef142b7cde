"""Discovery: who writes with the coach in both directions and is no client yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.facts import Direction, Fact

LOOKS_BACK = timedelta(weeks=26)
LEAST_RECEIVED = 2
# Where everybody has an address, a shared domain is no firm.
PUBLIC_DOMAINS = frozenset(
    {
        "gmail.com", "googlemail.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de",
        "outlook.com", "outlook.de", "hotmail.com", "hotmail.de", "live.com", "live.de", "yahoo.com", "yahoo.de",
        "icloud.com", "me.com", "mac.com", "aol.com", "posteo.de", "mailbox.org", "proton.me", "protonmail.com",
        "bluewin.ch", "a1.net",
    }
)  # fmt: skip
_NOBODY = ("no-reply", "noreply", "donotreply", "newsletter", "mailer-daemon", "postmaster", "notification", "bounce")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody who may be a client, with all their addresses; ``last`` is the last message of either side."""

    name: str
    addresses: tuple[str, ...]
    received: int
    sent: int
    last: datetime


def proposals(facts: Iterable[Fact], now: datetime, no_clients: Sequence[str] = ()) -> list[Proposal]:
    """Return who may be a client, the liveliest correspondence first.

    ``facts`` are those of correspondence with nobody who is a client; ``no_clients`` are addresses that the coach
    has filed as such. People of one firm are proposed together: they may be one client, or several.
    """
    received: dict[str, list[datetime]] = defaultdict(list)
    sent: dict[str, list[datetime]] = defaultdict(list)
    for fact in facts:
        if not now - LOOKS_BACK < fact.sent_at <= now:
            continue
        for address in fact.correspondents:
            (received if fact.direction is Direction.RECEIVED else sent)[address].append(fact.sent_at)
    groups: dict[str, list[str]] = defaultdict(list)
    for address in sorted(received.keys() & sent.keys()):
        local, _, domain = address.rpartition("@")
        if address in no_clients or any(word in local for word in _NOBODY):
            continue
        groups[address if domain in PUBLIC_DOMAINS else domain].append(address)
    found = [
        Proposal(
            name_from(addresses[0]) if len(addresses) == 1 else addresses[0].rpartition("@")[2],
            tuple(addresses),
            sum(len(received[address]) for address in addresses),
            sum(len(sent[address]) for address in addresses),
            max(moment for address in addresses for moment in (*received[address], *sent[address])),
        )
        for addresses in groups.values()
    ]
    lively = [one for one in found if one.received >= LEAST_RECEIVED]
    return sorted(lively, key=lambda one: (-min(one.received, one.sent), -one.received, one.addresses))


def name_from(address: str) -> str:
    """Return a name to begin with: ``anna.berg@firm.example`` is Anna Berg, ``praxis@berg.example`` is berg.example."""
    local, _, domain = address.rpartition("@")
    words = [word for word in local.replace("_", ".").replace("-", ".").split(".") if word]
    if len(words) > 1 and all(word.isalpha() for word in words):
        return " ".join(word.capitalize() for word in words)
    return words[0].capitalize() if domain in PUBLIC_DOMAINS and words and words[0].isalpha() else domain
