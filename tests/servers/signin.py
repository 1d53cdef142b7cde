"""A sign-in service on loopback: device codes, tokens and their renewal, as the mail provider's own offers them.

It speaks TLS as the real one does; beside it a plain port tells a mail server on this machine whose a token is
(RFC 7662). Refresh tokens are good for one renewal.
"""

from __future__ import annotations

import base64
import json
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import trustme

CLIENT_ID = "11111111-2222-3333-4444-555555555555"
CODE = "HPLZ-2KWM"


class SignInService:
    """Listens while in its ``with`` block. ``user`` is whom its tokens belong to.

    A device code is answered with "pending" for as many ``polls_before_consent`` as are left; ``lifetime`` is the
    seconds for which a token is said to be good; ``refusal`` is an error for every renewal. ``renewals`` counts
    those that were granted, ``accepted`` holds the access tokens that are good now.
    """

    def __init__(self, folder: Path, user: str) -> None:
        self.user = user
        self.polls_before_consent = 1
        self.lifetime = 3600
        self.refusal: str | None = None
        self.silent = False
        self.renewals = 0
        self.accepted: set[str] = set()
        self.refresh_token = ""
        self._scope = ""
        self._numbers = count(1)
        self.authority_file = folder / "signin-authority.pem"
        issuer = trustme.CA(key_type=trustme.KeyType.ECDSA)
        issuer.cert_pem.write_to_path(self.authority_file)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        issuer.issue_cert("127.0.0.1", "localhost", key_type=trustme.KeyType.ECDSA).configure_cert(context)
        self._public = _server(self)
        self._public.socket = context.wrap_socket(self._public.socket, server_side=True)
        self._inner = _server(self)
        self.authority = f"https://localhost:{self._public.server_address[1]}/common"
        self.introspection = f"http://127.0.0.1:{self._inner.server_address[1]}/introspect"

    def __enter__(self) -> SignInService:
        for server in (self._public, self._inner):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in (self._public, self._inner):
            server.shutdown()
            server.server_close()

    def forget_access(self) -> None:
        """Let no access token be good any longer."""
        self.accepted.clear()

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """What a request is answered with: status and JSON."""
        base = self.authority
        if path.endswith("/.well-known/openid-configuration"):
            return 200, {
                "issuer": f"{base}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            }
        if path.endswith("/introspect"):
            good = form.get("token", "") in self.accepted
            return 200, {"active": good, "username": self.user if good else ""}
        if form.get("client_id") != CLIENT_ID:
            return 400, {"error": "unauthorized_client"}
        if path.endswith("/devicecode"):
            self._scope = form["scope"]
            return 200, {
                "device_code": "device",
                "user_code": CODE,
                "verification_uri": "https://signin.example/device",
                "expires_in": 900,
                "interval": 1,
            }
        if path.endswith("/token"):
            return self._token(form)
        return 404, {"error": "not_found"}

    def _token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if form["grant_type"] == "refresh_token":
            if self.refusal is not None or form["refresh_token"] != self.refresh_token:
                return 400, {"error": self.refusal or "invalid_grant", "error_description": f"for {self.user}"}
            self.renewals += 1
            return 200, self._tokens()
        if self.polls_before_consent > 0:
            self.polls_before_consent -= 1
            return 400, {"error": "authorization_pending"}
        if self.refusal is not None:
            return 400, {"error": self.refusal}
        return 200, self._tokens()

    def _tokens(self) -> dict[str, Any]:
        number = next(self._numbers)
        access, self.refresh_token = f"access-{number}", f"refresh-{number}"
        self.accepted.add(access)
        now = int(time.time())
        claims = {
            "iss": f"{self.authority}/v2.0", "aud": CLIENT_ID, "sub": "s", "oid": "o", "tid": "t",
            "preferred_username": self.user, "iat": now, "nbf": now, "exp": now + 3600,
        }  # fmt: skip
        return {
            "token_type": "Bearer",
            "access_token": access,
            "refresh_token": self.refresh_token,
            "expires_in": self.lifetime,
            "scope": " ".join(word for word in self._scope.split() if word.startswith("https://")),
            "id_token": ".".join((_coded({"alg": "none"}), _coded(claims), "")),
            "client_info": _coded({"uid": "o", "utid": "t"}),
        }


def _coded(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _server(service: SignInService) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self._say({name: values[0] for name, values in parse_qs(body).items()})

        def _say(self, form: dict[str, str]) -> None:
            if service.silent:
                self.close_connection = True
                return
            status, told = service.answer(self.path.partition("?")[0], form)
            data = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)
