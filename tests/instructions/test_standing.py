"""What instructions mean at a moment, folded in their order; what was taken back means nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

from monitor.agreement import Agreement, Client
from monitor.instructions.instruction import Carried, Instruction, Kind, Outcome
from monitor.instructions.standing import Standing, standing
from monitor.labels import Signal

NOW = datetime(2026, 3, 9, 7, tzinfo=UTC)
SILKE, GEORG = (Client(name, frozenset({f"{name}@x.example"}), Agreement()) for name in ("Silke", "Georg"))


def folded(*told: Instruction, undone: int | None = None, outcome: Outcome = Outcome.DONE) -> Standing:
    carried = [
        Carried(number, one, outcome, NOW - timedelta(days=1), number == undone) for number, one in enumerate(told, 1)
    ]
    return standing(carried, NOW)


def leeways(holds: Standing, signal: Signal) -> list[int | bool]:
    return [client.leeway[signal] for client in holds.applied([SILKE, GEORG])]


def test_sensitivity_adds_up_by_client_and_for_all() -> None:
    less = Instruction(Kind.LESS, "Silke", signal=Signal.SCOPE_CREEP)

    assert leeways(folded(less, less), Signal.SCOPE_CREEP) == [4, 2]
    assert leeways(folded(less, Instruction(Kind.MORE)), Signal.SCOPE_CREEP) == [2, 1]
    assert leeways(folded(less, less, undone=1), Signal.SCOPE_CREEP) == [3, 2]
    assert leeways(folded(*[Instruction(Kind.MORE)] * 9), Signal.SCOPE_CREEP) == [0, 0]


def test_a_signal_that_is_switched_off_stays_off() -> None:
    off = Client("Silke", SILKE.addresses, Agreement(), MappingProxyType({Signal.PAYMENT: False}))

    (client,) = folded(Instruction(Kind.LESS)).applied([off])
    assert client.leeway[Signal.PAYMENT] is False


def test_who_is_no_client_is_left_out_until_that_is_taken_back() -> None:
    gone = Instruction(Kind.NOT_A_CLIENT, "Silke")

    assert folded(gone).applied([SILKE, GEORG]) == folded().applied([GEORG])
    assert len(folded(gone, undone=1).applied([SILKE, GEORG])) == 2
    assert folded(Instruction(Kind.NOT_A_CLIENT, about="a@b.example")).strangers == {"a@b.example"}


def test_a_pause_holds_to_its_last_day_or_its_end() -> None:
    pause = Instruction(Kind.PAUSE, day=date(2026, 3, 20))

    assert folded(pause).is_paused(date(2026, 3, 20))
    assert not folded(pause).is_paused(date(2026, 3, 21))
    assert not folded(pause, Instruction(Kind.GO_ON)).is_paused(date(2026, 3, 10))


def test_what_was_not_done_or_is_still_to_come_means_nothing() -> None:
    pause = Instruction(Kind.PAUSE, day=date(2026, 3, 20))

    assert folded(pause, outcome=Outcome.NOT_UNDERSTOOD) == folded()
    assert standing([Carried(1, pause, Outcome.DONE, NOW + timedelta(seconds=1))], NOW) == folded()
