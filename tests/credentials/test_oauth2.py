"""Signing in with OAuth2, against a sign-in service, a Dovecot that asks it, and an SMTP server on loopback."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from machine import COACH, Machine, mail
from servers.dovecot import Dovecot
from servers.mailserver import MailServer
from servers.signin import CLIENT_ID, CODE, SignInService

from monitor.credentials.oauth2 import Invitation, Registration, access_token, sign_in, signed_in
from monitor.errors import SignInExpired, SignInUnavailable

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(autouse=True)
def no_other_authorities(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library for HTTP lets these of the tester's machine count before what it is told."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def registration(signin: SignInService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registration:
    monkeypatch.setenv("SSL_CERT_FILE", str(signin.authority_file))
    return Registration(CLIENT_ID, signin.authority, tmp_path / "state" / "oauth2.json")


def consent(registration: Registration) -> list[Invitation]:
    shown: list[Invitation] = []
    sign_in(registration, shown.append)
    return shown


def test_a_person_signs_in_with_a_code_and_the_tokens_are_kept_for_them_alone(registration, signin):
    shown = consent(registration)

    assert shown == [Invitation("https://signin.example/device", CODE)]
    assert access_token(registration) in signin.accepted
    assert signin.renewals == 0
    assert stat.S_IMODE(registration.tokens.stat().st_mode) == 0o600
    assert datetime.now(UTC) - signed_in(registration.tokens).signed_in_at < timedelta(minutes=1)


def test_each_renewal_keeps_the_new_refresh_token(registration, signin):
    signin.lifetime = 60  # the library renews what is good for less than five minutes
    consent(registration)

    tokens = [access_token(registration) for _ in range(3)]

    assert len(set(tokens)) == signin.renewals == 3
    assert signin.refresh_token in registration.tokens.read_text()
    kept = signed_in(registration.tokens)
    assert kept.renewed_at > kept.signed_in_at


def test_a_renewal_that_cannot_be_kept_leaves_the_file_whole(registration, signin, monkeypatch):
    signin.lifetime = 60
    consent(registration)
    before = registration.tokens.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("monitor.private_file.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        access_token(registration)

    assert registration.tokens.read_bytes() == before
    assert {file.name for file in registration.tokens.parent.iterdir()} == {"oauth2.json", "oauth2.lock"}


def test_a_withdrawn_consent_asks_for_a_person(registration, signin):
    signin.lifetime = 60
    consent(registration)
    signin.refusal = "invalid_grant"

    with pytest.raises(SignInExpired) as caught:
        access_token(registration)

    assert "sign in again" in str(caught.value)
    assert "client-monitor setup" in caught.value.remedy
    assert signin.user not in str(caught.value)  # the service's own words name people


@pytest.mark.parametrize("refusal", ["temporarily_unavailable", "server_error"])
def test_trouble_of_the_service_is_no_reason_to_ask_a_person(registration, signin, refusal):
    signin.lifetime = 60
    consent(registration)
    signin.refusal = refusal

    with pytest.raises(SignInUnavailable):
        access_token(registration)

    signin.refusal = None
    assert access_token(registration) in signin.accepted


def test_a_service_that_does_not_answer_is_told_with_its_remedy(registration, signin):
    consent(registration)
    signin.silent = True

    with pytest.raises(SignInUnavailable, match="network connection"):
        access_token(registration)


@pytest.mark.parametrize(
    ("refusal", "said"), [("authorization_declined", "Nobody has signed in"), ("expired_token", "quarter of an hour")]
)
def test_a_code_that_nobody_uses_is_told(registration, signin, refusal, said):
    signin.refusal = refusal

    with pytest.raises(SignInExpired, match=said):
        consent(registration)
    assert not registration.tokens.exists()


def test_an_unknown_client_id_says_what_to_switch_on(registration):
    other = Registration("somebody-else", registration.authority, registration.tokens)

    with pytest.raises(SignInExpired, match="Allow public client flows"):
        consent(other)


@pytest.mark.parametrize("content", ["", "{", '{"cache": 1}', json.dumps([1])])
def test_a_broken_file_of_tokens_asks_to_sign_in_again(registration, content):
    registration.tokens.parent.mkdir()
    registration.tokens.write_text(content)

    with pytest.raises(SignInExpired, match="client-monitor setup"):
        access_token(registration)


@pytest.fixture
def oauth_machine(
    machine: Machine,
    own_dovecot: Callable[..., Dovecot],
    mailserver: MailServer,
    signin: SignInService,
    mailbox_user: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Machine:
    """A machine that reads and sends with access tokens alone."""
    server = own_dovecot(introspection=signin.introspection)
    machine.watch(server, mailbox_user)
    machine.send_to(mailserver)
    machine.trust(signin.authority_file)
    for file in machine.secrets.iterdir():
        file.unlink()
    machine.sections["mailbox"]["auth"] = machine.sections["outbox"]["auth"] = "oauth2"
    machine.sections["oauth2"] = {"client_id": CLIENT_ID, "authority": signin.authority}
    mailserver.accepts_token = lambda token: token in signin.accepted
    monkeypatch.setenv("SSL_CERT_FILE", str(signin.authority_file))
    sign_in(Registration(CLIENT_ID, signin.authority, machine.state / "oauth2.json"), lambda _: None)
    server.deliver(mailbox_user, "INBOX", mail()[0])
    return machine


def test_mail_is_read_and_the_digest_sent_with_tokens(oauth_machine, mailserver):
    assert oauth_machine.run("sync").code == 0
    assert len(oauth_machine.known()) == 1

    assert oauth_machine.run("digest", "--send").code == 0
    assert [letter.recipients for letter in mailserver.letters] == [(COACH,)]


def test_a_token_that_is_no_longer_good_is_a_refused_login(oauth_machine, signin):
    signin.forget_access()

    done = oauth_machine.run("sync")

    assert done.code == 1
    assert "does not accept" in done.complaint
    assert "access-" not in done.err


def test_without_a_sign_in_the_service_says_what_to_do(oauth_machine):
    (oauth_machine.state / "oauth2.json").unlink()

    done = oauth_machine.run("run")

    assert done.code == 78
    assert "client-monitor setup" in done.err
