"""What is known of a provider, and what is found for one mail address."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Security = Literal["tls", "starttls"]
Auth = Literal["password", "oauth2"]


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server listens. There is always encryption."""

    host: str
    port: int
    security: Security


@dataclass(frozen=True, slots=True)
class Provider:
    """A row of the table; ``page`` is where a password is made or IMAP switched on, if there is such a page."""

    key: str
    name: str
    domains: tuple[str, ...]
    mx: tuple[str, ...]
    imap: Server
    smtp: Server
    user: Literal["address", "local"]
    auth: Auth
    advice: str
    page: str


class Origin(StrEnum):
    """How settings were found."""

    TABLE = "table"
    AUTOCONFIG = "autoconfig"
    SERVICE_RECORDS = "service records"


@dataclass(frozen=True, slots=True)
class Settings:
    """How to reach the mailbox of one address.

    ``vouched`` tells that the servers come from our table or, over HTTPS, from the address's own domain. Otherwise
    only the unsigned answers of name servers say so: a person should look at the names before a password goes there.
    """

    imap: Server
    smtp: Server
    imap_user: str
    smtp_user: str
    auth: Auth
    origin: Origin
    vouched: bool
    provider: Provider | None = None
