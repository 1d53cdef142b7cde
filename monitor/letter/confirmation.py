"""A short mail at once, where the coach wants one: what was noted from a reply."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from monitor.agreement import Coach
from monitor.instructions.instruction import Carried
from monitor.language.speech import speech
from monitor.letter.mail import DISPLAY_NAME, MARK, Letter, parsed
from monitor.letter.plain_layout import wrapped
from monitor.letter.replies import can_be_undone, outcome_of


def write_confirmation(
    carried: Sequence[Carried], coach: Coach, mail: str, sender: str, recipient: str, now: datetime
) -> Letter:
    """Return the mail that says what became of a reply's instructions; no name stands in its subject."""
    words = speech(coach.language)
    writer = parsed(sender)
    key = hashlib.sha256(f"{recipient}\n{mail}".encode()).hexdigest()[:24]
    message_id = f"<noted.{key}@{writer.domain}>"
    paragraphs = [wrapped(outcome_of(one, words)) for one in carried]
    if undo := [str(one.number) for one in carried if can_be_undone(one)]:
        text = words.gettext("To take it back, answer the weekly letter with “Undo: {number}”.")
        paragraphs.append(wrapped(text.format(number=undo[0])))
    message = EmailMessage(policy=SMTP)
    message["Subject"] = words.gettext("Noted: your answer to the weekly letter")
    message["From"] = Address(writer.display_name or DISPLAY_NAME, writer.username, writer.domain)
    message["To"] = parsed(recipient).addr_spec
    message["Date"] = format_datetime(now.astimezone(coach.timezone))
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-replied"
    message["X-Auto-Response-Suppress"] = "All"
    message[MARK] = "1"
    message.set_content("\n\n".join(paragraphs) + "\n", charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = str(coach.language)
    return Letter(message_id, message.as_bytes())
