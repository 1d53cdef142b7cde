"""Recognise why a provider refuses, by the server's own words and by whose server it is, and tell the remedy."""

from __future__ import annotations

import re
from enum import StrEnum

from monitor.language.marking import N_
from monitor.language.speech import Speech
from monitor.providers.advice import advice
from monitor.providers.presets import by_server
from monitor.providers.provider import Provider

LONGEST_WORDS = 2_000


class Refusal(StrEnum):
    """Why a login is refused, as far as the server's words tell."""

    APP_PASSWORD = "app_password"  # noqa: S105
    BROWSER = "browser"
    IMAP_OFF = "imap_off"
    PASSWORDS_OFF = "passwords_off"
    SENDING_OFF = "sending_off"
    MAILBOX_CLOSED = "mailbox_closed"
    LOCKED = "locked"


# What servers say. Google: support.google.com/mail/answer/14257; Microsoft: learn.microsoft.com, "Fix issues with
# printers, scanners, and LOB applications" (5.7.139) and "IMAP: user is authenticated but not connected".
_WORDS = (
    (Refusal.APP_PASSWORD, re.compile(r"(application|app)[- ]specific password|InvalidSecondFactor|app[- ]?password (is )?required", re.IGNORECASE)),
    (Refusal.BROWSER, re.compile(r"web ?login required|log ?in via your web browser|WEBALERT|WebLoginRequired", re.IGNORECASE)),
    (Refusal.SENDING_OFF, re.compile(r"SmtpClientAuthentication is disabled|SMTP AUTH .{0,40}disabled", re.IGNORECASE)),
    (Refusal.PASSWORDS_OFF, re.compile(r"basic auth(entication)? (is|has been) (disabled|blocked)|BasicAuthBlocked|LogonDenied-BasicAuth", re.IGNORECASE)),
    (Refusal.MAILBOX_CLOSED, re.compile(r"authenticated but not connected", re.IGNORECASE)),
    (
        Refusal.IMAP_OFF,
        re.compile(
            r"imap4?\b.{0,40}\b(disabled|not (been )?(enabled|activated|allowed)|deactivated|switched off|nicht aktiv|deaktiviert"
            r"|nicht freigeschaltet)|(enable|activate|aktivieren).{0,30}\bimap|not enabled for imap",
            re.IGNORECASE,
        ),
    ),
    (
        Refusal.LOCKED,
        re.compile(
            r"account .{0,30}\b(locked|blocked|suspended)|too many (failed |login |authentication )|(konto|postfach) .{0,30}gesperrt",
            re.IGNORECASE,
        ),
    ),
)  # fmt: skip

_REMEDIES = {
    Refusal.APP_PASSWORD: N_(
        "{provider} wants an app password in place of your account password: make one in the security settings of your "
        "account ({page}), then enter it with: client-monitor setup"
    ),
    Refusal.BROWSER: N_(
        "{provider} wants to see you in person first: sign in to your account in a browser, confirm that it was you, and "
        "try again."
    ),
    Refusal.IMAP_OFF: N_(
        "Access for mail programs (IMAP) is switched off at {provider}: sign in to the website, open the e-mail settings, "
        "allow IMAP ({page}), and try again."
    ),
    Refusal.PASSWORDS_OFF: N_(
        "{provider} takes no passwords from mail programs any longer: sign in with a code in the browser, with: "
        "client-monitor setup --auth oauth2"
    ),
    Refusal.SENDING_OFF: N_(
        "Sending by mail programs (SMTP AUTH) is switched off for this mailbox: ask whoever looks after your Microsoft 365 "
        "to allow it for this mailbox, or name another server for sending under [outbox]."
    ),
    Refusal.MAILBOX_CLOSED: N_(
        "You are signed in, but IMAP is switched off for this mailbox: ask whoever looks after your Microsoft 365 to allow "
        "IMAP for it."
    ),
    Refusal.LOCKED: N_(
        "{provider} has locked the login for a while, as after several wrong passwords: wait for an hour, check the "
        "password on the website, and try again just once."
    ),
}


def recognised(words: str) -> Refusal | None:
    """Return what a server's refusal says; None where it gives no reason that is known."""
    said = words[:LONGEST_WORDS]
    return next((refusal for refusal, pattern in _WORDS if pattern.search(said)), None)


def remedy(host: str, words: str, speech: Speech) -> str | None:
    """Return what helps against a refused login, from the server's ``words`` or from what the provider always wants.

    None where neither is known. None of the words gets into the answer: servers repeat names in them.
    """
    provider = by_server(host)
    refusal = recognised(words)
    if refusal is not None:
        return _told(speech.gettext(_REMEDIES[refusal]), provider, host, speech)
    return advice(provider, speech) if provider is not None else None


def _told(text: str, provider: Provider | None, host: str, speech: Speech) -> str:
    page = provider.page if provider and provider.page else speech.gettext("the provider's website")
    return text.format(provider=provider.name if provider else host, page=page)
