"""An instruction of the coach, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.labels import Label, Signal


class Kind(StrEnum):
    """What the coach can tell the service by mail."""

    TALKED = "talked"  # a boundary conversation was held
    SNOOZE = "snooze"  # propose none for a while
    NOT_A_CLIENT = "not_a_client"  # an address is no client's, or a client is none any more
    WRONG = "wrong"  # what the letter told of a client is not so
    LABEL = "label"  # the answer to a question of the letter
    LESS = "less"  # let more pass
    MORE = "more"  # let less pass
    PAUSE = "pause"  # no letters for a while
    GO_ON = "go_on"  # letters again
    UNDO = "undo"  # take an instruction back
    UNKNOWN = "unknown"  # nothing of the above could be read


class Outcome(StrEnum):
    """What became of an instruction."""

    DONE = "done"
    NOT_UNDERSTOOD = "not understood"
    WHO = "who"  # no client, or more than one, is named
    TO_COME = "to come"  # the day of a conversation lies ahead
    NOTHING_THERE = "nothing there"  # nothing that it could apply to


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction as it was read.

    ``client`` is a name of the configuration, empty for everybody. ``day`` is the day of a talk or the last day of a
    snooze or pause. ``number`` names a question of the letter, or the instruction to take back. ``about`` is an
    address, or the words that were not understood.
    """

    kind: Kind
    client: str = ""
    day: date | None = None
    signal: Signal | None = None
    number: int | None = None
    label: Label | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """An instruction on record: its number, what became of it, and when; ``undone`` says that it was taken back."""

    number: int
    instruction: Instruction
    outcome: Outcome
    at: datetime
    undone: bool = False
