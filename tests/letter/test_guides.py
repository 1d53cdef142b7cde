"""Conversation guides: complete for every occasion, kind in every voice, and the coach's own to change."""

from __future__ import annotations

import itertools
import os
import re
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from sample_digests import WEEKS, entry, pattern, three
from sample_mails import mail

from monitor.agreement import AddressForm, Firmness
from monitor.assets import shipped
from monitor.digest.content import Effect, Talk
from monitor.errors import ConfigurationError
from monitor.health.findings import Trend
from monitor.labels import Language, Signal
from monitor.language.speech import speech
from monitor.letter.case import case_of
from monitor.letter.guides import BLOCKS, STEPS, Facts, Occasion, firmness_of, guide, topic_of, voice
from monitor.letter.mail import render_html, render_text

FACTS = {
    Language.GERMAN: Facts(
        times="fünfmal", mails="24", dates="am 3. und 12. März", latest="am Sonntag, 15. März, um 22:41 Uhr",
        share="31\u00a0%", even="11\u00a0%", hours="montags bis freitags von 9 bis 18 Uhr",
        reply="innerhalb eines Arbeitstags", sessions="zwei Sitzungen im Monat zu je 60 Minuten",
        notice="bis 24 Stunden vorher", payment="innerhalb von 14 Tagen", talked="am 20. Februar",
    ),
    Language.ENGLISH: Facts(
        times="five times", mails="24", dates="on 3 and 12 March", latest="on Sunday, 15 March, at 22:41",
        share="31%", even="11%", hours="Mondays to Fridays from 9 am to 6 pm", reply="within one working day",
        sessions="two sessions a month of 60 minutes each", notice="up to 24 hours ahead",
        payment="within 14 days", talked="on 20 February",
    ),
}  # fmt: skip
# What an agreement clause and an observation must name, by signal.
CITED = {
    Signal.SCOPE_CREEP: ("times", "dates", "sessions"),
    Signal.ALWAYS_ON: ("times", "latest", "hours", "reply"),
    Signal.TIME_SHARE: ("mails", "share", "even", "sessions"),
    Signal.DEPENDENCY: ("times", "dates", "sessions"),
    Signal.UNRELIABILITY: ("times", "dates", "notice"),
    Signal.PAYMENT: ("times", "dates", "payment"),
    Signal.EXPECTATION_GAP: ("times", "dates", "sessions"),
}
TALKS = [*Signal, Occasion.EXPECTATIONS, Occasion.GOOD_ENDING, Occasion.NEXT_STEP]
VOICES = [
    (Language.GERMAN, AddressForm.FORMAL),
    (Language.GERMAN, AddressForm.FAMILIAR),
    (Language.ENGLISH, AddressForm.FORMAL),
]
EVERY = list(itertools.product([*Signal, *Occasion], VOICES, Firmness))
# Generalising, judging or diagnosing words have no place in any voice.
UNKIND = re.compile(
    r"\b(ständig|dauernd|schon wieder|nie|niemals|schwierig\w*|abhängig\w*|unzuverlässig\w*|unverschämt\w*|schuld|"
    r"süchtig|Sie müssen|du musst|always|never|constantly|difficult|needy|dependent|unreliable|your fault|you must|"
    r"you have to|demanding)\b",
    re.IGNORECASE,
)
TALKED = ["I’ve never managed the third one myself"]  # of the coach, with a smile


def texts(topic, language, address, firmness, facts=None):
    found = guide(topic, language, facts or FACTS[language], address, firmness)
    return [*found.steps, found.light, *([found.line] if found.line else [])]


@pytest.mark.parametrize(("topic", "speaker", "firmness"), EVERY)
def test_every_guide_can_be_said_as_it_stands(topic, speaker, firmness):
    for text in texts(topic, *speaker, firmness):
        assert text[0].isupper()
        assert text[-1] in ".?!"
        assert not re.search(r"[{}%<>]|  | [.,;:?!]|,,|\.\.", text.replace("\u00a0%", "").replace("1%", ""))
        assert 20 < len(text) <= 330


@pytest.mark.parametrize(("topic", "speaker", "firmness"), EVERY)
def test_no_guide_blames_or_diagnoses(topic, speaker, firmness):
    for text in texts(topic, *speaker, firmness):
        for own in TALKED:
            text = text.replace(own, "")
        assert not UNKIND.search(text)


@pytest.mark.parametrize(("speaker", "firmness"), list(itertools.product(VOICES, Firmness)))
@pytest.mark.parametrize("topic", TALKS)
def test_a_conversation_has_five_steps_and_a_light_variant(topic, speaker, firmness):
    found = guide(topic, speaker[0], FACTS[speaker[0]], speaker[1], firmness)

    assert len(found.steps) == len(STEPS) == 5
    assert found.light not in found.steps


@pytest.mark.parametrize(("speaker", "firmness"), list(itertools.product(VOICES, Firmness)))
@pytest.mark.parametrize("topic", Signal)
def test_observation_and_rule_name_the_numbers_and_the_clause(topic, speaker, firmness):
    found = guide(topic, speaker[0], FACTS[speaker[0]], speaker[1], firmness)
    said = " ".join(found.steps[1:3])

    for name in CITED[topic]:
        assert getattr(FACTS[speaker[0]], name) in said
    assert FACTS[speaker[0]].talked in found.steps[1]


@pytest.mark.parametrize("speaker", VOICES)
@pytest.mark.parametrize("topic", Signal)
def test_firmness_changes_opening_wish_and_offer(topic, speaker):
    gentle, clear, firm = (guide(topic, speaker[0], FACTS[speaker[0]], speaker[1], level) for level in Firmness)

    for step in (0, 3, 4):
        assert len({gentle.steps[step], clear.steps[step], firm.steps[step]}) == 3
    assert gentle.light == clear.light == firm.light


@pytest.mark.parametrize(("topic", "firmness"), list(itertools.product([*Signal, *Occasion], Firmness)))
def test_address_is_kept_through_a_whole_guide(topic, firmness):
    formal = " ".join(texts(topic, Language.GERMAN, AddressForm.FORMAL, firmness))
    familiar = " ".join(texts(topic, Language.GERMAN, AddressForm.FAMILIAR, firmness))

    assert re.search(r"\b(Sie|Ihnen|Ihre?[rmns]?)\b", formal)
    assert not re.search(r"\b(du|dir|dich|deine?[rmns]?)\b", formal, re.IGNORECASE)
    assert re.search(r"\b(du|dir|dich|deine?[rmns]?)\b", familiar, re.IGNORECASE)
    assert not re.search(r"(?<![.?!:] )\b(Sie|Ihnen|Ihre?[rmns]?)\b", familiar)


@pytest.mark.parametrize("occasion", [Occasion.CHECK_IN, Occasion.NEGLECT, Occasion.NEXT_STEP])
@pytest.mark.parametrize("speaker", VOICES)
def test_what_fits_into_a_mail_is_one_line(occasion, speaker):
    assert guide(occasion, speaker[0], FACTS[speaker[0]], speaker[1]).line


def test_the_end_of_an_agreement_is_named_where_it_is_known():
    facts = replace(FACTS[Language.GERMAN], ends="am 30. Juni 2026")

    assert "am 30. Juni 2026" in guide(Occasion.NEXT_STEP, Language.GERMAN, facts).steps[1]
    assert "Ziel ist erreicht" in guide(Occasion.NEXT_STEP, Language.GERMAN, FACTS[Language.GERMAN]).steps[1]


def test_every_language_and_address_has_the_same_files_with_the_same_blocks():
    talk = shipped("templates") / "talk"
    blocks = {
        folder: {file.name: re.findall(r"block (\w+)", file.read_text("utf-8")) for file in (talk / folder).iterdir()}
        for folder in (voice(*speaker) for speaker in VOICES)
    }

    assert set(blocks["en"]) == {f"{topic}.j2" for topic in [*Signal, *Occasion]}
    assert blocks["de-sie"] == blocks["de-du"] == blocks["en"]


def test_the_readme_names_every_word_and_block():
    readme = (shipped("templates") / "talk" / "README.md").read_text("utf-8")

    assert all(f"{{{{ {field.name} }}}}" in readme for field in fields(Facts))
    assert all(f"`{block}`" in readme for block in BLOCKS)


def own(folder: Path, text: str, file: str = "de-sie/scope_creep.j2") -> Path:
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(text, encoding="utf-8")
    return folder


def scope_creep(overrides: Path):
    return guide(Signal.SCOPE_CREEP, Language.GERMAN, FACTS[Language.GERMAN], overrides=overrides)


def test_a_coach_replaces_single_blocks(tmp_path):
    before = scope_creep(tmp_path / "not there")
    after = scope_creep(own(tmp_path, "{% block wish %}\n Fragen Sie mich,\n  bitte: {{ times }}. {% endblock %}"))

    assert after.steps[3] == "Fragen Sie mich, bitte: fünfmal."
    assert (*after.steps[:3], after.steps[4], after.light) == (*before.steps[:3], before.steps[4], before.light)


def test_a_replaced_guide_is_read_again_when_it_changes(tmp_path):
    assert scope_creep(own(tmp_path, "{% block wish %}Eins.{% endblock %}")).steps[3] == "Eins."
    file = own(tmp_path, "{% block wish %}Zwei.{% endblock %}") / "de-sie/scope_creep.j2"
    os.utime(file, ns=(1, 1))

    assert scope_creep(tmp_path).steps[3] == "Zwei."


def test_a_coachs_own_words_are_escaped_and_cleaned_in_the_letter(tmp_path):
    own(tmp_path, '{% block wish %}\u202e<b onclick="x">5 > 3</b>\x1b[31m{% endblock %}', "de-sie/always_on.j2")
    html = render_html(three(Language.GERMAN), tmp_path)

    assert "&lt;b onclick=&#34;x&#34;&gt;5 &gt; 3&lt;/b&gt;" in html
    assert "\u202e" not in html + render_text(three(Language.GERMAN), tmp_path)
    assert "\x1b" not in render_text(three(Language.GERMAN), tmp_path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{% block wish %}{{ tims }}{% endblock %}", "'tims' is undefined"),
        ("{% block wish %}\n{% if %}{% endblock %}", "line 2"),
        ("{% block wunsch %}Bitte.{% endblock %}", '"wunsch" is no block'),
        ("Bitte nicht.", "no blocks"),
        ("{% block wish %}   {% endblock %}", '"wish" is empty'),
        ("{% block wish %}" + "x" * 700 + "{% endblock %}", "longer than"),
        ("{% block wish %}{{ ''.__class__.__mro__ }}{% endblock %}", "unsafe"),
        ("{% block wish %}{{ times.__init__.__globals__ }}{% endblock %}", "unsafe"),
        ("{% block wish %}{{ range(9) }}{% endblock %}", "'range' is undefined"),
        ("{% block wish %}{% include '/etc/hostname' %}{% endblock %}", "loader"),
        ("{% block wish %}{{ 1 // 0 }}{% endblock %}", "zero"),
    ],
)
def test_a_guide_that_cannot_be_used_is_named_with_its_reason(tmp_path, text, reason):
    with pytest.raises(ConfigurationError) as caught:
        scope_creep(own(tmp_path, text))

    assert str(tmp_path / "de-sie/scope_creep.j2") in str(caught.value)
    assert reason in str(caught.value)
    assert caught.value.remedy


def test_a_guide_in_another_encoding_is_named(tmp_path):
    own(tmp_path, "")
    (tmp_path / "de-sie/scope_creep.j2").write_bytes("{% block wish %}Grüße{% endblock %}".encode("latin-1"))

    with pytest.raises(ConfigurationError, match="UTF-8"):
        scope_creep(tmp_path)


def test_a_broken_guide_that_nobody_needs_does_no_harm(tmp_path):
    own(tmp_path, "{% broken", "en/payment.j2")

    assert render_text(WEEKS["first"](Language.GERMAN), tmp_path) == render_text(WEEKS["first"](Language.GERMAN))


def client_with(signal: Signal, talk: Talk | None = None, firmness: Firmness | None = None):
    found = pattern(
        signal, (0,) * 8 + (1, 1, 1, 1), (mail("late", WEEKS["calm"](Language.GERMAN).as_of, "x", Language.GERMAN),)
    )
    return replace(entry("Georg Prantl", 0.2, (found,)), talk=talk, firmness=firmness)


@pytest.mark.parametrize(
    ("talk", "chosen", "firmness"),
    [
        (None, None, Firmness.GENTLE),
        (Talk(date(2026, 2, 1), Effect.TOO_EARLY), None, Firmness.GENTLE),
        (Talk(date(2026, 2, 1), Effect.EASED, 2), None, Firmness.GENTLE),
        (Talk(date(2026, 2, 1), Effect.UNCHANGED), None, Firmness.CLEAR),
        (Talk(date(2026, 2, 1), Effect.UNCHANGED, 2), None, Firmness.FIRM),
        (Talk(date(2026, 2, 1), Effect.UNCHANGED, 2), Firmness.GENTLE, Firmness.GENTLE),
        (None, Firmness.FIRM, Firmness.FIRM),
    ],
)
def test_only_conversations_make_the_words_firmer_or_the_coach(talk, chosen, firmness):
    assert firmness_of(client_with(Signal.PAYMENT, talk, chosen)) is firmness


def test_two_conversations_without_change_lead_to_a_good_ending():
    once = client_with(Signal.EXPECTATION_GAP, Talk(date(2026, 2, 1), Effect.UNCHANGED))
    twice = client_with(Signal.PAYMENT, Talk(date(2026, 2, 1), Effect.UNCHANGED, 2))

    assert topic_of(once, once.patterns[0]) is Occasion.EXPECTATIONS
    assert topic_of(twice, twice.patterns[0]) is Occasion.GOOD_ENDING
    assert topic_of(client_with(Signal.PAYMENT), twice.patterns[0]) is Signal.PAYMENT


def test_dates_are_told_whole_where_they_can_be_said_and_else_the_last_ones():
    digest = three(Language.GERMAN)
    asks = next(one for one in digest.clients if one.client == "Leonie Haas")
    german = speech(Language.GERMAN)

    assert case_of(asks, asks.patterns[0], digest, german).dates == "am 5., 12., 18. und 26.\u00a0Februar"
    more = replace(asks.patterns[0], incidents=9)
    assert case_of(asks, more, digest, german).dates == "zuletzt am 12., 18. und 26.\u00a0Februar"
    none = replace(asks.patterns[0], evidence=(), trend=Trend.RISING)
    assert case_of(asks, none, digest, german).dates == "seit dem 5.\u00a0Februar"
