"""Once a quarter: what the patterns across clients teach about offers, the start of a collaboration, and rules."""

from __future__ import annotations

from monitor.digest.content import Digest, Lesson, Quarter
from monitor.health.findings import Clause
from monitor.labels import SIGNAL_NAMES, Signal
from monitor.language.speech import Speech
from monitor.letter.blocks import Block, Heading, Paragraph, Rule, Span
from monitor.letter.quoting import name

MOST_LESSONS = 3


def quarter_page(digest: Digest, words: Speech) -> list[Block]:
    """Return the page of the quarter, in the one letter that brings it."""
    page = digest.quarter
    if page is None:
        return []
    year, _, number = page.name.partition("-Q")
    heading = words.gettext("What quarter {number} of {year} teaches").format(number=number, year=year)
    blocks: list[Block] = [Rule(), Heading(2, heading)]
    for lesson in page.lessons[:MOST_LESSONS]:
        head = Span(f"{SIGNAL_NAMES[lesson.signal][words.language]}.", strong=True)
        blocks.append(Paragraph((head, Span(f" {_seen(lesson, words)} {_advice(lesson.signal, words)}"))))
    if goodwill := _goodwill(page, words):
        blocks.append(Paragraph((Span(words.gettext("Goodwill."), strong=True), Span(" " + goodwill))))
    if lived := _lived(page, words):
        blocks.append(Paragraph((Span(words.gettext("Written and lived."), strong=True), Span(" " + lived))))
    return blocks


def _seen(lesson: Lesson, words: Speech) -> str:
    names = [name(client) for client in lesson.clients]
    text = words.ngettext("Told with {names}, in one letter.", "Told with {names}, in {count} letters.", lesson.digests)
    return text.format(names=words.listed(names), count=words.count(lesson.digests))


def _advice(signal: Signal, words: Speech) -> str:
    match signal:
        case Signal.SCOPE_CREEP:
            return words.gettext(
                "For your offer: name two things that are not included, and what they cost. "
                "Whoever knows the price asks differently."
            )
        case Signal.ALWAYS_ON:
            return words.gettext(
                "For the start with new clients: say in the first session when you answer, "
                "and write it below your mails."
            )
        case Signal.TIME_SHARE:
            return words.gettext(
                "For your offer: a package with more mail between the sessions, at its own price, "
                "makes the wish a choice."
            )
        case Signal.DEPENDENCY:
            return words.gettext(
                "For the start with new clients: agree that questions come with a proposal of their own."
            )
        case Signal.UNRELIABILITY:
            return words.gettext(
                "For your rules: a short report after each session, and a fee for late cancellations "
                "that is named beforehand."
            )
        case Signal.PAYMENT:
            return words.gettext("For your rules: payment in advance or by standing order, from the first month on.")
        case Signal.EXPECTATION_GAP:
            return words.gettext(
                "For your offer: say what can be reached in three months, and what more time or budget would allow."
            )


def _goodwill(page: Quarter, words: Speech) -> str:
    if not page.accepted:
        return ""
    text = words.ngettext(
        "You said yes to one of {asked} wishes beyond the agreements, worth about {hours} hours.",
        "You said yes to {accepted} of {asked} wishes beyond the agreements, worth about {hours} hours.",
        page.accepted,
    ).format(
        accepted=words.count(page.accepted),
        asked=words.count(page.asked),
        hours=words.number(max(0.5, round(page.minutes / 30) / 2)),
    )
    if page.money >= 1:
        text += " " + words.gettext("At your rates that is {money}.").format(money=words.money(page.money))
    return text


def _lived(page: Quarter, words: Speech) -> str:
    names = {
        Clause.OFFICE_HOURS: words.gettext("answers outside office hours"),
        Clause.REPLY: words.gettext("answers later than promised"),
        Clause.INCLUDED: words.gettext("a yes to what is not included"),
        Clause.NOTICE: words.gettext("appointments that fall through at short notice"),
        Clause.PAYMENT: words.gettext("late payments"),
        Clause.RHYTHM: words.gettext("longer pauses than agreed"),
    }
    if not page.drifts:
        return ""
    parts = [
        words.ngettext("{practice} (one client)", "{practice} ({count} clients)", number).format(
            practice=names[clause], count=words.count(number)
        )
        for clause, number in page.drifts
    ]
    return words.gettext("What has become a habit: {habits}. Either the rule or the habit may change.").format(
        habits=words.listed(parts)
    )
