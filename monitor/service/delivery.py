"""Write and send the letters: the digest that is due, one on trial, and short answers to the coach's replies.

Runs in a short-lived child of the service: what it imports is large.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from monitor.classification import versions
from monitor.config.configuration import Configuration, state_folder
from monitor.digest.content import Answering, Digest
from monitor.errors import ClientMonitorError
from monitor.instructions.token import token_for
from monitor.labels import is_review_folder
from monitor.letter.confirmation import write_confirmation
from monitor.letter.mail import Letter, write_letter
from monitor.mailbox.folders import Folder
from monitor.outbox.smtp import send
from monitor.pipelines.weekly import Past, deliver, digest_as_of
from monitor.service import troubles
from monitor.service.lock import only_one
from monitor.service.rounds import open_mailbox, outbox_access, outbox_secret
from monitor.store.database import Database
from monitor.store.digest_store import DigestStore
from monitor.store.fact_store import FactStore
from monitor.store.instruction_store import CONFIRMED_WITHIN, InstructionStore
from monitor.store.label_store import LabelStore
from monitor.store.talk_store import TalkStore

log = logging.getLogger(__name__)


def past_of(database: Database) -> Past:
    """Return what was told before, and what the coach has said to it."""
    accuracy = versions.measured(state_folder() / "models")
    return Past(DigestStore(database), LabelStore(database), InstructionStore(database), accuracy)


def deliver_due(configuration: Configuration, database: Database, due_at: datetime) -> bool:
    """Deliver the digest of the week before ``due_at``, once; return whether it was sent now.

    Raises OutboxError or MailboxError if the server did not take it: it is kept, and a retry sends the same letter.
    """
    sender, _ = addresses(configuration)
    # Answers must come to where this program reads: the coach's own mailbox, whoever sends and gets the letters.
    read_at = sender if sender in configuration.coach.addresses else configuration.own_address
    answering = Answering(read_at, token_for(DigestStore(database).letter_key(), due_at))
    with only_one(state_folder(), "sending"):  # the service and a command must not both find it unsent
        sent = deliver(
            configuration,
            FactStore(database),
            past_of(database),
            _writer(configuration),
            _sender(configuration),
            due_at,
            datetime.now(UTC),
            TalkStore(database),
            answering,
            lambda message_id: _has_arrived(configuration, message_id),
            troubles.present(state_folder()),
        )
    if sent:
        _put_for_review(configuration, database, due_at)
    return sent


def send_on_trial(configuration: Configuration, database: Database, as_of: datetime) -> None:
    """Send the digest of a moment as a letter on trial: marked as such, and counted for nothing."""
    digest = digest_as_of(configuration, FactStore(database), as_of, talks=TalkStore(database), past=past_of(database))
    _sender(configuration)(_writer(configuration)(replace(digest, is_test=True)))


def confirm(configuration: Configuration, database: Database) -> int:
    """Answer the coach's replies that were not answered yet, each by a short mail; return how many.

    Sent again after a crash, such a mail bears the same Message-ID.
    """
    store = InstructionStore(database)
    sender, recipient = addresses(configuration)
    mails = store.unconfirmed(datetime.now(UTC) - CONFIRMED_WITHIN)
    with only_one(state_folder(), "sending"):
        for mail in mails:
            letter = write_confirmation(
                store.of_mail(mail), configuration.coach, mail, sender, recipient, datetime.now(UTC)
            )
            _sender(configuration)(letter)
            store.mark_confirmed([mail], datetime.now(UTC))
    return len(mails)


def addresses(configuration: Configuration) -> tuple[str, str]:
    """Return from whom and to whom letters go."""
    if configuration.outbox is None:
        return configuration.own_address, configuration.own_address
    section = configuration.outbox
    return section.sender or section.recipient, section.recipient


def _writer(configuration: Configuration) -> Callable[[Digest], Letter]:
    sender, recipient = addresses(configuration)
    return lambda digest: write_letter(digest, sender, recipient, recipient, configuration.guides)


def _sender(configuration: Configuration) -> Callable[[Letter], None]:
    """Return what hands a letter over: to the coach's mail server, or into the inbox where the coach wants that."""
    if configuration.digest.delivery == "mail":
        access, secret = outbox_access(configuration), outbox_secret(configuration)
        return lambda letter: send(access, secret, letter.data)

    def put(letter: Letter) -> None:
        with open_mailbox(configuration) as mailbox:
            inbox = mailbox.inbox()
            mailbox.examine(inbox)
            if not mailbox.has_message(letter.message_id):
                mailbox.put_letter(letter.data, inbox)

    return put


def _has_arrived(configuration: Configuration, message_id: str) -> bool:
    """Whether a letter whose fate is not known lies in the inbox. Where nobody can look, it is sent again."""
    if configuration.mailbox is None:
        return False
    try:
        with open_mailbox(configuration) as mailbox:
            mailbox.examine(mailbox.inbox())
            return mailbox.has_message(message_id)
    except ClientMonitorError as error:
        log.warning("nobody can see whether the letter has come", extra={"fields": {"kind": type(error).__name__}})
        return False


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
