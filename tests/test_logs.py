"""What the product says while it works holds no address, no subject and no word of a mail, whatever goes wrong."""

from __future__ import annotations

import ast
import email
import email.header
import email.policy
import re
import shutil
import signal
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from machine import COACH, Machine
from servers.dovecot import PASSWORD, Dovecot
from servers.mailserver import Conduct, MailServer
from servers.scripted import Answer, ScriptedServer

import monitor

PACKAGE = Path(monitor.__file__).parent
DEMO = PACKAGE / "demo"
WORD = re.compile(r"[^\W\d_]{4,}")

# Modules that speak, and the words they speak with; those that know the words of mails are not among them.
SPEAKING = ("service", "cli", "pipelines", "reader", "store", "outbox", "credentials", "mailbox", "config", "errors.py")

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


def own_vocabulary() -> set[str]:
    """Every word that stands in the product's own messages and names."""
    words: set[str] = set()
    docstrings: set[str] = set()  # told to engineers, not to logs
    for part in SPEAKING:
        for file in [PACKAGE / part] if part.endswith(".py") else sorted((PACKAGE / part).rglob("*.py")):
            words.update(WORD.findall(file.stem.replace("_", " ").lower()))
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                match node:
                    case ast.Expr(value=ast.Constant(value=str(text))):
                        docstrings.add(text)
                    case ast.Constant(value=str(text)) if text not in docstrings:
                        words.update(WORD.findall(text.lower()))
                    case ast.ClassDef(name=name):
                        words.add(name.lower())
    return words


def nasty_mails() -> Iterator[bytes]:
    """Mails with a word of their own in every place from which one might get into a log."""
    whole = EmailMessage()
    whole["From"] = "Quaxelname <quaxellocal@quaxeldomain.example>"
    whole["To"] = f"Quaxelrecipient <{COACH}>, quaxelother@quaxelelse.example"
    whole["Subject"] = "Quaxelsubject für dich"
    whole["Message-ID"] = "<quaxelidentity@quaxelhost.example>"
    whole["In-Reply-To"] = "<quaxelparent@quaxelhost.example>"
    whole["Date"] = "Mon, 02 Mar 2026 09:54:51 +0100"
    whole.set_content("Quaxelbody, kannst du kurz über meine Website schauen?\n")
    whole.add_alternative("<p title='Quaxeltitle'>Quaxelhtml</p><script>Quaxelscript</script>", subtype="html")
    whole.add_attachment(b"Quaxelattached", "application", "pdf", filename="Quaxelfile.pdf")
    yield whole.as_bytes()
    head = b"From: quaxelwriter@quaxeldomain.example\r\nTo: " + COACH.encode() + b"\r\n"
    dated = head + b"Date: Mon, 02 Mar 2026 10:00:00 +0100\r\n"
    yield dated + b"Content-Type: text/plain; charset=x-quaxelcharset\r\n\r\nQuaxelunknown \xff\xfe\r\n"
    yield dated + b"Content-Type: multipart/mixed\r\n\r\nQuaxelboundary\r\n"
    yield dated + b"Content-Transfer-Encoding: quaxelencoding\r\n\r\nQuaxeltransfer\r\n"
    yield dated + b"Content-Transfer-Encoding: base64\r\n\r\nUXVheGVsYmFzZTY0!!=Quaxelcut\r\n"
    yield dated + b"Subject: =?utf-8?b?Quaxelbroken?= =?x-quaxel?q?Quaxelword?=\r\n\r\nQuaxeltext\r\n"
    yield head + b"Date: Quaxelday, 99 Quaxelmonth 20260 99:99\r\nSubject: Quaxeldateless\r\n\r\nQuaxelbody\r\n"
    yield b"Subject: Quaxelnobody\r\nFrom: Quaxel <>, quaxel@@quaxel\r\n\r\nQuaxelanonymous\r\n"
    yield b"Quaxelheader without colon\r\nQuaxelsecond\r\n\r\nQuaxelrest\r\n"
    yield b"\xff\xfe\x00Quaxelbinary\x00" * 300
    yield dated + b"Subject: " + b"Quaxellong " * 90_000 + b"\r\n\r\n" + b"Quaxelendless " * 90_000


def told_by(data: bytes) -> tuple[list[str], set[str]]:
    """Subject and texts of a mail, and its addresses and identities; read without any code of the product."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    texts = [str(email.header.make_header(email.header.decode_header(message.get("Subject", ""))))]
    for part in message.walk():
        if part.get_content_maintype() == "text":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            texts.append(content.decode(part.get_content_charset() or "utf-8", "replace"))
    people = {
        name
        for field in ("From", "To", "Cc", "Message-ID")
        for name in re.findall(r"[^\s<>,;\"]+@[^\s<>,;\"]+", str(message.get(field, "")))
    }
    return texts, people


def runs_of(text: str) -> set[tuple[str, ...]]:
    """Every run of four words, however common each of them is."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return set(zip(words, words[1:], words[2:], words[3:], strict=False))


@pytest.fixture(scope="module")
def mails() -> dict[str, list[bytes]]:
    """The demo's mails by their folder."""
    found = {
        folder: [file.read_bytes() for file in sorted((DEMO / "mailbox" / folder).glob("*.eml"))]
        for folder in ("INBOX", "Sent")
    }
    assert min(map(len, found.values())) > 100
    return found


def append(server: Dovecot, user: str, mails: dict[str, list[bytes]]) -> None:
    with server.session(user) as session:
        for folder, each in mails.items():
            for data in each:
                assert session.append(f'"{folder}"', "", "", re.sub(rb"\r?\n", b"\r\n", data))[0] == "OK"


def refused(machine: Machine, answers: dict[str, Answer]) -> str:
    """What is said about a server that explains itself with names and words."""
    with ScriptedServer(answers) as server:
        before = dict(machine.sections["mailbox"])
        machine.sections["mailbox"] |= {"host": server.host, "port": server.port, "security": "none"}
        done = machine.run("sync", debug=True)
        machine.sections["mailbox"] = before
    assert done.code == 1
    return done.err


def everything_said(
    machine: Machine, server: Dovecot, user: str, outbox: MailServer, mails: dict[str, list[bytes]]
) -> str:
    """Import, sync and serve, with everything that may go wrong, and return all that was said on stderr."""
    exported = machine.folder / "Quaxelexport"
    shutil.copytree(DEMO / "mailbox", exported)
    for number, data in enumerate(nasty_mails()):
        (exported / f"Quaxelfile-{number}.eml").write_bytes(data)
    said = []
    for _ in range(2):
        done = machine.run("import", exported, debug=True)
        assert done.code == 0
        said.append(done.err)

    labelled = {"Monitor/Sonderwunsch": mails["INBOX"][:6], "Monitor/Kein Klient": mails["INBOX"][6:9]}
    server.create(user, *labelled)
    append(server, user, {**mails, **labelled, "INBOX": [*mails["INBOX"], *nasty_mails()]})
    talk = f"Quaxelserver {COACH} Quaxelpassword"
    said += [
        refused(machine, {"LOGIN": f"{{tag}} NO [AUTHENTICATIONFAILED] {talk}\r\n"}),
        refused(machine, {"EXAMINE": f"{{tag}} NO [SERVERBUG] {talk}\r\n"}),
        refused(machine, {"LIST": f"* BYE {talk}\r\n{{end}}"}),
        refused(
            machine, {"UID SEARCH": f"* SEARCH Quaxel {talk}\r\n{{tag}} OK\r\n", "UID FETCH": f"{{tag}} BAD {talk}\r\n"}
        ),
    ]
    machine.owe_digest()
    outbox.conduct = Conduct.REFUSE
    service = machine.start(debug=True).watching(seconds=60)
    service.tell(signal.SIGHUP)
    service.watching(rounds=2)
    machine.trust_nobody()
    service.tell(signal.SIGHUP)
    service.until(lambda: "CertificateNotTrusted" in service.log(), 10, "a word about the certificate")
    assert service.stop() == 0
    assert outbox.tries == 1
    said.append(service.log())
    machine.trust(server.authority)
    machine.trust(outbox.authority)
    commands: tuple[tuple[str | Path, ...], ...] = (
        ("sync",), ("retrain",), ("retire",), ("digest",), ("digest", "--send"), ("status",), ("doctor",),
        ("clients",), ("clients", "discover"), ("clients", "show", "Georg"), ("export", "Georg"), ("model",),
        ("classify", exported), ("backup", machine.folder / "backup"),
    )  # fmt: skip
    said += [machine.run(*command, debug=True, seconds=300).err for command in commands]
    return "\n".join(said)


def test_a_whole_run_says_no_word_of_any_mail(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str, mailserver: MailServer, mails: dict[str, list[bytes]]
) -> None:
    at_work.sections["client"].append({"name": "Quaxelclient", "addresses": ["quaxellocal@quaxeldomain.example"]})

    said = everything_said(at_work, dovecot, mailbox_user, mailserver, mails)

    # It has been said enough to prove something.
    for event in ("taken in", "message quarantined", "digest put off", "round failed", "configuration reloaded"):
        assert event in said
    assert len(at_work.facts()) > 300
    private, people, runs = set[str](), {COACH, mailbox_user, PASSWORD}, set[tuple[str, ...]]()
    for data in (data for each in mails.values() for data in each):
        texts, names = told_by(data)
        private |= {word.lower() for text in texts for word in WORD.findall(text)}
        runs |= {run for text in texts for run in runs_of(text)}
        people |= names
    assert len(private) > 3000
    assert len(runs) > 10_000
    assert "quaxel" not in said.lower()
    assert [name for name in people if name.lower() in said.lower()] == []
    assert re.findall(r"\S+@\S+", said) == []
    assert "Traceback" not in said
    assert {word.lower() for word in WORD.findall(said)} & private - own_vocabulary() == set()
    assert runs_of(said) & runs == set()


@pytest.mark.parametrize(
    ("part", "event"),
    [
        ("reader", "unexpected end error=ValueError at="),
        ("chatter", "library warns kind=RuntimeWarning at="),
        ("chatter", "failure passed over error=ValueError at="),
        ("store", "unexpected failure"),
        ("letter", "unexpected failure"),
    ],
)
def test_a_crash_is_told_by_its_places_and_no_word(
    at_work: Machine, dovecot: Dovecot, mailbox_user: str, part: str, event: str
) -> None:
    at_work.sections["client"].append({"name": "Quaxelclient", "addresses": ["quaxellocal@quaxeldomain.example"]})
    append(dovecot, mailbox_user, {"INBOX": list(nasty_mails())[:7]})
    at_work.owe_digest()
    at_work.program = [sys.executable, str(Path(__file__).parent / "crashing.py"), part]

    service = at_work.start(debug=True).ready()
    service.until(lambda: event in service.log(), 60, "the crash")
    assert service.stop(seconds=15) == 0

    said = service.log() + at_work.run("status", debug=True).err
    assert re.search(r"at=\S+\.py:\d+", said)
    assert "Traceback" not in said
    assert re.findall(r"\S+@\S+", said) == []
    assert "quaxel" not in said.lower()


def test_the_vocabulary_is_not_that_of_the_mails(mails: dict[str, list[bytes]]) -> None:
    """Otherwise the test above would find nothing."""
    private = {word.lower() for data in mails["INBOX"] for text in told_by(data)[0] for word in WORD.findall(text)}

    assert len(private & own_vocabulary()) < len(private) / 8
