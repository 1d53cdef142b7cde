"""Put a made mailbox straight into a server's folder, as delivered years ago and long indexed."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from servers.dovecot import Dovecot

from bench.limit import Reading
from bench.mailbox import Mail

UIDVALIDITY = 1_700_000_000
INDEXED = "(UID INTERNALDATE RFC822.SIZE BODYSTRUCTURE BODY.PEEK[HEADER])"


@dataclass(slots=True)
class Filled:
    """A mailbox on a server: its messages have the UIDs from one on.

    ``parts`` maps the part numbers of the text to the UIDs of the messages that have it there; ``needed`` and ``size``
    are bytes as transferred, of header and text, and of everything.
    """

    user: str
    count: int = 0
    size: int = 0
    needed: int = 0
    parts: dict[tuple[str, ...], list[int]] = field(default_factory=lambda: defaultdict(list))
    _names: list[str] = field(default_factory=list)


def fill(server: Dovecot, user: str, mails: Iterable[Mail]) -> Filled:
    """Write mails into a user's inbox and let the server index them."""
    folder, filled = server.maildir(user), Filled(user)
    for uid, mail in enumerate(mails, 1):
        transferred = len(mail.data) + mail.data.count(b"\n")
        # The sizes in the name are what the server writes there itself when it takes a delivery.
        name = f"{int(mail.sent_at.timestamp())}.M{uid}.bench,S={len(mail.data)},W={transferred}"
        file = folder / "cur" / f"{name}:2,S"
        file.write_bytes(mail.data)
        os.utime(file, (mail.sent_at.timestamp(),) * 2)
        filled.count, filled.size = uid, filled.size + transferred
        filled.needed += mail.needed
        filled.parts[mail.parts].append(uid)
        filled._names.append(name)
    _number(server, user, filled._names)
    return filled


def first(server: Dovecot, user: str, of: Filled, count: int) -> Filled:
    """Make another mailbox of the first mails of one, without writing them again."""
    source, folder = server.maildir(of.user) / "cur", server.maildir(user) / "cur"
    names = of._names[:count]
    for name in names:
        os.link(source / f"{name}:2,S", folder / f"{name}:2,S")
    _number(server, user, names)
    parts = {numbers: [uid for uid in uids if uid <= count] for numbers, uids in of.parts.items()}
    return Filled(user, count, parts=parts, _names=names)


def _number(server: Dovecot, user: str, names: list[str]) -> None:
    lines = [f"3 V{UIDVALIDITY} N{len(names) + 1}", *(f"{uid} :{name}" for uid, name in enumerate(names, 1)), ""]
    (server.maildir(user) / "dovecot-uidlist").write_text("\n".join(lines))
    server.adopt(user)
    with Reading(server.host, server.port, user) as reading:
        for _ in range(2):  # Dovecot keeps what it was asked for a second time
            reading.run([f"UID FETCH 1:* {INDEXED}"])
