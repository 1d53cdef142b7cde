"""A private PostgreSQL in a temporary folder, reached through a socket there; as root it runs as another user."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

ACCOUNTS = ("postgres", "nobody")  # as root, PostgreSQL refuses to run


class Postgres:
    """Started when made; ``remove`` ends it and takes everything along."""

    def __init__(self) -> None:
        self._programs = _programs()
        self._account = _account()
        self._base = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # short: a socket's path has at most 107 bytes
        if self._account:
            shutil.chown(self._base, self._account)
        self._data = self._base / "data"
        try:
            self._run("initdb", "--pgdata", str(self._data), "--auth", "trust", "--username", "administrator")
            options = f"-c listen_addresses='' -k {self._base} -c fsync=off -c autovacuum=off"
            self._run(
                "pg_ctl", "--pgdata", str(self._data), "-w", "-o", options, "-l", str(self._base / "log"), "start"
            )
            self._run("createuser", "-h", str(self._base), "-U", "administrator", "coach")
        except BaseException:
            self.remove()
            raise

    def database(self) -> str:
        """Make a database that belongs to an ordinary user; return its URL."""
        name = f"monitor_{uuid.uuid4().hex[:12]}"
        self._run("createdb", "-h", str(self._base), "-U", "administrator", "-O", "coach", name)
        return f"postgresql://coach@/{name}?host={self._base}"

    def does(self, url: str, statement: str) -> str:
        """Have the administrator do something in a database; return what it answers."""
        name = url.partition("@/")[2].partition("?")[0]
        return self._run("psql", "-h", str(self._base), "-U", "administrator", "-At", "-c", statement, name)

    def bytes_of(self, url: str) -> bytes:
        """What the files of a database hold; not the log of the whole server, which its administrator expires."""
        self.does(url, "CHECKPOINT")
        number = self.does(url, "SELECT oid FROM pg_database WHERE datname = current_database()").strip()
        folder = self._data / "base" / number
        return b"".join(file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file())

    def remove(self) -> None:
        """End the server."""
        if (self._data / "postmaster.pid").exists():
            self._run("pg_ctl", "--pgdata", str(self._data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(self._base, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [str(self._programs / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,  # the server would keep it open
            stderr=subprocess.STDOUT,
            cwd=self._base,
            user=self._account,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            check=False,
            text=True,
        )
        if done.returncode:
            log = self._base / "log"
            raise RuntimeError(f"{program}: {done.stdout}\n{log.read_text() if log.exists() else ''}")
        return done.stdout or ""


def _programs() -> Path:
    """Where PostgreSQL's programs lie; Debian keeps them off the path, a folder for each version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if found or on_path:
        return found[-1].parent if found else Path(str(on_path)).parent
    raise RuntimeError("PostgreSQL is not installed; run: sh tests/servers/install.sh")


def _account() -> str | None:
    if os.getuid():
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ACCOUNTS if name in known)
