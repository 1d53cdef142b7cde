"""Find the client that somebody means on the command line, forgivingly, and never the wrong one."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from monitor.agreement import Client
from monitor.errors import UsageError
from monitor.names import name_words

MOST_CLOSE = 5
CLOSE = 0.6


def client_named(words: Sequence[str], clients: Sequence[Client]) -> Client:
    """Return the client that some words name.

    Case, accents, titles and the order of words do not matter, beginnings of words are enough, and an address does
    as well. Raises UsageError that lists close names where none or several are meant.
    """
    meant = " ".join(words).strip()
    exact = [one for one in clients if one.name == meant or meant.lower() in one.addresses]
    found = exact or [one for one in clients if name_words(one.name) == name_words(meant)]
    found = found or [one for one in clients if _begins(name_words(meant), name_words(one.name))]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            "{name} can be several clients: {names}.",
            "Write a name in full.",
            name=meant,
            names=", ".join(one.name for one in found),
        )
    if close := close_names(meant, clients):
        raise UsageError("No client is named {name}.", "Close names: {names}.", name=meant, names=", ".join(close))
    raise UsageError("No client is named {name}.", "See: client-monitor clients list", name=meant)


def close_names(meant: str, clients: Sequence[Client]) -> list[str]:
    """Return the names that are written much like something, the closest first."""
    wanted = name_words(meant)

    def likeness(client: Client) -> float:
        name = name_words(client.name)
        whole = _ratio(" ".join(wanted), " ".join(name))
        parts = [max((_ratio(one, other) for other in name), default=0.0) for one in wanted]
        return max(whole, sum(parts) / len(parts) if parts else 0.0)

    ranked = sorted(((likeness(client), client.name) for client in clients), key=lambda item: (-item[0], item[1]))
    return [name for score, name in ranked[:MOST_CLOSE] if score >= CLOSE]


def _ratio(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _begins(wanted: Sequence[str], name: Sequence[str]) -> bool:
    """Whether each word begins a word of the name, each a different one."""
    left = list(name)
    for word in sorted(wanted, key=len, reverse=True):
        match = next((part for part in left if part.startswith(word)), None)
        if match is None:
            return False
        left.remove(match)
    return bool(wanted)
