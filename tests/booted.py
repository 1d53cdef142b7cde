"""A coach's Debian machine: configuration, mailbox and letterbox inside, and the program as it is installed there."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

import pytest
from machine import CLIENT, COACH, mail, toml
from servers.debian import Container

from monitor.config.schema import WEEKDAYS

UNIT = "client-monitor.service"
IMAP_SECRET, SMTP_SECRET = "unter-dem-Teppich-7", "hinter-dem-Spiegel-9"

DOVECOT = """
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = </etc/mail/server.pem
ssl_key = </etc/mail/server.key
mail_location = maildir:/var/mail/%u
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
first_valid_gid = 1
log_path = /var/log/dovecot.log
passdb {
  driver = static
  args = password=SECRET
}
userdb {
  driver = static
  args = home=/var/mail/%u
}
namespace inbox {
  inbox = yes
  mailbox Sent {
    special_use = \\Sent
    auto = create
  }
}
"""

LETTERBOX = f"""
[Service]
ExecStart=/usr/bin/python3 /opt/letterbox.py /var/spool/letters /etc/mail/server.pem /etc/mail/server.key {SMTP_SECRET}
"""


def configuration(due_at: datetime) -> str:
    return toml(
        {
            "coach": {"name": "Jana Weber", "addresses": [COACH], "timezone": "UTC", "holidays": "DE-BY"},
            "mailbox": {"host": "localhost", "user": "jana"},
            "outbox": {"host": "localhost", "user": "jana", "recipient": COACH},
            "digest": {"day": WEEKDAYS[due_at.weekday()], "time": f"{due_at:%H:%M}"},
            "client": [{"name": "Georg Prantl", "addresses": [CLIENT]}],
        }
    )


def until(condition: Callable[[], Any], seconds: float, what: str, told: Callable[[], str]) -> Any:
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds} s: {what}\n{told()}")
        time.sleep(0.2)
    return value


class Coach:
    """The machine of a coach, with mailbox, letterbox, and the program as an administrator installs it."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self.run = container.run
        self.show = container.show

    def journal(self) -> str:
        """What the service and systemd have said."""
        return self.container.journal(UNIT)

    def until(self, condition: Callable[[], Any], seconds: float, what: str) -> Any:
        """Wait for something inside."""
        return until(condition, seconds, what, self.journal)

    def deliver(self, folder: str = "INBOX", **written: Any) -> None:
        """Put a mail into the mailbox."""
        self.run(f"doveadm save -u jana -m {folder}", data=mail(**written)[0])

    def letters(self) -> list[Message]:
        """The letters that were sent."""
        names = self.run("ls /var/spool/letters").stdout.split()
        texts = [self.run(f"cat /var/spool/letters/{name}").stdout for name in sorted(names)]
        return [message_from_bytes(text.encode(), policy=default) for text in texts]

    @property
    def pid(self) -> int:
        """The process of the service."""
        return int(self.show(UNIT, "MainPID")["MainPID"])

    def is_active(self) -> bool:
        """Whether the service says that it is ready."""
        return self.show(UNIT, "ActiveState")["ActiveState"] == "active"

    def restarts(self) -> int:
        """How often systemd has restarted the service by itself."""
        return int(self.show(UNIT, "NRestarts")["NRestarts"])
