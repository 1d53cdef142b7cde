"""A store that is damaged, newer, locked or on a full disk is told with its remedy, and nothing is lost."""

from __future__ import annotations

import contextlib
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from machine import Machine, Ran, mail, put, ran

import monitor
from monitor.store.database import open_database
from monitor.store.fact_store import FactStore

DEMO = Path(monitor.__file__).parent / "demo"
RUBBISH = bytes(range(256)) * 8

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


# A store that stays locked is waited for half a minute: meanwhile the other tests run.


@pytest.fixture(scope="module", autouse=True)
def import_into_locked_store(
    model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Machine, subprocess.Popen[str]]]:
    machine = Machine(tmp_path_factory.mktemp("locked"), model)
    folder = put(machine.folder / "mail", mail()[0])
    assert machine.run("status").code == 1
    with contextlib.closing(sqlite3.connect(machine.state / "store.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        process = subprocess.Popen(
            machine.command("import", folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=machine.environment,
            cwd=machine.folder,
        )
        yield machine, process
        process.kill()
        process.wait()


# The store


@pytest.mark.parametrize("content", [b"no store at all, only some text\n" * 99, b"SQLite format 3\0" + b"\xff" * 9_000])
@pytest.mark.parametrize("command", [["status"], ["digest"], ["import", "."]])
def test_a_broken_store_is_told_with_its_remedy_and_left_alone(
    machine: Machine, content: bytes, command: list[str]
) -> None:
    (machine.state / "store.db").write_bytes(content)

    done = machine.run(*command)

    assert done.code == 1
    assert "damaged or is no store" in done.complaint
    assert "client-monitor restore" in done.complaint
    assert (machine.state / "store.db").read_bytes() == content


def test_the_service_ends_over_a_broken_store(at_work: Machine) -> None:
    (at_work.state / "store.db").write_bytes(RUBBISH)

    done = at_work.run("run")

    assert done.code == 1
    assert "damaged or is no store" in done.complaint


def test_a_store_of_a_newer_program_is_left_alone(machine: Machine) -> None:
    machine.run("status")
    with contextlib.closing(sqlite3.connect(machine.state / "store.db")) as store, store:
        store.execute("UPDATE alembic_version SET version_num = '9999'")
    before = (machine.state / "store.db").read_bytes()

    done = machine.run("import", ".")

    assert done.code == 1
    assert "newer program (revision 9999)" in done.complaint
    assert "Install the newer program" in done.complaint
    assert (machine.state / "store.db").read_bytes() == before


def test_a_state_folder_that_cannot_be_used_is_told(at_work: Machine) -> None:
    for command in ("sync", "status"):
        at_work.configure()
        environment = {**at_work.environment, "STATE_DIRECTORY": str(at_work.file / "state")}
        done = ran(at_work.command(command), environment, at_work.folder)

        assert done.code == 1
        assert "Not a directory" in done.complaint
        assert "rights" in done.complaint


def test_a_model_that_cannot_be_built_is_told(machine: Machine) -> None:
    folder = put(machine.folder / "mail", mail()[0])
    environment = {**machine.environment, "STATE_DIRECTORY": str(folder / "none" / "such")}
    (folder / "none").write_text("a file where a folder should be")

    done = ran([sys.executable, "-m", "monitor", "classify", str(folder)], environment, machine.folder)

    assert done.code == 1
    assert "model could not be built" in done.complaint
    assert "Not a directory" in done.complaint


def test_an_unexpected_failure_tells_its_place_and_no_words(machine: Machine) -> None:
    machine.run("import", put(machine.folder / "mail", mail()[0]))
    with contextlib.closing(sqlite3.connect(machine.state / "store.db")) as store, store:
        store.execute("UPDATE message SET remarks = 'Wäschekorb'")

    done = machine.run("digest")

    assert done.code == 1
    (line,) = done.err.splitlines()
    assert "unexpected failure" in line
    assert "error=ValueError" in line
    assert "fact_store.py:" in line
    assert "Wäschekorb" not in done.err


# A full disk


def with_a_quota(machine: Machine, *arguments: str | Path) -> Ran:
    """Run a command that may write no file larger than 300 KB, as a disk quota does it."""
    done = subprocess.run(
        machine.command(*arguments),
        capture_output=True,
        env=machine.environment,
        cwd=machine.folder,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000)),
        timeout=60,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def on_a_full_disk(machine: Machine, *arguments: str | Path) -> Ran:
    """Run a command whose state lies on a disk of 500 KB; what is kept there is brought back."""
    script = (
        'mount -t tmpfs -o size=500k none "$1" && cp -a "$2/." "$1" && shift 2 && "$@"; code=$?;'
        ' rm -r "$STATE_DIRECTORY/models"; cp -a "$STATE_DIRECTORY/." "$KEPT"; exit $code'
    )
    aside = machine.folder / "aside"
    shutil.copytree(machine.state, aside, symlinks=True)
    command = [*NAMESPACE, "sh", "-c", script, "sh", str(machine.state), str(aside), *machine.command(*arguments)]
    done = ran(command, {**machine.environment, "KEPT": str(aside)}, machine.folder)
    shutil.copytree(aside, machine.state, symlinks=True, dirs_exist_ok=True, ignore=shutil.ignore_patterns("models"))
    return done


def _namespace() -> list[str] | None:
    """How to mount a disk of one's own: as root, or as an ordinary user where the system lets them."""
    for way in (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"]):
        with contextlib.suppress(OSError):
            if (
                subprocess.run(
                    [*way, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
                ).returncode
                == 0
            ):
                return way
    return None


NAMESPACE = _namespace() or []


@pytest.mark.parametrize(
    ("full", "said"),
    [(with_a_quota, "quota is used up"), *([(on_a_full_disk, "disk is full")] if NAMESPACE else [])],
)
def test_a_full_disk_is_told_and_the_next_run_goes_on(machine: Machine, full: Callable[..., Ran], said: str) -> None:
    machine.sections["client"] = [{"name": "Alle", "addresses": ["@test.example"]}]
    mails = [mail("Passt dir Dienstag?\n", sender=f"n{number}@test.example")[0] for number in range(450)]
    folder = put(machine.folder / "mail", *mails)
    assert machine.run("status").code == 1  # makes the store

    done = full(machine, "import", folder)

    assert done.code == 1
    assert said in done.complaint
    assert "goes on where this one stopped" in done.complaint
    kept = len(machine.facts())
    assert kept in (0, 200, 400)  # a batch as a whole, or not at all
    assert machine.run("import", folder).code == 0
    assert len(machine.facts()) == 450


# Last, because it takes longest.


def test_a_store_that_another_process_keeps_locked_is_told(
    import_into_locked_store: tuple[Machine, subprocess.Popen[str]],
) -> None:
    machine, process = import_into_locked_store
    # Who only looks need not wait.
    assert machine.run("digest", seconds=10).code == 0

    out, err = process.communicate(timeout=60)

    done = Ran(process.returncode, out, err)
    assert done.code == 1
    assert "in use by another process" in done.complaint
    assert "try again" in done.complaint
    with open_database(f"sqlite:///{machine.state / 'store.db'}") as database:
        assert FactStore(database).count() == 0
