"""The whole letter, word for word, and the mail around it.

After a wanted change of wording or layout, write the expected files anew and read the difference:

    REWRITE_LETTERS=1 pytest tests/digest/test_letter.py
"""

from __future__ import annotations

import email
import os
from dataclasses import replace
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from sample_digests import WEEKS, busy, calm, hostile, three

from monitor.labels import DIGEST_HEADER, Language
from monitor.letter.mail import MARK, render_html, render_text, write_letter

EXPECTED = Path(__file__).parent / "expected"
REWRITE = bool(os.environ.get("REWRITE_LETTERS"))
SENDER = "jana@weber-coaching.example"


def written(digest, sender=SENDER, recipient=SENDER, owner="jana") -> EmailMessage:
    return email.message_from_bytes(write_letter(digest, sender, recipient, owner).data, policy=default)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("week", WEEKS)
@pytest.mark.parametrize(("form", "render"), [("txt", render_text), ("html", render_html)])
def test_the_letter_is_the_expected_one(week, language, form, render):
    file = EXPECTED / f"{week}.{language}.{form}"
    letter = render(WEEKS[week](language))
    if REWRITE:
        file.write_text(letter, encoding="utf-8")

    assert letter == file.read_text(encoding="utf-8")


def test_no_expected_letter_is_left_over():
    wanted = {f"{week}.{language}.{form}" for week in WEEKS for language in Language for form in ("txt", "html")}

    assert {file.name for file in EXPECTED.iterdir()} == wanted


def test_text_and_page_of_the_mail_are_those_of_the_preview():
    digest = three(Language.GERMAN)
    text, page = written(digest).iter_parts()

    assert text.get_content().replace("\r\n", "\n") == render_text(digest)
    assert page.get_content().replace("\r\n", "\n") == render_html(digest)


@pytest.mark.parametrize("week", WEEKS)
def test_headers_say_who_writes_to_whom_and_that_nobody_need_answer(week):
    message = written(WEEKS[week](Language.GERMAN))

    assert message["From"].addresses[0].display_name == "Client Health Monitor"
    assert message["From"].addresses[0].addr_spec == SENDER
    assert [address.addr_spec for address in message["To"].addresses] == [SENDER]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Content-Language"] == "de"
    assert message[MARK] == "1"
    assert sorted(message.keys()) == sorted(
        [
            "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", MARK,
            "MIME-Version", "Content-Type", "Content-Language",
        ]
    )  # fmt: skip


def test_own_letters_are_recognised_when_they_come_back():
    data = write_letter(calm(Language.GERMAN), SENDER, SENDER, "jana").data

    assert MARK.lower() == DIGEST_HEADER
    assert data.lower().count(DIGEST_HEADER.encode() + b": 1\r\n") == 1


def test_date_is_the_moment_of_judgement_with_its_zone():
    digest = calm(Language.ENGLISH)

    assert parsedate_to_datetime(written(digest)["Date"]) == digest.as_of
    assert written(digest)["Date"].endswith("+0100")


def test_parts_are_text_then_html_in_quoted_printable():
    message = written(three(Language.ENGLISH))

    assert message.get_content_type() == "multipart/alternative"
    parts = list(message.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert {part.get_content_charset() for part in parts} == {"utf-8"}
    assert {part["Content-Transfer-Encoding"] for part in parts} == {"quoted-printable"}


@pytest.mark.parametrize("week", WEEKS)
@pytest.mark.parametrize("language", Language)
def test_subject_fits_names_nobody_and_changes_with_the_week(week, language):
    digest = WEEKS[week](language)
    subject = written(digest)["Subject"]
    names = [part for entry in digest.clients for part in entry.client.split() if len(part) > 3]

    assert len(subject) <= 78
    assert not [name for name in names if name in subject]
    assert "9" in subject
    assert written(replace(digest, week="2026-W10"))["Subject"] != subject


def test_subjects_read_as_somebody_would_write_them():
    assert written(three(Language.GERMAN))["Subject"] == "Wochenbrief KW 9: drei Gespräche, drei Hinweise"
    assert written(busy(Language.ENGLISH))["Subject"] == "Weekly letter, week 9: five conversations, one bright spot"
    assert written(calm(Language.GERMAN))["Subject"] == "Wochenbrief KW 9: alles ruhig, ein Lichtblick"


def test_message_id_is_fixed_by_week_owner_and_domain():
    digest = calm(Language.GERMAN)
    first = write_letter(digest, SENDER, SENDER, "jana").message_id

    later = replace(digest, as_of=digest.as_of.replace(hour=12), clients=())
    assert write_letter(later, SENDER, SENDER, "jana").message_id == first
    assert write_letter(digest, SENDER, SENDER, "karl").message_id != first
    assert write_letter(replace(digest, week="2026-W10"), SENDER, SENDER, "jana").message_id != first
    assert first.endswith("@weber-coaching.example>")
    assert "jana" not in first
    assert written(digest)["Message-ID"] == first


def test_the_same_digest_gives_the_same_bytes():
    assert write_letter(three(Language.GERMAN), SENDER, SENDER, "x") == write_letter(
        three(Language.GERMAN), SENDER, SENDER, "x"
    )


def test_a_display_name_of_the_sender_is_kept():
    message = written(calm(Language.GERMAN), sender="Praxis Weber <post@weber-coaching.example>")

    assert message["From"].addresses[0].display_name == "Praxis Weber"


def test_a_domain_with_umlauts_travels_in_ascii():
    message = written(calm(Language.GERMAN), "jana@grün.example", "jana@grün.example")

    assert message["From"].addresses[0].domain.startswith("xn--")
    assert message["To"].addresses[0].domain.isascii()
    assert message["Message-ID"].isascii()


@pytest.mark.parametrize(("sender", "recipient"), [("", SENDER), ("nobody", SENDER), (SENDER, ""), (SENDER, "@x")])
def test_a_letter_without_addresses_is_refused(sender, recipient):
    with pytest.raises(ValueError, match="mail addresses"):
        write_letter(calm(Language.GERMAN), sender, recipient, "jana")


def test_a_stranger_adds_no_header_and_no_part():
    data = write_letter(hostile(Language.GERMAN), SENDER, SENDER, "jana").data
    head, _, body = data.partition(b"\r\n\r\n")

    assert b"victims" not in head
    assert b"Bcc" not in head
    assert b"X-Injected" not in head
    assert head.isascii()
    assert body.count(b"Content-Type:") == 2
    assert max(len(line) for line in data.split(b"\r\n")) <= 998
