"""The table of providers: read from ``providers.toml``, found by mail domain, mail exchanger or server."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from monitor.providers.provider import Origin, Provider, Security, Server, Settings

_SECURITIES: dict[str, Security] = {"tls": "tls", "starttls": "starttls"}


@cache
def presets() -> tuple[Provider, ...]:
    """Return the table, in its own order."""
    text = (Path(__file__).resolve().parent / "providers.toml").read_text(encoding="utf-8")
    return tuple(_provider(key, row) for key, row in tomllib.loads(text).items())


def by_domain(domain: str) -> Provider | None:
    """Return the provider whose own mail domain this is."""
    return next((one for one in presets() if _ends_with(domain, one.domains)), None)


def by_mail_exchanger(host: str) -> Provider | None:
    """Return the provider that a mail exchanger belongs to."""
    return next((one for one in presets() if _ends_with(host, one.mx)), None)


def by_server(host: str) -> Provider | None:
    """Return the provider that an IMAP or SMTP server belongs to."""
    host = host.lower()
    named = next((one for one in presets() if host in (one.imap.host, one.smtp.host)), None)
    return named or next((one for one in presets() if "{mx}" in one.imap.host and _ends_with(host, one.mx)), None)


def settings_of(provider: Provider, address: str, exchanger: str = "") -> Settings:
    """Return the provider's settings for an address; ``exchanger`` is the mail exchanger of its domain."""
    user = address if provider.user == "address" else address.rpartition("@")[0]
    return Settings(
        _filled(provider.imap, exchanger),
        _filled(provider.smtp, exchanger),
        user,
        user,
        provider.auth,
        Origin.TABLE,
        True,
        provider,
    )


def _filled(server: Server, exchanger: str) -> Server:
    return Server(server.host.replace("{mx}", exchanger), server.port, server.security)


def _ends_with(host: str, ends: Iterable[str]) -> bool:
    host = host.lower().rstrip(".")
    return any(host == end or host.endswith(f".{end}") for end in ends)


def _provider(key: str, row: dict[str, Any]) -> Provider:
    return Provider(
        key,
        row["name"],
        tuple(row.get("domains", ())),
        tuple(row.get("mx", ())),
        _server(row["imap"]),
        _server(row["smtp"]),
        row.get("user", "address"),
        row.get("auth", "password"),
        row["advice"],
        row.get("page", ""),
    )


def _server(text: str) -> Server:
    where, _, security = text.partition(" ")
    host, _, port = where.rpartition(":")
    return Server(host, int(port), _SECURITIES[security])
