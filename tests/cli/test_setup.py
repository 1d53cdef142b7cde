"""``setup`` at a real terminal, against real servers on loopback: what a coach reads, answers and has afterwards."""

from __future__ import annotations

import json
import os
import re
import signal
import ssl
import stat
import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pexpect
import pytest
import servers
import trustme
from machine import CLIENT, COACH, Machine, Ran, mail, ran
from servers import dovecot as imap_server
from servers.dovecot import Dovecot
from servers.file_keyring import FILE
from servers.mailserver import MailServer
from servers.scripted import Answer, ScriptedServer
from servers.signin import CLIENT_ID, CODE, SignInService

pytestmark = pytest.mark.timeout(600)

GERMAN, ENGLISH = "de_DE.UTF-8", "en_GB.UTF-8"


class Desk:
    """A coach's desktop: a keyring, no configuration yet."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.file = machine.folder / "home" / "config.toml"
        self.keyring = machine.folder / "keyring.json"
        self.path = os.environ["PATH"]

    def environment(self, locale: str) -> dict[str, str]:
        kept = {name: value for name, value in self.machine.environment.items() if name != "CREDENTIALS_DIRECTORY"}
        return {
            **kept,
            "LANG": locale,
            "PATH": self.path,
            "PYTHON_KEYRING_BACKEND": "file_keyring.FileKeyring",
            "PYTHONPATH": str(Path(servers.__path__[0])),
            FILE: str(self.keyring),
            "COLUMNS": "100",
            "TERM": "xterm",
        }

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "monitor", "--config", str(self.file), *arguments]

    def sit_down(self, *arguments: str, locale: str = GERMAN) -> pexpect.spawn[str]:
        """Start setup at a terminal."""
        command = self.command("setup", *arguments)
        return pexpect.spawn(
            command[0],
            command[1:],
            env=self.environment(locale),
            cwd=str(self.machine.folder),
            encoding="utf-8",
            timeout=120,
            dimensions=(50, 200),
            # Whoever starts the tests in the background has them ignore Ctrl-C, and their children with them.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )

    def run(self, *arguments: str, locale: str = GERMAN) -> Ran:
        """Run a command where nobody can be asked."""
        return ran(self.command(*arguments), self.environment(locale), self.machine.folder, 120)

    def configuration(self) -> dict[str, Any]:
        return tomllib.loads(self.file.read_text(encoding="utf-8"))

    def secrets(self) -> dict[str, str]:
        return dict(json.loads(self.keyring.read_text())) if self.keyring.exists() else {}


@pytest.fixture
def desk(machine: Machine) -> Desk:
    return Desk(machine)


def at_the_end(child: pexpect.spawn[str], code: int = 0) -> str:
    """What was said last, once the program has ended with that code."""
    child.expect(pexpect.EOF)
    child.wait()  # the terminal is let go of a moment before the end
    child.close()
    assert child.exitstatus == code, child.before
    return str(child.before)


def dialogue(child: pexpect.spawn[str], *turns: tuple[str, str | None]) -> None:
    """Wait for each text in turn, and answer it; None answers nothing."""
    for said, answer in turns:
        child.expect(said)
        if answer is not None:
            child.sendline(answer)


def put_mails(server: Dovecot, user: str, sent: str = "Sent") -> None:
    """A correspondence in both directions."""
    now = datetime.now(UTC)
    for days in (20, 12, 5):
        server.deliver(user, "INBOX", mail(sent_at=now - timedelta(days=days))[0])
        server.deliver(user, sent, mail(sender=COACH, to=CLIENT, sent_at=now - timedelta(days=days - 1))[0])


def test_a_coach_with_an_own_server_is_guided_in_german_to_the_first_letter(
    desk: Desk, dovecot: Dovecot, mailserver: MailServer, mailbox_user: str
) -> None:
    put_mails(dovecot, mailbox_user)
    desk.machine.trust(dovecot.authority)
    desk.machine.trust(mailserver.authority)

    child = desk.sit_down("--service", "none")
    dialogue(
        child,
        (r"Sprache / Language \(de, en\) \[de\]: ", ""),
        ("Ihre Mailadresse: ", COACH),
        (r"nichts bekannt", None),
        (r"Server zum Lesen \(IMAP\): ", f"{dovecot.host}:{dovecot.tls_port} tls"),
        (r"Server zum Senden \(SMTP\): ", f"{mailserver.host}:{mailserver.port} tls"),
        ("Benutzername ", mailbox_user),
        ("Passwort .*: ", imap_server.PASSWORD),
        (r"Lesen geht: In INBOX liegen 3 Mails, in Sent 3\.", None),
        ("nimmt Benutzer und Passwort für das Senden nicht an", None),
        ("eigenes Passwort", None),
        ("Passwort .*: ", mailserver.password),
        ("Senden geht", None),
        (r"Ihr Name \[Jana\]: ", "Jana Weber"),
        ("Ihre Zeitzone ", "Europe/Berlin"),
        ("Ihre Feiertage", "DE-BY"),
        ("Passwort liegt im Schlüsselbund", None),
        (r"Sonderwunsch, Außerhalb, Im Rahmen, Kein Klient.*Diese Ordner anlegen\? \[j/N\] ", "j"),
        ("Ordner angelegt: 4", None),
        (r"Jetzt lesen\? \[J/n\] ", ""),
        (r"6 Mails gelesen, 6 neu, 0 unlesbar\.", None),
        (r" 1 +prantl-moebel\.example: 3 erhalten, 3 gesendet", None),
        ("Nummern", "1"),
        (f"Name zu {CLIENT} ", "Georg Prantl"),
        (r"Den heutigen Brief an .* senden\? \[J/n\] ", "j"),
        ("Der Brief ist unterwegs", None),
        ("Alles ist eingerichtet", None),
    )
    at_the_end(child)

    written = desk.configuration()
    assert written["client"] == [{"name": "Georg Prantl", "addresses": [CLIENT]}]
    assert written["coach"]["holidays"] == "DE-BY"
    assert stat.S_IMODE(desk.file.stat().st_mode) == 0o600
    assert imap_server.PASSWORD not in desk.file.read_text()
    assert "# Wer Sie sind" in desk.file.read_text()
    assert desk.secrets() == {
        f"client-monitor.imap/{mailbox_user}": imap_server.PASSWORD,
        f"client-monitor.smtp/{mailbox_user}": mailserver.password,
    }
    assert [letter.recipients for letter in mailserver.letters] == [(COACH,)]
    with dovecot.session(mailbox_user) as session:
        assert len(session.list("Monitor/", "*")[1]) == 4

    done = desk.run("doctor")
    assert done.code == 0, done.out
    assert "Alles ist in Ordnung." in done.out
    assert "Monitor" in done.out


def test_a_namespace_below_inbox_is_found_and_obeyed(
    desk: Desk, own_dovecot: Callable[..., Dovecot], mailserver: MailServer, mailbox_user: str
) -> None:
    server = own_dovecot(prefix="INBOX.", separator=".", sent="Sent")
    put_mails(server, mailbox_user, "INBOX.Sent")
    desk.machine.trust(server.authority)
    desk.machine.trust(mailserver.authority)
    mailserver.password = imap_server.PASSWORD

    child = desk.sit_down("--service", "none", "--no-test-digest", locale=ENGLISH)
    dialogue(
        child,
        (r"Sprache / Language \(de, en\) \[en\]: ", "en"),
        ("Your mail address: ", "nonsense"),
        ("nonsense is no mail address. Write it like", None),
        ("Your mail address: ", COACH),
        (r"Server for reading \(IMAP\): ", f"{server.host}:{server.tls_port} tls"),
        (r"Server for sending \(SMTP\): ", f"{mailserver.host}:{mailserver.port} tls"),
        ("User name ", mailbox_user),
        ("Password .*: ", imap_server.PASSWORD),
        (r"Reading works: INBOX holds 3 messages, INBOX\.Sent 3\.", None),
        ("Sending works", None),
        (r"Your name \[Jana\]: ", ""),
        ("Your time zone ", ""),
        ("Your public holidays", ""),
        (r"Make these folders\? \[y/N\] ", "y"),
        ("Folders made: 4", None),
        (r"Read now\? \[Y/n\] ", "n"),
        ("All is set up", None),
    )
    at_the_end(child)

    with server.session(mailbox_user) as session:
        listed = b"\n".join(line for line in session.list("INBOX.Monitor.", "*")[1] if isinstance(line, bytes))
        subscribed = b"\n".join(line for line in session.lsub("INBOX.Monitor.", "*")[1] if isinstance(line, bytes))
    for name in (b"INBOX.Monitor.Extra work", b"INBOX.Monitor.In scope"):
        assert name in listed
        assert name in subscribed
    assert desk.configuration()["coach"]["language"] == "en"
    assert "client" not in desk.configuration()


def test_microsoft_is_signed_in_to_with_a_code(
    desk: Desk,
    own_dovecot: Callable[..., Dovecot],
    mailserver: MailServer,
    signin: SignInService,
    mailbox_user: str,
) -> None:
    server = own_dovecot(introspection=signin.introspection)
    put_mails(server, mailbox_user)
    mailserver.accepts_token = lambda token: token in signin.accepted
    for authority in (server.authority, mailserver.authority, signin.authority_file):
        desk.machine.trust(authority)

    child = desk.sit_down(
        *("--address", COACH, "--imap", f"{server.host}:{server.tls_port} tls", "--imap-user", mailbox_user),
        *("--smtp", f"{mailserver.host}:{mailserver.port} tls", "--auth", "oauth2", "--authority", signin.authority),
        *("--service", "none", "--no-folders", "--no-first-look"),
    )
    dialogue(
        child,
        ("Sprache", "de"),
        ("Ihre Mailadresse ", ""),
        ("Client-ID der App-Registrierung: ", CLIENT_ID),
        (f"https://signin.example/device .*{CODE}", None),
        ("Lesen geht: In INBOX liegen 3 Mails", None),
        ("Senden geht", None),
        ("Ihr Name", ""),
        ("Ihre Zeitzone", ""),
        ("Ihre Feiertage", ""),
        ("Ihre Anmeldung liegt neben dem Speicher", None),
        (r"Den heutigen Brief an .* senden\?", "j"),
        ("unterwegs", None),
    )
    at_the_end(child)

    written = desk.configuration()
    assert written["oauth2"] == {"client_id": CLIENT_ID, "authority": signin.authority}
    assert written["mailbox"]["auth"] == written["outbox"]["auth"] == "oauth2"
    assert desk.secrets() == {}
    assert {file.name for file in desk.machine.state.glob("oauth2*.json")} == {"oauth2.json"}
    assert len(mailserver.letters) == 1
    done = desk.run("doctor", "--format", "json")
    assert done.code == 0, done.out
    sign_in = next(check for check in json.loads(done.out)["checks"] if check["check"] == "sign_in")
    assert "Angemeldet vor 0 Tagen" in sign_in["told"]

    again = desk.sit_down("--service", "none", "--no-folders", "--no-first-look", "--no-test-digest")
    dialogue(
        again,
        ("Ihre Mailadresse", ""),
        (r"Bei diesen Servern bleiben\?", ""),
        ("Client-ID der App-Registrierung ", ""),
        (r"Sie sind von früher angemeldet\. Dabei bleiben\? \[J/n\] ", ""),
        ("Lesen geht", None),
        ("Name", ""),
        ("Zeitzone", ""),
        ("Feiertage", ""),
    )
    at_the_end(again)
    assert {file.name for file in desk.machine.state.glob("oauth2*.json")} == {"oauth2.json"}


def tls_server(desk: Desk, folder: Path, answers: dict[str, Answer]) -> ScriptedServer:
    """A server that says what a test has written down, in TLS that this machine trusts."""
    issuer = trustme.CA()
    issuer.cert_pem.write_to_path(folder / "scripted.pem")
    desk.machine.trust(folder / "scripted.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    issuer.issue_cert("127.0.0.1").configure_cert(context)
    return ScriptedServer(answers, context=context)


@pytest.fixture
def refusing(desk: Desk, tmp_path: Path) -> Iterator[ScriptedServer]:
    """A server that wants an app password, in the words of a large provider."""
    words = "{tag} NO [ALERT] Application-specific password required: https://support.example/185833 (Failure)\r\n"
    with tls_server(desk, tmp_path, {"LOGIN": words}) as server:
        yield server


def test_a_refusal_is_answered_in_german_with_what_helps_and_nothing_is_kept(
    desk: Desk, refusing: ScriptedServer, mailserver: MailServer
) -> None:
    child = desk.sit_down(
        *("--address", COACH, "--imap", f"{refusing.host}:{refusing.port} tls", "--language", "de"),
        *("--smtp", f"{mailserver.host}:{mailserver.port} tls"),
    )
    refused = (
        r"nimmt Benutzer und Passwort nicht an\.\s+127\.0\.0\.1 verlangt statt des\s+Passworts Ihres Kontos ein App-"
    )
    dialogue(
        child,
        ("Ihre Mailadresse ", ""),
        ("Passwort .*: ", "falsch"),
        (refused, None),
        ("Passwort .*: ", "noch falscher"),
        (refused, None),
        ("Passwort .*: ", "ganz falsch"),
    )
    said = at_the_end(child, 1)

    assert "App-Passwort" in said
    assert "client-monitor: " in said
    assert "falsch" not in re.sub(r"\s", "", said)
    assert not desk.file.exists()
    assert desk.secrets() == {}


def test_a_provider_that_allows_no_further_folder_does_not_stop_setup(
    desk: Desk, mailserver: MailServer, tmp_path: Path
) -> None:
    listing = '* LIST () "/" INBOX\r\n* LIST (\\Sent) "/" Gesendet\r\n{tag} OK\r\n'
    answers = {"LIST": listing, "CREATE": "{tag} NO [LIMIT] Maximale Anzahl von Ordnern erreicht\r\n"}
    with tls_server(desk, tmp_path, answers) as server:
        desk.machine.trust(mailserver.authority)
        (tmp_path / "password").write_text(mailserver.password)
        done = desk.run(
            *("setup", "--no-input", "--language", "de", "--address", COACH, "--folders"),
            *("--imap", f"{server.host}:{server.port} tls", "--smtp", f"{mailserver.host}:{mailserver.port} tls"),
            *("--password-file", str(tmp_path / "password")),
        )

    assert done.code == 0, done.err
    assert "etwa zwanzig Ordner" in done.err
    assert "Ordner angelegt: 0" in done.err
    assert desk.file.exists()


def test_a_folder_of_sent_mail_that_is_not_recognised_is_chosen_from_a_list(
    desk: Desk, own_dovecot: Callable[..., Dovecot], mailserver: MailServer, mailbox_user: str
) -> None:
    server = own_dovecot(sent=None)
    server.create(mailbox_user, "Ablage")
    put_mails(server, mailbox_user, "Ausgang/Weg")
    desk.machine.trust(server.authority)
    desk.machine.trust(mailserver.authority)
    mailserver.password = imap_server.PASSWORD

    child = desk.sit_down(
        *("--address", COACH, "--imap", f"{server.host}:{server.tls_port}", "--imap-user", mailbox_user),
        *("--smtp", f"{mailserver.host}:{mailserver.port}", "--language", "de", "--service", "none", "--no-folders"),
        *("--no-first-look", "--no-test-digest"),
    )
    dialogue(child, ("Mailadresse", ""), ("Passwort .*: ", imap_server.PASSWORD))
    child.expect(r" (\d)  Ausgang/Weg")
    number = child.match.group(1)
    dialogue(
        child,
        ("In welchem dieser Ordner liegen die Mails, die Sie senden", "99"),
        ("nicht dabei", None),
        ("In welchem", number),
        ("in Ausgang/Weg 3", None),
        ("Name", ""),
        ("Zeitzone", ""),
        ("Feiertage", ""),
    )
    at_the_end(child)

    assert desk.configuration()["mailbox"]["sent"] == "Ausgang/Weg"


@pytest.mark.parametrize("upto", ["Ihre Mailadresse ", "Passwort .*: ", "Ihr Name"])
def test_an_interruption_before_the_end_of_the_questions_leaves_nothing(
    desk: Desk, dovecot: Dovecot, mailserver: MailServer, mailbox_user: str, upto: str
) -> None:
    desk.machine.trust(dovecot.authority)
    desk.machine.trust(mailserver.authority)
    mailserver.password = imap_server.PASSWORD
    child = desk.sit_down(
        *("--address", COACH, "--imap", f"{dovecot.host}:{dovecot.tls_port}", "--imap-user", mailbox_user),
        *("--smtp", f"{mailserver.host}:{mailserver.port}", "--language", "de"),
    )
    for question, answer in (("Ihre Mailadresse ", ""), ("Passwort .*: ", imap_server.PASSWORD), ("Ihr Name", "")):
        child.expect(question)
        if question == upto:
            break
        child.sendline(answer)
    child.sendintr()

    said = at_the_end(child, 130)
    assert "Abgebrochen. Aufbewahrt wurde nichts." in said
    assert not desk.file.exists()
    assert desk.secrets() == {}
    assert list(desk.machine.state.iterdir()) == [desk.machine.state / "models"]


def setup_without_questions(
    desk: Desk, dovecot: Dovecot, mailserver: MailServer, user: str, *more: str, locale: str = ENGLISH
) -> Ran:
    (desk.machine.folder / "password").write_text(f"{imap_server.PASSWORD}\n")
    mailserver.password = imap_server.PASSWORD
    desk.machine.trust(dovecot.authority)
    desk.machine.trust(mailserver.authority)
    return desk.run(
        *("setup", "--no-input", "--address", COACH, "--password-file", str(desk.machine.folder / "password")),
        *("--imap", f"{dovecot.host}:{dovecot.tls_port} tls", "--imap-user", user),
        *("--smtp", f"{mailserver.host}:{mailserver.port} tls", *more),
        locale=locale,
    )


def test_without_questions_only_what_the_flags_ask_for_is_done(
    desk: Desk, dovecot: Dovecot, mailserver: MailServer, mailbox_user: str
) -> None:
    put_mails(dovecot, mailbox_user)

    done = setup_without_questions(desk, dovecot, mailserver, mailbox_user)

    assert done.code == 0, done.err
    assert done.out == ""
    assert mailserver.letters == []
    with dovecot.session(mailbox_user) as session:
        assert session.list('""', "Monitor*")[1] == [None]
    assert not (desk.machine.state / "store.db").exists()
    assert imap_server.PASSWORD not in done.err


def test_a_second_run_offers_what_is_there_and_keeps_what_the_coach_wrote(
    desk: Desk, dovecot: Dovecot, mailserver: MailServer, mailbox_user: str
) -> None:
    put_mails(dovecot, mailbox_user)
    assert setup_without_questions(desk, dovecot, mailserver, mailbox_user, "--language", "de").code == 0
    text = desk.file.read_text() + "\n[agreement]\nreply_within_days = 2  # so ist es ausgemacht\n"
    desk.file.write_text(text)

    child = desk.sit_down("--service", "none", "--no-folders", "--no-test-digest")
    dialogue(
        child,
        (rf"Ihre Mailadresse \[{COACH}\]: ", ""),
        (rf"Bisher: {dovecot.host}:{dovecot.tls_port} tls", None),
        (r"Bei diesen Servern bleiben\? \[J/n\] ", ""),
        (r"Ein Passwort liegt von früher vor\. Verwenden\? \[J/n\] ", ""),
        ("Lesen geht", None),
        (r"Ihr Name \[Jana\]: ", "Jana Weber"),
        ("Ihre Zeitzone", ""),
        ("Ihre Feiertage", ""),
        (r"Jetzt lesen\?", "j"),
        ("Nummern", ""),
    )
    at_the_end(child)

    assert desk.file.read_text() == text.replace('name = "Jana"', 'name = "Jana Weber"')
    assert len(desk.machine.facts()) == 6


def test_an_interrupted_first_look_leaves_a_configuration_that_works(
    desk: Desk, dovecot: Dovecot, mailserver: MailServer, mailbox_user: str
) -> None:
    put_mails(dovecot, mailbox_user)
    assert setup_without_questions(desk, dovecot, mailserver, mailbox_user, "--language", "de").code == 0

    child = desk.sit_down("--service", "none", "--no-folders", "--first-look")
    dialogue(
        child,
        ("Mailadresse", ""),
        ("Servern", ""),
        ("Verwenden", ""),
        ("Name", ""),
        ("Zeitzone", ""),
        ("Feiertage", ""),
    )
    child.expect("Der erste Blick liest")
    child.sendintr()

    said = at_the_end(child, 130)
    assert "client-monitor setup macht dort weiter" in said
    assert desk.run("sync").code == 0
    assert len(desk.machine.facts()) == 6


SYSTEMCTL = """#!/bin/sh
echo "$@" >> "{told}"
case "$*" in *{refuse}*) exit 1 ;; esac
"""


@pytest.mark.parametrize("refuse", ["nothing-at-all", "restart"])
def test_a_users_own_systemd_is_given_the_shipped_unit_and_told_to_start_it(
    desk: Desk, dovecot: Dovecot, mailserver: MailServer, mailbox_user: str, tmp_path: Path, refuse: str
) -> None:
    told = tmp_path / "told"
    script = tmp_path / "bin" / "systemctl"
    script.parent.mkdir()
    script.write_text(SYSTEMCTL.format(told=told, refuse=refuse))
    script.chmod(0o755)
    desk.path = f"{script.parent}:{os.environ['PATH']}"

    done = setup_without_questions(desk, dovecot, mailserver, mailbox_user, "--service", "user")

    assert done.code == (1 if refuse == "restart" else 0), done.err
    units = desk.machine.folder / "home/.config/systemd/user"
    assert "Type=notify" in (units / "client-monitor.service").read_text()
    program = Path(sys.executable).parent / "client-monitor"
    fitted = (units / "client-monitor.service.d/10-setup.conf").read_text()
    assert f"ExecStart={program} --config {desk.file} run" in fitted
    asked = told.read_text().splitlines()
    assert asked[:2] == ["--user daemon-reload", "--user enable client-monitor.service"]
    assert asked[2] == "--user restart client-monitor.service"
    assert ("journalctl --user -u client-monitor" in done.err) is (refuse == "restart")
    assert desk.file.exists()


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ((), "--address"),
        (("--address", "nonsense"), "no mail address"),
        (("--address", COACH), "--imap"),
        (("--address", COACH, "--imap", "imap.example:99999", "--smtp", "smtp.example"), "no server"),
        (("--address", COACH, "--imap", "imap.example", "--smtp", "smtp.example"), "--password-file"),
        (("--address", COACH, "--password-file", "missing"), "cannot be read"),
    ],
)
def test_without_questions_a_missing_answer_names_its_flag(desk: Desk, flags: tuple[str, ...], said: str) -> None:
    done = desk.run("setup", "--no-input", "--language", "en", *flags)

    assert done.code == 2
    assert said in done.err
    assert not desk.file.exists()


def test_without_a_keyring_setup_says_so_before_it_asks_for_a_password(desk: Desk) -> None:
    environment = {**desk.environment(ENGLISH), "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    flags = ("--no-input", "--address", COACH, "--imap", "imap.example", "--smtp", "smtp.example")

    done = ran(desk.command("setup", *flags), environment, desk.machine.folder)

    assert done.code == 78
    assert "no keyring" in done.err
    assert "sudo" in done.err


def test_the_first_one_after_ctrl_d_is_told(desk: Desk) -> None:
    child = desk.sit_down("--language", "de")
    child.expect("Ihre Mailadresse")
    child.sendeof()

    assert "an einem Terminal oder durch Optionen" in at_the_end(child, 2)
    assert os.listdir(desk.machine.folder / "home") == []
