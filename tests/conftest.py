"""What tests of several stages share."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from machine import Machine
from servers.dovecot import Dovecot
from servers.mailserver import MailServer
from servers.postgres import Postgres
from servers.signin import SignInService


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

    def start(
        prefix: str = "", separator: str = "/", sent: str | None = "Sent", introspection: str | None = None
    ) -> Dovecot:
        servers.append(Dovecot(prefix, separator, sent, introspection))
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


BUILD_MODEL = """
import sys
from pathlib import Path
from monitor.classification.serving import serving_model

print(serving_model(Path(sys.argv[1])).version)
"""


@pytest.fixture(scope="session")
def model(request: pytest.FixtureRequest) -> Path:
    """The file of the starter model. It takes a minute to build, so it is kept until its texts or code change."""
    folder = request.config.cache.mkdir("models")  # type: ignore[union-attr]
    # In a process of its own: scikit-learn is large. Several workers wait for one another here.
    built = subprocess.run(
        [sys.executable, "-c", BUILD_MODEL, str(folder)], capture_output=True, text=True, check=False
    )
    if built.returncode:
        pytest.fail(built.stderr, pytrace=False)
    return folder / f"{built.stdout.strip()}.npz"


@pytest.fixture
def machine(tmp_path: Path, model: Path) -> Iterator[Machine]:
    """A coach's machine, with clients and neither mailbox nor outbox yet."""
    (tmp_path / "machine").mkdir()
    machine = Machine(tmp_path / "machine", model)
    yield machine
    machine.close()


@pytest.fixture
def mailserver(tmp_path: Path) -> Iterator[MailServer]:
    """A mail server that takes letters."""
    with MailServer(tmp_path) as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The database server that tests share; each has a database of its own."""
    try:
        server = Postgres()
    except RuntimeError as error:
        pytest.fail(str(error), pytrace=False)
    yield server
    server.remove()


@pytest.fixture
def signin(tmp_path: Path, mailbox_user: str) -> Iterator[SignInService]:
    """A sign-in service whose tokens belong to ``mailbox_user``."""
    with SignInService(tmp_path, mailbox_user) as service:
        yield service


@pytest.fixture
def at_work(machine: Machine, dovecot: Dovecot, mailbox_user: str, mailserver: MailServer) -> Machine:
    """A coach's machine with mailbox and outbox on real servers."""
    machine.watch(dovecot, mailbox_user)
    machine.send_to(mailserver)
    return machine
