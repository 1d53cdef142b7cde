"""What follows the cards: care, where the time goes, questions, unknown correspondents, and what was read."""

from __future__ import annotations

from pathlib import Path

from monitor.digest.content import CareItem, ClientEntry, Coverage, Digest, Question
from monitor.labels import REQUEST_NAMES, RequestType
from monitor.language.speech import Speech, capital
from monitor.letter import care_words
from monitor.letter.blocks import Block, Heading, Paragraph, Rule, Share, Shares, Span, plain
from monitor.letter.case import care_case_of
from monitor.letter.guides import CARE_OCCASIONS, firmness_of, guide
from monitor.letter.quoting import address, harmless, link_to, name, place_of

MOST_SHARES = 6
MOST_QUESTIONS = 5
MOST_UNKNOWN = 5
LEAST_ACTIVE = 4  # clients from which an even share says something
TIMES_EVEN = 2.0  # even shares from which a share is large
MODEL_NAME = 60


def care(digest: Digest, words: Speech, overrides: Path | None) -> list[Block]:
    """Return the care notes: three in full, the others by name."""
    if not digest.care:
        return []
    entries = {entry.client: entry for entry in digest.clients}
    full, further = care_words.ranked(digest.care)
    blocks: list[Block] = [Rule(), Heading(2, words.gettext("For your attention"))]
    blocks.extend(_care(item, entries[item.client], digest, words, overrides) for item in full)
    if further:
        blocks.append(Paragraph(plain(care_words.named(further, words))))
    return blocks


def _care(item: CareItem, entry: ClientEntry, digest: Digest, words: Speech, overrides: Path | None) -> Paragraph:
    text = " " + care_words.note(item, entry, digest, words)
    occasion = CARE_OCCASIONS.get(item.care)
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


def questions(digest: Digest, words: Speech) -> list[Block]:
    """Return the messages that the model is unsure of, and what to do with them."""
    if not digest.questions:
        return []
    ask = words.gettext(
        "The program is unsure about these mails. "
        "Move each into the folder that fits, such as {folder}; it learns from that."
    )
    blocks: list[Block] = [
        Rule(),
        Heading(2, words.gettext("What do you think?")),
        Paragraph(plain(ask.format(folder=_folder(digest, _extra_work(words))))),
    ]
    for question in digest.questions[:MOST_QUESTIONS]:
        quote = question.quote
        blocks.append(Paragraph((Span(place_of(quote, words), href=link_to(quote.message_id, digest.link)),)))
        blocks.append(Paragraph(plain(_guesses(question, words)), small=True, close=True))
    return blocks


def _guesses(question: Question, words: Speech) -> str:
    """Return the two guesses in per cent about what is least sure: what is asked for, or whether it is agreed."""
    outside = question.out_of_scope
    ranked = sorted(question.guesses, key=lambda guess: -guess.probability)
    named = [(REQUEST_NAMES[guess.request][words.language], guess.probability) for guess in ranked]
    if all(abs(outside - 0.5) <= abs(probability - 0.5) for _, probability in named):
        first = words.gettext("beyond the agreement")
        if named:
            first = f"{named[0][0]}: {first}"
        guesses = [(first, outside), (words.gettext("within it"), 1 - outside)]
    else:
        guesses = [*named, (words.gettext("something else"), 1 - named[0][1])]
    one, other = (f"{guess} {words.percent(probability)}" for guess, probability in guesses[:2])
    return capital(words.gettext("{one} or {other}?").format(one=one, other=other))


def unknown(digest: Digest, words: Speech) -> list[Block]:
    """Return who writes with the coach and may be a client."""
    if not digest.unknown_correspondents:
        return []
    ask = words.gettext(
        "You are in touch with the following addresses. If one belongs to a client, add it to your configuration; "
        "if not, move one of its mails into {folder}, and you will not be asked again."
    )
    blocks: list[Block] = [
        Rule(),
        Heading(2, words.gettext("A client?")),
        Paragraph(plain(ask.format(folder=_folder(digest, words.gettext("Not a client"))))),
    ]
    for position, one in enumerate(digest.unknown_correspondents[:MOST_UNKNOWN]):
        text = words.ngettext("{address}, one mail", "{address}, {number} mails", one.messages)
        text = text.format(address=address(one.address), number=words.number(one.messages))
        blocks.append(Paragraph(plain(text), close=position > 0))
    return blocks


def footer(digest: Digest, words: Speech) -> list[Block]:
    """Return what was read, how good the model is, how to correct it, and who gets this letter."""
    correct = words.gettext(
        "If something is wrong here, move the mail into the folder that fits: {request}, {inside} or {outside}. "
        "The program learns from it."
    ).format(
        request=_folder(digest, _extra_work(words)),
        inside=_folder(digest, words.gettext("In scope")),
        outside=_folder(digest, words.gettext("Out of scope")),
    )
    alone = words.gettext("This letter went to you alone.")
    texts = [_coverage(digest.coverage, words), correct, alone]
    return [Rule(), *(Paragraph(plain(text), small=True) for text in texts)]


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


def _folder(digest: Digest, label: str) -> str:
    return f"{digest.label_folder}/{label}"


def _extra_work(words: Speech) -> str:
    return REQUEST_NAMES[RequestType.EXTRA_WORK][words.language]
