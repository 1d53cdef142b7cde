"""A coach's machine: configuration, secrets and state in one folder, and the program as it is run there."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from servers import dovecot as imap_server
from servers import mailserver as smtp_server
from sqlalchemy import delete

from monitor.config.schema import WEEKDAYS
from monitor.facts import Fact
from monitor.store.database import Database, open_database
from monitor.store.digest_store import DigestStore, KeptDigest, Slot
from monitor.store.fact_store import FactStore
from monitor.store.schema import slot as slot_table

COACH = "jana@weber-coaching.example"
CLIENT = "georg@prantl-moebel.example"
OUTSIDE_ASK = (
    "Liebe Jana,\n\nkannst du bis morgen die Texte für meine neue Website schreiben und den Flyer gleich mit? "
    "Ein Logo bräuchte ich auch noch.\n\nViele Grüße\nGeorg\n"
)
WATCHING = "STATUS=Watching the mailbox."  # what the service says after each round

_numbers = itertools.count(1)


def until(condition: Callable[[], Any], seconds: float, what: str, told: Callable[[], str] = lambda: "") -> Any:
    """Wait until a condition of another process holds, and return its value; fail with ``what`` where it does not."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds} s: {what}\n{told()}")
        time.sleep(0.01)
    return value


def mail(
    text: str = OUTSIDE_ASK,
    sender: str = CLIENT,
    to: str = COACH,
    subject: str = "Eine Bitte",
    sent_at: datetime | None = None,
) -> tuple[bytes, str]:
    """A mail that nobody has written before, and its Message-ID."""
    message = EmailMessage()
    identity = f"<{os.getpid()}.{next(_numbers)}.{time.time_ns()}@test.example>"
    message["From"], message["To"], message["Subject"], message["Message-ID"] = sender, to, subject, identity
    message["Date"] = format_datetime(sent_at or datetime.now(UTC))
    message.set_content(text)
    return message.as_bytes(), identity


def deliver(server: imap_server.Dovecot, user: str, folder: str = "INBOX", **written: Any) -> str:
    """Put such a mail into a folder as a delivery; return its Message-ID."""
    data, identity = mail(**written)
    server.deliver(user, folder, data)
    return identity


def append_many(server: imap_server.Dovecot, user: str, folder: str, count: int, **written: Any) -> list[str]:
    """Put so many mails into a folder through one session; return their Message-IDs."""
    identities = []
    with server.session(user) as session:
        for _ in range(count):
            data, identity = mail(**written)
            assert session.append(folder, "", "", data)[0] == "OK"
            identities.append(identity)
    return identities


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command has left behind."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line that the command has complained with; fails where it has said more or less."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("client-monitor: "), self.err
        return lines[0].removeprefix("client-monitor: ")


class Machine:
    """One coach's machine. ``sections`` become the configuration when the program is started or told to reload."""

    def __init__(self, folder: Path, model: Path) -> None:
        self.folder = folder
        self.file = folder / "config.toml"
        self.state = folder / "state"
        self.secrets = folder / "credentials"
        self._authorities = folder / "authorities.pem"
        self._services: list[Service] = []
        self.store_file = self.state / "store.db"
        self.program = [sys.executable, "-m", "monitor"]
        for each in (self.state, self.state / "models", self.secrets, folder / "home"):
            each.mkdir()
        (self.state / "models" / model.name).symlink_to(model)  # or each machine would build it anew
        self._authorities.touch()
        self.sections: dict[str, Any] = {
            "coach": {"name": "Jana Weber", "addresses": [COACH], "timezone": "UTC", "language": "en"},
            "client": [{"name": "Georg Prantl", "addresses": [CLIENT]}],
        }

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the program: its own folders, and nothing of the tester's machine."""
        kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        return {
            **kept,
            "LANG": "C.UTF-8",
            "HOME": str(self.folder / "home"),
            "STATE_DIRECTORY": str(self.state),
            "CREDENTIALS_DIRECTORY": str(self.secrets),
            "SSL_CERT_FILE": str(self._authorities),
            "PYTHONUNBUFFERED": "1",
        }

    def trust(self, authority: Path) -> None:
        """Trust the authority of a server."""
        with self._authorities.open("ab") as opened:
            opened.write(authority.read_bytes())

    def trust_nobody(self) -> None:
        """Trust no authority but those of the system."""
        self._authorities.write_bytes(b"")

    def watch(self, server: imap_server.Dovecot, user: str) -> None:
        """Name a mailbox in the configuration; its authority is trusted, its password known."""
        self.sections["mailbox"] = {"host": server.host, "port": server.tls_port, "security": "tls", "user": user}
        self.trust(server.authority)
        self.keep_secret("imap", imap_server.PASSWORD)

    def send_to(self, server: smtp_server.MailServer) -> None:
        """Name where the digest goes; its authority is trusted, its password known."""
        self.sections["outbox"] = {
            "host": server.host,
            "port": server.port,
            "security": server.security,
            "user": "jana",
            "recipient": COACH,
        }
        self.trust(server.authority)
        self.keep_secret("smtp", smtp_server.PASSWORD)

    def keep_secret(self, purpose: str, secret: str) -> None:
        """Hand over a password as systemd does."""
        (self.secrets / f"client-monitor.{purpose}").write_text(f"{secret}\n")

    def configure(self) -> None:
        """Write the configuration file."""
        self.file.write_text(toml(self.sections), encoding="utf-8")

    def command(self, *arguments: str | Path, debug: bool = False) -> list[str]:
        """The command line of the program with this machine's configuration."""
        more = ["--debug"] if debug else []
        return [*self.program, "--config", str(self.file), *more, *map(str, arguments)]

    def run(self, *arguments: str | Path, seconds: float = 60, debug: bool = False, configured: bool = True) -> Ran:
        """Run a command to its end; without ``configured`` the configuration file is left as it is."""
        if configured:
            self.configure()
        return ran(self.command(*arguments, debug=debug), self.environment, self.folder, seconds)

    def start(self, watchdog: float | None = None, debug: bool = False) -> Service:
        """Start the service as systemd does, without waiting for it."""
        self.configure()
        service = Service(self, watchdog, debug)
        self._services.append(service)
        return service

    def close(self) -> None:
        """End what still runs."""
        for service in self._services:
            service.kill()

    @contextlib.contextmanager
    def store(self) -> Iterator[Database]:
        """The store of this machine, opened beside the program."""
        with open_database(f"sqlite:///{self.store_file}") as database:
            yield database

    def bytes_kept(self) -> bytes:
        """What all files of the state folder hold, but the starter model, which is shared and made of no mail."""
        files = (file for file in sorted(self.state.rglob("*")) if file.is_file() and not file.is_symlink())
        return b"".join(file.read_bytes() for file in files)

    def facts(self) -> list[Fact]:
        """What the store knows."""
        with self.store() as database:
            return FactStore(database).facts()

    def known(self) -> list[str]:
        """The Message-IDs that the store knows, sorted."""
        return sorted(str(fact.message_id) for fact in self.facts())

    def owe_digest(self, since: timedelta = timedelta(hours=1)) -> datetime:
        """Let this week's digest be due for some time, last week's sent; return when it fell due."""
        due_at = (datetime.now(UTC) - since).replace(second=0, microsecond=0)
        self.sections["digest"] = {"day": WEEKDAYS[due_at.weekday()], "time": f"{due_at:%H:%M}"}
        with self.store() as database:
            last = due_at - timedelta(days=7)
            with database.writing() as connection:
                # As if the digest had always been due at this time.
                connection.execute(delete(slot_table).where(slot_table.c.job == "digest"))
            DigestStore(database).put_slot(Slot("digest", last, "done", 1, last))
        return due_at

    def slot(self, due_at: datetime) -> Slot | None:
        """What the store says of a digest that is due."""
        with self.store() as database:
            return DigestStore(database).slot("digest", due_at)

    def kept_digest(self, due_at: datetime) -> KeptDigest | None:
        """The digest that was kept for a due time."""
        with self.store() as database:
            return DigestStore(database).digest(f"{due_at - timedelta(days=1):%G-W%V}")

    def is_sent(self, due_at: datetime) -> bool:
        """Whether the store says that the digest of a due time has been sent."""
        kept = self.kept_digest(due_at)
        return kept is not None and kept.sent_at is not None

    def let_quarter_of_an_hour_pass(self, due_at: datetime) -> None:
        """Date the last try to send a digest back, as if it had been a quarter of an hour ago."""
        with self.store() as database:
            digests = DigestStore(database)
            slot = digests.slot("digest", due_at)
            assert slot is not None
            before = datetime.now(UTC) - timedelta(minutes=16)
            digests.put_slot(Slot(slot.job, slot.due_at, slot.state, slot.tries, before, slot.error))


class Service:
    """The running daemon, what it tells systemd (``told``, with the steady clock) and its log."""

    def __init__(self, machine: Machine, watchdog: float | None, debug: bool) -> None:
        self._log = bytearray()
        channel = machine.folder / f"n{next(_numbers)}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(channel))
        self.told: list[tuple[float, str]] = []
        environment = {**machine.environment, "NOTIFY_SOCKET": str(channel)}
        if watchdog is not None:
            environment["WATCHDOG_USEC"] = str(int(watchdog * 1_000_000))
        self.process = subprocess.Popen(
            machine.command("run", debug=debug),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=machine.folder,
            start_new_session=True,
        )
        # The children of the service write to the same pipe: it ends when the last one has ended.
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._reading.start()
        self._listening.start()

    def log(self) -> str:
        """What it has written so far."""
        return self._log.decode(errors="replace")

    def states(self) -> list[str]:
        """What it has told systemd so far."""
        return [state for _, state in self.told]

    def longest_silence(self) -> float:
        """The longest time in seconds without a word to systemd between the first and the last one."""
        moments = [moment for moment, _ in self.told]
        return max(after - before for before, after in itertools.pairwise(moments))

    def rounds(self) -> int:
        """How many rounds it has brought to their end."""
        return self.states().count(WATCHING)

    def ready(self) -> Service:
        """Wait until the service says that it is ready."""
        self.until(lambda: any(state.startswith("READY=1") for state in self.states()), 15, "ready")
        return self

    def watching(self, rounds: int = 1, seconds: float = 20) -> Service:
        """Wait until it has brought so many rounds to their end."""
        self.until(lambda: self.rounds() >= rounds, seconds, f"{rounds} rounds")
        return self

    def until(self, condition: Callable[[], Any], seconds: float, what: str) -> Any:
        """Wait for something of the running service."""

        def holds() -> Any:
            if (value := condition()) or self.process.poll() is None:
                return value
            pytest.fail(f"the service has ended with {self.process.returncode}: {what}\n{self.log()}")

        return until(holds, seconds, what, self.log)

    def tell(self, sign: signal.Signals) -> None:
        """Send the service a signal."""
        self.process.send_signal(sign)

    def ended(self, seconds: float = 10) -> int:
        """Wait for its end and that of its children, and return its exit code."""
        until(lambda: self.process.poll() is not None, seconds, "the end of the service", self.log)
        self.children_ended(seconds=2)
        self._listening.join()
        return int(self.process.returncode)

    def stop(self, seconds: float = 5) -> int:
        """Ask it to end, and return its exit code."""
        self.tell(signal.SIGTERM)
        return self.ended(seconds)

    def kill(self, children: bool = True) -> None:
        """End it at once as kill -9 does, with its children or without."""
        with contextlib.suppress(ProcessLookupError):
            if children:
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()
        self.process.wait()

    def children_ended(self, seconds: float = 10) -> None:
        """Wait until none of its processes is left."""
        until(lambda: not self._reading.is_alive(), seconds, "the end of all children", self.log)

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as pipe:
            while data := os.read(pipe.fileno(), 65_536):
                self._log += data

    def _listen(self) -> None:
        with self._socket:
            self._socket.settimeout(0.2)
            while True:
                try:
                    self.told.append((time.monotonic(), self._socket.recv(4096).decode()))
                except TimeoutError:
                    if not self._reading.is_alive():
                        return


def ran(command: Sequence[str], environment: Mapping[str, str], folder: Path, seconds: float = 60) -> Ran:
    """Run a command to its end."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment,
        cwd=folder,
        timeout=seconds,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def toml(sections: Mapping[str, Any]) -> str:
    """Write sections as TOML: of tables, lists of tables, and values that JSON writes alike."""
    lines = []
    for name, section in sections.items():
        for table in section if isinstance(section, list) else [section]:
            lines.append(f"[[{name}]]" if isinstance(section, list) else f"[{name}]")
            lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items()]
    return "\n".join(lines) + "\n"


def put(folder: Path, *mails: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    for data in mails:
        (folder / f"{hashlib.sha256(data).hexdigest()[:12]}.eml").write_bytes(data)
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def counts(done: Ran) -> tuple[int, int, int]:
    """How many messages a command says it has read, how many were new, how many unreadable."""
    words = done.err.splitlines()[-1].split()
    assert (words[1:3], words[4], words[6]) == (["messages", "read,"], "new,", "unreadable."), done.err
    return int(words[0]), int(words[3]), int(words[5])


def without_traceback(done: Ran) -> bool:
    return "Traceback" not in done.err and "Traceback" not in done.out
