"""What providers say when they refuse, and what helps."""

from __future__ import annotations

import pytest

from monitor.labels import Language
from monitor.language.speech import speech
from monitor.providers.advice import ADVICE, advice
from monitor.providers.presets import presets
from monitor.providers.refusals import Refusal, recognised, remedy

GERMAN, ENGLISH = speech(Language.GERMAN), speech(Language.ENGLISH)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("[ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)",
         Refusal.APP_PASSWORD),
        ("5.7.9 Application-specific password required. For more information, go to", Refusal.APP_PASSWORD),
        ("[WEBALERT https://accounts.google.com/signin] Web login required. (Failure)", Refusal.BROWSER),
        ("534 5.7.14 Please log in via your web browser and then try again", Refusal.BROWSER),
        ("[ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page", Refusal.IMAP_OFF),
        ("IMAP access is disabled for this account", Refusal.IMAP_OFF),
        ("IMAP Zugriff ist nicht aktiviert", Refusal.IMAP_OFF),
        ("5.7.139 Authentication unsuccessful, basic authentication is disabled.", Refusal.PASSWORDS_OFF),
        ("5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
         Refusal.SENDING_OFF),
        ("User is authenticated but not connected.", Refusal.MAILBOX_CLOSED),
        ("Account temporarily locked, too many failed logins", Refusal.LOCKED),
        ("[AUTHENTICATIONFAILED] Authentication failed.", None),
        ("LOGIN failed.", None),
        ("", None),
    ],
)  # fmt: skip
def test_reasons_are_recognised_by_the_servers_words(words, refusal):
    assert recognised(words) is refusal


def test_a_server_cannot_keep_us_busy_with_words():
    assert recognised("imap " * 200_000 + "disabled") is None


@pytest.mark.parametrize("refusal", Refusal)
def test_each_reason_has_its_remedy_in_both_languages(refusal):
    words = {
        Refusal.APP_PASSWORD: "application-specific password required",
        Refusal.BROWSER: "web login required",
        Refusal.IMAP_OFF: "imap is disabled",
        Refusal.PASSWORDS_OFF: "basic authentication is disabled",
        Refusal.SENDING_OFF: "SmtpClientAuthentication is disabled",
        Refusal.MAILBOX_CLOSED: "authenticated but not connected",
        Refusal.LOCKED: "account is locked",
    }[refusal]
    german, english = remedy("imap.gmx.net", words, GERMAN), remedy("imap.gmx.net", words, ENGLISH)

    assert german
    assert english
    assert german != english
    assert "{" not in german + english


def test_a_refusal_without_a_reason_is_answered_with_what_the_provider_always_wants():
    told = remedy("imap.gmx.net", "NO authentication failed", GERMAN)

    assert told is not None
    assert "POP3/IMAP" in told
    assert "hilfe.gmx.net" in told
    assert remedy("imap.example", "NO authentication failed", GERMAN) is None


def test_no_word_of_the_server_gets_into_the_remedy():
    told = remedy("imap.example", "jana@weber-coaching.example: IMAP is disabled <script>", ENGLISH)

    assert told is not None
    assert "jana" not in told
    assert "script" not in told
    assert "imap.example" in told


@pytest.mark.parametrize("provider", presets(), ids=lambda provider: provider.key)
def test_each_provider_says_what_it_wants(provider):
    german, english = advice(provider, GERMAN), advice(provider, ENGLISH)

    assert german != english
    assert "{" not in german + english
    assert {one.advice for one in presets()} == set(ADVICE)
