"""A throw-away Debian machine: systemd as PID 1 in a container of systemd-nspawn, with mail servers inside.

The tree of packages is made once and kept between runs; a run lays its own changes over it, so that nothing of it is
left. Needs root, Linux, and what ``tests/servers/install.sh`` installs; ``reason_against`` says what is missing.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SUITE = "bookworm"  # systemd 252, the oldest that the units are for
PYTHON = "3.11"  # of that suite
PACKAGES = (
    "systemd,systemd-sysv,dbus,libpam-systemd,python3,python3-venv,ca-certificates,tzdata,"
    "dovecot-imapd,python3-aiosmtpd"
)
WHEELS = "/opt/wheels"
PROGRAM = "/opt/client-monitor"
_PATIENCE = 60.0  # seconds

# /run/systemd as a tmpfs, or nspawn leaves folders there; a cgroup of its own, or two containers would share one.
_BOOT = """
set -e
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2,workdir=$3" "$4"
mkdir -p /run/systemd
mount -t tmpfs tmpfs /run/systemd
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir "/sys/fs/cgroup/client-monitor.$$"
echo $$ > "/sys/fs/cgroup/client-monitor.$$/cgroup.procs"
exec systemd-nspawn -q -D "$4" --register=no --keep-unit --private-network --boot --console=pipe
"""


def reason_against() -> str | None:
    """Why this machine cannot boot another one; None if it can."""
    if sys.platform != "linux":
        return "only Linux can boot a Debian in a container"
    if os.geteuid() != 0:
        return "only root can boot a Debian in a container"
    for program in ("mmdebstrap", "systemd-nspawn", "nsenter", "unshare"):
        if shutil.which(program) is None:
            return f"{program} is missing; tests/servers/install.sh installs it where it may"
    if "overlay" not in Path("/proc/filesystems").read_text():
        return "this kernel has no overlay file system"
    tried = subprocess.run(
        ["unshare", "--mount", "--propagation", "private", "sh", "-c", "mount -t cgroup2 cgroup2 /sys/fs/cgroup"],
        capture_output=True,
        check=False,
    )
    return None if tried.returncode == 0 else "this machine may not mount control groups (an unprivileged container)"


def wheels(folder: Path, requirements: list[str], python: str = PYTHON) -> Path:
    """Return a folder with the wheels of the requirements and of all that these need, made once."""
    key = hashlib.sha256("\n".join([python, platform.machine(), *requirements]).encode()).hexdigest()[:12]
    return _made_once(folder / f"wheels-{key}", lambda aside: _download(aside, requirements, python))


def _download(aside: Path, requirements: list[str], python: str) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    only = ["--only-binary=:all:", "--python-version", python, "--implementation", "cp"]
    _done([*command, *only, "--dest", str(aside), *requirements])


def tree(folder: Path, requirements: list[str]) -> Path:
    """Return the tree of a Debian with the packages, and the program's environment without the program, made once."""
    lent = wheels(folder, requirements)
    key = hashlib.sha256(f"{SUITE} {PACKAGES} {lent.name}".encode()).hexdigest()[:12]
    return _made_once(folder / f"debian-{key}", lambda aside: _bootstrap(aside, lent, requirements))


def _bootstrap(aside: Path, lent: Path, requirements: list[str]) -> None:
    archive = aside.with_name(f"{aside.name}.tar")
    try:
        _done(["mmdebstrap", "--quiet", "--variant=minbase", f"--include={PACKAGES}", SUITE, str(archive)])
        _done(["tar", "-C", str(aside), "-xf", str(archive)])
    finally:
        archive.unlink(missing_ok=True)
    inside = aside / WHEELS.lstrip("/")
    shutil.copytree(lent, inside)
    _done(["chroot", str(aside), "python3", "-m", "venv", PROGRAM])
    pip = ["chroot", str(aside), f"{PROGRAM}/bin/pip", "install", "--quiet", "--disable-pip-version-check"]
    _done([*pip, "--no-index", "--find-links", WHEELS, *requirements])
    shutil.rmtree(inside)


def _made_once(wanted: Path, make: Callable[[Path], None]) -> Path:
    wanted.parent.mkdir(parents=True, exist_ok=True)
    with (wanted.parent / ".making").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not wanted.is_dir():
            for older in wanted.parent.glob(f"{wanted.name.partition('-')[0]}-*"):
                shutil.rmtree(older, ignore_errors=True)
            aside = Path(tempfile.mkdtemp(dir=wanted.parent, prefix=".making-"))
            try:
                aside.chmod(0o755)
                make(aside)
                aside.rename(wanted)
            except BaseException:
                shutil.rmtree(aside, ignore_errors=True)
                raise
    return wanted


def _done(command: list[str]) -> None:
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(f"{command[0]} has failed:\n{ran.stdout}{ran.stderr}")


class Container:
    """A booted Debian while in its ``with`` block. ``put`` before it begins; ``run`` while it lives."""

    def __init__(self, base: Path, folder: Path) -> None:
        self._base = base
        self._upper, self._work, self._merged = (folder / name for name in ("upper", "work", "merged"))
        for each in (self._upper, self._work, self._merged):
            each.mkdir()
        self._console = folder / "console"
        self._process: subprocess.Popen[bytes] | None = None
        self._leader = 0
        self.put("/etc/hosts", "127.0.0.1 localhost\n")
        self.put("/etc/hostname", "coach\n")
        self.put("/etc/machine-id", f"{os.urandom(16).hex()}\n")
        (self._upper / "etc/systemd/system").mkdir(parents=True)
        # It would wait for somebody at the console.
        (self._upper / "etc/systemd/system/systemd-firstboot.service").symlink_to("/dev/null")

    def put(self, path: str, content: str | bytes, mode: int = 0o644) -> None:
        """Put a file into the tree before it boots."""
        file = self._upper / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        file.chmod(mode)

    def __enter__(self) -> Container:
        places = [str(each) for each in (self._base, self._upper, self._work, self._merged)]
        with self._console.open("wb") as console:
            self._process = subprocess.Popen(
                ["unshare", "--mount", "--propagation", "private", "sh", "-c", _BOOT, "boot", *places],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + _PATIENCE
        while not self._is_up():
            if self._process.poll() is not None or time.monotonic() > deadline:
                told = self._console.read_text(errors="replace")
                self.__exit__()
                raise RuntimeError(f"the container does not boot:\n{told}")
            time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        if self._leader:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._leader, signal.SIGRTMIN + 4)  # systemd(1): power off
        if self._process is not None:
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()

    def _is_up(self) -> bool:
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        try:
            self._leader = int((children.read_text().split() or ["0"])[0])
        except FileNotFoundError:
            return False
        if not self._leader:
            return False
        state = self.run("systemctl is-system-running", check=False).stdout.strip()
        return state in ("running", "degraded")

    def run(
        self, script: str, *, check: bool = True, data: bytes | None = None, seconds: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Run a shell script inside; fails where it fails, unless ``check`` says otherwise."""
        namespaces = ("-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w")
        command = ["nsenter", "-t", str(self._leader), *namespaces, "/bin/sh", "-c", script]
        ran = subprocess.run(
            command,
            input=data,
            stdin=subprocess.DEVNULL if data is None else None,
            capture_output=True,
            timeout=seconds,
            check=False,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8"},
        )
        out, err = ran.stdout.decode(errors="replace"), ran.stderr.decode(errors="replace")
        if check and ran.returncode:
            raise AssertionError(f"{script}\n{out}{err}")
        return subprocess.CompletedProcess(command, ran.returncode, out, err)

    def show(self, unit: str, *properties: str) -> dict[str, str]:
        """Properties of a unit, as systemd tells them."""
        told = self.run(f"systemctl show {unit} " + " ".join(f"-p {name}" for name in properties)).stdout
        return dict(line.split("=", 1) for line in told.splitlines() if "=" in line)

    def journal(self, unit: str) -> str:
        """What a unit and systemd have said of it, one line a message."""
        return self.run(f"journalctl --no-pager -o cat -u {unit}").stdout
