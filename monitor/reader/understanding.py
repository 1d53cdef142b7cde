"""Understand raw messages: read, tell who wrote to whom, classify what a client asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC
from typing import Any

from monitor.classification.address_form import address_of
from monitor.classification.model import Document, Model
from monitor.classification.remarks import remarks_of
from monitor.errors import UnreadableMessage
from monitor.facts import Direction, Fact, Remark
from monitor.instructions.token import token_in
from monitor.mailbox.raw_message import RawMessage, WholeMail
from monitor.message.message import Message
from monitor.message.reading import read_message
from monitor.reader.outcomes import Answer, Circle, Filed, Outcome, PassedOver, TextWanted, Understood, Unreadable

LONGEST_ANSWER = 8_000  # characters of an answer to the digest that are looked at


def understand(batch: Sequence[Filed], circle: Circle, model: Model) -> list[Outcome | TextWanted]:
    """Return one outcome per message, in their order.

    Only what clients wrote is classified; of other people no word is kept, nor even asked of the mailbox.
    """
    outcomes: list[Outcome | TextWanted] = []
    asked: list[tuple[int, Message]] = []
    for filed in batch:
        try:
            message = read_message(filed.raw, of_programs=False)
        except UnreadableMessage as error:
            outcomes.append(Unreadable(str(error)))
            continue
        outcome = _answer(message, circle) or _fact(message, filed, circle)
        if _lacks_text(filed.raw) and _needs_text(outcome, circle):
            outcomes.append(TextWanted())
            continue
        if isinstance(outcome, Understood | PassedOver):
            outcome = replace(outcome, cut=message.cut)
        if (
            isinstance(outcome, Understood)
            and outcome.fact.direction is Direction.RECEIVED
            and circle.is_client(outcome.writer)
        ):
            asked.append((len(outcomes), message))
        outcomes.append(outcome)
    classified = model.classify([Document(message.subject, message.text) for _, message in asked])
    for (position, message), classification in zip(asked, classified, strict=True):
        understood = outcomes[position]
        assert isinstance(understood, Understood)
        fact = replace(
            understood.fact,
            classification=classification,
            subject=message.subject,
            remarks=remarks_of(message.text, Direction.RECEIVED, message.subject),
        )
        outcomes[position] = replace(understood, fact=fact)
    return outcomes


def _lacks_text(raw: RawMessage | WholeMail) -> bool:
    return isinstance(raw, RawMessage) and not raw.text_fetched


def _needs_text(outcome: Outcome, circle: Circle) -> bool:
    """Whether the text counts: the coach's and the clients', and where nothing else tells two messages apart."""
    if isinstance(outcome, Answer):
        return True
    if not isinstance(outcome, Understood):
        return False
    sent = outcome.fact.direction is Direction.SENT
    return sent or circle.is_client(outcome.writer) or outcome.fact.message_id is None


def _answer(message: Message, circle: Circle) -> Answer | None:
    """Return the coach's answer to a digest: from an own address, to nobody else, carrying a token."""
    if message.automatic or message.sender is None or message.sent_at is None:
        return None
    parties = {message.sender.address, *(recipient.address for recipient in message.recipients)}
    token = token_in(message.subject, message.reply_to)
    if token is None or not parties <= circle.answering:
        return None
    return Answer(token, message.subject, message.text[:LONGEST_ANSWER], message.sent_at.astimezone(UTC))


def _fact(message: Message, filed: Filed, circle: Circle) -> Outcome:
    if message.automatic:
        return PassedOver(message.origin)
    if message.sender is None:
        return PassedOver("sender unknown")
    if message.sent_at is None:
        return Unreadable("The message tells no date.")
    writer = message.sender.address
    # What lies in the folder of sent mail is the coach's, also under an alias that the configuration lacks.
    sent = filed.sent or writer in circle.own
    others = tuple(sorted({recipient.address for recipient in message.recipients} - circle.own - {writer}))
    if sent and not others:
        return PassedOver("to oneself")
    offset = message.sent_at.utcoffset()
    to_client = sent and any(circle.is_client(address) for address in others)
    return Understood(
        Fact(
            key=message.key,
            message_id=message.message_id,
            direction=Direction.SENT if sent else Direction.RECEIVED,
            correspondents=others if sent else (writer,),
            sent_at=message.sent_at.astimezone(UTC),
            utc_offset=int(offset.total_seconds() // 60) if offset else 0,
            subject="",
            words=len(message.text.split()) if sent or circle.is_client(writer) else 0,
            reply_to=message.reply_to,
            folder=filed.folder,
            remarks=_remarks_sent(message) if to_client else frozenset(),
        ),
        writer,
    )


def _remarks_sent(message: Message) -> frozenset[Remark]:
    return remarks_of(message.text, Direction.SENT, message.subject) | address_of(message.text)


def described(batch: Sequence[RawMessage | WholeMail], model: Model) -> list[dict[str, Any]]:
    """Describe messages for people and programs: the fields of ``classify`` without their source.

    A message that cannot be read is described by its ``error`` alone. What no person wrote asks for nothing.
    """
    lines: list[dict[str, Any]] = []
    asked: list[tuple[int, Message]] = []
    for raw in batch:
        try:
            message = read_message(raw)
        except UnreadableMessage as error:
            lines.append({"error": str(error)})
            continue
        if not message.automatic:
            asked.append((len(lines), message))
        lines.append(
            {
                "message_id": message.message_id,
                "from": message.sender.address if message.sender else None,
                "date": message.sent_at.isoformat() if message.sent_at else None,
                "language": message.language,
                "text": message.text,
                "automatic": message.automatic,
                "requests": [],
                "out_of_scope": {"asked": False, "probability": 0.0, "evidence": ""},
                "unsure": False,
            }
            # Nearly every message fits, and then nothing is said about it.
            | ({"cut": sorted(message.cut)} if message.cut else {})
        )
    classified = model.classify([Document(message.subject, message.text) for _, message in asked])
    for (position, _), classification in zip(asked, classified, strict=True):
        told = asdict(classification)
        lines[position] |= {
            "requests": list(told["requests"]),
            "out_of_scope": told["out_of_scope"],
            "unsure": told["unsure"],
        }
    return lines
