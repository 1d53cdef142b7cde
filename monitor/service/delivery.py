"""Write and send the digest that is due. Runs in a short-lived child of the service: what it imports is large."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.config.configuration import Configuration
from monitor.digest.letter import write_letter
from monitor.outbox.smtp import send
from monitor.pipelines.weekly import deliver
from monitor.service.rounds import outbox_access
from monitor.store.database import Database
from monitor.store.digest_store import DigestStore
from monitor.store.fact_store import FactStore


def deliver_due(configuration: Configuration, database: Database, due_at: datetime) -> bool:
    """Deliver the digest of the week before ``due_at``, once; return whether it was sent now.

    Raises OutboxError if the server did not take it: it is kept, and a retry sends the same letter.
    """
    access, secret = outbox_access(configuration)

    return deliver(
        configuration,
        FactStore(database),
        DigestStore(database),
        lambda digest: write_letter(digest, access.sender, access.recipient, owner_key=access.recipient),
        lambda letter: send(access, secret, letter),
        due_at,
        datetime.now(UTC),
    )
