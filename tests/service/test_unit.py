"""The unit as setup puts it in place: fitted to this machine, valid for systemd, and started when that is wanted."""

from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from monitor.errors import ClientMonitorError
from monitor.service.unit import UNIT, Fitting, Manager, drop_in, install, shipped_unit

PROGRAM = Path("/opt/client-monitor/bin/client-monitor")
CONFIGURATION = Path("/etc/client-monitor/config.toml")
SEALED = (Path("/etc/client-monitor/client-monitor.imap.cred"), Path("/etc/client-monitor/client-monitor.smtp.cred"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The file system of a machine with the program in its place."""
    program = tmp_path / str(PROGRAM).lstrip("/")
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return tmp_path


def verified(root: Path) -> str:
    """What systemd complains of."""
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", "--man=no", f"--root={root}", UNIT],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.stderr if done.returncode else ""


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_the_fitted_unit_is_valid(root: Path) -> None:
    install(Fitting(Manager.SYSTEM, PROGRAM, CONFIGURATION, SEALED), root / "etc/systemd/system")
    for target in ("basic", "sysinit", "shutdown", "network-online", "time-sync", "multi-user"):
        (root / f"etc/systemd/system/{target}.target").write_text("[Unit]\n")

    assert verified(root) == ""

    (root / f"etc/systemd/system/{UNIT}.d" / "20-wrong.conf").write_text("[Service]\nNoSuchKey=1\n")
    assert "NoSuchKey" in verified(root)


def test_the_shipped_unit_stays_as_it_is_and_the_rest_stands_beside_it(tmp_path: Path) -> None:
    file = install(Fitting(Manager.SYSTEM, PROGRAM, CONFIGURATION, SEALED[:1]), tmp_path)

    assert file.read_text() == shipped_unit(Manager.SYSTEM).read_text()
    fitted = (tmp_path / f"{UNIT}.d" / "10-setup.conf").read_text()
    assert fitted.splitlines() == [
        "[Service]",
        "ExecStart=",
        f"ExecStart={PROGRAM} --config %d/config.toml run",
        "LoadCredentialEncrypted=",
        f"LoadCredential=config.toml:{CONFIGURATION}",
        f"LoadCredentialEncrypted=client-monitor.imap:{SEALED[0]}",
    ]
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert install(Fitting(Manager.SYSTEM, PROGRAM, CONFIGURATION, SEALED[:1]), tmp_path) == file


@pytest.mark.parametrize("program", ["/home/jana/.local/bin/client-monitor", "/root/.local/bin/client-monitor"])
def test_a_program_that_the_service_cannot_see_is_refused(tmp_path: Path, program: str) -> None:
    with pytest.raises(ClientMonitorError, match="/opt/client-monitor/bin/pip install"):
        install(Fitting(Manager.SYSTEM, Path(program), CONFIGURATION), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["/etc/with space/config.toml", "/etc/100%/config.toml", "/etc/a:b", "/etc/a\nb"])
def test_a_path_that_means_something_to_systemd_is_refused(path: str) -> None:
    with pytest.raises(ClientMonitorError, match="letters, digits"):
        drop_in(Fitting(Manager.SYSTEM, PROGRAM, Path(path)))


def test_a_user_unit_takes_the_users_own_configuration() -> None:
    program = Path("/home/jana/.local/bin/client-monitor")

    assert drop_in(Fitting(Manager.USER, program, Path("/home/jana/.config/c.toml"))).splitlines()[1:] == [
        "ExecStart=",
        f"ExecStart={program} --config /home/jana/.config/c.toml run",
    ]
