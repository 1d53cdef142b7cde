"""One client's card: the finding, its trend, the evidence, the clause, and words for the conversation."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from monitor.digest.content import ClientEntry, Digest, Pattern
from monitor.digest.content import Quote as Evidence
from monitor.language.speech import Speech
from monitor.letter.after_talk import since_talk
from monitor.letter.agenda import is_unchanged
from monitor.letter.agreement_words import clause
from monitor.letter.blocks import (
    Block,
    Clause,
    Heading,
    Paragraph,
    Quotation,
    Rule,
    Span,
    Step,
    Steps,
    Trend,
    plain,
    trend,
)
from monitor.letter.case import case_of
from monitor.letter.guides import Guide, firmness_of, guide, topic_of
from monitor.letter.own_part import given, lived, mirrored
from monitor.letter.pattern_words import counted, finding, in_short, label, motive
from monitor.letter.quoting import link_to, name, place_of, quote
from monitor.letter.replies import for_client
from monitor.message.language import language_of

MOST_QUOTES = 3
TALK_COUNTS = timedelta(weeks=26)  # so long a conversation is told beside what goes on


def card(number: int, entry: ClientEntry, digest: Digest, speech: Speech, overrides: Path | None) -> list[Block]:
    """Return the blocks of one client's card; the strongest pattern is told in full, further ones in a sentence."""
    pattern = entry.patterns[0]
    blocks: list[Block] = [Rule(), Heading(2, f"{number}. {name(entry.client)}: {label(pattern, speech)}")]
    blocks.append(Paragraph(plain(finding(entry, pattern, digest, speech))))
    blocks.extend(Paragraph(_further(entry, further, digest, speech)) for further in entry.patterns[1:])
    if entry.progress:
        text = speech.ngettext(
            "Beside it stands one report of progress in these four weeks.",
            "Beside it stand {count} reports of progress in these four weeks.",
            entry.progress,
        )
        blocks.append(Paragraph(plain(text.format(count=speech.count(entry.progress)))))
    if entry.talk is not None and digest.last - entry.talk.held_on <= TALK_COUNTS:
        text = since_talk(entry.talk, speech, again=True)
        if topic_of(entry, pattern) is not pattern.signal:
            text += " " + speech.gettext("The words below are meant for that.")
        blocks.append(Paragraph(plain(text)))
    if why := motive(entry, speech):
        blocks.append(Paragraph(plain(why)))
    if pattern.weekly:
        blocks.append(Paragraph(plain(counted(pattern.signal, speech) + ":"), small=True))
        blocks.append(weekly_trend(pattern.weekly, digest.last))
    if pattern.evidence:
        blocks.append(Heading(3, speech.gettext("Where it shows")))
        # The latest ones, and rather a mail with words to quote than one without.
        shown = sorted(pattern.evidence, key=lambda one: (bool(one.text), one.sent_at))[-MOST_QUOTES:]
        blocks.extend(quotation(one, digest, speech) for one in sorted(shown, key=lambda one: one.sent_at))
    agreed = clause(pattern.signal, entry.agreement, speech)
    if practice := lived(entry, pattern, speech):
        agreed += " " + practice
    blocks.append(Clause(speech.gettext("What you agreed"), agreed))
    blocks.extend(_own_part(entry, speech))
    words = guide(
        topic_of(entry, pattern),
        speech.language,
        case_of(entry, pattern, digest, speech),
        entry.address,
        firmness_of(entry, topic_of(entry, pattern)),
        overrides,
    )
    blocks.extend(_guide(words, speech))
    blocks.extend(for_client(entry, pattern, digest, speech))
    return blocks


def line(entry: ClientEntry, digest: Digest, speech: Speech) -> Paragraph:
    """Return one client in a line: beyond the first cards, or unchanged."""
    pattern = entry.patterns[0]
    patterns = speech.listed([label(one, speech) for one in entry.patterns])
    head = Span(f"{name(entry.client)}: {patterns}.", strong=True)
    text = in_short(entry, pattern, digest, speech)
    if is_unchanged(entry, digest):
        text = speech.gettext("Unchanged since the last letter.") + " " + text
    return Paragraph((head, Span(" " + text)))


def quotation(evidence: Evidence, digest: Digest, speech: Speech) -> Quotation:
    """Return a quote with the way to its mail; a quote in another language than the letter says so."""
    text = quote(evidence.text)
    spoken = language_of(text)
    foreign = spoken is not None and spoken is not speech.language
    return Quotation(
        text=speech.quoted(text) if text else "",
        place=Span(place_of(evidence, speech), href=link_to(evidence.message_id, digest.link)),
        language=str(spoken) if foreign else "",
    )


def weekly_trend(weekly: tuple[int, ...], last: date) -> Trend:
    """Return the chart of weekly counts that end in the week of ``last``."""
    days = [last - timedelta(weeks=back) for back in range(len(weekly) - 1, -1, -1)]
    return trend(weekly, tuple(str(day.isocalendar().week) for day in days))


def _further(entry: ClientEntry, pattern: Pattern, digest: Digest, speech: Speech) -> tuple[Span, ...]:
    head = speech.gettext("Also: {pattern}.").format(pattern=label(pattern, speech))
    return (Span(head, strong=True), Span(" " + in_short(entry, pattern, digest, speech)))


def _own_part(entry: ClientEntry, speech: Speech) -> list[Block]:
    """Return the mirror and what was given beyond the agreement, each in a paragraph."""
    told = (
        (speech.gettext("Your own part:"), mirrored(entry, speech)),
        (speech.gettext("Your goodwill so far:"), given(entry, speech)),
    )
    return [Paragraph((Span(head, strong=True), Span(" " + text))) for head, text in told if text]


def _guide(words: Guide, speech: Speech) -> list[Block]:
    labels = (
        speech.gettext("Opening"),
        speech.gettext("Observation"),
        speech.gettext("Agreement"),
        speech.gettext("Wish"),
        speech.gettext("Offer"),
    )
    return [
        Heading(3, speech.gettext("How you could say it")),
        Steps(tuple(Step(f"{label}:", text) for label, text in zip(labels, words.steps, strict=True))),
        Paragraph((Span(speech.gettext("Or with a smile:"), strong=True), Span(" " + words.light))),
    ]
