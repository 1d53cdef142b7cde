"""How the service is doing, from what the store and the models folder tell; needs neither mailbox nor model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.classification import versions
from monitor.config.configuration import Configuration, state_folder
from monitor.digest.content import TroubleKind
from monitor.errors import Phrase
from monitor.service import troubles
from monitor.service.due import Weekly
from monitor.store.cut_store import cuts
from monitor.store.database import Database
from monitor.store.digest_store import DigestStore, Slot
from monitor.store.fact_store import Cursor, FactStore

QUIET = timedelta(days=1)  # without a look at the mailbox for longer, something is wrong


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The last successful looks, the digests, the model, and what waits. Moments are in UTC.

    ``queue`` counts digests that are written and not sent yet, ``cut`` the messages that each bound has cut.
    """

    folders: tuple[tuple[str, datetime | None], ...]
    inbox_seen_at: datetime | None
    sent_seen_at: datetime | None
    messages: int
    quarantined: int
    last_week: str | None
    last_digest_at: datetime | None
    next_due: datetime
    model: str | None
    model_made_at: datetime | None
    queue: int
    cut: Mapping[str, int]
    problems: tuple[Phrase, ...]


def heartbeat(configuration: Configuration, database: Database, models: Path, now: datetime) -> Heartbeat:
    """Return how the service is doing."""
    facts, digests = FactStore(database), DigestStore(database)
    cursors, sent = facts.cursors(), digests.last_sent()
    rule = Weekly(configuration.weekday, configuration.at, configuration.coach.timezone)
    inbox, outgoing = looks(cursors)
    model, made_at = _model(models)
    return Heartbeat(
        folders=tuple((one.folder, one.seen_at) for one in cursors),
        inbox_seen_at=inbox,
        sent_seen_at=outgoing,
        messages=facts.count(),
        quarantined=len(facts.quarantined()),
        last_week=sent.week if sent else None,
        last_digest_at=sent.sent_at if sent else None,
        next_due=rule.next_due(now),
        model=model,
        model_made_at=made_at,
        queue=digests.waiting(),
        cut=cuts(database),
        problems=(
            *_present_trouble(configuration),
            *_problems(cursors, digests.slot("digest", rule.last_due(now)), now),
        ),
    )


# The letter's footer says the same; here the reason and its remedy follow.
_TROUBLES = {
    TroubleKind.LOGIN: "Since {moment} the mail server has not accepted user name and password.",
    TroubleKind.CERTIFICATE: "Since {moment} the mail server has shown a certificate that cannot be trusted.",
    TroubleKind.FOLDER: "Since {moment} a folder that is to be read has not been there.",
    TroubleKind.STORE: "Since {moment} the program could not write down what it reads.",
}
_OTHER_TROUBLE = "Since {moment} the mail server could not be read as it should."


def _present_trouble(configuration: Configuration) -> list[Phrase]:
    trouble = troubles.present(state_folder())
    if trouble is None:
        return []
    since = trouble.since.astimezone(configuration.coach.timezone)
    what = Phrase(_TROUBLES.get(trouble.kind, _OTHER_TROUBLE), {"moment": f"{since:%Y-%m-%d %H:%M}"})
    sentences = {f"sentence{number}": each for number, each in enumerate((what, *trouble.reason))}
    return [Phrase(" ".join(f"{{{name}}}" for name in sentences), dict(sentences))]


def looks(cursors: Sequence[Cursor]) -> tuple[datetime | None, datetime | None]:
    """Return the last successful looks at inbox and sent mail."""
    inbox = [one.seen_at for one in cursors if one.folder.upper().endswith("INBOX") and one.seen_at]
    sent = [one.seen_at for one in cursors if not one.folder.upper().endswith("INBOX") and one.seen_at]
    return max(inbox, default=None), max(sent, default=None)


def _problems(cursors: Sequence[Cursor], slot: Slot | None, now: datetime) -> list[Phrase]:
    problems: list[Phrase] = []
    if not cursors:
        problems.append(Phrase("Nothing has been read yet; start with: client-monitor sync"))
    for one in cursors:
        if one.seen_at is None or now - one.seen_at > QUIET:
            problems.append(
                Phrase("{folder} has not been read for a day; see: client-monitor doctor", {"folder": one.folder})
            )
    if slot is not None and slot.state == "missed":
        problems.append(Phrase("The last digest could not be sent; see: client-monitor doctor"))
    if slot is not None and slot.state == "claimed":
        problems.append(Phrase("The digest is still to be sent, {tries} tries so far.", {"tries": slot.tries}))
    return problems


def _model(models: Path) -> tuple[str | None, datetime | None]:
    known = versions.read(models)
    serving = next((one for one in known.versions if one.name == known.serving), None)
    if serving is not None and (models / f"{serving.name}.npz").is_file():
        return serving.name, datetime.fromisoformat(serving.made_at)
    starters = sorted(models.glob("starter-*.npz"), key=lambda file: file.stat().st_mtime)
    if not starters:
        return None, None
    return starters[-1].stem, datetime.fromtimestamp(starters[-1].stat().st_mtime, UTC)


def as_json(beat: Heartbeat, now: datetime) -> dict[str, Any]:
    """Return a heartbeat as JSON values."""
    return {
        "healthy": not beat.problems,
        "problems": [str(problem) for problem in beat.problems],
        "folders": [{"folder": folder, "seen_at": _iso(seen_at)} for folder, seen_at in beat.folders],
        "inbox_seen_at": _iso(beat.inbox_seen_at),
        "sent_seen_at": _iso(beat.sent_seen_at),
        "messages": beat.messages,
        "last_digest": {"week": beat.last_week, "sent_at": _iso(beat.last_digest_at)} if beat.last_digest_at else None,
        "next_digest_due": _iso(beat.next_due),
        "queue": beat.queue,
        "model": beat.model,
        "model_made_at": _iso(beat.model_made_at),
        "model_age_days": max(0, (now - beat.model_made_at).days) if beat.model_made_at else None,
        "quarantined": beat.quarantined,
        "cut": dict(sorted(beat.cut.items())),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
