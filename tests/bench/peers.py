"""Programs of others that read the same mailbox: as they are shipped, to a fresh folder, in the clear, inbox only."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from servers.dovecot import PASSWORD, Dovecot

Command = Callable[[Dovecot, str, Path], list[str]]
"""Make the configuration in an empty folder, and return the command that reads a user's inbox into it."""

_MBSYNC = """{fsync}IMAPAccount far
Host {host}
Port {port}
User {user}
Pass {password}
SSLType None
AuthMechs LOGIN

IMAPStore far
Account far

MaildirStore near
Path {folder}/mail/
Inbox {folder}/mail/inbox
SubFolders Verbatim

Channel inbox
Far :far:
Near :near:
Create Near
Sync Pull New
SyncState *
"""

_OFFLINEIMAP = """[general]
accounts = bench
metadata = {folder}/state
ui = quiet

[Account bench]
localrepository = near
remoterepository = far

[Repository near]
type = Maildir
localfolders = {folder}/mail

[Repository far]
type = IMAP
remotehost = {host}
remoteport = {port}
remoteuser = {user}
remotepass = {password}
ssl = no
starttls = no
readonly = true
folderfilter = lambda folder: folder == 'INBOX'
"""

_GETMAIL = """[retriever]
type = SimpleIMAPRetriever
server = {host}
port = {port}
username = {user}
password = {password}

[destination]
type = Maildir
path = {folder}/mail/
{owner}
[options]
read_all = true
delete = false
verbose = 0
"""


def mbsync(server: Dovecot, user: str, folder: Path) -> list[str]:
    """mbsync (isync) as shipped: each message is on the disk before the next one."""
    (folder / "mail").mkdir()
    return ["mbsync", "-q", "-c", _written(_MBSYNC, server, user, folder), "inbox"]


def mbsync_without_fsync(server: Dovecot, user: str, folder: Path) -> list[str]:
    """mbsync, which leaves the writing to the system."""
    (folder / "mail").mkdir()
    return ["mbsync", "-q", "-c", _written(_MBSYNC, server, user, folder, fsync="FSync no\n\n"), "inbox"]


def offlineimap(server: Dovecot, user: str, folder: Path) -> list[str]:
    """offlineimap3 as shipped."""
    return ["offlineimap", "-o", "-c", _written(_OFFLINEIMAP, server, user, folder)]


def getmail(server: Dovecot, user: str, folder: Path) -> list[str]:
    """getmail6 as shipped; it refuses to write mail as root."""
    for name in ("", "cur", "new", "tmp"):
        (folder / "mail" / name).mkdir()
        if os.getuid() == 0:
            shutil.chown(folder / "mail" / name, "nobody")
    folder.chmod(0o755)
    return ["getmail", "--getmaildir", str(folder), "--rcfile", _written(_GETMAIL, server, user, folder)]


def imapclient(server: Dovecot, user: str, folder: Path) -> list[str]:
    """A plain download with the library that this program uses too."""
    (folder / "mail").mkdir()
    return [
        sys.executable, "-m", "bench.whole_download", server.host, str(server.port), user, str(folder / "mail"),
    ]  # fmt: skip


def _written(text: str, server: Dovecot, user: str, folder: Path, fsync: str = "") -> str:
    file = folder / "configuration"
    file.write_text(
        text.format(
            host=server.host,
            port=server.port,
            user=user,
            password=PASSWORD,
            folder=folder,
            fsync=fsync,
            owner="user = nobody\n" if os.getuid() == 0 else "",
        )
    )
    file.chmod(0o600)
    return str(file)
