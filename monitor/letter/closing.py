"""What follows the conversations: care, where the time goes, and at the end what was read."""

from __future__ import annotations

from pathlib import Path

from monitor.digest.content import CareItem, ClientEntry, Coverage, Digest, Trouble, TroubleKind
from monitor.labels import Care
from monitor.language.speech import Speech, capital
from monitor.letter import care_words
from monitor.letter.after_talk import thanked
from monitor.letter.blocks import Block, Heading, Paragraph, Rule, Share, Shares, Span, plain
from monitor.letter.case import care_case_of
from monitor.letter.guides import CARE_OCCASIONS, firmness_of, guide
from monitor.letter.quoting import harmless, name

MOST_SHARES = 6
LEAST_ACTIVE = 4  # clients from which an even share says something
TIMES_EVEN = 2.0  # even shares from which a share is large
MODEL_NAME = 60


def care(digest: Digest, words: Speech, overrides: Path | None) -> list[Block]:
    """Return the care notes: three in full, the others by name."""
    told = care_notes(digest)
    if not told:
        return []
    entries = {entry.client: entry for entry in digest.clients}
    full, further = care_words.ranked(told)
    blocks: list[Block] = [Rule(), Heading(2, words.gettext("For your attention"))]
    blocks.extend(_care(item, entries[item.client], digest, words, overrides) for item in full)
    if further:
        blocks.append(Paragraph(plain(care_words.named(further, words))))
    return blocks


def care_notes(digest: Digest) -> tuple[CareItem, ...]:
    """Return the care notes that no other part of the letter tells already.

    Who waits for the coach is silent for that reason; and who is silent in hard times is told of there.
    """
    left_out: set[tuple[str, Care]] = set()
    for entry in digest.clients:
        kinds = {item.care for item in entry.care}
        if thanked(entry, digest):
            left_out.add((entry.client, Care.IMPROVEMENT))
        if Care.NEGLECT in kinds or entry.compassion is not None or entry.danger is not None:
            left_out.add((entry.client, Care.SILENCE))
    return tuple(item for item in digest.care if (item.client, item.care) not in left_out)


def _care(item: CareItem, entry: ClientEntry, digest: Digest, words: Speech, overrides: Path | None) -> Paragraph:
    text = " " + care_words.note(item, entry, digest, words)
    occasion = CARE_OCCASIONS.get(item.care)
    if item.care is Care.NEGLECT and not item.days:
        occasion = None  # answers came late, but none is owed
    if occasion is not None:
        case = care_case_of(entry, item, words)
        proposal = guide(occasion, words.language, case, entry.address, firmness_of(entry), overrides).line
        if proposal:
            text += " " + words.gettext("Perhaps like this: {words}").format(words=words.quoted(proposal))
    return Paragraph((Span(care_words.heading(item, words), strong=True), Span(text)))


def shares(digest: Digest, words: Speech) -> list[Block]:
    """Return where the time for mail goes; nothing where too few clients write for an even share to say much."""
    even = digest.even_share
    ranked = sorted((entry for entry in digest.clients if entry.share > 0), key=lambda entry: -entry.share)
    if not ranked or len(ranked) < LEAST_ACTIVE or even <= 0:
        return []
    large = [entry for entry in ranked if entry.share >= TIMES_EVEN * even]
    if large:
        text = words.ngettext(
            "One of {count} people takes {share} of the time you give to mail; an even share would be {even}.",
            "{large} of {count} people take {share} of the time you give to mail; an even share would be {even}.",
            len(large),
        )
    else:
        text = words.gettext(
            "Your time for mail is well spread: nobody among {count} people takes more than {most}, "
            "and an even share would be {even}."
        )
    sentence = text.format(
        large=words.count(len(large)),
        count=words.count(len(ranked)),
        share=words.percent(sum(entry.share for entry in large)),
        most=words.percent(ranked[0].share),
        even=words.percent(even * max(1, len(large))),
    )
    rows = tuple(
        Share(
            who=name(entry.client),
            share=words.percent(entry.share),
            width=max(1, round(100 * entry.share / ranked[0].share)),
            large=entry in large,
        )
        for entry in ranked[:MOST_SHARES]
    )
    caption = words.gettext("Share of your time for reading and writing mail in the last four weeks, judged by length:")
    return [
        Rule(),
        Heading(2, words.gettext("Where your time goes")),
        Paragraph(plain(capital(sentence))),
        Paragraph(plain(caption), small=True),
        Shares(rows),
    ]


def footer(digest: Digest, words: Speech) -> list[Block]:
    """Return what was read, how good the model is, and who gets this letter."""
    alone = words.gettext("This letter went to you alone.")
    return [Rule(), Paragraph(plain(f"{_coverage(digest.coverage, words)} {alone}"), small=True)]


def _coverage(coverage: Coverage, words: Speech) -> str:
    sentences = [
        words.ngettext("One mail was read.", "{number} mails were read.", coverage.messages).format(
            number=words.number(coverage.messages)
        )
    ]
    if coverage.inbox_seen_at:
        seen = words.moment(coverage.inbox_seen_at)
        sentences.append(words.gettext("Last look into the inbox: {moment}.").format(moment=seen))
    if coverage.sent_seen_at:
        seen = words.moment(coverage.sent_seen_at)
        sentences.append(words.gettext("Last look at what you sent: {moment}.").format(moment=seen))
    if coverage.trouble:
        sentences.append(_trouble(coverage.trouble, words))
    if coverage.unreadable:
        sentences.append(
            words.ngettext(
                "One mail could not be read and is missing here.",
                "{number} mails could not be read and are missing here.",
                coverage.unreadable,
            ).format(number=words.number(coverage.unreadable))
        )
    if coverage.model:
        model = harmless(coverage.model, MODEL_NAME)
        if coverage.accuracy is None:
            sentences.append(words.gettext("Model: {model}.").format(model=model))
        else:
            sentences.append(
                words.gettext("Model: {model}, right in {percent} of cases in its last check.").format(
                    model=model, percent=words.percent(coverage.accuracy)
                )
            )
    return " ".join(sentences)


def _trouble(trouble: Trouble, words: Speech) -> str:
    """Return what keeps the service from reading on, and since when."""
    match trouble.kind:
        case TroubleKind.LOGIN:
            text = words.gettext("Since {moment} the mail server has not accepted user name and password.")
        case TroubleKind.CERTIFICATE:
            text = words.gettext("Since {moment} the mail server has shown a certificate that cannot be trusted.")
        case TroubleKind.FOLDER:
            text = words.gettext("Since {moment} a folder that is to be read has not been there.")
        case TroubleKind.STORE:
            text = words.gettext("Since {moment} the program could not write down what it reads.")
        case _:
            text = words.gettext("Since {moment} the mail server could not be read as it should.")
    later = words.gettext("What has come since then may be missing here and will follow.")
    return f"{text.format(moment=words.moment(trouble.since))} {later}"
