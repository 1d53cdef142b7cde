"""The command line as people and scripts use it: real processes, real servers, real files."""

from __future__ import annotations

import contextlib
import hashlib
import json
import mailbox
import os
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
import typer
from machine import CLIENT, COACH, Machine, Ran, mail, ran
from servers.dovecot import PASSWORD, Dovecot
from servers.mailserver import Conduct, MailServer

import monitor
from monitor.cli.entrance import app
from monitor.facts import Direction
from monitor.store.database import open_database
from monitor.store.digest_store import DigestStore, Slot
from monitor.store.fact_store import Cursor, FactStore

DEMO = Path(monitor.__file__).parent / "demo"
RUBBISH = bytes(range(256)) * 8

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


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


# Configuration


@pytest.mark.parametrize("command", [["sync"], ["run"], ["status"], ["digest"], ["clients"], ["import", "."]])
def test_without_a_configuration_a_command_says_how_to_get_one(machine: Machine, command: list[str]) -> None:
    done = ran([sys.executable, "-m", "monitor", *command], machine.environment, machine.folder)

    assert done.code == 78
    assert "There is no configuration yet" in done.complaint
    assert "client-monitor setup" in done.complaint
    assert done.out == ""


def test_all_problems_of_a_configuration_are_told_at_once(machine: Machine) -> None:
    machine.sections["coach"] |= {"addresses": ["jana"], "colour": "blue"}
    machine.sections["mailbox"] = {"host": "imap.example", "user": "jana", "password": "geheim", "port": 0}
    machine.sections["client"] = [{"name": "Georg"}]
    machine.sections["digset"] = {}

    done = machine.run("status")

    assert done.code == 78
    for key in (
        "coach.addresses[1]",
        "coach.colour",
        "mailbox.password",
        "mailbox.port",
        "client[1].addresses",
        "digset",
    ):
        assert f"{key}: " in done.complaint
    assert "6 problems" in done.complaint
    assert "remove it or check its spelling" in done.complaint
    assert "geheim" not in done.err


# Mailbox and outbox


def wrong_password(machine: Machine) -> None:
    machine.keep_secret("imap", "falsch")
    machine.keep_secret("smtp", "falsch")


def unreachable(machine: Machine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        for section in ("mailbox", "outbox"):
            machine.sections[section]["port"] = free.getsockname()[1]


def unknown_host(machine: Machine) -> None:
    for section in ("mailbox", "outbox"):
        machine.sections[section]["host"] = "mail.invalid"


def untrusted(machine: Machine) -> None:
    machine.trust_nobody()


def without_sent(machine: Machine) -> None:
    machine.sections["mailbox"]["sent"] = "Ablage"


@pytest.mark.parametrize(
    ("spoil", "said", "remedy"),
    [
        (wrong_password, "does not accept user and password", "client-monitor setup"),
        (unreachable, "cannot be reached", "mailbox.port"),
        (unknown_host, "is not found", "mailbox.host"),
        (untrusted, "certificate that this machine does not trust", "SSL_CERT_FILE"),
        (without_sent, "folder for sent mail", "mailbox.sent"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_told_in_one_line(
    at_work: Machine, mailbox_user: str, spoil: Callable[[Machine], None], said: str, remedy: str
) -> None:
    spoil(at_work)

    done = at_work.run("sync")

    assert done.code == 1
    assert said in done.complaint
    assert remedy in done.complaint
    for private in (mailbox_user, PASSWORD, "falsch", COACH):
        assert private not in done.err


@pytest.mark.parametrize(
    ("spoil", "said", "remedy"),
    [
        (wrong_password, "does not accept user and password for sending", "client-monitor setup"),
        (unreachable, "cannot be reached for sending", "kept and tried again"),
        (unknown_host, "cannot be reached for sending", "kept and tried again"),
        (untrusted, "is not trusted", "SSL_CERT_FILE"),
    ],
)
def test_an_outbox_that_takes_no_digest_is_told_in_one_line(
    at_work: Machine, spoil: Callable[[Machine], None], said: str, remedy: str
) -> None:
    spoil(at_work)

    done = at_work.run("digest", "--send")

    assert done.code == 1
    assert said in done.complaint
    assert remedy in done.complaint
    for private in ("jana", "falsch", COACH):
        assert private not in done.err


@pytest.mark.parametrize("conduct", [Conduct.REFUSE, Conduct.DROP])
def test_a_server_that_does_not_take_the_digest_is_told_without_its_own_words(
    at_work: Machine, mailserver: MailServer, conduct: Conduct
) -> None:
    mailserver.conduct = conduct

    done = at_work.run("digest", "--send")

    assert done.code == 1
    assert "did not take the digest" in done.complaint
    assert COACH not in done.err


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_a_test_letter_goes_out_on_every_kind_of_connection_each_time_it_is_asked_for(
    machine: Machine, dovecot: Dovecot, mailbox_user: str, tmp_path: Path, security: str
) -> None:
    with MailServer(tmp_path, security) as server:  # type: ignore[arg-type]
        machine.watch(dovecot, mailbox_user)
        machine.send_to(server)
        first, second = machine.run("digest", "--send"), machine.run("digest", "--send")

    assert (first.code, second.code) == (0, 0)
    assert "test letter was sent" in first.err
    assert "test letter was sent" in second.err
    assert [letter.recipients for letter in server.letters] == [(COACH,), (COACH,)]
    assert len({message_from_bytes(letter.data)["Message-ID"] for letter in server.letters}) == 2


@pytest.mark.parametrize("command", [["sync"], ["digest", "--send"]])
def test_without_a_secret_a_command_says_where_it_belongs(at_work: Machine, command: list[str]) -> None:
    for file in at_work.secrets.iterdir():
        file.unlink()

    done = at_work.run(*command)

    assert done.code == 78
    purpose = "imap" if command == ["sync"] else "smtp"
    assert f"keyring set client-monitor.{purpose}" in done.complaint


def test_the_digest_goes_out_although_the_mailbox_cannot_be_opened(at_work: Machine, mailserver: MailServer) -> None:
    (at_work.secrets / "client-monitor.imap").unlink()

    done = at_work.run("digest", "--send")

    assert done.code == 0
    assert "was sent" in done.err
    assert len(mailserver.letters) == 1


def test_sync_reads_what_is_new_and_says_so_on_stderr(at_work: Machine, dovecot: Dovecot, mailbox_user: str) -> None:
    for folder, data in (("INBOX", mail()[0]), ("INBOX", mail()[0]), ("Sent", mail(sender=COACH, to=CLIENT)[0])):
        dovecot.deliver(mailbox_user, folder, data)

    first, second = at_work.run("sync"), at_work.run("sync")

    assert (first.code, first.out, counts(first)) == (0, "", (3, 3, 0))
    assert (second.code, second.out, counts(second)) == (0, "", (0, 0, 0))


def test_sync_beside_the_service_says_that_it_is_at_work(at_work: Machine) -> None:
    at_work.start().watching()

    done = at_work.run("sync")

    assert done.code == 1
    assert "already at work" in done.complaint


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


# Reading files


def as_mbox(mails: list[bytes], folder: Path) -> Path:
    box = mailbox.mbox(folder / "export.mbox")
    for data in mails:
        box.add(data)
    box.close()
    return folder / "export.mbox"


def as_maildir(mails: list[bytes], folder: Path) -> Path:
    box = mailbox.Maildir(folder / "Maildir")
    for number, data in enumerate(mails):
        written = mailbox.MaildirMessage(data)
        if number % 2:
            written.set_subdir("cur")
            written.set_flags("S")
        box.add(written)
    return folder / "Maildir"


def as_files(mails: list[bytes], folder: Path) -> Path:
    return put(folder / "mails", *mails)


@pytest.mark.parametrize("export", [as_files, as_mbox, as_maildir])
def test_an_export_may_be_read_again_and_changes_nothing(
    machine: Machine, export: Callable[[list[bytes], Path], Path]
) -> None:
    written = [mail(), mail(), mail(sender=COACH, to=CLIENT), mail("From hier an geht es weiter.\n\nFrom here on.\n")]
    path = export([data for data, _ in written], machine.folder)
    before = tree(path.parent if path.is_file() else path)

    first = machine.run("import", path)
    known = machine.facts()
    second = machine.run("import", path)

    assert (first.code, first.out, counts(first)) == (0, "", (4, 4, 0))
    assert (second.code, second.out, counts(second)) == (0, "", (4, 0, 0))
    assert machine.facts() == known
    assert machine.known() == sorted(identity for _, identity in written)
    directions = {fact.message_id: fact.direction for fact in known}
    assert directions[written[2][1]] is Direction.SENT
    assert directions[written[0][1]] is Direction.RECEIVED
    assert {
        name: data for name, data in tree(path.parent if path.is_file() else path).items() if name in before
    } == before


def test_one_mailbox_in_three_kinds_of_export_is_known_once(machine: Machine) -> None:
    mails = [mail()[0] for _ in range(3)]
    paths = [export(mails, machine.folder) for export in (as_files, as_mbox, as_maildir)]

    done = machine.run("import", *paths)

    assert (done.code, counts(done)) == (0, (9, 3, 0))
    assert len(machine.facts()) == 3


def test_what_cannot_be_read_is_passed_over_and_counted(machine: Machine) -> None:
    folder = put(machine.folder / "mail", RUBBISH, b"", mail()[0], b"\xff" * 100_000, mail()[0])

    done = machine.run("import", folder)

    assert (done.code, counts(done)) == (0, (5, 2, 3))
    assert without_traceback(done)
    told = json.loads(machine.run("status", "--format", "json").out)
    assert (told["messages"], told["quarantined"]) == (2, 3)


CLASSIFIED = {
    "source": str,
    "message_id": str,
    "from": str,
    "date": str,
    "language": str,
    "text": str,
    "automatic": bool,
    "requests": list,
    "out_of_scope": dict,
    "unsure": bool,
}


def classified(machine: Machine, *paths: Path) -> Ran:
    """Run ``classify`` where there is no configuration."""
    command = [sys.executable, "-m", "monitor", "classify", *map(str, paths), "--format", "jsonl"]
    return ran(command, machine.environment, machine.folder)


def test_classify_tells_every_message_in_the_words_of_the_contract(machine: Machine) -> None:
    folder = put(machine.folder / "mail", *(mail()[0] for _ in range(3)), RUBBISH)
    before = tree(machine.folder)

    done = classified(machine, folder, DEMO / "mailbox" / "INBOX" / "2026-03-02-0954-georg-prantl.eml")

    assert (done.code, done.err) == (0, "")
    *lines, end = done.out.split("\n")
    assert (len(lines), end) == (5, "")
    told = [json.loads(line) for line in lines]
    assert sum("error" in line for line in told) == 1
    for line in told:
        if "error" in line:
            assert set(line) == {"source", "error"}
            continue
        assert {key: type(value) for key, value in line.items() if key in CLASSIFIED} == CLASSIFIED
        assert set(line["out_of_scope"]) == {"asked", "probability", "evidence"}
        assert datetime.fromisoformat(line["date"]).tzinfo is not None
        assert line["language"] == "de"
        for request in line["requests"]:
            assert set(request) == {"type", "probability", "evidence"}
            assert 0 <= request["probability"] <= 1
            assert " ".join(request["evidence"].split()) in " ".join(line["text"].split())
    assert told[-1]["from"] == "georg@prantl-moebel.example"
    assert told[-1]["source"].endswith("georg-prantl.eml")
    assert tree(machine.folder) == before  # nothing was written: no store, no lock


def test_classify_tells_people_the_same(machine: Machine) -> None:
    folder = put(machine.folder / "mail", mail()[0], RUBBISH)

    done = ran([sys.executable, "-m", "monitor", "classify", str(folder)], machine.environment, machine.folder)

    assert (done.code, done.err) == (0, "")
    assert CLIENT in done.out
    assert "no header that mail is known by" in done.out


def test_a_file_whose_name_is_no_text_is_told_all_the_same(machine: Machine) -> None:
    folder = put(machine.folder / "mail")
    (folder / os.fsdecode(b"caf\xe9.eml")).write_bytes(mail()[0])

    command = [sys.executable, "-m", "monitor", "classify", str(folder), "--format", "jsonl"]
    for encoding in ("utf-8", "utf-8:strict"):
        done = ran(command, {**machine.environment, "PYTHONIOENCODING": encoding}, machine.folder)

        assert (done.code, done.err) == (0, "")
        assert os.fsencode(json.loads(done.out)["source"]).endswith(b"caf\xe9.eml")


def test_a_reader_who_has_seen_enough_is_no_failure_worth_a_traceback(machine: Machine) -> None:
    command = [sys.executable, "-m", "monitor", "classify", str(DEMO / "mailbox"), "--format", "jsonl"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=machine.environment, cwd=machine.folder
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()

    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(30) in (0, 1)


# The digest


@pytest.fixture(scope="module")
def demo(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine that has read the demo's mailbox with the demo's configuration."""
    machine = Machine(tmp_path_factory.mktemp("demo"), model)
    shutil.copy(DEMO / "config.toml", machine.file)
    assert machine.run("import", DEMO / "mailbox", configured=False).code == 0
    return machine


AS_OF = "2026-05-18T07:00"


def digest(machine: Machine, *arguments: str) -> dict[str, object]:
    done = machine.run("digest", "--format", "json", *arguments, configured=False)
    assert (done.code, done.err) == (0, "")
    return dict(json.loads(done.out))


def test_the_digest_as_json_keeps_to_the_contract(demo: Machine) -> None:
    told = json.loads(demo.run("digest", "--as-of", AS_OF, "--format", "json", configured=False).out)

    assert set(told) >= {
        "schema", "period", "language", "coverage", "clients", "unknown_correspondents", "review",
    }  # fmt: skip
    assert told["schema"] == 1
    assert told["period"] == {"from": "2026-05-11", "to": "2026-05-17", "week": "2026-W20"}
    assert told["language"] == "de"
    assert set(told["coverage"]) >= {"messages", "unreadable", "inbox_seen_at", "sent_seen_at", "model"}
    assert told["coverage"]["messages"] > 0
    assert [client["client"] for client in told["clients"]][:2] == ["Georg Prantl", "Silke Brandstätter"]
    assert len(told["clients"]) == 14
    for client in told["clients"]:
        assert set(client) >= {"client", "needs_conversation", "health", "health_change", "signals", "care", "talk"}
        assert client["needs_conversation"] is bool(client["signals"])
        for signal in client["signals"]:
            assert set(signal) >= {"id", "since", "trend", "rule", "incidents", "evidence"}
            for evidence in signal["evidence"]:
                assert set(evidence) >= {"message_id", "date", "quote", "folder"}
                assert evidence["date"] <= "2026-05-18"
        for care in client["care"]:
            assert set(care) >= {"id", "reason"}
    assert any(client["signals"] for client in told["clients"])
    for person in told["unknown_correspondents"]:
        assert set(person) >= {"address", "messages"}
    for question in told["review"]:
        assert set(question) >= {"message_id", "date", "quote", "question"}


def test_a_time_without_offset_is_the_coachs(demo: Machine) -> None:
    assert digest(demo, "--as-of", AS_OF) == digest(demo, "--as-of", "2026-05-18T05:00+00:00")
    assert digest(demo, "--as-of", "2026-05-18") == digest(demo, "--as-of", "2026-05-17T22:00Z")


def test_what_was_written_later_does_not_count(demo: Machine, machine: Machine) -> None:
    shutil.copy(DEMO / "config.toml", machine.file)
    for folder in ("INBOX", "Sent"):
        (machine.folder / "early" / folder).mkdir(parents=True)
        for file in (DEMO / "mailbox" / folder).glob("*.eml"):
            if file.name < "2026-04-13-07":
                shutil.copy(file, machine.folder / "early" / folder)
    assert machine.run("import", machine.folder / "early", configured=False).code == 0
    assert len(machine.facts()) < len(demo.facts()) / 1.5

    assert digest(machine, "--as-of", "2026-04-13T07:00") == digest(demo, "--as-of", "2026-04-13T07:00")


def test_data_goes_to_stdout_and_to_a_file_for_the_owner_alone(demo: Machine) -> None:
    for form, begin in (("text", "W"), ("html", "<!"), ("json", "{")):
        done = demo.run("digest", "--as-of", AS_OF, "--format", form, configured=False)
        assert (done.code, done.err) == (0, "")
        assert done.out.lower().startswith(begin.lower())
        assert "\x1b" not in done.out

        file = demo.folder / f"digest.{form}"
        aside = demo.run("digest", "--as-of", AS_OF, "--format", form, "--output", file, configured=False)
        assert (aside.code, aside.out) == (0, "")
        assert file.read_text(encoding="utf-8") == done.out
        assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_written_is_told(demo: Machine) -> None:
    for command in (["digest", "--as-of", AS_OF], ["demo"]):
        done = demo.run(*command, "--output", demo.folder / "none" / "digest.html", configured=False)

        assert done.code == 1
        assert "lässt sich nicht schreiben: No such file or directory" in done.err.splitlines()[-1]  # as configured
        assert without_traceback(done)


def test_the_demo_needs_nothing_and_leaves_one_page(machine: Machine) -> None:
    done = ran([sys.executable, "-m", "monitor", "demo"], machine.environment, machine.folder)

    assert done.code == 0
    assert "Silke Brandstätter" in done.out
    assert "356 messages read" in done.err
    page = (machine.folder / "client-monitor-demo.html").read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert "Silke Brandstätter" in page
    assert not (machine.state / "store.db").exists()


# Usage


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["classify"],
        ["digest", "--format", "xml"],
        ["import"],
        ["digest", "--as-off", "now"],
    ],
)
def test_a_wrong_use_is_told(machine: Machine, arguments: list[str]) -> None:
    done = machine.run(*arguments)

    assert done.code == 2
    assert done.out == ""
    assert "Usage: " in done.err
    assert "Error: " in done.err
    assert without_traceback(done)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["digest", "--as-of", "gestern"], "Write it like 2026-03-09T07:00"),
        (["digest", "--as-of", "0001-01-01"], "Check the year"),
        (["digest", "--as-of", "9999-12-31"], "Check the year"),
        (["classify", "nowhere.eml"], "There is no file or folder nowhere.eml"),
        (["import", "nowhere"], "There is no file or folder nowhere"),
    ],
)
def test_a_time_or_path_that_is_none_is_told_in_one_line(machine: Machine, arguments: list[str], said: str) -> None:
    done = machine.run(*arguments)

    assert done.code == 2
    assert said in done.complaint


def _commands() -> Iterator[list[str]]:
    def below(command: object, path: list[str]) -> Iterator[list[str]]:
        yield path
        for name, child in getattr(command, "commands", {}).items():
            if not child.hidden:
                yield from below(child, [*path, name])

    yield from below(typer.main.get_command(app), [])


@pytest.mark.parametrize("path", list(_commands()), ids=" ".join)
def test_every_command_explains_itself_with_an_example(machine: Machine, path: list[str]) -> None:
    done = ran([sys.executable, "-m", "monitor", *path, "--help"], machine.environment, machine.folder)

    assert (done.code, done.err) == (0, "")
    assert "Usage: " in done.out
    # Long lines are folded anywhere.
    told = "".join(done.out.split()).replace("--config/etc/client-monitor/config.toml", "")
    assert "".join(["client-monitor", *path]) in told
    assert "\x1b" not in done.out


def test_the_commands_are_known(machine: Machine) -> None:
    assert {path[0] for path in _commands() if path} >= {
        "demo", "run", "sync", "import", "classify", "digest", "clients", "status",
    }  # fmt: skip


# How the service is


def test_status_is_healthy_only_while_the_mailbox_is_read(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str
) -> None:
    def status() -> tuple[int, dict[str, object]]:
        done = at_work.run("status", "--format", "json")
        assert done.err == ""
        told = json.loads(done.out)
        assert told["healthy"] is (done.code == 0)
        assert bool(told["problems"]) is (done.code == 1)
        return done.code, told

    assert status()[0] == 1  # nothing has been read yet
    dovecot.deliver(mailbox_user, "INBOX", mail()[0])
    at_work.run("sync")
    code, told = status()
    assert code == 0
    assert told["messages"] == 1
    assert [folder["folder"] for folder in told["folders"]] == ["INBOX", "Sent"]  # type: ignore[attr-defined]
    assert "Healthy." in at_work.run("status").out

    with at_work.store() as database:
        facts, seen = FactStore(database), FactStore(database).cursor("INBOX")
        assert seen is not None
        facts.record([], [], Cursor("INBOX", seen.uidvalidity, seen.last_uid, datetime.now(UTC) - timedelta(hours=25)))
    code, told = status()
    assert code == 1
    assert "INBOX has not been read for a day" in str(told["problems"])


@pytest.mark.parametrize(("state", "said"), [("claimed", "still to be sent"), ("missed", "could not be sent")])
def test_status_is_not_healthy_while_a_digest_is_owed(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str, state: str, said: str
) -> None:
    at_work.run("sync")
    due_at = at_work.owe_digest()
    assert at_work.run("status").code == 0
    with at_work.store() as database:
        DigestStore(database).put_slot(Slot("digest", due_at, state, 2, datetime.now(UTC), "exit 1"))

    done = at_work.run("status")

    assert done.code == 1
    assert "Not healthy" in done.out
    assert said in done.out


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
