"""Answering: a reply to the digest → instructions → what they change, once."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Protocol

from monitor.config.configuration import Configuration
from monitor.instructions.grammar import Read, instructions_in
from monitor.instructions.instruction import Carried, Instruction, Kind, Outcome
from monitor.labels import Label, RequestType, Signal, Verdict
from monitor.reader.outcomes import Answer
from monitor.store.digest_store import KeptDigest
from monitor.store.instruction_store import Correction
from monitor.talks import Snooze, Talk

MOST = 20  # instructions of one reply

# What a message that shows a signal by mistake does not ask for.
_MISTAKEN: Mapping[Signal, tuple[RequestType, ...]] = MappingProxyType(
    {
        Signal.SCOPE_CREEP: (RequestType.EXTRA_WORK,),
        Signal.ALWAYS_ON: (RequestType.INSTANT_ACCESS,),
        Signal.DEPENDENCY: (RequestType.REASSURANCE,),
        Signal.UNRELIABILITY: (RequestType.CANCELLATION, RequestType.MISSED_COMMITMENT),
        Signal.PAYMENT: (RequestType.PAYMENT,),
        Signal.EXPECTATION_GAP: (RequestType.EXPECTATION,),
    }
)
# These lie outside the standard agreement by themselves; what is left of them must not count as growing scope.
_SCOPED = frozenset({Signal.SCOPE_CREEP, Signal.ALWAYS_ON, Signal.PAYMENT, Signal.UNRELIABILITY})

log = logging.getLogger(__name__)


class Digests(Protocol):
    """What answering needs of the digests."""

    def by_token(self, token: str) -> KeptDigest | None: ...


class Instructions(Protocol):
    """What answering needs of the instructions on record."""

    def is_known(self, mail: str) -> bool: ...
    def keep(
        self,
        mail: str,
        week: str,
        carried: Sequence[tuple[Instruction, Outcome, Sequence[Correction]]],
        at: datetime,
    ) -> None: ...
    def numbered(self, number: int) -> Carried | None: ...
    def undo(self, number: int, at: datetime) -> bool: ...


class Talks(Protocol):
    """What answering needs of the conversations."""

    def keep_talk(self, held: Talk, entered_at: datetime) -> None: ...
    def take_back_talk(self, client: str, held_on: date) -> bool: ...
    def keep_snooze(self, wish: Snooze, entered_at: datetime) -> None: ...
    def take_back_snooze(self, client: str) -> bool: ...


def obey(
    answer: Answer,
    configuration: Configuration,
    digests: Digests,
    instructions: Instructions,
    talks: Talks,
    now: datetime,
) -> bool:
    """Do what a reply says, once; return whether it said anything.

    That it comes from the coach's own address was seen at intake; what makes it the coach's is the token, which only
    the letter holds. The same reply in two folders, or read again after a crash, changes nothing.
    """
    kept = digests.by_token(answer.token)
    if kept is None:
        log.warning("answer with an unknown token passed over")
        return False
    mail = identity(answer)
    if instructions.is_known(mail):
        return False
    today = min(answer.sent_at, now).astimezone(configuration.coach.timezone).date()
    names = [client.name for client in configuration.clients]
    read = instructions_in(answer.subject, answer.text, names, today, configuration.coach.name)[:MOST]
    if not read:
        return False
    said = json.loads(kept.content or "{}")  # forgetting and age empty it
    carried = [each for one in read for each in _carry(one, said, instructions, talks, now)]
    instructions.keep(mail, kept.week, carried, now)
    log.info("answer taken", extra={"fields": {"instructions": len(carried)}})
    return True


def identity(answer: Answer) -> str:
    """Identify a reply by what it says and when: a copy may bear another Message-ID."""
    parts = (answer.token, answer.subject, " ".join(answer.text.split()), answer.sent_at.isoformat())
    return "answer:" + hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()


def _carry(
    read: Read, said: Mapping[str, Any], instructions: Instructions, talks: Talks, now: datetime
) -> list[tuple[Instruction, Outcome, Sequence[Correction]]]:
    told, outcome = read
    if outcome is not Outcome.DONE:
        return [(told, outcome, ())]
    corrections: Sequence[Correction] = ()
    match told.kind:
        case Kind.TALKED:
            assert told.day is not None
            talks.keep_talk(Talk(told.client, told.day), now)
        case Kind.SNOOZE:
            assert told.day is not None
            talks.keep_snooze(Snooze(told.client, told.day), now)
        case Kind.WRONG:
            corrections = _mistakes(told, said)
            outcome = Outcome.DONE if corrections else Outcome.NOTHING_THERE
        case Kind.LABEL:
            corrections = _answered(told, said)
            outcome = Outcome.DONE if corrections else Outcome.NOTHING_THERE
        case Kind.LESS | Kind.MORE if told.client and told.signal is None:
            return [
                (Instruction(told.kind, told.client, signal=signal), outcome, ()) for signal in _signals(told, said)
            ] or [(told, outcome, ())]
        case Kind.UNDO:
            outcome = Outcome.DONE if _undone(told, instructions, talks, now) else Outcome.NOTHING_THERE
        case _:
            pass
    return [(told, outcome, corrections)]


def _undone(told: Instruction, instructions: Instructions, talks: Talks, now: datetime) -> bool:
    before = instructions.numbered(told.number or 0)
    if before is None or before.undone or before.outcome is not Outcome.DONE:
        return False
    what = before.instruction
    if what.kind is Kind.TALKED and what.day is not None:
        talks.take_back_talk(what.client, what.day)
    elif what.kind is Kind.SNOOZE:
        talks.take_back_snooze(what.client)
    return instructions.undo(before.number, now)


def _mistakes(told: Instruction, said: Mapping[str, Any]) -> list[Correction]:
    """Return what the evidence of the digest does not ask for after all."""
    found: dict[tuple[str, Label], Correction] = {}
    for client in said.get("clients", ()):
        for signal in client["signals"] if client["client"] == told.client else ():
            meant = Signal(signal["id"])
            if told.signal not in (None, meant) or meant not in _MISTAKEN:
                continue
            for quote in signal["evidence"]:
                identity = quote["message_id"]
                if not identity:
                    continue
                for request in _MISTAKEN[meant]:
                    found[identity, request] = Correction(identity, request, holds=False)
                if meant in _SCOPED:
                    found[identity, Verdict.IN_SCOPE] = Correction(identity, Verdict.IN_SCOPE, holds=True)
    return list(found.values())


def _answered(told: Instruction, said: Mapping[str, Any]) -> list[Correction]:
    """Return the label of the message that a question of the digest was about."""
    asked = said.get("review", [])
    if told.number is None or told.label is None or not 0 < told.number <= len(asked):
        return []
    identity = asked[told.number - 1]["message_id"]
    return [Correction(identity, told.label, holds=True)] if identity else []


def _signals(told: Instruction, said: Mapping[str, Any]) -> list[Signal]:
    """Return the signals that the digest told of a client."""
    return [
        Signal(signal["id"])
        for client in said.get("clients", ())
        if client["client"] == told.client
        for signal in client["signals"]
    ]
