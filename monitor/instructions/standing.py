"""What the coach's instructions mean at a moment: who is no client, what passes, until when no letter is wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType

from monitor.agreement import Client
from monitor.instructions.instruction import Carried, Kind, Outcome
from monitor.labels import Signal

MOST_LEEWAY = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds. ``shifts`` are added to the leeway by client and signal; an empty client stands for all."""

    dismissed: frozenset[str] = frozenset()
    strangers: frozenset[str] = frozenset()
    shifts: Mapping[tuple[str, Signal], int] = field(default_factory=dict)
    paused_until: date | None = None

    def is_paused(self, day: date) -> bool:
        """Whether no letter is wanted on a day."""
        return self.paused_until is not None and day <= self.paused_until

    def applied(self, clients: Sequence[Client]) -> tuple[Client, ...]:
        """Return the clients as the coach has corrected them: some are none, some leeways are others."""
        return tuple(self._shifted(client) for client in clients if client.name not in self.dismissed)

    def _shifted(self, client: Client) -> Client:
        changed = dict(client.leeway)
        for signal in Signal:
            shift = self.shifts.get((client.name, signal), 0) + self.shifts.get(("", signal), 0)
            leeway = changed.get(signal, 1)
            if shift and leeway is not False:
                changed[signal] = min(MOST_LEEWAY, max(0, int(leeway) + shift))
        return replace(client, leeway=MappingProxyType(changed))


def standing(carried: Iterable[Carried], as_of: datetime) -> Standing:
    """Return what the instructions up to a moment mean; those that were taken back mean nothing."""
    dismissed: set[str] = set()
    strangers: set[str] = set()
    shifts: Counter[tuple[str, Signal]] = Counter()
    paused: date | None = None
    for one in sorted(carried, key=lambda each: each.number):
        if one.undone or one.outcome is not Outcome.DONE or one.at > as_of:
            continue
        told = one.instruction
        match told.kind:
            case Kind.NOT_A_CLIENT if told.client:
                dismissed.add(told.client)
            case Kind.NOT_A_CLIENT:
                strangers.add(told.about)
            case Kind.LESS | Kind.MORE:
                for signal in [told.signal] if told.signal else Signal:
                    shifts[told.client, signal] += 1 if told.kind is Kind.LESS else -1
            case Kind.PAUSE:
                paused = told.day
            case Kind.GO_ON:
                paused = None
            case _:
                pass
    return Standing(frozenset(dismissed), frozenset(strangers), dict(shifts), paused)
