"""What parent and child say to one another: frames of JSON, so that a child gone wrong can hand over only data.

The child is handed mails besides: their bytes follow the frame that tells their lengths.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import IO, Any

from monitor.bounds import Bound
from monitor.facts import Classification, Direction, Fact, OutOfScope, Remark, Request
from monitor.labels import RequestType
from monitor.mailbox.raw_message import RawMessage, TextPart, WholeMail
from monitor.reader.outcomes import Answer, Filed, Outcome, PassedOver, TextWanted, Understood, Unreadable

MAX_FRAME = 512 * 1024 * 1024
TEXT_WANTED = {"text_wanted": True}
_LENGTH = struct.Struct(">I")


def write_frame(stream: IO[bytes], value: Any) -> None:
    """Write one JSON value with its length before it."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def read_frame(stream: IO[bytes]) -> Any:
    """Read one JSON value; raises EOFError where the other side has ended."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    return parse_frame(stream.read(frame_length(head)))


def frame_length(head: bytes) -> int:
    """Return the length that a frame's head announces; raises ValueError beyond the bound."""
    length = int(_LENGTH.unpack(head)[0])
    if length > MAX_FRAME:
        raise ValueError("frame too long")
    return length


HEAD = _LENGTH.size


def parse_frame(data: bytes) -> Any:
    """Return the value of a frame's body."""
    return json.loads(data.decode("utf-8", "surrogatepass"))


def write_batch(stream: IO[bytes], batch: Sequence[Filed]) -> None:
    """Write messages: one frame that describes them, then the bytes of all of them."""
    write_frame(stream, [_description(filed) for filed in batch])
    for filed in batch:
        for piece in _pieces(filed.raw):
            stream.write(piece)
    stream.flush()


def read_batch(stream: IO[bytes]) -> list[Filed]:
    """Read messages; raises EOFError where the other side has ended."""
    return [_filed(stream, *described) for described in read_frame(stream)]


def _description(filed: Filed) -> list[Any]:
    raw = filed.raw
    lengths = [len(piece) for piece in _pieces(raw)]
    if isinstance(raw, WholeMail):
        return [filed.folder, filed.sent, lengths, None]
    fetched = {
        "parts": [[part.subtype, part.charset, part.encoding, part.alternative] for part in raw.parts],
        "received": raw.received_at.isoformat() if raw.received_at else None,
        "cut": sorted(raw.cut),
        "text": raw.text_fetched,
    }
    return [filed.folder, filed.sent, lengths, fetched]


def _pieces(raw: RawMessage | WholeMail) -> Iterator[bytes]:
    if isinstance(raw, WholeMail):
        yield raw.data
    else:
        yield raw.header
        yield from (part.body for part in raw.parts)


def _filed(stream: IO[bytes], folder: str, sent: bool, lengths: list[int], fetched: dict[str, Any] | None) -> Filed:
    pieces = [stream.read(length) for length in lengths]
    if [len(piece) for piece in pieces] != lengths:
        raise EOFError
    if fetched is None:
        return Filed(WholeMail(pieces[0]), folder, sent)
    header, *bodies = pieces
    parts = tuple(
        TextPart(subtype, charset, encoding, body, alternative)
        for (subtype, charset, encoding, alternative), body in zip(fetched["parts"], bodies, strict=True)
    )
    received = datetime.fromisoformat(fetched["received"]) if fetched["received"] else None
    cut = frozenset(map(Bound, fetched["cut"]))
    return Filed(RawMessage(header, parts, received, cut=cut, text_fetched=fetched["text"]), folder, sent)


def outcome_to_wire(outcome: Outcome | TextWanted) -> dict[str, Any]:
    """Write an outcome as JSON values."""
    if isinstance(outcome, TextWanted):
        return TEXT_WANTED
    if isinstance(outcome, Unreadable):
        return {"unreadable": outcome.reason}
    if isinstance(outcome, PassedOver):
        return {"passed_over": outcome.reason, "cut": sorted(outcome.cut)}
    if isinstance(outcome, Answer):
        return {"answer": [outcome.token, outcome.subject, outcome.text, outcome.sent_at.isoformat()]}
    fact = outcome.fact
    return {
        "writer": outcome.writer,
        "cut": sorted(outcome.cut),
        "fact": {
            "key": fact.key,
            "message_id": fact.message_id,
            "direction": fact.direction,
            "correspondents": fact.correspondents,
            "sent_at": fact.sent_at.isoformat(),
            "utc_offset": fact.utc_offset,
            "subject": fact.subject,
            "words": fact.words,
            "reply_to": fact.reply_to,
            "folder": fact.folder,
            "remarks": sorted(fact.remarks),
        },
        "classification": classification_to_wire(fact.classification) if fact.classification else None,
    }


def classification_to_wire(classification: Classification) -> dict[str, Any]:
    """Write a classification in the words of the JSON contract."""
    return {
        "requests": [
            {"type": request.type, "probability": request.probability, "evidence": request.evidence}
            for request in classification.requests
        ],
        "out_of_scope": {
            "asked": classification.out_of_scope.asked,
            "probability": classification.out_of_scope.probability,
            "evidence": classification.out_of_scope.evidence,
        },
        "unsure": classification.unsure,
        "model": classification.model,
    }


def outcome_from_wire(value: dict[str, Any]) -> Outcome | TextWanted:
    """Read an outcome; raises KeyError, TypeError or ValueError if it is none."""
    if value == TEXT_WANTED:
        return TextWanted()
    if "unreadable" in value:
        return Unreadable(str(value["unreadable"]))
    if "passed_over" in value:
        return PassedOver(str(value["passed_over"]), _cut(value))
    if "answer" in value:
        token, subject, text, sent_at = map(str, value["answer"])
        return Answer(token, subject, text, datetime.fromisoformat(sent_at))
    fact = value["fact"]
    told = value["classification"]
    return Understood(
        Fact(
            key=fact["key"],
            message_id=fact["message_id"],
            direction=Direction(fact["direction"]),
            correspondents=tuple(fact["correspondents"]),
            sent_at=datetime.fromisoformat(fact["sent_at"]),
            utc_offset=fact["utc_offset"],
            subject=fact["subject"],
            words=fact["words"],
            reply_to=fact["reply_to"],
            folder=fact["folder"],
            classification=_classification(told) if told else None,
            remarks=frozenset(Remark(remark) for remark in fact["remarks"]),
        ),
        value["writer"],
        _cut(value),
    )


def _cut(value: dict[str, Any]) -> frozenset[Bound]:
    return frozenset(map(Bound, value["cut"]))


def _classification(told: dict[str, Any]) -> Classification:
    return Classification(
        tuple(Request(RequestType(one["type"]), one["probability"], one["evidence"]) for one in told["requests"]),
        OutOfScope(**told["out_of_scope"]),
        told["unsure"],
        told["model"],
    )
