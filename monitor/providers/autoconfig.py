"""Read the settings that a provider publishes at its own well-known address (draft-ietf-mailmaint-autoconfig).

The file comes from whoever owns the domain, so it is read as a stranger's: bounded, without document type or
entities, and nothing is taken but names of encrypted servers.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # builds the tree only: what is parsed has gone through _parse
from xml.parsers import expat

from monitor.providers.provider import Auth, Origin, Security, Server, Settings

MOST_BYTES = 256 * 1024
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_SECURITIES: dict[str, Security] = {"SSL": "tls", "STARTTLS": "starttls"}


def addresses_of(domain: str) -> tuple[str, str]:
    """Return where a domain may publish its settings. The mail address itself is never part of the question."""
    return (
        f"https://autoconfig.{domain}/mail/config-v1.1.xml",
        f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
    )


def read_settings(data: bytes, address: str, *, vouched: bool) -> Settings | None:
    """Return the settings in a file; None if it holds no encrypted IMAP and SMTP server or is no such file."""
    root = _parse(data)
    if root is None:
        return None
    imap = _first(root, "incomingServer", "imap", address)
    smtp = _first(root, "outgoingServer", "smtp", address)
    if imap is None or smtp is None:
        return None
    auth: Auth = "oauth2" if "oauth2" in (imap[2], smtp[2]) else "password"
    return Settings(imap[0], smtp[0], imap[1], smtp[1], auth, Origin.AUTOCONFIG, vouched)


def _parse(data: bytes) -> ET.Element | None:
    """Return the tree of a small file without document type; None for anything else."""
    if len(data) > MOST_BYTES:
        return None
    builder = ET.TreeBuilder()
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise ValueError("a document type, and with it entities, has no place here")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(data, True)
        return builder.close()
    except (expat.ExpatError, ValueError, AssertionError, LookupError):
        return None


def _first(root: ET.Element, tag: str, kind: str, address: str) -> tuple[Server, str, Auth] | None:
    """Return the first encrypted server of a kind that takes a password, else one that wants OAuth2."""
    found: list[tuple[Server, str, Auth]] = []
    for one in root.iter(tag):
        if one.get("type") != kind:
            continue
        host = _text(one, "hostname").lower()
        port = _text(one, "port")
        security = _SECURITIES.get(_text(one, "socketType"))
        if security is None or not _HOST.fullmatch(host) or not _PORT.fullmatch(port):
            continue
        if int(port) > 65535:
            continue
        ways = {(way.text or "").strip() for way in one.findall("authentication")}
        auth: Auth = "oauth2" if ways == {"OAuth2"} else "password"
        found.append((Server(host, int(port), security), _user(_text(one, "username"), address), auth))
    return min(found, key=lambda one: one[2] == "oauth2", default=None)


def _user(template: str, address: str) -> str:
    local, _, domain = address.rpartition("@")
    filled = template.replace("%EMAILADDRESS%", address).replace("%EMAILLOCALPART%", local)
    filled = filled.replace("%EMAILDOMAIN%", domain)
    return filled if filled and "%" not in filled and filled.isprintable() else address


def _text(element: ET.Element, tag: str) -> str:
    child = element.find(tag)
    return (child.text or "").strip()[:300] if child is not None else ""
