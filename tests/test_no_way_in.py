"""What a stranger writes stays data: on the terminal, in files, and in what is written down."""

from __future__ import annotations

import json
import stat
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from machine import CLIENT, COACH, Machine, mail, put
from servers.dovecot import Dovecot

ESCAPE = "\x1b]0;Titel\x07\x1b[2J\x9b31m\u202e"
EVIL = (
    f"From: {ESCAPE}Eva <eva@klientin.example>\r\nTo: jana@weber-coaching.example\r\nSubject: {ESCAPE}Eilig\r\n"
    f"Date: Mon, 02 Mar 2026 09:54:51 +0100\r\nMessage-ID: <{ESCAPE}1@klientin.example>\r\n"
    f"Content-Type: text/plain; charset=utf-8\r\n\r\nKannst du bitte{ESCAPE} bis morgen meine Website schreiben?\r\n"
).encode()

pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize("format", ["text", "jsonl"])
def test_nothing_of_a_mail_or_of_its_file_name_commands_the_terminal(machine: Machine, format: str) -> None:
    file = machine.folder / f"mail{ESCAPE}.eml"
    file.write_bytes(EVIL)

    done = machine.run("classify", file, "--format", format)

    assert done.code == 0
    assert [letter for letter in done.out + done.err if not letter.isprintable() and letter != "\n"] == []
    if format == "jsonl":
        assert json.loads(done.out)["source"] == str(file)


def test_what_the_program_keeps_is_for_its_owner_alone(at_work: Machine, dovecot: Dovecot, mailbox_user: str) -> None:
    dovecot.deliver(mailbox_user, "INBOX", mail()[0])
    at_work.state.chmod(0o755)

    service = at_work.start().watching()
    assert service.stop() == 0
    out = at_work.folder / "digest.html"
    assert at_work.run("digest", "--format", "html", "--output", out).code == 0

    kept = [path for path in at_work.state.rglob("*") if not path.is_symlink() and path.name != "models"]
    assert {path.name for path in kept} >= {"store.db", "trouble.json", "lock"}
    assert [path for path in [*kept, out] if _open_to_others(path)] == []


def reaching(number: int) -> bytes:
    """A mail of a client whose every part points somewhere else."""
    site = "https://fetch.example/1"
    body = (
        f'<html><head><base href="{site}"><link rel="stylesheet" href="{site}"><meta http-equiv="refresh" '
        f'content="0;url={site}"></head><body background="{site}"><img src="{site}"><img src="file:///etc/passwd">'
        f"<iframe src='{site}'></iframe><style>@import url({site})</style><p>Kannst du mir bis morgen Text {number} "
        f"für meine Webseite schreiben, wie auf {site} zu sehen?</p></body></html>"
    )
    return (
        f"From: Georg Prantl <{CLIENT}>\r\nTo: {COACH}\r\nSubject: {site}\r\nMessage-ID: <{number}@fetch.example>\r\n"
        f"Date: {format_datetime(datetime.now(UTC) - timedelta(days=number + 1))}\r\nMIME-Version: 1.0\r\n"
        f"X-Image-Url: {site}\r\nDisposition-Notification-To: <x@fetch.example>\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n'
        f'{body}\r\n--b\r\nContent-Type: message/external-body; access-type=URL; URL="{site}"\r\n\r\n'
        "Content-Type: text/plain\r\n\r\n--b--\r\n"
    ).encode()


def test_no_link_or_resource_of_a_mail_is_ever_fetched(machine: Machine) -> None:
    # Whoever asks for a name or a connection, in the program or in a child of it, ends with 99.
    machine.program = [sys.executable, str(Path(__file__).parent / "crashing.py"), "network"]
    folder = put(machine.folder / "mail", *map(reaching, range(4)))

    for command in (("import", folder), ("classify", folder), ("digest",), ("digest", "--format", "html")):
        done = machine.run(*command)
        assert (done.code, "network" in done.err) == (0, False), done.err
        if command[0] == "digest":
            assert "Georg Prantl" in done.out
            assert "fetch.example" not in done.out
    assert len(machine.facts()) == 4

    machine.sections["mailbox"] = {"host": "127.0.0.1", "user": "jana", "security": "none", "port": 9}
    machine.keep_secret("imap", "x")
    assert machine.run("sync").code == 99  # the watch sees what asks for a server


def _open_to_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
