"""Secrets that are sealed for systemd on this machine."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from monitor.credentials import sealed
from monitor.credentials.secrets import secret_for
from monitor.errors import CredentialError

needs_systemd = pytest.mark.skipif(not sealed.can_seal(), reason="needs systemd-creds and root")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sealed, "FOLDER", tmp_path / "etc")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return tmp_path / "etc"


@needs_systemd
def test_a_sealed_password_is_nowhere_to_be_read_but_can_be_had_by_an_administrator(folder: Path) -> None:
    sealed.seal("imap", "Geheim ß 100%")

    file = folder / "client-monitor.imap.cred"
    assert "Geheim" not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret_for("imap", "jana") == "Geheim ß 100%"
    with pytest.raises(CredentialError):
        secret_for("smtp", "jana")


@needs_systemd
def test_a_sealed_password_cannot_be_passed_off_as_another(folder: Path) -> None:
    sealed.seal("imap", "geheim")
    (folder / "client-monitor.imap.cred").rename(folder / "client-monitor.smtp.cred")

    with pytest.raises(CredentialError, match="client-monitor setup"):
        secret_for("smtp", "jana")


def test_without_an_administrator_nothing_is_sealed_or_opened(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr("monitor.credentials.sealed.os.geteuid", lambda: 1000)
    folder.mkdir()
    (folder / "client-monitor.imap.cred").write_text("sealed")

    assert not sealed.can_seal()
    with pytest.raises(CredentialError, match="no keyring"):
        secret_for("imap", "jana")
