"""The letter in its order: the answer first, then few things in full, and an honest end."""

from __future__ import annotations

from pathlib import Path

from monitor.digest.content import ClientEntry, Digest
from monitor.labels import Care, Signal
from monitor.language.speech import Speech, capital, speech
from monitor.letter.after_talk import after_talk, thanked
from monitor.letter.agenda import Agenda, agenda, is_stale, nothing_read
from monitor.letter.blocks import Block, Heading, Outline, Paragraph, Rule, Summary, SummaryRow, plain
from monitor.letter.cards import card, line
from monitor.letter.closing import care, care_notes, footer, shares
from monitor.letter.learning import how_to_correct, learned, questions, unknown
from monitor.letter.pattern_words import label
from monitor.letter.people_first import compassion, danger, in_danger
from monitor.letter.quarter_page import quarter_page
from monitor.letter.quoting import name
from monitor.letter.replies import how_to_answer, taken
from monitor.letter.reservations import reservations


def outline(digest: Digest, overrides: Path | None = None) -> Outline:
    """Return the whole letter as blocks in the digest's language.

    ``overrides`` is the coach's own folder of conversation guides.
    """
    words = speech(digest.language)
    plan = agenda(digest)
    answer = _answer(digest, plan, words)
    title = words.gettext("Weekly letter, week {week}").format(week=_week(digest))
    if digest.is_test:
        title = words.gettext("Test: {title}").format(title=title)
    blocks: list[Block] = [
        Paragraph(
            plain(
                words.gettext("Weekly letter, calendar week {week}, {period}").format(
                    week=_week(digest), period=words.period(digest.first, digest.last)
                )
            ),
            small=True,
        ),
        Heading(1, words.gettext("Please read one mail first.") if in_danger(digest) else answer),
    ]
    if in_danger(digest):
        blocks.extend((*danger(digest, words), Paragraph(plain(answer))))
    blocks.extend(Paragraph(plain(text)) for text in reservations(digest, words))
    if digest.is_test:
        text = words.gettext("This letter is a test: it does not count as the week's letter, and takes no answers.")
        blocks.insert(0, Paragraph(plain(text)))
    if plan.due:
        blocks.extend(_summary(plan, words))
    else:
        blocks.append(Paragraph(plain(_quiet(digest, words))))
    if further := _further(digest, plan, words):
        blocks.append(Paragraph(plain(further)))
    for number, entry in enumerate(plan.cards, start=1):
        blocks.extend(card(number, entry, digest, words, overrides))
    if plan.lines:
        blocks.extend((Rule(), Heading(2, words.gettext("Also in view"))))
        blocks.extend(line(entry, digest, words) for entry in plan.lines)
    blocks.extend(after_talk(digest, words))
    blocks.extend(compassion(digest, words))
    blocks.extend(care(digest, words, overrides))
    if plan.due:
        blocks.extend(shares(digest, words))
    blocks.extend(questions(digest, words))
    blocks.extend(unknown(digest, words))
    blocks.extend(taken(digest, words))
    blocks.extend(learned(digest, words))
    blocks.extend(quarter_page(digest, words))
    if not (digest.has_news or is_stale(digest)):
        # Nothing to tell is told in a line: what was read stands in it already.
        return Outline(digest.language, title, _headlines(digest, plan, words), _preheader(plan, words), tuple(blocks))
    blocks.extend(footer(digest, words))
    blocks.extend(how_to_correct(digest, words))
    blocks.extend(how_to_answer(digest, words))
    return Outline(digest.language, title, _headlines(digest, plan, words), _preheader(plan, words), tuple(blocks))


def _week(digest: Digest) -> str:
    return str(int(digest.week.partition("-W")[2]))


def _answer(digest: Digest, plan: Agenda, words: Speech) -> str:
    if not digest.clients:
        return words.gettext("No clients are set up yet.")
    if not plan.due:
        if nothing_read(digest.coverage):
            return words.gettext("No mail was read this week, so nothing can be said about it.")
        if is_stale(digest):
            return words.gettext("No conversation is due, as far as the mail was read.")
        return words.gettext("A quiet week: no conversation is due.")
    first = name(plan.due[0].client)
    if not plan.cards:
        text = words.ngettext(
            "One conversation is still due, the one with {name}.",
            "{count} conversations are still due, first of all with {name}.",
            len(plan.due),
        )
    else:
        text = words.ngettext(
            "One conversation is due, with {name}.", "{count} conversations are due, first with {name}.", len(plan.due)
        )
    return capital(text.format(count=words.count(len(plan.due)), name=first))


def _summary(plan: Agenda, words: Speech) -> list[Block]:
    rows = tuple(
        SummaryRow(
            name(entry.client), _patterns(entry, words), str(entry.patterns[0].before), str(entry.patterns[0].now)
        )
        for entry in plan.due
    )
    heads = (words.gettext("Who"), words.gettext("Pattern"), words.gettext("before → now"))
    counted = words.gettext("The numbers: incidents in the four weeks before, and in the last four weeks.")
    if any(entry.patterns[0].signal is Signal.TIME_SHARE for entry in plan.due):
        counted = words.gettext(
            "The numbers: incidents in the four weeks before, and in the last four weeks; "
            "for “{time_share}” the mails received."
        ).format(time_share=_time_share(plan, words))
    return [Summary(heads, rows), Paragraph(plain(counted), small=True, close=True)]


def _time_share(plan: Agenda, words: Speech) -> str:
    return next(label(entry.patterns[0], words) for entry in plan.due if entry.patterns[0].signal is Signal.TIME_SHARE)


def _patterns(entry: ClientEntry, words: Speech) -> str:
    first, *further = (label(pattern, words) for pattern in entry.patterns)
    if not further:
        return first
    return words.gettext("{pattern}, also {further}").format(pattern=first, further=words.listed(further))


def _quiet(digest: Digest, words: Speech) -> str:
    if not digest.clients:
        return words.gettext(
            "As soon as the first clients stand in your configuration, this letter will tell you how they are."
        )
    if nothing_read(digest.coverage):
        return words.gettext(
            "That is no sign that your clients are silent. The last lines of this letter say what was read."
        )
    mails = digest.coverage.messages
    sentences = [
        words.ngettext("One mail was read this week.", "{mails} mails were read this week.", mails).format(
            mails=words.number(mails)
        )
    ]
    if len(digest.clients) > 1:
        wrote = sum(entry.received > 0 for entry in digest.clients)
        sentences.append(
            words.gettext("{wrote} of your {count} clients wrote.").format(wrote=wrote, count=len(digest.clients))
        )
    sentences.append(words.gettext("Nobody went beyond what you are happy to let pass."))
    return " ".join(sentences)


def _further(digest: Digest, plan: Agenda, words: Speech) -> str:
    """Return in a line what else there is, and what is new; nothing if the rest of a quiet letter is in sight."""
    if not plan.due:
        return ""
    parts = _counts(digest, words)
    sentences = []
    if parts:
        sentences.append(words.gettext("Besides: {parts}.").format(parts=words.listed(parts)))
    if plan.new:
        names = words.listed([name(entry.client) for entry in plan.new])
        sentences.append(words.gettext("New since the last letter: {names}.").format(names=names))
    elif plan.new is not None and plan.cards:
        sentences.append(words.gettext("Nobody is new since the last letter."))
    return " ".join(sentences)


def _counts(digest: Digest, words: Speech) -> list[str]:
    parts = []
    if number := len(care_notes(digest)):
        parts.append(words.ngettext("one care note", "{count} care notes", number).format(count=words.count(number)))
    if number := len(digest.questions):
        parts.append(
            words.ngettext("one short question", "{count} short questions", number).format(count=words.count(number))
        )
    return parts


def _headlines(digest: Digest, plan: Agenda, words: Speech) -> tuple[str, ...]:
    """Return what the subject says after the week, without any name."""
    number = len(plan.due)
    if number:
        first = words.ngettext("one conversation", "{count} conversations", number).format(count=words.count(number))
    elif nothing_read(digest.coverage):
        return (words.gettext("no mail was read"),)
    else:
        first = words.gettext("all quiet")
    notes = care_notes(digest)
    eased = [entry for entry in digest.clients if thanked(entry, digest)]
    bright = sum(item.care is Care.IMPROVEMENT for item in notes) + len(eased)
    other = len(notes) + len(eased) - bright
    if bright:
        second = words.ngettext("one bright spot", "{count} bright spots", bright).format(count=words.count(bright))
    elif other:
        second = words.ngettext("one care note", "{count} care notes", other).format(count=words.count(other))
    else:
        return (first,)
    return (first, second)


def _preheader(plan: Agenda, words: Speech) -> str:
    """Return one sentence of 30 to 140 characters for the list of mails, without any name or word of a client."""
    if not plan.due:
        return words.gettext("In this letter: what was read, and who could do with a few lines.")
    pattern = plan.due[0].patterns[0]
    text = words.gettext("First comes “{pattern}”, {before} before and {now} now. With words for the conversation.")
    return text.format(pattern=label(pattern, words), before=pattern.before, now=pattern.now)
