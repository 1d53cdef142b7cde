"""Silence is loud: if the mailbox could not be read for a day, the coach is told by mail, once per outage.

The letter is written in a short-lived child of the service: its language tables are large.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from textwrap import fill

from monitor.config.configuration import Configuration
from monitor.language.speech import Speech, speech
from monitor.outbox.smtp import send
from monitor.service.rounds import outbox_access, outbox_secret
from monitor.store.digest_store import DigestStore, Slot

JOB = "silence"
LOUD = timedelta(days=1)  # without a successful look for longer, the coach is told
LEAST_FAILURES = 2  # rounds in a row: a laptop that has just woken up finds its network after the first
RETRY = timedelta(minutes=15)
PATIENT_RETRY = timedelta(hours=1)  # after the first day's tries: the outbox is often silent for the same reason
EAGER_TRIES = 8
MARK = "X-Client-Health-Monitor"
COLUMNS = 78


def silent_since(looks: tuple[datetime | None, datetime | None], first_start: datetime | None) -> datetime | None:
    """Return since when inbox or sent mail has not been read; since the first start if never."""
    if None in looks:
        return first_start
    return min(look for look in looks if look is not None)


def is_to_be_told(since: datetime | None, failures: int, slots: DigestStore, now: datetime) -> bool:
    """Whether the coach is to be told now of an outage that began at ``since``."""
    if since is None or failures < LEAST_FAILURES or now - since < LOUD:
        return False
    on_record = slots.slot(JOB, since)
    if on_record is None:
        return True
    pause = RETRY if on_record.tries < EAGER_TRIES else PATIENT_RETRY
    return on_record.state != "done" and not timedelta(0) <= now - on_record.tried_at < pause


def note(slots: DigestStore, since: datetime, error: str | None, now: datetime) -> None:
    """Put on record that the coach was told of an outage, or why not."""
    on_record = slots.slot(JOB, since)
    tries = on_record.tries + 1 if on_record else 1
    slots.put_slot(Slot(JOB, since, "claimed" if error else "done", tries, now, error))


def tell_coach(configuration: Configuration, since: datetime, kind: str, now: datetime) -> None:
    """Send the letter about an outage. Raises OutboxError if the server did not take it."""
    access = outbox_access(configuration)
    send(access, outbox_secret(configuration), write(configuration, access.sender, access.recipient, since, kind, now))


def write(
    configuration: Configuration, sender: str, recipient: str, since: datetime, kind: str, now: datetime
) -> bytes:
    """Return the letter about an outage; ``kind`` names the failure of the last round."""
    coach = configuration.coach
    words = speech(coach.language)
    local = since.astimezone(coach.timezone)
    writer, reader = _address(sender), _address(recipient)
    key = hashlib.sha256(f"{recipient}\n{since.isoformat()}".encode()).hexdigest()[:24]
    message = EmailMessage(policy=SMTP)
    message["Subject"] = words.gettext("Your mailbox has not been read since {day}").format(day=words.day(local.date()))
    message["From"] = Address("Client Health Monitor", writer.username, writer.domain)
    message["To"] = reader.addr_spec
    message["Date"] = format_datetime(now.astimezone(coach.timezone))
    message["Message-ID"] = f"<silence.{key}@{writer.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message[MARK] = "1"
    message.set_content(_text(words, local, kind), charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = str(coach.language)
    return message.as_bytes()


def _text(words: Speech, since: datetime, kind: str) -> str:
    paragraphs = [
        words.gettext(
            "Your mailbox could not be read since {moment}. Until it can, the Client Health Monitor does not see what "
            "your clients write, and the weekly letter would be silent about it."
        ).format(moment=words.moment(since)),
        _reason(words, kind),
        words.gettext(
            "On the machine that it runs on, this command checks everything and names the remedy for what it finds:"
        ),
        "    client-monitor doctor",
        words.gettext(
            "Nothing is lost: as soon as the mailbox can be read again, everything that came meanwhile is read. "
            "You are told of this outage once."
        ),
    ]
    return "\n\n".join(one if one.startswith(" ") else fill(one, COLUMNS) for one in paragraphs) + "\n"


def _reason(words: Speech, kind: str) -> str:
    if kind == "LoginRefused":
        return words.gettext(
            "The mail server does not accept user and password any more. Perhaps the password was changed, or the app "
            "password was withdrawn."
        )
    if kind == "CertificateNotTrusted":
        return words.gettext("The mail server shows a certificate that this machine does not trust.")
    if kind == "FolderMissing":
        return words.gettext("A folder that has to be read is not there. Perhaps the folder of sent mail was renamed.")
    return words.gettext(
        "The mail server cannot be reached. Perhaps the connection to the internet is down, or the provider is at work."
    )


def _address(text: str) -> Address:
    local, _, domain = parseaddr(text)[1].rpartition("@")
    return Address("", local, domain.encode("idna").decode("ascii"))
