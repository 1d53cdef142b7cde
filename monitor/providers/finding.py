"""Find the servers of a mail address: our table, the mail exchanger, the provider's own file, service records."""

from __future__ import annotations

from typing import Protocol

from monitor.providers.autoconfig import addresses_of, read_settings
from monitor.providers.presets import by_domain, by_mail_exchanger, settings_of
from monitor.providers.provider import Origin, Security, Server, Settings


class Answers(Protocol):
    """Who is asked. No question holds more of the mail address than its domain, and that goes to the name servers and
    to servers of that domain alone."""

    def exchangers(self, domain: str) -> list[str]: ...
    def servers(self, service: str, domain: str) -> list[tuple[str, int]]: ...
    def page(self, address: str, domain: str) -> bytes | None: ...


def find(address: str, internet: Answers) -> Settings | None:
    """Return the settings for a mail address, or None: then only the coach can tell."""
    domain = ascii_domain(address)
    if not domain:
        return None
    if (provider := by_domain(domain)) is not None:
        return settings_of(provider, address)
    exchangers = internet.exchangers(domain)
    for exchanger in exchangers:
        if (provider := by_mail_exchanger(exchanger)) is not None:
            return settings_of(provider, address, exchanger)
    if (found := _published(domain, address, internet, vouched=True)) is not None:
        return found
    for exchanger in exchangers[:1]:
        parent = _parent(exchanger)
        if parent and parent != domain:
            found = _published(parent, address, internet, vouched=False)
            if found is not None:
                return found
    return _service_records(domain, address, internet)


def ascii_domain(address: str) -> str:
    """Return the domain of an address as name servers know it; empty if it has none."""
    domain = address.rpartition("@")[2].strip().lower()
    try:
        return domain.encode("idna").decode("ascii") if "." in domain else ""
    except UnicodeError:
        return ""


def _published(domain: str, address: str, internet: Answers, *, vouched: bool) -> Settings | None:
    for where in addresses_of(domain):
        data = internet.page(where, domain)
        found = read_settings(data, address, vouched=vouched) if data else None
        if found is not None:
            return found
    return None


def _service_records(domain: str, address: str, internet: Answers) -> Settings | None:
    imap = _offered(internet, domain, (("_imaps", "tls"), ("_imap", "starttls")))
    smtp = _offered(internet, domain, (("_submissions", "tls"), ("_submission", "starttls")))
    if imap is None or smtp is None:
        return None
    # RFC 6186, section 6: where the names lie outside the domain, a person has to confirm them.
    vouched = all(one.host == domain or one.host.endswith(f".{domain}") for one in (imap, smtp))
    return Settings(imap, smtp, address, address, "password", Origin.SERVICE_RECORDS, vouched)


def _offered(internet: Answers, domain: str, services: tuple[tuple[str, Security], ...]) -> Server | None:
    for service, security in services:
        for host, port in internet.servers(service, domain):
            return Server(host, port, security)
    return None


def _parent(exchanger: str) -> str:
    """Return the domain of a mail exchanger's owner, or nothing where that could be a public suffix as ``co.uk``."""
    labels = exchanger.split(".")[1:]
    if len(labels) < 2 or (len(labels) == 2 and len(labels[1]) == 2 and len(labels[0]) <= 3):
        return ""
    return ".".join(labels)
