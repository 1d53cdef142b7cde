"""Servers that lie, stumble, fall silent or hang up: the round goes on, or says what is wrong."""

from __future__ import annotations

import base64
import re
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from servers.scripted import Answer, ScriptedServer

from monitor.errors import LoginRefused, MailboxError
from monitor.mailbox import wire
from monitor.mailbox.folders import Folder
from monitor.mailbox.imap import Mailbox, MailboxAccess, Unfetched, connect
from monitor.mailbox.raw_message import RawMessage

INBOX = Folder("INBOX", "/", frozenset())
SECRET = "kein-Wort"


def access(server: ScriptedServer, **settings: object) -> MailboxAccess:
    known = {"host": server.host, "port": server.port, "security": "none", "user": "jana", "timeout": 5.0}
    return MailboxAccess(**{**known, **settings})  # type: ignore[arg-type]


def examined(server: ScriptedServer, **settings: object) -> Mailbox:
    mailbox = connect(access(server, **settings), SECRET)
    mailbox.examine(INBOX)
    return mailbox


def outlined(uid: int, structure: str = '("TEXT" "PLAIN" NIL NIL NIL "7BIT" 2 1)') -> str:
    """A sound answer to the first question about a message."""
    return (
        f"* {uid - 10} FETCH (UID {uid} BODY[HEADER]<0> {{4}}\r\nA: b BODYSTRUCTURE {structure}"
        ' INTERNALDATE "02-Mar-2026 09:54:51 +0100")\r\n'
    )


def told(special: dict[int, str] | None = None, refused: frozenset[int] = frozenset()) -> Callable[[str], str]:
    """Answer each FETCH for the messages 11 to 13; ``special`` outlines replace the sound ones."""

    def answer(command: str) -> str:
        uids = [int(uid) for uid in command.split(" ")[2].split(",") if uid.isdigit()]
        if "BODYSTRUCTURE" in command:
            sound = {uid: outlined(uid) for uid in (11, 12, 13) if uid not in refused}
            lines = [line for uid, line in {**sound, **(special or {})}.items() if uid in uids]
        else:
            lines = [f'* {uid - 10} FETCH (UID {uid} BODY[1]<0> "ja")\r\n' for uid in uids]
        result = "NO" if refused & set(uids) else "OK"
        return "".join(lines) + f"{{tag}} {result}\r\n"

    return answer


def outcome(found: list[RawMessage | Unfetched]) -> dict[int, str]:
    return {each.place.uid: type(each).__name__ for each in found if each.place}


def fetched(answers: dict[str, Answer], *uids: int) -> list[RawMessage | Unfetched]:
    with ScriptedServer(answers) as server, examined(server) as mailbox:
        return list(mailbox.fetch(uids or (11, 12, 13)))


def test_one_malformed_answer_does_not_stop_the_others() -> None:
    for rotten in (
        outlined(12, '("TEXT" "PLAIN"'),
        outlined(12, "NIL"),
        "* 2 FETCH (UID 12 BODY[HEADER]<0>)\r\n",
    ):
        found = fetched({"UID FETCH": told({12: rotten})})

        assert outcome(found) == {11: "RawMessage", 12: "Unfetched", 13: "RawMessage"}


def test_one_refused_message_does_not_stop_the_others() -> None:
    found = fetched({"UID FETCH": told(refused=frozenset({13}))})

    assert outcome(found) == {11: "RawMessage", 12: "RawMessage", 13: "Unfetched"}


def test_what_came_before_a_refusal_does_not_spoil_the_next_answer() -> None:
    found = fetched({"UID FETCH": told({12: "* 2 FETCH (UID 12 BODY[HEADER]<0>)\r\n"}, refused=frozenset({13}))})

    assert outcome(found) == {11: "RawMessage", 12: "Unfetched", 13: "Unfetched"}


def test_a_message_without_header_structure_or_text_is_unfetched() -> None:
    date = 'INTERNALDATE "02-Mar-2026 09:54:51 +0100"'
    special = {
        11: f"* 1 FETCH (UID 11 {date})\r\n",
        12: f'* 2 FETCH (UID 12 {date} BODY[HEADER] "A: b")\r\n',
        13: outlined(13).replace("{4}\r\nA: b", "NIL"),
    }
    assert set(outcome(fetched({"UID FETCH": told(special)})).values()) == {"Unfetched"}

    def no_text(command: str) -> str:
        return told()(command) if "BODYSTRUCTURE" in command else "* 1 FETCH (UID 11 BODY[1]<0> NIL)\r\n{tag} OK\r\n"

    (message,) = fetched({"UID FETCH": no_text}, 11)
    assert isinstance(message, Unfetched)
    assert "no text" in message.reason


def test_answers_that_nobody_asked_for_are_ignored() -> None:
    strange = outlined(12) + outlined(99) + "* 3 FETCH (FLAGS (\\Seen))\r\n"

    assert outcome(fetched({"UID FETCH": told({12: strange})}, 12, 3)) == {12: "RawMessage"}


def test_old_servers_may_leave_out_where_a_piece_begins() -> None:
    def answer(command: str) -> str:
        return re.sub("<0>", "", told()(command))

    (message,) = fetched({"UID FETCH": answer}, 11)
    assert isinstance(message, RawMessage)
    assert (message.header, message.parts[0].body) == (b"A: b", b"ja")


def test_a_server_may_send_more_than_was_asked_for() -> None:
    long = outlined(11).replace("{4}\r\nA: b", "{300000}\r\n" + "A" * 300_000)

    (message,) = fetched({"UID FETCH": told({11: long})}, 11)
    assert isinstance(message, RawMessage)
    assert len(message.header) == 262_144


def test_an_empty_text_is_not_asked_for() -> None:
    empty = outlined(11, '("TEXT" "PLAIN" NIL NIL NIL "7BIT" 0 0)')

    with ScriptedServer({"UID FETCH": told({11: empty})}) as server, examined(server) as mailbox:
        (message,) = mailbox.fetch([11])
        assert isinstance(message, RawMessage)
        assert [part.body for part in message.parts] == [b""]
        assert sum(command.startswith("UID FETCH") for command in server.commands) == 1


def test_the_arrival_is_told_in_utc_wherever_this_machine_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        (message,) = fetched({"UID FETCH": told()}, 11)
    finally:
        monkeypatch.undo()
        time.tzset()

    assert isinstance(message, RawMessage)
    assert message.received_at == datetime(2026, 3, 2, 8, 54, 51, tzinfo=UTC)
    assert message.received_at.utcoffset() == timedelta(0)


def test_a_server_that_refuses_everything_is_not_mistaken_for_rotten_mail() -> None:
    with pytest.raises(MailboxError):
        fetched({"UID FETCH": "{tag} NO not today\r\n"})
    with pytest.raises(MailboxError):
        fetched({"UID FETCH": "{tag} NO [UNAVAILABLE] later\r\n"}, 11)


@pytest.mark.parametrize(
    "search", ["* SEARCH\r\n{tag} OK\r\n", "{tag} OK\r\n", "{tag} NO\r\n", "* SEARCH 13 x\r\n{tag} OK\r\n"]
)
def test_a_server_that_cannot_search_is_asked_for_a_listing(search: str) -> None:
    listing = "* 1 FETCH (UID 11)\r\n* 2 FETCH (UID 12 FLAGS ())\r\n* 3 FETCH (FLAGS () UID 13)\r\n{tag} OK\r\n"

    with ScriptedServer({"UID SEARCH": search, "UID FETCH": listing}) as server, examined(server) as mailbox:
        assert mailbox.uids_after(0) == [11, 12, 13]
        assert mailbox.uids_after(12) == [13]
        assert not any(command.startswith("ENABLE") for command in server.commands)


def test_the_last_message_is_never_new_twice() -> None:
    with ScriptedServer({"UID SEARCH": "* SEARCH 13\r\n{tag} OK\r\n"}) as server, examined(server) as mailbox:
        assert mailbox.uids_after(13) == []


def test_without_starttls_nothing_is_said_about_the_user() -> None:
    with ScriptedServer() as server:
        with pytest.raises(MailboxError, match="offers no encryption"):
            connect(access(server, security="starttls"), SECRET)
        assert server.commands == ["CAPABILITY"]


def test_a_refused_starttls_ends_the_connection() -> None:
    with ScriptedServer({"STARTTLS": "{tag} NO\r\n"}, "IMAP4rev1 STARTTLS") as server:
        with pytest.raises(MailboxError):
            connect(access(server, security="starttls"), SECRET)
        assert server.commands == ["CAPABILITY", "STARTTLS"]


def test_no_password_goes_to_a_server_that_forbids_it() -> None:
    with ScriptedServer(capabilities="IMAP4rev1 LOGINDISABLED") as server:
        with pytest.raises(MailboxError, match="without encryption"):
            connect(access(server), SECRET)
        assert not any(SECRET in command for command in server.commands)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("{tag} NO [AUTHENTICATIONFAILED] jana@weber.example\r\n", LoginRefused),
        ("{tag} NO [ALERT] Application-specific password required\r\n", LoginRefused),
        ("{tag} BAD\r\n", LoginRefused),
        ("{tag} NO [UNAVAILABLE] Temporary authentication failure\r\n", MailboxError),
        ("{tag} NO [ALERT] Too many simultaneous connections\r\n", MailboxError),
        ("* BYE Overloaded\r\n", MailboxError),
        (None, MailboxError),
    ],
)
def test_only_a_refusal_counts_as_one(answer: str | None, kind: type[MailboxError]) -> None:
    with ScriptedServer({"LOGIN": answer}) as server, pytest.raises(MailboxError) as raised:
        connect(access(server), SECRET)

    assert type(raised.value) is kind
    assert "jana" not in str(raised.value)


def test_an_access_token_is_shown_once() -> None:
    spoken = iter(["+ eyJzdGF0dXMiOiI0MDAifQ==\r\n", "{tag} NO [AUTHENTICATIONFAILED]\r\n"])
    with ScriptedServer({"AUTHENTICATE XOAUTH2": "+ \r\n", "+": lambda _: next(spoken)}) as server:
        with pytest.raises(LoginRefused):
            connect(access(server, auth="oauth2"), "Marke")
        _, asked, word, silence = server.commands

    assert asked == "AUTHENTICATE XOAUTH2"
    assert base64.b64decode(word.removeprefix("+")) == b"user=jana\x01auth=Bearer Marke\x01\x01"
    assert silence == "+"


def test_a_silent_server_is_not_waited_for_without_end() -> None:
    with ScriptedServer({"LOGIN": ""}) as server, pytest.raises(MailboxError, match="in time"):
        connect(access(server, timeout=0.2), SECRET)
    with ScriptedServer(greeting="") as server, pytest.raises(MailboxError, match="in time"):
        connect(access(server, timeout=0.2), SECRET)


@pytest.mark.parametrize(
    "answer", [None, "* BYE\r\n", "rubbish\r\n", "* 1 FETCH (UID 11 BODY[HEADER]<0> {999999999999}\r\n"]
)
def test_a_connection_that_breaks_is_told(answer: str | None) -> None:
    with pytest.raises(MailboxError):
        fetched({"UID FETCH": answer})


def test_a_server_that_is_none_is_told() -> None:
    with ScriptedServer(greeting="220 smtp\r\n") as server, pytest.raises(MailboxError):
        connect(access(server), SECRET)


@pytest.mark.parametrize("idling", ["+ \r\n* 4 EXISTS\r\n", "* 4 EXISTS\r\n+ idling\r\n"])
def test_news_that_come_along_with_the_consent_to_wait_are_heard(idling: str) -> None:
    answers: dict[str, Answer] = {"IDLE": idling, "+DONE": "{tag} OK\r\n"}
    with ScriptedServer(answers, "IMAP4rev1 IDLE") as server, examined(server) as mailbox:
        assert mailbox.wait(10)
        assert mailbox.examine(INBOX).messages == 3


def test_news_that_came_while_reading_need_no_waiting() -> None:
    search = "* SEARCH 13\r\n* 4 EXISTS\r\n{tag} OK\r\n"
    with ScriptedServer({"UID SEARCH": search, "IDLE": "{tag} NO\r\n"}, "IMAP4rev1 IDLE") as server:
        mailbox = examined(server)
        mailbox.uids_after(12)
        assert mailbox.wait(10)
        mailbox.examine(INBOX)
        assert not mailbox.wait(0.05)
        mailbox.close()


@pytest.mark.parametrize("capabilities", ["IMAP4rev1", "IMAP4rev1 IDLE"])
def test_without_idle_only_the_time_passes(capabilities: str) -> None:
    with ScriptedServer({"IDLE": "{tag} NO\r\n"}, capabilities) as server, examined(server) as mailbox:
        assert not mailbox.wait(0.05)
        assert not mailbox.wait(0.05)
        assert mailbox.examine(INBOX).messages == 3
        assert server.commands.count("IDLE") == ("IDLE" in capabilities)


def test_a_folder_name_in_no_encoding_does_not_hide_the_others() -> None:
    listing = '* LIST () "/" "R&D"\r\n* LIST () "/" "2020"\r\n* LIST (\\Sent) "/" "B&APw-ro"\r\n{tag} OK\r\n'

    with ScriptedServer({"LIST": listing}) as server, examined(server) as mailbox:
        assert [folder.name for folder in mailbox.folders()] == ["R&D", "2020", "Büro"]
        mailbox.examine(mailbox.folders()[0])
        mailbox.examine(mailbox.sent())
        assert server.commands[-3::2] == ['EXAMINE "R&D"', 'EXAMINE "B&APw-ro"']


def test_a_folder_without_validity_cannot_be_read() -> None:
    with ScriptedServer({"EXAMINE": "* 3 EXISTS\r\n{tag} OK\r\n"}) as server, pytest.raises(MailboxError):
        examined(server)


@pytest.mark.parametrize("answer", ["{tag} NO [INUSE] locked\r\n", None])
def test_a_folder_that_cannot_be_opened_at_present_is_not_missing(answer: str | None) -> None:
    with ScriptedServer({"EXAMINE": answer}) as server, pytest.raises(MailboxError) as raised:
        examined(server)

    assert type(raised.value) is MailboxError


def test_a_connection_that_ends_while_waiting_is_told_at_once() -> None:
    with ScriptedServer({"IDLE": "+ \r\n{end}"}, "IMAP4rev1 IDLE") as server, examined(server) as mailbox:
        with pytest.raises(MailboxError, match="ended the connection"):
            mailbox.wait(5)
        mailbox.close()


@pytest.mark.parametrize(
    "flood",
    [
        '* LIST () "/" "x"\r\n' * 10_000,
        "* OK still searching\r\n" * 10_000,
        "* 1 FETCH (UID 11)\r\n" * 10_000,
        "* " + "x" * 200_000,
        "* 1 FETCH (BODY[] {150000}\r\n" + "x" * 150_000 + ")\r\n",
    ],
)
def test_a_server_that_does_not_stop_talking_is_not_listened_to_without_end(
    flood: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "MAX_ANSWER", 100_000)
    monkeypatch.setattr(wire, "MAX_LINE", 100_000)

    with ScriptedServer({"UID SEARCH": flood, "LIST": flood}) as server, examined(server) as mailbox:
        with pytest.raises(MailboxError):
            mailbox.uids_after(12)
    with ScriptedServer({"LIST": flood}) as server, connect(access(server), SECRET) as mailbox:
        with pytest.raises(MailboxError):
            mailbox.folders()


@pytest.mark.parametrize(
    ("greeting", "capability"),
    [
        ("* OK {900000000}\r\n" + "x" * 100_000, None),
        ("* OK\r\n", ("* CAPABILITY " + "x" * 60_000 + "\r\n") * 50),
        ("* OK\r\n", ("* 1 FETCH (X {60000}\r\n" + "x" * 60_000 + ")\r\n") * 50),
        ("* OK " + "x" * 1_100_000 + "\r\n", None),
    ],
)
@pytest.mark.parametrize("security", ["none", "starttls"])
def test_a_server_that_does_not_stop_greeting_is_not_listened_to_without_end(
    greeting: str, capability: str | None, security: str
) -> None:
    tracemalloc.start()
    with ScriptedServer({"CAPABILITY": capability}, greeting=greeting) as server:
        with pytest.raises(MailboxError):
            connect(access(server, security=security), SECRET)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 20 * 1024 * 1024


def test_a_server_that_takes_the_user_for_signed_in_already_is_not_believed() -> None:
    with ScriptedServer({}, "IMAP4rev1 STARTTLS", greeting="* PREAUTH\r\n") as server:
        with pytest.raises(MailboxError):
            connect(access(server, security="starttls"), SECRET)
        assert not any(command.startswith("LIST") for command in server.commands)


def test_of_a_listing_without_end_only_the_first_folders_are_looked_at() -> None:
    listing = "".join(f'* LIST () "/" "f{number}"\r\n' for number in range(20_000)) + "{tag} OK\r\n"

    with ScriptedServer({"LIST": listing}) as server, connect(access(server), SECRET) as mailbox:
        assert len(mailbox.folders()) == 5_000
        assert mailbox.inbox().name == "INBOX"


def test_a_listed_message_that_is_passed_over_in_silence_is_not_taken_for_deleted() -> None:
    def search(command: str) -> str:
        return "* SEARCH 11 12\r\n{tag} OK\r\n"

    with ScriptedServer({"UID FETCH": told({12: ""}), "UID SEARCH": search}) as server, examined(server) as mailbox:
        assert outcome(list(mailbox.fetch([11, 12, 13]))) == {11: "RawMessage", 12: "Unfetched", 13: "RawMessage"}
