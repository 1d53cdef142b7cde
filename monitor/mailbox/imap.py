"""Read a mailbox over IMAP, and write nothing to it but what a coach opted in to.

That is copies into the review folder that a coach may make, folders for filing, and the weekly letter into the inbox.

Folders are opened with EXAMINE and messages read with BODY.PEEK, so that no flag changes. Every failure of
the library, of TLS and of the network leaves this module as a MailboxError or one of its children.
"""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError
from imapclient.imap4 import IMAP4WithTimeout
from imapclient.imap_utf7 import decode, encode
from imapclient.tls import IMAP4_TLS

from monitor.errors import FolderMissing
from monitor.labels import DIGEST_HEADER, is_review_folder, label_of_folder
from monitor.mailbox import answers
from monitor.mailbox.access import MailboxAccess, require_encryption, sign_in, start_tls
from monitor.mailbox.answers import Answer, Unfetched
from monitor.mailbox.asking import ask, passed_over, uids_above
from monitor.mailbox.failures import MALFORMED, as_ours, is_passing
from monitor.mailbox.folders import MAX_FOLDERS, Folder, find_below, find_inbox, find_sent, folded
from monitor.mailbox.opening import bounded
from monitor.mailbox.raw_message import FolderState, Place, RawMessage
from monitor.mailbox.wire import Wire, wait_readable

__all__ = ["Mailbox", "MailboxAccess", "Unfetched", "connect"]

CONNECT_SECONDS = 30.0
LOGOUT_SECONDS = 2.0
LONGEST_WAIT = 300.0  # seconds; some providers drop an IDLE that is not renewed within twelve minutes
MESSAGES_A_QUESTION = 500  # keeps the question below the 8,000 bytes that servers must take (RFC 2683)

# The library repeats commands and answers in its log, with user names and, in its warnings, secrets.
logging.getLogger("imapclient").setLevel(logging.CRITICAL + 1)


def connect(access: MailboxAccess, secret: str) -> Mailbox:
    """Open a connection and sign in; ``secret`` is the password, or the OAuth2 access token.

    The certificate is verified against the system's authorities, or those in SSL_CERT_FILE. Nothing is sent
    before the connection is as secure as ``access`` demands. Raises LoginRefused, CertificateNotTrusted,
    ConfigurationError for an unencrypted connection to another machine, and MailboxError for everything that
    may be over at another try.
    """
    require_encryption(access)
    with as_ours(access.host):
        context = ssl.create_default_context()
        client: Any = _Client(
            access.host,
            access.port,
            ssl=access.security not in ("starttls", "none"),
            ssl_context=context,
            timeout=SocketTimeout(min(CONNECT_SECONDS, access.timeout), access.timeout),
        )
    wire: Wire | None = None
    try:
        _silence(client)
        # The library sends a search in two packets; the second would wait for the receipt of the first (RFC 896).
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with as_ours(access.host):
            if access.security == "starttls":
                start_tls(client, access, context)
            wire = Wire(client._imap)
        sign_in(client, access, secret)
        return Mailbox(client, wire, access)
    except BaseException:
        _hang_up(client, wire)
        raise


class _Client(IMAPClient):  # type: ignore[misc]
    """The library, with bounds from the first byte on."""

    def _create_IMAP4(self) -> Any:
        if self.ssl:
            return _OverTLS(self.host, self.port, self.ssl_context, self._timeout.connect)
        return _InTheClear(self.host, self.port, self._timeout.connect)


_OverTLS, _InTheClear = bounded(IMAP4_TLS), bounded(IMAP4WithTimeout)


class Mailbox:
    """A signed-in connection; use it in a ``with`` block.

    After any MailboxError other than FolderMissing the connection is of no more use. Not for several threads.
    """

    def __init__(self, client: Any, wire: Wire, access: MailboxAccess) -> None:
        self._client = client
        self._wire = wire
        self._access = access
        self._host = access.host
        self._spellings: dict[str, bytes | str] = {}
        self._examined: tuple[str, FolderState] | None = None
        client.normalise_times = False  # dates with their offset
        client.folder_encode = False  # one name in a wrong encoding would spoil the whole listing
        with as_ours(self._host):
            self._idles = client.has_capability("IDLE")
            self._prefix = self._personal_prefix()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def folders(self) -> tuple[Folder, ...]:
        """Return the folders that the server lists, at most MAX_FOLDERS."""
        with as_ours(self._host):
            listed = [each for each in self._client.list_folders()[:MAX_FOLDERS] if each[2].isascii()]
            found = tuple(_folder(*each) for each in listed)
        self._spellings = {folder.name: each[2] for folder, each in zip(found, listed, strict=True)}
        return found

    def inbox(self, folders: Sequence[Folder] | None = None) -> Folder:
        """Return the inbox; FolderMissing if the configuration names one that is not there.

        ``folders`` is what the server listed a moment ago; it is asked where that is not given, here and below.
        """
        found = find_inbox(self.folders() if folders is None else folders, self._access.inbox, self._prefix)
        if found is None and self._access.inbox:
            raise FolderMissing(
                "The inbox that the configuration names is not there.",
                "Correct mailbox.inbox, or leave it out.",
            )
        return found or Folder("INBOX", None, frozenset())  # there by definition, listed or not

    def sent(self, folders: Sequence[Folder] | None = None) -> Folder:
        """Return the folder of sent mail; FolderMissing if it is not to be found."""
        found = find_sent(self.folders() if folders is None else folders, self._access.sent, self._prefix)
        if found is None and self._access.sent:
            raise FolderMissing(
                "The folder for sent mail that the configuration names is not there.",
                "Correct mailbox.sent, or leave it out.",
            )
        if found is None:
            raise FolderMissing(
                "No folder for sent mail is to be found.", "Name it in the configuration: mailbox.sent."
            )
        return found

    def below(self, parent: str, folders: Sequence[Folder] | None = None) -> tuple[Folder, ...]:
        """Return the folders directly below a parent such as ``Monitor``, wherever the server keeps it."""
        return find_below(self.folders() if folders is None else folders, parent, self._prefix)

    def examine(self, folder: Folder) -> FolderState:
        """Open a folder for reading only and return its state. Raises FolderMissing."""
        self._examined = None
        name = self._spellings.get(folder.name) or encode(folder.name)
        with as_ours(self._host):
            try:
                told = self._client.select_folder(name, readonly=True)
            except IMAPClientError as error:
                if isinstance(error, IMAPClientAbortError) or is_passing(error):
                    raise
                raise FolderMissing(
                    "A folder that is to be read is not there.", "client-monitor doctor lists the folders."
                ) from error
            state = FolderState(int(told[b"UIDVALIDITY"]), int(told.get(b"UIDNEXT", 0)), int(told[b"EXISTS"]))
        self._examined = folder.name, state
        return state

    def uids_after(self, last_uid: int) -> list[int]:
        """Return the UIDs above ``last_uid`` in the examined folder, ascending."""
        _, state = self._folder()
        with as_ours(self._host):
            return uids_above(self._client, last_uid, state.messages)

    def has_message(self, message_id: str) -> bool:
        """Whether a message of that Message-ID lies in the examined folder."""
        self._folder()
        wanted = _mail_address(message_id.strip("<> "))
        quoted = wanted.replace("\\", "\\\\").replace('"', '\\"')
        with as_ours(self._host):
            return bool(self._client.search(f'HEADER MESSAGE-ID "{quoted}"'))

    def fetch(
        self, uids: Iterable[int], wants_text: Callable[[bytes], bool] = lambda header: True
    ) -> Iterator[RawMessage | Unfetched]:
        """Yield header and text parts of messages in the examined folder, in the order of the UIDs.

        The text of a message is fetched where ``wants_text`` says so, which is given the header's bytes.
        Messages that are no longer there are passed over. A message that the server does not hand out is
        yielded as Unfetched and does not stop the others. Headers are cut at ``answers.MAX_HEADER`` bytes and
        parts at ``answers.MAX_TEXT_PART``; attachments are not transferred. Examine no folder meanwhile.
        """
        folder, state = self._folder()
        for batch in answers.runs(list(dict.fromkeys(uids)), MESSAGES_A_QUESTION):
            told = ask(self._client, self._host, batch, answers.OUTLINE_ITEMS)
            with as_ours(self._host):
                told |= passed_over(self._client, self._host, [uid for uid in batch if uid not in told])
            places = (Place(folder, state.uidvalidity, uid) for uid in batch if uid in told)
            outlines = (answers.outline(place, told[place.uid], wants_text) for place in places)
            for load in answers.loads([each for each in outlines if each is not None]):
                bodies: dict[int, Answer | None] = {}
                for numbers, members in answers.by_numbers(load).items():
                    bodies |= ask(self._client, self._host, members, answers.part_items(numbers))
                    with as_ours(self._host):
                        silent = [uid for uid in members if uid not in bodies]
                        bodies |= passed_over(self._client, self._host, silent)
                for each in load:
                    if isinstance(each, Unfetched):
                        yield each
                    elif each.place.uid in bodies or not each.numbers:
                        yield answers.filled(each, bodies.get(each.place.uid))

    def wait(self, seconds: float, wake_fd: int | None = None) -> bool:
        """Wait until the server says anything of the examined folder, and return True: examine it again.

        False when the time is over, at most LONGEST_WAIT seconds, or ``wake_fd`` can be read; it is not read
        here. A server that does not announce IDLE is never heard.
        """
        seconds = min(seconds, LONGEST_WAIT)
        if self._examined is None or not self._idles:
            wait_readable([wake_fd], seconds)
            return False
        imap = self._client._imap
        # EXAMINE told the number of messages; a further number came along with another answer since.
        if len(imap.untagged_responses.get("EXISTS", ())) > 1:
            return True
        heard = False
        with as_ours(self._host):
            tag = imap._command("IDLE")
            # Some servers tell what is new before they agree to wait.
            while imap._get_response() is not None:
                if imap.tagged_commands.get(tag):  # announced and refused all the same
                    del imap.tagged_commands[tag]
                    self._idles = False
                    return self.wait(seconds, wake_fd)
                heard = True
            heard = heard or self._wire.listen(seconds, wake_fd)
            imap.send(b"DONE\r\n")
            imap._command_complete("IDLE", tag)
        return heard

    def copy_for_review(self, uids: Sequence[int], review: Folder) -> None:
        """Put copies of messages of the examined folder into the review folder.

        The one act of this program that a server keeps: only for the folder of that name, which the coach has made.
        The messages themselves and their flags stay as they are. Raises FolderMissing.
        """
        self._folder()
        if not is_review_folder(review.leaf):
            raise ValueError("copies go into the review folder alone")
        name = self._spellings.get(review.name) or encode(review.name)
        with as_ours(self._host):
            try:
                self._client.copy(list(uids), name)
            except IMAPClientError as error:
                if isinstance(error, IMAPClientAbortError) or is_passing(error):
                    raise
                raise FolderMissing(
                    "The review folder is not there any more.", "Make it again, if you want it."
                ) from error

    def put_letter(self, letter: bytes, inbox: Folder) -> None:
        """Put a letter of this program into the inbox, unread: where the coach wants it to come that way.

        Only into the inbox, and nothing but a letter that bears this program's mark. Raises FolderMissing.
        """
        head = letter.replace(b"\r\n", b"\n").partition(b"\n\n")[0].lower()
        if inbox.name != self.inbox().name or f"\n{DIGEST_HEADER}: 1".encode() not in head:
            raise ValueError("letters of this program go into the inbox alone")
        name = self._spellings.get(inbox.name) or encode(inbox.name)
        with as_ours(self._host):
            try:
                self._client.append(name, letter)
            except IMAPClientError as error:
                if isinstance(error, IMAPClientAbortError) or is_passing(error):
                    raise
                raise FolderMissing(
                    "The mail server does not let letters be put into the inbox.",
                    'Set digest.delivery to "mail".',
                ) from error

    def make_labelled_folder(self, parent: str, name: str) -> bool:
        """Make a folder for filing below ``parent`` where the server keeps folders; return whether it was missing.

        Only for names that label or review, and only when the coach has asked for it. Raises MailboxError where the
        server refuses, as some do beyond a number of folders.
        """
        if label_of_folder(name) is None and not is_review_folder(name):
            raise ValueError("only folders for filing are made")
        folders = self.folders()
        if any(folded(one.leaf) == folded(name) for one in find_below(folders, parent, self._prefix)):
            return False
        delimiter = next((folder.delimiter for folder in folders if folder.delimiter), "/")
        full = f"{self._prefix}{delimiter.join([*parent.split('/'), name])}"
        with as_ours(self._host):
            self._client.create_folder(encode(full))
            with suppress(IMAPClientError):  # many mail programs show only what is subscribed to
                self._client.subscribe_folder(encode(full))
        return True

    def close(self) -> None:
        """Sign out and close the connection; never raises, and takes no longer than LOGOUT_SECONDS."""
        with suppress(Exception):
            self._client.socket().settimeout(LOGOUT_SECONDS)
            self._client.logout()
        _hang_up(self._client, self._wire)

    def _folder(self) -> tuple[str, FolderState]:
        if self._examined is None:
            raise RuntimeError("examine a folder first")
        return self._examined

    def _personal_prefix(self) -> str:
        if not self._client.has_capability("NAMESPACE"):
            return ""
        try:
            return str(decode(self._client.namespace().personal[0][0]))
        except (OSError, IMAPClientAbortError):
            raise
        except (IMAPClientError, *MALFORMED):
            return ""


def _silence(client: Any) -> None:
    """Switch off the wire log: it costs more than the reading, and would hold the password in memory."""
    client._imap.debug = 0
    client._imap._log = lambda _line: None


def _hang_up(client: Any, wire: Wire | None) -> None:
    with suppress(Exception):
        client.shutdown()
    if wire:
        with suppress(Exception):
            wire.close()


def _folder(flags: Sequence[bytes], delimiter: bytes | None, name: bytes | str) -> Folder:
    try:
        readable = str(decode(name))
    except ValueError:  # "R&D" by a program that knows nothing of the encoding
        readable = name.decode("ascii") if isinstance(name, bytes) else name
    marks = frozenset(flag.decode("ascii", "replace") for flag in flags if isinstance(flag, bytes))
    return Folder(readable, delimiter.decode("ascii", "replace") if delimiter else None, marks)


def _mail_address(address: str) -> str:
    """Return the address as headers hold it: the domain in ASCII, nothing that could end the question."""
    local, at, domain = address.strip().rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii")
    return "".join(letter for letter in f"{local}{at}{domain}" if letter.isprintable())
