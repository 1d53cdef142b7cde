"""One round: connect, take in what is new in inbox and sent mail, look back for new clients."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from monitor.config.configuration import Configuration, state_folder
from monitor.credentials.oauth2 import TOKENS, Registration, access_token, signed_in
from monitor.credentials.secrets import secret_for
from monitor.errors import ConfigurationError
from monitor.mailbox.access import MailboxAccess
from monitor.mailbox.folders import Folder
from monitor.mailbox.imap import Mailbox, connect
from monitor.outbox.smtp import OutboxAccess
from monitor.pipelines.answering import obey
from monitor.pipelines.filing import labelled_folders, take_labels
from monitor.pipelines.intake import Taken, look_back, take_in
from monitor.reader.outcomes import Answer, Circle
from monitor.reader.process import Reader
from monitor.store.database import Database
from monitor.store.digest_store import DigestStore
from monitor.store.fact_store import FactStore
from monitor.store.instruction_store import InstructionStore
from monitor.store.label_store import LabelStore
from monitor.store.talk_store import TalkStore

RETIRED = timedelta(days=1)  # a folder that whole rounds of a day have not looked at is no longer read

log = logging.getLogger(__name__)


def mailbox_access(configuration: Configuration) -> MailboxAccess:
    """Return how to reach the mailbox. Raises ConfigurationError if none is configured."""
    section = configuration.mailbox
    if section is None:
        raise ConfigurationError("The configuration has no [mailbox].", "Add it, or run: client-monitor setup")
    return MailboxAccess(
        section.host,
        section.port,
        section.security,
        section.user,
        section.auth,
        section.inbox,
        section.sent,
        section.timeout,
    )


def outbox_access(configuration: Configuration) -> OutboxAccess:
    """Return how to send the digest. Raises ConfigurationError if no outbox is configured."""
    section = configuration.outbox
    if section is None:
        raise ConfigurationError("The configuration has no [outbox].", "Add it, or run: client-monitor setup")
    return OutboxAccess(
        section.host,
        section.port,
        section.security,
        section.user,
        section.sender or section.recipient,
        section.recipient,
        section.timeout,
        section.auth,
    )


def mailbox_secret(configuration: Configuration) -> str:
    """Return the password or the access token for the mailbox; the token may have to be renewed over the network."""
    access = mailbox_access(configuration)
    if access.auth == "oauth2":
        return access_token(registration(configuration))
    return secret_for("imap", access.user)


def outbox_secret(configuration: Configuration) -> str:
    """Return the password or the access token for sending, empty where the server wants none."""
    access = outbox_access(configuration)
    if not access.user:
        return ""
    if access.auth == "oauth2":
        return access_token(registration(configuration))
    return secret_for("smtp", access.user)


def registration(configuration: Configuration) -> Registration:
    """Return who this program is to the sign-in service. Raises ConfigurationError if that is not configured."""
    section = configuration.oauth2
    if section is None:
        raise ConfigurationError("The configuration has no [oauth2].", "Add it, or run: client-monitor setup")
    return Registration(section.client_id, section.authority, state_folder() / TOKENS)


def require_secrets(configuration: Configuration) -> None:
    """Raise ConfigurationError without mailbox, outbox where it is used, or a secret of theirs; no server is asked."""
    used = [("imap", mailbox_access(configuration).auth, mailbox_access(configuration).user)]
    if configuration.digest.delivery == "mail":
        outbox = outbox_access(configuration)
        used += [("smtp", outbox.auth, outbox.user)] if outbox.user else []
    for purpose, auth, user in used:
        if auth == "oauth2":
            signed_in(registration(configuration).tokens)
        else:
            secret_for(purpose, user)


def circle_of(configuration: Configuration) -> Circle:
    """Return who is who."""
    return Circle(
        configuration.coach.addresses,
        frozenset(address for client in configuration.clients for address in client.addresses),
        configuration.answering,
    )


def obeying(configuration: Configuration, database: Database) -> Callable[[Answer], None]:
    """Return what does as the coach's answers say."""
    digests, instructions, talks = DigestStore(database), InstructionStore(database), TalkStore(database)

    def do(answer: Answer) -> None:
        obey(answer, configuration, digests, instructions, talks, _now())

    return do


def open_mailbox(configuration: Configuration) -> Mailbox:
    """Connect and sign in."""
    return connect(mailbox_access(configuration), mailbox_secret(configuration))


def take_round(
    configuration: Configuration,
    mailbox: Mailbox,
    facts: FactStore,
    models: Path,
    *,
    labels: LabelStore | None = None,
    obey: Callable[[Answer], None] = lambda answer: None,
    alive: Callable[[], None] = lambda: None,
    progress: Callable[[str, int, int], None] = lambda folder, done, total: None,
    again: bool = True,
    outdated: bool = False,
) -> Taken:
    """Take in what is new, and leave the connection listening to the inbox.

    Inbox first, so that a missing folder of sent mail costs nothing of it; and inbox last, so that what has come
    meanwhile does not wait for the next poll. With ``labels`` the labelled folders are read too. ``obey`` gets the
    coach's answers to digests. ``alive`` is called at least once a second while messages are read, ``progress``
    after each batch that was kept. With ``outdated`` the model of an earlier program may serve meanwhile.
    ``again`` tries once more what the server did not hand out lately, and reads what people have written before they
    became clients.
    """
    taken = Taken()
    begun = _now()
    with Reader(circle_of(configuration), models, alive, outdated=outdated) as reader:

        def take_in_from(folder: Folder, *, sent: bool = False) -> None:
            part = take_in(
                folder,
                mailbox,
                facts,
                reader,
                _now,
                sent=sent,
                again=again,
                progress=lambda done, total: progress(folder.name, done, total),
                obey=obey,
            )
            taken.add(part)
            if part.looked_at:
                fields: dict[str, object] = {
                    "folder": folder.name,
                    "messages": part.looked_at,
                    "new": part.new,
                    "unreadable": part.unreadable,
                }
                if part.cut:
                    fields["cut"] = ",".join(f"{bound}:{count}" for bound, count in sorted(part.cut.items()))
                log.info("taken in", extra={"fields": fields})

        listed = mailbox.folders()
        inbox = mailbox.inbox(listed)
        take_in_from(inbox)
        take_in_from(mailbox.sent(listed), sent=True)
        if labels is not None and configuration.mailbox is not None:
            folders = labelled_folders(mailbox.below(configuration.mailbox.labels, listed))
            take_labels(folders, mailbox, facts, labels, reader, _now)
        if again:
            addresses = {address for client in configuration.clients for address in client.addresses}
            back = look_back(addresses, inbox, mailbox, facts, reader, _now, partial(progress, inbox.name))
            if back.looked_at:
                log.info("looked back for new clients", extra={"fields": {"messages": back.looked_at}})
        take_in_from(inbox)
        taken.model_outdated = reader.model_outdated
    if again:
        facts.retire_cursors(begun - RETIRED)
    return taken


def _now() -> datetime:
    return datetime.now(UTC)
