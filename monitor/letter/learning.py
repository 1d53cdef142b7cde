"""What the coach and the program learn from one another: questions, new correspondents, and what was taught."""

from __future__ import annotations

from monitor.digest.content import Digest, Learned, Question
from monitor.labels import Label, RequestType, Verdict
from monitor.language.speech import Speech, capital
from monitor.letter.blocks import Block, Heading, Paragraph, Rule, Span, plain
from monitor.letter.naming import folder, name_of
from monitor.letter.quoting import address, link_to, place_of
from monitor.letter.replies import for_question, for_stranger

MOST_QUESTIONS = 5
MOST_UNKNOWN = 3
MOST_LEARNED = 4
FAR_FROM_EVEN = 0.3  # from which a guess about the agreement is no question any more


def questions(digest: Digest, words: Speech) -> list[Block]:
    """Return the messages that the model is unsure of, each with the two labels it wavers between."""
    if not digest.questions:
        return []
    ask = words.gettext(
        "The program is unsure about these mails. "
        "Move each into the folder that fits, such as {folder}; it learns from that."
    )
    blocks: list[Block] = [
        Rule(),
        Heading(2, words.gettext("What do you think?")),
        Paragraph(plain(ask.format(folder=folder(digest, name_of(RequestType.EXTRA_WORK, words))))),
    ]
    for number, question in enumerate(digest.questions[:MOST_QUESTIONS], start=1):
        quote = question.quote
        place = Span(place_of(quote, words), href=link_to(quote.message_id, digest.link))
        blocks.append(Paragraph((Span(f"{number}. "), place)))
        blocks.append(Paragraph(plain(_guesses(question, words)), small=True, close=True))
        blocks.extend(for_question(number, _labels(question), digest, words))
    return blocks


def _labels(question: Question) -> tuple[Label, ...]:
    """Return the labels that the program wavers between."""
    if _is_about_request(question):
        ranked = sorted(question.guesses, key=lambda guess: -guess.probability)
        return tuple(guess.request for guess in ranked)
    return (Verdict.OUT_OF_SCOPE, Verdict.IN_SCOPE)


def _is_about_request(question: Question) -> bool:
    """Whether what is asked for is less sure than whether it is agreed."""
    unsure = abs(question.out_of_scope - 0.5)
    return any(abs(guess.probability - 0.5) < unsure for guess in question.guesses)


def _guesses(question: Question, words: Speech) -> str:
    """Return the two guesses in per cent about what is least sure: what is asked for, or whether it is agreed."""
    outside = question.out_of_scope
    ranked = sorted(question.guesses, key=lambda guess: -guess.probability)
    named = [(name_of(guess.request, words), guess.probability) for guess in ranked]
    if _is_about_request(question):
        guesses = [*named, (words.gettext("something else"), 1 - named[0][1])]
    elif not named and abs(outside - 0.5) > FAR_FROM_EVEN:
        likely = words.gettext("beyond the agreement") if outside > 0.5 else words.gettext("within the agreement")
        text = words.gettext("No request recognised; {scope} {percent}.")
        return text.format(scope=likely, percent=words.percent(max(outside, 1 - outside)))
    else:
        first = words.gettext("beyond the agreement")
        if named:
            first = f"{named[0][0]}: {first}"
        guesses = [(first, outside), (words.gettext("within it"), 1 - outside)]
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
        Paragraph(plain(ask.format(folder=folder(digest, words.gettext("Not a client"))))),
    ]
    for position, one in enumerate(digest.unknown_correspondents[:MOST_UNKNOWN]):
        text = words.ngettext("{address}, one mail", "{address}, {number} mails", one.messages)
        text = text.format(address=address(one.address), number=words.number(one.messages))
        blocks.append(Paragraph(plain(text), close=position > 0 and digest.answering is None))
        blocks.extend(for_stranger(one, digest, words))
    return blocks


def learned(digest: Digest, words: Speech) -> list[Block]:
    """Return what the coach taught since the last letter, and how to take it back."""
    if not digest.learned:
        return []
    blocks: list[Block] = [Rule(), Heading(2, words.gettext("Learned from you"))]
    for one in digest.learned[:MOST_LEARNED]:
        place = Span(place_of(one.quote, words), href=link_to(one.quote.message_id, digest.link))
        blocks.append(Paragraph((place,)))
        blocks.append(Paragraph(plain(_taught(one, words)), small=True, close=True))
    further = len(digest.learned) - MOST_LEARNED
    if further > 0:
        text = words.ngettext("And one further mail.", "And {count} further mails.", further)
        blocks.append(Paragraph(plain(text.format(count=words.count(further)))))
    undo = words.gettext("To take something back, move the mail out of the folder again.")
    if digest.new_model:
        undo += " " + words.gettext(
            "What you taught before has been learned: a new text model serves since the last letter."
        )
    blocks.append(Paragraph(plain(undo), small=True))
    return blocks


def _taught(one: Learned, words: Speech) -> str:
    label = name_of(one.label, words)
    if one.taken_back:
        return words.gettext("No longer: {label}.").format(label=label)
    if one.before is None or one.before == one.label:
        return words.gettext("Now: {label}.").format(label=label)
    return words.gettext("So far: {before}. Now: {label}.").format(before=name_of(one.before, words), label=label)


def how_to_correct(digest: Digest, words: Speech) -> list[Block]:
    """Return how the coach corrects the letter: by filing."""
    correct = words.gettext(
        "If something is wrong here, move the mail into the folder that fits: {request}, {inside} or {outside}. "
        "The program learns from it."
    ).format(
        request=folder(digest, name_of(RequestType.EXTRA_WORK, words)),
        inside=folder(digest, words.gettext("In scope")),
        outside=folder(digest, words.gettext("Out of scope")),
    )
    return [Paragraph(plain(correct), small=True)]
