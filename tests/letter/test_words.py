"""What the letter says of agreements, patterns, care and the week: the numbers right, each beside its yardstick."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sample_digests import busy, calm, entry, first, three
from sample_mails import BERLIN

from monitor.digest.content import CareItem, Coverage, Effect, Guess, Question, Talk
from monitor.health.findings import Trend
from monitor.labels import Care, Language, RequestType, Signal
from monitor.language.speech import speech
from monitor.letter.after_talk import since_talk
from monitor.letter.agenda import agenda
from monitor.letter.blocks import trend
from monitor.letter.cards import weekly_trend
from monitor.letter.care_words import note, ranked
from monitor.letter.mail import render_html, render_text
from monitor.letter.outline import outline
from monitor.letter.pattern_words import finding

GERMAN, ENGLISH = speech(Language.GERMAN), speech(Language.ENGLISH)


def said(digest) -> str:
    """The letter without its line breaks."""
    return " ".join(render_text(digest).split())


def test_a_finding_tells_number_yardstick_before_and_trend():
    digest = first(Language.GERMAN)
    due = digest.clients[0]

    assert finding(due, due.patterns[0], digest, GERMAN) == (
        "In den letzten vier Wochen hat Georg Prantl dreimal um etwas gebeten, das über Ihre Vereinbarung hinausgeht. "
        "Zweimal lassen Sie gelten; in den vier Wochen davor kam es nicht vor. "
        "Das geht seit dem 24.\u00a0Februar so und nimmt zu."
    )


def test_no_leeway_and_nothing_before_are_told_as_such():
    digest = first(Language.ENGLISH)
    due = digest.clients[0]
    bare = replace(due.patterns[0], leeway=0, before=0, trend=Trend.EASING)

    assert finding(due, bare, digest, ENGLISH) == (
        "In the last four weeks Georg Prantl has asked three times for something beyond what you agreed. "
        "You have set no leeway here; in the four weeks before it did not happen. "
        "It has been going on since 24\u00a0February and is already easing."
    )


def test_a_share_of_time_is_told_beside_the_even_share_and_the_leeway():
    digest = three(Language.GERMAN)
    due = digest.conversations[0]
    busy = next(one for one in due.patterns if one.signal is Signal.TIME_SHARE)

    text = finding(due, busy, digest, GERMAN)

    assert "38\u00a0% Ihrer Zeit" in text
    assert "gleichmäßig verteilt wären es 14\u00a0%" in text
    assert "Bis zu 29\u00a0% sind für Sie in Ordnung. Es kamen 24 Mails, in den vier Wochen davor 15." in text


@pytest.mark.parametrize("words", [GERMAN, ENGLISH])
@pytest.mark.parametrize("effect", Effect)
@pytest.mark.parametrize("held", [1, 3])
def test_every_effect_of_a_conversation_can_be_told(words, effect, held):
    text = since_talk(Talk(date(2026, 2, 3), effect, held), words)

    assert words.day(date(2026, 2, 3)) in text
    assert "{" not in text


def care(kind: Care, **more) -> str:
    item = CareItem("Georg Prantl", kind, "", **more)
    digest = calm(Language.GERMAN)
    client = replace(digest.clients[0], care=(item,))
    return note(item, client, replace(digest, clients=(client, *digest.clients[1:])), GERMAN)


def test_care_notes_have_their_yardstick():
    assert care(Care.SILENCE, days=23, usual=10) == "Seit 23 Tagen nichts gehört; sonst vergehen höchstens etwa 10."
    assert care(Care.SILENCE, days=23) == "Seit 23 Tagen nichts gehört; vereinbart ist ein Kontakt alle 14 Tage."
    assert care(Care.NEGLECT, days=4).endswith("zugesagt ist eine innerhalb eines Arbeitstags.")
    assert care(Care.NEGLECT).endswith("nämlich nicht mehr innerhalb eines Arbeitstags.")
    assert care(Care.CONCENTRATION).startswith("Von hier kommen 20\u00a0% Ihrer vereinbarten Honorare; gleichmäßig")
    assert "einmal in vier Wochen, in den vier Wochen davor viermal" in care(
        Care.IMPROVEMENT, signal=Signal.PAYMENT, before=4, now=1
    )
    assert "in vier Wochen" in care(Care.TURNING_POINT, on=date(2026, 3, 31))
    assert "in 9 Tagen" in care(Care.TURNING_POINT, on=date(2026, 3, 10))
    assert "in einem Tag" in care(Care.TURNING_POINT, on=date(2026, 3, 2))
    assert "ausgelaufen" in care(Care.TURNING_POINT, on=date(2026, 2, 10))
    assert care(Care.TURNING_POINT).startswith("Eine Etappe ist geschafft")


def test_three_care_notes_are_told_in_full_and_a_fourth_is_rather_shown_than_counted():
    notes = [CareItem(str(number), Care.SILENCE, "", number) for number in range(5)]

    assert [len(part) for part in ranked(notes[:3])] == [3, 0]
    assert [len(part) for part in ranked(notes[:4])] == [4, 0]
    assert [len(part) for part in ranked(notes)] == [3, 2]
    assert ranked(notes)[0][0].days == 4
    waiting = CareItem("x", Care.NEGLECT, "", 1)
    assert ranked([*notes, waiting])[0][0] is waiting


def test_at_most_three_cards_the_rest_in_a_line():
    plan = agenda(busy(Language.GERMAN))

    assert len(plan.due) == 5
    assert [entry.client for entry in plan.cards] == ["Silke Brandstätter", "Dr. Hartmut Kolbe", "Beatrix Lohmann"]
    assert [entry.client for entry in plan.lines] == ["Marcus Adeyemi", "Leonie Haas"]


def test_what_was_told_last_week_and_has_not_changed_shrinks_to_a_line():
    digest = first(Language.GERMAN)
    told = replace(digest.clients[0].patterns[0], last_told=3)
    client = replace(digest.clients[0], patterns=(told,))
    again = replace(digest, clients=(client, *digest.clients[1:]), previous_week="2026-W08")

    assert "1. Georg Prantl" in said(digest)
    assert "1. Georg Prantl" not in said(again)
    assert "Ein Gespräch steht weiter an, das mit Georg Prantl." in said(again)
    assert "Georg Prantl: Umfang wächst. Unverändert seit dem letzten Brief." in said(again)


def test_nothing_is_called_new_where_the_last_digest_is_not_known():
    digest = first(Language.GERMAN)

    assert "Neu seit" not in said(digest)
    assert "Neu seit dem letzten Brief: Georg Prantl." in said(replace(digest, previous_week="2026-W08"))


def test_after_a_conversation_there_is_peace():
    digest = first(Language.GERMAN)
    client = replace(digest.clients[0], patterns=(), talk=Talk(date(2026, 2, 27), Effect.TOO_EARLY))
    rested = replace(digest, clients=(client, *digest.clients[1:]))

    assert "Kein Gespräch steht an" in said(rested)
    assert "Für einen Vergleich ist es noch zu früh" in said(rested)
    assert "So können Sie es sagen" not in said(rested)


def test_an_unread_mailbox_is_no_silence():
    digest = calm(Language.GERMAN)
    unread = replace(digest, coverage=Coverage(0, 0, None, None, ""))

    assert "Diese Woche wurde keine Mail gelesen" in said(unread)
    assert "ruhige Woche" not in said(unread)
    assert outline(unread).headlines == ("keine Mail gelesen",)


def test_an_inbox_not_read_for_days_is_told():
    digest = calm(Language.GERMAN)
    seen = digest.as_of - timedelta(days=4)
    stale = replace(digest, coverage=replace(digest.coverage, inbox_seen_at=seen))

    assert "Ihr Posteingang wurde zuletzt am Donnerstag, 26. Februar, 7:00 Uhr gelesen" in said(stale)
    assert "ruhige Woche" not in said(stale)


def test_without_clients_the_letter_says_so():
    empty = replace(calm(Language.ENGLISH), clients=())

    assert "No clients are set up yet." in said(empty)


def test_time_is_shown_only_where_an_even_share_says_something():
    digest = first(Language.GERMAN)
    few = replace(digest, clients=digest.clients[:3])
    spread = replace(digest, clients=tuple(replace(each, share=0.2) for each in digest.clients))

    assert "Wohin Ihre Zeit geht" in said(digest)
    assert "Wohin Ihre Zeit geht" not in said(few)
    assert "Wohin Ihre Zeit geht" not in said(calm(Language.GERMAN))
    assert "Niemand von fünf Personen nimmt mehr als 20 % in Anspruch" in said(spread)


def asked(outside: float, *guesses: tuple[RequestType, float]) -> str:
    base = three(Language.GERMAN)
    question = Question(base.questions[0].quote, tuple(Guess(*guess) for guess in guesses), outside)
    text = said(replace(base, questions=(question,)))
    return text[text.index("Harriet Pemberton: Donnerstag <") :].partition("> ")[2].partition("?")[0] + "?"


def test_a_question_is_about_what_is_least_sure():
    scheduling, cancellation = RequestType.SCHEDULING, RequestType.CANCELLATION

    assert asked(0.1, (cancellation, 0.41), (scheduling, 0.52)) == "Termin 52 % oder Absage 41 %?"
    assert asked(0.1, (scheduling, 0.6)) == "Termin 60 % oder etwas anderes 40 %?"
    assert asked(0.43, (scheduling, 0.84)) == "Termin: außerhalb der Vereinbarung 43 % oder innerhalb 57 %?"
    assert asked(0.31) == "Außerhalb der Vereinbarung 31 % oder innerhalb 69 %?"


def test_evidence_rather_quotes_words_than_none():
    digest = first(Language.GERMAN)
    due = digest.clients[0]
    spoken = due.patterns[0].evidence
    silent = tuple(replace(quote, text="", sent_at=quote.sent_at + timedelta(days=1)) for quote in spoken)
    client = replace(due, patterns=(replace(due.patterns[0], evidence=spoken[1:] + silent),))
    text = said(replace(digest, clients=(client, *digest.clients[1:])))

    assert text.count("- „") == 2
    assert text.count("Uhr, Georg Prantl") == 3


def test_folders_to_correct_bear_the_parent_that_the_coach_chose():
    digest = replace(three(Language.GERMAN), label_folder="INBOX/Lernen")

    assert "INBOX/Lernen/Sonderwunsch" in said(digest)
    assert "INBOX/Lernen/Kein Klient" in said(digest)
    assert "Monitor/" not in said(digest)


def test_the_trend_ends_in_the_week_of_the_letter_and_has_room_above_single_incidents():
    chart = weekly_trend((0, 1, 0, 3), date(2026, 1, 11))

    assert [week.week for week in chart.weeks] == ["51", "52", "1", "2"]
    assert [week.pixels for week in chart.weeks] == [0, 12, 0, 36]
    assert [week.level for week in chart.weeks] == [" ", "▂", " ", "▆"]
    assert [week.current for week in chart.weeks] == [False, False, False, True]
    assert trend((1000, 1), ("1", "2")).weeks[1].pixels == 2


def test_a_client_without_weeks_has_a_card_without_a_chart():
    digest = first(Language.GERMAN)
    bare = replace(digest.clients[0].patterns[0], weekly=(), evidence=())
    client = replace(digest.clients[0], patterns=(bare,))
    html = render_html(replace(digest, clients=(client, *digest.clients[1:])))

    assert "Kalenderwochen" not in html
    assert "Woran es sich zeigt" not in html


def test_the_moment_of_judgement_alone_tells_what_is_late():
    night = datetime(2026, 3, 2, 23, 0, tzinfo=BERLIN)
    digest = calm(Language.GERMAN)

    assert "Bitte beachten" not in said(replace(digest, as_of=night))
    assert "Bitte beachten" in said(replace(digest, as_of=night + timedelta(days=1)))


def test_one_client_needs_no_count_of_clients():
    digest = calm(Language.GERMAN)

    assert "Geschrieben haben" not in said(replace(digest, clients=(entry("Georg Prantl", 1.0),)))


@pytest.mark.parametrize("language", Language)
def test_nothing_to_tell_is_told_in_a_line(language):
    base = calm(language)
    clients = tuple(replace(client, care=()) for client in base.clients)
    nothing = replace(base, clients=clients, previous_week="2026-W08")

    assert not nothing.has_news
    assert len(said(nothing).split()) < 60
    assert replace(nothing, coverage=replace(nothing.coverage, unreadable=1)).has_news
