"""Answering the letter: prepared answers as links, how to answer in own words, and what became of answers.

Every prepared answer is a mail whose subject holds the instruction and the letter's token, so that sending it is all
there is to do. The words are those that the grammar of instructions reads; a test holds the two together.
"""

from __future__ import annotations

from urllib.parse import quote as percent_encoded

from monitor.digest.content import ClientEntry, Digest, Pattern, UnknownCorrespondent
from monitor.instructions.instruction import Carried, Instruction, Kind, Outcome
from monitor.labels import SIGNAL_NAMES, Label
from monitor.language.speech import Speech
from monitor.letter.blocks import Block, Heading, Paragraph, Rule, Span, plain
from monitor.letter.naming import name_of
from monitor.letter.quoting import address, harmless, name

MOST_TOLD = 5
MOST_LABELS = 2  # answers prepared for a question
LONGEST_WORDS = 100


def for_client(entry: ClientEntry, pattern: Pattern, digest: Digest, words: Speech) -> list[Block]:
    """Return the prepared answers to a client's card; none where no replies are taken."""
    if digest.answering is None:
        return []
    who, what = name(entry.client), SIGNAL_NAMES[pattern.signal][words.language]
    prepared = (
        (words.gettext("I have talked with {name}"), words.gettext("Talk held: {name}")),
        (words.gettext("Let {name} rest for four weeks"), words.gettext("Let rest for four weeks: {name}")),
        (words.gettext("Let more pass with {name}"), words.gettext("Less sensitive: {name}, {pattern}")),
        (words.gettext("What is said about {name} is not so"), words.gettext("Not so: {name}, {pattern}")),
    )
    blocks: list[Block] = [Heading(3, words.gettext("Answer with one tap"))]
    for place, (shown, said) in enumerate(prepared):
        span = _prepared(shown.format(name=who), said.format(name=entry.client, pattern=what), digest)
        blocks.append(Paragraph((span,), close=place > 0))
    return blocks


def for_question(number: int, guesses: tuple[Label, ...], digest: Digest, words: Speech) -> list[Block]:
    """Return the prepared answers to a question: one for each label that the program wavers between."""
    if digest.answering is None:
        return []
    blocks: list[Block] = []
    for label in guesses[:MOST_LABELS]:
        shown = words.gettext("Question {number} is about: {label}")
        span = _prepared(
            shown.format(number=number, label=name_of(label, words)), _answered(number, label, words), digest
        )
        blocks.append(Paragraph((span,), small=True, close=True))
    return blocks


def for_stranger(one: UnknownCorrespondent, digest: Digest, words: Speech) -> list[Block]:
    """Return the prepared answer that somebody is no client."""
    if digest.answering is None:
        return []
    shown = words.gettext("{address} is not a client").format(address=address(one.address))
    said = words.gettext("Not a client: {address}").format(address=one.address)
    return [Paragraph((_prepared(shown, said, digest),), small=True, close=True)]


def how_to_answer(digest: Digest, words: Speech) -> list[Block]:
    """Return how to answer in own words, and how to pause; nothing where no replies are taken."""
    if digest.answering is None:
        return []
    told = words.gettext(
        "Answer this letter as you like, one line for each thing: “Talked with Georg on 3 March”, "
        "“Let Georg rest until 30 April”, “Georg: not so”, “Less sensitive: Georg”, “Pause until 10 January”. "
        "The next letter says what has been noted."
    )
    pause = _prepared(words.gettext("Pause all letters for four weeks"), words.gettext("Pause: four weeks"), digest)
    return [Paragraph(plain(told), small=True), Paragraph((pause,), small=True, close=True)]


def taken(digest: Digest, words: Speech) -> list[Block]:
    """Return what the coach has written back since the last letter, and how to take it back."""
    if not digest.carried:
        return []
    blocks: list[Block] = [Rule(), Heading(2, words.gettext("Noted from your answers"))]
    for one in digest.carried[:MOST_TOLD]:
        blocks.append(Paragraph(plain(outcome_of(one, words))))
        if can_be_undone(one) and digest.answering is not None:
            shown = words.gettext("Take back number {number} again").format(number=one.number)
            said = words.gettext("Undo: {number}").format(number=one.number)
            blocks.append(Paragraph((_prepared(shown, said, digest),), small=True, close=True))
    return blocks


def can_be_undone(one: Carried) -> bool:
    """Whether taking an instruction back would change anything."""
    return one.outcome is Outcome.DONE and not one.undone and one.instruction.kind not in (Kind.UNDO, Kind.GO_ON)


def outcome_of(one: Carried, words: Speech) -> str:
    """Return what became of an instruction, in one or two sentences."""
    told = one.instruction
    if one.outcome is Outcome.DONE:
        text = _done(told, words)
        if one.undone:
            text += " " + words.gettext("You have taken that back since.")
        return text
    said = words.quoted(harmless(told.about, LONGEST_WORDS))
    match one.outcome:
        case Outcome.WHO:
            return words.gettext("{words}: whom do you mean? Please write the name in full.").format(words=said)
        case Outcome.TO_COME:
            text = words.gettext(
                "The conversation with {name} on {day} is still to come; please write again afterwards."
            )
            return text.format(name=name(told.client), day=_day(told, words))
        case Outcome.NOTHING_THERE:
            return _nothing_there(told, words)
        case _:
            return words.gettext("{words} was not understood, and nothing was changed.").format(words=said)


def _done(told: Instruction, words: Speech) -> str:
    who = name(told.client)
    what = SIGNAL_NAMES[told.signal][words.language] if told.signal else ""
    match told.kind:
        case Kind.TALKED:
            text = words.gettext("Conversation with {name} on {day}. In four weeks before and after are compared.")
        case Kind.SNOOZE:
            text = words.gettext("{name} rests until {day}.")
        case Kind.NOT_A_CLIENT if told.client:
            text = words.gettext(
                "{name} is no client any more and not told of here. "
                "Please take the entry out of your configuration, too."
            )
        case Kind.NOT_A_CLIENT:
            text = words.gettext("{about} is not a client. You will not be asked again.")
        case Kind.WRONG if told.signal:
            text = words.gettext("{name}: “{pattern}” was not so. The mails in question no longer count for it.")
        case Kind.WRONG:
            text = words.gettext("{name}: what was told was not so. The mails in question no longer count for it.")
        case Kind.LABEL:
            text = words.gettext("Question {number}: {label}. The program learns from it.")
        case Kind.LESS if told.client and told.signal:
            text = words.gettext("{name}: of “{pattern}” one more passes from now on.")
        case Kind.MORE if told.client and told.signal:
            text = words.gettext("{name}: of “{pattern}” one less passes from now on.")
        case Kind.LESS:
            text = words.gettext("With everybody one more of each kind passes from now on.")
            if told.signal:
                text = words.gettext("With everybody one more of “{pattern}” passes from now on.")
        case Kind.MORE:
            text = words.gettext("With everybody one less of each kind passes from now on.")
            if told.signal:
                text = words.gettext("With everybody one less of “{pattern}” passes from now on.")
        case Kind.PAUSE:
            text = words.gettext("No letters until {day}.")
        case Kind.GO_ON:
            text = words.gettext("The letters come again.")
        case _:
            text = words.gettext("Number {number} was taken back.")
    return text.format(
        name=who,
        day=_day(told, words),
        pattern=what,
        about=address(told.about),
        number=told.number,
        label=name_of(told.label, words) if told.label else "",
    )


def _nothing_there(told: Instruction, words: Speech) -> str:
    match told.kind:
        case Kind.UNDO:
            text = words.gettext("There was nothing to take back under number {number}.")
        case Kind.LABEL:
            text = words.gettext("There was no question {number} in that letter.")
        case Kind.WRONG:
            text = words.gettext("{name}: that letter told of no mail that could be judged anew.")
        case _:
            text = words.gettext("{name}: that letter told of no pattern that this could be about.")
    return text.format(number=told.number, name=name(told.client))


def _day(told: Instruction, words: Speech) -> str:
    return words.day(told.day, year=True) if told.day else ""


def _answered(number: int, label: Label, words: Speech) -> str:
    return words.gettext("Question {number}: {label}").format(number=number, label=name_of(label, words))


def _prepared(shown: str, said: str, digest: Digest) -> Span:
    assert digest.answering is not None
    subject = f"{harmless_line(said)} ({digest.answering.token})"
    where = percent_encoded(digest.answering.address, safe="@")
    return Span(shown, href=f"mailto:{where}?subject={percent_encoded(subject, safe='')}")


def harmless_line(text: str) -> str:
    """Return the words of a prepared answer as one line of bounded length, in which addresses stay as they are."""
    return address(text) if "@" in text else harmless(text, LONGEST_WORDS)
