"""Sign in with OAuth2: once by a person with a code on another device, from then on by tokens that renew themselves.

For mail providers that accept no password, today Microsoft. The person's consent is had by the device authorization
grant (RFC 8628), access tokens by refresh tokens (RFC 6749, section 6); the library does both. The provider may hand
out a new refresh token with every renewal and forget the old one, so the file of tokens is replaced as a whole, under
a lock, before a token is used. The only import of msal.
"""

from __future__ import annotations

import fcntl
import json
import os
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.errors import SignInExpired, SignInUnavailable
from monitor.private_file import open_private, replace_file

# offline_access, which the library adds by itself, is what brings a refresh token.
SCOPES = ("https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send")
TOKENS = "oauth2.json"
SECONDS = 30  # for each answer of the sign-in service

# Answers (RFC 6749, 5.2; OpenID Connect Core, 3.1.2.6) that only a person can change.
_NEEDS_A_PERSON = frozenset({"invalid_grant", "interaction_required", "consent_required", "login_required"})


@dataclass(frozen=True, slots=True)
class Registration:
    """Who this program is to the sign-in service, and where its tokens are kept."""

    client_id: str
    authority: str
    tokens: Path


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a person does: open ``address`` in a browser on any device, and enter ``code`` there."""

    address: str
    code: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """When a person signed in, and when the tokens were last renewed."""

    signed_in_at: datetime
    renewed_at: datetime


def sign_in(registration: Registration, show: Callable[[Invitation], None]) -> None:
    """Let a person sign in, and keep the tokens; blocks until they have, or the code has run out.

    Raises SignInExpired if they did not, and SignInUnavailable where the service cannot be asked.
    """
    with _in_our_words(registration):
        cache, app = _application(registration, None)
        flow = app.initiate_device_flow(scopes=list(SCOPES))
        if "user_code" not in flow:
            raise _refused(flow, registration)
        show(Invitation(str(flow["verification_uri"]), str(flow["user_code"])))
        answer = app.acquire_token_by_device_flow(flow)
    if "access_token" not in answer:
        raise _refused(answer, registration)
    now = datetime.now(UTC)
    with _locked(registration.tokens):
        _keep(registration.tokens, cache, SignedIn(now, now))


def access_token(registration: Registration) -> str:
    """Return an access token that is good for some minutes at least; renews it where it is not.

    Raises SignInExpired if a person has to sign in again, and SignInUnavailable if another try may succeed.
    """
    with _locked(registration.tokens):
        signed_in, stored = _read(registration.tokens)
        with _in_our_words(registration):
            cache, app = _application(registration, stored)
            accounts = app.get_accounts()
            answer = app.acquire_token_silent_with_error(list(SCOPES), accounts[0]) if accounts else None
        if not answer:
            raise _not_signed_in()
        if "access_token" not in answer:
            raise _refused(answer, registration)
        if cache.has_state_changed:
            _keep(registration.tokens, cache, SignedIn(signed_in.signed_in_at, datetime.now(UTC)))
    return str(answer["access_token"])


def signed_in(tokens: Path) -> SignedIn:
    """Return when somebody signed in; asks nobody. Raises SignInExpired if nobody has yet."""
    return _read(tokens)[0]


def _application(registration: Registration, stored: str | None) -> tuple[Any, Any]:
    import msal  # large, and needed by few

    cache = msal.SerializableTokenCache()
    if stored:
        cache.deserialize(stored)
    app = msal.PublicClientApplication(
        registration.client_id,
        authority=registration.authority,
        token_cache=cache,
        instance_discovery=False,  # the authority comes from the coach's own configuration: nobody else is asked of it
        # The library's own list of authorities knows nothing of the system's, nor of SSL_CERT_FILE.
        verify=ssl.get_default_verify_paths().cafile or True,
        timeout=SECONDS,
    )
    return cache, app


@contextmanager
def _in_our_words(registration: Registration) -> Iterator[None]:
    import requests

    try:
        yield
    except (requests.RequestException, OSError, ValueError, KeyError) as error:
        raise SignInUnavailable(
            "The sign-in service {authority} gives no usable answer.",
            "Check the network connection and oauth2.authority in the configuration; otherwise try again later.",
            authority=registration.authority,
        ) from error


def _refused(answer: dict[str, Any], registration: Registration) -> SignInExpired | SignInUnavailable:
    """Return the failure for an error answer; its own words may name people, so only its code is told."""
    code = str(answer.get("error", ""))[:60]
    if code in _NEEDS_A_PERSON:
        return SignInExpired(
            "The mail provider wants you to sign in again ({code}).", "Run: client-monitor setup", code=code
        )
    if code in ("expired_token", "authorization_declined", "access_denied", "code_expired"):
        return SignInExpired(
            "Nobody has signed in with the code ({code}).",
            "Run client-monitor setup again, and enter the code within a quarter of an hour.",
            code=code,
        )
    if code in ("unauthorized_client", "invalid_client"):
        return SignInExpired(
            "The sign-in service does not know this program under oauth2.client_id, or does not allow it device codes"
            " ({code}).",
            'In Microsoft Entra, open the app registration and set "Allow public client flows" to Yes.',
            code=code,
        )
    return SignInUnavailable(
        "The sign-in service {authority} refuses at present ({code}).",
        "Try again later; in a firm, ask whoever looks after Microsoft 365.",
        authority=registration.authority,
        code=code or "no reason",
    )


def _not_signed_in() -> SignInExpired:
    return SignInExpired("Nobody has signed in to the mail provider yet.", "Run: client-monitor setup")


def _read(tokens: Path) -> tuple[SignedIn, str]:
    try:
        data = json.loads(tokens.read_text(encoding="utf-8"))
        times = SignedIn(datetime.fromisoformat(data["signed_in_at"]), datetime.fromisoformat(data["renewed_at"]))
        return times, str(data["cache"])
    except FileNotFoundError as error:
        raise _not_signed_in() from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SignInExpired(
            "The file of tokens {path} cannot be used.", "Sign in again with: client-monitor setup", path=str(tokens)
        ) from error


def _keep(tokens: Path, cache: Any, times: SignedIn) -> None:
    data = {
        "schema": 1,
        "signed_in_at": times.signed_in_at.isoformat(),
        "renewed_at": times.renewed_at.isoformat(),
        "cache": cache.serialize(),
    }
    replace_file(tokens, json.dumps(data))


@contextmanager
def _locked(tokens: Path) -> Iterator[None]:
    """Let one process at a time renew: the second would use a refresh token that the first has used up."""
    try:
        descriptor = open_private(tokens.with_suffix(".lock"))
    except OSError as error:
        raise SignInExpired(
            "The file of tokens {path} cannot be used.", "Sign in again with: client-monitor setup", path=str(tokens)
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
