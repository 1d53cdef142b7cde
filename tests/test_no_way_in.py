"""What a stranger writes stays data: on the terminal, in files, and in what is written down."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from machine import Machine, mail
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


def _open_to_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
