"""Foreign words are shown as words: nothing to click, nothing to run, nothing hidden, nothing turned round."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.digest.content import Link, Quote
from monitor.labels import Language
from monitor.language.speech import speech
from monitor.letter.quoting import address, harmless, link_to, name, place_of, quote, subject


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words", "plain words"),
        ("two\r\nlines\u2028here", "two lines here"),
        ("\u202eturned\u202c", "turned"),
        ("ze\u200bro wi\u200ddth\ufeff", "zero width"),
        ("\x1b[31mred\x1b[0m \x1b]0;title\x07end", "red end"),
        ("see https://evil.example/a?b=c, please", "see [Link] please"),
        ("www.evil.example", "[Link]"),
        ("write to a.b+c@evil.example now", "write to [Link] now"),
        ("<a.b@evil.example>", "[Link]"),
        ("go to evil.com/login or evil.de", "go to [Link] or [Link]"),
        ("javascript:alert(1)", "[Link]"),
        ("z.B. um 9.30 Uhr, d.h. bald... ja", "z.B. um 9.30 Uhr, d.h. bald... ja"),
        ("2 < 3 and a <3", "2 < 3 and a <3"),
        ("<b>bold</b> &lt;i&gt; &amp;amp;", "‹b›bold‹/b› ‹i› &"),
        ("<img src=x onerror=alert(1)", "‹img src=x onerror=alert(1)"),
        ("a\u0301\u0301\u0301\u0301\u0301", "á\u0301\u0301"),
    ],
)
def test_foreign_words_become_harmless(text, shown):
    assert harmless(text, 200) == shown


def test_a_long_quote_is_cut_on_a_word():
    shown = quote("word and another " * 40)

    assert len(shown) <= 200
    assert shown.endswith("…")
    assert shown.removesuffix("…").split()[-1] in {"word", "and", "another"}


def test_an_endless_word_is_cut_within():
    assert quote("see " + "x" * 900 + " there") == "see " + "x" * 40 + "… there"


def test_megabytes_take_no_time():
    started = time.perf_counter()
    for text in ("<" * 2_000_000, "a." * 1_000_000, "&amp;" * 400_000, "@" * 2_000_000, "\x1b[" * 1_000_000):
        assert len(quote(text)) <= 200

    assert time.perf_counter() - started < 3


@given(st.text(max_size=400), st.integers(10, 300))
def test_whatever_comes_is_one_short_line_without_markup(text, most):
    shown = harmless(text, most)

    assert len(shown) <= most
    assert shown.splitlines() in ([], [shown])
    assert "<a" not in shown
    assert not any(character in shown for character in "\x1b\u202e\u200b\u200d\u2066\ufeff\r\n")


def test_a_name_of_nothing_visible_is_a_dash():
    assert name("\u202e\u200b") == "–"
    assert subject("\u200b") == ""


def test_an_address_stays_readable():
    assert address("volker@werkstatt.example") == "volker@werkstatt.example"
    assert "\n" not in address("a@b.example\r\nBcc: c@d.example")


@pytest.mark.parametrize(
    ("program", "link"),
    [
        (Link.NONE, ""),
        (Link.THUNDERBIRD, "mid:a+b%c@mail.example"),
        (Link.APPLE_MAIL, "message:%3Ca%2Bb%25c@mail.example%3E"),
        (Link.GMAIL, "https://mail.google.com/mail/u/0/#search/rfc822msgid:a%2Bb%25c%40mail.example"),
    ],
)
def test_links_are_written_for_the_one_program(program, link):
    assert link_to("<a+b%c@mail.example>", program) == link


@pytest.mark.parametrize(
    "message_id", [None, "", "<>", '<"><script>@x.example>', "<a b@c.example>", "no-at-sign", "<a@b\n>"]
)
def test_an_odd_message_id_gives_no_link(message_id):
    assert link_to(message_id, Link.THUNDERBIRD) == ""


def test_a_place_is_weekday_date_time_sender_and_subject():
    mail = Quote(None, datetime(2026, 3, 5, 22, 4, tzinfo=UTC), "Georg Prantl", "", "", "INBOX")

    assert (
        place_of(mail, speech(Language.GERMAN)) == "Donnerstag, 5.\u00a0März, 22:04 Uhr, Georg Prantl: (ohne Betreff)"
    )
    assert place_of(mail, speech(Language.ENGLISH)) == "Thursday, 5\u00a0March, 22:04, Georg Prantl: (no subject)"
