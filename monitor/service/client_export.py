"""Everything that is stored on one person, as JSON (Art. 15 and 20 GDPR)."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from monitor.agreement import Client
from monitor.digest.json_form import carried_as_json
from monitor.facts import Fact
from monitor.instructions.instruction import Carried
from monitor.mailbox.raw_message import Place
from monitor.store.digest_store import DigestStore
from monitor.store.instruction_store import InstructionStore
from monitor.store.label_store import Filing, LabelStore
from monitor.store.talk_store import TalkStore

SCHEMA = 1


def export(
    name: str,
    addresses: Sequence[str],
    client: Client | None,
    facts: Sequence[Fact],
    labels: LabelStore,
    talks: TalkStore,
    digests: DigestStore,
    instructions: InstructionStore,
    now: datetime,
) -> dict[str, Any]:
    """Return all that is stored; ``facts`` are the person's, ``client`` what the configuration says of them."""
    keys = {fact.key for fact in facts}
    filings = [one for one in labels.filings() if one.key in keys]
    snooze = next((one for one in talks.snoozes() if one.client == name), None)
    return {
        "schema": SCHEMA,
        "client": name,
        "addresses": sorted(addresses),
        "exported_at": now.isoformat(),
        "configuration": _configured(client) if client else None,
        "messages": [
            _message(fact, [one for one in filings if one.key == fact.key], labels.places_of(fact.key))
            for fact in facts
        ],
        "talks": [
            {"held_on": one.held_on.isoformat(), "note": one.note} for one in talks.talks() if one.client == name
        ],
        "snooze": snooze.until.isoformat() if snooze else None,
        "snoozed_since": snooze.since.isoformat() if snooze and snooze.since else None,
        "digests": _digests(name, addresses, {fact.message_id for fact in facts}, digests),
        "instructions": [
            _instruction(one)
            for one in instructions.carried()
            if one.instruction.client == name or one.instruction.about in addresses
        ],
    }


def _configured(client: Client) -> dict[str, Any]:
    told = {field.name: getattr(client.agreement, field.name) for field in fields(client.agreement)}
    told["office_hours"] = {
        str(day): [opening.isoformat(), closing.isoformat()] for day, (opening, closing) in told["office_hours"].items()
    }
    return {
        "since": client.since.isoformat() if client.since else None,
        "until": client.until.isoformat() if client.until else None,
        "timezone": client.timezone.key if client.timezone else None,
        "motive": client.motive,
        "agreement": {key: sorted(value) if isinstance(value, frozenset) else value for key, value in told.items()},
        "leeway": {str(signal): leeway for signal, leeway in client.leeway.items()},
    }


def _instruction(one: Carried) -> dict[str, Any]:
    told = one.instruction
    return {
        **carried_as_json(one),
        "signal": told.signal,
        "target": told.number,
        "label": told.label,
        "about": told.about or None,
        "at": one.at.isoformat(),
    }


def _message(fact: Fact, filings: Sequence[Filing], places: Sequence[Place]) -> dict[str, Any]:
    told = fact.classification
    return {
        "key": fact.key,
        "message_id": fact.message_id,
        "direction": fact.direction,
        "correspondents": list(fact.correspondents),
        "date": fact.sent_at.isoformat(),
        "utc_offset_minutes": fact.utc_offset,
        "subject": fact.subject,
        "words": fact.words,
        "reply_to": fact.reply_to,
        "folder": fact.folder,
        "places": [asdict(place) for place in places],
        "remarks": sorted(fact.remarks),
        "classification": asdict(told) if told else None,
        "labels": [
            {
                "label": one.label,
                "since": one.since.isoformat(),
                "until": one.until.isoformat() if one.until else None,
            }
            for one in filings
        ],
    }


def _digests(
    name: str, addresses: Collection[str], messages: Collection[str | None], digests: DigestStore
) -> list[dict[str, Any]]:
    """Return what the kept digests say of the person and of the person's messages."""
    found = []
    for kept in digests.kept():
        try:
            told = json.loads(kept.content)
            entry: dict[str, Any] = next((one for one in told["clients"] if one["client"] == name), {})
            more = {
                "review": [one for one in told["review"] if one["message_id"] in messages],
                "learned": [one for one in told["learned"] if one["message_id"] in messages],
                "unknown_correspondents": [
                    one for one in told["unknown_correspondents"] if one["address"] in addresses
                ],
            }
        except (ValueError, KeyError, TypeError):
            continue  # its text is no longer kept
        if entry or any(more.values()):
            sent_at = kept.sent_at.isoformat() if kept.sent_at else None
            found.append({"week": kept.week, "sent_at": sent_at, **entry, **more})
    return found
