"""What has become of conversations: before and after, and who rests at the coach's wish."""

from __future__ import annotations

from datetime import timedelta

from monitor.digest.content import TALK_TOLD_FOR, Change, ClientEntry, Digest, Effect, Talk
from monitor.labels import SIGNAL_NAMES
from monitor.language.speech import Speech
from monitor.letter.blocks import Block, Heading, Paragraph, Rule, Span, plain
from monitor.letter.quoting import name


def told_after_talk(digest: Digest) -> tuple[ClientEntry, ...]:
    """Return the clients whose last conversation is told beside the cards: where there is no card to tell it on."""
    return tuple(
        entry
        for entry in digest.clients
        if entry.talk is not None and not entry.patterns and digest.last - entry.talk.held_on <= TALK_TOLD_FOR
    )


def after_talk(digest: Digest, words: Speech) -> list[Block]:
    """Return what the conversations of the last weeks have changed, and who is snoozed."""
    told = told_after_talk(digest)
    snoozed = [entry for entry in digest.clients if entry.snoozed_until is not None]
    if not told and not snoozed:
        return []
    blocks: list[Block] = [Rule(), Heading(2, words.gettext("After the conversation"))]
    for entry in told:
        assert entry.talk is not None
        head = Span(f"{name(entry.client)}.", strong=True)
        blocks.append(Paragraph((head, Span(" " + since_talk(entry.talk, words)))))
    if snoozed:
        rests = [
            words.gettext("{name} until {day}").format(name=name(entry.client), day=words.day(entry.snoozed_until))
            for entry in snoozed
            if entry.snoozed_until is not None
        ]
        text = words.gettext("At your wish no conversation is proposed: {rests}.").format(rests=words.listed(rests))
        blocks.append(Paragraph(plain(text)))
    return blocks


def since_talk(talk: Talk, words: Speech, *, again: bool = False) -> str:
    """Return what has become of the last conversation, with the numbers where there are any.

    ``again`` says that a pattern has been there again since.
    """
    day = words.day(talk.held_on)
    match talk.effect:
        case Effect.TOO_EARLY | Effect.EASED if again:
            text = words.gettext("You talked on {day}. What is told here has come since.").format(day=day)
        case Effect.TOO_EARLY:
            then = words.day(talk.held_on + timedelta(weeks=4))
            text = words.gettext(
                "You talked on {day}. It is too early to compare; from {then} on this letter will. "
                "Until then it may rest."
            ).format(day=day, then=then)
        case Effect.EASED:
            text = words.gettext("You talked on {day}, and it has worked: {changes}. That deserves a word of thanks.")
            if not talk.changes:
                text = words.gettext("You talked on {day}, and it has eased since.")
            text = text.format(day=day, changes=_changes(talk, words))
        case Effect.UNCHANGED if talk.held > 1:
            text = words.gettext(
                "You have talked {times}, most recently on {day}, and little has changed{numbers}. "
                "Perhaps a good ending, with the recommendation of a colleague, is the kinder way."
            ).format(day=day, times=words.times(talk.held), numbers=_behind(talk, words))
        case Effect.UNCHANGED:
            text = words.gettext("You talked on {day}; little has changed since{numbers}.").format(
                day=day, numbers=_behind(talk, words)
            )
    return text


def thanked(entry: ClientEntry, digest: Digest) -> bool:
    """Whether the section on conversations says already that a pattern has eased."""
    return entry in told_after_talk(digest) and entry.talk is not None and entry.talk.effect is Effect.EASED


def _changes(talk: Talk, words: Speech) -> str:
    return words.listed([_change(one, words) for one in talk.changes])


def _change(one: Change, words: Speech) -> str:
    return words.gettext("“{pattern}” from {before} to {after} in four weeks").format(
        pattern=SIGNAL_NAMES[one.signal][words.language], before=_rate(one.before, words), after=_rate(one.after, words)
    )


def _behind(talk: Talk, words: Speech) -> str:
    return f" ({_changes(talk, words)})" if talk.changes else ""


def _rate(number: float, words: Speech) -> str:
    return words.number(round(number) if number >= 3 else round(number * 2) / 2)
