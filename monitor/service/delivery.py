"""Write and send the digest that is due. Runs in a short-lived child of the service: what it imports is large."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from monitor.config.configuration import Configuration, state_folder
from monitor.errors import ClientMonitorError
from monitor.labels import is_review_folder
from monitor.letter.mail import write_letter
from monitor.mailbox.folders import Folder
from monitor.outbox.smtp import send
from monitor.pipelines.weekly import deliver, digest_as_of
from monitor.service.lock import only_one
from monitor.service.rounds import open_mailbox, outbox_access
from monitor.store.database import Database
from monitor.store.digest_store import DigestStore
from monitor.store.fact_store import FactStore
from monitor.store.label_store import LabelStore
from monitor.store.talk_store import TalkStore

log = logging.getLogger(__name__)


def deliver_due(configuration: Configuration, database: Database, due_at: datetime) -> bool:
    """Deliver the digest of the week before ``due_at``, once; return whether it was sent now.

    Raises OutboxError if the server did not take it: it is kept, and a retry sends the same letter.
    """
    access, secret = outbox_access(configuration)
    with only_one(state_folder(), "sending"):  # the service and a command must not both find it unsent
        sent = deliver(
            configuration,
            FactStore(database),
            DigestStore(database),
            lambda digest: write_letter(digest, access.sender, access.recipient, owner_key=access.recipient),
            lambda letter: send(access, secret, letter),
            due_at,
            datetime.now(UTC),
            TalkStore(database),
        )
    if sent:
        _put_for_review(configuration, database, due_at)
    return sent


def _put_for_review(configuration: Configuration, database: Database, due_at: datetime) -> None:
    """Put copies of what the digest asks about into the review folder, where the coach has made one.

    A convenience: whatever keeps it from working does not matter to the digest, which is out.
    """
    if configuration.mailbox is None:
        return
    questions = digest_as_of(configuration, FactStore(database), due_at).questions
    labels = LabelStore(database)
    try:
        with open_mailbox(configuration) as mailbox:
            review = next((f for f in mailbox.below(configuration.mailbox.labels) if is_review_folder(f.leaf)), None)
            if review is None:
                return
            for question in questions:
                places = labels.places_of(question.quote.message_id or "")
                for place in places[:1]:
                    folder = Folder(place.folder, None, frozenset())
                    if mailbox.examine(folder).uidvalidity == place.uidvalidity:
                        mailbox.copy_for_review([place.uid], review)
    except ClientMonitorError as error:
        log.warning("nothing put for review", extra={"fields": {"kind": type(error).__name__}})
