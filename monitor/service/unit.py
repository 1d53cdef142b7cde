"""The service's unit: put the shipped one in place, fit it to this machine, start it, and look how it is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from monitor.assets import shipped
from monitor.errors import ClientMonitorError
from monitor.private_file import replace_file

UNIT = "client-monitor.service"
SECONDS = 120
_PLAIN_PATH = re.compile(r"/[A-Za-z0-9/._+@-]+")


class Manager(StrEnum):
    """Whose systemd runs the service: the machine's, or that of the signed-in user."""

    SYSTEM = "system"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Fitting:
    """What the shipped unit does not know: which program, which configuration, which sealed secrets."""

    manager: Manager
    program: Path
    configuration: Path
    sealed: Sequence[Path] = ()


def has_systemd() -> bool:
    """Whether systemd runs this machine (sd_booted(3)) and can be asked."""
    return Path("/run/systemd/system").is_dir() and shutil.which("systemctl") is not None


def program() -> Path:
    """Return the installed program: what systemd is to start."""
    return Path(sys.executable).parent / "client-monitor"


def drop_in(fitting: Fitting) -> str:
    """Return the part that fits the shipped unit to this machine (systemd.unit(5), drop-in)."""
    for path in (fitting.program, fitting.configuration, *fitting.sealed):
        if not _PLAIN_PATH.fullmatch(str(path)):
            raise ClientMonitorError(
                "{path} cannot stand in a unit of systemd.",
                "Use a path of letters, digits and . _ + @ - alone.",
                path=str(path),
            )
    if fitting.manager is Manager.USER:
        return f"[Service]\nExecStart=\nExecStart={fitting.program} --config {fitting.configuration} run\n"
    if str(fitting.program).startswith(("/home/", "/root/")):
        raise ClientMonitorError(
            "The service cannot see a program below {path}.",
            "Install it for the whole machine: python3 -m venv /opt/client-monitor && "
            "/opt/client-monitor/bin/pip install client-health-monitor",
            path=str(fitting.program),
        )
    # The configuration names clients and is for its owner alone: systemd hands it over like a secret.
    lines = [
        "[Service]",
        "ExecStart=",
        f"ExecStart={fitting.program} --config %d/config.toml run",
        "LoadCredentialEncrypted=",  # empties both kinds, so it stands first
        f"LoadCredential=config.toml:{fitting.configuration}",
        *(f"LoadCredentialEncrypted={path.name.removesuffix('.cred')}:{path}" for path in fitting.sealed),
    ]
    return "\n".join(lines) + "\n"


def install(fitting: Fitting, folder: Path | None = None) -> Path:
    """Put the shipped unit and its drop-in in place, and return the unit's file. Nothing is started.

    Raises ClientMonitorError.
    """
    text = drop_in(fitting)
    place = folder or unit_folder(fitting.manager)
    try:
        source = shipped_unit(fitting.manager)
        place.mkdir(parents=True, exist_ok=True)
        for file, content in (
            (place / UNIT, source.read_text(encoding="utf-8")),
            (place / f"{UNIT}.d" / "10-setup.conf", text),
        ):
            file.parent.mkdir(exist_ok=True)
            replace_file(file, content)
            file.chmod(0o644)  # units hold no secret, and others may look at them
    except OSError as error:
        raise ClientMonitorError(
            "{path} cannot be written: {reason}.",
            "Check the rights of its folder and the room on its disk.",
            path=str(place),
            reason=os.strerror(error.errno or 0),
        ) from error
    return place / UNIT


def shipped_unit(manager: Manager) -> Path:
    """Return the unit that comes with the program. Raises FileNotFoundError."""
    folder = shipped("systemd")
    return folder / "user" / UNIT if manager is Manager.USER else folder / UNIT


def unit_folder(manager: Manager) -> Path:
    """Return where an administrator, or a user, puts units of their own (systemd.unit(5))."""
    if manager is Manager.SYSTEM:
        return Path("/etc/systemd/system")
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"


def start(manager: Manager) -> None:
    """Let systemd read the unit, start it now and at each boot. Raises ClientMonitorError."""
    for arguments in (["daemon-reload"], ["enable", UNIT], ["restart", UNIT]):
        done = _systemctl(manager, arguments)
        if done.returncode != 0:
            raise ClientMonitorError(
                "systemd does not start the service.",
                "See: {command}",
                command="journalctl --user -u client-monitor"
                if manager is Manager.USER
                else "journalctl -u client-monitor",
            )


def state(manager: Manager) -> str:
    """Return what systemd says of the service: ``active``, ``inactive``, ``failed`` …; empty if it knows none."""
    done = _systemctl(manager, ["show", "--property=LoadState,ActiveState", UNIT])
    told = dict(line.partition("=")[::2] for line in done.stdout.splitlines())
    return told.get("ActiveState", "") if told.get("LoadState") == "loaded" else ""


def _systemctl(manager: Manager, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    scope = ["--user"] if manager is Manager.USER else []
    try:
        return subprocess.run(
            ["systemctl", *scope, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return subprocess.CompletedProcess([], 1, "", "")
