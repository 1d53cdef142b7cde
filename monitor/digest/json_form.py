"""The digest as JSON, to the letter of the contract."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from monitor.digest.content import CareItem, ClientEntry, Digest, Effect, Pattern, Quarter, Question, Quote, Talk
from monitor.health.findings import Drift, Goodwill, Mirror
from monitor.instructions.instruction import Carried

SCHEMA = 1
_EFFECTS = {Effect.EASED: "worked", Effect.UNCHANGED: "no change", Effect.TOO_EARLY: "too early"}


def digest_json(digest: Digest) -> str:
    """Return the digest as JSON text."""
    return json.dumps(_digest(digest), ensure_ascii=False, indent=2)


def _digest(digest: Digest) -> dict[str, Any]:
    coverage = digest.coverage
    return {
        "schema": SCHEMA,
        "period": {"from": digest.first.isoformat(), "to": digest.last.isoformat(), "week": digest.week},
        "language": digest.language,
        "coverage": {
            "messages": coverage.messages,
            "unreadable": coverage.unreadable,
            "inbox_seen_at": coverage.inbox_seen_at.isoformat() if coverage.inbox_seen_at else None,
            "sent_seen_at": coverage.sent_seen_at.isoformat() if coverage.sent_seen_at else None,
            "model": coverage.model,
        }
        | ({"trouble": coverage.trouble.kind} if coverage.trouble else {}),
        "clients": [_client(entry) for entry in digest.clients],
        "unknown_correspondents": [
            {"address": one.address, "messages": one.messages} for one in digest.unknown_correspondents
        ],
        "review": [_question(question) for question in digest.questions],
        "learned": [
            {"message_id": one.quote.message_id, "label": one.label, "taken_back": one.taken_back}
            for one in digest.learned
        ],
        "answers": [carried_as_json(one) for one in digest.carried],
        "quarter": _quarter(digest.quarter) if digest.quarter else None,
    }


def carried_as_json(one: Carried) -> dict[str, Any]:
    """Return one of the coach's instructions: its number, what it asks for, and what became of it."""
    told = one.instruction
    return {
        "number": one.number,
        "kind": told.kind,
        "client": told.client or None,
        "day": told.day.isoformat() if told.day else None,
        "outcome": one.outcome,
        "undone": one.undone,
    }


def _quarter(page: Quarter) -> dict[str, Any]:
    return {
        "quarter": page.name,
        "signals": [
            {"id": lesson.signal, "clients": list(lesson.clients), "digests": lesson.digests} for lesson in page.lessons
        ],
        "asked": page.asked,
        "accepted": page.accepted,
        "hours": round(page.minutes / 60, 2),
        "money": page.money or None,
    }


def _client(entry: ClientEntry) -> dict[str, Any]:
    return {
        "client": entry.client,
        "needs_conversation": entry.needs_conversation,
        "health": entry.health,
        "health_change": entry.health_change,
        "signals": [_signal(pattern) for pattern in entry.patterns],
        "care": [_care(item) for item in entry.care],
        "talk": _talk(entry.talk) if entry.talk else None,
        "weekly_health": list(entry.weekly_health),
        "health_parts": asdict(entry.parts) if entry.parts else None,
        "progress": entry.progress,
        "reply_days": entry.reply_days,
        "snoozed_until": entry.snoozed_until.isoformat() if entry.snoozed_until else None,
        "compassion": {
            "reason": entry.compassion.remark,
            "since": entry.compassion.since.isoformat(),
            "until": entry.compassion.until.isoformat(),
        }
        if entry.compassion
        else None,
        "safe_handling": _quote(entry.danger) if entry.danger else None,
        "mirror": [_mirror(one) for one in entry.mirror],
        "goodwill": [_goodwill(one) for one in entry.goodwill],
        "drift": [_drift(one) for one in entry.drift],
    }


def _talk(talk: Talk) -> dict[str, Any]:
    effect = _EFFECTS[talk.effect]
    changes = [{"id": one.signal, "before": one.before, "after": one.after} for one in talk.changes]
    return {"held_on": talk.held_on.isoformat(), "effect": effect, "held": talk.held, "changes": changes}


def _mirror(one: Mirror) -> dict[str, Any]:
    return {
        "id": one.signal,
        "answered": one.answered,
        "of": one.of,
        "within_minutes": one.minutes or None,
        "reason": one.reason,
        "change": one.change,
    }


def _goodwill(one: Goodwill) -> dict[str, Any]:
    return {
        "quarter": one.quarter,
        "asked": one.asked,
        "accepted": one.accepted,
        "hours": round(one.minutes / 60, 2),
        "money": one.money,
        "agreed_rate": one.agreed_rate,
        "effective_rate": one.effective_rate,
    }


def _drift(one: Drift) -> dict[str, Any]:
    return {"clause": one.clause, "written": one.written, "lived": one.lived}


def _signal(pattern: Pattern) -> dict[str, Any]:
    return {
        "id": pattern.signal,
        "since": pattern.since.isoformat(),
        "trend": pattern.trend,
        "rule": pattern.rule,
        "incidents": pattern.incidents,
        "strength": pattern.strength,
        "evidence": [_quote(quote) for quote in pattern.evidence],
    }


def _quote(quote: Quote) -> dict[str, Any]:
    return {
        "message_id": quote.message_id,
        "date": quote.sent_at.date().isoformat(),
        "quote": quote.text,
        "folder": quote.folder,
    }


def _care(item: CareItem) -> dict[str, Any]:
    return {"id": item.care, "reason": item.reason}


def _question(question: Question) -> dict[str, Any]:
    names = [str(guess.request) for guess in question.guesses] or ["social"]
    return {
        "message_id": question.quote.message_id,
        "date": question.quote.sent_at.date().isoformat(),
        "quote": question.quote.text,
        "question": " or ".join(names) + "?" if len(names) > 1 else f"{names[0]}, or outside the agreement?",
    }
