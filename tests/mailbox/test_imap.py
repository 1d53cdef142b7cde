"""Reading a mailbox on a real server, and leaving it as it was."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from servers.dovecot import PASSWORD, UMLAUT_PASSWORD, Dovecot

from monitor.errors import (
    CertificateNotTrusted,
    ConfigurationError,
    FolderMissing,
    LoginRefused,
    MailboxError,
)
from monitor.mailbox.folders import Folder
from monitor.mailbox.imap import Mailbox, MailboxAccess, connect
from monitor.mailbox.raw_message import RawMessage

INBOX = Folder("INBOX", "/", frozenset())
FIVE_MEGABYTES = os.urandom(5_000_000)


def letter(
    text: str = "Hast du kurz Zeit?",
    html: str = "",
    attached: bytes = b"",
    header: dict[str, str] | None = None,
) -> bytes:
    message = EmailMessage()
    for name, value in {
        "From": "Georg <georg@prantl.example>",
        "To": "jana@weber.example",
        **(header or {}),
    }.items():
        message[name] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    if attached:
        message.add_attachment(attached, "application", "pdf", filename="plan.pdf")
    return message.as_bytes()


def opened(server: Dovecot, user: str, **access: object) -> Mailbox:
    """A connection in the clear, unless said otherwise."""
    settings = {"host": server.host, "port": server.port, "security": "none", "user": user, **access}
    return connect(MailboxAccess(**settings), PASSWORD)  # type: ignore[arg-type]


def read(mailbox: Mailbox, folder: Folder = INBOX, after: int = 0) -> list[RawMessage]:
    mailbox.examine(folder)
    found = list(mailbox.fetch(mailbox.uids_after(after)))
    assert all(isinstance(each, RawMessage) for each in found)
    return [each for each in found if isinstance(each, RawMessage)]


def test_a_message_comes_with_header_texts_arrival_and_place(dovecot: Dovecot, mailbox_user: str) -> None:
    dovecot.deliver(mailbox_user, "INBOX", letter("Grüße\n", "<p>Grüße</p>", header={"Subject": "Frage"}))

    with opened(dovecot, mailbox_user) as mailbox:
        state = mailbox.examine(INBOX)
        (message,) = read(mailbox)

    assert b"Subject: Frage\r\n" in message.header
    assert [(part.subtype, part.charset, part.encoding) for part in message.parts] == [
        ("plain", "utf-8", "8bit"),
        ("html", "utf-8", "8bit"),
    ]
    assert message.parts[0].body == "Grüße\r\n".encode()
    assert message.received_at is not None
    assert abs(datetime.now(UTC) - message.received_at) < timedelta(minutes=1)
    assert message.place is not None
    assert (message.place.folder, message.place.uidvalidity, message.place.uid) == (
        "INBOX",
        state.uidvalidity,
        1,
    )
    assert (state.messages, state.uidnext) == (1, 2)


def test_reading_leaves_every_flag_as_it_was(dovecot: Dovecot, mailbox_user: str) -> None:
    dovecot.deliver(mailbox_user, "INBOX", letter())
    dovecot.deliver(mailbox_user, "INBOX", letter(), ("\\Seen", "\\Flagged", "wichtig"))
    before = dovecot.flags(mailbox_user, "INBOX")

    with opened(dovecot, mailbox_user) as mailbox:
        assert len(read(mailbox)) == 2

    assert dovecot.flags(mailbox_user, "INBOX") == before
    assert before == {1: frozenset(), 2: frozenset({"\\Seen", "\\Flagged", "wichtig"})}


def test_attachments_stay_on_the_server(dovecot: Dovecot, mailbox_user: str) -> None:
    dovecot.deliver(mailbox_user, "INBOX", letter("Anbei der Plan.\n", attached=FIVE_MEGABYTES))
    dovecot.listen(mailbox_user)

    with opened(dovecot, mailbox_user) as mailbox:
        (message,) = read(mailbox)

    assert [part.body for part in message.parts] == [b"Anbei der Plan.\r\n"]
    assert dovecot.heard(mailbox_user).answered < 10_000


def test_a_forwarded_mail_is_not_read_as_the_senders_words(dovecot: Dovecot, mailbox_user: str) -> None:
    inner, outer = EmailMessage(), EmailMessage()
    inner.set_content("Kannst du meine Website machen?")
    outer.set_content("Zur Kenntnis.")
    outer.add_attachment(inner)
    dovecot.deliver(mailbox_user, "INBOX", outer.as_bytes())

    with opened(dovecot, mailbox_user) as mailbox:
        (message,) = read(mailbox)

    assert [part.body for part in message.parts] == [b"Zur Kenntnis.\r\n"]


def test_endless_texts_and_headers_are_cut(dovecot: Dovecot, mailbox_user: str) -> None:
    dovecot.deliver(mailbox_user, "INBOX", b"Subject:" + b" nein\r\n" * 100_000 + b"\r\n" + b"ja\r\n" * 400_000)

    with opened(dovecot, mailbox_user) as mailbox:
        (message,) = read(mailbox)

    assert len(message.header) == 262_144
    assert len(message.parts[0].body) == 524_288


def test_many_messages_take_few_questions(dovecot: Dovecot, mailbox_user: str) -> None:
    with dovecot.session(mailbox_user) as session:
        for number in range(20):
            for raw in (letter(f"{number}"), letter(f"{number}", "<p>"), letter(f"{number}", attached=b"x")):
                session.append("INBOX", "", "", raw)
    dovecot.listen(mailbox_user)

    with opened(dovecot, mailbox_user) as mailbox:
        found = read(mailbox)

    assert [message.place.uid for message in found if message.place] == list(range(1, 61))
    assert [message.parts[0].body.strip() for message in found[::3]] == [b"%d" % n for n in range(20)]
    # One for all headers and structures; "1", "1 and 2" and "1.1" are the part lists.
    assert sum(line.startswith("UID FETCH") for line in dovecot.heard(mailbox_user).commands) <= 4


def test_only_newer_messages_are_named_in_ascending_order(dovecot: Dovecot, mailbox_user: str) -> None:
    for _ in range(3):
        dovecot.deliver(mailbox_user, "INBOX", letter())

    with opened(dovecot, mailbox_user) as mailbox:
        mailbox.examine(INBOX)
        assert mailbox.uids_after(0) == [1, 2, 3]
        assert mailbox.uids_after(1) == [2, 3]
        assert mailbox.uids_after(3) == []
        assert mailbox.uids_after(2**32 - 1) == []


def test_an_empty_folder_is_read_as_such(dovecot: Dovecot, mailbox_user: str) -> None:
    with opened(dovecot, mailbox_user) as mailbox:
        assert mailbox.examine(INBOX).messages == 0
        assert mailbox.uids_after(0) == []
        assert list(mailbox.fetch([])) == []


def test_messages_that_vanish_meanwhile_are_passed_over(dovecot: Dovecot, mailbox_user: str) -> None:
    for number in range(3):
        dovecot.deliver(mailbox_user, "INBOX", letter(f"{number}"))

    with opened(dovecot, mailbox_user) as mailbox:
        mailbox.examine(INBOX)
        uids = mailbox.uids_after(0)
        with dovecot.session(mailbox_user) as session:
            session.select("INBOX")
            session.uid("STORE", "2", "+FLAGS", "(\\Deleted)")
            session.expunge()
        found = list(mailbox.fetch([*uids, 99]))

    assert [(type(each), each.place.uid) for each in found if each.place] == [
        (RawMessage, 1),
        (RawMessage, 3),
    ]


def test_a_folder_that_was_made_anew_has_another_validity(dovecot: Dovecot, mailbox_user: str) -> None:
    dovecot.deliver(mailbox_user, "Monitor/Termin", letter())
    folder = Folder("Monitor/Termin", "/", frozenset())

    with opened(dovecot, mailbox_user) as mailbox:
        before = mailbox.examine(folder)
        mailbox.examine(INBOX)
        with dovecot.session(mailbox_user) as session:
            session.delete("Monitor/Termin")
        dovecot.deliver(mailbox_user, "Monitor/Termin", letter())
        after = mailbox.examine(folder)

    assert (before.messages, after.messages) == (1, 1)
    assert before.uidvalidity != after.uidvalidity


def test_new_mail_ends_the_wait(dovecot_trusted: Dovecot, mailbox_user: str) -> None:
    delivery = threading.Timer(0.2, dovecot_trusted.deliver, (mailbox_user, "INBOX", letter()))

    with opened(dovecot_trusted, mailbox_user, port=dovecot_trusted.tls_port, security="tls") as mailbox:
        mailbox.examine(INBOX)
        delivery.start()
        begun = time.monotonic()
        assert mailbox.wait(10)
        assert time.monotonic() - begun < 2
        assert len(read(mailbox)) == 1


def test_a_wait_ends_when_the_time_is_over_or_somebody_wakes(dovecot: Dovecot, mailbox_user: str) -> None:
    ear, mouth = os.pipe()
    with opened(dovecot, mailbox_user) as mailbox:
        mailbox.examine(INBOX)
        assert not mailbox.wait(0.05, ear)
        os.write(mouth, b"!")
        begun = time.monotonic()
        assert not mailbox.wait(10, ear)
        assert time.monotonic() - begun < 1
        assert os.read(ear, 1) == b"!"
        assert mailbox.examine(INBOX).messages == 0
    os.close(ear)
    os.close(mouth)


def test_a_server_that_stops_is_told_and_its_mail_is_there_afterwards(
    own_dovecot: Callable[..., Dovecot], mailbox_user: str
) -> None:
    server = own_dovecot()
    server.deliver(mailbox_user, "INBOX", letter())

    with opened(server, mailbox_user) as mailbox:
        mailbox.examine(INBOX)
        stop = threading.Timer(0.1, server.stop)
        stop.start()
        with pytest.raises(MailboxError):
            mailbox.wait(10)
        stop.join()
        with pytest.raises(MailboxError):
            mailbox.uids_after(0)
        with pytest.raises(MailboxError, match="cannot be reached"):
            opened(server, mailbox_user)

    server.start()
    with opened(server, mailbox_user) as mailbox:
        assert len(read(mailbox)) == 1


def test_a_wrong_password_is_refused_without_telling_who(dovecot: Dovecot, mailbox_user: str) -> None:
    access = MailboxAccess(dovecot.host, dovecot.port, "none", mailbox_user)

    with pytest.raises(LoginRefused) as refused:
        connect(access, "falsch")

    assert "does not accept" in str(refused.value)
    assert mailbox_user not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_password_may_have_umlauts(dovecot: Dovecot, mailbox_user: str) -> None:
    with connect(MailboxAccess(dovecot.host, dovecot.port, "none", mailbox_user), UMLAUT_PASSWORD) as mailbox:
        assert mailbox.folders()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_of_an_unknown_authority_is_not_trusted(
    dovecot: Dovecot, mailbox_user: str, security: str
) -> None:
    port = dovecot.tls_port if security == "tls" else dovecot.port
    with pytest.raises(CertificateNotTrusted, match="SSL_CERT_FILE"):
        opened(dovecot, mailbox_user, port=port, security=security)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_both_ways_of_encryption_lead_to_the_mail(dovecot_trusted: Dovecot, mailbox_user: str, security: str) -> None:
    dovecot_trusted.deliver(mailbox_user, "INBOX", letter())
    port = dovecot_trusted.tls_port if security == "tls" else dovecot_trusted.port

    with opened(dovecot_trusted, mailbox_user, port=port, security=security) as mailbox:
        assert len(read(mailbox)) == 1

    logins = [line for line in dovecot_trusted.log().splitlines() if f"Login: user=<{mailbox_user}>" in line]
    assert ", TLS, " in logins[-1]


def test_encryption_on_the_wrong_port_is_told(dovecot: Dovecot, mailbox_user: str) -> None:
    with pytest.raises(MailboxError, match="encrypted connection"):
        opened(dovecot, mailbox_user, security="tls")


def test_an_unencrypted_connection_to_another_machine_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="not be encrypted"):
        connect(MailboxAccess("imap.example", 143, "none", "jana"), PASSWORD)


def test_a_host_that_does_not_exist_is_told() -> None:
    with pytest.raises(MailboxError, match="is not found"):
        connect(MailboxAccess("imap.invalid", 993, "tls", "jana"), PASSWORD)


@pytest.mark.parametrize(("prefix", "separator"), [("INBOX.", "."), ("INBOX/", "/")])
def test_folders_below_the_inbox_are_found(
    own_dovecot: Callable[..., Dovecot], mailbox_user: str, prefix: str, separator: str
) -> None:
    server = own_dovecot(prefix, separator, sent=None)
    labelled = f"{prefix}Monitor{separator}Außerhalb"
    server.deliver(mailbox_user, f"{prefix}Gesendete Objekte", letter("Gerne"))
    server.deliver(mailbox_user, labelled, letter())

    with opened(server, mailbox_user) as mailbox:
        assert mailbox.sent().name == f"{prefix}Gesendete Objekte"
        assert len(read(mailbox, mailbox.sent())) == 1
        assert [folder.leaf for folder in mailbox.below("monitor")] == ["Außerhalb"]
        assert len(read(mailbox, mailbox.below("Monitor")[0])) == 1
        assert mailbox.inbox().name == "INBOX"


def test_sent_mail_may_lie_in_a_folder_with_umlauts(dovecot: Dovecot, mailbox_user: str) -> None:
    dovecot.deliver(mailbox_user, "Büro/Erledigtes & Übriges", letter())

    with opened(dovecot, mailbox_user, sent="büro/erledigtes & ubriges") as mailbox:
        assert mailbox.sent().name == "Büro/Erledigtes & Übriges"
        assert len(read(mailbox, mailbox.sent())) == 1


def test_the_folder_that_the_server_marks_for_sent_mail_is_taken(
    own_dovecot: Callable[..., Dovecot], dovecot: Dovecot, mailbox_user: str
) -> None:
    with opened(own_dovecot(sent="Éléments Élus"), mailbox_user) as mailbox:
        assert mailbox.sent().leaf == "Éléments Élus"
        assert mailbox.examine(mailbox.sent()).messages == 0
    with opened(dovecot, mailbox_user) as mailbox:
        assert mailbox.sent().name == "Sent"


def test_missing_folders_are_told_with_the_key_to_correct(
    own_dovecot: Callable[..., Dovecot], mailbox_user: str
) -> None:
    server = own_dovecot(sent=None)

    with opened(server, mailbox_user) as mailbox, pytest.raises(FolderMissing, match=r"mailbox\.sent"):
        mailbox.sent()
    with opened(server, mailbox_user, sent="Ablage", inbox="Eingang") as mailbox:
        with pytest.raises(FolderMissing, match=r"mailbox\.sent"):
            mailbox.sent()
        with pytest.raises(FolderMissing, match=r"mailbox\.inbox"):
            mailbox.inbox()
        with pytest.raises(FolderMissing):
            mailbox.examine(Folder("Ablage", "/", frozenset()))
        assert mailbox.examine(INBOX).messages == 0  # the connection goes on


def test_no_secret_and_no_name_gets_into_a_log(
    dovecot: Dovecot, mailbox_user: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "imapclient.imaplib")  # the library's log of everything said
    dovecot.deliver(mailbox_user, "INBOX", letter())

    with opened(dovecot, mailbox_user) as mailbox:
        read(mailbox)

    assert caplog.text == ""
    assert capfd.readouterr() == ("", "")
