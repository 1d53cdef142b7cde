"""The product as it is installed: built as a wheel, put into an empty environment, run from another folder."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from machine import Machine, ran

CHECKOUT = Path(__file__).resolve().parents[2]

# Building asks the network where the build backend is not installed; the first run builds the starter model.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    isolation = ["--no-isolation"] if importlib.util.find_spec("hatchling") else []
    command = [sys.executable, "-m", "build", "--wheel", *isolation, "--outdir", str(folder), str(CHECKOUT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds nothing but the wheel; what it depends on is lent, not downloaded."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    # Files of the kind .pth in the lent folders are not read, so an editable product there stays out of sight.
    lent = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    (Path(site.stdout.strip()) / "lent.pth").write_text("\n".join(lent) + "\n")
    return folder / "bin"


def test_the_wheel_holds_what_the_product_needs_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())

    shipped = {
        f"monitor/{path.relative_to(CHECKOUT).as_posix()}"
        for folder in ("models", "templates", "systemd")
        for path in (CHECKOUT / folder).rglob("*")
        if path.is_file()
    }
    assert shipped
    assert shipped <= names
    package = {
        path.relative_to(CHECKOUT).as_posix()
        for path in (CHECKOUT / "monitor").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert names - shipped - package == {name for name in names if ".dist-info/" in name}
    assert package <= names


def test_the_program_runs_from_the_wheel_and_says_what_it_says_in_the_checkout(
    installed: Path, machine: Machine
) -> None:
    where = ran(
        [str(installed / "python"), "-c", "import monitor; print(monitor.__file__)"],
        machine.environment,
        machine.folder,
    )
    assert where.out.startswith(str(installed.parent)), where

    demo = ran([str(installed / "client-monitor"), "demo"], machine.environment, machine.folder)
    assert demo.code == 0, demo.err
    page = (machine.folder / "client-monitor-demo.html").read_text(encoding="utf-8")
    (machine.folder / "client-monitor-demo.html").unlink()

    here = ran([sys.executable, "-m", "monitor", "demo"], machine.environment, machine.folder)
    assert demo.out == here.out
    assert page == (machine.folder / "client-monitor-demo.html").read_text(encoding="utf-8")


def test_messages_are_classified_from_the_wheel(installed: Path, machine: Machine) -> None:
    mails = CHECKOUT / "monitor" / "demo" / "mailbox" / "Sent"

    done = ran(
        [str(installed / "client-monitor"), "classify", str(mails), "--format", "jsonl"],
        machine.environment,
        machine.folder,
    )

    assert (done.code, done.err) == (0, "")
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert len(lines) == len(list(mails.glob("*.eml")))
    assert all("error" not in line for line in lines)


def test_the_keyring_finds_our_backend_in_the_wheel(installed: Path, machine: Machine) -> None:
    machine.keep_secret("imap", "aus dem Umschlag")
    asking = "import keyring; print(keyring.get_password('client-monitor.imap', 'jana'))"

    done = ran([str(installed / "python"), "-c", asking], machine.environment, machine.folder)

    assert (done.code, done.out.strip()) == (0, "aus dem Umschlag")
