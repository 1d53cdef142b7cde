"""``setup``, first half: whose mailbox, which servers, how to sign in; both connections are tested."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from monitor.cli.complaint import in_words
from monitor.cli.dialogue import Dialogue
from monitor.config.configuration import Configuration
from monitor.config.schema import OAuth2Section
from monitor.credentials.oauth2 import TOKENS, Invitation, Registration, access_token, sign_in
from monitor.credentials.secrets import secret_for
from monitor.errors import ClientMonitorError, FolderMissing, LoginRefused, MailboxError, SendingRefused, UsageError
from monitor.mailbox.access import MailboxAccess
from monitor.mailbox.folders import Folder
from monitor.mailbox.imap import connect
from monitor.outbox.smtp import OutboxAccess, check
from monitor.providers.advice import advice
from monitor.providers.finding import find
from monitor.providers.internet import Internet
from monitor.providers.provider import Auth, Origin, Security, Server, Settings

MOST_TRIES = 3
DRAFT = "oauth2-draft.json"  # a sign-in that counts only once everything is kept


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the flags say about servers; None or empty where they say nothing."""

    imap: str | None = None
    imap_user: str | None = None
    smtp: str | None = None
    smtp_user: str | None = None
    sent: str | None = None
    auth: Auth | None = None
    client_id: str | None = None
    authority: str | None = None
    password: str | None = None
    smtp_password: str | None = None
    recipient: str | None = None


@dataclass(slots=True)
class Connections:
    """Both connections as they were tested, with their secrets. ``registration`` is that of OAuth2, if it is used."""

    mailbox: MailboxAccess
    mailbox_secret: str
    outbox: OutboxAccess
    outbox_secret: str
    registration: Registration | None = None


def parse_server(text: str, port: int) -> Server:
    """Read ``host``, ``host:port`` or ``host:port security``. Raises UsageError."""
    where, _, security = text.strip().partition(" ")
    host, _, number = where.partition(":")
    if number and not (number.isdecimal() and 1 <= int(number) <= 65535):
        raise UsageError("{text} is no server.", "Write it like imap.example:993 tls", text=text)
    chosen = int(number) if number else port
    kinds: dict[str, Security] = {"tls": "tls", "starttls": "starttls", "": _usual(chosen)}
    if not host or security.strip() not in kinds:
        raise UsageError("{text} is no server.", "Write it like imap.example:993 tls", text=text)
    return Server(host, chosen, kinds[security.strip()])


def _usual(port: int) -> Literal["tls", "starttls"]:
    return "starttls" if port in (143, 587, 25) else "tls"


def written(server: Server | MailboxAccess | OutboxAccess) -> str:
    """Return a server as ``parse_server`` reads it."""
    return f"{server.host}:{server.port} {server.security}"


def find_settings(dialogue: Dialogue, address: str, wishes: Wishes, present: Configuration | None) -> Settings:
    """Return the servers for an address: what the flags say, what is configured, what is found, what is answered."""
    gettext = dialogue.speech.gettext
    if wishes.imap and wishes.smtp:
        return _named(address, wishes, parse_server(wishes.imap, 993), parse_server(wishes.smtp, 465))
    if present is not None and present.mailbox is not None and present.outbox is not None:
        kept = _configured(present)
        if kept is not None and address in present.coach.addresses:
            dialogue.tell(gettext("So far: {imap} for reading, {smtp} for sending.").format(
                imap=written(kept.imap), smtp=written(kept.smtp)))  # fmt: skip
            if not dialogue.interactive or dialogue.agree(gettext("Keep these servers?"), True):
                return _with_wishes(kept, wishes)
    dialogue.tell(gettext("Looking for your provider's servers …"))
    found = find(address, Internet())
    if found is not None:
        return _with_wishes(_confirmed(dialogue, address, wishes, found), wishes)
    dialogue.tell(gettext("Nothing is known of this address's servers. Your provider's help pages name them."))
    return ask_settings(dialogue, address, wishes, None)


def _confirmed(dialogue: Dialogue, address: str, wishes: Wishes, found: Settings) -> Settings:
    gettext = dialogue.speech.gettext
    name = found.provider.name if found.provider else address.rpartition("@")[2]
    dialogue.tell(gettext("Found, {name}: {imap} for reading, {smtp} for sending.").format(
        name=name, imap=written(found.imap), smtp=written(found.smtp)))  # fmt: skip
    if found.vouched:
        return found
    dialogue.tell(gettext("Only the name servers say so. Please compare the names with your provider's help pages."))
    if not dialogue.interactive:
        raise UsageError("These servers need a person's eye.", "Name them yourself with --imap and --smtp.")
    if dialogue.agree(gettext("Are these your provider's servers?"), False):
        return found
    return ask_settings(dialogue, address, wishes, found)


def ask_settings(dialogue: Dialogue, address: str, wishes: Wishes, found: Settings | None) -> Settings:
    """Let the coach name the servers."""
    gettext = dialogue.speech.gettext

    def server(port: int) -> Callable[[str], str]:
        return lambda answer: written(parse_server(answer, port))

    imap = dialogue.ask(
        gettext("Server for reading (IMAP)"),
        "--imap",
        wishes.imap or (written(found.imap) if found else ""),
        server(993),
    )
    smtp = dialogue.ask(
        gettext("Server for sending (SMTP)"),
        "--smtp",
        wishes.smtp or (written(found.smtp) if found else ""),
        server(465),
    )
    user = dialogue.ask(gettext("User name"), "--imap-user", wishes.imap_user or address)
    settings = _named(address, wishes, parse_server(imap, 993), parse_server(smtp, 465))
    return dataclasses.replace(settings, imap_user=user, smtp_user=wishes.smtp_user or user)


def _named(address: str, wishes: Wishes, imap: Server, smtp: Server) -> Settings:
    user = wishes.imap_user or address
    return Settings(imap, smtp, user, wishes.smtp_user or user, wishes.auth or "password", Origin.TABLE, True)


def _with_wishes(settings: Settings, wishes: Wishes) -> Settings:
    return dataclasses.replace(
        settings,
        imap=parse_server(wishes.imap, 993) if wishes.imap else settings.imap,
        smtp=parse_server(wishes.smtp, 465) if wishes.smtp else settings.smtp,
        imap_user=wishes.imap_user or settings.imap_user,
        smtp_user=wishes.smtp_user or wishes.imap_user or settings.smtp_user,
        auth=wishes.auth or settings.auth,
    )


def _configured(present: Configuration) -> Settings | None:
    mailbox, outbox = present.mailbox, present.outbox
    if mailbox is None or outbox is None or mailbox.security == "none" or outbox.security == "none":
        return None
    return Settings(
        Server(mailbox.host, mailbox.port, mailbox.security),
        Server(outbox.host, outbox.port, outbox.security),
        mailbox.user,
        outbox.user,
        mailbox.auth,
        Origin.TABLE,
        True,
    )


def sign_in_and_test(
    dialogue: Dialogue, address: str, settings: Settings, wishes: Wishes, present: Configuration | None, state: Path
) -> Connections:
    """Sign in as the provider wants it, test both connections, and return them. Raises what refuses at last."""
    if settings.provider is not None:
        dialogue.tell(advice(settings.provider, dialogue.speech))
    registration = None
    if settings.auth == "oauth2":
        registration = _registered(dialogue, wishes, present, state)
        secret = _token(dialogue, registration)
    else:
        secret = wishes.password or _kept(dialogue, "imap", settings.imap_user) or _asked(dialogue)
    mailbox = MailboxAccess(
        settings.imap.host,
        settings.imap.port,
        settings.imap.security,
        settings.imap_user,
        settings.auth,
        sent=wishes.sent or (present.mailbox.sent if present and present.mailbox else None),
    )
    mailbox, secret = _reading(dialogue, mailbox, secret, asks=wishes.password is None)
    recipient = wishes.recipient or (present.outbox.recipient if present and present.outbox else address)
    outbox = OutboxAccess(
        settings.smtp.host,
        settings.smtp.port,
        settings.smtp.security,
        settings.smtp_user,
        address,
        recipient,
        auth=settings.auth,
    )
    sending_secret = _sending(dialogue, outbox, wishes.smtp_password or secret, asks=wishes.smtp_password is None)
    return Connections(mailbox, secret, outbox, sending_secret, registration)


def _registered(dialogue: Dialogue, wishes: Wishes, present: Configuration | None, state: Path) -> Registration:
    known = present.oauth2 if present else None
    client_id = wishes.client_id or dialogue.ask(
        dialogue.speech.gettext("Client id of the app registration"), "--client-id", known.client_id if known else ""
    )
    usual = OAuth2Section(client_id=client_id)
    authority = wishes.authority or (known.authority if known else usual.authority)
    kept = Registration(client_id, authority, state / TOKENS)
    if known is not None and (known.client_id, known.authority) == (client_id, authority) and _still_in(dialogue, kept):
        return kept
    return Registration(client_id, authority, state / DRAFT)


def _still_in(dialogue: Dialogue, kept: Registration) -> bool:
    """Whether a sign-in from before is good, and the coach keeps it."""
    try:
        access_token(kept)
    except ClientMonitorError:
        return False
    question = dialogue.speech.gettext("You are signed in from before. Stay so?")
    return not dialogue.interactive or dialogue.agree(question, True)


def _token(dialogue: Dialogue, registration: Registration) -> str:
    gettext = dialogue.speech.gettext

    def show(invitation: Invitation) -> None:
        dialogue.tell(
            gettext("Open {address} in a browser, on this or another device, and enter the code {code} there.").format(
                address=invitation.address, code=invitation.code
            )
        )
        dialogue.tell(gettext("Waiting until you have signed in …"))

    if registration.tokens.name == DRAFT:
        sign_in(registration, show)
    return access_token(registration)


def _kept(dialogue: Dialogue, purpose: str, user: str) -> str:
    """Return the secret that is kept from before, unless the coach would rather enter another."""
    try:
        secret = secret_for(purpose, user)
    except ClientMonitorError:
        return ""
    keep = dialogue.speech.gettext("A password is kept from before. Use it?")
    return secret if not dialogue.interactive or dialogue.agree(keep, True) else ""


def _asked(dialogue: Dialogue) -> str:
    for _ in range(MOST_TRIES):
        question = dialogue.speech.gettext("Password (it is not shown while you type)")
        if secret := dialogue.secret(question, "--password-file"):
            return secret
    raise UsageError(
        "An answer is missing.", "Give it with {flag}, or start this at a terminal.", flag="--password-file"
    )


def _reading(dialogue: Dialogue, access: MailboxAccess, secret: str, *, asks: bool) -> tuple[MailboxAccess, str]:
    gettext = dialogue.speech.gettext
    for tries in range(1, MOST_TRIES + 1):
        try:
            with connect(access, secret) as mailbox:
                inbox = mailbox.inbox()
                received = mailbox.examine(inbox).messages
                try:
                    sent = mailbox.sent()
                except FolderMissing as error:
                    chosen = _chosen_sent(dialogue, mailbox.folders(), error)
                    access = dataclasses.replace(access, sent=chosen)
                    sent = Folder(chosen, None, frozenset())
                written_mails = mailbox.examine(sent).messages
        except LoginRefused as error:
            if tries == MOST_TRIES or not dialogue.interactive or not asks or access.auth == "oauth2":
                raise
            _tell(dialogue, error)
            secret = _asked(dialogue)
            continue
        dialogue.tell(gettext("Reading works: {inbox} holds {received} messages, {sent} {written}.").format(
            inbox=inbox.name, received=received, sent=sent.name, written=written_mails))  # fmt: skip
        return access, secret
    raise MailboxError("{host} does not accept user and password.", host=access.host)


def _chosen_sent(dialogue: Dialogue, folders: tuple[Folder, ...], error: FolderMissing) -> str:
    if not dialogue.interactive:
        raise error
    question = dialogue.speech.gettext("In which of these folders is the mail that you send?")
    return dialogue.choose(question, [folder.name for folder in folders], "--sent")


def _sending(dialogue: Dialogue, access: OutboxAccess, secret: str, *, asks: bool) -> str:
    for tries in range(1, MOST_TRIES + 1):
        try:
            check(access, secret)
        except SendingRefused as error:
            if tries == MOST_TRIES or not dialogue.interactive or not asks or access.auth == "oauth2":
                raise
            _tell(dialogue, error)
            dialogue.tell(dialogue.speech.gettext("Some providers want a password of its own for sending."))
            secret = _asked(dialogue)
            continue
        dialogue.tell(dialogue.speech.gettext("Sending works: {host} takes letters from you.").format(host=access.host))
        return secret
    raise SendingRefused("{host} does not accept user and password for sending.", host=access.host)


def _tell(dialogue: Dialogue, error: ClientMonitorError) -> None:
    for part in in_words(error, dialogue.speech):
        if part:
            dialogue.tell(part)
