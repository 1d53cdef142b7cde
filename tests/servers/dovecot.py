"""A private Dovecot on loopback: real IMAP for tests, as root and as an ordinary user alike.

Every user name signs in with the same password and finds a mailbox of its own, so tests share the server and
never a mailbox. Everything lives in one temporary folder that goes with the server.
"""

from __future__ import annotations

import base64
import contextlib
import grp
import imaplib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import trustme

from servers.ports import free_ports

PASSWORD = "everybody-knows-it"
UMLAUT_PASSWORD = "jeder-weiß-es"  # is accepted as well
_PATIENCE = 10.0  # seconds

_CONFIGURATION = """
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/dovecot.log
info_log_path = {base}/dovecot.log
protocols = imap
listen = 127.0.0.1
{users}
ssl = yes
ssl_cert = <{base}/server.pem
ssl_key = <{base}/server.key
ssl_dh =
auth_mechanisms = plain login{mechanisms}
auth_failure_delay = 0
auth_username_chars =
mail_location = maildir:~/mail
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 1000
mailbox_idle_check_interval = 1 secs
mail_fsync = never
rawlog_dir = {base}/users/%u/conversation
{token_check}passdb {{
  driver = static
  args = password={password}
}}
passdb {{
  driver = static
  args = password={umlaut_password}
}}
userdb {{
  driver = static
  args = home={base}/users/%u
}}
namespace inbox {{
  inbox = yes
  prefix = {prefix}
  separator = {separator}
{special_use}}}
service imap-login {{
  chroot =
  service_count = 0
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""

_TOKEN_CHECK = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {file}
}}
"""

_ORDINARY_USER = """
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
"""

_SPECIAL_USE = """
  mailbox {name} {{
    special_use = \\Sent
    auto = create
  }}
"""


@dataclass(frozen=True)
class Conversation:
    """The commands that a client has sent, and about how many bytes the server has answered."""

    commands: list[str]
    answered: int


class Dovecot:
    """One server: ``port`` speaks IMAP in the clear and STARTTLS, ``tls_port`` TLS from the start.

    ``prefix`` and ``separator`` are those of the personal namespace; ``sent`` names a folder to be created
    for every user and marked ``\\Sent``. ``authority`` is the file with its own authority's certificate.
    ``introspection`` is the address of a sign-in service that says whose an access token is; then XOAUTH2 is offered.
    """

    host = "127.0.0.1"

    def __init__(
        self, prefix: str = "", separator: str = "/", sent: str | None = "Sent", introspection: str | None = None
    ) -> None:
        self.prefix = prefix
        self.separator = separator
        self.port, self.tls_port = free_ports(2)
        # Not below pytest's folder: that is closed to others, and Dovecot never reads mail as root.
        self._base = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self._base.chmod(0o755)
        self.authority = self._base / "authority.pem"
        self._process: subprocess.Popen[bytes] | None = None
        _write_certificates(self._base, self.authority)
        owner = _mail_owner()
        (self._base / "users").mkdir(mode=0o755)
        os.chown(self._base / "users", owner.pw_uid, owner.pw_gid)
        me = pwd.getpwuid(os.getuid())
        ordinary = _ORDINARY_USER.format(user=me.pw_name, group=grp.getgrgid(os.getgid()).gr_name)
        token_file = self._base / "oauth2.conf"
        token_file.write_text(
            f"introspection_mode = post\nintrospection_url = {introspection}\n"
            "username_attribute = username\nactive_attribute = active\nactive_value = true\n"
        )
        (self._base / "dovecot.conf").write_text(
            _CONFIGURATION.format(
                base=self._base,
                users="" if os.getuid() == 0 else ordinary,
                uid=owner.pw_uid,
                gid=owner.pw_gid,
                mechanisms=" xoauth2 oauthbearer" if introspection else "",
                token_check=_TOKEN_CHECK.format(file=token_file) if introspection else "",
                password=PASSWORD,
                umlaut_password=UMLAUT_PASSWORD,
                prefix=prefix,
                separator=separator,
                special_use=_SPECIAL_USE.format(name=_quoted(sent)) if sent else "",
                port=self.port,
                tls_port=self.tls_port,
            )
        )

    def start(self) -> None:
        """Start, or start again on the same ports with the mail that is there; ready when this returns."""
        program = _program()
        with (self._base / "start.log").open("wb") as errors:
            self._process = subprocess.Popen(
                [program, "-F", "-c", str(self._base / "dovecot.conf")],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
            )
        until = time.monotonic() + _PATIENCE
        while not self._greets():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"Dovecot does not start:\n{self.log()}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server and cut its connections; the mail stays."""
        process, self._process = self._process, None
        if process is None:
            return
        # The whole group: a connection that waits in IDLE outlives the server by minutes otherwise.
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)

    def remove(self) -> None:
        """Stop the server and remove everything that it has stored."""
        self.stop()
        shutil.rmtree(self._base, ignore_errors=True)

    def version(self) -> str:
        """The release of the server, such as 2.3.19."""
        told = subprocess.run([_program(), "--version"], capture_output=True, text=True, check=True)
        return told.stdout.split()[0]

    def log(self) -> str:
        """What the server has written about itself."""
        files = (self._base / "start.log", self._base / "dovecot.log")
        return "".join(file.read_text(errors="replace") for file in files if file.exists())

    @contextlib.contextmanager
    def session(self, user: str) -> Iterator[imaplib.IMAP4]:
        """A signed-in connection to do with a user's mailbox whatever a test needs."""
        connection = imaplib.IMAP4(self.host, self.port, timeout=_PATIENCE)
        try:
            connection.login(user, PASSWORD)
            yield connection
        finally:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                connection.logout()

    def create(self, user: str, *folders: str) -> None:
        """Create folders, named in Unicode and in full, that is with prefix and separator."""
        with self.session(user) as connection:
            for folder in folders:
                _done(connection.create(_quoted(encoded(folder))))

    def deliver(self, user: str, folder: str, raw_bytes: bytes, flags: Sequence[str] = ()) -> None:
        """Put a message into a folder, which is created if it is not there."""
        name = _quoted(encoded(folder))
        with self.session(user) as connection:
            for attempt in ("first", "second"):
                answer = connection.append(name, " ".join(flags), "", raw_bytes)
                if answer[0] == "OK" or attempt == "second":
                    break
                _done(connection.create(name))
            _done(answer)

    def flags(self, user: str, folder: str) -> dict[int, frozenset[str]]:
        """The flags of every message in a folder, by UID; looking changes none of them."""
        found = {}
        with self.session(user) as connection:
            _done(connection.select(_quoted(encoded(folder)), readonly=True))
            _, lines = connection.uid("FETCH", "1:*", "(FLAGS)")
            for line in lines:
                match = re.search(rb"UID (\d+) FLAGS \(([^)]*)\)", line if isinstance(line, bytes) else b"")
                if match:
                    found[int(match[1])] = frozenset(match[2].decode().split()) - {"\\Recent"}
        return found

    def renumber(self, user: str) -> None:
        """Number a user's inbox anew, with another UIDVALIDITY, as a restored server does; run while stopped."""
        mail = self._base / "users" / user / "mail"
        listed = mail / "dovecot-uidlist"
        head, _, rest = listed.read_text().partition("\n")
        known = re.search(r"V(\d+)", head)
        assert known is not None
        listed.write_text(f"{head.replace(known[0], f'V{int(known[1]) + 1}')}\n{rest}")
        for index in mail.glob("dovecot.index*"):
            index.unlink()

    def number_from_one(self, user: str) -> None:
        """Number a user's inbox from one on and leave its UIDVALIDITY, as no server may; run while stopped."""
        mail = self._base / "users" / user / "mail"
        listed = mail / "dovecot-uidlist"
        head, *lines = listed.read_text().splitlines()
        files = [line.partition(" :")[2] for line in lines]
        head = re.sub(r" N\d+", f" N{len(files) + 1}", head)
        listed.write_text("\n".join([head, *(f"{uid} :{file}" for uid, file in enumerate(files, 1)), ""]))
        for index in mail.glob("dovecot.index*"):
            index.unlink()

    def maildir(self, user: str) -> Path:
        """The folder in which a user's inbox lies, made if it is not there; ``adopt`` what is put into it."""
        mail = self._base / "users" / user / "mail"
        for name in ("cur", "new", "tmp"):
            (mail / name).mkdir(parents=True, exist_ok=True)
        return mail

    def adopt(self, user: str) -> None:
        """Hand over to the server what was written into a user's folder; run while nobody is signed in."""
        owner, home = _mail_owner(), self._base / "users" / user
        for path in (home, *home.rglob("*")):
            os.chown(path, owner.pw_uid, owner.pw_gid)

    def listen(self, user: str) -> None:
        """Keep from now on what is said in the connections of a user, for ``heard``."""
        home = self._base / "users" / user
        owner = _mail_owner()
        for folder in (home, home / "conversation"):
            folder.mkdir(exist_ok=True)
            os.chown(folder, owner.pw_uid, owner.pw_gid)

    def heard(self, user: str) -> Conversation:
        """What was said since ``listen``, from signing in on."""
        folder = self._base / "users" / user / "conversation"
        asked, answered = (
            b"".join(file.read_bytes() for file in sorted(folder.glob(f"*.{side}"))) for side in ("in", "out")
        )
        # A line is the time, the client's tag, the command; what ends an IDLE has no tag.
        commands = [line.decode(errors="replace").split(" ", 2)[-1] for line in asked.splitlines()]
        return Conversation(commands, len(answered))

    def _greets(self) -> bool:
        try:
            with socket.create_connection((self.host, self.port), 1) as connection:
                return connection.recv(4) == b"* OK"
        except OSError:
            return False


def _program() -> str:
    program = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        raise RuntimeError("These tests need the mail server Dovecot: `make test` says how to install it.")
    return program


def encoded(folder: str) -> str:
    """A folder's name in the modified UTF-7 of RFC 9051, appendix."""

    def shifted(match: re.Match[str]) -> str:
        if match[0] == "&":
            return "&-"
        word = base64.b64encode(match[0].encode("utf-16-be")).decode()
        return "&" + word.rstrip("=").replace("/", ",") + "-"

    return re.sub(r"&|[^\x20-\x7e]+", shifted, folder)


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _done(answer: tuple[str, object]) -> None:
    if answer[0] != "OK":
        raise RuntimeError(f"the test server refuses: {answer}")


def _mail_owner() -> pwd.struct_passwd:
    """Whom the stored mail belongs to: Dovecot never reads mail as root."""
    return pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())


def _write_certificates(folder: Path, authority: Path) -> None:
    issuer = trustme.CA(key_type=trustme.KeyType.ECDSA)
    certificate = issuer.issue_cert("127.0.0.1", "localhost", key_type=trustme.KeyType.ECDSA)
    issuer.cert_pem.write_to_path(authority)
    certificate.private_key_pem.write_to_path(folder / "server.key")
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(folder / "server.pem", append=True)
