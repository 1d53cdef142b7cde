"""The configuration file as setup writes it: for people to read, and never half of one."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest

from monitor.config.configuration import load
from monitor.config.writing import NamedClient, changed_text, read_text, write_text
from monitor.errors import ConfigurationError
from monitor.labels import Language
from monitor.language.speech import speech

GERMAN = speech(Language.GERMAN)
SECTIONS = {
    "coach": {"name": "Jana „Weber“", "addresses": ["jana@weber-coaching.example"], "language": "de"},
    "mailbox": {"host": "imap.example", "port": 993, "security": "tls", "user": "jana", "sent": None},
    "outbox": {"host": "smtp.example", "port": 465, "user": "jana", "recipient": "jana@weber-coaching.example"},
}
GEORG = NamedClient("Georg Prantl", ("georg@prantl.example", "gp@mobil.example"))


def test_a_new_file_is_valid_and_explains_itself_in_the_coachs_language(tmp_path: Path):
    text, configuration = changed_text("", SECTIONS, [GEORG], GERMAN)
    write_text(tmp_path / "deep" / "config.toml", text)

    read = load(tmp_path / "deep" / "config.toml")
    assert read.clients == configuration.clients
    assert [client.name for client in read.clients] == ["Georg Prantl"]
    assert read.coach.name == "Jana „Weber“"
    assert "# Wer Sie sind" in text
    assert "sent" not in tomllib.loads(text)["mailbox"]
    assert stat.S_IMODE((tmp_path / "deep" / "config.toml").stat().st_mode) == 0o600


PRESENT = """# mine
[coach]
name = "Jana"  # that is me
addresses = ["jana@weber-coaching.example"]

[mailbox]
host = "old.example"   # until May
user = "jana"
sent = "Ablage"

[[client]]
name = "Olga Berg"
addresses = ["olga@berg.example"]
[client.agreement]
included = ["extra_work"]   # we said so

[digest]
day = "friday"
"""


def test_what_a_coach_has_written_stays():
    text, configuration = changed_text(PRESENT, SECTIONS, [GEORG], GERMAN)

    for line in ("# mine", "# we said so", "# until May", 'day = "friday"', "[client.agreement]"):
        assert line in text
    assert configuration.mailbox is not None
    assert (configuration.mailbox.host, configuration.mailbox.sent) == ("imap.example", None)
    assert [client.name for client in configuration.clients] == ["Olga Berg", "Georg Prantl"]
    assert changed_text(text, SECTIONS, [], GERMAN)[0] == text


def test_what_would_not_be_valid_is_not_written():
    doubled = NamedClient("Somebody", ("olga@berg.example",))

    with pytest.raises(ConfigurationError, match="share an address"):
        changed_text(PRESENT, SECTIONS, [doubled], GERMAN)
    with pytest.raises(ConfigurationError, match="not valid TOML"):
        changed_text("[coach", SECTIONS, [], GERMAN)


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "config.toml"
    write_text(file, PRESENT)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("monitor.private_file.os.fsync", full)
    with pytest.raises(ConfigurationError, match="No space left"):
        write_text(file, "other")

    assert read_text(file) == PRESENT
    assert list(tmp_path.iterdir()) == [file]
