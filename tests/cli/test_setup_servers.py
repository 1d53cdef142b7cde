"""The questions of ``setup`` one by one: servers that are found, doubted, named or refuse."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from machine import COACH

from monitor.cli import setup_servers
from monitor.cli.dialogue import Dialogue
from monitor.cli.setup_servers import Wishes, find_settings, parse_server
from monitor.errors import UsageError
from monitor.labels import Language
from monitor.language.speech import speech
from monitor.providers.finding import find
from monitor.providers.provider import Origin, Server, Settings

Answering = Callable[..., Dialogue]
DOUBTED = Settings(
    Server("imap.hoster.example", 993, "tls"),
    Server("smtp.hoster.example", 465, "tls"),
    COACH,
    COACH,
    "password",
    Origin.SERVICE_RECORDS,
    vouched=False,
)


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Answering:
    """A dialogue with somebody who gives these answers."""

    def give(*answers: str, language: Language = Language.GERMAN) -> Dialogue:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{answer}\n" for answer in answers)))
        return Dialogue(speech(language), interactive=True)

    return give


def finds(monkeypatch: pytest.MonkeyPatch, settings: Settings | None) -> None:
    monkeypatch.setattr(setup_servers, "find", lambda address, internet: settings)


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("imap.example", Server("imap.example", 993, "tls")),
        ("imap.example:143", Server("imap.example", 143, "starttls")),
        ("imap.example:10143 starttls", Server("imap.example", 10143, "starttls")),
        (" imap.example:993 tls ", Server("imap.example", 993, "tls")),
    ],
)
def test_a_server_is_read_as_people_write_it(text: str, server: Server) -> None:
    assert parse_server(text, 993) == server


@pytest.mark.parametrize("text", ["", ":993", "imap.example:0", "imap.example:x", "imap.example:993 none", "a b c"])
def test_what_is_no_server_or_would_not_be_encrypted_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"imap\.example:993 tls"):
        parse_server(text, 993)


@pytest.mark.parametrize(
    ("language", "yes", "asked"),
    [(Language.GERMAN, "j", "Sind das die Server Ihres Anbieters? [j/N]"),
     (Language.ENGLISH, "y", "Are these your provider's servers? [y/N]")],
)  # fmt: skip
def test_servers_that_only_name_servers_vouch_for_are_shown_first(
    answering: Answering, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    language: Language, yes: str, asked: str,
) -> None:  # fmt: skip
    finds(monkeypatch, DOUBTED)

    assert find_settings(answering(yes, language=language), COACH, Wishes(), None) == DOUBTED
    said = capsys.readouterr().err
    assert "imap.hoster.example:993 tls" in said
    assert asked in said


def test_who_does_not_know_the_servers_names_others(answering: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    finds(monkeypatch, DOUBTED)

    found = find_settings(answering("", "imap.mine.example", "smtp.mine.example:587", "jana"), COACH, Wishes(), None)

    assert (found.imap, found.smtp) == (
        Server("imap.mine.example", 993, "tls"),
        Server("smtp.mine.example", 587, "starttls"),
    )
    assert found.imap_user == found.smtp_user == "jana"


def test_doubted_servers_are_not_taken_where_nobody_can_look(monkeypatch: pytest.MonkeyPatch) -> None:
    finds(monkeypatch, DOUBTED)

    with pytest.raises(UsageError, match="--imap and --smtp"):
        find_settings(Dialogue(speech(Language.ENGLISH), interactive=False), COACH, Wishes(), None)


def test_flags_go_over_what_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    known = find("jana@gmx.de", None)  # type: ignore[arg-type] - the table asks nobody
    finds(monkeypatch, known)
    wishes = Wishes(smtp="relay.example:587", imap_user="jana.weber", auth="oauth2")

    found = find_settings(Dialogue(speech(Language.GERMAN), interactive=False), "jana@gmx.de", wishes, None)

    assert found.imap.host == "imap.gmx.net"
    assert (found.smtp.host, found.imap_user, found.smtp_user) == ("relay.example", "jana.weber", "jana.weber")
    assert found.auth == "oauth2"


def test_nonsense_is_asked_for_again_but_not_for_ever(answering: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    finds(monkeypatch, None)

    with pytest.raises(UsageError, match="--imap"):
        find_settings(answering(*[":"] * 9), COACH, Wishes(), None)


def test_yes_and_no_of_both_languages_are_understood(answering: Answering) -> None:
    for said, meant in (("ja", True), ("y", True), ("nein", False), ("N", False), ("", True)):
        assert answering(said).agree("Gut?", True) is meant
    assert answering("vielleicht", "j").agree("Gut?", False) is True
    assert answering().agree("Gut?", True, answered=False) is False
    assert Dialogue(speech(Language.GERMAN), interactive=False).agree("Gut?", True) is False


def test_what_a_server_is_called_cannot_steer_the_terminal(
    answering: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    answering("1").choose("Which?", ["Ge\x1b[2Jsendet"], "--sent")

    assert "\x1b" not in capsys.readouterr().err
