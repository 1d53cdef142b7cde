"""What tests of several stages share."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest
from servers.dovecot import Dovecot


def _started(server: Dovecot) -> Dovecot:
    try:
        server.start()
    except RuntimeError as error:
        server.remove()
        pytest.fail(str(error), pytrace=False)
    return server


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """The mail server that most tests share. Its authority is trusted only with ``dovecot_trusted``."""
    server = _started(Dovecot())
    yield server
    server.remove()


@pytest.fixture
def own_dovecot() -> Iterator[Callable[..., Dovecot]]:
    """Start servers for one test alone, with the options of Dovecot."""
    servers: list[Dovecot] = []

    def start(prefix: str = "", separator: str = "/", sent: str | None = "Sent") -> Dovecot:
        servers.append(Dovecot(prefix, separator, sent))
        return _started(servers[-1])

    yield start
    for server in servers:
        server.remove()


@pytest.fixture
def dovecot_trusted(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Dovecot:
    """The shared mail server, with its authority trusted by this machine."""
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.authority))
    return dovecot


@pytest.fixture
def mailbox_user() -> str:
    """The name of a mailbox that nobody has used before."""
    return f"jana-{uuid.uuid4().hex[:12]}"
