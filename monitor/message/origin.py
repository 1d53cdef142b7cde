"""Tell a person's message from automatic replies, newsletters, notifications and bounces.

Sources: RFC 3834 (Auto-Submitted), RFC 2919 and 2369 (list headers), RFC 3464 (delivery reports), and what
the programs of the field write besides.
"""

from __future__ import annotations

import re

from monitor.labels import DIGEST_HEADER
from monitor.message.header import Header
from monitor.message.message import Address, Origin

_ROBOTS = re.compile(
    r"(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|donotreply|keine?[-_.]?antwort|noreply\S*|\S*[-_.+]no-?reply|bounces?(?:[-+_.]\S*)?|"
    r"notifications?|newsletter|mailings?|automailer|auto-?reply|autoresponder|alerts?|daemon|news)@"
)
_BOUNCERS = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon)@")
_REPLY_SUBJECT = re.compile(
    r"(?:(?:automatische|autom\.) (?:antwort|abwesenheitsnotiz)|abwesenheitsnotiz|abwesenheitsmeldung|abwesend:|"
    r"out of (?:the )?office\b|automatic reply|auto(?:matic)?[- ]?reply|autoreply|auto:|autoresponse|réponse automatique|"
    r"risposta automatica|respuesta automática|i am out of|ich bin nicht im büro)",
    re.I,
)
_BOUNCE_SUBJECT = re.compile(
    r"(?:undeliver(?:ed|able)|delivery status notification|mail delivery (?:failed|failure|subsystem)|returned mail|failure notice|"
    r"unzustellbar|nicht zustellbar|delivery has failed)",
    re.I,
)


def origin_of(header: Header, sender: Address | None) -> Origin:
    """Return what sent a message, judged by its header alone."""
    if DIGEST_HEADER in header:
        return Origin.DIGEST
    media_type = header.raw("content-type").lower().lstrip()
    address = sender.address if sender else ""
    if (media_type.startswith("multipart/report") and "disposition-notification" not in media_type) or _BOUNCERS.match(
        address
    ):
        return Origin.BOUNCE
    if header.raw("return-path").strip() == "<>" and _BOUNCE_SUBJECT.match(header.text("subject")):
        return Origin.BOUNCE
    if _is_bulk(header, address):
        return Origin.BULK
    if _is_automatic(header, media_type):
        return Origin.AUTOMATIC
    return Origin.PERSON


def _is_bulk(header: Header, address: str) -> bool:
    if any(
        name in header
        for name in (
            "list-id",
            "list-unsubscribe",
            "list-unsubscribe-post",
            "feedback-id",
            "x-campaign-id",
            "x-mailgun-tag",
            "x-mc-user",
            "x-csa-complaints",
        )
    ):
        return True
    if header.raw("precedence").strip().lower() in {"bulk", "list", "junk"}:
        return True
    return bool(_ROBOTS.match(address))


def _is_automatic(header: Header, media_type: str) -> bool:
    submitted = header.raw("auto-submitted").split(";")[0].strip().lower()
    if submitted and submitted != "no":
        return True
    if any(
        name in header for name in ("x-autoreply", "x-autorespond", "x-auto-reply", "x-vacation", "x-autoreply-from")
    ):
        return True
    if header.raw("precedence").strip().lower() == "auto_reply":
        return True
    if media_type.startswith(("multipart/report", "text/calendar")):
        return True
    # A subject "Automatische Antwort: …" alone; "Re: Automatische Antwort" is somebody's answer to one.
    return bool(_REPLY_SUBJECT.match(header.text("subject")))
