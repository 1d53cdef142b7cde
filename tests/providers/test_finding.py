"""Where the servers of a mail address are, and who is asked for it."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import dns.message
import dns.resolver
import dns.rrset
import pytest
import trustme

from monitor.providers.autoconfig import MOST_BYTES, read_settings
from monitor.providers.finding import find
from monitor.providers.internet import Internet
from monitor.providers.presets import by_server, presets
from monitor.providers.provider import Origin, Server

ADDRESS = "jana@weber-coaching.example"
FILE = b"""<?xml version="1.0"?>
<clientConfig version="1.1"><emailProvider id="weber-coaching.example">
  <incomingServer type="pop3"><hostname>pop.weber-coaching.example</hostname><port>995</port>
    <socketType>SSL</socketType><username>%EMAILADDRESS%</username></incomingServer>
  <incomingServer type="imap"><hostname>plain.weber-coaching.example</hostname><port>143</port>
    <socketType>plain</socketType><username>%EMAILADDRESS%</username></incomingServer>
  <incomingServer type="imap"><hostname>imap.weber-coaching.example</hostname><port>993</port>
    <socketType>SSL</socketType><username>%EMAILLOCALPART%</username>
    <authentication>password-cleartext</authentication></incomingServer>
  <outgoingServer type="smtp"><hostname>smtp.weber-coaching.example</hostname><port>587</port>
    <socketType>STARTTLS</socketType><username>%EMAILADDRESS%</username></outgoingServer>
</emailProvider></clientConfig>"""


class World:
    """Name servers and web servers that know only what a test has told them, and remember what they were asked."""

    def __init__(
        self,
        mx: dict[str, list[str]] | None = None,
        srv: dict[tuple[str, str], list[tuple[str, int]]] | None = None,
        pages: dict[str, bytes] | None = None,
    ) -> None:
        self._mx, self._srv, self._pages = mx or {}, srv or {}, pages or {}
        self.asked: list[str] = []

    def exchangers(self, domain: str) -> list[str]:
        self.asked.append(domain)
        return self._mx.get(domain, [])

    def servers(self, service: str, domain: str) -> list[tuple[str, int]]:
        self.asked.append(domain)
        return self._srv.get((service, domain), [])

    def page(self, address: str, domain: str) -> bytes | None:
        self.asked.append(address)
        return self._pages.get(address)


def test_sixteen_providers_are_known_with_encrypted_servers_each():
    assert len(presets()) == 16
    for provider in presets():
        assert provider.domains or provider.mx
        for server in (provider.imap, provider.smtp):
            assert server.security in ("tls", "starttls")
            assert server.port in (993, 465, 587)


def test_no_domain_belongs_to_two_providers():
    domains = [domain for provider in presets() for domain in provider.domains]

    assert len(domains) == len(set(domains))


@pytest.mark.parametrize(
    ("domain", "imap", "user"),
    [
        ("googlemail.com", "imap.gmail.com", "jana@googlemail.com"),
        ("gmx.de", "imap.gmx.net", "jana@gmx.de"),
        ("web.de", "imap.web.de", "jana"),
        ("posteo.net", "posteo.de", "jana@posteo.net"),
        ("ICLOUD.com", "imap.mail.me.com", "jana"),
    ],
)
def test_the_domain_of_a_known_provider_is_found_without_asking_anybody(domain, imap, user):
    world = World()

    found = find(f"jana@{domain}", world)

    assert found is not None
    assert (found.imap.host, found.imap_user, found.origin) == (imap, user, Origin.TABLE)
    assert world.asked == []


@pytest.mark.parametrize(
    ("exchanger", "key", "imap"),
    [
        ("aspmx.l.google.com", "gmail", "imap.gmail.com"),
        ("weber-coaching-example.mail.protection.outlook.com", "microsoft365", "outlook.office365.com"),
        ("mx00.kundenserver.de", "1und1", "imap.1und1.de"),
        ("smtpin.rzone.de", "strato", "imap.strato.de"),
        ("w0123456.kasserver.com", "allinkl", "w0123456.kasserver.com"),
        ("www99.your-server.de", "hetzner", "mail.your-server.de"),
    ],
)
def test_a_domain_of_ones_own_is_known_by_its_mail_exchanger(exchanger, key, imap):
    found = find(ADDRESS, World(mx={"weber-coaching.example": [exchanger]}))

    assert found is not None
    assert found.provider is not None
    assert (found.provider.key, found.imap.host, found.imap_user) == (key, imap, ADDRESS)


def test_a_lookalike_of_an_exchanger_is_nobody():
    assert find(ADDRESS, World(mx={"weber-coaching.example": ["mx.evil-rzone.de", "rzone.de.evil.example"]})) is None


def test_what_the_domain_publishes_itself_is_taken_and_vouched_for():
    world = World(pages={"https://weber-coaching.example/.well-known/autoconfig/mail/config-v1.1.xml": FILE})

    found = find(ADDRESS, world)

    assert found is not None
    assert found.imap == Server("imap.weber-coaching.example", 993, "tls")
    assert found.smtp == Server("smtp.weber-coaching.example", 587, "starttls")
    assert (found.imap_user, found.smtp_user, found.vouched) == ("jana", ADDRESS, True)


def test_what_the_hosts_domain_publishes_is_to_be_confirmed():
    pages = {"https://autoconfig.hoster.example/mail/config-v1.1.xml": FILE}

    found = find(ADDRESS, World(mx={"weber-coaching.example": ["mx1.hoster.example"]}, pages=pages))

    assert found is not None
    assert not found.vouched


@pytest.mark.parametrize("exchanger", ["mail.co.uk", "localhost", "mx.com"])
def test_nobody_is_asked_who_could_be_a_public_suffix(exchanger):
    world = World(mx={"weber-coaching.example": [exchanger]})

    find(ADDRESS, world)

    assert all("weber-coaching.example" in asked for asked in world.asked)


@pytest.mark.parametrize(("host", "vouched"), [("imap.weber-coaching.example", True), ("imap.hoster.example", False)])
def test_service_records_come_last(host, vouched):
    world = World(
        srv={
            ("_imaps", "weber-coaching.example"): [(host, 993)],
            ("_submission", "weber-coaching.example"): [(host, 587)],
        }
    )

    found = find(ADDRESS, world)

    assert found is not None
    assert (found.imap, found.smtp) == (Server(host, 993, "tls"), Server(host, 587, "starttls"))
    assert (found.origin, found.vouched) == (Origin.SERVICE_RECORDS, vouched)


def test_nobody_is_told_the_address():
    world = World(mx={"weber-coaching.example": ["mx1.hoster.example"]})

    assert find(ADDRESS, world) is None

    assert len(world.asked) >= 8
    assert not [asked for asked in world.asked if "jana" in asked or "@" in asked]


@pytest.mark.parametrize("address", ["jana", "jana@", "", "jana@localhost", f"jana@{'x' * 80}.example"])
def test_what_is_no_mail_address_finds_nothing(address):
    assert find(address, World()) is None


BOMB = b"""<!DOCTYPE c [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]><clientConfig>&b;</clientConfig>"""
FOREIGN = b'<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + FILE.partition(b"?>")[2]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<", b"<html><body>404</body></html>", b"\xff\xfe\x00", BOMB, FOREIGN, FILE + b" " * MOST_BYTES,
        FILE.replace(b"SSL", b"plain"), FILE.replace(b"imap.weber", b"imap weber;"), FILE.replace(b"993", b"99399"),
        FILE.replace(b'<?xml version="1.0"?>', b'<?xml version="1.0" encoding="x-unknown"?>'),
    ],
)  # fmt: skip
def test_a_file_that_is_none_or_means_harm_gives_nothing(data):
    assert read_settings(data, ADDRESS, vouched=True) is None


def test_a_password_is_preferred_to_oauth2():
    both = FILE.replace(b"password-cleartext", b"OAuth2")
    found = read_settings(both, ADDRESS, vouched=True)
    assert found is not None
    assert found.auth == "oauth2"

    either = FILE.replace(
        b"<authentication>password", b"<authentication>OAuth2</authentication><authentication>password"
    )
    found = read_settings(either, ADDRESS, vouched=True)
    assert found is not None
    assert found.auth == "password"


def test_a_server_is_known_by_its_name():
    assert [provider.key for host in ("IMAP.gmx.net", "smtp.office365.com", "w1.kasserver.com")
            if (provider := by_server(host))] == ["gmx", "microsoft365", "allinkl"]  # fmt: skip
    assert by_server("imap.example") is None


# The network itself, on loopback


class Names(socketserver.BaseRequestHandler):
    """A name server that knows one domain."""

    def handle(self) -> None:
        data, answer_to = self.request
        question = dns.message.from_wire(data)
        asked = question.question[0]
        answer = dns.message.make_response(question)
        kind = dns.rdatatype.to_text(asked.rdtype)
        known = {
            ("weber-coaching.example.", "MX"): ["20 mx2.hoster.example.", "10 MX1.hoster.example."],
            ("_imaps._tcp.weber-coaching.example.", "SRV"): ["0 1 993 imap.hoster.example."],
            ("_imap._tcp.weber-coaching.example.", "SRV"): ["0 0 0 ."],
        }.get((str(asked.name), kind))
        if known:
            answer.answer.append(dns.rrset.from_text_list(asked.name, 60, "IN", kind, known))
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        answer_to.sendto(answer.to_wire(), self.client_address)


@pytest.fixture
def named() -> Iterator[Internet]:
    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Names) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = server.server_address[1]
        yield Internet(resolver)
        server.shutdown()


def test_name_servers_are_asked(named):
    assert named.exchangers("weber-coaching.example") == ["mx1.hoster.example", "mx2.hoster.example"]
    assert named.servers("_imaps", "weber-coaching.example") == [("imap.hoster.example", 993)]
    assert named.servers("_imap", "weber-coaching.example") == []  # "." means: not offered
    assert named.exchangers("unknown.example") == []
    assert named.exchangers("not..a..name") == []


@pytest.fixture
def website(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            port = self.server.server_address[1]
            moved = {
                "/here": f"https://localhost:{port}/file",
                "/away": f"https://127.0.0.1:{port}/file",
                "/plain": f"http://localhost:{port}/file",
            }
            if self.path in moved:
                self.send_response(302)
                self.send_header("Location", moved[self.path])
                self.end_headers()
                return
            data = FILE if self.path == "/file" else b"x" * (MOST_BYTES * 3)
            self.send_response(200 if self.path in ("/file", "/huge") else 404)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    issuer = trustme.CA()
    issuer.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    issuer.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_pages_are_read_over_https_within_the_domain_alone(website, monkeypatch):
    base = f"https://localhost:{website.server_address[1]}"
    internet = Internet()

    assert internet.page(f"{base}/file", "localhost") == FILE
    assert internet.page(f"{base}/here", "localhost") == FILE
    assert internet.page(f"{base}/away", "localhost") is None
    assert internet.page(f"{base}/plain", "localhost") is None
    assert internet.page(f"{base}/missing", "localhost") is None
    assert len(internet.page(f"{base}/huge", "localhost") or b"") == MOST_BYTES + 1

    monkeypatch.delenv("SSL_CERT_FILE")
    assert internet.page(f"{base}/file", "localhost") is None  # its certificate is nobody's
