"""Ask name servers and the provider's own web server. The only import of dns."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.parse import urlsplit

import dns.exception
import dns.resolver

from monitor.providers.autoconfig import MOST_BYTES

SECONDS = 8.0
MOST_ANSWERS = 20


class Internet:
    """What the finding of settings asks. Nothing raises: where no answer is to be had, there is none."""

    def __init__(self, resolver: dns.resolver.Resolver | None = None) -> None:
        self._resolver = resolver

    def exchangers(self, domain: str) -> list[str]:
        """Return the mail exchangers of a domain, the preferred first (RFC 5321, section 5)."""
        found = sorted((record.preference, _name(record.exchange)) for record in self._records(domain, "MX"))
        return [host for _, host in found if host]

    def servers(self, service: str, domain: str) -> list[tuple[str, int]]:
        """Return hosts and ports that a domain names for a service such as ``_imaps`` (RFC 2782, RFC 6186)."""
        records = self._records(f"{service}._tcp.{domain}", "SRV")
        found = sorted((record.priority, -record.weight, _name(record.target), record.port) for record in records)
        return [(host, port) for _, _, host, port in found if host and port]

    def page(self, address: str, domain: str) -> bytes | None:
        """Return what lies at an HTTPS address; redirections are followed within the domain alone."""
        opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=ssl.create_default_context()), _WithinDomain(domain)
        )
        try:
            with opener.open(urllib.request.Request(address), timeout=SECONDS) as answer:  # noqa: S310
                data: bytes = answer.read(MOST_BYTES + 1)
                return data
        except (OSError, HTTPException, ValueError):
            return None

    def _records(self, name: str, kind: str) -> list[Any]:
        try:
            resolver = self._resolver or dns.resolver.Resolver()
            return list(resolver.resolve(name, kind, lifetime=SECONDS))[:MOST_ANSWERS]
        except (dns.exception.DNSException, OSError, ValueError):
            return []


class _WithinDomain(urllib.request.HTTPRedirectHandler):
    """Follows a redirection only over HTTPS and within the provider's domain."""

    def __init__(self, domain: str) -> None:
        self._domain = domain

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        target = urlsplit(newurl)
        host = (target.hostname or "").lower()
        if target.scheme != "https" or not (host == self._domain or host.endswith(f".{self._domain}")):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _name(value: object) -> str:
    return str(value).rstrip(".").lower()
